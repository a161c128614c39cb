"""Clocks: what a request costs the worker that answers it, read from outside.

A worker is charged for what it computes, in all its threads, and for what it sleeps. It is not charged for the time in which it
is ready to run and the machine is busy with something else: the same submission needs the same time on a busy machine.
The kernel tells both, so nothing here is a worker's own word. Where it does not (macOS, Windows), the time
on the wall is charged.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import Protocol

LOOKS = 40  # at a worker within its limit, so that it is over by no more than a fortieth
TICK_LEAST, TICK_MOST = 0.005, 0.25  # seconds between two
WALL_FACTOR = 8.0  # times the limit: the last resort, on a machine that gives a worker less than an eighth of a core
LOADED = 0.5  # of the time on the wall: who is charged for less had to wait for the machine more than it worked
WAITING = b"R"  # the state of a thread that runs or waits for a core; in every other one it waits for something of its own
SCHEDULED = 2  # the kind of a clock that counts what the scheduler has given (CPUCLOCK_SCHED)


class Used(Protocol):
    """A process as the kernel sees it."""

    def cpu(self) -> float | None:
        """Seconds that it has computed, all threads together; None where the kernel does not tell."""

    def asleep(self) -> bool:
        """Whether none of its threads runs or waits for a core."""


def cpu_of(pid: int) -> float | None:
    """Seconds that the threads of a process have computed; None where the kernel does not tell, or it is gone.

    A worker has no children: it may start no process.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        return time.clock_gettime(~pid << 3 | SCHEDULED)  # as clock_getcpuclockid(3) names the clock of a process
    except OSError:
        return None


def is_asleep(pid: int) -> bool:
    """Whether no thread of a process runs or waits for a core."""
    with contextlib.suppress(OSError, IndexError):
        if _state(f"/proc/{pid}/stat") == WAITING:  # its first thread, which is the one that works, most of the time
            return False
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError, IndexError):  # ended meanwhile
                if _state(f"/proc/{pid}/task/{thread}/stat") == WAITING:
                    return False
    return True


def _state(path: str) -> bytes:
    """The state in a stat file; the name before it may hold blanks and brackets."""
    with open(path, "rb", buffering=0) as file:
        return file.read(512).rpartition(b")")[2].split(maxsplit=1)[0]


class Clock:
    """One request's clock. It starts when it is made.

    Args:
        limit: seconds that may be charged.
        used: the worker as the kernel sees it.
        wall: seconds on the wall after which nobody waits any more; by default WALL_FACTOR times the limit.
    """

    def __init__(self, limit: float, used: Used, wall: float | None = None) -> None:
        self.limit = max(0.0, limit)
        self.wall = WALL_FACTOR * self.limit if wall is None else max(0.0, wall)
        self.tick = min(TICK_MOST, max(TICK_LEAST, self.limit / LOOKS))
        self.charged = 0.0
        self._used = used
        self._started = self._last = time.monotonic()
        self._before = used.cpu()

    @property
    def elapsed(self) -> float:
        """Seconds on the wall since it started."""
        return time.monotonic() - self._started

    @property
    def over(self) -> bool:
        """Whether the limit has been used up."""
        return self.charged >= self.limit

    @property
    def starved(self) -> bool:
        """Whether there is no use in waiting, though the worker has not had the time that it may use."""
        return not self.over and self.elapsed >= self.wall

    @property
    def loaded(self) -> bool:
        """Whether the worker waited for the machine longer than it worked; two jobs and a grader on two cores do not."""
        return self.charged < LOADED * self.elapsed - self.tick

    def advance(self) -> None:
        """Charge what has been used since the last time."""
        passed, computed = self._since()
        if computed < passed / 2 and self._used.asleep():
            # It has slept between the two looks, but no longer than we meant to look away: it may just have fallen asleep.
            computed = max(computed, min(passed, 2 * self.tick))
        self.charged += computed

    def finish(self) -> None:
        """Charge what is left, now that the answer is there."""
        self.charged += self._since()[1]

    def _since(self) -> tuple[float, float]:
        """Seconds on the wall, and computed, since the last time."""
        now, cpu = time.monotonic(), self._used.cpu()
        passed, self._last = now - self._last, now
        before, self._before = self._before, cpu
        return passed, passed if cpu is None or before is None else max(0.0, cpu - before)
