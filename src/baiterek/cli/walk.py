"""The walk from a mission file to a results folder, whole or cut short."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import Json, Language, Mission, Out, progress, say_result, say_what_is_absent


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


def _walk(mission: Path, verb: str, out: Path | None, language: str, as_json: bool) -> None:
    """Run a verb, print its result; exit status 1 when there is none, or when the flight contradicts it."""
    from baiterek.reports.language import language as words_of
    from baiterek.reports.terminal import as_text
    from baiterek.study import run
    from baiterek.study.words import verdict_of

    words = words_of(language)
    with progress() as say:
        result, folder = run(mission, verb, out, partial(_render, language=language) if out is not None else None, say)
    document: dict[str, Any] = {"run": result.hash, "folder": None, "report": None}
    if folder is not None:
        page = folder / "report.html"
        document |= {"folder": str(folder), "report": str(page) if page.is_file() else None}
        say_what_is_absent([str(path) for path in folder.iterdir()])
    text = as_text(result.summary, words) + (f"\n\n  {document['report'] or folder}" if folder else "")
    say_result({**document, **result.summary}, text, as_json)
    if not verdict_of(result.summary)["good"]:
        raise typer.Exit(1)


def _render(folder: Path, language: str) -> None:
    from baiterek.reports.render import render

    render(folder, language)
