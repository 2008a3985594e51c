"""Missions of Soyuz-5 as files that differ in a few numbers: most were drawn by `benchmarks/thousand_missions.py`."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission

LIMITS = {
    "dynamic_pressure_kPa": 50.0,
    "q_alpha_Pa_rad": 3500.0,
    "axial_acceleration_g0": 4.0,
    "angle_of_attack_deg": 10.0,
    "turn_rate_deg_s": 3.0,
    "rise_altitude_m": 200.0,
}


def mission_of(
    name: str,
    utc: str,
    target: dict[str, Any] | None = None,
    payload: float | str | None = None,
    *,
    objective: str = "least_propellant",
    limits: dict[str, float] | None = None,
    **tables: dict[str, Any] | list[dict[str, Any]],
) -> Mission:
    """A mission file with these tables, read; `limits` are beside `LIMITS` or in their place."""
    head = {"name": name, "vehicle": "soyuz-5", "site": "baikonur-45", "objective": objective}
    tables = {"limits": LIMITS | (limits or {}), "environment": {"wind": "climatology"}, **tables}
    tables |= {} if target is None else {"target": target}
    tables |= {} if payload is None else {"payload": {"mass_kg": payload}}
    text = _lines(head) + f"[epoch]\nutc = {utc}\n"
    for key, of in tables.items():
        text += "".join(f"[[{key}]]\n{_lines(one)}" for one in of) if isinstance(of, list) else f"[{key}]\n{_lines(of)}"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "mission.toml"
        file.write_text(text, encoding="utf-8")
        return load_mission(file)


def _lines(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    """As TOML writes it; a table within a line in braces."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)
