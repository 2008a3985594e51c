"""One step of a mission's numbers, and how numbers are changed by path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.override import with_values

Change = Callable[[Mission, float], Mission]
"""The mission after so many whole steps; shares and negative numbers of steps are changes too."""


@dataclass(frozen=True)
class Step:
    """One number, or several that belong together, changed by `amount` of `unit`."""

    of: str
    """The limit, named as its verdict; else the part that the number belongs to: a stage, `aerodynamics`, `target`."""
    what: str
    amount: float
    unit: str
    change: Change
    limit: bool = False
    paths: tuple[str, ...] = ()
    """Data of the vehicle that it changes."""


def added(*changes: tuple[str, float]) -> Change:
    """Adds to numbers by path (`catalogue.override.with_values`)."""

    def change(mission: Mission, count: float) -> Mission:
        values = {path: _number(mission, path) + count * step for path, step in changes}
        return with_values(mission, values)

    return change


def _number(mission: Mission, path: str) -> float:
    if path in mission.vehicle.data:
        return float(mission.vehicle.data[path].value)
    record: object = mission
    for name in path.split("."):
        record = getattr(record, name)
    return float(record)  # type: ignore[arg-type]


def datum_step(
    of: str, what: str, amount: float, unit: str, changes: tuple[tuple[str, float], ...], limit: bool = False
) -> Step:
    """A step of data by their paths."""
    return Step(of, what, amount, unit, added(*changes), limit, tuple(path for path, _ in changes))


def natural(mass_kg: float) -> float:
    """100 kg of a stage; of small things the power of ten below a tenth."""
    return float(min(100.0, 10.0 ** np.floor(np.log10(max(0.1 * mass_kg, 1e-3)))))
