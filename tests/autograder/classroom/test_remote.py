"""Beyond one machine: the same grades from a Dask cluster, also where it loses a worker in the middle."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from dataclasses import replace
from importlib.util import find_spec

import pytest

from autograder.classroom import remote
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.remote import RemoteClassroom, RemoteError, cluster, mismatched, observe
from autograder.grading.digests import digest_of_files, versions

pytestmark = [
    pytest.mark.skipif(not find_spec("distributed"), reason="Dask is not installed: pip install 'dlkit[dask]'"),
    pytest.mark.filterwarnings("default"),  # Dask's own, about clocks and busy loops
]
SECONDS = 0.3  # that each submission takes, so that a worker can be lost meanwhile


@pytest.fixture(scope="module")
def local_cluster():
    """Two workers, each a process of its own, as on two machines."""
    import distributed  # where it is used: each process of pytest would wait for it

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as found:
        yield found


@pytest.fixture
def attempts(small):
    """A class, one of whom is wrong."""
    found = []
    for number in range(12):
        text = f"import time; time.sleep({SECONDS})\n" + small.source.replace(
            "__future__ import annotations", "math import pi", 1
        )
        text = text.replace("np.sum(x)", "np.max(x)") if number == 3 else text
        files = {small.file: f"{text}# {number}\n"}
        found.append(HandIn(f"s{number:02}", files=files, digest=digest_of_files(files)))
    return found


def room_of(small, executor=None):
    """A classroom for the small assignment."""
    return RemoteClassroom(small.assignment, small.references, small.workers, 7, executor=executor)


def scores(book):
    """Everybody's score and where it was run."""
    return {row.student: row.grade.score for row in book.rows("arith") if row.grade}


def test_a_cluster_gives_the_same_grades(small, attempts, local_cluster, tmp_path, monkeypatch):
    """What is answered elsewhere is judged here as if it had been answered here; nothing is run here."""
    with Gradebook(tmp_path / "here.db") as here, Gradebook(tmp_path / "there.db") as there:
        room_of(small).run(attempts[:4], here, jobs=2)
        with cluster(local_cluster.scheduler_address) as (executor, threads):
            assert threads == 2
            monkeypatch.setattr(remote.RememberingBench, "_load", lambda self: pytest.fail("it was run here"))
            room_of(small, executor).run(attempts[:4], there, jobs=threads)
        assert scores(here) == scores(there)
        assert len(set(scores(there).values())) == 2
        assert "seccomp" in there.rows("arith")[0].grade.isolation


def test_a_lost_worker_costs_nothing(small, attempts, local_cluster, tmp_path):
    """A worker that is killed in the middle is replaced, and its submission is run again by another."""
    with Gradebook(tmp_path / "there.db") as book, cluster(local_cluster.scheduler_address) as (executor, threads):
        killed = []

        def kill():
            time.sleep(2 * SECONDS)
            pid = next(iter(local_cluster.workers.values())).pid
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        tally = room_of(small, executor).run(attempts, book, jobs=threads)
        thread.join()
        assert killed
        assert (tally.graded, tally.faulty) == (12, 0)
        assert len(scores(book)) == 12


def test_a_worker_of_another_version_is_refused(small, attempts):
    """An answer means the same only where the versions are the same."""
    task = replace(room_of(small)._task(attempts[0]), circumstances=("numpy 0.1",))
    with pytest.raises(RemoteError, match=r"have different versions: .*numpy 0\.1"):
        observe(task)


def test_other_versions_are_named_before_anything_runs(local_cluster, monkeypatch):
    """Each worker, with what it has and what it should have; nothing is sent to any."""
    monkeypatch.setattr(remote, "versions", lambda: {**versions(), "numpy": "0.1", "python": "3.0"})
    monkeypatch.setattr(remote, "observe", lambda task: pytest.fail("it was run"))
    with pytest.raises(RemoteError) as refused, cluster(local_cluster.scheduler_address):
        pass
    text = str(refused.value)
    assert re.match(r"(\d) of \1 workers of the cluster cannot be used: tcp://", text)  # one may be starting again
    assert f"has numpy {versions()['numpy']}, not 0.1, python {versions()['python']}, not 3.0" in text
    assert "Install the same versions on every machine" in text


def test_a_worker_without_dlkit_is_named():
    """One that cannot answer is told apart from one that answers otherwise."""
    here = ("digest", "numpy 2")
    there = {"a": ("digest", "numpy 2"), "b": remote._told(ModuleNotFoundError("dlkit")), "c": ("other", "numpy 2")}
    assert mismatched(here, there) == (
        "2 of 3 workers of the cluster cannot be used: b has no dlkit, or an older one; "
        "c has another dlkit, though of the same number"
    )


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    """Which, and what to look at."""
    monkeypatch.setattr(remote, "REACHED_SECONDS", 1)
    with pytest.raises(RemoteError, match=r"tcp://127.0.0.1:9 cannot be reached"), cluster("tcp://127.0.0.1:9"):
        pass
