"""Finite burns of `studies/finite_burns.py`, which knows nothing of the optimiser: impulses in closed form, and Robbins."""

import importlib.util
import sys

import numpy as np
import pytest

import flown
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.physics.transfer import bi_elliptic, finite_burn_loss, hohmann
from baiterek.trajectory import optimise

LOW = WGS84_RADIUS_M + 200e3
HIGH = WGS84_RADIUS_M + 35786e3
EXHAUST_M_S = 3200.0


@pytest.fixture(scope="module")
def study():
    spec = importlib.util.spec_from_file_location("finite_burns", flown.PROJECT / "studies" / "finite_burns.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["finite_burns"] = module  # its dataclasses look their annotations up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def raised(study):
    """Speed lost to the apogee of transfer orbits, by acceleration (m/s2) and burns at perigee."""

    def lost(acceleration, burns):
        found = study.raised(LOW, HIGH, burns, acceleration, EXHAUST_M_S)
        assert found.solved
        return found, found.speed_m_s - hohmann(LOW, HIGH, EARTH_MU_M3_S2)[0]

    return {case: lost(*case) for case in ((1.9, 1), (1.9, 2), (3.8, 1), (7.6, 1), (7.6, 2), (15.2, 1))}


def test_the_loss_of_a_burn_falls_as_the_square_of_the_thrust(raised):
    """Halved length, a quarter of the loss: second order, ever nearer as the burns become short."""
    ratios = [raised[a, 1][1] / raised[2 * a, 1][1] for a in (1.9, 3.8, 7.6)]
    assert ratios == pytest.approx([4.0, 4.0, 4.0], rel=0.06)
    assert abs(ratios[2] - 4.0) < 0.03


def test_two_burns_at_perigee_leave_a_quarter_of_the_loss(raised):
    """Each is half as long: 2 v/2 (t/2)^2. The stage is lighter in the second, so not quite."""
    for acceleration in (1.9, 7.6):
        assert raised[acceleration, 2][1] / raised[acceleration, 1][1] == pytest.approx(0.25, abs=0.015)


def test_no_burn_loses_more_than_robbins_says(raised):
    """And a third or more of it: from a circle to the apogee of transfer orbits the best rate of turn lies between none and
    0.8 of the circle's, whose share 1 - 0.64 is lost at least."""
    for found, lost in raised.values():
        parts = zip(found.speeds_m_s, found.durations_s, strict=True)
        most = sum(finite_burn_loss(v, t, LOW, EARTH_MU_M3_S2) for v, t in parts)
        assert 0.33 * most < lost < most


def test_finite_burns_tend_to_hohmann_and_to_a_bi_elliptic_transfer(study):
    """At a thrust of 5 g both are within 0.01 % of the impulses; with a third of it further away."""
    far, end = 6.0 * LOW, 3.0 * LOW
    one, two = hohmann(LOW, end, EARTH_MU_M3_S2)
    there, lift, back = bi_elliptic(LOW, far, end, EARTH_MU_M3_S2)
    plans = {
        (one, two): (study.Burn(one, apogee_m=end), study.Burn(two, apogee=True, circle_m=end)),
        (there, lift, back): (
            study.Burn(there, apogee_m=far), study.Burn(lift, apogee=True), study.Burn(-back, circle_m=end),
        ),
    }  # fmt: skip
    for impulses, plan in plans.items():
        strong, weak = (study.Transfer(LOW, plan, a, EXHAUST_M_S).least() for a in (50.0, 17.0))
        assert strong.solved and weak.solved
        assert strong.speeds_m_s == pytest.approx(impulses, rel=1e-3)
        excess = [found.speed_m_s / sum(impulses) - 1.0 for found in (strong, weak)]
        assert -1e-6 < excess[0] < 1e-4 and excess[1] > excess[0]


def test_the_steps_of_the_study_are_small_enough(study, monkeypatch):
    coarse = study.raised(LOW, HIGH, 1, 1.9, EXHAUST_M_S).speed_m_s
    monkeypatch.setattr(study, "STEPS", 120)
    assert study.raised(LOW, HIGH, 1, 1.9, EXHAUST_M_S).speed_m_s == pytest.approx(coarse, abs=1e-3)
    assert np.isfinite(coarse)


def test_one_long_burn_of_fregat_from_a_suborbital_ellipse_leaves_nothing_for_a_second_to_win(tmp_path):
    """By vis viva: lift the perigee at the apogee, raise the apogee, lift the perigee again, which two burns at perigee have to
    beat; the one burn of the optimiser lies within 1 % of these impulses, though it goes through 50 deg of the Earth."""
    target = {"perigee_altitude_km": 250.0, "apogee_altitude_km": 35786.0, "inclination_deg": 48.0}
    changes = {"target": target, "upper_stage.stage": "fregat", "upper_stage.burns": 1}
    mission = load_mission(flown.PROJECT / "missions" / "soyuz5-dm03-geo.toml", changes)
    history = optimise(mission).require().history
    rows = np.flatnonzero(history.phase == history.phases.index("fregat burn 1"))
    speed = 9.80665 * 327.0 * np.log(history["mass_kg"][rows[0]] / history["mass_kg"][rows[-1]])

    def at(here, there):
        return np.sqrt(2.0 * EARTH_MU_M3_S2 * there / (here * (here + there)))

    left_on = (WGS84_RADIUS_M + history[f"{apsis}_altitude_m"][rows[0] - 1] for apsis in ("perigee", "apogee"))
    (low, middle), floor, last = left_on, WGS84_RADIUS_M + 180e3, WGS84_RADIUS_M + 250e3
    impulses = at(middle, floor) - at(middle, low) + at(floor, HIGH) - at(floor, middle) + at(HIGH, last) - at(HIGH, floor)
    assert 0.0 < speed / impulses - 1.0 < 0.01
    ends = np.array([[history[f"{axis}_eci_m"][row] for axis in "xyz"] for row in (rows[0], rows[-1])])
    angle = np.arccos(ends[0] @ ends[1] / np.prod(np.linalg.norm(ends, axis=1)))
    assert np.degrees(angle) > 50.0
