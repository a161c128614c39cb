"""Forgetting: everything about one student leaves a gradebook, whichever tables it has.

What belongs to the student is found by the keys that point to them, so a table that is added later is not overlooked. The work
of a group belongs to its others, too, and stays with them. Texts of files, and what workers said about them, go when nobody
else has handed in the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, union, update
from sqlalchemy.orm import Session

from autograder.classroom.bundle import BundleError, opened
from autograder.classroom.gradebook.tables import (
    CONTENTS,
    AdjustmentRow,
    Attempt,
    Base,
    CaseRow,
    CheckRow,
    CommentRow,
    Files,
    Kept,
    Member,
    PlaceRow,
    ResponseRow,
    Result,
    Student,
)
from autograder.inbox.people import Person

NOTHING = hashlib.sha256(b"").hexdigest()  # in place of the digest of files that were forgotten
ALIAS = "forgotten-"  # begins the id of whoever was forgotten, where marks stay

Doomed = dict[Table, ColumnElement[bool]]


@dataclass(frozen=True)
class Forgotten:
    """What there was about a student.

    Attributes:
        person: who it was.
        rows: how many rows each table had of them.
        shared: the assignments of which a group's work stays with its others.
        alias: under which id marks stay; "" where none do.
        named: the comments on others that have their id or name: for a person to look at.
        traces: why the file of an SQLite gradebook can still be searched for what was deleted; "" if it cannot.
    """

    person: Person
    rows: Mapping[str, int]
    shared: tuple[str, ...] = ()
    alias: str = ""
    named: tuple[str, ...] = ()
    traces: str = ""


def forget(session: Session, person: Person, *, marks: bool = False) -> Forgotten:
    """Delete everything about a student; tell what it was.

    Args:
        session: within its transaction.
        person: who it is.
        marks: leave points and times of hand-in under an id that tells nothing, without a word that the student wrote.
    """
    shared = _handed_over(session, person.id)
    files = _files_of(session, person.id)
    alias = _alias(session) if marks else ""
    doomed = _doomed(person.id)
    rows = _counted(session, doomed)
    if marks:
        _renamed(session, person.id, alias)  # what has another id now is not found any more
    for table in reversed(Base.metadata.sorted_tables):
        if table in doomed:
            session.execute(delete(table).where(doomed[table]).execution_options(synchronize_session=False))
    rows |= {CommentRow.__tablename__: _without_place(session)} | _pruned(session, files)
    return Forgotten(person, {name: number for name, number in rows.items() if number}, shared, alias, _named(session, person))


def _doomed(student: str) -> Doomed:
    """For each table with rows about a student, which they are."""
    found: Doomed = {Student.__table__: Student.id == student}  # type: ignore[dict-item]
    for table in Base.metadata.sorted_tables:
        theirs = [
            key.parent.in_(select(key.column).where(found[key.column.table]))
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table in found
        ]
        if theirs:
            found[table] = or_(*theirs)
    return found


def _counted(session: Session, doomed: Doomed) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table).where(which)) or 0 for table, which in doomed.items()
    }


def _handed_over(session: Session, student: str) -> tuple[str, ...]:
    """Give the work of a student's groups to the others; the name of the upload may be the student's, and is left out."""
    shared = []
    for attempt in session.scalars(select(Attempt).filter_by(student=student).order_by(Attempt.id)).all():
        if not attempt.members:
            continue
        heir = attempt.members[0].student
        taken = set(session.scalars(select(Attempt.number).filter_by(student=heir, assignment=attempt.assignment)))
        attempt.members.remove(attempt.members[0])
        session.flush()
        attempt.student, attempt.origin = heir, ""
        attempt.number = attempt.number if attempt.number not in taken else max(taken) + 1
        session.flush()
        shared.append(attempt.assignment)
    joined = select(Attempt.assignment).join(Member, Member.attempt == Attempt.id).where(Member.student == student)
    return tuple(sorted({*shared, *session.scalars(joined)}))


def _files_of(session: Session, student: str) -> set[str]:
    """The digests of the files that a student handed in alone."""
    mine = select(Attempt.id).where(Attempt.student == student)
    handed = select(Attempt.files).where(Attempt.student == student, Attempt.files.is_not(None))
    return set(session.scalars(union(handed, select(Result.files).where(Result.attempt.in_(mine)))))


def _alias(session: Session) -> str:
    known = set(session.scalars(select(Student.id).where(Student.id.startswith(ALIAS))))
    return next(name for number in range(1, len(known) + 2) if (name := f"{ALIAS}{number}") not in known)


def _renamed(session: Session, student: str, alias: str) -> None:
    """Leave a student's points under another id, without anything that they wrote."""
    session.add(Student(id=alias))
    if session.get(Files, NOTHING) is None:
        session.add(Files(digest=NOTHING, texts="{}"))
    session.flush()
    attempts = select(Attempt.id).where(Attempt.student == student)
    results = select(Result.id).where(Result.attempt.in_(attempts))
    checks = select(CheckRow.id).where(CheckRow.result.in_(results))
    for written in (PlaceRow, ResponseRow):
        session.execute(delete(written).where(written.attempt.in_(attempts)).execution_options(synchronize_session=False))
    changes: list[tuple[type[Base], ColumnElement[bool], dict[str, Any]]] = [
        (CaseRow, CaseRow.check.in_(checks), {"message": "", "printed": "", "see": "", "answer": ""}),
        (CheckRow, CheckRow.result.in_(results), {"message": "", "hint": "", "explanation": ""}),
    ]
    for table, which, values in changes:
        session.execute(update(table).where(which).values(values).execution_options(synchronize_session=False))
    for result in session.scalars(select(Result).where(Result.attempt.in_(attempts))).all():
        result.grade = json.dumps({**json.loads(result.grade), "notices": []})
        result.key = hashlib.sha256(f"{ALIAS}{result.key}".encode()).hexdigest()  # nobody else is to get a grade without words
        result.files = NOTHING
    for adjustment in session.scalars(select(AdjustmentRow).filter_by(student=student)).all():
        adjustment.student, adjustment.comment = alias, ""
    for attempt in session.scalars(select(Attempt).filter_by(student=student)).all():
        attempt.student, attempt.origin, attempt.files, attempt.unreadable = alias, "", None, ""
        attempt.group = ""
    session.flush()


