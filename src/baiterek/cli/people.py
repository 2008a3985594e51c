"""Who is in the commission: organisations, people and bodies by name, memberships from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.record import As, Reason, actor, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

Id = Annotated[str, typer.Argument(metavar="ID", help="What the record calls it.", show_default=False)]
Name = Annotated[str, typer.Option("--name", metavar="TEXT", help="Its full name.")]
Source = Annotated[str, typer.Option("--source", metavar="TEXT", help="The public text that says so.")]


@record.command()
@on_record
def people(
    database: Database,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="Only who is in office on that day.")] = None,
    as_json: Json = False,
) -> None:
    """Who is what in which body, from when to when, by which order."""
    from baiterek.campaign.commission.members import people as memberships
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = memberships(look, read_day(on, "--on") if on else None)
    lines = [
        f"{m.id:<14} {m.body:<12} {m.part} {m.role:<10} {m.person or '(a role)':<16} {m.organisation or '':<14} "
        f"{m.valid_from or '?'} to {m.valid_to or 'now'}  {m.named_by}".rstrip()
        for m in found
    ]
    say_result([as_row(m) for m in found], "\n".join(lines), as_json)


@record.command()
@on_record
def person(
    database: Database, id: Id, name: Name, source: Source, reason: Reason = "", who: As = "", as_json: Json = False
) -> None:
    """Name somebody whom a public text names; everybody else stays a role."""
    from baiterek.campaign.commission.records import Person

    _name(database, Person(id, name, source), reason, who, as_json)


@record.command()
@on_record
def organisation(
    database: Database,
    id: Id,
    name: Name,
    source: Source,
    country: Annotated[str, typer.Option("--country", metavar="RU|KZ", help="Of which side.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Name a firm, an agency, a ministry."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.commission.records import Organisation

    _name(database, Organisation(id, name, choice(country, Part, "--country"), source), reason, who, as_json)


@record.command()
@on_record
def body(
    database: Database,
    id: Id,
    name: Name,
    source: Source,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="As working_group.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Name a body: technical management, a working group, an acceptance commission."""
    from baiterek.campaign.commission.records import Body, BodyKind

    _name(database, Body(id, choice(kind, BodyKind, "--kind"), name, source), reason, who, as_json)


@record.command()
@on_record
def appoint(
    database: Database,
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the membership.", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="ROLE:PART", help="What they become: member:KZ.")],
    order: Annotated[str, typer.Option("--order", metavar="TEXT", help="The order that names them.")],
    start: Annotated[str, typer.Option("--from", metavar="DAY", help="First day.")],
    body: Annotated[str, typer.Option("--body", metavar="ID", help="In which body.")] = "commission",
    person: Annotated[str | None, typer.Option("--person", metavar="ID", help="Who; without it a role alone.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", metavar="ID", help="Of which organisation.")] = None,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """A new membership of a body, as a role or as somebody whom a public text names (`record person`)."""
    from baiterek.campaign.commission import members as commission
    from baiterek.campaign.commission.records import Membership

    office = actor(to, "--to")
    if office.part is None:
        raise BadValue("command line", "--to", to, "a role of a part: member:KZ")
    first = commission.read_day(start, "--from")
    asked = Membership(id, body, office.part, office.role, person, organisation, first, named_by=order)
    with database.writing(actor(who)) as change:
        made = commission.appoint(change, asked, reason)
    say_row(made, f"{made.id}: {made.role} of the {made.part} part from {made.valid_from}", as_json)


@record.command()
@on_record
def relieve(
    database: Database,
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the membership.", show_default=False)],
    end: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """End a membership with a day; it stays in the record."""
    from baiterek.campaign.commission import members as commission

    with database.writing(actor(who)) as change:
        ended = commission.relieve(change, id, commission.read_day(end, "--to"), reason)
    say_row(ended, f"{ended.id}: until {ended.valid_to}", as_json)


def _name(database: Database, record: Any, reason: str, who: str, as_json: bool) -> None:
    from baiterek.campaign.commission import members as commission

    with database.writing(actor(who)) as change:
        made = commission.name(change, record, reason)
    say_row(made, f"{made.id}: {made.name}", as_json)
