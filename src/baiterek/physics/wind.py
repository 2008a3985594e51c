"""Velocity of the air: it turns with the Earth, and the wind comes on top."""

from __future__ import annotations

import numpy as np

from baiterek.physics.earth import WIND_NONE
from baiterek.physics.formula import formula
from baiterek.physics.table import table_value


@formula
def wind(altitude_m, environment):
    """Velocity of the air relative to the ground, m/s towards the east and towards the north."""
    if environment.wind_model == WIND_NONE:
        return 0.0 * altitude_m, 0.0 * altitude_m
    return table_value(altitude_m, environment.wind_east), table_value(altitude_m, environment.wind_north)


@formula
def blown_air(x_eci_m, y_eci_m, place, wind_east_m_s, wind_north_m_s, environment):
    """Inertial velocity of the air, m/s: the rotation omega x r of the Earth, then the wind's two components."""
    cos_l = x_eci_m / place.axis_distance_m
    sin_l = y_eci_m / place.axis_distance_m
    outward = wind_north_m_s * place.sin_latitude
    return (
        -environment.rotation_rad_s * y_eci_m - wind_east_m_s * sin_l - outward * cos_l,
        environment.rotation_rad_s * x_eci_m + wind_east_m_s * cos_l - outward * sin_l,
        wind_north_m_s * place.cos_latitude,
    )


@formula
def air_velocity(x_eci_m, y_eci_m, place, environment):
    """Inertial velocity of the air, m/s, at a point whose `Geodetic` is `place`."""
    east, north = wind(place.altitude_m, environment)
    return blown_air(x_eci_m, y_eci_m, place, east, north, environment)


@formula
def speed(vx, vy, vz):
    """Magnitude of a velocity in m/s, smooth at rest (1e-4 m/s is added in quadrature)."""
    return np.sqrt(vx * vx + vy * vy + vz * vz + 1e-8)
