"""What disposal takes and where it leaves the stage: vis viva and Tsiolkovsky by hand, King-Hele, a fall with drag."""

from math import exp, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from baiterek.catalogue.burns import disposal_of
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.history import History, Steering
from baiterek.physics.disposal import graveyard_raise
from baiterek.reports.language import language
from baiterek.reports.upper_stage import in_words
from baiterek.study.disposal import disposal
from baiterek.study.orbits import STATE
from baiterek.trajectory.upper_limits import REFLECTIVITY, AREA_OVER_MASS_m2_kg, disposal_kg, disposal_s
from flown import PROJECT

MU, RADIUS = EARTH_MU_M3_S2, WGS84_RADIUS_M
SSO = PROJECT / "missions" / "soyuz5-fregat-sso.toml"
GEO = PROJECT / "missions" / "soyuz5-dm03-geo.toml"
AIR = (  # km, kg/m3, scale height km: the exponential model of Vallado, 4th ed., table 8-4, digits as recalled
    (40, 3.972e-3, 7.554), (50, 1.057e-3, 8.382), (60, 3.206e-4, 7.714), (70, 8.770e-5, 6.549), (80, 1.905e-5, 5.799),
    (90, 3.396e-6, 5.382), (100, 5.297e-7, 5.877), (110, 9.661e-8, 7.263), (120, 2.438e-8, 9.473), (150, 2.070e-9, 22.523),
    (200, 2.789e-10, 37.105), (300, 2.418e-11, 53.628), (400, 3.725e-12, 58.515), (500, 6.967e-13, 63.822),
    (600, 1.454e-13, 71.835), (700, 3.614e-14, 88.667), (800, 1.170e-14, 124.64),
)  # fmt: skip


def tsiolkovsky(mass, speed, isp):
    return mass * (1.0 - exp(-speed / (9.80665 * isp)))


def density(altitude_m):
    base, rho, scale = next(row for row in reversed(AIR) if 1e3 * row[0] <= altitude_m or row is AIR[0])
    return rho * exp(-(altitude_m / 1e3 - base) / scale)


@pytest.mark.parametrize(("perigee_km", "apogee_km"), [(600.0, 600.0), (200.0, 1500.0), (250.0, 35786.0)])
def test_a_deorbit_takes_what_vis_viva_says(perigee_km, apogee_km):
    """Speed at the apogee of the orbit less that of the ellipse whose perigee is 50 km high."""
    mission = load_mission(SSO)
    assert disposal_of(mission) == "deorbit" and mission.burns.deorbit_perigee_m == 50e3
    low, high, aim = (RADIUS + 1e3 * km for km in (perigee_km, apogee_km, 50.0))
    speed = sqrt(MU * (2.0 / high - 2.0 / (low + high))) - sqrt(MU * (2.0 / high - 2.0 / (aim + high)))
    found = disposal_kg(mission, {"isp_s": 327.0}, 1300.0, np.array([low, high, 1.7, 0.0, 0.0, 0.0]))
    assert found == pytest.approx(tsiolkovsky(1300.0, speed, 327.0), rel=1e-9)


def test_a_graveyard_is_as_high_as_the_guidelines_ask_and_takes_two_small_impulses():
    """235 km + 1000 km x 1.5 x 0.01 by hand, 250 km. A small raise h of a circle takes v h / 2a, to second order in h / a."""
    mission = load_mission(GEO, {"upper_stage.stage": "fregat", "upper_stage.burns": "auto"})
    assert disposal_of(mission) == "graveyard"
    up = 235e3 + 1000e3 * REFLECTIVITY * AREA_OVER_MASS_m2_kg
    assert graveyard_raise(AREA_OVER_MASS_m2_kg, REFLECTIVITY) == up == pytest.approx(250e3)
    radius = (MU * (86164.0905 / (2.0 * pi)) ** 2) ** (1.0 / 3.0)
    speed = sqrt(MU / radius) * up / (2.0 * radius)
    found = disposal_kg(mission, {"isp_s": 327.0}, 1300.0, np.array([radius, radius, 0.0, 0.0, 0.0, 0.0]))
    assert found == pytest.approx(tsiolkovsky(1300.0, speed, 327.0), rel=0.01)
    assert up > 200e3  # outside the protected shell, by 50 km


GTO = PROJECT / "missions" / "soyuz5-fregat-gto.toml"
STORED = (RADIUS + 3500e3, RADIUS + 35286e3)


