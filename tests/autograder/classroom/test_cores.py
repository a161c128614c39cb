"""Work on many in several processes: the same results, in the same order, whatever becomes of a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial

import pytest

from autograder.classroom import cores
from autograder.classroom.cores import mapped

MANY = list(range(300))


def square(number: int) -> int:
    """What is asked of each."""
    return number * number


def ended(first: int, number: int) -> int:
    """The same, but a process that is not the first is killed at 77."""
    if number == 77 and os.getpid() != first:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def refused(number: int) -> int:
    """The same, but not for 77."""
    if number == 77:
        raise ValueError("77")
    return number * number


@pytest.fixture
def several(monkeypatch):
    """Three cores, and few are many."""
    monkeypatch.setattr(cores, "LARGE", 2)
    monkeypatch.setattr(cores, "CHUNK", 7)
    monkeypatch.setattr(cores, "_cores", lambda: 3)


def test_the_order_is_kept(several):
    """Each result stands where `map` has it, also where the last chunk is not full."""
    assert list(mapped(square, MANY)) == list(map(square, MANY))


def test_others_do_the_work(several):
    """It is done in processes that are not this one."""
    assert os.getpid() not in set(mapped(pid_for, MANY))


def pid_for(_: int) -> int:
    """The process that was asked."""
    return os.getpid()


def test_few_are_worked_on_here():
    """Below the limit, nothing is started."""
    assert set(mapped(pid_for, MANY)) == {os.getpid()}


def test_a_killed_process_costs_no_result(several):
    """Where memory is short, a process may be killed: the rest is done here."""
    assert list(mapped(partial(ended, os.getpid()), MANY)) == list(map(square, MANY))


def test_a_fault_comes_out_in_its_turn(several):
    """The results before it are there, and its kind is as it was."""
    found = []
    with pytest.raises(ValueError, match="77"):
        for one in mapped(refused, MANY):
            found.append(one)
    assert found == list(map(square, MANY[:77]))  # 77 is the first of its chunk


PROGRAM = """
import time
from autograder.classroom import cores

cores.LARGE, cores.CHUNK, cores._cores = 2, 1, lambda: 3


def slow(number):
    time.sleep(0.2)
    return number


if __name__ == "__main__":
    try:
        for one in cores.mapped(slow, range(1000)):
            print(one, flush=True)
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.fixture
def running(tmp_path):
    """A program at work in three processes, in a session of its own, with the first result printed."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True
    )
    assert process.stdout.readline() == "0\n"
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_ctrl_c_ends_it_at_once_and_says_one_thing(running):
    """All processes of a terminal get it: the first ends the others, and none of them prints a traceback."""
    os.killpg(running.pid, signal.SIGINT)
    rest, _ = running.communicate(timeout=60)  # all of it would take longer
    assert [line for line in rest.splitlines() if not line.isdecimal()] == ["stopped"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_nothing_is_left_of_a_killed_program(running, number):
    """The processes that it started end with it, as whoever waits for their output sees."""
    running.send_signal(number)
    running.communicate(timeout=60)  # until the last of them has closed it
    assert running.returncode == -number


def test_nobody_waits_for_the_rest(several):
    """Whoever stops reading ends the processes."""
    results = mapped(square, MANY)
    assert next(results) == 0
    results.close()
    assert not [child for child in multiprocessing.active_children() if child.is_alive()]
