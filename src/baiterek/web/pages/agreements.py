"""What governments have agreed and permit: agreements and procedures, plans of launches, conclusions, drop zones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import agreements as rules
from baiterek.campaign.gates.permits import PERMIT_STEPS, Grant, PermitKind, PermitState
from baiterek.campaign.gates.records import Agreement, LaunchPlan, Permit
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.reports.language import later
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed, source
from baiterek.web.subject import allowed, around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/agreements", later("Agreements")),
    ("/agreements/plans", later("Plans of launches")),
    ("/agreements/permits", later("Conclusions and permissions")),
)
"""The lists of this family."""


@router.get("/agreements")
def agreements_page(visit: Reader, wanted: List) -> Response:
    """Agreements, protocols, domestic procedures, each with its source."""
    with visit.database.reading() as look:
        found = lambda asked: page(look, Agreement, asked, ("id", "title", "source", "note"))  # noqa: E731
        return listed(
            visit, _agreements(visit), wanted, found, template="agreements.html", doors=DOORS, own=_own(visit),
            agreement=Agreement("", "protocol", ""), parents=under(look), parts=list(Part), agreement_kinds=rules.KINDS,
        )  # fmt: skip


@router.get("/agreements/plans")
def plans_page(visit: Reader, wanted: List) -> Response:
    """Plans of launches of a year."""
    with visit.database.reading() as look:
        found = lambda asked: page(look, LaunchPlan, asked, ("id", "year", "document", "source"))  # noqa: E731
        return listed(
            visit, _plans(visit), wanted, found, template="plans.html", doors=DOORS, own=_own(visit), bases=under(look)
        )


@router.get("/agreements/permits")
def permits_page(visit: Reader, wanted: List) -> Response:
    """Conclusions on plans, permissions of drop zones and of launches."""
    with visit.database.reading() as look:
        found = lambda asked: page(look, Permit, asked, ("id", "subject", "document", "conditions"))  # noqa: E731
        return listed(
            visit, _permits(visit), wanted, found, template="permits.html", doors=DOORS, own=_own(visit),
            kinds=list(PermitKind), parts=list(Part), bases=under(look),
        )  # fmt: skip


@router.get("/agreements/permit")
def permit_page(visit: Reader, id: Id) -> Response:
    """One conclusion or permission: its document, its days, its next steps."""
    with visit.database.reading() as look:
        found = reading.get(look, Permit, id)
        brought = Grant("given", found.document or "given", found.valid_to or "given")
        may = allowed(visit, found.part)[Action.ACT]
        steps: list[dict[str, Any]] = [
            {"step": step, "why": machine.refusal(PERMIT_STEPS, step.start, step.end, brought), "by": found.part, "may": may}
            for step in PERMIT_STEPS if step.start is found.state
        ]  # fmt: skip
        return visit.page("permit.html", permit=found, steps=steps, doors=DOORS, **around(visit, look, found))


@router.post("/agreements/plan")
def plan(
    visit: Writer, id: Short, year: Short, flights: Long, document: Short = "", source: Long = "", agreement: Short = "",
    reason: Long = "",
) -> Response:  # fmt: skip
    """The plan of launches of a year, or a correction before it was concluded on."""
    with visit.writing() as change:
        old = reading.find(change.connection, LaunchPlan, id)
        part = old.part if old else visit.acting.part or Part.RU
        made = LaunchPlan(id, year, part, parts_of(flights), document, source, agreement or None)
        rules.submit_plan(change, made, reason, old.revision if old else None)
    return went(visit, "/agreements/plans")


@router.post("/agreements/ask")
def ask(
    visit: Writer, id: Short, kind: Annotated[PermitKind, Form()], part: Annotated[Part, Form()], subject: Short,
    flights: Long = "", source: Long = "", agreement: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A conclusion or a permission is asked for."""
    with visit.writing() as change:
        asked = Permit(id, kind, part, subject, parts_of(flights), source=source, agreement=agreement or None)
        rules.ask(change, asked, reason)
    return went(visit, link_to("permit", id))


