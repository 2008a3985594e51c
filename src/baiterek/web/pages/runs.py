"""Runs: recorded with procedure, configuration, operators and data; judged against the limits of what they measured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import cite
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.programme.matrix import limits_of
from baiterek.campaign.programme.records import Case, Requirement, Run
from baiterek.campaign.programme.verification import Limits, Method, Result, Stage, beyond
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.errors import BadValue, Denied
from baiterek.web.forms import Id, Long, Revision, Several, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.cases import TONES
from baiterek.web.pages.programme import DOORS, choice_of
from baiterek.web.pages.requirements import limits_text
from baiterek.web.subject import allowed, around
from baiterek.web.templating import instant
from baiterek.web.uploads import keep
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
UPLOADS = frozenset({"/programme/run/record"})
"""Where files come in."""
SEARCHED = ("id", "test_case", "title", "procedure", "configuration", "operators", "conclusion")
NOT_JUDGED = "-"


@router.get("/programme/runs")
def runs(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit, look), wanted, lambda asked: page(look, Run, asked, SEARCHED, above=(Case, "test_case")),
            template="family.html", doors=DOORS,
        )  # fmt: skip


@router.get("/programme/run")
def run_page(visit: Reader, id: Id) -> Response:
    """One run: what was measured against which limits, the data, the judgement."""
    with visit.database.reading() as look:
        found = reading.get(look, Run, id)
        case = reading.get(look, Case, found.test_case)
        needs = reading.among(look, Requirement, "id", case.requirements)
        return visit.page(
            "run.html", run=found, case=case, needs=[(need, limits_text(need), _outside(found, need)) for need in needs],
            results=list(Result), tones=TONES, clocks=CLOCKS, doors=DOORS, **around(visit, look, found),
        )  # fmt: skip


@router.get("/programme/run/new")
def new_page(visit: Reader, case: Id) -> Response:
    """A form for a run of a case."""
    with visit.database.reading() as look:
        of = reading.get(look, Case, case)
        needs = reading.among(look, Requirement, "id", of.requirements)
    blank = Run("", of.id, of.part, of.procedure, (), (), "", example=of.example)
    return visit.page(
        "new_run.html", run=blank, case=of, needs=[(need, limits_text(need), "") for need in needs], clocks=CLOCKS,
        may=allowed(visit, of.part), doors=DOORS,
    )  # fmt: skip


@router.post("/programme/run/record")
def record(
    visit: Writer, id: Short, case: Short, revision: Revision, procedure: Short, configuration: Long, operators: Long,
    started: Short, clock: Short, ended: Short = "", need: Several = [], value: Several = [],  # noqa: B006
    files: Annotated[list[UploadFile], File()] = [], note: Long = "", reason: Long = "",  # noqa: B006
) -> Response:  # fmt: skip
    """A run with its data, or a correction of one that was not judged."""
    with visit.database.reading() as look:
        of = reading.get(look, Case, case)
    why = denial(visit.acting, Action.DRAFT, of.part)
    if why:  # asked before a byte is stored, and again in the change itself
        raise Denied(f"test_run {id}", why)
    made = Run(
        id, of.id, of.part, procedure, parts_of(configuration), parts_of(operators), read_local(started, clock, "started"),
        read_local(ended, clock, "ended") if ended else None, {n: v for n, v in zip(need, value) if v}, example=of.example,
    )  # fmt: skip
    kept = keep(visit.database.evidence, files) if any(file.filename for file in files) else None
    with visit.writing() as change:
        programme.draft(change, made, reason, revision)
        if kept is not None:
            cite(change, kept, id, None, note, "test_run")
    return went(visit, link_to("test_run", id))


@router.post("/programme/run/judge")
def judge(
    visit: Writer, id: Short, revision: Revision, result: Annotated[Result, Form()], conclusion: Long = ""
) -> Response:  # fmt: skip
    """What the run came to."""
    with visit.writing() as change:
        programme.judge(change, visit.database.evidence, id, result, conclusion, revision)
    return went(visit, link_to("test_run", id))


def read_local(text: str, clock: str, key: str) -> str:
    """What a clock of one of the places showed, as the record writes instants."""
    if clock not in CLOCKS:
        raise BadValue("clock", "", clock, ", ".join(CLOCKS))
    try:
        shown = datetime.fromisoformat(text)
        at = (shown if shown.tzinfo else shown.replace(tzinfo=ZoneInfo(CLOCKS[clock]))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(key, "", text or "nothing", "a day and a time: 2026-03-01T10:00") from None
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _outside(run: Run, need: Requirement) -> str:
    """Why the value does not keep the limits of the requirement; nothing where it does, or was not yet to be."""
    limits: dict[str, Limits] = limits_of([need])
    return next(iter(beyond(run.measured, limits)), "")


def _listing(visit: Visit, connection: Any) -> Listing:
    words = visit.words

    def name(one: Run) -> Cell:
        return Cell(one.id, link_to("test_run", one.id), mark="EXAMPLE" if one.example else "")

    def result(one: Run) -> Cell:
        if one.result is None:
            return Cell(words("not judged"))
        return Cell(named(words, one.result), tone=TONES[one.result], note=one.conclusion)

    columns = (
        Column("id", words("Run"), name),
        Column("test_case", words("Case"), lambda r: Cell(r.test_case, link_to("test_case", r.test_case))),
        Column("started_at", words("Began"), lambda r: Cell(instant(words, r.started_at, whole=False))),
        Column("procedure", words("Procedure"), lambda r: Cell(r.procedure)),
        Column("operators", words("Operators"), lambda r: Cell("; ".join(r.operators)), sorts=False),
        Column("result", words("Result"), result),
    )
    choices = (
        choice_of(visit, connection),
        Choice("stage", words("Stage"), {stage: named(words, stage) for stage in Stage}),
        Choice("method", words("Method"), {method: named(words, method) for method in Method}),
        Choice(
            "result", words("Result"), {**{one: named(words, one) for one in Result}, NOT_JUDGED: words("not judged")}
        ),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
    )  # fmt: skip
    return Listing("/programme/runs", words("Runs"), columns, choices)
