"""Campaigns: their lift-off and how it moved, the critical path, conflicts; operations on a bar each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.records import Flight
from baiterek.campaign.log.change import now
from baiterek.campaign.log.database import Database
from baiterek.campaign.operations import begin as verbs
from baiterek.campaign.operations.conflicts import Conflict
from baiterek.campaign.operations.glance import Glance, glances
from baiterek.campaign.operations.plan import Plan, Slot, plan
from baiterek.campaign.operations.records import Campaign, CampaignKind, CampaignState, Operation, OperationState, Resource
from baiterek.campaign.operations.table import DAY_min, as_cells, count
from baiterek.campaign.operations.templates import find_template, read_template, shipped
from baiterek.campaign.programme.records import Case
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page_of
from baiterek.campaign.schedule.records import Milestone
from baiterek.errors import BadValue
from baiterek.reports.language import later
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed, moment
from baiterek.web.subject import around
from baiterek.web.templating import instant
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/campaigns", later("Campaigns")),
    ("/campaigns/operations", later("Operations")),
    ("/results", later("Results of flights")),
)
"""The lists of this family."""
MOST_CONFLICTS = 20
SORTED = ("start", "number", "part", "total_float", "state")
"""Columns by which the operations of a campaign are sorted."""
Plans = dict[str, tuple[Any, Plan]]
"""Campaigns as they were looked at last, each with the state of the record at which it was."""
TONES = {OperationState.DONE: "good", OperationState.FAILED: "bad"}


class Row(NamedTuple):
    """An operation of the plan, with what it is asked for by; of thousands a page shows fifty."""

    slot: Slot

    @property
    def number(self) -> int:
        """Of the operation."""
        return self.slot.operation.number

    @property
    def start(self) -> int:
        """Minutes from lift-off."""
        return self.slot.start_min

    @property
    def state(self) -> str:
        """Of the operation."""
        return self.slot.operation.state

    @property
    def part(self) -> str:
        """Which answers for it."""
        return self.slot.operation.part

    @property
    def critical(self) -> str:
        """Whether it has no float: yes or no."""
        return "yes" if self.slot.times.critical else "no"

    @property
    def total_float(self) -> int:
        """In minutes."""
        return self.slot.times.total_float


@router.get("/campaigns")
def campaigns(visit: Reader, wanted: List) -> Response:
    """The list, and a form for a new one."""
    with visit.database.reading() as look:
        found = glances(look)
        milestones = [one for one in reading.every(look, Milestone) if not one.actual and not one.example]
        flights = [one.id for one in reading.every(look, Flight) if not one.example]
    actor = visit.actor
    return listed(
        visit, _listing(visit), wanted,
        lambda asked: page_of(found, asked, lambda one: f"{one.id} {one.campaign.name}", _key(asked.sort)),
        template="campaigns.html", doors=DOORS, templates=shipped(), milestones=milestones, flights=flights,
        may_draft=actor is not None and denial(actor, Action.DRAFT, actor.part) is None,
    )  # fmt: skip


@router.get("/campaign")
def campaign_page(
    visit: Reader, wanted: List, id: Id, critical: Annotated[str, Query(pattern="^(yes|no)?$")] = ""
) -> Response:  # fmt: skip
    """One campaign: its answer, conflicts, and its operations in their order."""
    found = planned(visit, id)
    rows = map(Row, found.slots)
    shown = found.conflicts[:MOST_CONFLICTS]
    with visit.database.reading() as look:
        shared = {**around(visit, look, found.campaign), "called": called(visit, look, shown)}
    return listed(
        visit, _operations(visit, found), wanted,
        lambda asked: page_of(rows, asked, _text, attrgetter(asked.sort) if asked.sort in SORTED else None),
        template="campaign.html", plan=found, doors=DOORS, count=count, lasts=partial(lasted, visit), keys=_short(visit, found),
        at=lambda minutes: instant_of(visit, found, minutes), shown_conflicts=shown, **shared,
    )  # fmt: skip


@router.post("/campaigns/begin")
def begin(
    visit: Writer, id: Short, name: Short, milestone: Short, template: Short, flight: Short = "", case: Short = "",
    reason: Long = "",
) -> Response:  # fmt: skip
    """A campaign of one's own part out of a shipped template; with a test case it is a rehearsal."""
    if template not in shipped():
        raise BadValue("template", "", template, ", ".join(shipped()))
    with visit.writing() as change:
        known = reading.find(change.connection, Milestone, milestone)
        about = reading.find(change.connection, Case, case) if case else None
        asked = Campaign(
            id, name, CampaignKind.REHEARSAL if case else CampaignKind.LAUNCH, visit.acting.part or Part.RU, milestone, "", "",
            flight or None, about.id if about else case or None, example=bool(known and known.example),
        )  # fmt: skip
        verbs.begin(change, asked, read_template(find_template(template)), reason)
    return went(visit, link_to("campaign", id))


