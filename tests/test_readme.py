"""The README is under test: its session is real, its commands exist, every command is in it."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from support import ROOT

from dlkit.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_session_at_the_top_is_real_output(dlkit):
    """The README opens with what the command prints, but for the seconds."""
    block = re.search(r"```console\n\$ dlkit (grade .*?)\n(.*?)```", README, re.DOTALL)
    assert block
    printed = dlkit(*shlex.split(block[1]), env={"COLUMNS": "88"}).stdout
    same = [
        re.sub(r"\d+\.\d s$", "… s", "\n".join(line.rstrip() for line in text.strip().splitlines()))
        for text in (block[2], printed)
    ]
    assert same[0] == same[1]


@pytest.mark.parametrize("command", main.commands)
def test_every_command_is_in_the_readme(command):
    """README.md shows each subcommand at work."""
    assert f"dlkit {command}" in README


def test_every_option_in_the_readme_exists():
    """No example uses an option that its command does not have."""
    for line in re.findall(r"^\$ (?:\.venv/bin/)?dlkit (.*?)(?:  +#.*)?$", README, re.MULTILINE):
        words = shlex.split(line)
        command = main.commands[words[0]]
        if isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words[1])
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_the_two_commands_are_targets_of_the_makefile():
    """`make demo` and `make test` are there."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake (\w+)", README)) - {"and"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("path", sorted(ROOT.glob("assignments/*/checks.py")), ids=lambda path: path.parent.name)
def test_every_assignment_is_in_the_readme(path):
    """A newcomer finds each assignment, and its lecture blocks, from the README."""
    assert f"](assignments/{path.parent.name}/README.md)" in README
