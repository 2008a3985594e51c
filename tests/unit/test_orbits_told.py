"""How a result tells an escape: energy and asymptote in place of an apogee, by hand from a perigee on the x axis."""

from types import SimpleNamespace

import numpy as np
import pytest

import flown
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2
from baiterek.study.orbits import STATE, achieved, asked

C3_m2_s2, PERIGEE_m = 9.0e6, 6.578e6


def last_row(speed_m_s):
    """A flight whose only row stands at perigee, on the x axis, in the plane of the equator."""
    row = dict.fromkeys(STATE, np.zeros(2)) | {"x_eci_m": np.full(2, PERIGEE_m), "vy_eci_m_s": np.full(2, speed_m_s)}
    columns = {name: np.asarray(values, dtype=float) for name, values in row.items()}
    history = SimpleNamespace(columns=columns, t_s=np.array([0.0, 1.0]))
    return history


def test_a_hyperbola_has_energy_and_an_asymptote_and_no_apogee():
    found = achieved(flown.mission(), last_row(np.sqrt(C3_m2_s2 + 2.0 * EARTH_MU_M3_S2 / PERIGEE_m)))
    eccentricity = 1.0 + PERIGEE_m * C3_m2_s2 / EARTH_MU_M3_S2
    assert found["apogee_altitude_km"] is None
    assert found["escape"]["c3_km2_s2"] == pytest.approx(9.0, rel=1e-9)
    assert found["escape"]["declination_deg"] == pytest.approx(0.0, abs=1e-9)
    assert found["escape"]["right_ascension_deg"] == pytest.approx(np.degrees(np.arccos(-1.0 / eccentricity)), rel=1e-9)


def test_an_ellipse_keeps_its_apogee():
    found = achieved(flown.mission(), last_row(np.sqrt(EARTH_MU_M3_S2 / PERIGEE_m) * 1.1))
    assert "escape" not in found and found["apogee_altitude_km"] > 200.0


def test_a_target_of_escape_asks_for_what_the_file_says():
    mission = load_mission(flown.PROJECT / "missions" / "soyuz5-dm03-mars.toml")
    told = asked(mission.target, mission)
    assert told["apogee_altitude_km"] == [None, None]
    assert told["escape"]["c3_km2_s2"] == pytest.approx([9.18, 9.18])
    assert told["escape"]["declination_deg"] == pytest.approx([23.75, 23.75])
