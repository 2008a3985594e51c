"""Impulses, escapes and J2 coasts against closed forms, published numbers and other programs."""

import brahe
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from baiterek.physics.disposal import graveyard_raise, low_orbit_clearance, stationary_clearance, stationary_radius
from baiterek.physics.drift import CRITICAL_INCLINATION_RAD, coast, eccentric_anomaly, mean_from_true, secular_drift
from baiterek.physics.escape import (
    asymptote,
    asymptote_anomaly,
    escape_eccentricity,
    escape_impulse,
    escape_plane,
    least_inclination,
)
from baiterek.physics.gravity import gravity
from baiterek.physics.orbit import (
    elements_from_state,
    osculating_from_mean,
    state_from_elements,
    state_in_orbit,
    sun_synchronous_inclination,
)
from baiterek.physics.transfer import (
    bi_elliptic,
    circular_speed,
    hohmann,
    plane_change,
    raise_and_turn,
    speed_to_circle,
)
from worlds import EARTH, TABLED

MU, RADIUS, J2 = EARTH.mu_m3_s2, EARTH.radius_m, EARTH.j2
RADIANS = brahe.AngleFormat.RADIANS
STATIONARY_M = (MU * (86164.0905 / (2 * np.pi)) ** 2) ** (1 / 3)


def test_hohmann_and_bi_elliptic_by_vallado():
    """Vallado, 4th ed., examples 6-1 and 6-2: his radii from altitudes over 6378.137 km, his printed digits."""
    assert sum(hohmann(RADIUS + 191.34411e3, RADIUS + 35781.34857e3, MU)) == pytest.approx(3935.224, abs=0.05)
    three = bi_elliptic(RADIUS + 191.34411e3, RADIUS + 503873e3, RADIUS + 376310e3, MU)
    assert sum(three) == pytest.approx(3904.057, abs=0.05)


def test_hohmann_and_bi_elliptic_change_places_where_the_books_say():
    """Prussing & Conway, Orbital Mechanics: by infinity is cheaper beyond a ratio of 11.938765."""
    for ratio, sign in ((11.9387, -1.0), (11.9389, 1.0)):
        gap = sum(hohmann(1.0, ratio, 1.0)) - sum(bi_elliptic(1.0, 1e12, ratio, 1.0))
        assert np.sign(gap) == sign


def test_bi_elliptic_by_the_target_is_hohmann():
    assert sum(bi_elliptic(7e6, 3e7, 3e7, MU)) == pytest.approx(sum(hohmann(7e6, 3e7, MU)), rel=1e-12)


def test_a_plane_change_of_sixty_degrees_costs_the_speed():
    assert plane_change(7500.0, np.pi / 3) == pytest.approx(7500.0, rel=1e-12)


@pytest.mark.parametrize("inclination_deg", [0.5, 28.5, 51.6, 80.0])
@pytest.mark.parametrize("apogee", [STATIONARY_M, 6e7, 1.5e8])
def test_the_best_split_is_the_least_of_all(inclination_deg, apogee):
    """SciPy's bounded scalar search on the law of cosines, written here apart."""
    turn, perigee = np.radians(inclination_deg), RADIUS + 200e3

    def vis_viva(r, axis):
        return np.sqrt(MU * (2 / r - 1 / axis))

    a1 = vis_viva(apogee, (apogee + perigee) / 2)
    a2 = vis_viva(apogee, (apogee + STATIONARY_M) / 2)
    b1, b2 = vis_viva(STATIONARY_M, (apogee + STATIONARY_M) / 2), np.sqrt(MU / STATIONARY_M)

    def cost(x):
        first = a1 * a1 + a2 * a2 - 2 * a1 * a2 * np.cos(x)
        return np.sqrt(first) + np.sqrt(abs(b1 * b1 + b2 * b2 - 2 * b1 * b2 * np.cos(turn - x)))

    best = min(minimize_scalar(cost, bounds=(0, turn), method="bounded", options={"xatol": 1e-10}).fun, cost(turn))
    found = speed_to_circle(perigee, apogee, turn, STATIONARY_M, MU)
    assert found.total_m_s == pytest.approx(best, abs=1e-3)
    assert found.first_m_s + found.second_m_s == found.total_m_s


def test_the_residual_speeds_of_the_manuals():
    """The trade's names: "GTO-1500" from Kourou (apogee at 35 786 km, 7 deg or so), "GTO-1800" from the Cape (27 deg). Names
    round to 50 m/s or so and the perigees differ; hence 15 and 25 m/s."""
    assert speed_to_circle(RADIUS + 250e3, RADIUS + 35786e3, np.radians(7.0), STATIONARY_M, MU).total_m_s == pytest.approx(
        1500.0, abs=15.0
    )
    assert speed_to_circle(RADIUS + 185e3, RADIUS + 35786e3, np.radians(27.0), STATIONARY_M, MU).total_m_s == pytest.approx(
        1800.0, abs=25.0
    )


