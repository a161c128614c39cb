"""The house: imports point one way, public names are listed, nothing heavy loads by itself."""

from __future__ import annotations

import ast
import graphlib
import inspect
import subprocess
import sys
from functools import cache

import pytest
from support import ROOT

import autograder

# The rooms of the machine by floor, from the ground up: a module imports from rooms on floors below, or from its own room.
FLOORS = [
    {"outcome", "symptoms", "text"},
    {"observation", "policy", "sandbox", "submission"},
    {"checks", "inbox"},
    {"assignment"},
    {"observing", ""},  # "" is what a spec may import: `autograder` itself
    {"grading"},
    {"asking", "authoring", "classroom", "diagnosing", "selftest"},
    {"report"},
    {"export"},
]
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
ARROWS = 75  # from room to room, at most: whoever needs another one finds out which is in the wrong room
SUBMISSIONS = (ROOT / "autograder/selftest/attacks", ROOT / "autograder/selftest/course")  # what the self-test grades
MODULES = sorted(path for path in ROOT.glob("autograder/**/*.py") if not any(map(path.is_relative_to, SUBMISSIONS)))


def name_of(path):
    """The dotted name of a module's file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


@cache
def imports(path):
    """Every module that a file imports, wherever in it; of `from a import b` that of `b`, which may be a module itself."""
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found.update(item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{item.name}" for item in node.names]
            found.update(name if name in NAMES else node.module for name in inner)
    return found


def room(name):
    """The room that a module is in: "sandbox" for `autograder.sandbox.frames`."""
    return name.split(".")[1] if "." in name else ""


def own(path):
    """The modules of the machine that a file imports."""
    return {other for other in imports(path) if other in NAMES and other != name_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    """A module imports only from rooms on floors below its own, or from its own room."""
    here = room(name_of(path))
    assert here in FLOOR, "give the new room a floor"
    assert [other for other in own(path) if room(other) != here and FLOOR[room(other)] >= FLOOR[here]] == []


def test_no_files_import_each_other():
    """Within a room, too, imports point one way."""
    graphlib.TopologicalSorter({name_of(path): own(path) for path in MODULES}).prepare()


def test_the_table_of_rooms_names_each_room_once():
    """CONTRIBUTING has a row for each room: no room without one, no row of a room that is gone."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| room | what it does |", 1)[1].split("\n\n", 1)[0]
    rows = [line.split("`")[1].removesuffix("/").removesuffix(".py") for line in table.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted({room(name_of(path)) for path in MODULES} - {""})


def test_the_table_of_dlkit_names_each_module_once():
    """CONTRIBUTING says what each module and folder of `dlkit/` does."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("Inside `dlkit/`:", 1)[1].split("\n\n", 2)[1]
    rows = [
        name.removesuffix("/")
        for line in table.splitlines()
        if line.startswith("| `")
        for name in line.split("|")[1].split("`")[1::2]
    ]
    parts = [
        path.name for path in (ROOT / "dlkit").iterdir() if not path.name.startswith(("_", ".")) and path.suffix in ("", ".py")
    ]
    assert sorted(rows) == sorted(set(parts) - {"cli.py"})


def test_few_rooms_know_each_other():
    """An arrow from room to room is something to be kept in mind."""
    arrows = {(room(name_of(path)), room(other)) for path in MODULES for other in own(path)}
    assert len({(here, other) for here, other in arrows if here not in ("", other)}) <= ARROWS


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_machine_knows_no_assignment(path):
    """`autograder` imports neither dlkit nor any assignment or solution."""
    assert not [other for other in imports(path) if other.split(".")[0] in ("dlkit", "assignments", "solutions")]


@pytest.mark.parametrize("path", sorted(ROOT.glob("autograder/sandbox/*.py")), ids=lambda path: path.stem)
def test_the_sandbox_knows_nothing_of_checks_or_points(path):
    """What isolates a process moves bytes."""
    ours = {other for other in imports(path) if other.startswith("autograder.") and room(other) != "sandbox"}
    assert ours <= {"autograder.text.errors"}


SPECS = [
    *ROOT.glob("assignments/*/checks.py"),
    *ROOT.glob("assignments/*/predictions.py"),
    *ROOT.glob("assignments/*/milestone.py"),
    *ROOT.glob("solutions/*/misconceptions.py"),
    *ROOT.glob("tests/courses/**/checks.py"),
]


@pytest.mark.parametrize("path", sorted(SPECS), ids=lambda path: str(path.relative_to(ROOT).with_suffix("")))
def test_a_spec_imports_only_the_vocabulary(path):
    """Of ours, a spec and a list of misconceptions import `autograder` and `dlkit.datasets`, wherever in the file."""
    nodes = nodes_of(path)
    modules = {item.name for node in nodes if isinstance(node, ast.Import) for item in node.names}
    modules |= {f"{node.module}.{item.name}" for node in nodes if isinstance(node, ast.ImportFrom) for item in node.names}
    ours = {name for name in modules if name.split(".")[0] in ("autograder", "dlkit", "solutions", "assignments")}
    assert ours <= {*(f"autograder.{name}" for name in autograder.__all__), "dlkit.datasets"}
    top = {name.split(".")[0] for node in parsed(path).body for name in _imported(node)}
    assert top <= {"__future__", "numpy", "autograder", "dlkit"} | set(sys.stdlib_module_names)


def _imported(node):
    if isinstance(node, ast.Import):
        return [item.name for item in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


PRINTING = [path for path in [*MODULES, *sorted(ROOT.glob("dlkit/**/*.py"))] if path.name != "console.py"]


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_of_others_can_be_markup(path):
    """Only `PlainConsole` prints, whatever it is given; and nothing turns markup on elsewhere."""
    calls = [node for node in nodes_of(path) if isinstance(node, ast.Call)]
    called = {ast.unparse(node.func).rpartition(".")[2] for node in calls}
    assert not called & {"Console", "get_console", "from_markup", "from_ansi", "rprint", "render_markup"}
    on = [
        node
        for node in calls
        for option in node.keywords
        if option.arg in ("markup", "emoji") and ast.unparse(option.value) != "False"
    ]
    assert not on
    columns = [node for node in calls if ast.unparse(node.func).endswith("TextColumn")]
    assert all(any(option.arg == "markup" for option in node.keywords) for node in columns)  # it is on by default


def test_public_names_are_listed():
    """`autograder.__all__` is exactly what a spec may import, in order, and each name is there."""
    assert autograder.__all__ == sorted(autograder.__all__, key=str.casefold)
    for name in autograder.__all__:
        value = getattr(autograder, name)
        assert isinstance(value, str) or inspect.getdoc(value), name


def test_public_names_have_types():
    """What a type checker sees of `autograder` is what `HOMES` says; otherwise a name would be `Any`."""
    block = next(node for node in parsed(ROOT / "autograder/__init__.py").body if isinstance(node, ast.If))
    assert {item.name: node.module for node in block.body for item in node.names} == autograder.HOMES


def test_references_are_not_importable():
    """A process of the installed kit cannot import `solutions`."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('solutions') is not None)"
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize("word", ["Manager", "Handler", "Helper", "Utils", "Engine", "Processor", "Context"])
def test_words_that_say_nothing_are_not_used(word):
    """No class is called by a word that says nothing about it."""
    for path in [*MODULES, *ROOT.glob("dlkit/**/*.py")]:
        assert not [name for name in classes_in(path) if word in name], path


@cache
def classes_in(path):
    """The names of the classes of a module."""
    return [node.name for node in nodes_of(path) if isinstance(node, ast.ClassDef)]


@cache
def parsed(path):
    """The statements of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path):
    """Every part of a module."""
    return list(ast.walk(parsed(path)))
