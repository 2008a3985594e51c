"""The tables of campaigns."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, listed, revision, short, text, to


def _whole(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


RESOURCE = Table(
    "resource", METADATA, identity(), short("kind", 20), text("name_ru"), text("name_kk"), text("name_en"), short("part", 2),
    _whole("capacity"), _whole("shift_min"), _whole("rest_min"), _whole("teams"), text("source"), example(), revision(),
)  # fmt: skip

CAMPAIGN = Table(
    "campaign", METADATA, identity(), text("name"), short("kind", 20), short("part", 2), to("milestone", "milestone"),
    short("baseline", 20), text("template"), to("flight", "flight", optional=True), to("test_case", "test_case", optional=True),
    short("state", 20), text("reason"), example(), revision(),
)  # fmt: skip

OPERATION = Table(
    "operation", METADATA, identity(), to("campaign", "campaign"), _whole("number"), text("name_ru"), text("name_kk"),
    text("name_en"), short("part", 2), text("organisation"), _whole("before_min"), _whole("duration_min"), listed("resources"),
    listed("excludes"), listed("after"), listed("hazards"), text("procedure"), text("source"), short("state", 20),
    short("started_at", 32, optional=True), short("ended_at", 32, optional=True), text("reason"),
    to("remark", "remark", optional=True), example(), revision(), Index("ix_operation_state", "state"),
)  # fmt: skip
