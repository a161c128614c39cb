"""A bench: one submission laid out in a worker, and another worker when that one dies.

The grader's side of `observing`: it turns questions into requests, and whatever becomes of a worker into an answer.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType

from autograder.answer import Answer, Ending, plain
from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.observation import Observation, ObservationError, pack, pack_tree, text_of, unpack
from autograder.sandbox.process import EndedError, ProtocolError, TimedOutError, Worker, WorkerError

HANDLER = "autograder.observing:serve"
READY_SECONDS = 180.0  # for our own imports, on a slow disk
OPEN_SECONDS = 30.0  # for reading a file and for running its statements, at least
SPARE_SHARE = 0.5  # of its time: a case that has taken so much will likely need another worker after it
KILLED = -9


class UnreadyError(Exception):
    """A worker could not be set up: ours to mend."""


@dataclass(frozen=True)
class Opened:
    """What came of reading and running a submission's files.

    Attributes:
        ending: RETURNED if its functions can be called, else why they cannot.
        error: the sentence for that.
        stops: statements that raised, one sentence each.
        broken: the rules that each check's function breaks, by the check's name.
        layers: what was in force around the student's code.
    """

    ending: Ending = Ending.RETURNED
    error: str = ""
    stops: tuple[str, ...] = ()
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layers: tuple[str, ...] = ()


class Bench:
    """Ask one submission about cases.

    Args:
        assignment: the spec, sent as text.
        timeout: seconds for a case, in place of the spec's.
        memory: bytes that the submission may take, 0 for no limit.
        worker: one that has already been started.
    """

    def __init__(
        self, assignment: Assignment, *, timeout: float | None = None, memory: int = 0, worker: Worker | None = None
    ) -> None:
        self.assignment = assignment
        self.timeout = timeout
        self.memory = memory
        self.files: Mapping[str, str] = {}
        self.opened: Opened | None = None
        self._worker = worker
        self._spare: Worker | None = None
        self._warmed: set[str] = set()
        self._closed = False

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Have a worker start its interpreter while there are other things to do."""
        self._worker = self._worker or Worker(HANDLER)

    def load(self, files: Mapping[str, str]) -> Opened:
        """Lay out a submission.

        Raises:
            UnreadyError: the worker could not be set up.
        """
        self.files = files
        self.opened = self._load()
        return self.opened

    def ask(self, check: Check, name: str, case: Case, *, limit: float | None = None) -> Answer:
        """Observe one case. Whatever happens to the worker, there is an answer, and the next case gets a worker."""
        seconds = limit or self.timeout_of(check)
        try:
            if self._worker is None:
                again = self._load()
                if again.ending is not Ending.RETURNED:
                    return Answer(again.ending, error=again.error)
        except UnreadyError as error:
            return Answer(Ending.UNREADY, error=str(error))
        try:
            worker = self._warm(check.imports)
        except UnreadyError as error:  # the submission's code has run in this worker: it answers for what it did
            return Answer(Ending.ENDED, error=f"after the file was imported, {error}")
        started = time.monotonic()
        worker.send(request_for(check, case))
        if not worker.wait(SPARE_SHARE * seconds) and self._spare is None:
            self._spare = Worker(HANDLER)  # imports what this one has, while there is still hope
            self._spare.send(_warm_request(self._warmed))
        try:
            return Answer.from_bytes(worker.receive(seconds - (time.monotonic() - started)))
        except (WorkerError, ValueError) as error:
            self._drop()
            return _answer_for(error, seconds, self.memory)

    def timeout_of(self, check: Check) -> float:
        """Seconds for one case of this check."""
        return self.timeout or check.timeout or self.assignment.timeout

    def close(self) -> None:
        """End every worker, for good; another thread that is asking gets its answer at once."""
        self._closed = True
        for worker in (self._worker, self._spare):
            if worker is not None:
                worker.close()
        self._worker = self._spare = None

    def _load(self) -> Opened:
        if self._closed:
            raise UnreadyError("the bench has been closed")
        if self._worker is None:
            self._worker = self._adopted() or Worker(HANDLER)
        files = {f"file {name}": text for name, text in self.files.items()}
        spec = {"spec": self.assignment.source, "spec name": str(self.assignment.folder or "") + "/checks.py"}
        try:
            read = self._ask_ours(pack({"request": "open", **spec, **files}), OPEN_SECONDS, raising=TimedOutError)
        except TimedOutError:
            self._drop()
            return Opened(Ending.TIMED_OUT, f"reading the file took more than {OPEN_SECONDS:g} s")
        if text_of(read, "syntax"):
            return Opened(Ending.RAISED, plain(text_of(read, "syntax"), 300))
        broken = {name[6:]: tuple(text_of(read, name).split("\n")) for name in read if name.startswith("rules ")}
        self._warm(self.assignment.imports)
        return self._run(broken)

    def _adopted(self) -> Worker | None:
        """The spare worker, once its imports are done."""
        spare, self._spare = self._spare, None
        if spare is None:
            return None
        try:
            answer = unpack(spare.receive(READY_SECONDS))
        except (WorkerError, ObservationError):
            spare.close()
            return None
        self._warmed = set(text_of(answer, "modules").split())
        return spare

    def _run(self, broken: Mapping[str, tuple[str, ...]]) -> Opened:
        seconds = max(OPEN_SECONDS, 2 * (self.timeout or self.assignment.timeout))
        main = self.assignment.files[0]
        assert self._worker is not None  # noqa: S101 - set by `_load`
        try:
            ran = unpack(self._worker.ask(pack({"request": "run", "memory": str(self.memory)}), seconds))
        except TimedOutError:
            self._drop()
            return Opened(
                Ending.TIMED_OUT,
                f"{main} did not finish importing within {seconds:g} s: does a loop run outside of its functions?",
            )
        except EndedError as error:
            self._drop()
            return Opened(Ending.ENDED, f"while {main} was imported, it {error.why}")
        except (WorkerError, ObservationError):
            self._drop()
            return Opened(Ending.BROKE_OFF, f"while {main} was imported, it wrote to the grader's channel")
        stops = tuple(plain(stop, 300) for stop in text_of(ran, "stops").split("\n") if stop)
        layers = tuple(plain(layer, 80) for layer in text_of(ran, "layers").split("\n") if layer)
        return Opened(stops=stops, broken=broken, layers=("separate process", *layers))

    def _warm(self, modules: tuple[str, ...]) -> Worker:
        assert self._worker is not None  # noqa: S101 - set by `_load`
        new = [name for name in modules if name not in self._warmed]
        if new:
            answer = self._ask_ours(_warm_request(new), READY_SECONDS)
            if text_of(answer, "error"):
                raise UnreadyError(plain(text_of(answer, "error"), 300))
            self._warmed.update(new)
        return self._worker

    def _ask_ours(self, request: bytes, seconds: float, raising: type[Exception] = UnreadyError) -> Observation:
        """Ask for something that only our own code takes part in; `raising` is let through."""
        assert self._worker is not None  # noqa: S101 - set by `_load`
        try:
            return unpack(self._worker.ask(request, seconds))
        except raising:
            raise
        except (WorkerError, ObservationError) as error:
            self._drop()
            raise UnreadyError(f"the worker could not be set up: {error}") from None

    def _drop(self) -> None:
        if self._worker is not None:
            with contextlib.suppress(OSError):
                self._worker.close()
        self._worker, self._warmed = None, set()


