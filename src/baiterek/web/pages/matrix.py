"""The verification matrix: each requirement, stage and method with what it rests on, as stored and as it stands now."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.matrix import Row, as_cells, gather
from baiterek.campaign.programme.records import Requirement, Run, Verification
from baiterek.campaign.programme.steps import row_id
from baiterek.campaign.programme.verification import Compliance, Gate, Method, Stage
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import NOTHING, YES, Asked, Found, page
from baiterek.web.forms import Id, Long, Revision, Short, picked, went
from baiterek.web.labels import explained, named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.cases import TONES
from baiterek.web.pages.evidence import AT_ONCE_bytes, standing
from baiterek.web.pages.programme import DOORS, choice_of
from baiterek.web.pages.requirements import limits_text
from baiterek.web.subject import ALL_OF_IT, around, faults, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "text", "characteristic", "source", "reason")
IN_DOUBT = "in_doubt"
"""Closed, and what it rested on is not there any more."""


@router.get("/matrix")
def matrix(visit: Reader, wanted: List) -> Response:
    """The list; what is taken away has every piece of its evidence read."""
    most = AT_ONCE_bytes if wanted.form == "page" else ALL_OF_IT
    with visit.database.reading() as look:

        def find(asked: Asked) -> Found:
            doubted = asked.where.get("closed") == IN_DOUBT
            where = {**asked.where, "closed": YES} if doubted else asked.where
            cut = Asked(asked.text, where, asked.sort, asked.descending) if doubted else asked
            found = page(look, Verification, cut, SEARCHED, above=(Requirement, "requirement"))
            rows = gather(look, today(), faults(visit, most), rows=found.rows)
            if not doubted:
                return Found(rows, found.total)
            rows = [row for row in rows if row.standing == IN_DOUBT]
            end = None if asked.most is None else asked.start + asked.most
            return Found(rows[asked.start : end], len(rows))

        return listed(visit, _listing(visit, look), wanted, find, template="family.html", doors=DOORS)


@router.get("/matrix/row")
def row_page(visit: Reader, id: Id) -> Response:
    """One row: what it rests on, and its compliance."""
    with visit.database.reading() as look:
        one = reading.get(look, Verification, id)
        (found,) = gather(look, today(), faults(visit), rows=[one])
        last = {run.test_case: run for run in found.runs}
        return visit.page(
            "row.html", row=found, one=one, need=found.requirement, limits=limits_text(found.requirement),
            cases=[(case, last.get(case.id)) for case in found.cases], tones=TONES, compliances=list(Compliance),
            gates=list(Gate), organisations=reading.every(look, Organisation),
            rests=[(piece, standing(visit, piece)) for piece in found.evidence if piece.entity == "test_run"],
            doors=DOORS, **around(visit, look, one),
        )  # fmt: skip


@router.post("/matrix/draft")
def draft(
    visit: Writer, requirement: Short, stage: Annotated[Stage, Form()], method: Annotated[Method, Form()], revision: Revision,
    due_gate: Short = "", organisation: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A row of the matrix of one's own part, or another due gate or organisation of it."""
    id = row_id(requirement, stage, method)
    with visit.writing() as change:
        need = reading.get(change.connection, Requirement, requirement)
        old = reading.find(change.connection, Verification, id)
        made = Verification(
            id, need.id, stage, method, old.part if old else visit.acting.part or need.part, picked(due_gate, Gate, "due_gate"),
            organisation or None, example=need.example,
        )  # fmt: skip
        programme.draft(change, made, reason, revision)
    return went(visit, link_to("verification", id))


@router.post("/matrix/assess")
def assess(
    visit: Writer, id: Short, revision: Revision, compliance: Annotated[Compliance, Form()],
    close: Annotated[bool, Form()] = False, reason: Long = "",
) -> Response:  # fmt: skip
    """Whether the row complies, closed with it or left open."""
    with visit.writing() as change:
        programme.assess(change, visit.database.evidence, id, compliance, close, reason, revision)
    return went(visit, link_to("verification", id))


@router.post("/matrix/reopen")
def reopen(visit: Writer, id: Short, revision: Revision, reason: Long = "") -> Response:
    """Open a row again."""
    with visit.writing() as change:
        programme.reopen(change, id, reason, revision)
    return went(visit, link_to("verification", id))


