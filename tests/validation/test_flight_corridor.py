"""The corridor of 14 CFR 420 App. A, measured by PROJ: lengths of its lines, distances of them from the pad."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from baiterek.errors import InputError
from baiterek.safety.corridor import flight_corridor

WGS84 = Geod(ellps="WGS84")
NM = 1852.0
LARGE = ((10.0, 43.20), (100.0, 119.75), (5000.0, 1763.27))


@settings(max_examples=25, deadline=None)
@given(st.floats(-60.0, 60.0), st.floats(0.0, 359.0))
def test_lines_have_the_lengths_and_ranges_of_the_table(latitude, azimuth):
    ring = np.degrees(flight_corridor(*np.radians((latitude, 63.3, azimuth)), "large"))
    assert np.array_equal(ring[0], ring[-1])
    left, right = ring[:3], ring[3:6][::-1]
    for (reach, length), (a, b), (c, d) in zip(LARGE, left, right):
        assert WGS84.inv(b, a, d, c)[2] == pytest.approx(length * NM, rel=2e-3 if reach < 5000 else 5e-3)
        lon, lat, _ = WGS84.fwd(63.3, latitude, azimuth, reach * NM)
        assert WGS84.inv(b, a, lon, lat)[2] == pytest.approx(0.5 * length * NM, rel=1e-5, abs=3.0)
        assert WGS84.inv(d, c, lon, lat)[2] == pytest.approx(0.5 * length * NM, rel=1e-5, abs=3.0)
    for a, b in ring[6:-1]:
        assert WGS84.inv(b, a, 63.3, latitude)[2] == pytest.approx(2.14 * NM, abs=0.5)


def test_the_corridor_lies_around_its_azimuth_and_is_symmetric():
    ring = np.degrees(flight_corridor(*np.radians((45.96, 63.65, 63.0)), "large", 1000.0))
    for k, left in ((0, True), (5, False)):
        bearing, _, distance = WGS84.inv(63.65, 45.96, ring[k, 1], ring[k, 0])
        assert distance == pytest.approx(np.hypot(10.0, 21.6) * NM, rel=1e-3)
        off = (bearing - 63.0 + 180.0) % 360.0 - 180.0
        assert off * (-1.0 if left else 1.0) == pytest.approx(np.degrees(np.arctan2(21.6, 10.0)), abs=0.2)


def test_other_classes_and_reaches_are_one_line():
    with pytest.raises(InputError, match="medium-large"):
        flight_corridor(0.8, 1.1, 1.1, "huge")
    with pytest.raises(InputError, match="10 to 5000"):
        flight_corridor(0.8, 1.1, 1.1, "large", 5.0)
