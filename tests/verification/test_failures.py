"""Failures of engines: when, what is left, where it comes down, and the lower orbit that guidance then aims at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import flown
from baiterek.constants import STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import fly_failures, fly_many, simulate
from baiterek.flight.fleet_kernel import FAILED
from baiterek.physics.earth import AIR_NONE, GRAVITY_POINT, WIND_NONE
from baiterek.physics.impact import impact_point
from baiterek.trajectory import optimise

MISSION = flown.mission()
STEERING = flown.by_hand(MISSION)
HELD_BACK_kg = 700.0


@pytest.fixture(scope="module")
def steering():
    return optimise(MISSION).require().steering


def guided(steering, kind, times_s, stage="stage-2", **how):
    light = {"payload_kg": np.full(len(times_s), steering.payload_kg - HELD_BACK_kg)}
    return fly_failures(MISSION, steering, stage, times_s, kind=kind, inputs=light, closed_loop=True, **how)


def test_a_shutdown_is_met_at_its_instant_with_the_state_of_the_nominal_flight():
    times = np.array([25.0, 60.5, 130.0])
    flights = fly_failures(MISSION, STEERING, "stage-1", times, rtol=1e-11)
    nominal = simulate(MISSION, STEERING, rtol=1e-11, output_s=0.5)
    assert flights["failure.t_s"] == pytest.approx(times, abs=1e-9)
    assert np.all(flights["status"] == FAILED) and np.all(np.isnan(flights["insertion.t_s"]))
    rows = [int(np.argmin(np.abs(nominal.t_s - t))) for t in times]
    for axis in "xyz":
        assert flights[f"failure.{axis}_eci_m"] == pytest.approx(nominal[f"{axis}_eci_m"][rows], abs=0.1)
        assert flights[f"failure.v{axis}_eci_m_s"] == pytest.approx(nominal[f"v{axis}_eci_m_s"][rows], abs=1e-3)
    assert flights["failure.mass_kg"] == pytest.approx(nominal["mass_kg"][rows], abs=0.1)


def test_without_air_all_falls_where_the_procedure_of_the_faa_says():
    """14 CFR 420 App. B, (d)(3)(v): a Keplerian ellipse to the ellipsoid, from the state at the failure."""
    bare = MISSION.environment._replace(air_model=AIR_NONE, wind_model=WIND_NONE, gravity_model=GRAVITY_POINT)
    mission = replace(MISSION, environment=bare)
    flights = fly_failures(mission, STEERING, "stage-1", [60.0, 100.0, 150.0], rtol=1e-10)
    state = [flights[f"failure.{name}"] for name in ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")]
    said = impact_point(*state, bare)
    turned = MISSION.sidereal_angle_rad + bare.rotation_rad_s * flights["failure.t_s"]
    longitude = np.degrees(np.asarray(said.longitude_rad) - turned)
    fall_s = flights["vehicle.impact.t_s"] - flights["failure.t_s"]
    assert fall_s == pytest.approx(np.asarray(said.time_to_fall_s), abs=0.05)
    assert flights["vehicle.impact.latitude_deg"] == pytest.approx(np.degrees(said.latitude_rad), abs=1e-4)
    apart = (flights["vehicle.impact.longitude_deg"] - longitude + 180.0) % 360.0 - 180.0
    assert apart == pytest.approx(0.0, abs=1e-4)


def test_a_thrust_loss_leaves_the_rest_of_thrust_and_flow():
    """Mass by the flow, which Tsiolkovsky's rocket knows: the burn takes 1 / (1 - part) as long."""
    at_s, part = 250.0, 0.25
    lost = fly_failures(MISSION, STEERING, "stage-2", [at_s], kind="thrust-loss", thrust_lost=part)
    whole = fly_many(MISSION, STEERING, {}, flights=1)
    engine = MISSION.vehicle.stages[1].engines[0]
    flow = engine.count * engine.thrust_vac_N / (STANDARD_GRAVITY_M_S2 * engine.isp_vac_s)
    more = lost["stage-2.usable_left_kg"][0] - whole["stage-2.usable_left_kg"][0]
    assert more == pytest.approx(part * flow * (whole["insertion.t_s"][0] - at_s), abs=0.1)


def test_a_vehicle_too_heavy_for_what_thrust_is_left_comes_down_under_power():
    flights = fly_failures(MISSION, STEERING, "stage-1", [10.0, 60.0], kind="thrust-loss", thrust_lost=0.6)
    assert flights["status"][0] == FAILED
    assert 10.0 < flights["vehicle.impact.t_s"][0] < 120.0
    pad = MISSION.site
    assert flights["vehicle.impact.latitude_deg"][0] == pytest.approx(np.degrees(pad.latitude_rad), abs=0.05)


