"""Workers that are fresh processes, for systems that cannot fork: one of them may be started ahead (see `waiting`)."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import asdict
from types import TracebackType
from typing import Any

from autograder.sandbox.budget import Budget
from autograder.sandbox.clock import cpu_of, is_asleep
from autograder.sandbox.folder import Home, remove, room_in
from autograder.sandbox.frames import RefusalError, write_frame
from autograder.sandbox.interpreter import ENVIRONMENT, environment, python
from autograder.sandbox.layers import READY
from autograder.sandbox.leftovers import OWNER, mark
from autograder.sandbox.process import End, Worker, kill_group
from autograder.sandbox.standby import MESSAGE_CAP, Standby, calling
from autograder.sandbox.turns import Turns
from autograder.sandbox.warm import KNOWN

BURIAL_SECONDS = 10.0
GLANCE_SECONDS = 0.01
WARM, WARM_IF_POSSIBLE = "warm", "warm if possible"


class Spawned:
    """Workers that are fresh processes: wherever Python runs, at the price of an import each.

    Args:
        handler: what answers in a worker, as "module:function".
        without: names of layers to leave out.
        threads: how many each library may compute with.
        place: where a worker may have waited, and where one waits afterwards; None for neither.
    """

    def __init__(self, handler: str, without: Collection[str] = (), *, threads: int = 1, place: Standby | None = None) -> None:
        self._handler = handler
        self._place = place
        self._threads = dict.fromkeys((name for name in ENVIRONMENT if name.endswith("_THREADS")), str(threads))
        self._without = sorted(without)
        self.turns = Turns()
        self._modules: dict[str, dict[str, None]] = {WARM: {}, WARM_IF_POSSIBLE: {}}
        self._home: Home | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Spawned:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def warm(self, modules: Iterable[str]) -> None:
        """Have later workers import these modules before they isolate themselves."""
        self._modules[WARM].update(dict.fromkeys(modules))

    def warm_if_possible(self, modules: Iterable[str]) -> None:
        """The same for those that are known and found."""
        self._modules[WARM_IF_POSSIBLE].update(dict.fromkeys(name for name in modules if name in KNOWN))

    def starts_at_once(self, modules: Iterable[str]) -> bool:
        """Never: each worker is a process of its own, and one more would cost as much as it saves."""
        return False

    def start(self, budget: Budget) -> Worker:
        """Take the process that waits, or start one; it says by itself when it is ready.

        Raises:
            RefusalError: the system starts no process.
        """
        try:
            with self._lock:
                self._home = self._home or Home()
            folder = tempfile.mkdtemp(dir=self._home.path)
        except OSError as error:
            raise RefusalError(f"no folder can be made for a worker: {error}") from None
        asked = {**self._imports(), "budget": asdict(budget), "without": self._without}
        found = self._place.connect() if self._place else None
        taken = _taken(*found, asked, folder, budget) if found else None
        return taken or self._begun(asked, folder, budget)

    def _begun(self, asked: dict[str, Any], folder: str, budget: Budget) -> Worker:
        """A process that starts now."""
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*python("autograder.sandbox.worker"), self._handler],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment(folder) | self._threads | {OWNER: mark()},
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise RefusalError(f"no process can be started: {error}") from None
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - opened as pipes above
        with contextlib.suppress(OSError):  # it will be missed when it does not say that it is ready
            write_frame(process.stdin, READY, json.dumps(asked).encode())
        return Worker(_Fresh(process, folder), process.stdin, process.stdout, budget)

    def close(self) -> None:
        """Nothing is kept between workers but the folder that held theirs, and one that waits for the next grading."""
        with self._lock:
            home, self._home = self._home, None
        if home is not None:
            home.close()
            if self._place is not None and self._modules[WARM]:
                self._leave_one(self._place)

    def _imports(self) -> dict[str, list[str]]:
        return {"modules": list(self._modules[WARM]), "libraries": list(self._modules[WARM_IF_POSSIBLE])}

    def _leave_one(self, place: Standby) -> None:
        """Have the next grading find a worker that has imported what this one needed."""
        found = place.connect()
        if found:
            found[0].close()
            return
        with contextlib.suppress(OSError):
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*python("autograder.sandbox.worker"), self._handler, place.to_json(), json.dumps(self._imports())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment(tempfile.gettempdir()) | self._threads,
                start_new_session=True,
            )
            process.returncode = 0  # so that nobody warns that it still runs


def _taken(control: socket.socket, pid: int, asked: dict[str, Any], folder: str, budget: Budget) -> Worker | None:
    """The worker that has waited; None if it does not answer, or somebody else was first."""
    (requests_there, requests), (answers, answers_there) = os.pipe(), os.pipe()
    theirs = [requests_there, answers_there]
    try:
        with control:
            message = {"take": {**asked, "folder": folder, "calling": calling()}}
            socket.send_fds(control, [json.dumps(message).encode()], theirs)
            if json.loads(control.recv(MESSAGE_CAP)) == {"taken": True}:
                return Worker(_Taken(pid, folder), os.fdopen(requests, "wb"), os.fdopen(answers, "rb"), budget)
    except (OSError, ValueError):
        pass
    finally:
        for fd in theirs:
            os.close(fd)
    os.close(requests)
    os.close(answers)
    return None


class _Glanced:
    """A worker whose end is found by looking for it again and again."""

    def ended(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._has_ended():
            if time.monotonic() >= deadline:
                return False
            time.sleep(GLANCE_SECONDS)
        return True

    def _has_ended(self) -> bool:
        raise NotImplementedError


class _Taken(_Glanced):
    """A worker that has waited. It is no child of ours, so nobody tells us how it ends."""

    def __init__(self, pid: int, folder: str) -> None:
        self._pid = pid
        self._folder = folder
        self._pidfd = os.pidfd_open(pid) if sys.platform.startswith("linux") else -1
        self._lock = threading.Lock()
        self._closed = False

    def cpu(self) -> float | None:
        return None if self._closed else cpu_of(self._pid)

    def asleep(self) -> bool:
        return is_asleep(self._pid)

    def room(self) -> int:
        return room_in(self._folder)

    def kill(self) -> None:
        with self._lock:
            if not self._has_ended():
                kill_group(self._pid)

    def _has_ended(self) -> bool:
        if self._closed:
            return True
        if self._pidfd >= 0:  # which tells it of a process that nobody has buried, too
            return bool(select.select([self._pidfd], [], [], 0.0)[0])
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        return False

    def wait(self) -> End:
        self.ended(BURIAL_SECONDS)
        with self._lock:
            self._closed = True
            if self._pidfd >= 0:
                os.close(self._pidfd)
                self._pidfd = -1
        remove(self._folder)
        return End(-signal.SIGKILL, lost=True)  # asked again, of one whose end can be seen


class _Fresh(_Glanced):
    """A worker that is our own child."""

    def __init__(self, process: subprocess.Popen[bytes], folder: str) -> None:
        self._process = process
        self._folder = folder

    def cpu(self) -> float | None:
        return cpu_of(self._process.pid) if sys.platform.startswith("linux") else None

    def asleep(self) -> bool:
        return is_asleep(self._process.pid)

    def room(self) -> int:
        return room_in(self._folder)

    def _has_ended(self) -> bool:
        if not hasattr(os, "waitid"):
            return self._process.poll() is not None
        try:  # without reaping it: see `kill`
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def kill(self) -> None:
        kill_group(self._process.pid)  # not reaped before `wait`, so the number is still its own

    def wait(self) -> End:
        if hasattr(os, "waitid"):  # until it is reaped, its number cannot become another process group's
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                kill_group(self._process.pid)  # whatever it started
        status = self._process.wait()
        remove(self._folder)
        return End(status)
