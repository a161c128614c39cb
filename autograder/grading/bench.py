"""A bench: one submission laid out in a worker, and another worker when that one dies.

The grader's side of `observing`: it turns questions into requests, and whatever becomes of a worker into an answer.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType, TracebackType
from typing import Generic, Self, TypeVar
from weakref import WeakKeyDictionary

from autograder.assignment import SPEC, Assignment
from autograder.checks.base import Case, Check
from autograder.grading.endings import (
    KILLED_WORDS,
    SIGNALLED,
    about_machine,
    answer_for,
    ending_of,
    unloaded,
    used_up,
)
from autograder.observation import Observation, ObservationError, pack, pack_tree, unpack
from autograder.observation.answer import Answer, Ending
from autograder.observation.calls import RECORD
from autograder.outcome import UNPROTECTED
from autograder.sandbox.frames import NotInstalledError, RefusalError
from autograder.sandbox.machine import out_of_memory, short_of
from autograder.sandbox.process import EndedError, MachineError, OverLimitError, TimedOutError, Worker, WorkerError
from autograder.sandbox.warm import KNOWN
from autograder.sandbox.workers import Source
from autograder.text import plain
from autograder.text.cells import called
from autograder.text.errors import DlkitError, FaultError

HANDLER = "autograder.observing:serve"
KINDS = "autograder.checks."  # modules that a worker needs to read the spec
OPEN_SECONDS = 15.0  # for reading a file and for running its statements, at least
LIBRARY_SECONDS = 120.0  # for loading installed libraries that a submission imports; not the submission's time
SHORTENED = 0.2  # of the time limit, for a check of which another needs what does not work
LATE = 0.1  # of it, for further cases of a check of which one ran out of time: an endless loop costs each of them that much
LATE_LEAST = 1.0  # seconds of those: a fresh worker needs some for what libraries do once
NOTEBOOK_SECONDS = 60.0  # for running the statements at the top, which stop by themselves before that, if they can
LAID_OUT_MOST = 16  # files of our own that one worker is given: what they leave behind counts as its memory
CLOCKS = 1.0  # seconds by which a worker's clock and ours may differ
STUCK = 1  # the exit status of a worker that ended itself because a statement at the top of a file did not let itself be stopped
STUCK_MOST = 3  # such statements that are left out, one after the other
STANDS = re.compile(rb"(\d{1,3}:\d{1,7}):(\d{1,4}\.\d{3})")  # where such a worker stood: file and line, and the seconds it had
RAN = ("stops", "slow", "notes", "printed", "foreign")  # what there is to say of a submission that was run
TOLD_MOST = 20  # lines that did not run, or notes, are told one by one

ALONE: Observation = MappingProxyType({})  # nothing else is sent

R = TypeVar("R", Answer, "Opened")

_REQUESTS: WeakKeyDictionary[Case, tuple[str, bytes]] = WeakKeyDictionary()


class UnreadyError(FaultError):
    """A worker could not be set up: ours to mend."""


LASTING = {Ending.RETURNED, Ending.RAISED, Ending.NOT_STARTED, Ending.MISSING, Ending.UNFIT}
"""How an answer ends that will be the same the next time. No time-out, no kill and no limit is in it."""


class UnprotectedError(DlkitError):
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
        slow: whether a statement was stopped for its time.
    """

    ending: Ending = Ending.RETURNED
    error: str = ""
    stops: tuple[str, ...] = ()
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    slow: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it will be the same the next time: nothing was stopped for its time."""
        return self.ending in LASTING and not self.slow and not any(map(short_of, self.stops))


@dataclass(frozen=True)
class _Attempt(Generic[R]):
    """What came of asking once.

    Attributes:
        result: as it is told.
        doubtful: whether it may have been the machine's doing, so that asking again, alone, is worth it.
        ours: what to say in place of the result if asking again ends like this once more; "" if that settles it.
    """

    result: R
    doubtful: bool = False
    ours: str = ""


class Bench:
    """Ask one submission about cases.

    What may be the machine's doing (a time-out under load, a full disk, a process that the system killed) is asked again,
    while nobody else is asked. Only what happens twice is an answer; what is still the machine's then is nobody's, UNREADY.

    Args:
        assignment: the spec, sent as text.
        source: where workers come from; stays open.
        protected: refuse to run a submission where nothing protects this user's files from it.
        total: seconds that the submission may be charged with, in all; None for as many as its cases may take.
        once: never ask again, where a wrong answer is as good as any: for mutants.
        watched: whether its calls are watched for the rules, which costs up to half as much again; nobody asks what ours call.

    Attributes:
        spent: seconds that the submission has been charged with, its imports included.
        peak: bytes of memory that its workers used at most, of those that have ended.
    """

    def __init__(
        self,
        assignment: Assignment,
        source: Source,
        *,
        protected: bool = False,
        total: float | None = None,
        once: bool = False,
        watched: bool = True,
    ) -> None:
        self.assignment = assignment
        self.source = source
        self.protected = protected
        self.total = total
        self.once = once
        self.watched = watched
        self.spent = 0.0
        self.loaded = False  # whether its worker had to wait for the machine, the last time that it was asked
        self._kills = 0  # how many processes the system had killed for want of memory, when that was last asked
        self._slow = False  # whether it has run out of time twice: it is known to, and its other time-outs count at once
        self.files: Mapping[str, str] = {}
        self.opened: Opened | None = None
        self._worker: Worker | None = None
        self.peak = 0
        self._warmed: set[str] = set()  # what the worker had imported before it isolated itself
        self._laid_out = 0
        self._without: tuple[str, ...] = ()  # statements at the top of its files that no worker runs any more
        self._closed = False
        self._begun: _Begun | None = None
        self._bytes = 0  # bytes of all its answers
        self._printed = 0  # characters that its answers said to have printed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def begin(self, files: Mapping[str, str], checks: Iterable[Check]) -> None:
        """Have a submission laid out while we do something else; `load` waits for that, and must be what comes next."""
        self._begun = _Begun(lambda: self._load_anew(files, checks))

    def load(self, files: Mapping[str, str], checks: Iterable[Check] = ()) -> Opened:
        """Lay out a submission, in a worker of its own, that finds imported what these checks need.

        Raises:
            UnreadyError: the worker could not be set up.
            NotInstalledError: a library that the assignment needs is not installed.
            UnprotectedError: it is not isolated, and has to be.
        """
        begun, self._begun = self._begun, None
        return begun.result() if begun else self._load_anew(files, checks)

    def _load_anew(self, files: Mapping[str, str], checks: Iterable[Check]) -> Opened:
        self._drop()
        self._bytes = self._printed = 0
        self.files, self._without = files, ()
        self.spent = 0.0
        self._slow = False
        self._kills = out_of_memory()
        self._warm(checks)
        opened = self._twice(self._loaded)
        if opened.ending is Ending.UNREADY:
            raise UnreadyError(opened.error)
        self.opened = opened
        return opened

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
            with self.source.turns.among():
                opened = self._load(run=False)
        except (UnreadyError, MachineError):
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
        self.files, self._without = files, ()
        try:
            self.opened = self._open(self._worker)
        except (MachineError, UnreadyError):
            return self.load(files, checks)
        if self.opened.ending is not Ending.RETURNED:  # perhaps for what the files before these have left behind
            return self.load(files, checks)
        return self.opened

    def ask(
        self,
        check: Check,
        name: str,
        case: Case,
        *,
        limit: float | None = None,
        again: bool = True,
        more: Observation = ALONE,
    ) -> Answer:
        """Observe one case. Whatever happens to the worker, there is an answer, and the next case gets a worker.

        Args:
            check: what is asked.
            name: the case's name.
            case: its inputs.
            limit: seconds that it may be charged with, in place of the check's.
            again: ask again if the answer is doubtful.
            more: what else to send with the question: of other functions (see `observing.standing_in`).

        Raises:
            NotInstalledError: a library that the check needs is not installed.
        """
        seconds = limit or self.timeout_of(check)
        if self.left <= 0:
            return self._used_up()
        if not self._has_warmed([check]):
            self._drop()
            self._warm([check])
        answer = self._twice(lambda: self._answered(check, case, seconds, more), again=again)
        return self._used_up() if answer.ending is Ending.TIMED_OUT and self.left <= 0 else answer

    def each(self, check: Check, cases: Mapping[str, Case]) -> Iterator[tuple[str, Answer]]:
        """Observe every case of a check; after one that ran out of time, the others get less of it."""
        limit = self.timeout_of(check)
        late = False
        for name, case in cases.items():
            answer = self.ask(check, name, case, limit=limit, again=not late)
            if answer.ending is Ending.TIMED_OUT and not late:
                limit, late = min(limit, max(LATE_LEAST, LATE * limit)), True
            yield name, answer

    def each_with(
        self, check: Check, cases: Mapping[str, Case], more: Mapping[str, Observation], limit: float
    ) -> Iterator[tuple[str, Answer]]:
        """Observe every case of a check once more, with what else is sent for each."""
        for name, case in cases.items():
            yield name, self.ask(check, name, case, limit=limit, again=False, more=more[name])

    @property
    def left(self) -> float:
        """Seconds that the submission may still be charged with."""
        return math.inf if self.total is None else self.total - self.spent

    def _used_up(self) -> Answer:
        """The answer to a case that the submission's time does not suffice for."""
        return Answer(Ending.TIMED_OUT, error=f"{used_up(self.total or 0.0)}; no answer to this case")

    def _wall(self, seconds: float) -> float | None:
        """Seconds on the wall after which nobody waits for an answer that may be charged with so many; None for the default."""
        return None

    def _twice(self, attempt: Callable[[], _Attempt[R]], *, again: bool = True) -> R:
        """What comes of an attempt, and of another one, alone, if the first is doubtful; see the class."""
        before = self.spent
        with self.source.turns.among():
            first = attempt()
        if not (first.doubtful and again and self._may_ask_again()):
            return self._settled(first)
        self._drop()
        self.spent = before
        with self.source.turns.alone():
            second = attempt()
        self._slow = self._slow or second.result.ending is Ending.TIMED_OUT
        return self._settled(second)

    def _may_ask_again(self) -> bool:
        return not self.once and not self._closed

    @staticmethod
    def _settled(attempt: _Attempt[R]) -> R:
        return replace(attempt.result, ending=Ending.UNREADY, error=attempt.ours) if attempt.ours else attempt.result

    def _loaded(self) -> _Attempt[Opened]:
        """An attempt at loading the submission."""
        self.loaded = False
        try:
            opened = self._load()
        except MachineError as error:
            self._drop()
            return _Attempt(Opened(Ending.UNREADY, str(error)), doubtful=True, ours=about_machine(error))
        except UnreadyError as error:
            return _Attempt(Opened(Ending.UNREADY, str(error)), doubtful=not self._closed)
        return self._judged(opened, opened.error + "".join(opened.stops), slow=opened.slow)

    def _answered(self, check: Check, case: Case, seconds: float, more: Observation) -> _Attempt[Answer]:
        """An attempt at having one case answered."""
        self.loaded = False
        try:
            if self._worker is None:
                again = self._load()
                if again.ending is not Ending.RETURNED:
                    return self._judged(Answer(again.ending, error=again.error), again.error)
        except UnreadyError as error:
            return _Attempt(Answer(Ending.UNREADY, error=str(error)), doubtful=not self._closed)
        except MachineError as error:
            self._drop()
            return _Attempt(Answer(Ending.UNREADY, error=str(error)), doubtful=True, ours=about_machine(error))
        assert self._worker is not None  # noqa: S101 - set by `_load`
        if self._bytes > self.assignment.budget.answers:
            return _Attempt(Answer(Ending.OVER_LIMIT, error=self.assignment.budget.exceeded("answers")))
        limit = max(0.0, min(seconds, self.left))
        started = time.monotonic()
        try:
            said = self._asked(self._worker, request_for(check, case, more), limit)
            self._bytes += len(said)
            answer = self._with_room(Answer.from_bytes(said, within=time.monotonic() - started + CLOCKS))
            if RECORD not in more:
                answer = replace(answer, observation=_received(check, answer))
        except MachineError as error:
            self._drop()
            return _Attempt(Answer(Ending.UNREADY, error=str(error)), doubtful=True, ours=about_machine(error))
        except Exception as error:  # whatever a worker says or does, it is about this case, and never a fault of ours
            self._drop()
            answer = answer_for(error, seconds)
        if answer.ending in (Ending.OVER_LIMIT, Ending.OUT_OF_MEMORY):  # what it left behind must not cost the next case
            self._drop()
        return self._judged(answer, answer.error)

    def _asked(self, worker: Worker, request: bytes, seconds: float) -> bytes:
        """A worker's answer, at the submission's cost."""
        try:
            return worker.ask(request, seconds, self._wall(seconds))
        finally:
            self.spent += worker.spent
            self.loaded = worker.loaded

    def _judged(self, result: R, said: str, *, slow: bool = False) -> _Attempt[R]:
        """An attempt whose result is there: whether it is to be believed.

        Args:
            result: what came of it.
            said: what the worker said about that.
            slow: whether something was stopped for its time though it went on.
        """
        if result.ending is Ending.TIMED_OUT or slow:
            return _Attempt(result, doubtful=self.loaded and not self._slow)
        if result.ending is Ending.OUT_OF_MEMORY and KILLED_WORDS in said:
            before, self._kills = self._kills, out_of_memory()
            ours = "this machine ran out of memory" if self._kills > before else ""
            return _Attempt(result, doubtful=True, ours=ours)
        if result.ending is not Ending.RETURNED or isinstance(result, Opened):
            lacking = short_of(said)
            if lacking:
                return _Attempt(result, doubtful=True, ours=lacking(self.assignment.budget))
            return _Attempt(result, doubtful=result.ending is Ending.ENDED and SIGNALLED in said)
        return _Attempt(result)

    def _with_room(self, answer: Answer) -> Answer:
        """The answer with as much of what it printed as there is room for, of all that the submission prints."""
        before, self._printed = self._printed, self._printed + len(answer.printed)
        most = self.assignment.budget.text
        if self._printed <= most:
            return answer
        over = f"(not kept: it {self.assignment.budget.exceeded('text')})"
        return replace(answer, printed=f"{answer.printed[: most - before]}\n{over}".strip() if before < most else "")

    def timeout_of(self, check: Check) -> float:
        """Seconds for one case of this check."""
        return check.timeout or self.assignment.timeout

    def close(self) -> None:
        """End the worker, for good; another thread that is asking gets its answer at once."""
        self._closed = True
        self._drop()

    def _warm(self, checks: Iterable[Check]) -> None:
        modules = [*self.assignment.imports, *(name for check in checks for name in check.imports)]
        kinds = (name for name in list(sys.modules) if name.startswith(KINDS))  # which the spec has imported here
        self.source.warm(dict.fromkeys([*modules, *sorted(kinds)]))
        self._warmed.update(modules)

    def _has_warmed(self, checks: Iterable[Check]) -> bool:
        return self._warmed.issuperset(name for check in checks for name in check.imports)

    def _load(self, *, run: bool = True) -> Opened:
        return self._open(self._start(), run=run)

    def _start(self) -> Worker:
        if self._closed:
            raise UnreadyError("the bench has been closed")
        try:
            worker = self._worker = self.source.start(self.assignment.budget)
            if self._closed:  # by another thread, which had not seen this worker yet
                raise RefusalError("the bench has been closed")
            protects = worker.layers.protects_files
        except NotInstalledError:
            self._drop()
            raise
        except RefusalError as error:
            self._drop()
            raise UnreadyError(str(error)) from None
        if self.protected and not protects:
            missing = "; ".join(worker.layers.missing)
            self._drop()
            raise UnprotectedError(f"nothing on this system protects your files from this code ({missing})")
        return worker

    def _open(self, worker: Worker, *, libraries: bool = True, run: bool = True) -> Opened:
        layers = ("separate process", *worker.layers.in_force, *([] if worker.layers.protects_files else [UNPROTECTED]))
        files = {f"file {name}": text for name, text in self.files.items()}
        spec = {"spec": self.assignment.source, "spec name": f"{self.assignment.name}/{SPEC}"}
        watch = {} if self.watched else {"unwatched": "1"}
        main = self._main()
        try:
            read = _texts(unpack(worker.ask(pack({"request": "open", **spec, **watch, **files}), OPEN_SECONDS)))
        except (TimedOutError, OverLimitError, EndedError) as error:
            self._drop()
            if isinstance(error, EndedError) and error.status >= 0:  # a text may crash a parser, but it cannot end a process
                raise UnreadyError(f"while {main} was read, the worker {error}") from None
            return Opened(ending_of(error), unloaded(error, main, OPEN_SECONDS, "read"), layers=layers)
        except MachineError:
            raise
        except (WorkerError, ObservationError, RefusalError) as error:
            self._drop()
            raise UnreadyError(f"the worker could not be set up: {error}") from None
        if read.get("error"):
            self._drop()
            raise UnreadyError(plain(read["error"], 300))
        if read.get("syntax"):
            return Opened(Ending.RAISED, plain(read["syntax"], 300), layers=layers)
        broken = {
            check.name: _written(read[f"rules {check.name}"], check)
            for check in self.assignment.checks
            if f"rules {check.name}" in read
        }
        if not run:
            return Opened(broken=broken, layers=layers)
        imported = read.get("imports", "").split()
        known = [name for name in imported if name in KNOWN and name not in self._warmed]
        if known:  # the next worker finds them imported, and so do those of everybody who imports them too
            self._drop()
            self.source.warm_if_possible(known)
            self._warmed.update(known)
            return self._open(self._start())
        if libraries and (others := [name for name in imported if name not in KNOWN]):
            try:
                self._load_libraries(worker, others)
            except MachineError:
                raise
            except WorkerError:  # one takes its process down: in the submission it will, too, and there it is told
                self._drop()
                return self._open(self._start(), libraries=False)
        return self._run(worker, broken, layers)

    def _load_libraries(self, worker: Worker, names: list[str]) -> None:
        """Have a worker import other installed libraries, before the submission's time begins.

        One that cannot be imported fails again in the submission, where that is told.
        """
        try:
            worker.ask(pack({"request": "load", "modules": " ".join(names)}), LIBRARY_SECONDS)
        except TimedOutError:
            self._drop()
            raise UnreadyError(f"{plain(', '.join(names), 200)} could not be imported within {LIBRARY_SECONDS:g} s") from None

    def _run(self, worker: Worker, broken: Mapping[str, tuple[str, ...]], layers: tuple[str, ...]) -> Opened:
        seconds = max(OPEN_SECONDS, 2 * self.assignment.timeout, NOTEBOOK_SECONDS)
        seconds = max(0.0, min(seconds, self.left))
        main = self._main()
        try:
            ran = _texts(unpack(self._asked(worker, pack({"request": "run", "without": " ".join(self._without)}), seconds)), RAN)
        except MachineError:
            raise
        except Exception as error:  # whatever a worker says or does, as in `ask`
            self._drop()
            stuck = isinstance(error, EndedError) and error.status == STUCK
            if stuck and (stands := _stands(worker)) and len(self._without) < STUCK_MOST and self.left > 0:
                self._without = (*self._without, stands)
                return self._open(self._start())
            return Opened(ending_of(error), unloaded(error, main, seconds, "imported"), layers=layers)
        stops, notes = _sentences(ran["stops"]), _sentences(ran["notes"])
        more = [f"{len(stops) - TOLD_MOST} more lines did not run"] if len(stops) > TOLD_MOST else []
        stops, notes = stops[:TOLD_MOST], (*more, *notes[:TOLD_MOST])
        if ran["foreign"]:
            return Opened(
                Ending.MISSING, plain(ran["foreign"], 400), stops=stops, layers=layers, notes=notes, slow=bool(ran["slow"])
            )
        return Opened(stops=stops, broken=broken, layers=layers, notes=notes, slow=bool(ran["slow"]))

    def _main(self) -> str:
        main = self.assignment.files[0]
        return called(main, self.files.get(main, ""))

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            with contextlib.suppress(OSError):
                worker.close()
            self.peak = max(self.peak, worker.peak)


