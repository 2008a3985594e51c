"""Of a safety case: aircraft and ships that are there, outside the areas that notices would close for what falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from baiterek.catalogue.closure_file import ClosureRules
from baiterek.catalogue.criteria_file import Criteria
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Polygon
from baiterek.safety.closures import PAD, Area, WIDEST_m, aircraft_area, kinds_of, pad_area, reach_m, ship_area
from baiterek.safety.craft import (
    AIRCRAFT,
    VESSEL,
    Exposed,
    Hits,
    aircraft_strike_m2,
    at_sea,
    exposed,
    ship_strike_m2,
    struck,
)
from baiterek.safety.ground import Ground
from baiterek.safety.risk import Event
from baiterek.safety.zones import holds


@dataclass(frozen=True)
class Closed:
    """An area that notices would close, and to whom."""

    name: str
    """Of the body that falls there, or `pad`."""
    craft: str
    area: Area


@dataclass(frozen=True)
class CraftBelow:
    """Both kinds of craft against their limits."""

    rules: ClosureRules
    closed: tuple[Closed, ...]
    exposed: dict[str, Exposed]
    """By `AIRCRAFT` and `VESSEL`."""
    sea: bool
    """Whether anything comes down at sea."""


def craft_below(
    mission: Mission, events: Sequence[Event], below: Ground, rules: ClosureRules, criteria: Criteria
) -> CraftBelow:
    """Every event counts; closed is what `notices` closes for those of every flight, by the same rules."""
    closed = closed_areas(mission, events, rules)
    aircraft, ships = struck(below, events, (aircraft_strike_m2(rules), ship_strike_m2(rules)), mission.environment)
    ships = at_sea(below, ships)
    own = {AIRCRAFT: rules.aircraft.probability.value, VESSEL: rules.ships.probability.value}
    found: dict[str, Exposed] = {}
    for craft, hits in ((AIRCRAFT, aircraft), (VESSEL, ships)):
        limit = criteria.limits[craft].value if craft in criteria.limits else own[craft]
        inside = [partial(_inside, mission, each.area) for each in closed if each.craft == craft]
        found[craft] = exposed(below, hits, inside, limit)
    shown = [each for each in closed if each.craft == AIRCRAFT or _reaches_sea(mission, each.area, below)]
    return CraftBelow(rules, tuple(shown), found, _any(ships))


def closed_areas(mission: Mission, events: Sequence[Event], rules: ClosureRules) -> list[Closed]:
    """The circle round the pad, and for each body of a nominal flight what is closed to aircraft and to ships."""
    closed = [Closed(PAD, AIRCRAFT, pad_area(mission.site, rules))]
    for event in events:
        kinds = kinds_of(event, mission.environment) if event.planned else ()
        if kinds and reach_m(kinds, rules) <= WIDEST_m:
            closed.append(Closed(event.cause, AIRCRAFT, aircraft_area(kinds, rules)))
            closed.append(Closed(event.cause, VESSEL, ship_area(kinds, rules)))
    return closed


def craft_document(found: CraftBelow) -> dict[str, Any]:
    """As plain values."""
    return {
        "rules": {"name": found.rules.name, "title": found.rules.title, "unsure": found.rules.unsure()},
        "ship_m2": found.rules.ships.area_m2.value,
        "sea": found.sea,
        **{
            craft: {
                "limit": of.limit,
                "outside": None if of.outside is None else asdict(of.outside),
                "anywhere": None if of.anywhere is None else asdict(of.anywhere),
                "open_km2": of.open_m2 / 1e6,
                "closed": [each.name for each in found.closed if each.craft == craft],
            }
            for craft, of in found.exposed.items()
        },
    }


def craft_features(found: CraftBelow) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): where each limit is reached, the closed areas, and the worst places outside them."""
    features: list[dict[str, Any]] = []
    for craft, of in found.exposed.items():
        for contour in of.contour["features"]:
            if contour["geometry"]["coordinates"]:
                features.append({**contour, "properties": {"what": "contour", "craft": craft, **contour["properties"]}})
        if of.outside is not None:
            place = [round(of.outside.longitude_deg, 4), round(of.outside.latitude_deg, 4)]
            about = {"what": "greatest outside", "craft": craft, "hits": of.outside.expected}
            features.append({"type": "Feature", "properties": about, "geometry": {"type": "Point", "coordinates": place}})
    for each in found.closed:
        ring = each.area.ring_deg[:, ::-1].tolist()
        about = {"what": "closed area", "craft": each.craft, "body": each.name}
        features.append({"type": "Feature", "properties": about, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return {"type": "FeatureCollection", "features": features}


def _inside(mission: Mission, area: Area, latitude_rad: Any, longitude_rad: Any) -> Any:
    corners = tuple((float(a), float(b)) for a, b in np.radians(area.ring_deg[:-1]))
    return holds(Polygon("area", corners), latitude_rad, longitude_rad, mission)


def _reaches_sea(mission: Mission, area: Area, below: Ground) -> bool:
    """Whether the middle of a cell of the sea lies in it."""
    latitude, longitude = (np.ravel(side) for side in below.middles_deg())
    turned = longitude + 360.0 * np.round((area.centre_deg[1] - longitude) / 360.0)
    (south, west), (north, east) = area.ring_deg.min(axis=0), area.ring_deg.max(axis=0)
    rows = np.flatnonzero((latitude >= south) & (latitude <= north))
    columns = np.flatnonzero((turned >= west) & (turned <= east))
    row, column = np.nonzero(below.district[np.ix_(rows, columns)] == 0)
    return bool(np.any(_inside(mission, area, np.radians(latitude[rows[row]]), np.radians(longitude[columns[column]]))))


def _any(hits: Hits) -> bool:
    return bool(np.any(hits.expected > 0.0))
