"""Milestones, meetings and operations as a calendar (iCalendar, RFC 5545) that other programs take: dates keep their precision.

Lines are folded at 75 octets, never within a letter; texts are escaped; days are days, instants UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from baiterek import __version__
from baiterek.campaign.dates import Precision, span
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.meetings.states import MeetingState
from baiterek.campaign.operations.plan import Plan, plan
from baiterek.campaign.operations.records import LIFT_OFF, Campaign, CampaignState, OperationState
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.records import Milestone
from baiterek.reports.language import Words, later

FOLD_octets = 75
PRECISIONS = {
    Precision.YEAR: later("known to the year"),
    Precision.HALF: later("known to the half-year"),
    Precision.QUARTER: later("known to the quarter"),
    Precision.MONTH: later("known to the month"),
    Precision.DAY: later("known to the day"),
    Precision.TIME: later("known to the minute"),
}
SURE = (Precision.DAY, Precision.TIME)
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


class Entry(NamedTuple):
    """Something in a calendar: from day to day, both included, or from instant to instant."""

    uid: str
    revision: int
    start: date | datetime
    end: date | datetime
    summary: str
    description: str
    sure: bool


def calendar(
    milestones: Iterable[Milestone], plans: Iterable[Plan], words: Words, stamp: str, meetings: Iterable[Meeting] = ()
) -> str:
    """Everything with a date; operations of campaigns whose lift-off is known to the day."""
    entries = [*_milestones(milestones, words), *_meetings(meetings, words)]
    entries += [entry for plan in plans for entry in _operations(plan, words)]
    return ics(entries, words("Baiterek: flight tests"), stamp)


def of_record(connection: Any, words: Words, at: str) -> str:
    """The calendar of a record: everything that was not called off."""
    campaigns = [one for one in reading.every(connection, Campaign) if one.state is not CampaignState.CANCELLED]
    plans = [plan(connection, one.id, at) for one in campaigns]
    meetings = [one for one in reading.every(connection, Meeting) if one.state is not MeetingState.CANCELLED]
    return calendar(reading.every(connection, Milestone), plans, words, at, meetings)


def ics(entries: Iterable[Entry], name: str, stamp: str) -> str:
    """The text of a calendar."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Baiterek//Baiterek {__version__}//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}",
    ]  # fmt: skip
    for entry in entries:
        lines += _event(entry, datetime.fromisoformat(stamp))
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(entry: Entry, stamp: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{_escaped(entry.uid)}", f"DTSTAMP:{_utc(stamp)}", f"SEQUENCE:{entry.revision}",
        *_when(entry), f"SUMMARY:{_escaped(entry.summary)}", f"DESCRIPTION:{_escaped(entry.description)}",
        f"STATUS:{'CONFIRMED' if entry.sure else 'TENTATIVE'}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _when(entry: Entry) -> list[str]:
    """A day ends before the next; an instant alone has no end."""
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        end = [f"DTEND:{_utc(entry.end)}"] if entry.end > entry.start else []
        return [f"DTSTART:{_utc(entry.start)}", *end]
    return [f"DTSTART;VALUE=DATE:{entry.start:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.end + timedelta(days=1):%Y%m%d}"]


def _milestones(milestones: Iterable[Milestone], words: Words) -> Iterator[Entry]:
    for one in milestones:
        day = one.actual or one.planned
        found = span(day)
        if found is None:
            continue
        at: tuple[date | datetime, date | datetime] = (found.first, found.last)
        if found.precision is Precision.TIME:
            at = (datetime.fromisoformat(day), datetime.fromisoformat(day))
        told = [words("{day}, {precision}", day=day, precision=words(PRECISIONS[found.precision]))]
        told += [words("happened")] if one.actual else [words("baseline: {day}", day=one.baseline)]
        told += [words("reserve: {n} d", n=one.reserve_days)] if one.reserve_days else []
        title = _marked(_name(one.name_ru, one.name_kk, one.name_en, words), one.example, words)
        if found.precision not in SURE:
            title += f" ({day})"
        yield Entry(
            f"milestone-{one.id}@baiterek", one.revision, *at, title, "\n".join([*told, one.source]), found.precision in SURE
        )  # fmt: skip


def _meetings(meetings: Iterable[Meeting], words: Words) -> Iterator[Entry]:
    for one in meetings:
        start = datetime.fromisoformat(one.begins_at)
        end = datetime.fromisoformat(one.ends_at) if one.ends_at else start
        title = _marked(_name(one.title_ru, one.title_kk, one.title_en, words), one.example, words)
        place = _name(one.place_ru, one.place_kk, one.place_en, words)
        yield Entry(f"meeting-{one.id}@baiterek", one.revision, start, end, title, f"{one.id}\n{place}", True)


def _operations(plan: Plan, words: Words) -> Iterator[Entry]:
    """Those that are left or done; the lift-off is its milestone already."""
    if plan.lift_off is None:
        return
    found = span(plan.milestone.actual or plan.milestone.planned)
    exact = found is not None and found.precision is Precision.TIME
    for slot in plan.slots:
        one = slot.operation
        if one.key == LIFT_OFF or one.state is OperationState.SKIPPED:
            continue
        start, end = (plan.lift_off + timedelta(minutes=at) for at in (slot.start_min, slot.end_min))
        first: date | datetime = start if exact else start.date()
        last: date | datetime = end if exact else end.date()
        told = [f"{plan.campaign.name} ({one.campaign})", one.organisation, one.procedure, one.source]
        title = _marked(_name(one.name_ru, one.name_kk, one.name_en, words), one.example, words)
        text = "\n".join(filter(None, told))
        yield Entry(f"operation-{one.id}@baiterek", one.revision, first, last, title, text, exact)


def _name(ru: str, kk: str, en: str, words: Words) -> str:
    return {"ru": ru, "kk": kk}.get(words.language, en) or ru


def _marked(title: str, example: bool, words: Words) -> str:
    return f"{words('EXAMPLE')}: {title}" if example else title


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)


def _utc(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, each after the first begun with a blank; no letter is cut."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > FOLD_octets:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    yield piece
