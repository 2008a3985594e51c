"""The schedule: milestones with the precision of their dates, every move with who began it, activities, and the forecast."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.dates import span
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import Asked, look, page, page_of
from baiterek.campaign.schedule import milestones as rules
from baiterek.campaign.schedule.forecast import QUANTILES, forecast
from baiterek.campaign.schedule.records import Activity, Initiator, Milestone, Slip, SlipKind
from baiterek.reports.language import later
from baiterek.web.chart import chart
from baiterek.web.forms import Id, Long, Revision, Short, picked, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed, moment, source
from baiterek.web.subject import HISTORY, allowed, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/schedule", later("Schedule")),
    ("/schedule/slips", later("Moved dates")),
    ("/schedule/activities", later("Activities")),
    ("/schedule/forecast", later("Forecast")),
)
"""The lists of this family."""
MANY, FEW_draws, DRAWS = 100, 1_000, 10_000
"""Of more activities than `MANY` a page makes fewer draws, to be quick."""
LEVELS = [round(100 * one) for one in QUANTILES]


@router.get("/schedule")
def schedule(visit: Reader, wanted: List) -> Response:
    """Milestones as a picture and as a list."""
    with visit.database.reading() as look_:
        known, slips = reading.every(look_, Milestone), reading.every(look_, Slip)
    drawn = chart(sorted(known, key=_first), slips, date.fromisoformat(today()))

    def text(one: Milestone) -> str:
        return " ".join((one.id, one.name_ru, one.name_kk, one.name_en, one.planned, one.source))

    return listed(
        visit, _milestones(visit, slips), wanted,
        lambda asked: page_of(known, asked, text, lambda one: (str(getattr(one, asked.sort, "") or ""), _first(one))),
        template="schedule.html", doors=DOORS, chart=drawn, name=lambda one: name_of(visit, one), link_to=link_to,
        initiators=list(Initiator), own=_own(visit), parts=list(Part),
    )  # fmt: skip


@router.get("/schedule/milestone")
def milestone_page(visit: Reader, id: Id) -> Response:
    """One milestone: its date, every move of it, its history."""
    with visit.database.reading() as look_:
        found = reading.get(look_, Milestone, id)
        slips = sorted(reading.every(look_, Slip, milestone=id), key=lambda one: one.number)
        history = look(look_, Asked(where={"entity_id": id}, most=HISTORY))
    actor = visit.actor
    return visit.page(
        "milestone.html", one=found, name=name_of(visit, found), slips=slips, shift=rules.shift_days, due=rules.due(found),
        chart=chart([found], slips, date.fromisoformat(today())), doors=DOORS, initiators=list(Initiator), link_to=link_to,
        may=allowed(visit, found.part or (actor.part if actor else None)), history=history, subject=found, precision=precision,
    )  # fmt: skip


@router.get("/schedule/slips")
def slips_page(visit: Reader, wanted: List) -> Response:
    """The ledger: every date that was moved, from what to what, by whom, as which source says."""
    with visit.database.reading() as look_:
        known = {one.id: name_of(visit, one) for one in reading.every(look_, Milestone)}
        return listed(
            visit, _slips(visit, known), wanted,
            lambda asked: page(look_, Slip, asked, ("milestone", "reason", "source", "new")),
            template="family.html", doors=DOORS,
        )  # fmt: skip


@router.get("/schedule/activities")
def activities_page(visit: Reader, wanted: List) -> Response:
    """Work before the milestones, with its stated durations."""
    with visit.database.reading() as look_:
        return listed(
            visit, _activities(visit), wanted, lambda asked: page(look_, Activity, asked, ("id", "name", "source")),
            template="activities.html", doors=DOORS, own=_own(visit),
        )  # fmt: skip


@router.get("/schedule/forecast")
def forecast_page(visit: Reader, draws: Annotated[int, Query(ge=100, le=DRAWS)] = 0) -> Response:
    """When the remaining work ends, drawn at random from its stated durations."""
    with visit.database.reading() as look_:
        known, work = reading.every(look_, Milestone), reading.every(look_, Activity)
    many = draws or (FEW_draws if len(work) > MANY else DRAWS)
    found = forecast(work, known, date.fromisoformat(today()), many) if work else None
    return visit.page(
        "forecast.html", found=found, levels=LEVELS, work={one.id: one for one in work}, doors=DOORS,
        names={one.id: name_of(visit, one) for one in known}, link_to=link_to,
    )  # fmt: skip


@router.post("/schedule/enter")
def enter(
    visit: Writer, id: Short, ru: Short, kk: Short, baseline: Short, en: Short = "", part: Short = "", after: Long = "",
    reserve_days: Annotated[int, Form(ge=0, le=rules.LONGEST_days)] = 0, source: Long = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A new milestone with its baseline."""
    made = Milestone(
        id, ru, kk, en, baseline, baseline, "", picked(part, Part, "part"), parts_of(after), reserve_days, source
    )  # fmt: skip
    with visit.writing() as change:
        rules.enter_milestone(change, made, reason)
    return went(visit, link_to("milestone", id))


