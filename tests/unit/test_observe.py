"""The columns of a flight: states made by hand from a place and a direction give back that place and direction."""

import numpy as np
import pytest
from pyproj import Geod

from baiterek.physics.aerodynamics import Body
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.observe import NO_ENGINES, observe
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import constant_table
from worlds import EARTH, WINDY

BODY = Body(10.0, constant_table(0.3), constant_table(2.0))
PAD = (np.radians(45.94), np.radians(63.65), 65.0)
GREENWICH = 2.0


def inertial(latitude_deg, longitude_deg, altitude_m, vector_enu, t_s=0.0, turning=True):
    """Position, and a vector from east, north, up (plus the Earth's rotation), in axes where Greenwich is at 2 rad."""
    angle = np.radians(longitude_deg) + GREENWICH + EARTH.rotation_rad_s * t_s
    latitude = np.radians(latitude_deg)
    position = np.array(fixed_from_geodetic(latitude, angle, altitude_m, EARTH))
    east = np.array([-np.sin(angle), np.cos(angle), 0.0])
    up = np.array([np.cos(latitude) * np.cos(angle), np.cos(latitude) * np.sin(angle), np.sin(latitude)])
    vector = np.column_stack([east, np.cross(up, east), up]) @ vector_enu
    return position, vector + (np.cross([0, 0, EARTH.rotation_rad_s], position) if turning else 0.0)


def one_row(place, velocity_enu, axis_enu=(0, 0, 1), t_s=0.0, mass=1e5, engines=NO_ENGINES, world=EARTH):
    position, velocity = inertial(*place, velocity_enu, t_s)
    _, axis = inertial(*place, axis_enu, t_s, turning=False)
    state, command = np.array([[*position, *velocity, mass]]), np.array([[*axis, 1.0]])
    return {k: v[0] for k, v in observe(np.array([t_s]), state, command, engines, BODY, world, GREENWICH, PAD).items()}


def test_a_climb_at_a_known_place():
    """Azimuth 60 deg, path 30 deg over the horizon, nose 5 deg higher; PROJ's geodesic for the range (0.4 %: ours is on
    a sphere of equatorial radius)."""
    speed, path, azimuth = 1500.0, np.radians(30.0), np.radians(60.0)
    velocity = speed * np.array([np.cos(path) * np.sin(azimuth), np.cos(path) * np.cos(azimuth), np.sin(path)])
    nose = np.radians(35.0)
    axis = (np.cos(nose) * np.sin(azimuth), np.cos(nose) * np.cos(azimuth), np.sin(nose))
    row = one_row((46.6, 65.3, 40e3), velocity, axis, t_s=100.0)
    assert (row["latitude_deg"], row["longitude_deg"]) == pytest.approx((46.6, 65.3), abs=1e-9)
    assert row["altitude_m"] == pytest.approx(40e3, abs=1e-6)
    assert row["speed_earth_m_s"] == pytest.approx(speed, abs=1e-9) == row["airspeed_m_s"]
    assert (row["flight_path_angle_deg"], row["azimuth_deg"]) == pytest.approx((30.0, 60.0), abs=1e-9)
    assert (row["pitch_deg"], row["heading_deg"]) == pytest.approx((35.0, 60.0), abs=1e-9)
    assert row["angle_of_attack_deg"] == pytest.approx(5.0, abs=1e-6)
    assert row["q_alpha_Pa_rad"] == pytest.approx(row["dynamic_pressure_Pa"] * np.sin(np.radians(5.0)), rel=1e-6)
    _, _, geodesic_m = Geod(ellps="WGS84").inv(63.65, 45.94, 65.3, 46.6)
    assert row["ground_range_m"] == pytest.approx(geodesic_m, rel=4e-3)


def test_at_rest_on_the_pad():
    row = one_row((45.94, 63.65, 65.0), (0, 0, 0))
    assert row["ground_range_m"] == pytest.approx(0.0, abs=1e-6)
    assert row["speed_earth_m_s"] == pytest.approx(0.0, abs=1e-9)
    assert row["flight_path_angle_deg"] == pytest.approx(90.0, abs=1e-9) == row["pitch_deg"]
    assert row["angle_of_attack_deg"] < 1e-3
    assert (row["impact_latitude_deg"], row["impact_longitude_deg"]) == pytest.approx((45.94, 63.65), abs=1e-5)


def test_loads_of_a_burn():
    """F / m along the axis in vacuum; nothing else."""
    engines = Propulsion(2e6, 1.0, 600.0, 0.0, 0.0, 0.0)
    row = one_row((46.0, 65.0, 900e3), (3000, 0, 0), (1, 0, 0), engines=engines)
    assert row["thrust_N"] == pytest.approx(2e6, abs=1e-3)
    assert row["axial_acceleration_m_s2"] == pytest.approx(20.0, rel=1e-6)


def test_a_circular_orbit():
    """Circular speed at 400 km over the equator gives that altitude twice, and no impact point."""
    radius = EARTH.radius_m + 400e3
    speed = np.sqrt(EARTH.mu_m3_s2 / radius) - EARTH.rotation_rad_s * radius
    row = one_row((0.0, 20.0, 400e3), (speed, 0, 0))
    assert (row["perigee_altitude_m"], row["apogee_altitude_m"]) == pytest.approx((400e3, 400e3), abs=1e-3)
    assert row["inclination_deg"] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(row["impact_latitude_deg"]) and np.isnan(row["impact_longitude_deg"])
    assert all(np.isfinite(value) for name, value in row.items() if not name.startswith("impact"))


def test_a_falling_body_points_along_its_way_through_the_air():
    position, velocity = inertial(46.0, 65.0, 20e3, (100.0, 50.0, -300.0))
    states = np.array([[*position, *velocity, 1e3]] * 3)
    columns = observe(np.zeros(3), states, None, NO_ENGINES, BODY, WINDY, GREENWICH, PAD)
    assert columns["angle_of_attack_deg"] == pytest.approx(0.0, abs=1e-4)
    assert columns["thrust_N"] == pytest.approx(0.0) == columns["throttle"]
    assert columns["axial_acceleration_m_s2"][0] < 0
    assert all(column.shape == (3,) for column in columns.values())
