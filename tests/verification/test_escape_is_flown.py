"""Escapes: what the optimiser plans is flown, leaves along the asked asymptote, and costs what the balance of energy says.

Four solves, a few seconds each.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import flown
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import simulate
from baiterek.physics.escape import escape_impulse
from baiterek.reports.language import language
from baiterek.reports.terminal import as_text
from baiterek.study.summary import summary
from baiterek.trajectory import optimise

MARS = flown.PROJECT / "missions" / "soyuz5-dm03-mars.toml"
NAMES = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
FREE = {f"limits.{key}": None for key in ("axial_acceleration_g0", "angle_of_attack_deg", "q_alpha_Pa_rad", "turn_rate_deg_s")}
FREE["zones"] = None  # a stage that has to fall far out raises the parking orbit's apogee: it is no circle then


@pytest.fixture(scope="module")
def mars():
    mission = load_mission(MARS)
    return mission, optimise(mission).require()


def last_burn(optimum):
    """Ideal velocity of the burn into the hyperbola, m/s, and the altitude at which it begins, m."""
    history = optimum.history
    rows = np.flatnonzero(history.phase == len(history.phases) - 1)
    mass = history["mass_kg"][rows]
    return STANDARD_GRAVITY_M_S2 * 356.0 * np.log(mass[0] / mass[-1]), history["altitude_m"][rows[0]]


def test_an_escape_is_flown_to_its_energy_and_leaves_along_its_asymptote(mars):
    """Energy by v2 - 2 mu / r of the simulator's last state; the direction by 300 days of DOP853 on from there."""
    mission, optimum = mars
    assert optimum.gap_position_m < 20.0 and optimum.gap_speed_m_s < 0.05
    flight = simulate(mission, optimum.steering)
    end = np.array([flight[name][-1] for name in NAMES])
    position, velocity = end[:3], end[3:]
    assert velocity @ velocity - 2.0 * EARTH_MU_M3_S2 / np.linalg.norm(position) == pytest.approx(9.18e6, abs=2e3)
    away = solve_ivp(
        lambda _, y: (*y[3:], *(-EARTH_MU_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3)), (0, 300 * 86400), end, "DOP853",
        rtol=1e-12, atol=1e-3,
    ).y[3:, -1]  # fmt: skip
    assert np.degrees(np.arcsin(away[2] / np.linalg.norm(away))) == pytest.approx(23.75, abs=0.1)  # it still turns a little
    assert flight["inclination_deg"][-1] == pytest.approx(51.6, abs=1e-3)


def test_no_burn_of_an_escape_goes_through_the_air_or_the_ground(mars):
    history = mars[1].history
    upper = history.phase >= history.phases.index("block-dm-03-light separation")
    radius = np.sqrt(sum(history[name][upper] ** 2 for name in NAMES[:3]))
    assert radius.min() - WGS84_RADIUS_M > 139.8e3


def test_the_burn_into_a_hyperbola_tends_to_the_impulse_that_the_balance_of_energy_asks_for(mars):
    """From a circle where the burn begins: more than that with the stage's own thrust, within 0.5 % with ten times it."""
    mission = load_mission(MARS, FREE)
    stage = mission.upper_stage
    data = {**stage.data, "thrust_N": replace(stage.data["thrust_N"], value=10.0 * stage.thrust_N)}
    data["burn_min_s"] = replace(data["burn_min_s"], value=1.0)
    strong = replace(stage, thrust_N=10.0 * stage.thrust_N, burn_min_s=1.0, data=data)
    losses = []
    for optimum in (mars[1], optimise(replace(mission, upper_stage=strong)).require()):
        speed, altitude = last_burn(optimum)
        losses.append(speed / escape_impulse(WGS84_RADIUS_M + altitude, 9.18e6, EARTH_MU_M3_S2) - 1.0)
    own, high = losses
    assert 0.005 < own < 0.04
    assert abs(high) < 0.005 and high < 0.3 * own


def test_one_and_two_burns_of_fregat_at_perigee_are_tried_and_both_are_told():
    """What splitting the burn saves: three quarters of its loss, 0.4 of Robbins's v mu t2 / (24 r3) where the thrust turns as
    it does best (docs/upper-stages.md), turned into payload by Tsiolkovsky; less what a revolution more takes."""
    mission = load_mission(MARS, FREE | {"upper_stage.stage": "fregat", "upper_stage.burns": "auto"})
    optimum = optimise(mission).require()
    carried = {way.burns: way.objective for way in optimum.tried if way.status == "converged"}
    assert carried.keys() == {2, 3} and optimum.payload_kg == pytest.approx(max(carried.values()))
    end, burned, exhaust = carried[2] + 1110.0, 5200.0, STANDARD_GRAVITY_M_S2 * 327.0
    speed, lasting = exhaust * np.log(1.0 + burned / end), burned * exhaust / 19610.0
    lost = 0.75 * 0.4 * speed * EARTH_MU_M3_S2 * lasting**2 / (24.0 * 6.6e6**3)
    assert carried[3] - carried[2] == pytest.approx(lost / exhaust * (end + burned) * end / burned, rel=0.4)
    said = as_text(summary(mission, optimum, None), language("en"))
    for burns, payload in carried.items():
        assert f"{burns}: {payload:,.1f} kg" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"upper_stage.burns": 1}, ["burns", "at least 2"]),
        ({"target.c3_km2_s2": "free"}, ["c3", "free"]),
        ({"target.declination_deg": 60.0}, ["asymptote"]),
    ],
)
def test_escapes_that_cannot_be_are_refused_in_one_line(change, words):
    with pytest.raises(InputError) as refused:
        load_mission(MARS, change)
    message = str(refused.value)
    assert "\n" not in message
    for word in words:
        assert word in message
