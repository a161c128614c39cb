"""References: what the right answers, and the known wrong ones, are for the cases at hand.

They are observed through a worker that never runs a student's code, and kept on disk under a key of everything that
they depend on: the spec, the reference, the inputs, the code that observes and the versions of the libraries. So a
class, or a second run, imports TensorFlow once and not twice.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.assignment import Assignment, SpecError
from autograder.assignment.misconception import Misconception
from autograder.checks.base import Case, Check
from autograder.grading.bench import ALONE, Bench, UnprotectedError, UnreadyError, request_for
from autograder.grading.calls import Calls, calls_in
from autograder.grading.digests import digest_of_observing, fingerprint, observing_digest, versions
from autograder.observation import Observation, ObservationError
from autograder.observation.answer import Answer, Ending
from autograder.observation.calls import RECORD
from autograder.sandbox.frames import FrameError, NotInstalledError, read_frame, write_frame
from autograder.sandbox.workers import Source
from autograder.text.errors import DlkitError

if TYPE_CHECKING:  # needed for wrong answers only
    from autograder.grading.diagnosis.variant import Reason
    from autograder.grading.met import Met
    from autograder.grading.variants import Shelf, Variants

SOLUTIONS = "solutions"
MISCONCEPTIONS = "misconceptions.py"
REFERENCE_SECONDS = 60.0
LARGEST_KEPT = 2**28
LASTING = (Ending.RETURNED, Ending.RAISED, Ending.MISSING, Ending.UNFIT)  # a time-out may not happen again

Answers = dict[str, Answer]
T = TypeVar("T")


class SeedError(DlkitError):
    """There are no expected answers for the inputs of this seed."""


class References:
    """The reference and the misconceptions of one assignment, as answers.

    Args:
        assignment: the loaded spec.
        folder: `solutions/hwN`.
        keep: the folder for kept observations, None to keep nothing.
        source: where its worker comes from; stays open.
        recorded: gives the references that have these cases of a check on record, if there are any: they observe nothing.

    Attributes:
        thorough: whether variants are made by machine for cases for which none are kept: that takes seconds for each check, so it
            is for whom many answers are explained.
        pace: seconds of the reference in all cases of a check that are on record, by its name (see `Variants`).
    """

    thorough = False
    pace: Mapping[str, float] = MappingProxyType({})

    def __init__(
        self,
        assignment: Assignment,
        folder: Path,
        keep: Path | None,
        source: Source,
        recorded: Callable[[Check, Mapping[str, Case]], References | None] = lambda check, cases: None,
    ) -> None:
        self.assignment = assignment
        self.folder = folder
        self.keep = keep
        self._recorded = recorded
        self._bench = Bench(assignment, source, watched=False)  # ours: the time for a whole submission is not its limit
        # A student wrote these: they never share a worker with the reference, nor run where nothing protects our files.
        self._theirs = Bench(assignment, source, watched=False, protected=True)
        # For the cases of a class, which are the same for everybody, answers stay in memory.
        self._expected: dict[str, tuple[Mapping[str, Case], Answers]] = {}
        self._calls: dict[str, tuple[Mapping[str, Case], Calls]] = {}
        self._variants: dict[str, tuple[Mapping[str, Case], Variants]] = {}
        self._thread = ThreadPoolExecutor(1, "references")  # one worker, asked by one thread that outlives it

    def __enter__(self) -> References:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        for bench in (self._bench, self._theirs):
            bench.close()  # so that what is being asked has no answer to wait for
        self._thread.shutdown(cancel_futures=True)

    def later(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have `function` called on the references' own thread, after what was asked for before."""
        return self._thread.submit(function, *arguments)

    @cached_property
    def files(self) -> dict[str, str]:
        """The reference's files; raises as `reference_files` does."""
        return reference_files(self.assignment, self.folder)

    @cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """The known wrong answers by id; raises as `misconceptions_in` does."""
        return misconceptions_in(self.folder)

    @cached_property
    def given(self) -> Mapping[str, str]:
        """The programs that students are to repair: a digest of each, as it is handed out, by its function."""
        from autograder.grading.untouched import given_in

        try:
            return given_in(self.files[self.assignment.files[0]], self.misconceptions.values())
        except SpecError:  # a list of misconceptions that cannot be read costs the explanations, not the grade
            return {}

    @cached_property
    def met(self) -> dict[str, Met]:
        """The mistakes that were named after a class had made them, by id; raises as `met_in` does."""
        from autograder.grading.met import met_in

        return met_in(self.folder)

    @property
    def notices(self) -> tuple[str, ...]:
        """What may make a grade differ from the one that counts, in sentences; nothing, where the solutions are asked."""
        return ()

    def require(self, seed: int) -> None:
        """Refuse a seed for whose inputs nobody can tell the right answers (see `recorded`): solutions can, for each."""

    def expected(self, check: Check, cases: Mapping[str, Case]) -> Answers:
        """The reference's answer to every case of a check."""
        asked, answers = self._expected.get(check.name, (None, {}))
        if asked is not cases or any(answer.ending is Ending.UNREADY for answer in answers.values()):
            observed = Observed(self, check, cases, lambda: self.files)
            answers = dict(observed)
            self._expected[check.name] = cases, answers
            observed.keep((Ending.RETURNED,))  # a reference that failed is asked again: it may be for want of something
        return answers

    def calls(self, check: Check, cases: Mapping[str, Case]) -> Calls:
        """How the reference calls the functions that a check depends on, for stand-ins; no case where that cannot be told.

        See `observing.standing_in`. For the cases of a class, which are the same for everybody, they are recorded once.
        """
        asked, calls = self._calls.get(check.name, (None, None))
        if asked is not cases or calls is None:
            recorded = self._recorded(check, cases)
            if recorded is not None:
                calls = recorded.calls(check, cases)
            else:
                observed = Observed(self, check, cases, lambda: self.files, more={RECORD: " ".join(check.depends)})
                calls = calls_in(observed)
                observed.keep()
            self._calls[check.name] = cases, calls
        return calls

    def reasons(
        self, check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer], said: Mapping[str, str]
    ) -> list[Reason]:
        """Why a submission's answers are wrong (see `diagnosis`); none where nobody knows.

        A mistake that was named for just these answers comes in place of all others. Each variant is observed only as far as it
        answers like the submission, which most do not in the first case already.

        Args:
            check: what was asked.
            cases: its cases by name.
            answers: what the submission answered to each.
            said: the verdict's sentence on each case that is wrong.
        """
        from autograder.grading.diagnosis.reasons import find_reasons

        if named := self._met_by(check, cases, answers):
            return named
        recorded = self._recorded(check, cases)
        if recorded is not None:
            return recorded.reasons(check, cases, answers, said)
        variants = self.variants(check, cases)
        found = find_reasons(check, cases, answers, self.expected(check, cases), said, variants.ways)
        for observed in variants.known.values():
            if isinstance(observed, Observed):
                observed.keep()
        variants.shelf.keep()
        return found

    def variants(self, check: Check, cases: Mapping[str, Case]) -> Variants:
        """The variants of the reference for one check; for the cases of a class, which are the same for everybody, made once."""
        from autograder.grading.variants import Variants

        of, variants = self._variants.get(check.name, (None, None))
        if of is not cases or variants is None:
            variants = Variants(
                check,
                cases,
                self.expected(check, cases),
                self.files,
                self.mistakes(check.function),
                self.observed(check, cases),
                self.ask,
                self._shelf(check, cases),
                self.thorough,
                self.pace.get(check.name),
            )
            self._variants[check.name] = cases, variants
        return variants

    def mistakes(self, function: str = "") -> dict[str, Misconception]:
        """What is known wrong about a function, or about any, and can be observed: by id, without what is harmless."""
        met = [Misconception(one.id, one.function, one.feedback) for one in self.met.values() if one.source]
        known = [*met, *self.misconceptions.values()]
        return {one.id: one for one in known if not one.harmless and function in ("", one.function)}

    def observed(self, check: Check, cases: Mapping[str, Case]) -> dict[str, Observed]:
        """The answers of what is known wrong about a check's function, by id."""
        main = self.assignment.files[0]

        def with_mistake(mistake: Misconception) -> Mapping[str, str]:
            return {**self.files, main: mistake.put_into(self.files[main])}

        return {
            id: self.observed_as(self.met[id], check, cases)
            if id not in self.misconceptions
            else Observed(self, check, cases, partial(with_mistake, mistake))
            for id, mistake in self.mistakes(check.function).items()
        }

    def observed_as(self, one: Met, check: Check, cases: Mapping[str, Case]) -> Observed:
        """The answers of the program that is kept of a mistake; nothing of the reference is beside it."""
        files = {**dict.fromkeys(self.assignment.files, ""), self.assignment.files[0]: one.source}
        return Observed(self, check, cases, lambda: files, theirs=True)

    def _met_by(self, check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer]) -> list[Reason]:
        """The mistakes that were named for just these answers to these inputs."""
        from autograder.grading.diagnosis.variant import Reason
        from autograder.grading.met import wrong_in

        named = [one for one in self.met.values() if one.check == check.name]
        if not named:
            return []
        inputs = {name: fingerprint(case) for name, case in cases.items()}
        wrong = wrong_in(check, cases, answers, self.expected(check, cases))
        return [Reason(one.id, one.feedback, frozenset()) for one in named if one.explains(wrong, inputs)]

    def _shelf(self, check: Check, cases: Mapping[str, Case]) -> Shelf:
        from autograder.grading.variants import Shelf

        path = None
        if self.keep is not None:
            judged = hashlib.sha256(f"{key_of(self.assignment, check, cases, self.files)} {self.assignment.source}".encode())
            path = self.keep / self.assignment.name / f"{judged.hexdigest()[:40]}.sketches"
        return Shelf(path)

    def ask(
        self,
        files: Mapping[str, str],
        check: Check,
        name: str,
        case: Case,
        limit: float | None = None,
        *,
        theirs: bool = False,
        more: Observation = ALONE,
    ) -> Answer:
        """What the references' worker says about one case, with these files laid out in it.

        Args:
            files: text by name.
            check: what is asked.
            name: the case's name.
            case: its inputs.
            limit: seconds that it may take.
            theirs: a student wrote the files: they get a worker of their own, and no more time than a submission.
            more: what else to send with the question.
        """
        bench = self._theirs if theirs else self._bench
        try:
            if bench.files != files or bench.opened is None:
                (bench.load if theirs else bench.lay_out)(files, [check])
            opened = bench.opened
            if opened is not None and opened.ending is not Ending.RETURNED:
                return Answer(opened.ending, error=opened.error)
            most = None if theirs else max(REFERENCE_SECONDS, check.timeout or 0)
            return bench.ask(check, name, case, limit=limit or most, more=more)
        except (UnreadyError, UnprotectedError, NotInstalledError) as error:
            return Answer(Ending.UNREADY, error=str(error))


