"""The answer of a run as plain values: what `result.json` holds, and what every report and page reads back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass, replace
from typing import Any

import numpy as np

from baiterek.catalogue.burns import leaving_kg
from baiterek.catalogue.datum import GRADES, Source
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand, Zone
from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.history import Event, Fall, History
from baiterek.safety.zones import inside
from baiterek.study.contradictions import contradictions
from baiterek.study.disposal import disposal
from baiterek.study.orbits import achieved, asked, at, releases
from baiterek.study.parts import parts, undrawn
from baiterek.study.uncertainty import sigma_alone, uncertainty

SCHEMA = 2
"""Of result.json and the columns: raised when a reader of older folders would stumble."""
UNSURE = ("fit", "assumed", "L")
"""Grades that a report marks wherever such a number is read."""

EVENT_COLUMNS = ("altitude_m", "speed_eci_m_s", "speed_earth_m_s", "ground_range_m", "mass_kg", "dynamic_pressure_Pa")


def summary(mission: Mission, optimum: Any, flight: History | None, deorbit: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything of a run but its columns. `optimum` is what `trajectory.optimise` returned, `deorbit` what
    `study.deorbit.deorbit_document` did.
    """
    history = flight or optimum.history
    gap = _gap(optimum, flight)
    document = {
        "schema": SCHEMA,
        "mission": mission.name,
        "title": mission.title,
        "vehicle": {
            "name": mission.vehicle.name,
            "title": mission.vehicle.title,
            "parts": parts(mission.vehicle, UNSURE),
        },
        "site": _site(mission),
        "datum": _datum(mission),
        "lift_off": mission.lift_off.isoformat() if mission.lift_off else None,
        "sidereal_angle_rad": mission.sidereal_angle_rad,
        "status": optimum.status,
        "advice": optimum.advice,
        "answer": _answer(mission, optimum, history),
        "reserve": asdict(mission.reserve),
        "missing": getattr(optimum, "missing", {}),
        "limits": [_record(verdict) for verdict in optimum.limits],
        "prices": _prices(mission, optimum),
        "gap": gap,
        "contradictions": _contradictions(mission, optimum, gap, flight),
        "target": asked(mission.target, mission) if mission.target else None,
        "achieved": achieved(mission, history),
        "disposal": disposal(mission, optimum.payload_kg, history),
        "releases": releases(mission, optimum.payload_kg, history),
        "events": [event_row(event, history) for event in events(history)],
        "phases": list(history.phases) if history else [],
        "impacts": [impact(fall, mission) for fall in history.falls] if history else [],
        "deorbit": deorbit,
        "zones": {body: zone_document(zone) for body, zone in mission.zones.items()},
        "environment": list(mission.environment_notes),
        "notes": [
            *mission.vehicle.notes,
            *undrawn(mission.vehicle),
            *mission.site.notes,
            *(mission.upper_stage.notes if mission.upper_stage else ()),
            *(history.notes if history else ()),
        ],
        "data": data_of(mission),
        "published": {key: asdict(datum) for key, datum in mission.vehicle.published.items()},
        "sources": _sources(mission),
        "tried": [asdict(way) for way in getattr(optimum, "tried", ())],
        "solver": {"iterations": optimum.iterations, "mesh": optimum.mesh},
    }
    return plain(document)


