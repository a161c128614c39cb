"""The variants of a reference for one check: its misconceptions, and those that are made by machine.

The ones that are made by machine are many, so they are observed where it pays: when an assignment is recorded, and for a class.
Kept of them are sketches, in one file for a check and its cases.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograder.assignment import SpecError
from autograder.assignment.misconception import Misconception
from autograder.checks.base import Case, Check
from autograder.grading.diagnosis.changes import SENTENCES, changed
from autograder.grading.diagnosis.evidence import Evidence, defaults_of
from autograder.grading.diagnosis.otherwise import otherwise
from autograder.grading.diagnosis.reasons import BOTH, MADE, Ways
from autograder.grading.diagnosis.sketch import Digests, Sketched, sketch
from autograder.grading.diagnosis.variant import Variant
from autograder.observation.answer import Answer, Ending

Answers = Mapping[str, Answer]
Made = dict[str, list[Sketched]]  # by the way in which they are made
Ask = Callable[[Mapping[str, str], Check, str, Case, float], Answer]
PATIENCE = 6.0  # seconds that observing the variants of one kind may take in all cases: of slow functions there are fewer
OVERHEAD = 0.004  # seconds of a request, besides what the function takes
SLOWER = 10.0  # times as long as the reference, and a variant is given up
LEAST = 0.5  # seconds that each may take
STEADY = 4.0  # times slower or faster than on record, and it is not the load of the machine


class Program(NamedTuple):
    """What is asked to make one variant.

    Attributes:
        id, sentence: of the reason.
        files: of the variant.
        cases: where the reference is asked otherwise, the cases that are others.
    """

    id: str
    sentence: str
    files: Mapping[str, str]
    cases: Mapping[str, Case] | None = None


def keep_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. A full or read-only disk costs time, not a grade."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)


class Shelf:
    """The sketches of the variants of one check, in one file.

    Args:
        path: of the file; None to keep nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.made: Made = {}
        self._new = False
        if self.path is not None:
            with suppress(OSError, ValueError, TypeError):  # none yet, or damaged
                read = json.loads(self.path.read_text(encoding="utf-8"))
                self.made = {way: [Sketched(*variant) for variant in variants] for way, variants in read.items()}

    def put(self, way: str, variants: list[Sketched]) -> None:
        """Have all variants of one way on it."""
        self.made[way] = variants
        self._new = True

    def keep(self) -> None:
        """Write what is new."""
        if self.path is None or not self._new:
            return
        self._new = False
        written = {way: [[one.id, one.sentence, dict(one.sketches)] for one in variants] for way, variants in self.made.items()}
        keep_whole(self.path, json.dumps(written, separators=(",", ":")).encode())


@dataclass
class Variants:
    """The variants of one check, for its cases.

    Attributes:
        check: what is asked.
        cases: its cases by name.
        expected: what the reference answers.
        files: the reference's files, the first of which is changed.
        misconceptions: those of the function.
        known: their answers, by id.
        ask: observes files.
        shelf: where sketches are kept.
        thorough: whether variants that are not on the shelf are observed.
        pace: seconds of the reference in all cases that are on record, None if there are none: so the number of variants does not
            hang on how busy the machine is.
    """

    check: Check
    cases: Mapping[str, Case]
    expected: Answers
    files: Mapping[str, str]
    misconceptions: Mapping[str, Misconception]
    known: Mapping[str, Answers]
    ask: Ask
    shelf: Shelf = field(repr=False)
    thorough: bool = False
    pace: float | None = None

    @property
    def seconds(self) -> float:
        """How long one variant takes in all cases."""
        measured = round(sum(answer.seconds + OVERHEAD for answer in self.expected.values()), 4)
        return self.pace if self.pace and self.pace / STEADY <= measured <= self.pace * STEADY else measured

    @property
    def limited(self) -> bool:
        """Whether there are more variants of some kind than there is time for."""
        most = int(PATIENCE / self.seconds)
        return self.check.told_by_sentence and any(len(list(getattr(self, f"_{way}")())) > most for way in MADE)

    @property
    def ways(self) -> Ways:
        """All of them, each kind made when it is needed."""
        return Ways(lambda: self.listed, *(lambda way=way: self.made(way) for way in MADE))

    @cached_property
    def listed(self) -> list[Variant]:
        """The misconceptions."""
        return [Variant(id, self.misconceptions[id].feedback, answers) for id, answers in self.known.items()]

    def made(self, way: str) -> list[Sketched]:
        """The variants that are made in one way, without those that answer rightly; none of a check that only measures."""
        if not self.check.told_by_sentence:
            return []
        if way not in self.shelf.made and self.thorough:
            programs: Callable[[], Iterator[Program]] = getattr(self, f"_{way}")
            few = list(programs())[: int(PATIENCE / self.seconds)]
            sketched = [Sketched(one.id, one.sentence, self._observed(one)) for one in few]
            self.shelf.put(way, [one for one in sketched if any(one.sketches.values())])
        return self.shelf.made.get(way, [])

    def _otherwise(self) -> Iterator[Program]:
        """The reference, asked otherwise."""
        for other in otherwise(self.cases, defaults_of(self.check, self.cases)):
            yield Program(other.id, other.sentence, self.files, other.cases)

    def _changed(self) -> Iterator[Program]:
        """The reference with changes by kind."""
        for one in changed(self._source, self.check.function):
            yield Program(one.kind, SENTENCES[one.kind], self._with(one.source))

    def _together(self) -> Iterator[Program]:
        """Two misconceptions at once, where one leaves the place of the other as it is."""
        for one, other in combinations([mistake for mistake in self.misconceptions.values() if mistake.changes], 2):
            source = _both(self._source, one, other) or _both(self._source, other, one)
            if source is not None:
                yield Program(f"{one.id} {other.id}", f"{one.feedback}{BOTH}{other.feedback}", self._with(source))

    def _observed(self, program: Program) -> dict[str, Digests]:
        """The sketches of what a variant answers wrongly, by case."""
        found = {}
        for name in self.cases if program.cases is None else program.cases:
            case = self.cases[name] if program.cases is None else program.cases[name]
            limit = max(LEAST, SLOWER * self.expected[name].seconds)
            digests = sketch(self._evidence(name, self.ask(program.files, self.check, name, case, limit)))
            if digests:
                found[name] = digests
        return found

    def _evidence(self, name: str, answer: Answer) -> Evidence:
        """One answer beside the reference's."""
        sentence, case = str(answer.ending), self.cases[name]
        if answer.ending is Ending.RETURNED:
            try:
                with np.errstate(all="ignore"):
                    expected = self.expected[name].observation
                    sentence = self.check.compare(answer.observation, expected, {**case.inputs, **case.kept})
            except Exception as error:
                sentence = type(error).__name__
        return Evidence(self.check, self.cases, {name: answer}, self.expected, {name: sentence} if sentence else {})

    @property
    def _source(self) -> str:
        return next(iter(self.files.values()))

    def _with(self, source: str) -> dict[str, str]:
        return {**self.files, next(iter(self.files)): source}


def _both(source: str, one: Misconception, other: Misconception) -> str | None:
    try:
        both = other.put_into(one.put_into(source))
    except SpecError:  # the first has changed what the second would
        return None
    return both
