"""Upper stages: what the catalogue holds against the published figures, what is refused, and that none is ignored."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from baiterek.catalogue.burns import burns_of, disposal_of
from baiterek.catalogue.document import CATALOGUE, names
from baiterek.catalogue.explain import explain, explanation
from baiterek.catalogue.mission_file import read_mission
from baiterek.catalogue.read import load_mission, load_upper_stage
from baiterek.catalogue.sequence import sequence
from baiterek.errors import InputError

SOYUZ = Path(__file__).resolve().parents[2] / "missions" / "soyuz5-leo.toml"

PUBLISHED = {  # loaded kg, kN, s: the figures of docs/upper-stages.md, added by hand
    "fregat": (6350, 19.61, 327.0),
    "fregat-m": (6710, 20.01, 333.2),
    "fregat-mt": (8150, 19.85, 333.2),
    "fregat-sb": (11560, 19.85, 333.2),
    "block-dm-03-heavy": (22100, 83.36, 356.0),
    "block-dm-03-light": (17140, 83.36, 356.0),
    "block-dm-slb": (18200, 85.0, 361.0),
    "briz-m": (22170, 19.6, 327.0),
}


@pytest.mark.parametrize("name", names("upper_stages"))
def test_every_upper_stage_has_its_published_figures_and_declared_sources(name):
    stage = load_upper_stage(name)
    loaded, thrust, isp = PUBLISHED[name]
    assert (stage.loaded_kg, stage.thrust_N, stage.isp_s) == pytest.approx((loaded, thrust * 1e3, isp), rel=1e-12)
    for key, datum in {**stage.data, **stage.published}.items():
        assert datum.source in stage.sources, key
    assert "assumed" in {stage.sources[stage.data[key].source].grade for key in ("settling_kg", "disposal_kg")}


def test_the_flow_of_the_s592():
    """6.12 kg/s: 19.61e3 N / (327 s x 9.80665 m/s2), by hand."""
    assert load_upper_stage("fregat").mass_flow_kg_s == pytest.approx(6.12, abs=0.005)


def test_drop_tanks_are_left_before_the_rest_burns():
    """Tsiolkovsky in two steps, by hand, from the masses of Fregat-SB with 2 t."""
    stage = load_upper_stage("fregat-sb")
    speed = 333.2 * 9.80665
    usable = 7100 - 70 - 60 - 2 * 3.0
    by_hand = speed * (log(13560 / (13560 - 3050)) + log(10150 / (10150 - usable)))
    assert stage.delta_v_m_s(2000.0, burns=3) == pytest.approx(by_hand, rel=1e-12)


def spoilt(tmp_path: Path, text: str) -> str:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_upper_stage(str(tmp_path / "mine.toml"))
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


HEAD = 'extends = "fregat"\ntitle = "x"\n'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ignitions = { value = 2.5, sigma = 0, source = 'wiki' }", ["ignitions", "2.5", "whole"]),
        ("ignitions = { value = 0, sigma = 0, source = 'wiki' }", ["ignitions", "at least 1"]),
        ("low_thrust_kN = { value = 25, sigma = 0, source = 'wiki' }", ["low_thrust_N", "19610"]),
        ("disposal_kg = { value = 6000, sigma = 0, source = 'wiki' }", ["propellant_kg", "left to burn"]),
        ("isp_s = 327", ["isp_s", "bare number"]),
        ("isp_s = { value = 327, sigma = 1, source = 'hearsay' }", ["hearsay", "[sources]"]),
        ("boil_off_kg = { value = 1, sigma = 1, source = 'wiki' }", ["boil_off_kg", "unknown"]),
        ("drop_tanks = { dry_mass_kg = { value = 1, sigma = 0, source = 'wiki' } }", ["drop_tanks.propellant_kg"]),
    ],
)
def test_bad_upper_stages_are_refused_in_one_line(tmp_path, line, words):
    message = spoilt(tmp_path, HEAD + line)
    for word in words:
        assert word in message


def mission(tmp_path: Path, name: str) -> Path:
    text = SOYUZ.read_text(encoding="utf-8")
    (tmp_path / "mission.toml").write_text(f'upper_stage = "{name}"\n' + text, encoding="utf-8")
    return tmp_path / "mission.toml"


def test_a_mission_with_an_upper_stage_is_explained(tmp_path):
    path = mission(tmp_path, "fregat-sb")
    asked, bare = read_mission(path), load_mission(SOYUZ)
    assert asked.upper_stage is not None and asked.upper_stage.drop_tanks is not None
    assert explanation(asked)["lift_off_mass_kg"] - explanation(bare)["lift_off_mass_kg"] == pytest.approx(11560 + 390)
    said = explain(asked)
    assert "Fregat-SB" in said and "NOT FLOWN" not in said and "disposal_kg" in said
    numbers = asked.resolved["upper_stage"]["numbers"]
    assert {item["source"] for item in numbers.values()} <= set(asked.resolved["sources"])


def test_an_unknown_upper_stage_is_refused(tmp_path):
    with pytest.raises(InputError, match="fregat-sb"):
        load_mission(mission(tmp_path, "fregat-sbu"))


def test_the_files_are_plain_toml():
    for name in names("upper_stages"):
        assert tomllib.loads((CATALOGUE / "upper_stages" / f"{name}.toml").read_text(encoding="utf-8"))["title"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('{ stage = "block-dm-03-light", burns = 9 }', ["burns", "1 to 6"]),
        ('{ stage = "block-dm-03-light", burns = 5, disposal = "graveyard" }', ["burns", "7", "at most 4"]),
        ('{ stage = "fregat", burns = "many" }', ["burns", "auto"]),
        ('{ stage = "fregat", disposal = "sell" }', ["disposal", "graveyard"]),
        ("{ burns = 2 }", ["stage"]),
        ("7", ["upper_stage", "table"]),
    ],
)
def test_bad_plans_of_burns_are_refused_in_one_line(tmp_path, table, words):
    text = SOYUZ.read_text(encoding="utf-8")
    (tmp_path / "mission.toml").write_text(f"upper_stage = {table}\n" + text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_mission(tmp_path / "mission.toml")
    message = str(refused.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_the_plan_of_burns_is_read_and_follows_from_the_target(tmp_path):
    table = '{ stage = "fregat", burns = 2, disposal = "reserve", coast_altitude_min_km = 200 }'
    text = SOYUZ.read_text(encoding="utf-8")
    (tmp_path / "mission.toml").write_text(f"upper_stage = {table}\n" + text, encoding="utf-8")
    asked = load_mission(tmp_path / "mission.toml")
    assert (burns_of(asked), disposal_of(asked), asked.burns.coast_altitude_min_m) == (2, "reserve", 200e3)
    plain = load_mission(mission(tmp_path, "fregat"))
    assert (burns_of(plain), disposal_of(plain)) == (1, "deorbit")
    far = load_mission(SOYUZ.parent / "soyuz5-dm03-geo.toml")
    assert (burns_of(far), disposal_of(far)) == (3, "reserve")  # five ignitions would be needed for a graveyard


def test_with_an_upper_stage_the_last_stage_of_the_launcher_is_dropped(tmp_path):
    plain, carried = load_mission(SOYUZ), load_mission(mission(tmp_path, "fregat"))
    assert "stage-2" not in [drop.name for phase in sequence(plain_payload(plain)).phases for drop in phase.drops]
    phases = sequence(plain_payload(carried)).phases
    assert [drop.name for phase in phases for drop in phase.drops][-1] == "stage-2"
    assert [phase.name for phase in phases[-2:]] == ["fregat separation", "fregat burn 1"]
    assert phases[-2].mass_start_kg == pytest.approx(1000.0 + 6350.0)


def plain_payload(asked):
    return replace(asked, payload_kg=1000.0)


def test_drop_tanks_go_at_the_end_of_the_burn_before_the_last(tmp_path):
    text = SOYUZ.read_text(encoding="utf-8")
    (tmp_path / "mission.toml").write_text('upper_stage = { stage = "fregat-sb", burns = 2 }\n' + text, encoding="utf-8")
    phases = sequence(plain_payload(load_mission(tmp_path / "mission.toml"))).phases
    dropped = {phase.name: [(drop.name, drop.mass_kg) for drop in phase.drops] for phase in phases}
    assert dropped["fregat-sb burn 1"] == [("fregat-sb drop tanks", 360.0)] and dropped["fregat-sb burn 2"] == []
    assert dropped["fregat-sb coast 1"] == [("settling 2", 3.0)]
