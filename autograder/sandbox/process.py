"""The grader's end of a worker: ask it, wait for it, end it. How it was started is `sources`."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol

from autograder.sandbox.budget import MB, ROOM, Budget
from autograder.sandbox.clock import Clock, Used
from autograder.sandbox.frames import HEADER, PROGRESS, FrameError, RefusalError, TooLargeError, read_frame
from autograder.sandbox.layers import READY, Layers, layers_of

READER_SECONDS = 1.0  # a process that left the worker's group may hold its pipe open; nobody waits for that
READY_SECONDS = 180.0  # for our own imports, on a slow disk
ENDING_SECONDS = 0.5  # between the end of its answers and its own, for a process that ends by itself
AROUND_ANSWER = MB  # names, texts and what the case printed, beside the arrays
TOLD_MOST = 100_000  # frames of progress, after which it is a flood
UNREAD_MOST = 2  # frames that nobody has asked for; whoever sends more is not read any further
DISK_FULL = MB  # so little room is none: what is answered meanwhile may be for want of it


NO_ROOM = "the disk of this machine is full (`dlkit doctor` says which, and how much room is wanted)"


class WorkerError(Exception):
    """A worker did not answer. `why` says what happened to it, in words that fit behind "the worker"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TimedOutError(WorkerError):
    """The answer did not come in time; the worker has been killed. `loaded` tells whether it had to wait for the machine."""

    def __init__(self, why: str, loaded: bool = False) -> None:
        super().__init__(why)
        self.loaded = loaded


class MachineError(WorkerError):
    """Something of this machine was in the way, and the worker is not to blame: too few cores, or a full disk."""


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
    """How a process ended: its exit status, negative for a signal, the limit that it was killed for, its peak memory.

    `lost` if nobody saw how: whoever watched it is gone.
    """

    status: int
    over: str = ""
    peak: int = 0
    lost: bool = False


