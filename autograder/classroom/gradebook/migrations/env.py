"""What Alembic runs: the migrations, over the connection and within the transaction that it is given."""

from __future__ import annotations

from alembic import context

from autograder.classroom.gradebook.tables import Base

if hasattr(context, "config"):  # it has one only while Alembic runs this
    context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
