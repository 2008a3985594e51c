"""Geopotential against geometric height: the work done along the plumb line, and the tables of the standard atmosphere."""

import numpy as np
import pytest

from baiterek.constants import EARTH_ROTATION_RAD_S, STANDARD_GRAVITY_M_S2
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.geopotential import geometric_altitude
from baiterek.physics.gravity import gravity
from worlds import WINDY


def felt_gravity(latitude_rad, altitude_m):
    """Downward part of zonal gravity and of the centrifugal acceleration, along the normal of the ellipsoid."""
    x, y, z = fixed_from_geodetic(latitude_rad, 0.0, altitude_m, WINDY)
    gx, _, gz = gravity(x, y, z, WINDY)
    gx = gx + EARTH_ROTATION_RAD_S**2 * x
    return -(gx * np.cos(latitude_rad) + gz * np.sin(latitude_rad))


@pytest.mark.parametrize("latitude_deg", [0.0, 27.0, 45.94, 71.3, 90.0])
@pytest.mark.parametrize("altitude_m", [500.0, 11e3, 30e3, 50e3])
def test_the_height_is_that_over_which_the_work_was_done(latitude_deg, altitude_m):
    # H = (1 / g0) int_0^z g dz (WMO-No. 8, part I, chapter 12), by Gauss-Legendre on another formula of gravity.
    latitude = np.radians(latitude_deg)
    nodes, weights = np.polynomial.legendre.leggauss(12)
    heights = 0.5 * altitude_m * (nodes + 1.0)
    work = 0.5 * altitude_m * sum(w * felt_gravity(latitude, h) for w, h in zip(weights, heights, strict=True))
    # 1e-5: J6 and the free-air term that the formula leaves out.
    assert geometric_altitude(work / STANDARD_GRAVITY_M_S2, np.sin(latitude)) == pytest.approx(altitude_m, rel=2e-5)


@pytest.mark.parametrize(("geopotential_m", "geometric_m"), [(4996.0, 5000.0), (19937.0, 20000.0), (29859.0, 30000.0)])
def test_the_standard_atmosphere_has_the_same_heights(geopotential_m, geometric_m):
    # US Standard Atmosphere 1976, table I, at its latitude of 45.5 deg; 1 m: the last digit printed.
    assert geometric_altitude(geopotential_m, np.sin(np.radians(45.5))) == pytest.approx(geometric_m, abs=1.0)
