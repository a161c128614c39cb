"""A zygote: imports once, then forks a worker in some 15 ms whenever it is asked to.

It has no secret and runs no stranger's code.

    python -I -m autograder.sandbox.zygote FD autograder.observing:serve

It is asked over a socket (FD), one message at a time: {"hello": ...}, which says for whom it works, {"warm": modules} and
{"fork": ...}, the latter with three open files: the worker's requests, its answers, and where its end is to be told. It watches
what the kernel cannot count for one process (memory in use, threads, files made), kills what goes over its budget, and removes
each worker's folder. When the disk is nearly full, the worker that has written most is ended before others fail for want of
room. When a grader is gone, so are its workers, and so is the zygote, unless it stays for the next one (see `standby`). Then it
forks a worker ahead (see `spare`).
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
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograder.sandbox import namespaces
from autograder.sandbox.budget import MB, ROOM, Budget
from autograder.sandbox.folder import HOMES, Home, deleted, remove, room_in, usage
from autograder.sandbox.frames import NotInstalledError, RefusalError, write_frame
from autograder.sandbox.isolation import die_with_parent, field_of_status, readable
from autograder.sandbox.layers import READY
from autograder.sandbox.machine import memory_is_short
from autograder.sandbox.postponed import the_rest
from autograder.sandbox.spare import Pipes, Terms, memory_of
from autograder.sandbox.standby import MESSAGE_CAP, Listener, Standby, take_over
from autograder.sandbox.warm import warm, warm_if_possible, why_not_fork
from autograder.sandbox.worker import Make, handler, lead_nowhere, serve

FOLDERS = "dlkit-worker-"  # how a worker's folder is named
SEND_SECONDS = 5.0  # for a grader that does not read what it is told
WATCH_SECONDS = 0.05
ROOMY = 512 * MB  # with less room than that, a disk can be full before the next look: it is looked at more often
GLANCE_SECONDS = 0.01
SCARCE = 8 * MB  # of room: whoever has written most is ended
WRITTEN_LEAST = MB  # by a worker that can be blamed for a full disk
MARGIN = 2**20  # bytes of folders and unfilled blocks; a file that reaches the limit is stopped by the kernel first
NEARLY = 0.9  # of its memory: who dies with as much in use has died of it


@dataclass(eq=False)
class Grader:
    """Somebody who asks for workers."""

    control: socket.socket
    home: str = ""  # the folder for its workers' folders
    calling: dict[str, Any] = field(default_factory=dict)  # what they take over of its terminal
    few: bool = False  # whether it will ask for few of them


@dataclass
class Ward:
    """A worker as its zygote knows it."""

    pid: int
    folder: str
    grader: Grader
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


@dataclass(frozen=True)
class Spare:
    """A worker that nobody has asked for yet."""

    ward: Ward
    pipes: Pipes
    terms: Terms


class Zygote:
    """The process that forks.

    Args:
        control: the socket to the grader that has started it.
        make: what makes a worker's handler.
        wall: the namespaces around it, in words.
        listener: where other graders find it, if it is to stay; it does so as soon as it has imported something.
        home: the folder for the folders of spares, if it is to stay.
    """

    def __init__(self, control: socket.socket, make: Make, wall: str, listener: Listener | None = None, home: str = "") -> None:
        self.graders = {control.fileno(): Grader(control)}
        self.make = make
        self.wall = wall
        self.wards: dict[int, Ward] = {}
        self.listener = listener
        self.home = home
        self.warmed: dict[str, None] = {}
        self.terms: Terms | None = None  # of the last worker, which are those of the next one, most likely
        self.spare: Spare | None = None
        self.began = time.time()
        self.left = time.monotonic()  # when the last grader left
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)

    def run(self) -> NoReturn:
        """Answer graders until they are gone."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.selector.register(woken, selectors.EVENT_READ)
        watched, often = 0.0, WATCH_SECONDS
        while True:
            ready = [key.fd for key, _ in self.selector.select(often if self.wards else self.patience())]
            if woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
                self.reap()
            if self.listener and self.listener.listens and self.listener.socket.fileno() in ready:
                self.welcome(self.listener)
            for grader in [self.graders[fd] for fd in ready if fd in self.graders]:
                self.answer(grader)
            if self.wards and time.monotonic() - watched >= often:
                room = min(room_in(grader.home) for grader in {ward.grader for ward in self.wards.values()})
                self.watch()
                if room < SCARCE:
                    self.make_room()
                watched, often = time.monotonic(), WATCH_SECONDS if room >= ROOMY else GLANCE_SECONDS
            if not self.graders and not self.is_to_stay():
                self.end()

    def patience(self) -> float | None:
        """Seconds until there is something to look at though nobody asks for anything."""
        if self.graders or self.listener is None:
            return None
        standby = self.listener.standby
        return max(0.0, min(standby.look, self.left + standby.idle - time.monotonic()))

    def is_to_stay(self) -> bool:
        """Whether to wait for another grader, now that there is none: not for long, and not at others' expense."""
        if self.listener is None or not self.listener.listens or not self.listener.is_found():
            return False
        standby = self.listener.standby
        return time.monotonic() - self.left < standby.idle and not memory_is_short(standby.short)

    def welcome(self, listener: Listener) -> None:
        """Take on another grader."""
        control = listener.accept()
        if control is not None:
            control.settimeout(SEND_SECONDS)
            self.graders[control.fileno()] = Grader(control)
            self.selector.register(control, selectors.EVENT_READ)

    def be_found(self) -> None:
        """Begin to listen, where that is wanted."""
        if self.listener and self.warmed and not self.listener.listens and self.listener.listen():
            self.selector.register(self.listener.socket, selectors.EVENT_READ)

    def answer(self, grader: Grader) -> None:
        """Do one thing that a grader asks for."""
        fds: list[int] = []
        given: list[int] = []
        try:
            message, fds, *_ = socket.recv_fds(grader.control, MESSAGE_CAP, 3)
            if not message:
                self.part_from(grader)
                return
            said, given = self.do(grader, json.loads(message), fds)
        except NotInstalledError as error:
            said = {"not installed": error.name}
        except (RefusalError, OSError) as error:
            said = {"error": str(error)}
        except (ValueError, KeyError, TypeError) as error:  # of no grader of ours
            said = {"error": f"{type(error).__name__}: {error}"}
        for fd in fds:
            os.close(fd)
        try:
            socket.send_fds(grader.control, [json.dumps(said).encode()], given)
        except OSError:
            self.part_from(grader)
        for fd in given:
            os.close(fd)
        if said.get("stops"):
            self.end()
        self.be_found()

    def do(self, grader: Grader, asked: dict[str, Any], fds: list[int]) -> tuple[dict[str, Any], list[int]]:
        """What a message asks for; what is said to it, and the open files that go with that."""
        if "hello" in asked:
            grader.home, grader.calling, grader.few = (asked["hello"][name] for name in ("home", "calling", "few"))
            return {"warmed": list(self.warmed), "budget": self.terms and self.terms.budget}, []
        if "status" in asked:
            return self.status(), []
        if "stop" in asked:  # who asks is no grader
            return {"stops": asked["stop"] == "now" or len(self.graders) == 1}, []
        if "warm" in asked or "warm if possible" in asked:
            known = len(sys.modules)
            try:
                warm(asked.get("warm", ()))
                warm_if_possible(asked.get("warm if possible", ()))
                warm_if_possible(() if grader.few else the_rest())
            finally:
                if len(sys.modules) != known:  # the spare has not imported that
                    self.give_up_spare()
            self.warmed.update(dict.fromkeys(asked.get("warm", ())))
            return {}, []
        self.terms = Terms(asked["budget"], asked["without"], grader.calling, os.path.dirname(grader.home))
        if asked["ahead"] and self.spare is not None and self.spare.terms == self.terms:
            return self.hand_over(self.spare, grader)
        ward = self.fork(grader, fds, asked)
        fds.remove(ward.told)
        return {"pid": ward.pid}, [os.pidfd_open(ward.pid)]

    def status(self) -> dict[str, Any]:
        """What it tells of itself (see `standby.Standing`)."""
        graders = [grader for grader in self.graders.values() if grader.home]
        return {
            "since": self.began,
            "memory": field_of_status("VmRSS"),
            "spare": memory_of(self.spare.ward.pid) if self.spare else 0,
            "graders": len(graders),
            "idle": 0.0 if graders else time.monotonic() - self.left,
            "limit": self.listener.standby.idle if self.listener else 0.0,
        }

    def part_from(self, grader: Grader) -> None:
        """Leave nothing behind of a grader that is gone."""
        if self.graders.pop(grader.control.fileno(), None) is None:
            return
        theirs = [ward for ward in self.wards.values() if ward.grader is grader]
        for ward in theirs:
            kill_session(ward.pid)
        for ward in theirs:
            os.waitpid(ward.pid, 0)
            self.forget(ward)
        self.selector.unregister(grader.control)
        grader.control.close()
        if grader.home:  # and not somebody who only asked how it is
            self.left = time.monotonic()
        if self.listener and self.warmed and not self.graders and not self.listener.listens:
            self.listener.take_the_place()
            if self.listener.listens:
                self.selector.register(self.listener.socket, selectors.EVENT_READ)
        self.make_spare()

    def make_spare(self) -> None:
        """Fork a worker ahead, now that nobody works; not where the next grading is somebody else's, or memory is short."""
        listener, terms = self.listener, self.terms
        if self.spare or self.wards or terms is None or listener is None or not listener.listens:
            return
        if terms.place != os.path.dirname(self.home) or memory_is_short(listener.standby.short):
            return
        pipes = Pipes.made()
        asked = {"budget": terms.budget, "without": terms.without, "ahead": True}
        try:
            ward = self.fork(Grader(listener.socket, self.home, terms.calling), list(pipes.theirs), asked)
        except (RefusalError, OSError):  # whoever needs one hears why
            pipes.close()
            os.close(pipes.theirs[2])
        else:
            self.spare = Spare(self.wards.pop(ward.pid), pipes, terms)
        for fd in pipes.theirs[:2]:
            os.close(fd)

    def hand_over(self, spare: Spare, grader: Grader) -> tuple[dict[str, Any], list[int]]:
        """Give the spare to a grader, whose own it is from now on."""
        self.spare = None
        spare.ward.grader = grader
        self.wards[spare.ward.pid] = spare.ward
        return {"pid": spare.ward.pid, "spare": True}, [os.pidfd_open(spare.ward.pid), *spare.pipes.ours]

    def give_up_spare(self) -> None:
        """Leave nothing of the spare behind."""
        spare, self.spare = self.spare, None
        if spare is not None:
            kill_session(spare.ward.pid)
            os.waitpid(spare.ward.pid, 0)
            spare.pipes.close()
            self.forget(spare.ward)

    def forget(self, ward: Ward, said: bytes = b"") -> None:
        """Leave nothing behind of a worker that has ended, and then tell how it did."""
        self.wards.pop(ward.pid, None)
        remove(ward.folder)
        with contextlib.suppress(OSError):  # nobody may be waiting any more
            os.write(ward.told, said)
        os.close(ward.told)

    def fork(self, grader: Grader, fds: list[int], asked: dict[str, Any]) -> Ward:
        """Fork a worker.

        Raises:
            RefusalError: it would not be safe.
        """
        reason = why_not_fork() or ("" if grader.home else "nobody has said for whom")
        if reason:
            raise RefusalError(reason)
        budget, watched = Budget(**asked["budget"]), "watchdog" not in asked["without"]
        folder = tempfile.mkdtemp(prefix=FOLDERS, dir=grader.home)
        pid = os.fork()
        if pid == 0:
            self.become_worker(fds, folder, asked, grader.calling)
        at_start = field_of_status("RssAnon", pid) + field_of_status("RssShmem", pid)
        ward = self.wards[pid] = Ward(pid, folder, grader, fds[2], budget, at_start, watched)
        return ward

    def become_worker(self, fds: list[int], folder: str, asked: dict[str, Any], calling: dict[str, Any]) -> NoReturn:
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
            take_over(calling)
            if "fds" not in asked["without"]:
                kept = sorted(fds[:2])
                for low, high in zip([2, *kept], [*kept, 2**20], strict=True):
                    os.closerange(low + 1, high)
            requests, answers = os.fdopen(fds[0], "rb"), os.fdopen(fds[1], "wb")
            try:
                budget = Budget(**asked["budget"])
                serve(self.make, requests, answers, budget, asked["without"], layers, ahead=asked["ahead"])
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
            if self.spare and self.spare.ward.pid == pid:
                self.give_up_spare()
                continue
            ward = self.wards.get(pid)
            if ward is not None:
                kill_session(pid)  # until it is reaped, its number belongs to nobody else
            status = os.waitpid(pid, 0)[1]
            if ward is not None:
                over = ward.over
                if not over and os.WIFSIGNALED(status) and ward.peak >= NEARLY * ward.budget.memory:
                    over = "memory"
                said = {"status": os.waitstatus_to_exitcode(status), "over": over, "peak": ward.peak}
                self.forget(ward, json.dumps(said).encode())

    def end(self) -> NoReturn:
        """Leave nothing behind."""
        if self.listener:
            self.listener.close()
        self.give_up_spare()
        for ward in self.wards.values():
            kill_session(ward.pid)
        for ward in self.wards.values():
            os.waitpid(ward.pid, 0)
            remove(ward.folder)
        raise SystemExit


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
    home, listener = None, None
    if len(sys.argv) > 4:  # it stays: away from the terminal, the folder and the files of whoever has started it
        home, listener = Home(), Listener(Standby.from_json(sys.argv[4]))
        os.environ.update(dict.fromkeys(HOMES, home.path))
        tempfile.tempdir = home.path
        os.umask(0o077)
        os.chdir("/")
    wall = namespaces.enter() if sys.argv[3] == "wall" else ""
    if wall.endswith(namespaces.UNMAPPED):  # where it could not tell one user from another
        listener = None
    try:
        zygote = Zygote(control, handler(sys.argv[2]), wall, listener, home.path if home else "")
    except RefusalError as error:
        control.recv(MESSAGE_CAP)
        control.send(json.dumps({"error": str(error)}).encode())
        return
    gc.enable()
    readable()  # found once for all workers
    try:
        zygote.run()
    finally:
        if home is not None:
            home.close()
        os._exit(0)


if __name__ == "__main__":
    main()
