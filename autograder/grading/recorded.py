"""Recorded references: what a student's kit holds in place of `solutions/`.

For the public seed, what the reference and the known wrong answers answered: arrays, and the sentence for whoever made that
mistake. Never code: of an exception there are only digests, by which the same failure is recognised; the line of source in
which it was raised, its text and whatever was printed stay where the solutions are.

A record is not bound to the versions of the libraries that made it: numbers are compared with a tolerance anyway. Inputs are
drawn again from the spec, and their fingerprints tell whether it is the spec that was recorded.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.assignment import Assignment, SpecError
from autograder.assignment.misconception import Misconception
from autograder.checks.base import Case, Check
from autograder.checks.contract import LARGEST
from autograder.checks.contract import MAGIC as MAGIC
from autograder.checks.contract import RECORD as RECORD
from autograder.grading.calls import Calls, calls_in
from autograder.grading.diagnosis.sample import Sample, is_large
from autograder.grading.digests import PACKAGES, fingerprint, observing_digest, versions
from autograder.grading.references import Answers, References, SeedError
from autograder.observation import Value
from autograder.observation.answer import Answer, Ending
from autograder.sandbox.frames import read_frame, write_frame
from autograder.sandbox.workers import Source

if TYPE_CHECKING:  # needed for wrong answers only
    from autograder.grading.diagnosis.variant import Reason
    from autograder.grading.variants import Made

SHAPE = "shape of the sampled: "  # begins the name of an entry that tells the shape of another
FORMER_CHANGED = "effect: changed"  # in the records of versions that had changed arguments told by the worker

Cases = Mapping[str, Mapping[str, Case]]


class RecordError(SpecError):
    """A record that cannot be read, or that does not belong to this assignment."""


@dataclass(frozen=True)
class Failure(Answer):
    """How a known wrong answer fails: to be recognised by digests, and not to be read."""

    digests: tuple[str, str] = ("", "")

    @property
    def failure(self) -> tuple[str, str]:
        """The digests that were recorded."""
        return self.digests


class Recorded(References):
    """The reference and the misconceptions of one assignment, as answers that were recorded.

    Args:
        assignment: the loaded spec.
        path: the record, as `record` wrote it.
        source: where workers would come from; none is asked.

    Raises:
        RecordError: it is no record, is damaged, or is of another assignment.
    """

    def __init__(self, assignment: Assignment, path: Path, source: Source) -> None:
        self._payload, self._frames = _read(path)
        self._answers: dict[int, Answer] = {}
        if self._payload["assignment"] != assignment.name:
            raise RecordError(f"{path} is the record of {self._payload['assignment']}, not of {assignment.name}")
        super().__init__(assignment, path.parent, None, source)
        self.path = path

    @cached_property
    def files(self) -> dict[str, str]:
        """The record in place of a reference's files: what grades depend on."""
        return {RECORD: hashlib.sha256(self.path.read_bytes()).hexdigest()}

    @cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """The known wrong answers by id; without the change of source that makes them."""
        recorded = self._payload["misconceptions"]
        return {name: Misconception(name, known["function"], known["feedback"]) for name, known in recorded.items()}

    @cached_property
    def given(self) -> Mapping[str, str]:
        """The programs that students are to repair, as they were recorded; none in the records of older versions."""
        found: Mapping[str, str] = self._payload.get("given", {})
        return found

    @property
    def notices(self) -> tuple[str, ...]:
        """What may make a grade differ from the instructor's, in sentences."""
        found = []
        for name in PACKAGES:
            theirs, ours = self._payload["versions"].get(name, ""), versions()[name]
            if ours != "not installed" and theirs.partition(".")[0] != ours.partition(".")[0]:
                found.append(
                    f"{self.assignment.name} was recorded with {name} {theirs}, but this is {name} {ours}. "
                    "If a result surprises you, install the recorded version"
                )
        if self._payload["spec"] != digest_of_spec(self.assignment):
            found.append(
                f"{self.assignment.name}/checks.py has changed since its answers were recorded. Points and hints come from "
                "this file, expected answers from the record"
            )
        return tuple(found)

    def require(self, seed: int) -> None:
        """Refuse inputs that were not recorded.

        Raises:
            SeedError: the seed is not the public one.
        """
        if seed != self._payload["seed"]:
            raise SeedError(
                f"only the public seed is in this kit, because it has recorded answers for seed {self._payload['seed']} instead "
                f"of solutions. Received: seed {seed}. For other seeds you need solutions/{self.assignment.name} from your "
                "instructor (`dlkit init --solutions` copies them)"
            )

    def expected(self, check: Check, cases: Mapping[str, Case]) -> Answers:
        """What the reference answered to every case of a check.

        Raises:
            RecordError: the cases are not those that were recorded.
        """
        recorded = self._payload["checks"].get(check.name)
        inputs = [[name, fingerprint(case)] for name, case in cases.items()]
        if recorded is None or recorded["inputs"] != inputs:
            raise RecordError(
                f"the spec has changed since its answers were recorded: {self.assignment.name}/checks.py has other cases of "
                f"{check.name!r}. Take both files from the same kit"
            )
        return self._answered(recorded["reference"], cases)

    def calls(self, check: Check, cases: Mapping[str, Case]) -> Calls:
        """How the reference calls the functions that a check depends on; nothing in the records of older versions."""
        recorded = self._payload["checks"][check.name].get("calls")
        return calls_in(self._answered(recorded, cases) if recorded else {})

    def reasons(
        self, check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer], said: Mapping[str, str]
    ) -> list[Reason]:
        """Why a submission's answers are wrong (see `diagnosis`), by the variants that were recorded."""
        from autograder.grading.diagnosis.reasons import MADE, Ways, find_reasons
        from autograder.grading.diagnosis.variant import Variant

        recorded = self._payload["checks"][check.name]
        known = [
            Variant(name, self.misconceptions[name].feedback, self._answered(numbers, cases))
            for name, numbers in recorded["misconceptions"].items()
        ]
        made = _variants_in(self._made(recorded), cases)
        ways = Ways(lambda: known, *(lambda way=way: made.get(way, []) for way in MADE))
        return find_reasons(check, cases, answers, self.expected(check, cases), said, ways)

    def has(self, check: Check, cases: Mapping[str, Case]) -> bool:
        """Whether these cases of a check are the ones that were recorded."""
        recorded = self._payload["checks"].get(check.name, {})
        return bool(recorded.get("inputs") == [[name, fingerprint(case)] for name, case in cases.items()])

    def is_of(self, solutions: Path) -> bool:
        """Whether this spec, these solutions and this code of ours made the record."""
        return not _differs(self._payload, self.assignment, solutions, code=True)

    def _answered(self, numbers: Sequence[int], cases: Mapping[str, Case]) -> Answers:
        return {name: self._answer(number) for name, number in zip(cases, numbers, strict=True)}

    def _answer(self, number: int) -> Answer:
        """An answer by its number, opened when it is first asked for: of the thousands, a submission needs few."""
        if number not in self._answers:
            self._answers[number] = _opened(self._frames[number])
        return self._answers[number]

    def _made(self, recorded: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The sketches of a check, which have a frame of their own; in the records of older versions they stand in place."""
        made = recorded.get("made", {})
        found: dict[str, list[Any]] = json.loads(self._frames[made]) if isinstance(made, int) else made
        return found


def references_of(assignment: Assignment, solutions: Path, keep: Path | None, source: Source) -> References:
    """The references of an assignment: its solutions, or where there are none, what its folder has recorded of them.

    Args:
        assignment: the loaded spec.
        solutions: `solutions/hwN`, which may be missing.
        keep: the folder for kept observations, None to keep nothing.
        source: where workers come from; stays open.

    Raises:
        RecordError: there is a record that cannot be used.
    """
    record = assignment.folder / RECORD if assignment.folder else None
    if record is None or not record.is_file():
        return References(assignment, solutions, keep, source)
    if not solutions.is_dir():
        return Recorded(assignment, record, source)

    @cache
    def fresh() -> Recorded | None:
        try:
            kept = Recorded(assignment, record, source)
        except RecordError:
            return None
        references.pace = _pace_in(kept._payload)
        return kept if kept.is_of(solutions) else None

    def recorded(check: Check, cases: Mapping[str, Case]) -> Recorded | None:
        kept = fresh()
        return kept if kept is not None and kept.has(check, cases) else None

    references = References(assignment, solutions, keep, source, recorded)
    return references


def record(
    references: References,
    cases: Cases,
    seed: int,
    on_check: Callable[[Check], None] = lambda check: None,
) -> bytes:
    """Observe the reference and every misconception on these cases, and give back the record; the same bytes each time.

    Args:
        references: the solutions.
        cases: what `grading.questions` drew for the seed, of every check.
        seed: the seed, for whoever asks for another one.
        on_check: told of each check before it is observed.

    Raises:
        SpecError: there is no reference, or it does not answer.
    """
    from autograder.grading.diagnosis.variant import wrong_somewhere

    assignment = references.assignment
    numbers: dict[bytes, int] = {}  # what is the same is written once

    def framed(data: bytes) -> int:
        return numbers.setdefault(data, len(numbers))

    def numbered(answers: Mapping[str, Answer], *, sampled: bool = False) -> list[int]:
        return [framed(_sealed(answer, sampled=sampled)) for answer in answers.values()]

    references.thorough = True
    if assignment.folder:
        with suppress(RecordError):  # none yet
            references.pace = _pace_in(_read(assignment.folder / RECORD)[0])
    checks: dict[str, Any] = {}
    for check in (check for check in assignment.checks if not check.by_hand):
        on_check(check)
        asked = cases[check.name]
        expected = references.expected(check, asked)
        for name, answer in expected.items():
            if answer.ending is not Ending.RETURNED:
                raise SpecError(
                    f"the reference of {assignment.name} does not answer {check.name!r}, case {name!r}: "
                    f"{answer.ending}: {answer.error}"
                )
        checks[check.name] = {
            "inputs": [[name, fingerprint(case)] for name, case in asked.items()],
            "reference": numbered(expected),
            "misconceptions": {
                name: numbered(theirs, sampled=True)
                for name, theirs in _mistaken(references, check, asked).items()
                if wrong_somewhere(theirs, expected)
            },
            "made": framed(json.dumps(_made(references, check, asked), ensure_ascii=False, separators=(",", ":")).encode()),
        }
        variants = references.variants(check, asked)
        if variants.limited:
            checks[check.name]["pace"] = variants.seconds
        calls = references.calls(check, asked).recorded if check.depends else {}
        if set(calls) == set(asked):
            checks[check.name]["calls"] = numbered({name: Answer(Ending.RETURNED, calls[name]) for name in asked})
    payload = {
        "assignment": assignment.name,
        "contract": dict(assignment.contract),
        **({"given": dict(references.given)} if references.given else {}),
        "seed": seed,
        "spec": digest_of_spec(assignment),
        "solutions": digest_of_solutions(references.folder),
        "observing": observing_digest(),
        "versions": versions(),
        "misconceptions": {
            mistake.id: {"function": mistake.function, "feedback": mistake.feedback} for mistake in references.mistakes().values()
        },
        "checks": checks,
    }
    stream = io.BytesIO()
    write_frame(stream, len(numbers), json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
    for data, number in numbers.items():
        write_frame(stream, number, data)
    body = stream.getvalue()
    return MAGIC + hashlib.sha256(body).digest() + zlib.compress(body, 9)


def recorded_given(path: Path) -> Mapping[str, str]:
    """The programs to repair of which a record knows, by function; none where there is no record that can be read."""
    try:
        found: Mapping[str, str] = _read(path)[0].get("given", {})
    except RecordError:
        return {}
    return found


def stale(assignment: Assignment, solutions: Path, *, code: bool = False) -> bool:
    """Whether an assignment's folder has no record, or one of another spec or other solutions.

    Args:
        assignment: the loaded spec.
        solutions: `solutions/hwN`.
        code: whether a record that other code of ours has observed is stale, too: to be sure, and not only right.
    """
    if assignment.folder is None:
        return True
    try:
        payload, _ = _read(assignment.folder / RECORD)
    except RecordError:
        return True
    return _differs(payload, assignment, solutions, code=code)


def _differs(payload: Mapping[str, Any], assignment: Assignment, solutions: Path, *, code: bool) -> bool:
    if code and payload["observing"] != observing_digest():
        return True
    return (payload["spec"], payload["solutions"]) != (digest_of_spec(assignment), digest_of_solutions(solutions))


def digest_of_solutions(folder: Path) -> str:
    """A digest of the reference and the misconceptions in `solutions/hwN`: the texts, whatever ends their lines."""
    from autograder.grading.met import met_in

    texts = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))]
    texts += [(one.id, one.feedback + one.source) for one in met_in(folder).values() if one.source]
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def digest_of_spec(assignment: Assignment) -> str:
    """A digest of the text of a spec."""
    return hashlib.sha256(assignment.source.encode()).hexdigest()


def _pace_in(payload: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of the reference in all cases, by the checks of which there are more variants than there was time for."""
    return {name: check["pace"] for name, check in payload["checks"].items() if "pace" in check}


def _made(references: References, check: Check, cases: Mapping[str, Case]) -> dict[str, list[list[Any]]]:
    """The sketches of the variants that are made by machine, by the way in which they are made."""
    from autograder.grading.diagnosis.reasons import MADE

    variants = references.variants(check, cases)
    numbers = {name: str(number) for number, name in enumerate(cases)}
    found = {
        way: [
            [one.id, one.sentence, {numbers[name]: digests for name, digests in one.sketches.items()}]
            for one in variants.made(way)
        ]
        for way in MADE
    }
    variants.shelf.keep()
    return found


def _variants_in(made: Mapping[str, list[Any]], cases: Mapping[str, Case]) -> Made:
    """The variants that are recorded for a check."""
    from autograder.grading.diagnosis.sketch import Sketched

    names = list(cases)
    return {
        way: [
            Sketched(id, sentence, {names[int(number)]: digests for number, digests in sketches.items()})
            for id, sentence, sketches in variants
        ]
        for way, variants in made.items()
    }


def _mistaken(references: References, check: Check, cases: Mapping[str, Case]) -> dict[str, Answers]:
    found = {}
    for name, observed in references.observed(check, cases).items():
        found[name] = dict(observed)
        observed.keep()
    return found


def _sealed(answer: Answer, *, sampled: bool = False) -> bytes:
    """An answer without a word of source: of a failure, its digests in place of its text; if wanted, of large arrays a sample."""
    plain = replace(answer, error="", place="", inside="", printed="", seconds=0.0)
    if answer.ending is not Ending.RETURNED:
        return replace(plain, error=" ".join(answer.failure)).to_bytes()
    values: dict[str, Value] = {}
    for name, value in answer.observation.items():
        if sampled and isinstance(value, np.ndarray) and is_large(value):
            sample = Sample.of(value)
            values |= {name: sample.values, SHAPE + name: np.array(sample.shape)}
        else:
            values[name] = value
    return replace(plain, observation=values).to_bytes()


def _opened(data: bytes) -> Answer:
    answer = Answer.from_bytes(data, ours=True)
    if answer.ending is not Ending.RETURNED:
        kind, words = answer.error.split(" ")
        return Failure(answer.ending, digests=(kind, words))
    entries = {name: value for name, value in answer.observation.items() if name != FORMER_CHANGED}
    values: dict[str, Any] = {name: value for name, value in entries.items() if not name.startswith(SHAPE)}
    for name in entries.keys() - values.keys():
        shape = np.asarray(answer.observation[name])
        entry = name.removeprefix(SHAPE)
        values[entry] = Sample(tuple(shape.tolist()), values[entry])
    return replace(answer, observation=values)


def _read(path: Path) -> tuple[dict[str, Any], dict[int, bytes]]:
    """What a record tells, and its frames by number.

    Raises:
        RecordError: it is none, or it is damaged.
    """
    remedy = "Restore it from the kit: run `dlkit update KIT.zip`, or unzip the kit again"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}") from None
    if not data.startswith(MAGIC):
        raise RecordError(f"{path} is not a record that this version of dlkit can read. {remedy}")
    try:
        stream, frames = io.BytesIO(_body(data)), {}
        _, payload = read_frame(stream, LARGEST) or (0, b"")
        while (frame := read_frame(stream, LARGEST)) is not None:
            frames[frame[0]] = frame[1]
        return json.loads(payload), frames
    except (zlib.error, ValueError):  # FrameError and ObservationError among them
        raise RecordError(f"{path} is damaged. {remedy}") from None


def _body(data: bytes) -> bytes:
    """What is packed in a record.

    Raises:
        ValueError: it is not what was packed.
        zlib.error: it is not packed.
    """
    start = len(MAGIC) + hashlib.sha256().digest_size
    body = zlib.decompressobj().decompress(data[start:], LARGEST)
    if hashlib.sha256(body).digest() != data[len(MAGIC) : start]:
        raise ValueError("another digest")
    return body
