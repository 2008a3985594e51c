"""Requirements: what must hold, within what limits, and how it is verified."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.matrix import gather
from baiterek.campaign.programme.records import Case, Programme, Requirement, Verification
from baiterek.campaign.programme.verification import Gate, Method, Stage
from baiterek.campaign.remarks.records import Waiver
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Column, List, Listing, listed
from baiterek.web.pages.programme import DOORS, choice_of
from baiterek.web.subject import allowed, around, faults, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "text", "characteristic", "source")


@router.get("/programme/requirements")
def requirements(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        listing = _listing(visit, look)
        return listed(
            visit, listing, wanted, lambda asked: page(look, Requirement, asked, SEARCHED), template="family.html", doors=DOORS
        )


@router.get("/programme/requirement")
def requirement_page(visit: Reader, id: Id) -> Response:
    """One requirement: its rows of the matrix, its cases, what follows from it, what departs from it."""
    with visit.database.reading() as look:
        found = reading.get(look, Requirement, id)
        rows = gather(look, today(), faults(visit), rows=reading.every(look, Verification, requirement=id))
        return visit.page(
            "requirement.html", requirement=found, limits=limits_text(found), rows=rows, stages=list(Stage),
            methods=list(Method), gates=list(Gate), cases=reading.holding(look, Case, "requirements", id),
            organisations=reading.every(look, Organisation), below=reading.every(look, Requirement, parent=id),
            waivers=reading.every(look, Waiver, requirement=id),
            doors=DOORS, **around(visit, look, found),
        )  # fmt: skip


@router.get("/programme/requirement/new")
def new_page(visit: Reader, programme: Id) -> Response:
    """A form for one requirement of a programme."""
    with visit.database.reading() as look:
        above = reading.get(look, Programme, programme)
    blank = Requirement("", above.id, "", above.part, example=above.example)
    return visit.page("new_requirement.html", requirement=blank, above=above, may=allowed(visit, above.part), doors=DOORS)


@router.post("/programme/requirement/draft")
def draft(
    visit: Writer, id: Short, programme_id: Short, revision: Revision, text: Long, characteristic: Short = "",
    unit: Short = "", lower: Short = "", upper: Short = "", source: Short = "", parent: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A new requirement of one's own part, or a correction of it."""
    with visit.writing() as change:
        above = reading.get(change.connection, Programme, programme_id)
        old = reading.find(change.connection, Requirement, id)
        made = Requirement(
            id, above.id, text, old.part if old else visit.acting.part or above.part, characteristic, unit, lower or None,
            upper or None, source, parent or None, above.example,
        )  # fmt: skip
        programme.draft(change, made, reason, revision)
    return went(visit, link_to("requirement", id))


def limits_text(one: Requirement) -> str:
    """`2 … 3 MPa`, `≤ 0.8 s`; nothing where there are no limits."""
    if one.lower is None and one.upper is None:
        return ""
    if one.lower is None or one.upper is None:
        return f"{'≥' if one.upper is None else '≤'} {one.lower or one.upper} {one.unit}".rstrip()
    return f"{one.lower} … {one.upper} {one.unit}".rstrip()


def _listing(visit: Visit, connection: object) -> Listing:
    words = visit.words

    def name(one: Requirement) -> Cell:
        return Cell(one.id, link_to("requirement", one.id), mark="EXAMPLE" if one.example else "")

    columns = (
        Column("id", words("Requirement"), name),
        Column("text", words("Text"), lambda r: Cell(r.text)),
        Column("characteristic", words("Characteristic"), lambda r: Cell(r.characteristic)),
        Column("lower", words("Limits"), lambda r: Cell(limits_text(r)), sorts=False),
        Column("source", words("Source"), lambda r: Cell(r.source)),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
    )
    return Listing("/programme/requirements", words("Requirements"), columns, (choice_of(visit, connection),))
