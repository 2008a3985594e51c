"""Conditions of decisions: who answers, by which gate, what they carry; done by one part, closed by the other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.records import Condition, Decision
from baiterek.campaign.gates.states import CONDITION_STEPS, ConditionState
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.gate import in_words, ways
from baiterek.web.pages.gates import DOORS
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "decision", "text_ru", "text_kk", "text_en", "organisation", "entity_id")


@router.get("/gates/conditions")
def conditions_page(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit), wanted, lambda asked: page(look, Condition, asked, SEARCHED), template="family.html",
            doors=DOORS,
        )  # fmt: skip


@router.get("/gate/condition")
def condition_page(visit: Reader, id: Id) -> Response:
    """One condition: what it carries, its evidence, its next steps."""
    with visit.database.reading() as look:
        found = reading.get(look, Condition, id)
        work = decisions.work(look, visit.database.evidence, "decision_condition", id, "given", False)
        return visit.page(
            "condition.html", condition=found, decision=reading.get(look, Decision, found.decision),
            steps=ways(visit, CONDITION_STEPS, found, work), doors=DOORS, **around(visit, look, found),
        )  # fmt: skip


@router.post("/gate/condition/draft")
def draft(
    visit: Writer, id: Short, decision: Short, part: Annotated[Part, Form()], due_gate: Annotated[Gate, Form()], ru: Long,
    kk: Long, en: Long = "", carries: Short = "", organisation: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A condition of a draft; it may carry what blocks."""
    entity, _, entity_id = carries.partition(":")
    with visit.writing() as change:
        asked = Condition(id, decision, part, due_gate, ru, kk, en, entity, entity_id, organisation)
        decisions.draft_condition(change, asked, reason)
        there = reading.get(change.connection, Decision, decision)
    return went(visit, link_to("gate", f"{there.flight}:{there.gate}"))


@router.post("/gate/condition/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[ConditionState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """Done, closed, or open again."""
    with visit.writing() as change:
        decisions.step_condition(change, visit.database.evidence, id, to, reason, revision)
    return went(visit, link_to("decision_condition", id))


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def text(one: Condition) -> Cell:
        return Cell(in_words(visit, one), link_to("decision_condition", one.id), mark="EXAMPLE" if one.example else "")

    def carries(one: Condition) -> Cell:
        return Cell(one.entity_id, link_to(one.entity, one.entity_id), note=named(words, one.entity) if one.entity else "")

    def part(one: Condition) -> Cell:
        return Cell(named(words, one.part), note=one.organisation)

    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, link_to("decision_condition", r.id))),
        Column("text_ru", words("Text"), text),
        Column("decision", words("Decision"), lambda r: Cell(r.decision, link_to("decision", r.decision))),
        Column("entity_id", words("Carries"), carries),
        Column("due_gate", words("Due"), lambda r: Cell(r.due_gate)),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
        Column("part", words("Answers for it"), part),
    )
    choices = (
        Choice("state", words("State"), {one: named(words, one) for one in ConditionState}),
        Choice("due_gate", words("Due at gate"), {one: named(words, one) for one in Gate}),
        Choice("part", words("Answers for it"), {part: named(words, part) for part in Part}),
    )
    return Listing("/gates/conditions", words("Conditions of decisions"), columns, choices)