class _Begun:
    """What is done on a thread of its own. Nobody waits for it at the end of the program."""

    def __init__(self, act: Callable[[], Opened]) -> None:
        self._act = act
        self._came: Opened | BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._came = self._act()
        except BaseException as error:  # raised where it is waited for
            self._came = error

    def result(self) -> Opened:
        """What came of it; raises as it did."""
        self._thread.join()
        assert self._came is not None  # noqa: S101 - set by `_run`
        if isinstance(self._came, BaseException):
            raise self._came
        return self._came


def _stands(worker: Worker) -> str:
    """The statement at which a worker has ended, if it had its time; "" where it says nothing, or ended before."""
    said, since = worker.told
    found = STANDS.fullmatch(said)
    return found[1].decode() if found and time.monotonic() - since >= float(found[2]) else ""


def _received(check: Check, answer: Answer) -> Observation:
    """What a check makes of an observation; one of another form than it asks for cannot be read.

    Raises:
        ObservationError: it is none that the check could have made.
    """
    try:
        return check.received(answer.observation)
    except Exception as error:
        raise ObservationError(f"it is no observation of {check.name!r}: {type(error).__name__}") from None


def request_for(check: Check, case: Case, more: Observation = ALONE) -> bytes:
    """A case as it is sent to a worker: the inputs, and what is particular about it; nothing that scores it.

    Packed once: a class is asked the same.
    """
    if more:
        return pack({**unpack(request_for(check, case)), **more})
    asked, request = _REQUESTS.get(case, (None, b""))
    if asked != check.name:
        request = pack(
            {
                "request": "observe",
                "check": check.name,
                "raises": case.raises,
                "quiet": "yes" if case.quiet else "",
                "writable": " ".join(case.writable),
                "contract": json.dumps(dict(case.contract)),
                **pack_tree(case.inputs),
            }
        )
        _REQUESTS[case] = check.name, request
    return request


