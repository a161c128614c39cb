"""Migrations: how a gradebook of an older schema becomes one of the newest, by Alembic.

A revision is called by the number of the schema that it makes. The first, 2, makes it from schema 1, which had no
revision. Imported only where a gradebook is older: opening one that is up to date costs nothing.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, update

from autograder.classroom.gradebook.tables import SCHEMA, Fact
from autograder.classroom.gradebook.values import GradebookError


def migrate(connection: Connection, version: int) -> str:
    """Bring the tables from a schema to the newest, within the transaction that is open; where a copy of them is, or "".

    Raises:
        GradebookError: no copy can be written.
    """
    stands = select(Fact.value).where(Fact.name == "schema").with_for_update()  # of two graders, one waits for the other
    if connection.scalar(stands) != str(version):  # the other was first
        return ""
    copy = _copied(connection, version)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, str(SCHEMA))
    connection.execute(update(Fact).where(Fact.name == "schema").values(value=str(SCHEMA)))
    return copy


def _copied(connection: Connection, version: int) -> str:
    """Copy the file of a gradebook beside it; "" where it is not a file, and its transaction has to do."""
    name = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not name or not Path(name).is_file():
        return ""
    path = Path(name)
    for number in range(1, 1000):
        copy = path.with_name(f"{path.name}.schema-{version}{f'.{number}' if number > 1 else ''}")
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, path.stat().st_mode & 0o777))
        except FileExistsError:
            continue
        except OSError as error:
            raise _uncopied(path, copy, str(error.strerror)) from None
        try:
            with closing(sqlite3.connect(path)) as from_, closing(sqlite3.connect(copy)) as to:
                from_.backup(to)
        except (sqlite3.Error, OSError) as error:
            copy.unlink(missing_ok=True)
            raise _uncopied(path, copy, str(error)) from None
        return str(copy)
    raise _uncopied(path, path, "there are a thousand copies already")


def _uncopied(path: Path, copy: Path, why: str) -> GradebookError:
    return GradebookError(
        f"{path} comes from an older dlkit and was not upgraded: a copy could not be written to {copy} ({why}). "
        "Free some space there, or move the gradebook to a folder where you may write"
    )
