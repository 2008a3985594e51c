"""Operations of all campaigns; one of them, its steps and what they still need."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign import machine
from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.log.change import now
from baiterek.campaign.machine import Step
from baiterek.campaign.operations import work
from baiterek.campaign.operations.records import Campaign, Operation, OperationState, Resource
from baiterek.campaign.operations.table import count
from baiterek.campaign.operations.work import OPERATION_STEPS, Facts
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.campaigns import DOORS, TONES, called, instant_of, lasted, name_of, planned, used
from baiterek.web.pages.runs import read_local
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "name_ru", "name_kk", "name_en", "organisation", "resources", "excludes", "procedure")


@router.get("/campaigns/operations")
def operations(visit: Reader, wanted: List) -> Response:
    """The list over all campaigns."""
    with visit.database.reading() as look:
        known = reading.column(look, Campaign, "state")
        return listed(
            visit, _listing(visit, list(known)), wanted, lambda asked: page(look, Operation, asked, SEARCHED),
            template="family.html", doors=DOORS,
        )  # fmt: skip


@router.get("/operation")
def operation_page(visit: Reader, id: Id) -> Response:
    """One operation: when, with what, after what, and its steps."""
    with visit.database.reading() as look:
        found = reading.get(look, Operation, id)
        told = work.facts(look, found, OperationState.STARTED, now(), now(), "given")
        before = reading.among(look, Operation, "id", found.after)
        resources = reading.among(look, Resource, "id", (*found.resources, *found.excludes))
        shared = around(visit, look, found)
    of = planned(visit, found.campaign)
    conflicts = [one for one in of.conflicts if id in one.operations]
    with visit.database.reading() as look:
        shared["called"] = called(visit, look, conflicts)
    slot = next(one for one in of.slots if one.operation.id == id)
    return visit.page(
        "operation.html", operation=found, plan=of, slot=slot, before=before, resources=resources, doors=DOORS, clocks=CLOCKS,
        parts=list(Part), count=count, lasts=partial(lasted, visit), name=lambda one: name_of(visit, one), tones=TONES,
        at=lambda minutes: instant_of(visit, of, minutes),
        conflicts=conflicts,
        steps=[_next(visit, one, found, told) for one in OPERATION_STEPS if one.start is found.state], **shared,
    )  # fmt: skip


@router.post("/operation/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[OperationState, Form()], at: Short = "", clock: Short = "utc",
    remark: Short = "", text: Long = "", part: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Take it to its next state; failed, it leaves a remark in the same transaction."""
    when = read_local(at, clock, "at") if at else ""
    with visit.writing() as change:
        made = None
        if to is OperationState.FAILED:
            of = reading.get(change.connection, Operation, id).part
            made = Remark(remark, text, of, Part(part) if part in tuple(Part) else of)
        work.step(change, id, to, when, reason, revision, made)
    return went(visit, link_to("operation", id))


def _next(visit: Visit, step: Step[OperationState, Facts], one: Operation, told: Facts) -> dict[str, Any]:
    """A step, what stands in its way that its form does not bring, and whether the visitor may take it."""
    asked = told if step.end is OperationState.STARTED else told._replace(after=one.started_at or "")
    why = machine.refusal(OPERATION_STEPS, step.start, step.end, asked)
    may = visit.actor is not None and denial(visit.actor, Action.ACT, one.part) is None
    return {"step": step, "why": why, "may": may}


def _listing(visit: Visit, campaigns: list[str]) -> Listing:
    words = visit.words

    def name(one: Operation) -> Cell:
        mark = "EXAMPLE" if one.example else ""
        return Cell(name_of(visit, one), link_to("operation", one.id), note=words.said(one.organisation), mark=mark)

    columns = (
        Column("campaign", words("Campaign"), lambda r: Cell(r.campaign, link_to("campaign", r.campaign))),
        Column("id", words("Operation"), name),
        Column("before_min", words("Begins"), lambda r: Cell(count(-r.before_min))),
        Column("duration_min", words("Lasts"), lambda r: Cell(lasted(visit, r.duration_min))),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
        Column("resources", words("Occupies"), lambda r: Cell(", ".join(used(r))), sorts=False),
        Column("state", words("State"), lambda r: Cell(named(words, r.state), tone=TONES.get(r.state, ""))),
    )  # fmt: skip
    choices = (
        Choice("campaign", words("Campaign"), {one: one for one in sorted(campaigns)}),
        Choice("state", words("State"), {one: named(words, one) for one in OperationState}),
        Choice("part", words("Part"), {one: named(words, one) for one in Part}),
    )
    return Listing("/campaigns/operations", words("Operations of all campaigns"), columns, choices)
