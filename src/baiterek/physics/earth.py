"""The Earth: its shape, its rotation, and the environment record that every formula of flight takes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula
from baiterek.physics.table import Table

GRAVITY_UNIFORM, GRAVITY_POINT, GRAVITY_J2, GRAVITY_J4 = 0, 1, 2, 4
AIR_NONE, AIR_EXPONENTIAL, AIR_US76, AIR_TABLE = 0, 1, 2, 3
WIND_NONE, WIND_TABLE = 0, 1


class Environment(NamedTuple):
    """Planet, air and wind. The three switches are plain integers; all else may be symbols."""

    gravity_model: int
    air_model: int
    wind_model: int
    mu_m3_s2: Any
    radius_m: Any
    """Equatorial radius of the ellipsoid (of the sphere when flattening is 0)."""
    flattening: Any
    rotation_rad_s: Any
    j2: Any
    j3: Any
    j4: Any
    uniform_gravity_m_s2: Any
    reference_density_kg_m3: Any
    """Density at altitude 0 of the exponential atmosphere."""
    scale_height_m: Any
    log_density: Table
    """ln(kg/m3) over geodetic altitude in m: the air above the join (US76) or everywhere (AIR_TABLE)."""
    temperature: Table
    """K over geodetic altitude in m, likewise."""
    wind_east: Table
    """Velocity of the air towards the east, m/s, over geodetic altitude in m."""
    wind_north: Table


class Geodetic(NamedTuple):
    """Where a point stands above the ellipsoid, without its longitude (which only the rotation knows)."""

    altitude_m: Any
    sin_latitude: Any
    cos_latitude: Any
    axis_distance_m: Any
    """Distance from the axis of rotation."""


@formula
def geodetic(x_m, y_m, z_m, environment):
    """Geodetic altitude and latitude of a point; inertial or Earth-fixed x and y serve alike.

    Bowring (1976), Survey Review 23(181), one step with the first guess of Bowring (1985), Survey Review 28(218):
    altitude to 1e-8 m and latitude to 1e-12 rad from -1 to 10 000 km. A flattening of 0 makes it exact for the sphere.
    On the axis itself the distance is kept off zero by 1e-6 m.
    """
    a = environment.radius_m
    f = environment.flattening
    b = a * (1.0 - f)
    e2 = f * (2.0 - f)
    axis_distance = np.sqrt(x_m * x_m + y_m * y_m + 1e-12)
    # tan(reduced latitude) by Bowring's first guess, better by the factor that carries the altitude (1985).
    distance = np.sqrt(axis_distance * axis_distance + z_m * z_m)
    sin_reduced = z_m * (1.0 - f) * (1.0 + e2 / (1.0 - e2) * b / distance)
    norm = np.sqrt(axis_distance * axis_distance + sin_reduced * sin_reduced)
    sin_reduced = sin_reduced / norm
    cos_reduced = axis_distance / norm
    up_z = z_m + e2 / (1.0 - e2) * b * sin_reduced * sin_reduced * sin_reduced
    up_p = axis_distance - e2 * a * cos_reduced * cos_reduced * cos_reduced
    norm = np.sqrt(up_z * up_z + up_p * up_p)
    sin_latitude = up_z / norm
    cos_latitude = up_p / norm
    altitude = axis_distance * cos_latitude + z_m * sin_latitude - a * np.sqrt(1.0 - e2 * sin_latitude * sin_latitude)
    return Geodetic(altitude, sin_latitude, cos_latitude, axis_distance)


@formula
def fixed_from_geodetic(latitude_rad, longitude_rad, altitude_m, environment):
    """Earth-fixed x, y, z in m of geodetic coordinates (the closed form; e.g. NGA.STND.0036 eq. 4-14)."""
    e2 = environment.flattening * (2.0 - environment.flattening)
    sin_latitude = np.sin(latitude_rad)
    normal = environment.radius_m / np.sqrt(1.0 - e2 * sin_latitude * sin_latitude)
    p = (normal + altitude_m) * np.cos(latitude_rad)
    z = (normal * (1.0 - e2) + altitude_m) * sin_latitude
    return p * np.cos(longitude_rad), p * np.sin(longitude_rad), z


@formula
def zone_area(latitude_rad, environment):
    """Area in m2 of the ellipsoid from the equator to a latitude, per radian of longitude; negative in the south.

    b^2 / 2 [sin / (1 - e^2 sin^2) + artanh(e sin) / e] (Snyder, USGS Professional Paper 1395, eq. 3-12). For a sphere the
    eccentricity is kept off zero by 1e-6.
    """
    e2 = environment.flattening * (2.0 - environment.flattening)
    e = np.sqrt(e2 + 1e-12)
    sin_latitude = np.sin(latitude_rad)
    polar = environment.radius_m * (1.0 - environment.flattening)
    bent = 0.5 * np.log((1.0 + e * sin_latitude) / (1.0 - e * sin_latitude)) / e
    return 0.5 * polar * polar * (sin_latitude / (1.0 - e2 * sin_latitude * sin_latitude) + bent)


@formula
def rotate_z(x, y, angle_rad):
    """Components of a vector in axes turned by `angle_rad` about +z."""
    c = np.cos(angle_rad)
    s = np.sin(angle_rad)
    return c * x + s * y, c * y - s * x
