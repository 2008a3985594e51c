"""What the verbs share: their arguments, what they print, how far they are."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from baiterek.errors import BadValue

Choice = TypeVar("Choice", bound=StrEnum)
MISSION_HELP = "Mission file (TOML)."
Mission = Annotated[Path, typer.Argument(metavar="MISSION", help=MISSION_HELP, show_default=False)]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="Results folder, as plan writes it.", show_default=False)]
Other = Annotated[Path, typer.Argument(metavar="RUN", help="The one to compare with.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the results folder under DIR.")]
CORES = os.cpu_count() or 1
Workers = Annotated[int, typer.Option(min=1, help="Processes.")]
Threads = Annotated[
    int | None, typer.Option("--workers", min=1, help="Threads; default: as many as processors.", show_default=False)
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers fly, such as tcp://host:8786."),
]
LANGUAGE_HELP = "Language of what people read: en, ru or kk."
Language = Annotated[str, typer.Option("--language", envvar="BAITEREK_LANGUAGE", metavar="LANGUAGE", help=LANGUAGE_HELP)]


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line a step on standard error; on a terminal one line that changes."""
    if not sys.stderr.isatty():
        yield lambda text: typer.echo(f"baiterek: {text}", err=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield status.update


def check_machines(workers: int | None, scheduler: str | None) -> None:
    """Other machines, or threads of this one; both is refused."""
    if scheduler is not None and workers is not None:
        raise BadValue(
            "command line", "--scheduler", f"beside --workers {workers}", "one of them: other machines, or threads here"
        )


def say_result(document: Any, text: str, as_json: bool) -> None:
    """What was found, for a reader or for a program."""
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def print_json(document: Any) -> None:
    """One document on standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def choice(text: str, kind: type[Choice], key: str) -> Choice:
    """The one of a set that a word names."""
    if text not in tuple(kind):
        raise BadValue("command line", key, text, ", ".join(kind))
    return kind(text)


def say_what_is_absent(files: list[str]) -> None:
    """The PDF is an extra: without its package there is a page alone."""
    from baiterek.reports.pdf import ABSENT

    if not any(file.endswith(".pdf") for file in files):
        typer.echo(f"baiterek: {ABSENT}", err=True)
