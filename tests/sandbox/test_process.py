"""The grader's end of a worker: every wait has an end, in both directions, and with a conversation its worker ends."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest

from autograder.sandbox import process as module
from autograder.sandbox.budget import MB, ROOM, Budget
from autograder.sandbox.frames import HEADER, PROGRESS
from autograder.sandbox.process import End, EndedError, MachineError, ProtocolError, TimedOutError, Worker

LARGE = bytes(4 * MB)  # more than a pipe holds
READY = b'{"in_force": [], "missing": []}'


class Fake:
    """A process of which only the pipes are real."""

    def __init__(self, end=None, *, room=2**40):
        self.end = end
        self.killed = False
        self.its_ends = []
        self.free = room
        self.status = End(-9)

    def cpu(self):
        return None

    def asleep(self):
        return True

    def room(self):
        return self.free

    def ended(self, seconds):
        return self.end is not None

    def kill(self):
        self.killed = True
        while self.its_ends:
            with contextlib.suppress(OSError):
                os.close(self.its_ends.pop())

    def wait(self):
        return self.end or self.status


@pytest.fixture
def conversation():
    """A worker with a fake process, and its ends of the two pipes; it has said that it is ready."""
    begun = []

    def begin(fake, *answers):
        requests_there, requests = os.pipe()
        answers_here, answers_there = os.pipe()
        fake.its_ends += [requests_there, answers_there]
        for number, answer in enumerate((READY, *answers)):
            os.write(answers_there, HEADER.pack(number, len(answer)) + answer)
        worker = Worker(fake, os.fdopen(requests, "wb"), os.fdopen(answers_here, "rb"), Budget())
        begun.append(worker)
        return worker, answers_there

    yield begin
    for worker in begun:
        worker.close()


def test_a_worker_that_reads_no_request_is_ended(conversation):
    """A request that does not fit into the pipe waits for as long as its answer may take, and no longer."""
    fake = Fake()
    worker, _ = conversation(fake)
    with pytest.raises(TimedOutError, match=r"did not answer within 0\.3 s"):
        worker.ask(LARGE, 0.3)
    assert fake.killed


def test_a_worker_that_closes_its_answers_is_ended(conversation):
    """It still runs, and is killed at once: nobody waits for it to end by itself."""
    fake = Fake()
    worker, answers = conversation(fake)
    assert worker.layers.in_force == ()
    os.close(answers)
    with pytest.raises(ProtocolError, match="closed the grader's channel"):
        worker.ask(b"", 10)
    assert fake.killed


def test_a_worker_that_ended_by_itself_is_told_from_that(conversation):
    """Its exit status is what there is to say."""
    worker, answers = conversation(Fake(End(3)))
    os.close(answers)
    with pytest.raises(EndedError, match="exit status 3"):
        worker.ask(b"", 10)


def test_a_worker_that_dribbles_is_ended(conversation):
    """Bytes that go on coming are no answer."""
    fake = Fake()
    worker, answers = conversation(fake)
    os.write(answers, HEADER.pack(1, 1000) + b"x")
    with pytest.raises(TimedOutError):
        worker.ask(b"", 0.3)
    assert fake.killed


def test_where_a_worker_stands_is_no_answer(conversation):
    """What it says under the number of progress is kept, the last of it, and the answer is what comes under the request's."""
    worker, answers = conversation(Fake())
    for number, said in ((PROGRESS, b"0:1:5.000"), (PROGRESS, b"0:2:5.000"), (1, b"answer")):
        os.write(answers, HEADER.pack(number, len(said)) + said)
    assert worker.ask(b"", 5.0) == b"answer"
    assert worker.told[0] == b"0:2:5.000"


def test_frames_that_nobody_asked_for_are_not_collected(conversation):
    """A flood stays in the pipe, and the next question finds it out."""
    worker, _ = conversation(Fake(), *(b"" for _ in range(100)))
    with pytest.raises(ProtocolError, match="not an answer"):
        for _ in range(100):
            worker.ask(b"", 10)
    assert worker._answers.qsize() <= module.UNREAD_MOST + 1


def test_a_full_disk_is_the_machines_fault(conversation):
    """What was answered while there was no room is worth nothing, whatever it is."""
    worker, _ = conversation(Fake(room=100), b"an answer")
    with pytest.raises(MachineError, match="the disk of this machine is full"):
        worker.ask(b"", 10)


@pytest.mark.parametrize("end", [End(-9, over=ROOM), End(-9, lost=True)], ids=["ended to make room", "lost"])
def test_a_worker_that_was_ended_for_others_is_not_to_blame(conversation, end):
    """Neither for a disk that others need, nor for a watcher that was killed."""
    worker, answers = conversation(Fake(end))
    os.close(answers)
    with pytest.raises(MachineError):
        worker.ask(b"", 10)


def test_a_real_worker_that_reads_nothing_is_gone_at_once(light):
    """Forked and stopped in the middle of a large request: no process is left, and its memory neither."""
    with light.start(Budget()) as worker:
        assert worker.layers.in_force
        pid = worker._process.pid
        os.kill(pid, 19)  # SIGSTOP
        with pytest.raises(TimedOutError):
            worker.ask(LARGE, 0.3)
        deadline = time.monotonic() + 5
        while Path(f"/proc/{pid}/stat").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not Path(f"/proc/{pid}/stat").exists()
