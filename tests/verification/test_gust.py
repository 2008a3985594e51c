"""A discrete gust in a flight: its shape, the same gust as a table, and what it adds to the loads."""

from __future__ import annotations

import numpy as np
import pytest

from baiterek.flight import fly_many, simulate
from baiterek.physics.gust import NASA_GUST_M_S, GUST_EDGE_m, gust_wind
from baiterek.physics.table import table_value
from flown import by_hand, mission

MISSION = mission()
STEERING = by_hand(MISSION)
BASE_m, THICKNESS_m = 9e3, 300.0
PLACES = ("insertion.x_eci_m", "insertion.y_eci_m", "insertion.z_eci_m")


def gusts(
    azimuth_rad: list[float], speed_m_s: float = NASA_GUST_M_S, thickness_m: float = THICKNESS_m
) -> dict[str, np.ndarray]:
    """One flight an azimuth."""
    rows = len(azimuth_rad)
    given = {"speed_m_s": speed_m_s, "altitude_m": BASE_m, "thickness_m": thickness_m}
    return {f"gust.{key}": np.full(rows, value) for key, value in given.items()} | {"gust.azimuth_rad": np.array(azimuth_rad)}


@pytest.mark.parametrize("thickness_m", [60.0, 300.0])
def test_the_gust_is_a_wave_with_half_cosines_for_edges(thickness_m):
    """The mean of half a cosine is 1/2; the top is the speed; a quarter of an edge has (1 - cos 45 deg) / 2 of it."""
    heights = BASE_m + np.linspace(-50.0, thickness_m + 50.0, 200_001)
    east, north = gust_wind(heights, BASE_m, thickness_m, 9.0, np.radians(30.0))
    speed = np.hypot(east, north)
    assert np.trapezoid(speed, heights) == pytest.approx(9.0 * (thickness_m - GUST_EDGE_m), rel=1e-6)
    assert speed.max() == pytest.approx(9.0, rel=1e-9)
    assert np.all(speed[(heights <= BASE_m) | (heights >= BASE_m + thickness_m)] == 0.0)
    quarter = np.hypot(*gust_wind(BASE_m + 0.25 * GUST_EDGE_m, BASE_m, thickness_m, 9.0, 0.0))
    assert quarter == pytest.approx(9.0 * 0.5 * (1.0 - np.sqrt(0.5)), rel=1e-12)
    inside = speed > 1.0
    assert east[inside] / north[inside] == pytest.approx(np.full(inside.sum(), np.tan(np.radians(30.0))), rel=1e-9)


def test_a_flight_feels_the_gust_as_it_feels_the_same_wind_in_a_table():
    """Knots every 3 m; the fall of the stage is not compared: it meets the table, but no gust of minutes ago."""
    near = BASE_m + np.arange(-60.0, THICKNESS_m + 61.0, 3.0)
    knots = np.concatenate(([0.0, BASE_m - 1e3], near, [BASE_m + THICKNESS_m + 1e3]))
    profile = gust_wind(knots, BASE_m, THICKNESS_m, 30.0, np.radians(90.0))[0]
    table = fly_many(MISSION, STEERING, {"wind.east_m_s": profile[None, :]}, wind_knots_m=knots, rtol=1e-12)
    gust = fly_many(MISSION, STEERING, gusts([np.radians(90.0)], 30.0), rtol=1e-12)
    calm = fly_many(MISSION, STEERING, {}, flights=1, rtol=1e-12)
    moved = [float(np.linalg.norm([each[name][0] - calm[name][0] for name in PLACES])) for each in (gust, table)]
    apart = float(np.linalg.norm([gust[name][0] - table[name][0] for name in PLACES]))
    assert moved[0] > 10.0 and apart < 0.01 * moved[0]
    assert gust["stage-1.impact.longitude_deg"][0] != table["stage-1.impact.longitude_deg"][0]


@pytest.mark.parametrize("thickness_m", [60.0, 300.0])
def test_no_step_leaps_over_the_gust(thickness_m):
    """The default tolerance against a fine one: where the flight ends, and the greatest load inside the gust."""
    directions = list(np.radians([0.0, 90.0, 180.0, 270.0]))
    given = gusts(directions, 60.0, thickness_m)
    quick, fine = fly_many(MISSION, STEERING, given), fly_many(MISSION, STEERING, given, rtol=1e-12)
    calm = fly_many(MISSION, STEERING, {}, flights=1)
    apart = np.linalg.norm([quick[name] - fine[name] for name in PLACES], axis=0)
    moved = np.linalg.norm([fine[name] - calm[name] for name in PLACES], axis=0)
    assert np.all(moved > 10.0) and np.all(apart < 0.01 * moved + 0.5)
    assert quick["peak.q_alpha_Pa_rad"] == pytest.approx(fine["peak.q_alpha_Pa_rad"], rel=0.01)
    assert np.any(fine["peak.q_alpha_Pa_rad"] > 1.5 * calm["peak.q_alpha_Pa_rad"])


def test_the_load_in_the_gust_is_what_the_angle_between_two_vectors_says():
    """NumPy's own vectors at the horizon of the calm flight, where the gust is full; the gust has moved it by little."""
    speed_m_s, directions = 60.0, np.radians([0.0, 90.0, 180.0, 270.0])
    calm = simulate(MISSION, STEERING, rtol=1e-10, output_s=0.05)
    altitude = calm["altitude_m"]
    full = (altitude > BASE_m + GUST_EDGE_m) & (altitude < BASE_m + THICKNESS_m - GUST_EDGE_m)
    at = {name: np.radians(calm[f"{name}_deg"][full]) for name in ("pitch", "heading", "flight_path_angle", "azimuth")}
    axis, motion = enu(at["pitch"], at["heading"]), enu(at["flight_path_angle"], at["azimuth"])
    air = MISSION.environment
    mean = np.array([table_value(altitude[full], table) for table in (air.wind_east, air.wind_north)])
    flow = motion * calm["speed_earth_m_s"][full] - np.vstack((mean, np.zeros(full.sum())))
    assert np.linalg.norm(flow, axis=0) == pytest.approx(calm["airspeed_m_s"][full], rel=1e-6)
    density = 2.0 * calm["dynamic_pressure_Pa"][full] / calm["airspeed_m_s"][full] ** 2
    batch = fly_many(MISSION, STEERING, gusts(list(directions), speed_m_s))
    for azimuth, found in zip(directions, batch["peak.q_alpha_Pa_rad"], strict=True):
        gusty = flow - speed_m_s * np.array([np.sin(azimuth), np.cos(azimuth), 0.0])[:, None]
        pressure = 0.5 * density * (gusty**2).sum(axis=0)
        alpha = np.arccos((axis * gusty).sum(axis=0) / np.linalg.norm(gusty, axis=0))
        expected = max(float((pressure * alpha).max()), float(calm["q_alpha_Pa_rad"].max()))
        assert found == pytest.approx(expected, rel=0.01)


def enu(elevation: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    """Unit vectors east, north, up."""
    return np.array([np.cos(elevation) * np.sin(azimuth), np.cos(elevation) * np.cos(azimuth), np.sin(elevation)])
