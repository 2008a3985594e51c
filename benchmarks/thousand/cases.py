"""A case: a mission file and what is known of it, drawn from a seed and a number alone."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission

FEASIBLE, INFEASIBLE, UNLABELLED = "feasible", "infeasible", "unlabelled"
MONTHS = (1, 7, 10)
STANDARD = {
    "dynamic_pressure_kPa": 50.0, "q_alpha_Pa_rad": 3500.0, "axial_acceleration_g0": 4.0, "angle_of_attack_deg": 10.0,
    "turn_rate_deg_s": 3.0, "rise_altitude_m": 200.0,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A mission and what is known of it."""

    number: int
    kind: str
    expect: str
    mission: str
    """Text of the mission file."""
    why: str
    witness: Mapping[str, Any] | None = None
    """The numbers of the flight that reaches the target, of a feasible case."""
    floor_kg: float = float("nan")
    """The mass that the witness brings: of payload, or at insertion; the optimum may not bring less."""
    limit: str = ""
    """Of an infeasible case: what the refusal must name."""


class Nothing(Exception):
    """A draw that gave no case; the next draw of the same number is tried."""


def generator(seed: int, number: int, turn: int = 0) -> np.random.Generator:
    """The random numbers of a case; `turn` counts its draws."""
    return np.random.default_rng([seed, number, turn])


def any_epoch(rng: np.random.Generator) -> datetime:
    """An instant of lift-off, to the second."""
    begin = datetime(2026, int(rng.choice(MONTHS)), 15, tzinfo=UTC)
    return begin + timedelta(seconds=int(rng.integers(0, 86400)))


def written(name: str, epoch: datetime, target: Mapping[str, Any], payload_kg: float | None, limits: Mapping[str, Any],
            *, vehicle: str = "soyuz-5", upper_stage: Mapping[str, Any] | None = None, zones: Mapping[str, Any] | None = None,
            override: Mapping[str, Any] | None = None, objective: str = "") -> str:  # fmt: skip
    """The text of a mission file; without a payload the most is sought."""
    objective = objective or ("payload" if payload_kg is None else "least_propellant")
    parts: dict[str, Mapping[str, Any]] = {}
    if override:
        parts["sources"] = {"drawn": {"text": "drawn by the benchmark", "grade": "assumed"}}
        parts["override"] = override
    parts |= {"epoch": {"utc": epoch}, "payload": {"mass_kg": "maximise" if payload_kg is None else payload_kg}}
    if upper_stage:
        parts["upper_stage"] = upper_stage
    parts |= {"target": target, "limits": limits, "zones": zones or {}, "environment": {"wind": "climatology"}}
    head = {"name": name, "vehicle": vehicle, "site": "baikonur-45", "objective": objective}
    lines = [f"{key} = {toml(value)}" for key, value in head.items()]
    for part, table in parts.items():
        lines += [f"[{part}]", *(f"{key} = {toml(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def toml(value: Any) -> str:
    """A value as TOML; numbers with every digit."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    return repr(int(value)) if isinstance(value, (int, np.integer)) else repr(float(value))


def read(text: str) -> Mission:
    """The mission of a text, through the same reader as any file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mission.toml"
        path.write_text(text, encoding="utf-8")
        return load_mission(path)