@router.post("/schedule/move")
def move(
    visit: Writer, id: Short, revision: Revision, new: Short, initiator: Annotated[Initiator, Form()], announced_on: Short,
    source: Long, reason: Long, placeholder: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Another date, with its line in the ledger."""
    with visit.writing() as change:
        rules.move(change, id, new, initiator, announced_on, source, reason, placeholder, revision)
    return went(visit, link_to("milestone", id))


@router.post("/schedule/achieve")
def achieve(visit: Writer, id: Short, revision: Revision, on: Short, reason: Long = "") -> Response:
    """It has happened."""
    with visit.writing() as change:
        rules.achieve(change, id, on, reason, revision)
    return went(visit, link_to("milestone", id))


@router.post("/schedule/activity")
def activity(
    visit: Writer, id: Short, name: Short, shortest: Annotated[int, Form()], likely: Annotated[int, Form()],
    longest: Annotated[int, Form()], source: Long, after: Long = "", done_on: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Work with its durations, or a correction of what is there by that name."""
    with visit.writing() as change:
        old = reading.find(change.connection, Activity, id)
        part = old.part if old else visit.acting.part or Part.KZ
        made = Activity(id, name, part, shortest, likely, longest, parts_of(after), done_on, source)
        rules.enter_activity(change, made, reason, old.revision if old else None)
    return went(visit, "/schedule/activities")


def name_of(visit: Visit, one: Milestone) -> str:
    """In the reader's language."""
    return {"ru": one.name_ru, "kk": one.name_kk, "en": one.name_en}[visit.words.language] or one.name_ru


def precision(text: str) -> str:
    """How exactly a date is known."""
    found = span(text)
    return found.precision.value if found else ""


def _own(visit: Visit) -> dict[Any, bool]:
    return allowed(visit, visit.actor.part if visit.actor else None)


def _first(one: Milestone) -> str:
    found = span(one.actual or one.planned)
    return found.last.isoformat() if found else ""


def _milestones(visit: Visit, slips: list[Slip]) -> Listing:
    words, moved = visit.words, {one.milestone: one for one in sorted(slips, key=lambda one: one.number)}

    def dated(text: str) -> Cell:
        return moment(text) if "T" in text else Cell(text, note=named(words, precision(text)) if text else "")

    def shifted(one: Milestone) -> Cell:
        days = rules.shift_days(one.baseline, one.actual or one.planned)
        times = sum(slip.milestone == one.id for slip in slips)
        note = words("{n} moves", n=times) if times else ""
        return Cell(words("{n} days", n=words.number(days)) if days else "", tone="bad" if days and days > 0 else "", note=note)

    def last(one: Milestone) -> Cell:
        slip = moved.get(one.id)
        return Cell(named(words, slip.initiator), note=slip.announced_on) if slip else Cell("")

    columns = (
        Column("id", words("Milestone"), lambda r: Cell(name_of(visit, r), link_to("milestone", r.id), note=r.id)),
        Column("baseline", words("First said"), lambda r: dated(r.baseline)),
        Column("planned", words("Planned"), lambda r: dated("" if r.actual else r.planned)),
        Column("actual", words("Happened"), lambda r: dated(r.actual)),
        Column("shift", words("Against what was first said"), shifted, sorts=False),
        Column("initiator", words("Last moved by"), last, sorts=False),
        Column("reserve_days", words("Reserve, days"), lambda r: Cell(r.reserve_days or "")),
        Column("part", words("Answers for it"), lambda r: Cell(named(words, r.part) if r.part else words("both parts"))),
    )
    choices = (Choice("part", words("Answers for it"), {part: named(words, part) for part in Part}),)
    return Listing("/schedule", words("Schedule"), columns, choices)


def _slips(visit: Visit, known: dict[str, str]) -> Listing:
    words = visit.words

    def days(one: Slip) -> Cell:
        shift = rules.shift_days(one.old, one.new)
        return Cell("" if shift is None else words.number(shift), tone="bad" if shift and shift > 0 else "")

    columns = (
        Column(
            "milestone",
            words("Milestone"),
            lambda r: Cell(known.get(r.milestone, r.milestone), link_to("milestone", r.milestone)),
        ),
        Column("old", words("From"), lambda r: moment(r.old)),
        Column("new", words("To"), lambda r: moment(r.new)),
        Column("kind", words("Kind"), lambda r: Cell(named(words, r.kind))),
        Column("days", words("Days"), days, sorts=False),
        Column("initiator", words("Who began it"), lambda r: Cell(named(words, r.initiator))),
        Column("announced_on", words("Announced"), lambda r: Cell(r.announced_on)),
        Column("reason", words("Reason"), lambda r: Cell(words.said(r.reason))),
        Column("source", words("Source"), lambda r: source(words, r.source), sorts=False),
    )
    choices = (
        Choice("milestone", words("Milestone"), known),
        Choice("kind", words("Kind"), {one: named(words, one) for one in SlipKind}),
        Choice("initiator", words("Who began it"), {one: named(words, one) for one in Initiator}),
    )
    return Listing("/schedule/slips", words("Moved dates"), columns, choices)


def _activities(visit: Visit) -> Listing:
    words = visit.words

    def duration(one: Activity) -> Cell:
        return Cell(f"{one.shortest_days} / {one.likely_days} / {one.longest_days}")

    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, mark="EXAMPLE" if r.example else "")),
        Column("name", words("Name"), lambda r: Cell(words.said(r.name))),
        Column("part", words("Answers for it"), lambda r: Cell(named(words, r.part))),
        Column("likely_days", words("Days: shortest, likely, longest"), duration),
        Column("after", words("After"), lambda r: Cell("; ".join(r.after)), sorts=False),
        Column("done_on", words("Done on"), lambda r: Cell(r.done_on)),
        Column("source", words("Source"), lambda r: Cell(words.said(r.source)), sorts=False),
    )
    choices = (Choice("part", words("Answers for it"), {part: named(words, part) for part in Part}),)
    return Listing("/schedule/activities", words("Activities"), columns, choices)
