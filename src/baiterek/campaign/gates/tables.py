"""The tables of flights, gates, decisions, signatures, agreements and permits."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, listed, revision, short, text, to

FLIGHT = Table(
    "flight", METADATA, identity(), text("name"), text("part"), listed("vehicle"), listed("ground"), listed("zones"),
    example(), revision(),
)  # fmt: skip

CRITERION = Table(
    "criterion", METADATA, identity(), to("flight", "flight"), short("gate", 2), short("kind", 20), text("part"),
    text("text_ru"), text("text_kk"), text("text_en"), text("organisation"), text("source"), short("state", 20), text("basis"),
    example(), revision(),
)  # fmt: skip

VOTING_RULE = Table(
    "voting_rule", METADATA, identity(), short("quorum", 20), short("majority", 20),
    Column("carry_major", Boolean, nullable=False), text("source"), revision(),
)  # fmt: skip

DECISION = Table(
    "decision", METADATA, identity(), to("flight", "flight"), short("gate", 2), text("part"),
    text("text_ru"), text("text_kk"), text("text_en"), short("valid_to", 10, optional=True), short("state", 20),
    Column("number", Integer, nullable=False), listed("rule"), listed("evidence"), listed("configuration"), listed("waived"),
    short("closed_at", 32, optional=True), example(), revision(),
)  # fmt: skip

CONDITION = Table(
    "decision_condition", METADATA, identity(), to("decision", "decision"), text("part"), short("due_gate", 2),
    text("text_ru"), text("text_kk"), text("text_en"), short("entity", 40), short("entity_id", 200), text("organisation"),
    short("state", 20), text("basis"), example(), revision(),
)  # fmt: skip

VOTE = Table(
    "vote", METADATA, identity(), to("decision", "decision"), to("membership", "membership"), text("part"),
    short("word", 20), short("at", 32), text("dissent"), revision(),
)  # fmt: skip

SIGNING_KEY = Table(
    "signing_key", METADATA, identity(), to("membership", "membership"), text("public"), short("valid_from", 10),
    short("valid_to", 10), short("revoked_at", 32, optional=True), revision(),
)  # fmt: skip

SIGNATURE = Table(
    "decision_signature", METADATA, identity(), to("decision", "decision"), text("part"), to("membership", "membership"),
    to("key", "signing_key"), short("at", 32), listed("sections"), short("signature", 128), revision(),
)  # fmt: skip

PASSAGE = Table(
    "passage", METADATA, identity(), to("flight", "flight"), short("gate", 2), short("at", 32), to("decision", "decision"),
    short("turned_back_at", 32, optional=True), revision(),
)  # fmt: skip

AGREEMENT = Table(
    "agreement", METADATA, identity(), short("kind", 20), text("title"), short("part", 2, optional=True),
    to("parent", "agreement", optional=True), short("signed_on", 20), short("done_on", 20), text("source"), text("note"),
    revision(),
)  # fmt: skip

LAUNCH_PLAN = Table(
    "launch_plan", METADATA, identity(), short("year", 4), text("part"), listed("flights"), text("document"), text("source"),
    to("agreement", "agreement", optional=True), example(), revision(),
)  # fmt: skip

PERMIT = Table(
    "permit", METADATA, identity(), short("kind", 20), text("part"), short("subject", 200), listed("flights"),
    short("state", 20), text("document"), short("valid_from", 10, optional=True), short("valid_to", 10, optional=True),
    text("conditions"), text("source"), to("agreement", "agreement", optional=True), example(), revision(),
)  # fmt: skip
