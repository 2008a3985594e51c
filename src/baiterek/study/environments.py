"""What a payload meets on a flight: the greatest loads, when they come, and the limits that they were kept to."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.study.results import MissionResult
from baiterek.study.words import phrase

RELEASE = ("fairing separation", "escape-tower separation")
"""The event from which the payload feels the air itself."""


class Load(NamedTuple):
    """A load, the column that it is read from, and how the limit on it is named."""

    name: str
    column: str
    unit: str
    limit: str = ""
    exposed: bool = False
    """Felt by the payload only once it is uncovered."""


LOADS = (
    Load("axial acceleration", "axial_acceleration_m_s2", "m/s2", "axial acceleration"),
    Load("dynamic pressure", "dynamic_pressure_Pa", "Pa", "dynamic pressure"),
    Load("dynamic pressure × angle of attack", "q_alpha_Pa_rad", "Pa rad", "q alpha"),
    Load("free-molecular heat flux, payload uncovered", "heat_flux_W_m2", "W/m2", "shroud heat flux", exposed=True),
    Load("dynamic pressure, payload uncovered", "dynamic_pressure_Pa", "Pa", "", exposed=True),
)
PHASE_LOADS = LOADS[:3]


def environments(result: MissionResult) -> list[dict[str, Any]]:
    """Greatest value of each load, its instant and its limit; SI. A load without a column is left out."""
    limits = {phrase(limit["name"], limit["unit"]): limit for limit in result.summary["limits"]}
    released = released_s(result)
    rows = []
    for load in LOADS:
        found = _greatest(result, load, released)
        if found is not None:
            limit = limits.get(load.limit)
            rows.append({
                "name": load.name, "unit": load.unit, "value": found[0], "t_s": found[1], "exposed": load.exposed,
                "limit_name": load.limit if limit else None, "limit": limit["limit"] if limit else None,
            })  # fmt: skip
    return rows


def loads_by_phase(result: MissionResult) -> list[dict[str, Any]]:
    """Greatest loads of each phase of the flight, with its start and end; SI."""
    if not result.trajectory:
        return []
    phase, t = result.trajectory["phase"], result.trajectory["t_s"]
    rows = []
    for number, name in enumerate(result.summary["phases"]):
        inside = phase == number
        if inside.any():
            loads = {load.name: _most(result.trajectory.get(load.column), inside) for load in PHASE_LOADS}
            rows.append({"name": name, "start_s": float(t[inside][0]), "end_s": float(t[inside][-1]), **loads})
    return rows


def released_s(result: MissionResult) -> float | None:
    """When the payload is uncovered, s since lift-off; None where nothing covers it or it stays covered."""
    return next((event["t_s"] for event in result.summary["events"] if event["name"] in RELEASE), None)


def _greatest(result: MissionResult, load: Load, released: float | None) -> tuple[float, float] | None:
    column, t = result.trajectory.get(load.column), result.trajectory.get("t_s")
    if column is None or t is None or (load.exposed and released is None):
        return None
    felt = t >= released if load.exposed else np.ones(len(t), dtype=bool)
    if not np.isfinite(column[felt]).any():
        return None
    row = int(np.nanargmax(np.where(felt, column, np.nan)))
    return float(column[row]), float(t[row])


def _most(column: Any, rows: Any) -> float | None:
    values = column[rows] if column is not None else np.array([])
    return float(np.nanmax(values)) if np.isfinite(values).any() else None
