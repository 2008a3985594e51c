"""The schedule: milestones beside their baseline, the ledger of moved dates, when the rest may end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database
    from baiterek.campaign.schedule.forecast import Likelihood

schedule = typer.Typer(cls=Edge, no_args_is_help=True, help="Milestones, moved dates, when the rest may end.")
record.add_typer(schedule, name="schedule")

DATE_HELP = "2028, 2026-H1, 2026-Q1, 2026-03, 2026-03-15 or 2026-03-15T09:00Z."


@schedule.command()
@on_record
def show(database: Database, as_json: Json = False) -> None:
    """Milestones: baseline, what is planned now, what happened, by how many days it moved."""
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row
    from baiterek.campaign.schedule.milestones import shift_days
    from baiterek.campaign.schedule.records import Milestone

    with database.reading() as look:
        found = sorted(reading.every(look, Milestone), key=lambda one: (one.actual or one.planned, one.id))
    moved = {one.id: shift_days(one.baseline, one.actual or one.planned) for one in found}
    lines = [f"{'milestone':<20} {'baseline':<11} {'planned':<11} {'actual':<11} {'moved, d':>9} reserve"]
    lines += [
        f"{m.id:<20} {m.baseline:<11} {m.planned:<11} {m.actual or '-':<11} {moved[m.id]:>9} {m.reserve_days:>7}  "
        f"{m.name_en or m.name_ru}"
        for m in found
    ]
    say_result([as_row(m) | {"moved_days": moved[m.id]} for m in found], "\n".join(lines) + marked(found), as_json)


@schedule.command()
@on_record
def slips(database: Database, as_json: Json = False) -> None:
    """The ledger: every move of a date, its kind, who moved it and why, as which source says."""
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row
    from baiterek.campaign.schedule.records import Slip

    with database.reading() as look:
        found = reading.every(look, Slip)
    lines = [
        f"{s.announced_on:<11} {s.milestone:<20} {s.old:>10} -> {s.new:<10} {s.kind:<11} {s.initiator:<8} {s.reason}\n"
        f"    {s.source}"
        for s in found
    ]
    say_result([as_row(s) for s in found], "\n".join(lines) + marked(found), as_json)


@schedule.command()
@on_record
def move(
    database: Database,
    id: Id,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help=DATE_HELP)],
    initiator: Annotated[str, typer.Option("--initiator", metavar="WHO", help="RU, KZ, joint or unknown.")],
    announced: Annotated[str, typer.Option("--announced", metavar="DATE", help="When it was said.")],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it is said.")],
    placeholder: Annotated[bool, typer.Option("--placeholder", help="No date that anybody means.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Move the date of a milestone, with its line in the ledger."""
    from baiterek.campaign.schedule import milestones as dates
    from baiterek.campaign.schedule.records import Initiator

    started = choice(initiator, Initiator, "--initiator")
    with database.writing(actor(who)) as change:
        made = dates.move(change, id, to, started, announced, source, reason, placeholder)
    say_row(made, f"{made.milestone}: {made.old} -> {made.new}, {made.kind}{marked([made])}", as_json)


