"""Examining a gradebook: everything that can be wrong with it, found without writing anything.

It is opened for reading only. A gradebook of an older schema is examined as a copy, which is brought up to date.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from autograder.classroom import bundle
from autograder.classroom.gradebook import Gradebook, database
from autograder.classroom.gradebook.damage import WrongCellError, damage, stray
from autograder.classroom.gradebook.tables import (
    CONTENTS,
    SCHEMA,
    AdjustmentRow,
    Attempt,
    Base,
    Fact,
    Files,
    Kept,
    Member,
    Result,
    Student,
)
from autograder.classroom.gradebook.values import GradebookError
from autograder.sandbox.budget import size
from autograder.sandbox.folder import Home
from autograder.sandbox.probe import Finding
from autograder.text import shown

BACKUP = "restore it from a backup; `sqlite3 FILE .recover` may save the rest of a damaged file"
NAMED = 5  # students, or complaints of the database
SOME = 200  # rows that are read at once


def examine(where: str) -> Iterator[Finding]:
    """Everything about a gradebook that a grading depends on, one finding after the other.

    Args:
        where: a path, or a database URL.

    Raises:
        GradebookError: it cannot be opened.
    """
    engine = database.opened_to_read(where)
    name = database.masked(where)
    try:
        with engine.connect() as connection:
            yield _file(connection, name)
            if engine.dialect.name == "sqlite":
                whole = _integrity(connection)
                yield whole
                if not whole.fine:
                    return
            version = _version(connection)
            yield _schema(version, engine)
            if version == SCHEMA:
                yield from _rows(connection)
            elif version and version < SCHEMA and engine.dialect.name == "sqlite":
                yield from _upgraded(connection)
    except DBAPIError as error:
        raise GradebookError(database.sentence(engine.url, name, error)) from None
    finally:
        engine.dispose()


def _file(connection: Connection, name: str) -> Finding:
    path = database.path_of(connection.engine)
    if not path:
        return Finding("database", True, f"{name}, {connection.dialect.name}", needed=False)
    waiting = Path(f"{path}-wal")
    log = size(waiting.stat().st_size) if waiting.is_file() else ""
    return Finding("file", True, f"{name}, {size(Path(path).stat().st_size)}" + (f", and {log} in its log" if log else ""))


def _integrity(connection: Connection) -> Finding:
    try:
        said = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({NAMED})")]
    except DBAPIError as error:
        if "malformed" not in str(error.orig):
            raise
        said = [str(error.orig)]
    fine = said == ["ok"]
    return Finding("integrity", fine, "every page of the file is sound" if fine else shown("; ".join(said)), BACKUP)


def _version(connection: Connection) -> int:
    """The number of its schema; 0 if it is no gradebook."""
    if not inspect(connection).has_table(Fact.__tablename__):
        return 0
    found = str(connection.execute(text("SELECT value FROM facts WHERE name = 'schema'")).scalar())
    return int(found) if found.isdecimal() else 0


def _schema(version: int, engine: Engine) -> Finding:
    if not version:
        return Finding("schema", False, "this database is not a gradebook of dlkit", "choose another with --gradebook")
    if version > SCHEMA:
        sentence = f"schema {version}, of a newer dlkit; this one knows schemas up to {SCHEMA}"
        return Finding("schema", False, sentence, "pip install --upgrade dlkit")
    if version < SCHEMA:
        copy = engine.dialect.name == "sqlite"
        todo = "nothing: the next command upgrades it and keeps a copy" if copy else "back it up: the next command upgrades it"
        return Finding("schema", False, f"schema {version}; dlkit now writes schema {SCHEMA}", todo, needed=False)
    return Finding("schema", True, f"schema {SCHEMA}, the newest")


def _upgraded(connection: Connection) -> Iterator[Finding]:
    """The rows of an older gradebook, in a copy that is brought up to date."""
    with Home() as home:
        copy = f"{home.path}/gradebook.db"
        with closing(sqlite3.connect(copy)) as to:
            connection.connection.driver_connection.backup(to)  # type: ignore[union-attr]
        try:
            Gradebook(copy).close()
        except GradebookError as error:
            yield Finding("upgrade", False, str(error).replace(f"{copy} ", ""), BACKUP)
            return
        engine = database.opened_to_read(copy)
        with engine.connect() as upgraded:
            yield Finding("upgrade", True, "a copy of it could be upgraded; what follows is about that copy")
            yield from _rows(upgraded)
        engine.dispose()


def _rows(connection: Connection) -> Iterator[Finding]:
    columns = _columns(connection)
    yield columns
    if not columns.fine:
        return
    for look in (_references, _cells, _answers, _texts, _people, _grades):
        yield look(connection)


def _columns(connection: Connection) -> Finding:
    found = inspect(connection)
    lacking = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for there in [{one["name"] for one in found.get_columns(table.name)} if found.has_table(table.name) else set()]
        for column in table.columns
        if column.name not in there
    ]
    return _found("tables", lacking, "every table and column is there", "missing: ", BACKUP)


def _references(connection: Connection) -> Finding:
    """Rows that belong to rows that are gone: a database that enforces keys has none."""
    if connection.dialect.name != "sqlite":
        return Finding("references", True, "the database enforces them", needed=False)
    count = len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    first = stray(connection, Base.metadata)
    more = f" (and {count - 1} more)" if count > 1 else ""
    return Finding("references", not count, f"{first}{more}" if first else "no row belongs to one that is gone", BACKUP)


def _cells(connection: Connection) -> Finding:
    wrong = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            try:
                with connection.execute(select(column), execution_options={"yield_per": SOME}) as cells:  # closed at a wrong one
                    for _ in cells:
                        pass
            except WrongCellError as error:
                wrong.append(str(damage(connection, Base.metadata, error.column)))
    return _found("values", wrong, "every value is one that may stand there", "", BACKUP)


def _answers(connection: Connection) -> Finding:
    """Whether what is kept of students' answers can be opened."""
    content = _contents(connection)
    count = bad = others = 0
    query = select(Kept.files, Kept.key, Kept.data).where(Kept.files != CONTENTS)
    for _, key, data in connection.execute(query, execution_options={"yield_per": SOME}):
        count += 1
        try:
            if data.startswith(bundle.MAGIC):
                if hashlib.sha256(data).hexdigest() != key:
                    raise bundle.BundleError("other bytes than were written")
                others += len(bundle.keys_in(data)) - sum(1 for _ in bundle.opened(data, content))
        except bundle.BundleError:
            bad += 1
    damaged = sum(content(key) is None for key in connection.scalars(select(Kept.key).where(Kept.files == CONTENTS)).all())
    if bad or damaged:
        sentence = f"{bad} of {count} bundles of answers and {damaged} of their contents cannot be opened"
        return Finding("answers", False, sentence, "nothing: --regrade runs these submissions again", needed=False)
    more = f"; {others} answers stand with the reference" if others else ""
    return Finding("answers", True, f"{count} bundles of answers can be opened{more}")


