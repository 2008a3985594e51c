"""Contours of individual risk against the ellipse of a normal footprint; GeoJSON as RFC 7946 and shapely want it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import shape

from baiterek.safety.contours import risk_contours
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal
from baiterek.safety.risk import Event, Pieces, assess

WGS84 = Geod(ellps="WGS84")
GROUND = ground(46.0, 64.0, 50.0, 72.0)
LONG, SHORT = 2.5e4, 1.5e4


def risk(probability, latitude=48.0):
    footprint = Normal(*np.radians((latitude, 68.0)), np.diag([LONG**2, SHORT**2]))
    return assess(GROUND, [Event("stage 1", "shutdown", probability, (Pieces("stage", 1.0, 93.0, footprint),))])


def test_the_area_within_a_contour_is_that_of_the_ellipse():
    """P A f = level on the ellipse k^2 = 2 ln(P A / (2 pi s1 s2 level)), of area pi k^2 s1 s2."""
    found = risk_contours(risk(1.0), (1e-8, 3e-9, 1e-9))
    for feature in found["features"]:
        level = feature["properties"]["individual_risk"]
        squared = 2.0 * np.log(93.0 / (2 * np.pi * LONG * SHORT * level))
        polygon = shape(feature["geometry"])
        assert polygon.is_valid and not feature["properties"]["cut"]
        area = sum(abs(WGS84.geometry_area_perimeter(part)[0]) for part in polygon.geoms)
        # Cells of 4 x 5.6 km, means over a cell: 1 % of an ellipse of 30 km and more.
        assert area == pytest.approx(np.pi * squared * LONG * SHORT, rel=0.015)


def test_levels_lie_within_each_other_and_rings_are_closed_and_turn_right():
    found = risk_contours(risk(1.0), (1e-9, 1e-8, 3e-9))
    json.dumps(found)
    levels = [feature["properties"]["individual_risk"] for feature in found["features"]]
    assert levels == sorted(levels, reverse=True)
    shapes = [shape(feature["geometry"]) for feature in found["features"]]
    assert shapes[1].covers(shapes[0]) and shapes[2].covers(shapes[1])
    for polygon in (part for each in shapes for part in each.geoms):
        assert shapely.is_ccw(polygon.exterior)
        assert polygon.exterior.coords[0] == polygon.exterior.coords[-1]
        assert len(polygon.exterior.coords) >= 20


def test_a_level_that_is_not_reached_is_empty_and_one_that_is_cut_says_so():
    empty = risk_contours(risk(1e-6))
    assert all(feature["geometry"]["coordinates"] == [] for feature in empty["features"])
    cut = risk_contours(risk(1.0, 50.0), (1e-8,))["features"][0]
    assert cut["properties"]["cut"]
    assert shape(cut["geometry"]).is_valid
