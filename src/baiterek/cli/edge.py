"""Where the command line begins and bad input stops: the program, its exit statuses, its interrupts."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command_name
from typer.models import CommandInfo, TyperInfo

from baiterek import __version__
from baiterek.errors import InputError, NotConverged, Refused

INTERRUPTED = "baiterek: interrupted, nothing was written"
GRACE_s = 1.5
EXTRAS = dict.fromkeys(("alembic", "argon2", "cryptography", "openpyxl", "psycopg", "sqlalchemy"), "record") | dict.fromkeys(
    ("authlib", "fastapi", "joserfc", "multipart", "starlette", "uvicorn", "webauthn"), "record,web"
)
"""Packages that the record's commands need and planning does not -> the extras that bring them."""


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
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in EXTRAS:
                raise
            brought = f"pip install 'baiterek[{EXTRAS[package]}]', or make record in a clone"
            typer.echo(f"baiterek: {package} is not installed: {brought}", err=True)
            raise typer.Exit(2) from None
        except NotConverged as error:
            typer.echo(f"baiterek: {error}", err=True)
            raise typer.Exit(1) from None
        except Refused as error:
            typer.echo(f"baiterek: {_told(error)}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo(INTERRUPTED, err=True)
            raise typer.Exit(130) from None


def _told(refused: Refused) -> str:
    """Why the record refuses, in the language of the environment; in English where that names none that there is."""
    from baiterek.reports.language import LANGUAGES
    from baiterek.reports.refusals import refusal

    name = os.environ.get("BAITEREK_LANGUAGE", "en")
    return refusal(refused, name) if name in LANGUAGES else str(refused)


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


def _only(program: typer.Typer | None, words: Sequence[str]) -> None:
    """Leaves out of a program what these words do not ask for: Typer builds every command that it has, 0.2 s of a start.

    A word that is no command's leaves all there, so that what is told of it names what there is. Without a word there is a
    list, of which each family is one line.
    """
    if program is None:
        return
    families = {str(each.name): each for each in program.registered_groups}
    verbs = {_name(each): each for each in program.registered_commands}
    asked = next((k for k, word in enumerate(words) if not word.startswith("-")), None)
    if asked is None:
        for family in families.values():
            _keep(family.typer_instance, [], [])
    elif words[asked] in families:
        family = families[words[asked]]
        _keep(program, [family], [])
        _only(family.typer_instance, words[asked + 1 :])
    elif words[asked] in verbs:
        _keep(program, [], [verbs[words[asked]]])


def _keep(program: typer.Typer | None, families: list[TyperInfo], verbs: list[CommandInfo]) -> None:
    if program is not None:
        program.registered_groups, program.registered_commands = families, verbs


def _name(verb: CommandInfo) -> str:
    return verb.name or get_command_name(getattr(verb.callback, "__name__", ""))


def main() -> None:
    """Entry point. A polite kill is treated as Ctrl-C, so that nothing half-written stays."""
    # The sparse fronts of an ascent are too small for a threaded BLAS: threads only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, _stop)
    _leave_when_deaf()
    _only(app, sys.argv[1:])
    app()