def test_from_low_orbit_to_stationary_orbit_most_of_the_turn_is_made_above():
    """Some 2.2 of 28.5 deg are turned at perigee (Chobotov, Orbital Mechanics, 3rd ed., ch. 5)."""
    found = raise_and_turn(RADIUS + 300e3, STATIONARY_M, np.radians(28.5), MU)
    assert np.degrees(found.first_angle_rad) == pytest.approx(2.2, abs=0.1)
    flat = raise_and_turn(RADIUS + 300e3, STATIONARY_M, 1e-9, MU)
    assert flat.total_m_s == pytest.approx(sum(hohmann(RADIUS + 300e3, STATIONARY_M, MU)), abs=1e-6)


def test_escape_speed_is_the_square_root_of_two():
    assert escape_impulse(7e6, 0.0, MU) == pytest.approx((np.sqrt(2) - 1) * circular_speed(7e6, MU), rel=1e-12)


@pytest.mark.parametrize("declination_deg", [-40.0, 0.0, 28.0])
@pytest.mark.parametrize("northward", [1.0, -1.0])
def test_a_spacecraft_leaves_along_its_asymptote(declination_deg, northward):
    """The hyperbola of the plane and the perigee that `escape_plane` gives, integrated for 200 days (DOP853)."""
    declination, right_ascension, inclination = np.radians([declination_deg, 100.0, 51.6])
    perigee, c3 = RADIUS + 200e3, 12e6
    anomaly = asymptote_anomaly(perigee, c3, MU)
    plane = escape_plane(declination, right_ascension, inclination, anomaly, northward)
    speed = np.sqrt(c3 + 2 * MU / perigee)
    start = state_in_orbit(perigee, 0.0, speed, plane.argument_of_perigee_rad, inclination, plane.raan_rad)
    flight = solve_ivp(
        lambda _, y: (*y[3:], *(-MU * y[:3] / np.linalg.norm(y[:3]) ** 3)), (0, 200 * 86400), start, "DOP853",
        rtol=1e-12, atol=1e-3,
    )  # fmt: skip
    velocity = flight.y[3:, -1]
    found = asymptote(*start, MU)
    wanted = [
        np.cos(declination) * np.cos(right_ascension),
        np.cos(declination) * np.sin(right_ascension),
        np.sin(declination),
    ]
    assert found.c3_m2_s2 == pytest.approx(c3, rel=1e-9)
    assert found[1:] == pytest.approx(wanted, abs=1e-9)
    assert velocity / np.linalg.norm(velocity) == pytest.approx(wanted, abs=1e-3)  # it still turns by mu / (r v^2)
    assert escape_eccentricity(perigee, c3, MU) == pytest.approx(elements_from_state(*start, MU).eccentricity, rel=1e-9)


def test_the_least_inclination_holds_the_asymptote_at_its_northernmost():
    declination = np.radians(35.0)
    plane = escape_plane(declination, 1.0, least_inclination(declination), 2.0, 1.0)
    assert plane.argument_of_perigee_rad + 2.0 == pytest.approx(np.pi / 2, abs=1e-6)
    assert plane.raan_rad == pytest.approx(1.0 - np.pi / 2, abs=1e-6)


def test_kepler_is_solved():
    for e in (0.0, 0.3, 0.74, 0.95):
        m = np.linspace(-np.pi, np.pi, 181)
        found = eccentric_anomaly(m, e)
        assert found - e * np.sin(found) == pytest.approx(m, abs=1e-13)
        assert [brahe.anomaly_mean_to_eccentric(x, e, angle_format=RADIANS) for x in m[91:]] == pytest.approx(
            found[91:], abs=1e-8
        )
    assert mean_from_true(2.0, 0.5) == pytest.approx(brahe.anomaly_true_to_mean(2.0, 0.5, angle_format=RADIANS))


def test_the_perigee_stands_at_the_critical_inclination():
    """63.435 deg (Vallado, 4th ed., section 9.5.2)."""
    assert np.degrees(CRITICAL_INCLINATION_RAD) == pytest.approx(63.435, abs=5e-4)
    for inclination in (CRITICAL_INCLINATION_RAD, np.pi - CRITICAL_INCLINATION_RAD):
        rates = secular_drift(RADIUS + 500e3, RADIUS + 39900e3, inclination, MU, J2, RADIUS)
        assert rates.argument_of_perigee_rad_s == pytest.approx(0.0, abs=1e-20)


def test_sun_synchronous_inclinations_are_those_of_brahe():
    for altitude in (300e3, 700e3, 1400e3):
        theirs = brahe.sun_synchronous_inclination(RADIUS + altitude, 0.0, angle_format=brahe.AngleFormat.DEGREES)
        ours = np.degrees(sun_synchronous_inclination(RADIUS + altitude, RADIUS + altitude, MU, J2, RADIUS))
        assert ours == pytest.approx(theirs, abs=1e-3)  # a year of 365.2421897 d, another J2


