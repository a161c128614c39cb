"""Schema 6: what students answered to questions that nobody grades, such as predictions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Add the table; it begins empty."""
    op.create_table(
        "responses",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("attempt", sa.Integer(), sa.ForeignKey("attempts.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False, server_default="") for name in ("prompt", "answer", "second")),
        sa.Column("expected", sa.String()),
        sa.Column("right", sa.Boolean()),
        sa.UniqueConstraint("attempt", "kind", "question"),
    )
