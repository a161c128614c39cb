"""The pages of docs/ are under test: their links lead somewhere, their commands exist, what is derived is up to date."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from sessions import is_shown, session
from support import ROOT

import autograder
import dlkit as kit
from dlkit import datasets
from dlkit.cli import main

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
READ = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
SOURCES = {path.parent.name: path for path in ROOT.glob("assignments/*/checks.py")}
SOURCES["tests/courses/kinds"] = ROOT / "tests/courses/kinds/assignments/kinds/checks.py"
SOURCES |= {f"solutions/{path.parent.name}": path for path in ROOT.glob("solutions/*/misconceptions.py")}


def text_of(path: Path) -> str:
    """A page as text."""
    return path.read_text(encoding="utf-8")


def links(path: Path) -> list[str]:
    """Where a page's links lead, but for those in what it quotes."""
    prose = re.sub(r"`[^`\n]*`", "", FENCED.sub("", text_of(path)))
    return re.findall(r"\]\(([^)\s]+)\)", prose)


def anchors(path: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def commands(path: Path) -> list[str]:
    """What stands after `$ dlkit` in the sessions of a page, and in its text as `dlkit …`."""
    text = text_of(path)
    typed = re.findall(r"^ *\$ (?:\.venv/bin/)?dlkit (.*?)(?:  +#.*)?$", text, re.MULTILINE)
    return typed + re.findall(r"`dlkit ([a-z][^`\n]*)`", FENCED.sub("", text))


@pytest.mark.parametrize("path", READ, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path):
    """A link of a page leads to a file of the repository, and to a heading that is there."""
    for link in links(path):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_is_in_the_index(path):
    """A reader finds each page from docs/README.md."""
    assert path.name == "README.md" or path.name in links(DOCS / "README.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_and_option_exists(path):
    """No page shows a command that there is not, or an option that its command does not have."""
    for line in commands(path):
        words = [word for word in shlex.split(line) if word != "…"]
        command: click.Command = main
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            assert words[0] in command.list_commands(click.Context(command)), line
            command = command.get_command(click.Context(command), words.pop(0))
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "--version"}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("name", ["commands", "api"])
def test_what_is_derived_is_up_to_date(name):
    """docs/commands.md is what `--help` says, docs/api.md what docstrings say; `make derive` rewrites both."""
    # In a process of its own: click keeps the help option that a command was first asked with.
    made = subprocess.run(
        [sys.executable, "-c", "import runpy, sys; sys.stdout.write(runpy.run_path(sys.argv[1])['page']())", ROOT / "scripts" / f"{name}.py"],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=True,
    )  # fmt: skip
    assert text_of(DOCS / f"{name}.md") == made.stdout


@pytest.mark.parametrize("module", [autograder, kit, datasets], ids=lambda module: module.__name__)
def test_what_is_public_is_documented_and_typed(module):
    """Each name in `__all__` is there, says what it is, and has a type for each argument."""
    assert (Path(str(module.__file__)).parent / "py.typed").is_file()
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if isinstance(thing, str):  # a constant, of which docs/api.md says what it is
            continue
        assert inspect.getdoc(thing), name
        if inspect.ismodule(thing):
            continue
        arguments = inspect.signature(thing).parameters.values()
        assert not [one.name for one in arguments if one.annotation is one.empty], name


@pytest.mark.slow
def test_the_session_that_students_read_is_real(dlkit):
    """The grading in student.md is what the command prints."""
    page = text_of(DOCS / "student.md")
    found = [pair for block in re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE) for pair in session(block)]
    (command, shown) = next(pair for pair in found if "examples/hw2/ada" in pair[0])
    printed = dlkit(*shlex.split(command)[1:], env={"COLUMNS": "88"}).stdout
    assert is_shown(printed, shown), printed


def test_the_examples_for_authors_are_from_the_specs():
    """Each example of author.md stands so in the spec, or the misconceptions, that it names."""
    examples = re.findall(r"^```python from=(\S+)\n(.*?)^```$", text_of(DOCS / "author.md"), re.DOTALL | re.MULTILINE)
    assert len(examples) >= 8
    for name, example in examples:
        assert example in text_of(SOURCES[name]), example


def test_what_contributing_names_is_there():
    """Each path in CONTRIBUTING.md exists, seen from the top or from a folder of a package."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)`", text))
    tops = [ROOT, ROOT / "dlkit", ROOT / "autograder", *(path for path in ROOT.glob("autograder/**") if path.is_dir())]
    assert [path for path in sorted(paths) if not any((top / path).exists() for top in tops)] == []
