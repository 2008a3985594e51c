"""Wreckage: a vehicle whose thrust turns, and a piece that has lost its speed and sinks through the wind."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula


class Sinking(NamedTuple):
    """Motion over the ground of a piece whose weight is carried by its drag, m/s."""

    down_m_s: Any
    east_m_s: Any
    north_m_s: Any
    lag_s: Any
    """How long it takes to follow a change of the wind: the speed of its fall over gravity."""


class Turn(NamedTuple):
    """What a malfunction turn takes a vehicle away from its nominal flight: along the thrust at its start, and across."""

    speed_along_m_s: Any
    speed_across_m_s: Any
    along_m: Any
    across_m: Any


@formula
def malfunction_turn(thrust_m_s2, rate_rad_s, duration_s):
    """`Turn` of a thrust acceleration that turns in a plane at an even rate, above 0, for a time.

    Integrals of a (cos wt - 1) along and a sin wt across, once and twice; gravity and air as on the nominal flight, the
    acceleration constant: for turns of seconds.
    """
    turned = rate_rad_s * duration_s
    s, c = np.sin(turned), np.cos(turned)
    return Turn(
        thrust_m_s2 * (s / rate_rad_s - duration_s),
        thrust_m_s2 * (1.0 - c) / rate_rad_s,
        thrust_m_s2 * ((1.0 - c) / (rate_rad_s * rate_rad_s) - 0.5 * duration_s * duration_s),
        thrust_m_s2 * (duration_s - s / rate_rad_s) / rate_rad_s,
    )


@formula
def terminal_speed(density_kg_m3, ballistic_kg_m2, gravity_m_s2):
    """Speed in m/s at which drag carries the weight: v^2 = 2 g beta / rho, beta = m / (CD A).

    E.g. 14 CFR 420 App. B, (b)(4)(iv), in other units.
    """
    return np.sqrt(2.0 * gravity_m_s2 * ballistic_kg_m2 / density_kg_m3)


@formula
def sinking(column, thinning_1_m, ballistic_kg_m2, gravity_m_s2, sin_latitude, cos_latitude, rotation_rad_s):
    """`Sinking` in an `AirColumn` whose density falls by `thinning_1_m` of itself a metre upwards.

    Newton's law in axes that turn with the Earth, drag quadratic along the velocity through the air, solved for slowly
    changing motion to the first order in v^2 / (g H), H the scale height: the vertical speed is greater than the
    terminal one by the deceleration in thickening air, and the Coriolis acceleration moves the piece sideways through
    the air by its lag. The wind's own change is left to the caller (`lag_s`). Error of the speed: the square of
    v^2 / (2 g H); at 45 m/s 2e-4.
    """
    still = terminal_speed(column.density_kg_m3, ballistic_kg_m2, gravity_m_s2)
    down = still * np.sqrt(1.0 + still * still * thinning_1_m / (2.0 * gravity_m_s2))
    lag = down / gravity_m_s2
    east = column.wind_east_m_s + 2.0 * rotation_rad_s * lag * (cos_latitude * down + sin_latitude * column.wind_north_m_s)
    north = column.wind_north_m_s - 2.0 * rotation_rad_s * lag * sin_latitude * column.wind_east_m_s
    lighter = 1.0 - rotation_rad_s * cos_latitude * column.wind_east_m_s / gravity_m_s2
    return Sinking(down * lighter, east, north, lag)


@formula
def weight_per_mass(gravity_m_s2, axis_distance_m, cos_latitude, rotation_rad_s):
    """Acceleration in m/s2 that a body at rest on the turning Earth feels: gravity less the centrifugal part along it."""
    return gravity_m_s2 - rotation_rad_s * rotation_rad_s * axis_distance_m * cos_latitude
