"""Shape and gravity of the Earth against PROJ, the gradient of the potential and the published normal gravity."""

import numpy as np
import pytest
from pyproj import Geod, Transformer

from baiterek import constants as c
from baiterek.physics.earth import fixed_from_geodetic, geodetic
from baiterek.physics.gravity import gravity
from worlds import EARTH, SPHERE

TO_FIXED = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
LATITUDES_DEG = np.concatenate([np.linspace(-90.0, 90.0, 361), [1e-9, -1e-5, 89.9999999]])


@pytest.mark.parametrize("altitude_m", [-1e3, 0.0, 100.0, 1e4, 1e5, 4e5, 2e6])
def test_geodetic_coordinates_agree_with_proj(altitude_m):
    """The double's last digit of a radius is 1e-9 m; poles and equator included."""
    x, y, z = TO_FIXED.transform(np.full_like(LATITUDES_DEG, 63.65), LATITUDES_DEG, np.full_like(LATITUDES_DEG, altitude_m))
    place = geodetic(x, y, z, EARTH)
    assert place.altitude_m == pytest.approx(altitude_m, abs=1e-8)
    assert np.degrees(np.arctan2(place.sin_latitude, place.cos_latitude)) == pytest.approx(LATITUDES_DEG, abs=6e-11)
    back = fixed_from_geodetic(np.radians(LATITUDES_DEG), np.radians(63.65), altitude_m, EARTH)
    assert np.array(back) == pytest.approx(np.array([x, y, z]), abs=3e-9)


def test_a_sphere_is_a_sphere():
    place = geodetic(3e6, 4e6, 5e6, SPHERE)
    assert place.altitude_m == pytest.approx(np.sqrt(50e12) - SPHERE.radius_m, abs=1e-8)
    assert place.sin_latitude == pytest.approx(np.sqrt(0.5), abs=1e-12)


def potential(x, y, z, world):
    """Zonal potential by Legendre polynomials (Vallado, 4th ed., eq. 8-18)."""
    r = np.sqrt(x * x + y * y + z * z)
    s, ratio = z / r, world.radius_m / r
    p2, p3, p4 = 1.5 * s**2 - 0.5, 2.5 * s**3 - 1.5 * s, (35 * s**4 - 30 * s**2 + 3) / 8
    return world.mu_m3_s2 / r * (1 - world.j2 * ratio**2 * p2 - world.j3 * ratio**3 * p3 - world.j4 * ratio**4 * p4)


@pytest.mark.parametrize("point", [(4e6, 3e6, 4.6e6), (7e6, 1e5, -10.0), (10.0, 5.0, -6.4e6), (4e6, -4e6, -4e6)])
def test_gravity_is_the_gradient_of_the_potential(point):
    """By complex steps, which have no rounding error; also with J3 and J4 a thousand times too strong."""
    for factor in (1.0, 1e3):
        world = EARTH._replace(j3=factor * EARTH.j3, j4=factor * EARTH.j4)
        gradient = [
            potential(*(p + (1e-20j if i == j else 0.0) for j, p in enumerate(point)), world).imag / 1e-20 for i in range(3)
        ]
        assert np.array(gravity(*point, world)) == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-14)


def test_gravity_on_the_ellipsoid_is_the_published_normal_gravity():
    """NGA.STND.0036 (2014), table 3.6 and eqs. 4-1 ff.: 9.7803253359 at the equator, 9.8321849379 m/s2 at the poles.

    The normal field has no J3, and J2, J4 of the ellipsoid itself (Heiskanen & Moritz, eq. 2-92: J4 = -2.37091e-6);
    its J6 of 6.08e-9, which we leave out, is worth 3e-7 m/s2.
    """
    normal = EARTH._replace(j2=1.0826298213e-3, j3=0.0, j4=-2.37091222e-6)
    equator = -gravity(normal.radius_m, 0.0, 0.0, normal)[0] - normal.rotation_rad_s**2 * normal.radius_m
    pole = -gravity(0.0, 0.0, normal.radius_m * (1.0 - normal.flattening), normal)[2]
    assert equator == pytest.approx(9.7803253359, abs=5e-7)
    assert pole == pytest.approx(9.8321849379, abs=5e-7)


def test_the_real_field_is_near_the_normal_one():
    """Zonal gravity anomalies of EGM96 to degree 4 against the normal field: below 10 mGal (1e-4 m/s2)."""
    equator = -gravity(EARTH.radius_m, 0.0, 0.0, EARTH)[0] - EARTH.rotation_rad_s**2 * EARTH.radius_m
    assert equator == pytest.approx(9.7803253359, abs=1e-4)


def test_switches_of_gravity():
    assert gravity(SPHERE.radius_m, 0.0, 0.0, SPHERE)[0] == pytest.approx(-SPHERE.mu_m3_s2 / SPHERE.radius_m**2, rel=1e-15)
    uniform = EARTH._replace(gravity_model=0, uniform_gravity_m_s2=9.8)
    assert np.linalg.norm(gravity(3e6, 4e6, 5e6, uniform)) == pytest.approx(9.8, rel=1e-14)
    assert Geod(ellps="WGS84").a == c.WGS84_RADIUS_M
    assert pytest.approx(Geod(ellps="WGS84").f, rel=1e-14) == c.WGS84_FLATTENING
