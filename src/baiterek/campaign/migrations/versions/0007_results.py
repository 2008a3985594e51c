"""Results of flights: planned against measured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """From campaigns."""
    op.create_table(
        "flight_result",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("flight", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("criterion", sa.String(length=200), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("run_sha256", sa.String(length=64), nullable=False),
        sa.Column("measured_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["flight"], ["flight.id"], name=op.f("fk_flight_result_flight")),
        sa.ForeignKeyConstraint(["criterion"], ["criterion.id"], name=op.f("fk_flight_result_criterion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flight_result")),
    )
    for column in ("flight", "criterion"):
        op.create_index(op.f(f"ix_flight_result_{column}"), "flight_result", [column], unique=False)
