"""Schema 4: whether a student is excused from an assignment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the column."""
    op.add_column("adjustments", sa.Column("excused", sa.Boolean(), nullable=False, server_default=sa.false()))
