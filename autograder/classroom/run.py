"""The classroom: many submissions into one gradebook, in parallel, and again only what has to be graded again.

Workers grade, this process judges, and one thread writes: each result in a transaction of its own as soon as it is there.
So it can be stopped at any time, and goes on where it was.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Self

from autograder.assignment import Assignment, SpecError
from autograder.classroom.bundle import Base
from autograder.classroom.changes import Change
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.grading.bench import UnprotectedError
from autograder.grading.digests import digest_of_files, judging_digest, versions
from autograder.grading.grade import Cases, grade, questions
from autograder.grading.judging import fault
from autograder.grading.met import MET
from autograder.grading.references import MISCONCEPTIONS, References
from autograder.grading.remembering import Elsewhere, RememberingBench, keys_of
from autograder.outcome import Grade, Outcome
from autograder.sandbox.frames import NotInstalledError
from autograder.sandbox.workers import Source
from autograder.submission import Submission
from autograder.text.errors import DlkitError

NOTABLE = (Outcome.GRADER_ERROR, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.OVER_LIMIT, Outcome.RULE_BROKEN)
AHEAD = 4  # submissions for each that is graded at a time, which are judged again before anybody has read what changes
_OWN = threading.Lock()
Numbers = Mapping[tuple[str, int], int]  # of attempts in the gradebook, by student and attempt


class ClassroomError(DlkitError):
    """Nobody can be graded; the sentence says why and what to do."""


@dataclass
class Tally:
    """How a grading of a class stands."""

    of: int = 0
    graded: int = 0
    standing: int = 0  # graded before under the same circumstances
    outdated: int = 0  # graded before under others, and left as they are
    unreadable: list[HandIn] = field(default_factory=list)
    left_out: int = 0  # beside these: what fits no layout, and may be somebody's work
    faulty: int = 0  # of the graded: something of ours went wrong, so they are graded again the next time
    not_kept: int = 0  # of the graded: some of their answers are too large to be kept, and are asked for again
    stopped: bool = False
    declined: bool = False  # a regrade was asked for, and somebody said no

    @property
    def done(self) -> int:
        """How many need nothing more."""
        return self.graded + self.standing + self.outdated + len(self.unreadable)


@dataclass(frozen=True)
class Graded:
    """What came of grading one attempt.

    Attributes:
        grade: the verdict.
        answers: what a worker answered that is to be kept, by the key of the question.
        lasting: whether the same would come of it the next time: no time-out, no kill, no limit is in it.
    """

    grade: Grade
    answers: dict[str, bytes]
    lasting: bool = True


@dataclass(frozen=True)
class Classroom:
    """An assignment that is put to many: one seed, one set of questions, one reference.

    Args:
        assignment: the loaded spec.
        references: where the expected answers come from.
        source: where workers come from; both stay open.
        seed: everybody's.
        protected: refuse where nothing protects this user's files.
        own: whether the seed is one student's own already.
    """

    assignment: Assignment
    references: References
    source: Source
    seed: int
    protected: bool = True
    own: bool = False

    def of(self, student: str) -> Self:
        """The classroom as it is for a student: where everybody has inputs of their own, one with another seed."""
        if not self.assignment.own_inputs or self.own:
            return self
        with _OWN:
            if student not in self.rooms:
                self.rooms[student] = replace(self, seed=own_seed(self.seed, student), own=True)
            return self.rooms[student]

    @cached_property
    def rooms(self) -> dict[str, Self]:
        """The classrooms of students, by id."""
        return {}

    @cached_property
    def cases(self) -> Cases:
        """The questions, the same for everybody (but see `of`); raises as `grading.draw` does."""
        return questions(self.assignment, self.assignment.checks, self.seed)

    @cached_property
    def keys(self) -> dict[tuple[str, str], str]:
        """The key of each question."""
        return keys_of(self.assignment, self.cases)

    @cached_property
    def circumstances(self) -> str:
        """A digest of everything that a grade depends on, but the submission."""
        lists = (self.references.folder / name for name in (MISCONCEPTIONS, MET))
        known = b"".join(path.read_bytes() for path in lists if path.is_file())
        reference = digest_of_files(self.references.files)
        parts = (self.assignment.source, reference, str(self.seed), judging_digest(), *versions().values())
        parts += (repr(self.assignment.limits),)  # also those that the spec does not hold
        return hashlib.sha256("\n".join(parts).encode() + known).hexdigest()

    @cached_property
    def bases(self) -> dict[str, Base]:
        """What the reference answered, by the key of the question, as far as it did: what kept answers are held against."""
        return self.references.later(self._bases).result()

    def given(self) -> dict[str, bytes]:
        """The reference's answers that are too large to be kept in a gradebook, by digest."""
        return {base.digest: base.packed for base in self.bases.values() if not base.contents}

    def _bases(self) -> dict[str, Base]:
        found: dict[str, Base] = {}
        for name, cases in self.cases.items():
            with suppress(Exception):  # told with the grade: here it only costs room
                answers = self.references.expected(self.assignment.check(name), cases)
                found |= {self.keys[name, case]: Base(answer) for case, answer in answers.items()}
        return found

    def key(self, files: str, notices: Sequence[str] = ()) -> str:
        """What the grade of these files depends on, and what was to be said when they were taken in: one student's own."""
        return hashlib.sha256("\n".join([self.circumstances, files, *notices]).encode()).hexdigest()

    def key_of(self, handed: HandIn, graded: Graded) -> str:
        """The key under which a grade of an attempt is written: one of its own for what may not happen again."""
        key = self.of(handed.student).key(handed.digest, handed.notices)
        return key if graded.lasting else passing(key)

    def grade(self, handed: HandIn, kept: Mapping[str, bytes]) -> Graded:
        """Grade one attempt."""
        room = self.of(handed.student)
        if room is not self:
            return room.grade(handed, kept)
        submission = Submission(handed.student, handed.files or {}, handed.notices)
        answers: dict[str, bytes] = {}
        lasting = True
        try:
            answers, told = self.answered(handed, kept)
            known = {**kept, **answers}
            with RememberingBench(
                self.assignment,
                self.source,
                self.keys,
                known,
                told=told,
                protected=self.protected,
                total=self.assignment.total,
                elsewhere=self.elsewhere(handed),
            ) as bench:
                result = grade(
                    self.assignment, submission, self.references, self.source, seed=self.seed, cases=self.cases, bench=bench
                )
                answers |= bench.new
                lasting = not bench.passing
            result = replace(result, memory=bench.peak)  # known once its worker has ended
        except (SpecError, UnprotectedError, NotInstalledError, ClassroomError):  # about everybody
            raise
        except Exception as error:  # about this one, and ours: no points are lost, and the others are graded
            sentence = f"the grader failed: {type(error).__name__}: {error}"
            checks = tuple(fault(check, sentence) for check in self.assignment.checks)
            title = self.assignment.title
            result = Grade(self.assignment.name, title, handed.student, self.seed, checks, versions=versions())
        return Graded(result, answers, lasting)

    def answered(self, handed: HandIn, kept: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """What an attempt has answered elsewhere, by the key of the question: what is to be kept, and what is not.

        Nothing, in a classroom on one machine.
        """
        return {}, {}

    def elsewhere(self, handed: HandIn) -> Elsewhere | None:
        """Where the cases of a check are asked once more: None for here, in a classroom on one machine."""
        return None

    def run(
        self,
        attempts: Sequence[HandIn],
        gradebook: Gradebook,
        *,
        jobs: int,
        again: bool = False,
        stop: threading.Event | None = None,
        on_result: Callable[[HandIn, Grade, Tally], None] = lambda handed, result, tally: None,
    ) -> Tally:
        """Grade what has not been graded, and write each result as soon as it is there.

        Args:
            attempts: everybody's, read already.
            gradebook: where to.
            jobs: how many are graded at a time.
            again: grade also what has a result from other circumstances.
            stop: once it is set, what is open is finished and nothing else is begun.
            on_result: told of each result that has been written.

        Raises:
            GradebookError: a result cannot be written; those before it are.
        """
        stop = stop or threading.Event()
        tally = Tally(of=len(attempts))
        run = gradebook.begin(self.assignment.name, self.circumstances)
        numbers = gradebook.hand_in(self.assignment.name, attempts)
        before = gradebook.graded(self.assignment.name)
        known, answered = {key for _, key in before.values()}, gradebook.answered(self.assignment.name)
        waiting = self._to_do(attempts, gradebook, run, numbers, tally, again, before, known)
        if not self.assignment.own_inputs:
            _ = self.keys  # drawn before several threads ask
        open_: dict[Future[Graded], HandIn] = {}
        again_alone: list[HandIn] = []

        def take(handed: HandIn, graded: Graded) -> None:
            number = numbers[handed.student, handed.number]
            key = self.key_of(handed, graded)
            bases = self.shared if graded.answers else {}
            keys = self.of(handed.student).keys
            left_out = gradebook.write(run, number, key, graded.grade, handed.digest, graded.answers, keys, bases)
            known.add(key)
            answered.add(handed.digest)
            self.rooms.pop(handed.student, None)  # whose questions are not needed any more
            tally.graded += 1
            tally.not_kept += bool(left_out)
            tally.faulty += bool(graded.grade.faults)
            on_result(handed, graded.grade, tally)

        def kept(handed: HandIn) -> dict[str, bytes]:
            return gradebook.kept(handed.digest, self.given) if handed.digest in answered else {}

        with ThreadPoolExecutor(jobs, "grading") as pool:
            try:
                while True:
                    while len(open_) < jobs and not stop.is_set() and (handed := next(waiting, None)) is not None:
                        open_[pool.submit(self.grade, handed, kept(handed))] = handed
                    if not open_:
                        break
                    for future in wait(open_, return_when=FIRST_COMPLETED).done:
                        handed = open_.pop(future)
                        graded = future.result()
                        if graded.grade.faults and not stop.is_set():  # perhaps not any more, when nobody else is graded
                            self.keep(gradebook, handed, graded)
                            again_alone.append(handed)
                        else:
                            take(handed, graded)
                for handed in again_alone:
                    if stop.is_set():
                        break
                    take(handed, pool.submit(self.grade, handed, gradebook.kept(handed.digest, self.given)).result())
            finally:
                stop.set()
        tally.stopped = tally.done < tally.of
        return tally

    def keep(self, gradebook: Gradebook, handed: HandIn, graded: Graded) -> None:
        """Keep what an attempt has answered, without a grade."""
        if graded.answers:
            gradebook.keep(handed.digest, graded.answers, self.shared)

    @property
    def shared(self) -> Mapping[str, Base]:
        """What answers are held against: nothing where each student has other questions."""
        return {} if self.assignment.own_inputs else self.bases

    def changes(self, attempts: Sequence[HandIn], gradebook: Gradebook, *, jobs: int) -> Iterator[Change]:
        """What grading again would change, in the order of the attempts; nothing is written but what was answered."""
        graded = gradebook.newest(self.assignment.name)
        if not self.assignment.own_inputs:
            _ = self.keys  # drawn before several threads ask
        again = (
            (handed, number)
            for handed in attempts
            for number, key in [graded.get((handed.student, handed.number), (0, ""))]
            if handed.files is not None and number and key != self.of(handed.student).key(handed.digest, handed.notices)
        )
        with ThreadPoolExecutor(jobs, "grading") as pool:
            open_: deque[tuple[HandIn, int, Future[Graded]]] = deque()
            try:
                while True:
                    for handed, number in islice(again, AHEAD * jobs - len(open_)):
                        open_.append((handed, number, pool.submit(self.grade, handed, gradebook.kept(handed.digest, self.given))))
                    if not open_:
                        break
                    handed, number, future = open_.popleft()
                    after = future.result()
                    self.keep(gradebook, handed, after)
                    before = gradebook.row(number)
                    change = Change(handed.student, handed.number, before.grade if before else None, after.grade)
                    if change.matters:
                        yield change
            finally:
                pool.shutdown(cancel_futures=True)

    def _to_do(
        self,
        attempts: Sequence[HandIn],
        gradebook: Gradebook,
        run: int,
        numbers: Numbers,
        tally: Tally,
        again: bool,
        graded: Mapping[int, tuple[str, str]],
        known: Set[str],
    ) -> Iterator[HandIn]:
        """What has to be asked; what was graded before, or is the same as another's that was (`known`), is settled here."""
        for handed in attempts:
            number, room = numbers[handed.student, handed.number], self.of(handed.student)
            key = room.key(handed.digest, handed.notices)
            if handed.files is None:
                tally.unreadable.append(handed)
            elif graded.get(number) == (handed.digest, key) or (
                graded.get(number) == (handed.digest, passing(key)) and not again
            ):
                tally.standing += 1
            elif number in graded and graded[number][0] == handed.digest and not again:
                tally.outdated += 1
            elif key in known and (same := gradebook.grade_under(key)) is not None:  # the same files, by this student or another
                gradebook.write(run, number, key, replace(same, student=handed.student), handed.digest, {}, room.keys)
                tally.graded += 1
            else:
                yield handed


def own_seed(secret: int, student: str) -> int:
    """The seed of one student: whoever has the secret seed and the student's id can compute it again, and nobody else.

    >>> own_seed(1, "ada") == own_seed(1, "ada") != own_seed(1, "bob")
    True
    """
    return int.from_bytes(hmac.digest(str(secret).encode(), student.encode("utf-8", "surrogatepass"), "sha256")[:7])


def passing(key: str) -> str:
    """The key of a grade that stands until somebody asks for another: what is in it may not happen again."""
    return hashlib.sha256(f"passing\n{key}".encode()).hexdigest()


def notable(result: Grade) -> str:
    """Why somebody should look at a grade, in one sentence; "" if nobody need."""
    for check in result.checks:
        if check.outcome in NOTABLE:
            return f"{check.name}: {check.outcome.words}: {check.message}"
    judged = [check for check in result.checks if check.outcome is not Outcome.TO_MARK]
    if len(judged) > 1 and len({(check.outcome, check.message) for check in judged}) == 1 and not result.score:
        return judged[0].message
    return ""
