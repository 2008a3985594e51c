"""A results folder appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from baiterek.errors import UnreadableFile

ALLOWED = "a folder that can be written"


def whole_folder(parent: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """Make `parent/name` with what `fill` writes; an older folder of that name is replaced, in one rename.

    Everything is written to a hidden sibling first. Whatever goes wrong, a Ctrl-C included, that sibling is removed
    and nothing else has changed.
    """
    final = parent / name
    partial = parent / f".{name}.partial-{os.getpid()}"
    made = _missing_folders(parent)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent, name)
        partial.mkdir()
        fill(partial)
        _swap(partial, final)
    except BaseException as failure:
        shutil.rmtree(partial, ignore_errors=True)
        for folder in made:
            _remove_if_empty(folder)
        if isinstance(failure, OSError):
            place, reason = str(failure.filename or parent), failure.strerror or str(failure)
            raise UnreadableFile(place, "", reason, ALLOWED) from None
        raise
    return final


def written_whole(path: Path, write: Callable[[Path], list[Path]]) -> list[Path]:
    """Have `write` write at `path` and beside it: all of its files appear, or none; returns where they stand."""
    made = _missing_folders(path.parent)
    partial = path.parent / f".{path.name}.partial-{os.getpid()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
        return [file.replace(path.parent / file.name) for file in write(partial / path.name)]
    except BaseException as failure:
        shutil.rmtree(partial, ignore_errors=True)
        for folder in made:
            _remove_if_empty(folder)
        if isinstance(failure, OSError):
            reason = failure.strerror or str(failure)
            raise UnreadableFile(str(path), "", reason, "a file that can be written") from None
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_writable(parent: Path) -> None:
    """Refuse a folder that cannot be written before anything is computed. Makes nothing."""
    existing = parent
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise UnreadableFile(str(parent), "", f"{existing} is a file", ALLOWED)
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UnreadableFile(str(parent), "", f"no permission to write in {existing}", ALLOWED)


def _swap(partial: Path, final: Path) -> None:
    """Rename; a folder cannot be renamed onto a full one, so the old one steps aside first and back on failure."""
    if not final.exists():
        partial.rename(final)
        return
    old = final.with_name(f".{final.name}.old-{os.getpid()}")
    final.rename(old)
    try:
        partial.rename(final)
    except BaseException:
        old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(parent: Path, name: str) -> None:
    """Remove what a killed process (no chance to clean up) left under this name."""
    for kind in ("partial", "old"):
        for left in parent.glob(f".{name}.{kind}-*"):
            if not _runs(left.name.rpartition("-")[2]):
                shutil.rmtree(left, ignore_errors=True)


def _runs(process: str) -> bool:
    """Whether a process of that number lives (signal 0 asks and does nothing)."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ValueError, OSError):
        return False
    return True


def _missing_folders(parent: Path) -> list[Path]:
    """Folders that `mkdir` will have to make, deepest first."""
    return [folder for folder in (parent, *parent.parents) if not folder.exists()]


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
