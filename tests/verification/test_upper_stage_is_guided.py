"""Several burns in closed loop: guidance serves each, the orbit is the mission's, whatever the stage is."""

from __future__ import annotations

import numpy as np
import pytest

import flown
from baiterek.catalogue.read import load_mission
from baiterek.flight import fly_many, simulate
from baiterek.study.dispersions import spread_of
from baiterek.trajectory import optimise

MISSION = load_mission(flown.PROJECT / "missions" / "soyuz5-fregat-sso.toml")
HELD_BACK_kg = 400.0
SMALL = 0.25
"""Of the sigmas of our knowledge, which are those of no flight."""


@pytest.fixture(scope="module")
def steering():
    return optimise(MISSION).require().steering


def test_the_batch_flies_what_the_simulator_flies(steering):
    """Open loop: grid for formulas, no air and a tighter step for the upper stage."""
    flight, history = fly_many(MISSION, steering, {}, flights=1), simulate(MISSION, steering)
    gap = [flight[f"insertion.{axis}_eci_m"][0] - history[f"{axis}_eci_m"][-1] for axis in "xyz"]
    assert np.linalg.norm(gap) < 50.0
    assert flight["insertion.mass_kg"][0] == pytest.approx(history["mass_kg"][-1], abs=1e-3)
    fall = next(fall for fall in history.falls if fall.name == "stage-2")
    assert flight["stage-2.impact.latitude_deg"][0] == pytest.approx(fall.latitude_deg, abs=2e-3)


def test_every_burn_is_guided_and_the_nominal_orbit_is_the_missions(steering):
    flight = fly_many(MISSION, steering, {"payload_kg": [steering.payload_kg - HELD_BACK_kg]}, closed_loop=True)
    nominal = simulate(MISSION, steering)
    assert flight["status"][0] == 0.0
    target = 0.5 * (nominal["perigee_altitude_m"][-1] + nominal["apogee_altitude_m"][-1])
    reached = 0.5 * (flight["insertion.perigee_altitude_m"][0] + flight["insertion.apogee_altitude_m"][0])
    assert reached == pytest.approx(target, abs=1e3)
    assert flight["insertion.inclination_deg"][0] == pytest.approx(nominal["inclination_deg"][-1], abs=0.01)
    for name in ("perigee_altitude_m", "apogee_altitude_m"):
        assert flight[f"insertion.{name}"][0] == pytest.approx(nominal[name][-1], abs=1e3), name


def test_dispersed_flights_of_an_upper_stage_are_guided_too(steering):
    from baiterek.flight import felt_paths
    from baiterek.study.dispersions import inputs_of
    from baiterek.study.sampling import Design

    payload = steering.payload_kg - HELD_BACK_kg
    spread = spread_of(MISSION, payload, felt_paths(MISSION), SMALL)
    assert any(number.path == "upper_stage.isp_s" for number in spread.numbers)
    drawn = spread.draw(Design("random", 3, 40), 0, 40)
    inputs = inputs_of(drawn, spread.knots_m) | {"payload_kg": np.full(40, payload)}
    guided = fly_many(MISSION, steering, inputs, wind_knots_m=spread.knots_m, closed_loop=True)
    kept = (guided["fregat.depleted"] == 0.0) & (guided["target.perigee_altitude_m"] > 590e3)
    assert kept.sum() >= 20
    axis, tilt = guided["insertion.semi_major_axis_m"][kept], guided["insertion.inclination_deg"][kept]
    assert np.ptp(axis) < 2e3 and np.ptp(tilt) < 0.02
    open_loop = fly_many(MISSION, steering, inputs, wind_knots_m=spread.knots_m)
    assert np.std(open_loop["insertion.semi_major_axis_m"]) > 10.0 * np.std(axis)


def test_an_escape_is_guided_to_its_energy():
    """Half a tonne is held back; the burn ends well above its perigee, climbing. Energy and plane are those of the nominal
    flight, with a weaker engine too, where open loop is short of both."""
    mission = load_mission(flown.PROJECT / "missions" / "soyuz5-dm03-mars.toml")
    steering = optimise(mission).require().steering
    mu, isp_s = mission.environment.mu_m3_s2, mission.upper_stage.isp_s
    nominal = simulate(mission, steering)
    asked = nominal["speed_eci_m_s"][-1] ** 2 - 2.0 * mu / np.linalg.norm([nominal[f"{axis}_eci_m"][-1] for axis in "xyz"])
    given = {"payload_kg": np.full(2, steering.payload_kg - 500.0), "upper_stage.isp_s": np.array([1.0, 0.99]) * isp_s}
    guided = fly_many(mission, steering, given, closed_loop=True)
    assert np.all(guided[f"{mission.upper_stage.name}.depleted"] == 0.0)
    assert -mu / guided["insertion.semi_major_axis_m"] == pytest.approx(np.full(2, asked), rel=2e-3)
    assert guided["insertion.inclination_deg"] == pytest.approx(np.full(2, nominal["inclination_deg"][-1]), abs=0.01)
    by_time = fly_many(mission, steering, given)
    assert np.all(np.abs(-mu / by_time["insertion.semi_major_axis_m"] - asked) > 0.05 * asked)


def test_every_payload_of_a_rideshare_is_let_go_on_its_orbit_in_closed_loop():
    """Semi-major axis and inclination at each release, with a weaker engine, against the nominal flight's."""
    mission = load_mission(flown.PROJECT / "missions" / "soyuz5-fregat-rideshare.toml")
    steering = optimise(mission).require().steering
    nominal, weak = simulate(mission, steering), {"upper_stage.isp_s": [0.997 * mission.upper_stage.isp_s]}
    guided, mu = fly_many(mission, steering, weak, closed_loop=True), mission.environment.mu_m3_s2
    names = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
    for release in mission.releases[:-1]:
        ours = np.array([guided[f"{release.name}.separation.{name}"][0] for name in names])
        end = next(event.t_s for event in nominal.events if event.name == f"{release.name} separation")
        row = np.flatnonzero(nominal.t_s == end)[0]
        theirs = np.array([nominal[name][row] for name in names])
        for of, tolerance in ((_axis_m, 1e3), (_tilt_deg, 0.01)):
            assert of(ours, mu) == pytest.approx(of(theirs, mu), abs=tolerance), release.name
    last = 0.5 * (nominal["perigee_altitude_m"][-1] + nominal["apogee_altitude_m"][-1])
    reached = 0.5 * (guided["insertion.perigee_altitude_m"][0] + guided["insertion.apogee_altitude_m"][0])
    assert reached == pytest.approx(last, abs=1e3)


def _axis_m(state: np.ndarray, mu: float) -> float:
    return 1.0 / (2.0 / float(np.linalg.norm(state[:3])) - float(state[3:] @ state[3:]) / mu)


def _tilt_deg(state: np.ndarray, mu: float) -> float:
    momentum = np.cross(state[:3], state[3:])
    return float(np.degrees(np.arccos(momentum[2] / np.linalg.norm(momentum))))
