"""The files that a mission names, copied beside its results so that they can be read again where the originals are not."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from baiterek.catalogue.document import CATALOGUE

INPUTS = "inputs"
"""Folder of a run with the copies; where the mission names no file there is none."""


def named_files(file: Path) -> list[Path]:
    """Every file that a TOML file names by its path, and what those name; files of the catalogue are left out."""
    found: dict[Path, None] = {}
    waiting = [file.resolve()]
    while waiting:
        here = waiting.pop()
        for text in _texts(_document(here)):
            named = (here.parent / text).resolve()
            if _can_be_named(named) and named not in found and named != file.resolve():
                found[named] = None
                waiting.append(named)
    return list(found)


def copy_inputs(folder: Path, file: Path, written: Path, more: Iterable[Path] = ()) -> None:
    """`inputs/` in a run's folder: the mission as it was `written` there, and all files that `file` and `more` name.

    They lie to each other as the originals do, so that the copy can be run as it stands. Without any nothing is made.
    """
    others = [each.resolve() for each in more if _can_be_named(each.resolve())]
    named = list(dict.fromkeys([*named_files(file), *others, *(one for each in others for one in named_files(each))]))
    if not named:
        return
    root = Path(os.path.commonpath([file.resolve().parent, *(each.parent for each in named)]))
    for source, content in ((file.resolve(), written), *((each, each) for each in named)):
        target = folder / INPUTS / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, target)


def mission_in(folder: Path) -> Path:
    """The mission of a run's folder as it can be read again: beside the files that it names, where it names any."""
    plain = folder / "mission.toml"
    copies = [each for each in sorted((folder / INPUTS).rglob("*.toml")) if each.read_bytes() == plain.read_bytes()]
    return copies[0] if copies else plain


def _can_be_named(path: Path) -> bool:
    return os.path.isfile(path) and not path.is_relative_to(CATALOGUE.resolve())


def _document(path: Path) -> Any:
    if path.suffix != ".toml":
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _texts(value: Any) -> Iterator[str]:
    """Every text of a document that may be a path."""
    if isinstance(value, str):
        if 0 < len(value) < 256 and "\n" not in value and "\0" not in value:
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
