"""The gradebook: every attempt of every student, every result, and what was answered, in a database.

SQLite in a file by default; any database that SQLAlchemy knows by its URL. What is written is written in one transaction
for each submission, so that whatever ends a grading ends it between two of them. Raw scores are never changed: a new
grading of the same attempt is a new result, and the newest counts.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, func, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, selectinload

from autograder.classroom.bundle import Base as Reference
from autograder.classroom.bundle import bundled
from autograder.classroom.gradebook import database
from autograder.classroom.gradebook.attempts import read
from autograder.classroom.gradebook.damage import MOST, DamageError, WrongCellError, damage, stray
from autograder.classroom.gradebook.forgetting import Forgotten, forget
from autograder.classroom.gradebook.tables import (
    SCHEMA,
    AdjustmentRow,
    Attempt,
    Base,
    CaseRow,
    CheckRow,
    Fact,
    Files,
    Kept,
    Member,
    PlaceRow,
    ReaderRow,
    RequestRow,
    ResponseRow,
    Result,
    ReviewRow,
    Revision,
    RunRow,
    Seed,
    Student,
)
from autograder.classroom.gradebook.values import Adjustment, ChangedError, GradebookError, HandIn, Row, Run
from autograder.classroom.gradebook.writing import fields_of, keep_answers, kept_answers, now, write_result
from autograder.inbox.people import Person
from autograder.outcome import Grade, Outcome
from autograder.submission.responses import Response
from autograder.text import meant

__all__ = ["Adjustment", "ChangedError", "Forgotten", "Gradebook", "GradebookError", "HandIn", "Row", "Run"]

WAIT_SECONDS = 0.05
WRITES = {"writes": True}
PASSING = ("locked", "already exists")  # what a database says while another program is at it
NO_BASES: Mapping[str, Reference] = {}
FEW = 0.5  # of the students of earlier rosters: if more are on a roster no more, it is one of another part of the class
DAMAGED = "{where} is damaged: {damage}. Restore it from a backup, or start a new one with --gradebook"
KEPT_OF_PEOPLE = tuple(column.name for column in Student.__table__.columns)
T = TypeVar("T")


class Gradebook:
    """A gradebook that is open. Several threads may use it: each call has a connection of its own.

    Args:
        where: a path, or a database URL such as postgresql+psycopg://user@host/grades.

    Attributes:
        where: the same, without passwords.
        notices: what was done on opening it, a sentence each: an older gradebook was brought up to date.

    Raises:
        GradebookError: it cannot be opened, is not ours, or was written by a newer version.
    """

    def __init__(self, where: str | Path) -> None:
        self.where = database.masked(str(where))
        self.notices: tuple[str, ...] = ()
        self._engine = database.opened(str(where))
        try:
            version = self._transaction(_version_of, {}) or self._write(_create_schema)
            if version != str(SCHEMA):
                self._migrate(version)
            if self._engine.dialect.name == "sqlite":
                self._transaction(_whole, {})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _migrate(self, version: str) -> None:
        """Bring an older gradebook up to date, all of it or nothing, with a copy of what it was beside it."""
        if not version.isdecimal() or int(version) > SCHEMA:
            raise GradebookError(
                f"{self.where} has schema {version}; this version of dlkit knows schemas up to {SCHEMA}. "
                "Upgrade dlkit (pip install --upgrade dlkit), or start a new gradebook with --gradebook"
            )
        from autograder.classroom.gradebook.migrations import migrate  # Alembic, which nobody else needs to import

        copy = self._write(lambda session: migrate(session.connection(), int(version)))
        kept = f"; the old version is saved as {copy}" if copy else ""
        self.notices = (f"{self.where} was upgraded from schema {version} to {SCHEMA}{kept}",)

    def seed(self, assignment: str, given: int | None = None) -> int:
        """The secret seed of an assignment: the one that is given, else the one that was kept, else one drawn now."""

        def work(session: Session) -> int:
            kept = session.get(Seed, assignment)
            if kept is None:
                kept = Seed(assignment=assignment, seed=str(secrets.randbits(62) if given is None else given))
                session.add(kept)
            elif given is not None:
                kept.seed = str(given)
            return int(kept.seed)

        return self._write(work)

    def enrol(self, people: Iterable[Person], *, whole: bool = False) -> list[str]:
        """Take in students; what is known of them already is brought up to date.

        What the roster tells of nobody, such as an address that it has no column for, stays as an earlier one told it.

        Args:
            people: of a roster.
            whole: the roster is the whole class: whoever an earlier one had has left, unless that is most of them.

        Returns:
            The ids of those who are on the roster no more, and were on an earlier one; they are marked as left only where
            they are few enough to have left.
        """
        everybody = {person.id: person for person in people}
        told = {name for person in everybody.values() for name in KEPT_OF_PEOPLE if getattr(person, name)}

        def now_of(person: Person) -> dict[str, Any]:
            return {**{name: getattr(person, name) for name in told}, "enrolled": True, "left": ""}

        def work(session: Session) -> list[str]:
            query = select(Student.id).filter_by(enrolled=True, left="").order_by(Student.id)
            before = session.scalars(query).all()
            gone = [key for key in before if whole and key not in everybody]
            if len(gone) <= FEW * len(before):
                for some in database.batched(gone):
                    session.execute(update(Student).where(Student.id.in_(some)).values(left=now()))
            for some in database.batched(list(everybody)):
                known = {one.id: one for one in session.scalars(select(Student).where(Student.id.in_(some)))}
                for key in some:
                    if key not in known:
                        session.add(Student(**now_of(everybody[key])))
                    else:
                        for name, value in now_of(everybody[key]).items():
                            setattr(known[key], name, value)
                session.flush()
                session.expunge_all()
            return gone

        return self._write(work)

    def unite(self, old: str, new: str, *, renamed: bool = False) -> bool:
        """Make one person of two: all that `old` has is `new`'s from now on. Whether there was anybody to unite.

        What a roster has is a person of its own, and stays, unless rosters have `renamed` somebody.
        """

        def work(session: Session) -> bool:
            before, after = session.get(Student, old), session.get(Student, new)
            if before is None or after is None or (before.enrolled and not renamed) or old == new:
                return False
            _unite(session, old, new)
            session.flush()
            session.delete(before)
            return True

        return self._write(work)

    def numbered(self, assignment: str, attempts: Iterable[HandIn]) -> list[HandIn]:
        """The attempts under the student and the number that they have, or will have, in the gradebook.

        Another content is another attempt, whatever number its layout gives it: nothing takes the place of what was graded.
        """
        with self._said(), Session(self._engine) as session:
            return [placed for _, placed, _ in _placed(session, assignment, list(attempts))]

    def attempts(self, assignment: str) -> set[tuple[str, int]]:
        """The attempts at an assignment, by the student under whom each is kept and its number."""
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.student, Attempt.number).where(Attempt.assignment == assignment)
            return {(row.student, row.number) for row in session.execute(query)}

    def origins(self, assignment: str) -> dict[str, str]:
        """The student under whom each attempt at an assignment is kept, by the name of the folder or file that it came in."""
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.origin, Attempt.student).where(Attempt.assignment == assignment)
            found = session.execute(query.order_by(Attempt.student, Attempt.number))
            return {origin: student for origin, student in found}  # noqa: C416 - typed so

    def groups(self, assignment: str) -> dict[tuple[str, int], set[str]]:
        """Those in the class whose work an attempt is besides the student under whom it is kept, by that one and its number."""
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.student, Attempt.number, Member.student.label("member")).join(
                Member, Member.attempt == Attempt.id
            )
            query = query.join(Student, Member.student == Student.id).where(Attempt.assignment == assignment, Student.left == "")
            found: dict[tuple[str, int], set[str]] = defaultdict(set)
            for row in session.execute(query):
                found[row.student, row.number].add(row.member)
            return dict(found)

    def hand_in(self, assignment: str, attempts: Iterable[HandIn]) -> dict[tuple[str, int], int]:
        """Take in attempts, and give back their ids in the gradebook by student and attempt as they were given."""
        attempts = list(attempts)

        def work(session: Session) -> dict[tuple[str, int], int]:
            found: dict[tuple[str, int], int] = {}
            placed = _placed(session, assignment, attempts)
            for some in database.batched(placed):  # a session holds what was read and written until it ends
                _introduce(session, [handed for handed, _, _ in some])
                found |= _taken_in(session, assignment, some)
                session.expunge_all()
            return found

        return self._write(work)

    def graded(self, assignment: str) -> dict[int, tuple[str, str]]:
        """The files and the key of the newest result of each attempt that has one without a fault of ours."""
        with self._said(), Session(self._engine) as session:
            query = select(Result.attempt, Result.files, Result.key).join(Result.of)
            query = query.where(Attempt.assignment == assignment, ~Result.faulty).order_by(Result.id)
            return {row.attempt: (row.files, row.key) for row in session.execute(query)}

    def newest(self, assignment: str) -> dict[tuple[str, int], tuple[int, str]]:
        """The attempts that have a result: the id and the key of the newest, by the student under whom each is and its number."""
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.student, Attempt.number, Attempt.id, Result.key).join(Result, Result.attempt == Attempt.id)
            query = query.where(Attempt.assignment == assignment).order_by(Result.id)
            return {(row.student, row.number): (row.id, row.key) for row in session.execute(query)}

    def answered(self, assignment: str) -> set[str]:
        """The digests of the files that were handed in for an assignment and of which answers are kept."""
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.files).join(Kept, Kept.files == Attempt.files).where(Attempt.assignment == assignment)
            return {files for files in session.scalars(query.distinct()) if files}

    def kept(
        self, files: str, given: Callable[[], Mapping[str, bytes]] = dict, only: Collection[str] | None = None
    ) -> dict[str, bytes]:
        """What these files have answered, by the key of the question.

        Args:
            files: the digest of the files.
            given: what the reference's largest answers are, by digest; called only where an answer refers to one.
            only: the keys that are wanted; all by default.
        """
        with self._said(), self._engine.connect() as connection:
            return kept_answers(connection, files, given, only)

    def keep(self, files: str, answers: Mapping[str, bytes], bases: Mapping[str, Reference] = NO_BASES) -> tuple[str, ...]:
        """Keep answers of some files; the keys of those that are too large to be kept.

        Args:
            files: the digest of the files.
            answers: by the key of the question.
            bases: what the reference answered, by the same keys: an answer that is the same is kept as a mark of that.
        """
        bundle = bundled(answers, bases)
        self._transaction(lambda connection: keep_answers(connection, files, answers, bundle), WRITES)
        return bundle.left_out

    def begin(self, assignment: str, circumstances: str) -> int:
        """Begin a grading of a class, under circumstances that `Classroom.circumstances` is a digest of; its number."""

        def work(session: Session) -> int:
            run = RunRow(assignment=assignment, started=now(), circumstances=circumstances)
            session.add(run)
            session.flush()
            return run.id

        return self._write(work)

    def runs(self, assignment: str | None = None) -> list[Run]:
        """The gradings that wrote something, oldest first; of all assignments by default."""
        with self._said(), Session(self._engine) as session:
            query = select(Result.run, func.count()).group_by(Result.run)
            counts = {run: count for run, count in session.execute(query)}  # noqa: C416 - typed so
            return [
                Run(run.id, run.assignment, run.started, run.circumstances, counts[run.id])
                for run in session.scalars(select(RunRow).order_by(RunRow.id))
                if run.id in counts and assignment in (None, run.assignment)
            ]

    def write(
        self,
        run: int,
        attempt: int,
        key: str,
        grade: Grade,
        files: str,
        answers: Mapping[str, bytes],
        keys: Mapping[tuple[str, str], str],
        bases: Mapping[str, Reference] = NO_BASES,
    ) -> tuple[str, ...]:
        """Write one result and what it was judged from, in one transaction; a result that stands already stays.

        The keys of answers that are too large to be kept come back (see `keep`).
        """
        bundle = bundled(answers, bases)

        def work(connection: Connection) -> None:
            keep_answers(connection, files, answers, bundle)
            write_result(connection, run, attempt, files, key, grade, keys)

        self._transaction(work, WRITES)
        return bundle.left_out

    def grade_under(self, key: str) -> Grade | None:
        """A result that some attempt has under this key: of the same files, under the same circumstances."""
        with self._said(), Session(self._engine) as session:
            found = session.scalars(select(Result.attempt).where(Result.key == key, ~Result.faulty).limit(1)).all()
            rows = read(session, found, every=True)
            return next((row.grade for row in rows if row.key == key and row.grade and not row.grade.faults), None)

    def rows(
        self, assignment: str, until: int | None = None, *, students: Collection[str] | None = None, cases: bool = True
    ) -> list[Row]:
        """Every attempt at an assignment with its newest grade, by student and attempt.

        Args:
            assignment: which.
            until: as it was once this run had ended.
            students: only attempts of these, alone or in a group.
            cases: whether each check has its cases: most of what there is to read, and not needed for marks.
        """
        with self._said(), Session(self._engine) as session:
            query = select(Attempt.id).where(Attempt.assignment == assignment).order_by(Attempt.student, Attempt.number)
            if students is not None:
                query = query.where(Attempt.student.in_(students) | Attempt.members.any(Member.student.in_(students)))
            return list(read(session, session.scalars(query).all(), until=until, cases=cases))

    def row(self, attempt: int) -> Row | None:
        """One attempt with its newest grade, by its id."""
        with self._said(), Session(self._engine) as session:
            return next(read(session, [attempt]), None)

    def wrong(self, assignment: str) -> dict[tuple[str, int], dict[tuple[str, str], str]]:
        """The key of each answer that the newest result of an attempt judged wrong.

        By student and number of the attempt, then by check and case; without what has no answer.
        """
        with self._said(), Session(self._engine) as session:
            newest = select(func.max(Result.id)).join(Result.of).where(Attempt.assignment == assignment).group_by(Result.attempt)
            query = (
                select(Attempt.student, Attempt.number, CheckRow.name, CaseRow.name.label("case"), CaseRow.answer)
                .join(Result, Result.attempt == Attempt.id)
                .join(CheckRow, CheckRow.result == Result.id)
                .join(CaseRow, CaseRow.check == CheckRow.id)
                .where(Result.id.in_(newest), CaseRow.outcome != Outcome.PASSED.value, CaseRow.answer != "")
                .order_by(CaseRow.id)
            )
            found: dict[tuple[str, int], dict[tuple[str, str], str]] = defaultdict(dict)
            for row in session.execute(query):
                found[row.student, row.number][row.name, row.case] = row.answer
            return dict(found)

    def history(self, student: str) -> list[Row]:
        """Every grading of every attempt of a student, by assignment and attempt, the oldest first.

        Raises:
            GradebookError: there is no such student.
        """
        with self._said(), Session(self._engine) as session:
            self._student(session, student)
            mine = (Attempt.student == student) | Attempt.members.any(Member.student == student)
            query = select(Attempt.id).where(mine).order_by(Attempt.assignment, Attempt.number, Attempt.id)
            return list(read(session, session.scalars(query).all(), every=True))

    def people(self, students: Collection[str] | None = None) -> list[Person]:
        """Everybody who is known, whether they handed in or not, by id; of `students` only, if they are given."""
        query = select(*(getattr(Student, name) for name in KEPT_OF_PEOPLE)).order_by(Student.id)
        if students is not None:
            query = query.where(Student.id.in_(students))
        with self._said(), Session(self._engine) as session:
            return [Person(**row._mapping) for row in session.execute(query)]

    def texts(self, files: str) -> dict[str, str]:
        """The text of a submission's files, by name, of the digest that a row has."""
        with self._said(), Session(self._engine) as session:
            found = session.get(Files, files)
            texts: dict[str, str] = {} if found is None else json.loads(found.texts)
            return texts

    def texts_of(self, files: Collection[str]) -> dict[str, dict[str, str]]:
        """The texts of several submissions' files, by their digest, in the order in which these are given."""
        with self._said(), Session(self._engine) as session:
            found: dict[str, dict[str, str]] = {}
            for some in database.batched(list(files)):
                query = select(Files.digest, Files.texts).where(Files.digest.in_(some))
                there = {digest: json.loads(texts) for digest, texts in session.connection().execute(query)}
                found |= {digest: there.get(digest, {}) for digest in some}
            return found

    def assignments(self) -> list[str]:
        """The assignments that have an attempt."""
        with self._said(), Session(self._engine) as session:
            return list(session.scalars(select(Attempt.assignment).distinct().order_by(Attempt.assignment)))

    def checks(self, assignment: str) -> set[str]:
        """The names of the checks that any result of an assignment has."""
        with self._said(), Session(self._engine) as session:
            query = select(CheckRow.name).distinct().join(Result, CheckRow.result == Result.id)
            query = query.join(Attempt, Result.attempt == Attempt.id).where(Attempt.assignment == assignment)
            return set(session.scalars(query))

    def adjust(self, *adjustments: Adjustment, seen: Sequence[int] | None = None) -> None:
        """Write what somebody sets by hand, all of it or nothing.

        Args:
            *adjustments: what.
            seen: of each, the id of what stood there when they read it, 0 for nothing; None writes whatever stands there.

        Raises:
            GradebookError: the student is not in the gradebook, or no gradebook could be read with these points.
            ChangedError: something else stands there than they have seen.
        """
        wrong = next((one.points for one in adjustments if one.points is not None and not 0 <= one.points <= MOST), None)
        if wrong is not None:
            raise GradebookError(f"manual points must be a number from 0 to {MOST:g}. Received: {wrong:g}. Nothing was changed.")

        def work(session: Session) -> None:
            for number, adjustment in enumerate(adjustments):
                self._student(session, adjustment.student)
                session.get(Student, adjustment.student, with_for_update=True)  # of two who write, one waits for the other
                place = {name: getattr(adjustment, name) for name in ("assignment", "student", "check")}
                newest = session.scalars(select(AdjustmentRow).filter_by(**place).order_by(AdjustmentRow.id.desc())).first()
                if seen is not None and seen[number] != (newest.id if newest else 0):
                    raise ChangedError(_adjustment(newest) if newest else None)
                session.add(AdjustmentRow(**fields_of(adjustment, "id")))

        self._write(work)

    def adjustments(self, students: Collection[str] | None = None, *, undone: bool = False) -> list[Adjustment]:
        """What was set by hand, in the order in which it was: the last for each thing, unless that takes it back.

        Args:
            students: only theirs; everybody's by default.
            undone: also the last of what was taken back.
        """
        with self._said(), Session(self._engine) as session:
            query = select(AdjustmentRow).order_by(AdjustmentRow.id)
            if students is not None:
                query = query.where(AdjustmentRow.student.in_(students))
            newest = {(row.assignment, row.student, row.check): _adjustment(row) for row in session.scalars(query)}
            return [one for one in newest.values() if undone or one.points is not None or one.comment or one.excused]

    def read(self, work: Callable[[Session], T]) -> T:
        """Read in one transaction."""
        with self._said(), Session(self._engine) as session:
            return work(session)

    def change(self, work: Callable[[Session], T]) -> T:
        """Write in one transaction; again where another program wrote just before."""
        return self._write(work)

    def forget(self, student: str, *, marks: bool = False, write: bool = False) -> Forgotten:
        """Delete everything about a student, or only tell what that would be; see `forgetting`.

        Args:
            student: by id.
            marks: leave points under an id that tells nothing.
            write: do it.

        Raises:
            GradebookError: there is no such student.
        """

        def work(session: Session) -> Forgotten:
            person = _person(self._student(session, student))
            trial = session.begin_nested()
            found = forget(session, person, marks=marks)
            if write:
                trial.commit()
            else:
                trial.rollback()
            return found

        found = self._write(work)
        if write and self._engine.dialect.name == "sqlite":
            return replace(found, traces=database.scrub(self._engine))
        return found

    def _student(self, session: Session, key: str) -> Student:
        student = session.get(Student, key)
        if student is None:
            known = session.scalars(select(Student.id)).all()
            raise GradebookError(f"{self.where} has no student {key!r}.{meant(key, known)}")
        return student

    def _write(self, work: Callable[[Session], T]) -> T:
        return self._transaction(lambda connection: _in_session(connection, work), WRITES)

    def _transaction(self, work: Callable[[Connection], T], options: Mapping[str, bool]) -> T:
        """Do something in one transaction; again where another program wrote the same or just before."""
        with self._said():
            deadline = time.monotonic() + database.LOCKED_SECONDS
            while True:
                try:
                    with self._engine.connect() as connection, connection.execution_options(**options).begin():
                        return work(connection)
                except (IntegrityError, OperationalError) as error:
                    again = isinstance(error, IntegrityError) or any(words in str(error.orig) for words in PASSING)
                    if not again or time.monotonic() > deadline:
                        raise
                    time.sleep(WAIT_SECONDS)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what a database says into a sentence."""
        try:
            yield
        except DBAPIError as error:
            raise GradebookError(database.sentence(self._engine.url, self.where, error)) from None
        except WrongCellError as wrong:
            with self._engine.connect() as connection:
                found = damage(connection, Base.metadata, wrong.column)
            raise GradebookError(DAMAGED.format(where=self.where, damage=found)) from None
        except DamageError as found:
            raise GradebookError(DAMAGED.format(where=self.where, damage=found)) from None


def _in_session(connection: Connection, work: Callable[[Session], T]) -> T:
    """Do something with objects, as a part of a transaction."""
    with Session(connection) as session, session.begin():
        return work(session)


def _whole(connection: Connection) -> None:
    """Refuse an SQLite database in which a row belongs to none: it would be passed over without a word."""
    if found := stray(connection, Base.metadata):
        raise found


def _version_of(connection: Connection) -> str:
    """The number of a gradebook's schema; "" of an empty database."""
    if not inspect(connection).has_table(Fact.__tablename__):
        return ""
    return connection.scalar(select(Fact.value).filter_by(name="schema")) or "none"


