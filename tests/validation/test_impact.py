"""The instantaneous impact point against integrated falls."""

import numpy as np
import pytest
from pyproj import Transformer
from scipy.integrate import solve_ivp

from baiterek.physics.earth import fixed_from_geodetic, geodetic
from baiterek.physics.impact import east_north_of, impact_point
from worlds import EARTH, SPHERE, authority


def state(latitude_deg, longitude_deg, altitude_m, east, north, up, world=EARTH):
    """Inertial state, with Greenwich on the x axis, of a velocity relative to the Earth."""
    x, y, z = fixed_from_geodetic(*np.radians([latitude_deg, longitude_deg]), altitude_m, world)
    sl, cl = np.sin(np.radians(longitude_deg)), np.cos(np.radians(longitude_deg))
    sp, cp = np.sin(np.radians(latitude_deg)), np.cos(np.radians(latitude_deg))
    outward = cp * up - sp * north
    vx, vy = cl * outward - sl * east, sl * outward + cl * east
    return x, y, z, vx - world.rotation_rad_s * y, vy + world.rotation_rad_s * x, sp * up + cp * north


@pytest.mark.parametrize("row", authority("impact_points.csv"))
def test_vectors_of_an_independent_integration(row):
    """authorities/README.md; tolerances are the printed digits."""
    start, (latitude_deg, longitude_deg, time_s) = row[:6], row[6:]
    impact = impact_point(*state(*start), EARTH)
    assert impact.exists > 0
    assert np.degrees(impact[:2]) == pytest.approx([latitude_deg, longitude_deg], abs=1e-5)
    assert impact.time_to_fall_s == pytest.approx(time_s, abs=1e-4)


@pytest.mark.parametrize(
    "start",
    [
        (45.94, 63.65, 100.0, 0, 0, 40.0),
        (46.5, 65.0, 40e3, 500, 100, -900),
        (48.0, 70.0, 150e3, 6000, 4300, 600),  # falls half around the Earth
        (0.0, 10.0, 180e3, 6800, 0, 300),
        (80.0, 20.0, 100e3, -100, 4000, 900),  # over the pole
        (45.0, 63.0, 150e3, 5936, 4452, 300),  # within 60 m/s of an orbit
    ],
)
def test_a_fall_integrated_to_the_ellipsoid(start):
    """Kepler's problem by DOP853 at 1e-12: what five iterations leave is below 2 m and 1e-3 s on the longest fall."""
    begin = np.array(state(*start))

    def rate(_, y):
        return (*y[3:], *(-EARTH.mu_m3_s2 / np.linalg.norm(y[:3]) ** 3 * y[:3]))

    def ground(_, y):
        return geodetic(*y[:3], EARTH).altitude_m

    ground.terminal, ground.direction = True, -1
    fall = solve_ivp(rate, (0, 6000), begin, "DOP853", rtol=1e-12, atol=1e-6, events=ground)
    (time_s,), place = fall.t_events[0], fall.y_events[0][0]
    impact = impact_point(*begin, EARTH)
    turn = EARTH.rotation_rad_s * time_s
    fixed = [
        place[0] * np.cos(turn) + place[1] * np.sin(turn), place[1] * np.cos(turn) - place[0] * np.sin(turn), place[2],
    ]  # fmt: skip
    assert impact.exists > 0
    assert impact.time_to_fall_s == pytest.approx(time_s, abs=1e-3)
    assert impact[3:6] == pytest.approx(fixed, abs=2.0)
    again = fixed_from_geodetic(*impact[:2], 0.0, EARTH)
    assert again == pytest.approx(impact[3:6], abs=2.0)


def test_where_there_is_no_impact():
    circular = np.sqrt(SPHERE.mu_m3_s2 / 6.6e6)
    for v in (circular, 1.2 * circular, 1.5 * circular):  # in orbit, in a higher one, on the way out
        impact = impact_point(6.6e6, 0.0, 0.0, 0.0, v, 0.0, SPHERE)
        assert impact.exists <= 0 and np.isfinite(impact).all()


def test_at_rest_on_the_pad_the_impact_is_the_pad():
    impact = impact_point(*state(45.94, 63.65, 0.0, 0, 0, 0), EARTH)
    assert np.degrees(impact[:2]) == pytest.approx([45.94, 63.65], abs=1e-9)
    assert impact.exists > 0 and impact.time_to_fall_s == pytest.approx(0.0, abs=1e-3)


def test_east_and_north_in_the_tangent_plane():
    """PROJ's topocentric conversion; the projection's own shortening is in the docstring."""
    pipeline = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=cart +ellps=WGS84 +step +proj=topocentric +ellps=WGS84 +lon_0=66 +lat_0=47 +h_0=0"
    )
    for latitude, longitude, altitude in ((47.3, 66.8, 0.0), (46.0, 65.0, 300.0), (49.0, 70.0, 2e4)):
        east, north, _ = pipeline.transform(longitude, latitude, altitude)
        point = fixed_from_geodetic(*np.radians([latitude, longitude]), altitude, EARTH)
        assert east_north_of(*point, *np.radians([47.0, 66.0]), EARTH) == pytest.approx((east, north), abs=1e-6)
