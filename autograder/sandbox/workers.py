"""Where workers come from: forked from a zygote, or started afresh where a system cannot fork.

Both give the same `Worker`, which answers the same frames. A fork is ready in some 15 ms; a fresh process imports anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Protocol

from autograder.sandbox.budget import Budget
from autograder.sandbox.clock import cpu_of, is_asleep
from autograder.sandbox.folder import Home, room_in
from autograder.sandbox.frames import HEADER, NotInstalledError, RefusalError
from autograder.sandbox.interpreter import environment, python
from autograder.sandbox.layers import READY
from autograder.sandbox.leftovers import OWNER, mark
from autograder.sandbox.process import READY_SECONDS, End, Worker, kill_group
from autograder.sandbox.spawned import Spawned
from autograder.sandbox.standby import MESSAGE_CAP, WORKER, ZYGOTE, Standby, ask, calling, standby
from autograder.sandbox.turns import Turns
from autograder.sandbox.warm import KNOWN

BURIAL_SECONDS = 10.0
GLANCE_SECONDS = 0.01
SPARE_SECONDS = 1.0  # that a worker which was started ahead may sleep or compute before it says that it is ready
WARM, WARM_IF_POSSIBLE = "warm", "warm if possible"  # what a zygote is asked
ENDED = "the zygote has ended"


class Source(Protocol):
    """Where workers come from. Shared between threads.

    Attributes:
        turns: who may ask its workers at the moment.
    """

    turns: Turns

    def warm(self, modules: Iterable[str]) -> None:
        """Have every worker that is started from now on find these modules imported. Returns at once."""

    def warm_if_possible(self, modules: Iterable[str]) -> None:
        """The same for what a submission imports: libraries that are known (see `warm.KNOWN`) and installed; others are left."""

    def starts_at_once(self, modules: Iterable[str]) -> bool:
        """Whether a worker could start before these modules are imported, which it would now have to wait for."""

    def start(self, budget: Budget) -> Worker:
        """A new worker.

        Raises:
            NotInstalledError: a library that was to be warm is not installed.
            RefusalError: none can be started.
        """

    def close(self) -> None:
        """Start no more; nothing is left behind."""

    def __enter__(self) -> Source:
        """It is closed at the end of a `with` block."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """As `close`."""


def source(handler: str, kind: str = "auto", *, without: Collection[str] = (), stays: bool = False, few: bool = False) -> Source:
    """The best source that this system has, or the one that is asked for.

    Args:
        handler: what answers in a worker, as "module:function".
        kind: "fork", "spawn", or "auto": fork on Linux, spawn elsewhere.
        without: names of layers to leave out (see `isolation`), to show what each is for.
        stays: whether a zygote may be used that stayed, and stay (see `standby`), where a system forks by itself.
        few: whether few workers are expected: what few functions need is then imported by the worker that calls one of them.

    Raises:
        RefusalError: there is no room for its folder.
    """
    forks = sys.platform.startswith("linux") and hasattr(os, "fork")
    place = standby(ZYGOTE if forks else WORKER) if kind == "auto" and stays else None
    if kind == "fork" or (kind == "auto" and forks):
        return Forked(handler, without, place, few=few)
    return Spawned(handler, without, place=place)


class Forked:
    """Workers forked from a zygote of our own; a zygote that is lost is replaced by another.

    Args:
        handler: what answers in a worker, as "module:function".
        without: names of layers to leave out.
        place: where a zygote may have stayed, and where ours stays otherwise; None for one that ends with us.
        few: whether few workers are expected (see `postponed`).
    """

    def __init__(self, handler: str, without: Collection[str] = (), place: Standby | None = None, *, few: bool = False) -> None:
        self.turns = Turns()
        self._handler = handler
        self._without = sorted(without)
        self._lock = threading.Lock()
        self._unanswered = 0  # requests whose answers are fetched when they are needed
        self._imports = False  # whether one of these is to warm
        self._warmed: dict[str, dict[str, None]] = {WARM: {}, WARM_IF_POSSIBLE: {}}
        self._error = ""
        self._closed = False
        self._place = place
        self._few = few
        self._ahead: _Asked | None = None  # from a zygote that has stayed: a worker that starts while we import
        self._process: subprocess.Popen[bytes] | None = None  # None for a zygote that has stayed
        self._home = Home()
        self._begin()

    def _begin(self) -> None:
        hello = {"hello": {"home": self.home, "calling": calling(), "few": self._few}}
        found = self._place.connect() if self._place else None
        if found:
            told = ask(found[0], hello)
            if told is not None and isinstance(told.get("warmed"), list):
                self._control, self._pid = found
                self._warmed[WARM].update(dict.fromkeys(told["warmed"]))
                if isinstance(told.get("budget"), dict):  # it has had a worker
                    self._ahead = self._ask_for(Budget(**told["budget"]), ahead=True)
                return
            found[0].close()  # it hangs, or imports for another grading
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = ["bare" if "wall" in self._without else "wall", *([self._place.to_json()] if self._place else [])]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*python("autograder.sandbox.zygote"), str(theirs.fileno()), self._handler, *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self.home,
                env=environment(tempfile.gettempdir() if self._place else self.home) | {OWNER: mark()},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._pid = self._process.pid
        self._unanswered += self._send(hello, [])

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def home(self) -> str:
        """The folder that holds the zygote's and all its workers' folders."""
        return self._home.path

    @property
    def pid(self) -> int:
        """The zygote's process."""
        return self._pid

    def warm(self, modules: Iterable[str]) -> None:
        """Have the zygote import modules; what goes wrong is said when a worker is asked for."""
        self._warm(WARM, modules)

    def warm_if_possible(self, modules: Iterable[str]) -> None:
        """Have the zygote import those that it knows and finds."""
        self._warm(WARM_IF_POSSIBLE, (name for name in modules if name in KNOWN))

    def _warm(self, how: str, modules: Iterable[str]) -> None:
        with self._lock:
            new = [name for name in modules if name not in self._warmed[how]]
            if new and not self._error:
                self._give_up_ahead()
                self._warmed[how].update(dict.fromkeys(new))
                self._unanswered += self._send({how: new}, [])
                self._imports = True

    def starts_at_once(self, modules: Iterable[str]) -> bool:
        """Whether nothing is being imported, but these modules would have to be."""
        return not self._imports and not self._warmed[WARM].keys() >= set(modules)

    def start(self, budget: Budget) -> Worker:
        """Fork a worker.

        Raises:
            NotInstalledError: a library that was to be warm is not installed.
            RefusalError: the zygote could not import, would not fork safely, or is gone for good.
        """
        with self._lock:
            lost = self._process is not None and self._process.poll() is not None and not self._closed
            if lost:
                self._begin_again()
        try:
            return self._start(budget)
        except _LostError:
            with self._lock:
                if self._closed or lost:  # twice in a row is no accident
                    raise
                self._begin_again()
            return self._start(budget)

    def _begin_again(self) -> None:
        """Put another zygote in the place of one that has ended: killed, most likely, when the machine ran out of memory."""
        self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(BURIAL_SECONDS)
        self._place = None
        self._error, self._unanswered = "", 0
        self._begin()
        for how, modules in self._warmed.items():
            if modules:
                self._unanswered += self._send({how: list(modules)}, [])
                self._imports = True

    def _start(self, budget: Budget) -> Worker:
        with self._lock:
            asked, self._ahead = self._ahead, None
            if asked is not None and asked.budget != budget:
                self._give_up(asked)
                asked = None
            if asked is None:
                while self._unanswered:
                    self._unanswered -= 1
                    self._answer()
                self._imports = False
                asked = self._ask_for(budget)
            worker = self._given(asked)
            if asked.ahead and not _is_ready(worker):  # one that is broken costs only its start
                worker = self._given(self._ask_for(budget))
            return worker

    def _ask_for(self, budget: Budget, *, ahead: bool = False) -> _Asked:
        """Ask for a worker; what is said to that is fetched by `_given`, before anything else is asked.

        Where it is asked for ahead, it may be one that was forked before that.
        """
        requests_there, requests = os.pipe()
        answers, answers_there = os.pipe()
        told, told_there = os.pipe()
        theirs = [requests_there, answers_there, told_there]
        try:
            message = {"fork": True, "budget": asdict(budget), "without": self._without, "ahead": ahead}
            self._send(message, theirs)
        finally:
            for fd in theirs:
                os.close(fd)
        return _Asked(budget, requests, answers, told, ahead)

    def _given(self, asked: _Asked) -> Worker:
        """The worker that was asked for.

        Raises:
            RefusalError: there is none.
        """
        try:
            reply, (pidfd, *pipes) = self._answer()
        except RefusalError:
            asked.close()
            raise
        if pipes:  # it was there before us, with pipes of its own
            asked.close()
            requests, answers, told = pipes
            asked = _Asked(asked.budget, requests, answers, told, ahead=True)
        if asked.ahead:
            with contextlib.suppress(OSError):  # it will be missed when it does not say that it is ready
                os.write(asked.requests, HEADER.pack(READY, 0))
        child = _Child(reply["pid"], pidfd, asked.told, self.home)
        seconds = SPARE_SECONDS if asked.ahead else READY_SECONDS
        return Worker(child, os.fdopen(asked.requests, "wb"), os.fdopen(asked.answers, "rb"), asked.budget, seconds)

    def _give_up_ahead(self) -> None:
        """Have no worker ahead: it lacks what is to be imported now."""
        asked, self._ahead = self._ahead, None
        if asked is not None:
            self._give_up(asked)

    def _give_up(self, asked: _Asked) -> None:
        with contextlib.suppress(RefusalError):
            self._given(asked).close()

    def close(self) -> None:
        """End the zygote and all its workers; one that stays goes on without us."""
        self._closed = True
        self._control.close()
        if self._ahead is not None:
            self._ahead.close()
        if self._process is not None and self._place is None:
            if self._imports:  # it imports, and would not notice before that is done; nobody needs it any more
                kill_group(self._process.pid)
            try:
                self._process.wait(BURIAL_SECONDS)
            except subprocess.TimeoutExpired:
                kill_group(self._process.pid)
                self._process.wait()
        elif self._process is not None:
            self._process.returncode = 0  # so that nobody warns that it still runs
        self._home.close()

    def _send(self, message: dict[str, Any], fds: list[int]) -> bool:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], fds)
        except OSError:
            self._error = self._error or ENDED
        return not self._error

    def _answer(self) -> tuple[dict[str, Any], list[int]]:
        if self._error:
            raise _LostError(self._error)
        try:
            self._control.settimeout(READY_SECONDS)
            message, fds, *_ = socket.recv_fds(self._control, MESSAGE_CAP, 4)
        except OSError as error:
            message, fds = b"", []
            self._error = f"the zygote does not answer ({error})"
        if not message:
            self._error = self._error or ENDED
            raise _LostError(self._error)
        reply = json.loads(message)
        if "not installed" in reply:
            self._warmed[WARM].clear()  # so that it is asked for again, and said again
            raise NotInstalledError(reply["not installed"])
        if "error" in reply:
            raise RefusalError(reply["error"])
        return reply, fds


