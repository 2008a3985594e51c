"""The command line: one verb a capability. A package is imported inside the command that needs it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from baiterek import __version__
from baiterek.errors import InputError, NotConverged

KINDS = "[vehicles|upper-stages|sites|orbits|zones]"
MISSION_HELP = "Mission file (TOML)."
INIT_TEMPLATE_HELP, INIT_FILE_HELP = "Which template.", "File to write; TEMPLATE.toml when absent."
KIND_HELP, NAME_HELP = "What to list.", "One of them, with every number, its sigma and its source."
Mission = Annotated[Path, typer.Argument(metavar="MISSION", help=MISSION_HELP, show_default=False)]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="Results folder, as plan writes it.", show_default=False)]
Other = Annotated[Path, typer.Argument(metavar="RUN", help="The one to compare with.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the results folder under DIR.")]
CORES = os.cpu_count() or 1
Workers = Annotated[int, typer.Option(min=1, help="Processes.")]
LANGUAGE_HELP = "Language of what people read: en, ru or kk."
Language = Annotated[str, typer.Option("--language", metavar="LANGUAGE", help=LANGUAGE_HELP)]

INTERRUPTED = "baiterek: interrupted, nothing was written"
GRACE_s = 1.5


class Word(NamedTuple):
    """How a word of the command line becomes a value."""

    kind: Callable[[Any], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a word that was given."""
        return None if value is None else self.kind(value)


def _read_by_hand(parameters: Iterable[Any]) -> None:
    """Has paths, words and flags read by their own types: Typer would import pydantic for it, 0.1 s of every start."""
    for parameter in parameters:
        kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
        if kind in (Path, str, bool) and parameter.nargs == 1 and not parameter.multiple:
            parameter._runtime_param = Word(kind)


