"""What is flown while an optimum is solved for: it flies every kind of mission, and no word of the optimiser is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

import flown
from baiterek.catalogue.read import load_mission
from baiterek.flight import simulate
from baiterek.study import ahead
from baiterek.study.ahead import flight_warmed_up, straight_up

FREGAT = Path(flown.BUNDLED).with_name("soyuz5-fregat-sso.toml")


@pytest.mark.parametrize("mission", [flown.mission(), load_mission(FREGAT)], ids=["launcher", "upper stage"])
def test_the_rehearsal_is_a_flight_of_every_phase(mission):
    loaded = replace(mission, payload_kg=1000.0)
    steering = straight_up(loaded)
    found = simulate(loaded, steering)
    assert found["t_s"][-1] == pytest.approx(steering.duration_s) and len(found.phases) == len(steering.phases)


def test_it_begins_with_the_solve_and_hands_every_word_on(monkeypatch):
    rehearsed, words = [], []
    monkeypatch.setattr(ahead, "_rehearse", lambda *of: rehearsed.append((threading.current_thread().name, *of)))
    with flight_warmed_up(flown.mission(), "closed", words.append) as say:
        say("simulating a first ascent")
        assert not rehearsed
        say("solving: 1942 variables")
        say("solving: 2012 variables")
    assert words == ["simulating a first ascent", "solving: 1942 variables", "solving: 2012 variables"]
    assert len(rehearsed) == 1 and rehearsed[0][0] != threading.current_thread().name and rehearsed[0][2] == "closed"
