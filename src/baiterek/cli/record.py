"""The record: who, the complex, its steps; changed only in somebody's name, for a part."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from baiterek.cli.edge import Edge, app
from baiterek.cli.words import Json, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.commission.access import Actor
    from baiterek.campaign.log.database import Database

record = typer.Typer(cls=Edge, no_args_is_help=True, help="The record of the commission and the complex.")
app.add_typer(record, name="record")

DATABASE_HELP = "SQLite file, or postgresql://USER@HOST/NAME."
Where = Annotated[str, typer.Option("--database", envvar="BAITEREK_DATABASE", metavar="WHERE", help=DATABASE_HELP)]
STORE_HELP = "Folder of the contents; default: beside the SQLite file."
Store = Annotated[Path | None, typer.Option("--evidence", envvar="BAITEREK_EVIDENCE", metavar="DIR", help=STORE_HELP)]
KEY_HELP = "Key that signs the log; default: beside the SQLite file."
Key = Annotated[Path | None, typer.Option("--key", envvar="BAITEREK_KEY", metavar="FILE", help=KEY_HELP)]
AS_HELP = "Who you act as, ROLE:PART, as member:KZ or secretary:RU; or keeper."
As = Annotated[str, typer.Option("--as", envvar="BAITEREK_AS", metavar="ROLE:PART", help=AS_HELP)]
MARK = "EXAMPLE"
"""Stands beside everything generated."""
OPENING = [
    Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
    for name, default, kind in (("where", "", Where), ("evidence", None, Store), ("key", None, Key))
]
"""The options that name a record."""
CLOCK_HELP = "Clock of the times that are shown: utc, baikonur, astana or moscow."
Clock = Annotated[str, typer.Option("--clock", envvar="BAITEREK_CLOCK", metavar="CLOCK", help=CLOCK_HELP)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the log.")]


def opened(where: str, evidence: Path | None, key: Path | None) -> Database:
    """The record that the options name."""
    from baiterek.campaign.log.database import open_database

    _named(where)
    return open_database(where, evidence, key)


def on_record(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb whose first parameter is the open record: it gets the options that name one, before --json."""
    hints = get_type_hints(verb, localns={"Database": object}, include_extras=True)
    own = [one.replace(annotation=hints[name], kind=Parameter.KEYWORD_ONLY) for name, one in signature(verb).parameters.items()]

    @functools.wraps(verb)
    def opening(where: str, evidence: Path | None, key: Path | None, **said: Any) -> None:
        verb(opened(where, evidence, key), **said)

    parameters = [*own[1:-1], *OPENING, own[-1]]
    opening.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    opening.__annotations__ = {one.name: one.annotation for one in parameters}
    return opening


def actor(words: str, option: str = "--as") -> Actor:
    """Who acts: the name under which they work on this machine, the role and the part that they name."""
    from baiterek.campaign.commission.access import at_machine
    from baiterek.campaign.commission.parts import Part, Role

    role, _, part = words.partition(":")
    try:
        found = at_machine(Role(role.replace("-", "_")), Part(part) if part else None)
    except ValueError:
        found = None
    if found is None or (found.role is Role.KEEPER) != (found.part is None):
        allowed = ", ".join(f"{role}:RU or {role}:KZ" for role in Role if role is not Role.KEEPER)
        raise BadValue("command line", option, words or "nothing", f"{allowed}, keeper")
    return found


BACKUP_HELP = "One file with rows, log and evidence, without the private key."
Backup = Annotated[Path, typer.Argument(metavar="FILE", help=BACKUP_HELP, show_default=False)]


def marked(records: Iterable[Any]) -> str:
    """What stands under every list, so that nothing generated is taken for real."""
    count = sum(one.example for one in records)
    return f"; {MARK}: {count} of them generated, none of it real" if count else ""


def say_row(found: Any, text: str, as_json: bool) -> None:
    """A row of the record, in a line or with all its fields."""
    from baiterek.campaign.rows.entities import as_row

    say_result(as_row(found), text, as_json)


