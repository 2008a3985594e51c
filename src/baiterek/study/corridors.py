"""Ways up beside each other: inclinations, launch azimuths (dog-legs), months; payload, drop zones, risk, verdict."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.criteria_file import Criteria, load_criteria
from baiterek.catalogue.exposure_file import Exposure, load_exposure
from baiterek.catalogue.failure_file import load_failures
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.upper_hazard_file import hazards_of
from baiterek.errors import BadValue
from baiterek.flight import Executor, simulate
from baiterek.history import History
from baiterek.safety.corridor import flight_azimuth
from baiterek.safety.footprint import Footprint, axes, reach, scattered
from baiterek.safety.harm import inert_area
from baiterek.safety.landing import Normal, Points
from baiterek.safety.moments import moments
from baiterek.safety.presence import world_under
from baiterek.safety.risk import Event, Pieces
from baiterek.safety.scenarios import failures
from baiterek.safety.tiles import expected, people_within
from baiterek.safety.verdicts import judge
from baiterek.study.fallout import Body, Fallout, falling_bodies, fallout_of
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.guidance import check_guidance
from baiterek.study.performance_map import AXES
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import columns_of, read_json, write_json, write_mission
from baiterek.study.safety import at_night, plain_verdict
from baiterek.study.zone_fit import fitted, part_held

Say = Callable[[str], None]
MOMENTS, SAMPLES, SEED = 60, 8, 1
"""Of the failures of each case: few, so that it takes seconds."""
WITHIN = 0.9973
SAME_deg = 0.01
MOST_CASES = 60
TRACE_ROWS = 120


@dataclass(frozen=True)
class Asked:
    """Every case is one of each; None is what the mission has."""

    inclinations_deg: tuple[float | None, ...] = (None,)
    azimuths_deg: tuple[tuple[float, float] | None, ...] = (None,)
    """Between which the launch azimuth has to be."""
    months: tuple[int | None, ...] = (None,)
    criteria: str = "far450"
    exposure: str = "steppe"
    guidance: str = "closed"

    def check(self) -> None:
        """Raises `BadValue` in one line."""
        check_guidance(self.guidance)
        for month in self.months:
            if month is not None and not 1 <= month <= 12:
                raise BadValue("command line", "--month", month, "1 to 12")
        for each in self.inclinations_deg:
            if each is not None and not 0.0 < each < 180.0:
                raise BadValue("command line", "--inclination", each, "above 0 and below 180")
        count = len(self.inclinations_deg) * len(self.azimuths_deg) * len(self.months)
        if count > MOST_CASES:
            raise BadValue("command line", "corridors", f"{count} cases", f"{MOST_CASES} or fewer")


def read_asked(
    inclination: str | None, azimuth: str | None, month: str | None, criteria: str, exposure: str, guidance: str
) -> Asked:
    """From lists of the command line, `51.6,64.8` and `64.5:67,60:62`. Raises `BadValue` in one line."""
    asked = Asked(
        _numbers(inclination, "--inclination", float),
        tuple(_pairs(azimuth)) if azimuth else (None,),
        _numbers(month, "--month", int),
        criteria,
        exposure,
        guidance,
    )
    asked.check()
    return asked


def _numbers(text: str | None, key: str, kind: Callable[[str], Any]) -> tuple[Any, ...]:
    if text is None:
        return (None,)
    try:
        return tuple(kind(each) for each in text.split(","))
    except ValueError:
        raise BadValue("command line", key, text, "numbers between commas") from None


def _pairs(text: str) -> Iterator[tuple[float, float]]:
    for each in text.split(","):
        low, _, high = each.partition(":")
        try:
            pair = float(low), float(high)
        except ValueError:
            raise BadValue("command line", "--azimuth", text, "ranges in deg between commas: 64.5:67,60:62") from None
        yield pair


def corridors(
    file: Path, asked: Asked, out: Path, *, workers: int = 1, render: Callable[[Path], None] | None = None,
    say: Say = lambda text: None,
) -> tuple[dict[str, Any], Path]:  # fmt: skip
    """The table of all cases: its document, and its folder under `out`."""
    base = load_mission(file)
    check_writable(out)
    criteria, exposure = load_criteria(asked.criteria), load_exposure(asked.exposure)
    world_under(exposure)  # a file of counts with another grid is refused before anything is flown
    rows = []
    for number, (inclination, azimuth, month) in enumerate(
        itertools.product(asked.inclinations_deg, asked.azimuths_deg, asked.months), start=1
    ):
        say(f"case {number}")
        mission = case_of(file, base, inclination, azimuth, month)
        rows.append({"number": number, "month": month, **case(mission, criteria, exposure, asked.guidance, workers)})
    origin = provenance(base, "corridors")
    origin["asked"] = asdict(asked)
    origin["hash"] = digest([origin["hash"], origin["asked"]])
    document = {
        "run": origin["hash"],
        "mission": base.name,
        "title": base.title,
        "vehicle": base.vehicle.title,
        "site": {
            "title": base.site.title,
            "latitude_deg": float(np.degrees(base.site.latitude_rad)),
            "longitude_deg": float(np.degrees(base.site.longitude_rad)),
        },
        "asked": origin["asked"],
        "method": {"moments": MOMENTS, "samples": SAMPLES, "within": WITHIN},
        "criteria": criteria.title,
        "cases": rows,
    }

    def fill(folder: Path) -> None:
        write_mission(folder / "mission.toml", base)
        write_json(folder / "provenance.json", origin)
        write_json(folder / "result.json", document)
        if render is not None:
            render(folder)

    folder = whole_folder(out, f"corridors-{base.name}-{origin['hash'][:8]}", fill)
    return read_json(folder / "result.json"), folder


def case_of(
    file: Path, base: Mission, inclination: float | None, azimuth: tuple[float, float] | None, month: int | None
) -> Mission:
    """The mission with another inclination, launch azimuth, month of the wind; its zones only where neither has changed."""
    changes: dict[str, Any] = {"payload.mass_kg": "maximise", "objective": "payload"}
    if month is not None:
        changes["environment.wind_month"] = month
    own = base.target.inclination_rad.low if base.target is not None else None
    turned = inclination is not None and (own is None or abs(float(np.degrees(own)) - inclination) > SAME_deg)
    if turned or azimuth is not None:
        changes["zones"] = None
    if azimuth is not None:
        changes["limits.corridors_deg"] = [list(azimuth)]
    mission = load_mission(file, changes)
    if turned and mission.target is not None:
        mission = replace(
            mission, target=AXES["inclination_deg"](mission.target, float(inclination or 0.0), float(base.environment.radius_m))
        )
    return mission


def case(mission: Mission, criteria: Criteria, exposure: Exposure, guidance: str, workers: int) -> dict[str, Any]:
    """One row: what is flown, where it falls by covariance, what failures are worth, and the verdicts."""
    from baiterek.trajectory import optimise

    target = mission.target
    about: dict[str, Any] = {
        "inclination_deg": None if target is None or not target.inclination_rad.fixed else _degrees(target.inclination_rad.low),
        "azimuths_deg": np.degrees(mission.limits.corridors_rad).tolist(),
    }
    optimum = optimise(mission)
    if not optimum.converged or optimum.steering is None:
        return {**about, "status": optimum.status, "why": optimum.advice}
    loaded = as_flown(mission, optimum.steering)
    flight = simulate(loaded, optimum.steering)
    found = fallout_of(loaded, optimum.steering, 0, guidance=guidance, workers=workers)
    events = [*_planned(loaded, found), *_failed(loaded, flight, workers)]
    sums = expected(events, exposure, float(at_night(loaded)))
    trace = _trace(flight)
    strewn = [body.name for body in found.bodies if scattered(body.kinds[0].footprint)]
    bodies = [_body(loaded, body) for body in found.bodies if body.name not in strewn]
    measured = _measures(events, sums, bodies)
    verdicts = [plain_verdict(each) for each in judge(criteria, measured)]
    return {
        **about,
        "status": "converged",
        "payload_kg": float(loaded.payload_kg),
        "azimuth_deg": float(
            np.degrees(flight_azimuth(float(loaded.site.latitude_rad), float(loaded.site.longitude_rad), np.radians(trace)))
        )
        % 360.0,
        "collective": float(np.sum(sums)),
        "planned": float(sum(value for event, value in zip(events, sums, strict=True) if event.planned)),
        "conditional": measured.get("conditional"),
        "bodies": bodies,
        "strewn": strewn,
        "people_below": float(sum(body["people"] for body in bodies)),
        "trace_deg": trace.round(4).tolist(),
        "verdicts": verdicts,
        "holds": not any(verdict["holds"] is False for verdict in verdicts),
    }


def _planned(mission: Mission, found: Fallout) -> list[Event]:
    """What falls on every flight, whole, as normal footprints; what is strewn as points, as often as it comes down."""
    events = []
    for body in found.bodies:
        print_ = body.kinds[0].footprint
        area = float(falling_bodies(mission)[body.name].area_m2)
        harm = float(inert_area(area, body.mass_kg, body.kinds[0].falling_m_s))
        flights = len(print_.points_rad)
        scatter = Points(*print_.points_rad.T) if flights else _normal(print_)
        down = flights / (flights + print_.aloft) if flights else 1.0
        events.append(Event("nominal", body.name, 1.0, (Pieces(body.name, down * body.pieces, harm, scatter),)))
    return events


def _normal(found: Footprint) -> Normal:
    return Normal(found.latitude_rad, found.longitude_rad, found.covariance_m2)


def _failed(mission: Mission, flight: History, workers: int) -> list[Event]:
    hazards = hazards_of(mission)
    found = moments(mission, flight, load_failures(hazards.failures), hazards, MOMENTS)
    return failures(mission, flight, hazards, found, samples=SAMPLES, seed=SEED, executor=Executor(workers))


def _measures(events: Sequence[Event], sums: Sequence[float], bodies: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Of these sums, what the limits of a rule are about; individual risk is not among them."""
    planned = [value for event, value in zip(events, sums, strict=True) if event.planned]
    groups: dict[tuple[str, str], list[float]] = {}
    for event, value in zip(events, sums, strict=True):
        if not event.planned:
            group = groups.setdefault((event.phase, event.cause), [0.0, 0.0])
            group[0], group[1] = group[0] + value, group[1] + event.probability
    found = {"collective": float(np.sum(sums))}
    if planned:
        found["planned_stage"] = max(planned)
    if groups:
        found["conditional"] = max(value / chance for value, chance in groups.values() if chance > 0.0)
    held = [body["zone_holds"] for body in bodies if body["zone_holds"] is not None]
    return found | ({"containment": min(held)} if held else {})


