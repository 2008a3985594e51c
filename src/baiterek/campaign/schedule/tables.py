"""The tables of the schedule."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from baiterek.campaign.rows.schema import METADATA, example, identity, listed, revision, short, text, to


def _days(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


MILESTONE = Table(
    "milestone", METADATA, identity(), text("name_ru"), text("name_kk"), text("name_en"), short("baseline", 20),
    short("planned", 20), short("actual", 20), short("part", 2, optional=True), listed("after"), _days("reserve_days"),
    text("source"), example(), revision(),
)  # fmt: skip

ACTIVITY = Table(
    "activity", METADATA, identity(), text("name"), text("part"), _days("shortest_days"), _days("likely_days"),
    _days("longest_days"), listed("after"), short("done_on", 10), text("source"), example(), revision(),
)  # fmt: skip

SLIP = Table(
    "slip", METADATA, identity(), to("milestone", "milestone"), Column("number", Integer, nullable=False), short("old", 20),
    short("new", 20), short("kind", 20), text("reason"), short("initiator", 10), short("announced_on", 20), text("source"),
    example(), revision(),
)  # fmt: skip
