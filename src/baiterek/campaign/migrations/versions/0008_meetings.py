"""Meetings, their protocols, certificates and the signatures under them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Eight tables more; none of the others changes."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("title_ru", sa.Text(), nullable=False),
        sa.Column("title_kk", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.String(length=32), nullable=False),
        sa.Column("place_ru", sa.Text(), nullable=False),
        sa.Column("place_kk", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("place_en", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body"], ["body.id"], name=op.f("fk_meeting_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_body"), "meeting", ["body"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_agenda_item_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_meeting"), "agenda_item", ["meeting"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("presence", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_attendance_meeting")),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_attendance_membership")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_meeting"), "attendance", ["meeting"], unique=False)
    op.create_index(op.f("ix_attendance_membership"), "attendance", ["membership"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(length=32), nullable=False),
        sa.Column("valid_to", sa.String(length=32), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=True),
        sa.Column("membership", sa.String(length=200), nullable=True),
        sa.Column("revoked_at", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_certificate_membership")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index(op.f("ix_certificate_membership"), "certificate", ["membership"], unique=False)
    op.create_table(
        "protocol",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_protocol_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol")),
    )
    op.create_index(op.f("ix_protocol_meeting"), "protocol", ["meeting"], unique=False)
    op.create_table(
        "protocol_signature",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("protocol", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("certificate", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["certificate"], ["certificate.id"], name=op.f("fk_protocol_signature_certificate")),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_protocol_signature_membership")),
        sa.ForeignKeyConstraint(["protocol"], ["protocol.id"], name=op.f("fk_protocol_signature_protocol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_signature")),
    )
    op.create_index(op.f("ix_protocol_signature_certificate"), "protocol_signature", ["certificate"], unique=False)
    op.create_index(op.f("ix_protocol_signature_membership"), "protocol_signature", ["membership"], unique=False)
    op.create_index(op.f("ix_protocol_signature_protocol"), "protocol_signature", ["protocol"], unique=False)
    op.create_table(
        "resolution",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("meeting", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("text_ru", sa.Text(), nullable=False),
        sa.Column("text_kk", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=True),
        sa.Column("part", sa.String(length=2), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("fk_resolution_decision")),
        sa.ForeignKeyConstraint(["item"], ["agenda_item.id"], name=op.f("fk_resolution_item")),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_resolution_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    op.create_index(op.f("ix_resolution_decision"), "resolution", ["decision"], unique=False)
    op.create_index(op.f("ix_resolution_item"), "resolution", ["item"], unique=False)
    op.create_index(op.f("ix_resolution_meeting"), "resolution", ["meeting"], unique=False)
    op.create_table(
        "resolution_vote",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("resolution", sa.String(length=200), nullable=False),
        sa.Column("membership", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["membership"], ["membership.id"], name=op.f("fk_resolution_vote_membership")),
        sa.ForeignKeyConstraint(["resolution"], ["resolution.id"], name=op.f("fk_resolution_vote_resolution")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_vote")),
    )
    op.create_index(op.f("ix_resolution_vote_membership"), "resolution_vote", ["membership"], unique=False)
    op.create_index(op.f("ix_resolution_vote_resolution"), "resolution_vote", ["resolution"], unique=False)