def test_the_apogee_of_a_transfer_orbit_is_lowered_out_of_the_protected_shell():
    """GEO - 500 km of the NASA standard, vis viva at the perigee, Tsiolkovsky; the last burn stood at the apogee, so that the
    perigee is half a revolution away. A perigee below 2000 km, or no apogee to lower, is refused in one line."""
    mission = load_mission(GTO)
    assert disposal_of(mission) == "lower"
    low, high = RADIUS + 3500e3, RADIUS + 35786e3
    speed = sqrt(MU * (2.0 / low - 2.0 / (low + high))) - sqrt(MU * (2.0 / low - 2.0 / sum(STORED)))
    found = disposal_kg(mission, {"isp_s": 327.0}, 1300.0, np.array([low, high, 0.4, 0.0, 0.0, 0.0]))
    assert found == pytest.approx(tsiolkovsky(1300.0, speed, 327.0), rel=1e-3) and 8.0 < speed < 11.0
    half = pi * sqrt((0.5 * (low + high)) ** 3 / MU)
    assert disposal_s(mission, np.array([low, high, 0.4, 0.0, 0.0, 0.0])) == pytest.approx(half, rel=1e-6)
    for target in ({"altitude_km": 19100.0, "inclination_deg": 64.8}, {"orbit": "molniya"}):
        with pytest.raises(InputError, match="an apogee from 35286 km and a perigee from 2000 km"):
            load_mission(GEO, {"target": target, "upper_stage.disposal": "lower"})


def left_at_apogee(perigee_km, apogee_km):
    """A flight of one instant, at the apogee of an ellipse over the equator, with 5000 kg in all."""
    low, high = RADIUS + 1e3 * perigee_km, RADIUS + 1e3 * apogee_km
    speed = sqrt(MU * (2.0 / high - 2.0 / (low + high)))
    state = dict(zip(STATE, (high, 0.0, 0.0, 0.0, speed, 0.0), strict=True)) | {"mass_kg": 5000.0, "t_s": 1.0}
    columns = {name: np.array([value]) for name, value in state.items()}
    return History(columns, np.zeros(1, dtype=np.int32), ("burn",), (), Steering((), 3000.0))


def test_every_result_says_whether_the_orbit_is_clear_of_the_protected_regions():
    """A transfer orbit lowered, the same as it is, below 2000 km too, and brought down: by the regions' own bounds."""
    lowered = disposal(load_mission(GTO), 3000.0, left_at_apogee(3500.0, 35786.0))
    assert lowered["meets"] and lowered["kind"] == "lower"
    assert lowered["apogee_altitude_km"] == pytest.approx(35286.0, abs=1.0) and lowered["speed_m_s"] == pytest.approx(
        9.2, abs=0.3
    )
    kept = load_mission(GTO, {"upper_stage.disposal": "reserve"})
    found = [disposal(kept, 3000.0, left_at_apogee(*km)) for km in ((3500.0, 35786.0), (3500.0, 35286.0), (300.0, 35786.0))]
    assert [(each["low_orbits"], each["geostationary"]) for each in found] == [
        ("clear", "inside"), ("clear", "clear"), ("inside", "inside")
    ]  # fmt: skip
    assert [each["meets"] for each in found] == [False, True, False] and found[0]["propellant_kg"] == 60.0
    down = disposal(load_mission(GTO, {"upper_stage.disposal": "deorbit"}), 3000.0, left_at_apogee(300.0, 35786.0))
    assert down["meets"] and down["perigee_altitude_km"] == pytest.approx(50.0)
    assert "NOT met: passes" in in_words(found[0], language("en"))[1]


def test_a_stage_so_left_stays_out_of_the_shell_for_25_years():
    """Sun and Moon averaged over their months and years, and J2, in Milankovitch's vectors (Rosengren & Scheeres 2013): at the
    22 deg that 1500 m/s leave, from four nodes, the apogee never rises the 300 km to the shell."""
    for node in (0.0, 0.5 * pi, pi, 1.5 * pi):
        assert highest_apogee_m(*STORED, 0.386, node, 25.0) < RADIUS + 35786e3 - 200e3


