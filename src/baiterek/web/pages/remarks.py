"""Remarks: raised, graded, explained, disposed, settled; and what of all that stands against a gate."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.gates import open_items
from baiterek.campaign.gates.open_items import OpenItem
from baiterek.campaign.machine import Step
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks import steps as rules
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import RAISER, REMARK_STEPS, Disposition, Facts, Ground, RemarkState, Severity
from baiterek.campaign.remarks.steps import ABOUT, SETS, is_example
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.campaign.rows.listing import NOTHING, page, page_of
from baiterek.reports.language import later
from baiterek.web.forms import PRINTABLE, Id, Long, Revision, Short, picked, went
from baiterek.web.labels import explained, named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.people import DAY
from baiterek.web.subject import ALL_OF_IT, around, faults, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/remarks", later("Remarks")),
    ("/remarks/against", later("Against a gate")),
    ("/remarks/waivers", later("Deviations and waivers")),
)
"""The lists of this family."""
SEARCHED = ("id", "text", "entity_id", "cause", "action")


@router.get("/remarks")
def remarks(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit), wanted, lambda asked: page(look, Remark, asked, SEARCHED), template="remarks.html",
            doors=DOORS,
        )  # fmt: skip


@router.get("/remarks/new")
def new_page(visit: Reader, about: Id = "") -> Response:
    """A form for a remark about something, or about nothing that the record has."""
    entity, _, id = about.partition(":")
    with visit.database.reading() as look:
        subject: Any = reading.find(look, ENTITIES[entity], id) if entity in ABOUT and id else None
        organisations = reading.every(look, Organisation)
    return visit.page(
        "new_remark.html", entity=entity if subject else "", entity_id=id if subject else "", link_to=link_to, doors=DOORS,
        parts=list(Part), part=getattr(subject, "part", None), organisations=organisations, kinds=ABOUT,
        generated=bool(getattr(subject, "example", False)),
    )  # fmt: skip


@router.post("/remarks/raise")
def raise_remark(
    visit: Writer, id: Short, text: Long, part: Annotated[Part, Form()], entity: Short = "", entity_id: Short = "",
    organisation: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """In the name of one's own part, whichever part answers for it."""
    with visit.writing() as change:
        made = Remark(
            id, text, visit.acting.part or part, part, entity if entity_id else "", entity_id, organisation or None,
            example=is_example(change.connection, entity, entity_id),
        )  # fmt: skip
        rules.raise_remark(change, made, reason)
    return went(visit, link_to("remark", id))


@router.get("/remark")
def remark_page(visit: Reader, id: Id) -> Response:
    """One remark: where it stands, and what its next steps still need."""
    with visit.database.reading() as look:
        found = reading.get(look, Remark, id)
        told = rules.facts(look, visit.database.evidence, found, "given", today())
        return visit.page(
            "remark.html", remark=found, waivers=reading.every(look, Waiver, remark=id), grounds=list(Ground),
            gates=list(Gate), dispositions=list(Disposition), sets=SETS, doors=DOORS,
            steps=[_next(visit, step, found, told) for step in REMARK_STEPS if step.start is found.state],
            **around(visit, look, found),
        )  # fmt: skip


