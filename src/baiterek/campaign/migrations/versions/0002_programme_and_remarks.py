"""The programme of flight tests, its matrix and runs; remarks, deviations and waivers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From the commission and the complex."""
    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("approved_ru", sa.String(length=32), nullable=True),
        sa.Column("approved_kz", sa.String(length=32), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=True),
        sa.Column("due_gate", sa.String(length=2), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("disposition", sa.String(length=20), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_remark_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index("ix_remark_about", "remark", ["entity", "entity_id"], unique=False)
    op.create_index(op.f("ix_remark_organisation"), "remark", ["organisation"], unique=False)
    op.create_index(op.f("ix_remark_state"), "remark", ["state"], unique=False)
    op.create_table(
        "requirement",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("lower", sa.String(length=40), nullable=True),
        sa.Column("upper", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent <> id", name=op.f("ck_requirement_own_parent")),
        sa.ForeignKeyConstraint(["parent"], ["requirement.id"], name=op.f("fk_requirement_parent")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_requirement_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    op.create_index(op.f("ix_requirement_parent"), "requirement", ["parent"], unique=False)
    op.create_index(op.f("ix_requirement_programme"), "requirement", ["programme"], unique=False)
    op.create_table(
        "test_case",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_test_case_organisation")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_test_case_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_case")),
    )
    op.create_index(op.f("ix_test_case_organisation"), "test_case", ["organisation"], unique=False)
    op.create_index(op.f("ix_test_case_programme"), "test_case", ["programme"], unique=False)
    op.create_table(
        "test_run",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("test_case", sa.String(length=200), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.Column("operators", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["test_case"], ["test_case.id"], name=op.f("fk_test_run_test_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_run")),
    )
    op.create_index(op.f("ix_test_run_test_case"), "test_run", ["test_case"], unique=False)
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("requirement", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("due_gate", sa.String(length=2), nullable=True),
        sa.Column("compliance", sa.String(length=10), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["requirement"], ["requirement.id"], name=op.f("fk_verification_requirement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index(op.f("ix_verification_requirement"), "verification", ["requirement"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("flights", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("requirement", sa.String(length=200), nullable=True),
        sa.Column("last_gate", sa.String(length=2), nullable=True),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["remark"], ["remark.id"], name=op.f("fk_waiver_remark")),
        sa.ForeignKeyConstraint(["requirement"], ["requirement.id"], name=op.f("fk_waiver_requirement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index(op.f("ix_waiver_remark"), "waiver", ["remark"], unique=False)
    op.create_index(op.f("ix_waiver_requirement"), "waiver", ["requirement"], unique=False)
