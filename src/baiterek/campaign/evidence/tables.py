"""The table of evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from baiterek.campaign.rows.schema import METADATA, identity, revision, text

EVIDENCE = Table(
    "evidence",
    METADATA,
    identity(),
    Column("sha256", String(64), nullable=False, index=True),
    text("kind"),
    text("name"),
    Column("size", Integer().with_variant(BigInteger(), "postgresql"), nullable=False),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    Column("stage", String(40)),
    text("note"),
    revision(),
    Index("ix_evidence_cited_by", "entity", "entity_id"),
)