def reference_files(assignment: Assignment, folder: Path) -> dict[str, str]:
    """The text of each file of the reference in `solutions/hwN`.

    Raises:
        SpecError: one is missing.
    """
    paths = {name: folder / name for name in assignment.files}
    for path in paths.values():
        if not path.is_file():
            raise SpecError(f"there is no reference for {assignment.name}: {path} does not exist")
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


def misconceptions_in(folder: Path) -> dict[str, Misconception]:
    """The known wrong answers of `solutions/hwN`, by id; none where it has no such file.

    Raises:
        SpecError: the file does not run, or two share an id.
    """
    path = folder / MISCONCEPTIONS
    if not path.is_file():
        return {}
    module = ModuleType("misconceptions")
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - ours
        listed: list[Misconception] = list(module.__dict__["misconceptions"])
    except Exception as error:
        raise SpecError(f"{path} must define a list `misconceptions`. Received: {type(error).__name__}: {error}") from None
    found = {mistake.id: mistake for mistake in listed}
    if len(found) < len(listed):
        raise SpecError(f"{path}: two misconceptions share an id")
    return found


class Observed(Mapping[str, Answer]):
    """The answers of one version of the reference to the cases of a check, each observed when it is first looked at.

    What has been observed before is read from disk; `keep` writes what is new. The version's files are made when they are needed:
    a class has hundreds of versions at hand, and asks for few.
    """

    def __init__(
        self,
        references: References,
        check: Check,
        cases: Mapping[str, Case],
        files: Callable[[], Mapping[str, str]],
        *,
        theirs: bool = False,
        more: Observation = ALONE,
    ) -> None:
        self._ask = partial(references.ask, theirs=theirs, more=more)
        self._check, self._cases, self._files = check, cases, files
        self._path: Path | None = None
        if references.keep is not None:
            key = key_of(references.assignment, check, cases, files(), more)
            self._path = references.keep / references.assignment.name / f"{key[:40]}.observations"
        self._answers = self._read()
        self._new = False

    def __getitem__(self, name: str) -> Answer:
        if name not in self._answers:
            self._answers[name] = self._ask(self._files(), self._check, name, self._cases[name])
            self._new = True
        return self._answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    def keep(self, lasting: tuple[Ending, ...] = LASTING) -> None:
        """Write the answers that will be the same the next time; a frame has the number of its case."""
        if self._path is None or not self._new:
            return
        stream = io.BytesIO()
        for number, name in enumerate(self._cases):
            answer = self._answers.get(name)
            if answer is not None and answer.ending in lasting:
                write_frame(stream, number, answer.to_bytes())
        self._new = False
        from autograder.grading.variants import keep_whole

        keep_whole(self._path, stream.getvalue())

    def _read(self) -> Answers:
        names, answers = list(self._cases), {}
        try:
            stream = io.BytesIO(self._path.read_bytes() if self._path else b"")
            while (frame := read_frame(stream, LARGEST_KEPT)) is not None:
                answers[names[frame[0]]] = Answer.from_bytes(frame[1])
        except (OSError, FrameError, ObservationError, IndexError):  # none yet, or damaged: what could be read is right
            pass
        return answers


def key_of(
    assignment: Assignment, check: Check, cases: Mapping[str, Case], files: Mapping[str, str], more: Observation = ALONE
) -> str:
    """A digest of everything that the answers depend on: not of points, tolerances and words, which nobody is asked about."""
    digest = hashlib.sha256()
    limits = repr((assignment.timeout, assignment.budget, assignment.imports, check.timeout))
    asked = (digest_of_observing(check), limits, check.name)
    for part in (observing_digest(), *versions().values(), *asked, *files, *files.values()):
        digest.update(f"{len(part)}:{part}".encode())
    for name, case in cases.items():
        request = request_for(check, case, more)
        digest.update(f"{name}:{len(request)}:".encode() + request)
    return digest.hexdigest()


def keeping_folder() -> Path:
    """Where observations are kept: `DLKIT_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("DLKIT_CACHE")
    if chosen:
        return Path(chosen) / "observations"
    from platformdirs import user_cache_path

    return user_cache_path("dlkit", appauthor=False) / "observations"
