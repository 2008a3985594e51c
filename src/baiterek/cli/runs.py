"""After a plan: the report, the figures, the exports of a stored run, and two runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import Json, Language, Other, Run, say_result
from baiterek.errors import InputError


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
    say_result({"files": files}, "\n".join(files), as_json)


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
    say_result({"run": result.hash, "written": written, "missing": missing}, text, as_json)


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
    say_result(document, text, as_json)


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
    say_result({"files": files}, "\n".join(files), as_json)
