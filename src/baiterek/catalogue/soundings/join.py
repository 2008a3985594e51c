"""The wind above the pad on the day: the sounding where it measured, the climatology of the month beyond, smooth between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.fields import Place
from baiterek.catalogue.soundings.sounding import Sounding
from baiterek.physics.atmosphere import smooth_step
from baiterek.physics.table import Table, fitted_table, table_value

Array = NDArray[np.float64]
KNOT_STEP_M = 750.0
"""Between knots within the sounding: waves in altitude shorter than some 1.5 km are smoothed away, and are left to gusts."""
MOST_KNOTS = 45
JOIN_M = 5000.0
"""Height over which the difference to the climatology fades outside the sounding; assumed."""
SAMPLE_M = 50.0
HIGHEST_START_M = 1500.0
"""How far above the pad a sounding may begin."""
LOWEST_END_M = 12e3
"""It must reach above the jet: where loads peak, and a little more."""


def measured_wind(sounding: Sounding, climatology: tuple[Table, Table], pad_m: float) -> tuple[Table, Table, float]:
    """East and north wind in m/s over geodetic altitude, C2 everywhere, and the r.m.s. in m/s by which the curves leave
    the levels.

    Outside the sounding the difference between its end and the climatology fades by a quintic step over `JOIN_M`.
    Raises `BadValue` for a sounding that begins too high above the pad or ends below the jet.
    """
    place, altitude = Place(sounding.file), np.array(sounding.altitude_m)
    if altitude[0] > pad_m + HIGHEST_START_M:
        raise place.bad("lowest level", f"{altitude[0]:.0f} m", f"at most {HIGHEST_START_M:g} m above the pad at {pad_m:.0f} m")
    if altitude[-1] < LOWEST_END_M:
        raise place.bad("highest level with wind", f"{altitude[-1]:.0f} m", f"{LOWEST_END_M:g} m or more")
    tables, misses = [], []
    for values, mean in zip((sounding.east_m_s, sounding.north_m_s), climatology, strict=True):
        table = _joined(altitude, np.array(values), mean)
        tables.append(table)
        misses.append(table_value(altitude, table) - values)
    return tables[0], tables[1], float(np.sqrt(np.mean(np.square(misses))))


def _joined(altitude: Array, values: Array, mean: Table) -> Table:
    """One component: the knots of the climatology outside, even ones within the sounding and its joins."""
    low, high = altitude[0], altitude[-1]
    outer = np.asarray(mean.knots)[1:-1]
    within = np.linspace(low, high, min(MOST_KNOTS, round((high - low) / KNOT_STEP_M) + 1))
    above = high + JOIN_M * np.array([0.25, 0.5, 0.75, 1.0])
    below = low - JOIN_M * np.array([1.0, 0.5])
    knots = np.concatenate((below, within, above, outer[outer > above[-1] + 0.2 * JOIN_M]))
    samples = np.arange(knots[0], knots[-1] + SAMPLE_M, SAMPLE_M)
    return fitted_table(knots, samples, _target(samples, altitude, values, mean))


def _target(z: Array, altitude: Array, values: Array, mean: Table) -> Array:
    """What the curve is to follow: lines between levels, the climatology plus a fading difference outside."""
    ends = altitude[[0, -1]]
    off = values[[0, -1]] - table_value(ends, mean)
    faded = off[0] * (1.0 - smooth_step((ends[0] - z) / JOIN_M)), off[1] * (1.0 - smooth_step((z - ends[1]) / JOIN_M))
    outside = table_value(z, mean) + np.where(z < ends[0], faded[0], faded[1])
    inside = (z >= ends[0]) & (z <= ends[1])
    return np.where(inside, np.interp(z, altitude, values), outside)
