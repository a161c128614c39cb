"""The arena: try hostile programs as one kind of user. The tests run it as a program.

    python arena.py SETTING

SETTING is how the system treats us: "own" leaves everything as it is, "ordinary" is a user without privileges who may make
namespaces, "forbidden" one who may not (as under Docker's default profile, or on Ubuntu 24.04). Each line of its input is a
question, a JSON object; it answers with a line each: for each program how it ended, what it got through with, and the layers
that were in force. So all questions of a setting share a bait and a zygote, which takes longer to start than a program to try.

    programs: the paths of the files
    without: the layers to leave out
    worker: "fork" or "spawn"
    timeout: seconds for a case; null for the assignment's own
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from without_calls import UNSHARE, refuse

if TYPE_CHECKING:
    from autograder.sandbox.workers import Source
    from autograder.selftest.trial import Trial

ROOT = Path(__file__).parent.parent.parent
SOMEBODY = 1000
OF_ZYGOTE = frozenset({"wall", "fds"})  # layers that a zygote starts with
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
    """Answer one question after the other."""
    (setting,) = sys.argv[1:]
    if "ARENA" not in os.environ:  # begin anew as that user: a process that changed its user may not look at itself
        become(setting)
        home = tempfile.mkdtemp(prefix="arena-", dir="/tmp")
        environment = {**os.environ, "ARENA": setting, "HOME": home, "DLKIT_CACHE": home, "TMPDIR": home}
        os.execve(sys.executable, [sys.executable, __file__, setting], environment)  # noqa: S606
    from autograder.grading.bench import HANDLER
    from autograder.sandbox.workers import source
    from autograder.selftest.bait import Bait
    from autograder.selftest.trial import read, trials

    keep = Path(os.environ["HOME"])

    with contextlib.ExitStack() as stack:
        bait = stack.enter_context(Bait())
        forking: dict[frozenset[str], Source] = {}

        def workers(kind: str, without: list[str]) -> Source:
            """A source of its own for fresh processes; a zygote for all that are forked, but where its own state is open to them.

            There is one such zygote, for whoever leaves out one of its two layers: to import TensorFlow takes longest of all.
            """
            if kind != "fork":
                return stack.enter_context(source(HANDLER, kind, without=without))
            of_zygote = OF_ZYGOTE if OF_ZYGOTE & {*without} else frozenset()
            if of_zygote not in forking:
                forking[of_zygote] = stack.enter_context(source(HANDLER, kind, without=of_zygote))
            found = forking[of_zygote]
            found._without = sorted(of_zygote | {*without})  # the zygote is told of all other layers with each fork
            return found

        for line in sys.stdin:
            asked = json.loads(line)
            programs = [read(Path(path)) for path in asked["programs"]]
            trusted = workers("fork", [])
            answer(trusted, asked["timeout"], keep)
            found = trials(programs, workers(asked["worker"], asked["without"]), trusted, bait, asked["timeout"], keep)
            print(json.dumps({trial.program.name: told(trial) for trial in found}), flush=True)


def answer(trusted: Source, timeout: float | None, keep: Path) -> None:
    """Have the answers of the reference kept before any program runs: so no worker of ours is beside theirs in a zygote."""
    from autograder.grading.grade import PUBLIC_SEED, questions
    from autograder.selftest.trial import assignment_for, references_for

    assignment = assignment_for(timeout)
    cases = questions(assignment, assignment.checks, PUBLIC_SEED)
    with references_for(assignment, trusted, keep) as references:
        for check in assignment.checks:
            references.expected(check, cases[check.name])


def told(trial: Trial) -> dict[str, object]:
    """What the tests look at."""
    return {"outcome": trial.outcome, "wrong": trial.wrong, "isolation": trial.isolation, "scores": trial.scores}


if __name__ == "__main__":
    main()
