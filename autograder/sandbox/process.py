"""The grader's end of a worker: start it, ask it, end it.

This is the portable way: a fresh interpreter that imports what it needs. It costs an import of TensorFlow, and works
wherever Python does.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from types import TracebackType

from autograder.sandbox.frames import FrameError, read_frame, write_frame

ANSWER_CAP = 80 * 2**20
READER_SECONDS = 1.0  # a process that left the worker's group may hold its pipe open; nobody waits for that

# One thread per worker: many workers share the cores, and a process with one thread can be forked. No network or
# GPU is looked for, logs are off, and scikit-learn's n_jobs stays inside the process.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "JOBLIB_MULTIPROCESSING": "0",
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "LANG": "C.UTF-8",
}
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")  # what an interpreter may need to start at all


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


class ProtocolError(WorkerError):
    """It wrote something that is no answer to what was asked; the worker has been killed."""


class Worker:
    """One worker process. Not shared between threads; one request is open at a time.

    Args:
        handler: what answers in the worker, as "module:function".
    """

    def __init__(self, handler: str) -> None:
        self._folder = tempfile.mkdtemp(prefix="dlkit-worker-")
        environment = ENVIRONMENT | {name: os.environ[name] for name in KEPT if name in os.environ}
        homes = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "KERAS_HOME", "MPLCONFIGDIR"), self._folder)
        self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-m", "autograder.sandbox.worker", handler],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env=environment | homes,
            start_new_session=True,
        )
        self._number = 0
        self._answers: queue.SimpleQueue[tuple[int, bytes] | FrameError | None] = queue.SimpleQueue()
        self._arrived: list[tuple[int, bytes] | FrameError | None] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def send(self, request: bytes) -> None:
        """Send a request; its answer is fetched with `receive`."""
        self._number += 1
        with contextlib.suppress(OSError):  # a worker that is gone is noticed when it does not answer
            assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
            write_frame(self._process.stdin, self._number, request)

    def wait(self, timeout: float) -> bool:
        """Whether something has come within `timeout` seconds; it stays to be received."""
        if not self._arrived:
            with contextlib.suppress(queue.Empty):
                self._arrived.append(self._answers.get(timeout=max(0.0, timeout)))
        return bool(self._arrived)

    def receive(self, timeout: float) -> bytes:
        """The answer to the open request.

        Raises:
            TimedOutError: it did not come within `timeout` seconds.
            EndedError: the process ended first.
            ProtocolError: something else came.
        """
        if not self.wait(timeout):
            self.close()
            raise TimedOutError(f"did not answer within {timeout:g} s")
        item = self._arrived.pop()
        if item is None:
            status = self._end()
            raise EndedError(_ended_words(status), status)
        if isinstance(item, FrameError) or item[0] != self._number:
            self.close()
            raise ProtocolError("wrote something to the grader's channel that is no answer")
        return item[1]

    def ask(self, request: bytes, timeout: float) -> bytes:
        """Send a request and wait for its answer; raises as `receive` does."""
        self.send(request)
        return self.receive(timeout)

    def close(self) -> None:
        """Kill the worker and everything it started, and remove its folder."""
        self._kill()
        self._end()

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _end(self) -> int:
        if hasattr(os, "waitid"):  # until it is reaped, its number cannot become another process group's
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                self._kill()  # whatever it started
        status = self._process.wait()
        self._reader.join(READER_SECONDS)
        open_streams = [self._process.stdin] if self._reader.is_alive() else [self._process.stdin, self._process.stdout]
        for stream in open_streams:
            with contextlib.suppress(OSError):  # a frame that never reached the worker
                stream.close()  # type: ignore[union-attr]
        shutil.rmtree(self._folder, ignore_errors=True)
        return status

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        try:
            while (frame := read_frame(self._process.stdout, ANSWER_CAP)) is not None:
                self._answers.put(frame)
            self._answers.put(None)
        except FrameError as error:
            self._answers.put(error if self._process.poll() is None else None)
        except (OSError, ValueError):
            self._answers.put(None)


def _ended_words(status: int) -> str:
    if status >= 0:
        return f"ended its process by itself, with exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was ended by {name}"
