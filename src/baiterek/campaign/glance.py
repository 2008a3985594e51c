"""A glance at evidence: whether its files are whole, without reading again what has not been touched since it was read.

For pages that are looked at all day. A step and `evidence verify` read everything again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from baiterek.campaign.evidence import Broken, fault_of, place
from baiterek.campaign.records import Evidence

Stat = tuple[int, int, int, int]


class Seen(NamedTuple):
    """What a file was when it was read, and what was wrong with it."""

    stat: Stat | None
    fault: str | None


Memory = dict[Path, Seen]
"""What has been read so far: content's place -> verdict. Everything that changes a file changes its stat."""


def glance(store: Path, piece: Evidence, memory: Memory, most_bytes: int) -> list[Broken] | None:
    """What is broken of a piece; None where more than `most_bytes` would have to be read to say so."""
    own = place(store, piece.sha256)
    contents = [("", own, piece.sha256)]
    if piece.kind == "folder" and _fault(own, piece.sha256, memory) is None:
        contents += [(name, place(store, sha256), sha256) for name, _, sha256 in json.loads(own.read_bytes())]
    unread = sum(_size(path) for _, path, _ in contents if not _is_known(path, memory))
    if unread > most_bytes:
        return None
    faults = [(name, _fault(path, sha256, memory)) for name, path, sha256 in contents]
    return [Broken(piece, name or piece.name, what) for name, what in faults if what]


def _fault(path: Path, sha256: str, memory: Memory) -> str | None:
    if not _is_known(path, memory):
        before = _stat(path)
        memory[path] = Seen(before, fault_of(path, sha256))
    return memory[path].fault


def _is_known(path: Path, memory: Memory) -> bool:
    seen = memory.get(path)
    return seen is not None and seen.stat == _stat(path)


def _stat(path: Path) -> Stat | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _size(path: Path) -> int:
    stat = _stat(path)
    return stat[0] if stat else 0
