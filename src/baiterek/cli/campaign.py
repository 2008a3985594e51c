"""Launch campaigns: begun from a template, their operations taken step by step, the critical path, conflicts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Clock, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database
    from baiterek.campaign.operations.conflicts import Conflict
    from baiterek.campaign.operations.plan import Plan, Slot

HELP = "Launch campaigns and rehearsals: operations, critical path, conflicts."
campaign = typer.Typer(cls=Edge, no_args_is_help=True, help=HELP)
record.add_typer(campaign, name="campaign")

TEMPLATE_HELP = "A shipped template, or a TOML file of one's own."
Template = Annotated[str, typer.Option("--template", metavar="NAME", help=TEMPLATE_HELP)]
Operation = Annotated[str, typer.Argument(metavar="OPERATION", help="CAMPAIGN/KEY.", show_default=False)]
At = Annotated[str, typer.Option("--at", metavar="INSTANT", help="When, with its offset; default: now.")]


@campaign.command()
def templates(template: Annotated[str, typer.Argument(metavar="NAME", help=TEMPLATE_HELP)] = "", as_json: Json = False) -> None:
    """Shipped templates; of one of them, or of a file: its operations, resources, where each number is from."""
    from baiterek.campaign.operations.templates import find_template, read_template, shipped
    from baiterek.campaign.rows.entities import as_row

    if not template:
        say_result(shipped(), "\n".join(shipped()), as_json)
        return
    found = read_template(find_template(template))
    lines = [f"{found.name}: {found.names['en']}"]
    lines += [f"  {one.kind:<12} {one.id:<20} {one.part}  {one.name_en}; {one.source}" for one in found.resources]
    lines += [
        f"  {_count(-one.before_min):>11} {_lasts(one.duration_min):>8}  {one.part}  {one.id:<22} {one.name_en}\n"
        f"{'':>25} {one.source}"
        for one in found.operations
    ]
    document: dict[str, Any] = {"name": found.name, "sha256": found.sha256, "names": found.names}
    document |= {"resources": [as_row(one) for one in found.resources], "operations": [as_row(one) for one in found.operations]}
    say_result(document, "\n".join(lines), as_json)


@campaign.command()
@on_record
def begin(
    database: Database,
    id: Id,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What it is called.")],
    milestone: Annotated[str, typer.Option("--milestone", metavar="ID", help="Its lift-off in the schedule.")],
    template: Template = "two-stage",
    flight: Annotated[str, typer.Option("--flight", metavar="ID", help="The flight that its gates are of.")] = "",
    rehearsal_of: Annotated[str, typer.Option("--rehearsal-of", metavar="CASE", help="A rehearsal: a run of that case.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """A campaign of one's own part out of a template; its date is that of a milestone, and moves with it."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.operations import begin as verbs
    from baiterek.campaign.operations.records import Campaign, CampaignKind
    from baiterek.campaign.operations.templates import find_template, read_template
    from baiterek.campaign.rows.entities import as_row

    found, acting = read_template(find_template(template)), actor(who)
    kind = CampaignKind.REHEARSAL if rehearsal_of else CampaignKind.LAUNCH
    asked = Campaign(id, name, kind, acting.part or Part.RU, milestone, "", "", flight or None, rehearsal_of or None)
    with database.writing(acting) as change:
        made = verbs.begin(change, asked, found, reason)
    text = f"{id}: {made.operations} operations, {made.resources} new resources{marked([made.campaign])}"
    say_result(as_row(made.campaign) | {"operations": made.operations, "new_resources": made.resources}, text, as_json)


@campaign.command("list")
@on_record
def list_campaigns(database: Database, as_json: Json = False) -> None:
    """Campaigns: lift-off as the schedule has it, by how many days it moved, operations done."""
    from baiterek.campaign.operations.glance import glances
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = glances(look)
    lines = [
        f"{g.campaign.id:<14} {g.campaign.kind:<9} {g.campaign.state:<9} {g.day:<17} moved {g.moved_days or 0:>5} d  "
        f"{g.settled:>4} of {g.operations} operations settled  {g.campaign.name}"
        for g in found
    ]
    document = [
        as_row(g.campaign) | {"lift_off": g.day, "moved_days": g.moved_days, "operations": g.operations, "settled": g.settled}
        for g in found
    ]
    say_result(document, "\n".join([*lines, f"{len(found)} campaigns{marked(g.campaign for g in found)}"]), as_json)


