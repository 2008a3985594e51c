"""The programme of flight tests: drafted one by one or as tables, approved, run, judged; its verification matrix."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.record import MARK, As, Clock, Reason, actor, marked, on_record, record, say_import, say_row
from baiterek.cli.words import Json, choice, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database
    from baiterek.campaign.programme.matrix import Row

programme = typer.Typer(cls=Edge, no_args_is_help=True, help="The programme of flight tests and its verification matrix.")
record.add_typer(programme, name="programme")

Id = Annotated[str, typer.Argument(metavar="ID", help="Its id.", show_default=False)]
Table = Annotated[Path, typer.Argument(metavar="FILE", help="Table, .csv or .xlsx.", show_default=False)]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="requirements, rows, cases or runs.", show_default=False)]
Of = Annotated[str | None, typer.Option("--programme", metavar="ID", help="Only of that programme.")]


@programme.command("draft")
@on_record
def draft_programme(
    database: Database,
    id: Id,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What it is called.")],
    document: Annotated[str, typer.Option("--document", metavar="TEXT", help="Number and revision of the document.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """A new programme of one's own part, or a correction of it; requirements and cases come as tables (`import`)."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.programme.records import Programme
    from baiterek.campaign.programme.steps import draft

    acting = actor(who)
    with database.writing(acting) as change:
        made = draft(change, Programme(id, name, document, acting.part or Part.KZ), reason)
    say_row(made, f"{made.id}: {made.name}, {made.document}", as_json)