def _contents(connection: Connection) -> Callable[[str], bytes | None]:
    """What bundles refer to, by digest; None if it is not there or damaged."""

    @cache
    def sound(digest: str) -> bool:
        with suppress(bundle.BundleError):
            return bundle.is_sound(digest, found(digest) or b"")
        return False

    def found(digest: str) -> bytes | None:
        return connection.scalar(select(Kept.data).filter_by(files=CONTENTS, key=digest))

    return lambda digest: found(digest) if sound(digest) else None


def _texts(connection: Connection) -> Finding:
    """Texts of files that no attempt and no result has: of an attempt that is gone."""
    query = select(func.count(), func.coalesce(func.sum(func.length(Files.texts)), 0)).where(
        Files.digest != CONTENTS,
        Files.digest.not_in(select(Attempt.files).where(Attempt.files.is_not(None))),
        Files.digest.not_in(select(Result.files)),
    )
    count, letters = connection.execute(query).one()
    sentence = f"{count} texts of files belong to no attempt ({size(letters)})" if count else "every file belongs to an attempt"
    return Finding("files", not count, sentence, "nothing: they are old versions, and harm nobody", needed=False)


def _people(connection: Connection) -> Finding:
    """Students of whom there is work or a manual change, and whom no roster has named though others were."""
    rosters = connection.scalar(select(func.count()).select_from(Student).where(Student.enrolled)) or 0
    if not rosters:
        return Finding("students", True, "no roster was used yet, so every name counts", needed=False)
    whose = [select(column) for column in (Attempt.student, Member.student, AdjustmentRow.student)]
    query = select(Student.id).where(~Student.enrolled, Student.id.in_(whose[0].union(*whose[1:]))).order_by(Student.id)
    unknown = [shown(key) for key in connection.scalars(query)]
    sentence = f"{len(unknown)} are on no roster: {', '.join(unknown[:NAMED])}{', …' if len(unknown) > NAMED else ''}"
    todo = "add them to the roster and grade with --roster: dlkit then unites two names of one student"
    return Finding("students", not unknown, sentence if unknown else "everybody is on a roster", todo, needed=False)


def _grades(connection: Connection) -> Finding:
    """Attempts that could be graded and have no grade, or one with a fault of ours."""
    newest = select(func.max(Result.id)).group_by(Result.attempt)
    graded = select(Result.attempt).where(Result.id.in_(newest), ~Result.faulty)
    query = select(Attempt.assignment, func.count()).where(Attempt.files.is_not(None), Attempt.id.not_in(graded))
    found = connection.execute(query.group_by(Attempt.assignment).order_by(Attempt.assignment)).all()
    said = ", ".join(f"{count} of {assignment}" for assignment, count in found)
    todo = "run `dlkit grade ... --submissions` again: it grades what is left"
    return Finding("grades", not found, f"without one: {said}" if said else "every attempt has one", todo, needed=False)


def _found(about: str, wrong: list[str], fine: str, lead: str, remedy: str) -> Finding:
    more = f"; and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return Finding(about, not wrong, f"{lead}{'; '.join(wrong[:NAMED])}{more}" if wrong else fine, remedy)
