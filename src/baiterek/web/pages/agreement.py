"""One agreement: its facts, what stands under it, each side's domestic procedures, the plans and permits that rest on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import agreements as rules
from baiterek.campaign.gates.permits import PermitKind
from baiterek.campaign.gates.records import Agreement, LaunchPlan, Permit
from baiterek.campaign.rows import reading
from baiterek.web.forms import Id, Long, Revision, Short, picked, went
from baiterek.web.links import link_to
from baiterek.web.pages.agreements import DOORS, under
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Writer

router = APIRouter()


@router.get("/agreements/agreement")
def agreement_page(visit: Reader, id: Id) -> Response:
    """One of them, and the form that corrects it."""
    with visit.database.reading() as look:
        found = reading.get(look, Agreement, id)
        below = reading.every(look, Agreement, parent=id)
        plans = reading.every(look, LaunchPlan, agreement=id)
        asked = reading.among(look, Permit, "subject", [one.id for one in plans])
        return visit.page(
            "agreement.html", agreement=found, above=reading.find(look, Agreement, found.parent) if found.parent else None,
            further=[one for one in below if one.kind != "procedure"], procedures=_by_part(below), plans=plans,
            conclusions={one.subject: one for one in asked if one.kind is PermitKind.CONCLUSION},
            permits=reading.every(look, Permit, agreement=id), parents=[one for one in under(look) if one.id != id],
            parts=list(Part), agreement_kinds=rules.KINDS, doors=DOORS, **around(visit, look, found),
        )  # fmt: skip


@router.post("/agreements/enter")
def enter(
    visit: Writer, id: Short, revision: Revision, kind: Short, title: Long, source: Long, part: Short = "", parent: Short = "",
    signed_on: Short = "", done_on: Short = "", note: Long = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A new one, or a correction of it: the keeper's, since both parts share them."""
    made = Agreement(id, kind, title, picked(part, Part, "part"), parent or None, signed_on, done_on, source, note)
    with visit.writing() as change:
        rules.enter(change, made, reason, revision)
    return went(visit, link_to("agreement", id))


def _by_part(below: list[Agreement]) -> dict[Part, list[Agreement]]:
    """Domestic procedures of each side: both are asked for, also where nothing is known of one."""
    found: dict[Part, list[Any]] = {part: [] for part in Part}
    for one in below:
        if one.kind == "procedure" and one.part is not None:
            found[one.part].append(one)
    return found
