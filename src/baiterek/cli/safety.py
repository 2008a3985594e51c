"""Who is below: footprints, failures, people, and the limits of a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import CORES, Json, Mission, Out, Workers, progress, say_result


@app.command()
def safety(
    mission: Mission,
    flights: Annotated[int, typer.Option("--flights", help="Dispersed nominal flights.")] = 1000,
    moments: Annotated[int, typer.Option("--moments", help="Intervals of the flight in which it may fail.")] = 200,
    samples: Annotated[int, typer.Option("--samples", help="Draws for each moment and cause.")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="Of all that is drawn.")] = 1,
    criteria: Annotated[str, typer.Option("--criteria", metavar="NAME", help="Rule of the catalogue, or a file.")] = "far450",
    exposure: Annotated[str, typer.Option("--exposure", metavar="NAME", help="How people are exposed.")] = "steppe",
    hazards: Annotated[
        str | None, typer.Option("--hazards", metavar="FILE", help="How it fails; default: the vehicle's.")
    ] = None,
    workers: Workers = CORES,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Where stages and wreckage fall, who is below, and whether a rule's limits hold."""
    from baiterek.study.safety import Asked
    from baiterek.study.safety import safety as case
    from baiterek.study.safety_words import as_text

    asked = Asked(flights, moments, samples, seed, criteria, exposure, hazards)
    with progress() as say:
        document, folder = case(mission, asked, out or Path("runs"), workers=workers, say=say)
    say_result({"folder": str(folder), **document}, f"{as_text(document)}\n\n  {folder}", as_json)
    if any(verdict["holds"] is False for verdict in document["verdicts"]):
        raise typer.Exit(1)