@campaign.command()
@on_record
def show(
    database: Database,
    id: Id,
    clock: Clock = "utc",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it as a table, .csv or .xlsx.")] = None,
    as_json: Json = False,
) -> None:
    """A campaign: operations before lift-off, critical path, floats, conflicts, the first lift-off that is possible."""
    from baiterek.campaign.clocks import read_clock
    from baiterek.campaign.log.change import now
    from baiterek.campaign.operations.plan import plan
    from baiterek.campaign.operations.table import as_cells, write_slots

    zone = read_clock(clock, "--clock")
    with database.reading() as look:
        found = plan(look, id, now())
    if out is not None:
        write_slots(out, found)
    lines = [] if out else [_line(one, found, zone) for one in found.slots]
    document = {**_head(found), "operations": [as_cells(one, found) for one in found.slots]}
    last = f"{len(found.slots)} operations{f' in {out}' if out else ''}{marked([found.campaign])}"
    say_result(document, "\n".join([*_told(found, zone), *lines, last]), as_json)


@campaign.command()
@on_record
def conflicts(database: Database, id: Id, clock: Clock = "utc", as_json: Json = False) -> None:
    """What of a campaign cannot be as planned: pad, building, crew, exclusion, rest, order; exit status 1 if anything."""
    from baiterek.campaign.clocks import read_clock
    from baiterek.campaign.log.change import now
    from baiterek.campaign.operations.plan import plan

    zone = read_clock(clock, "--clock")
    with database.reading() as look:
        found = plan(look, id, now())
    lines = [_conflict(one, found, zone) for one in found.conflicts]
    text = "\n".join([*lines, f"{len(lines)} conflicts{marked([found.campaign])}"])
    say_result([one._asdict() for one in found.conflicts], text, as_json)
    if found.conflicts:
        raise typer.Exit(1)


