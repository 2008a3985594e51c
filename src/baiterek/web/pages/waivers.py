"""Deviations and waivers: asked for, approved by both parts, for which flights, up to which gate and day."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.machine import EITHER, Step
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.programme.records import Requirement
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks import waivers
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import WAIVER_STEPS, Request, WaiverKind, WaiverState
from baiterek.campaign.remarks.steps import is_example
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import NOTHING, page
from baiterek.web.forms import Id, Long, Revision, Short, picked, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.remarks import DOORS
from baiterek.web.subject import around, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "text", "flights", "remark", "requirement")


@router.get("/remarks/waivers")
def waivers_page(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit), wanted, lambda asked: page(look, Waiver, asked, SEARCHED), template="waivers.html",
            doors=DOORS,
        )  # fmt: skip


@router.get("/remark/waiver")
def waiver_page(visit: Reader, id: Id) -> Response:
    """One deviation or waiver: from what, for which flights, and the next steps."""
    with visit.database.reading() as look:
        found = reading.get(look, Waiver, id)
        return visit.page(
            "waiver.html", waiver=found, active=waivers.in_force(found, today()), gates=list(Gate), doors=DOORS,
            steps=[_next(visit, step, found) for step in WAIVER_STEPS if step.start is found.state],
            **around(visit, look, found),
        )  # fmt: skip


@router.get("/remark/waiver/new")
def new_page(visit: Reader, remark: Id = "", requirement: Id = "") -> Response:
    """A form: a waiver of a remark, or a deviation from a requirement."""
    with visit.database.reading() as look:
        found = reading.find(look, Remark, remark) if remark else None
        need = reading.find(look, Requirement, requirement) if requirement else None
    above: Any = found or need
    return visit.page(
        "new_waiver.html", remark=found.id if found else "", requirement=need.id if need else "", gates=list(Gate),
        waiver=None, doors=DOORS, generated=bool(getattr(above, "example", False)),
    )  # fmt: skip


@router.post("/remark/waiver/request")
def request(
    visit: Writer, id: Short, revision: Revision, text: Long, flights: Long, remark: Short = "", requirement: Short = "",
    last_gate: Short = "", valid_to: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A draft, or a correction of it; with a remark it is a waiver, without one a deviation."""
    kind = WaiverKind.WAIVER if remark else WaiverKind.DEVIATION
    day = read_day(valid_to, "valid_to") if valid_to else None
    with visit.writing() as change:
        old = reading.find(change.connection, Waiver, id)
        change_from = revision if old is not None else None
        asked = Waiver(
            id, kind, text, old.part if old else visit.acting.part or Part.KZ, parts_of(flights), remark or None,
            requirement or None, picked(last_gate, Gate, "last_gate"), day,
            example=is_example(change.connection, *(("remark", remark) if remark else ("requirement", requirement))),
        )  # fmt: skip
        waivers.request(change, asked, reason, change_from)
    return went(visit, link_to("waiver", id))


@router.post("/remark/waiver/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[WaiverState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """Submit it, approve it for one's own part, refuse or revoke it."""
    with visit.writing() as change:
        waivers.step(change, id, to, reason, revision)
    return went(visit, link_to("waiver", id))


def _next(visit: Visit, step: Step[WaiverState, Request], waiver: Waiver) -> dict[str, Any]:
    """A step, what stands in its way, and whether the visitor may take it."""
    actor = visit.actor
    part = (actor.part if actor else None) if step.by == EITHER else waiver.part
    request = Request("given", (actor.part if actor else None) or "", waiver.flights, waiver.text)
    why = machine.refusal(WAIVER_STEPS, step.start, step.end, request)
    return {"step": step, "why": why, "may": actor is not None and denial(actor, Action.ACT, part) is None}


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def text(one: Waiver) -> Cell:
        return Cell(one.text, link_to("waiver", one.id), mark="EXAMPLE" if one.example else "")

    def above(one: Waiver) -> Cell:
        entity, id = ("remark", one.remark) if one.remark else ("requirement", one.requirement or "")
        return Cell(id, link_to(entity, id), note=named(words, entity))

    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, link_to("waiver", r.id))),
        Column("kind", words("Kind"), lambda r: Cell(named(words, r.kind))),
        Column("text", words("Departs from what, and why"), text),
        Column("remark", words("Of"), above),
        Column("flights", words("Flights"), lambda r: Cell("; ".join(r.flights)), sorts=False),
        Column("last_gate", words("Up to gate"), lambda r: Cell(r.last_gate or words("every one"))),
        Column("valid_to", words("Last day"), lambda r: Cell(r.valid_to or "")),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
    )
    choices = (
        Choice("kind", words("Kind"), {one: named(words, one) for one in WaiverKind}),
        Choice("state", words("State"), {one: named(words, one) for one in WaiverState}),
        Choice("last_gate", words("Up to gate"), {**{one: named(words, one) for one in Gate}, NOTHING: words("every one")}),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
    )
    return Listing("/remarks/waivers", words("Deviations and waivers"), columns, choices)
