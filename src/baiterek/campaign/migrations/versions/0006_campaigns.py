"""Launch campaigns: resources, campaigns, operations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """From the schedule."""
    op.create_table(
        "resource",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("shift_min", sa.Integer(), nullable=False),
        sa.Column("rest_min", sa.Integer(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("milestone", sa.String(length=200), nullable=False),
        sa.Column("baseline", sa.String(length=20), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("flight", sa.String(length=200), nullable=True),
        sa.Column("test_case", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["milestone"], ["milestone.id"], name=op.f("fk_campaign_milestone")),
        sa.ForeignKeyConstraint(["flight"], ["flight.id"], name=op.f("fk_campaign_flight")),
        sa.ForeignKeyConstraint(["test_case"], ["test_case.id"], name=op.f("fk_campaign_test_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    for column in ("milestone", "flight", "test_case"):
        op.create_index(op.f(f"ix_campaign_{column}"), "campaign", [column], unique=False)
    op.create_table(
        "operation",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("before_min", sa.Integer(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("excludes", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("hazards", sa.JSON(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.id"], name=op.f("fk_operation_campaign")),
        sa.ForeignKeyConstraint(["remark"], ["remark.id"], name=op.f("fk_operation_remark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
    )
    for column in ("campaign", "remark", "state"):
        op.create_index(op.f(f"ix_operation_{column}"), "operation", [column], unique=False)
