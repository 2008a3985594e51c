"""Azimuths and inclinations of the catalogue against published ones."""

from __future__ import annotations

from math import acos, degrees, pi, radians, sqrt
from pathlib import Path

import pytest

from baiterek.catalogue.explain import azimuths
from baiterek.catalogue.orbit_file import geocentric_latitude, named_orbits
from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_J2, EARTH_MU_M3_S2, WGS84_FLATTENING, WGS84_RADIUS_M

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


@pytest.mark.parametrize(
    ("inclination_deg", "inertial_deg", "over_ground_deg"),
    [(51.6, 63.29, 62.17), (64.8, 37.76, 35.83), (70.0, 29.46, 27.35), (98.0, 348.45, 346.14), (98.6, 347.58, 345.28)],
)
def test_launch_azimuths_from_baikonur(inclination_deg, inertial_deg, over_ground_deg):
    # Spherical trigonometry from a geocentric latitude of 45.943 deg to a circular orbit of 200 km, worked out by hand
    # to two decimals outside this project; hence 0.02 deg.
    mission = load_mission(MISSIONS / "soyuz5-leo.toml")
    sphere = {"environment.flattening": 0.0, "target.inclination_rad": radians(inclination_deg)}
    found = azimuths(with_values(mission, sphere))
    assert found["inertial"] == pytest.approx(inertial_deg, abs=0.02)
    assert found["over_ground"] == pytest.approx(over_ground_deg, abs=0.02)


def test_the_sun_synchronous_orbit_turns_with_the_sun():
    # Vallado, Fundamentals of Astrodynamics, 4th ed., eq. 11-15: d(node)/dt = -3/2 n J2 (R/a)^2 cos i, one turn in a
    # tropical year of 365.2422 d. The catalogue rounds to 0.01 deg.
    table = named_orbits()["sso-600"]
    a = WGS84_RADIUS_M + 1e3 * table["altitude_km"]
    rate = 2 * pi / (365.2422 * 86400.0)
    inclination = acos(-rate / (1.5 * EARTH_J2 * sqrt(EARTH_MU_M3_S2 / a**3) * (WGS84_RADIUS_M / a) ** 2))
    assert table["inclination_deg"] == pytest.approx(degrees(inclination), abs=0.006)


def test_geocentric_latitude():
    # NGA.STND.0036 / Astronomical Almanac: the largest difference is 11.55 arcmin, at 45.1 deg on the ellipsoid.
    difference = radians(45.1) - geocentric_latitude(radians(45.1), 0.0, WGS84_FLATTENING)
    assert degrees(difference) * 60 == pytest.approx(11.55, abs=0.01)
