"""Leftovers: what a grader that was killed could not remove, found and removed once it surely belongs to nobody.

dlkit makes no control group, no shared memory and no file outside of its own folders. So these can be left:

    folders    below the temporary folder; each has a lock, which the kernel opens when its process ends
    processes  a zygote, or a fresh worker, that hangs; each was told which process it works for, and when that began
    sockets    of a zygote that stayed and was killed; nobody listens at them any more

Another user's are never touched, nor those of another container.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.sandbox import standby
from autograder.sandbox.budget import size
from autograder.sandbox.folder import abandoned, remove, usage

OWNER = "DLKIT_GRADER"  # in the environment of a zygote or a fresh worker: whom it works for
MODULES = (b"autograder.sandbox.zygote", b"autograder.sandbox.worker")
OLD_SECONDS = 60.0  # what is younger may be ending by itself, or be about to begin
MOST = 100_000  # files of a folder that are counted


@dataclass(frozen=True)
class Leftover:
    """One thing that was left.

    Attributes:
        kind: "folder", "process" or "socket".
        where: its path, or the number of the process.
        bytes: what it takes of the disk.
    """

    kind: str
    where: str
    bytes: int = 0


def mark() -> str:
    """This process as `OWNER` has it: its number, and when it began, since numbers are used again."""
    return f"{os.getpid()}:{_began(os.getpid())}"


def dead() -> list[Leftover]:
    """What was left, and belongs to nobody any more."""
    folders = [Leftover("folder", path, usage(path, MOST)[0]) for path in abandoned()]
    processes = [Leftover("process", str(pid)) for pid in _orphans()]
    return [*folders, *processes, *(Leftover("socket", path) for path in standby.deserted())]


def remove_dead() -> list[str]:
    """Remove it; what was removed, a sentence for each kind."""
    found = dead()
    for one in found:
        match one.kind:
            case "folder":
                remove(one.where)
            case "process":
                _kill(int(one.where))
            case _:
                standby.remove_deserted(one.where)
    return [f"removed what a killed grading had left: {words}" for words in [in_words(found)] if words]


def in_words(found: list[Leftover]) -> str:
    """What was found, counted: "2 folders (120 MB), 1 process"; "" for nothing."""
    said = []
    for kind, several in (("folder", "folders"), ("process", "processes"), ("socket", "sockets")):
        of_kind = [one for one in found if one.kind == kind]
        held = sum(one.bytes for one in of_kind)
        if of_kind:
            said.append(f"{len(of_kind)} {kind if len(of_kind) == 1 else several}{f' ({size(held)})' if held else ''}")
    return ", ".join(said)


def _orphans() -> Iterator[int]:
    """Zygotes and workers of this user whose grader is gone, and that have not noticed."""
    if not sys.platform.startswith("linux"):
        return
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError, ValueError):
                if _is_orphan(int(name)):
                    yield int(name)


def _is_orphan(pid: int) -> bool:
    words = _words(pid, "cmdline")
    if not any(module in words for module in MODULES) or os.stat(f"/proc/{pid}").st_uid != os.geteuid():
        return False
    if os.readlink(f"/proc/{pid}/ns/pid") != os.readlink("/proc/self/ns/pid"):  # its numbers are not ours
        return False
    stays = any(word.startswith(b"{") for word in words)  # see `standby`: it has others to work for, and `dlkit stop` ends it
    owner = next((word for word in _words(pid, "environ") if word.startswith(f"{OWNER}=".encode())), b"")
    if stays or not owner or _age(pid) < OLD_SECONDS:
        return False
    number, began = owner.decode().partition("=")[2].split(":")
    return _began(int(number)) != int(began)


def _kill(pid: int) -> None:
    """Kill an orphan, unless its number is another process's by now."""
    with contextlib.suppress(OSError, ValueError):
        handle = os.pidfd_open(pid)
        try:
            if _is_orphan(pid):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)


def _words(pid: int, file: str) -> list[bytes]:
    with open(f"/proc/{pid}/{file}", "rb") as found:
        return found.read().split(b"\0")


def _began(pid: int) -> int:
    """When a process began, in ticks since the machine did; 0 if there is none, or it has ended and nobody has noticed."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        with open(f"/proc/{pid}/stat", "rb") as found:
            fields = found.read().rpartition(b")")[2].split()
        return 0 if fields[0] in (b"Z", b"X") else int(fields[19])
    return 0


def _age(pid: int) -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) - _began(pid) / os.sysconf("SC_CLK_TCK")
