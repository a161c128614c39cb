"""A zygote: imports once, then forks a worker in some 15 ms whenever it is asked to.

It has no secret and runs no stranger's code.

    python -I -m autograder.sandbox.zygote FD autograder.observing:serve

It is asked over a socket (FD), one message at a time: {"warm": modules} and {"fork": ...}, the latter with three open
files: the worker's requests, its answers, and where its end is to be told. It watches what the kernel cannot count for
one process (memory in use, threads, files made), kills what goes over its budget, and removes each worker's folder. When the
disk is nearly full, the worker that has written most is ended before others fail for want of room. When the grader is gone,
so are the zygote and all its workers.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import namespaces
from autograder.sandbox.budget import MB, ROOM, Budget
from autograder.sandbox.folder import deleted, remove, room_in, usage
from autograder.sandbox.frames import NotInstalledError, RefusalError, write_frame
from autograder.sandbox.isolation import die_with_parent, field_of_status
from autograder.sandbox.warm import warm, warm_if_possible, why_not_fork
from autograder.sandbox.worker import READY, Make, handler, lead_nowhere, serve

MESSAGE_CAP = 2**16
WATCH_SECONDS = 0.05
ROOMY = 512 * MB  # with less room than that, a disk can be full before the next look: it is looked at more often
GLANCE_SECONDS = 0.01
SCARCE = 8 * MB  # of room: whoever has written most is ended
WRITTEN_LEAST = MB  # by a worker that can be blamed for a full disk
MARGIN = 2**20  # bytes of folders and unfilled blocks; a file that reaches the limit is stopped by the kernel first
NEARLY = 0.9  # of its memory: who dies with as much in use has died of it


@dataclass
class Ward:
    """A worker as its zygote knows it."""

    pid: int
    folder: str
    told: int  # where its end is to be told
    budget: Budget
    at_start: int  # bytes it shared with the zygote when it was forked
    watched: bool = True
    peak: int = 0
    over: str = ""  # the limit that it was killed for
    written: int = 0  # bytes of its files, when they were last counted

    def watch(self) -> str:
        """The limit that it is over, or ""."""
        used = field_of_status("RssAnon", self.pid) + field_of_status("RssShmem", self.pid) - self.at_start
        self.peak = max(self.peak, used)
        if used > self.budget.memory:
            return "memory"
        if field_of_status("Threads", self.pid) > self.budget.threads:
            return "threads"
        self.written, made = usage(self.folder, self.budget.files)
        self.written += deleted(self.pid)
        return "disk" if self.written > self.budget.disk + MARGIN else "files" if made > self.budget.files else ""


class Zygote:
    """The process that forks.

    Args:
        control: the socket to the grader.
        make: what makes a worker's handler.
        wall: the namespaces around it, in words.
    """

    def __init__(self, control: socket.socket, make: Make, wall: str) -> None:
        self.control = control
        self.make = make
        self.wall = wall
        self.wards: dict[int, Ward] = {}
        self.base = tempfile.mkdtemp(prefix="dlkit-zygote-")

    def run(self) -> NoReturn:
        """Answer the grader until it is gone."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        selector = selectors.DefaultSelector()
        selector.register(self.control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        watched, often = 0.0, WATCH_SECONDS
        while True:
            ready = [key.fd for key, _ in selector.select(often if self.wards else None)]
            if woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
                self.reap()
            if self.control.fileno() in ready:
                self.answer()
            if self.wards and time.monotonic() - watched >= often:
                room = room_in(self.base)
                self.watch()
                if room < SCARCE:
                    self.make_room()
                watched, often = time.monotonic(), WATCH_SECONDS if room >= ROOMY else GLANCE_SECONDS

    def answer(self) -> None:
        """Do one thing that the grader asks for."""
        message, fds, *_ = socket.recv_fds(self.control, MESSAGE_CAP, 3)
        if not message:
            self.end()
        asked = json.loads(message)
        given: list[int] = []
        try:
            said: dict[str, Any] = {}
            if "warm" in asked:
                warm(asked["warm"])
            elif "warm if possible" in asked:
                warm_if_possible(asked["warm if possible"])
            else:
                ward = self.fork(fds, asked)
                said = {"pid": ward.pid}
                given = [os.pidfd_open(ward.pid)]
                fds.remove(ward.told)
        except NotInstalledError as error:
            said = {"not installed": error.name}
        except (RefusalError, OSError) as error:
            said = {"error": str(error)}
        for fd in fds:
            os.close(fd)
        try:
            socket.send_fds(self.control, [json.dumps(said).encode()], given)
        except OSError:
            self.end()
        for fd in given:
            os.close(fd)

    def fork(self, fds: list[int], asked: dict[str, Any]) -> Ward:
        """Fork a worker.

        Raises:
            RefusalError: it would not be safe.
        """
        reason = why_not_fork()
        if reason:
            raise RefusalError(reason)
        folder = tempfile.mkdtemp(dir=self.base)
        pid = os.fork()
        if pid == 0:
            self.become_worker(fds, folder, asked)
        at_start = field_of_status("RssAnon", pid) + field_of_status("RssShmem", pid)
        ward = Ward(pid, folder, fds[2], Budget(**asked["budget"]), at_start, "watchdog" not in asked["without"])
        self.wards[pid] = ward
        return ward

    def become_worker(self, fds: list[int], folder: str, asked: dict[str, Any]) -> NoReturn:
        """In the child: a session of its own, no open file but its two pipes, and then `serve`."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            layers = [layer for layer in (self.wall, "watchdog") if layer and layer not in asked["without"]]
            if die_with_parent():
                layers.insert(0, "dies with the grader")
            os.setsid()
            os.chdir(folder)
            lead_nowhere()
            if "fds" not in asked["without"]:
                kept = sorted(fds[:2])
                for low, high in zip([2, *kept], [*kept, 2**20], strict=True):
                    os.closerange(low + 1, high)
            requests, answers = os.fdopen(fds[0], "rb"), os.fdopen(fds[1], "wb")
            try:
                serve(self.make, requests, answers, Budget(**asked["budget"]), asked["without"], layers)
            except Exception as error:
                write_frame(answers, READY, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        finally:
            os._exit(1)

    def watch(self) -> None:
        """Kill every worker that is over its budget."""
        for ward in self.wards.values():
            over = ward.watch() if ward.watched and not ward.over else ""
            if over:
                ward.over = over
                kill_session(ward.pid)

    def make_room(self) -> None:
        """End the worker that has written most: nobody else is to fail for want of room."""
        ward = max((ward for ward in self.wards.values() if ward.watched), key=lambda ward: ward.written, default=None)
        if ward is not None and not ward.over and ward.written >= WRITTEN_LEAST:
            ward.over = ROOM
            kill_session(ward.pid)

    def reap(self) -> None:
        """Bury the workers that have ended, with whatever they started, and tell how they ended."""
        for pid in ended():
            ward = self.wards.pop(pid, None)
            if ward is not None:
                kill_session(pid)  # until it is reaped, its number belongs to nobody else
            status = os.waitpid(pid, 0)[1]
            if ward is not None:
                remove(ward.folder)
                over = ward.over
                if not over and os.WIFSIGNALED(status) and ward.peak >= NEARLY * ward.budget.memory:
                    over = "memory"
                said = {"status": os.waitstatus_to_exitcode(status), "over": over, "peak": ward.peak}
                with contextlib.suppress(OSError):  # nobody may be waiting any more
                    os.write(ward.told, json.dumps(said).encode())
                os.close(ward.told)

    def end(self) -> NoReturn:
        """Leave nothing behind."""
        for ward in self.wards.values():
            kill_session(ward.pid)
        for pid in list(self.wards):
            os.waitpid(pid, 0)
        remove(self.base)
        os._exit(0)


def ended() -> Iterator[int]:
    """The children that have ended and were not yet waited for."""
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if found is None:
            return
        yield found.si_pid


def kill_session(pid: int) -> None:
    """Kill a worker and the process group that it leads."""
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def main() -> None:
    """Set up the zygote; what it cannot do is said to the grader in place of its first answer."""
    gc.disable()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    lead_nowhere()
    wall = namespaces.enter() if "wall" in sys.argv[3:] else ""
    try:
        zygote = Zygote(control, handler(sys.argv[2]), wall)
    except RefusalError as error:
        control.recv(MESSAGE_CAP)
        control.send(json.dumps({"error": str(error)}).encode())
        return
    gc.enable()
    Path(zygote.base).chmod(0o700)
    zygote.run()


if __name__ == "__main__":
    main()