@dataclass(frozen=True)
class _Asked:
    """A worker that was asked for, and our ends of its pipes."""

    budget: Budget
    requests: int
    answers: int
    told: int
    ahead: bool = False

    def close(self) -> None:
        """Nobody will be there."""
        for fd in (self.requests, self.answers, self.told):
            os.close(fd)


class _LostError(RefusalError):
    """The zygote is gone."""


class _Child:
    """A worker that a zygote forked: watched and killed through its pidfd, and waited for by the zygote."""

    def __init__(self, pid: int, pidfd: int, told: int, folder: str) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._told = told
        self._folder = folder
        self._lock = threading.Lock()
        self._closed = False

    def cpu(self) -> float | None:
        return None if self._closed else cpu_of(self.pid)

    def asleep(self) -> bool:
        return is_asleep(self.pid)

    def room(self) -> int:
        return room_in(self._folder)

    def kill(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if not self._closed:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def ended(self, seconds: float) -> bool:
        return self._closed or _readable(self._pidfd, seconds)

    def wait(self) -> End:
        # A zygote that imports meanwhile tells a little later how it ended; one that is gone closes the pipe.
        told = self.ended(BURIAL_SECONDS) and _readable(self._told, READY_SECONDS)
        reply = os.read(self._told, MESSAGE_CAP) if told else b""
        with self._lock:
            self._closed = True
            os.close(self._pidfd)
            os.close(self._told)
        try:
            return End(**json.loads(reply))
        except (ValueError, TypeError):  # nothing: the zygote is gone, and so is its child
            return End(-signal.SIGKILL, lost=True)


def _is_ready(worker: Worker) -> bool:
    """Whether a worker says so in time; otherwise it is closed."""
    try:
        _ = worker.layers
    except RefusalError:
        worker.close()
        return False
    return True


def _readable(fd: int, seconds: float) -> bool:
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    return bool(poller.poll(1000 * seconds))
