"""What a run shows on a globe, as places with names and numbers: what KML and GeoJSON are written from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.reports.exports.outline import band_edges, zone_ring
from baiterek.reports.exports.spheres import cut_line, cut_ring
from baiterek.reports.exports.states import once
from baiterek.reports.language import language
from baiterek.reports.naming import zone_in_words
from baiterek.study.results import Columns, MissionResult

Array = NDArray[np.float64]

OVER_GROUND = ("longitude_deg", "latitude_deg")
IN_AIR = (*OVER_GROUND, "altitude_m")
IMPACT = ("impact_longitude_deg", "impact_latitude_deg")


class Place(NamedTuple):
    """Points (one row), lines or areas of longitude and latitude in deg and, where there is one, altitude in m."""

    name: str
    kind: str
    """`pad`, `ground track`, `trajectory`, `impact point trace`, `fall`, `impact`, `zone`, `zone edge`, `event`; of a safety
    case `footprint`, `individual risk`, `closed area`, `aircraft and ships`, `corridor`, `cut-off line`."""
    shape: str
    """`point`, `line`, `area`."""
    parts: list[Array]
    about: dict[str, Any]
    """Numbers with their units in their names."""


def places(result: MissionResult) -> list[Place]:
    """Everything, the ground first. Latitudes are geodetic, altitudes above the ellipsoid."""
    site, flown = result.summary["site"], once(result.trajectory)
    shown = [Place(site["title"], "pad", "point", [_point(site)], {"altitude_m": site["altitude_m"]})]
    shown += [zone for body, shape in result.summary["zones"].items() for zone in zone_places(body, shape, site)]
    span = {"t_start_s": float(flown["t_s"][0]), "t_end_s": float(flown["t_s"][-1])}
    shown.append(_track("ground track", "ground track", flown, OVER_GROUND, span))
    shown.append(_track("trajectory", "trajectory", flown, IN_AIR, span))
    shown += _trace(flown)
    for body, columns in result.falls.items():
        span = {"t_start_s": float(columns["t_s"][0]), "t_end_s": float(columns["t_s"][-1])}
        shown.append(_track(f"fall of {body}", "fall", once(columns), IN_AIR, span))
    shown += [_impact(impact) for impact in result.summary["impacts"] if impact["landed"]]
    return shown + [_event(event, flown) for event in result.summary["events"]]


def _point(where: Mapping[str, Any]) -> Array:
    return np.array([[where["longitude_deg"], where["latitude_deg"]]])


def _track(name: str, kind: str, columns: Columns, names: tuple[str, ...], about: dict[str, Any]) -> Place:
    return Place(name, kind, "line", cut_line(np.stack([columns[name] for name in names], axis=1)), about)


def _trace(flown: Columns) -> list[Place]:
    """Where it would fall if thrust ended, without air: while there is such a point."""
    if IMPACT[0] not in flown:
        return []
    known = np.isfinite(flown[IMPACT[0]])
    rows = np.stack([flown[name][known] for name in IMPACT], axis=1)
    if len(rows) < 2:
        return []
    t_s = flown["t_s"][known]
    about = {"t_start_s": float(t_s[0]), "t_end_s": float(t_s[-1])}
    return [Place("instantaneous impact point, without air", "impact point trace", "line", cut_line(rows), about)]


def _impact(impact: Mapping[str, Any]) -> Place:
    about = {key: impact[key] for key in ("t_s", "mass_kg", "pieces", "zone", "inside")}
    return Place(f"{impact['name']} falls", "impact", "point", [_point(impact)], about)


def zone_places(body: str, zone: Mapping[str, Any], site: Mapping[str, Any]) -> list[Place]:
    """An area; of a band of ranges the edges, for it has no outline that a flat map could fill."""
    about = {
        "body": body,
        "zone": zone["name"],
        "geometry": zone_in_words(zone, language()),
        "grade": zone["grade"],
        "status": zone.get("status", ""),
        "source": zone["source"],
    }
    ring = zone_ring(zone)
    if ring is not None:
        return [Place(f"zone of {body}", "zone", "area", cut_ring(ring), about)]
    parts = [part for edge in band_edges(zone, site) for part in cut_line(edge)]
    return [Place(f"zone of {body}, edges", "zone edge", "line", parts, about)] if parts else []


def _event(event: Mapping[str, Any], flown: Columns) -> Place:
    row = int(np.argmin(np.abs(flown["t_s"] - event["t_s"])))
    where = np.array([[flown["longitude_deg"][row], flown["latitude_deg"][row], event["altitude_m"]]])
    return Place(event["name"], "event", "point", [where], {key: value for key, value in event.items() if key != "name"})
