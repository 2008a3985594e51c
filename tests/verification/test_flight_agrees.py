"""The compiled flight against another integrator, another interpolation and the same formulas on NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.interpolate import BarycentricInterpolator

from baiterek.catalogue.sequence import sequence
from baiterek.errors import NotConverged
from baiterek.flight import simulate
from baiterek.history import Steering
from baiterek.physics.ascent import Command, State, air_data, ascent_rate, fall_rate, forces
from baiterek.physics.earth import geodetic
from flight_cases import WIND, environment, mission, steering

MISSION = mission(environment(wind=WIND))
STEERING = steering(MISSION)
AXES = ("x_eci_m", "y_eci_m", "z_eci_m")
SPEEDS = ("vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


@pytest.fixture(scope="module")
def flight():
    return simulate(MISSION, STEERING, rtol=1e-11)


def throttle_of(phase, s: float, polynomial: float) -> float:
    low, peak = phase.throttle
    if phase.ramp:
        return peak * (s if phase.ramp == "rise" else 1.0 - s)
    return peak if low == peak else polynomial


def reference() -> np.ndarray:
    """State at insertion by SciPy's DOP853 from the pad, with its own pad, interpolation and books of mass."""
    phases = sequence(MISSION).phases
    where, earth = MISSION.site, MISSION.environment
    # Closed form of the pad's position (NGA.STND.0036, eq. 4-14), turned by the sidereal angle.
    e2 = earth.flattening * (2.0 - earth.flattening)
    normal = earth.radius_m / np.sqrt(1.0 - e2 * np.sin(where.latitude_rad) ** 2)
    angle = where.longitude_rad + MISSION.sidereal_angle_rad
    p = (normal + where.altitude_m) * np.cos(where.latitude_rad)
    z = (normal * (1.0 - e2) + where.altitude_m) * np.sin(where.latitude_rad)
    r = np.array([p * np.cos(angle), p * np.sin(angle), z])
    y = np.concatenate((r, np.cross([0.0, 0.0, earth.rotation_rad_s], r), [np.nan]))
    atol = [1e-6] * 3 + [1e-9] * 3 + [1e-6]
    for phase, flown in zip(phases, STEERING.phases, strict=True):
        if phase.mass_start_kg is not None:
            y[6] = phase.mass_start_kg
        for left, right, values in zip(flown.breaks[:-1], flown.breaks[1:], flown.values, strict=True):
            inside = BarycentricInterpolator(flown.nodes, values)

            def rhs(t, y, phase=phase, flown=flown, left=left, right=right, inside=inside):
                s = (t - flown.start_s) / flown.duration_s
                at = inside((s - left) / (right - left))
                axis = at[:3]
                if flown.mode == "up":
                    place = geodetic(y[0], y[1], y[2], earth)
                    across = place.cos_latitude / np.hypot(y[0], y[1])
                    axis = np.array([across * y[0], across * y[1], place.sin_latitude])
                axis = axis / np.linalg.norm(axis)
                flow = air_data(*y[:6], earth)
                command = Command(*axis, throttle_of(phase, s, at[3]))
                force = forces(flow, command, phase.propulsion, MISSION.vehicle.aerodynamics)
                return np.array(ascent_rate(State(*y), force, earth))

            span = flown.start_s + flown.duration_s * np.array([left, right])
            y = solve_ivp(rhs, span, y, "DOP853", rtol=1e-12, atol=atol, max_step=10.0).y[:, -1]
        y[6] -= sum(drop.mass_kg for drop in phase.drops if drop.mass_kg is not None)
    return y


def test_the_ascent_agrees_with_another_integrator(flight):
    theirs = reference()
    ours = np.array([flight[name][-1] for name in (*AXES, *SPEEDS, "mass_kg")])
    # rtol 1e-11 through 500 s of a field that amplifies errors: millimetres.
    assert np.linalg.norm(ours[:3] - theirs[:3]) < 5e-3
    assert np.linalg.norm(ours[3:6] - theirs[3:6]) < 2e-5
    assert ours[6] == pytest.approx(theirs[6], abs=1e-5)


def test_the_default_tolerance_keeps_a_decimetre_at_insertion_and_half_a_metre_at_impact(flight):
    quick = simulate(MISSION, STEERING)
    gap = [quick[name][-1] - flight[name][-1] for name in AXES]
    assert np.linalg.norm(gap) < 0.1
    for ours, finer in zip(quick.falls, flight.falls, strict=True):
        assert ours.latitude_deg == pytest.approx(finer.latitude_deg, abs=4e-6)
        assert ours.longitude_deg == pytest.approx(finer.longitude_deg, abs=4e-6)
        assert ours.t_s == pytest.approx(finer.t_s, abs=1e-3)


