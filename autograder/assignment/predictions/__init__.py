"""Predictions: questions that a student answers before a result is seen, and how that result is found.

A question's `found` runs in a worker, on the student's own functions or on the reference. So a result is computed, and
nowhere written down. What a student answers is never graded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.observation import Observation, Value
from autograder.sandbox.budget import Budget

HOME = "autograder.assignment.predictions"
ROOMY = Budget()
POINTS = 5  # of a curve
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Found:
    """A result, as a question's `found` gave it.

    Attributes:
        expected: the right answer, in the form in which answers are written.
        said: the result for people, such as "E = 0.261".
        numbers: the number, or the points of the curve; none for a choice.
        holds: for each option of a choice whether it is right.
    """

    expected: str
    said: str = ""
    numbers: tuple[float, ...] = ()
    holds: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question about a result of an assignment: `Choice`, `Number` or `Curve`.

    Attributes:
        name: such as "xor-from-s1"; small letters, digits and hyphens.
        ask: the question, with everything that is needed to answer it.
        found: a function of the module with the student's functions; it computes the result, and runs in the worker.
        needs: the functions of the assignment that it uses. The result is shown once these pass.
        why: one sentence on why the result is as it is. Students see it with the result.
        said: how the result is shown, as a format of what `found` gives, such as "E = {:.3f}".
        figure: the name of the figure that shows the result, of `dlkit figures --list`; "" for a plain drawing of the result.
        place: where in that figure the prediction is drawn: the number of the panel and "x" or "y", such as "0 x".
        options_of_figure: what else to call the figure's function with.
        seconds: the time limit.
        slow: it trains models. `dlkit lint --quick` leaves it out.
        imports: modules that the worker loads before the clock starts.
    """

    KIND: ClassVar[str] = ""
    name: str
    _: KW_ONLY
    ask: str
    found: Callable[[Any], Any]
    needs: tuple[str, ...]
    why: str
    said: str = ""
    figure: str = ""
    place: str = ""
    options_of_figure: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 60.0
    slow: bool = False
    imports: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        """How to answer it, in a few words."""
        raise NotImplementedError

    def problems(self) -> list[str]:
        """What is wrong with the question, a sentence each."""
        found = (
            [] if NAME.fullmatch(self.name) else [f"its name must be small letters, digits and hyphens. Received: {self.name!r}"]
        )
        texts = {"ask": self.ask, "why": self.why}
        found += [f"`{name}` must not be empty" for name, text in texts.items() if not text.strip()]
        found += [] if self.needs else ["`needs` must name the functions that `found` uses"]
        if self.place and not (self.figure and re.fullmatch(r"\d x|\d y|\d", self.place)):
            found.append(
                f'`place` must be the number of a panel of `figure` and "x" or "y", such as "0 x". Received: {self.place!r}'
            )
        return found

    def read(self, text: str) -> str:
        """An answer in the form in which it is written down.

        Raises:
            ValueError: it is no answer to this question; the message says what was expected.
        """
        raise NotImplementedError

    def judge(self, answer: str, found: Found) -> bool:
        """Whether an answer is right, or near enough."""
        raise NotImplementedError

    def observe(self, module: ModuleType) -> dict[str, Value]:
        """Compute the result; runs in the worker."""
        raise NotImplementedError

    def received(self, seen: Observation) -> Found:
        """The result in an observation.

        Raises:
            ValueError: the result is none that this question can have.
        """
        raise NotImplementedError

    def _shown(self, value: Any) -> str:
        return self.said.format(value) if self.said else ""


