"""The house: imports point one way, public names are listed, nothing heavy loads by itself."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from functools import cache

import pytest
from support import ROOT

import autograder

# Floors of the machine, from the ground up; a module imports only from floors below its own, or its own package.
FLOORS = [
    {
        "autograder.outcome",
        "autograder.parts",
        "autograder.sandbox.frames",
        "autograder.sandbox.budget",
        "autograder.sandbox.clock",
        "autograder.sandbox.turns",
        "autograder.sandbox.kernel",
        "autograder.sandbox.syscalls",
        "autograder.disguise",
        "autograder.lint.finding",
        "autograder.lint.survivors",
        "autograder.export.cells",
        "autograder.literal",
        "autograder.lint.rates",
        "autograder.mutation",
        "autograder.policy.lateness",
        "autograder.rewriting",
        "autograder.stubs",
        "autograder.cells",
        "autograder.text",
        "autograder.columns",
    },
    {
        "autograder.observation",
        "autograder.submission.source",
        "autograder.sandbox.folder",
        "autograder.sandbox.landlock",
        "autograder.sandbox.namespaces",
        "autograder.sandbox.seccomp",
        "autograder.sandbox.warm",
    },
    {"autograder.sandbox.isolation", "autograder.sandbox.machine"},
    {"autograder.sandbox.worker"},
    {"autograder.sandbox.zygote", "autograder.sandbox.process"},
    {"autograder.sandbox.sources"},
    {"autograder.sandbox.probe"},
    {"autograder.calls"},
    {
        "autograder.closeness",
        "autograder.answer",
        "autograder.checks.binding",
        "autograder.checks.rules",
        "autograder.contract",
        "autograder.submission.notebook",
    },
    {"autograder.submission.entries"},
    {"autograder.submission.naming"},
    {"autograder.checks.base", "autograder.submission.containers", "autograder.policy.table", "autograder.bundle"},
    {"autograder.checks.outputs", "autograder.submission", "autograder.policy.course"},
    {"autograder.inbox.places", "autograder.inbox.moments"},
    {"autograder.inbox.entry"},
    {"autograder.inbox.by_hand"},
    {
        "autograder.inbox.canvas",
        "autograder.inbox.github",
        "autograder.inbox.gradescope",
        "autograder.inbox.moodle",
        "autograder.inbox.nbgrader",
        "autograder.inbox.roster",
    },
    {"autograder.inbox.groups", "autograder.inbox.written"},
    {"autograder.inbox.doubles"},
    {"autograder.inbox"},
    {
        "autograder.checks.gradients",
        "autograder.checks.trajectory",
        "autograder.checks.training",
        "autograder.checks.cross_validation",
        "autograder.policy.reading",
        "autograder.policy.scoring",
    },
    {"autograder.checks.architecture", "autograder.policy"},
    {"autograder.checks"},
    {"autograder.assignment", "autograder.judging"},
    {"autograder.seeding", "autograder.fingerprint", "autograder.giveaway"},
    {"autograder.watching.naming"},
    {"autograder.watching.settled"},
    {"autograder.watching.rewriting"},
    {"autograder.watching.watch"},
    {"autograder.watching"},
    {"autograder.observing", "autograder.bench", "autograder.diagnosis", "autograder.derive"},
    {"autograder.scaffold"},
    {"autograder.references"},
    {"autograder.gradebook.damage", "autograder.gradebook.values"},
    {"autograder.gradebook.tables"},
    {"autograder.gradebook.database", "autograder.gradebook.migrations"},
    {"autograder.gradebook.migrations.env", "autograder.gradebook.migrations.versions"},
    {"autograder.gradebook.migrations.versions.schema_2"},
    {"autograder.grading", "autograder.gradebook", "autograder.recorded", "autograder.sample"},
    {"autograder.remembering", "autograder.marks", "autograder.changes", "autograder.similarity", "autograder.lint.subject"},
    {
        "autograder.lint.answers",
        "autograder.lint.differences",
        "autograder.lint.giveaways",
        "autograder.lint.moving",
        "autograder.lint.trying",
    },
    {"autograder.lint.mutants", "autograder.lint.rewritings"},
    {"autograder.lint.rules"},
    {"autograder.lint"},
    {"autograder.classroom"},
    {"autograder.remote"},
    {
        "autograder.report",
        "autograder.report.record",
        "autograder.report.names",
        "autograder.report.site",
        "autograder.report.survey",
        "autograder.report.words",
    },
    {"autograder.export", "autograder.export.words", "autograder.report.drawing"},
    {"autograder.export.gradescope", "autograder.export.github", "autograder.export.wide"},
    {"autograder.export.junit", "autograder.export.lines", "autograder.export.sheet"},
    {"autograder.export.canvas", "autograder.export.moodle"},
    {"autograder.selftest", "autograder.selftest.bait"},
    {"autograder.selftest.trial"},
    {
        "autograder.report.console",
        "autograder.report.terminal",
        "autograder.report.progress",
        "autograder.report.lint",
        "autograder.report.feedback",
        "autograder.report.upload",
        "autograder.report.sidebyside",
        "autograder.report.page",
    },
    {"autograder"},
]
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
SUBMISSIONS = (ROOT / "autograder/selftest/attacks", ROOT / "autograder/selftest/course")  # what the self-test grades
MODULES = sorted(path for path in ROOT.glob("autograder/**/*.py") if not any(map(path.is_relative_to, SUBMISSIONS)))


def name_of(path):
    """The dotted name of a module's file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    """A module imports only from floors below its own."""
    name = name_of(path)
    if name == "autograder.sandbox":
        assert not list(imports(path))
        return
    assert name in FLOOR, "give the new module a floor"
    upward = [other for other in imports(path) if other in FLOOR and FLOOR[other] >= FLOOR[name] and other != name]
    assert upward == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_machine_knows_no_assignment(path):
    """`autograder` imports neither dlkit nor any assignment or solution."""
    assert not [other for other in imports(path) if other.split(".")[0] in ("dlkit", "assignments", "solutions")]


