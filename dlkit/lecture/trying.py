"""Running invented code and the reference in workers, as when a class is graded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np

from autograder.checks.base import Case, Check
from autograder.checks.gradients import STRIP, STRIP_LENGTH
from autograder.grading.grade import PUBLIC_SEED, draw
from autograder.grading.judging import judge_case
from autograder.grading.references import Observed, References
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome

Files = Mapping[str, str]
SLOW = 2.0  # seconds of the reference in all cases of a check, from which nothing more is asked than the check does
SEEDS = (PUBLIC_SEED + 1, PUBLIC_SEED + 2, PUBLIC_SEED + 3)  # of questions: other numbers than in the pictures
WHOLE = 3  # the largest whole number in a question
SEVERAL = 2  # dicts among the inputs
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
        plain = {
            f"{name}, whole": replace(case, inputs=_each(case.inputs, _whole())) for name, case in drawn.items() if free(case)
        }
        cut = {f"{name}, cut": short for name, case in drawn.items() if free(case) and (short := _cut(case)) is not None}
        rounded = {
            name: replace(case, inputs=_each(case.inputs, _tenths)) if free(case) else case for name, case in drawn.items()
        }
        return plain | cut | rounded

    def zeroed(self, case: Case) -> dict[str, Case]:
        """The case with 0 in place of one of its inputs, by what is 0."""
        found: dict[str, Case] = {}
        for name, value in case.inputs.items():
            if name == STRIP:
                continue
            parts = {f"{name}[{key!r}]": key for key in value} if isinstance(value, Mapping) else {name: None}
            for words, key in parts.items():
                part = value[key] if key is not None else value
                if _is_float(part):
                    zero = np.zeros_like(part) if isinstance(part, np.ndarray) else 0.0
                    new = {**value, key: zero} if key is not None else zero
                    found[f"{words} = 0"] = replace(case, inputs={**case.inputs, name: new})
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


def free(case: Case) -> bool:
    """Whether other inputs may take the place of these; of several dicts, one may follow from another, as a cache does."""
    return not case.raises and not case.kept and sum(isinstance(value, Mapping) for value in case.inputs.values()) < SEVERAL


def _cut(case: Case) -> Case | None:
    """The case with the first few entries of its only array."""
    name = single(case)
    if not name or case.inputs[name].size <= SHORT:
        return None
    return grid(case, name, _tenths(case.inputs[name].reshape(-1)[:SHORT]))


def _each(inputs: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The inputs with every number changed, and gradients of the plain sum."""

    def changed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: changed(part) for key, part in value.items()}
        return change(value) if _is_float(value) else value

    return {name: np.ones(STRIP_LENGTH) if name == STRIP else changed(value) for name, value in inputs.items()}


def _whole() -> Callable[[Any], Any]:
    """Makes 1, 2 and 3 of floats, one after the other and with their signs: a room can reckon with them, and few are equal."""
    places = count()

    def change(value: Any) -> Any:
        array = np.asarray(value)
        if np.all((array >= 0) & (array <= 1)):  # shares and probabilities, which more than 1 would make senseless
            return _tenths(value)
        sizes = np.array([1 + next(places) % WHOLE for _ in range(array.size)]).reshape(array.shape)
        found = np.where(array < 0, -sizes, sizes).astype(array.dtype)
        return found if isinstance(value, np.ndarray) else float(found)

    return change


def _tenths(value: Any) -> Any:
    """Floats with one decimal."""
    return np.asarray(np.round(value, 1)) if isinstance(value, np.ndarray) else round(value, 1)


def _is_float(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def _answered(case: Case, answer: Answer) -> bool:
    return answer.ending is Ending.RETURNED and (bool(case.raises) or bool(answer.observation))


def wrong_in(trials: Sequence[Trial]) -> list[Trial]:
    """Those in which the wrong code shows."""
    return [one for one in trials if one.wrong]
