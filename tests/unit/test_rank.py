"""Which of several answers to one mission counts: that of another way, or of another launch corridor."""

from pathlib import Path

import pytest

from baiterek.catalogue.read import load_mission
from baiterek.trajectory.missing import payload_refusal, unfound
from baiterek.trajectory.optimise import rank
from baiterek.trajectory.optimum import Optimum

MISSION = load_mission(Path(__file__).parents[2] / "missions" / "soyuz5-leo.toml")


def flown(objective: float) -> Optimum:
    return Optimum("converged", "", 1000.0, objective)


@pytest.mark.parametrize(
    "better, worse",
    [
        (flown(1001.0), flown(1000.0)),
        (flown(1.0), payload_refusal(900.0, 1000.0)),
        (payload_refusal(900.0, 1000.0), payload_refusal(800.0, 1000.0)),
        (payload_refusal(900.0, 1000.0), Optimum("infeasible", "", 1000.0, float("nan"), missing={"raan_rad": 0.1})),
        (Optimum("infeasible", "", 1000.0, float("nan"), missing={"raan_rad": 0.1}), unfound("no answer")),
    ],
)
def test_flights_count_before_reasons_and_reasons_before_failures(better, worse):
    answers = [worse, better]
    assert max(answers, key=lambda answer: rank(MISSION, answer)) is better
    assert max(answers[::-1], key=lambda answer: rank(MISSION, answer)) is better