def highest_apogee_m(perigee, apogee, inclination, node, years, step=20.0 * 86400.0):
    """The perigee at the ascending node, as of a transfer orbit."""
    axis, e = 0.5 * (perigee + apogee), (apogee - perigee) / (apogee + perigee)
    motion, tilt = sqrt(MU / axis**3), np.radians(23.44)
    oblate = 0.25 * motion * 1.0826e-3 * (RADIUS / axis) ** 2
    normal = np.array([np.sin(inclination) * np.sin(node), -np.sin(inclination) * np.cos(node), np.cos(inclination)])
    y = np.concatenate((sqrt(1.0 - e * e) * normal, e * np.array([np.cos(node), np.sin(node), 0.0])))

    def pole(lean, turned):
        x, v, w = np.sin(lean) * np.sin(turned), -np.sin(lean) * np.cos(turned), np.cos(lean)
        return np.array([x, np.cos(tilt) * v - np.sin(tilt) * w, np.sin(tilt) * v + np.cos(tilt) * w])

    def rate(t, y):
        h, e = y[:3], y[3:]
        size = np.linalg.norm(h)
        by_h = oblate * (np.array([0.0, 0.0, 6.0 * h[2] / size**5]) + (3.0 / size**5 - 15.0 * h[2] ** 2 / size**7) * h)
        by_e = np.zeros(3)
        turned = -2.0 * pi * t / (18.6 * 365.25 * 86400.0)
        for mu, distance, lean in ((4.9028e12, 3.844e8, np.radians(5.145)), (1.32712e20, 1.495979e11, 0.0)):
            away = pole(lean, turned)
            part = 0.75 * mu / distance**3 / motion
            by_h = by_h - part * (h - (away @ h) * away)
            by_e = by_e + part * (5.0 * (e - (away @ e) * away) - 4.0 * e)
        return np.concatenate((np.cross(h, by_h) + np.cross(e, by_e), np.cross(e, by_h) + np.cross(h, by_e)))

    highest = 0.0
    for k in range(int(years * 365.25 * 86400.0 / step)):
        t, one = k * step, rate(k * step, y)
        two = rate(t + 0.5 * step, y + 0.5 * step * one)
        three = rate(t + 0.5 * step, y + 0.5 * step * two)
        y = y + step / 6.0 * (one + 2.0 * two + 2.0 * three + rate(t + step, y + step * three))
        highest = max(highest, axis * (1.0 + np.linalg.norm(y[3:])))
    return highest


def test_a_deorbited_stage_comes_down_in_its_first_perigee():
    """A fall with the drag of Vallado's exponential air from the apogee, for 100 and for 400 kg/m2 (mass over C_D A): below
    40 km, without another apogee. The rule allows 25 years."""
    mission, apogee = load_mission(SSO), RADIUS + 600e3
    aim = RADIUS + mission.burns.deorbit_perigee_m
    for ballistic in (100.0, 400.0):

        def rate(_, y, ballistic=ballistic):
            r, v = np.linalg.norm(y[:2]), np.linalg.norm(y[2:])
            return (*y[2:], *(-MU / r**3 * y[:2] - 0.5 * density(r - RADIUS) / ballistic * v * y[2:]))

        def down(_, y):
            return np.linalg.norm(y[:2]) - RADIUS - 40e3

        down.terminal = True
        start = (apogee, 0.0, 0.0, sqrt(MU * (2.0 / apogee - 2.0 / (apogee + aim))))
        found = solve_ivp(rate, (0.0, 6000.0), start, "LSODA", rtol=1e-8, atol=1e-3, events=down)
        half = pi * sqrt((0.5 * (apogee + aim)) ** 3 / MU)
        assert found.status == 1 and found.t[-1] < 1.2 * half


def test_a_stage_that_is_left_at_800_km_stays_longer_than_25_years_and_one_at_400_does_not():
    """King-Hele's closed form for a circle, t = H / (rho sqrt(mu a) C_D A / m), with the scale height of the air there. NASA's
    figures (Orbital Debris Program Office ° ): years at 600 km, centuries at 800. So disposal is no luxury there."""

    def years(altitude_m):
        scale = 1e3 * next(row[2] for row in reversed(AIR) if 1e3 * row[0] <= altitude_m)
        axis = RADIUS + altitude_m
        return scale / (density(altitude_m) * sqrt(MU * axis) * 2.2 * AREA_OVER_MASS_m2_kg) / (365.25 * 86400.0)

    assert years(400e3) < 1.0 and 3.0 < years(600e3) < 25.0 and 100.0 < years(800e3) < 1000.0


def test_the_time_to_the_deorbit_burn_is_half_a_revolution_after_a_burn_at_perigee():
    """Kepler: of 250 x 35 786 km, 5.28 h, whose whole revolution is the familiar 10 h 34 min."""
    target = {"perigee_altitude_km": 250.0, "apogee_altitude_km": 35786.0, "inclination_deg": 48.0}
    mission = load_mission(GEO, {"target": target, "upper_stage.burns": 2})
    found = disposal_s(mission, np.array([RADIUS + 250e3, RADIUS + 35786e3, 0.84, 0.0, 0.0, 0.0]))
    assert found == pytest.approx(0.5 * (10 * 3600 + 34 * 60), abs=60.0)
