"""What each column of a gradebook may hold, and which row does not: a file that somebody edited, or a disk that failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, MetaData, Table, select, type_coerce
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from autograder.outcome import NoticeKind, Outcome
from autograder.text import shown

MOST = 1e15  # points, seconds or bytes; no grader writes more, and sums stay finite
YEARS = range(1900, 3000)
DIGITS = 4000  # that Python makes a number of
ABOVE = {"cases": ("check", "checks"), "checks": ("result", "results"), "results": ("attempt", "attempts")}
ABOVE |= dict.fromkeys(("members", "places", "reviews", "readers", "responses"), ("attempt", "attempts"))
WHOSE = ("student", "id", "assignment", "name", "digest", "files")
KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "0 or 1", bytes: "bytes"}


class DamageError(Exception):
    """A cell of the gradebook does not hold what was written there; the text says which, what was expected, what is there."""


class WrongCellError(Exception):
    """A cell of a column is wrong; of which row the database did not say."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


class Cell(TypeDecorator[Any]):
    """The type of a column that reads nothing but what may stand there.

    Args:
        of: the type as the database has it.
        column: "table.column".
        optional: whether there may be nothing.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = NullType
    cache_ok = True

    def __init__(self, of: TypeEngine[Any], column: str, optional: bool) -> None:
        super().__init__()
        self.impl = self.of = of
        self.column = column
        self.optional = optional

    def copy(self, **_: Any) -> Cell:
        """The same type, for a copy of the table."""
        return Cell(self.of, self.column, self.optional)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """What makes a value of what the database gives."""
        inner = self.of.dialect_impl(dialect).result_processor(dialect, coltype)
        kind = self.of.python_type
        plain = kind if kind in (str, int, bytes) and inner is None and self.column not in MEANING else None  # most cells

        def read(given: Any) -> Any:
            if type(given) is plain or (given is None and self.optional):
                return given
            try:
                value = inner(given) if inner else given
                fine = self.holds(value)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
                fine = False
            if not fine:
                raise WrongCellError(self.column)
            return value

        return read

    def holds(self, value: Any) -> bool:
        """Whether a value may stand there."""
        kind = self.of.python_type
        if kind is float:
            plain = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST
        else:
            plain = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
        return plain and (self.column not in MEANING or MEANING[self.column][1](value))

    @property
    def expected(self) -> str:
        """What may stand there, in words."""
        return MEANING[self.column][0] if self.column in MEANING else KINDS[self.of.python_type]


def guard(metadata: MetaData) -> None:
    """Let every column of some tables read nothing but what may stand there."""
    for table in metadata.tables.values():
        for column in table.columns:
            column.type = Cell(column.type, f"{table.name}.{column.name}", bool(column.nullable))


def damage(connection: Connection, metadata: MetaData, wrong: str) -> DamageError:
    """The first row in which a column ("table.column") does not hold what it may, in words."""
    name, column = wrong.split(".")
    table = metadata.tables[name]
    cell = table.columns[column].type
    assert isinstance(cell, Cell)  # noqa: S101 - see `guard`
    read = cell.result_processor(connection.dialect, None)
    for row in _plain(connection, table):
        try:
            read(row[column])
        except WrongCellError:
            key = ", ".join(str(row[one.name])[:20] for one in table.primary_key)
            where = f"`{wrong}` of {_whose(connection, metadata, name, row)} (row {key})"
            return DamageError(f"{where} must be {cell.expected}. Received: {shown(repr(row[column])[:60])}")
    return DamageError(f"`{wrong}` cannot be read")


def stray(connection: Connection, metadata: MetaData) -> DamageError | None:
    """The first row of an SQLite database that belongs to a row that is not there, in words."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found is None or found[0] not in metadata.tables:
        return None
    name, number, above, place = found
    column = next(row[3] for row in connection.exec_driver_sql(f'PRAGMA foreign_key_list("{name}")') if row[0] == place)
    row = dict(connection.exec_driver_sql(f'SELECT * FROM "{name}" WHERE rowid = ?', (number,)).mappings().one())  # noqa: S608
    where = f"`{name}.{column}` of {_whose(connection, metadata, name, row)} (row {number})"
    return DamageError(f"{where} must name a row of `{above}`. Received: {shown(repr(row[column])[:60])}, which does not exist")


def _plain(connection: Connection, table: Table, where: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    """The rows of a table as the database has them."""
    query = select(*(type_coerce(column, NullType()).label(column.name) for column in table.columns))
    for key, value in (where or {}).items():
        query = query.where(type_coerce(table.columns[key], NullType()) == value)
    return [dict(row) for row in connection.execute(query).mappings()]


def _whose(connection: Connection, metadata: MetaData, name: str, row: Mapping[str, Any]) -> str:
    """Whose a row is: of a student where it has one, or belongs to a row that has."""
    while name in ABOVE:
        column, above = ABOVE[name]
        rows = _plain(connection, metadata.tables[above], {"id": row[column]})
        if not rows:
            break
        name, row = above, rows[0]
    return shown(str(next((row[key] for key in WHOSE if row.get(key) not in (None, "")), "nobody"))[:80])


def _moment(text: str) -> bool:
    """Whether a text is a time with a zone, or nothing."""
    if not text:
        return True
    moment = datetime.fromisoformat(text)
    return moment.utcoffset() is not None and moment.astimezone(UTC).year in YEARS


def _texts(text: str) -> bool:
    """Whether a text is a JSON object of texts."""
    found = json.loads(text)
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())


def _grade(text: str) -> bool:
    """Whether a text is what is written of a grade beside its checks."""
    found = json.loads(text)
    notices = [(NoticeKind(kind), text) for kind, text in found["notices"]]
    words = [found["assignment"], found["title"], *found["isolation"], *(text for _, text in notices)]
    words += found.get("versions", {}).values()
    numbers = [found.get("seconds", 0), found.get("memory", 0)]
    return (
        isinstance(found["isolation"], list)
        and all(isinstance(word, str) for word in words)
        and all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= MOST for one in numbers)
        and found.keys() <= GRADE
    )


GRADE = {"assignment", "title", "isolation", "versions", "seconds", "notices", "memory"}
TIME = ("a time with a zone", _moment)
ENDINGS = frozenset(Outcome)
ENDING = (f"one of {', '.join(Outcome)}", lambda value: value in ENDINGS)
WHOLE = ("a whole number", lambda value: value.isdecimal() and len(value) <= DIGITS)
MEANING: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "attempts.submitted": TIME,
    "attempts.seen": TIME,
    "students.left": TIME,
    "runs.started": TIME,
    "results.graded": TIME,
    **{
        f"{table}.at": (TIME[0], lambda value: bool(value) and _moment(value))
        for table in ("adjustments", "comments", "places", "reviews", "readers", "requests")
    },
    "requests.decided": TIME,
    "requests.state": ("open, granted or declined", lambda value: value in ("open", "granted", "declined")),
    "responses.kind": ("the name of a kind of responses", bool),
    "checks.outcome": ENDING,
    "cases.outcome": ENDING,
    "checks.max_score": ("a positive number", lambda value: value > 0),
    "seeds.seed": WHOLE,
    "facts.value": ("the number of a schema", lambda value: 0 < len(value) <= 40),
    "files.texts": ("a JSON object of texts", _texts),
    "results.grade": ("a JSON object of a grade", _grade),
}