def _body(mission: Mission, body: Body) -> dict[str, Any]:
    """Where it comes down on every flight, and who lives in the ellipse that holds most of it."""
    found = body.kinds[0].footprint
    major, minor, azimuth = axes(found.covariance_m2)
    zone, own = fitted(body, WITHIN), mission.zones.get(body.name)
    return {
        "body": body.name,
        "latitude_deg": float(np.degrees(found.latitude_rad)),
        "longitude_deg": float(np.degrees(found.longitude_rad)),
        "length_km": 2e-3 * reach(WITHIN) * major,
        "width_km": 2e-3 * reach(WITHIN) * minor,
        "azimuth_deg": float(np.degrees(azimuth)),
        "people": people_within(zone, mission),
        "zone": None if own is None else own.name,
        "zone_holds": None if own is None else part_held(body.kinds[0], own, mission),
    }


def _trace(flight: History) -> Any:
    """Latitude and longitude in deg of the impact point, some rows, without jumps."""
    columns = columns_of(flight)
    rows = np.column_stack([columns[f"impact_{side}_deg"] for side in ("latitude", "longitude")]).astype(float)
    rows = rows[np.all(np.isfinite(rows), axis=1)]
    rows[:, 1] = np.degrees(np.unwrap(np.radians(rows[:, 1])))
    return rows[np.unique(np.linspace(0, len(rows) - 1, TRACE_ROWS).astype(int))]


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else float(np.degrees(angle_rad))


