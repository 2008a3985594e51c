"""Meetings: agenda, attendance, decisions, the protocol and the signatures under it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.gates import Dissent, English, Kazakh, OwnKey, Russian, Said, Seat, State
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Clock, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, Language, choice, say_result
from baiterek.errors import UnreadableFile

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

meetings = typer.Typer(cls=Edge, no_args_is_help=True, help="Meetings of the commission and other bodies, and their protocols.")
record.add_typer(meetings, name="meeting")

Number = Annotated[str, typer.Option("--number", metavar="N", help="1, 2, ...")]
Part = Annotated[str, typer.Option("--part", metavar="RU|KZ", help="Which part does it; default: both.")]


@meetings.command("list")
@on_record
def list_meetings(database: Database, clock: Clock = "utc", as_json: Json = False) -> None:
    """Every meeting, with its state and its time."""
    from baiterek.campaign.clocks import read_clock, shown
    from baiterek.campaign.meetings.records import Meeting
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    hands = read_clock(clock, "--clock")
    with database.reading() as look:
        found = sorted(reading.every(look, Meeting), key=lambda one: one.begins_at)
    lines = [f"{one.id:<14} {one.part} {one.state:<10} {shown(one.begins_at, hands)}  {one.title_ru}" for one in found]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} meetings{marked(found)}"]), as_json)


@meetings.command()
@on_record
def draft(
    database: Database,
    id: Id,
    ru: Russian,
    kk: Kazakh,
    place_ru: Annotated[str, typer.Option("--place-ru", metavar="TEXT", help="Place in Russian.")],
    place_kk: Annotated[str, typer.Option("--place-kk", metavar="TEXT", help="Place in Kazakh.")],
    at: Annotated[str, typer.Option("--at", metavar="INSTANT", help="When it begins, with its offset: ...T10:00+05:00.")],
    until: Annotated[str, typer.Option("--until", metavar="INSTANT", help="When it ends.")] = "",
    body: Annotated[str, typer.Option("--body", metavar="ID", help="Whose meeting.")] = "commission",
    en: English = "",
    place_en: Annotated[str, typer.Option("--place-en", metavar="TEXT", help="Place in English, if there is one.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Draft a meeting that your part calls, or correct the one of that name before it is held."""
    from baiterek.campaign.clocks import read_instant
    from baiterek.campaign.commission import parts
    from baiterek.campaign.meetings import conduct
    from baiterek.campaign.meetings.records import Meeting

    acting, begins = actor(who), read_instant(at, "--at")
    ends = read_instant(until, "--until") if until else None
    part = acting.part or parts.Part.RU
    said = Meeting(id, body, part, ru, kk, begins, place_ru, place_kk, en, place_en, ends)
    with database.writing(acting) as change:
        made = conduct.draft(change, said, reason)
    say_row(made, f"{made.id}: {made.state}, {made.begins_at}{marked([made])}", as_json)


