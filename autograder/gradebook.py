"""The gradebook: every attempt of every student, every result, and what was answered, in a database.

SQLite in a file by default; any database that SQLAlchemy knows by its URL. What is written is written in one transaction
for each submission, so that whatever ends a grading ends it between two of them. Raw scores are never changed: a new
grading of the same attempt is a new result, and the newest counts.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, create_engine, event, func, inspect, select
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

from autograder.bundle import MAGIC, Bundle, BundleError, bundled, opened
from autograder.bundle import Base as Reference
from autograder.outcome import CaseResult, CheckResult, Grade, Outcome

SCHEMA = 1
LOCKED_SECONDS = 30
WAIT_SECONDS = 0.05
WRITES = {"writes": True}
PASSING = ("locked", "already exists")  # what a database says while another program is at it
CONTENTS = "contents"  # in place of the digest of files: what bundles share
NO_BASES: Mapping[str, Reference] = {}
T = TypeVar("T")
DIGEST = String(64)


class GradebookError(Exception):
    """The gradebook cannot be used as it is; the sentence says why and what to do."""


class Base(DeclarativeBase):
    """The tables."""


class Fact(Base):
    """Something about the gradebook itself: the number of its schema."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]


class Seed(Base):
    """The secret seed of an assignment: everybody's inputs are drawn with it."""

    __tablename__ = "seeds"
    assignment: Mapped[str] = mapped_column(String(80), primary_key=True)
    seed: Mapped[str] = mapped_column(String(40))  # text: it may have more digits than a database's integers


class Student(Base):
    """A student, as the roster or the first submission names them."""

    __tablename__ = "students"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    canvas_id: Mapped[str] = mapped_column(default="")
    moodle_id: Mapped[str] = mapped_column(default="")


class Files(Base):
    """The text of a submission's files, once however often it was handed in."""

    __tablename__ = "files"
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    texts: Mapped[str]  # a JSON object, text by file name


class Attempt(Base):
    """One attempt of one student at one assignment."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("assignment", "student", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(80), index=True)
    student: Mapped[str] = mapped_column(ForeignKey("students.id"))
    number: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)
    submitted: Mapped[str] = mapped_column(default="")  # ISO 8601 with offset, "" where it is not known
    origin: Mapped[str] = mapped_column(default="")
    files: Mapped[str | None] = mapped_column(ForeignKey("files.digest"))
    unreadable: Mapped[str] = mapped_column(default="")  # why there is nothing to grade
    results: Mapped[list[Result]] = relationship(order_by="Result.id", back_populates="of")


class RunRow(Base):
    """One grading of a class: everything that was written between one start of the grader and its end."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(80), index=True)
    started: Mapped[str]
    circumstances: Mapped[str] = mapped_column(DIGEST)  # of everything that its grades depend on, but the submissions


class Result(Base):
    """What came of grading an attempt, under everything that `key` is a digest of."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("attempt", "key", "run"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    files: Mapped[str] = mapped_column(ForeignKey("files.digest"))
    key: Mapped[str] = mapped_column(DIGEST, index=True)
    score: Mapped[float]
    max_score: Mapped[float]
    faulty: Mapped[bool]  # something of ours went wrong: to be graded again
    seconds: Mapped[float]
    graded: Mapped[str]
    grade: Mapped[str]  # title, versions, isolation, notices, as a JSON object
    of: Mapped[Attempt] = relationship(back_populates="results")
    checks: Mapped[list[CheckRow]] = relationship(order_by="CheckRow.position", cascade="all, delete-orphan")


class CheckRow(Base):
    """The verdict on one check of a result."""

    __tablename__ = "checks"
    id: Mapped[int] = mapped_column(primary_key=True)
    result: Mapped[int] = mapped_column(ForeignKey("results.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    score: Mapped[float | None]
    max_score: Mapped[float]
    message: Mapped[str]
    hint: Mapped[str]
    misconception: Mapped[str | None] = mapped_column(String(200), index=True)
    explanation: Mapped[str]
    seconds: Mapped[float]
    cases: Mapped[list[CaseRow]] = relationship(order_by="CaseRow.position", cascade="all, delete-orphan")


class CaseRow(Base):
    """The verdict on one case of a check, and the key of the answer that it is about."""

    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    check: Mapped[int] = mapped_column(ForeignKey("checks.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    message: Mapped[str]
    printed: Mapped[str]
    see: Mapped[str]
    answer: Mapped[str] = mapped_column(DIGEST, default="")


class Kept(Base):
    """What a worker said, so that it can be judged again: bundles of the answers of some files (see `bundle`).

    What bundles share stands under `CONTENTS` in place of files. A gradebook of an older dlkit has single answers here.
    """

    __tablename__ = "kept"
    files: Mapped[str] = mapped_column(ForeignKey("files.digest"), primary_key=True)
    key: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class AdjustmentRow(Base):
    """Points or a comment by hand, for a check or for the whole; the newest for each counts."""

    __tablename__ = "adjustments"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(80))
    student: Mapped[str] = mapped_column(ForeignKey("students.id"))
    check: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[float | None]
    comment: Mapped[str]
    by: Mapped[str]
    at: Mapped[str]


@dataclass(frozen=True)
class Adjustment:
    """Points (None for a comment alone) that somebody gives by hand for a check, or for the whole where it is "".

    Without points and without a comment, it takes back what was given before.
    """

    assignment: str
    student: str
    points: float | None
    comment: str
    by: str
    at: str
    check: str = ""


@dataclass(frozen=True)
class Person:
    """A student, as the roster or the first submission names them, and as learning platforms call them."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    moodle_id: str = ""


