"""Of a safety case, what a page shows beside its sums: risk over the flight, its track, zones, sizes, the files it read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.catalogue.datum import Source
from baiterek.catalogue.upper_hazard_file import load_upper_hazards
from baiterek.errors import InputError
from baiterek.safety.drivers import Driver, drivers, failure_drivers
from baiterek.safety.failure import estimate
from baiterek.safety.published import SIZES
from baiterek.study.deorbit import ERRORS, deorbit_document
from baiterek.study.footprint_rows import footprint_row
from baiterek.study.reentry import reentry
from baiterek.study.results import columns_of
from baiterek.study.safety_corridor import corridor
from baiterek.study.safety_deorbit import with_deorbit
from baiterek.study.summary import UNSURE, zone_document

if TYPE_CHECKING:
    from baiterek.study.safety import SafetyCase

TRACK_ROWS = 300
TRACK = ("t_s", "latitude_deg", "longitude_deg", "altitude_m", "impact_latitude_deg", "impact_longitude_deg")


def shown(case: SafetyCase) -> dict[str, Any]:
    """Keys of the document that no sum needs."""
    mission = case.mission
    return {
        "vehicle": mission.vehicle.title,
        "site": {
            "title": mission.site.title,
            "latitude_deg": float(np.degrees(mission.site.latitude_rad)),
            "longitude_deg": float(np.degrees(mission.site.longitude_rad)),
        },
        "lift_off": mission.lift_off.isoformat() if mission.lift_off else None,
        "zones": {body: zone_document(zone) for body, zone in mission.zones.items()},
        "track": track(case),
        "over_time": over_time(case),
        "read": files_read(case),
        "sizes": [size._asdict() for size in SIZES],
        "districts": {f"{of.country} {of.name}": of._asdict() for of in case.risk.by_district()},
        "mitigations": mitigations(case),
        "sampling_error": sampling_error(case),
        "drivers": [driver._asdict() for driver in driven_by(case)],
        "corridor": corridor(case),
        "reentry": with_deorbit(left_in_orbit(case), case.deorbit),
        "deorbit": _disposal(case),
    }


def _disposal(case: SafetyCase) -> dict[str, Any] | None:
    """Where a deorbit is aimed, and what it is worth if it works."""
    deorbit = case.deorbit
    if deorbit is None:
        return None
    document = deorbit_document(deorbit.found)
    assert document is not None
    if deorbit.event is None:
        return document
    rows = [footprint_row(case.mission, each, deorbit.found.zone) for each in deorbit.prints]
    return document | {
        "body": deorbit.event.cause,
        "probability": deorbit.event.probability,
        "footprints": rows,
        "errors": {
            "impulse": ERRORS.impulse,
            "pointing_deg": float(np.degrees(ERRORS.pointing_rad)),
            "timing_s": ERRORS.timing_s,
        },
        "reached_flights": deorbit.reached,
        "flights": deorbit.flights,
        "people": deorbit.people,
        "casualties": deorbit.casualties,
    }


def left_in_orbit(case: SafetyCase) -> dict[str, Any] | None:
    """What the last stage is worth when it comes down by itself (`study.reentry`); None where it does not stay in an orbit
    that is known, or its pieces are not."""
    try:
        last = float(np.radians(case.flight["inclination_deg"][-1]))
        asked = case.mission.target.inclination_rad if case.mission.target is not None else None
        return reentry(case.mission, inclination_rad=None if asked is not None and asked.fixed else last)
    except InputError:
        return None


def driven_by(case: SafetyCase) -> list[Driver]:
    """What the sum hangs on, the assumption that moves it most first."""
    of_people = drivers(case.risk, case.exposure, float(case.night), estimate(case.record))
    of_failures = failure_drivers(case.risk, case.mission, case.flight, case.record, case.hazards, case.asked.moments)
    return sorted((*of_people, *of_failures), key=lambda driver: -driver.reach)


def over_time(case: SafetyCase) -> list[dict[str, Any]]:
    """Of each interval in which the flight may fail: its probability, and casualties to be expected by cause."""
    failed = iter([each for each in case.risk.expectations if not each.event.planned])
    return [
        {
            "phase": moment.stage,
            "start_s": moment.start_s,
            "end_s": moment.end_s,
            "probability": moment.probability,
            "casualties": {cause: next(failed).casualties for cause in moment.causes},
        }
        for moment in case.moments
    ]


def sampling_error(case: SafetyCase) -> dict[str, dict[str, float]]:
    """Standard deviations of the sums by phase, cause, district, and of the conditional ones, with their document's keys.

    Draws of different events are independent.
    """
    squares: dict[str, dict[str, float]] = {"by_phase": {}, "by_cause": {}, "conditional": {}}
    probability: dict[str, float] = {}
    for each in case.risk.expectations:
        phase, cause, both = each.event.phase, each.event.cause, f"{each.event.phase}, {each.event.cause}"
        keys = [("by_phase", phase), ("by_cause", cause), *([] if each.event.planned else [("conditional", both)])]
        for kind, key in keys:
            squares[kind][key] = squares[kind].get(key, 0.0) + each.sampling_error**2
        probability[both] = probability.get(both, 0.0) + each.event.probability
    found = {kind: {key: float(np.sqrt(value)) for key, value in of.items()} for kind, of in squares.items()}
    found["conditional"] = {key: value / probability[key] for key, value in found["conditional"].items() if probability[key]}
    found["by_district"] = {f"{of.country} {of.name}": error for of, error in case.risk.error_by_district().items() if error}
    return found


def mitigations(case: SafetyCase) -> dict[str, Any]:
    """What is done so that fewer people are hit, as far as the case counts on it."""
    abort = case.hazards.abort
    return {
        "evacuated": [{"name": area.name, "effectiveness": area.effectiveness.value} for area in case.exposure.evacuated],
        "inhibit_s": abort.inhibit_s.value,
        "reaction_s": abort.reaction_s.value,
    }


def track(case: SafetyCase) -> dict[str, list[float | None]]:
    """The nominal flight over the ground and its impact point, at most `TRACK_ROWS` rows; None where nothing comes down."""
    columns = columns_of(case.flight)
    rows = np.unique(np.linspace(0, len(columns["t_s"]) - 1, TRACK_ROWS).astype(int))
    found = {name: columns[name][rows] for name in TRACK if name in columns}
    return {name: [round(float(value), 5) if np.isfinite(value) else None for value in of] for name, of in found.items()}


def files_read(case: SafetyCase) -> list[dict[str, Any]]:
    """Every file that the case was read from, with the grades of the numbers in it."""
    mission = case.mission
    rows: list[tuple[str, str, Mapping[str, Source]]] = [
        ("vehicle", mission.vehicle.title, mission.vehicle.sources),
        ("site", mission.site.title, mission.site.sources),
        ("hazards", case.hazards.title, case.hazards.sources),
        ("failures", case.record.title, case.record.sources),
        ("exposure", case.exposure.title, case.exposure.sources),
        ("closures", case.craft.rules.title, case.craft.rules.sources),
        ("criteria", case.criteria.title, {limit.source.tag: limit.source for limit in case.criteria.limits.values()}),
    ]
    if mission.upper_stage is not None:
        upper = load_upper_hazards(mission.upper_stage)
        rows.insert(1, ("upper stage", mission.upper_stage.title, mission.upper_stage.sources))
        rows.append(("hazards", upper.title, upper.sources))
    zones = {zone.source.tag: zone.source for zone in mission.zones.values() if zone.source is not None}
    rows += [("zones", ", ".join(zone.name for zone in mission.zones.values()), zones)] if mission.zones else []
    read = [{"kind": kind, "title": title, "grades": _grades(sources)} for kind, title, sources in rows]
    return [*read, {"kind": "population", "title": case.ground.source, "grades": []}]


def _grades(sources: Mapping[str, Source]) -> list[str]:
    """Each once, those that nobody published first."""
    return sorted({source.grade for source in sources.values()}, key=lambda grade: (grade not in UNSURE, grade))
