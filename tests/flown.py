"""The bundled mission flown with a steering made by hand, and an optimum that was never solved for.

For tests of what comes after the flight: folder, report, ephemeris. The pitch programme reaches no orbit and the
limits are invented; only the shape of the records is that of a real run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.sequence import sequence
from baiterek.flight import simulate
from baiterek.history import History, Steering, SteeringPhase
from baiterek.study.provenance import provenance
from baiterek.study.results import MissionResult, columns_of
from baiterek.study.summary import summary

PROJECT = Path(__file__).resolve().parents[1]
BUNDLED = PROJECT / "missions" / "soyuz5-leo.toml"
PAYLOAD_kg = 17000.0


@dataclass(frozen=True)
class Verdict:
    """Fields of a verdict of the optimiser."""

    name: str
    unit: str
    value: float
    limit: float
    active: bool
    met: bool


@dataclass(frozen=True)
class Worth:
    """Fields of a price of the optimiser."""

    of: str
    what: str
    amount: float
    unit: str
    gain: float
    limit: bool
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unsolved:
    """Fields of an optimum."""

    history: History
    steering: Steering
    sensitivities: dict[str, float]
    status: str = "converged"
    advice: str = ""
    payload_kg: float = PAYLOAD_kg
    objective: float = PAYLOAD_kg
    gap_position_m: float = 3.2
    gap_speed_m_s: float = 0.004
    limits: list[Verdict] = field(
        default_factory=lambda: [
            Verdict("dynamic_pressure", "Pa", 33e3, 50e3, False, True),
            Verdict("q_alpha", "Pa rad", 3500.0, 3500.0, True, True),
        ]
    )
    prices: list[Worth] = field(
        default_factory=lambda: [
            Worth("dynamic_pressure", "more", 1.0, "kPa", 0.0, True),
            Worth("q_alpha", "more", 100.0, "Pa rad", 1.2, True),
            Worth("zone stage-1", "far edge moved downrange", 10.0, "km", 42.0, True),
            Worth("stage-2", "dry mass", 100.0, "kg", -100.0, False, ("stage-2.dry_mass_kg",)),
        ]
    )
    iterations: int = 42
    mesh: str = "by hand"
    solve_s: float = 0.8

    @property
    def converged(self) -> bool:
        return self.status == "converged"


@cache
def mission() -> Mission:
    return load_mission(BUNDLED)


def by_hand(bare: Mission) -> Steering:
    """Vertical, then a pitch programme towards 62 deg, linear in time."""
    where = replace(bare, payload_kg=PAYLOAD_kg)
    angle, lat = where.site.longitude_rad + where.sidereal_angle_rad, where.site.latitude_rad
    east = np.array([-np.sin(angle), np.cos(angle), 0.0])
    up = np.array([np.cos(lat) * np.cos(angle), np.cos(lat) * np.sin(angle), np.sin(lat)])
    forward = np.sin(np.radians(62.0)) * east + np.cos(np.radians(62.0)) * np.cross(up, east)
    durations = {"rise": 9.0, "stage-1": 146.0, "stage-2 with fairing": 44.0, "stage-2": 290.0}
    nodes = np.array([0.155, 0.645, 1.0])
    phases, start = [], 0.0
    for phase in sequence(where).phases:
        duration = durations.get(phase.name) or phase.duration_s or 2.0
        breaks = np.linspace(0.0, 1.0, max(1, int(duration / 15.0)) + 1)
        t = start + duration * (breaks[:-1, None] + np.diff(breaks)[:, None] * nodes)
        pitch = np.radians(np.interp(t, [0.0, 9.0, 60.0, 160.0, 500.0], [90.0, 89.5, 66.0, 34.0, -6.0]))
        throttle = np.interp(t, [0.0, 50.0, 60.0, 75.0, 120.0, 155.0], [1.0, 1.0, 0.85, 1.0, 1.0, 0.55])
        direction = np.sin(pitch)[..., None] * up + np.cos(pitch)[..., None] * forward
        values = np.concatenate((direction, throttle[..., None]), axis=-1)
        drops = np.zeros(len(phase.drops))
        phases.append(SteeringPhase(phase.name, phase.steering, start, duration, breaks, nodes, values, drops))
        start += duration
    return Steering(tuple(phases), PAYLOAD_kg)


@cache
def flight() -> History:
    return simulate(mission(), by_hand(mission()))


def optimum(**changes: object) -> Unsolved:
    """As if solved: one kilogram of payload for each of dry mass of the last stage."""
    return replace(Unsolved(flight(), flight().steering, {"stage-2.dry_mass_kg": -1.0}), **changes)


def result(verb: str = "plan") -> MissionResult:
    """The result of that flight, not yet on disk."""
    return MissionResult(
        summary(mission(), optimum(), flight()),
        provenance(mission(), verb),
        columns_of(flight()),
        columns_of(flight()),
        {fall.name: fall.columns for fall in flight().falls},
    )
