"""The log of the record: whether it is whole, what it says, the signed head to keep elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baiterek.cli.edge import Edge, app
from baiterek.cli.record import Clock, on_record
from baiterek.cli.words import Json, say_result

if TYPE_CHECKING:
    from baiterek.campaign.log.database import Database

audit = typer.Typer(cls=Edge, no_args_is_help=True, help="The log of every change of the record.")
app.add_typer(audit, name="audit")

SHOWN = 40
"""Faults that a reader is shown; --json has all."""
PUBLIC_HELP = "Key to check signatures with, either half; default: the record's own."
HEAD_HELP = "Signed head that was kept elsewhere (`baiterek audit head --out`)."


@audit.command()
@on_record
def verify(
    database: Database,
    head: Annotated[Path | None, typer.Option("--head", metavar="FILE", help=HEAD_HELP)] = None,
    public: Annotated[Path | None, typer.Option("--public-key", metavar="FILE", help=PUBLIC_HELP)] = None,
    as_json: Json = False,
) -> None:
    """Find any event or row that was changed, removed, moved or cut off; exit status 1 if there is one."""
    from baiterek.campaign.log.audit import read_head
    from baiterek.campaign.log.audit import verify as verdict_on
    from baiterek.campaign.log.signing import read_public_key

    kept = [read_head(head)] if head else []
    with database.reading() as look:
        verdict = verdict_on(look, read_public_key(public or database.key), kept)
    counted = f"{verdict.events} events, {verdict.heads} kept heads and the signed tail, {verdict.rows} rows"
    lines = [f"{fault.where}: {fault.what}" for fault in verdict.faults[:SHOWN]]
    more = [f"... and {len(verdict.faults) - SHOWN} more"] if len(verdict.faults) > SHOWN else []
    text = "\n".join([*lines, *more, f"{'whole' if verdict.whole else f'{len(verdict.faults)} faults'}: {counted}"])
    document = {"whole": verdict.whole, "events": verdict.events, "heads": verdict.heads, "rows": verdict.rows}
    say_result({**document, "faults": [fault._asdict() for fault in verdict.faults]}, text, as_json)
    if not verdict.whole:
        raise typer.Exit(1)


@audit.command()
@on_record
def head(
    database: Database,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it as JSON.")] = None,
    as_json: Json = False,
) -> None:
    """The signed head of the log, to keep elsewhere: with it a record that was put back to an older state is found."""
    from baiterek.campaign.log.audit import write_head
    from baiterek.campaign.log.signing import public_pem, read_public_key
    from baiterek.campaign.rows import reading
    from baiterek.errors import Refused

    with database.reading() as look:
        tail = reading.tail(look)
    if tail is None:
        raise Refused("the log", "its signed tail is missing: baiterek audit verify says more")
    document = {**tail._asdict(), "public_key": public_pem(read_public_key(database.key))}
    if out is not None:
        write_head(out, document)
    say_result(document, f"event {tail.seq} at {tail.at}\n{tail.hash}\nsigned {tail.signature}", as_json)


@audit.command()
@on_record
def log(
    database: Database,
    of: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of one row alone.", show_default=False)] = None,
    clock: Clock = "utc",
    as_json: Json = False,
) -> None:
    """Every change: when, who, as what, what it was before and after, why."""
    from baiterek.campaign.clocks import read_clock, shown
    from baiterek.campaign.log.chain import changed
    from baiterek.campaign.rows import reading

    zone = read_clock(clock, "--clock")
    with database.reading() as look:
        found = list(reading.events(look, entity_id=of))
    lines = [
        f"{e.seq:>6} {shown(e.at, zone)} {e.actor} ({e.role}{':' + e.part if e.part else ''}) {e.action} "
        f"{e.entity} {e.entity_id}{': ' + e.reason if e.reason else ''}{_difference(changed(e))}"
        for e in found
    ]
    say_result([e._asdict() for e in found], "\n".join(lines), as_json)


def _difference(fields: dict[str, tuple[Any, Any]]) -> str:
    return "".join(
        f"\n       {k}: {json.dumps(a, ensure_ascii=False)} -> {json.dumps(b, ensure_ascii=False)}"
        for k, (a, b) in fields.items()
    )
