"""The one place where numba meets the formulas, and where its compiled code is kept between runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numba
from numba.extending import overload, register_jitable

import baiterek
from baiterek.physics import ascent  # noqa: F401  (records every formula of flight)
from baiterek.physics.formula import FORMULAS
from baiterek.physics.table import table_value

PRUNE_AFTER_DAYS = 30.0
"""A cache folder of other sources goes when nobody has opened it for so long."""


def compiled_sources() -> list[Path]:
    """Every file whose text decides what the compiled code does."""
    package = Path(baiterek.__file__ or __file__).parent if baiterek.__file__ else Path(__file__).parents[1]
    return [package / "constants.py", *sorted((package / "physics").glob("*.py")), *sorted((package / "flight").glob("*.py"))]


def cache_key(sources: Iterable[Path]) -> str:
    """Hash of the sources' text and of the compiler's version.

    numba looks only at the file of the function that it caches: a formula changed elsewhere would keep its old value.
    """
    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for path in sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    """The user's own cache folder (XDG Base Directory Specification 0.8)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if os.path.isabs(given) else Path.home() / ".cache"
    return base / "baiterek"


def open_cache(root: Path, key: str) -> Path | None:
    """The folder of this key under `root`, made and marked as used; None where nothing can be written."""
    folder = root / f"numba-{key}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    for other in root.glob("numba-*"):
        try:
            stale = other != folder and time.time() - other.stat().st_mtime > PRUNE_AFTER_DAYS * 86400.0
        except OSError:
            continue
        if stale:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def _early_table_value(x: Any, table: Any) -> Callable[..., float]:
    def value(x: Any, table: Any) -> float:
        clamped = min(x, table.knots[table.knots.shape[0] - 1])
        total = table.base
        for i in range(table.knots.shape[0]):
            step = clamped - table.knots[i]
            if step <= 0.0:
                break
            total += table.coefficients[i] * step * step * step
        return total

    return value


def register_formulas() -> None:
    """Lets numba compile every formula on sight; a table is read only up to the first knot above the argument."""
    for function in FORMULAS:
        if function is not table_value:
            register_jitable(forceinline=True, _nrt=False)(function)
    overload(table_value, jit_options={"forceinline": True, "_nrt": False})(_early_table_value)


register_formulas()
CACHE_FOLDER = open_cache(cache_root(), cache_key(compiled_sources()))


def compiled(function: Callable[..., Any]) -> Any:
    """An entry of the simulator: compiled once, kept in `CACHE_FOLDER`, free of Python's lock."""
    outside = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(CACHE_FOLDER or "")
    try:
        return numba.njit(cache=CACHE_FOLDER is not None, nogil=True, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = outside


inner = numba.njit(nogil=True, error_model="numpy", _nrt=False)
"""A part of an entry: compiled with it, never kept alone."""
