"""Bait: files, a process and listeners that no graded program may reach, and how they are afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from autograder.sandbox.folder import ELSEWHERE, Home

SECRET = "canary:expected-4f1d"  # noqa: S105 - to be stolen
COURSE = Path(__file__).parent / "course"
PACKAGE = Path(__file__).parent.parent


class Bait:
    """Everything that hostile programs are after, laid out under /var/tmp.

    A program names what it is after by a placeholder: @CANARY@, a file with a secret; @SUBMISSION@, another student's
    file; @SOLUTIONS@, the references; @TOUCH@, a folder that its user may write to; @SITE@, the installed packages;
    @PID@, a process of the same user; @PORT@, listeners by TCP and UDP on 127.0.0.1; @UNIX@, a listening socket.
    """

    def __init__(self) -> None:
        self._home = Home(ELSEWHERE)  # not in the temporary folder, which some layers make the worker's own
        self.folder = Path(self._home.path)
        self.canary = self.folder / "canary.txt"
        self.submission = self.folder / "grace" / "contained.py"
        self.touch = self.folder / "touch"
        self.submission.parent.mkdir()
        self.touch.mkdir()
        self.solutions = self.folder / "solutions" / "contained"  # a copy: dlkit's own folder is readable for a worker
        shutil.copytree(COURSE / "solutions" / "contained", self.solutions)
        self.site = next((Path(path) for path in sys.path if path.endswith("-packages")), PACKAGE)
        self.reached: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix.bind(str(self.folder / "unix"))
        self.unix.listen()
        for listener in (self.tcp, self.udp, self.unix):
            threading.Thread(target=self._listen, args=(listener,), daemon=True).start()
        self._lay_out()

    def __enter__(self) -> Bait:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        self._home.close()

    def fill(self, source: str) -> str:
        """A program with its placeholders replaced."""
        places = {
            "CANARY": self.canary,
            "SUBMISSION": self.submission,
            "SOLUTIONS": self.solutions,
            "TOUCH": self.touch,
            "SITE": self.site,
            "PID": self.process.pid,
            "PORT": self.port,
            "UNIX": self.folder / "unix",
        }
        for name, place in places.items():
            source = source.replace(f"@{name}@", str(place))
        return source

    def harm(self) -> list[str]:
        """What has been reached or changed since the last time, in words; all of it is as it was afterwards."""
        changed = list(self.reached)
        if self.process.poll() is not None:
            changed.append("the canary process has ended")
        else:
            now = self._state()
            changed += [name for name, state in now.items() if state != self.before[name]]
        self.process.kill()
        self.process.wait()
        for path in self.touch.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        self._lay_out()
        return changed

    def _lay_out(self) -> None:
        self.canary.write_text(SECRET)
        self.submission.write_text(f"# {SECRET}\n")
        self.process = subprocess.Popen(["sleep", "100000"], env={**os.environ, "CANARY": SECRET})  # noqa: S607
        self.reached.clear()
        time.sleep(0.01)  # until it sleeps
        self.before = self._state()

    def _state(self) -> dict[str, object]:
        def listing(folder: Path, pattern: str) -> list[object]:
            paths = [path for path in sorted(folder.glob(pattern)) if path.name != "__pycache__"]
            return [(str(path), found.st_size, found.st_mode, found.st_mtime_ns) for path in paths if (found := path.stat())]

        pid = self.process.pid
        status = Path(f"/proc/{pid}/stat").read_text().split()[2]
        limits = Path(f"/proc/{pid}/limits").read_text()
        canary = self.canary.stat()
        return {
            "the canary file was changed": (
                self.canary.read_text(),
                canary.st_mode,
                canary.st_ctime_ns,
                os.listxattr(self.canary),
            ),
            "another submission was changed": (self.submission.read_text(), self.submission.stat().st_mode),
            "a file was written outside": sorted(path.name for path in self.touch.iterdir()),
            "the canary process was stopped": status in "Tt",
            "the canary process was limited": (os.getpriority(os.PRIO_PROCESS, pid), os.sched_getaffinity(pid), limits),
            "the installed packages were changed": [*listing(self.site, "*"), *listing(self.site, "numpy/*.py")],
            "dlkit itself was changed": listing(PACKAGE, "**/*.py"),
        }

    def _listen(self, listener: socket.socket) -> None:
        while True:
            if listener.type == socket.SOCK_DGRAM:
                listener.recvfrom(100)
            else:
                listener.accept()
            self.reached.append(f"a listener was reached ({listener.family.name}, {listener.type.name})")


def running(mark: str) -> list[int]:
    """The processes in whose first environment a text stands, wherever they have fled to."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def kill(pids: list[int]) -> None:
    """Kill processes that should not be there any more."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
