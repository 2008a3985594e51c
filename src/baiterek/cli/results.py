"""Results of a flight: planned against measured, as evidence of the results gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import As, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

result = typer.Typer(cls=Edge, no_args_is_help=True, help="Results of a flight: planned against measured.")
record.add_typer(result, name="result")

RUN_HELP = "Results folder that was planned with, as plan writes it."
MEASURED_HELP = "Measured values with sigma and source, .toml, .csv or .xlsx."
DISPERSED_HELP = "Results folder of monte-carlo: sigmas of the plan."
CRITERION_HELP = "Entry of the checklist of G5; default: the conclusion asked of one's own part."


@result.command()
@on_record
def enter(
    database: Database,
    id: Id,
    flight: Annotated[str, typer.Option("--flight", metavar="ID", help="Which flight.")],
    run: Annotated[Path, typer.Option("--run", metavar="DIR", help=RUN_HELP)],
    measured: Annotated[Path, typer.Option("--measured", metavar="FILE", help=MEASURED_HELP)],
    dispersed: Annotated[Path | None, typer.Option("--dispersed", metavar="DIR", help=DISPERSED_HELP)] = None,
    criterion: Annotated[str, typer.Option("--criterion", metavar="ID", help=CRITERION_HELP)] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What to say of it.")] = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Compare a flight with its plan; run, measured values and comparison are kept by hash, and cited at the gate."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.evidence.store import keep_path
    from baiterek.campaign.results import enter as verbs
    from baiterek.campaign.results.compare import compare, counts
    from baiterek.campaign.results.measured import read_measured
    from baiterek.campaign.results.records import FlightResult
    from baiterek.study import read
    from baiterek.study.planned import planned

    acting = actor(who)
    rows = compare(planned(read(run), dispersed), read_measured(measured))
    with database.writing(acting) as change:
        entry = criterion or verbs.entry_for(change.connection, flight, acting.part)
        asked = FlightResult(id, flight, acting.part or Part.RU, entry, run.resolve().name, "", "", note=note)
        first, second = keep_path(database.evidence, run), keep_path(database.evidence, measured)
        made = verbs.enter(change, database.evidence, asked, first, second, rows)
    said = ", ".join(f"{count} {standing.replace('_', ' ')}" for standing, count in counts(rows).items() if count)
    text = f"{made.id}: {len(rows)} quantities, {said}; evidence of {made.criterion}{marked([made])}"
    say_row(made, text, as_json)


@result.command("list")
@on_record
def list_results(database: Database, as_json: Json = False) -> None:
    """Results of flights: of which, planned with which run, how the quantities stand."""
    from baiterek.campaign.results.compare import counts
    from baiterek.campaign.results.records import FlightResult
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.every(look, FlightResult)
    lines = [
        f"{one.id:<14} {one.flight:<10} {one.run:<40} "
        + ", ".join(f"{count} {standing.replace('_', ' ')}" for standing, count in counts(one.rows).items() if count)
        for one in found
    ]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} results{marked(found)}"]), as_json)


@result.command()
@on_record
def show(
    database: Database,
    id: Id,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it, .csv, .xlsx or .json.")] = None,
    as_json: Json = False,
) -> None:
    """Planned against measured: differences in units and in sigmas; what is missing is a dash."""
    from baiterek.campaign.results.enter import write_rows
    from baiterek.campaign.results.records import FlightResult
    from baiterek.campaign.rows import reading

    with database.reading() as look:
        found = reading.get(look, FlightResult, id)
    if out is not None:
        write_rows(out, found)
    lines = [f"{'quantity':<34} {'unit':<5} {'planned':>13} {'measured':>13} {'difference':>13} {'sigmas':>8}  standing"]
    lines += [
        f"{row['quantity']:<34} {row['unit']:<5} {row['planned'] or '-':>13} {row['measured'] or '-':>13} "
        f"{row['difference'] or '-':>13} {row['in_sigmas'][:8] or '-':>8}  {row['standing'].replace('_', ' ')}"
        for row in found.rows
    ]
    last = f"{found.id} of flight {found.flight}, planned with {found.run}{f', in {out}' if out else ''}{marked([found])}"
    say_row(found, "\n".join([*([] if out else lines), last]), as_json)
