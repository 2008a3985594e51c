"""Orbits against published examples, round trips and the numerically integrated J2 problem."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from baiterek.physics.gravity import gravity
from baiterek.physics.orbit import (
    elements_from_state,
    node_rate,
    osculating_from_mean,
    state_from_elements,
    sun_synchronous_inclination,
)
from worlds import EARTH, TABLED

MU, RADIUS, J2 = EARTH.mu_m3_s2, EARTH.radius_m, EARTH.j2


def test_elements_from_state_by_vallado():
    """Vallado, Fundamentals of Astrodynamics, 4th ed., example 2-5, to its printed digits."""
    elements = elements_from_state(6524834.0, 6862875.0, 6448296.0, 4901.327, 5533.756, -1976.341, MU)
    assert 1.0 / elements.inverse_semi_major_axis_1_m == pytest.approx(36127.343e3, abs=20.0)
    assert elements.eccentricity == pytest.approx(0.832853, abs=1e-6)
    assert elements.perigee_radius_m * (1 + elements.eccentricity) == pytest.approx(11067.790e3, abs=20.0)
    angles = np.degrees([elements.inclination_rad, elements.raan_rad % (2 * np.pi), elements.argument_of_perigee_rad])
    assert angles == pytest.approx([87.870, 227.898, 53.38], abs=6e-3)
    assert np.degrees(elements.true_anomaly_rad) == pytest.approx(92.335, abs=6e-4)


def test_state_from_elements_by_vallado():
    """The same book, example 2-6: elements rounded to 0.01 deg give r and v to their printed digits."""
    p, e = 11067790.0, 0.83285
    state = state_from_elements(p / (1 + e), p / (1 - e), *np.radians([87.87, 227.89, 53.38, 92.335]), MU)
    assert state[:3] == pytest.approx([6525344.0, 6861535.0, 6449125.0], abs=60.0)
    assert state[3:] == pytest.approx([4902.276, 5533.124, -1975.709], abs=0.02)


ANGLES_DEG = (0.0, 1e-7, 35.0, 90.0, 120.0, 179.999, 180.0)


@pytest.mark.parametrize("inclination_deg", ANGLES_DEG)
@pytest.mark.parametrize("eccentricity", [0.0, 1e-9, 1e-3, 0.7])
def test_a_state_survives_the_way_through_its_elements(inclination_deg, eccentricity):
    """Also circular, equatorial and retrograde orbits, whose single angles mean nothing but whose sum does."""
    perigee = 6.6e6
    apogee = perigee * (1 + eccentricity) / (1 - eccentricity)
    state = state_from_elements(perigee, apogee, np.radians(inclination_deg), 1.0, 2.0, 3.0, MU)
    elements = elements_from_state(*state, MU)
    again = state_from_elements(*elements[:2], *elements[3:7], MU)
    assert np.isfinite(elements).all()
    assert again[:3] == pytest.approx(state[:3], abs=1e-4)
    assert again[3:] == pytest.approx(state[3:], abs=1e-7)
    if eccentricity == 0.7 and inclination_deg == 35.0:
        assert elements[3:7] == pytest.approx([np.radians(35.0), 1.0, 2.0, 3.0], abs=1e-12)


def test_open_and_radial_orbits_are_finite():
    """A hyperbola with v_infinity = 3 km/s: a = -mu / v_inf^2, e = 1 + r_p v_inf^2 / mu (Bate et al., ch. 1)."""
    perigee, v_inf = 6.7e6, 3e3
    speed = np.sqrt(v_inf**2 + 2 * MU / perigee)
    elements = elements_from_state(perigee, 0.0, 0.0, 0.0, 0.6 * speed, 0.8 * speed, MU)
    assert 1 / elements.inverse_semi_major_axis_1_m == pytest.approx(-MU / v_inf**2, rel=1e-12)
    assert elements.eccentricity == pytest.approx(1 + perigee * v_inf**2 / MU, rel=1e-12)
    assert elements.perigee_radius_m == pytest.approx(perigee, rel=1e-12)
    assert elements.apogee_radius_m > 1e15
    parabola = elements_from_state(perigee, 0.0, 0.0, 0.0, np.sqrt(2 * MU / perigee), 0.0, MU)
    vertical = elements_from_state(perigee, 0.0, 0.0, 100.0, 0.0, 0.0, MU)
    at_rest = elements_from_state(perigee, 0.0, 0.0, 0.0, 0.0, 0.0, MU)
    assert np.isfinite([parabola, vertical, at_rest]).all()
    assert at_rest.apogee_radius_m == pytest.approx(perigee, rel=1e-12)
    assert vertical.apogee_radius_m == pytest.approx(1 / (1 / perigee - 100.0**2 / 2 / MU), rel=1e-9)


@pytest.mark.parametrize(
    ("perigee_km", "apogee_km", "inclination_deg", "axis_m", "shape"),
    [
        (200, 200, 51.6, 15.0, 1e-6),
        (800, 800, 98.6, 15.0, 1e-6),
        (300, 450, 64.8, 150.0, 3e-5),
        (200, 700, 51.6, 400.0, 1.2e-4),
    ],
)
def test_mean_elements_are_the_means_of_the_integrated_motion(perigee_km, apogee_km, inclination_deg, axis_m, shape):
    """The J2 problem integrated (DOP853, 1e-11) over a revolution: osculating elements average to the mean ones.

    Tolerances: the neglected terms J2^2 a = 8 m and J2 e a (70 m and 260 m for the two eccentricities). The axis itself
    swings by 12 km and more, which is what the correction is for.
    """
    perigee, apogee = RADIUS + 1e3 * perigee_km, RADIUS + 1e3 * apogee_km
    inclination, raan, argument = np.radians(inclination_deg), 1.0, 0.7
    axis = 0.5 * (perigee + apogee)
    period = 2 * np.pi * np.sqrt(axis**3 / MU)
    times = np.linspace(0.0, period, 361)[:-1]
    for anomaly in (0.0, 2.5):
        start = osculating_from_mean(perigee, apogee, inclination, raan, argument, anomaly, MU, J2, RADIUS)
        flight = solve_ivp(
            lambda _, y: (*y[3:], *gravity(*y[:3], TABLED)), (0, period), start, "DOP853", times, rtol=1e-11, atol=1e-6
        )
        found = elements_from_state(*flight.y, MU)
        semi_major = 1 / found.inverse_semi_major_axis_1_m
        assert np.ptp(semi_major) > 12e3
        assert semi_major.mean() == pytest.approx(axis, abs=axis_m)
        vector = found.eccentricity * np.exp(1j * found.argument_of_perigee_rad)
        assert abs(vector.mean() - (apogee - perigee) / (apogee + perigee) * np.exp(1j * argument)) < shape
        assert found.inclination_rad.mean() == pytest.approx(inclination, abs=1e-6 + 0.15 * shape)
        drift = node_rate(perigee, apogee, inclination, MU, J2, RADIUS) * times.mean()
        assert found.raan_rad.mean() == pytest.approx(raan + drift, abs=1e-5 + 0.7 * shape)


def test_the_node_of_the_space_station():
    """About 5 deg a day to the west at 400 km and 51.6 deg (NASA's familiar figure for the ISS: 4.98 deg/day)."""
    rate = node_rate(RADIUS + 400e3, RADIUS + 400e3, np.radians(51.6), MU, J2, RADIUS)
    assert np.degrees(rate) * 86400 == pytest.approx(-5.0, abs=0.05)


@pytest.mark.parametrize("altitude_km", [400, 600, 800, 1000, 1500])
def test_sun_synchronous_orbits(altitude_km):
    """Boain (2004), A-B-Cs of Sun-Synchronous Orbit Mission Design, AAS 04-108: cos i = -(a / 12352 km)^3.5, whose
    rounded constant is good to 0.01 deg."""
    radius = RADIUS + 1e3 * altitude_km
    inclination = np.degrees(sun_synchronous_inclination(radius, radius, MU, J2, RADIUS))
    assert inclination == pytest.approx(np.degrees(np.arccos(-((radius / 12352e3) ** 3.5))), abs=0.01)


def test_no_sun_synchronous_orbit_is_so_high():
    assert sun_synchronous_inclination(1.5e7, 1.5e7, MU, J2, RADIUS) == pytest.approx(np.pi, abs=1e-9)
