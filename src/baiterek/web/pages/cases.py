"""Cases of a programme: tests, analyses, reviews and inspections, and what their last runs came to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.programme.matrix import last_runs
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run
from baiterek.campaign.programme.verification import Method, Result, Stage
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import Asked, Found, page
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import anchors, link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.programme import DOORS, choice_of
from baiterek.web.pages.requirements import limits_text
from baiterek.web.subject import allowed, around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "title", "procedure", "requirements", "objects", "answers")
TONES = {Result.PASSED: "good", Result.FAILED: "bad", Result.ABORTED: "bad"}


@router.get("/programme/cases")
def cases(visit: Reader, wanted: List) -> Response:
    """The list."""
    last: dict[str, Run] = {}
    with visit.database.reading() as look:

        def find(asked: Asked) -> Found:
            found = page(look, Case, asked, SEARCHED)
            last.update(last_runs(look, found.rows))
            return found

        return listed(visit, _listing(visit, look, last), wanted, find, template="family.html", doors=DOORS)


@router.get("/programme/case")
def case_page(visit: Reader, id: Id) -> Response:
    """One case: what it shows of what, and its runs."""
    with visit.database.reading() as look:
        found = reading.get(look, Case, id)
        runs = sorted(reading.every(look, Run, test_case=id), key=lambda run: (run.started_at, run.id), reverse=True)
        return visit.page(
            "case.html", case=found, runs=runs, requirements=reading.among(look, Requirement, "id", found.requirements),
            limits_text=limits_text, tones=TONES, answered=_answered(found),
            **_choices(look), doors=DOORS, **around(visit, look, found),
        )  # fmt: skip


@router.get("/programme/case/new")
def new_page(visit: Reader, programme: Id) -> Response:
    """A form for one case of a programme."""
    with visit.database.reading() as look:
        above = reading.get(look, Programme, programme)
        choices = _choices(look)
    blank = Case("", above.id, "", Stage.AUTONOMOUS, Method.TEST, above.part, example=above.example)
    return visit.page("new_case.html", case=blank, above=above, may=allowed(visit, above.part), doors=DOORS, **choices)


@router.post("/programme/case/draft")
def draft(
    visit: Writer, id: Short, programme_id: Short, revision: Revision, title: Short, stage: Annotated[Stage, Form()],
    method: Annotated[Method, Form()], requirements: Long = "", objects: Long = "", procedure: Short = "",
    organisation: Short = "", answers: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A new case of one's own part, or a correction of it; one that is added to an approved programme says what it answers."""
    with visit.writing() as change:
        above = reading.get(change.connection, Programme, programme_id)
        old = reading.find(change.connection, Case, id)
        made = Case(
            id, above.id, title, stage, method, old.part if old else visit.acting.part or above.part, parts_of(requirements),
            parts_of(objects), procedure, organisation or None, answers, above.example,
        )  # fmt: skip
        programme.draft(change, made, reason, revision)
    return went(visit, link_to("test_case", id))


def _choices(connection: Any) -> dict[str, Any]:
    """What the fields of a case are chosen from."""
    return {"stages": list(Stage), "methods": list(Method), "organisations": reading.every(connection, Organisation)}


def _answered(case: Case) -> str:
    """Where that is which an added case answers."""
    entity, _, id = case.answers.partition(":")
    return link_to(entity, id)


def result_cell(visit: Visit, run: Run | None) -> Cell:
    """What a run came to; that there is none."""
    words = visit.words
    if run is None:
        return Cell(words("not run"), tone="soft")
    if run.result is None:
        return Cell(words("not judged"), link_to("test_run", run.id), note=run.id)
    return Cell(named(words, run.result), link_to("test_run", run.id), tone=TONES[run.result], note=run.id)


def _listing(visit: Visit, connection: Any, last: dict[str, Run]) -> Listing:
    words = visit.words

    def name(one: Case) -> Cell:
        return Cell(one.title, link_to("test_case", one.id), mark="EXAMPLE" if one.example else "")

    columns = (
        Column("id", words("Case"), lambda r: Cell(r.id, link_to("test_case", r.id))),
        Column("title", words("Title"), name),
        Column("stage", words("Stage"), lambda r: Cell(named(words, r.stage))),
        Column("method", words("Method"), lambda r: Cell(named(words, r.method))),
        Column("requirements", words("Requirements"), lambda r: Cell(anchors("requirement", r.requirements)), sorts=False),
        Column("last", words("Last run"), lambda r: result_cell(visit, last.get(r.id)), sorts=False),
        Column("answers", words("Answers"), lambda r: Cell(r.answers)),
    )
    choices = (
        choice_of(visit, connection),
        Choice("stage", words("Stage"), {stage: named(words, stage) for stage in Stage}),
        Choice("method", words("Method"), {method: named(words, method) for method in Method}),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
    )
    return Listing("/programme/cases", words("Cases"), columns, choices)
