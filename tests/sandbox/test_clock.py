"""The clock of a worker: computing and sleeping are its own, waiting for the machine is not."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from autograder.sandbox import clock as module
from autograder.sandbox.clock import WALL_FACTOR, Clock, cpu_of, is_asleep
from autograder.sandbox.turns import Turns


class Scripted:
    """A process of which the kernel tells what a test wants it to."""

    def __init__(self, *looks):
        self.looks = [(0.0, False), *looks]

    def cpu(self):
        cpu, self.sleeping = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return cpu

    def asleep(self):
        return self.sleeping


@pytest.fixture
def passing(monkeypatch):
    """A clock on the wall that a test moves on."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def pass_(seconds):
        now[0] += seconds

    return pass_


def charged(passing, *looks, each=0.05, limit=10.0):
    """The clock after these looks at a process, `each` seconds apart."""
    clock = Clock(limit, Scripted(*looks))
    for _ in looks:
        passing(each)
        clock.advance()
    return clock


def test_computing_is_charged_as_the_kernel_counts_it(passing):
    """Four threads on four cores use four seconds in one."""
    assert charged(passing, (0.2, False), (0.4, False)).charged == pytest.approx(0.4)


def test_sleeping_is_charged(passing):
    """Whoever sleeps could compute; also with a moment of work in between."""
    assert charged(passing, (0.0, True), (0.001, True)).charged == pytest.approx(0.1)


def test_waiting_for_the_machine_is_not_charged(passing):
    """A worker that is ready to run and does not get a core uses nothing; the clock knows that there was load."""
    clock = charged(passing, (0.05, False), (0.1, False), (0.15, False), each=0.5)
    assert clock.charged == pytest.approx(0.15)
    assert clock.loaded and not clock.over


def test_sharing_a_core_with_one_other_is_no_load(passing):
    """Who got a core for more than half of the time was stopped for its own slowness: it is not asked again."""
    assert not charged(passing, (0.3, False), (0.6, False), (0.9, False), each=0.5).loaded


def test_a_look_that_comes_late_charges_no_long_sleep(passing):
    """Where we ourselves had to wait for a core, the worker may have fallen asleep, its work done, a moment ago."""
    clock = charged(passing, (0.01, True), each=5.0)
    assert clock.charged == pytest.approx(2 * clock.tick) and clock.charged < 1


def test_there_is_an_end_on_the_wall(passing):
    """A worker that gets next to nothing is not waited for without an end; it is not said to have used its time."""
    clock = Clock(1.0, Scripted((0.1, False)))
    passing(WALL_FACTOR + 0.01)
    clock.advance()
    assert clock.starved and not clock.over


def test_where_the_kernel_does_not_tell_the_wall_counts(passing):
    """On macOS and Windows a second is a second."""
    clock = charged(passing, (None, False), (None, False), each=0.6, limit=1.0)
    assert clock.over


def test_a_real_process_is_seen_to_compute_and_to_sleep():
    """The kernel's own figures: one process that spins in a thread, one that sleeps, one that is gone."""
    spins = "import threading, time\nthreading.Thread(target=lambda: exec('while True: pass')).start()\ntime.sleep(100)"
    with (
        subprocess.Popen([sys.executable, "-c", f"print(flush=True)\n{spins}"], stdout=subprocess.PIPE) as busy,
        subprocess.Popen(
            [sys.executable, "-c", "print(flush=True)\nimport time; time.sleep(100)"], stdout=subprocess.PIPE
        ) as idle,
    ):
        for process in (busy, idle):
            process.stdout.readline()
        while cpu_of(busy.pid) < 0.3 or not is_asleep(idle.pid):
            pass
        assert not is_asleep(busy.pid)
        for process in (busy, idle):
            process.kill()
            process.wait()
    assert cpu_of(busy.pid) is None


def test_who_asks_alone_asks_alone():
    """A turn alone waits for the others and holds up those who come later; turns among others do not wait for each other."""
    turns, seen = Turns(), []
    with turns.among(), turns.among():
        alone = threading.Thread(target=lambda: _note(turns.alone(), seen, "alone"))
        alone.start()
        while not turns._alone:
            pass
        later = threading.Thread(target=lambda: _note(turns.among(), seen, "later"))
        later.start()
        assert seen == []
    alone.join()
    later.join()
    assert seen == ["alone", "later"]


def _note(turn, seen, word):
    with turn:
        seen.append(word)
