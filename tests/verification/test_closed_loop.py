"""Closed loop: guidance brings the navigated state to the target, whatever the vehicle is, and never sees the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import fly_many
from baiterek.flight.deciding import decide, new_computer, start
from baiterek.flight.fleet import load_fleet
from baiterek.flight.guidance import Burn, moments_of
from baiterek.flight.navigation import (
    NAVIGATION,
    align,
    carry,
    carry_through_coast,
    navigated,
    new_unit,
    three_normals,
)
from baiterek.flight.onboard import GUIDED, load_onboard
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
        "navigation.accelerometer_scale_x": np.array([0.0, 1e-3, 0.0]),
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


FAR = (1e12, 0.0, 0.0)
"""Metres: no gravity to speak of."""
AHEAD, NORMAL, PUSH = (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 20.0, 0.0)
"""The body points along y and is pushed that way."""


def carried(name, value, seconds=100, dt=1.0):
    """Errors after a burn of constant attitude in free space, with one fault of the unit."""
    errors, unit = np.zeros(len(NAVIGATION)), new_unit()
    errors[NAVIGATION.index(f"navigation.{name}")] = value
    align(unit, errors)
    for _ in range(round(seconds / dt)):
        carry(unit, PUSH, FAR, AHEAD, NORMAL, dt, errors, GLOBE)
    return unit.off


@pytest.mark.parametrize(
    ("name", "value", "axis", "acceleration", "power"),
    [
        ("accelerometer_bias_x_m_s2", 1e-3, 1, 1e-3, 2),  # the body's x is ahead, which is y here
        ("accelerometer_bias_y_m_s2", 1e-3, 2, 1e-3, 2),  # its y is the normal
        ("accelerometer_scale_x", 1e-4, 1, 20.0 * 1e-4, 2),
        ("accelerometer_scale_z", 1e-4, 0, 0.0, 2),  # nothing pushes across
        ("misalignment_z_rad", 1e-3, 0, -20.0 * 1e-3, 2),  # z x y = -x
        ("gyro_drift_y_rad_s", 1e-6, 0, -20.0 * 1e-6, 3),  # about the normal
        ("gyro_drift_x_rad_s", 1e-6, 2, 0.0, 3),  # about the thrust
    ],
)
def test_errors_grow_as_their_closed_forms_say(name, value, axis, acceleration, power):
    """a t^2 / 2 for what is constant; for a drift, whose angle grows, a t^3 / 6."""
    seconds = 100.0
    off = carried(name, value)
    assert off[axis] == pytest.approx(acceleration * seconds**power / (2 if power == 2 else 6), rel=1e-3, abs=1e-12)
    assert off[3 + axis] == pytest.approx(acceleration * seconds ** (power - 1) / (1 if power == 2 else 2), rel=1e-9, abs=1e-12)
    others = [n for n in range(3) if n != axis]
    assert np.abs(off[others]).max() < 1e-12


def test_noise_walks_as_the_root_of_time():
    draws = np.array([three_normals(float(key), cycle) for key in range(100) for cycle in range(30)]).ravel()
    # 9000 numbers: five standard errors of mean and variance.
    assert abs(draws.mean()) < 5.0 / np.sqrt(draws.size)
    assert abs(draws.var() - 1.0) < 5.0 * np.sqrt(2.0 / draws.size)
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 5.0 / np.sqrt(draws.size)
    ends = []
    for key in range(400):
        errors, unit = np.zeros(len(NAVIGATION)), new_unit()
        errors[NAVIGATION.index("navigation.velocity_random_walk_m_s_per_root_s")] = 0.01
        errors[NAVIGATION.index("navigation.noise_key")] = key
        for _ in range(25):
            carry(unit, PUSH, FAR, AHEAD, NORMAL, 1.0, errors, GLOBE)
        ends.append(unit.off[3:6].copy())
    sigma = 0.01 * np.sqrt(25.0)  # whatever the cycle: 1200 numbers, five standard errors
    assert np.std(ends) == pytest.approx(sigma, rel=5.0 / np.sqrt(2 * 1200))


def test_errors_in_a_coast_are_those_of_two_falls_in_one_field():
    """Clohessy & Wiltshire 1960, of a radial offset x0 at the same inertial velocity (so -n x0 in their turning axes)."""
    radius = WGS84_RADIUS_M + 600e3
    speed, rate = np.sqrt(EARTH_MU_M3_S2 / radius), np.sqrt(EARTH_MU_M3_S2 / radius**3)
    errors, unit, seconds = np.zeros(len(NAVIGATION)), new_unit(), 2400.0
    unit.off[0] = 100.0
    carry_through_coast(unit, (radius, 0.0, 0.0), (0.0, speed, 0.0), AHEAD, NORMAL, seconds, errors, GLOBE)
    angle = rate * seconds
    radial, along = (2.0 - np.cos(angle)) * 100.0, (2.0 * np.sin(angle) - 3.0 * angle) * 100.0
    there = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    assert unit.off[:2] @ there[0] == pytest.approx(radial, abs=1.0)
    assert unit.off[:2] @ there[1] == pytest.approx(along, abs=1.0)


def test_corrupting_the_truth_behind_the_unit_changes_no_command(steering):
    """Truth moved by 50 km and 100 m/s, and the unit's error with it the other way: the same is said, the same commanded."""
    onboard = load_onboard(replace(MISSION, payload_kg=steering.payload_kg), steering)
    medium = load_fleet(MISSION, steering, {}, flights=1, closed_loop=True).course.medium
    errors, normal = np.zeros(len(NAVIGATION)), tuple(onboard.targets[0, :3])
    p = int(np.flatnonzero(onboard.kind == GUIDED)[0])
    up = np.cross([0.0, 0.0, 1.0], normal) / np.hypot(normal[0], normal[1])
    r, along = up * (WGS84_RADIUS_M + 95e3), np.cross(normal, up)
    truth = np.concatenate((np.round(r), np.round(4500.0 * along), [90e3]))
    orders = []
    for moved in (0.0, 1.0):
        brain, unit = new_computer(), new_unit()
        start(onboard, brain)
        push = moved * np.array([50e3, -30e3, 20e3, 100.0, 60.0, -80.0])  # whole numbers: sums of them do not round
        y = truth + np.append(push, 0.0)
        unit.off[:6] = -push
        unit.force[:] = 6.5 * along
        said = navigated(y, unit, tuple(brain.axis), normal, 200.0, 30e3, errors)
        found = decide(said, p, 0.0, 40.0, medium, onboard, brain)
        orders.append((found, brain.order.copy(), brain.memory.copy()))
    assert orders[0][0] == orders[1][0]
    assert np.array_equal(orders[0][1], orders[1][1]) and np.array_equal(orders[0][2], orders[1][2])
    assert np.abs(orders[0][1]).max() > 0.1


