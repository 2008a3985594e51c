"""Several payloads let go on orbits of their own: planned as one problem, flown, and counted by hand."""

from __future__ import annotations

import itertools
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.flight import simulate
from baiterek.study.summary import summary
from baiterek.trajectory import optimise
from baiterek.trajectory.outline import outline

RIDE = Path(__file__).resolve().parents[2] / "missions" / "soyuz5-fregat-rideshare.toml"
STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


@pytest.fixture(scope="module")
def ride():
    mission = load_mission(RIDE)
    optimum = optimise(mission).require()
    flight = simulate(mission, optimum.steering)
    return mission, optimum, flight, summary(mission, optimum, flight)


def test_every_payload_is_let_go_on_its_orbit_in_the_simulator(ride):
    """The semi-major axis of a circle under J2 is within 1.5 J2 R^2 / a (10 km) of the mean one, first order; the inclination
    of a sun-synchronous orbit stands in `test_transfers`; what the simulator flies is what the optimiser asked, within 20 m."""
    _mission, optimum, _flight, found = ride
    assert [row["name"] for row in found["releases"]] == ["observer", "radar", "cubesats"]
    for row, altitude in zip(found["releases"], (500.0, 600.0, 520.0), strict=True):
        middle = 0.5 * (row["achieved"]["perigee_altitude_km"] + row["achieved"]["apogee_altitude_km"])
        assert middle == pytest.approx(altitude, abs=10.5)
        low, high = row["target"]["inclination_deg"]
        assert row["achieved"]["inclination_deg"] == pytest.approx(0.5 * (low + high), abs=0.01)
        end = np.flatnonzero(optimum.history.t_s == row["t_s"])[-1]
        own = np.array([optimum.history.columns[name][end] for name in STATE])
        assert np.linalg.norm(own[:3] - row["state_eci"][:3]) < 20.0


def test_masses_fall_by_each_payload(ride):
    _mission, _optimum, flight, found = ride
    for row, mass in zip(found["releases"][:-1], (5200.0, 3200.0), strict=True):
        rows = np.flatnonzero(flight.t_s == row["t_s"])
        assert flight.columns["mass_kg"][rows[0]] - flight.columns["mass_kg"][rows[-1]] == pytest.approx(mass, abs=1e-6)
    assert found["answer"]["payload_kg"] == 9300.0


def test_propellant_is_that_of_the_impulses_and_a_little_more(ride):
    """Tsiolkovsky through all burns, by hand: no less than two tangential impulses a leg with the turn left out, no more than
    a tenth over the outline's."""
    mission, optimum, flight, _found = ride
    exhaust = 327.0 * STANDARD_GRAVITY_M_S2
    phases = [number for number, name in enumerate(flight.phases) if " burn " in name][2:]

    burned = []
    for number in phases:
        rows = np.flatnonzero(flight.phase == number)
        steering = optimum.steering.phases[number]
        flow = 19610.0 / exhaust
        start = flight.columns["mass_kg"][rows[0]]
        burned.append(-exhaust * np.log(1.0 - flow * steering.duration_s / start))
    radii = [WGS84_RADIUS_M + 1e3 * h for h in (500.0, 600.0, 520.0)]
    least = sum(_hohmann(a, b) for a, b in itertools.pairwise(radii))
    planned = sum(step.speed_m_s for step in outline(mission).steps[1:])
    assert least <= sum(burned) <= 1.1 * planned


def _hohmann(one: float, other: float) -> float:
    """Vallado, Fundamentals of Astrodynamics and Applications, 4th ed., sec. 6.3."""
    axis = 0.5 * (one + other)
    speeds = [sqrt(EARTH_MU_M3_S2 * (2.0 / r - 1.0 / axis)) - sqrt(EARTH_MU_M3_S2 / r) for r in (one, other)]
    return sum(map(abs, speeds))


def test_the_mass_of_one_release_is_maximised(tmp_path):
    """The other two as given; books of mass by hand, and no more than Fregat takes to 500 km alone, where nobody goes on."""
    text = RIDE.read_text(encoding="utf-8").replace("mass_kg = 900.0", 'mass_kg = "maximise"')
    (tmp_path / "ride.toml").write_text(text.replace('"least_propellant"', '"payload"'), encoding="utf-8")
    mission = load_mission(tmp_path / "ride.toml")
    optimum = optimise(mission).require()
    flight = simulate(mission, optimum.steering)
    found = summary(mission, optimum, flight)
    masses = [row["mass_kg"] for row in found["releases"]]
    assert masses[:2] == [5200.0, 3200.0] and sum(masses) == pytest.approx(optimum.payload_kg)
    # Fregat with its adapters, residual and what deorbits it from 520 km is left: 1000 + 145 + 50 kg and some 50.
    assert flight["mass_kg"][-1] - masses[2] == pytest.approx(1245.0, abs=25.0)
    assert 9300.0 < optimum.payload_kg < 13200.0
    assert optimum.gap_position_m < 20.0 and optimum.gap_speed_m_s < 0.05
    tank = next(limit for limit in optimum.limits if limit.name == "propellant fregat")
    assert tank.active


def test_a_light_ride_is_planned_though_the_launcher_could_carry_three_times_as_much(tmp_path):
    """4 t in all: the launcher stops early, on the highest perigee that it may be left on; flown, semi-major axes as above."""
    text = RIDE.read_text(encoding="utf-8")
    for heavy, light in (("5200.0", "2000.0"), ("3200.0", "1500.0"), ("900.0", "500.0")):
        text = text.replace(f"mass_kg = {heavy}", f"mass_kg = {light}")
    (tmp_path / "light.toml").write_text(text, encoding="utf-8")
    mission = load_mission(tmp_path / "light.toml")
    optimum = optimise(mission).require()
    found = summary(mission, optimum, simulate(mission, optimum.steering))
    for row, altitude in zip(found["releases"], (500.0, 600.0, 520.0), strict=True):
        middle = 0.5 * (row["achieved"]["perigee_altitude_km"] + row["achieved"]["apogee_altitude_km"])
        assert middle == pytest.approx(altitude, abs=10.5)
    assert optimum.gap_position_m < 20.0 and optimum.gap_speed_m_s < 0.05
    stage = next(limit for limit in optimum.limits if limit.name == "launcher_perigee_max_m")
    assert stage.active