def plain(value: Any) -> Any:
    """Values that JSON knows; what is not a finite number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value)


def events(history: History | None) -> list[Event]:
    """Events of the flight in order, with lift-off, the greatest dynamic pressure and insertion among them."""
    if history is None:
        return []
    found = [event for event in history.events if event.t_s <= history.t_s[-1]]  # impacts have a table of their own
    names = {event.name for event in found}
    t, q = history.t_s, history.columns.get("dynamic_pressure_Pa")
    if "lift-off" not in names:
        found.append(Event("lift-off", float(t[0])))
    if q is not None and "max q" not in names and np.nanmax(q) > 0:
        found.append(Event("max q", float(t[int(np.nanargmax(q))])))
    if not {"insertion", "end of flight"} & names:
        found.append(Event("insertion", float(t[-1])))
    return sorted(found, key=lambda event: event.t_s)


def _answer(mission: Mission, optimum: Any, history: History | None) -> dict[str, Any]:
    """What was asked for, its value and how sure it is."""
    spread = uncertainty(optimum.sensitivities, mission.vehicle, mission.upper_stage)
    unit = {"payload": "kg", "least_propellant": "kg", "altitude": "m", "time": "s"}[mission.objective]
    mass = history.columns["mass_kg"] if history and "mass_kg" in history.columns else None
    return {
        "objective": mission.objective,
        "value": _flown_value(mission, optimum, history),
        "optimiser_value": optimum.objective,
        "unit": unit,
        "sigma": spread.sigma if spread.contributions else None,
        "contributions": [asdict(item) for item in spread.contributions],
        "unknowns": [asdict(item) for item in spread.unknowns],
        "without_sensitivity": list(spread.silent),
        "payload_kg": optimum.payload_kg,
        "adapter_kg": mission.adapter_kg,
        "lift_off_mass_kg": float(mass[0]) if mass is not None else None,
        "insertion_mass_kg": float(mass[-1]) if mass is not None else None,
        "propellant_left_kg": propellant_left(mission, optimum, mass),
    }


def _prices(mission: Mission, optimum: Any) -> list[dict[str, Any]]:
    """What each step is worth, and 1 sigma of the answer if only the data of that step were uncertain."""
    known = optimum.sensitivities, mission.vehicle, mission.upper_stage
    return [
        asdict(price) | {"sigma": sigma_alone(price.paths, *known) if price.paths else None}
        for price in getattr(optimum, "prices", ())
    ]


def _flown_value(mission: Mission, optimum: Any, history: History | None) -> float:
    """What the objective came to in flight; the payload and a run without flight have the optimiser's word only."""
    column = {"least_propellant": "mass_kg", "altitude": "altitude_m", "time": "t_s"}.get(mission.objective)
    if history is None or column is None or column not in history.columns:
        return float(optimum.objective)
    return float(history.columns[column][-1])


def propellant_left(mission: Mission, optimum: Any, mass: Any) -> float | None:
    """Usable propellant of the last stage at insertion, the reserve (and what disposal takes) included."""
    if mass is None:
        return None
    if mission.upper_stage is not None:
        upper = mission.upper_stage
        leaving = leaving_kg(replace(mission, payload_kg=optimum.payload_kg))
        kept = sum(release.adapter_kg for release in mission.releases)
        return float(mass[-1] - leaving - kept - upper.dry_mass_kg - upper.residual_kg)
    last = mission.vehicle.stages[-1]
    unusable = last.tanks.loaded_kg - last.usable_kg
    return float(mass[-1] - optimum.payload_kg - mission.adapter_kg - last.inert_kg - unusable)


def _gap(optimum: Any, flight: History | None) -> dict[str, Any]:
    """At insertion: the optimum against its own re-integration, and against its flight in the simulator."""
    gap = {
        "reintegration_position_m": optimum.gap_position_m,
        "reintegration_speed_m_s": optimum.gap_speed_m_s,
        "flight_position_m": None,
        "flight_speed_m_s": None,
    }
    if flight is not None and optimum.history is not None:
        gap["flight_position_m"] = _distance(flight, optimum.history, ("x_eci_m", "y_eci_m", "z_eci_m"))
        gap["flight_speed_m_s"] = _distance(flight, optimum.history, ("vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s"))
    return gap


def _contradictions(mission: Mission, optimum: Any, gap: dict[str, Any], flight: History | None) -> list[str]:
    """Only of a result: what failed contradicts itself."""
    return contradictions(mission, gap, flight, optimum.history) if optimum.status == "converged" else []


def _distance(one: History, other: History, names: Iterable[str]) -> float:
    return float(np.sqrt(sum((one.columns[n][-1] - other.columns[n][-1]) ** 2 for n in names)))


def event_row(event: Event, history: History) -> dict[str, Any]:
    """An event with the flight's state at it."""
    row: dict[str, Any] = {"name": event.name, "t_s": event.t_s}
    row.update({name: at(history, name, event.t_s) for name in EVENT_COLUMNS if name in history.columns})
    return row