@programme.command()
@on_record
def approve(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """The approval of one's own part; with both of them, an added case names what it answers."""
    from baiterek.campaign.programme.steps import approve as take

    with database.writing(actor(who)) as change:
        made = take(change, id, reason)
    said = "approved by both parts" if made.approved else "approved by one part, the other has not said so"
    say_row(made, f"{made.id}: {said}{marked([made])}", as_json)


@programme.command("import")
@on_record
def import_table(
    database: Database,
    kind: Kind,
    file: Table,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what each row would do; change nothing.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Draft a table of requirements, rows of the matrix, cases or runs: all of it, or nothing (exit status 2)."""
    from baiterek.campaign.programme.drafts import import_drafts, read_drafts

    known = _kind(kind)
    lines = read_drafts(file, known)
    with database.writing(actor(who)) as change:
        proposals = import_drafts(change, known, lines, reason or f"from {file.name}", dry_run)
    say_import(file, proposals, dry_run, as_json)


@programme.command("export")
@on_record
def export_table(database: Database, kind: Kind, file: Table, as_json: Json = False) -> None:
    """Write requirements, rows, cases or runs as a table that `import` takes back."""
    from baiterek.campaign.programme.drafts import write_drafts
    from baiterek.campaign.rows import reading

    known = _kind(kind)
    with database.reading() as look:
        found = reading.every(look, known)
    write_drafts(file, known, found)
    say_result({"file": str(file), kind: len(found)}, f"{len(found)} {kind} in {file}{marked(found)}", as_json)


@programme.command("example")
@on_record
def enter_example(database: Database, who: As = "", as_json: Json = False) -> None:
    """Enter a generated programme of one's own part to try things with; every row of it is marked."""
    from baiterek.campaign.programme.example import enter_example as enter

    with database.writing(actor(who)) as change:
        made = enter(change, database.evidence)
    say_row(made, f"{made.id} entered{marked([made])}", as_json)


@programme.command("list")
@on_record
def list_programmes(database: Database, as_json: Json = False) -> None:
    """Programmes: who has approved them, and how many cases of each stage have passed."""
    from baiterek.campaign.programme.matrix import last_runs
    from baiterek.campaign.programme.records import Case, Programme
    from baiterek.campaign.programme.verification import Result, Stage
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.every(look, Programme)
        cases = reading.every(look, Case)
        last = last_runs(look, cases)
    document, lines = [], []
    for one in found:
        of_it = [case for case in cases if case.programme == one.id]
        passed = [case for case in of_it if case.id in last and last[case.id].result is Result.PASSED]
        stages = {
            stage.value: {"cases": sum(c.stage is stage for c in of_it), "passed": sum(c.stage is stage for c in passed)}
            for stage in Stage
        }
        document.append({**as_row(one), "stages": stages})
        by = " and ".join(part for part, at in (("RU", one.approved_ru), ("KZ", one.approved_kz)) if at) or "nobody yet"
        lines.append(f"{one.id} {MARK + ' ' if one.example else ''}{one.name}, {one.document}; approved by {by}")
        lines += [f"  {stage:<14}{counts['passed']:>4} of {counts['cases']} cases passed" for stage, counts in stages.items()]
    say_result(document, "\n".join([*lines, f"{len(found)} programmes{marked(found)}"]), as_json)


@programme.command()
@on_record
def runs(
    database: Database,
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Only of that case.")] = None,
    clock: Clock = "utc",
    as_json: Json = False,
) -> None:
    """Runs: when, of which case, by whom, what was measured, what they came to, broken evidence."""
    from baiterek.campaign.clocks import read_clock, shown
    from baiterek.campaign.evidence.records import Evidence
    from baiterek.campaign.evidence.store import broken
    from baiterek.campaign.programme.drafts import as_text
    from baiterek.campaign.programme.records import Run
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    zone = read_clock(clock, "--clock")
    with database.reading() as look:
        found = reading.every(look, Run, **({"test_case": case} if case else {}))
        pieces = reading.every(look, Evidence, entity="test_run")
    names = {run.id for run in found}
    bad = Counter(f.evidence.entity_id for f in broken(database.evidence, (p for p in pieces if p.entity_id in names)))
    lines = [
        f"{run.id:<14} {shown(run.started_at, zone)}  {run.test_case:<14} {run.result or 'not judged':<10} "
        f"{MARK + ' ' if run.example else ''}{as_text(run.measured)}{_broken(bad[run.id])}".rstrip()
        for run in found
    ]
    document = [{**as_row(run), "broken_evidence": bad[run.id]} for run in found]
    say_result(document, "\n".join([*lines, f"{len(found)} runs{marked(found)}"]), as_json)


@programme.command()
@on_record
def judge(
    database: Database,
    id: Id,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="passed, failed or aborted.", show_default=False)],
    conclusion: Annotated[str, typer.Option("--conclusion", metavar="TEXT", help="What the run came to.")],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Judge a run: one that passed has whole data, and its measured values keep their limits (else exit status 1)."""
    from baiterek.campaign.programme.steps import judge as take
    from baiterek.campaign.programme.verification import Result

    with database.writing(actor(who)) as change:
        made = take(change, database.evidence, id, choice(result, Result, "RESULT"), conclusion)
    say_row(made, f"{made.id}: {made.result}{marked([made])}", as_json)


@programme.command()
@on_record
def assess(
    database: Database,
    id: Annotated[str, typer.Argument(metavar="ROW", help="REQUIREMENT:STAGE:METHOD.", show_default=False)],
    compliance: Annotated[str, typer.Argument(metavar="COMPLIANCE", help="yes, partial or no.", show_default=False)],
    close: Annotated[bool, typer.Option("--close", help="Close the row with it.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Say whether a row of the matrix complies, and close it; short of yes it closes under an active waiver alone."""
    from baiterek.campaign.programme.steps import assess as take
    from baiterek.campaign.programme.verification import Compliance

    with database.writing(actor(who)) as change:
        made = take(change, database.evidence, id, choice(compliance, Compliance, "COMPLIANCE"), close, reason)
    text = f"{made.id}: compliance {made.compliance}, {'closed' if made.closed else 'open'}{marked([made])}"
    say_row(made, text, as_json)


@programme.command()
@on_record
def reopen(
    database: Database,
    id: Annotated[str, typer.Argument(metavar="ROW", help="REQUIREMENT:STAGE:METHOD.", show_default=False)],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Open a row of the matrix that was closed, or assessed."""
    from baiterek.campaign.programme.steps import reopen as take

    with database.writing(actor(who)) as change:
        made = take(change, id, reason)
    say_row(made, f"{made.id}: open{marked([made])}", as_json)


@programme.command()
@on_record
def matrix(
    database: Database,
    of: Of = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it as a table, .csv or .xlsx.")] = None,
    as_json: Json = False,
) -> None:
    """The verification matrix: each requirement, stage and method with runs, evidence, compliance and close-out."""
    from datetime import UTC, datetime

    from baiterek.campaign.evidence.store import broken
    from baiterek.campaign.programme.matrix import as_cells, write_matrix
    from baiterek.campaign.programme.matrix import matrix as gathered

    with database.reading() as look:
        rows = gathered(look, lambda pieces: broken(database.evidence, pieces), datetime.now(UTC).date().isoformat(), of)
    if out is not None:
        write_matrix(out, rows)
    counts = Counter(row.standing for row in rows)
    said = ", ".join(f"{counts[standing]} {standing.replace('_', ' ')}" for standing in ("closed", "open", "in_doubt"))
    last = f"{len(rows)} rows: {said}{marked(row.verification for row in rows)}" + (f"; in {out}" if out else "")
    text = "\n".join([*([] if out else map(_line, rows)), last])
    say_result([{**as_cells(row), "standing": row.standing} for row in rows], text, as_json)


def _kind(word: str) -> Any:
    from baiterek.campaign.programme.drafts import KINDS
    from baiterek.errors import BadValue

    if word not in KINDS:
        raise BadValue("command line", "KIND", word, ", ".join(KINDS))
    return KINDS[word]


def _broken(count: int) -> str:
    return f"  BROKEN EVIDENCE ({count})" if count else ""


def _line(row: Row) -> str:
    one = row.verification
    parts = [f"{one.id:<34} {one.compliance or '-':<8} {row.standing.replace('_', ' '):<9} {one.due_gate or '-':<3}"]
    parts += [MARK] * one.example + [row.requirement.text]
    judged = ", ".join(f"{run.id} {run.result or 'not judged'}" for run in row.runs)
    parts += [f"[{judged}]"] if judged else []
    return " ".join(parts) + (f"  {row.doubt}" if row.doubt else "") + _broken(len(row.shown.broken))