def _create_schema(session: Session) -> str:
    """Make our tables in an empty database, unless another grader was first; the number of its schema."""
    if not (version := _version_of(session.connection())):
        Base.metadata.create_all(session.connection())
        session.add_all([Fact(name="schema", value=str(SCHEMA)), Revision(version_num=str(SCHEMA))])
        version = str(SCHEMA)
    return version


def _respond(session: Session, attempt: int, responses: Sequence[Response]) -> None:
    """Keep the responses of an attempt in place of earlier ones of the same kinds; what is not there any more stays."""
    if not responses:
        return
    kinds = {one.kind for one in responses}
    session.execute(delete(ResponseRow).where(ResponseRow.attempt == attempt, ResponseRow.kind.in_(kinds)))
    session.add_all(ResponseRow(attempt=attempt, **vars(one)) for one in responses)


def _hand_over(session: Session, attempt: int, twin: int) -> None:
    """Give the responses of an attempt to another, of the kinds that it has none of; the others go."""
    there = set(session.scalars(select(ResponseRow.kind).filter_by(attempt=twin)))
    for row in session.scalars(select(ResponseRow).filter_by(attempt=attempt)).all():
        if row.kind in there:
            session.delete(row)
        else:
            row.attempt = twin


@dataclass(slots=True)
class _Standing:
    """An attempt that is in the gradebook, as far as it tells whether another is the same."""

    id: int
    student: str
    number: int
    files: str | None
    submitted: str
    members: tuple[str, ...] = ()

    @property
    def moment(self) -> datetime | None:
        return _instant(self.submitted) if self.submitted else None


