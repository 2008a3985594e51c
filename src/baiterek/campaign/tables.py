"""The tables: one for each record, the log, its heads; those of decisions stand in `decision_tables.py`."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from baiterek.campaign import decision_tables, schedule_tables  # noqa: F401  their tables belong to the same catalogue
from baiterek.campaign.operations import tables as operation_tables  # noqa: F401
from baiterek.campaign.schema import METADATA, example, identity, revision, text, to

ORGANISATION = Table("organisation", METADATA, identity(), text("name"), text("country"), text("source"), revision())

PERSON = Table("person", METADATA, identity(), text("name"), text("source"), revision())

BODY = Table("body", METADATA, identity(), text("kind"), text("name"), text("source"), revision())

MEMBERSHIP = Table(
    "membership",
    METADATA,
    identity(),
    to("body", "body"),
    text("part"),
    text("role"),
    to("person", "person", optional=True),
    to("organisation", "organisation", optional=True),
    Column("valid_from", String(10)),
    Column("valid_to", String(10)),
    text("named_by"),
    text("source"),
    revision(),
)

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

ACCOUNT = Table(
    "account",
    METADATA,
    identity(),
    text("role"),
    Column("part", Text),
    to("membership", "membership", optional=True),
    Column("active", Boolean, nullable=False),
    revision(),
)

CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("account", String(200), ForeignKey("account.id"), primary_key=True),
    Column("password", String(200), nullable=False),
)
"""Password hashes, which no log and no export holds."""

SESSION = Table(
    "session",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    to("account", "account"),
    Column("opened", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
"""Who is signed in, in seconds of the Unix clock, by a hash of their secret: whoever reads this can sign in as nobody."""

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
