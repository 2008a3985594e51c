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

from baiterek.physics import ascent, debris, gust, heating  # noqa: F401  (record every formula of flight)
from baiterek.physics.formula import FORMULAS
from baiterek.physics.table import table_value

PRUNE_AFTER_DAYS = 30.0
"""A cache folder of other sources goes when nobody has opened it for so long."""


def compiled_sources() -> list[Path]:
    """Every file whose text decides what the compiled code does."""
    package = Path(__file__).parents[1]
    folders = (package / "physics", package / "flight")
    return [package / "constants.py", *(path for folder in folders for path in sorted(folder.glob("*.py")))]


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
    prune(root, folder)
    return folder


def prune(root: Path, keep: Path) -> None:
    """Removes the folders of other sources that nobody has opened for long; another process may do so at once."""
    for other in root.glob("numba-*"):
        try:
            age_s = time.time() - other.stat().st_mtime
        except OSError:
            continue
        if other != keep and age_s > PRUNE_AFTER_DAYS * 86400.0:
            shutil.rmtree(other, ignore_errors=True)


def _early_table_value(x: Any, table: Any) -> Callable[..., float]:
    """`table_value` for numba: the sum over the knots to the left of `x` only, since the others add nothing."""

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
            register_jitable(_nrt=False, forceinline=True)(function)
    overload(table_value, jit_options={"_nrt": False})(_early_table_value)


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
"""A part of an entry: compiled with it, never kept alone. It makes no arrays, so it counts no references either, which
would otherwise take three quarters of the time: each record of tables would be counted at each call."""

part = numba.njit(nogil=True, error_model="numpy", _nrt=False, forceinline=True)
"""A small `inner` that is written out where it is called: the records it takes are then not handed over at each call."""