@router.post("/remark/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[RemarkState, Form()],
    grounds: Annotated[list[Ground], Form()] = [], due_gate: Short = "", cause: Long = "",  # noqa: B006
    disposition: Short = "", measure: Long = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Take it to its next state, with what is said at that step."""
    given: dict[str, Any] = {
        "grounds": tuple(grounds),
        "due_gate": picked(due_gate, Gate, "due_gate"),
        "cause": cause,
        "disposition": picked(disposition, Disposition, "disposition"),
        "action": measure,
    }
    with visit.writing() as change:
        said = {name: given[name] for name in SETS.get(to, ())}
        rules.step(change, visit.database.evidence, id, to, reason, revision, **said)
    return went(visit, link_to("remark", id))


@router.get("/remarks/against")
def against(
    visit: Reader, wanted: List, gate: Annotated[Gate, Query()] = Gate.G2,
    flight: Annotated[str, Query(max_length=200, pattern=PRINTABLE)] = "", day: Annotated[str, Query(pattern=DAY)] = "",
) -> Response:  # fmt: skip
    """What stands against a gate of a flight: what is due by then and not settled, and what lets it pass."""
    on = read_day(day, "day") if day else today()
    with visit.database.reading() as look:
        found = open_items.against(look, faults(visit, ALL_OF_IT), gate, flight, on)
        flights = sorted({flight for waiver in reading.every(look, Waiver) for flight in waiver.flights})
    blocking = sum(item.blocks for item in found)

    def text(item: OpenItem) -> str:
        return f"{item.id} {item.what} {explained(visit.words, item.why)}"

    def key(item: OpenItem) -> str:
        return str(getattr(item, wanted.sort, "") or "")

    return listed(
        visit, _standing_listing(visit, {"gate": gate, "flight": flight, "day": day}), wanted,
        lambda asked: page_of(found, asked, text, key), template="against.html", gate=gate, gates=list(Gate), flight=flight,
        flights=flights, day=on, blocking=blocking, passing=len(found) - blocking, doors=DOORS,
    )  # fmt: skip


def _standing_listing(visit: Visit, kept: dict[str, str]) -> Listing:
    """What blocks comes first, until another order is asked for."""
    words = visit.words

    def what(item: OpenItem) -> Cell:
        mark = "EXAMPLE" if item.example else ""
        return Cell(item.id, link_to(item.entity, item.id), note=named(words, item.entity), mark=mark)

    def passes(item: OpenItem) -> Cell:
        return Cell(item.waiver, link_to("waiver", item.waiver)) if item.waiver else Cell(words("blocks"), tone="bad")

    columns = (
        Column("id", words("What"), what),
        Column("what", words("Text"), lambda i: Cell(i.what)),
        Column("why", words("Why it stands"), lambda i: Cell(explained(words, i.why))),
        Column("part", words("Owed by"), lambda i: Cell(named(words, i.part))),
        Column("due_gate", words("Due"), lambda i: Cell(i.due_gate or words("at once"))),
        Column("waiver", words("Passes"), passes),
    )
    choices = (
        Choice("entity", words("What"), {kind: named(words, kind) for kind in ("remark", "verification")}),
        Choice("part", words("Owed by"), {part: named(words, part) for part in Part}),
    )
    return Listing("/remarks/against", words("Against a gate"), columns, choices, _with_verdict, kept)


def _with_verdict(item: OpenItem) -> dict[str, Any]:
    return item._asdict() | {"blocks": item.blocks}


def _next(visit: Visit, step: Step[RemarkState, Facts], remark: Remark, told: Facts) -> dict[str, Any]:
    """A step, what stands in its way that its form does not bring, and whether the visitor may take it."""
    brought = told._replace(
        due=True, cause=told.cause or "given", action=told.action or "given",
        disposition=told.disposition or Disposition.REWORK,
    )  # fmt: skip
    part = remark.raised_by if step.by == RAISER else remark.part
    why = machine.refusal(REMARK_STEPS, step.start, step.end, brought)
    may = visit.actor is not None and denial(visit.actor, Action.ACT, part) is None
    return {"step": step, "why": why, "by": part, "may": may}


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def text(one: Remark) -> Cell:
        return Cell(one.text, link_to("remark", one.id), mark="EXAMPLE" if one.example else "")

    def severity(one: Remark) -> Cell:
        tone = "bad" if one.severity is Severity.MAJOR else ""
        return Cell(named(words, one.severity) if one.severity else words("not graded"), tone=tone)

    columns = (
        Column("id", words("Remark"), lambda r: Cell(r.id, link_to("remark", r.id))),
        Column("text", words("What was found"), text),
        Column("entity_id", words("About"), lambda r: Cell(r.entity_id, link_to(r.entity, r.entity_id))),
        Column("severity", words("Severity"), severity),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
        Column("due_gate", words("Due"), lambda r: Cell(r.due_gate or "")),
        Column("part", words("Answers for it"), lambda r: Cell(named(words, r.part))),
    )
    choices = (
        Choice("state", words("State"), {one: named(words, one) for one in RemarkState}),
        Choice(
            "severity", words("Severity"), {**{one: named(words, one) for one in Severity}, NOTHING: words("not graded")}
        ),
        Choice("due_gate", words("Due at gate"), {**{one: named(words, one) for one in Gate}, NOTHING: words("none yet")}),
        Choice("part", words("Answers for it"), {part: named(words, part) for part in Part}),
    )  # fmt: skip
    return Listing("/remarks", words("Remarks and nonconformances"), columns, choices)
