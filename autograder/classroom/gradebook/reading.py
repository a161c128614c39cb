"""What people write into a gradebook while they read submissions: comments on lines, who reads what, students' requests.

Whoever changes something says which version they have seen. If another stands there, nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from autograder.classroom.gradebook import Gradebook
from autograder.classroom.gradebook.tables import (
    AdjustmentRow,
    Attempt,
    CommentRow,
    Member,
    PlaceRow,
    ReaderRow,
    RequestRow,
    ResponseRow,
    Result,
    ReviewRow,
    Student,
)
from autograder.classroom.gradebook.values import Answered, ChangedError, Comment, GradebookError, Place, Request, Review
from autograder.submission.responses import Response

AWAY = timedelta(seconds=45)  # without a sign of somebody, after which they no longer read
State = tuple[int, int, int, int]
T = TypeVar("T", Attempt, CommentRow, RequestRow)
GONE = "{what} is not in the gradebook any more: somebody has removed it. Open the page again"


def places(book: Gradebook, assignment: str, attempts: Collection[int] | None = None) -> list[Place]:
    """The comments on lines of an assignment's attempts, by file and line; of some attempts only where these are given."""

    def work(session: Session) -> list[Place]:
        query = select(PlaceRow, CommentRow).join(CommentRow, PlaceRow.comment == CommentRow.id)
        if attempts is None:
            query = query.join(Attempt, PlaceRow.attempt == Attempt.id).where(Attempt.assignment == assignment)
        else:
            query = query.where(PlaceRow.attempt.in_(attempts))
        query = query.order_by(PlaceRow.file, PlaceRow.line, PlaceRow.id)
        return [
            Place(row.id, row.attempt, row.file, row.line, _comment(comment), row.by) for row, comment in session.execute(query)
        ]

    return book.read(work)


def comments(book: Gradebook) -> list[Comment]:
    """The comments that can be used again, the most used first."""

    def work(session: Session) -> list[Comment]:
        uses = func.count(PlaceRow.id)
        query = select(CommentRow, uses).outerjoin(PlaceRow, PlaceRow.comment == CommentRow.id).where(CommentRow.reusable)
        query = query.group_by(CommentRow.id).order_by(uses.desc(), CommentRow.id)
        return [_comment(row, count) for row, count in session.execute(query)]

    return book.read(work)


def say(
    book: Gradebook, attempt: int, file: str, line: int, by: str, *, text: str = "", reusable: bool = False, comment: int = 0
) -> int:
    """Comment on a line: with a text, or with a comment that there is; the id of its place.

    Raises:
        GradebookError: the attempt or the comment is gone.
    """

    def work(session: Session) -> int:
        _there(session, Attempt, attempt, "the submission")
        if comment:
            row = _there(session, CommentRow, comment, "the comment")
        else:
            row = CommentRow(text=text, reusable=reusable, by=by, at=_now(), version=1)
            session.add(row)
            session.flush()
        place = PlaceRow(attempt=attempt, file=file, line=line, comment=row.id, by=by, at=_now())
        session.add(place)
        session.flush()
        return place.id

    return book.change(work)


def reword(book: Gradebook, comment: int, text: str, reusable: bool, by: str, seen: int) -> None:
    """Give a comment another text, everywhere it stands.

    Raises:
        GradebookError: it is gone.
        ChangedError: somebody else has changed it since version `seen`.
    """

    def work(session: Session) -> None:
        row = _there(session, CommentRow, comment, "the comment", lock=True)
        if row.version != seen:
            raise ChangedError(_comment(row))
        row.text, row.reusable, row.by, row.at, row.version = text, reusable, by, _now(), row.version + 1

    book.change(work)


def unsay(book: Gradebook, place: int) -> None:
    """Take a comment off a line; its text goes too, unless it can be used again or stands elsewhere."""

    def work(session: Session) -> None:
        row = session.get(PlaceRow, place)
        if row is None:
            return
        comment = row.comment
        session.delete(row)
        session.flush()
        text = session.get_one(CommentRow, comment)
        if not text.reusable and not session.scalar(select(func.count()).where(PlaceRow.comment == comment)):
            session.delete(text)

    book.change(work)


def reviews(book: Gradebook, assignment: str) -> dict[int, Review]:
    """Who read which attempt."""

    def work(session: Session) -> dict[int, Review]:
        query = select(ReviewRow).join(Attempt, ReviewRow.attempt == Attempt.id).where(Attempt.assignment == assignment)
        return {row.attempt: Review(row.attempt, row.by, row.at, row.later) for row in session.scalars(query)}

    return book.read(work)


def review(book: Gradebook, attempt: int, by: str, *, later: bool = False, undo: bool = False) -> None:
    """Note that somebody has read an attempt, or sets it aside for later; or undo that."""

    def work(session: Session) -> None:
        _there(session, Attempt, attempt, "the submission")
        if undo:
            session.execute(delete(ReviewRow).filter_by(attempt=attempt))
        else:
            session.merge(ReviewRow(attempt=attempt, by=by, at=_now(), later=later))

    book.change(work)


