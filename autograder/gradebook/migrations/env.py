"""What Alembic runs: the migrations, over the connection and within the transaction that it is given."""

from __future__ import annotations

from alembic import context

from autograder.gradebook.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
