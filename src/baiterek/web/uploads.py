"""Files that a browser sends: their names, which nobody may trust, and their contents, which are never held in memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile

from baiterek.campaign.evidence.store import Kept, keep_file, keep_folder
from baiterek.errors import BadValue

STRANGE = re.compile(r"[\x00-\x1f\x7f\\:]")
LONGEST = 255
ALLOWED = "a name without .. and \\ and :, no part of it longer than 255, below one folder"
TABLES = (".csv", ".xlsx")


def safe_path(name: str) -> PurePosixPath:
    """The path that a browser gives to a file, where it leads nowhere else."""
    path = PurePosixPath(name)
    parts = name.split("/")
    if not name or path.is_absolute() or STRANGE.search(name) or any(part in ("", ".", "..") for part in parts):
        raise BadValue("file", "", name or "no name", ALLOWED)
    if any(len(part.encode()) > LONGEST for part in parts):
        raise BadValue("file", "", name, ALLOWED)
    return path


def keep(store: Path, files: Sequence[UploadFile]) -> Kept:
    """Take what was sent into the store: a file, or the files of one folder."""
    given = [(safe_path(file.filename or ""), file) for file in files if file.filename]
    if not given:
        raise BadValue("file", "", "nothing", "a file, or a folder of files")
    if len(given) == 1 and len(given[0][0].parts) == 1:
        return keep_file(store, given[0][0].name, given[0][1].file)
    tops = {path.parts[0] for path, _ in given}
    if len(tops) > 1 or any(len(path.parts) < 2 for path, _ in given):
        raise BadValue("file", "", ", ".join(sorted(tops)), "one file, or the files of one folder")
    within = {PurePosixPath(*path.parts[1:]).as_posix(): file.file for path, file in given}
    if len(within) < len(given):
        raise BadValue("file", "", "a path twice", ALLOWED)
    return keep_folder(store, tops.pop(), within)


@contextmanager
def folder_of(files: Sequence[UploadFile], key: str) -> Iterator[Path]:
    """A sent folder as a folder for whoever reads one, under its own name, gone afterwards."""
    given = [(safe_path(file.filename or ""), file) for file in files if file.filename]
    tops = {path.parts[0] for path, _ in given}
    if len(tops) != 1 or any(len(path.parts) < 2 for path, _ in given):
        raise BadValue(key, "", ", ".join(sorted(tops)) or "nothing", "the files of one folder")
    with TemporaryDirectory() as above:
        for path, file in given:
            copied = Path(above, *path.parts)
            copied.parent.mkdir(parents=True, exist_ok=True)
            with copied.open("wb") as copy:
                shutil.copyfileobj(file.file, copy)
        yield Path(above, tops.pop())


@contextmanager
def table_file(upload: UploadFile, ends: Sequence[str] = TABLES) -> Iterator[Path]:
    """A sent table as a file for the reader of tables, under its own name, gone afterwards."""
    name = safe_path(upload.filename or "").name
    if not name.lower().endswith(tuple(ends)):
        raise BadValue("file", "", name, "a table, " + " or ".join(ends))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("wb") as copy:
            shutil.copyfileobj(upload.file, copy)
        yield path
