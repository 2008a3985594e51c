"""The table of ground objects."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, String, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, revision, text, to

GROUND_OBJECT = Table(
    "ground_object",
    METADATA,
    identity(),
    Column("site", String(20), nullable=False, index=True),
    text("kind"),
    text("name"),
    text("part"),
    to("parent", "ground_object", optional=True),
    Column("systems", JSON, nullable=False),
    text("owner"),
    text("designer"),
    Column("documents", JSON, nullable=False),
    Column("state", String(40), nullable=False, index=True),
    text("basis"),
    example(),
    revision(),
    CheckConstraint("parent <> id", name="own_parent"),
)
