"""Files as they stand on disk: found by name or path, read as TOML, merged with what they extend."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from baiterek.catalogue.fields import Place
from baiterek.catalogue.units import si_key
from baiterek.errors import BadValue, UnreadableFile

CATALOGUE = Path(__file__).parent
"""Where the files that the package ships stand."""


def read_document(path: Path) -> dict[str, Any]:
    """The TOML file as plain tables."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(str(path), "", f"bytes that are not UTF-8 at {error.start}", "a TOML file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(str(path), "", reason, "a TOML file that can be read") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableFile(str(path), "", str(error) or type(error).__name__, "a TOML file") from None


def names(kind: str) -> list[str]:
    """Names of the shipped files of a kind: `vehicles`, `sites`, `templates`."""
    return sorted(path.stem for path in (CATALOGUE / kind).glob("*.toml"))


def locate(reference: str, kind: str, place: Place, key: str) -> Path:
    """The file that a reference means: a name of the catalogue, or a path from the folder of the file that says it."""
    if reference.endswith(".toml"):
        path = Path(place.file).parent / reference
        if not _is_file(path):
            raise place.bad(key, reference, f"a TOML file that exists, seen from {Path(place.file).parent}")
        return path
    known = names(kind)
    if reference not in known:
        close = get_close_matches(reference, known, n=1)
        hint = f"{close[0]} (did you mean it?); " if close else ""
        raise place.bad(key, reference, f"{hint}a name of the catalogue ({', '.join(known)}) or a path to a .toml file")
    return CATALOGUE / kind / f"{reference}.toml"


def read_extended(path: Path, kind: str, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A file merged over the one that it `extends`, after `remove` has taken whole parts of that one away."""
    document = read_document(path)
    place = Place(str(path))
    remove = document.pop("remove", [])
    if "extends" not in document:
        if remove:
            raise place.bad("remove", remove, "only in a file that extends another")
        return document
    extends = document.pop("extends")
    if not isinstance(extends, str):
        raise place.bad("extends", extends, "a name of the catalogue or a path to a .toml file")
    parent_path = locate(extends, kind, place, "extends").resolve()
    chain = (*above, path.resolve())
    if parent_path in chain:
        raise place.bad("extends", extends, "a file that does not extend this one in turn")
    parent = read_extended(parent_path, kind, chain)
    if not isinstance(remove, list) or not all(isinstance(item, str) for item in remove):
        raise place.bad("remove", remove, "a list of paths such as 'shroud' or 'stages.stage-2.engines'")
    for item in remove:
        _remove(parent, item, place)
    return merge(parent, document)


def merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables merge key by key, anything else (and a number with its source) is replaced; units may differ."""
    merged = dict(below)
    by_si = {si_key(key)[0]: key for key in below}
    for key, value in above.items():
        old_key = by_si.get(si_key(key)[0], key)
        old = merged.get(old_key)
        if isinstance(old, dict) and isinstance(value, dict) and not ("value" in old or "value" in value):
            merged[old_key] = merge(old, value)
        elif old_key == key:
            merged[key] = value
        else:  # the same number in another unit: keep its place in the order
            merged = {(key if k == old_key else k): (value if k == old_key else v) for k, v in merged.items()}
    return merged


def _remove(document: dict[str, Any], path: str, place: Place) -> None:
    *parents, last = path.split(".")
    table: Any = document
    for part in parents:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict) or last not in table:
        raise BadValue(place.file, place.key("remove"), path, "a path that the extended file has")
    del table[last]
    _uncorrelate(document, path)


def _uncorrelate(document: dict[str, Any], path: str) -> None:
    """Covariances lose the rows and columns of what is removed. Their paths name a part, not the table it stands in."""
    gone = ".".join(si_key(part)[0] for part in path.split(".") if part not in ("stages", "boosters", "engines"))
    blocks = document.get("correlations")
    for block in blocks.values() if isinstance(blocks, dict) else ():
        paths, rows = (block.get("paths"), block.get("covariance")) if isinstance(block, dict) else (None, None)
        if not isinstance(paths, list) or not isinstance(rows, list) or len(rows) != len(paths):
            continue  # the reader says what is wrong with it
        kept = [k for k, of in enumerate(paths) if of != gone and not str(of).startswith(f"{gone}.")]
        block["paths"] = [paths[k] for k in kept]
        square = all(isinstance(row, list) and len(row) == len(paths) for row in rows)
        block["covariance"] = [[rows[j][k] for k in kept] for j in kept] if square else rows


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
