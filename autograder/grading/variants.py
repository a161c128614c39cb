"""The variants of a reference for one check: its misconceptions, and those that are made by machine.

The ones that are made by machine are many. They are observed when they are looked at, most of them in one case only, and kept as
sketches: one file for a check and its cases.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from autograder.answer import Answer, Ending
from autograder.assignment import SpecError
from autograder.checks.base import Case, Check
from autograder.checks.binding import parameters_of
from autograder.grading.diagnosis.changes import SENTENCES, changed
from autograder.grading.diagnosis.evidence import Evidence
from autograder.grading.diagnosis.otherwise import otherwise
from autograder.grading.diagnosis.reasons import BOTH, Ways
from autograder.grading.diagnosis.sketch import Digests, Sketched, sketch
from autograder.grading.diagnosis.variant import Variant
from autograder.misconception import Misconception

Answers = Mapping[str, Answer]
Sketches = dict[str, dict[str, Digests]]  # by variant, by case
Ask = Callable[[Mapping[str, str], Check, str, Case, float], Answer]
PATIENCE = 6.0  # seconds that observing the variants of one kind may take in all cases: of slow functions there are fewer
OVERHEAD = 0.004  # seconds of a request, besides what the function takes
SLOWER = 10.0  # times as long as the reference, and a variant is given up
LEAST = 0.5  # seconds that each may take


class Shelf:
    """The sketches of the variants of one check, in one file.

    Args:
        path: of the file; None to keep nothing.
        sketches: what is on it already.
    """

    def __init__(self, path: Path | None, sketches: Sketches | None = None) -> None:
        self.path = path
        self.sketches: Sketches = sketches or {}
        self._new = bool(sketches)
        if path is not None and not sketches:
            with suppress(OSError, ValueError):  # none yet, or damaged
                self.sketches = json.loads(path.read_text(encoding="utf-8"))

    def get(self, variant: str, case: str) -> Digests | None:
        """What is kept of a variant's answer to a case."""
        return self.sketches.get(variant, {}).get(case)

    def put(self, variant: str, case: str, digests: Digests) -> None:
        """Keep it."""
        self.sketches.setdefault(variant, {})[case] = digests
        self._new = True

    def keep(self) -> None:
        """Write what is new."""
        if self.path is None or not self._new:
            return
        self._new = False
        with suppress(OSError):  # a full or read-only disk costs time, not a grade
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self.sketches, file, separators=(",", ":"))
            Path(temporary).replace(self.path)


class Made(Mapping[str, Digests]):
    """The sketches of one variant, each made when it is first looked at.

    Args:
        key: what the variant is known by on the shelf.
        files: of the variant.
        cases: what it is asked; where a case is not the one of the check, the reference is asked otherwise.
        of: what it is a variant of.
    """

    def __init__(self, key: str, files: Mapping[str, str], cases: Mapping[str, Case], of: Variants) -> None:
        self.key, self.files, self.cases, self.of = key, files, cases, of

    def __getitem__(self, name: str) -> Digests:
        kept = self.of.shelf.get(self.key, name)
        if kept is None:
            kept = self.of.observed(self.files, name, self.cases.get(name))
            self.of.shelf.put(self.key, name, kept)
        return kept

    def __iter__(self) -> Iterator[str]:
        return iter(self.of.cases)

    def __len__(self) -> int:
        return len(self.of.cases)


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
    """

    check: Check
    cases: Mapping[str, Case]
    expected: Answers
    files: Mapping[str, str]
    misconceptions: Mapping[str, Misconception]
    known: Mapping[str, Answers]
    ask: Ask
    shelf: Shelf = field(repr=False)

    @property
    def ways(self) -> Ways:
        """All of them, each kind made when it is needed."""
        return Ways(
            known=lambda: self.listed,
            otherwise=lambda: self.few(self.asked_otherwise),
            changed=lambda: self.few(self.changed),
            together=lambda: self.few(self.together),
        )

    @cached_property
    def listed(self) -> list[Variant]:
        """The misconceptions."""
        return [Variant(id, self.misconceptions[id].feedback, answers, known=True) for id, answers in self.known.items()]

    @cached_property
    def asked_otherwise(self) -> list[Sketched]:
        """The reference, asked otherwise."""
        contract = next(iter(self.cases.values())).contract.get(self.check.function)
        parameters = parameters_of(contract).parameters if contract else {}
        defaults = {name: each.default for name, each in parameters.items() if each.default is not each.empty}
        return [
            Sketched(other.id, other.sentence, Made(_key(other.sentence), self.files, other.cases, self))
            for other in otherwise(self.cases, defaults)
        ]

    @cached_property
    def changed(self) -> list[Sketched]:
        """The reference with changes by kind."""
        return [
            Sketched(one.kind, SENTENCES[one.kind], self._made(one.source)) for one in changed(self._source, self.check.function)
        ]

    @cached_property
    def together(self) -> list[Sketched]:
        """Two misconceptions at once, where one leaves the place of the other as it is."""
        found = []
        for one, other in combinations([mistake for mistake in self.misconceptions.values() if mistake.changes], 2):
            source = _both(self._source, one, other) or _both(self._source, other, one)
            if source is not None:
                sentence = f"{one.feedback}{BOTH}{other.feedback}"
                found.append(Sketched(f"{one.id} {other.id}", sentence, self._made(source)))
        return found

    def few(self, variants: list[Sketched]) -> list[Sketched]:
        """As many of them as can be observed with patience."""
        seconds = sum(answer.seconds + OVERHEAD for answer in self.expected.values())
        return variants[: int(PATIENCE / seconds)]

    def observed(self, files: Mapping[str, str], name: str, case: Case | None) -> Digests:
        """The sketch of the answer to one case; nothing is wrong where the reference is asked the same."""
        if case is None and files is self.files:
            return {}
        expected = self.expected[name]
        answer = self.ask(files, self.check, name, case or self.cases[name], max(LEAST, SLOWER * expected.seconds))
        evidence = self.evidence({name: answer})
        return sketch(evidence)

    def evidence(self, answers: Answers) -> Evidence:
        """The answers beside the reference's."""
        said = {}
        for name, answer in answers.items():
            sentence = str(answer.ending)
            case = self.cases[name]
            if answer.ending is Ending.RETURNED:
                try:
                    with np.errstate(all="ignore"):
                        expected = self.expected[name].observation
                        sentence = self.check.compare(answer.observation, expected, {**case.inputs, **case.kept})
                except Exception as error:
                    sentence = type(error).__name__
            if sentence:
                said[name] = sentence
        return Evidence(self.check, self.cases, answers, self.expected, said)

    @property
    def _source(self) -> str:
        return next(iter(self.files.values()))

    def _made(self, source: str) -> Made:
        files = {**self.files, next(iter(self.files)): source}
        return Made(_key(source), files, self.cases, self)


def _both(source: str, one: Misconception, other: Misconception) -> str | None:
    try:
        both = other.put_into(one.put_into(source))
    except SpecError:  # the first has changed what the second would
        return None
    return both


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
