"""From a mission and a window to closed areas with their times: what notices to pilots, sailors and neighbours are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.closure_file import ClosureRules, load_closures
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.resolved import plain
from baiterek.catalogue.site import Polygon
from baiterek.errors import BadValue
from baiterek.safety.closures import PAD, Area, WIDEST_m, aircraft_area, ground_area, pad_area, reach_m, ship_area
from baiterek.safety.ground import Ground, ground
from baiterek.safety.zones import holds
from baiterek.study.deorbit_fallout import with_deorbit
from baiterek.study.fallout import Body, Fallout, fallout

AIRCRAFT, GROUND, SHIPS = "aircraft", "ground", "ships"
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
WINDOW = "an ISO 8601 interval in UTC: 2026-09-30T06:00Z/PT2H, or start/end"
CODE = re.compile(r"[A-Z]{4}")


class Window(NamedTuple):
    """When lift-off may be, UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Asked:
    """What notices are a function of, beside the mission."""

    window: Window
    flights: int = 0
    """Dispersed flights; none: linear covariance."""
    seed: int = 1
    rules: str = "far417"
    firs: Mapping[str, str] = field(default_factory=dict)
    """Flight information region by body or `pad`; that of "" for all others."""
    guidance: str = "closed"
    """A key of `study.guidance.GUIDANCE`."""


def read_window(text: str) -> Window:
    """A launch window: `start/duration` or `start/end`, in UTC. Raises `BadValue` in one line."""
    start, slash, rest = text.partition("/")
    try:
        opens = _instant(start)
        closes = opens + _duration(rest) if rest.startswith("P") else _instant(rest)
    except (ValueError, OverflowError):
        raise BadValue("command line", "--window", text, WINDOW) from None
    if not slash or closes < opens:
        raise BadValue("command line", "--window", text, WINDOW)
    return Window(opens, closes)


def read_firs(given: list[str]) -> dict[str, str]:
    """`UACN` for every area, or `stage-1=UACN` for those of one body. Raises `BadValue` in one line."""
    found = {}
    for text in given:
        body, _, code = text.rpartition("=")
        if not CODE.fullmatch(code):
            raise BadValue("command line", "--fir", text, "four capital letters, or BODY= before them: stage-1=UACN")
        found[body] = code
    return found


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def notices(
    of: Mission | Path, asked: Asked, *, workers: int = 1, say: Callable[[str], None] = lambda text: None
) -> dict[str, Any]:
    """The document of closed areas: what the notices, the map files and `--json` are written from. Writes nothing."""
    mission = of if isinstance(of, Mission) else load_mission(of)
    rules = load_closures(asked.rules)
    found = fallout(mission, asked.flights, seed=asked.seed, guidance=asked.guidance, workers=workers, say=say)
    found = with_deorbit(found, asked.guidance, seed=asked.seed, workers=workers)
    say("closed areas")
    return document(found, asked, rules)


def document(found: Fallout, asked: Asked, rules: ClosureRules) -> dict[str, Any]:
    """The areas of what falls, as plain values."""
    mission = found.mission
    unknown = set(asked.firs) - {"", PAD, *(body.name for body in found.bodies)}
    if unknown:
        known = ", ".join((PAD, *(body.name for body in found.bodies)))
        raise BadValue("command line", "--fir", ", ".join(sorted(unknown)), f"a body that falls, or the pad: {known}")
    areas, left_out = [_pad(mission, asked, rules)], []
    for body in found.bodies:
        wide = reach_m(body.kinds, rules)
        if wide > WIDEST_m:
            left_out.append(f"{body.name} is left out: {wide / 1e3:.0f} km to either side are no area to close but a corridor.")
            continue
        areas.append(_area(body, AIRCRAFT, aircraft_area(body.kinds, rules), mission, asked, rules))
        areas.append(_area(body, GROUND, ground_area(body.kinds, rules), mission, asked, rules))
        at_sea = _area(body, SHIPS, ship_area(body.kinds, rules), mission, asked, rules)
        areas += [at_sea] if at_sea["sea"] else []
    return {
        "mission": mission.name,
        "title": mission.title,
        "vehicle": mission.vehicle.title,
        "site": mission.site.title,
        "window": {"opens": asked.window.opens.isoformat(), "closes": asked.window.closes.isoformat()},
        "method": found.method,
        "whole": not asked.flights,
        "rules": {"name": rules.name, "title": rules.title, "notes": list(rules.notes), "unsure": rules.unsure()},
        "areas": areas,
        "notes": [*left_out, *found.notes, *_notes(mission, asked)],
    }


