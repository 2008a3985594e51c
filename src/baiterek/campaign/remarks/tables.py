"""The tables of remarks, deviations and waivers."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, revision, text, to

REMARK = Table(
    "remark",
    METADATA,
    identity(),
    text("text"),
    text("raised_by"),
    text("part"),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    to("organisation", "organisation", optional=True),
    Column("state", String(40), nullable=False, index=True),
    Column("grounds", JSON, nullable=False),
    Column("severity", String(10)),
    Column("due_gate", String(2)),
    text("cause"),
    Column("disposition", String(20)),
    text("action"),
    example(),
    revision(),
    Index("ix_remark_about", "entity", "entity_id"),
)

WAIVER = Table(
    "waiver",
    METADATA,
    identity(),
    text("kind"),
    text("text"),
    text("part"),
    Column("flights", JSON, nullable=False),
    to("remark", "remark", optional=True),
    to("requirement", "requirement", optional=True),
    Column("last_gate", String(2)),
    Column("valid_to", String(10)),
    Column("state", String(40), nullable=False),
    example(),
    revision(),
)
