"""Where a result comes from: inputs, code, libraries, seed. Same inputs, same hash, same numbers."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import baiterek
from baiterek.catalogue.mission import Mission
from baiterek.study.inputs import named_files

LIBRARIES = ("casadi", "numpy", "numba", "llvmlite", "pymsis", "pyerfa")
"""Those on which a number can depend; a report's libraries are not among them."""

PACKAGE = Path(baiterek.__file__).parent
SOURCES = {".py", ".toml", ".csv", ".npz", ".json", ".html", ".css"}
NOT_INPUTS = {"file", "resolved", "changes"}
"""Fields of the records that say where a file lies, or repeat what is read from it: no number depends on them."""


def provenance(mission: Mission, verb: str) -> dict[str, Any]:
    """Everything that `hash` covers, and beside it what a reader wants to know (git, machine, date of computing)."""
    covered = {
        "verb": verb,
        "mission": digest(canonical(mission)),
        "code": code_hash(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "seed": mission.seed,
    }
    return {
        "hash": digest(covered),
        "covered": covered,
        "version": baiterek.__version__,
        "git": _git_describe(),
        "inputs": _input_hashes(mission),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "computed_utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def canonical(value: Any) -> Any:
    """A record as plain JSON values in a fixed order; floats keep every digit."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: canonical(getattr(value, f.name)) for f in fields(value) if f.name not in NOT_INPUTS}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: canonical(item) for key, item in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(key): canonical(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return canonical(value.tolist())
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"no canonical form of {type(value).__name__}")


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON text."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def code_hash(package: Path = PACKAGE) -> str:
    """SHA-256 over the names and bytes of the package's sources and data, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(p for p in package.rglob("*") if p.suffix in SOURCES and p.is_file()):
        total.update(path.relative_to(package).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def computed_by() -> str:
    """What two machines must have in common to give the same numbers, as one hash: the code and the libraries."""
    return digest({"code": code_hash(), "libraries": {name: _version(name) for name in LIBRARIES}})


def _input_hashes(mission: Mission) -> dict[str, str]:
    """What it is and its name -> SHA-256, of each file as it was read."""
    files = {"mission": mission.file, "vehicle": mission.vehicle.file, "site": mission.site.file}
    read = [(kind, Path(file)) for kind, file in files.items() if file and Path(file).is_file()]
    known = {file.resolve() for _, file in read}
    named = named_files(Path(mission.file)) if mission.file and Path(mission.file).is_file() else []
    read += [("file", file) for file in named if file not in known]
    return {f"{kind} {file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for kind, file in read}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _git_describe() -> str | None:
    """The checkout's own name for its state; None outside a checkout (an installed wheel)."""
    root = PACKAGE.parent.parent
    if not (root / ".git").exists():
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--tags"],
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None
