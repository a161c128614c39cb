"""The tables of a gradebook, as the newest schema has them; `migrations/versions/` says how each came from the one before."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from autograder.classroom.gradebook.damage import guard

SCHEMA = 7  # another column or table: one more, and a module migrations/versions/schema_<SCHEMA>.py
DIGEST = String(64)
CONTENTS = "contents"  # in place of the digest of files: what bundles share


class Base(DeclarativeBase):
    """The tables."""


class Fact(Base):
    """Something about the gradebook itself: the number of its schema."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]


class Revision(Base):
    """Alembic's own table: the migration after which the tables are as they are."""

    __tablename__ = "alembic_version"
    version_num: Mapped[str] = mapped_column(String(32), primary_key=True)


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
    group: Mapped[str] = mapped_column(String(200), default="", server_default="")  # as the newest roster has it
    login: Mapped[str] = mapped_column(default="", server_default="")  # on GitHub
    enrolled: Mapped[bool] = mapped_column(default=False, server_default=false())  # a roster had them
    left: Mapped[str] = mapped_column(String(40), default="", server_default="")  # when a roster first had them no more


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
    seen: Mapped[str] = mapped_column(String(40), default="", server_default="")  # when it came in here: no later than that
    marks_late: Mapped[bool] = mapped_column(default=False, server_default=false())  # where it is from, late work is marked
    group: Mapped[str] = mapped_column(String(200), default="", server_default="")  # what a group is called
    results: Mapped[list[Result]] = relationship(order_by="Result.id", back_populates="of")
    members: Mapped[list[Member]] = relationship(order_by="Member.student", cascade="all, delete-orphan")


class Member(Base):
    """Another student whose attempt it is too: of a group, everybody but `Attempt.student`."""

    __tablename__ = "members"
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    student: Mapped[str] = mapped_column(ForeignKey("students.id"), primary_key=True, index=True)


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
    stretch: Mapped[bool] = mapped_column(default=False, server_default=false())  # its points are bonus points
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
    """Points, an excuse or a comment by hand, for a check or for the whole; the newest for each counts."""

    __tablename__ = "adjustments"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(80))
    student: Mapped[str] = mapped_column(ForeignKey("students.id"))
    check: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[float | None]
    comment: Mapped[str]
    by: Mapped[str]
    at: Mapped[str]
    excused: Mapped[bool] = mapped_column(default=False, server_default=false())


class CommentRow(Base):
    """What somebody says about code. One that is reusable stands in several places; editing it changes all of them."""

    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    reusable: Mapped[bool] = mapped_column(default=False, server_default=false())
    by: Mapped[str]
    at: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)  # one more with each edit, so that nobody overwrites another's unseen


class PlaceRow(Base):
    """A line of an attempt's files that a comment is about."""

    __tablename__ = "places"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    file: Mapped[str]
    line: Mapped[int]
    comment: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True)
    by: Mapped[str]
    at: Mapped[str]


class ReviewRow(Base):
    """Who read an attempt last, and whether it is set aside for later."""

    __tablename__ = "reviews"
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    by: Mapped[str]
    at: Mapped[str]
    later: Mapped[bool] = mapped_column(default=False)


class ReaderRow(Base):
    """Who has an attempt open, and when they were last known to."""

    __tablename__ = "readers"
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    by: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[str]


class RequestRow(Base):
    """What a student asks to have looked at again, and what was decided."""

    __tablename__ = "requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(80), index=True)
    student: Mapped[str] = mapped_column(ForeignKey("students.id"))
    check: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str]
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), default="open")
    by: Mapped[str] = mapped_column(default="")
    decided: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class ResponseRow(Base):
    """What a student answered to a question that nobody grades (see `submission/responses.py`)."""

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("attempt", "kind", "question"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(80))
    prompt: Mapped[str] = mapped_column(default="", server_default="")
    answer: Mapped[str] = mapped_column(default="", server_default="")
    second: Mapped[str] = mapped_column(default="", server_default="")
    expected: Mapped[str | None]
    right: Mapped[bool | None]


guard(Base.metadata)
