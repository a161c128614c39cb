"""Schema 7: whether the points of a check are bonus points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Add the column; the checks of older gradings were all of the core."""
    op.add_column("checks", sa.Column("stretch", sa.Boolean(), nullable=False, server_default=sa.false()))
