"""The answer of a run: its name, its value, whether everything was kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

ANSWERS = {
    "payload": "Greatest payload",
    "least_propellant": "Mass at insertion",
    "altitude": "Greatest altitude",
    "time": "Least time",
}
DEGREES = {"rad": (180.0 / np.pi, "deg"), "rad/s": (180.0 / np.pi, "deg/s")}


def phrase(name: str, unit: str = "") -> str:
    """A limit's name as one reads it, without the unit that ends it."""
    return name.removesuffix("_" + unit.replace("/", "_").replace(" ", "_")).replace("_", " ")


def as_read(limit: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict at the edge: its name in words, angles in degrees."""
    factor, unit = DEGREES.get(limit["unit"], (1.0, limit["unit"]))
    numbers = {key: None if limit[key] is None else limit[key] * factor for key in ("value", "limit")}
    return {**limit, **numbers, "unit": unit, "name": phrase(limit["name"], limit["unit"])}


def verdict_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The answer: its name, value, unit and spread, and whether everything was kept."""
    answer = summary["answer"]
    objective = answer["objective"]
    unmet = [limit["name"] for limit in summary["limits"] if not limit["met"]]
    good = summary["status"] == "converged" and not unmet and not summary["contradictions"]
    return {
        "title": ANSWERS[objective] if good else f"No result; last attempt at: {ANSWERS[objective].lower()}",
        "value": answer["value"],
        "unit": answer["unit"],
        "digits": 1 if objective == "payload" else 3,
        "sigma": answer["sigma"],
        "good": good,
        "unmet": unmet,
        "active": [limit["name"] for limit in summary["limits"] if limit["active"]],
    }


def gap(summary: Mapping[str, Any]) -> tuple[float, float] | None:
    """Position in m and speed in m/s between the optimum and its flight (its re-integration, when it was not flown)."""
    found = summary["gap"]
    for kind in ("flight", "reintegration"):
        position, speed = found[f"{kind}_position_m"], found[f"{kind}_speed_m_s"]
        if position is not None and speed is not None:
            return position, speed
    return None
