"""Running invented code and the reference in workers, as when a class is graded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.answer import Answer, Ending
from autograder.checks.base import Case, Check
from autograder.checks.gradients import STRIP, STRIP_LENGTH
from autograder.grading.grade import PUBLIC_SEED, draw
from autograder.grading.judging import judge_case
from autograder.grading.references import Observed, References
from autograder.outcome import Outcome

Files = Mapping[str, str]
SLOW = 2.0  # seconds of the reference in all cases of a check, from which nothing more is asked than the check does
SEEDS = (PUBLIC_SEED + 1, PUBLIC_SEED + 2, PUBLIC_SEED + 3)  # of questions: other numbers than in the pictures
SHORT = 3  # entries of an input that is cut short


@dataclass(frozen=True)
class Trial:
    """One call of the wrong code and of the reference."""

    name: str
    case: Case
    actual: Answer
    expected: Answer
    wrong: bool
    message: str


class Trials:
    """Runs programs for one assignment, and keeps what they answered.

    Args:
        references: of the assignment; they stay open.
    """

    def __init__(self, references: References) -> None:
        self.references = references

    def public(self, check: Check) -> Mapping[str, Case]:
        """The cases of a check with the inputs that students know: those of the class are secret."""
        return draw(self.references.assignment, check, PUBLIC_SEED)

    def answers(self, files: Files, check: Check, cases: Mapping[str, Case]) -> dict[str, Answer]:
        """What a program answers to some cases."""
        observed = Observed(self.references, check, cases, lambda: files)
        found = dict(observed)
        observed.keep()
        return found

    def held(self, files: Files, check: Check, cases: Mapping[str, Case]) -> list[Trial]:
        """What a program answers, each beside the reference; without cases that the reference does not answer."""
        expected = self.answers(self.references.files, check, cases)
        fit = {name: case for name, case in cases.items() if _answered(case, expected[name])}
        actual = self.answers(files, check, fit)
        found = []
        for name, case in fit.items():
            result = judge_case(check, name, case, actual[name], expected[name])
            wrong = result.outcome is not Outcome.PASSED
            found.append(Trial(name, case, actual[name], expected[name], wrong, result.message if wrong else ""))
        return [one for one in found if one.actual.ending is not Ending.UNREADY]

    def short(self, check: Check) -> dict[str, Case]:
        """Cases of a check whose inputs can be read out, for questions; few where the reference is slow."""
        public = self.public(check)
        slow = sum(answer.seconds for answer in self.answers(self.references.files, check, public).values()) > SLOW
        if slow:
            return dict(public)
        drawn = {f"{seed} {name}": case for seed in SEEDS for name, case in draw(self.references.assignment, check, seed).items()}
        found: dict[str, Case] = {}
        for name, case in drawn.items():
            found |= {f"{name}, cut": cut} if (cut := _cut(case)) is not None else {}
            found[name] = case if case.kept else replace(case, inputs=_rounded(case.inputs))
        return found


def grid(case: Case, name: str, values: Any) -> Case:
    """The case with other values of one input, and with gradients of the plain sum."""
    strip = {STRIP: np.ones(STRIP_LENGTH)} if STRIP in case.inputs else {}
    return replace(case, inputs={**case.inputs, name: values, **strip})


def single(case: Case) -> str:
    """The only input of a case that is an array of floats; "" where there are none or several."""
    names = [
        name for name, value in case.inputs.items() if isinstance(value, np.ndarray) and value.dtype.kind == "f" and name != STRIP
    ]
    return names[0] if len(names) == 1 else ""


def _cut(case: Case) -> Case | None:
    """The case with the first few entries of its only array."""
    name = single(case)
    if not name or case.raises or case.kept or case.inputs[name].size <= SHORT:
        return None
    first: Any = _plain(case.inputs[name].reshape(-1)[:SHORT])
    return grid(case, name, first)


def _rounded(inputs: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _plain(value) if isinstance(value, np.ndarray) else value for name, value in inputs.items()}
    return found | ({STRIP: np.ones(STRIP_LENGTH)} if STRIP in inputs else {})


def _plain(value: Any) -> Any:
    """Floats with one decimal."""
    return np.round(value, 1) if value.dtype.kind == "f" else value


def _answered(case: Case, answer: Answer) -> bool:
    return answer.ending is Ending.RETURNED and (bool(case.raises) or bool(answer.observation))


def wrong_in(trials: Sequence[Trial]) -> list[Trial]:
    """Those in which the wrong code shows."""
    return [one for one in trials if one.wrong]
