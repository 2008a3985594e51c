"""What governments have agreed and permit: agreements as published, plans of launches, conclusions, drop zones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

agreements = typer.Typer(cls=Edge, no_args_is_help=True, help="Agreements, plans of launches, conclusions, permissions.")
record.add_typer(agreements, name="agreements")

Flights = Annotated[str, typer.Option("--flights", metavar="LIST", help="Ids of flights; semicolons.")]
Source = Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it is published.")]

Under = Annotated[str, typer.Option("--under", metavar="ID", help="Under which agreement or rules.")]


@agreements.command()
@on_record
def enter(
    database: Database,
    id: Id,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is called.")],
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="agreement, protocol, procedure or act.")],
    source: Source,
    part: Annotated[str, typer.Option("--part", metavar="RU|KZ", help="Of a procedure or an act: whose.")] = "",
    parent: Annotated[str, typer.Option("--parent", metavar="ID", help="What it amends or brings into force.")] = "",
    signed: Annotated[str, typer.Option("--signed", metavar="DATE", help="2025, 2025-11 or 2025-11-12.")] = "",
    done: Annotated[str, typer.Option("--done", metavar="DATE", help="When it came into force or was completed.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What else is known.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter an agreement, a protocol, a procedure or an act, or correct the one of that name (keeper)."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates.agreements import enter as take
    from baiterek.campaign.gates.records import Agreement

    asked = Agreement(
        id, kind, title, choice(part, Part, "--part") if part else None, parent or None, signed, done, source, note
    )  # fmt: skip
    with database.writing(actor(who)) as change:
        made = take(change, asked, reason)
    say_row(made, f"{made.id}: {made.kind}, {made.title}", as_json)


@agreements.command("list")
@on_record
def list_agreements(database: Database, as_json: Json = False) -> None:
    """Agreements, protocols and procedures with their sources; plans of launches and permits with their states."""
    from baiterek.campaign.gates.records import Agreement, LaunchPlan, Permit
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found, plans = reading.every(look, Agreement), reading.every(look, LaunchPlan)
        permits = reading.every(look, Permit)
    lines = [f"{a.kind:<10} {a.part or '--'} {a.signed_on or a.done_on or '?':<11} {a.title}\n    {a.source}" for a in found]
    lines += [f"plan       {p.part} {p.year:<11} {p.id}: {', '.join(p.flights)}{marked([p])}" for p in plans]
    lines += [f"{p.kind:<10} {p.part} {p.state:<11} {p.id}: {p.subject} {p.document} to {p.valid_to or '?'}" for p in permits]
    document = {
        "agreements": [as_row(one) for one in found], "plans": [as_row(one) for one in plans],
        "permits": [as_row(one) for one in permits],
    }  # fmt: skip
    say_result(document, "\n".join(lines), as_json)


@agreements.command("plan")
@on_record
def submit(
    database: Database,
    id: Id,
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help="Of which year.")],
    flights: Flights,
    source: Source = "",
    under: Under = "",
    example: Annotated[bool, typer.Option("--example", help="Mark it as an example.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Submit the plan of launches of a year; once concluded on it is not changed any more."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates.agreements import submit_plan
    from baiterek.campaign.gates.records import LaunchPlan
    from baiterek.campaign.programme.drafts import listed

    acting = actor(who)
    asked = LaunchPlan(id, year, acting.part or Part.RU, tuple(listed(flights)), "", source, under or None, example)
    with database.writing(acting) as change:
        made = submit_plan(change, asked, reason)
    say_row(made, f"{made.id}: {made.year}, {', '.join(made.flights)}{marked([made])}", as_json)


@agreements.command()
@on_record
def ask(
    database: Database,
    id: Id,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="conclusion, zone or launch.")],
    subject: Annotated[str, typer.Option("--for", metavar="ID", help="The plan, the drop zone, the flight.")],
    part: Annotated[str, typer.Option("--part", metavar="RU|KZ", help="Whose government gives it.")],
    flights: Flights = "",
    source: Source = "",
    under: Under = "",
    example: Annotated[bool, typer.Option("--example", help="Mark it as an example.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Ask for the conclusion on a plan, or for the permission of a drop zone or of a launch."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates.agreements import ask as take
    from baiterek.campaign.gates.permits import PermitKind
    from baiterek.campaign.gates.records import Permit
    from baiterek.campaign.programme.drafts import listed

    asked = Permit(
        id, choice(kind, PermitKind, "--kind"), choice(part, Part, "--part"), subject, tuple(listed(flights)), source=source,
        agreement=under or None, example=example,
    )  # fmt: skip
    with database.writing(actor(who)) as change:
        made = take(change, asked, reason)
    say_row(made, f"{made.id}: {made.state}, the {made.part} part gives it{marked([made])}", as_json)


@agreements.command()
@on_record
def permit(
    database: Database,
    id: Id,
    state: Annotated[str, typer.Argument(metavar="STATE", help="given, refused, withdrawn, asked.", show_default=False)],
    document: Annotated[str | None, typer.Option("--document", metavar="TEXT", help="By which it is given.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.")] = None,
    conditions: Annotated[str | None, typer.Option("--conditions", metavar="TEXT", help="Under which it is given.")] = None,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Give, refuse or take back a permit, as a member of the part whose government it is."""
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.gates.agreements import step
    from baiterek.campaign.gates.permits import PermitState

    said: dict[str, Any] = {
        "document": document,
        "valid_from": read_day(start, "--from") if start else None,
        "valid_to": read_day(end, "--to") if end else None,
        "conditions": conditions,
    }
    with database.writing(actor(who)) as change:
        given = {name: value for name, value in said.items() if value is not None}
        made = step(change, id, choice(state, PermitState, "STATE"), reason, **given)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)
