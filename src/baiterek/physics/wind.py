"""Velocity of the air: it turns with the Earth, and the wind comes on top."""

from __future__ import annotations

import numpy as np

from baiterek.physics.earth import WIND_NONE
from baiterek.physics.formula import formula
from baiterek.physics.table import table_value


@formula
def air_velocity(x_eci_m, y_eci_m, place, environment):
    """Inertial velocity of the air, m/s, at a point whose `Geodetic` is `place`: rotation, then east and north wind."""
    vx = -environment.rotation_rad_s * y_eci_m
    vy = environment.rotation_rad_s * x_eci_m
    vz = 0.0 * x_eci_m
    if environment.wind_model != WIND_NONE:
        east = table_value(place.altitude_m, environment.wind_east)
        north = table_value(place.altitude_m, environment.wind_north)
        cos_l = x_eci_m / place.axis_distance_m
        sin_l = y_eci_m / place.axis_distance_m
        vx = vx - east * sin_l - north * place.sin_latitude * cos_l
        vy = vy + east * cos_l - north * place.sin_latitude * sin_l
        vz = vz + north * place.cos_latitude
    return vx, vy, vz


@formula
def speed(vx, vy, vz):
    """Magnitude of a velocity in m/s, smooth at rest (1e-4 m/s is added in quadrature)."""
    return np.sqrt(vx * vx + vy * vy + vz * vz + 1e-8)
