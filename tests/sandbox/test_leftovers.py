"""What a killed grading leaves is found and removed; what belongs to somebody is not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import leftovers, standby
from autograder.sandbox.folder import Home
from autograder.sandbox.leftovers import OWNER, dead, in_words, mark, remove_dead

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells whose a process is")


@pytest.fixture(autouse=True)
def at_once(monkeypatch, tmp_path):
    """Nothing has to be old, and folders and sockets are our own."""
    monkeypatch.setattr(leftovers, "OLD_SECONDS", 0.0)
    monkeypatch.setattr(standby, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr("autograder.sandbox.folder.ELSEWHERE", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def sleeper():
    """A process that looks like a zygote, and works for whom it is told."""
    started = []

    def start(owner, *more):
        command = [sys.executable, "-c", "import time; time.sleep(100)", "autograder.sandbox.zygote", *more]
        started.append(subprocess.Popen(command, env={**os.environ, OWNER: owner}))
        while b"zygote" not in Path(f"/proc/{started[-1].pid}/cmdline").read_bytes():
            time.sleep(0.01)
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def pids():
    """The processes that were left."""
    return {int(one.where) for one in dead() if one.kind == "process"}


def test_a_process_whose_grader_is_gone_is_killed(sleeper):
    """Not one whose grader lives, nor one that stays for others, nor one that tells nothing."""
    gone = sleeper(f"{os.getpid()}:1")  # the number is in use again, by a process that began later
    mine, stays, silent = sleeper(mark()), sleeper("1:1", '{"folder": "x"}'), sleeper("")
    assert pids() & {gone.pid, mine.pid, stays.pid, silent.pid} == {gone.pid}
    remove_dead()
    assert gone.wait(10) < 0
    assert [one.poll() for one in (mine, stays, silent)] == [None, None, None]


def test_a_young_process_is_left_alone(sleeper, monkeypatch):
    """It may be ending by itself."""
    monkeypatch.setattr(leftovers, "OLD_SECONDS", 60.0)
    assert sleeper("1:1").pid not in pids()


def test_a_folder_whose_lock_is_free_is_removed(tmp_path):
    """With all that is in it; a folder in use stays."""
    home = Home()
    left = tmp_path / "dlkit-left"
    left.mkdir()
    (left / "lock").touch()
    (left / "big").write_bytes(b"x" * 100_000)
    (found,) = [one for one in dead() if one.kind == "folder"]
    assert found.where == str(left)
    assert in_words([found]).startswith("1 folder (")
    remove_dead()
    assert not left.exists()
    assert Path(home.path).exists()
    home.close()


def test_a_socket_at_which_nobody_listens_is_removed(tmp_path):
    """Only one of ours, and only while its lock is free."""
    place = tmp_path / "dlkit"
    place.mkdir(mode=0o700)
    for name in ("zygote-a-1", "zygote-b-1", "other"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as one:
            one.bind(str(place / f"{name}.socket"))
    (place / "zygote-a.lock").touch()
    (place / "zygote-b.lock").touch()
    import fcntl

    with (place / "zygote-b.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        remove_dead()
    assert sorted(path.name for path in place.glob("*.socket")) == ["other.socket", "zygote-b-1.socket"]
