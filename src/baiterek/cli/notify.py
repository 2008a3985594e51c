"""Who is told what, by e-mail or webhook; milestones and operations as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Reason, actor, on_record, record, say_row
from baiterek.cli.words import Json, Language, say_result
from baiterek.errors import BadValue, UnreadableFile

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

subscription = typer.Typer(cls=Edge, no_args_is_help=True, help="Offices that are told what happens, by e-mail or webhook.")
record.add_typer(subscription, name="subscription")

SETTINGS_HELP = "Server of mail and secret of webhooks, TOML."
Settings = Annotated[Path, typer.Option("--settings", envvar="BAITEREK_NOTICES", metavar="FILE", help=SETTINGS_HELP)]
TOPICS_HELP = "Kinds of record, with commas: operation,milestone,decision."
OWN_HELP = "Only what the part of the office answers for."


@subscription.command()
@on_record
def add(
    database: Database,
    id: Id,
    tell: Annotated[str, typer.Option("--tell", metavar="ROLE:PART", help="The office: co-chair:KZ, secretary:RU, keeper.")],
    topics: Annotated[str, typer.Option("--topics", metavar="LIST", help=TOPICS_HELP)],
    mail: Annotated[str, typer.Option("--mail", metavar="ADDRESS", help="Where its e-mail goes.")] = "",
    webhook: Annotated[str, typer.Option("--webhook", metavar="URL", help="Where its webhook goes.")] = "",
    own: Annotated[bool, typer.Option("--own", help=OWN_HELP)] = False,
    language: Language = "ru",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Tell an office from now on (keeper); one target, of e-mail or of the web."""
    from baiterek.campaign.notices.records import Channel, Subscription
    from baiterek.campaign.notices.subscribe import subscribe

    if bool(mail) == bool(webhook):
        raise BadValue("command line", "--mail", "neither" if not mail else "both", "one of --mail and --webhook")
    office, channel = actor(tell, "--tell"), Channel.MAIL if mail else Channel.WEBHOOK
    listed = tuple(dict.fromkeys(one.strip() for one in topics.split(",") if one.strip()))
    asked = Subscription(id, office.role, office.part, channel, mail or webhook, listed, own, language)
    with database.writing(actor(who)) as change:
        made = subscribe(change, asked, reason)
    say_row(made, f"{made.id}: {tell} by {made.channel} at {made.target}", as_json)


@subscription.command("end")
@on_record
def end_subscription(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Tell it nothing any more (keeper)."""
    from baiterek.campaign.notices.subscribe import end

    with database.writing(actor(who)) as change:
        made = end(change, id, reason)
    say_row(made, f"{made.id}: ended", as_json)


@subscription.command("list")
@on_record
def list_subscriptions(database: Database, as_json: Json = False) -> None:
    """Who is told what and where; up to which event, and what fails."""
    from baiterek.campaign.notices.deliver import accounts
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = accounts(look)
    lines = []
    for one in found:
        to = one.subscription
        office = f"{to.role}:{to.part}" if to.part else str(to.role)
        ended = "" if to.active else "  ended"
        lines.append(f"{to.id:<14} {office:<13} {to.channel:<8} {to.target}  {', '.join(to.topics)}{ended}")
        if one.failure:
            lines.append(f"  FAILED {one.attempts} times, again at {one.next_at}: {one.failure}")
    document = [as_row(one.subscription) | {name: getattr(one, name) for name in one._fields[1:]} for one in found]
    say_result(document, "\n".join([*lines, f"{len(found)} subscriptions"]), as_json)


@record.command()
@on_record
def notify(database: Database, settings: Settings, as_json: Json = False) -> None:
    """Tell whoever is due what happened since they were last told; exit status 1 if a target fails: it is tried again later."""
    from baiterek.campaign.notices.deliver import deliver
    from baiterek.campaign.notices.settings import read_settings
    from baiterek.reports.notice import say

    told = deliver(database, read_settings(settings), say)
    lines = [f"{one.subscription}: {one.events} events {'FAILED: ' + one.failure if one.failure else 'told'}" for one in told]
    say_result([one._asdict() for one in told], "\n".join([*lines, f"{len(told)} notices"]), as_json)
    if any(one.failure for one in told):
        raise typer.Exit(1)


@record.command()
@on_record
def calendar(
    database: Database,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Calendar to write, .ics.", show_default=False)],
    language: Language = "ru",
    as_json: Json = False,
) -> None:
    """Write milestones, meetings and operations as a calendar (iCalendar); a date keeps its precision."""
    from baiterek.campaign.log.change import now
    from baiterek.reports.calendar import of_record
    from baiterek.reports.language import language as language_of

    with database.reading() as look:
        text = of_record(look, language_of(language), now())
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as failure:
        raise UnreadableFile(str(file), "", failure.strerror or str(failure), "a file that can be written") from None
    count = text.count("BEGIN:VEVENT")
    say_result({"file": str(file), "entries": count}, f"{count} entries in {file}", as_json)
