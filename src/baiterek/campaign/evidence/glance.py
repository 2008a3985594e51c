"""A glance at evidence: whether its files are whole, without reading again what has not been touched since it was read.

For pages that are looked at all day. A step and `evidence verify` read everything again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Broken, fault_of, place

Stat = tuple[int, int, int, int]


class Seen(NamedTuple):
    """What a file was when it was read, and what was wrong with it."""

    stat: Stat | None
    fault: str | None


Memory = dict[str, Seen]
"""What has been read so far: content's place -> verdict. Everything that changes a file changes its stat."""


def glance(store: Path, piece: Evidence, memory: Memory, most_bytes: int) -> list[Broken] | None:
    """What is broken of a piece; None where more than `most_bytes` would have to be read to say so."""
    contents = [("", piece.sha256)]
    own = _path(store, piece.sha256)
    if piece.kind == "folder" and _fault(own, piece.sha256, _stat(own), memory) is None:
        listed = json.loads(place(store, piece.sha256).read_bytes())
        contents += [(name, sha256) for name, _, sha256 in listed]
    paths = [_path(store, sha256) for _, sha256 in contents]
    stats = [_stat(path) for path in paths]
    unread = sum(stat[0] for path, stat in zip(paths, stats) if stat is not None and not _is_known(path, stat, memory))
    if unread > most_bytes:
        return None
    faults = [
        (name, _fault(path, sha256, stat, memory)) for (name, sha256), path, stat in zip(contents, paths, stats, strict=True)
    ]
    return [Broken(piece, name or piece.name, what) for name, what in faults if what]


def _fault(path: str, sha256: str, stat: Stat | None, memory: Memory) -> str | None:
    if not _is_known(path, stat, memory):
        memory[path] = Seen(stat, fault_of(Path(path), sha256))
    return memory[path].fault


def _is_known(path: str, stat: Stat | None, memory: Memory) -> bool:
    seen = memory.get(path)
    return seen is not None and seen.stat == stat


def _path(store: Path, sha256: str) -> str:
    """`place` as a text: a page looks at thousands."""
    return f"{store}/{sha256[:2]}/{sha256[2:]}"


def _stat(path: str) -> Stat | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
