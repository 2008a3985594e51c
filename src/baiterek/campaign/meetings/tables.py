"""The tables of meetings, protocols, certificates and signatures."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, listed, revision, short, text, to


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


MEETING = Table(
    "meeting", METADATA, identity(), to("body", "body"), short("part", 2), text("title_ru"), text("title_kk"),
    short("begins_at", 32), text("place_ru"), text("place_kk"), text("title_en"), text("place_en"),
    short("ends_at", 32, optional=True), short("state", 20), listed("rule"), _number("issued"), example(), revision(),
)  # fmt: skip

AGENDA_ITEM = Table(
    "agenda_item", METADATA, identity(), to("meeting", "meeting"), _number("number"), short("part", 2), text("text_ru"),
    text("text_kk"), text("text_en"), text("speaker"), revision(),
)  # fmt: skip

ATTENDANCE = Table(
    "attendance", METADATA, identity(), to("meeting", "meeting"), to("membership", "membership"), short("part", 2),
    short("presence", 20), revision(),
)  # fmt: skip

RESOLUTION = Table(
    "resolution", METADATA, identity(), to("meeting", "meeting"), to("item", "agenda_item"), _number("number"),
    short("basis", 20), text("text_ru"), text("text_kk"), text("text_en"), to("decision", "decision", optional=True),
    short("part", 2, optional=True), short("due", 10, optional=True), revision(),
)  # fmt: skip

RESOLUTION_VOTE = Table(
    "resolution_vote", METADATA, identity(), to("resolution", "resolution"), to("membership", "membership"),
    short("part", 2), short("word", 20), short("at", 32), text("dissent"), revision(),
)  # fmt: skip

PROTOCOL = Table(
    "protocol", METADATA, identity(), to("meeting", "meeting"), _number("number"), short("issued_at", 32),
    short("sha256", 64), short("signed_sha256", 64), _number("size"), listed("sections"), revision(),
)  # fmt: skip

CERTIFICATE = Table(
    "certificate", METADATA, identity(), short("use", 20), text("name"), text("pem"), short("valid_from", 32),
    short("valid_to", 32), Column("internal", Boolean, nullable=False), short("part", 2, optional=True),
    to("membership", "membership", optional=True), short("revoked_at", 32, optional=True), revision(),
)  # fmt: skip

PROTOCOL_SIGNATURE = Table(
    "protocol_signature", METADATA, identity(), to("protocol", "protocol"), short("part", 2),
    to("membership", "membership"), to("certificate", "certificate"), short("form", 20), short("sha256", 64),
    short("at", 32), revision(),
)  # fmt: skip
