"""Alembic runs this to bring the connection it is given from one version to another."""

from __future__ import annotations

from alembic import context

from grader.gradebook.migrations import VERSION_TABLE
from grader.gradebook.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
