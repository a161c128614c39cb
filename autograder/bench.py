"""A bench: one submission laid out in a worker, and another worker when that one dies.

The grader's side of `observing`: it turns questions into requests, and whatever becomes of a worker into an answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from weakref import WeakKeyDictionary

from autograder.answer import Answer, Ending, plain
from autograder.assignment import SPEC, Assignment
from autograder.cells import called
from autograder.checks.base import Case, Check
from autograder.observation import ObservationError, pack, pack_tree, text_of, unpack
from autograder.sandbox.frames import RefusalError
from autograder.sandbox.process import EndedError, OverLimitError, ProtocolError, TimedOutError, Worker, WorkerError
from autograder.sandbox.sources import Source

HANDLER = "autograder.observing:serve"
OPEN_SECONDS = 15.0  # for reading a file and for running its statements, at least
NOTEBOOK_SECONDS = 60.0  # for running the statements at the top, which stop by themselves before that, if they can
LAID_OUT_MOST = 16  # files of our own that one worker is given: what they leave behind counts as its memory
KILLED = -9
UNPROTECTED = "files not protected"  # the stamp on whatever was graded so

_REQUESTS: WeakKeyDictionary[Case, tuple[str, bytes]] = WeakKeyDictionary()


class UnreadyError(Exception):
    """A worker could not be set up: ours to mend."""


class UnprotectedError(Exception):
    """Nothing would keep a stranger's code from this user's files; none of it has run."""


@dataclass(frozen=True)
class Opened:
    """What came of reading and running a submission's files.

    Attributes:
        ending: RETURNED if its functions can be called, else why they cannot.
        error: the sentence for that.
        stops: statements that raised, one sentence each.
        broken: the rules that each check's function breaks, by the check's name.
        layers: what was in force around the student's code, as its worker reported before it read any of it.
        notes: what else there is to say of how it ran, one sentence each.
    """

    ending: Ending = Ending.RETURNED
    error: str = ""
    stops: tuple[str, ...] = ()
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Bench:
    """Ask one submission about cases.

    Args:
        assignment: the spec, sent as text.
        source: where workers come from; stays open.
        protected: refuse to run a submission where nothing protects this user's files from it.
    """

    def __init__(self, assignment: Assignment, source: Source, *, protected: bool = False) -> None:
        self.assignment = assignment
        self.source = source
        self.protected = protected
        self.files: Mapping[str, str] = {}
        self.opened: Opened | None = None
        self._worker: Worker | None = None
        self.peak = 0  # bytes of memory that its workers used at most, of those that have ended
        self._warmed: set[str] = set()  # what the worker had imported before it isolated itself
        self._laid_out = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def load(self, files: Mapping[str, str], checks: Iterable[Check] = ()) -> Opened:
        """Lay out a submission, in a worker of its own, that finds imported what these checks need.

        Raises:
            UnreadyError: the worker could not be set up.
            UnprotectedError: it is not isolated, and has to be.
        """
        self._drop()
        self.files = files
        self._warm(checks)
        self.opened = self._load()
        return self.opened

    def unreadable(self, files: Mapping[str, str]) -> Opened | None:
        """What is wrong with files that cannot be read as Python, in a worker that need not wait for TensorFlow.

        None if they can be read, if such a worker would save nothing, or if there is none.

        Raises:
            UnprotectedError: it is not isolated, and has to be.
        """
        if not self.source.starts_at_once(self.assignment.imports):
            return None
        self.files = files
        try:
            opened = self._load(run=False)
        except UnreadyError:
            return None
        finally:
            self._drop()
        return None if opened.ending is Ending.RETURNED else opened

    def lay_out(self, files: Mapping[str, str], checks: Iterable[Check] = ()) -> Opened:
        """Lay out other files, in the worker that there is: for files of our own, of which none harms the next.

        What a worker does for the first time (a fork, TensorFlow's first operation) is done once, not for each.

        Raises:
            UnreadyError: a worker could not be set up.
        """
        checks = list(checks)
        self._laid_out += 1
        if self._worker is None or self._laid_out % LAID_OUT_MOST == 0 or not self._has_warmed(checks):
            return self.load(files, checks)
        self.files = files
        self.opened = self._open(self._worker)
        return self.opened

    def ask(self, check: Check, name: str, case: Case, *, limit: float | None = None) -> Answer:
        """Observe one case. Whatever happens to the worker, there is an answer, and the next case gets a worker."""
        seconds = limit or self.timeout_of(check)
        if not self._has_warmed([check]):
            self._drop()
            self._warm([check])
        try:
            if self._worker is None:
                again = self._load()
                if again.ending is not Ending.RETURNED:
                    return Answer(again.ending, error=again.error)
        except UnreadyError as error:
            return Answer(Ending.UNREADY, error=str(error))
        assert self._worker is not None  # noqa: S101 - set by `_load`
        try:
            return Answer.from_bytes(self._worker.ask(request_for(check, case), seconds))
        except (WorkerError, ValueError) as error:
            self._drop()
            return _answer_for(error, seconds)

    def timeout_of(self, check: Check) -> float:
        """Seconds for one case of this check."""
        return check.timeout or self.assignment.timeout

    def close(self) -> None:
        """End the worker, for good; another thread that is asking gets its answer at once."""
        self._closed = True
        self._drop()

    def _warm(self, checks: Iterable[Check]) -> None:
        modules = [*self.assignment.imports, *(name for check in checks for name in check.imports)]
        self.source.warm(dict.fromkeys(modules))
        self._warmed.update(modules)

    def _has_warmed(self, checks: Iterable[Check]) -> bool:
        return self._warmed.issuperset(name for check in checks for name in check.imports)

    def _load(self, *, run: bool = True) -> Opened:
        if self._closed:
            raise UnreadyError("the bench has been closed")
        try:
            worker = self._worker = self.source.start(self.assignment.budget)
            if self._closed:  # by another thread, which had not seen this worker yet
                raise RefusalError("the bench has been closed")
            protects = worker.layers.protects_files
        except RefusalError as error:
            self._drop()
            raise UnreadyError(str(error)) from None
        if self.protected and not protects:
            missing = "; ".join(worker.layers.missing)
            self._drop()
            raise UnprotectedError(f"nothing on this system protects your files from the code ({missing})")
        return self._open(worker, run=run)

    def _open(self, worker: Worker, *, run: bool = True) -> Opened:
        layers = ("separate process", *worker.layers.in_force, *([] if worker.layers.protects_files else [UNPROTECTED]))
        files = {f"file {name}": text for name, text in self.files.items()}
        spec = {"spec": self.assignment.source, "spec name": f"{self.assignment.name}/{SPEC}"}
        main = self._main()
        try:
            read = unpack(worker.ask(pack({"request": "open", **spec, **files}), OPEN_SECONDS))
        except TimedOutError:
            self._drop()
            return Opened(Ending.TIMED_OUT, f"{main} could not be read within {OPEN_SECONDS:g} s", layers=layers)
        except OverLimitError as error:
            self._drop()
            return Opened(_over(error), f"while {main} was read, it {error.why}", layers=layers)
        except EndedError as error:
            self._drop()
            return Opened(Ending.ENDED, f"while {main} was read, the process {error.why}", layers=layers)
        except (WorkerError, ObservationError, RefusalError) as error:
            self._drop()
            raise UnreadyError(f"the worker could not be set up: {error}") from None
        if text_of(read, "error"):
            self._drop()
            raise UnreadyError(plain(text_of(read, "error"), 300))
        if text_of(read, "syntax"):
            return Opened(Ending.RAISED, plain(text_of(read, "syntax"), 300), layers=layers)
        broken = {name[6:]: tuple(text_of(read, name).split("\n")) for name in read if name.startswith("rules ")}
        return self._run(worker, broken, layers) if run else Opened(broken=broken, layers=layers)

    def _run(self, worker: Worker, broken: Mapping[str, tuple[str, ...]], layers: tuple[str, ...]) -> Opened:
        seconds = max(OPEN_SECONDS, 2 * self.assignment.timeout, NOTEBOOK_SECONDS)
        main = self._main()
        try:
            ran = unpack(worker.ask(pack({"request": "run"}), seconds))
        except TimedOutError:
            self._drop()
            sentence = f"{main} did not finish importing within {seconds:g} s: does a loop run outside of its functions?"
            return Opened(Ending.TIMED_OUT, sentence, layers=layers)
        except OverLimitError as error:
            self._drop()
            return Opened(_over(error), f"while {main} was imported, it {error.why}", layers=layers)
        except EndedError as error:
            self._drop()
            return Opened(Ending.ENDED, f"while {main} was imported, it {error.why}", layers=layers)
        except (WorkerError, ObservationError):
            self._drop()
            return Opened(Ending.BROKE_OFF, f"while {main} was imported, it wrote to the grader's channel", layers=layers)
        stops, notes = (tuple(plain(one, 300) for one in text_of(ran, name).split("\n") if one) for name in ("stops", "notes"))
        if text_of(ran, "foreign"):
            return Opened(Ending.MISSING, plain(text_of(ran, "foreign"), 400), stops=stops, layers=layers, notes=notes)
        return Opened(stops=stops, broken=broken, layers=layers, notes=notes)

    def _main(self) -> str:
        main = self.assignment.files[0]
        return called(main, self.files.get(main, ""))

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            with contextlib.suppress(OSError):
                worker.close()
            self.peak = max(self.peak, worker.peak)


def request_for(check: Check, case: Case) -> bytes:
    """A case as it is sent to a worker: the inputs, and what is particular about it; nothing that scores it.

    Packed once: a class is asked the same.
    """
    asked, request = _REQUESTS.get(case, (None, b""))
    if asked != check.name:
        request = pack(
            {
                "request": "observe",
                "check": check.name,
                "raises": case.raises,
                "quiet": "yes" if case.quiet else "",
                "writable": " ".join(case.writable),
                **pack_tree(case.inputs),
            }
        )
        _REQUESTS[case] = check.name, request
    return request


def _over(error: OverLimitError) -> Ending:
    return Ending.OUT_OF_MEMORY if error.limit == "memory" else Ending.OVER_LIMIT


def _answer_for(error: Exception, seconds: float) -> Answer:
    """What became of a worker, as the answer to the case that was open."""
    match error:
        case TimedOutError():
            return Answer(
                Ending.TIMED_OUT, error=f"no answer within {seconds:g} s: is there a loop that never ends?", seconds=seconds
            )
        case OverLimitError():
            return Answer(_over(error), error=error.why)
        case EndedError(status=status) if status == KILLED:  # not by us
            return Answer(Ending.OUT_OF_MEMORY, error="the system killed it, most likely for its memory")
        case EndedError():
            return Answer(Ending.ENDED, error=f"it {error.why}")
        case ProtocolError():
            return Answer(Ending.BROKE_OFF, error=f"it {error.why}")
    return Answer(Ending.BROKE_OFF, error="it wrote something to the grader's channel that cannot be read")
