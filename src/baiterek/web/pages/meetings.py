"""Meetings: their list, and a new one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Body
from baiterek.campaign.meetings import conduct
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.meetings.states import MeetingState
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.web.forms import Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.runs import read_local
from baiterek.web.templating import instant
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "title_ru", "title_kk", "title_en", "place_ru", "place_kk")


@router.get("/meetings")
def meetings_page(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit), wanted, lambda asked: page(look, Meeting, asked, SEARCHED), template="meetings.html"
        )  # fmt: skip


@router.get("/meetings/new")
def new_page(visit: Reader) -> Response:
    """A form for a meeting that one's own part calls."""
    with visit.database.reading() as look:
        bodies = reading.every(look, Body)
    return visit.page("new_meeting.html", meeting=None, bodies=bodies, clocks=CLOCKS)


@router.post("/meetings/draft")
def draft(
    visit: Writer, id: Short, revision: Revision, body: Short, title_ru: Long, title_kk: Long, place_ru: Short,
    place_kk: Short, begins: Short, clock: Short, ends: Short = "", title_en: Long = "", place_en: Short = "",
    reason: Long = "",
) -> Response:  # fmt: skip
    """A new meeting, or a correction before it is held."""
    at = read_local(begins, clock, "begins")
    until = read_local(ends, clock, "ends") if ends else None
    with visit.writing() as change:
        old = reading.find(change.connection, Meeting, id)
        part = old.part if old is not None else visit.acting.part or Part.KZ
        said = Meeting(id, body, part, title_ru, title_kk, at, place_ru, place_kk, title_en, place_en, until)
        conduct.draft(change, said, reason, revision if old is not None else None)
    return went(visit, link_to("meeting", id))


def title(visit: Visit, meeting: Meeting) -> str:
    """What it is about, in the reader's language if it was written in it."""
    return str(getattr(meeting, f"title_{visit.words.language}") or meeting.title_ru)


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def name(one: Meeting) -> Cell:
        return Cell(title(visit, one), link_to("meeting", one.id), mark="EXAMPLE" if one.example else "")

    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, link_to("meeting", r.id))),
        Column("title_ru", words("Meeting"), name),
        Column("begins_at", words("Began"), lambda r: Cell(instant(words, r.begins_at, whole=False))),
        Column("body", words("Body"), lambda r: Cell(named(words, r.body))),
        Column("part", words("Called by"), lambda r: Cell(named(words, r.part))),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
        Column("issued", words("Protocol, revision"), lambda r: Cell(r.issued or "")),
    )
    choices = (
        Choice("state", words("State"), {one: named(words, one) for one in MeetingState}),
        Choice("part", words("Called by"), {part: named(words, part) for part in Part}),
    )
    return Listing("/meetings", words("Meetings"), columns, choices)