def _texts(said: Observation, names: Collection[str] = ()) -> dict[str, str]:
    """What a worker says about a submission as a whole: texts, under these names where they are given.

    Raises:
        ObservationError: it says something else.
    """
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    if len(texts) < len(said) or (names and set(texts) != set(names)):
        raise ObservationError("what is said of a submission must be texts")
    return texts


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(plain(one, 300) for one in text.split("\n") if one)


def _written(text: str, check: Check) -> tuple[str, ...]:
    """What a worker says that the source has against each rule of a check, "" where it has nothing."""
    return tuple(plain(one, 300) for one in text.split("\n")[: len(check.rules)])


def is_lasting(answer: Answer) -> bool:
    """Whether an answer will be the same the next time, whatever the limits are and whoever uses the machine."""
    return answer.ending in LASTING and (answer.ending is Ending.RETURNED or short_of(answer.error) is None)


@contextlib.contextmanager
def laid_out(
    assignment: Assignment, source: Source, files: Mapping[str, str], checks: Iterable[Check]
) -> Iterator[tuple[Bench, str]]:
    """A bench with a submission on it, and a sentence on why its functions cannot be called; "" if they can."""
    with Bench(assignment, source) as bench:
        try:
            opened = bench.load(files, checks)
            wrong = "" if opened.ending is Ending.RETURNED else opened.error
        except UnreadyError as error:
            wrong = str(error)
        yield bench, wrong
