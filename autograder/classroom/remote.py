"""Beyond one machine: a class whose submissions are run by the workers of a Dask cluster.

A task carries bytes: the spec as text, the questions, one submission; it gives back what was answered. Everything that has to
be trusted stays here: the reference, the judging, the gradebook. A worker of the cluster needs this kit installed in the same
versions, no shared disk, and keeps a zygote of its own; a task whose worker is lost is run by another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from autograder.assignment import MODULE, Assignment, run_spec
from autograder.checks.base import Case
from autograder.classroom.gradebook import HandIn
from autograder.classroom.run import Classroom, ClassroomError
from autograder.grading.bench import HANDLER, UnreadyError
from autograder.grading.digests import observing_digest, versions
from autograder.grading.grade import Cases
from autograder.grading.remembering import Elsewhere, More, RememberingBench, Told
from autograder.observation.answer import Ending
from autograder.sandbox.frames import NotInstalledError
from autograder.sandbox.workers import Source, source

REACHED_SECONDS = 10
NAMED = 5  # workers that are named, of those with other versions
RETRIES = 3  # of a task whose worker was lost


class RemoteError(ClassroomError):
    """The cluster cannot be used as it is; the sentence says why and what to do."""


@dataclass(frozen=True)
class Task:
    """What a worker of the cluster is sent about one submission."""

    name: str
    spec: str
    timeout: float | None
    cases: Mapping[str, Mapping[str, Mapping[str, Any]]]
    keys: Mapping[tuple[str, str], str]
    files: Mapping[str, str]
    protected: bool
    circumstances: tuple[str, ...]
    again: tuple[str, More, float] | None = None  # of one check only: what to send with each case, and a limit


@dataclass(frozen=True)
class RemoteClassroom(Classroom):
    """A classroom whose submissions are run elsewhere.

    Args:
        executor: puts tasks to the cluster, as `Client.get_executor()` of dask.distributed does.
        timeout: seconds for a case, in place of the spec's.
    """

    executor: Executor | None = None
    timeout: float | None = None

    def answered(self, handed: HandIn, kept: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """What an attempt answers, asked on another machine unless everything is known."""
        if self.executor is None or all(key in kept for key in self.keys.values()):
            return {}, {}
        return self.executor.submit(observe, self._task(handed)).result()

    def elsewhere(self, handed: HandIn) -> Elsewhere | None:
        """The cluster, where the submission was asked before."""
        executor = self.executor
        if executor is None:
            return None

        def asked(check: str, more: More, limit: float) -> Told:
            return executor.submit(observe, replace(self._task(handed), again=(check, more, limit))).result()

        return asked

    def _task(self, handed: HandIn) -> Task:
        return Task(
            self.assignment.name,
            self.assignment.source,
            self.timeout,
            _plain(self.cases),
            self.keys,
            dict(handed.files or {}),
            self.protected,
            circumstances(),
        )


def circumstances() -> tuple[str, ...]:
    """What has to be the same on every machine, for an answer to mean the same."""
    return (observing_digest(), *(f"{name} {version}" for name, version in versions().items()))


def mismatched(here: Sequence[str], there: Mapping[str, Sequence[str] | str]) -> str:
    """Which workers of a cluster cannot run submissions of this grader, and why, in a sentence; "" if all can.

    Args:
        here: the circumstances of the grader.
        there: those of each worker, by its address, or why it could not tell.

    >>> mismatched(("a", "numpy 2.4.6"), {"tcp://10.0.0.6:1": ("a", "numpy 2.3.0")})
    '1 of 1 workers of the cluster cannot be used: tcp://10.0.0.6:1 has numpy 2.3.0, not 2.4.6'
    """
    wrong = [f"{worker} {why}" for worker, told in there.items() if (why := _difference(here, told))]
    more = f"; and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return (
        f"{len(wrong)} of {len(there)} workers of the cluster cannot be used: {'; '.join(wrong[:NAMED])}{more}" if wrong else ""
    )


def _difference(here: Sequence[str], told: Sequence[str] | str) -> str:
    """What a worker has that the grader has not: "has numpy 2.3.0, not 2.4.6"; "" if all is the same."""
    if isinstance(told, str):
        return told
    ours, theirs = (dict(one.rpartition(" ")[::2] for one in of[1:]) for of in (here, told))
    names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    if names:
        wrong = [f"{name} {theirs.get(name, 'of another dlkit')}, not {ours.get(name, 'known here')}" for name in names]
        return f"has {', '.join(wrong)}"
    return "" if here[0] == told[0] else "has another dlkit, though of the same number"


def _ask_workers(client: Any) -> dict[str, Sequence[str] | str]:
    """What each worker of a cluster says of itself, by its address."""
    told = client.run(circumstances, on_error="return")
    return {worker: _told(answer) for worker, answer in sorted(told.items())}


def _told(answer: Any) -> Sequence[str] | str:
    if isinstance(answer, ModuleNotFoundError | AttributeError):
        return "has no dlkit, or an older one"
    if isinstance(answer, BaseException):
        return f"does not answer: {type(answer).__name__}: {' '.join(str(answer).split())[:100]}"
    return tuple(map(str, answer))


def observe(task: Task) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Everything that a submission answers, by the key of the question; runs on a worker of the cluster.

    Returns:
        What is to be kept, and what is not (see `RememberingBench`).

    Raises:
        RemoteError: this machine has other versions, or lacks a library.
    """
    different = sorted(set(circumstances()) ^ set(task.circumstances))
    if different:
        raise RemoteError(f"a worker of the cluster and the grader have different versions: {'; '.join(different)[:300]}")
    assignment = _assignment(task.name, task.spec)
    if task.timeout:
        assignment = assignment.within(task.timeout)
    total = assignment.total
    with RememberingBench(assignment, _workers(), task.keys, {}, protected=task.protected, total=total) as bench:
        try:
            opened = bench.load(task.files, assignment.checks)
            if opened.ending is Ending.RETURNED:
                for name in [task.again[0]] if task.again else task.cases:
                    check = assignment.check(name)
                    cases = {name: Case(**case) for name, case in task.cases[name].items()}
                    for _ in bench.each_with(check, cases, *task.again[1:]) if task.again else bench.each(check, cases):
                        pass
        except NotInstalledError as error:
            raise RemoteError(f"on a worker of the cluster, {error}") from None
        except UnreadyError:  # asked again by whoever sent it
            pass
        return bench.new, bench.passing


