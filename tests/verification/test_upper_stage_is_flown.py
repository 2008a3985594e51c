"""Upper stages: what the optimiser plans is flown, and its burns cost what the closed forms of impulses say and a little more.

Slow for what they do, so few: straight to the geostationary circle with a Block DM, and with ten times its thrust.
"""

from dataclasses import replace

import numpy as np
import pytest

import flown
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.flight import simulate
from baiterek.physics.transfer import raise_and_turn
from baiterek.trajectory import optimise
from baiterek.trajectory.outline import outline

MISSIONS = flown.PROJECT / "missions"
GEO = MISSIONS / "soyuz5-dm03-geo.toml"
NO_LOADS = {
    f"limits.{key}": None for key in ("axial_acceleration_g0", "angle_of_attack_deg", "q_alpha_Pa_rad", "turn_rate_deg_s")
}


def burns(optimum):
    """Ideal velocity of each burn of the upper stage, and the state at its ignition."""
    history, found = optimum.history, []
    isp_s = {"block-dm-03-light": 356.0, "fregat": 327.0}
    for number, name in enumerate(history.phases):
        stage = name.split(" burn ")[0]
        if " burn " in name:
            rows = np.flatnonzero(history.phase == number)
            mass = history["mass_kg"][rows]
            gain = STANDARD_GRAVITY_M_S2 * isp_s[stage] * np.log(mass[0] / mass[-1])
            found.append(
                (gain, {key: float(history[key][rows[0]]) for key in ("perigee_altitude_m", "inclination_deg", "altitude_m")})
            )
    return found


def bound(optimum):
    """The cheapest two impulses to the geostationary circle from a circle as high as the second burn begins."""
    at = burns(optimum)[1][1]
    start = WGS84_RADIUS_M + at["altitude_m"]
    return raise_and_turn(start, WGS84_RADIUS_M + 35786e3, np.radians(at["inclination_deg"]), EARTH_MU_M3_S2).total_m_s


@pytest.fixture(scope="module")
def geo():
    mission = load_mission(GEO)
    return mission, optimise(mission).require()


def test_the_optimum_of_a_geostationary_flight_is_flown(geo):
    mission, optimum = geo
    assert optimum.gap_position_m < 20.0 and optimum.gap_speed_m_s < 0.05
    flight = simulate(mission, optimum.steering)
    for axis in "xyz":
        assert abs(flight[f"{axis}_eci_m"][-1] - optimum.history[f"{axis}_eci_m"][-1]) < 20.0
        assert abs(flight[f"v{axis}_eci_m_s"][-1] - optimum.history[f"v{axis}_eci_m_s"][-1]) < 0.05
    assert flight["altitude_m"][-1] == pytest.approx(35786e3, abs=100.0)
    assert flight["inclination_deg"][-1] == pytest.approx(0.0, abs=1e-3)
    dropped = next(fall for fall in flight.falls if fall.name == "stage-2")
    assert dropped.landed and dropped.t_s < 3600.0
    names = [event.name for event in flight.events]
    assert names.count("block-dm-03-light ignition") == 3 and "stage-2 separation" in names


def test_masses_of_a_geostationary_flight_add_up(geo):
    """Load less residual, reserve, settling of two restarts and what three kilograms and more of coasting take."""
    mission, optimum = geo
    history, stage = optimum.history, mission.upper_stage
    first = history.phases.index("block-dm-03-light separation")
    start = history["mass_kg"][np.flatnonzero(history.phase == first)[0]]
    assert start == pytest.approx(stage.loaded_kg + optimum.payload_kg, abs=1e-6 * start)
    burned = sum(np.ptp(history["mass_kg"][history.phase == k]) for k in range(first, len(history.phases)))
    assert burned == pytest.approx(15000.0 - 150.0 - 100.0 - 2 * 10.0, abs=0.5)
    end = history["mass_kg"][-1]
    assert end == pytest.approx(optimum.payload_kg + 2140.0 + 150.0 + 100.0, abs=0.5)


def test_finite_burns_of_a_block_dm_cost_at_most_three_percent(geo):
    _, optimum = geo
    later = sum(gain for gain, _ in burns(optimum)[1:])
    assert 0.0 < later / bound(optimum) - 1.0 < 0.03


def test_losses_fall_towards_the_impulses_as_the_thrust_rises(geo):
    """With ten times the thrust the two later burns come to within 0.3 % of the impulses (the parking orbit is no circle)."""
    mission = load_mission(GEO, NO_LOADS)
    stage = mission.upper_stage
    data = {**stage.data, "thrust_N": replace(stage.data["thrust_N"], value=10.0 * stage.thrust_N)}
    data["burn_min_s"] = replace(data["burn_min_s"], value=1.0)
    strong = replace(stage, thrust_N=10.0 * stage.thrust_N, burn_min_s=1.0, data=data)
    optimum = optimise(replace(mission, upper_stage=strong)).require()
    excess = sum(gain for gain, _ in burns(optimum)[1:]) / bound(optimum) - 1.0
    finite = sum(gain for gain, _ in burns(geo[1])[1:]) / bound(geo[1]) - 1.0
    assert abs(excess) < 0.003 and excess < 0.4 * finite


def test_the_outline_of_a_geostationary_flight_is_made_of_closed_forms():
    """A raise at a node and the plane turned at the apogee: Hohmann's impulses, the second by the law of cosines."""
    mission = load_mission(GEO)
    found = outline(mission)
    mu, low, high = EARTH_MU_M3_S2, found.perigee_radius_m, WGS84_RADIUS_M + 35786e3
    first = np.sqrt(2 * mu / low - 2 * mu / (low + high)) - np.sqrt(mu / low)
    slow, fast = np.sqrt(2 * mu / high - 2 * mu / (low + high)), np.sqrt(mu / high)
    turn = np.arctan2(np.hypot(*found.normal[:2]), found.normal[2])
    second = np.sqrt(slow**2 + fast**2 - 2 * slow * fast * np.cos(turn))
    assert [step.speed_m_s for step in found.steps] == pytest.approx([first, second], rel=1e-9)
    assert abs(found.steps[0].direction @ found.normal) < 1e-12


def test_a_payload_out_of_reach_is_refused_with_what_is_missing():
    optimum = optimise(load_mission(GEO, {"payload.mass_kg": 25000.0, "objective": "least_propellant"}))
    assert optimum.status == "infeasible" and any("m/s" in name for name in optimum.missing)