def test_fixes_by_satellite_bound_the_error(steering):
    """A fix every 10 s: what is left at the end is the last fix's noise and 10 s of the unit's drift, not 500 s of it."""
    flights = 40
    wrong = {"navigation.accelerometer_bias_x_m_s2": np.full(flights, 0.02)}
    fixes = {
        "navigation.satellite_period_s": np.full(flights, 10.0),
        "navigation.satellite_position_m": np.full(flights, 10.0),
        "navigation.satellite_velocity_m_s": np.full(flights, 0.1),
        "navigation.noise_key": np.arange(flights, dtype=float),
    }
    alone, aided = closed(steering, wrong), closed(steering, wrong | fixes)

    def miss(flown):
        gaps = [flown[f"insertion.{axis}_m"] - flown[f"navigated.{axis}_m"] for axis in ("x_eci", "y_eci", "z_eci")]
        return np.linalg.norm(gaps, axis=0)

    seconds = float(alone["insertion.t_s"][0])
    assert miss(alone).min() > 0.3 * 0.5 * 0.02 * seconds**2  # gravity's gradient and turning of the body take their part
    # 5 sigma of three components, 10 s of 0.1 m/s, and 0.02 m/s2 over 12 s.
    assert miss(aided).max() < 5.0 * np.sqrt(3.0) * 10.0 + 12.0 * 5.0 * np.sqrt(3.0) * 0.1 + 0.5 * 0.02 * 12.0**2
    assert miss(aided).std() > 1.0