Placed = tuple[HandIn, HandIn, _Standing | None]


def _introduce(session: Session, attempts: Sequence[HandIn]) -> None:
    """Have the people and the files of some attempts in the gradebook."""
    people = {one.id: one for at in attempts for one in (Person(at.student, at.name, at.email), *at.members)}
    known = set(session.scalars(select(Student.id).where(Student.id.in_(people))))
    session.add_all(Student(**_kept_of(one)) for key, one in people.items() if key not in known)
    files = {at.digest: at.files for at in attempts if at.files is not None}
    kept = set(session.scalars(select(Files.digest).where(Files.digest.in_(files))))
    for digest, texts in files.items():
        if digest not in kept:
            session.add(Files(digest=digest, texts=json.dumps(dict(texts), ensure_ascii=False)))
    session.flush()


def _taken_in(session: Session, assignment: str, placed: Sequence[Placed]) -> dict[tuple[str, int], int]:
    """Write some attempts; their ids, by student and attempt as they were given."""
    ids = [standing.id for _, _, standing in placed if standing]
    query = select(Attempt).where(Attempt.id.in_(ids)).options(selectinload(Attempt.members))
    before = {attempt.id: attempt for attempt in session.scalars(query)}
    found: list[tuple[HandIn, HandIn, Attempt]] = []
    for given, handed, standing in placed:
        new = Attempt(assignment=assignment, student=handed.student, number=handed.number, seen=now(), members=[])
        attempt = before[standing.id] if standing else new
        if handed.marks_late or not attempt.marks_late:  # what one platform marked, another that marks nothing leaves
            attempt.late, attempt.marks_late = handed.late, handed.marks_late
        attempt.origin = handed.origin
        attempt.submitted = handed.submitted or attempt.submitted or ""  # what was known once is known
        attempt.files = handed.digest if handed.files is not None else None
        attempt.unreadable, attempt.group = handed.unreadable, handed.group
        session.add(attempt)
        found.append((given, handed, attempt))
    session.flush()
    for _, handed, attempt in found:
        there = {member.student: member for member in attempt.members}
        left = {key for key in there if session.get_one(Student, key).left}  # no roster names them any more
        wanted = sorted(left | {person.id for person in handed.members})
        if wanted != list(there):
            attempt.members = [there.get(key) or Member(attempt=attempt.id, student=key) for key in wanted]
        _respond(session, attempt.id, handed.responses)
    session.flush()
    return {(given.student, given.number): attempt.id for given, _, attempt in found}