@meetings.command()
@on_record
def agenda(
    database: Database,
    id: Id,
    number: Number,
    ru: Russian,
    kk: Kazakh,
    en: English = "",
    speaker: Annotated[str, typer.Option("--speaker", metavar="TEXT", help="A role or an organisation.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Put an item on the agenda, or correct it; your part brings it, and its materials (evidence of agenda_item:ID:N)."""
    from baiterek.campaign.commission import parts
    from baiterek.campaign.meetings import conduct
    from baiterek.campaign.meetings.records import AgendaItem

    acting = actor(who)
    item = AgendaItem("", id, _whole(number), acting.part or parts.Part.RU, ru, kk, en, speaker)
    with database.writing(acting) as change:
        made = conduct.put_on_agenda(change, item, reason)
    say_row(made, f"{made.id}: brought by the {made.part} part", as_json)


@meetings.command()
@on_record
def step(database: Database, id: Id, state: State, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Call it (convened), say that it took place or take it up again (held), or call it off (cancelled)."""
    from baiterek.campaign.meetings import conduct
    from baiterek.campaign.meetings.states import MeetingState

    with database.writing(actor(who)) as change:
        made = conduct.step(change, database.evidence, id, choice(state, MeetingState, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@meetings.command()
@on_record
def attend(
    database: Database,
    id: Id,
    presence: Annotated[str, typer.Argument(metavar="HOW", help="present, remote or absent.", show_default=False)],
    seat: Seat,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Put down whether a seat of your part was there."""
    from baiterek.campaign.meetings import conduct
    from baiterek.campaign.meetings.states import Presence

    with database.writing(actor(who)) as change:
        made = conduct.attend(change, id, seat, choice(presence, Presence, "HOW"), reason)
    say_row(made, f"{made.meeting}: {made.membership} {made.presence}", as_json)


@meetings.command()
@on_record
def resolve(
    database: Database,
    id: Id,
    item: Annotated[str, typer.Option("--item", metavar="N", help="On which item of the agenda; your part brought it.")],
    basis: Annotated[str, typer.Option("--basis", metavar="HOW", help="noted, consensus, vote or gate.")],
    number: Number = "1",
    ru: Russian = "",
    kk: Kazakh = "",
    en: English = "",
    decision: Annotated[str, typer.Option("--decision", metavar="ID", help="The decision on a gate that it is.")] = "",
    part: Part = "",
    due: Annotated[str, typer.Option("--due", metavar="DAY", help="By which day.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Put down what was decided on an item, or correct it while nobody has voted."""
    from baiterek.campaign.commission import parts
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.meetings import conduct
    from baiterek.campaign.meetings.records import Resolution
    from baiterek.campaign.meetings.states import Basis

    said = Resolution(
        "", id, f"{id}:{_whole(item)}", _whole(number), choice(basis, Basis, "--basis"), ru, kk, en, decision or None,
        choice(part, parts.Part, "--part") if part else None, read_day(due, "--due") if due else None,
    )  # fmt: skip
    with database.writing(actor(who)) as change:
        made = conduct.resolve(change, said, reason)
    say_row(made, f"{made.id}: {made.basis}", as_json)


@meetings.command()
@on_record
def vote(
    database: Database,
    id: Id,
    word: Said,
    seat: Seat,
    dissent: Dissent = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Put down the word of a seat on a decision of the meeting, once."""
    from baiterek.campaign.gates.states import Word
    from baiterek.campaign.meetings import conduct

    with database.writing(actor(who)) as change:
        made = conduct.vote(change, id, seat, choice(word, Word, "WORD"), dissent)
    say_row(made, f"{made.resolution}: {made.membership} {made.word}", as_json)


@meetings.command()
@on_record
def issue(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Issue the next revision of the protocol: PDF/A in Russian and Kazakh, its contents frozen."""
    from baiterek.campaign.meetings import protocol
    from baiterek.reports.protocol import as_protocol

    with database.writing(actor(who)) as change:
        made = protocol.issue(change, database.evidence, id, as_protocol, reason)
    say_row(made, f"{made.id}: issued {made.issued_at}, SHA-256 {made.sha256}", as_json)


@meetings.command()
@on_record
def sign(
    database: Database,
    id: Id,
    seat: Seat,
    own: OwnKey,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Sign the protocol in its PDF, as co-chair, with the key of a certificate of the record."""
    from baiterek.campaign.log.signing import read_key
    from baiterek.campaign.meetings import signing

    private = read_key(own)
    with database.writing(actor(who)) as change:
        made = signing.sign(change, database.evidence, id, seat, private)
    say_row(made, f"{made.protocol}: signed for the {made.part} part at {made.at} ({signing.NOTE})", as_json)


@meetings.command()
@on_record
def bring(
    database: Database,
    id: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PDF signed once more, or a .p7s.", show_default=False)],
    who: As = "",
    as_json: Json = False,
) -> None:
    """Bring in the signature of your part that was made outside; it is verified, and refused with what is wrong."""
    from baiterek.campaign.meetings import signing

    try:
        content = file.read_bytes()
    except OSError as failure:
        raise UnreadableFile(str(file), "", failure.strerror or str(failure), "a signed PDF, or a signature") from None
    with database.writing(actor(who)) as change:
        made = signing.bring(change, database.evidence, id, content, str(file))
    say_row(made, f"{made.protocol}: signed for the {made.part} part, {made.form}", as_json)


@meetings.command()
@on_record
def take(
    database: Database,
    id: Id,
    into: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.", show_default=False)],
    issued: Annotated[
        bool, typer.Option("--issued", help="As issued, without signatures: what a detached one is over.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the last revision of the protocol into a file, with the signatures that are in it."""
    from baiterek.campaign.meetings.protocol import file_of
    from baiterek.campaign.meetings.records import Meeting
    from baiterek.campaign.rows import reading

    with database.reading() as look:
        found, sha256, path = file_of(look, database.evidence, reading.get(look, Meeting, id), issued)
    try:
        with into.open("xb") as file:
            file.write(path.read_bytes())
    except OSError as failure:
        raise UnreadableFile(str(into), "", failure.strerror or str(failure), "a new file") from None
    say_result({"file": str(into), "sha256": sha256}, f"{into}: {found.id}, SHA-256 {sha256}", as_json)


@meetings.command()
@on_record
def show(database: Database, id: Id, in_language: Language = "en", as_json: Json = False) -> None:
    """What was decided, and every signature verified again (exit status 1 if a signed protocol is not whole)."""
    from baiterek.campaign.meetings import protocol, signing
    from baiterek.campaign.meetings.records import Meeting
    from baiterek.campaign.rows import reading
    from baiterek.reports.refusals import told

    with database.reading() as look:
        meeting = reading.get(look, Meeting, id)
        said, issued = protocol.contents(look, meeting), protocol.last(look, meeting)
        found = signing.standing(look, database.evidence, issued) if issued else None
    spoken = in_language if in_language != "en" else "ru"
    lines = [f"{meeting.id}: {meeting.state}, {meeting.begins_at}{marked([meeting])}"]
    lines += [f"  {one['number']}. {one['text'][spoken]} ({one['basis']}: {one['outcome']})" for one in said["decisions"]]
    faults: list[str] = []
    document: dict[str, Any] = {"state": meeting.state, "contents": said, "protocol": None, "signatures": []}
    if found:
        document["protocol"] = {"id": found.protocol.id, "sha256": found.protocol.sha256, "whole": found.whole}
        faults = [told(why, in_language) for why in found.changed]
        for one in found.signatures:
            wrong = [told(why, in_language) for why in one.faults]
            kind = signing.NOTE if one.internal else "by a certificate from outside"
            verdict = "; ".join(wrong) or "good"
            lines.append(f"  {one.signature.part} signed at {one.signature.at}, {one.signature.form}, {kind}: {verdict}")
            document["signatures"].append({"part": one.signature.part, "internal": one.internal, "faults": wrong})
            faults += wrong
        lines += [f"  - {why}" for why in faults]
    say_result(document, "\n".join(lines), as_json)
    if meeting.state == "signed" and faults:
        raise typer.Exit(1)


@meetings.command()
@on_record
def example(database: Database, who: As = "", as_json: Json = False) -> None:
    """Enter a generated meeting, marked so: one part calls it, the other, with this command again, holds it."""
    from baiterek.campaign.meetings.example import enter_example

    with database.writing(actor(who)) as change:
        made = enter_example(change, database.evidence)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


def _whole(text: str) -> int:
    from baiterek.errors import BadValue

    if not text.isdecimal() or len(text) > 2:
        raise BadValue("command line", "number", text, "a number from 1 to 99")
    return int(text)
