"""Waiting: where a system cannot fork, a fresh worker is started ahead, and taken by the next grading of the same user."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox.budget import Budget
from autograder.sandbox.process import MachineError
from autograder.sandbox.spawned import Spawned
from autograder.sandbox.standby import Standby, ask
from autograder.sandbox.workers import source

PROBE = "autograder.sandbox.probe:serve"
WEIGH = b'{"what": "weigh"}'
PATIENCE = 30.0  # seconds on a busy machine, for what takes a moment

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these tests look into /proc")


@pytest.fixture
def place(tmp_path):
    """A place where a worker may wait; it is ended at the end."""
    (tmp_path / "run").mkdir(mode=0o700)
    found = Standby(str(tmp_path / "run"), "worker-0123456789abcdef-0123456789abcdef")
    yield found
    tell(found, {"stop": "now"})
    Path(found.folder).chmod(0o755)  # one that has just been started does not stay there either


def tell(place, message):
    """What a worker that waits says to a message."""
    found = place.connect()
    if found is None:
        return None
    with found[0] as control:
        return ask(control, message)


def waits(place):
    """The process that waits at a place, or 0."""
    found = place.connect()
    if found is None:
        return 0
    with found[0]:
        return found[1]


def used(place, modules=("fractions",)):
    """The worker that a grading uses."""
    with Spawned(PROBE, place=place) as workers:
        workers.warm(modules)
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)
            return process_of(worker)


def process_of(worker):
    """A worker's process, however it was started."""
    process = worker._process
    return process._pid if hasattr(process, "_pid") else process._process.pid


def leave(place):
    """Grade once, and wait for the worker that is left; its process."""
    used(place)
    assert comes(lambda: waits(place) and tell(place, {"status": True}))
    return waits(place)


def runs(pid):
    """Whether a process is there, and is not just waiting to be buried."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def comes(condition):
    """Whether something comes true soon."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_the_next_grading_takes_it(place):
    """What waits has imported what the last grading needed, serves one grading, and then another one waits."""
    first = leave(place)
    assert used(place) == first
    assert comes(lambda: not runs(first))
    assert comes(lambda: waits(place) not in (0, first))


def test_nobody_else_takes_it_meanwhile(place):
    """Whoever comes second gets a process of its own."""
    first = leave(place)
    with (
        Spawned(PROBE, place=place) as one,
        Spawned(PROBE, place=place) as other,
        one.start(Budget()) as mine,
        other.start(Budget()) as theirs,
    ):
        assert mine.ask(WEIGH, 10) and theirs.ask(WEIGH, 10)
        assert process_of(mine) == first != process_of(theirs)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_broken_one_costs_only_the_old_start(place, sent):
    """Where it has ended, or does not answer, a process is started as ever."""
    pid = leave(place)
    os.kill(pid, sent)
    assert used(place) != pid
    if runs(pid):
        os.kill(pid, signal.SIGKILL)


def test_it_is_isolated_as_ever(place):
    """The layers are those of a process that was started for its grading, but that the kernel does not end it with the grader."""
    leave(place)
    with Spawned(PROBE, place=place) as taken, taken.start(Budget()) as worker:
        kept = worker.layers
        assert process_of(worker) and type(worker._process).__name__ == "_Taken"
    with source(PROBE, "spawn") as workers, workers.start(Budget()) as worker:
        assert set(worker.layers.in_force) - set(kept.in_force) <= {"dies with the grader"}
        assert worker.layers.missing == kept.missing


def test_it_keeps_to_this_gradings_budget_and_terminal(place, monkeypatch):
    """It is told its limits and its PATH when it is taken, so those of the grading before do not matter."""
    leave(place)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/somewhere")
    with Spawned(PROBE, place=place) as workers, workers.start(Budget(memory=300 * 2**20, disk=7 * 2**20)) as worker:
        assert worker.ask(WEIGH, 10)
        limits = Path(f"/proc/{process_of(worker)}/limits").read_text()
    assert next(line for line in limits.splitlines() if line.startswith("Max file size")).split()[3] == str(7 * 2**20)


def test_its_end_is_the_gradings_end(place):
    """It is killed like any worker, and its folder goes with it."""
    leave(place)
    with Spawned(PROBE, place=place) as workers:
        worker = workers.start(Budget())
        assert worker.ask(WEIGH, 10)
        folder = Path(f"/proc/{process_of(worker)}/cwd").readlink()
        worker.close()
        assert comes(lambda: not runs(process_of(worker)) and not folder.exists())


def test_one_that_ends_is_asked_again(place):
    """Nobody sees how it ended, so that is no answer: the next process is the grading's own child."""
    leave(place)
    with Spawned(PROBE, place=place) as workers:
        with workers.start(Budget()) as worker:
            assert worker.layers
            os.kill(process_of(worker), signal.SIGKILL)
            with pytest.raises(MachineError, match="lost"):
                worker.ask(WEIGH, 10)
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)


def test_stop_ends_it_and_status_tells_of_it(place):
    """`dlkit status` and `dlkit stop` treat it as they treat a zygote."""
    pid = leave(place)
    told = tell(place, {"status": True})
    assert told["memory"] > 2**20 and told["limit"] == place.idle
    assert tell(place, {"stop": "now"}) == {"stops": True}
    assert comes(lambda: not runs(pid))
    assert not list(Path(place.folder).glob("*.socket"))


def test_it_ends_when_nobody_needs_it(place):
    """After its idle time nothing of it is left."""
    pid = leave(replace(place, idle=2.0))
    assert comes(lambda: not runs(pid))
    assert not list(Path(place.folder).glob("*.socket"))


def test_it_survives_nonsense(place):
    """Whoever says something to it that no grader says does not take it."""
    pid = leave(place)
    for message in (b"nonsense", b"[]", b"{}", b'{"take": {}}', b"\xff"):
        found = place.connect()
        with found[0] as control:
            control.send(message)
            control.recv(65536)
    assert used(place) == pid


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_folder_that_others_can_enter_is_refused(place, mode):
    """It is not looked for where others could have put it."""
    leave(place)
    Path(place.folder).chmod(mode)
    assert waits(place) == 0
    Path(place.folder).chmod(0o700)


def test_what_cannot_be_imported_leaves_none(place):
    """A worker that would be of no use does not wait."""
    with Spawned(PROBE, place=place) as workers:
        workers.warm(["no_such_module"])
        with contextlib.suppress(Exception), workers.start(Budget()) as worker:
            _ = worker.layers
    time.sleep(0.5)
    assert waits(place) == 0
