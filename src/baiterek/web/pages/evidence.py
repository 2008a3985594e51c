"""What shows a claim: the list, one piece with its files, and their contents, which a browser never runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, UploadFile
from starlette.responses import FileResponse, Response

from baiterek.campaign.evidence.glance import Memory, glance
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Broken, cite, citing_denial, fault_of, place
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.errors import Absent, Denied, Refused
from baiterek.web.forms import Id, Long, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.uploads import keep
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
UPLOADS = frozenset({"/evidence/attach"})
"""Where files come in."""
SEARCHED = ("id", "name", "entity_id", "sha256", "note")
AT_ONCE_bytes = 4 * 2**20
"""Read while a page is made; what is larger is read when the page asks for it."""
MEMORY: Memory = {}
SANDBOX = {"content-security-policy": "default-src 'none'; sandbox", "cache-control": "no-store"}


def standing(visit: Visit, piece: Evidence, most_bytes: int = AT_ONCE_bytes) -> list[Broken] | None:
    """What is broken of a piece; None where it takes a while to know."""
    return glance(visit.database.evidence, piece, MEMORY, most_bytes)


@router.get("/evidence")
def evidence(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(visit, _listing(visit), wanted, lambda asked: page(look, Evidence, asked, SEARCHED))


@router.post("/evidence/attach")
def attach(
    visit: Writer, entity: Short, id: Short, files: Annotated[list[UploadFile], File()], note: Long = ""
) -> Response:  # fmt: skip
    """Take a file, or the files of a folder, into the store, and cite it at whatever may cite evidence."""
    with visit.database.reading() as look:
        why = citing_denial(look, visit.acting, entity, id)
    if why:  # asked before a byte is stored, and again in the change itself
        raise Denied(f"{entity} {id}", why)
    kept = keep(visit.database.evidence, files)
    with visit.writing() as change:
        cite(change, kept, id, None, note, entity)
    return went(visit, link_to(entity, id))


@router.get("/evidence/piece")
def piece_page(visit: Reader, id: Id) -> Response:
    """One piece: its files and whether each is what was attached."""
    with visit.database.reading() as look:
        piece = reading.get(look, Evidence, id)
    return visit.page(
        "piece.html",
        piece=piece,
        cited_by=link_to(piece.entity, piece.entity_id),
        faults=standing(visit, piece),
        files=list(_files(visit, piece)),
    )


@router.get("/evidence/whole")
def whole(visit: Reader, id: Id) -> Response:
    """Whether a piece is whole, read however large it is: a fragment that a page fetches."""
    with visit.database.reading() as look:
        piece = reading.get(look, Evidence, id)
    return visit.page("whole.html", piece=piece, faults=standing(visit, piece, 2**63))


@router.get("/evidence/content")
def content(visit: Reader, id: Id, file: Id = "") -> Response:
    """A file of a piece, to be saved: no browser shows or runs it. A broken one is refused."""
    with visit.database.reading() as look:
        piece = reading.get(look, Evidence, id)
    sha256 = next((sha256 for name, _, sha256 in _files(visit, piece) if name == (file or piece.name)), None)
    if sha256 is None:
        raise Absent(f"evidence {id}", f"it has no file {file}")
    path = place(visit.database.evidence, sha256)
    what = fault_of(path, sha256)
    if what:
        raise Refused(f"evidence {id}", f"{file or piece.name} is {what}")
    name = PurePosixPath(file or piece.name).name
    headers = {**SANDBOX, "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _files(visit: Visit, piece: Evidence) -> Iterator[tuple[str, int, str]]:
    """Name, size and hash of each file; none where the list of a folder is itself broken."""
    if piece.kind == "file":
        yield piece.name, piece.size, piece.sha256
        return
    own = place(visit.database.evidence, piece.sha256)
    if fault_of(own, piece.sha256) is None:
        yield from json.loads(own.read_bytes())


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def state(piece: Evidence) -> Cell:
        faults = standing(visit, piece)
        if faults is None:
            return Cell(words("not read yet"), load=f"/evidence/whole?{urlencode({'id': piece.id})}")
        if faults:
            return Cell(f"{faults[0].file} {words.said(faults[0].what)}", tone="bad", mark="BROKEN")
        return Cell(words("whole"), tone="good")

    def name(piece: Evidence) -> Cell:
        return Cell(piece.name, f"/evidence/piece?{urlencode({'id': piece.id})}", note=words.said(piece.note))

    def cited_by(piece: Evidence) -> Cell:
        return Cell(piece.entity_id, link_to(piece.entity, piece.entity_id), note=named(words, piece.entity))

    columns = (
        Column("name", words("Name"), name),
        Column("kind", words("Kind"), lambda p: Cell(named(words, p.kind))),
        Column("size", words("Size, bytes"), lambda p: Cell(words.number(p.size))),
        Column("entity_id", words("Cited by"), lambda p: cited_by(p)),
        Column("stage", words("Shows"), lambda p: Cell(named(words, p.stage) if p.stage else "")),
        Column("whole", words("State"), state, sorts=False),
    )
    choices = (Choice("kind", words("Kind"), {kind: named(words, kind) for kind in ("file", "folder")}),)
    return Listing("/evidence", words("Evidence"), columns, choices)