def test_a_throttle_that_hangs_stays_where_it_was():
    """In the deepest throttling it costs speed later; before any throttling it is never throttled down: a higher load."""
    flights = fly_failures(MISSION, STEERING, "stage-1", [20.0, 62.0, 1e4], kind="stuck-throttle")
    early, deep, never = flights["stage-1.separation.speed_earth_m_s"]
    assert early > never > deep
    load = flights["peak.axial_acceleration_m_s2"]
    assert load[0] > load[2] + 1.0 and load[1] != load[2]
    assert np.isnan(flights["failure.t_s"][2])


def test_a_failure_after_the_stage_has_gone_never_happens(steering):
    flights = guided(steering, "shutdown", np.array([400.0, 2000.0]))
    assert flights["failure.t_s"][0] == 400.0 and np.isnan(flights["failure.t_s"][1])
    assert flights["insertion.perigee_altitude_m"][0] < 0.0 and np.isfinite(flights["vehicle.impact.latitude_deg"][0])
    assert abs(flights["insertion.semi_major_axis_m"][1] - WGS84_RADIUS_M - 200e3) < 100.0


def test_what_cannot_fail_is_refused():
    with pytest.raises(InputError, match="stage-1, stage-2"):
        fly_failures(MISSION, STEERING, "stage-3", [10.0])
    with pytest.raises(InputError, match="stuck-throttle"):
        fly_failures(MISSION, STEERING, "stage-1", [10.0], kind="explosion")


# --- the best orbit that can still be reached ---------------------------------------------------------


def test_a_loss_that_propellant_makes_up_for_changes_nothing(steering):
    flights = guided(steering, "thrust-loss", np.array([400.0]), thrust_lost=0.05)
    assert flights["target.perigee_altitude_m"][0] == pytest.approx(200e3, abs=1.0)
    assert abs(flights["insertion.semi_major_axis_m"][0] - WGS84_RADIUS_M - 200e3) < 100.0


def test_guidance_aims_lower_when_propellant_will_not_do(steering):
    """Too much payload for the nominal circle: a lower one in the same plane, which the nominal aim would have missed."""
    heavy = steering.payload_kg + np.array([150.0, 300.0])
    flights = fly_many(MISSION, steering, {"payload_kg": heavy}, closed_loop=True)
    aim = flights["target.perigee_altitude_m"]
    assert np.all((aim > 150e3) & (aim < 195e3)) and aim[1] < aim[0]
    for name in ("perigee", "apogee"):
        assert flights[f"insertion.{name}_altitude_m"] == pytest.approx(aim, abs=8e3)
    assert flights["insertion.inclination_deg"] == pytest.approx(51.6, abs=2e-3)
    assert flights["stage-2.usable_left_kg"] == pytest.approx(0.0, abs=60.0)


def test_a_thrust_loss_ends_in_a_lower_orbit_and_not_in_the_sea(steering):
    flights = guided(steering, "thrust-loss", np.array([250.0, 265.0]), thrust_lost=0.25)
    assert np.all(np.isnan(flights["vehicle.impact.latitude_deg"]))
    assert np.all(flights["insertion.perigee_altitude_m"] > 120e3)
    assert np.all(flights["target.perigee_altitude_m"] < 199e3)


def test_the_rule_of_lower_targets():
    """Vis viva at the perigee: an ellipse loses apogee first, then the circle comes down, then the least altitude holds."""
    from baiterek.flight.deciding import target_within_reach
    from baiterek.flight.fleet import load_fleet
    from baiterek.flight.onboard import load_onboard

    onboard = load_onboard(replace(MISSION, payload_kg=STEERING.payload_kg), STEERING)
    medium = load_fleet(MISSION, STEERING, {}, flights=1).course.medium
    mu, perigee, eccentricity = medium.globe.mu_m3_s2, WGS84_RADIUS_M + 300e3, 0.05
    ellipse = np.array([[0.0, 0.0, 1.0, 1.0, 0.0, 0.0, perigee * (1.0 + eccentricity), eccentricity]])
    onboard = onboard._replace(targets=ellipse)
    speed = np.sqrt(mu * (1.0 + eccentricity) / perigee)

    lower = target_within_reach(0, 50.0, onboard, medium)
    assert lower.parameter_m / (1.0 + lower.eccentricity) == pytest.approx(perigee, abs=1e-3)
    assert np.sqrt(mu * (1.0 + lower.eccentricity) / perigee) == pytest.approx(speed - 50.0, abs=1e-6)
    circle = target_within_reach(0, 230.0, onboard, medium)
    assert circle.eccentricity == 0.0 and onboard.least_radius_m < circle.parameter_m < perigee
    energy = 0.5 * (speed - 230.0) ** 2 - mu / perigee
    assert -0.5 * mu / circle.parameter_m == pytest.approx(energy, rel=1e-12)
    assert target_within_reach(0, 1000.0, onboard, medium).parameter_m == onboard.least_radius_m
