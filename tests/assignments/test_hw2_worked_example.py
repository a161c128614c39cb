"""The handout of hw2: the numbers that students are told to expect are those of the reference."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder import Outputs
from autograder.assignment import load
from autograder.grading.grade import PUBLIC_SEED, draw
from autograder.grading.references import misconceptions_in
from dlkit import course

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "hw2"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def xor_mlp() -> ModuleType:
    return course.load(ROOT / "solutions" / "hw2" / "xor_mlp.py")


def section(name: str) -> str:
    """What stands between the handout's markers of this name."""
    found = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", HANDOUT, re.DOTALL)
    assert found, f"the handout has no section {name!r}"
    return found[1]


def test_the_worked_example_shows_the_references_numbers(xor_mlp: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """The handout's code, run with the reference, gives every number of its table to the six decimals shown."""
    monkeypatch.setitem(sys.modules, "xor_mlp", xor_mlp)
    code = next(block for block in re.findall(r"```python\n(.*?)```", HANDOUT, re.DOTALL) if "backward_221" in block)
    names: dict[str, Any] = {}
    exec(compile(code, "handout", "exec"), names)  # noqa: S102
    expected = names["cache"] | {"E": names["E"]} | names["deltas"] | names["grads"]
    shown = dict(re.findall(r"\| `(\w+)` \| (-?\d+\.\d{6}) ", section("worked example")))
    assert shown == {name: f"{value:.6f}" for name, value in expected.items()}


def test_the_starts_show_the_references_errors(xor_mlp: ModuleType):
    """From each start of the handout, the reference's history has the errors that the table promises."""
    rows = re.findall(r"^\| ([GS]\d) \| (.*?) \| (\S+) \| (\S+) \|$", section("starts"), re.MULTILINE)
    assert [row[0] for row in rows] == ["G1", "G2", "G3", "S1"]
    for _, parameters, *shown in rows:
        start = dict(zip(xor_mlp.NAMES, map(float, parameters.split(",")), strict=True))
        _, history = xor_mlp.train_xor(start, lr=0.1, epochs=2)
        assert shown == [f"{error:.6f}" for error in history]


def test_every_equation_that_the_assignment_cites_is_in_the_handout():
    """The handout numbers its equations 1, 2, 3, ..., and the file and its checks cite no others."""
    numbers = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", HANDOUT)]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in (FOLDER / "xor_mlp.py", FOLDER / "checks.py"):
        cited = re.findall(r"eq\. (\d+)(?:-(\d+))?", path.read_text(encoding="utf-8"))
        assert cited
        assert {int(number) for pair in cited for number in pair if number} <= set(numbers)


def test_every_figure_is_on_disk_and_described():
    """Each figure in the handout exists, has an alternative text, and no figure lies about unused."""
    figures = re.findall(r"!\[(.*?)\]\((figures/\w+\.svg)\)", HANDOUT, re.DOTALL)
    assert all(text for text, _ in figures)
    assert {FOLDER / path for _, path in figures} == set((FOLDER / "figures").iterdir())


def test_the_handouts_message_is_what_dlkit_says():
    """The sample of a message has the public numbers, and the sentence, of the mistake that it shows."""
    spec = load(FOLDER)
    check = next(check for check in spec.checks if check.name == "half_squared_error")
    name, case = next(iter(draw(spec, check, PUBLIC_SEED).items()))
    f, y = case.inputs["f"], case.inputs["y"]
    sample = HANDOUT.split("```text\n")[1].split("```")[0]
    assert f'case "{name}": it is {(f - y) ** 2:.5g}; expected {(f - y) ** 2 / 2:.5g} (2 times as much)' in sample
    assert f"half_squared_error(f={f}, y={y})" in sample
    mistake = misconceptions_in(ROOT / "solutions" / "hw2")["hse-no-half"]
    assert f"likely: {mistake.feedback}\n" in sample


@pytest.mark.parametrize("seed", range(20))
def test_a_difference_of_squares_is_told_from_half_of_the_error(seed: int):
    """Where f + y is 1, f^2 - y^2 is f - y: no case has such numbers."""
    spec = load(FOLDER)
    check = next(check for check in spec.checks if check.name == "half_squared_error")
    case = draw(spec, check, seed)["too large"].inputs
    assert abs(case["f"] + case["y"] - 1) > 0.1


def test_rounding_does_not_count_as_a_move():
    """theta[i] += eps, -= 2 eps, += eps on a copy leaves a last digit wrong; that is no second coordinate that moved."""

    def numerical_gradient(fn, theta, eps=1e-5):
        theta, grad = theta.copy(), np.zeros_like(theta)
        for i in np.ndindex(theta.shape):
            theta[i] += eps
            above = fn(theta)
            theta[i] -= 2 * eps
            below = fn(theta)
            theta[i] += eps
            grad[i] = (above - below) / (2 * eps)
        return grad

    spec = load(FOLDER)
    check = next(check for check in spec.checks if check.name == "numerical_gradient")
    assert isinstance(check, Outputs) and check.call is not None
    for case in draw(spec, check, PUBLIC_SEED).values():
        found = check.call(SimpleNamespace(numerical_gradient=numerical_gradient), **case.inputs)
        assert found["coordinates moved at once"] == 1