@router.post("/agreements/permit/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[PermitState, Form()], document: Short = "",
    valid_from: Short = "", valid_to: Short = "", conditions: Long = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Given with its document and days, refused, taken back, asked for again."""
    said: dict[str, Any] = {}
    if to is PermitState.GIVEN:
        days = {
            name: read_day(day, name) if day else None for name, day in (("valid_from", valid_from), ("valid_to", valid_to))
        }
        said = {"document": document, "conditions": conditions, **days}
    with visit.writing() as change:
        rules.step(change, id, to, reason, revision, **said)
    return went(visit, link_to("permit", id))


def _own(visit: Visit) -> dict[Action, bool]:
    return allowed(visit, visit.actor.part if visit.actor else None)


def under(connection: Any) -> list[Agreement]:
    """What a procedure, a plan or a permit may stand under."""
    return [one for one in reading.every(connection, Agreement) if one.kind != "procedure"]


def _parts(visit: Visit) -> Choice:
    return Choice("part", visit.words("Part"), {part: named(visit.words, part) for part in Part})


def _agreements(visit: Visit) -> Listing:
    words = visit.words

    columns = (
        Column(
            "title", words("Title"), lambda r: Cell(words.said(r.title), link_to("agreement", r.id), note=words.said(r.note))
        ),
        Column("kind", words("Kind"), lambda r: Cell(named(words, r.kind))),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part) if r.part else words("both parts"))),
        Column("signed_on", words("Signed on"), lambda r: Cell(r.signed_on or words("not found"))),
        Column("done_on", words("In force or done"), lambda r: Cell(r.done_on or words("not found"))),
        Column("parent", words("Of"), lambda r: Cell(r.parent or "", link_to("agreement", r.parent) if r.parent else "")),
        Column("source", words("Source"), lambda r: source(words, r.source), sorts=False),
    )
    choices = (Choice("kind", words("Kind"), {one: named(words, one) for one in rules.KINDS}), _parts(visit))
    return Listing("/agreements", words("Agreements and domestic procedures"), columns, choices)


def _plans(visit: Visit) -> Listing:
    words = visit.words
    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, mark="EXAMPLE" if r.example else "")),
        Column("year", words("Year"), lambda r: Cell(r.year)),
        Column("flights", words("Flights"), lambda r: Cell("; ".join(r.flights)), sorts=False),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
        Column("document", words("Document"), lambda r: Cell(r.document)),
        Column("agreement", words("Under"), lambda r: Cell(r.agreement or "", link_to("agreement", r.agreement or ""))),
        Column("source", words("Source"), lambda r: source(words, r.source), sorts=False),
    )
    return Listing("/agreements/plans", words("Plans of launches"), columns, (_parts(visit),))


def _permits(visit: Visit) -> Listing:
    words = visit.words
    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, link_to("permit", r.id), mark="EXAMPLE" if r.example else "")),
        Column("kind", words("Kind"), lambda r: Cell(named(words, r.kind))),
        Column("subject", words("For what"), lambda r: Cell(r.subject, note="; ".join(r.flights))),
        Column("state", words("State"), lambda r: Cell(named(words, r.state), tone="good" if r.state == "given" else "")),
        Column("document", words("Document"), lambda r: Cell(r.document)),
        Column("valid_to", words("Last day"), lambda r: Cell(r.valid_to or "")),
        Column("part", words("Given by"), lambda r: Cell(named(words, r.part))),
    )
    choices = (
        Choice("kind", words("Kind"), {one: named(words, one) for one in PermitKind}),
        Choice("state", words("State"), {one: named(words, one) for one in PermitState}),
        _parts(visit),
    )
    return Listing("/agreements/permits", words("Conclusions and permissions"), columns, choices)
