"""Turns: workers are asked many at a time, and now and then one alone, when the others may have been in its way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Who may ask at the moment. Shared between threads; neither kind of turn is taken within another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._among = 0
        self._alone = 0  # who asks alone, or waits to: nobody new begins before them
        self._busy = False

    @contextmanager
    def among(self) -> Iterator[None]:
        """A turn among others; waits for who asks alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._among += 1
        try:
            yield
        finally:
            with self._changed:
                self._among -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A turn in which nobody else asks; waits until the others have their answers."""
        with self._changed:
            self._alone += 1
            self._changed.wait_for(lambda: not self._among and not self._busy)
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._alone -= 1
                self._changed.notify_all()
