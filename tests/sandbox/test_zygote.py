"""The zygote: it forks when that is safe, says why when it is not, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.sandbox.budget import Budget
from autograder.sandbox.folder import Home
from autograder.sandbox.frames import RefusalError
from autograder.sandbox.process import MachineError
from autograder.sandbox.workers import source
from autograder.selftest.bait import running

HANDLER = "autograder.sandbox.probe:serve"
WEIGH = b'{"what": "weigh"}'

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def zygote():
    """A zygote with nothing but the probe in it."""
    with source(HANDLER, "fork") as found:
        yield found


def held():
    """How many files this process has open, and how many threads it has."""
    return [len(list(Path(f"/proc/self/{what}").iterdir())) for what in ("fd", "task")]


SAFE = """
import os
from autograder.sandbox.warm import why_not_fork
import tensorflow as tf, keras, sklearn
print(why_not_fork())
tf.constant(1.0) + 1
print(why_not_fork(), flush=True)
os._exit(0)
"""
THREAD = """
import os, threading
from autograder.sandbox.warm import why_not_fork
threading.Thread(target=threading.Event().wait).start()
print(why_not_fork(), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize(
    "code, sentences",
    [
        pytest.param(SAFE, ["", "a TensorFlow operation has run in the zygote"], marks=pytest.mark.slow),
        (THREAD, ["the zygote has 2 threads"]),
    ],
    ids=["after imports, and after an operation", "with a second thread"],
)
def test_it_forks_only_while_that_is_safe(code, sentences):
    """After an operation or with another thread it refuses, in a sentence; after mere imports it does not."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    said = [line.strip() for line in run.stdout.splitlines()]
    assert len(said) == len(sentences), run.stderr
    assert all(line.startswith(sentence) if sentence else not line for line, sentence in zip(said, sentences, strict=True)), said


def test_a_module_that_is_missing_is_named(zygote):
    """What cannot be imported is said when a worker is asked for."""
    zygote.warm(["no_such_module"])
    with pytest.raises(RefusalError, match="no_such_module cannot be imported: ModuleNotFoundError"):
        zygote.start(Budget())


def test_a_handler_that_is_missing_is_named():
    """A zygote that cannot do its work at all says so, and does not hang."""
    with source("autograder.no_such:serve", "fork") as broken, pytest.raises(RefusalError, match=r"autograder\.no_such"):
        broken.start(Budget())


def test_workers_come_and_go_without_a_trace(zygote):
    """A hundred workers leave no open file, thread, process or folder."""
    with zygote.start(Budget()) as worker:
        worker.ask(WEIGH, 10)
    before = held()
    for _ in range(100):
        with zygote.start(Budget()) as worker:
            worker.ask(WEIGH, 10)
    # Other tests of this process may have left a library's thread behind, which begins or ends meanwhile: not a hundred.
    assert all(after - earlier < 10 for after, earlier in zip(held(), before, strict=True))
    assert running(zygote.home) == [zygote.pid]
    assert not [path for path in Path(zygote.home).glob("dlkit-worker-*") if path.is_dir()]


def test_threads_share_a_zygote(zygote):
    """Several threads ask for workers at a time, and each gets its own answers."""

    def ask(number):
        with zygote.start(Budget()) as worker:
            return [worker.ask(WEIGH, 20) for _ in range(3)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(12)))
    assert all(int(answer.strip(b'"')) > 0 for several in answers for answer in several)


def test_a_zygote_that_is_killed_takes_its_workers_along(zygote):
    """SIGKILL to the zygote: no worker a second later, and who waits for one hears that it was lost, which is nobody's fault."""
    with zygote.start(Budget()) as worker:
        assert worker.layers.in_force
        os.kill(zygote.pid, signal.SIGKILL)
        time.sleep(1)
        assert set(running(zygote.home)) <= {zygote.pid}  # itself until it is waited for
        with pytest.raises(MachineError, match="was lost"):
            worker.ask(WEIGH, 10)


def test_a_zygote_that_is_killed_is_replaced(zygote):
    """The next worker comes from another zygote, which has imported the same: a class goes on."""
    zygote.warm(["fractions"])
    zygote.warm_if_possible(["sqlite3", "no_such_module"])
    with zygote.start(Budget()) as worker:
        assert worker.layers.in_force
    before = zygote.pid
    os.kill(before, signal.SIGKILL)
    with zygote.start(Budget()) as worker:
        assert worker.ask(WEIGH, 10)
    assert zygote.pid != before


GRADER = """
import sys, time
from autograder.sandbox.budget import Budget
from autograder.sandbox.workers import source
zygote = source("autograder.sandbox.probe:serve", "fork")
workers = [zygote.start(Budget()) for _ in range(3)]
assert all(worker.layers.in_force for worker in workers)
print(zygote.home, flush=True)
time.sleep(100)
"""


def test_a_zygote_that_still_imports_is_not_waited_for():
    """Whoever finds that there is nothing to grade does not wait for TensorFlow; nothing of the zygote is left."""
    with source(HANDLER, "fork") as zygote:
        with zygote.start(Budget()):
            zygote.warm(["tensorflow"])
            home = Path(zygote.home)
            zygote.close()
        assert zygote._process is not None and zygote._process.returncode == -signal.SIGKILL
        assert not Path(f"/proc/{zygote.pid}").exists()
        assert not home.exists()


def test_a_grader_that_is_killed_leaves_nothing():
    """SIGKILL to the grader: no zygote, no worker and no worker's folder a second later."""
    grader = subprocess.Popen([sys.executable, "-c", GRADER], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    home = grader.stdout.readline().strip()
    assert len(running(home)) == 4
    grader.kill()
    grader.wait()
    grader.stdout.close()
    time.sleep(1)
    assert running(home) == []
    assert list(Path(home).glob("dlkit-worker-*")) == []
    with Home() as own:  # whoever starts next removes what the grader could not
        assert not Path(home).exists()
        with Home():
            assert Path(own.path).exists()  # and nothing of those that still run
