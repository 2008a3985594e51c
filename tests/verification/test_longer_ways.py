"""Missions that witnesses of a benchmark fly, and whose first solution failed here: the longer ways find them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.site import RangeBand
from baiterek.trajectory.guess import Guesser
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.search import Search, Written
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.solver import Solution

FLIGHT = """
vehicle = "soyuz-5"
site = "baikonur-45"
[environment]
wind = "climatology"
[limits]
dynamic_pressure_kPa = 50.0
q_alpha_Pa_rad = 3500.0
axial_acceleration_g0 = 4.0
angle_of_attack_deg = 10.0
rise_altitude_m = 200.0
"""
TWO_BANDS = f"""
name = "case-371"
objective = "least_propellant"{FLIGHT}
turn_rate_deg_s = 3.0
[epoch]
utc = 2026-07-15T22:43:33Z
[payload]
mass_kg = 5572.391090715261
[target]
perigee_altitude_km = 465.0613849467328
apogee_altitude_km = 2117.5305196242443
inclination_deg = 95.07297881517931
[zones]
stage-1 = {{ min_km = 1524.2238429406323, max_km = 1644.2238429406323 }}
fairing = {{ min_km = 1481.0550306611644, max_km = 1641.0550306611644 }}
"""
SLOW = f"""
name = "case-373"
objective = "payload"{FLIGHT}
turn_rate_deg_s = 3.160930785719891
[epoch]
utc = 2026-07-15T16:31:09Z
[payload]
mass_kg = "maximise"
[target]
perigee_altitude_km = 266.5342064585239
apogee_altitude_km = 326.28151425806715
inclination_deg = 55.596373261674984
"""


@pytest.fixture
def mission_of(tmp_path: Path):
    def read(text: str) -> Mission:
        (tmp_path / "mission.toml").write_text(text, encoding="utf-8")
        return load_mission(tmp_path / "mission.toml")

    return read


def searching(setting: Setting) -> tuple[Search, Guess]:
    mission = setting.mission
    payload = (float(mission.payload_kg or 0.0), float(mission.payload_kg or 0.5 * setting.mass_scales[0]))
    search = Search(setting, payload, lambda solution: solution, lambda text: None)
    return search, Guesser(setting, setting.numbers.values).guess()


def range_m(setting: Setting, flight: Guess, name: str) -> float:
    """From the pad to the end of a fall: the angle of their directions on the turning Earth, times its equatorial radius."""
    earth, fall = setting.mission.environment, flight.falls[name]
    k, _ = setting.dropped(name)
    turned = earth.rotation_rad_s * (sum(path.duration_s for path in flight.phases[: k + 1]) + fall.duration_s)
    x, y, z = fall.states(np.array([1.0]))[:3, 0]
    x, y = np.cos(turned) * x + np.sin(turned) * y, np.cos(turned) * y - np.sin(turned) * x
    end, pad = np.array([x, y, z]), setting.numbers.of(setting.numbers.values, "pad")[:3]
    return float(earth.radius_m * np.arccos(end @ pad / np.linalg.norm(end) / np.linalg.norm(pad)))


def test_zones_are_narrowed_round_falls_that_end_beside_them(mission_of):
    """Stage and fairing of the best flight without zones fall 74 and 63 km too far; straight into both none was found."""
    setting = Setting(mission_of(TWO_BANDS))
    search, guess = searching(setting)
    found = search.run(guess)
    assert isinstance(found, Guess)
    for name, zone in setting.mission.zones.items():
        assert isinstance(zone, RangeBand)
        assert zone.min_m - 10.0 < range_m(setting, found, name) < zone.max_m + 10.0


def test_a_solver_that_runs_out_of_steps_near_a_flight_goes_on(mission_of):
    """A witness brings 5843.6 kg, into a zone at that; 120 steps with a high barrier end 2e-4 beside a flight."""
    setting = Setting(replace(mission_of(SLOW), zones={}))
    search, guess = searching(setting)
    written = Written(setting, guess)
    solution: Solution = search._solved(written, guess)
    assert solution.converged
    assert written.read(solution).payload_kg > 5843.6
