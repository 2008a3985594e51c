"""Air and coefficients read off a fine grid: what makes a flight of a batch several times cheaper.

The grid holds values and slopes of the formulas themselves (`physics.ascent.air_column`, tables of coefficients), joined
by cubic Hermite polynomials: nothing of physics is written twice, and `test_batch_agrees.py` holds the gap to the formulas.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import part
from baiterek.physics.ascent import AirColumn, air_column
from baiterek.physics.earth import Environment
from baiterek.physics.table import Table, cubic_between, table_value

LOW_m, JOIN_m, TOP_m = -2e3, 152e3, 1000e3
"""Ends of the two grids of altitude: where the air is felt, and above, to where its tables level off."""
FINE_m, COARSE_m = 100.0, 2000.0
MACH_CELLS = 1024


class Grid(NamedTuple):
    """Columns of values and of slopes times the spacing, at equal distances; constant outside."""

    low: float
    per_unit: float
    values: Any
    """Shape (points, 2 columns): value and slope times spacing of each column in turn."""


class Globe(NamedTuple):
    """`Environment` without its tables: little to hand from call to call. The formulas of shape and gravity take either."""

    gravity_model: int
    mu_m3_s2: float
    radius_m: float
    flattening: float
    rotation_rad_s: float
    j2: float
    j3: float
    j4: float
    uniform_gravity_m_s2: float


class Medium(NamedTuple):
    """The Earth, the air and what the air does to each body, for all flights of a batch."""

    globe: Globe
    fine: Grid
    """Over the altitude: density, pressure, speed of sound, mean wind east, mean wind north."""
    coarse: Grid
    """The same, above `JOIN_m`."""
    coefficients: Grid
    """Over the Mach number: axial, normal slope, and the drag of each dropped body."""


def sample(columns: Any, low: float, high: float, cells: int) -> Grid:
    """`Grid` of `columns(x)`, which gives one array for each column, at `cells` + 1 points from `low` to `high`."""
    x = np.linspace(low, high, cells + 1)
    spacing = (high - low) / cells
    small = 1e-3 * spacing
    values = []
    for here, before, after in zip(columns(x), columns(x - small), columns(x + small), strict=True):
        values += [here, (after - before) * (spacing / (2.0 * small))]
    return Grid(float(low), 1.0 / spacing, np.ascontiguousarray(np.array(values, dtype=float).T))


def sample_medium(environment: Environment, tables: tuple[Table, ...]) -> Medium:
    """The air and the mean wind of `environment` from -2 to 1000 km, and coefficients over the Mach number."""

    def columns(altitude_m: Any) -> list[Any]:
        return [np.broadcast_to(value, altitude_m.shape) for value in air_column(altitude_m, environment)]

    return Medium(
        Globe(*(getattr(environment, name) for name in Globe._fields)),
        sample(columns, LOW_m, JOIN_m, round((JOIN_m - LOW_m) / FINE_m)),
        sample(columns, JOIN_m, TOP_m, round((TOP_m - JOIN_m) / COARSE_m)),
        sample_tables(tables),
    )


def sample_tables(tables: tuple[Table, ...]) -> Grid:
    """Tables over the Mach number as columns of one grid, from 0 to the last knot of all."""
    high = max(float(table.knots[-1]) for table in tables)
    return sample(lambda mach: [table_value(mach, table) for table in tables], 0.0, high, MACH_CELLS)


@part
def cell_of(x: float, grid: Grid) -> Any:
    """Index of the cell of `x` and where in it, 0..1: clamped to the grid."""
    place = min(max((x - grid.low) * grid.per_unit, 0.0), grid.values.shape[0] - 1.0)
    cell = min(int(place), grid.values.shape[0] - 2)
    return cell, place - cell


@part
def hermite(grid: Grid, cell: int, s: float, column: int) -> float:
    """Cubic through values and slopes at both ends of a cell."""
    here, ahead = grid.values[cell], grid.values[cell + 1]
    return cubic_between(here[2 * column], ahead[2 * column], here[2 * column + 1], ahead[2 * column + 1], s)


@part
def sampled_column(altitude_m: float, medium: Medium) -> AirColumn:
    """The `AirColumn` at an altitude."""
    grid = medium.fine if altitude_m < JOIN_m else medium.coarse
    cell, s = cell_of(altitude_m, grid)
    return AirColumn(
        hermite(grid, cell, s, 0),
        hermite(grid, cell, s, 1),
        hermite(grid, cell, s, 2),
        hermite(grid, cell, s, 3),
        hermite(grid, cell, s, 4),
    )
