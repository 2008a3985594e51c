"""One ground object: what it is, what shows it, its steps, its history, and what may be done to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.complex import register
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import STEPS, State, refusal
from baiterek.campaign.complex.steps import shown_by, situation
from baiterek.campaign.complex.steps import step as take
from baiterek.campaign.evidence.store import cite
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import Asked, look
from baiterek.campaign.sheets import Line
from baiterek.errors import Denied
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.pages.evidence import standing
from baiterek.web.pages.objects import checked, object_link
from baiterek.web.uploads import keep
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
UPLOADS = frozenset({"/object/attach", "/objects/import"})
"""Where files come in."""
HISTORY = 12
"""Events that the page lists."""
TESTED = (State.AUTONOMOUS_TESTS, State.INTEGRATED_TESTS)
"""States whose tests evidence can show."""


@router.get("/object")
def object_page(visit: Reader, id: Id) -> Response:
    """The page."""
    with visit.database.reading() as connection:
        found = reading.get(connection, GroundObject, id)
        pieces = [(piece, standing(visit, piece)) for piece in shown_by(connection, id)]
        faults = [fault for _, faults in pieces for fault in faults or ()]
        now = situation(connection, visit.database.evidence, found, "given", faults)
        below = reading.every(connection, GroundObject, parent=id)
        history = look(connection, Asked(where={"entity_id": id}, most=HISTORY))
    actor = visit.actor
    return visit.page(
        "object.html", object=found, pieces=pieces, below=below, history=history, tested=TESTED, link=object_link,
        steps=[(step, refusal(step.start, step.end, now)) for step in STEPS if step.start is found.state],
        may={action: actor is not None and denial(actor, action, found.part) is None for action in Action},
    )  # fmt: skip


@router.post("/object/step")
def step(visit: Writer, id: Short, revision: Revision, to: Annotated[State, Form()], reason: Long = "") -> Response:
    """Take the object to its next state."""
    with visit.writing() as change:
        take(change, visit.database.evidence, id, to, reason, revision)
    return went(visit, object_link(id))


@router.post("/object/change")
def change_description(
    visit: Writer, id: Short, revision: Revision, kind: Short, name: Short, parent: Short = "", systems: Short = "",
    owner: Short = "", designer: Short = "", documents: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Correct what the register says of it: the rules of a table of one row."""
    with visit.writing() as change:
        there = reading.get(change.connection, GroundObject, id)
        change.unchanged(there, revision)
        cells = {"id": id, "site": there.site, "kind": kind, "name": name, "part": there.part.value, "parent": parent}
        cells |= {"systems": systems, "owner": owner, "designer": designer, "documents": documents}
        checked(register.import_register(change, [Line(1, cells)], reason), id)
    return went(visit, object_link(id))


@router.post("/object/attach")
def attach(
    visit: Writer, id: Short, files: Annotated[list[UploadFile], File()], stage: Annotated[str, Form(max_length=40)] = "",
    note: Long = "",
) -> Response:  # fmt: skip
    """Take a file, or the files of a folder, into the store, and cite it at the object."""
    _may_draft(visit, id)
    shows = next((state for state in State if state == stage), None)
    kept = keep(visit.database.evidence, files)
    with visit.writing() as change:
        cite(change, kept, id, shows, note)
    return went(visit, object_link(id))


def _may_draft(visit: Visit, id: str) -> None:
    """Asked before a byte is stored, and again in the change itself."""
    with visit.database.reading() as connection:
        part = reading.get(connection, GroundObject, id).part
    why = denial(visit.acting, Action.DRAFT, part)
    if why:
        raise Denied(f"ground_object {id}", why)
