"""What a run foretells of a flight, quantity by quantity, under the names that a Monte Carlo has for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.errors import InputError
from baiterek.study.results import MissionResult, read_json

OF_EVENTS = ("t_s", "altitude_m", "speed_earth_m_s")
OF_INSERTION = ("inclination_deg", "raan_deg", "argument_of_perigee_deg")
HEIGHTS = ("perigee_altitude", "apogee_altitude")
DISPERSED = "a folder that `baiterek monte-carlo` wrote"


class Planned(NamedTuple):
    """A quantity; its unit ends its name. `sigma` is that of the dispersed flights, None where none were flown."""

    name: str
    value: float
    sigma: float | None = None


def planned(result: MissionResult, dispersed: Path | None = None) -> list[Planned]:
    """Events with time, altitude and speed over ground, the orbit at insertion, points of impact.

    Elements are osculating at insertion, in the true equator and equinox of the epoch; altitudes of perigee and apogee above
    the equatorial radius, of events above the ellipsoid. `dispersed` gives the sigma of whatever it has under the same name.
    """
    sigmas = _sigmas(dispersed) if dispersed is not None else {}
    return [Planned(name, value, sigmas.get(name)) for name, value in _values(result.summary)]


def _values(summary: Any) -> Iterator[tuple[str, float]]:
    for event in summary.get("events", []):
        where = event["name"].replace(" ", ".")
        for column in OF_EVENTS:
            if event.get(column) is not None:
                yield f"{where}.{column}", float(event[column])
    orbit = summary.get("achieved") or {}
    for name in HEIGHTS:
        if orbit.get(f"{name}_km") is not None:
            yield f"insertion.{name}_m", 1e3 * float(orbit[f"{name}_km"])
    for name in OF_INSERTION:
        if orbit.get(name) is not None:
            yield f"insertion.{name}", float(orbit[name])
    for fall in summary.get("impacts", []):
        if fall["landed"]:
            for column in ("t_s", "latitude_deg", "longitude_deg"):
                yield f"{fall['name']}.impact.{column}", float(fall[column])


def _sigmas(folder: Path) -> dict[str, float]:
    outputs = read_json(folder / "result.json").get("outputs")
    if not isinstance(outputs, dict):
        raise InputError(str(folder), "outputs", "none", DISPERSED)
    return {name: float(one["sigma"][0]) for name, one in outputs.items() if one.get("sigma") and one["sigma"][0] is not None}