def say_import(file: Path, proposals: list[Any], dry_run: bool, as_json: bool) -> None:
    """What each row of a table did or would do; exit status 2 if one was refused."""
    counts = Counter(proposal.outcome for proposal in proposals)
    entered = not dry_run and not counts["refused"]
    refused = [f"{file}: row {p.row} ({p.id or 'no id'}): {p.why}" for p in proposals if p.outcome == "refused"]
    said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("new", "changed", "unchanged", "refused"))
    rows = [{"row": p.row, "id": p.id, "outcome": p.outcome, "why": p.why} for p in proposals]
    text = f"{said}: {'entered' if entered else 'dry run, nothing changed' if dry_run else 'nothing was entered'}"
    say_result({"file": str(file), "entered": entered, **counts, "rows": rows}, "\n".join([*refused, text]), as_json)
    if refused:
        raise typer.Exit(2)


@record.command("init")
def init_record(where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False) -> None:
    """Make a record with what is public of the commission, or bring an older one to this version."""
    from baiterek.campaign.commission import members as commission
    from baiterek.campaign.commission.members import SEEDER
    from baiterek.campaign.gates import agreements
    from baiterek.campaign.log.database import create, version
    from baiterek.campaign.schedule import milestones as schedule

    _named(where)
    database = create(where, evidence, key)
    with database.writing(SEEDER) as change:
        made = sum(part.seed(change) for part in (commission, agreements, schedule))
    document = {
        "database": database.name, "version": version(database), "entered": made,
        "evidence": str(database.evidence), "key": str(database.key),
    }  # fmt: skip
    text = f"{database.name}: version {document['version']}, {made} published facts entered\n  evidence in {database.evidence}"
    say_result(document, f"{text}\n  key in {database.key}: keep it apart from the database, and a copy elsewhere", as_json)


@record.command()
@on_record
def backup(database: Database, file: Backup, as_json: Json = False) -> None:
    """Write the whole record into one new file; contents of evidence that are broken are left out and named (exit status 1)."""
    from baiterek.campaign.log.backup import write_backup

    kept = write_backup(database, file)
    counted = f"{kept.rows['event']} events, {sum(kept.rows.values())} rows, {kept.contents} contents of evidence"
    lines = [f"left out: {content}" for content in kept.left_out]
    text = "\n".join([*lines, f"{file}: {counted}; the key that signs is not in it: {database.key}"])
    say_result({"file": str(file), **kept._asdict()}, text, as_json)
    if kept.left_out:
        raise typer.Exit(1)


@record.command("restore")
def restore_record(file: Backup, where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False) -> None:
    """Make a new record out of a backup, in a database of either kind, and verify it (exit status 1 if it is not whole)."""
    from baiterek.campaign.log.backup import restore

    _named(where)
    made = restore(file, where, evidence, key)
    whole = made.verdict.whole and not made.broken
    lines = [f"{fault.where}: {fault.what}" for fault in made.verdict.faults]
    lines += [f"{fault.evidence.entity} {fault.evidence.entity_id}: {fault.file} {fault.what}" for fault in made.broken]
    lines.append(
        f"{made.database.name}: {'whole' if whole else 'not whole'}, {made.verdict.events} events, {made.verdict.rows} rows"
    )
    if not made.can_write:
        lines.append(f"  {made.database.key} is the public half of its key: put the private one there to go on writing")
    document = {"database": made.database.name, "whole": whole, "events": made.verdict.events, "rows": made.verdict.rows}
    document |= {"faults": [fault._asdict() for fault in made.verdict.faults], "can_write": made.can_write}
    document |= {"broken": [{"evidence": f.evidence.id, "file": f.file, "what": f.what} for f in made.broken]}
    say_result(document, "\n".join(lines), as_json)
    if not whole:
        raise typer.Exit(1)


def _named(where: str) -> None:
    if not where:
        raise BadValue("command line", "--database", "nothing", "an SQLite file or a URL, here or in BAITEREK_DATABASE")