def _listing(visit: Visit, connection: Any) -> Listing:
    words = visit.words

    def requirement(row: Row) -> Cell:
        one, need = row.verification, row.requirement
        return Cell(need.id, link_to("verification", one.id), note=need.text, mark="EXAMPLE" if one.example else "")

    def compliance(row: Row) -> Cell:
        one = row.verification
        tone = {Compliance.YES: "good", Compliance.NO: "bad"}.get(one.compliance, "") if one.compliance else "soft"
        return Cell(named(words, one.compliance) if one.compliance else words("not said"), tone=tone)

    def close_out(row: Row) -> Cell:
        doubt = row.doubt
        tone = {"closed": "good", IN_DOUBT: "bad"}.get(row.standing, "")
        return Cell(named(words, row.standing), tone=tone, note=explained(words, doubt) if doubt else row.verification.reason)

    def gate(row: Row) -> Cell:
        return Cell(row.verification.due_gate or "", note=", ".join(waiver.id for waiver in row.waivers))

    columns = (
        Column("requirement", words("Requirement"), requirement),
        Column("limits", words("Limits"), lambda r: Cell(limits_text(r.requirement), note=r.requirement.characteristic), False),
        Column("stage", words("Stage"), lambda r: Cell(named(words, r.verification.stage))),
        Column("method", words("Method"), lambda r: Cell(named(words, r.verification.method))),
        Column("runs", words("Runs"), lambda r: Cell(_runs(visit, r)), sorts=False),
        Column("evidence", words("Evidence"), lambda r: Cell(_evidence(visit, r)), sorts=False),
        Column("compliance", words("Compliance"), compliance),
        Column("closed", words("Close-out"), close_out),
        Column("due_gate", words("Due"), gate),
    )
    none = {NOTHING: words("none yet")}
    firms = {one.id: words.said(one.name) for one in reading.every(connection, Organisation)}
    standings = {"no": named(words, "open"), YES: named(words, "closed"), IN_DOUBT: named(words, IN_DOUBT)}
    choices = (
        choice_of(visit, connection),
        Choice("stage", words("Stage"), {one: named(words, one) for one in Stage}),
        Choice("method", words("Method"), {one: named(words, one) for one in Method}),
        Choice("compliance", words("Compliance"), {**{one: named(words, one) for one in Compliance}, **none}),
        Choice("closed", words("Close-out"), standings),
        Choice("due_gate", words("Due at gate"), {**{one: named(words, one) for one in Gate}, **none}),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
        Choice("organisation", words("Organisation"), {NOTHING: words("nobody is named"), **firms}),
    )
    return Listing("/matrix", words("Verification matrix"), columns, choices, as_cells)


def _runs(visit: Visit, row: Row) -> Markup:
    """The last run of each case, or that there is none."""
    words, last = visit.words, {run.test_case: run for run in row.runs}
    if not row.cases:
        return Markup('<span class="soft">{}</span>').format(words("no case"))
    return Markup("<br>").join(_run(visit, case.id, last.get(case.id)) for case in row.cases)


def _run(visit: Visit, case: str, run: Run | None) -> Markup:
    words = visit.words
    if run is None:
        return Markup('<a href="{}">{}</a> <span class="soft">{}</span>').format(
            link_to("test_case", case), case, words("not run")
        )
    said = named(words, run.result) if run.result else words("not judged")
    tone = TONES[run.result] if run.result else "soft"
    return Markup('<a href="{}">{}</a> <span class="{}">{}</span>').format(link_to("test_run", run.id), run.id, tone, said)


def _evidence(visit: Visit, row: Row) -> Markup:
    """Each piece, with a mark where it is broken or was not read."""
    words = visit.words
    shown = []
    for piece in row.evidence:
        link = Markup('<a href="{}">{}</a>').format(link_to("evidence", piece.id), piece.name)
        known = standing(visit, piece)
        if known is None:
            link += Markup(' <span class="soft">{}</span>').format(words("not read yet"))
        elif known:
            link += Markup(' <span class="tag bad">{}</span>').format(words("BROKEN"))
        shown.append(link)
    return Markup("<br>").join(shown)
