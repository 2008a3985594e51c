"""Where to: what a departure asks for."""

from __future__ import annotations

from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import Json, say_result


@app.command()
def escape(
    to: Annotated[str, typer.Option("--to", metavar="mars|moon", help="Where to.")],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First day of departure, UTC: 2028-10-01.")],
    days: Annotated[int, typer.Option("--days", min=1, max=1500, help="How many days to look at.")] = 1,
    as_json: Json = False,
) -> None:
    """What a launch to Mars or the Moon asks for: C3 and declination by day of departure."""
    from baiterek.orbits import escape_window
    from baiterek.orbits.words import as_rows, as_text, read_date

    window = escape_window(to, read_date(start), days, step=max(1, days // 30))
    say_result({"to": to, "departures": as_rows(window)}, as_text(window), as_json)