@router.post("/campaign/close")
def close(
    visit: Writer, id: Short, revision: Revision, to: Annotated[CampaignState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """Close it, or call it off."""
    with visit.writing() as change:
        if to is CampaignState.CANCELLED:
            verbs.cancel(change, id, reason, revision)
        else:
            verbs.close(change, visit.database.evidence, id, reason, revision)
    return went(visit, link_to("campaign", id))


def called(visit: Visit, connection: Any, some: Iterable[Conflict]) -> dict[str, str]:
    """What the operations of some conflicts, and what they are about, are called in the reader's language."""
    named_in = {id for one in some for id in (*one.operations, one.resource) if id}
    kinds: tuple[Any, ...] = (Operation, Resource)
    return {one.id: name_of(visit, one) for kind in kinds for one in reading.among(connection, kind, "id", sorted(named_in))}


def planned(visit: Visit, id: str) -> Plan:
    """A campaign as it stands."""
    return looked_at(visit.database, visit.request.app.state.plans, id)


def looked_at(database: Database, plans: Plans, id: str) -> Plan:
    """A campaign as it stands, looked at anew when the record has changed or a minute has passed."""
    at, (was, known) = now(), plans.get(id, (None, None))
    with database.reading() as look:
        tail = reading.tail(look)
        key = (tail.hash if tail else "", at[:16])
        if known is None or was != key:
            known = plan(look, id, at, known)
            plans[id] = key, known
    return known


def instant_of(visit: Visit, found: Plan, minutes: int) -> Any:
    """When that is on the clocks; how it counts from lift-off where the date is too vague."""
    if found.lift_off is None:
        return count(minutes)
    return instant(visit.words, found.lift_off + timedelta(minutes=minutes), whole=False)


def lasted(visit: Visit, minutes: int) -> str:
    """A duration in the reader's words: 2 d 6 h."""
    words, (days, rest) = visit.words, divmod(minutes, DAY_min)
    hours, left = divmod(rest, 60)
    parts = ((days, words("{n} d", n=days)), (hours, words("{n} h", n=hours)), (left, words("{n} min", n=left)))
    return " ".join(text for value, text in parts if value) or words("{n} min", n=0)


def _short(visit: Visit, found: Plan) -> list[tuple[str, str]]:
    """The critical path: name and link of each operation."""
    there = {slot.operation.id: slot.operation for slot in found.slots if slot.times.critical}
    return [(name_of(visit, there[id]), link_to("operation", id)) for id in found.critical]


def _text(row: Row) -> str:
    one = row.slot.operation
    return f"{one.id} {one.name_ru} {one.name_kk} {one.name_en} {one.organisation} {' '.join(one.resources)}"


def _key(sort: str) -> Any:
    known = {"id": lambda g: g.id, "name": lambda g: g.campaign.name, "operations": lambda g: g.operations}
    return known.get(sort, lambda g: (g.day, g.id))


def name_of(visit: Visit, one: Any) -> str:
    """What it is called in the reader's language."""
    return str(getattr(one, f"name_{visit.words.language}") or one.name_ru)


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def moved(one: Glance) -> Cell:
        days = one.moved_days or 0
        return Cell(words("{n} d", n=words.number(days)), tone="bad" if days > 0 else "")

    def settled(one: Glance) -> Cell:
        note = words("{n} failed", n=one.failed) if one.failed else ""
        return Cell(words("{ready} of {total}", ready=one.settled, total=one.operations), note=note)

    columns = (
        Column("id", words("Campaign"), lambda g: Cell(g.id, link_to("campaign", g.id))),
        Column("name", words("Name"), lambda g: Cell(g.campaign.name, mark="EXAMPLE" if g.campaign.example else "")),
        Column("kind", words("Kind"), lambda g: Cell(named(words, g.kind)), sorts=False),
        Column("day", words("Lift-off"), lambda g: moment(g.day)),
        Column("moved", words("Moved since it began"), moved, sorts=False),
        Column("operations", words("Operations settled"), settled),
        Column("state", words("State"), lambda g: Cell(named(words, g.state)), sorts=False),
    )
    choices = (
        Choice("kind", words("Kind"), {one: named(words, one) for one in CampaignKind}),
        Choice("state", words("State"), {one: named(words, one) for one in CampaignState}),
    )
    return Listing("/campaigns", words("Launch campaigns and rehearsals"), columns, choices, row=_plain)


def _plain(one: Glance) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.campaign.name, "kind": one.kind, "state": one.state, "lift_off": one.day,
        "moved_days": one.moved_days, "operations": one.operations, "settled": one.settled, "failed": one.failed,
        "example": one.campaign.example,
    }  # fmt: skip


def _operations(visit: Visit, found: Plan) -> Listing:
    words = visit.words

    def name(row: Row) -> Cell:
        one = row.slot.operation
        return Cell(name_of(visit, one), link_to("operation", one.id), note=words.said(one.organisation))

    def when(row: Row) -> Cell:
        at = found.lift_off + timedelta(minutes=row.start) if found.lift_off else None
        return Cell(count(row.slot.start_min), note=f"{at:%Y-%m-%d %H:%M} UTC" if at else "")

    def held(row: Row) -> Cell:
        if row.critical == "yes":
            return Cell(words("critical"), tone="bad")
        free = lasted(visit, row.slot.times.free_float)
        return Cell(lasted(visit, row.total_float), note=words("free: {time}", time=free))

    columns = (
        Column("start", words("Begins"), when),
        Column("number", words("Operation"), name),
        Column("duration", words("Lasts"), lambda r: Cell(lasted(visit, r.slot.end_min - r.slot.start_min)), sorts=False),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
        Column("resources", words("Occupies"), lambda r: Cell(", ".join(used(r.slot.operation))), sorts=False),
        Column("total_float", words("Float"), held),
        Column(
            "state", words("State"),
            lambda r: Cell(
                named(words, r.state), tone=TONES.get(OperationState(r.state), ""), note=words.said(r.slot.operation.reason)
            ),
        ),
    )  # fmt: skip
    choices = (
        Choice("state", words("State"), {one: named(words, one) for one in OperationState}),
        Choice("part", words("Part"), {one: named(words, one) for one in Part}),
        Choice("critical", words("Critical path"), {"yes": words("on it"), "no": words("not on it")}),
    )
    title = f"{found.campaign.id} {found.campaign.name}"
    return Listing(
        "/campaign", title, columns, choices, row=lambda r: as_cells(r.slot, found), kept={"id": found.campaign.id}
    )  # fmt: skip


def used(one: Any) -> list[str]:
    """What it occupies; alone where it excludes other work."""
    return [*(f"{name} !" for name in one.excludes), *one.resources]
