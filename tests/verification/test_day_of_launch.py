"""The day of launch for the bundled mission in a real winter sounding, from the file to the decision."""

from pathlib import Path

import numpy as np
import pytest

from baiterek.physics.gust import NASA_GUST_M_S
from baiterek.study.criteria import BIASED, UNBIASED
from baiterek.study.day_of_launch import _gust, decision, replan, smoothed, with_room
from baiterek.trajectory import optimise

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


@pytest.fixture(scope="module")
def day():
    sounding = MISSIONS / "soundings" / "boise-2010-12-09.html"
    return replan(MISSIONS / "soyuz5-leo.toml", sounding, NASA_GUST_M_S, lambda text: None)


def test_a_jet_that_breaks_the_plan_is_flown_by_the_programme_biased_for_it(day):
    found = decision(day)
    assert found["decision"] == "GO" and found["unbiased_alone"] == "NO-GO"
    broken = {row["name"] for row in found["criteria"] if not row["met_unbiased"]}
    assert broken == {"q alpha with gust", "drop zone of stage-1"}


def test_the_programme_found_from_its_neighbour_is_the_one_found_from_nothing(day):
    # The machines check each other: a warm start on the plan's mesh against guess, search and refinement. 2 kg of 17 t: what
    # meshes differ by.
    room = float(_gust(day.flights[UNBIASED], NASA_GUST_M_S).max())
    cold = optimise(with_room(smoothed(day.today), room)).require()
    assert day.biased.payload_kg == pytest.approx(cold.payload_kg, abs=2.0)


def test_the_biased_programme_lowers_the_load_at_the_height_of_the_jet(day):
    def at_jet(flight):
        return float(np.interp(10.7e3, flight["altitude_m"][:600], flight["q_alpha_Pa_rad"][:600]))

    high = {name: float(flight["q_alpha_Pa_rad"].max()) for name, flight in day.flights.items()}
    assert high[BIASED] < 0.8 * high[UNBIASED]
    assert at_jet(day.flights[BIASED]) < 3500.0
