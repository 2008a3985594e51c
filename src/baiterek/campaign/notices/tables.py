"""The tables of notices: subscriptions, and how far each was told; the latter is no part of the record, and no log holds it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from baiterek.campaign.rows.schema import METADATA, identity, listed, revision, short, text, to

SUBSCRIPTION = Table(
    "subscription", METADATA, identity(), short("role", 20), short("part", 2, optional=True), short("channel", 20),
    text("target"), listed("topics"), Column("own", Boolean, nullable=False), short("language", 2),
    Column("active", Boolean, nullable=False), revision(),
)  # fmt: skip

FEED = Table(
    "calendar_feed", METADATA, identity(), to("account", "account"), short("language", 2), short("opened_at", 32),
    short("ended_at", 32, optional=True), revision(),
)  # fmt: skip

DELIVERY = Table(
    "delivery", METADATA, Column("subscription", String(200), ForeignKey("subscription.id"), primary_key=True),
    Column("told", Integer, nullable=False), Column("attempts", Integer, nullable=False), short("next_at", 32),
    short("told_at", 32), Column("failure", Text, nullable=False),
)  # fmt: skip
"""Up to which event a subscription was told; since then how often it failed, why, and when it is tried next."""