@pytest.mark.parametrize("path", sorted(ROOT.glob("autograder/sandbox/*.py")), ids=name_of)
def test_the_sandbox_knows_nothing_of_checks_or_points(path):
    """What isolates a process moves bytes."""
    assert not [
        other for other in imports(path) if other.startswith("autograder.") and not other.startswith("autograder.sandbox")
    ]


@pytest.mark.parametrize("path", sorted(ROOT.glob("assignments/*/checks.py")), ids=lambda path: path.parent.name)
def test_a_spec_imports_only_the_vocabulary(path):
    """A spec needs `autograder`, `dlkit.datasets` and NumPy at its top, nothing else."""
    tree = parsed(path)
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {item.name for node in top if isinstance(node, ast.Import) for item in node.names}
    names |= {str(node.module).split(".")[0] for node in top if isinstance(node, ast.ImportFrom)}
    assert names <= {"__future__", "numpy", "autograder", "dlkit"} | set(sys.stdlib_module_names)


PRINTING = [path for path in [*MODULES, *sorted(ROOT.glob("dlkit/**/*.py"))] if path.name != "console.py"]


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_of_others_can_be_markup(path):
    """Only `PlainConsole` prints, whatever it is given; and nothing turns markup on elsewhere."""
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
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
        assert inspect.getdoc(getattr(autograder, name)), name


def test_references_are_not_importable():
    """A process of the installed kit cannot import `solutions`."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('solutions') is not None)"
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize("word", ["Manager", "Handler", "Helper", "Utils", "Engine", "Processor", "Context"])
def test_words_that_say_nothing_are_not_used(word):
    """No class is called by a word that says nothing about it."""
    for path in [*MODULES, *ROOT.glob("dlkit/**/*.py")]:
        tree = parsed(path)
        assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and word in node.name], path


@cache
def parsed(path):
    """The statements of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))