def _warm_request(modules: Iterable[str]) -> bytes:
    return pack({"request": "warm", "modules": " ".join(modules)})


def request_for(check: Check, case: Case) -> bytes:
    """A case as it is sent to a worker: the inputs, and what is particular about it; nothing that scores it."""
    return pack(
        {
            "request": "observe",
            "check": check.name,
            "raises": case.raises,
            "quiet": "yes" if case.quiet else "",
            "writable": " ".join(case.writable),
            **pack_tree(case.inputs),
        }
    )


def _answer_for(error: Exception, seconds: float, memory: int) -> Answer:
    """What became of a worker, as the answer to the case that was open."""
    match error:
        case TimedOutError():
            return Answer(
                Ending.TIMED_OUT, error=f"no answer within {seconds:g} s: is there a loop that never ends?", seconds=seconds
            )
        case EndedError(status=status) if status == KILLED:  # not by us
            return Answer(Ending.OUT_OF_MEMORY, error="the system killed it, most likely for its memory")
        case EndedError():
            return Answer(Ending.ENDED, error=f"it {error.why}")
        case ProtocolError():
            return Answer(Ending.BROKE_OFF, error=f"it {error.why}")
    return Answer(Ending.BROKE_OFF, error="it wrote something to the grader's channel that cannot be read")