@dataclass(frozen=True)
class Choice(Question):
    """A question with a few possible answers, of which exactly one is right.

    Attributes:
        options: the answers. Each has a function of what `found` gives, which says whether the answer is right.
    """

    KIND: ClassVar[str] = "choice"
    _: KW_ONLY
    options: Mapping[str, Callable[[Any], bool]]

    @property
    def how(self) -> str:
        """How to answer it, in a few words."""
        return f"a number from 1 to {len(self.options)}"

    def problems(self) -> list[str]:
        """What is wrong with the question, a sentence each."""
        texts = [text.strip().casefold() for text in self.options]
        found = [] if len(self.options) > 1 else ["`options` must have at least two answers"]
        found += ["two of its `options` are the same"] if len(set(texts)) < len(texts) else []
        found += ["an answer in `options` is empty"] if "" in texts else []
        numbers = [text for text in texts if _is_number(text)]  # with which an option is chosen
        found += (
            [f'no answer in `options` may be a number alone: write "degree 3" for "3". Received: {numbers[0]!r}']
            if numbers
            else []
        )
        return super().problems() + found

    def read(self, text: str) -> str:
        """The option of this number, or of this text."""
        texts = list(self.options)
        same = [one for one in texts if one.casefold() == text.strip().casefold()]
        if same:
            return same[0]
        number = text.strip().removesuffix(".")
        if number.isdecimal() and 1 <= int(number) <= len(texts):
            return texts[int(number) - 1]
        raise ValueError(self.how)

    def judge(self, answer: str, found: Found) -> bool:
        """Whether it is the right option."""
        return answer == found.expected

    def observe(self, module: ModuleType) -> dict[str, Value]:
        """Which options are right, and the result in words; runs in the worker."""
        value = self.found(module)
        return {"holds": np.array([bool(right(value)) for right in self.options.values()]), "said": self._shown(value)}

    def received(self, seen: Observation) -> Found:
        """The result: the option that holds."""
        holds = np.asarray(seen["holds"])
        if holds.shape != (len(self.options),) or holds.dtype != np.bool_:
            raise ValueError("it says for each option whether it is right")
        right = [text for text, one in zip(self.options, holds, strict=True) if one]
        if len(right) != 1:
            raise ValueError(f"exactly one option must be right. Received: {len(right)} of {len(holds)}")
        return Found(right[0], str(seen["said"])[:300], (), tuple(map(bool, holds)))


@dataclass(frozen=True)
class _Measured(Question):
    """A question that is answered by numbers.

    Attributes:
        low, high: the range of answers.
        within: how far off an answer may be and still count as right.
        factor: the same as a factor, for numbers of very different size: with 2, from half to twice the result.
        unit: of the numbers, such as "%".
    """

    _: KW_ONLY
    low: float
    high: float
    within: float = 0.0
    factor: float = 1.0
    unit: str = ""

    def problems(self) -> list[str]:
        """What is wrong with the question, a sentence each."""
        found = super().problems()
        if not self.low < self.high:
            found.append(f"`low` must be less than `high`. Received: {self.low:g} and {self.high:g}")
        if (self.within > 0) == (self.factor > 1):
            found.append("either `within` must be positive, or `factor` more than 1")
        if self.factor > 1 and self.low < 0:
            found.append(f"with a `factor`, `low` must not be negative. Received: {self.low:g}")
        return found

    @property
    def range(self) -> str:
        """Between which numbers an answer lies, in words."""
        return f"from {self.low:g} to {self.high:g}{f' {self.unit}' if self.unit else ''}"

    def _number(self, text: str) -> float:
        number = float(text.removesuffix("%").replace("\N{MINUS SIGN}", "-"))
        if not math.isfinite(number) or not self.low <= number <= self.high:
            raise ValueError(self.how)
        return number + 0.0

    def _near(self, answer: float, value: float) -> bool:
        if self.factor > 1:
            return answer == value or (min(answer, value) > 0 and max(answer, value) <= self.factor * min(answer, value))
        return abs(answer - value) <= self.within

    def _numbers(self, seen: Observation, shape: tuple[int, ...]) -> tuple[float, ...]:
        values = np.asarray(seen["value"], dtype=np.float64)
        if values.shape != shape or not np.isfinite(values).all():
            raise ValueError(f"it is {'a finite number' if not shape else f'{shape[0]} finite numbers'}")
        return tuple(float(value) for value in values.ravel())


@dataclass(frozen=True)
class Number(_Measured):
    """A question that is answered by one number."""

    KIND: ClassVar[str] = "number"

    @property
    def how(self) -> str:
        """How to answer it, in a few words."""
        return f"a number {self.range}"

    def read(self, text: str) -> str:
        """The number."""
        try:
            return f"{self._number(text.strip()):g}"
        except ValueError:
            raise ValueError(self.how) from None

    def judge(self, answer: str, found: Found) -> bool:
        """Whether it is near enough."""
        return self._near(float(answer), found.numbers[0])

    def observe(self, module: ModuleType) -> dict[str, Value]:
        """The number, and how it is shown; runs in the worker."""
        value = float(self.found(module))
        return {"value": np.array(value), "said": self._shown(value)}

    def received(self, seen: Observation) -> Found:
        """The result."""
        numbers = self._numbers(seen, ())
        return Found(_rounded(numbers[0], 4), str(seen["said"])[:300], numbers)


