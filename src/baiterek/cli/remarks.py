"""Remarks and nonconformances, deviations and waivers, and what stands against a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import MARK, As, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

remark = typer.Typer(cls=Edge, no_args_is_help=True, help="Remarks and nonconformances, from raised to closed.")
record.add_typer(remark, name="remark")
waiver = typer.Typer(cls=Edge, no_args_is_help=True, help="Deviations (before) and waivers (after), with both parts' keys.")
record.add_typer(waiver, name="waiver")

To = Annotated[str, typer.Argument(metavar="STATE", help="Where to.", show_default=False)]
GATE_HELP = "G0 ground accepted, G1 vehicle admitted, G2 roll-out, G3 fuelling, G4 launch, G5 results, G6 next flight."


@remark.command("raise")
@on_record
def raise_remark(
    database: Database,
    id: Id,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What was found.")],
    part: Annotated[str, typer.Option("--part", metavar="RU|KZ", help="Which part answers for it.")],
    about: Annotated[str, typer.Option("--about", metavar="KIND:ID", help="As ground_object:42-01, test_run:T-1.")] = "",
    organisation: Annotated[str | None, typer.Option("--organisation", metavar="ID", help="Who is to settle it.")] = None,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Raise a remark in the name of one's own part, whichever part answers for it."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.remarks.records import Remark
    from baiterek.campaign.remarks.steps import is_example
    from baiterek.campaign.remarks.steps import raise_remark as take

    entity, _, entity_id = about.partition(":")
    acting = actor(who)
    with database.writing(acting) as change:
        example = is_example(change.connection, entity, entity_id)
        asked = Remark(
            id, text, acting.part or Part.KZ, choice(part, Part, "--part"), entity, entity_id, organisation, example=example
        )  # fmt: skip
        made = take(change, asked, reason)
    say_row(made, f"{made.id}: {made.state}, the {made.part} part answers for it{marked([made])}", as_json)


@remark.command("step")
@on_record
def step_remark(
    database: Database,
    id: Id,
    state: To,
    grounds: Annotated[str | None, typer.Option("--grounds", metavar="LIST", help="What makes it major; none: minor.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="GATE", help=GATE_HELP)] = None,
    cause: Annotated[str | None, typer.Option("--cause", metavar="TEXT", help="With cause_found.")] = None,
    disposition: Annotated[str | None, typer.Option("--disposition", metavar="WORD", help="With disposed: use_as_is.")] = None,
    action: Annotated[str | None, typer.Option("--action", metavar="TEXT", help="With disposed: what is done.")] = None,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Take a remark to its next state; the rule of the step must allow it (exit status 1 with the reason)."""
    from baiterek.campaign.programme.drafts import listed
    from baiterek.campaign.programme.verification import Gate
    from baiterek.campaign.remarks.states import Disposition, Ground, RemarkState
    from baiterek.campaign.remarks.steps import step

    to = choice(state, RemarkState, "STATE")
    said: dict[str, Any] = {
        "grounds": tuple(choice(word, Ground, "--grounds") for word in listed(grounds)) if grounds is not None else None,
        "due_gate": choice(due, Gate, "--due") if due else None,
        "cause": cause,
        "disposition": choice(disposition, Disposition, "--disposition") if disposition else None,
        "action": action,
    }
    with database.writing(actor(who)) as change:
        given = {name: value for name, value in said.items() if value is not None}
        made = step(change, database.evidence, id, to, reason, **given)
    severity = f" {made.severity}," if made.severity else ""
    say_row(made, f"{made.id}:{severity} {made.state}, due {made.due_gate or '-'}{marked([made])}", as_json)


@remark.command("list")
@on_record
def list_remarks(
    database: Database,
    unsettled: Annotated[bool, typer.Option("--open", help="Only those neither closed nor withdrawn.")] = False,
    as_json: Json = False,
) -> None:
    """Remarks: what, minor or major, where they stand, which part answers, due gate."""
    from baiterek.campaign.remarks.records import Remark
    from baiterek.campaign.remarks.states import SETTLED
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = [one for one in reading.every(look, Remark) if not (unsettled and one.state in SETTLED)]
    lines = [
        f"{one.id:<12} {one.part} {one.severity or '-':<6} {one.state:<12} {one.due_gate or '-':<3} "
        f"{MARK + ' ' if one.example else ''}{one.text}"
        for one in found
    ]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} remarks{marked(found)}"]), as_json)


