"""Orbits high above the parking orbit: found without a guess, flown by the simulator, and no cheaper than impulses allow.

One or two solves each, some seconds.
"""

import numpy as np
import pytest

from baiterek.catalogue.burns import as_flown, burns_of
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.flight import simulate
from baiterek.physics.transfer import hohmann
from baiterek.trajectory import optimise

HEAD = """
name = "high"
vehicle = "soyuz-5"
site = "baikonur-45"
objective = "payload"
upper_stage = {{ stage = "{stage}", burns = {burns} }}
epoch = {{ utc = 2026-12-15T09:00:00Z }}
payload = {{ mass_kg = "maximise" }}
target = {{ orbit = "{orbit}" }}
[limits]
dynamic_pressure_kPa = 50.0
q_alpha_Pa_rad = 3500.0
axial_acceleration_g0 = 4.0
angle_of_attack_deg = 10.0
turn_rate_deg_s = 3.0
rise_altitude_m = 200.0
"""


FREE = 'molniya", argument_of_perigee_deg = "free'


def planned(tmp_path, stage, burns, orbit):
    """The mission, its optimum and the simulator's flight of it."""
    (tmp_path / "high.toml").write_text(HEAD.format(stage=stage, burns=burns, orbit=orbit), encoding="utf-8")
    mission = load_mission(tmp_path / "high.toml")
    optimum = optimise(mission).require()
    assert optimum.gap_position_m < 20.0 and optimum.gap_speed_m_s < 0.05
    flight = simulate(mission, optimum.steering)
    for axis in "xyz":
        assert abs(flight[f"{axis}_eci_m"][-1] - optimum.history[f"{axis}_eci_m"][-1]) < 20.0
    return mission, optimum, flight


def burned(history, isp_s):
    """Ideal velocity of each burn of the upper stage, m/s."""
    for number, name in enumerate(history.phases):
        if " burn " in name:
            mass = history["mass_kg"][history.phase == number]
            yield STANDARD_GRAVITY_M_S2 * isp_s * np.log(mass[0] / mass[-1])


def test_a_navigation_orbit_by_block_dm(tmp_path):
    """19 100 km: the last burn takes Hohmann's second impulse and at most 4 % more, with a few degrees of plane."""
    _, _, flight = planned(tmp_path, "block-dm-03-light", 3, "glonass-like")
    assert flight["perigee_altitude_m"][-1] == pytest.approx(25508e3 - WGS84_RADIUS_M, abs=200.0)
    assert flight["inclination_deg"][-1] == pytest.approx(64.8, abs=1e-3)
    bound = hohmann(WGS84_RADIUS_M + 190e3, 25508e3, EARTH_MU_M3_S2)[1]
    assert -0.005 < list(burned(flight, 356.0))[-1] / bound - 1.0 < 0.04


def test_a_navigation_orbit_by_fregat_whose_first_burn_raises_the_apogee(tmp_path):
    """The launcher all but reaches orbit with Fregat: two burns, the first from its ellipse straight to the height."""
    _, _, flight = planned(tmp_path, "fregat", 2, "glonass-like")
    assert flight["apogee_altitude_m"][-1] == pytest.approx(25508e3 - WGS84_RADIUS_M, abs=200.0)
    first, second = burned(flight, 327.0)
    assert second == pytest.approx(hohmann(WGS84_RADIUS_M + 160e3, 25508e3, EARTH_MU_M3_S2)[1], rel=0.02)
    assert first < hohmann(WGS84_RADIUS_M + 160e3, 25508e3, EARTH_MU_M3_S2)[0]  # the launcher's ellipse is no circle


def test_molniya_has_its_perigee_in_the_south(tmp_path):
    mission, optimum, flight = planned(tmp_path, "block-dm-03-light", '"auto"', "molniya")
    assert 2.0 * np.pi * np.sqrt(
        (0.5 * (flight["perigee_altitude_m"][-1] + flight["apogee_altitude_m"][-1]) + WGS84_RADIUS_M) ** 3 / EARTH_MU_M3_S2
    ) == pytest.approx(43082.0, abs=5.0)  # half a sidereal day
    assert flight["inclination_deg"][-1] == pytest.approx(63.435, abs=1e-3)
    south = [flight[name][-1] for name in ("z_eci_m", "vz_eci_m_s")]
    assert south[0] < 0.0  # the last burn stands about the perigee, in the south
    assert burns_of(as_flown(mission, optimum.steering)) == 2