def _without_place(session: Session) -> int:
    """Delete the comments that stood only on lines which are gone, but for those that are kept to be used again."""
    which = ~CommentRow.reusable & CommentRow.id.not_in(select(PlaceRow.comment))
    number = session.scalar(select(func.count()).select_from(CommentRow).where(which)) or 0
    session.execute(delete(CommentRow).where(which).execution_options(synchronize_session=False))
    return number


def _pruned(session: Session, files: Iterable[str]) -> dict[str, int]:
    """Delete the texts of files that nobody has handed in any more, and what workers said about them."""
    gone: Counter[str] = Counter()
    contents: set[str] = set()
    for digest in files:
        used = select(Attempt.id).where(Attempt.files == digest).union_all(select(Result.id).where(Result.files == digest))
        if session.execute(used).first() is not None or digest == NOTHING:
            continue
        kept = session.scalars(select(Kept).filter_by(files=digest)).all()
        for one in kept:
            contents |= _contents_of(one.data)
            session.delete(one)
        session.flush()
        found = session.get(Files, digest)
        if found is not None:
            session.delete(found)
        gone.update({Files.__tablename__: int(found is not None), Kept.__tablename__: len(kept)})
    session.flush()
    if contents:  # of others' answers, some may be the same
        for digest, key in session.execute(select(Kept.files, Kept.key).where(Kept.files != CONTENTS)).all():
            contents -= _contents_of(session.scalars(select(Kept.data).filter_by(files=digest, key=key)).one())
        which = (Kept.files == CONTENTS) & Kept.key.in_(contents)
        gone[Kept.__tablename__] += session.scalar(select(func.count()).select_from(Kept).where(which)) or 0
        session.execute(delete(Kept).where(which).execution_options(synchronize_session=False))
    return dict(gone)


def _contents_of(data: bytes) -> set[str]:
    """The digests of what a bundle has elsewhere; none of a single answer, which has all of it."""
    asked: set[str] = set()

    def content(digest: str) -> None:
        asked.add(digest)

    try:
        for _ in opened(data, content):
            pass
    except BundleError:
        return set()
    return asked


def _named(session: Session, person: Person) -> tuple[str, ...]:
    """The comments on others that have a student's name or id in them."""
    names = [text.casefold() for text in (person.id, person.name, person.email) if len(text) > 2]
    rows = session.scalars(select(AdjustmentRow).where(AdjustmentRow.student != person.id).order_by(AdjustmentRow.id))
    texts = [(f"{row.assignment}, {row.student}", row.comment) for row in rows]
    texts += [("on code", text) for text in session.scalars(select(CommentRow.text).order_by(CommentRow.id))]
    return tuple(f"{where}: {text}" for where, text in texts if any(name in text.casefold() for name in names))
