"""Many plans from one: maps of payload, prices, a planner's guide, dispersed flights."""

from __future__ import annotations

from functools import partial
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
def performance(
    mission: Annotated[
        Path | None, typer.Argument(metavar="[MISSION]", help="Limits, site and day to take.", show_default=False)
    ] = None,
    vehicle: Annotated[str | None, typer.Option(help="Vehicle of the catalogue or file; default: the mission's.")] = None,
    upper_stage: Annotated[
        str | None, typer.Option(help="Upper stage of the catalogue or file; default: the mission's.")
    ] = None,
    altitude: Annotated[str | None, typer.Option(help="Of circular orbits, km: from:to:step or numbers.")] = None,
    perigee: Annotated[str | None, typer.Option(help="Perigee altitudes, km.")] = None,
    apogee: Annotated[str | None, typer.Option(help="Apogee altitudes, km.")] = None,
    inclination: Annotated[str | None, typer.Option(help="Inclinations, deg.")] = None,
    sun_synchronous: Annotated[str | None, typer.Option(help="Altitudes of sun-synchronous circles, km.")] = None,
    c3: Annotated[str | None, typer.Option("--c3", help="Energies of escapes, km2/s2, with an upper stage.")] = None,
    workers: Workers = CORES,
    language: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Payload over one or two elements of the orbit: a map with what limits it. An interrupted map goes on."""
    from baiterek.reports.language import language as words_of
    from baiterek.reports.performance import draw_map
    from baiterek.study.performance_files import payload_map

    asked = {
        "altitude_km": altitude,
        "perigee_altitude_km": perigee,
        "apogee_altitude_km": apogee,
        "inclination_deg": inclination,
        "sun_synchronous_km": sun_synchronous,
        "c3_km2_s2": c3,
    }
    draw = partial(draw_map, words=words_of(language))
    with progress() as say:
        document, folder = payload_map(mission, vehicle, asked, workers, out or Path("runs"), draw, say, upper_stage)
    counts = ", ".join(f"{count} {status}" for status, count in document["counts"].items() if count)
    flown = " + ".join(filter(None, (document["vehicle"], document["upper_stage"])))
    say_result(
        {"folder": str(folder), **document},
        f"{flown}: {counts}\n  {folder}/payload.svg, performance.csv",
        as_json,
    )
    if document["counts"]["failed"]:
        raise typer.Exit(1)


@app.command()
def prices(
    mission: Mission,
    totals: Annotated[bool, typer.Option("--totals", help="Solve again without each limit: what it costs in all.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Solve again to both sides of each step, and compare.")] = False,
    only: Annotated[list[str], typer.Option("--only", metavar="NAME", help="This limit or part; may be given again.")] = [],  # noqa: B006
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """What each limit costs, and what each number of vehicle, target and wind is worth. Writes nothing."""
    from baiterek.catalogue.read import load_mission
    from baiterek.reports.language import language as words_of
    from baiterek.reports.terminal import prices_as_text
    from baiterek.study.prices import prices as price

    words = words_of(language)
    with progress() as say:
        document = price(load_mission(mission), totals, check, only, say)
    say_result(document, prices_as_text(document, words), as_json)
    if any(row.get("agrees") is False for row in document["prices"]):
        raise typer.Exit(1)


@app.command("monte-carlo")
def monte_carlo(
    mission: Mission,
    flights: Annotated[int, typer.Option("--flights", min=2, help="How many.")] = 1000,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Of all that is drawn; default: the mission's.")] = None,
    design: Annotated[str, typer.Option("--design", metavar="random|lhs|sobol", help="How flights are spread.")] = "random",
    until: Annotated[
        str | None, typer.Option("--until", metavar="COLUMN:P:WIDTH", help="Stop when this quantile is known so well, SI.")
    ] = None,
    guidance: Annotated[
        str, typer.Option("--guidance", metavar="closed|open", help="Guided on what it navigates, or commands by time.")
    ] = "closed",
    case: Annotated[
        str | None, typer.Option("--case", metavar="NAME", help="Only this failure; nominal: none. Default: by probability.")
    ] = None,
    workers: Threads = None,
    scheduler: Scheduler = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
    language: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Many flights of the optimum, closed or open loop, every number with a sigma dispersed: a table, a summary, a report."""
    from baiterek.reports.language import language as words_of
    from baiterek.reports.monte_carlo import render_flights, terminal
    from baiterek.study.monte_carlo import monte_carlo as fly_them
    from baiterek.study.monte_carlo import read_asked

    check_machines(workers, scheduler)
    words = words_of(language)
    asked = read_asked(mission, flights, seed, design, until, guidance, case)
    with progress() as say:
        try:
            summary, folder = fly_them(
                mission,
                asked,
                out or Path("runs"),
                workers=workers or CORES,
                scheduler=scheduler,
                resume=resume,
                render=partial(render_flights, language_name=language),
                say=say,
            )
        except KeyboardInterrupt:
            typer.echo("baiterek: interrupted; the flights so far are kept, --resume goes on", err=True)
            raise typer.Exit(130) from None
    page = str(folder / "report.html")
    say_result({"folder": str(folder), "report": page, **summary}, f"{terminal(summary, words)}\n\n  {page}", as_json)


@app.command("day-of-launch")
def day_of_launch(
    mission: Mission,
    sounding: Annotated[
        Path, typer.Option("--sounding", metavar="FILE", help="University of Wyoming, IGRA v2 or CSV.", show_default=False)
    ],
    gust: Annotated[float, typer.Option("--gust", metavar="M_S", help="Discrete gust added to the loads, m/s.")] = 9.0,
    language: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """GO or NO-GO in the wind that a balloon measured: loads, drop points and margin of a plan made again for it."""
    from baiterek.reports.day_of_launch import rendering, terminal
    from baiterek.reports.language import language as words_of
    from baiterek.study.day_of_launch import day_of_launch as decide

    render = rendering(language)
    with progress() as say:
        document, folder = decide(mission, sounding, out or Path("runs"), gust_m_s=gust, render=render, say=say)
    files = [str(folder / f"report{kind}") for kind in (".html", ".pdf") if (folder / f"report{kind}").is_file()]
    say_what_is_absent(files)
    text = "\n".join([terminal(document, words_of(language)), "", *(f"  {file}" for file in files)])
    say_result({"folder": str(folder), "files": files, **document}, text, as_json)
    if document["decision"] != "GO":
        raise typer.Exit(1)


@app.command()
def guide(
    mission: Annotated[
        Path | None,
        typer.Argument(metavar="[MISSION]", help="The reference mission; default: a template's.", show_default=False),
    ] = None,
    vehicle: Annotated[str | None, typer.Option(help="Vehicle of the catalogue or file; default: the mission's.")] = None,
    altitude: Annotated[str | None, typer.Option(help="Of circular orbits, km; default 200:600:100.")] = None,
    inclination: Annotated[str | None, typer.Option(help="Inclinations, deg; default 46,51.6,64.8,98.")] = None,
    apogee: Annotated[str | None, typer.Option(help="Of ellipses, km; default 200,500,1000,2000,5000,10000.")] = None,
    upper_stage: Annotated[
        str | None, typer.Option(help="Payload with this upper stage too, of the catalogue or a file; default: the mission's.")
    ] = None,
    upper_apogee: Annotated[str | None, typer.Option(help="Apogees with it, km; default 500,2000,10000,35786.")] = None,
    sun_synchronous: Annotated[
        str | None, typer.Option(help="Sun-synchronous circles with it, km; default 600,800,1000.")
    ] = None,
    c3: Annotated[str | None, typer.Option("--c3", help="Energies of escapes with it, km2/s2; default 1,5,10,20.")] = None,
    accuracy: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Folder of a Monte Carlo run: the spread of injection.", show_default=False),
    ] = None,
    workers: Workers = CORES,
    language: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """A payload planner's guide, page and PDF: performance, profile, environments, ground rules. An interrupted one goes on."""
    from baiterek.reports.guide import write_guide
    from baiterek.reports.language import language as words_of
    from baiterek.study.guide import answer
    from baiterek.study.guide_question import Question

    words_of(language)
    asked = {"altitudes": altitude, "inclinations": inclination, "apogees": apogee}
    upper = {"upper-apogee": upper_apogee, "upper-sun-synchronous": sun_synchronous, "upper-c3": c3}
    given = {name: text for name, text in asked.items() if text is not None}
    question = Question(mission, vehicle, **given, upper_stage=upper_stage, upper=upper, accuracy=accuracy)
    with progress() as say:
        found = answer(question, workers, out or Path("runs"), say)
        say("writing")
        files = [str(file) for file in write_guide(found, language)]
    say_what_is_absent(files)
    say_result({"folder": str(found.folder), "files": files, **found.document()}, "\n".join(files), as_json)
    if not found.good:
        raise typer.Exit(1)
