"""The register of ground objects: in, out, listed, and step by step into flight tests."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.record import MARK, As, Reason, actor, marked, on_record, record, say_import, say_row
from baiterek.cli.words import Json, choice, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.complex.records import GroundObject
    from baiterek.campaign.complex.states import State
    from baiterek.campaign.log.database import Database

objects = typer.Typer(cls=Edge, no_args_is_help=True, help="The ground objects of the complex.")
record.add_typer(objects, name="objects")

Table = Annotated[Path, typer.Argument(metavar="FILE", help="Table, .csv or .xlsx.", show_default=False)]
Object = Annotated[str, typer.Argument(metavar="OBJECT", help="Its id.", show_default=False)]
Site = Annotated[str | None, typer.Option("--site", metavar="SITE", help="Only of that site: 42, 43 or 45.")]


@objects.command("import")
@on_record
def import_table(
    database: Database,
    file: Table,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what each row would do; change nothing.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter a table: all of it, or nothing and why each refused row is refused (exit status 2)."""
    from baiterek.campaign.complex.register import import_register, read_register

    lines = read_register(file)
    with database.writing(actor(who)) as change:
        proposals = import_register(change, lines, reason or f"from {file.name}", dry_run)
    say_import(file, proposals, dry_run, as_json)


@objects.command("export")
@on_record
def export_table(database: Database, file: Table, site: Site = None, as_json: Json = False) -> None:
    """Write the register as a table that `import` takes back."""
    from baiterek.campaign.complex.register import write_register

    found = _found(database, site)
    write_register(file, found)
    say_result({"file": str(file), "objects": len(found)}, f"{len(found)} objects in {file}{marked(found)}", as_json)


@objects.command("example")
def example_table(file: Table, as_json: Json = False) -> None:
    """Write a generated register of 243 objects on three sites to try things with; every row is marked."""
    from baiterek.campaign.complex.example import example
    from baiterek.campaign.complex.register import write_register

    made = example()
    write_register(file, made)
    say_result({"file": str(file), "objects": len(made)}, f"{len(made)} objects in {file}{marked(made)}", as_json)


@objects.command("list")
@on_record
def list_objects(
    database: Database,
    site: Site = None,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help="Only in that state.")] = None,
    system: Annotated[str | None, typer.Option("--system", metavar="NAME", help="Only of that system.")] = None,
    as_json: Json = False,
) -> None:
    """Objects, each below the one that it belongs to, with its state and broken evidence."""
    from baiterek.campaign.complex.register import in_tree
    from baiterek.campaign.complex.states import State
    from baiterek.campaign.evidence.store import broken, cited
    from baiterek.campaign.rows.entities import as_row

    wanted = choice(state, State, "--state") if state else None
    found = [r for r in _found(database, site) if wanted in (None, r.state) and (not system or system in r.systems)]
    with database.reading() as look:
        of_objects = [piece for piece in cited(look) if piece.entity == "ground_object"]
    bad = Counter(fault.evidence.entity_id for fault in broken(database.evidence, of_objects))
    lines = [
        f"{'  ' * depth}{r.id:<12} {r.part} {r.state:<22} {MARK + ' ' if r.example else ''}{r.name}"
        f"{f'  BROKEN EVIDENCE ({bad[r.id]})' if bad[r.id] else ''}"
        for depth, r in in_tree(found)
    ]
    document = [{**as_row(r), "broken_evidence": bad[r.id]} for r in found]
    say_result(document, "\n".join([*lines, f"{len(found)} objects{marked(found)}"]), as_json)


@objects.command()
@on_record
def show(database: Database, object: Object, as_json: Json = False) -> None:
    """One object: what it is, its evidence and whether it is whole, its next steps and what stands in their way."""
    from baiterek.campaign.complex.records import GroundObject
    from baiterek.campaign.complex.states import STEPS, refusal
    from baiterek.campaign.complex.steps import shown_by, situation
    from baiterek.campaign.evidence.store import broken
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.get(look, GroundObject, object)
        pieces = shown_by(look, object)
        faults = {fault.evidence.id: fault for fault in broken(database.evidence, pieces)}
        now = situation(look, database.evidence, found, "given", list(faults.values()))
    steps = {step.end: refusal(step.start, step.end, now) for step in STEPS if step.start is found.state}
    row = as_row(found)
    lines = [f"{MARK}, generated: no real object"] if found.example else []
    lines += [f"{name:<10} {', '.join(value) if isinstance(value, list) else value}" for name, value in row.items() if value]
    lines += [f"below      {child}: {state}" for child, state in now.children.items()]
    lines += [f"remark     {id}: open" for id in now.remarks]
    for piece in pieces:
        fault = faults.get(piece.id)
        shown = f"BROKEN: {fault.file} {fault.what}" if fault else "whole"
        lines.append(f"evidence   {piece.id} {piece.name}, {piece.size} bytes, {shown}")
    lines += [f"can become {end}" if why is None else f"not yet    {end}: {why}" for end, why in steps.items()]
    listed = [{**as_row(p), "broken": f"{faults[p.id].file} {faults[p.id].what}" if p.id in faults else None} for p in pieces]
    say_result({**row, "evidence": listed, "remarks": now.remarks, "steps": steps}, "\n".join(lines), as_json)


@objects.command()
@on_record
def step(
    database: Database,
    object: Object,
    state: Annotated[str, typer.Argument(metavar="STATE", help="Where to.", show_default=False)],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Take an object to its next state; the rule of the step must allow it (exit status 1 with the reason)."""
    from baiterek.campaign.complex.states import State
    from baiterek.campaign.complex.steps import step as take

    with database.writing(actor(who)) as change:
        made = take(change, database.evidence, object, choice(state, State, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@objects.command()
@on_record
def readiness(
    database: Database,
    by: Annotated[str, typer.Option("--by", metavar="site|system", help="What to count by.")] = "site",
    site: Site = None,
    as_json: Json = False,
) -> None:
    """How many objects stand where, by site or by system; ready are accepted ones and those in flight tests."""
    from baiterek.campaign.complex.states import readiness as counted

    if by not in ("site", "system"):
        raise BadValue("command line", "--by", by, "site or system")
    found = _found(database, site)
    groups = counted((group, r.state, 1) for r in found for group in ((r.site,) if by == "site" else r.systems or ("(none)",)))
    lines = [f"{by} {g.group}: {g.ready} of {g.total} ready{_bar(g.ready, g.total)}\n{_counts(g.states)}" for g in groups]
    rows = [{by: g.group, "total": g.total, "ready": g.ready, "states": g.states} for g in groups]
    document = {"groups": rows, "examples": sum(r.example for r in found)}
    say_result(document, "\n".join([*lines, f"{len(found)} objects{marked(found)}"]), as_json)


def _found(database: Database, site: str | None) -> list[GroundObject]:
    from baiterek.campaign.complex.records import GroundObject
    from baiterek.campaign.rows import reading

    with database.reading() as look:
        return reading.every(look, GroundObject, **({"site": site} if site else {}))


def _bar(ready: int, total: int) -> str:
    full = round(20 * ready / total) if total else 0
    return f"  [{'#' * full}{'.' * (20 - full)}]"


def _counts(states: dict[State, int]) -> str:
    return "\n".join(f"  {count:>5} {state}" for state, count in states.items() if count)
