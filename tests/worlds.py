"""Environments for tests of physics: the whole Earth, and planets with less of it; and the published tables."""

from pathlib import Path

import numpy as np

from baiterek import constants as c
from baiterek.physics import climate, earth
from baiterek.physics.table import constant_table, smooth_table

UPPER_LN_DENSITY, UPPER_TEMPERATURE = climate.standard_upper_air()
EAST = smooth_table([0.0, 5e3, 10e3, 20e3, 50e3, 80e3, 90e3], [3.0, 12.0, 30.0, 10.0, 40.0, 0.0, 0.0])
NORTH = smooth_table([0.0, 5e3, 10e3, 20e3, 50e3, 80e3, 90e3], [-1.0, -5.0, 4.0, 0.0, 9.0, 0.0, 0.0])
CALM_TABLE = constant_table(0.0)

EARTH = earth.Environment(
    gravity_model=earth.GRAVITY_J4,
    air_model=earth.AIR_US76,
    wind_model=earth.WIND_NONE,
    mu_m3_s2=c.EARTH_MU_M3_S2,
    radius_m=c.WGS84_RADIUS_M,
    flattening=c.WGS84_FLATTENING,
    rotation_rad_s=c.EARTH_ROTATION_RAD_S,
    j2=c.EARTH_J2,
    j3=c.EARTH_J3,
    j4=c.EARTH_J4,
    uniform_gravity_m_s2=c.STANDARD_GRAVITY_M_S2,
    reference_density_kg_m3=1.225,
    scale_height_m=7200.0,
    log_density=UPPER_LN_DENSITY,
    temperature=UPPER_TEMPERATURE,
    wind_east=CALM_TABLE,
    wind_north=CALM_TABLE,
)
"""WGS 84, J4, US76 joined to NRLMSIS, no wind."""

WINDY = EARTH._replace(wind_model=earth.WIND_TABLE, wind_east=EAST, wind_north=NORTH)

TABLED = EARTH._replace(gravity_model=earth.GRAVITY_J2, air_model=earth.AIR_TABLE)
"""J2, and the upper table as the only air."""

SPHERE = TABLED._replace(gravity_model=earth.GRAVITY_POINT, air_model=earth.AIR_EXPONENTIAL, flattening=0.0)
"""A rotating sphere with a point's gravity and an exponential atmosphere, as in published problems."""

BARE = SPHERE._replace(gravity_model=earth.GRAVITY_UNIFORM, air_model=earth.AIR_NONE, rotation_rad_s=0.0)
"""No air, no rotation, uniform gravity."""


def authority(name: str) -> list[tuple[float, ...]]:
    """The rows of a table in authorities/."""
    path = Path(__file__).parents[1] / "authorities" / name
    return [tuple(row) for row in np.loadtxt(path, delimiter=",", skiprows=2).tolist()]