def _placed(session: Session, assignment: str, attempts: Sequence[HandIn]) -> list[Placed]:
    """Each attempt as it was given, and under the student and number that it has here; with what is here of it already.

    It is here already if its content is, at the same time or under the same number. Where a layout has one attempt of each
    student, the one it has is their last.
    """
    several = Counter(handed.student for handed in attempts)
    taken: set[int] = set()
    numbers: dict[str, set[int]] = defaultdict(set)
    standing: dict[str, list[_Standing]] = defaultdict(list)
    for attempt in _standing(session, assignment):
        standing[attempt.student].append(attempt)
        for student in (attempt.student, *attempt.members):
            numbers[student].add(attempt.number)
    found: list[Placed] = []
    for handed in attempts:
        everybody = dict.fromkeys((handed.student, *(person.id for person in handed.members)))
        before = [one for key in everybody for one in standing.get(key, ()) if one.id not in taken]
        before.sort(key=lambda one: (one.number, one.id))
        same = _same(handed, before, several[handed.student] > 1)
        if same is not None:
            taken.add(same.id)
            found.append((handed, _owned(handed, same), same))
            continue
        used = set().union(*(numbers[student] for student in everybody))
        number = handed.number if handed.number > max(used, default=0) else max(used) + 1
        for student in everybody:
            numbers[student].add(number)
        found.append((handed, handed if number == handed.number else replace(handed, number=number), None))
    return found


