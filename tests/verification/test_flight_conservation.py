"""What no integrator may lose: energy and angular momentum; and how fast its error goes with the step."""

from __future__ import annotations

import numpy as np
import pytest

from baiterek.constants import EARTH_MU_M3_S2
from baiterek.flight import integrator
from baiterek.flight.kernel import ALOFT, fall, rate
from baiterek.flight.plan import plain_environment, plain_table
from baiterek.flight.steering import FALL
from baiterek.physics.earth import GRAVITY_J4
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import constant_table
from flight_cases import NO_AIR, POINT, environment

EARTH = plain_environment(environment(gravity=POINT, air=NO_AIR))
DRAG = plain_table(constant_table(1.0))

PERIGEE_m, ECCENTRICITY, INCLINATION = 6.678e6, 0.05, 0.9
SPEED_m_s = np.sqrt(EARTH_MU_M3_S2 * (1.0 + ECCENTRICITY) / PERIGEE_m)
START = np.array([PERIGEE_m, 0.0, 0.0, 0.0, SPEED_m_s * np.cos(INCLINATION), SPEED_m_s * np.sin(INCLINATION), 1000.0])
PERIOD_s = 2.0 * np.pi * np.sqrt((PERIGEE_m / (1.0 - ECCENTRICITY)) ** 3 / EARTH_MU_M3_S2)


def energy(states: np.ndarray) -> np.ndarray:
    r, v = states[..., :3], states[..., 3:6]
    return 0.5 * np.sum(v * v, axis=-1) - EARTH_MU_M3_S2 / np.linalg.norm(r, axis=-1)


def kepler(t_s: float) -> np.ndarray:
    """Position after perigee on the orbit of `START`, by Kepler's equation (Vallado, 4th ed., eqs. 2-4 and 2-47)."""
    a = PERIGEE_m / (1.0 - ECCENTRICITY)
    mean = t_s * np.sqrt(EARTH_MU_M3_S2 / a**3)
    anomaly = mean
    for _ in range(50):
        anomaly -= (anomaly - ECCENTRICITY * np.sin(anomaly) - mean) / (1.0 - ECCENTRICITY * np.cos(anomaly))
    p, q = a * (np.cos(anomaly) - ECCENTRICITY), a * np.sqrt(1.0 - ECCENTRICITY**2) * np.sin(anomaly)
    return np.array([p, q * np.cos(INCLINATION), q * np.sin(INCLINATION)])


def test_a_revolution_keeps_energy_and_angular_momentum():
    status, n, times, states = fall(START, 0.0, 0.0, DRAG, EARTH, 60.0, PERIOD_s, 1e-12)
    assert status == ALOFT
    ends = states[[0, n - 1]]
    momentum = np.cross(ends[:, :3], ends[:, 3:6])
    assert times[n - 1] == pytest.approx(PERIOD_s, abs=1e-9)
    assert energy(ends)[1] == pytest.approx(energy(ends)[0], rel=1e-10)
    assert np.linalg.norm(momentum[1] - momentum[0]) < 1e-10 * np.linalg.norm(momentum[0])
    # The orbit closes: 1e-10 of its circumference is 4 mm.
    assert np.linalg.norm(ends[1, :3] - ends[0, :3]) < 4e-3


def zonal_energy(states: np.ndarray) -> np.ndarray:
    """Kinetic and potential energy in the field to J4: -mu/r (1 - sum J_n (R/r)^n P_n(sin latitude))."""
    earth = environment(gravity=GRAVITY_J4, air=NO_AIR)
    r, v = np.linalg.norm(states[..., :3], axis=-1), states[..., 3:6]
    s, ratio = states[..., 2] / r, earth.radius_m / r
    p2, p3, p4 = 1.5 * s**2 - 0.5, 2.5 * s**3 - 1.5 * s, (35.0 * s**4 - 30.0 * s**2 + 3.0) / 8.0
    zonal = earth.j2 * ratio**2 * p2 + earth.j3 * ratio**3 * p3 + earth.j4 * ratio**4 * p4
    return 0.5 * np.sum(v * v, axis=-1) - earth.mu_m3_s2 / r * (1.0 - zonal)


def test_a_revolution_in_the_zonal_field_keeps_energy_and_the_momentum_about_the_axis():
    earth = plain_environment(environment(gravity=GRAVITY_J4, air=NO_AIR))
    _, n, _, states = fall(START, 0.0, 0.0, DRAG, earth, 60.0, PERIOD_s, 1e-12)
    ends = states[[0, n - 1]]
    momentum = ends[:, 0] * ends[:, 4] - ends[:, 1] * ends[:, 3]
    assert zonal_energy(ends)[1] == pytest.approx(zonal_energy(ends)[0], rel=1e-10)
    assert momentum[1] == pytest.approx(momentum[0], rel=1e-10)
    # The point-mass energy is not kept: the field is felt.
    assert abs(energy(ends)[1] / energy(ends)[0] - 1.0) > 1e-8


def test_every_output_row_lies_on_the_orbit():
    """Rows are values of the 4th-order extension inside long steps; at rtol 1e-9 they keep the metre."""
    _, n, times, states = fall(START, 0.0, 0.0, DRAG, EARTH, 60.0, 3000.0, 1e-9)
    gaps = [np.linalg.norm(state[:3] - kepler(t)) for t, state in zip(times[:n], states[:n], strict=True)]
    assert max(gaps) < 1.0


def fixed_steps(count: int, duration_s: float) -> np.ndarray:
    """Position after `count` equal steps; the formulas run as plain Python here."""
    leg = integrator.Leg(FALL, 0.0, 1.0, np.zeros((1, 4)), Propulsion(*6 * (0.0,)), 0.0, DRAG)
    y, y_end, k = START.copy(), np.empty(7), np.empty((7, 7))
    h = duration_s / count
    try_step = integrator.stepper(rate.py_func).py_func
    for step in range(count):
        try_step(step * h, h, y, k, y_end, min(step, 1), leg, None, EARTH)
        integrator.go_on.py_func(y, k, y_end)
    return y[:3]


def test_the_error_goes_with_the_fifth_power_of_the_step():
    errors = [np.linalg.norm(fixed_steps(count, 1200.0) - kepler(1200.0)) for count in (15, 30, 60)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([5.0, 5.0], abs=0.4)
