"""Falling pieces: against the vacuum ellipse of 14 CFR 420, and an integration to 1e-11."""

from dataclasses import replace

import numpy as np
import pytest

from baiterek.catalogue.read import load_mission
from baiterek.constants import WGS84_RADIUS_M
from baiterek.errors import BadValue
from baiterek.flight import Falling, fall_pieces, fall_to
from baiterek.physics.earth import GRAVITY_POINT, fixed_from_geodetic, rotate_z
from baiterek.physics.table import constant_table, smooth_table
from flown import BUNDLED

MISSION = load_mission(BUNDLED)
"""Its air is that of December, its wind the climatology above the pad."""


def states(places, velocities, mission=MISSION):
    """Inertial states from degrees, metres and speeds east, north, up over the turning Earth."""
    latitude, longitude, altitude = np.radians(places[:, 0]), np.radians(places[:, 1]), places[:, 2]
    x, y, z = fixed_from_geodetic(latitude, longitude, altitude, mission.environment)
    x, y = rotate_z(x, y, -mission.sidereal_angle_rad)
    east, north, up = velocities.T
    around = np.arctan2(y, x)
    outward = up * np.cos(latitude) - north * np.sin(latitude)
    turn = mission.environment.rotation_rad_s
    vx = outward * np.cos(around) - east * np.sin(around) - turn * y
    vy = outward * np.sin(around) + east * np.cos(around) + turn * x
    return np.column_stack((x, y, z, vx, vy, north * np.cos(latitude) + up * np.sin(latitude)))


def wreckage(count, seed):
    """Pieces of a vehicle that breaks up between 10 and 100 km on its way up or down."""
    random = np.random.default_rng(seed)
    altitude = random.uniform(10e3, 100e3, count)
    places = np.column_stack((random.uniform(46, 49, count), random.uniform(64, 70, count), altitude))
    speeds = np.column_stack((altitude / 40.0, altitude / 60.0, random.normal(0.0, 300.0, count)))
    beta = np.exp(random.uniform(np.log(3.0), np.log(1500.0), count))
    wind = random.normal(0.0, 5.0, (count, 2))
    return Falling(states(places, speeds), random.uniform(0.0, 300.0, count), beta, wind_m_s=wind)


def metres_apart(one, other):
    north = one.latitude_rad - other.latitude_rad
    east = (one.longitude_rad - other.longitude_rad) * np.cos(other.latitude_rad)
    return WGS84_RADIUS_M * np.hypot(north, east)


@pytest.mark.parametrize(
    ("place", "velocity", "latitude", "longitude", "seconds"),
    [
        ((46.5, 65.0, 60e3), (1500.0, 900.0, 1300.0), 48.87656, 71.72389, 334.5824),
        ((47.5, 68.0, 120e3), (3500.0, 1800.0, 1200.0), 52.07441, 90.48346, 444.1272),
    ],
)
def test_a_piece_without_drag_comes_down_where_the_ellipse_does(place, velocity, latitude, longitude, seconds):
    # authorities/impact_points.csv: integrated apart, to 1e-12, in a point's gravity.
    point = replace(MISSION, environment=MISSION.environment._replace(gravity_model=GRAVITY_POINT))
    found = fall_pieces(point, Falling(states(np.array([place]), np.array([velocity])), 0.0, 1e15), rtol=1e-11)
    assert np.degrees(found.latitude_rad[0]) == pytest.approx(latitude, abs=1e-5)
    assert np.degrees(found.longitude_rad[0]) == pytest.approx(longitude, abs=1e-5)
    assert found.t_s[0] == pytest.approx(seconds, abs=1e-3)


def test_sinking_is_the_end_of_the_integration():
    falling = wreckage(120, 3)
    quick = fall_pieces(MISSION, falling)
    whole = fall_pieces(MISSION, falling, rtol=1e-10, settled_m_s=0.0)
    assert np.max(metres_apart(quick, whole)) < 20.0  # of drifts up to 100 km; the issue asks for 50 m
    assert np.max(np.abs(quick.t_s - whole.t_s)) < 0.1
    assert np.allclose(quick.speed_m_s, whole.speed_m_s, rtol=0.01)
    assert np.allclose(quick.descent_rad, whole.descent_rad, atol=0.02)


def test_a_piece_falls_alone_as_it_does_among_others():
    falling = wreckage(600, 4)
    together = fall_pieces(MISSION, falling, threads=2)
    one = Falling(*(column[431:432] for column in falling[:3]), wind_m_s=falling.wind_m_s[431:432])
    alone = fall_pieces(MISSION, one, threads=1)
    assert [column[431] for column in together] == [column[0] for column in alone]


def test_light_pieces_fall_short_and_dense_ones_long():
    # Delta II, 22 January 1997: the tank and the titanium sphere lay 115 km apart, the light weave far behind.
    beta = np.array([3.0, 30.0, 300.0, 1500.0])
    start = states(np.tile((47.0, 66.0, 80e3), (4, 1)), np.tile((3000.0, 1500.0, 0.0), (4, 1)))
    found = fall_pieces(MISSION, Falling(start, 0.0, beta))
    assert np.all(np.diff(found.longitude_rad) > 0.0) and np.all(np.diff(found.t_s) < 0.0)


def test_a_curve_of_drag_takes_the_place_of_the_constant():
    falling = wreckage(20, 6)._replace(ballistic_kg_m2=200.0)
    plain = fall_pieces(MISSION, falling)
    twice = fall_pieces(MISSION, falling._replace(shapes=(constant_table(1.0), constant_table(2.0)), shape=1))
    assert np.allclose(twice.t_s, fall_pieces(MISSION, falling._replace(ballistic_kg_m2=100.0)).t_s, atol=0.05)
    fast = smooth_table([0.0, 1.0, 2.0, 5.0], [1.0, 1.2, 2.0, 2.0])
    assert np.all(fall_pieces(MISSION, falling._replace(shapes=(fast,))).longitude_rad < plain.longitude_rad)


def test_a_piece_that_stays_up_has_no_impact():
    start = states(np.array([[47.0, 66.0, 400e3]]), np.array([[0.0, 7800.0, 0.0]]))
    assert np.isnan(fall_pieces(MISSION, Falling(start, 0.0, 100.0), horizon_s=1000.0).latitude_rad[0])


@pytest.mark.parametrize(("beta", "words"), [(-3.0, "piece 1"), (0.0, "positive ballistic"), (np.nan, "finite")])
def test_a_piece_that_cannot_be_is_named(beta, words):
    falling = wreckage(3, 5)
    falling.ballistic_kg_m2[1] = beta
    with pytest.raises(BadValue, match=words):
        fall_pieces(MISSION, falling)


def test_a_fall_in_two_parts_is_the_fall():
    falling = wreckage(30, 8)
    falling.states[:, 3:] += 200.0 * falling.states[:, :3] / np.linalg.norm(falling.states[:, :3], axis=1)[:, None]
    at, then = fall_to(MISSION, falling, 8e3, rtol=1e-9)
    two = fall_pieces(MISSION, falling._replace(states=at, t_s=then), rtol=1e-9, settled_m_s=0.0)
    assert np.max(metres_apart(two, fall_pieces(MISSION, falling, rtol=1e-9, settled_m_s=0.0))) < 0.5
