"""Inside or outside a fall zone: points laid out with PROJ's geodesics."""

from dataclasses import replace

import numpy as np
import pytest
from pyproj import Geod

import flown
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand
from baiterek.history import Fall
from baiterek.safety.zones import inside

EARTH = Geod(ellps="WGS84")
LATITUDE_deg, LONGITUDE_deg, AZIMUTH_deg = 49.0, 74.0, 66.0


def fall(azimuth_deg: float, distance_m: float, latitude_deg=LATITUDE_deg, longitude_deg=LONGITUDE_deg) -> Fall:
    longitude, latitude, _ = EARTH.fwd(longitude_deg, latitude_deg, azimuth_deg, distance_m)
    return Fall("body", 1, 1000.0, {}, True, latitude, longitude, 400.0)


def ellipse() -> Ellipse:
    return Ellipse("zone", np.radians(LATITUDE_deg), np.radians(LONGITUDE_deg), 140e3, 60e3, np.radians(AZIMUTH_deg))


@pytest.mark.parametrize(
    ("from_axis_deg", "distance_m", "expected"),
    [
        (0, 69.5e3, True),
        (0, 70.5e3, False),
        (180, 69.5e3, True),
        (90, 29.5e3, True),
        (90, 30.5e3, False),
        (90, 45e3, False),
    ],
)
def test_full_axes_and_azimuth_of_an_ellipse(from_axis_deg, distance_m, expected):
    assert inside(fall(AZIMUTH_deg + from_axis_deg, distance_m), ellipse(), flown.mission()) is expected


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(("distance_m", "expected"), [(20e3, True), (80e3, False)])
def test_a_polygon_in_either_order(turn, distance_m, expected):
    corners = [EARTH.fwd(LONGITUDE_deg, LATITUDE_deg, azimuth, 50e3)[:2] for azimuth in (0, 90, 180, 270)]
    vertices = tuple((np.radians(lat), np.radians(lon)) for lon, lat in corners[::turn])
    for azimuth in (10.0, 100.0, 190.0, 280.0):
        assert inside(fall(azimuth, distance_m), Polygon("zone", vertices), flown.mission()) is expected


@pytest.mark.parametrize(("distance_m", "expected"), [(590e3, False), (610e3, True), (890e3, True), (910e3, False)])
def test_a_band_of_ranges(distance_m, expected):
    # The band counts central angle times the equatorial radius: within 0.4 % of the geodesic, 4 km here.
    site = flown.mission().site
    place = np.degrees(site.latitude_rad), np.degrees(site.longitude_rad)
    assert inside(fall(62.0, distance_m, *place), RangeBand("zone", 600e3, 900e3), flown.mission()) is expected


def test_what_stays_up_is_not_inside():
    assert inside(replace(fall(0.0, 0.0), landed=False), ellipse(), flown.mission()) is False
