"""A grid of orbits and what a vehicle brings to each: the records of a payload map, and its journal."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Element, Escape, Mission, Orbit
from baiterek.constants import EARTH_J2, EARTH_MU_M3_S2
from baiterek.errors import BadValue
from baiterek.physics.orbit import sun_synchronous_inclination

MOST_CELLS = 20_000


def _altitude(orbit: Orbit, km: float, radius_m: float) -> Orbit:
    both = Element(radius_m + 1e3 * km, radius_m + 1e3 * km)
    return replace(orbit, perigee_radius_m=both, apogee_radius_m=both, escape=None, speed_to_geo_m_s=None)


def _apogee(orbit: Orbit, km: float, radius_m: float) -> Orbit:
    return replace(orbit, apogee_radius_m=Element(radius_m + 1e3 * km, radius_m + 1e3 * km), escape=None)


def _perigee(orbit: Orbit, km: float, radius_m: float) -> Orbit:
    return replace(orbit, perigee_radius_m=Element(radius_m + 1e3 * km, radius_m + 1e3 * km))


def _inclination(orbit: Orbit, deg: float, radius_m: float) -> Orbit:
    return replace(orbit, inclination_rad=Element(float(np.radians(deg)), float(np.radians(deg))))


def _sun_synchronous(orbit: Orbit, km: float, radius_m: float) -> Orbit:
    """A circle whose mean inclination turns its node with the Sun."""
    angle = float(sun_synchronous_inclination(radius_m + 1e3 * km, radius_m + 1e3 * km, EARTH_MU_M3_S2, EARTH_J2, radius_m))
    return replace(_altitude(orbit, km, radius_m), inclination_rad=Element(angle, angle), kind="mean")


def _c3(orbit: Orbit, km2_s2: float, radius_m: float) -> Orbit:
    """An escape at the inclination of the orbit; its asymptote and perigee are those of an escape's orbit, else free."""
    energy = Element(1e6 * km2_s2, 1e6 * km2_s2)
    if orbit.escape is not None:
        return replace(orbit, escape=replace(orbit.escape, c3_m2_s2=energy))
    escape = Escape(energy, Element(), Element())
    return replace(orbit, perigee_radius_m=Element(), apogee_radius_m=Element(), escape=escape, speed_to_geo_m_s=None)


AXES: Mapping[str, Callable[[Orbit, float, float], Orbit]] = {
    "altitude_km": _altitude,
    "perigee_altitude_km": _perigee,
    "apogee_altitude_km": _apogee,
    "inclination_deg": _inclination,
    "sun_synchronous_km": _sun_synchronous,
    "c3_km2_s2": _c3,
}
"""What a map can be drawn over, and how each changes the target. Altitudes above the equatorial radius."""


@dataclass(frozen=True)
class Axis:
    """A row of values of one element of the target."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Cell:
    """One orbit: what the vehicle brings there, or why nothing."""

    index: tuple[int, ...]
    status: str
    """`converged`, `infeasible`, `failed`."""
    why: str = ""
    payload_kg: float = float("nan")
    sigma_kg: float = float("nan")
    """1 sigma, from the sigmas and covariances of the catalogue, to first order."""
    active: tuple[str, ...] = ()
    burn_s: Mapping[str, float] = field(default_factory=dict)
    """Time under thrust by stage."""
    impacts_deg: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude at which each dropped body lands."""
    gap_m: float = float("nan")
    gap_m_s: float = float("nan")
    """Between the optimum and its flight in the simulator, at insertion."""
    iterations: int = 0


@dataclass(frozen=True)
class PerformanceMap:
    """Payload over one or two elements of the target."""

    base: Mission
    axes: tuple[Axis, ...]
    cells: Mapping[tuple[int, ...], Cell]

    def column(self, read: Callable[[Cell], Any]) -> np.ndarray:
        """What `read` says of every cell, in the shape of the grid."""
        shape = tuple(len(axis.values) for axis in self.axes)
        grid = np.empty(shape, dtype=object)
        for index in itertools.product(*map(range, shape)):
            grid[index] = read(self.cells[index])
        return grid

    @property
    def stages(self) -> tuple[str, ...]:
        """Those that burn, in their order."""
        return stage_names(self.base)

    @property
    def bodies(self) -> tuple[str, ...]:
        """Dropped bodies that land in any cell."""
        return tuple(dict.fromkeys(name for cell in self.cells.values() for name in cell.impacts_deg))

    @property
    def limits(self) -> tuple[str, ...]:
        """Limits that bind in any cell."""
        return tuple(dict.fromkeys(name for cell in self.cells.values() for name in cell.active))

    def counts(self) -> dict[str, int]:
        """How many cells ended how."""
        found = [cell.status for cell in self.cells.values()]
        return {status: found.count(status) for status in ("converged", "infeasible", "failed")}


