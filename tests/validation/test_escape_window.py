"""Flights to Mars and the Moon against published ones, and their conics against a numerical integration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from typer.testing import CliRunner

from baiterek.cli import app
from baiterek.constants import EARTH_MU_M3_S2, SUN_MU_M3_S2, WGS84_RADIUS_M
from baiterek.orbits import escape_window
from baiterek.orbits.escape import to_mars, to_moon
from baiterek.orbits.lambert import lambert
from baiterek.physics.planets import earth_from_sun, mars_from_sun, moon_from_earth

UP = np.array([0.0, 0.0, 1.0])


def utc(*date: int) -> datetime:
    return datetime(*date, tzinfo=UTC)


def test_lambert_by_vallado():
    """Vallado, 4th ed., example 7-5: 76 minutes from (15945.34, 0, 0) km to (12214.83899, 10249.46731, 0) km."""
    found = lambert(
        np.array([15945.34e3, 0.0, 0.0]), np.array([12214.83899e3, 10249.46731e3, 0.0]), 76 * 60.0, EARTH_MU_M3_S2, UP
    )
    assert found is not None
    assert found[0] == pytest.approx([2058.913, 2915.965, 0.0], abs=0.01)
    assert found[1] == pytest.approx([-3451.565, 910.315, 0.0], abs=0.01)


@pytest.mark.parametrize("days", [150, 191, 257, 330])
def test_the_conic_arrives(days):
    """DOP853 from the Earth with Lambert's velocity is at Mars after the flight, less and more than half a turn."""
    leaves = utc(2018, 5, 1)
    (earth, earth_speed), (mars, _) = earth_from_sun(leaves), mars_from_sun(leaves + timedelta(days=days))
    found = lambert(earth, mars, days * 86400.0, SUN_MU_M3_S2, np.cross(earth, earth_speed))
    assert found is not None
    flight = solve_ivp(
        lambda _, y: (*y[3:], *(-SUN_MU_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3)),
        (0.0, days * 86400.0),
        (*earth, *found[0]),
        "DOP853",
        rtol=1e-12,
        atol=1e-3,
    )
    assert np.linalg.norm(flight.y[:3, -1] - mars) < 1e3
    assert np.linalg.norm(flight.y[3:, -1] - found[1]) < 1e-3


def test_mars_2020():
    """JPL, Mars 2020 launch press kit: C3 14.49 km2/s2 on 30 July 2020 for 18 February 2021; 0.15 for patched conics."""
    found = to_mars(utc(2020, 7, 30, 11, 50), utc(2021, 2, 18, 20, 55))
    assert found.c3_m2_s2 * 1e-6 == pytest.approx(14.49, abs=0.15)


def test_mars_global_surveyor():
    """Curtis, Orbital Mechanics for Engineering Students, example 8.8: 3.1651 and 2.8851 km/s at infinity, from
    7 November 1996 to 12 September 1997, with an ephemeris of mean elements; hence 5 m/s."""
    found = to_mars(utc(1996, 11, 7), utc(1997, 9, 12))
    assert found.c3_m2_s2**0.5 == pytest.approx(3165.1, abs=5.0)
    assert found.arrival_speed_m_s == pytest.approx(2885.1, abs=5.0)


def test_the_search_finds_the_flight_that_mars_2020_flew():
    found = min(escape_window("mars", utc(2020, 7, 10), 30, step=5), key=lambda one: one.c3_m2_s2)
    flown = to_mars(utc(2020, 7, 30, 11, 50), utc(2021, 2, 18, 20, 55))
    assert 12e6 < found.c3_m2_s2 < flown.c3_m2_s2
    assert abs((found.arrives - flown.arrives).days) < 40


@pytest.mark.parametrize("day", [1, 8, 15, 22])
def test_the_ellipse_meets_the_moon(day):
    """DOP853 from the perigee: after four days at the Moon's distance. Its energy is near that of the Hohmann ellipse."""
    found = to_moon(utc(2027, 6, day))
    perigee, distance = WGS84_RADIUS_M + 200e3, np.linalg.norm(moon_from_earth(found.arrives)[0])
    speed = np.sqrt(found.c3_m2_s2 + 2 * EARTH_MU_M3_S2 / perigee)
    flight = solve_ivp(
        lambda _, y: (*y[2:], *(-EARTH_MU_M3_S2 * y[:2] / np.linalg.norm(y[:2]) ** 3)),
        (0.0, (found.arrives - found.leaves).total_seconds()),
        (perigee, 0.0, 0.0, speed),
        "DOP853",
        rtol=1e-12,
        atol=1e-6,
    )
    assert np.linalg.norm(flight.y[:2, -1]) == pytest.approx(distance, abs=5e3)
    assert -2.3 < found.c3_m2_s2 * 1e-6 < -1.3


def test_the_moon_is_where_astropy_has_it():
    """Astropy's built-in ephemeris, seen from the Earth: aberration and light time move it by 20 arcsec, 40 km."""
    from astropy.coordinates import get_body, solar_system_ephemeris
    from astropy.time import Time

    when = utc(2025, 3, 3)
    with solar_system_ephemeris.set("builtin"):
        moon = get_body("moon", Time(when)).cartesian.xyz.to_value("m")
    assert np.linalg.norm(moon_from_earth(when)[0] - moon) < 80e3


def test_the_command_prints_a_window_and_refuses_nonsense():
    run = CliRunner().invoke(app, ["escape", "--to", "mars", "--from", "2020-07-10", "--days", "2"])
    assert run.exit_code == 0 and "least C3: 1" in run.stdout and "inclination of at least" in run.stdout
    for wrong in (
        ["--to", "venus", "--from", "2028-10-01"],
        ["--to", "mars", "--from", "1492-10-12"],
        ["--to", "mars", "--from", "x"],
    ):
        refused = CliRunner().invoke(app, ["escape", *wrong])
        assert refused.exit_code == 2 and "allowed" in refused.stderr
