"""Pace: how many results a minute a grading writes now, and how long it will go on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 120.0  # what is told is of the last minutes: the start, and what was graded before, tell nothing of the rest
STEP_SECONDS = 2.0  # between two that are remembered
SOON_SECONDS = 5.0  # before that nobody can tell


class Pace:
    """The pace of a grading.

    Args:
        now: the clock, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: deque[tuple[float, int]] = deque([(now(), 0)])
        self._last = self._seen[0]

    def saw(self, graded: int) -> None:
        """So many have been graded by now."""
        self._last = (self._now(), graded)
        if self._last[0] - self._seen[-1][0] >= STEP_SECONDS:
            self._seen.append(self._last)
        while len(self._seen) > 1 and self._last[0] - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def a_minute(self) -> float:
        """How many are graded in a minute; 0.0 while nobody can tell."""
        seconds = self._last[0] - self._seen[0][0]
        return 60 * (self._last[1] - self._seen[0][1]) / seconds if seconds >= SOON_SECONDS else 0.0

    def left(self, waiting: int) -> str:
        """How long the others will take, in words: "about 5 min left"; "" while nobody can tell."""
        if not self.a_minute or not waiting:
            return ""
        return f"about {in_words(waiting / self.a_minute)} left"


def in_words(minutes: float) -> str:
    """A time that is not exact.

    >>> in_words(0.4), in_words(12.4), in_words(95)
    ('1 min', '12 min', '1 h 35 min')
    """
    whole = max(1, round(minutes))
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60} min"
