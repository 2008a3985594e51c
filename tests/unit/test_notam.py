"""NOTAM text read back by aviconv-notam, polygons judged by shapely and PROJ; and a NOTAM that was published."""

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from baiterek.errors import InputError
from baiterek.reports.notam import notam, outward_minutes, position, positions, whole_minutes

WGS84 = Geod(ellps="WGS84")
PUBLISHED = "2400N07952W 2318N07658W 2211N07525W 2320N07951W 2340N08121W 2346N08205W 2400N08302W"
"""Vertices of A1559/25, a fall of Starship over the Bahamas and Cuba."""


def oval(latitude=49.97, longitude=78.7, along=0.7, across=0.3, corners=36):
    angle = np.linspace(0.0, 2.0 * np.pi, corners + 1)
    angle[-1] = 0.0
    return np.round(np.column_stack((latitude + across * np.sin(angle), longitude + along * np.cos(angle))), 4).tolist()


def area(**changes):
    times = {"from": "2026-09-30T05:30:00+00:00", "until": "2026-09-30T08:44:12+00:00"}
    return {"title": "rocket launch, stage-1", "ring_deg": oval(), "fir": "UACN", **times, **changes}


def test_another_parser_reads_what_is_written():
    from aviconv_notam.parser import parse

    text = notam(area())
    read = parse(text)
    assert (read.fir, read.q_line.fir, read.q_line.qcode) == ("UACN", "UACN", "QWMLW")
    assert read.effective_from == datetime(2026, 9, 30, 5, 30, tzinfo=UTC)
    assert read.effective_to == datetime(2026, 9, 30, 8, 45, tzinfo=UTC)
    assert (read.lower_limit, read.upper_limit) == ("SFC", "UNL")
    assert (read.q_line.lower_fl, read.q_line.upper_fl) == (0, 999)
    theirs = shapely.Polygon([(lon, lat) for lat, lon in read.geometry.polygon])
    ours = shapely.Polygon([(lon, lat) for lat, lon in oval()])
    assert theirs.is_valid and theirs.buffer(1e-9).contains(ours)
    minutes = np.array(read.geometry.polygon) * 60.0
    assert minutes == pytest.approx(np.round(minutes), abs=1e-6)
    centre = read.q_line.centre_lat, read.q_line.centre_lon
    away = [WGS84.inv(centre[1], centre[0], lon, lat)[2] for lat, lon in read.geometry.polygon]
    assert read.q_line.radius_nm - 1.01 <= max(away) / 1852.0 <= read.q_line.radius_nm


def test_the_circle_is_that_of_the_q_line():
    from aviconv_notam.parser import parse

    read = parse(notam(area(), circle=True))
    assert read.geometry.polygon is None and len(read.geometry.raw_fragments) == 1
    assert f"RADIUS {read.q_line.radius_nm}NM" in read.body
    assert positions(read.body) == [pytest.approx((read.q_line.centre_lat, read.q_line.centre_lon), abs=1e-9)]


def test_an_unknown_region_is_marked():
    """By four letters in the place of its name, as the form wants: who issues the NOTAM fills them in."""
    from aviconv_notam.parser import parse

    assert parse(notam(area(fir=""))).fir == "XXXX"


def test_the_published_polygon_is_read_and_has_its_area():
    from aviconv_notam.parser import parse

    corners = positions(PUBLISHED)
    assert corners[0] == pytest.approx((24.0, -(79 + 52 / 60))) and len(corners) == 7
    published = (
        f"A1559/25 NOTAMN\nQ) MUFH/QWMLW/IV/BO/W/000/999/2308N07913W217\nA) MUFH B) 2505272330 C) 2505280130\nE) {PUBLISHED}"
    )
    theirs = parse(published).geometry.polygon[:-1]
    assert np.array(corners) == pytest.approx(np.array(theirs), abs=1e-9)
    # Shoelace on an equal-area cylinder, by hand, beside PROJ's geodesic area.
    lat, lon = np.radians(corners).T
    x, y = 6371.0072 * lon, 6371.0072 * np.sin(lat)
    shoelace = 0.5 * abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    geodesic = abs(WGS84.polygon_area_perimeter(np.degrees(lon), np.degrees(lat))[0]) / 1e6
    assert shoelace == pytest.approx(geodesic, rel=0.01)
    assert [position(round(60 * a), round(60 * b)) for a, b in corners] == PUBLISHED.split()


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-84.0, 84.0), st.floats(-180.0, 180.0), st.floats(0.01, 5.0), st.floats(0.01, 5.0), st.integers(3, 60),
    st.floats(0.0, 6.3),
)  # fmt: skip
def test_rounding_goes_outwards_and_by_less_than_a_minute(latitude, longitude, along, across, corners, turn):
    angle = turn + 2.0 * np.pi * np.arange(corners) / corners
    ring = np.column_stack((latitude + across * np.sin(angle), longitude + along * np.cos(angle)))
    rounded = outward_minutes(ring)
    inner = shapely.Polygon(60.0 * ring)
    outer = shapely.Polygon(rounded)
    assert outer.is_valid and outer.buffer(1e-6).contains(inner)
    assert shapely.hausdorff_distance(outer.exterior, inner.exterior) < 2.0**0.5 + 1e-6
    assert all(isinstance(x, int) for corner in rounded for x in corner)


@pytest.mark.parametrize("along", [0.7, 4.0])
def test_the_text_holds_the_area_whether_sides_are_straight_or_geodesics(along):
    ring = oval(latitude=56.0, along=along, across=0.4)
    corners = positions(notam(area(ring_deg=ring)).split("AREA:")[1])
    dense = []
    for (a, b), (c, d) in itertools.pairwise(corners):
        dense += [(b, a), *WGS84.npts(b, a, d, c, 40)]
    for shape in (dense, [(lon, lat) for lat, lon in corners]):
        assert shapely.Polygon(shape).contains(shapely.Polygon([(lon, lat) for lat, lon in ring]))


def test_minutes_come_back_over_the_antimeridian():
    assert position(50 * 60 + 5, 181 * 60 + 30) == "5005N17830W"
    assert position(-60, -179 * 60 - 59) == "0100S17959W" and position(0, 0) == "0000N00000E"
    text = notam(area(ring_deg=oval(longitude=179.9)))
    assert "E -" in text and "W -" in text


def test_times_are_rounded_outwards():
    first, last = whole_minutes("2026-09-30T05:30:59+00:00", "2026-09-30T08:44:00+00:00")
    assert (first.minute, last.minute) == (30, 44)


def test_an_area_too_wide_for_a_circle_is_one_line():
    with pytest.raises(InputError, match="999 NM"):
        notam(area(ring_deg=oval(along=30.0, across=15.0)))
