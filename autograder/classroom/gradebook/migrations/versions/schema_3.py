"""Schema 3: a student's login on GitHub, and the kind of each notice."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"
RESULTS = sa.table("results", sa.column("id", sa.Integer), sa.column("grade", sa.String))


def upgrade() -> None:
    """Add the column, and tell the kind of a notice by its words, for the last time."""
    op.add_column("students", sa.Column("login", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    for number, text in connection.execute(sa.select(RESULTS.c.id, RESULTS.c.grade)).all():
        about = json.loads(text)
        if about["notices"]:
            about["notices"] = [[_kind_of(notice), notice] for notice in about["notices"]]
            changed = sa.update(RESULTS).where(RESULTS.c.id == number).values(grade=json.dumps(about, allow_nan=False))
            connection.execute(changed)


def _kind_of(notice: str) -> str:
    if " did not run (" in notice:
        return "stopped"
    if notice.startswith("the time for the whole submission"):
        return "time"
    if notice.endswith("but never calls it"):
        return "rule"
    return "ran" if " ran only after " in notice or notice.endswith("did not run") else "taken in"
