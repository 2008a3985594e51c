"""Planned against measured, quantity by quantity: the difference in its unit, and in sigmas of both together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import hypot, radians
from typing import Any, NamedTuple, Protocol

from baiterek.campaign.results.measured import Measured
from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.physics.geodesic import geodesic_leg

COLUMNS = (
    "quantity", "unit", "planned", "sigma_planned", "measured", "sigma_measured", "difference", "in_sigmas", "standing",
    "source",
)  # fmt: skip
WHOLE_TURN = ("longitude_deg", "raan_deg", "argument_of_perigee_deg", "true_anomaly_deg")
ENDINGS = (("_m_s", "m/s"), ("_deg", "deg"), ("_kg", "kg"), ("_Pa", "Pa"), ("_km", "km"), ("_m", "m"), ("_s", "s"))
SURPRISING = 3.0
"""Sigmas beyond which a difference is marked."""


class Standing(StrEnum):
    """How a quantity stands."""

    WITHIN = "within"
    BEYOND = "beyond"
    NOT_MEASURED = "not_measured"
    NOT_PLANNED = "not_planned"


class Foretold(Protocol):
    """A planned quantity, as `study.planned` has it."""

    @property
    def name(self) -> str:
        """With its unit at the end."""

    @property
    def value(self) -> float:
        """In that unit."""

    @property
    def sigma(self) -> float | None:
        """Of dispersed flights; None where none were flown."""


class Ellipsoid(NamedTuple):
    """On which distances are measured: WGS 84."""

    radius_m: float = WGS84_RADIUS_M
    flattening: float = WGS84_FLATTENING


def compare(planned: Iterable[Foretold], measured: Iterable[Measured]) -> list[dict[str, str]]:
    """A row a quantity: those planned in their order, then those that were measured alone. What is missing stays empty.

    Sigmas of plan and measurement are independent of each other; where the plan has none, the measurement's stands alone. Of
    a point of impact whose latitude and longitude are both there, the distance between the points is a row more (Sodano 1965).
    """
    there, foretold = {one.quantity: one for one in measured}, {one.name: one for one in planned}
    rows = [_row(name, foretold.get(name), there.get(name)) for name in dict.fromkeys((*foretold, *there))]
    return rows + [_missed(body, foretold, there) for body in _bodies(foretold, there)]


def counts(rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """How many quantities stand how."""
    found = dict.fromkeys(map(str, Standing), 0)
    for row in rows:
        found[row["standing"]] += 1
    return found


def unit_of(name: str) -> str:
    """The unit that ends a quantity's name."""
    last = name.rpartition(".")[2]
    return next((unit for ending, unit in ENDINGS if last.endswith(ending)), "1")


def _row(name: str, plan: Foretold | None, one: Measured | None) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | {"quantity": name, "unit": unit_of(name)}
    if plan is not None:
        row |= {"planned": _text(plan.value), "sigma_planned": _text(plan.sigma)}
    if one is not None:
        row |= {"measured": _text(one.value), "sigma_measured": _text(one.sigma), "source": one.source}
    if plan is None or one is None:
        return row | {"standing": Standing.NOT_MEASURED if one is None else Standing.NOT_PLANNED}
    off = one.value - plan.value
    if name.rpartition(".")[2] in WHOLE_TURN:
        off = (off + 180.0) % 360.0 - 180.0
    sigmas = off / hypot(one.sigma, plan.sigma or 0.0)
    standing = Standing.WITHIN if abs(sigmas) <= SURPRISING else Standing.BEYOND
    return row | {"difference": _text(off), "in_sigmas": _text(sigmas), "standing": standing}


def _bodies(foretold: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    ends = (".impact.latitude_deg", ".impact.longitude_deg")
    bodies = [name.removesuffix(ends[0]) for name in foretold if name.endswith(ends[0])]
    return [one for one in bodies if all(f"{one}{end}" in foretold and f"{one}{end}" in there for end in ends)]


def _missed(body: str, foretold: Mapping[str, Foretold], there: Mapping[str, Measured]) -> dict[str, str]:
    """How far from where it was meant to."""
    names = [f"{body}.impact.{axis}" for axis in ("latitude_deg", "longitude_deg")]
    points = (*(radians(foretold[name].value) for name in names), *(radians(there[name].value) for name in names))
    away = float(geodesic_leg(*points, Ellipsoid()).range_m)
    row = dict.fromkeys(COLUMNS, "") | {"quantity": f"{body}.impact.distance_m", "unit": "m", "difference": _text(away)}
    within = {_row(name, foretold[name], there[name])["standing"] for name in names} == {Standing.WITHIN}
    return row | {"standing": Standing.WITHIN if within else Standing.BEYOND, "source": there[names[0]].source}


def _text(value: float | None) -> str:
    """Nine significant digits: less than any measurement knows, more than anybody reads."""
    return "" if value is None else f"{value:.9g}"