@schedule.command()
@on_record
def milestone(
    database: Database,
    id: Id,
    ru: Annotated[str, typer.Option("--ru", metavar="TEXT", help="Its name in Russian.")],
    kk: Annotated[str, typer.Option("--kk", metavar="TEXT", help="Its name in Kazakh.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=DATE_HELP)],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Where that date is said.")],
    en: Annotated[str, typer.Option("--en", metavar="TEXT", help="Its name in English.")] = "",
    both: Annotated[bool, typer.Option("--both", help="Both parts answer for it; else one's own.")] = False,
    after: Annotated[str, typer.Option("--after", metavar="LIST", help="Activities before it; semicolons.")] = "",
    reserve: Annotated[int, typer.Option("--reserve", min=0, metavar="DAYS", help="Reserve days.")] = 0,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter a milestone, such as the lift-off of a rehearsal; its date is its baseline, and moves with `move` alone."""
    from baiterek.campaign.programme.drafts import listed
    from baiterek.campaign.schedule import milestones as dates
    from baiterek.campaign.schedule.records import Milestone

    acting = actor(who)
    part = None if both else acting.part
    asked = Milestone(id, ru, kk, en, on, on, "", part, tuple(listed(after)), reserve, source)
    with database.writing(acting) as change:
        made = dates.enter_milestone(change, asked, reason)
    say_row(made, f"{made.id}: {made.planned}{marked([made])}", as_json)


@schedule.command()
@on_record
def achieve(
    database: Database,
    id: Id,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=DATE_HELP)],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Say that a milestone has happened."""
    from baiterek.campaign.schedule import milestones as dates

    with database.writing(actor(who)) as change:
        made = dates.achieve(change, id, on, reason)
    say_row(made, f"{made.id}: {made.actual}{marked([made])}", as_json)


@schedule.command()
@on_record
def activity(
    database: Database,
    id: Id,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What is done.")],
    days: Annotated[str, typer.Option("--days", metavar="A/B/C", help="Shortest, likely and longest days: 30/60/150.")],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Who states these durations.")],
    after: Annotated[str, typer.Option("--after", metavar="LIST", help="Activities before it; semicolons.")] = "",
    done: Annotated[str, typer.Option("--done", metavar="DAY", help="The day on which it was done.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter an activity with its durations, or correct it; its part is yours."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.programme.drafts import listed
    from baiterek.campaign.schedule import milestones as dates
    from baiterek.campaign.schedule.records import Activity

    stated = days.split("/")
    if len(stated) != 3 or not all(one.isascii() and one.isdigit() for one in stated):
        raise BadValue("command line", "--days", days, "three whole numbers: 30/60/150")
    acting = actor(who)
    shortest, likely, longest = map(int, stated)
    part = acting.part or Part.RU
    asked = Activity(id, name, part, shortest, likely, longest, tuple(listed(after)), done, source)
    with database.writing(acting) as change:
        made = dates.enter_activity(change, asked, reason)
    say_row(made, f"{made.id}: {days} days{marked([made])}", as_json)


@schedule.command()
@on_record
def forecast(
    database: Database,
    start: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day of what remains.")],
    draws: Annotated[int, typer.Option("--draws", min=100, max=1_000_000, help="How many.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random numbers.")] = 0,
    as_json: Json = False,
) -> None:
    """When the remaining work may end, by its stated durations; how often each activity is critical; whether plans are kept."""
    from datetime import date

    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.rows import reading
    from baiterek.campaign.schedule.forecast import forecast as drawn
    from baiterek.campaign.schedule.records import Activity, Milestone

    day = date.fromisoformat(read_day(start, "--from"))
    with database.reading() as look:
        work, milestones = reading.every(look, Activity), reading.every(look, Milestone)
    found = drawn(work, milestones, day, draws, seed)
    rows = [found.end, *found.milestones, *found.activities]
    lines = [f"{draws} draws from {day}, seed {seed}; ends at 10, 50, 80, 90 %", *map(_line, rows)]
    sources = sorted({one.source for one in work})
    document = {"draws": draws, "seed": seed, "from": day.isoformat(), "sources": sources, "rows": [_row(one) for one in rows]}
    lines += [f"  durations: {source}" for source in sources]
    say_result(document, "\n".join(lines) + marked(work), as_json)


def _row(one: Likelihood) -> dict[str, object]:
    days = [day.isoformat() for day in one.days]
    return one._asdict() | {"days": days, "likely": one.likely.isoformat()}


def _line(one: Likelihood) -> str:
    kept = f"  plan kept in {100 * one.by_plan:.0f} %" if one.by_plan is not None else ""
    critical = f"  critical {100 * one.critical:>3.0f} %" if one.critical is not None else ""
    return f"{one.id:<20} {'  '.join(map(str, one.days))}  likely {one.likely}{critical}{kept}"
