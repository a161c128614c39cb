"""The core of each homework: what is in it, in which order, and what students derive."""

from __future__ import annotations

import ast
import re

import pytest
from support import ROOT

from autograder.assignment import load
from autograder.assignment.predictions.loading import load as load_predictions
from autograder.assignment.predictions.loading import load_milestone

NAMES = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
SPECS = {name: load(ROOT / "assignments" / name) for name in NAMES}
DERIVED = [(name, function) for name, spec in SPECS.items() for function in spec.levels]
PARAGRAPH = re.compile(r"^( *)Derivation:(.*\n(?:\1 +.*\n)*)", re.MULTILINE)
FORMULA = re.compile(r"x \* mask / \(1 - rate\)|[^;=:]+ = [^;=]+|\"\w+\": [^;]+|kh\*kw\*cin\*cout \(\+ cout\)|floor\(p/2\)")


def docstrings(path):
    """The docstring of each function of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: ast.get_docstring(node, clean=False) for node in tree.body if isinstance(node, ast.FunctionDef)}


def squeezed(text):
    """A text without blanks, to find a formula however it is broken into lines."""
    return re.sub(r"\s|\(eq\.[^)]*\)", "", text)


def formulas(name, function):
    """The formulas of a derivation, as the reference's docstring has them."""
    file = SPECS[name].files[0]
    found = PARAGRAPH.search(docstrings(ROOT / "solutions" / name / file)[function])
    assert found, f"{function} has levels, but no Derivation"
    text = re.sub(r"\(eq\.[^)]*\)", "", " ".join(found[2].split()))
    return [one.strip(" .") for one in FORMULA.findall(text)]


def test_about_half_of_the_functions_are_the_core():
    """Of the 74 functions of hw1 to hw6, 44 are the core, at most 8 in each."""
    core = {name: {check.function for check in SPECS[name].checks if not check.stretch} for name in NAMES}
    assert sum(len(core[name]) for name in NAMES if name != "hw7") == 44
    assert max(map(len, core.values())) == 8


@pytest.mark.parametrize("name", NAMES)
def test_every_function_has_whole_points_and_a_reason(name):
    """The core is worth 100, no function less than 2, and the handout says why each is where it is."""
    spec = SPECS[name]
    points = {one.function: sum(check.points for check in spec.checks if check.function == one.function) for one in spec.checks}
    assert spec.points == 100 and 15 <= spec.bonus <= 26
    assert all(one >= 2 and one == int(one) for one in points.values())
    assert {check.function for check in spec.checks if check.why} == points.keys()


@pytest.mark.parametrize("name", NAMES)
def test_the_core_comes_first_and_the_stretch_is_marked_everywhere(name):
    """`dlkit grade` lists the core first; stub and handout mark exactly the stretch functions."""
    spec = SPECS[name]
    sides = [check.stretch for check in spec.checks]
    assert sides == sorted(sides)
    stretch = {check.function for check in spec.checks if check.stretch}
    stub = (ROOT / "assignments" / name / spec.files[0]).read_text(encoding="utf-8")
    assert set(re.findall(r"^# Stretch, for bonus points: .*\ndef (\w+)", stub, re.MULTILINE)) == stretch
    handout = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    items = [item for item in re.split(r"\n(?=\d+\. |   \*\(stretch\)\*)|\n\n", handout) if "*(stretch)*" in item[:20]]
    assert {one for item in items for one in stretch if f"`{one}`" in item} == stretch


def test_hw2_begins_with_the_forward_pass():
    """Spec, stub and handout follow the order of the ideas."""
    wanted = ["forward_221", "half_squared_error", "backward_221", "numerical_gradient", "gd_step", "train_xor"]
    folder = ROOT / "assignments/hw2"
    assert list(dict.fromkeys(check.function for check in SPECS["hw2"].checks))[:6] == wanted
    assert list(docstrings(folder / "xor_mlp.py"))[:6] == wanted
    assert re.findall(r"^\d+\. `(\w+)`", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)[:6] == wanted


@pytest.mark.parametrize("name, function", DERIVED)
def test_a_formula_to_derive_is_in_no_stub_and_in_the_third_hint(name, function):
    """The stub says what goes in and out; the reference has the formula, and the last hint brings it back."""
    stub = squeezed(docstrings(ROOT / "assignments" / name / SPECS[name].files[0])[function])
    *before, last = (squeezed(text) for text in SPECS[name].levels[function])
    found = formulas(name, function)
    assert found
    for formula in map(squeezed, found):
        assert formula in last
        assert formula not in stub and not any(formula in text for text in before)


@pytest.mark.parametrize("name", NAMES)
def test_every_derivation_has_hints(name):
    """What the stub leaves out, `dlkit hint` tells, and the docstring says so."""
    file = SPECS[name].files[0]
    derived = {function for function, text in docstrings(ROOT / "solutions" / name / file).items() if PARAGRAPH.search(text)}
    assert derived == SPECS[name].levels.keys()
    for function, text in docstrings(ROOT / "assignments" / name / file).items():
        assert (f"dlkit hint {name} {function}" in " ".join(text.split())) is (function in derived)
        assert "Derivation:" not in text


def needing_the_core_only(name, listed):
    """Those of some questions or steps that whoever writes the core sees with their own functions."""
    stretch = {check.function for check in SPECS[name].checks if check.stretch}
    return [one for one in listed if not stretch & {*one.needs}]


@pytest.mark.parametrize("name", NAMES)
def test_who_writes_the_core_sees_it_learn(name):
    """At least three steps of each milestone, and five questions, need no stretch function; hw7 asks by its programs."""
    folder = ROOT / "assignments" / name
    assert len(needing_the_core_only(name, load_milestone(folder, SPECS[name]).steps)) >= 3
    predictions = load_predictions(folder, SPECS[name])
    assert name == "hw7" or len(needing_the_core_only(name, predictions.questions)) >= 5


@pytest.mark.parametrize("name", [name for name in NAMES if name != "hw7"])
def test_each_question_stands_in_the_handout(name):
    """Once, in a command that a notebook turns into a cell."""
    handout = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    asked = [word for line in re.findall(rf"^\$ dlkit predict {name} (.*)$", handout, re.MULTILINE) for word in line.split()]
    assert sorted(asked) == sorted(one.name for one in load_predictions(ROOT / "assignments" / name, SPECS[name]).questions)


@pytest.mark.parametrize(
    "name, formula", [("hw3", r"\alpha v(t)"), ("hw3", "- v(t + 1)"), ("hw5", r"\sqrt{v"), ("hw5", "(1 - m)")]
)
def test_a_formula_to_derive_is_in_no_handout(name, formula):
    """The handout says what the formula has to do; the hints lead to it."""
    assert formula not in (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
