"""Work on a large class in a process for each core. Results come one by one and in order, as from `map`."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import TypeVar

LARGE = 1000  # works that are worth the start of processes
MOST_PROCESSES = 8
CHUNK = 100  # works that a process is given at a time
AHEAD = 8  # chunks for each process that may be done before anybody has asked for them

T = TypeVar("T")
R = TypeVar("R")


def mapped(function: Callable[[T], R], everything: Sequence[T]) -> Iterator[R]:
    """What a function gives for each of many; with fewer than `LARGE`, it is called here, when the result is asked for.

    Args:
        function: one of a module, or a partial of one, as it is sent to other processes.
        everything: what it is called with, one at a time.
    """
    processes = min(MOST_PROCESSES, _cores())
    if len(everything) < LARGE or processes == 1:
        yield from map(function, everything)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    done = 0
    # A fork would take threads of ours for its own.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_the_first)
    try:
        for begin in range(0, len(everything), some := processes * CHUNK * AHEAD):
            with _interrupts_held_back():
                results = pool.map(function, everything[begin : begin + some], chunksize=CHUNK)  # starts the processes
            for result in results:
                yield result
                done += 1
    except BrokenProcessPool:  # one was killed, as where memory is short
        yield from map(function, everything[done:])
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_the_first() -> None:
    """Watch the process that started this one: where that is killed, this one would wait for work for ever."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    if first := parent_process():
        first.join()
    os._exit(1)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Until the end of it, Ctrl-C waits; for the processes that are started in it, for good.

    Ctrl-C reaches every process of a terminal. The first one ends the others, which would only tell of it, each with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