@dataclass(frozen=True)
class Curve(_Measured):
    """A question that is answered by a curve through five points.

    Attributes:
        at: the five places on the horizontal axis.
        x: what is on that axis.
        y: what is on the vertical axis.
    """

    KIND: ClassVar[str] = "curve"
    NEAR: ClassVar[int] = POINTS - 1  # so many points at least are near in a curve that counts as right
    _: KW_ONLY
    at: Sequence[float]
    x: str
    y: str

    @property
    def how(self) -> str:
        """How to answer it, in a few words."""
        places = ", ".join(f"{place:g}" for place in self.at)
        return f"{POINTS} numbers {self.range} with commas between, for {self.x} {places}"

    def problems(self) -> list[str]:
        """What is wrong with the question, a sentence each."""
        found = super().problems()
        if len(self.at) != POINTS or list(self.at) != sorted(set(self.at)):
            found.append(f"`at` must have {POINTS} places in rising order. Received: {list(self.at)}")
        return found

    def read(self, text: str) -> str:
        """The five numbers."""
        try:
            numbers = [self._number(part) for part in SEPARATORS.split(text.strip(" \t\n,;[]()"))]
        except ValueError:
            numbers = []
        if len(numbers) != POINTS:
            raise ValueError(self.how)
        return ", ".join(f"{number:g}" for number in numbers)

    def judge(self, answer: str, found: Found) -> bool:
        """Whether four of the five points are near enough."""
        near = [self._near(float(one), value) for one, value in zip(answer.split(","), found.numbers, strict=True)]
        return sum(near) >= self.NEAR

    def observe(self, module: ModuleType) -> dict[str, Value]:
        """The five numbers; runs in the worker."""
        values = np.array([float(value) for value in self.found(module)])
        return {"value": values, "said": ""}

    def received(self, seen: Observation) -> Found:
        """The result."""
        numbers = self._numbers(seen, (POINTS,))
        return Found(", ".join(_rounded(number, 3) for number in numbers), "", numbers)


@dataclass(frozen=True)
class Reveal(Check):
    """A question in the form in which a worker is asked: it earns nothing, and nobody compares it."""

    _: KW_ONLY
    question: Question

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Compute the result."""
        return self.question.observe(module)


@dataclass(frozen=True)
class Predictions:
    """The questions of an assignment, as `predictions.py` in its folder declares them.

    Attributes:
        questions: in the order in which they are asked.
        source: the text of the file; filled in when it is loaded.
    """

    questions: Sequence[Question]
    source: str = field(default="", repr=False)

    def question(self, name: str) -> Question:
        """The question of this name.

        Raises:
            KeyError: there is none.
        """
        for one in self.questions:
            if one.name == name:
                return one
        raise KeyError(name)

    def assignment(self, files: Sequence[str], extra: Sequence[Check] = ()) -> Assignment:
        """The questions as an assignment, so that a worker can be asked for the results."""
        checks = [reveal(one) for one in self.questions]
        return Assignment("Predictions", list(files), [*checks, *extra], points=len(checks) + len(extra), budget=ROOMY)

    def for_worker(self, name: str, files: Sequence[str], source: str = "", budget: Budget | None = None) -> Assignment:
        """The same, with the text that a worker makes it of.

        Args:
            name: of the assignment.
            files: those of its spec.
            source: what to append to the text, in place of the assignment of the questions alone.
            budget: of its spec.
        """
        text = f"{self.source}\n{source or f'assignment = predictions.assignment({list(files)!r})'}\n"
        return replace(self.assignment(files), name=name, source=text, budget=budget or ROOMY)


def reveal(question: Question) -> Reveal:
    """A question as a check of one case without inputs."""
    return Reveal(
        question.needs[-1] if question.needs else "",
        on=_once,
        points=1,
        name=question.name,
        timeout=question.seconds,
        imports=(HOME, *question.imports),
        question=question,
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _rounded(number: float, digits: int) -> str:
    """A number with so many significant digits, in full as long as that is short: 18340, not 1.834e+04."""
    return f"{float(f'{number:.{digits}g}'):g}"


def _once(rng: np.random.Generator) -> dict[str, Case]:
    return {"once": Case({})}
