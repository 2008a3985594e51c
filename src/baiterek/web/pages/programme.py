"""Programmes of flight tests: who has approved them, and how far each of their stages is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.progress import OUTCOMES, Progress, progress
from baiterek.campaign.programme.records import Programme
from baiterek.campaign.programme.verification import Result
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.reports.language import later
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/programmes", later("Programmes")),
    ("/programme/requirements", later("Requirements")),
    ("/programme/cases", later("Cases")),
    ("/programme/runs", later("Runs")),
    ("/matrix", later("Verification matrix")),
)
"""The lists of this family."""


@router.get("/programmes")
def programmes(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        known = progress(look)
        return listed(
            visit, _listing(visit, known), wanted, lambda asked: page(look, Programme, asked, ("id", "name", "document")),
            template="programmes.html", doors=DOORS, may_draft=_may_draft(visit),
        )  # fmt: skip


@router.get("/programme")
def programme_page(visit: Reader, id: Id) -> Response:
    """One programme: its stages, and what is left of each."""
    with visit.database.reading() as look:
        found = reading.get(look, Programme, id)
        stages = progress(look).get(id, [])
        shared = around(visit, look, found)
    actor = visit.actor
    approved = {Part.RU: found.approved_ru, Part.KZ: found.approved_kz}
    own = actor.part if actor and denial(actor, Action.ACT, actor.part) is None else None
    return visit.page(
        "programme.html", programme=found, stages=stages, outcomes=OUTCOMES, approved=approved,
        may_approve=own is not None and not approved[own], doors=DOORS, **shared,
    )  # fmt: skip


@router.post("/programme/draft")
def draft(
    visit: Writer, id: Short, revision: Revision, name: Short, document: Short,
    example: Annotated[bool, Form(description="Generated, to try things with.")] = False, reason: Long = "",
) -> Response:  # fmt: skip
    """A new programme of one's own part, or a correction of it."""
    with visit.writing() as change:
        old = reading.find(change.connection, Programme, id)
        part = old.part if old else visit.acting.part or Part.KZ
        made = Programme(id, name, document, part, example=old.example if old else example)
        programme.draft(change, made, reason, revision)
    return went(visit, link_to("programme", id))


@router.post("/programme/approve")
def approve(visit: Writer, id: Short, revision: Revision, reason: Long = "") -> Response:
    """The approval of one's own part."""
    with visit.writing() as change:
        programme.approve(change, id, reason, revision)
    return went(visit, link_to("programme", id))


def _may_draft(visit: Visit) -> bool:
    actor = visit.actor
    return actor is not None and denial(actor, Action.DRAFT, actor.part) is None


def _listing(visit: Visit, known: dict[str, list[Progress]]) -> Listing:
    words = visit.words

    def approved(one: Programme) -> Cell:
        by = [part for part, at in ((Part.RU, one.approved_ru), (Part.KZ, one.approved_kz)) if at]
        return Cell(", ".join(named(words, part) for part in by) or words("nobody yet"), tone="good" if one.approved else "")

    def passed(one: Programme) -> Cell:
        stages = known.get(one.id, [])
        done, total = sum(s.cases[Result.PASSED] for s in stages), sum(s.cases.total() for s in stages)
        return Cell(words("{ready} of {total}", ready=done, total=total), link_to("programme", one.id))

    def name(one: Programme) -> Cell:
        return Cell(one.name, link_to("programme", one.id), mark="EXAMPLE" if one.example else "")

    columns = (
        Column("id", words("Programme"), lambda r: Cell(r.id, link_to("programme", r.id))),
        Column("name", words("Name"), name),
        Column("document", words("Document"), lambda r: Cell(r.document)),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
        Column("approved_kz", words("Approved by"), approved),
        Column("passed", words("Cases passed"), passed, sorts=False),
    )
    choices = (Choice("part", words("Part"), {part: named(words, part) for part in Part}),)
    return Listing("/programmes", words("Programmes of flight tests"), columns, choices)


def choice_of(visit: Visit, connection: Any) -> Choice:
    """The filter by programme."""
    found = reading.every(connection, Programme)
    return Choice("programme", visit.words("Programme"), {one.id: one.id for one in found})
