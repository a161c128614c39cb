"""The arena: try hostile programs as one kind of user. The tests run it as a program.

    python arena.py SETTING OUT PROGRAM ... [--without LAYER ...] [--worker fork|spawn] [--timeout SECONDS]

SETTING is how the system treats us: "own" leaves everything as it is, "ordinary" is a user without privileges who may make
namespaces, "forbidden" one who may not (as under Docker's default profile, or on Ubuntu 24.04). OUT gets one JSON object:
for each program how it ended, what it got through with, and the layers that were in force.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from without_calls import UNSHARE, refuse

ROOT = Path(__file__).parent.parent.parent
SOMEBODY = 1000
NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x00020000, 4096, 16384, 1 << 18


def become(setting: str) -> None:
    """Become the user of a setting, for good."""
    if setting != "own" and os.getuid() == 0:
        _open_the_way([Path(sys.prefix), Path(sys.base_prefix), ROOT])
        os.setgroups([])
        os.setresgid(SOMEBODY, SOMEBODY, SOMEBODY)
        os.setresuid(SOMEBODY, SOMEBODY, SOMEBODY)
    if setting == "forbidden":
        refuse(UNSHARE[platform.machine()], errno.EPERM)


def _open_the_way(places: list[Path]) -> None:
    """In a mount namespace of our own, let everybody reach these folders through folders that are closed to them."""
    libc = ctypes.CDLL(None, use_errno=True)
    closed = [_closed_above(place) for place in places]
    if not any(closed):
        return
    if libc.unshare(NEWNS) != 0:
        sys.exit("a root that may not make namespaces cannot open its own home to an ordinary user")
    libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    aside = Path(tempfile.mkdtemp())
    aside.chmod(0o755)
    for number, place in enumerate(places):
        (aside / str(number)).mkdir()
        libc.mount(bytes(place), bytes(aside / str(number)), None, MS_BIND | MS_REC, None)
    for folder in sorted({folder for folder in closed if folder}):
        libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, b"mode=755")
    for number, place in enumerate(places):
        if closed[number]:
            place.mkdir(parents=True, exist_ok=True)
            libc.mount(bytes(aside / str(number)), bytes(place), None, MS_BIND | MS_REC, None)


def _closed_above(place: Path) -> Path | None:
    """The topmost folder on the way to a place that is closed to other users."""
    return next((folder for folder in reversed([place, *place.parents]) if not folder.stat().st_mode & 0o001), None)


def main() -> None:
    """Try every program, and write down what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("setting", choices=("own", "ordinary", "forbidden"))
    parser.add_argument("out", type=Path)
    parser.add_argument("programs", nargs="+", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--worker", default="fork")
    parser.add_argument("--timeout", type=float)
    arguments = parser.parse_args()
    if "ARENA" not in os.environ:  # begin anew as that user: a process that changed its user may not look at itself
        out = arguments.out.open("w")
        become(arguments.setting)
        os.dup2(out.fileno(), 1)
        home = tempfile.mkdtemp(prefix="arena-", dir="/tmp")
        environment = {**os.environ, "ARENA": arguments.setting, "HOME": home, "DLKIT_CACHE": home, "TMPDIR": home}
        os.execve(sys.executable, [sys.executable, __file__, *sys.argv[1:]], environment)  # noqa: S606
    from autograder.grading.bench import HANDLER
    from autograder.sandbox.workers import source
    from autograder.selftest.bait import Bait
    from autograder.selftest.trial import read, trials

    programs = [read(path) for path in arguments.programs]
    with (
        Bait() as bait,
        source(HANDLER) as trusted,
        source(HANDLER, arguments.worker, without=arguments.without) as workers,
    ):
        found = {
            trial.program.name: {
                "outcome": trial.outcome,
                "message": trial.message,
                "wrong": trial.wrong,
                "isolation": trial.isolation,
                "seconds": trial.seconds,
                "scores": trial.scores,
            }
            for trial in trials(programs, workers, trusted, bait, arguments.timeout)
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