class Edge(TyperGroup):
    """Where bad input stops: one line on standard error, exit status 2; no result: its advice, exit status 1."""

    def get_params(self, ctx: Any) -> Any:
        """Options of the program itself."""
        parameters = super().get_params(ctx)
        _read_by_hand(parameters)
        return parameters

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            _read_by_hand(command.get_params(ctx))
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            typer.echo(f"baiterek: {error}", err=True)
            raise typer.Exit(2) from None
        except NotConverged as error:
            typer.echo(f"baiterek: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo(INTERRUPTED, err=True)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Edge,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


@app.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """Plan the flight of a launch vehicle: optimise an ascent, fly it, report it."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def plan(mission: Mission, out: Out = None, language: Language = "en", as_json: Json = False) -> None:
    """The whole walk: optimise, fly, and leave a results folder (under runs/, or --out) with a report."""
    _walk(mission, "plan", out or Path("runs"), language, as_json)


@app.command()
def optimise(mission: Mission, out: Out = None, language: Language = "en", as_json: Json = False) -> None:
    """The best way up, re-integrated from its own steering. Writes nothing without --out."""
    _walk(mission, "optimise", out, language, as_json)


@app.command()
def fly(mission: Mission, out: Out = None, language: Language = "en", as_json: Json = False) -> None:
    """The optimum, then its flight in the simulator with every falling body. Writes nothing without --out."""
    _walk(mission, "fly", out, language, as_json)


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Results folder.", show_default=False)],
    language: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="An .html or a .pdf; else both, in RUN.")] = None,
    as_json: Json = False,
) -> None:
    """The report of a stored run again, in another language or place. Computes nothing."""
    from baiterek.reports.render import report as write_again

    files = [str(file) for file in write_again(run, language, out)]
    _say({"files": files}, "\n".join(files), as_json)


@app.command()
def export(
    run: Run,
    form: Annotated[
        str | None, typer.Option("--format", metavar="oem|opm|czml|kml|geojson|csv|netcdf", help="All, when not given.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there; needs --format.")] = None,
    as_json: Json = False,
) -> None:
    """The flight for other tools: ephemeris, globe, map, tables. By default in the run's folder, under exports/."""
    from baiterek.reports.exports import FOLDER, write_exports
    from baiterek.reports.exports import export as write_one
    from baiterek.study import read
    from baiterek.study.folder import check_writable

    result = read(run)
    missing: dict[str, str] = {}
    if form is not None:
        files = {form: write_one(result, form, out)}
    elif out is not None:
        raise InputError("export", "--out", str(out), "only with --format, since each format is a file of its own")
    else:
        check_writable(run / FOLDER)
        files, missing = write_exports(result, run / FOLDER)
    written = {name: [str(path) for path in paths] for name, paths in files.items()}
    text = "\n".join([path for paths in written.values() for path in paths] + list(missing.values()))
    _say({"run": result.hash, "written": written, "missing": missing}, text, as_json)


@app.command()
def compare(
    run: Run,
    other: Other,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Draw the curves there: compare.svg.")] = None,
    as_json: Json = False,
) -> None:
    """What differs between two runs: inputs first, then results."""
    from baiterek.study import read
    from baiterek.study.difference import as_text
    from baiterek.study.difference import compare as differences

    one, two = read(run), read(other)
    found = differences(one, two)
    text, document = as_text(found), {**found.document(), "figure": None}
    if out is not None:
        from baiterek.reports.overlay import draw_overlay
        from baiterek.study.folder import check_writable, written_whole

        check_writable(out)
        [figure] = written_whole(out / "compare.svg", lambda path: draw_overlay(one, two, path))
        text, document["figure"] = f"{text}\n\n{figure}", str(figure)
    _say(document, text, as_json)


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
    with _progress() as say:
        document = price(load_mission(mission), totals, check, only, say)
    _say(document, prices_as_text(document, words), as_json)
    if any(row.get("agrees") is False for row in document["prices"]):
        raise typer.Exit(1)


@app.command()
def init(
    template: Annotated[str | None, typer.Argument(metavar="[TEMPLATE]", help=INIT_TEMPLATE_HELP, show_default=False)] = None,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help=INIT_FILE_HELP, show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Write a mission file to start from; without a TEMPLATE, list them."""
    from baiterek.catalogue.template import templates, write_template

    if template is None:
        known = templates()
        _say(known, "\n".join(f"{name:<20} {title}" for name, title in known.items()), as_json)
        return
    written = write_template(template, file)
    _say({"template": template, "file": str(written)}, f"{written} written; next: baiterek plan {written}", as_json)


@app.command()
def check(mission: Mission, as_json: Json = False) -> None:
    """Read a mission file and explain it; computes nothing."""
    from baiterek.catalogue.explain import explain, explanation
    from baiterek.catalogue.mission_file import read_mission

    read = read_mission(mission)
    if as_json:
        _print({**read.resolved, "derived": explanation(read)})
    else:
        typer.echo(explain(read))


@app.command()
def performance(
    mission: Annotated[
        Path | None, typer.Argument(metavar="[MISSION]", help="Limits, site and day to take.", show_default=False)
    ] = None,
    vehicle: Annotated[str | None, typer.Option(help="Vehicle of the catalogue or file; default: the mission's.")] = None,
    altitude: Annotated[str | None, typer.Option(help="Of circular orbits, km: from:to:step or numbers.")] = None,
    perigee: Annotated[str | None, typer.Option(help="Perigee altitudes, km.")] = None,
    apogee: Annotated[str | None, typer.Option(help="Apogee altitudes, km.")] = None,
    inclination: Annotated[str | None, typer.Option(help="Inclinations, deg.")] = None,
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
    }
    draw = partial(draw_map, words=words_of(language))
    with _progress() as say:
        document, folder = payload_map(mission, vehicle, asked, workers, out or Path("runs"), draw, say)
    counts = ", ".join(f"{count} {status}" for status, count in document["counts"].items() if count)
    _say(
        {"folder": str(folder), **document},
        f"{document['vehicle']}: {counts}\n  {folder}/payload.svg, performance.csv",
        as_json,
    )
    if document["counts"]["failed"]:
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
    guidance: Annotated[str, typer.Option("--guidance", metavar="open|closed", help="Commands by time, or guided.")] = "open",
    workers: Annotated[int, typer.Option(min=1, help="Threads.")] = os.cpu_count() or 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Many flights of the optimum, open or closed loop, every number with a sigma dispersed: a table, a summary, a report."""
    from baiterek.reports.monte_carlo import render_flights, terminal
    from baiterek.study.monte_carlo import monte_carlo as fly_them
    from baiterek.study.monte_carlo import read_asked

    asked = read_asked(mission, flights, seed, design, until, guidance)
    with _progress() as say:
        try:
            summary, folder = fly_them(
                mission, asked, out or Path("runs"), workers=workers, resume=resume, render=render_flights, say=say
            )
        except KeyboardInterrupt:
            typer.echo("baiterek: interrupted; the flights so far are kept, --resume goes on", err=True)
            raise typer.Exit(130) from None
    page = str(folder / "report.html")
    _say({"folder": str(folder), "report": page, **summary}, f"{terminal(summary)}\n\n  {page}", as_json)


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
    workers: Workers = CORES,
    language: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """A payload planner's guide, page and PDF: performance, profile, environments, ground rules. An interrupted one goes on."""
    from baiterek.reports.guide import write_guide
    from baiterek.reports.language import language as words_of
    from baiterek.study.guide import Question, answer

    words_of(language)
    asked = {"altitudes": altitude, "inclinations": inclination, "apogees": apogee}
    question = Question(mission, vehicle, **{name: text for name, text in asked.items() if text is not None})
    with _progress() as say:
        found = answer(question, workers, out or Path("runs"), say)
        say("writing")
        files = [str(file) for file in write_guide(found, language)]
    _say_what_is_absent(files)
    _say({"folder": str(found.folder), "files": files, **found.document()}, "\n".join(files), as_json)
    if not found.good:
        raise typer.Exit(1)


@app.command()
def catalogue(
    kind: Annotated[str | None, typer.Argument(metavar=KINDS, help=KIND_HELP, show_default=False)] = None,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help=NAME_HELP, show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """What is there to fly, from where and to where, with sources."""
    from baiterek.catalogue.show import document, text

    shown = document(kind, name)
    _say(shown, text(shown), as_json)


@app.command()
def figures(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Results folder.", show_default=False)],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="svg, png or pdf.")] = "svg",
    only: Annotated[list[str], typer.Option("--only", metavar="NAME", help="This figure; may be given again.")] = [],  # noqa: B006
    language: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write there; else into RUN/figures.")] = None,
    as_json: Json = False,
) -> None:
    """Figures of a stored run for a paper. Computes nothing."""
    from baiterek.reports.figures.files import figures as make
    from baiterek.reports.language import language as words

    files = [str(file) for file in make(run, form, only, words(language), out)]
    _say({"files": files}, "\n".join(files), as_json)


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
    _say({"to": to, "departures": as_rows(window)}, as_text(window), as_json)


def _walk(mission: Path, verb: str, out: Path | None, language: str, as_json: bool) -> None:
    """Run a verb, print its result; exit status 1 when there is none, or when the flight contradicts it."""
    from baiterek.reports.language import language as words_of
    from baiterek.reports.terminal import as_text
    from baiterek.study import run
    from baiterek.study.words import verdict_of

    words = words_of(language)
    with _progress() as say:
        result, folder = run(mission, verb, out, partial(_render, language=language) if out is not None else None, say)
    document: dict[str, Any] = {"run": result.hash, "folder": None, "report": None}
    if folder is not None:
        page = folder / "report.html"
        document |= {"folder": str(folder), "report": str(page) if page.is_file() else None}
        _say_what_is_absent([str(path) for path in folder.iterdir()])
    text = as_text(result.summary, words) + (f"\n\n  {document['report'] or folder}" if folder else "")
    _say({**document, **result.summary}, text, as_json)
    if not verdict_of(result.summary)["good"]:
        raise typer.Exit(1)


def _render(folder: Path, language: str) -> None:
    from baiterek.reports.render import render

    render(folder, language)


def _say_what_is_absent(files: list[str]) -> None:
    """The PDF is an extra: without its package there is a page alone."""
    from baiterek.reports.pdf import ABSENT

    if not any(file.endswith(".pdf") for file in files):
        typer.echo(f"baiterek: {ABSENT}", err=True)


def _say(document: Any, text: str, as_json: bool) -> None:
    if as_json:
        _print(document)
    else:
        typer.echo(text)


def _print(document: Any) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line a step on standard error; on a terminal one line that changes."""
    if not sys.stderr.isatty():
        yield lambda text: typer.echo(f"baiterek: {text}", err=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield status.update


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def _leave_when_deaf() -> None:
    """Make an interrupt work while the solver computes, where Python hears no signal for seconds.

    A thread hears it, gives the main thread time to leave by itself (it removes what it was writing), then ends the
    process: the solver writes nothing.
    """
    import os
    import threading
    import time

    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)

    def listen() -> None:
        while os.read(ear, 1)[0] not in (signal.SIGINT, signal.SIGTERM):
            pass
        time.sleep(GRACE_s)
        sys.stderr.write(INTERRUPTED + "\n")
        sys.stderr.flush()
        os._exit(130)

    threading.Thread(target=listen, daemon=True).start()


def main() -> None:
    """Entry point. A polite kill is treated as Ctrl-C, so that nothing half-written stays."""
    # The sparse fronts of an ascent are too small for a threaded BLAS: threads only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, _stop)
    _leave_when_deaf()
    app()


if __name__ == "__main__":
    main()
