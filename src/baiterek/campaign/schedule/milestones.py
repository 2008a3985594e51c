"""The schedule: milestones and activities entered, dates moved with a line in the ledger, achieved; what a move is."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.dates import span
from baiterek.campaign.gates.agreements import enter_absent
from baiterek.campaign.log.change import Change
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.campaign.schedule.records import Activity, Initiator, Milestone, Slip, SlipKind
from baiterek.errors import Refused

SEED = Path(__file__).with_name("schedule.toml")
LONGEST_days = 36_500


def kind_of(old: str, new: str) -> SlipKind | None:
    """What a new date does to an old one; None where nothing changes, or one of them is no date."""
    was, now = span(old), span(new)
    if was is None or now is None or old == new:
        return None
    if was.first <= now.first and now.last <= was.last:
        return SlipKind.FIRMED
    if now.first <= was.first and was.last <= now.last:
        return SlipKind.LOOSENED
    return SlipKind.SLIP if now.last > was.last else SlipKind.PULL_IN


def enter_milestone(change: Change, milestone: Milestone, reason: str = "") -> Milestone:
    """A new milestone; its baseline stays, its date is moved by `move` alone."""
    name = f"milestone {milestone.id}"
    change.allow(Action.DRAFT, milestone.part or change.actor.part, name)
    if not ID.fullmatch(milestone.id) or not (milestone.name_ru.strip() and milestone.name_kk.strip()):
        raise Refused(name, because("it needs an id, and names in Russian and in Kazakh"))
    if span(milestone.baseline) is None:
        raise Refused(name, _undated(milestone.baseline))
    if not 0 <= milestone.reserve_days <= LONGEST_days:
        raise Refused(name, because("days are whole numbers, from 0 to {most}", most=LONGEST_days))
    for one in milestone.after:
        reading.get(change.connection, Activity, one)
    return change.create(replace(milestone, planned=milestone.baseline, actual=""), reason)


def enter_activity(change: Change, activity: Activity, reason: str = "", revision: int | None = None) -> Activity:
    """An activity with its durations, or a correction of it."""
    name = f"activity {activity.id}"
    change.allow(Action.DRAFT, activity.part, name)
    why = _objection(change.connection, activity)
    if why:
        raise Refused(name, why)
    old = reading.find(change.connection, Activity, activity.id)
    if old is None:
        return change.create(activity, reason)
    change.allow(Action.DRAFT, old.part, name)
    change.unchanged(old, revision)
    return change.update(replace(activity, revision=old.revision), reason, "correct")


def move(
    change: Change, id: str, new: str, initiator: Initiator, announced_on: str, source: str, reason: str,
    placeholder: bool = False, revision: int | None = None,
) -> Slip:  # fmt: skip
    """A new date and its line in the ledger, in one transaction: no date moves without who, why and where it is said."""
    there = reading.get(change.connection, Milestone, id)
    change.allow(Action.ACT, there.part or change.actor.part, f"milestone {id}")
    change.unchanged(there, revision)
    why = _immovable(there, new, announced_on, source, reason)
    if why:
        raise Refused(f"milestone {id}", why)
    kind = SlipKind.PLACEHOLDER if placeholder else kind_of(there.planned, new)
    if kind is None:
        raise Refused(f"milestone {id}", because("it is planned for {day} already", day=new))
    number = 1 + max((one.number for one in reading.every(change.connection, Slip, milestone=id)), default=0)
    change.update(replace(there, planned=new), reason, "move")
    return change.create(
        Slip(f"{id}-{number:02}", id, number, there.planned, new, kind, reason, initiator, announced_on, source, there.example),
        reason, "move",
    )  # fmt: skip


def achieve(change: Change, id: str, on: str, reason: str, revision: int | None = None) -> Milestone:
    """It has happened, on that day, which is past."""
    there = reading.get(change.connection, Milestone, id)
    change.allow(Action.ACT, there.part or change.actor.part, f"milestone {id}")
    change.unchanged(there, revision)
    when = span(on)
    if when is None:
        raise Refused(f"milestone {id}", _undated(on))
    if when.first.isoformat() > change.at[:10]:
        raise Refused(f"milestone {id}", because("{instant} has not come yet", instant=on))
    if there.actual:
        raise Refused(f"milestone {id}", because("it happened already: {day}", day=there.actual))
    if not reason.strip():
        raise Refused(f"milestone {id}", because("a reason is needed"))
    return change.update(replace(there, actual=on), reason, "achieve")


def shift_days(old: str, new: str) -> int | None:
    """By how many days a date moved, from the end of the one to the end of the other."""
    was, now = span(old), span(new)
    return None if was is None or now is None else (now.last - was.last).days


def due(milestone: Milestone) -> date | None:
    """The last day of its plan, its reserve days after it included."""
    found = span(milestone.planned)
    return None if found is None else found.last + timedelta(days=milestone.reserve_days)


def seed(change: Change) -> int:
    """Enter the public history that the record does not have; how many rows that made."""
    document = tomllib.loads(SEED.read_text(encoding="utf-8"))
    activities = [_made(Activity, row) for row in document["activity"]]
    milestones = [_made(Milestone, row) for row in document["milestone"]]
    slips = [
        Slip(f"{row['milestone']}-{row['number']:02}", **{**row, "kind": SlipKind(row["kind"]), "initiator": who})
        for row in document["slip"]
        for who in (Initiator(row["initiator"]),)
    ]
    return enter_absent(change, activities) + enter_absent(change, milestones) + enter_absent(change, slips)


def _made(kind: Any, row: dict[str, Any]) -> Any:
    values = {**row, "after": tuple(row.get("after", ()))}
    return kind(**{**values, **({"part": Part(row["part"])} if "part" in row else {})})


def _undated(day: str) -> str:
    return because("{day} is no date: 2028, 2026-H1, 2026-Q1, 2026-03 or 2026-03-15", day=day)


def _immovable(milestone: Milestone, new: str, announced_on: str, source: str, reason: str) -> str | None:
    if milestone.actual:
        return because("it happened already: {day}", day=milestone.actual)
    for day in (new, announced_on):
        if span(day) is None:
            return _undated(day)
    return None if source.strip() and reason.strip() else because("it needs a source and a reason")


def _objection(connection: Connection, activity: Activity) -> str | None:
    days = (0, activity.shortest_days, activity.likely_days, activity.longest_days, LONGEST_days)
    if not ID.fullmatch(activity.id) or not activity.name.strip() or not activity.source.strip():
        return because("it needs an id, a name, and the source of its durations")
    if list(days) != sorted(days):
        return because("its durations rise from the shortest to the longest, from 0 to {most} days", most=LONGEST_days)
    found = span(activity.done_on) if activity.done_on else None
    if activity.done_on and (found is None or found.first != found.last):
        return because("{day} is no day", day=activity.done_on)
    known = {one.id: one.after for one in reading.every(connection, Activity)}
    ahead, seen = list(activity.after), set[str]()
    while ahead:
        one = ahead.pop()
        if one == activity.id:
            return because("it would come after itself")
        if one not in known:
            reading.get(connection, Activity, one)
        if one not in seen:
            seen.add(one)
            ahead += known[one]
    return None
