"""Mistakes that a class was met with, and that an instructor has named: kept as wrong answers, without a change of the reference.

Such a mistake is known by its answers to the inputs at which it was seen. For other inputs it is known only if a program that
makes it is kept, too. The file is as safe to read as a record: a digest, JSON and plain arrays, packed.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.assignment import SpecError
from autograder.checks.base import Case, Check
from autograder.grading.diagnosis.sample import Sample, is_large
from autograder.grading.judging import judge_case
from autograder.observation import Array, ObservationError, Value, pack, real, unpack
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome
from autograder.sandbox.frames import FrameError, read_frame, write_frame

MET = "met.observations"  # in the folder of the solutions
MAGIC = b"dlkit met 1\n"
LARGEST = 2**28
SHAPE, VALUE = "shape/", "value/"  # begin the names of entries
RTOL = {8: 1e-6, 4: 1e-4, 2: 1e-2}  # by the bytes of the less precise of two floats
NEAR_ZERO = 1e-2  # of that, times the largest entry: how far apart entries near zero may be
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")  # another one in each process
SAID = (Ending.RAISED, Ending.MISSING, Ending.UNFIT)  # endings whose sentence tells one mistake from another


@dataclass(frozen=True)
class Wrong:
    """A wrong answer to one case, as far as it tells one mistake from another.

    Attributes:
        ending: how the case ended.
        failure: a digest of what was raised, or of why nothing could be called.
        values: what was returned; of large arrays a sample.
    """

    ending: Ending
    failure: str = ""
    values: Mapping[str, Value | Sample] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: Answer) -> Wrong:
        """What tells an answer apart: neither what was printed nor a line of source."""
        if answer.ending is not Ending.RETURNED:
            said = ADDRESS.sub("0x", answer.error).encode("utf-8", "replace") if answer.ending in SAID else b""
            return cls(answer.ending, hashlib.sha256(said).hexdigest() if said else "")
        return cls(answer.ending, "", {name: _sampled(value) for name, value in answer.observation.items()})

    def alike(self, other: Wrong) -> bool:
        """Whether it is the same wrong answer, as well as the less precise of the two can tell."""
        return (
            (self.ending, self.failure) == (other.ending, other.failure)
            and self.values.keys() == other.values.keys()
            and all(_alike(value, other.values[name]) for name, value in self.values.items())
        )

    def to_bytes(self) -> bytes:
        """The answer as it is kept."""
        entries: dict[str, Value] = {"ending": self.ending.value, "failure": self.failure}
        for name, value in self.values.items():
            if isinstance(value, Sample):
                entries |= {VALUE + name: value.values, SHAPE + name: np.array(value.shape)}
            else:
                entries[VALUE + name] = value
        return pack(entries)

    @classmethod
    def from_bytes(cls, data: bytes) -> Wrong:
        """Read what `to_bytes` wrote.

        Raises:
            ObservationError, KeyError, ValueError: it is something else.
        """
        entries = unpack(data)
        values: dict[str, Value | Sample] = {}
        for label, value in entries.items():
            if label.startswith(VALUE):
                name = label.removeprefix(VALUE)
                shape = entries.get(SHAPE + name)
                sampled = isinstance(value, np.ndarray) and shape is not None
                values[name] = Sample(tuple(np.asarray(shape).tolist()), np.asarray(value)) if sampled else value
        return cls(Ending(str(entries["ending"])), str(entries["failure"]), values)


@dataclass(frozen=True)
class Met:
    """A mistake that an instructor named after a class had made it.

    Attributes:
        id: its name in reports and JSON.
        function: the function that is wrong.
        check: the check at which it was seen.
        feedback: the sentence for students.
        seen: each set of inputs at which it was seen: for each case that is wrong, the fingerprint of its inputs and the answer.
        source: a program that makes the mistake, "" where none is kept.
    """

    id: str
    function: str
    check: str
    feedback: str
    seen: tuple[Mapping[str, tuple[str, Wrong]], ...] = ()
    source: str = ""

    def explains(self, wrong: Mapping[str, Wrong], inputs: Mapping[str, str]) -> bool:
        """Whether a submission makes it: the same cases are wrong, for the same inputs, with the same answers.

        Args:
            wrong: the submission's wrong answers by case.
            inputs: the fingerprint of each case.
        """
        return any(
            seen.keys() == wrong.keys()
            and all(inputs[name] == of and answer.alike(wrong[name]) for name, (of, answer) in seen.items())
            for seen in self.seen
        )


def wrong_in(
    check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer], expected: Mapping[str, Answer]
) -> dict[str, Wrong]:
    """The wrong answers to a check, by case; what is right counts as right, however it was rounded."""
    return {
        name: Wrong.of(answers[name])
        for name, case in cases.items()
        if judge_case(check, name, case, answers[name], expected[name]).outcome is not Outcome.PASSED
    }


def met_in(folder: Path) -> dict[str, Met]:
    """The mistakes that were named in `solutions/hwN`, by id; none where it has no such file.

    Raises:
        SpecError: the file is damaged.
    """
    path = folder / MET
    if not path.is_file():
        return {}
    try:
        data = path.read_bytes()
        start = len(MAGIC) + hashlib.sha256().digest_size
        body = zlib.decompressobj().decompress(data[start:], LARGEST)
        if data[:start] != MAGIC + hashlib.sha256(body).digest():
            raise ValueError("another digest")
        stream = io.BytesIO(body)
        _, payload = read_frame(stream, LARGEST) or (0, b"")
        answers = {}
        while (frame := read_frame(stream, LARGEST)) is not None:
            answers[frame[0]] = Wrong.from_bytes(frame[1])
        return {one["id"]: _met(one, answers) for one in json.loads(payload)["met"]}
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}") from None
    except (zlib.error, FrameError, ObservationError, ValueError, KeyError, TypeError):
        raise SpecError(
            f"{path} is damaged, or another version of dlkit wrote it. Restore it from a backup, or remove it and name its "
            "mistakes again"
        ) from None


def packed(mistakes: Iterable[Met]) -> bytes:
    """Mistakes as their file holds them; the same bytes each time."""
    numbers: dict[bytes, int] = {}

    def numbered(answer: Wrong) -> int:
        return numbers.setdefault(answer.to_bytes(), len(numbers))

    listed = [
        {
            "id": one.id,
            "function": one.function,
            "check": one.check,
            "feedback": one.feedback,
            "source": one.source,
            "seen": [{name: [of, numbered(answer)] for name, (of, answer) in seen.items()} for seen in one.seen],
        }
        for one in mistakes
    ]
    stream = io.BytesIO()
    write_frame(stream, len(numbers), json.dumps({"met": listed}, ensure_ascii=False, separators=(",", ":")).encode())
    for data, number in numbers.items():
        write_frame(stream, number, data)
    body = stream.getvalue()
    return MAGIC + hashlib.sha256(body).digest() + zlib.compress(body, 9)


def _met(told: Mapping[str, Any], answers: Mapping[int, Wrong]) -> Met:
    seen = tuple({name: (str(of), answers[number]) for name, (of, number) in one.items()} for one in told["seen"])
    return Met(told["id"], told["function"], told["check"], told["feedback"], seen, told["source"])


def _sampled(value: Value) -> Value | Sample:
    return Sample.of(value) if isinstance(value, np.ndarray) and is_large(value) else value


def _alike(one: Value | Sample, other: Value | Sample) -> bool:
    if isinstance(one, Sample) and isinstance(other, Sample):
        return one.shape == other.shape and _near(one.values, other.values)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and _near(one, other)
    return type(one) is type(other) and bool(one == other)


def _near(one: Array, other: Array) -> bool:
    """Whether numbers are the same but for rounding; whole numbers and truth values exactly."""
    one, other = real(one), real(other)
    if one.dtype.kind != other.dtype.kind:
        return False
    if one.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    rtol = RTOL[min(one.dtype.itemsize, other.dtype.itemsize)]
    a, b = one.astype(np.float64), other.astype(np.float64)
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    scale = float(np.max(np.abs(b[finite]), initial=0.0))
    return bool(np.all(np.abs(a[finite] - b[finite]) <= rtol * (np.abs(b[finite]) + NEAR_ZERO * scale)))
