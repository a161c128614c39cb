"""Milestones: short experiments with a student's own functions, which show that what they wrote learns.

A step's `run` works in a worker, point by point: it is a generator that yields the points of its curves. Each request asks for
the next point, so that curves can be watched while they grow, and no request takes long. A verdict is made of the number that
comes back, in the grader. Nothing here is graded.
"""

from __future__ import annotations

import inspect
import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.assignment.predictions import NAME, ROOMY
from autograder.checks.base import Case, Check
from autograder.observation import Array, Observation, Value
from autograder.sandbox.budget import Budget

HOME = "autograder.assignment.predictions.milestones"
MOST_POINTS, MOST_CURVES = 2000, 6
MOST_PICTURES, MOST_TILES, MOST_PIXELS = 6, 64, 64
MOST_TITLE = 80
TORCH = "torch"  # the program of the lecture that a step may run beside the student's

Point = tuple[float, Mapping[str, float]]


@dataclass(frozen=True)
class Tiles:
    """Small grey pictures in a grid, such as the weights of a layer or misread digits.

    Attributes:
        title: what they are.
        images: shape (n, h, w); at most 64 of them, of at most 64 x 64 pixels.
        captions: what stands above each; none by default.
        signed: the pixels are weights: 0 is grey, negative numbers are dark, positive ones light.
    """

    title: str
    images: Array
    captions: Sequence[str] = ()
    _: KW_ONLY
    signed: bool = False


@dataclass(frozen=True)
class Plane:
    """What a model says of each point of a plane, with some samples in it.

    Attributes:
        title: what it is.
        x, y: the two axes of the grid, shapes (c,) and (r,).
        classes: what the model says at each point of the grid, 0 or 1, shape (r, c).
        X: the samples, shape (n, 2).
        labels: their classes, 0 or 1, shape (n,).
    """

    title: str
    x: Array
    y: Array
    classes: Array
    X: Array
    labels: Array


Picture = Tiles | Plane


@dataclass(frozen=True)
class Learned:
    """What a step found.

    Attributes:
        value: the number that is compared with the bound.
        pictures: what there is to see, `Tiles` and `Plane`.
    """

    value: float
    pictures: Sequence[Picture] = ()


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


@dataclass(frozen=True)
class Advanced:
    """What one request brought: further points, and the end of the step once it is there."""

    points: tuple[Point, ...]
    learned: Learned | None = None


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


# To bytes and back ------------------------------------------------------------------------------------------------


def as_observation(points: Sequence[Point], learned: Learned | None) -> dict[str, Value]:
    """Points, and the end of a step, as named arrays; runs in a worker."""
    names = list(dict.fromkeys(name for _, values in points for name in values))
    seen: dict[str, Value] = {
        "x": np.array([float(x) for x, _ in points]),
        "names": json.dumps(names),
        "values": np.array([[float(values.get(name, math.nan)) for name in names] for _, values in points]).reshape(
            len(points), len(names)
        ),
    }
    if learned is not None:
        seen["value"] = np.array(float(learned.value))
        seen["pictures"] = json.dumps([_told(one) for one in learned.pictures])
        for number, one in enumerate(learned.pictures):
            seen |= {f"picture {number} {name}": np.asarray(array) for name, array in _arrays(one).items()}
    return seen


def advanced(seen: Observation) -> Advanced:
    """What a worker sent.

    Raises:
        ValueError, KeyError, TypeError: it is nothing that a step can have sent.
    """
    x, values = np.asarray(seen["x"], dtype=np.float64), np.asarray(seen["values"], dtype=np.float64)
    names = [str(name)[:MOST_TITLE] for name in json.loads(str(seen["names"]))]
    if x.shape != (len(values),) or values.shape[1:] != (len(names),) or len(names) > MOST_CURVES or len(x) > MOST_POINTS:
        raise ValueError(f"a step has at most {MOST_CURVES} curves of at most {MOST_POINTS} points")
    known = [{name: float(y) for name, y in zip(names, row, strict=True) if not math.isnan(y)} for row in values]
    points = tuple(zip(map(float, x), known, strict=True))
    if "value" not in seen:
        return Advanced(points)
    told = json.loads(str(seen["pictures"]))
    pictures = [_picture(one, number, seen) for number, one in enumerate(told[:MOST_PICTURES])]
    return Advanced(points, Learned(float(np.asarray(seen["value"])), pictures))


def _told(picture: Picture) -> dict[str, Any]:
    """What of a picture is no array."""
    if isinstance(picture, Plane):
        return {"kind": "plane", "title": picture.title}
    return {"kind": "tiles", "title": picture.title, "captions": list(picture.captions), "signed": picture.signed}


def _arrays(picture: Picture) -> dict[str, Any]:
    """The arrays of a picture."""
    if isinstance(picture, Tiles):
        return {"images": np.asarray(picture.images, dtype=np.float64)}
    names = ("x", "y", "classes", "X", "labels")
    return {name: np.asarray(getattr(picture, name), dtype=np.float64) for name in names}


def _picture(told: Mapping[str, Any], number: int, seen: Observation) -> Picture:
    def array(name: str, dimensions: int) -> Array:
        found = np.asarray(seen[f"picture {number} {name}"], dtype=np.float64)
        if found.ndim != dimensions:
            raise ValueError(f"`{name}` of a picture must have {dimensions} dimensions. Received: {found.ndim}")
        return found

    title = str(told["title"])[:MOST_TITLE]
    if told["kind"] == "tiles":
        images = array("images", 3)
        if len(images) > MOST_TILES or max(images.shape[1:]) > MOST_PIXELS:
            raise ValueError(f"there are at most {MOST_TILES} tiles of {MOST_PIXELS} x {MOST_PIXELS}. Received: {images.shape}")
        captions = [str(text)[:MOST_TITLE] for text in told["captions"]]
        return Tiles(title, images, captions[: len(images)], signed=told["signed"] is True)
    x, y, classes, X, labels = array("x", 1), array("y", 1), array("classes", 2), array("X", 2), array("labels", 1)
    if classes.shape != (len(y), len(x)) or X.shape != (len(labels), 2):
        raise ValueError("a plane has a class for each point of its grid, and a label for each sample")
    return Plane(title, x, y, classes, X, labels)
