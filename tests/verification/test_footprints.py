"""Footprints against closed forms of the normal distribution, SciPy's binomial test, PROJ's geodesics, a published zone."""

import numpy as np
import pytest
from pyproj import Geod
from scipy.stats import binomtest, chi2

import flown
from baiterek.catalogue.site import Ellipse
from baiterek.safety.footprint import (
    axes,
    contained,
    density,
    ellipse,
    ellipse_area_m2,
    footprint,
    held,
    level,
    normal_footprint,
    reach,
)
from baiterek.safety.outline import flat_ring
from baiterek.safety.smallest import smallest_area
from baiterek.safety.zones import holds

WGS84 = Geod(ellps="WGS84")
MISSION = flown.mission()
EARTH = MISSION.environment


def sample(latitude_deg, longitude_deg, along_m, across_m, azimuth_deg, count=4000, seed=2):
    """Points laid out along geodesics round a place."""
    random = np.random.default_rng(seed)
    along, across = random.normal(0.0, along_m, count), random.normal(0.0, across_m, count)
    azimuth = azimuth_deg + np.degrees(np.arctan2(across, along))
    longitude, latitude, _ = WGS84.fwd(
        np.full(count, longitude_deg), np.full(count, latitude_deg), azimuth, np.hypot(along, across)
    )
    return np.radians(latitude), np.radians(longitude)


@pytest.mark.parametrize(("within", "sigmas"), [(0.97, 2.648), (0.9973, 3.439), (0.9889, 3.0)])
def test_ellipses_hold_what_they_say_in_two_dimensions(within, sigmas):
    assert reach(within) == pytest.approx(sigmas, abs=1e-3)
    assert reach(within) == pytest.approx(np.sqrt(chi2.ppf(within, 2)), rel=1e-12)
    assert held(sigmas) == pytest.approx(within, abs=1e-4)


def test_published_sizes_are_full_axes():
    # RP-327 in Altai: "70 by 40 km, area 2 198 km2" (galt-auto.ru, 20 April 2010).
    zone = Ellipse("RP-327", 0.9, 1.5, 70e3, 40e3, 0.0)
    assert ellipse_area_m2(zone) / 1e6 == pytest.approx(2198.0, abs=1.5)


@pytest.mark.parametrize(("latitude", "longitude"), [(49.97, 78.7), (-20.0, 179.99), (70.0, -120.0)])
def test_mean_axes_and_azimuth_are_those_that_were_laid_out(latitude, longitude):
    found = footprint("body", *sample(latitude, longitude, 15e3, 6e3, 70.0), EARTH)
    _, _, apart_m = WGS84.inv(longitude, latitude, np.degrees(found.longitude_rad), np.degrees(found.latitude_rad))
    assert apart_m < 4.0 * 15e3 / 4000**0.5
    major, minor, azimuth = axes(found.covariance_m2)
    assert major == pytest.approx(15e3, rel=0.05) and minor == pytest.approx(6e3, rel=0.05)
    assert np.degrees(azimuth) == pytest.approx(70.0, abs=1.5)


def test_an_ellipse_holds_its_part_of_its_own_points():
    found = footprint("body", *sample(50.0, 78.0, 12e3, 5e3, 60.0), EARTH)
    for sigmas in (1.0, 2.0, 3.0):
        zone = ellipse(found, sigmas)
        assert np.mean(holds(zone, *found.points_rad.T, MISSION)) == pytest.approx(held(sigmas), abs=0.02)


def test_the_interval_of_a_part_is_the_exact_binomial_one():
    latitude, longitude = sample(49.97, 78.7, 20e3, 8e3, 70.0, count=400)
    latitude[:5] = np.nan  # stayed up: outside
    zone = Ellipse("zone", np.radians(49.97), np.radians(78.7), 60e3, 30e3, np.radians(70.0))
    found = contained(footprint("body", latitude, longitude, EARTH), zone, MISSION)
    k = int(np.sum(holds(zone, latitude, longitude, MISSION)))
    theirs = binomtest(k, 400).proportion_ci(0.95, method="exact")
    assert 0 < k < 400 and found.part == k / 400
    assert found.low == pytest.approx(theirs.low, abs=1e-12) and found.high == pytest.approx(theirs.high, abs=1e-12)


def test_a_density_adds_up_to_one_and_its_levels_are_those_of_a_normal():
    covariance = np.array([[9e7, 2e7], [2e7, 3e7]])
    found = density(normal_footprint("body", 0.87, 1.37, covariance), cells=301)
    cell = np.diff(found.east_m)[0] * np.diff(found.north_m)[0]
    assert np.sum(found.per_m2) * cell == pytest.approx(1.0, abs=5e-4)
    peak = 1.0 / (2.0 * np.pi * np.sqrt(np.linalg.det(covariance)))
    for within in (0.5, 0.9, 0.97):
        assert level(found, within) == pytest.approx((1.0 - within) * peak, rel=0.02)


def test_the_kernel_density_of_a_sample_adds_up_to_one():
    found = density(footprint("body", *sample(50.0, 78.0, 12e3, 5e3, 60.0, count=800), EARTH))
    cell = np.diff(found.east_m)[0] * np.diff(found.north_m)[0]
    assert np.sum(found.per_m2) * cell == pytest.approx(1.0, abs=0.01)


def test_one_point_has_no_spread():
    with pytest.raises(ValueError, match="no spread"):
        footprint("body", [0.9, np.nan], [1.4, np.nan], EARTH)


@pytest.mark.parametrize("narrow", [1.0, 0.03])
def test_the_smallest_area_holds_its_part_and_is_as_large_as_that_of_the_normal_distribution(narrow):
    """pi k^2 of the two sigmas, k = 2.648; a kernel of n^(-1/6) sigma widens it by 1 + n^(-1/3) (Scott), 10 % here."""
    from shapely.geometry import MultiPolygon, Point, Polygon

    random = np.random.default_rng(8)
    along, across = 30e3 * random.normal(size=1000), 9e3 * narrow * random.normal(size=1000)
    east, north = 0.8 * along + 0.6 * across, 0.6 * along - 0.8 * across
    latitude, longitude = flat_ring(east, north, np.radians(47.0), np.radians(67.0))
    found = footprint("stage", np.radians(latitude), np.radians(longitude), EARTH)
    area = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in smallest_area(found, 0.97)])
    assert area.is_valid
    inside = np.mean([area.contains(Point(x, y)) for x, y in zip(longitude, latitude, strict=True)])
    assert 0.96 <= inside <= 0.995
    per_deg = np.radians(6378137.0) ** 2 * np.cos(np.radians(47.0))
    major, minor, _ = axes(found.covariance_m2)
    assert area.area * per_deg == pytest.approx(np.pi * 2.648**2 * major * minor * 1.1, rel=0.1)