def stage_names(mission: Mission) -> tuple[str, ...]:
    """Serial stages, in the order in which they burn, the upper stage last."""
    upper = () if mission.upper_stage is None else (mission.upper_stage.name,)
    return (*(stage.name for stage in mission.vehicle.stages), *upper)


def parse_axis(name: str, text: str) -> Axis:
    """`200:1500:50` (ends included), `200,400,800` or one number. Raises `InputError` in one line."""
    allowed = "from:to:step with from < to and step > 0, or numbers with commas between"
    try:
        parts = [float(part) for part in text.split(":")] if ":" in text else None
        values = [float(part) for part in text.split(",")] if parts is None else []
    except ValueError:
        raise BadValue("command line", name, text, allowed) from None
    if parts is not None:
        if len(parts) != 3 or not (parts[0] < parts[1] and parts[2] > 0.0):
            raise BadValue("command line", name, text, allowed)
        count = int(np.floor((parts[1] - parts[0]) / parts[2] + 1e-9)) + 1
        if count > MOST_CELLS:
            raise BadValue("command line", name, text, f"at most {MOST_CELLS} cells")
        values = [parts[0] + k * parts[2] for k in range(count)]
    if not all(np.isfinite(values)) or len(set(values)) != len(values):
        raise BadValue("command line", name, text, allowed)
    return Axis(name, tuple(sorted(values)))


SAYS = {
    "altitude_km": {"perigee", "apogee"},
    "perigee_altitude_km": {"perigee"},
    "apogee_altitude_km": {"apogee"},
    "inclination_deg": {"inclination"},
    "sun_synchronous_km": {"perigee", "apogee", "inclination"},
    "c3_km2_s2": {"perigee", "apogee"},
}
"""What an axis says of the orbit: two that say the same contradict each other."""
RANGES = {"sun_synchronous_km": (80.0, 5970.0), "c3_km2_s2": (1e-6, 200.0), "inclination_deg": (0.0, 180.0)}
"""Values that mean something; the others are checked by what the mission's file allows."""


def check_axes(axes: Sequence[Axis], upper_stage: bool = False) -> None:
    """One or two axes that do not say the same thing. Raises `InputError` in one line."""
    names = [axis.name for axis in axes]
    if not 1 <= len(axes) <= 2:
        raise BadValue("command line", "axes", ", ".join(names) or "none", f"one or two of {', '.join(AXES)}")
    if len(axes) == 2 and SAYS[names[0]] & SAYS[names[1]]:
        raise BadValue(
            "command line", "axes", ", ".join(names), "two that do not both say the " + min(SAYS[names[0]] & SAYS[names[1]])
        )
    if "c3_km2_s2" in names and not upper_stage:
        raise BadValue("command line", "c3_km2_s2", "no upper stage", "an upper stage, which is what escapes are flown with")
    for axis in axes:
        low, high = RANGES.get(axis.name, (-np.inf, np.inf))
        beyond = [value for value in axis.values if not low <= value <= high]
        if beyond:
            raise BadValue("command line", axis.name, f"{beyond[0]:g}", f"{low:g} to {high:g}")
    if np.prod([len(axis.values) for axis in axes]) > MOST_CELLS:
        raise BadValue("command line", "axes", ", ".join(names), f"at most {MOST_CELLS} cells")


def mission_at(base: Mission, axes: Sequence[Axis], index: tuple[int, ...]) -> Mission:
    """`base` towards the orbit of one cell."""
    return mission_towards(base, axes, [axis.values[k] for axis, k in zip(axes, index, strict=True)])


def mission_towards(base: Mission, axes: Sequence[Axis], values: Sequence[float]) -> Mission:
    """`base` towards the orbit that has these values of the axes."""
    assert base.target is not None
    orbit = base.target
    for axis, value in zip(axes, values, strict=True):
        orbit = AXES[axis.name](orbit, float(value), float(base.environment.radius_m))
    return replace(base, target=orbit)


def keep(cells: dict, cell: Cell, journal: Path | None) -> None:
    """A solved cell joins the map, and its line the journal."""
    cells[cell.index] = cell
    if journal is not None:
        journal.mkdir(parents=True, exist_ok=True)
        with (journal / "cells.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(cell)) + "\n")


def read_journal(journal: Path | None) -> dict[tuple[int, ...], Cell]:
    """Cells of an interrupted map; a line that was cut off is left out."""
    if journal is None or not (journal / "cells.jsonl").is_file():
        return {}
    cells = {}
    for line in (journal / "cells.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            document = json.loads(line)
        except json.JSONDecodeError:
            continue
        document["index"], document["active"] = tuple(document["index"]), tuple(document["active"])
        cells[document["index"]] = Cell(**document)
    return cells