def _plain(cases: Cases) -> dict[str, dict[str, dict[str, Any]]]:
    """The cases without their functions and what is kept from workers: arrays and words."""
    return {
        check: {
            name: {
                "inputs": dict(case.inputs),
                "raises": case.raises,
                "quiet": case.quiet,
                "writable": case.writable,
                "contract": dict(case.contract),
            }
            for name, case in several.items()
        }
        for check, several in cases.items()
    }


@cache
def _assignment(name: str, spec: str) -> Assignment:
    return replace(run_spec(spec, f"{name}/{MODULE}"), name=name, source=spec)


@contextmanager
def cluster(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """A cluster as an executor, and how many tasks it runs at a time.

    Raises:
        RemoteError: it cannot be reached, has no worker, or one of other versions; or Dask is not installed.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise RemoteError("--scheduler needs Dask, which is not installed: pip install 'dlkit[dask]'") from None
    try:
        client = Client(scheduler, timeout=REACHED_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error) or type(error).__name__
        raise RemoteError(
            f"the scheduler {scheduler} cannot be reached: {reason[:200]}. Is it running, and may you connect to it?"
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise RemoteError(f"the scheduler {scheduler} has no workers; start some with `dask worker {scheduler}`")
        if wrong := mismatched(circumstances(), _ask_workers(client)):
            raise RemoteError(f"{wrong}. Install the same versions on every machine, and start these workers again")
        yield client.get_executor(pure=False, retries=RETRIES), threads


@cache
def _workers() -> Source:
    """The zygote of this machine's process; it ends with it."""
    return source(HANDLER)
