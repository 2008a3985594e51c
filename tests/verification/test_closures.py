"""Closed areas against the closed forms of a normal distribution, PROJ's geodesics and shapely's geometry."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

import flown
from baiterek.catalogue.closure_file import load_closures
from baiterek.physics.casualty import strike_area
from baiterek.safety.closures import Kind, aircraft_area, ground_area, pad_area, ship_area
from baiterek.safety.footprint import footprint, normal_footprint

WGS84 = Geod(ellps="WGS84")
RULES = load_closures("far417")
NM = 1852.0
MIDDLE = (49.97, 78.70)
SIGMA = (15e3, 6e3)
AZIMUTH = 70.0


def normal(middle=MIDDLE, sigma=SIGMA, azimuth=AZIMUTH):
    s, c = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
    turn = np.array([[s, -c], [c, s]])
    return normal_footprint("body", *np.radians(middle), turn @ np.diag(np.square(sigma)) @ turn.T)


def laid_out(along, across, middle=MIDDLE, azimuth=AZIMUTH):
    """Places at distances along and to the right of an axis, by geodesics: longitude and latitude in deg."""
    bearing = azimuth + np.degrees(np.arctan2(across, along))
    longitude, latitude, _ = WGS84.fwd(
        np.full(len(along), middle[1]), np.full(len(along), middle[0]), bearing, np.hypot(along, across)
    )
    return longitude + 360.0 * (longitude < middle[1] - 180.0), latitude


def ellipse(half_along, half_across, **where):
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    return laid_out(half_along * np.cos(angle), half_across * np.sin(angle), **where)


def polygon(area):
    return shapely.Polygon(area.ring_deg[:, ::-1])


def km2(ring) -> float:
    return abs(WGS84.polygon_area_perimeter(*ring)[0]) / 1e6


@pytest.mark.parametrize("where", [{}, {"middle": (-20.0, 179.9)}, {"middle": (68.0, -100.0), "azimuth": 5.0}])
def test_an_aircraft_area_holds_three_sigma_and_ten_miles_and_little_more(where):
    # So few and small pieces that the geometric rule decides.
    area = aircraft_area([Kind("piece", 1e-3, normal(**where), 100.0)], RULES)
    theirs = ellipse(3.0 * SIGMA[0] + 10.0 * NM, 3.0 * SIGMA[1] + 10.0 * NM, **where)
    assert shapely.contains_xy(polygon(area), *theirs).all()
    assert km2(area.ring_deg.T[::-1]) / km2(theirs) == pytest.approx(1.015, abs=0.015)  # a polygon round it, 60 m wider


def test_probability_decides_where_many_pieces_fall():
    pieces, falling = 5e6, 20.0
    area = aircraft_area([Kind("pieces", pieces, normal(), falling)], RULES)
    hit_m2 = 800.0 + 100.0 * 250.0 / falling
    # n A f = p: an ellipse of k sigmas, exp(-k^2 / 2) = 2 pi s1 s2 p / (n A).
    k = np.sqrt(-2.0 * np.log(2.0 * np.pi * SIGMA[0] * SIGMA[1] * 1e-6 / (pieces * hit_m2)))
    assert 5.0 < k < 6.0 and k * SIGMA[0] > 3.0 * SIGMA[0] + 10.0 * NM
    # Across, ten miles are more than k sigmas: judged along the axis alone.
    ends = laid_out(np.array([k, -k]) * SIGMA[0], np.zeros(2))
    assert shapely.contains_xy(polygon(area), *ends).all()
    beyond = laid_out(np.array([k, -k]) * 1.05 * SIGMA[0], np.zeros(2))
    assert not shapely.contains_xy(polygon(area), *beyond).any()


@pytest.mark.parametrize("kind", [ground_area, ship_area])
def test_the_ground_is_closed_in_the_ellipse_that_holds_97_per_cent(kind):
    area = kind([Kind("piece", 1e-6, normal(), 100.0)], RULES)
    theirs = ellipse(2.648 * SIGMA[0], 2.648 * SIGMA[1])
    assert shapely.contains_xy(polygon(area), *theirs).all()
    assert 1.0 < km2(area.ring_deg.T[::-1]) / km2(theirs) < 1.12  # cells of 0.06 sigma, a polygon round them


def test_a_shower_of_pieces_closes_more_of_the_sea_than_of_the_ground():
    shower = [Kind("pieces", 1e5, normal(), 20.0)]
    # n A f = p with A 12 000 m2, p 1e-5.
    k = np.sqrt(-2.0 * np.log(2.0 * np.pi * SIGMA[0] * SIGMA[1] * 1e-5 / (1e5 * 12000.0)))
    assert k > 3.5 and shapely.contains_xy(polygon(ship_area(shower, RULES)), *ellipse(k * SIGMA[0], k * SIGMA[1])).all()
    assert polygon(ship_area(shower, RULES)).contains(polygon(ground_area(shower, RULES)))


def test_a_sample_gives_about_the_area_of_its_distribution():
    random = np.random.default_rng(5)
    lon, lat = laid_out(*(random.normal(0.0, s, 3000) for s in SIGMA))
    sampled = Kind("piece", 40.0, footprint("body", np.radians(lat), np.radians(lon), flown.mission().environment), 60.0)
    of_sample, of_normal = (ground_area([k], RULES) for k in (sampled, sampled._replace(footprint=normal())))
    assert km2(of_sample.ring_deg.T[::-1]) / km2(of_normal.ring_deg.T[::-1]) == pytest.approx(1.1, abs=0.15)
    inside = shapely.contains_xy(polygon(of_sample), lon, lat)
    assert np.mean(inside) >= 0.97


def test_several_kinds_are_held_together():
    far = normal(middle=(50.2, 80.0), sigma=(9e3, 9e3))
    area = aircraft_area([Kind("light", 8.0, normal(), 20.0), Kind("dense", 1.0, far, 150.0)], RULES)
    for theirs in (ellipse(63.5e3, 36.5e3), ellipse(45.5e3, 45.5e3, middle=(50.2, 80.0))):
        assert shapely.contains_xy(polygon(area), *theirs).all()


@pytest.mark.parametrize("kind", [aircraft_area, ground_area, ship_area])
def test_an_area_is_closed_convex_anticlockwise_of_twenty_places_at_four_decimals(kind):
    area = kind([Kind("piece", 30.0, normal(), 30.0)], RULES)
    ring = area.ring_deg
    assert np.array_equal(ring[0], ring[-1]) and len(ring) > 20
    assert np.array_equal(np.round(ring, 4), ring)
    ours = polygon(area)
    assert ours.is_valid and ours.exterior.is_ccw and ours.convex_hull.area == pytest.approx(ours.area, rel=1e-5)


def test_the_circle_encloses_the_polygon_and_is_hardly_wider():
    area = aircraft_area([Kind("piece", 30.0, normal(), 30.0)], RULES)
    lat, lon = area.ring_deg.T
    n = len(lat)
    _, _, away = WGS84.inv(np.full(n, area.centre_deg[1]), np.full(n, area.centre_deg[0]), lon, lat)
    assert away.max() == pytest.approx(area.radius_m, abs=1.0)
    _, _, across = WGS84.inv(lon[0], lat[0], lon[n // 2], lat[n // 2])
    assert area.radius_m < 1.03 * 0.5 * max(across, 2.0 * (3.0 * SIGMA[0] + 10.0 * NM))


def test_five_miles_round_the_pad():
    site = flown.mission().site
    area = pad_area(site, RULES)
    place = np.degrees([float(site.longitude_rad), float(site.latitude_rad)])
    lon, lat, _ = WGS84.fwd(np.full(360, place[0]), np.full(360, place[1]), np.arange(360.0), np.full(360, 5.0 * NM))
    assert shapely.contains_xy(polygon(area), lon, lat).all()
    assert polygon(area).exterior.is_ccw and area.radius_m < 5.1 * NM


def test_a_craft_is_hit_as_often_as_a_shower_hits_it():
    """Pieces of a shower drawn in space, a box that flies through them: counted hits beside the area of the formula."""
    random = np.random.default_rng(8)
    length, width, high, speed, falling, count = 40.0, 20.0, 5.0, 250.0, 50.0, 400_000
    # All pass the height of the box within its flight of 4 km, spread evenly over the ground under it.
    x, y = random.uniform(-3000.0, 7000.0, count), random.uniform(-50.0, 50.0, count)
    t = random.uniform(0.0, 16.0, count)
    # In the axes of the box a piece enters its layer at (x - V t) and moves back by V h / v while it sinks through.
    enter, drift = x - speed * t, speed * high / falling
    hits = np.sum((np.abs(y) < 0.5 * width) & (enter > 0.0) & (enter - drift < length))
    per_m2 = count / (10_000.0 * 100.0)
    expected = per_m2 * strike_area(length * width, high * width, speed, falling)
    assert hits == pytest.approx(expected, abs=4.0 * np.sqrt(expected))