def impact(fall: Fall, mission: Mission) -> dict[str, Any]:
    """Where a body came down, and whether that is where it was meant to."""
    zone = mission.zones.get(fall.name)
    return {
        "name": fall.name,
        "pieces": fall.pieces,
        "mass_kg": fall.mass_kg,
        "landed": fall.landed,
        "latitude_deg": fall.latitude_deg,
        "longitude_deg": fall.longitude_deg,
        "t_s": fall.t_s,
        "zone": zone.name if zone else None,
        "inside": inside(fall, zone, mission) if zone else None,
    }


def _site(mission: Mission) -> dict[str, Any]:
    site = mission.site
    return {
        "name": site.name,
        "title": site.title,
        "latitude_deg": _deg(site.latitude_rad),
        "longitude_deg": _deg(site.longitude_rad),
        "altitude_m": float(site.altitude_m),
        "assumed": any(_grade(d.source, site.sources) in UNSURE for d in site.data.values()),
    }


def _datum(mission: Mission) -> str:
    """The figure of the Earth that heights and latitudes are counted from."""
    earth = mission.environment
    wgs_84 = (float(earth.radius_m), float(earth.flattening)) == (WGS84_RADIUS_M, WGS84_FLATTENING)
    return "WGS 84" if wgs_84 else f"sphere of {float(earth.radius_m) / 1e3:.3f} km"


def zone_document(zone: Zone) -> dict[str, Any]:
    """Geometry at the edge: degrees and kilometres."""
    source = zone.source
    document: dict[str, Any] = {"name": zone.name}
    document |= {"grade": source.grade if source else "", "source": source.tag if source else "", "status": zone.status}
    if isinstance(zone, Ellipse):
        document |= {
            "shape": "ellipse",
            "latitude_deg": _deg(zone.latitude_rad),
            "longitude_deg": _deg(zone.longitude_rad),
            "length_km": float(zone.length_m) / 1e3,
            "width_km": float(zone.width_m) / 1e3,
            "azimuth_deg": _deg(zone.azimuth_rad),
        }
    elif isinstance(zone, Polygon):
        document |= {"shape": "polygon", "vertices_deg": [[_deg(a), _deg(b)] for a, b in zone.vertices_rad]}
    elif isinstance(zone, RangeBand):
        document |= {"shape": "range", "min_km": _km(zone.min_m), "max_km": _km(zone.max_m)}
    return document


def data_of(mission: Mission) -> list[dict[str, Any]]:
    """Every number of vehicle and site that was flown, with its sigma, source and grade."""
    rows = []
    records: list[tuple[str, str, Any]] = [("vehicle", "", mission.vehicle), ("site", "", mission.site)]
    if mission.upper_stage is not None:
        records.append(("upper stage", "upper_stage.", mission.upper_stage))
    for owner, prefix, record in records:
        for key, datum in record.data.items():
            grade = _grade(datum.source, record.sources)
            rows.append({"of": owner, "path": prefix + key, **asdict(datum), "grade": grade, "unsure": grade in UNSURE})
    return rows


def _sources(mission: Mission) -> list[dict[str, Any]]:
    """Each source that something here rests on, and how many numbers do."""
    found: dict[str, dict[str, Any]] = {}
    owners: list[Any] = [mission.vehicle, mission.site]
    if mission.upper_stage is not None:
        owners.append(mission.upper_stage)
    for record in owners:
        used = [d.source for d in record.data.values()] + [d.source for d in getattr(record, "published", {}).values()]
        for tag, source in record.sources.items():
            if tag in used:
                found[tag] = _source(source) | {"numbers": used.count(tag)}
    for zone in mission.zones.values():
        if zone.source is not None:
            found.setdefault(zone.source.tag, _source(zone.source) | {"numbers": 1})
    return sorted(found.values(), key=lambda s: s["tag"])


def _source(source: Source) -> dict[str, Any]:
    return asdict(source) | {"grade_means": GRADES.get(source.grade, "")}


def _grade(tag: str, sources: Mapping[str, Source]) -> str:
    return sources[tag].grade if tag in sources else ""


def _record(value: Any) -> dict[str, Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value._asdict())


def _deg(angle_rad: Any) -> float:
    return float(np.degrees(float(angle_rad)))


def _km(length_m: Any) -> float | None:
    return None if length_m is None else float(length_m) / 1e3
