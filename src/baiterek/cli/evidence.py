"""Evidence: attached by its content, checked by its hash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge, app
from baiterek.cli.record import As, actor, on_record, say_row
from baiterek.cli.words import Json, choice, progress, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

evidence = typer.Typer(cls=Edge, no_args_is_help=True, help="What shows a claim, by the hash of its content.")
app.add_typer(evidence, name="evidence")

TO_HELP = "What cites it: an object by its id, anything else by kind and id, as test_run:T-1, remark:M-1."


@evidence.command()
@on_record
def attach(
    database: Database,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file, or a folder as plan writes it.", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="[KIND:]ID", help=TO_HELP)],
    stage: Annotated[str | None, typer.Option("--stage", metavar="STATE", help="Of which tests: autonomous_tests.")] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What it shows.")] = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Copy a file or folder into the store under its hash, and cite it at an object, a run, a remark or another record."""
    from baiterek.campaign.complex.states import State
    from baiterek.campaign.evidence.store import attach as take

    state = choice(stage, State, "--stage") if stage else None
    entity, _, id = to.partition(":") if ":" in to else ("ground_object", "", to)  # names of rows have colons of their own
    with database.writing(actor(who)) as change:
        made = take(change, database.evidence, path, id, state, note, entity)
    say_row(made, f"{made.id}: {made.kind} {made.name}, {made.size} bytes, sha256 {made.sha256}", as_json)


@evidence.command()
@on_record
def verify(database: Database, as_json: Json = False) -> None:
    """Compute every hash again; exit status 1 if anything is missing or was changed, with all that cites it."""
    from baiterek.campaign.evidence.store import broken, cited

    with database.reading() as look:
        pieces = cited(look)
    faults = broken(database.evidence, pieces)
    rows = [
        {
            "evidence": f.evidence.id,
            "entity": f.evidence.entity,
            "cited_by": f.evidence.entity_id,
            "sha256": f.evidence.sha256,
            "file": f.file,
            "what": f.what,
        }
        for f in faults
    ]
    lines = [f"{f.evidence.entity} {f.evidence.entity_id}: {f.evidence.name}: {f.file} {f.what}" for f in faults]
    text = "\n".join([*lines, f"{'whole' if not faults else f'{len(faults)} broken'}: {len(pieces)} pieces of evidence"])
    say_result({"whole": not faults, "evidence": len(pieces), "broken": rows}, text, as_json)
    if faults:
        raise typer.Exit(1)


@evidence.command()
@on_record
def replay(
    database: Database,
    id: Annotated[str, typer.Argument(metavar="ID", help="Evidence that is a run's folder.", show_default=False)],
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=0.0, help="Part of its size by which a result may differ.")
    ] = 1e-6,
    as_json: Json = False,
) -> None:
    """Run the mission of a stored run again and compare; exit status 1 if a result differs by more than the tolerance."""
    from tempfile import TemporaryDirectory

    from baiterek.campaign.evidence.records import Evidence
    from baiterek.campaign.evidence.store import restore
    from baiterek.campaign.rows import reading
    from baiterek.study.replay import replay as again

    with database.reading() as look:
        piece = reading.get(look, Evidence, id)
    with TemporaryDirectory() as place, progress() as say:
        found = again(restore(database.evidence, piece, Path(place)), tolerance, say)
    lines = [f"another Baiterek made it: {item.what} {item.one}, here {item.other}" for item in found.other_machinery]
    lines += [f"{item.what}: {item.one}, here {item.other} {item.unit}".rstrip() for item in found.beyond]
    lines.append(f"holds within {tolerance:g} of each result" if found.holds else f"{len(found.beyond)} beyond {tolerance:g}")
    document: dict[str, Any] = {"holds": found.holds, "tolerance": tolerance, "same_machinery": not found.other_machinery}
    document |= {"beyond": [item.what for item in found.beyond], **found.difference.document()}
    say_result(document, "\n".join(lines), as_json)
    if not found.holds:
        raise typer.Exit(1)
