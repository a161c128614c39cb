"""The database under a gradebook: how it is opened, what it says when it fails, and its address without secrets."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, unquote_plus

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from autograder.classroom.gradebook.values import GradebookError

LOCKED_SECONDS = 30
SOME = 50  # attempts that are objects of a session at once
# Between the first colon and the last @, so that no sign in a password hides less of it; ":///" has neither user nor password.
PASSWORD = re.compile(r"(://(?!/)[^:]*:)(.*)@(?=[^@]*$)", re.DOTALL)
NO_PORT = re.compile(r"(://(?!/)[^:@/?#\[]*:)(?!\d{0,5}(?:[/?#]|$))([^@]+)$", re.DOTALL)  # a password whose @ was forgotten
SECRET = re.compile(r"([?&;][^=&;#]*(?:pass|pwd|secret|token|key)[^=&;#]*=)([^&;#]*)", re.IGNORECASE)
SHORT = 4  # letters of a secret that may stand within a word by chance
PARTS = re.compile(r"[@/#?:&;=\s]+")  # at which a reader of URLs may take a password apart

T = TypeVar("T")


def batched(everything: Sequence[T], some: int = SOME) -> Iterator[Sequence[T]]:
    """Some at a time."""
    for begin in range(0, len(everything), some):
        yield everything[begin : begin + some]


def opened(where: str) -> Engine:
    """The engine of a path or a URL.

    Raises:
        GradebookError: it is neither, or the driver is not installed.
    """
    name = masked(where)
    try:
        url = make_url(where) if "://" in where else URL.create("sqlite", database=where)
    except (ArgumentError, ValueError):  # its words may hold the password
        raise GradebookError(
            f"{name} is not a gradebook: expected a path or a database URL, such as postgresql+psycopg://user@host/grades. "
            "Percent-encode special characters in the password, such as %40 for @"
        ) from None
    written = PASSWORD.search(where)
    if written and (url.password is None or unquote(written[2]) != url.password):
        raise GradebookError(
            f"{name} is not a gradebook: it is ambiguous where the password ends. "
            "Percent-encode special characters in user, password and options: %40 for @, %3A for :, %2F for /"
        )
    if url.get_backend_name() == "sqlite" and url.query and url.query.get("uri") != "true":
        option = next(iter(url.query))
        raise GradebookError(
            f"{name} is not a gradebook: a file takes no options such as `{option}`. Remove what follows the `?`"
        )
    try:
        engine = create_engine(url, connect_args={"timeout": LOCKED_SECONDS} if url.get_backend_name() == "sqlite" else {})
    except (ArgumentError, NoSuchModuleError, ValueError, TypeError) as error:
        said = without_secrets(" ".join(str(error).split()), where)
        raise GradebookError(f"{name} is not a gradebook: expected a path or a database URL. Received: {said}") from None
    except ModuleNotFoundError as error:
        raise GradebookError(f"{name} needs {error.name}, which is not installed. {_driver(url, name)}") from None
    event.listen(engine, "before_cursor_execute", _storable, retval=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _at_once)
    return engine


def opened_to_read(where: str) -> Engine:
    """The engine of a path or a URL to which nothing is written, not even by opening it.

    Raises:
        GradebookError: it is neither, the file is not there, or the driver is not installed.
    """
    engine = opened(where)
    if engine.dialect.name != "sqlite":
        return engine.execution_options(postgresql_readonly=True)
    path = path_of(engine)
    engine.dispose()
    if not Path(path).is_file():
        raise GradebookError(f"there is no gradebook {masked(where)}. `dlkit grade ... --submissions` creates one")
    reading = create_engine("sqlite://", creator=lambda: _reading(path), poolclass=NullPool)
    event.listen(reading, "begin", _at_once)
    return reading


def _reading(path: str) -> sqlite3.Connection:
    """A connection that reads; a file without a log is read as it stands, so that none is made beside it."""
    log = Path(f"{path}-wal")
    how = "mode=ro" if log.is_file() and log.stat().st_size else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"file:{quote(str(Path(path).resolve()))}?{how}", uri=True, timeout=LOCKED_SECONDS)
    connection.isolation_level = None
    return connection


def path_of(engine: Engine) -> str:
    """The path of the file of an SQLite database; "" of others."""
    if engine.dialect.name != "sqlite":
        return ""
    if engine.url.database:
        return engine.url.database
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])


def masked(where: str) -> str:
    """A path, or a URL whose passwords are shown as ***.

    >>> masked("postgresql+psycopg://teacher:p%40ss@db.uni.org/grades?sslpassword=abc")
    'postgresql+psycopg://teacher:***@db.uni.org/grades?sslpassword=***'
    """
    if "://" not in where:
        return where
    return SECRET.sub(r"\g<1>***", NO_PORT.sub(r"\g<1>***", PASSWORD.sub(r"\g<1>***@", where)))


def without_secrets(said: str, where: str) -> str:
    """What a library says of a URL, without the secrets in it, as they are written there or as they are, and their parts."""
    written = [match[2] for pattern in (PASSWORD, NO_PORT, SECRET) for match in pattern.finditer(where) if match[2]]
    spelt = {form for text in written for form in (text, unquote(text), unquote_plus(text), quote(unquote(text), safe=""))}
    spelt |= {part for form in spelt for part in PARTS.split(form) if len(part) >= SHORT}
    said = said.replace(where, masked(where))
    for secret in sorted(filter(None, spelt), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)" if len(secret) < SHORT else re.escape(secret), "***", said)
    return said


def _driver(url: URL, name: str) -> str:
    """What to do where a driver is missing."""
    if url.get_backend_name() != "postgresql":
        return "Install it, or name another database"
    install = "pip install 'dlkit[postgres]'"
    if url.drivername == "postgresql+psycopg":
        return install
    return f"dlkit uses another driver: start the URL with postgresql+psycopg://, and {install}"


def _storable(_: object, __: object, statement: str, given: Any, *___: object) -> tuple[str, Any]:
    """What every database takes: PostgreSQL has no NUL in texts, and none has lone surrogates; they become their numbers."""
    if isinstance(given, Mapping):
        return statement, {name: _text(value) for name, value in given.items()}
    if given and isinstance(given[0], Mapping | list | tuple):  # of several rows
        return statement, type(given)(_storable(_, __, "", row)[1] for row in given)
    return statement, type(given)(_text(value) for value in given)


def _text(value: Any) -> Any:
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def _configure_sqlite(connection: Any, _: object) -> None:
    """SQLite with a write-ahead log: who reads does not wait for who writes, and a crash loses no committed result."""
    connection.isolation_level = None  # the driver's own transactions leave out the making of tables
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _at_once(connection: Connection) -> None:
    """A transaction that will write waits for its turn at the beginning: halfway it could only fail."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def scrub(engine: Engine) -> str:
    """Have SQLite write its file anew: until then, what was deleted can be read in it, and in its log; why not, or ""."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
    except sqlite3.Error as error:
        return str(error)
    finally:
        connection.close()
    return ""


def sentence(url: URL, where: str, error: DBAPIError) -> str:
    """What a database says, and what to do; `where` is its address without secrets."""
    said = without_secrets(" ".join(str(error.orig).split()), url.render_as_string(hide_password=False))
    if error.connection_invalidated or (isinstance(error, OperationalError) and "connect" in said):
        return f"{where} cannot be reached: {said[:200].rstrip('.?')}. Results so far are saved; rerun the command to resume"
    if "decode to UTF-8" in said:
        return f"{where} is damaged: {said[:200]}. Restore it from a backup, or start a new one with --gradebook"
    for words, sentence in {
        "locked": f"is in use: another program has locked it for {LOCKED_SECONDS} s; try again when that program has finished",
        "full": "cannot be written: the disk is full. Results so far are saved; free some space and rerun the command to resume",
        "readonly": "cannot be written: the file or its folder is read-only",
        "unable to open": "cannot be opened: does its folder exist, and may you write to it?",
        "not a database": "is not a gradebook: the file contains something else. Choose another with --gradebook",
        "malformed": "is damaged. Restore it from a backup, or start a new one with --gradebook",
    }.items():
        if words in said:
            return f"{where} {sentence}"
    return f"{where} cannot be used: {said[:300]}"
