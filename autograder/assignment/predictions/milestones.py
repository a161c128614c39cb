"""Milestones: short experiments with a student's own functions, which show that what they wrote learns.

A step's `run` works in a worker, point by point: it is a generator that yields the points of its curves. Each request asks for
the next point, so that curves can be watched while they grow, and no request takes long. A verdict is made of the number that
comes back, in the grader. Nothing here is graded.
"""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.assignment.predictions import NAME, ROOMY
from autograder.assignment.predictions.learned import Learned, Point, as_observation
from autograder.checks.base import Case, Check
from autograder.observation import Observation
from autograder.sandbox.budget import Budget

HOME = "autograder.assignment.predictions.milestones"
TORCH = "torch"  # the program of the lecture that a step may run beside the student's


@dataclass(frozen=True)
class Step:
    """One step of a milestone: an experiment, the number that comes out, and a bound that it must keep.

    Attributes:
        name: such as "overfits-20-digits"; small letters, digits and hyphens.
        shows: what it shows, in one sentence.
        run: a function of the module with the student's functions; it runs in the worker. It gives a number or a `Learned`. A
            generator yields the points of its curves first: (x, {name of the curve: y}).
        needs: the functions of the assignment that it uses. It runs once these pass.
        measures: what the number is, in a few words.
        at_least, at_most: the bound; one of them or both.
        form: how the number and the bound are written, such as "{:.1%}".
        hint: what to look at if it is not reached.
        x, y: what is on the axes of its curves.
        log: the vertical axis is logarithmic.
        seconds: the time limit for all of it.
        slow: it takes more than a few seconds. `dlkit lint --quick` leaves it out.
        imports: modules that the worker loads before the clock starts.
        even_if_wrong: run it even if its functions do not pass: it is there to show what is wrong.
        beside: "torch" for the lecture's PyTorch program, which runs once beside it if the student asks for that. Then `run` also
            takes a dict: the program's first "weights" by name, "batches" with the rows of each, "rate", "momentum", "mean" and
            "std". It yields one loss for each batch; the number is the largest difference between the two curves.
    """

    name: str
    _: KW_ONLY
    shows: str
    run: Callable[..., Any]
    needs: tuple[str, ...]
    measures: str
    at_least: float = -math.inf
    at_most: float = math.inf
    form: str = "{:.3g}"
    hint: str = ""
    x: str = "epoch"
    y: str = "loss"
    log: bool = False
    seconds: float = 60.0
    slow: bool = False
    imports: tuple[str, ...] = ()
    even_if_wrong: bool = False
    beside: str = ""

    @property
    def bound(self) -> str:
        """The bound in words, such as "at least 95.0%"."""
        low, high = (self.form.format(one) if math.isfinite(one) else "" for one in (self.at_least, self.at_most))
        return f"from {low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"

    def keeps(self, value: float) -> bool:
        """Whether a number keeps the bound; nan does not."""
        return self.at_least <= value <= self.at_most

    def problems(self) -> list[str]:
        """What is wrong with the step, a sentence each."""
        texts = {"shows": self.shows, "measures": self.measures}
        found = (
            [] if NAME.fullmatch(self.name) else [f"its name must be small letters, digits and hyphens. Received: {self.name!r}"]
        )
        found += [f"`{name}` must not be empty" for name, text in texts.items() if not text.strip()]
        found += [] if self.needs else ["`needs` must name the functions that `run` uses"]
        if not (math.isfinite(self.at_least) or math.isfinite(self.at_most)):
            found.append("it needs a bound: `at_least`, `at_most`, or both")
        if not self.at_least <= self.at_most:
            found.append(f"`at_least` must not be more than `at_most`. Received: {self.at_least:g} and {self.at_most:g}")
        if self.beside not in ("", TORCH):
            found.append(f'`beside` must be "{TORCH}" or nothing. Received: {self.beside!r}')
        try:
            self.form.format(0.5)
        except (ValueError, IndexError, KeyError):
            found.append(f'`form` must be the format of one number, such as "{{:.3g}}". Received: {self.form!r}')
        return found


@dataclass
class _Track:
    """A step that is under way in a worker: what it has yielded, and where the global generators of numbers stand."""

    running: Iterator[Point] | None = None
    points: list[Point] = field(default_factory=list)
    learned: Learned | None = None
    generators: tuple[Any, Any] | None = None

    def advance(self, step: Step, module: ModuleType, have: int, other: Mapping[str, Any]) -> None:
        """Run until there is more than the grader has. A worker that is new to the step runs it from its start."""
        if self.running is None:
            arguments = (module, other) if step.beside else (module,)
            self.running = _points(step.run, arguments, self._finish)
        if self.generators is not None:  # before each request they are started anew, and a step must go on as it was
            random.setstate(self.generators[0])
            np.random.set_state(self.generators[1])
        while len(self.points) <= have and self.learned is None:
            self.points += [point] if (point := next(self.running, None)) else []
        self.generators = random.getstate(), np.random.get_state()

    def _finish(self, learned: Any) -> None:
        self.learned = learned if isinstance(learned, Learned) else Learned(float(learned))


def _points(run: Callable[..., Any], arguments: Sequence[Any], finish: Callable[[Any], None]) -> Iterator[Point]:
    """The points of a step, and its end told to `finish`; a plain function has no points."""
    if inspect.isgeneratorfunction(run):
        finish((yield from run(*arguments)))
    else:
        finish(run(*arguments))


@dataclass(frozen=True)
class Stretch(Check):
    """A step in the form in which a worker is asked to go on with it: it earns nothing, and nobody compares it."""

    _: KW_ONLY
    step: Step
    track: _Track = field(default_factory=_Track, compare=False, repr=False)

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Go on, until there is more than the `have` points that the grader has."""
        have = int(inputs["have"])
        self.track.advance(self.step, module, have, inputs.get("other", {}))
        return as_observation(self.track.points[have:], self.track.learned)


@dataclass(frozen=True)
class Milestone:
    """The steps of an assignment's milestone, as `milestone.py` in its folder declares them.

    Attributes:
        steps: in the order in which they run.
        source: the text of the file; filled in when it is loaded.
    """

    steps: Sequence[Step]
    source: str = field(default="", repr=False)

    def assignment(self, files: Sequence[str]) -> Assignment:
        """The steps as an assignment, so that a worker can be asked to run them."""
        checks = [stretch(one) for one in self.steps]
        return Assignment("Milestone", list(files), checks, points=len(checks), budget=ROOMY)

    def for_worker(self, name: str, files: Sequence[str], budget: Budget | None = None) -> Assignment:
        """The same, with the text that a worker makes it of."""
        text = f"{self.source}\nassignment = milestone.assignment({list(files)!r})\n"
        return replace(self.assignment(files), name=name, source=text, budget=budget or ROOMY)


def stretch(step: Step) -> Stretch:
    """A step as a check."""
    function = step.needs[-1] if step.needs else ""
    imports = (HOME, *step.imports)
    return Stretch(function, on=_once, points=1, name=step.name, timeout=step.seconds, imports=imports, step=step)


def _once(rng: np.random.Generator) -> dict[str, Case]:
    return {"once": Case({"have": 0})}