class Process(Used, Protocol):
    """A process as whoever started it can watch and end it."""

    def kill(self) -> None:
        """Kill it and everything it started; it may be gone already."""

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, or does so within these seconds."""

    def room(self) -> int:
        """Free bytes of the disk that it writes to."""

    def wait(self) -> End:
        """Wait until it has ended, once it has been killed, and leave nothing of it behind."""


class Worker:
    """One worker process. Not shared between threads; one request is open at a time.

    Args:
        process: what can be killed and waited for.
        requests: where to write.
        answers: where to read.
        budget: what it may use.
        ready: seconds that it may be charged with before it says that it is ready.
    """

    def __init__(
        self, process: Process, requests: IO[bytes], answers: IO[bytes], budget: Budget, ready: float = READY_SECONDS
    ) -> None:
        self.budget = budget
        self._seconds = ready
        self._process = process
        self._requests = requests
        self._stream = answers
        self._number = READY
        self._layers: Layers | None = None
        self._end: End | None = None
        self.spent = 0.0  # seconds that the last request was charged with (see `clock`)
        self.loaded = False  # whether it had to wait for the machine meanwhile
        self.told = b"", 0.0  # where it last said that it is, and when
        self._ending = threading.Lock()
        self._answers: queue.SimpleQueue[tuple[int, bytes] | FrameError | None] = queue.SimpleQueue()
        if hasattr(select, "poll"):  # so that a worker that does not read its requests holds up nobody
            os.set_blocking(requests.fileno(), False)
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
                self._layers = layers_of(self._receive(READY, Clock(self._seconds, self._process, READY_SECONDS)))
            except (WorkerError, ValueError, KeyError) as error:
                raise RefusalError(f"the worker could not be set up: it {error}") from None
        return self._layers

    @property
    def peak(self) -> int:
        """The most memory that it has used, in bytes, once it has ended; 0 where nobody watched it."""
        return self._end.peak if self._end else 0

    def ask(self, request: bytes, timeout: float, wall: float | None = None) -> bytes:
        """Send a request and wait for its answer.

        Args:
            request: the bytes.
            timeout: seconds that it may be charged with (see `clock`).
            wall: seconds on the wall after which nobody waits any more.

        Raises:
            RefusalError: the worker could not be set up in the first place.
            TimedOutError: the answer did not come in time.
            MachineError: it did not come, or is worth nothing, for a reason that lies in this machine.
            OverLimitError: it was killed for going over its budget.
            EndedError: the process ended first.
            ProtocolError: something else came.
        """
        _ = self.layers
        self._number += 1
        clock = Clock(timeout, self._process, wall)
        try:
            self._send(HEADER.pack(self._number, len(request)) + request, clock)
            answer = self._receive(self._number, clock)
        finally:
            self.spent, self.loaded = clock.charged, clock.loaded
        if self._process.room() < DISK_FULL:
            raise MachineError(NO_ROOM)
        return answer

    def close(self) -> None:
        """Kill the worker and everything it started, and leave nothing of it behind."""
        if self._end is None:
            self._process.kill()
            self._bury()

    def _send(self, frame: bytes, clock: Clock) -> None:
        """Write a frame for as long as the clock allows; that a worker is gone is noticed when it does not answer."""
        if not hasattr(select, "poll"):  # Windows, where a pipe cannot be waited for
            writer = threading.Thread(target=self._write, args=(frame,), daemon=True)
            writer.start()
            while writer.is_alive():
                writer.join(clock.tick)
                self._check(clock)
            return
        left = memoryview(frame)
        with contextlib.suppress(OSError, ValueError):
            poller = select.poll()
            poller.register(self._requests, select.POLLOUT)
            while left:
                if poller.poll(1000 * clock.tick):
                    with contextlib.suppress(BlockingIOError):
                        left = left[os.write(self._requests.fileno(), left) :]
                else:
                    self._check(clock)

    def _write(self, frame: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._requests.write(frame)
            self._requests.flush()

    def _check(self, clock: Clock) -> None:
        """Look at the clock; end the worker, and say so, if there is nothing more to wait for."""
        clock.advance()
        if clock.over or clock.starved:
            self.close()
            self._raise_over()
        if clock.over:
            raise TimedOutError(f"did not answer within {clock.limit:g} s", clock.loaded)
        if clock.starved:
            had, passed = clock.charged, clock.elapsed
            raise MachineError(f"this machine is too busy: the worker had only {had:.1f} s of computing time in {passed:.0f} s")

    def _next(self, clock: Clock) -> tuple[int, bytes] | FrameError | None:
        """What comes next from the worker; None at the end of its answers."""
        while True:
            try:
                item = self._answers.get(timeout=clock.tick)
            except queue.Empty:
                self._check(clock)
            else:
                clock.finish()
                return item

    def _receive(self, number: int, clock: Clock) -> bytes:
        item = self._next(clock)
        if item is None:
            by_itself = self._process.ended(ENDING_SECONDS)
            self.close()
            end = self._bury()
            self._raise_over()
            if end.lost:
                raise MachineError("was lost: the process that watched it has ended")
            if not by_itself:
                raise ProtocolError("closed the grader's channel")
            raise EndedError(_ended_words(end.status), end.status)
        if isinstance(item, TooLargeError) and item.number == number:
            self.close()
            raise OverLimitError(self.budget.exceeded("answer"), "answer")
        if isinstance(item, FrameError) or item[0] != number:
            self.close()
            self._raise_over()
            raise ProtocolError("wrote data to the grader's channel that is not an answer")
        return item[1]

    def _raise_over(self) -> None:
        """A worker that was killed for going over a limit did not end for another reason."""
        over = self._end.over if self._end else ""
        if over == ROOM:
            raise MachineError(NO_ROOM)
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
        """Fetch frames as they come, so that a worker is not held up by a full pipe."""
        try:
            told = 0
            while (frame := read_frame(self._stream, self.budget.answer + AROUND_ANSWER)) is not None:
                if frame[0] == PROGRESS and told < TOLD_MOST:
                    self.told, told = (frame[1], time.monotonic()), told + 1
                    continue
                self._answers.put(frame)
                if self._answers.qsize() > UNREAD_MOST:  # a flood, which is not taken into our memory
                    self._answers.put(FrameError("frames that nobody has asked for"))
                    return
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
