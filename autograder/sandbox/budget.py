"""Budgets: what one submission may use, and the sentence for going over each."""

from __future__ import annotations

from dataclasses import dataclass, fields

MB = 2**20


@dataclass(frozen=True)
class Budget:
    """What one submission may use, beyond what its libraries take before it begins.

    Attributes:
        memory: bytes.
        output: characters that one case may print.
        answer: bytes of one case's answer.
        disk: bytes of files, all together, in the folder that it may write to.
        files: how many files and folders it may make there.
        threads: how many may run at a time.
        answers: bytes of the answers to all cases together.
        text: characters of what all cases together print that are kept; printing more costs nothing else.
    """

    memory: int = 2048 * MB
    output: int = MB
    answer: int = 64 * MB
    disk: int = 256 * MB
    files: int = 1000
    threads: int = 128
    answers: int = 256 * MB
    text: int = 50_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or value <= 0:
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
