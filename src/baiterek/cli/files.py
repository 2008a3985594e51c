"""Before a plan: a mission file to start from, what a file says, what the catalogue holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.words import Json, Mission, print_json, say_result

KINDS = "[vehicles|upper-stages|sites|orbits|zones]"
INIT_TEMPLATE_HELP, INIT_FILE_HELP = "Which template.", "File to write; TEMPLATE.toml when absent."
KIND_HELP, NAME_HELP = "What to list.", "One of them, with every number, its sigma and its source."


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
        say_result(known, "\n".join(f"{name:<20} {title}" for name, title in known.items()), as_json)
        return
    written = write_template(template, file)
    say_result({"template": template, "file": str(written)}, f"{written} written; next: baiterek plan {written}", as_json)


@app.command()
def check(mission: Mission, as_json: Json = False) -> None:
    """Read a mission file and explain it; computes nothing."""
    from baiterek.catalogue.explain import explain, explanation
    from baiterek.catalogue.mission_file import read_mission

    read = read_mission(mission)
    if as_json:
        print_json({**read.resolved, "derived": explanation(read)})
    else:
        typer.echo(explain(read))


@app.command()
def catalogue(
    kind: Annotated[str | None, typer.Argument(metavar=KINDS, help=KIND_HELP, show_default=False)] = None,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help=NAME_HELP, show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """What is there to fly, from where and to where, with sources."""
    from baiterek.catalogue.show import document, text

    shown = document(kind, name)
    say_result(shown, text(shown), as_json)