def _standing(session: Session, assignment: str) -> Iterator[_Standing]:
    """The attempts that are here, by number: without objects that a session would keep."""
    query = select(Attempt.id, Attempt.student, Attempt.number, Attempt.files, Attempt.submitted)
    query = query.where(Attempt.assignment == assignment).order_by(Attempt.number, Attempt.id)
    groups: dict[int, list[str]] = defaultdict(list)
    in_groups = select(Member.attempt, Member.student).join(Attempt, Attempt.id == Member.attempt)
    for attempt, member in session.execute(in_groups.where(Attempt.assignment == assignment).order_by(Member.student)):
        groups[attempt].append(member)
    for key, student, number, files, submitted in session.execute(query):
        yield _Standing(key, student, number, files, submitted, tuple(groups.get(key, ())))


def _same(handed: HandIn, before: Sequence[_Standing], several: bool) -> _Standing | None:
    """The attempt that this is, of those before it, by number; None if it is another."""
    files = handed.digest if handed.files is not None else None
    at_once = [one for one in before if one.files == files and handed.submitted and one.moment == _instant(handed.submitted)]
    if at_once:
        return at_once[-1]
    likely = [one for one in before if one.number == handed.number] if several else before
    if not likely:
        return None
    last = likely[-1]
    if last.files is None:  # of a group, one may have had a question that is answered now
        last = next((one for one in reversed(likely) if one.files == files), last)
    another_time = bool(handed.submitted and last.submitted)
    return last if not another_time and last.files in (files, None) else None


