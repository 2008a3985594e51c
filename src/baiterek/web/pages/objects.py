"""The register: the list of ground objects, and tables of them that come in."""

from __future__ import annotations

from collections import Counter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex import register
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.rows.listing import alike, page
from baiterek.campaign.sheets import Line
from baiterek.errors import InputError, Refused
from baiterek.web.forms import Long, Short, went
from baiterek.web.labels import named
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.uploads import table_file
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "name", "kind", "owner", "designer", "systems", "documents")
SHOWN = 500
"""Rows of a table that its dry run lists; refused ones come first."""


@router.get("/objects")
def objects(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        systems = sorted({system for kind in alike(look) for system in kind.systems})
        listing = _listing(visit, systems)
        return listed(visit, listing, wanted, lambda asked: page(look, GroundObject, asked, SEARCHED), template="objects.html")


@router.get("/objects/import")
def import_page(visit: Reader) -> Response:
    """Where to give a table."""
    return visit.page("import.html", counts=None, rows=[], entered=False, why="", columns=register.COLUMNS)


@router.post("/objects/import")
def import_table(
    visit: Writer, file: Annotated[UploadFile, File()], do: Annotated[str, Form(pattern="^(try|enter)$")] = "try",
    reason: Long = "",
) -> Response:  # fmt: skip
    """What each row of a table would do; with `do=enter` it is entered, all of it or nothing."""
    try:
        with table_file(file) as path:
            lines = register.read_register(path)
    except InputError as failure:
        why = str(failure).replace(f"{failure.file}: ", "", 1)
        return visit.page("import.html", 400, counts=None, rows=[], entered=False, why=why, columns=register.COLUMNS)
    name = file.filename or ""
    with visit.writing() as change:
        proposals = register.import_register(change, lines, reason or f"from {name}", dry_run=do == "try")
    counts = Counter(proposal.outcome for proposal in proposals)
    entered = do == "enter" and not counts["refused"]
    rows = sorted(proposals, key=lambda proposal: (proposal.outcome != "refused", proposal.row))
    status = 409 if counts["refused"] and do == "enter" else 200
    return visit.page(
        "import.html", status, counts=counts, rows=rows[:SHOWN], entered=entered, why="", columns=register.COLUMNS
    )


@router.get("/objects/new")
def new_page(visit: Reader) -> Response:
    """A form for one object."""
    return visit.page("new_object.html", sites=register.SITES, parts=list(Part))


@router.post("/objects/new")
def new(
    visit: Writer, id: Short, site: Short, kind: Short, name: Short, part: Annotated[Part, Form()], parent: Short = "",
    systems: Short = "", owner: Short = "", designer: Short = "", documents: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """One object, mounted: the rules of a table of one row."""
    values = (id, site, kind, name, part.value, parent, systems, owner, designer, documents)
    cells = dict(zip(("id", "site", "kind", "name", "part", "parent", "systems", "owner", "designer", "documents"), values))
    with visit.writing() as change:
        checked(register.import_register(change, [Line(1, cells)], reason), id)
    return went(visit, object_link(id))


def checked(proposals: list[register.Proposal], id: str) -> None:
    """Refuses with the reason of the only row."""
    if proposals[0].outcome == "refused":
        raise Refused(f"ground_object {id}", proposals[0].why)


def object_link(id: str) -> str:
    """The page of an object."""
    return f"/object?{urlencode({'id': id})}"


def _listing(visit: Visit, systems: list[str]) -> Listing:
    words = visit.words

    def name(record: GroundObject) -> Cell:
        return Cell(record.name, object_link(record.id), mark="EXAMPLE" if record.example else "")

    columns = (
        Column("id", words("Object"), lambda r: Cell(r.id, object_link(r.id))),
        Column("name", words("Name"), name),
        Column("site", words("Site"), lambda r: Cell(r.site)),
        Column("kind", words("Kind"), lambda r: Cell(named(words, r.kind))),
        Column("systems", words("Systems"), lambda r: Cell(", ".join(r.systems)), sorts=False),
        Column("part", words("Part"), lambda r: Cell(named(words, r.part))),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
    )
    choices = (
        Choice("site", words("Site"), {site: site for site in register.SITES}),
        Choice("state", words("State"), {state: named(words, state) for state in State}),
        Choice("systems", words("System"), {system: system for system in systems}),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
    )
    return Listing("/objects", words("Ground objects"), columns, choices)
