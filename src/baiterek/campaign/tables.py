"""The tables: one for each record, the log, its heads. Texts, whole numbers and JSON only, so that every database agrees."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", String(200), primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _to(name: str, target: str, optional: bool = False) -> Column[str]:
    return Column(name, String(200), ForeignKey(f"{target}.id"), nullable=optional, index=True)


def _revision() -> Column[int]:
    return Column("revision", Integer, nullable=False)


def _example() -> Column[bool]:
    return Column("example", Boolean, nullable=False)


ORGANISATION = Table("organisation", METADATA, _id(), _text("name"), _text("country"), _text("source"), _revision())

PERSON = Table("person", METADATA, _id(), _text("name"), _text("source"), _revision())

BODY = Table("body", METADATA, _id(), _text("kind"), _text("name"), _text("source"), _revision())

MEMBERSHIP = Table(
    "membership",
    METADATA,
    _id(),
    _to("body", "body"),
    _text("part"),
    _text("role"),
    _to("person", "person", optional=True),
    _to("organisation", "organisation", optional=True),
    Column("valid_from", String(10)),
    Column("valid_to", String(10)),
    _text("named_by"),
    _text("source"),
    _revision(),
)

GROUND_OBJECT = Table(
    "ground_object",
    METADATA,
    _id(),
    Column("site", String(20), nullable=False, index=True),
    _text("kind"),
    _text("name"),
    _text("part"),
    _to("parent", "ground_object", optional=True),
    Column("systems", JSON, nullable=False),
    _text("owner"),
    _text("designer"),
    Column("documents", JSON, nullable=False),
    Column("state", String(40), nullable=False, index=True),
    _text("basis"),
    _example(),
    _revision(),
    CheckConstraint("parent <> id", name="own_parent"),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    _id(),
    Column("sha256", String(64), nullable=False, index=True),
    _text("kind"),
    _text("name"),
    Column("size", Integer().with_variant(BigInteger(), "postgresql"), nullable=False),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    Column("stage", String(40)),
    _text("note"),
    _revision(),
    Index("ix_evidence_cited_by", "entity", "entity_id"),
)

PROGRAMME = Table(
    "programme",
    METADATA,
    _id(),
    _text("name"),
    _text("document"),
    _text("part"),
    Column("approved_ru", String(32)),
    Column("approved_kz", String(32)),
    _example(),
    _revision(),
)

REQUIREMENT = Table(
    "requirement",
    METADATA,
    _id(),
    _to("programme", "programme"),
    _text("text"),
    _text("part"),
    _text("characteristic"),
    _text("unit"),
    Column("lower", String(40)),
    Column("upper", String(40)),
    _text("source"),
    _to("parent", "requirement", optional=True),
    _example(),
    _revision(),
    CheckConstraint("parent <> id", name="own_parent"),
)

VERIFICATION = Table(
    "verification",
    METADATA,
    _id(),
    _to("requirement", "requirement"),
    Column("stage", String(40), nullable=False),
    Column("method", String(40), nullable=False),
    _text("part"),
    Column("due_gate", String(2)),
    Column("compliance", String(10)),
    Column("closed", Boolean, nullable=False),
    _text("reason"),
    _example(),
    _revision(),
)

CASE = Table(
    "test_case",
    METADATA,
    _id(),
    _to("programme", "programme"),
    _text("title"),
    Column("stage", String(40), nullable=False),
    Column("method", String(40), nullable=False),
    _text("part"),
    Column("requirements", JSON, nullable=False),
    Column("objects", JSON, nullable=False),
    _text("procedure"),
    _to("organisation", "organisation", optional=True),
    _text("answers"),
    _example(),
    _revision(),
)

RUN = Table(
    "test_run",
    METADATA,
    _id(),
    _to("test_case", "test_case"),
    _text("part"),
    _text("procedure"),
    Column("configuration", JSON, nullable=False),
    Column("operators", JSON, nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("measured", JSON, nullable=False),
    Column("result", String(10)),
    _text("conclusion"),
    _example(),
    _revision(),
)

REMARK = Table(
    "remark",
    METADATA,
    _id(),
    _text("text"),
    _text("raised_by"),
    _text("part"),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    _to("organisation", "organisation", optional=True),
    Column("state", String(40), nullable=False, index=True),
    Column("grounds", JSON, nullable=False),
    Column("severity", String(10)),
    Column("due_gate", String(2)),
    _text("cause"),
    Column("disposition", String(20)),
    _text("action"),
    _example(),
    _revision(),
    Index("ix_remark_about", "entity", "entity_id"),
)

WAIVER = Table(
    "waiver",
    METADATA,
    _id(),
    _text("kind"),
    _text("text"),
    _text("part"),
    Column("flights", JSON, nullable=False),
    _to("remark", "remark", optional=True),
    _to("requirement", "requirement", optional=True),
    Column("last_gate", String(2)),
    Column("valid_to", String(10)),
    Column("state", String(40), nullable=False),
    _example(),
    _revision(),
)

EVENT = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    _text("actor"),
    _text("role"),
    _text("part"),
    _text("action"),
    Column("entity", String(40), nullable=False),
    Column("entity_id", String(200), nullable=False),
    _text("before"),
    _text("after"),
    _text("reason"),
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
