"""Closed loop: guidance brings the navigated state to the target, whatever the vehicle is, and never sees the truth."""

from __future__ import annotations

import numpy as np
import pytest

from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import fly_many
from baiterek.flight.guidance import Burn, moments_of
from baiterek.flight.navigation import NAVIGATION, carry, three_normals
from baiterek.flight.sampled import Globe
from baiterek.trajectory import optimise
from flown import by_hand, mission

MISSION = mission()
HELD_BACK_kg = 700.0
"""Payload left on the ground: guidance has propellant for what is dispersed."""
TARGET_m, INCLINATION_deg = WGS84_RADIUS_M + 200e3, 51.6
"""The mission's own words: 200 km circular at 51.6 deg."""
GLOBE = Globe(1, EARTH_MU_M3_S2, WGS84_RADIUS_M, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def steering():
    return optimise(MISSION).require().steering


def closed(steering, inputs, **how):
    flights = len(next(iter(inputs.values()), [0]))
    light = {"payload_kg": np.full(flights, steering.payload_kg - HELD_BACK_kg)}
    return fly_many(MISSION, steering, light | inputs, closed_loop=True, **how)


def test_the_nominal_flight_is_inserted_on_target(steering):
    flight = closed(steering, {})
    assert flight["status"][0] == 0.0
    assert flight["insertion.semi_major_axis_m"][0] == pytest.approx(TARGET_m, abs=100.0)
    assert flight["insertion.inclination_deg"][0] == pytest.approx(INCLINATION_deg, abs=1e-3)
    assert flight["insertion.eccentricity"][0] < 1e-5
    assert flight["fairing.separation.heat_flux_W_m2"][0] <= 1135.0
    assert flight["peak.q_alpha_Pa_rad"][0] == pytest.approx(3500.0, rel=0.02)


def test_dispersed_flights_are_inserted_on_target_where_open_loop_misses(steering):
    data = MISSION.vehicle.data
    random = np.random.default_rng(5)
    paths = ("stage-1.RD-171MV.isp_vac_s", "stage-2.RD-0124MS.isp_vac_s", "stage-2.RD-0124MS.thrust_vac_N")
    inputs = {path: random.normal(data[path].value, 0.5 * data[path].sigma, 40) for path in paths if path in data}
    inputs |= {"wind.east_m_s": random.normal(0.0, 8.0, 40), "aerodynamics.axial_factor": random.normal(1.0, 0.1, 40)}
    guided, open_loop = closed(steering, inputs), fly_many(MISSION, steering, inputs)
    kept = guided["stage-2.depleted"] == 0.0
    assert kept.sum() > 30
    assert np.abs(guided["insertion.semi_major_axis_m"] - TARGET_m)[kept].max() < 100.0
    assert np.abs(guided["insertion.inclination_deg"] - INCLINATION_deg)[kept].max() < 1e-3
    assert np.abs(open_loop["insertion.semi_major_axis_m"] - TARGET_m).max() > 5e3


def test_guidance_never_sees_the_truth(steering):
    """The unit is wrong: what is believed lies on the target, what is true does not. A leak would put it there."""
    wrong = {
        "navigation.accelerometer_bias_x_m_s2": np.array([0.01, 0.0, 0.0]),
        "navigation.accelerometer_scale_y": np.array([0.0, 1e-3, 0.0]),
        "navigation.misalignment_z_rad": np.array([0.0, 0.0, 1e-3]),
    }
    flights = closed(steering, wrong)
    believed = flights["navigated.semi_major_axis_m"] - TARGET_m
    true = flights["insertion.semi_major_axis_m"] - TARGET_m
    assert np.abs(believed).max() < 100.0
    assert np.abs(true).min() > 500.0
    assert np.abs(flights["navigated.inclination_deg"] - INCLINATION_deg).max() < 1e-3


def test_noise_belongs_to_the_flight_and_not_to_its_neighbours(steering):
    walk = {
        "navigation.velocity_random_walk_m_s_per_root_s": np.full(3, 0.01),
        "navigation.noise_key": np.array([4710.0, 4711.0, 4712.0]),
    }
    together = closed(steering, walk)
    alone = closed(steering, {path: values[1:2] for path, values in walk.items()})
    assert len(set(together["insertion.semi_major_axis_m"])) == 3
    for name, column in together.columns.items():
        assert column[1] == alone[name][0] or np.isnan(column[1]), name


def test_a_last_stage_that_runs_dry_says_so(steering):
    flight = closed(steering, {"stage-2.RD-0124MS.isp_vac_s": np.array([300.0])})
    assert flight["stage-2.depleted"][0] == 1.0
    assert flight["stage-2.usable_left_kg"][0] == pytest.approx(0.0, abs=1e-5)
    assert flight["insertion.perigee_altitude_m"][0] < 150e3


def test_a_programme_whose_speed_falls_is_refused():
    steering = by_hand(MISSION)
    from dataclasses import replace

    first = steering.phases[1]
    values = first.values.copy()
    values[..., :3] *= -1.0  # nose down: the speed over the Earth falls at first
    broken = replace(steering, phases=(steering.phases[0], replace(first, values=values), *steering.phases[2:]))
    with pytest.raises(InputError, match="speed over the Earth"):
        fly_many(MISSION, broken, {}, flights=1, closed_loop=True)


def test_the_integrals_of_the_burn_are_integrals():
    """Against midpoint sums over 200 000 steps of an acceleration that jumps where the shroud goes."""
    burn = Burn(3500.0, 400.0, 40.0, 345.0)
    m = moments_of(3000.0, burn)
    t = (np.arange(200_000) + 0.5) * m.tgo_s / 200_000
    dt = t[1] - t[0]
    a = np.where(t < 40.0, 3500.0 / (400.0 - t), 3500.0 / (345.0 - (t - 40.0)))
    L, J, P = ((np.cumsum(f) - 0.5 * f) * dt for f in (a, a * t, a * t * t))
    assert pytest.approx(L[-1], rel=1e-5) == m.L
    assert pytest.approx(J[-1], rel=1e-5) == m.J
    assert pytest.approx(L.sum() * dt, rel=1e-5) == m.S
    assert pytest.approx(J.sum() * dt, rel=1e-5) == m.Q
    assert pytest.approx(J[-1] * m.tgo_s - J.sum() * dt, rel=1e-5) == m.H
    assert pytest.approx(P.sum() * dt, rel=1e-5) == m.P


def test_a_bias_grows_as_the_square_of_time_and_noise_as_its_root():
    errors, off = np.zeros(len(NAVIGATION)), np.zeros(6)
    errors[0] = 1e-3
    far = (1e12, 0.0, 0.0)  # no gravity to speak of
    for cycle in range(100):
        carry(off, (0.0, 20.0, 0.0), far, cycle + 1.0, 1.0, errors, cycle, GLOBE)
    assert off == pytest.approx([0.5 * 1e-3 * 100.0**2, 0.0, 0.0, 0.1, 0.0, 0.0], rel=1e-9)
    draws = np.array([three_normals(float(key), cycle) for key in range(100) for cycle in range(30)]).ravel()
    # 9000 numbers: five standard errors of mean and variance.
    assert abs(draws.mean()) < 5.0 / np.sqrt(draws.size)
    assert abs(draws.var() - 1.0) < 5.0 * np.sqrt(2.0 / draws.size)
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 5.0 / np.sqrt(draws.size)