def as_text(document: Mapping[str, Any]) -> str:
    """The table in the terminal."""
    head = "    #  incl. azimuth month  payload  casualties   planned  if it fails  people below  zones hold  verdict"
    lines = [document["title"], "", head]
    for row in document["cases"]:
        start = f"  {row['number']:>3} {_or_dash(row['inclination_deg'], 6, 2)}"
        if row["status"] != "converged":
            lines.append(f"{start}   {row['status']}: {row['why']}")
            continue
        numbers = f"{row['azimuth_deg']:7.2f} {_or_dash(row['month'], 5)} {row['payload_kg']:8.0f}  {row['collective']:10.2e}"
        numbers += f"  {row['planned']:8.1e}  {row['conditional']:11.1e}  {row['people_below']:12.0f}"
        held = least_held(row)
        zones = f"{_or_dash(held and 100 * held, 8, 1)} {'%' if held is not None else ' '}"
        lines.append(f"{start} {numbers}  {zones}  {'holds' if row['holds'] else 'NOT MET'}")
        if row["strewn"]:
            lines.append(
                f"        strewn over thousands of kilometres, counted but without a drop area: {', '.join(row['strewn'])}"
            )
    return "\n".join([*lines, "", f"  {document['criteria']}; by covariance, bodies whole; failures from nominal states"])


def least_held(row: Mapping[str, Any]) -> float | None:
    """The least part of a body that its zone holds; None without zones."""
    held = [body["zone_holds"] for body in row["bodies"] if body["zone_holds"] is not None]
    return min(held) if held else None


def _or_dash(value: Any, width: int, digits: int = 0) -> str:
    return f"{value:{width}.{digits}f}" if value is not None else f"{'-':>{width}}"
