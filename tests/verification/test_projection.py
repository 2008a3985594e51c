"""The sheet of a map: against PROJ, and angles kept. Authority: pyproj 3 (PROJ), an independent program."""

import numpy as np
import pyproj
import pytest

from baiterek.physics.projection import stereographic

CENTRES = [(46.0, 63.7), (90.0, 0.0), (-90.0, 10.0), (0.0, 179.5), (75.0, -120.0), (-33.0, 18.0)]


def points(centre, count=300):
    random = np.random.default_rng(1395)
    latitude = np.clip(centre[0] + random.uniform(-50.0, 50.0, count), -90.0, 90.0)
    return latitude, centre[1] + random.uniform(-80.0, 80.0, count)


@pytest.mark.parametrize("centre", CENTRES)
def test_points_and_scale_are_those_of_proj(centre):
    proj = pyproj.Proj(f"+proj=stere +lat_0={centre[0]} +lon_0={centre[1]} +ellps=WGS84")
    latitude, longitude = points(centre)
    ours = stereographic(*np.radians((latitude, longitude)), *np.radians(centre))
    x, y = proj(longitude, latitude)
    assert np.abs(ours.x_m - x).max() < 1e-6
    assert np.abs(ours.y_m - y).max() < 1e-6
    # PROJ differentiates numerically; on the pole itself a meridian has no direction.
    inside = np.abs(latitude) < 89.0
    factors = proj.get_factors(longitude[inside], latitude[inside])
    assert ours.scale[inside] == pytest.approx(factors.meridional_scale, rel=1e-7)
    assert ours.scale[inside] == pytest.approx(factors.parallel_scale, rel=1e-7)


def test_azimuths_at_the_centre_are_those_of_geodesics():
    # Geodesics of GeographicLib (in PROJ): a point at 200 km is seen from the centre under its azimuth.
    geod, centre = pyproj.Geod(ellps="WGS84"), (46.0, 63.7)
    for azimuth in range(0, 360, 15):
        longitude, latitude, _ = geod.fwd(centre[1], centre[0], azimuth, 200e3)
        point = stereographic(*np.radians((latitude, longitude)), *np.radians(centre))
        seen = np.degrees(np.arctan2(point.x_m, point.y_m)) % 360.0
        assert (seen - azimuth + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=0.01)
        assert np.hypot(point.x_m, point.y_m) == pytest.approx(200e3, rel=5e-4)