def test_tundra_is_reached_by_its_apogee(tmp_path):
    """Up to the apogee over the north and the perigee raised there, which by impulses takes 540 m/s less than the way by the
    perigee: the last burn is that impulse, by vis viva, within 1 %."""
    _, _, flight = planned(tmp_path, "block-dm-03-light", '"auto"', "tundra")
    axis, eccentricity = 42164.17e3, 0.2684
    perigee, apogee = axis * (1.0 - eccentricity), axis * (1.0 + eccentricity)
    assert flight["perigee_altitude_m"][-1] == pytest.approx(perigee - WGS84_RADIUS_M, abs=500.0)
    assert flight["apogee_altitude_m"][-1] == pytest.approx(apogee - WGS84_RADIUS_M, abs=500.0)
    assert flight["inclination_deg"][-1] == pytest.approx(63.435, abs=1e-3)
    assert flight["z_eci_m"][-1] > 0.85 * apogee  # sin 63.4 deg of it: the northernmost point
    low = WGS84_RADIUS_M + 210e3

    def at_apogee(other):
        return np.sqrt(2.0 * EARTH_MU_M3_S2 * other / (apogee * (apogee + other)))

    assert list(burned(flight, 356.0))[-1] == pytest.approx(at_apogee(perigee) - at_apogee(low), rel=0.01)


def test_a_free_argument_of_perigee_is_worth_something(tmp_path):
    """A bound of its own: what was found with the argument of a Molniya fixed is open to the flight with it free."""
    fixed, free = (planned(tmp_path, "block-dm-03-light", 2, orbit)[1] for orbit in ("molniya", FREE))
    assert fixed.payload_kg < free.payload_kg < 1.02 * fixed.payload_kg


TRANSFER = """
name = "transfer"
vehicle = "soyuz-5"
site = "baikonur-45"
objective = "payload"
upper_stage = "fregat-sb"
epoch = { utc = 2026-12-15T09:00:00Z }
payload = { mass_kg = "maximise" }
target = { perigee_altitude_km = 250.0, apogee_altitude_km = 35786.0, inclination_deg = 48.0 }
[limits]
dynamic_pressure_kPa = 50.0
q_alpha_Pa_rad = 3500.0
axial_acceleration_g0 = 4.0
angle_of_attack_deg = 10.0
turn_rate_deg_s = 3.0
rise_altitude_m = 200.0
"""


def test_drop_tanks_are_empty_when_they_go_on_the_way_to_a_transfer_orbit(tmp_path):
    """Two burns at perigee: the first empties the tanks, and their 360 kg are gone before the second."""
    (tmp_path / "transfer.toml").write_text(TRANSFER, encoding="utf-8")
    mission = load_mission(tmp_path / "transfer.toml")
    optimum = optimise(mission).require()
    flight = simulate(mission, optimum.steering)
    assert flight["apogee_altitude_m"][-1] == pytest.approx(35786e3, abs=2e3)
    assert flight["perigee_altitude_m"][-1] == pytest.approx(250e3, abs=200.0)
    first, coast = (
        flight["mass_kg"][flight.phase == flight.phases.index(f"fregat-sb {name}")] for name in ("burn 1", "coast 1")
    )
    assert first[0] - first[-1] > 3050.0
    assert first[-1] - coast[0] == pytest.approx(360.0, abs=1e-6)
    tanks = next(limit for limit in optimum.limits if limit.name == "upper_stage drop tanks")
    assert tanks.met and tanks.limit == 3050.0
    low, high = WGS84_RADIUS_M + 180e3, WGS84_RADIUS_M + 35786e3
    assert sum(burned(flight, 333.2)) > hohmann(low, high, EARTH_MU_M3_S2)[0]
