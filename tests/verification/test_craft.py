"""Hits on aircraft and ships that stay at a place: closed forms of the normal distribution, the closed areas' own rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod
from shapely.geometry import shape

import flown
from baiterek.catalogue.closure_file import load_closures
from baiterek.catalogue.criteria_file import load_criteria
from baiterek.safety.craft import AIRCRAFT, VESSEL, aircraft_strike_m2, ship_strike_m2, struck
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal, Points
from baiterek.safety.risk import Event, Pieces
from baiterek.study.safety_craft import craft_below, craft_features

WGS84 = Geod(ellps="WGS84")
RULES, RULE = load_closures("far417"), load_criteria("far450")
EARTH = flown.mission().environment
LONG, SHORT = 2.5e4, 1.5e4
"""East and north."""
STEPPE, OCEAN = (48.025, 68.025), (44.025, 165.025)
"""Middles of cells."""


def around(place):
    return ground(place[0] - 2.0, place[1] - 3.0, place[0] + 2.0, place[1] + 3.0)


def density(place, latitude_deg, longitude_deg):
    """Of impacts per m2, distances and bearings by PROJ."""
    n = np.ones_like(latitude_deg)
    bearing, _, away = WGS84.inv(place[1] * n, place[0] * n, longitude_deg, latitude_deg)
    east, north = away * np.sin(np.radians(bearing)), away * np.cos(np.radians(bearing))
    return np.exp(-0.5 * (east / LONG) ** 2 - 0.5 * (north / SHORT) ** 2) / (2.0 * np.pi * LONG * SHORT)


def falling(place, number, probability=1.0, falling_m_s=50.0, draws=0, harmful=1.0):
    """A normal footprint, or a sample of it laid out by PROJ."""
    at = Normal(*np.radians(place), np.diag([LONG**2, SHORT**2]))
    if draws:
        random = np.random.default_rng(7)
        east, north = random.normal(0.0, LONG, draws), random.normal(0.0, SHORT, draws)
        n = np.ones(draws)
        lon, lat, _ = WGS84.fwd(place[1] * n, place[0] * n, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
        at = Points(np.radians(lat), np.radians(lon))
    piece = Pieces("stage-1", number, 93.0, at, 0.0, falling_m_s, harmful)
    return Event("nominal" if probability == 1.0 else "stage-1", "stage-1", probability, (piece,))


def test_hits_are_probability_times_number_times_density_times_area():
    """P n f A: A + B V / v of an aircraft, the deck of a ship for the part that harms."""
    below = around(STEPPE)
    of = struck(
        below, [falling(STEPPE, 40.0, 0.02, 50.0, harmful=0.25)], (aircraft_strike_m2(RULES), ship_strike_m2(RULES)), EARTH
    )
    latitude, longitude = (np.ravel(side) for side in below.middles_deg())
    for hits, area in zip(of, (800.0 + 100.0 * 250.0 / 50.0, 0.25 * 12000.0), strict=True):
        theirs = 0.02 * 40.0 * area * density(STEPPE, latitude[hits.row], longitude[hits.column])
        near = theirs > 0.3 * theirs.max()
        # A cell has the mean of the density over h = 5.6 km: of a sigma of 15 km h^2 / 24 s^2 (k^2 - 1), under 1 % within 1.55.
        assert near.sum() > 100 and hits.expected[near] == pytest.approx(theirs[near], rel=0.01)


def test_a_sample_has_its_own_error():
    """Counts: standard deviation of k of n draws, sqrt(k) / n."""
    below, n = around(STEPPE), 4000
    hits = struck(below, [falling(STEPPE, 1.0, 0.5, draws=n)], (aircraft_strike_m2(RULES),), EARTH)[0]
    area = below.area_m2[hits.row, 0]
    counts = hits.expected * area * n / 650.0
    assert counts == pytest.approx(np.round(counts), abs=1e-6) and counts.sum() == pytest.approx(n)
    assert hits.error == pytest.approx(650.0 / area * np.sqrt(counts) / n, rel=1e-9)


def test_in_the_far_north_a_point_counts_over_a_square_of_cells():
    """At 80 deg N cells are 5.76 times as high as wide: five make a square; the sum stays, two draws err by 1 / sqrt 2."""
    place = 80.025, 20.025
    points = Points(*np.radians(np.array([place, place])).T)
    event = Event("stage-2", "turn", 0.1, (Pieces("skin", 3.0, 1.0, points, 0.0, 50.0),))
    below = around(place)
    hits = struck(below, [event], (aircraft_strike_m2(RULES),), EARTH)[0]
    assert len(hits.row) == 5 and np.ptp(hits.expected) < 1e-20
    assert (hits.expected * below.area_m2[hits.row, 0]).sum() == pytest.approx(0.1 * 3.0 * 1300.0, rel=1e-12)
    assert hits.error == pytest.approx(hits.expected / np.sqrt(2.0), rel=1e-12)


@pytest.mark.parametrize("number", [1.0, 400.0])
def test_outside_its_own_area_a_planned_body_keeps_the_limits(number):
    """The areas are drawn by the same probability: by the margins for one body, by the hits for a shower."""
    found = craft_below(flown.mission(), [falling(OCEAN, number, draws=4000)], around(OCEAN), RULES, RULE)
    assert found.sea and {each.craft for each in found.closed} == {AIRCRAFT, VESSEL}
    for craft, limit in ((AIRCRAFT, 1e-6), (VESSEL, 1e-5)):
        of = found.exposed[craft]
        assert of.limit == limit and of.greatest <= limit and of.open_m2 == 0.0
        assert number == 1.0 or of.anywhere.expected > 50.0 * limit


def test_what_a_failure_strews_outside_is_found_with_its_place_and_its_area():
    """No area is closed for a failure: worst at the mean, and over the limit in the ellipse of k^2 = 2 ln(P n A f0 / p)."""
    event = falling(STEPPE, 40.0, 0.02)
    found = craft_below(flown.mission(), [event], around(STEPPE), RULES, RULE).exposed[AIRCRAFT]
    peak = 0.02 * 40.0 * 1300.0 / (2.0 * np.pi * LONG * SHORT)
    assert found.greatest == pytest.approx(peak, rel=0.01) and found.greatest == found.anywhere.expected > 0.2e-6
    away = WGS84.inv(STEPPE[1], STEPPE[0], found.outside.longitude_deg, found.outside.latitude_deg)[2]
    assert away < 3.5e3  # half the diagonal of a cell
    lower = found_of_limit(event, peak / np.exp(2.0))
    area = sum(abs(WGS84.geometry_area_perimeter(part)[0]) for part in shape(lower.contour["features"][0]["geometry"]).geoms)
    assert area == pytest.approx(4.0 * np.pi * LONG * SHORT, rel=0.02)
    assert lower.open_m2 == pytest.approx(4.0 * np.pi * LONG * SHORT, rel=0.06)  # by whole cells of 20 km2


def found_of_limit(event, limit):
    rule = replace(RULE, limits={AIRCRAFT: replace(RULE.limits[AIRCRAFT], value=limit)})
    return craft_below(flown.mission(), [event], around(STEPPE), RULES, rule).exposed[AIRCRAFT]


def test_over_land_no_ship_is_below():
    found = craft_below(flown.mission(), [falling(STEPPE, 1e5, draws=1000)], around(STEPPE), RULES, RULE)
    assert not found.sea and found.exposed[VESSEL].greatest == 0.0 and found.exposed[VESSEL].outside is None
    assert {each.craft for each in found.closed} == {AIRCRAFT}
    whats = [(each["properties"]["what"], each["properties"]["craft"]) for each in craft_features(found)["features"]]
    assert whats.count(("closed area", AIRCRAFT)) == 2 and (("contour", VESSEL)) not in whats
