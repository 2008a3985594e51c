"""What the catalogue says of itself, and the templates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baiterek.catalogue.explain import explain, explanation
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.show import KINDS, document, text
from baiterek.catalogue.template import templates, write_template
from baiterek.errors import InputError

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


def test_every_entry_can_be_listed_and_shown():
    everything = document()
    assert set(everything) == set(KINDS)
    for kind, entries in everything.items():
        assert entries
        for name in entries:
            shown = document(kind, name)
            json.dumps(shown)
            assert name in text(shown)
    assert "soyuz-5" in text(everything)


def test_a_vehicle_shows_value_sigma_and_source():
    shown = document("vehicles", "soyuz-5")
    (row,) = [row for row in shown["numbers"] if row["number"] == "stage-1.RD-171MV.isp_vac_s"]
    assert (row["value"], row["source"], row["grade"]) == (337.0, "rd171m", "M")  # Glavkosmos, RD-171M: 337 s
    assert "RD-171M data sheet" in text(shown)


@pytest.mark.parametrize(("kind", "name"), [("rockets", None), ("vehicles", "soyuz"), ("zones", "x")])
def test_what_is_not_there_is_refused(kind, name):
    with pytest.raises(InputError, match="allowed"):
        document(kind, name)


def test_a_mission_explains_itself():
    mission = load_mission(MISSIONS / "soyuz5-leo.toml")
    said = explain(mission)
    for words in (mission.title, "most payload", "thrust over weight", "assumed", "q alpha 3500 Pa rad", "climatology"):
        assert words in said
    json.dumps(explanation(mission))


def test_a_published_mission_explains_its_masses():
    # 301454 kg: Benson 2005.
    found = explanation(load_mission(MISSIONS / "published" / "delta-iii.toml"))
    assert found["lift_off_mass_kg"] == pytest.approx(301454.0, abs=1e-6)


@pytest.mark.parametrize("name", templates())
def test_a_template_is_written_and_read(tmp_path, name):
    path = write_template(name, tmp_path / "mine.toml")
    assert load_mission(path).vehicle.stages
    with pytest.raises(InputError, match="overwritten"):
        write_template(name, path)


def test_a_template_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(InputError):
        write_template("soyuz5-leo", tmp_path / "no" / "folder.toml")
    with pytest.raises(InputError, match="soyuz5-leo"):
        write_template("soyuz5-moon", tmp_path / "x.toml")
    assert not list(tmp_path.iterdir())
