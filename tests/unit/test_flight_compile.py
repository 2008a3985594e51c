"""Where compiled code is kept, and that a table reads the same in it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numba
import numpy as np
import pytest

from baiterek.flight import compile as compiling
from baiterek.flight.plan import plain_table
from baiterek.physics.table import cubic_between, knot_matrix, smooth_table, table_value


@numba.njit
def read_all(points, table):
    out = np.empty(points.shape[0])
    for i in range(points.shape[0]):
        out[i] = table_value(points[i], table)
    return out


def test_a_compiled_table_stops_early_and_reads_the_same():
    knots = np.array([0.0, 1.0, 2.5, 3.0, 7.0, 9.0])
    table = plain_table(smooth_table(knots, np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0])))
    points = np.concatenate((np.linspace(-5.0, 20.0, 501), knots))
    np.testing.assert_allclose(read_all(points, table), table_value(points, table), rtol=0.0, atol=1e-9)


def test_values_and_slopes_at_the_knots_are_the_table_again():
    points, values = np.array([0.0, 2e3, 4e3, 9e3, 14e3]), np.array([3.0, -1.0, 4.0, 1.0, -5.0])
    table, (knots, matrix) = smooth_table(points, values), knot_matrix(points)
    of = (matrix @ values).reshape(-1, 2)
    heights = np.linspace(knots[0], knots[-1], 501)
    cell = np.clip(np.searchsorted(knots, heights, side="right") - 1, 0, len(knots) - 2)
    length = np.diff(knots)[cell]
    (left, out), (right, into) = of[cell].T, of[cell + 1].T
    read = cubic_between(left, right, out * length, into * length, (heights - knots[cell]) / length)
    np.testing.assert_allclose(read, table_value(heights, table), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(of[1:-1, 0], values, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("changed", ["physics/gravity.py", "physics/table.py", "constants.py", "flight/integrator.py"])
def test_a_changed_source_changes_the_key(tmp_path, changed):
    package = Path(compiling.__file__).parents[1]
    copies = []
    for source in compiling.compiled_sources():
        copy = tmp_path / source.relative_to(package)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(source.read_bytes())
        copies.append(copy)
    assert compiling.cache_key(copies) == compiling.cache_key(compiling.compiled_sources())
    with (tmp_path / changed).open("a") as file:
        file.write("\n# changed\n")
    assert compiling.cache_key(copies) != compiling.cache_key(compiling.compiled_sources())


def test_the_key_covers_every_formula():
    covered = {path.resolve() for path in compiling.compiled_sources()}
    assert {Path(function.__code__.co_filename).resolve() for function in compiling.FORMULAS} <= covered


def test_another_compiler_changes_the_key(monkeypatch):
    key = compiling.cache_key([])
    monkeypatch.setattr(numba, "__version__", "0.0")
    assert compiling.cache_key([]) != key


def test_old_folders_go_quietly_and_fresh_ones_stay(tmp_path):
    for name, days in (("numba-old", 40.0), ("numba-recent", 3.0), ("other", 90.0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index").touch()
        then = time.time() - days * 86400.0
        os.utime(tmp_path / name, (then, then))
    folder = compiling.open_cache(tmp_path, "now")
    assert folder == tmp_path / "numba-now"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["numba-now", "numba-recent", "other"]


def test_without_a_writable_folder_nothing_is_kept(tmp_path):
    (tmp_path / "file").touch()
    assert compiling.open_cache(tmp_path / "file", "key") is None


def test_the_cache_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiling.cache_root() == tmp_path / "baiterek"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert compiling.cache_root() == Path.home() / ".cache" / "baiterek"


def test_other_users_of_numba_keep_their_own_folder():
    assert os.environ.get("NUMBA_CACHE_DIR", "") == numba.config.CACHE_DIR
