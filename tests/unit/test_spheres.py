"""Lines and areas that meet 180 deg or a pole: what RFC 7946 asks, on any such line and zone. Areas judged by shapely."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

import flown
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.reports.exports.outline import circle, polygon, zone_ring
from baiterek.reports.exports.spheres import cut_line, cut_ring

EARTH = flown.mission().environment

latitudes = st.floats(-89.9, 89.9)
longitudes = st.floats(-180.0, 180.0)
ellipses = st.builds(
    lambda lat, lon, length, share, azimuth: (lat, lon, length, share * length, azimuth),
    latitudes, longitudes, st.floats(1e3, 4e6), st.floats(0.1, 1.0), st.floats(-180.0, 180.0),
)  # fmt: skip


def ellipse(latitude_deg, longitude_deg, length_m, width_m, azimuth_deg):
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg, "azimuth_deg": azimuth_deg}
    return zone_ring({"shape": "ellipse", "name": "", "length_km": length_m / 1e3, "width_km": width_m / 1e3, **place})


def on_sphere(rows):
    lon, lat = np.radians(rows[..., 0]), np.radians(rows[..., 1])
    return np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=-1)


def flat(ring):
    area = shapely.Polygon(ring)
    assert area.is_valid, shapely.is_valid_reason(area)
    return area


@pytest.mark.slow
@given(ellipses)
def test_an_area_is_closed_rings_anticlockwise_within_the_map(shape):
    ring = ellipse(*shape)
    poles = 90.0 - np.abs(ring[:, 1])
    assume(poles.min() > 1e-3)  # an edge through a pole itself has no longitude there
    parts = cut_ring(ring)
    assert parts
    for part in parts:
        assert np.array_equal(part[0], part[-1]) and len(part) >= 4
        assert np.abs(part[:, 0]).max() <= 180.0 and np.abs(part[:, 1]).max() <= 90.0
        assert shapely.LinearRing(part).is_ccw
        assert np.abs(np.diff(part[:, 0])).max() <= 360.0 and flat(part).area > 0.0
        inside = np.abs(np.diff(part[:, 0])) > 180.0
        assert not inside.any() or np.abs(part[np.append(inside, False), 1]).max() == 90.0, "only along a pole"


@pytest.mark.slow
@given(ellipses, st.floats(0.0, 2 * np.pi), st.sampled_from((0.5, 0.9, 1.1, 1.5)))
def test_an_area_holds_what_lies_inside_and_nothing_else(shape, angle, share):
    lat, lon, length, width, azimuth = shape
    assume(90.0 - np.abs(ellipse(*shape)[:, 1]).max() > 0.05)
    assume(length < 2e6)
    along, across = 0.5 * share * length * np.cos(angle), 0.5 * share * width * np.sin(angle)
    scaled = ellipse(lat, lon, 2 * np.hypot(along, across), 2 * np.hypot(along, across), 0.0)  # a round one through the point
    bearing = np.degrees(np.arctan2(across, along)) + azimuth
    point = shapely.Point(scaled[round(bearing / 2.0) % 180])
    east_north = np.array(place_in_plane(point, lat, lon))
    s, c = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
    radius = np.hypot((east_north @ [s, c]) / (0.5 * length), (east_north @ [c, -s]) / (0.5 * width))
    assume(abs(radius - 1.0) > 0.02)
    held = any(flat(part).covers(point) for part in cut_ring(ellipse(*shape)))
    assert held == (radius < 1.0)


def place_in_plane(point, latitude_deg, longitude_deg):
    fixed = fixed_from_geodetic(np.radians(point.y), np.radians(point.x), 0.0, EARTH)
    return east_north_of(*fixed, np.radians(latitude_deg), np.radians(longitude_deg), EARTH)


@given(ellipses)
def test_an_ellipse_is_the_one_that_zones_are_judged_by(shape):
    lat, lon, length, width, azimuth = shape
    s, c = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
    for row in ellipse(*shape)[::13]:
        east, north = place_in_plane(shapely.Point(row), lat, lon)
        along, across = (s * east + c * north) / (0.5 * length), (c * east - s * north) / (0.5 * width)
        assert along**2 + across**2 == pytest.approx(1.0, abs=1e-4 if length < 1e4 else 1e-7)


@pytest.mark.slow
@given(st.lists(st.tuples(longitudes, latitudes), min_size=2, max_size=30))
def test_a_line_stays_within_the_map_and_loses_nothing(places):
    line = np.array(places)
    apart = np.einsum("ij,ij->i", on_sphere(line)[1:], on_sphere(line)[:-1])
    assume((apart < 1.0 - 1e-9).all() and (apart > -0.99).all())  # no two alike, none opposite
    parts = cut_line(line)
    everything = np.concatenate(parts)
    assert np.abs(everything[:, 0]).max() <= 180.0 and np.abs(everything[:, 1]).max() <= 90.0
    for part in parts:
        assert len(part) >= 2 and np.abs(np.diff(part[:, 0])).max() <= 180.0
    for one, other in pairwise(parts):  # a cut has a row on either side, at one place of the globe
        np.testing.assert_allclose(on_sphere(one[-1]), on_sphere(other[0]), atol=1e-12)
        assert abs(one[-1][0]) == abs(other[0][0]) == 180.0  # the same sign where a line touches 180 deg and turns back
    for place in on_sphere(line):
        assert np.linalg.norm(on_sphere(everything) - place, axis=1).min() < 1e-9


@pytest.mark.parametrize("vertices", [[[70, 170], [70, 190], [60, 190], [60, 170]], [[-5, 175], [5, 178], [0, 185]]])
def test_a_polygon_over_180_deg_becomes_two(vertices):
    parts = cut_ring(polygon(vertices))
    assert len(parts) == 2 and all(shapely.LinearRing(part).is_ccw for part in parts)
    assert {180.0, -180.0} == {float(max(part[:, 0], key=abs)) for part in parts}


def test_a_zone_over_a_pole_reaches_the_pole():
    (part,) = cut_ring(ellipse(88.0, 20.0, 1e6, 1e6, 0.0))
    assert part[:, 1].max() == 90.0 and {-180.0, 180.0} <= set(part[:, 0])


def test_a_circle_of_ranges_lies_at_its_range():
    place = circle(45.963, 63.305, 2e6)
    pad, there = (np.array(fixed_from_geodetic(np.radians(p[1]), np.radians(p[0]), 0.0, EARTH)).T
                  for p in ((63.305, 45.963), place.T))  # fmt: skip
    cosine = there @ pad / np.linalg.norm(there, axis=1) / np.linalg.norm(pad)
    np.testing.assert_allclose(np.arccos(cosine) * EARTH.radius_m, 2e6, atol=0.01)
