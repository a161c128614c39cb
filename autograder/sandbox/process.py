"""The grader's end of a worker: ask it, wait for it, end it. How it was started is `sources`."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol

from autograder.sandbox.budget import MB, Budget
from autograder.sandbox.frames import FrameError, RefusalError, TooLargeError, read_frame, write_frame
from autograder.sandbox.isolation import Layers
from autograder.sandbox.worker import READY, layers_of

READER_SECONDS = 1.0  # a process that left the worker's group may hold its pipe open; nobody waits for that
READY_SECONDS = 180.0  # for our own imports, on a slow disk
AROUND_ANSWER = MB  # names, texts and what the case printed, beside the arrays


class WorkerError(Exception):
    """A worker did not answer. `why` says what happened to it, in words that fit behind "the worker"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TimedOutError(WorkerError):
    """The answer did not come in time; the worker has been killed."""


class EndedError(WorkerError):
    """The process ended before it answered. `status` is its exit status, negative for a signal."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


class OverLimitError(WorkerError):
    """It went over its budget and has been killed; `limit` is the name of the field of `Budget`."""

    def __init__(self, why: str, limit: str) -> None:
        super().__init__(why)
        self.limit = limit


class ProtocolError(WorkerError):
    """It wrote something that is no answer to what was asked; the worker has been killed."""


@dataclass(frozen=True)
class End:
    """How a process ended: its exit status, negative for a signal, the limit that it was killed for, its peak memory."""

    status: int
    over: str = ""
    peak: int = 0


class Process(Protocol):
    """A process as whoever started it can end it."""

    def kill(self) -> None:
        """Kill it and everything it started; it may be gone already."""

    def wait(self) -> End:
        """Wait until it has ended, and leave nothing of it behind."""


class Worker:
    """One worker process. Not shared between threads; one request is open at a time.

    Args:
        process: what can be killed and waited for.
        requests: where to write.
        answers: where to read.
        budget: what it may use.
    """

    def __init__(self, process: Process, requests: IO[bytes], answers: IO[bytes], budget: Budget) -> None:
        self.budget = budget
        self._process = process
        self._requests = requests
        self._stream = answers
        self._number = READY
        self._layers: Layers | None = None
        self._end: End | None = None
        self._ending = threading.Lock()
        self._answers: queue.SimpleQueue[tuple[int, bytes] | FrameError | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def layers(self) -> Layers:
        """What is in force around what it runs; waits until it has said so.

        Raises:
            RefusalError: it could not be set up.
        """
        if self._layers is None:
            try:
                self._layers = layers_of(self._receive(READY, READY_SECONDS))
            except (WorkerError, ValueError, KeyError) as error:
                raise RefusalError(f"the worker could not be set up: it {error}") from None
        return self._layers

    @property
    def peak(self) -> int:
        """The most memory that it has used, in bytes, once it has ended; 0 where nobody watched it."""
        return self._end.peak if self._end else 0

    def ask(self, request: bytes, timeout: float) -> bytes:
        """Send a request and wait for its answer.

        Raises:
            RefusalError: the worker could not be set up in the first place.
            TimedOutError: the answer did not come within `timeout` seconds.
            OverLimitError: it was killed for going over its budget.
            EndedError: the process ended first.
            ProtocolError: something else came.
        """
        _ = self.layers
        self._number += 1
        with contextlib.suppress(OSError):  # a worker that is gone is noticed when it does not answer
            write_frame(self._requests, self._number, request)
        return self._receive(self._number, timeout)

    def close(self) -> None:
        """Kill the worker and everything it started, and leave nothing of it behind."""
        if self._end is None:
            self._process.kill()
            self._bury()

    def _receive(self, number: int, timeout: float) -> bytes:
        try:
            item = self._answers.get(timeout=max(0.0, timeout))
        except queue.Empty:
            self.close()
            self._raise_over()
            raise TimedOutError(f"did not answer within {timeout:g} s") from None
        if item is None:
            end = self._bury()
            self._raise_over()
            raise EndedError(_ended_words(end.status), end.status)
        if isinstance(item, TooLargeError) and item.number == number:
            self.close()
            raise OverLimitError(self.budget.exceeded("answer"), "answer")
        if isinstance(item, FrameError) or item[0] != number:
            self.close()
            self._raise_over()
            raise ProtocolError("wrote something to the grader's channel that is no answer")
        return item[1]

    def _raise_over(self) -> None:
        """A worker that was killed for going over a limit did not end for another reason."""
        over = self._end.over if self._end else ""
        if over:
            raise OverLimitError(self.budget.exceeded(over), over)

    def _bury(self) -> End:
        with self._ending:  # several threads may close it
            if self._end is not None:
                return self._end
            self._end = self._process.wait()
            self._reader.join(READER_SECONDS)
            open_streams = [self._requests] if self._reader.is_alive() else [self._requests, self._stream]
            for stream in open_streams:
                with contextlib.suppress(OSError):  # a frame that never reached the worker
                    stream.close()
        return self._end

    def _read(self) -> None:
        """Fetch frames as they come, so that a worker is never held up by a full pipe."""
        try:
            while (frame := read_frame(self._stream, self.budget.answer + AROUND_ANSWER)) is not None:
                self._answers.put(frame)
            self._answers.put(None)
        except TooLargeError as error:
            self._answers.put(error)
        except (FrameError, OSError, ValueError):  # it ended in the middle
            self._answers.put(None)


def _ended_words(status: int) -> str:
    if status >= 0:
        return f"ended its process by itself, with exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was ended by {name}"


def kill_group(pid: int) -> None:
    """Kill a process and the group that it leads, where there are groups."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)  # on Windows this is TerminateProcess
