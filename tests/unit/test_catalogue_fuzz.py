"""Good files, spoilt at random: the reader returns a mission or one line, never a traceback."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baiterek.catalogue.document import CATALOGUE
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.mission_file import read_mission
from baiterek.catalogue.read import load_mission, load_upper_stage
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.errors import InputError

PROJECT = Path(__file__).resolve().parents[2]
SOYUZ = PROJECT / "missions" / "soyuz5-leo.toml"
DELTA = PROJECT / "missions" / "published" / "delta-iii.toml"
CASES = {"soyuz": (SOYUZ, "soyuz-5"), "delta": (DELTA, "delta-iii")}

VALUES = st.one_of(
    st.sampled_from([0, -1, 1, 1e308, -1e308, float("nan"), float("inf"), 10**400, True, [], {}]),
    st.sampled_from(["", "x", "free", "maximise", "line\nbreak", "../x.toml"]),
    st.sampled_from([[1, 2], [[1, 2], [3, 4]], {"value": 1.0}, {"min": 1, "max": 0}, ["a", 1]]),
    st.floats(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=12),
)  # fmt: skip
ACTIONS = st.lists(
    st.tuples(st.sampled_from(["drop", "rename", "set", "negate", "copy"]), st.integers(0, 10**6), VALUES, st.text(max_size=8)),
    min_size=1,
    max_size=3,
)


def places(table: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    found = []
    items = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for key, value in items:
        found.append((table, key))
        found += places(value)
    return found


def spoil(document: dict[str, Any], actions: list[Any]) -> None:
    for action, number, value, text in actions:
        spots = places(document)
        if not spots:
            return
        table, key = spots[number % len(spots)]
        if action == "set":
            table[key] = deepcopy(value)
        elif action == "negate" and isinstance(table[key], int | float) and not isinstance(table[key], bool):
            table[key] = -table[key]
        elif isinstance(table, dict):
            if action == "drop":
                del table[key]
            elif action == "rename":
                table[text] = table.pop(key)
            elif action == "copy":
                table[text] = deepcopy(table[key])


def toml(value: Any) -> str:
    """A value as TOML, inline."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        safe = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in value)
        return f'"{safe}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return repr(value)


def outcome(path: Path) -> None:
    try:
        assert isinstance(read_mission(path), Mission)
        load_mission(path)
    except InputError as error:
        assert len(str(error).splitlines()) == 1 and "found" in str(error)


MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@MANY
@given(in_mission=ACTIONS, in_vehicle=st.one_of(st.just([]), ACTIONS), quiet_mission=st.booleans())
def test_spoilt_files_are_read_or_refused_in_one_line(tmp_path, case, in_mission, in_vehicle, quiet_mission):
    mission_path, vehicle_name = CASES[case]
    mission = tomllib.loads(mission_path.read_text(encoding="utf-8"))
    vehicle = tomllib.loads((CATALOGUE / "vehicles" / f"{vehicle_name}.toml").read_text(encoding="utf-8"))
    mission["vehicle"] = "vehicle.toml"
    if not (quiet_mission and in_vehicle):
        spoil(mission, in_mission)
    spoil(vehicle, in_vehicle)
    for name, document in (("mission", mission), ("vehicle", vehicle)):
        lines = [f"{toml(key)} = {toml(value)}" for key, value in document.items()]
        (tmp_path / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    outcome(tmp_path / "mission.toml")


@MANY
@given(garbage=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))))
def test_garbage_is_refused_in_one_line(tmp_path, garbage):
    (tmp_path / "mission.toml").write_bytes(garbage)
    outcome(tmp_path / "mission.toml")


@pytest.mark.slow
@MANY
@given(cut=st.integers(0, 10**6), insert=st.text(max_size=3))
def test_a_file_cut_anywhere_is_refused_in_one_line(tmp_path, cut, insert):
    text = SOYUZ.read_text(encoding="utf-8")
    cut %= len(text)
    (tmp_path / "mission.toml").write_text(text[:cut] + insert + text[cut + 1 :], encoding="utf-8", errors="replace")
    outcome(tmp_path / "mission.toml")


@pytest.mark.slow
@MANY
@given(actions=ACTIONS)
def test_spoilt_upper_stages_are_read_or_refused_in_one_line(tmp_path, actions):
    document = tomllib.loads((CATALOGUE / "upper_stages" / "fregat.toml").read_text(encoding="utf-8"))
    tanks = {"value": 3050, "sigma": 50, "source": "assumed"}
    document["drop_tanks"] = {"dry_mass_kg": dict(tanks), "propellant_kg": dict(tanks)}
    spoil(document, actions)
    lines = [f"{toml(key)} = {toml(value)}" for key, value in document.items()]
    (tmp_path / "stage.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    try:
        assert isinstance(load_upper_stage(str(tmp_path / "stage.toml")), UpperStage)
    except InputError as error:
        assert len(str(error).splitlines()) == 1 and "found" in str(error)


TARGETS = [
    {"altitude_km": 700, "sun_synchronous": True, "local_time_ascending_node_h": 10.5, "local_time": "apparent"},
    {"perigee_altitude_km": 200, "inclination_deg": 51.6, "c3_km2_s2": {"min": 9, "max": 12}, "declination_deg": -20},
    {"orbit": "gto-1500", "inclination_deg": {"min": 0, "max": 30}, "speed_to_geo_m_s": 1500},
    {
        "altitude_km": 400,
        "tle": [  # the set that encyclopaedias show, its epoch and check digits moved
            "1 25544U 98067A   26345.51782528 -.00002182  00000-0 -11606-4 0  2927",
            "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
        ],
    },
]


@pytest.mark.slow
@MANY
@given(actions=ACTIONS, which=st.integers(0, len(TARGETS) - 1), shared=st.booleans())
def test_spoilt_targets_are_read_or_refused_in_one_line(tmp_path, actions, which, shared):
    mission = tomllib.loads(SOYUZ.read_text(encoding="utf-8"))
    part = {"target": deepcopy(TARGETS[which])}
    if shared:
        part = {"releases": [{"name": f"{k}", "mass_kg": 10 + k, "target": deepcopy(TARGETS[k % 4])} for k in (0, which)]}
        del mission["payload"], mission["target"], mission["zones"]
        mission["objective"] = "least_propellant"
    spoil(part, actions)
    lines = [f"{toml(key)} = {toml(value)}" for key, value in (mission | part | {"upper_stage": "fregat"}).items()]
    (tmp_path / "mission.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    outcome(tmp_path / "mission.toml")
