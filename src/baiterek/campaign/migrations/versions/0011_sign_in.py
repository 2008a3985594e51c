"""Tries to sign in, and what browsers were asked for it: in the database, where every server of a record finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """From what opens an account."""
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index(op.f("ix_sign_in_try_who_sha256"), "sign_in_try", ["who_sha256"], unique=False)
    op.create_table(
        "sign_in_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("browser_sha256", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_question")),
    )
    op.create_index(op.f("ix_sign_in_question_browser_sha256"), "sign_in_question", ["browser_sha256"], unique=False)