@campaign.command()
@on_record
def step(
    database: Database,
    id: Operation,
    to: Annotated[str, typer.Argument(metavar="STATE", help="started, done, skipped, failed or planned.", show_default=False)],
    at: At = "",
    remark: Annotated[str, typer.Option("--remark", metavar="ID", help="Of failed: the remark that it leaves.")] = "",
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="Of failed: what was found.")] = "",
    answers: Annotated[str, typer.Option("--answers", metavar="PART", help="Of failed: which part answers for it.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Take an operation to its next state; failed, it makes a remark in the same transaction."""
    from baiterek.campaign.clocks import read_instant
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.operations.records import OperationState
    from baiterek.campaign.operations.work import step as take
    from baiterek.campaign.remarks.records import Remark

    state, acting = choice(to, OperationState, "STATE"), actor(who)
    found = None
    if state is OperationState.FAILED:
        part = choice(answers or str(acting.part or ""), Part, "--answers")
        found = Remark(remark, text, part, part)
    elif remark or text or answers:
        raise BadValue("command line", "--remark", to, "a step to failed")
    with database.writing(acting) as change:
        made = take(change, id, state, read_instant(at, "--at") if at else "", reason, None, found)
    left = f", remark {made.remark}" if state is OperationState.FAILED else ""
    say_row(made, f"{made.id}: {made.state}{left}{marked([made])}", as_json)


@campaign.command()
@on_record
def correct(
    database: Database,
    id: Operation,
    before: Annotated[str, typer.Option("--before", metavar="TIME", help="Before lift-off: 3d, 8h, 30m; -4h: after it.")] = "",
    lasts: Annotated[str, typer.Option("--lasts", metavar="TIME", help="How long: 2d, 6h, 40m.")] = "",
    organisation: Annotated[str, typer.Option("--organisation", metavar="TEXT", help="Who does it.")] = "",
    procedure: Annotated[str, typer.Option("--procedure", metavar="TEXT", help="With its revision.")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Of the new numbers.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Correct a planned operation of one's own part; what is not said stays."""
    from dataclasses import replace

    from baiterek.campaign.operations import records
    from baiterek.campaign.operations.begin import correct as take
    from baiterek.campaign.rows import reading

    said: dict[str, Any] = {"organisation": organisation, "procedure": procedure, "source": source}
    changed: dict[str, Any] = {name: value for name, value in said.items() if value}
    for name, text, option in (("before_min", before, "--before"), ("duration_min", lasts, "--lasts")):
        if text:
            changed[name] = minutes(text, option)
    if (before or lasts) and not source:
        raise BadValue("command line", "--source", "nothing", "where the new numbers are from, or: assumed")
    with database.writing(actor(who)) as change:
        old = reading.get(change.connection, records.Operation, id)
        made = take(change, replace(old, **changed), reason)
    say_row(made, f"{made.id}: {_count(-made.before_min)}, {_lasts(made.duration_min)}{marked([made])}", as_json)


@campaign.command()
@on_record
def close(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Close a campaign whose operations are done, skipped or failed; a rehearsal becomes a run of its test case."""
    from baiterek.campaign.operations.begin import close as take
    from baiterek.campaign.operations.records import CampaignKind

    with database.writing(actor(who)) as change:
        made = take(change, database.evidence, id, reason)
    run = f", run {made.id} of case {made.test_case}" if made.kind is CampaignKind.REHEARSAL else ""
    say_row(made, f"{made.id}: {made.state}{run}{marked([made])}", as_json)


@campaign.command()
@on_record
def cancel(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Cancel a campaign; what was done of it stays in the record."""
    from baiterek.campaign.operations.begin import cancel as take

    with database.writing(actor(who)) as change:
        made = take(change, id, reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@campaign.command()
@on_record
def example(database: Database, who: As = "", as_json: Json = False) -> None:
    """Enter a generated campaign to try things with: some of it done, one operation failed; every row of it is marked."""
    from baiterek.campaign.operations.example import enter_example

    with database.writing(actor(who)) as change:
        made = enter_example(change)
    say_row(made, f"{made.id} entered{marked([made])}", as_json)


def minutes(text: str, option: str) -> int:
    """A time such as 3d, 8h or 40m as minutes."""
    from baiterek.campaign.operations.templates import LONGEST_min

    factor = {"m": 1, "h": 60, "d": 1440}.get(text[-1:], 0)
    digits = text[:-1].removeprefix("-")
    if not factor or not (digits.isascii() and digits.isdigit()) or int(digits) * factor > LONGEST_min:
        raise BadValue("command line", option, text, "a whole number with m, h or d: 40m, 8h, 3d")
    return int(text[:-1]) * factor


def _count(minutes: int) -> str:
    from baiterek.campaign.operations.table import count

    return count(minutes)


def _lasts(minutes: int) -> str:
    from baiterek.campaign.operations.table import lasts

    return lasts(minutes)


def _head(found: Plan) -> dict[str, Any]:
    from baiterek.campaign.rows.entities import as_row

    return {
        **as_row(found.campaign), "planned": found.milestone.planned, "actual": found.milestone.actual,
        "moved_days": found.moved_days, "slips": [as_row(one) for one in found.slips], "critical_path": found.critical,
        "length_min": found.length_min, "earliest": found.earliest.isoformat() if found.earliest else None,
        "margin_min": found.margin_min, "conflicts": [one._asdict() for one in found.conflicts],
    }  # fmt: skip


def _told(found: Plan, zone: str) -> list[str]:
    campaign, day = found.campaign, found.milestone.actual or found.milestone.planned
    moved = f", moved {found.moved_days:+d} d since it began ({campaign.baseline})" if found.moved_days else ""
    lines = [f"{campaign.id} ({campaign.kind}, {campaign.state}): {campaign.name}; lift-off {day}{moved}"]
    lines += [f"  {one.announced_on} {one.old} -> {one.new} {one.kind} ({one.initiator}): {one.reason}" for one in found.slips]
    lines.append(f"critical path {_lasts(found.length_min)}: {' > '.join(id.rpartition('/')[2] for id in found.critical)}")
    if found.earliest is not None:
        spare = found.margin_min
        margin = "" if spare is None else f", {_lasts(abs(spare))} {'late' if spare < 0 else 'to spare'}"
        lines.append(f"first lift-off that is possible: {_shown(found.earliest, zone)}{margin}")
    return [*lines, *(_conflict(one, found, zone) for one in found.conflicts)]


def _line(one: Slot, found: Plan, zone: str) -> str:
    at = f"{_shown(found.lift_off + timedelta(minutes=one.start_min), zone)}  " if found.lift_off else ""
    held = "critical" if one.times.critical else f"float {_lasts(one.times.total_float)}"
    return (
        f"{_count(one.start_min):>11} {_lasts(one.end_min - one.start_min):>8}  {at}{one.operation.part} "
        f"{one.operation.state:<8} {held:<14} {one.operation.key:<22} {one.operation.name_en}"
    )


def _conflict(one: Conflict, found: Plan, zone: str) -> str:
    when = f"{_count(one.start)} to {_count(one.end)}"
    if found.lift_off is not None:
        first, last = (_shown(found.lift_off + timedelta(minutes=at), zone) for at in (one.start, one.end))
        when += f" ({first} to {last})"
    return f"conflict: {one.kind}{' of ' + one.resource if one.resource else ''}: {', '.join(one.operations)}; {when}"


def _shown(at: Any, zone: str) -> str:
    from baiterek.campaign.clocks import shown

    return shown(at.isoformat(), zone)