def _owned(handed: HandIn, attempt: _Standing) -> HandIn:
    """An attempt under the one of its group under whom it is kept."""
    if handed.student == attempt.student:
        return handed if handed.number == attempt.number else replace(handed, number=attempt.number)
    people = {person.id: person for person in (Person(handed.student, handed.name, handed.email), *handed.members)}
    owner = people.pop(attempt.student)
    return replace(
        handed,
        student=owner.id,
        name=owner.name,
        email=owner.email,
        number=attempt.number,
        members=tuple(people.values()),
    )


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _unite(session: Session, old: str, new: str) -> None:
    """Give the attempts, the groups and the adjustments of one student to another."""
    for attempt in session.scalars(select(Attempt).filter_by(student=old).order_by(Attempt.assignment, Attempt.number)).all():
        theirs = session.scalars(select(Attempt).filter_by(student=new, assignment=attempt.assignment)).all()
        numbers = {one.number for one in theirs}
        twin = next((one for one in theirs if one.files == attempt.files and one.files is not None), None)
        if twin is not None and twin.submitted in ("", attempt.submitted):  # graded twice, as two people: one attempt
            twin.submitted, twin.seen = attempt.submitted, min(filter(None, (twin.seen, attempt.seen)), default="")
            for result in list(attempt.results):
                result.of = twin
            for place in session.scalars(select(PlaceRow).filter_by(attempt=attempt.id)):
                place.attempt = twin.id
            _hand_over(session, attempt.id, twin.id)
            for reading in (ReviewRow, ReaderRow):
                session.execute(delete(reading).filter_by(attempt=attempt.id))
            session.flush()
            session.delete(attempt)
        else:
            attempt.number = attempt.number if attempt.number not in numbers else max(numbers) + 1
            attempt.student = new
        session.flush()
    for member in session.scalars(select(Member).filter_by(student=old)).all():
        attempt_id = member.attempt
        session.delete(member)
        session.flush()
        attempt_ = session.get_one(Attempt, attempt_id)
        if new not in (attempt_.student, *session.scalars(select(Member.student).filter_by(attempt=attempt_id))):
            session.add(Member(attempt=attempt_id, student=new))
            session.flush()
    for member in session.scalars(
        select(Member).join(Attempt, Member.attempt == Attempt.id).where(Attempt.student == Member.student)
    ):
        session.delete(member)  # nobody is in a group with themselves
    for table in (AdjustmentRow, RequestRow):
        session.execute(update(table).filter_by(student=old).values(student=new))


def _person(student: Student) -> Person:
    return Person(**{name: getattr(student, name) for name in KEPT_OF_PEOPLE})


def _kept_of(person: Person) -> dict[str, Any]:
    """What a gradebook keeps of a student."""
    return {name: getattr(person, name) for name in KEPT_OF_PEOPLE}


def _adjustment(row: AdjustmentRow) -> Adjustment:
    return Adjustment(row.assignment, row.student, row.points, row.comment, row.by, row.at, row.check, row.excused, row.id)
