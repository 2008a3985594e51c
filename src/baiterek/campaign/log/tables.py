"""The tables of the log and of its signed heads."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from baiterek.campaign.rows.schema import METADATA, text

EVENT = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    text("actor"),
    text("role"),
    text("part"),
    text("action"),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    text("before"),
    text("after"),
    text("reason"),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_event_entity_id", "entity", "entity_id"),
)


def _head(name: str) -> Table:
    return Table(
        name,
        METADATA,
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("hash", String(64), nullable=False),
        Column("at", String(32), nullable=False),
        Column("signature", String(128), nullable=False),
    )


HEAD = _head("head")
"""Signed heads that are kept."""

TAIL = _head("tail")
"""One row: the signed head of the last change. Whoever writes locks it first, so that changes follow one another."""
