"""A steering as JSON and back, every digit kept: an interrupted run goes on with the very same commands."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.history import Steering, SteeringPhase
from baiterek.study.results import read_json, write_json


def write_steering(path: Path, steering: Steering) -> None:
    """`steering` under its final name only when it is whole on disk."""
    phases = [{item.name: _plain(getattr(phase, item.name)) for item in fields(SteeringPhase)} for phase in steering.phases]
    partial = path.with_suffix(".partial")
    write_json(partial, {"payload_kg": steering.payload_kg, "phases": phases})
    partial.replace(path)


def read_steering(path: Path) -> Steering:
    """The steering of a file that `write_steering` has written."""
    document = read_json(path)
    arrays = ("breaks", "nodes", "values", "drop_mass_kg")
    phases = []
    for phase in document["phases"]:
        read: dict[str, Any] = {key: np.array(of, dtype=float) if key in arrays else of for key, of in phase.items()}
        phases.append(SteeringPhase(**read))
    return Steering(tuple(phases), document["payload_kg"])


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