def integrated(start, duration, samples):
    times = np.linspace(0.0, duration, samples)
    return times, solve_ivp(
        lambda _, y: (*y[3:], *gravity(*y[:3], TABLED)), (0, duration), start, "DOP853", times, rtol=1e-10, atol=1e-6
    ).y


@pytest.mark.parametrize(
    ("perigee_km", "apogee_km", "inclination_deg"), [(500, 39900, 70.0), (200, 35786, 51.6), (1000, 20000, 28.5)]
)
def test_the_drift_of_eccentric_orbits_is_that_of_the_integrated_motion(perigee_km, apogee_km, inclination_deg):
    """Node and perigee after ten revolutions of the J2 problem, apogee to apogee, where short periods repeat.

    brahe gives the mean elements of the start (Brouwer and Lyddane's theory, which fails at the critical inclination).
    Tolerance: 1 % of J2, and of the perigee
    the least rate that 1e-4 rad of it in ten revolutions would be.
    """
    perigee, apogee = RADIUS + 1e3 * perigee_km, RADIUS + 1e3 * apogee_km
    start = state_from_elements(perigee, apogee, np.radians(inclination_deg), 1.0, 4.7, np.pi, MU)
    axis, e, i, *_ = brahe.state_koe_osc_to_mean(
        brahe.state_eci_to_koe(np.array(start), RADIANS),
        brahe.MeanElementMethod.BROUWER_LYDDANE,
        RADIANS,
    )
    rates = secular_drift(axis * (1 - e), axis * (1 + e), i, MU, J2, RADIUS)
    duration = 10 * 2 * np.pi / rates.mean_anomaly_rad_s
    _, states = integrated(start, duration, 2)
    first, last = (elements_from_state(*states[:, k], MU) for k in (0, -1))
    node = (last.raan_rad - first.raan_rad) / duration
    perigee_turn = (last.argument_of_perigee_rad - first.argument_of_perigee_rad) / duration
    assert node == pytest.approx(rates.raan_rad_s, rel=0.01)
    assert perigee_turn == pytest.approx(rates.argument_of_perigee_rad_s, rel=0.01, abs=1e-4 / duration)
    assert abs(abs(last.true_anomaly_rad) - np.pi) < 2e-3  # back at apogee: the mean motion is right


@pytest.mark.parametrize(("altitude_km", "inclination_deg"), [(200, 51.6), (600, 97.8), (1500, 64.8)])
def test_a_coast_of_a_day_lands_where_the_integration_does(altitude_km, inclination_deg):
    """Mean elements carried by `coast` and made osculating, against DOP853 on the J2 problem over a day.

    J2^2 n t a: 1.2e-6 x 100 rad x 6600 km, 0.8 km along the track; across it, 0.2 km.
    """
    radius, day = RADIUS + 1e3 * altitude_km, 86400.0
    inclination = np.radians(inclination_deg)
    mean = (radius, radius, inclination, 1.0, 0.0, 0.5)
    start = osculating_from_mean(*mean, MU, J2, RADIUS)
    _, states = integrated(start, day, 2)
    angles = coast(*mean, day, MU, J2, RADIUS)
    found = np.array(osculating_from_mean(*mean[:3], *angles, MU, J2, RADIUS))
    gap = found[:3] - states[:3, -1]
    normal = np.cross(states[:3, -1], states[3:, -1])
    assert np.linalg.norm(gap) < 1.5e3
    assert abs(gap @ normal / np.linalg.norm(normal)) < 500.0


def test_the_graveyard_of_the_guidelines():
    """Geostationary altitude 35 786 km and a protected shell of 200 km either way (IADC-02-01); a spacecraft of 0.02 m2/kg
    and C_R 1.5 goes up 235 + 30 km, which leaves the shell by 65 km."""
    stationary = stationary_radius(MU, EARTH.rotation_rad_s)
    assert stationary - RADIUS == pytest.approx(35786e3, abs=0.5e3)
    up = graveyard_raise(0.02, 1.5)
    assert up == pytest.approx(265e3)
    assert stationary_clearance(stationary + up, stationary + up, MU, EARTH.rotation_rad_s) == pytest.approx(65e3)
    assert stationary_clearance(RADIUS + 200e3, RADIUS + 20e6, MU, EARTH.rotation_rad_s) > 0.0
    assert stationary_clearance(RADIUS + 200e3, stationary, MU, EARTH.rotation_rad_s) == pytest.approx(-200e3)
    assert low_orbit_clearance(RADIUS + 1500e3, RADIUS) == pytest.approx(-500e3)