@remark.command("show")
@on_record
def show_remark(database: Database, id: Id, as_json: Json = False) -> None:
    """One remark: its evidence and waivers, its next steps, who takes them and what stands in their way."""
    from datetime import UTC, datetime

    from baiterek.campaign.evidence.store import broken, cited
    from baiterek.campaign.machine import refusal
    from baiterek.campaign.remarks.records import Remark, Waiver
    from baiterek.campaign.remarks.states import REMARK_STEPS
    from baiterek.campaign.remarks.steps import facts
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.get(look, Remark, id)
        pieces = cited(look, id, "remark")
        waivers = reading.every(look, Waiver, remark=id)
        told = facts(look, database.evidence, found, "given", datetime.now(UTC).date().isoformat())
    faults = {fault.evidence.id: f"{fault.file} {fault.what}" for fault in broken(database.evidence, pieces)}
    steps = {step.end: refusal(REMARK_STEPS, step.start, step.end, told) for step in REMARK_STEPS if step.start is found.state}
    row = as_row(found)
    lines = [f"{MARK}, generated: nothing of it is real"] * found.example
    lines += [f"{name:<12} {', '.join(value) if isinstance(value, list) else value}" for name, value in row.items() if value]
    lines += [f"waiver       {one.id}: {one.state}, flights {', '.join(one.flights)}" for one in waivers]
    lines += [f"evidence     {p.id} {p.name}, {'BROKEN: ' + faults[p.id] if p.id in faults else 'whole'}" for p in pieces]
    lines += [f"can become   {end}" if why is None else f"not yet      {end}: {why}" for end, why in steps.items()]
    evidence = [{**as_row(piece), "broken": faults.get(piece.id)} for piece in pieces]
    document = {**row, "waivers": [as_row(one) for one in waivers], "evidence": evidence, "steps": steps}
    say_result(document, "\n".join(lines), as_json)


@remark.command()
@on_record
def against(
    database: Database,
    gate: Annotated[str, typer.Argument(metavar="GATE", help=GATE_HELP, show_default=False)],
    flight: Annotated[str, typer.Option("--flight", metavar="ID", help="Of which flight; waivers name theirs.")] = "",
    day: Annotated[str | None, typer.Option("--day", metavar="DAY", help="On which day; default: today in UTC.")] = None,
    as_json: Json = False,
) -> None:
    """What stands against a gate: remarks and rows of the matrix due by then; exit status 1 if anything blocks."""
    from datetime import UTC, datetime

    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.evidence.store import broken
    from baiterek.campaign.gates import open_items
    from baiterek.campaign.programme.verification import Gate

    wanted, on = choice(gate, Gate, "GATE"), read_day(day, "--day") if day else datetime.now(UTC).date().isoformat()
    with database.reading() as look:
        found = open_items.against(look, lambda pieces: broken(database.evidence, pieces), wanted, flight, on)
    lines = [
        f"{'BLOCKS' if item.blocks else f'passes under {item.waiver}'}  {item.entity} {item.id}, {item.part}, "
        f"due {item.due_gate or 'at once'}: {MARK + ' ' if item.example else ''}{item.what}: {item.why}"
        for item in found
    ]
    blocking = sum(item.blocks for item in found)
    lines.append(f"{len(found)} open against {wanted}, {blocking} of them block{marked(found)}")
    say_result([{**item._asdict(), "blocks": item.blocks} for item in found], "\n".join(lines), as_json)
    if blocking:
        raise typer.Exit(1)


@waiver.command("request")
@on_record
def request_waiver(
    database: Database,
    id: Id,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="From what it departs, and why that is acceptable.")],
    flights: Annotated[str, typer.Option("--flights", metavar="LIST", help="For which flights, with semicolons between.")],
    about: Annotated[str | None, typer.Option("--remark", metavar="ID", help="A waiver: of what was found.")] = None,
    requirement: Annotated[str | None, typer.Option("--requirement", metavar="ID", help="From which it departs.")] = None,
    last_gate: Annotated[str | None, typer.Option("--last-gate", metavar="GATE", help="Last gate that it lets pass.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Last day.")] = None,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Draft a waiver of a remark or, without one, a deviation from a requirement before the fact."""
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.programme.drafts import listed
    from baiterek.campaign.programme.verification import Gate
    from baiterek.campaign.remarks.records import Waiver
    from baiterek.campaign.remarks.states import WaiverKind
    from baiterek.campaign.remarks.steps import is_example
    from baiterek.campaign.remarks.waivers import request

    kind = WaiverKind.WAIVER if about else WaiverKind.DEVIATION
    gate = choice(last_gate, Gate, "--last-gate") if last_gate else None
    day = read_day(until, "--until") if until else None
    acting = actor(who)
    with database.writing(acting) as change:
        example = is_example(change.connection, *(("remark", about) if about else ("requirement", requirement or "")))
        asked = Waiver(
            id, kind, text, acting.part or Part.KZ, listed(flights), about, requirement, gate, day, example=example
        )  # fmt: skip
        made = request(change, asked, reason)
    say_row(made, f"{made.id}: {made.kind}, {made.state}{marked([made])}", as_json)


@waiver.command("step")
@on_record
def step_waiver(database: Database, id: Id, state: To, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Submit it, approve it for one's own part (approved_ru, approved_kz, then active), refuse or revoke it."""
    from baiterek.campaign.remarks.states import WaiverState
    from baiterek.campaign.remarks.waivers import step

    with database.writing(actor(who)) as change:
        made = step(change, id, choice(state, WaiverState, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@waiver.command("list")
@on_record
def list_waivers(database: Database, as_json: Json = False) -> None:
    """Deviations and waivers: where they stand, for which flights, up to which gate and day."""
    from baiterek.campaign.remarks.records import Waiver
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.every(look, Waiver)
    lines = [
        f"{one.id:<12} {one.kind:<9} {one.state:<12} flights {', '.join(one.flights)}, up to {one.last_gate or 'every gate'}, "
        f"until {one.valid_to or 'they have flown'}: {MARK + ' ' if one.example else ''}{one.text}"
        for one in found
    ]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} waivers{marked(found)}"]), as_json)
