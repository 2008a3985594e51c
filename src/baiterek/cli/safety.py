"""Who is below: footprints, failures, people, and the limits of a rule."""

from __future__ import annotations

from math import radians
from pathlib import Path
from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import (
    CORES,
    Json,
    Language,
    Mission,
    Out,
    Scheduler,
    Threads,
    Workers,
    check_machines,
    progress,
    say_result,
    say_what_is_absent,
)


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
    guidance: Annotated[str, typer.Option("--guidance", help="Of the dispersed flights: closed or open.")] = "closed",
    rules: Annotated[
        str, typer.Option("--rules", metavar="NAME", help="Of closed areas: of the catalogue, or a file.")
    ] = "far417",
    language: Language = "en",
    workers: Threads = None,
    scheduler: Scheduler = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Where stages and wreckage fall, who is below, and whether a rule's limits hold."""
    from baiterek.reports.safety import rendering
    from baiterek.study.safety import Asked
    from baiterek.study.safety import safety as case
    from baiterek.study.safety_words import as_text

    check_machines(workers, scheduler)
    asked = Asked(flights, moments, samples, seed, criteria, exposure, hazards, guidance, rules)
    how = {"workers": workers or CORES, "scheduler": scheduler, "render": rendering(language)}
    with progress() as say:
        document, folder = case(mission, asked, out or Path("runs"), say=say, **how)
    files = [str(file) for file in sorted(folder.glob("report.*"))]
    say_what_is_absent(files)
    say_result({"folder": str(folder), "files": files, **document}, f"{as_text(document)}\n\n  {folder}", as_json)
    if any(verdict["holds"] is False for verdict in document["verdicts"]):
        raise typer.Exit(1)


@app.command()
def notices(
    mission: Mission,
    window: Annotated[str, typer.Option("--window", metavar="START/DURATION", help="Of launch, ISO 8601, UTC.")],
    form: Annotated[
        str, typer.Option("--format", metavar="text|notam|notam-circle|geojson|kml", help="What is written.")
    ] = "text",
    flights: Annotated[int, typer.Option("--flights", help="Dispersed flights; 0: by covariance.")] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn.")] = 1,
    rules: Annotated[
        str, typer.Option("--rules", metavar="NAME", help="Of closed areas: of the catalogue, or a file.")
    ] = "far417",
    fir: Annotated[
        list[str], typer.Option("--fir", metavar="[BODY=]CODE", help="Flight information region; may be given again.")
    ] = [],  # noqa: B006
    guidance: Annotated[str, typer.Option("--guidance", help="Of the flights: closed or open.")] = "closed",
    workers: Workers = CORES,
    language: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there, not on standard output.")] = None,
    as_json: Json = False,
) -> None:
    """Closed areas with their times: NOTAM text, notices to local authorities, GeoJSON, KML. Drafts, decided by others."""
    from baiterek.reports.language import language as words_of
    from baiterek.reports.notices import check_format, render
    from baiterek.study.folder import written_whole
    from baiterek.study.notices import Asked, read_firs, read_window
    from baiterek.study.notices import notices as areas_of

    words = words_of(language)
    check_format(form)
    asked = Asked(read_window(window), flights, seed, rules, read_firs(fir), guidance)
    with progress() as say:
        document = areas_of(mission, asked, workers=workers, say=say)
    text = render(document, form, words)
    for note in document["notes"]:
        typer.echo(f"baiterek: {note}", err=True)
    if out is not None:

        def write(path: Path) -> list[Path]:
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
            return [path]

        written_whole(out, write)
        text = str(out)
    say_result({"file": None if out is None else str(out), **document}, text, as_json)


@app.command()
def zones(
    action: Annotated[str, typer.Argument(metavar="fit", help="Propose a zone for each body that falls.", show_default=False)],
    mission: Mission,
    within: Annotated[float, typer.Option("--within", help="Part of its impacts that a zone holds.")] = 0.9973,
    flights: Annotated[int, typer.Option("--flights", help="Dispersed flights; 0: by covariance.")] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn.")] = 1,
    guidance: Annotated[str, typer.Option("--guidance", help="Of the flights: closed or open.")] = "closed",
    workers: Workers = CORES,
    as_json: Json = False,
) -> None:
    """`zones fit`: an ellipse around where each body of a mission falls, as TOML to paste, beside the zones that it has."""
    from baiterek.errors import BadValue
    from baiterek.study.zone_fit import as_toml, fit_zones

    if action != "fit":
        raise BadValue("command line", "zones", action, "fit")
    with progress() as say:
        document = fit_zones(mission, within, flights, seed=seed, guidance=guidance, workers=workers, say=say)
    say_result(document, as_toml(document), as_json)


@app.command()
def reentry(
    mission: Mission,
    area: Annotated[
        float | None, typer.Option("--area", metavar="M2", help="Casualty area; default: of the pieces that the hazards list.")
    ] = None,
    fails: Annotated[float, typer.Option("--fails", help="Probability that a planned disposal fails.")] = 0.1,
    criteria: Annotated[
        str, typer.Option("--criteria", metavar="NAME", help="Rule of the catalogue, or a file.")
    ] = "nasa-8719.14c",
    inclination: Annotated[
        float | None,
        typer.Option("--inclination", metavar="DEG", help="Of the orbit it is left in; default: the target's."),
    ] = None,
    as_json: Json = False,
) -> None:
    """What the last stage is worth in casualties if it comes down from orbit by itself, anywhere under that orbit."""
    from baiterek.study.reentry import as_text
    from baiterek.study.reentry import reentry as left_in_orbit

    document = left_in_orbit(mission, area, fails, criteria, None if inclination is None else radians(inclination))
    say_result(document, as_text(document), as_json)
    if not document["holds"]:
        raise typer.Exit(1)


@app.command()
def corridors(
    mission: Mission,
    inclination: Annotated[
        str | None, typer.Option("--inclination", metavar="DEG,DEG", help="Of the target; default: the mission's.")
    ] = None,
    azimuth: Annotated[
        str | None, typer.Option("--azimuth", metavar="LOW:HIGH,...", help="Launch azimuths allowed, deg: dog-legs.")
    ] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="1,7", help="Of the mean wind.")] = None,
    criteria: Annotated[str, typer.Option("--criteria", metavar="NAME", help="Rule of the catalogue, or a file.")] = "far450",
    exposure: Annotated[str, typer.Option("--exposure", metavar="NAME", help="How people are exposed.")] = "steppe",
    guidance: Annotated[str, typer.Option("--guidance", help="Of the covariance: closed or open.")] = "closed",
    language: Language = "en",
    workers: Workers = CORES,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Ways up beside each other: payload, casualties to be expected, drop areas and who lives there, in one table and map."""
    from baiterek.reports.corridors import rendering
    from baiterek.study.corridors import as_text, read_asked
    from baiterek.study.corridors import corridors as compared

    asked = read_asked(inclination, azimuth, month, criteria, exposure, guidance)
    render = rendering(language)
    with progress() as say:
        document, folder = compared(mission, asked, out or Path("runs"), workers=workers, render=render, say=say)
    say_result({"folder": str(folder), **document}, f"{as_text(document)}\n\n  {folder}", as_json)
