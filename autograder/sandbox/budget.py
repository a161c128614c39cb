"""Budgets: what one submission may use, and the sentence for going over each."""

from __future__ import annotations

from dataclasses import dataclass, fields

MB = 2**20
ROOM = "room"  # stands among the limits for the room that a machine has left, which is no submission's to exceed
TOTAL_LEAST, TOTAL_MOST = 20.0, 120.0  # seconds for a whole submission, if its assignment does not say otherwise


@dataclass(frozen=True)
class Budget:
    """What one submission may use, beyond what its libraries take before it starts.

    Attributes:
        memory: bytes.
        output: characters that one case may print.
        answer: bytes of one case's answer.
        disk: bytes of all files in the folder that it may write to.
        files: how many files and folders it may make there.
        threads: how many threads may run at a time.
        answers: bytes of all answers together.
        text: characters of printed text that dlkit keeps, for all cases together; printing more has no other effect.
        total: seconds for the whole submission, with its imports and all cases. By default it is twice the sum of the checks'
            time limits for one case, but between 20 and 120 (see `Assignment.total`).
        reads: folders that it may read, besides Python's own and its own; none where others' work is graded.
    """

    memory: int = 2048 * MB
    output: int = MB
    answer: int = 64 * MB
    disk: int = 256 * MB
    files: int = 1000
    threads: int = 128
    answers: int = 256 * MB
    text: int = 50_000
    total: float | None = None
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.total is not None and not (isinstance(self.total, int | float) and 0 < self.total < float("inf")):
            raise ValueError(f"Budget(total=...) must be a positive number of seconds. Received: {self.total!r}")
        object.__setattr__(self, "reads", tuple(self.reads))  # a list, after a journey as JSON
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in ("total", "reads") and (not isinstance(value, int) or value <= 0):
                raise ValueError(f"Budget({field.name}=...) must be a positive whole number. Received: {value!r}")

    def exceeded(self, what: str) -> str:
        """The sentence for what went over its limit: "used more than 2 GB of memory, the limit for this assignment"."""
        amount = {
            "memory": f"used more than {size(self.memory)} of memory",
            "output": f"printed more than {self.output:,} characters in one call",
            "answer": f"gave an answer of more than {size(self.answer)}",
            "disk": f"wrote more than {size(self.disk)} to files",
            "files": f"made more than {self.files:,} files, or held too many open",
            "threads": f"started more than {self.threads} threads",
            "answers": f"gave answers of more than {size(self.answers)} in all",
            "text": f"printed more than {self.text:,} characters in all",
        }[what]
        return f"{amount}, the limit for this assignment"


def size(count: int) -> str:
    """A number of bytes for people: "2 GB", "64 MB"."""
    for unit, bytes_of in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if count >= bytes_of:
            return f"{count / bytes_of:.3g} {unit}"
    return f"{count} bytes"