def _notes(mission: Mission, asked: Asked) -> list[str]:
    lift_off = mission.lift_off
    if lift_off is None:
        return ["The mission has no date: its plan is not of the day of the window."]
    if not asked.window.opens <= lift_off.astimezone(UTC) <= asked.window.closes:
        return [f"The plan is of {lift_off.isoformat()}, outside the window: give the mission its date."]
    return []


def _pad(mission: Mission, asked: Asked, rules: ClosureRules) -> dict[str, Any]:
    area = pad_area(mission.site, rules)
    return {
        "name": PAD,
        "use": AIRCRAFT,
        "body": None,
        **_shape(area),
        **_times(asked, rules, 0.0),
        "fir": asked.firs.get(PAD, asked.firs.get("", "")),
        **_below(area, mission),
    }


def _area(body: Body, use: str, area: Area, mission: Mission, asked: Asked, rules: ClosureRules) -> dict[str, Any]:
    zone = mission.zones.get(body.name)
    return {
        "name": body.name,
        "use": use,
        "body": {
            "pieces": body.pieces,
            "mass_kg": float(body.mass_kg),
            "latitude_deg": body.fall.latitude_deg,
            "longitude_deg": body.fall.longitude_deg,
            "t_s": body.fall.t_s,
            "last_s": body.last_s,
            "kinds": [{"name": kind.name, "number": kind.number, "falling_m_s": kind.falling_m_s} for kind in body.kinds],
            "zone": None if zone is None else zone.name,
        },
        **_shape(area),
        **_times(asked, rules, body.last_s + rules.times.settling_s.value, body.first_s),
        "fir": asked.firs.get(body.name, asked.firs.get("", "")),
        **_below(area, mission),
    }


def _shape(area: Area) -> dict[str, Any]:
    return {
        "ring_deg": plain(area.ring_deg),
        "centre_deg": list(area.centre_deg),
        "radius_km": round(area.radius_m / 1e3, 3),
        "from_altitude": "surface",
        "to_altitude": "unlimited",
    }


def _times(asked: Asked, rules: ClosureRules, hazard_s: float, first_s: float = 0.0) -> dict[str, str]:
    """From before the window opens, or before the first piece can come down then, until after the last one."""
    start = asked.window.opens + timedelta(seconds=float(np.floor(first_s)) - rules.times.before_s.value)
    end = asked.window.closes + timedelta(seconds=float(np.ceil(hazard_s)) + rules.times.after_s.value)
    return {"from": start.isoformat(), "until": end.isoformat()}


def _below(area: Area, mission: Mission) -> dict[str, Any]:
    """Districts that it touches with the people who live there, the most first; whether it reaches over sea."""
    ring = area.ring_deg
    south, west = ring.min(axis=0)
    north, east = ring.max(axis=0)
    under = ground(float(south), float(west), float(north), float(east))
    inside = _inside(area, under, mission)
    people = np.where(inside, under.people, 0.0)
    touched = {int(k): float(people[under.district == k].sum()) for k in np.unique(under.district[inside])}
    rows = [
        {"country": under.districts[k].country, "name": under.districts[k].name, "name_ru": under.districts[k].name_ru,
         "people": round(count)}
        for k, count in sorted(touched.items(), key=lambda item: -item[1]) if k > 0
    ]  # fmt: skip
    return {"districts": rows, "people": round(float(people.sum())), "sea": 0 in touched}


def _inside(area: Area, under: Ground, mission: Mission) -> Any:
    latitude, longitude = np.radians(under.middles_deg()[0]), np.radians(under.middles_deg()[1])
    shape = under.people.shape
    vertices = tuple((float(a), float(b)) for a, b in np.radians(area.ring_deg[:-1]))
    lat, lon = (np.broadcast_to(side, shape).ravel() for side in (latitude, longitude))
    return holds(Polygon("area", vertices), lat, lon, mission).reshape(shape)
