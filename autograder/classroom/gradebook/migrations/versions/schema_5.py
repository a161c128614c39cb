"""Schema 5: what people write while they read: comments on lines, who read what and who is reading it, students' requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def _number(name: str, to: str = "", *, primary: bool = False, index: bool = False) -> sa.Column[int]:
    keys = [sa.ForeignKey(to)] if to else []
    return sa.Column(name, sa.Integer(), *keys, primary_key=primary, nullable=False, index=index)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Add the tables; they begin empty."""
    by, at = "by", "at"
    op.create_table(
        "comments",
        _number("id", primary=True),
        _text("text"),
        _flag("reusable"),
        _text(by),
        _text(at),
        _number("version"),
    )
    op.create_table(
        "places",
        _number("id", primary=True),
        _number("attempt", "attempts.id", index=True),
        _text("file"),
        _number("line"),
        _number("comment", "comments.id", index=True),
        _text(by),
        _text(at),
    )
    op.create_table("reviews", _number("attempt", "attempts.id", primary=True), _text(by), _text(at), _flag("later"))
    op.create_table(
        "readers",
        _number("attempt", "attempts.id", primary=True),
        sa.Column(by, sa.String(200), primary_key=True),
        _text(at),
    )
    op.create_table(
        "requests",
        _number("id", primary=True),
        sa.Column("assignment", sa.String(80), nullable=False, index=True),
        sa.Column("student", sa.String(200), sa.ForeignKey("students.id"), nullable=False),
        _text("check", 200),
        _text("text"),
        _text("source", 20),
        _text(at),
        _text("state", 20),
        _text(by),
        _text("decided"),
        _text("why"),
        _number("version"),
    )
