"""The record: who, the complex, its steps; changed only in somebody's name, for a part."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge, app
from baiterek.cli.words import Json, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.access import Actor
    from baiterek.campaign.database import Database

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
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the log.")]


def opened(where: str, evidence: Path | None, key: Path | None) -> Database:
    """The record that the options name."""
    from baiterek.campaign.database import open_database

    if not where:
        raise BadValue("command line", "--database", "nothing", "an SQLite file or a URL, here or in BAITEREK_DATABASE")
    return open_database(where, evidence, key)


def actor(words: str, option: str = "--as") -> Actor:
    """Who acts: the name under which they work on this machine, the role and the part that they name."""
    from baiterek.campaign.access import Actor
    from baiterek.campaign.records import Part, Role

    role, _, part = words.partition(":")
    try:
        found = Actor(getpass.getuser(), Role(role.replace("-", "_")), Part(part) if part else None)
    except ValueError:
        found = None
    if found is None or (found.role is Role.KEEPER) != (found.part is None):
        allowed = ", ".join(f"{role}:RU or {role}:KZ" for role in Role if role is not Role.KEEPER)
        raise BadValue("command line", option, words or "nothing", f"{allowed}, keeper")
    return found


@record.command("init")
def init_record(where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False) -> None:
    """Make a record with what is public of the commission, or bring an older one to this version."""
    from baiterek.campaign.commission import SEEDER, seed
    from baiterek.campaign.database import create, version

    if not where:
        raise BadValue("command line", "--database", "nothing", "an SQLite file or a URL, here or in BAITEREK_DATABASE")
    database = create(where, evidence, key)
    with database.writing(SEEDER) as change:
        made = seed(change)
    document = {
        "database": database.name, "version": version(database), "entered": made,
        "evidence": str(database.evidence), "key": str(database.key),
    }  # fmt: skip
    text = f"{database.name}: version {document['version']}, {made} published facts entered\n  evidence in {database.evidence}"
    say_result(document, f"{text}\n  key in {database.key}: keep it apart from the database, and a copy elsewhere", as_json)


@record.command()
def people(
    where: Where = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="Only who is in office on that day.")] = None,
    evidence: Store = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Who is what in which body, from when to when, by which order."""
    from baiterek.campaign.commission import people as memberships
    from baiterek.campaign.commission import read_day
    from baiterek.campaign.records import as_row

    with opened(where, evidence, key).reading() as look:
        found = memberships(look, read_day(on, "--on") if on else None)
    lines = [
        f"{m.id:<14} {m.body:<12} {m.part} {m.role:<10} {m.person or '(a role)':<16} {m.organisation or '':<14} "
        f"{m.valid_from or '?'} to {m.valid_to or 'now'}  {m.named_by}".rstrip()
        for m in found
    ]
    say_result([as_row(m) for m in found], "\n".join(lines), as_json)


@record.command()
def appoint(
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the membership.", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="ROLE:PART", help="What they become: member:KZ.")],
    order: Annotated[str, typer.Option("--order", metavar="TEXT", help="The order that names them.")],
    start: Annotated[str, typer.Option("--from", metavar="DAY", help="First day.")],
    body: Annotated[str, typer.Option("--body", metavar="ID", help="In which body.")] = "commission",
    reason: Reason = "",
    who: As = "",
    where: Where = "",
    evidence: Store = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """A new membership of a body, as a role: people are named only where they are public."""
    from baiterek.campaign import commission
    from baiterek.campaign.records import Membership, as_row

    office = actor(to, "--to")
    if office.part is None:
        raise BadValue("command line", "--to", to, "a role of a part: member:KZ")
    asked = Membership(
        id, body, office.part, office.role, valid_from=commission.read_day(start, "--from"), named_by=order
    )  # fmt: skip
    with opened(where, evidence, key).writing(actor(who)) as change:
        made = commission.appoint(change, asked, reason)
    say_result(as_row(made), f"{made.id}: {made.role} of the {made.part} part from {made.valid_from}", as_json)


@record.command()
def relieve(
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the membership.", show_default=False)],
    end: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day.")],
    reason: Reason = "",
    who: As = "",
    where: Where = "",
    evidence: Store = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """End a membership with a day; it stays in the record."""
    from baiterek.campaign import commission
    from baiterek.campaign.records import as_row

    with opened(where, evidence, key).writing(actor(who)) as change:
        ended = commission.relieve(change, id, commission.read_day(end, "--to"), reason)
    say_result(as_row(ended), f"{ended.id}: until {ended.valid_to}", as_json)
