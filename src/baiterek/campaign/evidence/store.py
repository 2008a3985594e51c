"""What shows a claim: a file or a folder by the hash of its content, in a store beside the database."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action, Actor, denial
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.gates.records import Condition, Criterion, Decision, Permit
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings.records import AgendaItem, Meeting
from baiterek.campaign.operations.records import Operation
from baiterek.campaign.programme.records import Programme, Requirement, Run, Verification
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import NAMES
from baiterek.errors import Denied, Refused, UnreadableFile

BLOCK = 2**20
READABLE = "a file, or a folder of files"
CITING: dict[str, type] = {
    NAMES[kind]: kind
    for kind in (
        GroundObject, Run, Verification, Remark, Waiver, Requirement, Programme, Criterion, Decision, Condition, Permit,
        Operation, Meeting, AgendaItem,
    )
}  # fmt: skip
"""What evidence may be attached to."""


class Broken(NamedTuple):
    """Evidence that is not what was attached."""

    evidence: Evidence
    file: str
    """Which file of a folder; the name of a file."""
    what: str
    """missing or changed."""


class Kept(NamedTuple):
    """Content that the store holds, cited or not."""

    sha256: str
    kind: str
    name: str
    size: int


def attach(
    change: Change, store: Path, path: Path, to: str, stage: State | None, note: str, entity: str = "ground_object"
) -> Evidence:
    """Take a file or a folder into the store, and cite it at a ground object or at whatever else `CITING` names."""
    _allow(change, entity, to)
    return cite(change, keep_path(store, path), to, stage, note, entity)


def cite(change: Change, kept: Kept, to: str, stage: State | None, note: str, entity: str = "ground_object") -> Evidence:
    """Cite what the store holds."""
    _allow(change, entity, to)
    if stage is not None and entity != "ground_object":
        raise Refused(f"{entity} {to}", because("only evidence of an object shows a state"))
    sha256, kind, name, size = kept
    id = f"{to}:{stage or 'note'}" if entity == "ground_object" else f"{entity}:{to}"
    made = Evidence(f"{id}:{sha256[:16]}", sha256, kind, name, size, entity, to, stage, note)
    return change.create(made, note, "attach")


def citing_denial(connection: Connection, actor: Actor, entity: str, id: str) -> str | None:
    """Why `actor` may not cite evidence there: a part does at what it answers for; at a remark, whoever raised it too."""
    if entity not in CITING:
        raise Refused(f"{entity} {id}", because("evidence is cited by {known}", known=", ".join(CITING)))
    subject: Any = reading.get(connection, CITING[entity], id)
    raised = entity == "remark" and actor.part is subject.raised_by
    return denial(actor, Action.DRAFT, subject.raised_by if raised else subject.part)


def _allow(change: Change, entity: str, id: str) -> None:
    why = citing_denial(change.connection, change.actor, entity, id)
    if why:
        raise Denied(f"{entity} {id}", why)


def keep_path(store: Path, path: Path) -> Kept:
    """Take a file or a folder into the store."""
    kind = "folder" if path.is_dir() else "file"
    sha256, size = _put_folder(store, path) if kind == "folder" else _put_file(store, path)
    return Kept(sha256, kind, path.resolve().name, size)


def keep_file(store: Path, name: str, content: IO[bytes]) -> Kept:
    """Take an open file into the store, block by block."""
    sha256, size = _put_content(store, content)
    return Kept(sha256, "file", name, size)


def keep_folder(store: Path, name: str, contents: Mapping[str, IO[bytes]]) -> Kept:
    """Take the open files of a folder into the store, each by its path within; the same hash as from the folder itself."""
    listed = []
    for path in sorted(contents, key=PurePosixPath):
        sha256, size = _put_content(store, contents[path])
        listed.append((path, size, sha256))
    sha256, size = _put_list(store, listed)
    return Kept(sha256, "folder", name, size)


def cited(connection: Connection, entity_id: str | None = None, entity: str | None = "ground_object") -> list[Evidence]:
    """Evidence of one object or of one other entity, or all of it."""
    if entity_id is None:
        return reading.every(connection, Evidence)
    return reading.every(connection, Evidence, entity_id=entity_id, entity=entity)


def broken(store: Path, evidence: Iterable[Evidence]) -> list[Broken]:
    """Every hash computed again: what is missing or was changed."""
    found, seen = [], dict[str, list[tuple[str, str]]]()
    for piece in evidence:
        if piece.sha256 not in seen:
            seen[piece.sha256] = _faults(store, piece)
        found += [Broken(piece, file or piece.name, what) for file, what in seen[piece.sha256]]
    return found


def stages(evidence: list[Evidence], faults: Iterable[Broken]) -> tuple[frozenset[State], frozenset[State]]:
    """States shown by whole evidence, and those with evidence that is broken."""
    bad = frozenset(fault.evidence.stage for fault in faults if fault.evidence.stage)
    return frozenset(piece.stage for piece in evidence if piece.stage) - bad, bad


def restore(store: Path, piece: Evidence, into: Path) -> Path:
    """Write evidence out again under its own name, if all of it is whole."""
    faults = _faults(store, piece)
    if faults:
        raise Refused(f"evidence {piece.id}", because("{name} is {what}", name=faults[0][0] or piece.name, what=faults[0][1]))
    target = into / piece.name
    if piece.kind == "file":
        shutil.copyfile(place(store, piece.sha256), target)
        return target
    for name, _, sha256 in json.loads(place(store, piece.sha256).read_bytes()):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place(store, sha256), target / name)
    return target


def place(store: Path, sha256: str) -> Path:
    """Where content of that hash lies."""
    return store / sha256[:2] / sha256[2:]


def _faults(store: Path, piece: Evidence) -> list[tuple[str, str]]:
    what = fault_of(place(store, piece.sha256), piece.sha256)
    if what or piece.kind == "file":
        return [("", what)] if what else []
    listed = json.loads(place(store, piece.sha256).read_bytes())
    faults = ((name, fault_of(place(store, sha256), sha256)) for name, _, sha256 in listed)
    return [(name, what) for name, what in faults if what]


def fault_of(path: Path, sha256: str) -> str | None:
    """What is wrong with a content, its hash computed again."""
    try:
        with path.open("rb") as file:
            return None if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "changed"
    except OSError:
        return "missing"


def _put_folder(store: Path, folder: Path) -> tuple[str, int]:
    """Every file, then the list of them with their hashes: its own hash stands for the folder."""
    paths = sorted(folder.rglob("*"))
    strange = next((path for path in paths if path.is_symlink() or not (path.is_file() or path.is_dir())), None)
    if strange is not None:
        raise UnreadableFile(str(strange), "", "a link or a device", READABLE)
    listed = []
    for path in paths:
        if path.is_file():
            sha256, size = _put_file(store, path)
            listed.append((path.relative_to(folder).as_posix(), size, sha256))
    if not listed:
        raise UnreadableFile(str(folder), "", "no files", READABLE)
    return _put_list(store, listed)


def _put_list(store: Path, listed: list[tuple[str, int, str]]) -> tuple[str, int]:
    text = canonical(listed).encode()
    sha256 = hashlib.sha256(text).hexdigest()
    with _new(store) as file:
        file.write(text)
    _keep(store, Path(file.name), sha256)
    return sha256, sum(size for _, size, _ in listed)


def _put_file(store: Path, path: Path) -> tuple[str, int]:
    try:
        with path.open("rb") as source:
            return _put_content(store, source)
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), READABLE) from None


def _put_content(store: Path, source: IO[bytes]) -> tuple[str, int]:
    """Copy and hash in one reading, so that what is kept is what was hashed."""
    total, size = hashlib.sha256(), 0
    with _new(store) as copy:
        while block := source.read(BLOCK):
            total.update(block)
            size += len(block)
            copy.write(block)
    _keep(store, Path(copy.name), total.hexdigest())
    return total.hexdigest(), size


def _new(store: Path):  # type: ignore[no-untyped-def]
    store.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=store, prefix=".partial-", delete=False)


def _keep(store: Path, partial: Path, sha256: str) -> None:
    """Give a copy the name of its content; one that is there and whole stays, a broken one is replaced."""
    home = place(store, sha256)
    if fault_of(home, sha256) is None:
        partial.unlink()
        return
    home.parent.mkdir(exist_ok=True)
    partial.chmod(0o444)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(home)