def readers(book: Gradebook, but: str) -> dict[int, str]:
    """Who else has which attempt open now."""

    def work(session: Session) -> dict[int, str]:
        query = select(ReaderRow).where(ReaderRow.by != but, ReaderRow.at >= _before(AWAY))
        return {row.attempt: row.by for row in session.scalars(query.order_by(ReaderRow.at))}

    return book.read(work)


def read_by(book: Gradebook, attempt: int, by: str) -> None:
    """Note that somebody has an attempt open, and no other; 0 for none at all."""

    def work(session: Session) -> None:
        session.execute(delete(ReaderRow).where((ReaderRow.by == by) | (ReaderRow.at < _before(AWAY))))
        if attempt and session.get(Attempt, attempt) is not None:
            session.add(ReaderRow(attempt=attempt, by=by, at=_now()))

    book.change(work)


def requests(book: Gradebook, assignment: str | None = None) -> list[Request]:
    """What students ask to have looked at again, in the order in which it came; of all assignments by default."""

    def work(session: Session) -> list[Request]:
        query = select(RequestRow).order_by(RequestRow.id)
        return [_request(row) for row in session.scalars(query if assignment is None else query.filter_by(assignment=assignment))]

    return book.read(work)


def ask(book: Gradebook, assignment: str, student: str, text: str, source: str, check: str = "") -> bool:
    """Take in a student's request, unless the same is there already; whether it is new.

    Raises:
        GradebookError: there is no such student.
    """

    def work(session: Session) -> bool:
        if session.get(Student, student) is None:
            raise GradebookError(f"{book.where} has no student {student!r}")
        about = {"assignment": assignment, "student": student, "check": check, "text": text}
        if session.scalars(select(RequestRow).filter_by(**about)).first() is not None:
            return False
        session.add(RequestRow(**about, source=source, at=_now(), state="open", version=1))
        return True

    return book.change(work)


def decide(book: Gradebook, request: int, state: str, why: str, by: str, seen: int) -> None:
    """Decide a request, or open it again.

    Raises:
        GradebookError: it is gone.
        ChangedError: somebody else has decided it since version `seen`.
    """

    def work(session: Session) -> None:
        row = _there(session, RequestRow, request, "the request", lock=True)
        if row.version != seen:
            raise ChangedError(_request(row))
        row.state, row.why, row.by, row.decided, row.version = state, why, by, _now(), row.version + 1

    book.change(work)


def responses(book: Gradebook, assignment: str) -> list[Answered]:
    """What students answered to questions that nobody grades: of each kind, their last attempt that has any."""

    def work(session: Session) -> list[Answered]:
        query = select(ResponseRow, Attempt.student, Attempt.number).join(Attempt, ResponseRow.attempt == Attempt.id)
        query = query.where(Attempt.assignment == assignment).order_by(Attempt.student, ResponseRow.id)
        found = [Answered(student, number, _response(row)) for row, student, number in session.execute(query)]
        last: dict[tuple[str, str], int] = {}
        for one in found:
            key = one.student, one.response.kind
            last[key] = max(last.get(key, 0), one.number)
        return [one for one in found if last[one.student, one.response.kind] == one.number]

    return book.read(work)


def state(book: Gradebook) -> State:
    """What tells whether marks may have changed: the newest result and manual change, and how many attempts and students."""

    def work(session: Session) -> State:
        found = [session.scalar(select(func.coalesce(func.max(column), 0))) or 0 for column in (Result.id, AdjustmentRow.id)]
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Attempt, Student)]
        return found[0], found[1], counts[0], counts[1]

    return book.read(work)


def touched(book: Gradebook, since: State) -> set[str]:
    """The students of whom there are newer results or manual changes than at a state; of a group, all."""

    def work(session: Session) -> set[str]:
        attempts = select(Result.attempt).where(Result.id > since[0])
        queries: Iterable[Select[str]] = (
            select(Attempt.student).where(Attempt.id.in_(attempts)),
            select(Member.student).where(Member.attempt.in_(attempts)),
            select(AdjustmentRow.student).where(AdjustmentRow.id > since[1]),
        )
        return {student for query in queries for student in session.scalars(query)}

    return book.read(work)


def _there(session: Session, table: type[T], key: int, what: str, *, lock: bool = False) -> T:
    row = session.get(table, key, with_for_update=lock or None)
    if row is None:
        raise GradebookError(GONE.format(what=what))
    return row


def _comment(row: CommentRow, uses: int = 0) -> Comment:
    return Comment(row.id, row.text, row.reusable, row.by, row.at, row.version, uses)


def _response(row: ResponseRow) -> Response:
    return Response(row.kind, row.question, row.answer, row.expected, row.right, row.prompt, row.second)


def _request(row: RequestRow) -> Request:
    return Request(
        row.id,
        row.assignment,
        row.student,
        row.check,
        row.text,
        row.source,
        row.at,
        row.state,
        row.by,
        row.decided,
        row.why,
        row.version,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _before(ago: timedelta) -> str:
    return (datetime.now(UTC) - ago).isoformat(timespec="seconds")
