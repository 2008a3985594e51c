"""Certificates with which protocols are signed: the system's own authority, and what comes from outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.gates import Seat
from baiterek.cli.programme import Id
from baiterek.cli.record import As, Reason, actor, on_record, record, say_row
from baiterek.cli.words import Json, choice, say_result
from baiterek.errors import BadValue, UnreadableFile

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

certificates = typer.Typer(
    cls=Edge, no_args_is_help=True, help="Certificates that sign protocols, and who is trusted to issue them."
)
record.add_typer(certificates, name="certificate")

KEY_HELP = "Key file, its owner's alone to read; made if there is none."
KeyFile = Annotated[Path, typer.Argument(metavar="FILE", help=KEY_HELP, show_default=False)]
Days = Annotated[str, typer.Option("--days", metavar="N", help="How long it is valid.")]
FILE_HELP = "Certificate in PEM or DER."
File = Annotated[Path, typer.Argument(metavar="FILE", help=FILE_HELP, show_default=False)]


@certificates.command()
@on_record
def authority(
    database: Database, file: KeyFile, days: Days = "1825", reason: Reason = "", who: As = "", as_json: Json = False
) -> None:  # fmt: skip
    """Make the internal authority (keeper): for tests and internal use, what it vouches for is no qualified signature."""
    from baiterek.campaign.log.signing import make_key, read_key
    from baiterek.campaign.meetings import authority

    lasting = _days(days)
    if not file.exists():
        make_key(file)
    private = read_key(file)
    with database.writing(actor(who)) as change:
        made = authority.make_authority(change, private, lasting, reason)
    say_row(made, f"{made.id}: {made.name}, until {made.valid_to[:10]}", as_json)


@certificates.command()
@on_record
def issue(
    database: Database,
    file: KeyFile,
    seat: Seat,
    above: Annotated[Path, typer.Option("--authority", metavar="FILE", help="Key of the internal authority.")],
    days: Days = "365",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Issue a certificate for the key of a co-chair's seat (keeper); the key may be the one that signs decisions."""
    from baiterek.campaign.log.signing import make_key, read_key, read_public_key
    from baiterek.campaign.meetings import authority

    lasting, private = _days(days), read_key(above)
    if not file.exists():
        make_key(file)
    with database.writing(actor(who)) as change:
        made = authority.certify(change, seat, read_public_key(file), private, lasting, reason)
    say_row(made, f"{made.id}: {made.membership}, until {made.valid_to[:10]}", as_json)


@certificates.command()
@on_record
def trust(
    database: Database,
    file: File,
    part: Annotated[str, typer.Option("--part", metavar="RU|KZ", help="For whose seats.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Trust the certificate of an authority outside for the seats of one part (keeper)."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.meetings import authority

    content, whose = _read(file), choice(part, Part, "--part")
    with database.writing(actor(who)) as change:
        made = authority.trust(change, content, str(file), whose, reason)
    say_row(made, f"{made.id}: {made.name}, trusted for the {made.part} part", as_json)


@certificates.command()
@on_record
def admit(database: Database, file: File, seat: Seat, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Register the certificate from outside with which a co-chair's seat signs (keeper)."""
    from baiterek.campaign.meetings import authority

    content = _read(file)
    with database.writing(actor(who)) as change:
        made = authority.admit(change, content, str(file), seat, reason)
    say_row(made, f"{made.id}: {made.membership}, until {made.valid_to[:10]}", as_json)


@certificates.command()
@on_record
def revoke(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Revoke a certificate (keeper): what it signed before stands."""
    from baiterek.campaign.meetings import authority

    with database.writing(actor(who)) as change:
        made = authority.revoke(change, id, reason)
    say_row(made, f"{made.id}: revoked {made.revoked_at}", as_json)


@certificates.command("list")
@on_record
def list_certificates(database: Database, as_json: Json = False) -> None:
    """Every certificate: of whom, trusted for whom, until when."""
    from baiterek.campaign.meetings.records import Certificate
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = reading.every(look, Certificate)
    lines = [
        f"{one.id[:16]} {one.use:<9} {one.membership or one.part or 'both':<14} until {one.valid_to[:10]} "
        f"{'internal' if one.internal else 'outside '} {one.revoked_at or ''} {one.name}"
        for one in found
    ]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} certificates"]), as_json)


@certificates.command()
@on_record
def take(
    database: Database,
    id: Id,
    into: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Write a certificate into a file in PEM: that of an authority is what others need to verify protocols."""
    from baiterek.campaign.meetings.records import Certificate
    from baiterek.campaign.rows import reading

    with database.reading() as look:
        found = [one for one in reading.every(look, Certificate) if one.id.startswith(id)]
    if len(found) != 1:
        raise BadValue("command line", "ID", id, "the beginning of the id of one certificate, as `certificate list` prints it")
    try:
        with into.open("x", encoding="ascii") as file:
            file.write(found[0].pem)
    except OSError as failure:
        raise UnreadableFile(str(into), "", failure.strerror or str(failure), "a new file") from None
    say_result({"file": str(into), "certificate": found[0].id}, f"{into}: {found[0].name}", as_json)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as failure:
        raise UnreadableFile(str(file), "", failure.strerror or str(failure), FILE_HELP) from None


def _days(text: str) -> int:
    if not text.isdecimal() or len(text) > 5:
        raise BadValue("command line", "--days", text, "whole days")
    return int(text)
