"""Flights, gates and their decisions, signatures, agreements and permits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From the programme and the remarks."""
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=True),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("signed_on", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["agreement.id"], name=op.f("fk_agreement_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_parent"), "agreement", ["parent"], unique=False)
    op.create_table(
        "flight",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("vehicle", sa.JSON(), nullable=False),
        sa.Column("ground", sa.JSON(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flight")),
    )
    op.create_table(
        "launch_plan",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("year", sa.String(length=4), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("flights", sa.JSON(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_plan")),
    )
    op.create_table(
        "permit",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("flights", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
    )
    op.create_table(
        "voting_rule",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("quorum", sa.String(length=20), nullable=False),
        sa.Column("majority", sa.String(length=20), nullable=False),
        sa.Column("carry_major", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_rule")),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("flight", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["flight"], ["flight.id"], name=op.f("fk_criterion_flight")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
    )
    op.create_index(op.f("ix_criterion_flight"), "criterion", ["flight"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("flight", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.String(length=2), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["flight"], ["flight.id"], name=op.f("fk_decision_flight")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_flight"), "decision", ["flight"], unique=False)
    op.create_table(
        "decision_condition",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("due_gate", sa.String(length=2), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("fk_decision_condition_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_condition")),
    )
    op.create_index(op.f("ix_decision_condition_decision"), "decision_condition", ["decision"], unique=False)
    op.create_table(
        "passage",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("flight", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.String(length=2), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("turned_back_at", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("fk_passage_decision")),
        sa.ForeignKeyConstraint(["flight"], ["flight.id"], name=op.f("fk_passage_flight")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_decision"), "passage", ["decision"], unique=False)
    op.create_index(op.f("ix_passage_flight"), "passage", ["flight"], unique=False)
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_signing_key_membership")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_index(op.f("ix_signing_key_membership"), "signing_key", ["membership"], unique=False)
    op.create_table(
        "vote",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("fk_vote_decision")),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_vote_membership")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_decision"), "vote", ["decision"], unique=False)
    op.create_index(op.f("ix_vote_membership"), "vote", ["membership"], unique=False)
    op.create_table(
        "decision_signature",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("fk_decision_signature_decision")),
        sa.ForeignKeyConstraint(["key"], ["signing_key.id"], name=op.f("fk_decision_signature_key")),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_decision_signature_membership")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_signature")),
    )
    op.create_index(op.f("ix_decision_signature_decision"), "decision_signature", ["decision"], unique=False)
    op.create_index(op.f("ix_decision_signature_key"), "decision_signature", ["key"], unique=False)
    op.create_index(op.f("ix_decision_signature_membership"), "decision_signature", ["membership"], unique=False)
