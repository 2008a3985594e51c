"""Which organisation answers for a row of the matrix, and under which agreement a plan is submitted and a permit given."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
ADDED = (("verification", "organisation", "organisation"), ("launch_plan", "agreement", "agreement"),
         ("permit", "agreement", "agreement"))  # fmt: skip


def upgrade() -> None:
    """From tries to sign in. In rows that are there the new columns are empty: each is still what its last event left."""
    for table, column, target in ADDED:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(200) CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
        )  # in words: alembic adds no column that refers to another table to one of SQLite, though SQLite does
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
