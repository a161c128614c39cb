"""Schema 2: work of groups, who left the class, and when and how an attempt came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Add the columns; what was not kept before is told from what was, as far as it can be."""
    op.add_column("students", _text("group", 200))
    op.add_column("students", _flag("enrolled"))
    op.add_column("students", _text("left", 40))
    op.add_column("attempts", _text("seen", 40))
    op.add_column("attempts", _flag("marks_late"))
    op.add_column("attempts", _text("group", 200))
    op.create_table(
        "members",
        sa.Column("attempt", sa.Integer(), sa.ForeignKey("attempts.id"), primary_key=True),
        sa.Column("student", sa.String(200), sa.ForeignKey("students.id"), primary_key=True, index=True),
    )
    # Only a roster tells a section or what a platform calls somebody.
    op.execute("UPDATE students SET enrolled = (1 = 1) WHERE section <> '' OR canvas_id <> '' OR moodle_id <> ''")
    # An attempt came in no later than it was first graded.
    first = "SELECT MIN(graded) FROM results WHERE results.attempt = attempts.id"
    op.execute(f"UPDATE attempts SET seen = COALESCE(({first}), '')")  # noqa: S608 - nothing of others is in it
