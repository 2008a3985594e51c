"""The tables of the programme of flight tests."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, String, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, revision, text, to

PROGRAMME = Table(
    "programme",
    METADATA,
    identity(),
    text("name"),
    text("document"),
    text("part"),
    Column("approved_ru", String(32)),
    Column("approved_kz", String(32)),
    example(),
    revision(),
)

REQUIREMENT = Table(
    "requirement",
    METADATA,
    identity(),
    to("programme", "programme"),
    text("text"),
    text("part"),
    text("characteristic"),
    text("unit"),
    Column("lower", String(40)),
    Column("upper", String(40)),
    text("source"),
    to("parent", "requirement", optional=True),
    example(),
    revision(),
    CheckConstraint("parent <> id", name="own_parent"),
)

VERIFICATION = Table(
    "verification",
    METADATA,
    identity(),
    to("requirement", "requirement"),
    Column("stage", String(40), nullable=False),
    Column("method", String(40), nullable=False),
    text("part"),
    Column("due_gate", String(2)),
    to("organisation", "organisation", optional=True),
    Column("compliance", String(10)),
    Column("closed", Boolean, nullable=False),
    text("reason"),
    example(),
    revision(),
)

CASE = Table(
    "test_case",
    METADATA,
    identity(),
    to("programme", "programme"),
    text("title"),
    Column("stage", String(40), nullable=False),
    Column("method", String(40), nullable=False),
    text("part"),
    Column("requirements", JSON, nullable=False),
    Column("objects", JSON, nullable=False),
    text("procedure"),
    to("organisation", "organisation", optional=True),
    text("answers"),
    example(),
    revision(),
)

RUN = Table(
    "test_run",
    METADATA,
    identity(),
    to("test_case", "test_case"),
    text("part"),
    text("procedure"),
    Column("configuration", JSON, nullable=False),
    Column("operators", JSON, nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("measured", JSON, nullable=False),
    Column("result", String(10)),
    text("conclusion"),
    example(),
    revision(),
)
