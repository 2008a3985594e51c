"""Who is what in a body: appointed by an order from a day, relieved on a day; what is public is seed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from baiterek.campaign.commission.access import WHO, Action, Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body, BodyKind, Membership, Organisation, Person
from baiterek.campaign.log.change import Change
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import NAMES, Record
from baiterek.errors import BadValue, Refused

SEED = Path(__file__).with_name("seed.toml")
SEEDER = Actor("baiterek record init", Role.KEEPER, None)
LAST_DAY = "9999-12-31"


def in_force(membership: Membership, day: str) -> bool:
    """Whether it holds on that day, the first and the last one included."""
    return (membership.valid_from or "") <= day <= (membership.valid_to or LAST_DAY)


def objection(new: Membership, others: Iterable[Membership]) -> str | None:
    """Why a membership cannot stand beside the others; None where it can."""
    if new.role is Role.KEEPER:
        return because("a keeper is a member of no body")
    start, end = new.valid_from or "", new.valid_to or LAST_DAY
    if end < start:
        return because("it ends on {end}, before it begins on {start}", end=end, start=start)
    for other in others:
        apart = other.id == new.id or other.body != new.body or other.part is not new.part
        if apart or end < (other.valid_from or "") or (other.valid_to or LAST_DAY) < start:
            continue
        if new.role is Role.CO_CHAIR and other.role is Role.CO_CHAIR:
            return because("the {part} part has a co-chair at that time: {id}", part=new.part, id=other.id)
        if new.person is not None and other.person == new.person:
            return because(
                "{person} is {who} of that part at that time: {id}", person=new.person, who=WHO[other.role], id=other.id
            )
    return None


Named = TypeVar("Named", Organisation, Person, Body)


def name(change: Change, record: Named, reason: str = "", revision: int | None = None) -> Named:
    """Enter an organisation, a person or a body, or correct the one of that name. Nobody is named without a public source."""
    title = f"{NAMES[type(record)]} {record.id}"
    change.allow(Action.KEEP, None, title)
    if not record.name.strip() or not record.source.strip():
        raise Refused(title, because("it needs a name, and the public text that says so"))
    old = reading.find(change.connection, type(record), record.id)
    if old is None:
        return change.create(record, reason, "name")
    if not reason.strip():
        raise Refused(title, because("there is one of that name; to correct it a reason is needed"))
    change.unchanged(old, revision)
    return change.update(replace(record, revision=old.revision), reason, "correct")


def appoint(change: Change, membership: Membership, reason: str) -> Membership:
    """A new membership; whoever is named needs the order that names them."""
    change.allow(Action.KEEP, None, f"membership {membership.id}")
    if membership.person is not None and not membership.named_by:
        raise Refused(f"membership {membership.id}", because("the order that names the person is missing"))
    why = objection(membership, reading.every(change.connection, Membership))
    if why:
        raise Refused(f"membership {membership.id}", why)
    return change.create(membership, reason, "appoint")


def relieve(change: Change, id: str, day: str, reason: str, revision: int | None = None) -> Membership:
    """The membership ends with that day; it stays in the record."""
    change.allow(Action.KEEP, None, f"membership {id}")
    membership = reading.get(change.connection, Membership, id)
    change.unchanged(membership, revision)
    if not reason.strip():
        raise Refused(f"membership {id}", because("a reason is needed"))
    ended = replace(membership, valid_to=day)
    why = objection(ended, [])
    if why:
        raise Refused(f"membership {id}", why)
    return change.update(ended, reason, "relieve")


def read_day(text: str, key: str) -> str:
    """A day as the record writes it."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue("command line", key, text, "a day: 2026-03-01") from None


def seed(change: Change) -> int:
    """Enter the published facts that the record does not have; how many rows that made."""
    document = tomllib.loads(SEED.read_text(encoding="utf-8"))
    organisations = [Organisation(**{**row, "country": Part(row["country"])}) for row in document["organisation"]]
    bodies = [Body(**{**row, "kind": BodyKind(row["kind"])}) for row in document["body"]]
    memberships = [member for row in document["membership"] for member in _memberships(row, document["membership_defaults"])]
    people = [Person(m.person, m.person, m.source) for m in memberships if m.person]
    return (
        _enter_absent(change, organisations)
        + _enter_absent(change, bodies)
        + _enter_absent(change, people)
        + _enter_absent(change, memberships)
    )


def _enter_absent(change: Change, records: Sequence[Record]) -> int:
    there = {record.id for record in reading.every(change.connection, type(records[0]))}
    absent = [record for record in records if record.id not in there]
    for record in absent:
        change.create(record, "published facts", "seed")
    return len(absent)


def _memberships(row: dict[str, Any], defaults: dict[str, dict[str, Any]]) -> list[Membership]:
    """One row, or `count` of them that differ by their number."""
    values = {"body": "commission", **defaults[row["part"]], **row, "part": Part(row["part"]), "role": Role(row["role"])}
    first, count = values.pop("first", 0), values.pop("count", 0)
    if not count:
        return [Membership(**values)]
    return [Membership(**{**values, "id": f"{row['id']}-{k:02}"}) for k in range(first, first + count)]


def people(connection: Connection, day: str | None = None) -> list[Membership]:
    """Memberships, all or those in force on a day."""
    found = reading.every(connection, Membership)
    return [membership for membership in found if day is None or in_force(membership, day)]
