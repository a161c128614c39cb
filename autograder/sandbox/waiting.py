"""Waiting: a worker that is started ahead of its grading, on a system that cannot fork.

It imports what the last grading needed, listens where a zygote would (see `standby`), and is taken by the first grading that
asks, whose own it is from then on. Only then is it told its budget and its folder, and isolates itself. If nobody asks, it ends
as a zygote does.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import sys
import tempfile
import time
from typing import IO, Any, NoReturn

from autograder.sandbox.first_uses import first_uses
from autograder.sandbox.folder import HOMES, Home
from autograder.sandbox.isolation import field_of_status
from autograder.sandbox.machine import memory_is_short
from autograder.sandbox.standby import ANSWER_SECONDS, MESSAGE_CAP, Listener, Standby, take_over
from autograder.sandbox.warm import warm, warm_if_possible

Taken = tuple[IO[bytes], IO[bytes], dict[str, Any]]  # its requests, its answers, and what it was asked


class Waiting:
    """A worker until somebody takes it.

    Args:
        standby: where it is found, and for how long.
        imports: the modules and the libraries that it is to have imported.
    """

    def __init__(self, standby: Standby, imports: dict[str, list[str]]) -> None:
        self.standby = standby
        self.home = Home()
        os.environ.update(dict.fromkeys(HOMES, self.home.path))
        tempfile.tempdir = self.home.path
        os.umask(0o077)
        os.chdir("/")
        self.listener = Listener(standby)
        self.began, self.since = time.time(), time.monotonic()
        try:
            warm(imports["modules"])
            warm_if_possible(imports["libraries"])
        except Exception:  # a grading that needs it hears why
            self.leave()

    def until_taken(self) -> Taken:
        """Answer who asks, until one of them takes it."""
        if not self.listener.listen():
            self.listener.take_the_place()
        if not sys.platform.startswith("linux"):  # where it isolates itself, it may have no other thread until it has
            first_uses(lambda: self.is_asked(0.0))
        while True:
            if not self.is_to_stay():
                self.leave()
            taken = self.answered() if self.is_asked(self.standby.look) else None
            if taken is not None:
                return taken

    def is_to_stay(self) -> bool:
        """Whether it may be found, and should be: not for long, and not at others' expense."""
        standby, idle = self.standby, time.monotonic() - self.since
        found = self.listener.listens and self.listener.is_found()
        return found and idle < standby.idle and not memory_is_short(standby.short)

    def is_asked(self, seconds: float) -> bool:
        """Whether somebody connects within these seconds."""
        left = self.standby.idle - (time.monotonic() - self.since)
        return bool(select.select([self.listener.socket], [], [], max(0.0, min(seconds, left)))[0])

    def answered(self) -> Taken | None:
        """Answer one message; what it was asked, if that was to work."""
        control = self.listener.accept()
        if control is None:
            return None
        fds: list[int] = []
        with control, contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # of no grader of ours
            control.settimeout(ANSWER_SECONDS)
            message, fds, *_ = socket.recv_fds(control, MESSAGE_CAP, 2)
            asked = json.loads(message)
            if "take" in asked and len(fds) == 2:
                return self.taken(control, asked["take"], fds)
            said = {"stops": True} if "stop" in asked else self.status() if "status" in asked else {"error": "not understood"}
            control.send(json.dumps(said).encode())
            if said.get("stops"):
                self.leave()
        for fd in fds:
            os.close(fd)
        return None

    def status(self) -> dict[str, Any]:
        """What it tells of itself (see `standby.Standing`)."""
        idle = time.monotonic() - self.since
        memory = field_of_status("VmRSS")
        return {"since": self.began, "memory": memory, "graders": 0, "idle": idle, "limit": self.standby.idle}

    def taken(self, control: socket.socket, asked: dict[str, Any], fds: list[int]) -> Taken:
        """Belong to a grading from now on, and be found by nobody else."""
        self.listener.close()
        self.home.close()
        os.chdir(asked["folder"])
        take_over(asked["calling"])
        control.send(json.dumps({"taken": True}).encode())
        return os.fdopen(fds[0], "rb"), os.fdopen(fds[1], "wb"), asked

    def leave(self) -> NoReturn:
        """End, and leave nothing behind."""
        self.listener.close()
        self.home.close()
        os._exit(0)