def test_falls_agree_with_another_integrator(flight):
    earth = MISSION.environment
    drops = [drop for phase in sequence(MISSION).phases for drop in phase.drops]
    assert len(flight.falls) == len(drops) == 2
    for ours, drop in zip(flight.falls, drops, strict=True):
        start = np.array([ours.columns[name][0] for name in (*AXES, *SPEEDS)])

        def rhs(t, y, mass=ours.mass_kg, body=drop.body):
            return np.array(fall_rate(*y, mass, body.area_m2, body.drag, earth))

        def ground(t, y):
            return geodetic(y[0], y[1], y[2], earth).altitude_m

        ground.terminal = True
        theirs = solve_ivp(
            rhs, (ours.columns["t_s"][0], 4000.0), start, "DOP853", rtol=1e-11, atol=[1e-5] * 3 + [1e-8] * 3,
            max_step=10.0, events=ground,
        )  # fmt: skip
        end = np.array([ours.columns[name][-1] for name in AXES])
        assert abs(ours.columns["altitude_m"][-1]) < 1e-5
        assert ours.t_s == pytest.approx(theirs.t_events[0][0], abs=1e-4)
        assert np.linalg.norm(end - theirs.y_events[0][0][:3]) < 0.02


@pytest.mark.parametrize(("output_s", "fall_output_s"), [(0.1, 0.5), (2.5, 7.0), (50.0, 400.0)])
def test_nothing_depends_on_the_output_step(output_s, fall_output_s):
    """A known fault of another program: its impact point moved by 160 km with the interval of its table."""
    usual = simulate(MISSION, STEERING)
    other = simulate(MISSION, STEERING, output_s=output_s, fall_output_s=fall_output_s)
    for name in (*AXES, *SPEEDS, "mass_kg"):
        assert other[name][-1] == usual[name][-1]
    for ours, theirs in zip(other.falls, usual.falls, strict=True):
        assert ours.t_s == theirs.t_s
        assert (ours.latitude_deg, ours.longitude_deg) == (theirs.latitude_deg, theirs.longitude_deg)


def test_the_flight_begins_at_rest_on_the_pad(flight):
    assert flight["latitude_deg"][0] == pytest.approx(np.degrees(MISSION.site.latitude_rad), abs=1e-10)
    assert flight["longitude_deg"][0] == pytest.approx(np.degrees(MISSION.site.longitude_rad), abs=1e-10)
    assert flight["altitude_m"][0] == pytest.approx(MISSION.site.altitude_m, abs=1e-6)
    assert flight["speed_earth_m_s"][0] == pytest.approx(0.0, abs=1e-3)
    assert flight["pitch_deg"][0] == pytest.approx(90.0, abs=1e-4)


def test_the_books_of_mass_close(flight):
    """What left the pad is what burned, what was dropped and what arrived."""
    phases = sequence(MISSION).phases
    joins = np.flatnonzero(np.diff(flight.phase))
    lost = {phases[flight.phase[j]].name: flight["mass_kg"][j] - flight["mass_kg"][j + 1] for j in joins}
    dropped = {fall.name: fall.mass_kg * fall.pieces for fall in flight.falls}
    assert lost["one shutdown"] == pytest.approx(dropped["stage one"], abs=1e-6)
    assert lost["two with fairing"] == pytest.approx(3000.0, abs=1e-6) == dropped["fairing half"]
    assert flight["mass_kg"][0] == pytest.approx(sequence(MISSION).lift_off_mass_kg, abs=1e-6)
    assert np.all(np.diff(flight.t_s) >= 0.0)


def test_a_ramp_runs_from_nothing_to_the_peak(flight):
    phases = [phase.name for phase in sequence(MISSION).phases]
    rise = flight["throttle"][flight.phase == phases.index("two start")]
    fall = flight["throttle"][flight.phase == phases.index("one shutdown")]
    assert (rise[0], rise[-1]) == pytest.approx((0.0, 1.0), abs=1e-12)
    assert (fall[0], fall[-1]) == pytest.approx((0.5, 0.0), abs=1e-12)


def test_a_body_that_is_still_up_has_not_landed():
    low = simulate(MISSION, STEERING, fall_horizon_s=30.0)
    assert not any(fall.landed for fall in low.falls)
    assert low.falls[0].t_s == pytest.approx(low.falls[0].columns["t_s"][0] + 30.0)
    assert not any("impact" in event.name for event in low.events)


def test_a_flight_without_direction_says_where_it_ends():
    broken = replace(STEERING.phases[1], values=np.zeros_like(STEERING.phases[1].values))
    with pytest.raises(NotConverged, match=r"beyond 9\.000 s"):
        simulate(MISSION, Steering((STEERING.phases[0], broken, *STEERING.phases[2:]), STEERING.payload_kg))


def test_a_flight_that_burns_more_than_it_carries_says_where_it_ends():
    last = replace(STEERING.phases[-2], duration_s=900.0)
    with pytest.raises(NotConverged, match="burns more than the vehicle carries"):
        simulate(MISSION, Steering((*STEERING.phases[:-2], last, STEERING.phases[-1]), STEERING.payload_kg))
