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
