"""A spare: a worker that a zygote which stays has forked before anybody asks for one.

It is isolated, has done what libraries do at their first use (see `first_uses`), and waits. It has seen no request, so it knows
of no submission. It was made on the terms of the last grading. One on the same terms gets it, and it is nobody else's from then
on; on other terms, or if there is none, a worker is forked as ever.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRIVATE = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Terms:
    """What cannot be changed any more about a worker that is isolated.

    Attributes:
        budget: what it may use.
        without: the layers that are left out.
        calling: what it has taken over of the terminal.
        place: the folder in which its own was made.
    """

    budget: dict[str, Any]
    without: list[str]
    calling: dict[str, Any]
    place: str


@dataclass(frozen=True)
class Pipes:
    """Both ends of what a spare is reached by: a grading gets ours.

    Attributes:
        theirs: what it reads, what it writes, and where its end is told.
        ours: the other ends, in this order.
    """

    theirs: tuple[int, int, int]
    ours: tuple[int, int, int]

    @classmethod
    def made(cls) -> Pipes:
        """Three new ones."""
        (asked, ask), (answered, answer), (told, tell) = os.pipe(), os.pipe(), os.pipe()
        return cls((asked, answer, tell), (ask, answered, told))

    def close(self) -> None:
        """Close our ends."""
        for fd in self.ours:
            os.close(fd)


def memory_of(pid: int) -> int:
    """Bytes of memory that a process shares with nobody."""
    with contextlib.suppress(OSError):
        return 1024 * sum(map(int, PRIVATE.findall(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))))
    return 0
