"""The page of the commands, made from the command line itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import typer.main

from baiterek.cli import app

WIDTH = 96
HEAD = """# Commands

What `baiterek COMMAND --help` prints, made from the command line itself. Exit status: 0 a result, 1 no result or one that
its flight contradicts (with advice), 2 bad input: one line that names file, key, what was found and what is allowed. An
interrupt ends with 130 and leaves nothing half-written. Progress goes to standard error; `--json` puts one document on
standard output and nothing else.
"""


@cache
def commands() -> dict[str, Any]:
    """Every command by the words that call it."""
    found: dict[str, Any] = {}

    def walk(group: Any, words: tuple[str, ...]) -> None:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                walk(command, (*words, name))
            else:
                found[" ".join((*words, name))] = command

    walk(typer.main.get_command(app), ())
    return found


def undocumented() -> list[str]:
    """Commands without a text, and options and arguments without one."""
    return [name for name, command in commands().items() if not command.help] + [
        f"{name} {parameter.name}"
        for name, command in commands().items()
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]


def page() -> str:
    """The whole page in Markdown."""
    return HEAD + "".join(_section(name, command) for name, command in commands().items())


def _section(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=f"baiterek {name}", terminal_width=WIDTH, max_content_width=WIDTH)
    lines = [line.rstrip() for line in command.get_help(context).strip().splitlines()]
    first = next(k for k, line in enumerate(lines) if line in ("Arguments:", "Options:"))
    text = "\n".join([*lines[:1], "", *lines[first:]])
    return f"\n## baiterek {name}\n\n{command.help or ''}\n\n```text\n{text}\n```\n"