@dataclass(frozen=True)
class Handed:
    """An attempt as it is handed in: whose, which, when, from where, and its files or why there are none.

    `notices` are what there was to say when it was taken in; they become those of its grade.
    """

    student: str
    number: int = 1
    name: str = ""
    email: str = ""
    late: bool = False
    submitted: str = ""
    origin: str = ""
    files: Mapping[str, str] | None = None
    digest: str = ""
    unreadable: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """An attempt with its newest grade, as exports and reports read it."""

    student: str
    name: str
    number: int
    late: bool
    submitted: str
    origin: str
    unreadable: str
    grade: Grade | None
    key: str = ""
    email: str = ""
    section: str = ""
    graded: str = ""
    files: str | None = None
    assignment: str = ""
    run: int | None = None


@dataclass(frozen=True)
class Run:
    """One grading of a class: its number, when it was begun, and how many results it wrote."""

    id: int
    assignment: str
    started: str
    circumstances: str
    results: int


class Gradebook:
    """A gradebook that is open. Not shared between threads.

    Args:
        where: a path, or a database URL such as postgresql+psycopg://user@host/grades.

    Raises:
        GradebookError: it cannot be opened, or is none of ours, or of another version.
    """

    def __init__(self, where: str | Path) -> None:
        self.where = str(where)
        self._engine = _engine(self.where)
        try:
            version = self._transaction(_version_of, {}) or self._write(_begun)
        except BaseException:
            self.close()
            raise
        if version != str(SCHEMA):
            self.close()
            raise GradebookError(
                f"{self.where} has schema {version}; this version of dlkit reads and writes schema {SCHEMA}. "
                "Use the dlkit that made it, or begin a new gradebook"
            )

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

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

    def enrol(self, people: Iterable[Person]) -> None:
        """Take in students; what is known of them already is brought up to date."""
        everybody = [Student(**asdict(person)) for person in people]

        def work(session: Session) -> None:
            for student in everybody:
                session.merge(student)

        self._write(work)

    def hand_in(self, assignment: str, attempts: Iterable[Handed]) -> dict[tuple[str, int], int]:
        """Take in attempts, and give back their numbers in the gradebook by student and attempt."""
        attempts = list(attempts)

        def work(session: Session) -> dict[tuple[str, int], int]:
            found = {}
            for handed in attempts:
                if session.get(Student, handed.student) is None:
                    session.add(Student(id=handed.student, name=handed.name, email=handed.email))
                if handed.files is not None and session.get(Files, handed.digest) is None:
                    session.add(Files(digest=handed.digest, texts=json.dumps(dict(handed.files), ensure_ascii=False)))
                session.flush()
                wanted = {"assignment": assignment, "student": handed.student, "number": handed.number}
                attempt = session.scalars(select(Attempt).filter_by(**wanted)).first() or Attempt(**wanted)
                attempt.late, attempt.submitted, attempt.origin = handed.late, handed.submitted, handed.origin
                attempt.files = handed.digest if handed.files is not None else None
                attempt.unreadable = handed.unreadable
                session.add(attempt)
                session.flush()
                found[handed.student, handed.number] = attempt.id
            return found

        return self._write(work)

    def graded(self, assignment: str) -> dict[int, tuple[str, str]]:
        """The files and the key of the newest result of each attempt that has one without a fault of ours."""
        with self._said(), Session(self._engine) as session:
            query = select(Result.attempt, Result.files, Result.key).join(Result.of)
            query = query.where(Attempt.assignment == assignment, ~Result.faulty).order_by(Result.id)
            return {row.attempt: (row.files, row.key) for row in session.execute(query)}

    def kept(self, files: str, given: Callable[[], Mapping[str, bytes]] = dict) -> dict[str, bytes]:
        """What these files have answered, by the key of the question.

        Args:
            files: the digest of the files.
            given: what the reference's largest answers are, by digest; called only where an answer refers to one.
        """
        with self._said(), Session(self._engine) as session:
            return _kept(session, files, given)

    def keep(self, files: str, answers: Mapping[str, bytes], bases: Mapping[str, Reference] = NO_BASES) -> tuple[str, ...]:
        """Keep answers of some files; the keys of those that are too large to be kept.

        Args:
            files: the digest of the files.
            answers: by the key of the question.
            bases: what the reference answered, by the same keys: an answer that is the same is kept as a mark of that.
        """
        bundle = bundled(answers, bases)
        self._write(lambda session: _keep(session, files, answers, bundle))
        return bundle.left_out

    def begin(self, assignment: str, circumstances: str) -> int:
        """Begin a grading of a class, under circumstances that `Classroom.circumstances` is a digest of; its number."""

        def work(session: Session) -> int:
            run = RunRow(assignment=assignment, started=_now(), circumstances=circumstances)
            session.add(run)
            session.flush()
            return run.id

        return self._write(work)

    def runs(self, assignment: str | None = None) -> list[Run]:
        """The gradings that wrote something, oldest first; of all assignments by default."""
        with self._said(), Session(self._engine) as session:
            counts = dict(session.execute(select(Result.run, func.count()).group_by(Result.run)).tuples().all())
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

        def work(session: Session) -> None:
            _keep(session, files, answers, bundle)
            session.get(Attempt, attempt, with_for_update=True)  # of two graders, one waits for the other
            standing = session.scalars(select(Result).filter_by(attempt=attempt).order_by(Result.id.desc())).first()
            if standing is None or standing.key != key or standing.faulty:
                session.add(_row_of(run, attempt, files, key, grade, keys))

        self._write(work)
        return bundle.left_out

    def grade_under(self, key: str) -> Grade | None:
        """A result that some attempt has under this key: of the same files, under the same circumstances."""
        with self._said(), Session(self._engine) as session:
            row = session.scalars(select(Result).where(Result.key == key, ~Result.faulty)).first()
            return None if row is None else _grade_of(row)

    def rows(self, assignment: str, until: int | None = None) -> list[Row]:
        """Every attempt at an assignment with its newest grade, by student and attempt; as it was once run `until` had ended."""
        with self._said(), Session(self._engine) as session:
            query = (
                select(Attempt, Student)
                .join(Student, Attempt.student == Student.id)
                .where(Attempt.assignment == assignment)
                .order_by(Attempt.student, Attempt.number)
                .options(selectinload(Attempt.results).selectinload(Result.checks).selectinload(CheckRow.cases))
            )
            found = []
            for attempt, student in session.execute(query):
                result = next((one for one in reversed(attempt.results) if until is None or one.run <= until), None)
                found.append(_row_at(attempt, student, result))
            return found

    def history(self, student: str) -> list[Row]:
        """Every grading of every attempt of a student, by assignment and attempt, the oldest first.

        Raises:
            GradebookError: there is no such student.
        """
        with self._said(), Session(self._engine) as session:
            who = self._student(session, student)
            query = select(Attempt).filter_by(student=student).order_by(Attempt.assignment, Attempt.number)
            found = []
            for attempt in session.scalars(query):
                found += [_row_at(attempt, who, result) for result in attempt.results]
                found += [] if attempt.results else [_row_at(attempt, who, None)]
            return found

    def people(self) -> list[Person]:
        """Everybody who is known, whether they handed in or not, by id."""
        with self._said(), Session(self._engine) as session:
            names = [field.name for field in fields(Person)]
            students = session.scalars(select(Student).order_by(Student.id))
            return [Person(**{name: getattr(student, name) for name in names}) for student in students]

    def texts(self, files: str) -> dict[str, str]:
        """The text of a submission's files, by name, of the digest that a row has."""
        with self._said(), Session(self._engine) as session:
            found = session.get(Files, files)
            return {} if found is None else dict(json.loads(found.texts))

    def assignments(self) -> list[str]:
        """The assignments that have an attempt."""
        with self._said(), Session(self._engine) as session:
            return list(session.scalars(select(Attempt.assignment).distinct().order_by(Attempt.assignment)))

    def adjust(self, adjustment: Adjustment) -> None:
        """Write what somebody sets by hand.

        Raises:
            GradebookError: the student is not in the gradebook.
        """

        def work(session: Session) -> None:
            self._student(session, adjustment.student)
            session.add(AdjustmentRow(**asdict(adjustment)))

        self._write(work)

    def adjustments(self) -> list[Adjustment]:
        """What was set by hand, in the order in which it was: the last for each thing, unless that takes it back."""
        with self._said(), Session(self._engine) as session:
            newest = {
                (row.assignment, row.student, row.check): Adjustment(
                    row.assignment, row.student, row.points, row.comment, row.by, row.at, row.check
                )
                for row in session.scalars(select(AdjustmentRow).order_by(AdjustmentRow.id))
            }
            return [one for one in newest.values() if one.points is not None or one.comment]

    def _student(self, session: Session, key: str) -> Student:
        student = session.get(Student, key)
        if student is None:
            near = difflib.get_close_matches(key, session.scalars(select(Student.id)).all(), 1, 0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise GradebookError(f"{self.where} has no student {key!r}.{hint}")
        return student

    def _write(self, work: Callable[[Session], T]) -> T:
        return self._transaction(work, WRITES)

    def _transaction(self, work: Callable[[Session], T], options: Mapping[str, bool]) -> T:
        """Do something in one transaction; again where another program wrote the same or just before."""
        with self._said():
            deadline = time.monotonic() + LOCKED_SECONDS
            while True:
                try:
                    with Session(self._engine) as session, session.begin():
                        session.connection(execution_options=options)
                        return work(session)
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
            raise GradebookError(_sentence(self.where, error)) from None


def _version_of(session: Session) -> str:
    """The number of a gradebook's schema; "" of an empty database."""
    if not inspect(session.connection()).has_table(Fact.__tablename__):
        return ""
    fact = session.get(Fact, "schema")
    return fact.value if fact else "none"


def _begun(session: Session) -> str:
    """Make our tables in an empty database, unless another grader was first; the number of its schema."""
    if not (version := _version_of(session)):
        Base.metadata.create_all(session.connection())
        session.add(Fact(name="schema", value=str(SCHEMA)))
        version = str(SCHEMA)
    return version


def _keep(session: Session, files: str, answers: Mapping[str, bytes], bundle: Bundle) -> None:
    """Keep a bundle, unless other graders have kept all that is in it, and of its contents what is new."""
    if not bundle.data or not answers.keys() - bundle.left_out - _kept(session, files).keys():
        return
    if bundle.contents and session.get(Files, CONTENTS) is None:
        session.add(Files(digest=CONTENTS, texts="{}"))
        session.flush()
    of = [(files, hashlib.sha256(bundle.data).hexdigest(), bundle.data)]
    of += [(CONTENTS, digest, data) for digest, data in bundle.contents.items()]
    session.add_all(Kept(files=whose, key=key, data=data) for whose, key, data in of if not _stands(session, whose, key))


def _stands(session: Session, files: str, key: str) -> bool:
    return session.scalar(select(Kept.key).filter_by(files=files, key=key)) is not None


def _kept(session: Session, files: str, given: Callable[[], Mapping[str, bytes]] = dict) -> dict[str, bytes]:
    """What is kept of some files, by the key of the question; what is damaged is left out, and is asked again."""

    @cache
    def content(digest: str) -> bytes | None:
        found = session.scalar(select(Kept.data).filter_by(files=CONTENTS, key=digest))
        return given().get(digest) if found is None else found

    found: dict[str, bytes] = {}
    for key, data in session.execute(select(Kept.key, Kept.data).where(Kept.files == files)):
        try:
            found.update(opened(data, content) if data.startswith(MAGIC) else {key: data})
        except BundleError:
            continue
    return found


def _engine(where: str) -> Engine:
    try:
        url = make_url(where) if "://" in where else URL.create("sqlite", database=where)
        engine = create_engine(url, connect_args={"timeout": LOCKED_SECONDS} if url.get_backend_name() == "sqlite" else {})
    except (ArgumentError, NoSuchModuleError) as error:
        raise GradebookError(f"{where} is no gradebook: expected a path or a database URL. Received: {error}") from None
    except ModuleNotFoundError as error:
        raise GradebookError(f"{where} needs {error.name}, which is not installed: pip install 'dlkit[postgres]'") from None
    event.listen(engine, "before_cursor_execute", _storable, retval=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _careful)
        event.listen(engine, "begin", _at_once)
    return engine


def _storable(_: object, __: object, statement: str, given: Any, *___: object) -> tuple[str, Any]:
    """What every database takes: PostgreSQL has no NUL in texts, and none has lone surrogates; they become their numbers."""
    if isinstance(given, Mapping):
        return statement, {name: _text(value) for name, value in given.items()}
    if given and not isinstance(given[0], str | bytes | int | float | None):  # of several rows
        return statement, type(given)(_storable(_, __, "", row)[1] for row in given)
    return statement, type(given)(_text(value) for value in given)


def _text(value: Any) -> Any:
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def _careful(connection: Any, _: object) -> None:
    """SQLite with a write-ahead log: who reads does not wait for who writes, and a crash loses no committed result."""
    connection.isolation_level = None  # the driver's own transactions leave out the making of tables
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _at_once(connection: Connection) -> None:
    """A transaction that will write waits for its turn at the beginning: halfway it could only fail."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _sentence(where: str, error: DBAPIError) -> str:
    """What a database says, and what to do."""
    said = " ".join(str(error.orig).split())
    if error.connection_invalidated or (isinstance(error, OperationalError) and "connect" in said):
        return f"{where} cannot be reached: {said[:200]}. What was written before is kept; the same command goes on"
    for words, sentence in {
        "locked": f"is in use by another program that did not let go of it for {LOCKED_SECONDS} s; try again when it has ended",
        "full": "cannot be written: the disk is full. What was written before is kept; make room and run the same command",
        "readonly": "cannot be written: the file or its folder is read-only",
        "unable to open": "cannot be opened: does its folder exist, and may you write to it?",
        "not a database": "is not a gradebook: the file holds something else. Choose another with --gradebook",
        "malformed": "is damaged. Restore it from a backup, or begin a new one with --gradebook",
    }.items():
        if words in said:
            return f"{where} {sentence}"
    return f"{where} cannot be used: {said[:300]}"


def _row_at(attempt: Attempt, student: Student, result: Result | None) -> Row:
    return Row(
        student.id,
        student.name,
        attempt.number,
        attempt.late,
        attempt.submitted,
        attempt.origin,
        attempt.unreadable,
        _grade_of(result) if result else None,
        result.key if result else "",
        student.email,
        student.section,
        result.graded if result else "",
        attempt.files,
        assignment=attempt.assignment,
        run=result.run if result else None,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fields_of(one: Grade | CheckResult, *without: str) -> dict[str, Any]:
    """The fields of a dataclass as they are: `asdict` would copy every case along, to be thrown away."""
    return {field.name: getattr(one, field.name) for field in fields(one) if field.name not in without}


def _row_of(run: int, attempt: int, files: str, key: str, grade: Grade, keys: Mapping[tuple[str, str], str]) -> Result:
    about = _fields_of(grade, "checks", "student", "seed")
    return Result(
        run=run,
        attempt=attempt,
        files=files,
        key=key,
        score=grade.score,
        max_score=grade.max_score,
        faulty=bool(grade.faults),
        seconds=grade.seconds,
        graded=_now(),
        grade=json.dumps(about, allow_nan=False),
        checks=[
            CheckRow(
                position=position,
                **_fields_of(check, "cases", "outcome"),
                outcome=check.outcome.value,
                cases=[
                    CaseRow(
                        position=place,
                        name=case.name,
                        outcome=case.outcome.value,
                        message=case.message,
                        printed=case.printed,
                        see=case.see,
                        answer=keys.get((check.name, case.name), ""),
                    )
                    for place, case in enumerate(check.cases)
                ],
            )
            for position, check in enumerate(grade.checks)
        ],
    )


def _grade_of(row: Result) -> Grade:
    about = json.loads(row.grade)
    for name in ("isolation", "notices"):
        about[name] = tuple(about[name])
    return Grade(
        **about,
        student=row.of.student,
        seed=None,  # secret
        checks=tuple(
            CheckResult(
                name=check.name,
                function=check.function,
                outcome=Outcome(check.outcome),
                score=check.score,
                max_score=check.max_score,
                message=check.message,
                hint=check.hint,
                misconception=check.misconception,
                explanation=check.explanation,
                seconds=check.seconds,
                cases=tuple(
                    CaseResult(case.name, Outcome(case.outcome), case.message, case.printed, case.see) for case in check.cases
                ),
            )
            for check in row.checks
        ),
    )
