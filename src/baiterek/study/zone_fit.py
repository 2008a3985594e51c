"""A fall zone for each body of a mission, proposed from where it comes down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.site import Ellipse, Zone
from baiterek.errors import BadValue
from baiterek.history import Array
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.safety.closures import Kind
from baiterek.safety.footprint import axes, contained, ellipse_area_m2, reach, scattered
from baiterek.safety.ground import GOLDEN_RAD, Shape
from baiterek.safety.outline import flat_ring
from baiterek.safety.zones import holds
from baiterek.study.fallout import Body, Fallout, fallout
from baiterek.study.summary import UNSURE

ROUND_km = 1.0
"""To which axes are rounded up."""
EVEN = 4096
"""Points of a distribution alone, laid out to see how much of it a zone holds."""


def fit_zones(
    of: Mission | Path,
    within: float,
    flights: int,
    *,
    seed: int = 1,
    guidance: str = "closed",
    workers: int = 1,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """For each body that falls an ellipse that holds the part `within` of it, beside what its own zone holds.

    The mission is planned with the zones that it has: without zones for one that nothing holds back.
    """
    if not 0.0 < within < 1.0:
        raise BadValue("command line", "--within", within, "above 0 and below 1")
    mission = of if isinstance(of, Mission) else load_mission(of)
    found = fallout(mission, flights, seed=seed, guidance=guidance, workers=workers, say=say)
    return proposals(found, within)


def proposals(found: Fallout, within: float) -> dict[str, Any]:
    """The document: each zone in degrees and km, its area, and the part of the footprint in the mission's own zone."""
    mission = found.mission
    unsure = any(mission.vehicle.sources[datum.source].grade in UNSURE for datum in mission.vehicle.data.values())
    rows, notes = [], list(found.notes)
    for body in found.bodies:
        if any(scattered(kind.footprint) for kind in body.kinds):
            notes.append(f"{body.name} is left out: it is strewn over thousands of kilometres, which no zone holds.")
            continue
        zone = fitted(body, within)
        own = mission.zones.get(body.name)
        rows.append(
            {
                "body": body.name,
                "latitude_deg": round(float(np.degrees(zone.latitude_rad)), 4),
                "longitude_deg": round(float(np.degrees(zone.longitude_rad)), 4),
                "length_km": zone.length_m / 1e3,
                "width_km": zone.width_m / 1e3,
                "azimuth_deg": round(float(np.degrees(zone.azimuth_rad)), 1),
                "area_km2": round(ellipse_area_m2(zone) / 1e6),
                "kinds": [kind.name for kind in body.kinds],
                "own_zone": None if own is None else own.name,
                "own_zone_holds": None if own is None else min(part_held(kind, own, mission) for kind in body.kinds),
            }
        )
    return {
        "mission": mission.name,
        "title": mission.title,
        "within": within,
        "method": found.method,
        "grade": "assumed" if unsure else "derived",
        "zones": rows,
        "notes": notes,
    }


def fitted(body: Body, within: float) -> Ellipse:
    """The ellipse of the pooled kinds that holds the part `within` of every kind; full axes, rounded up to a kilometre.

    Its centre, ratio of axes and azimuth are those of the mean covariance with that of the means; its size, that each kind
    of a normal distribution has its own ellipse of that part inside, and each sample that part of its points.
    """
    first = body.kinds[0].footprint
    place = first.latitude_rad, first.longitude_rad
    means = np.array([_flat(k.footprint.latitude_rad, k.footprint.longitude_rad, *place) for k in body.kinds])
    pooled = np.mean([kind.footprint.covariance_m2 for kind in body.kinds], axis=0)
    if len(means) > 1:
        pooled = pooled + np.cov(means.T, bias=True)
    major, minor, azimuth = axes(pooled)
    middle = means.mean(axis=0)
    scale = max(_needed(kind, place, middle, (major, minor, azimuth), within) for kind in body.kinds)
    latitude, longitude = flat_ring(*middle[:, None], *place)
    length, width = (_up(2.0 * scale * sigma) for sigma in (major, minor))
    return Ellipse(body.name, float(np.radians(latitude[0])), float(np.radians(longitude[0])), length, width, azimuth)


def part_held(kind: Kind, zone: Zone, mission: Mission) -> float:
    """Part of a kind's impacts in a zone: counted, or of points laid out evenly in probability."""
    found = kind.footprint
    if len(found.points_rad):
        return contained(found, zone, mission).part
    east, north = np.linalg.cholesky(found.covariance_m2) @ even_normal(EVEN)
    latitude, longitude = flat_ring(east, north, found.latitude_rad, found.longitude_rad)
    return float(np.mean(holds(zone, np.radians(latitude), np.radians(longitude), mission)))


def even_normal(count: int) -> Array:
    """Points of the standard normal distribution in two dimensions, as even as may be: shape (2, count).

    On a spiral whose turns are golden angles (Vogel 1979), at radii sqrt(-2 ln(1 - p)) with p in equal steps. `scipy.stats`
    has such points too, and takes longer to be read than the answer by covariance needs.
    """
    k = np.arange(count)
    radius, angle = np.sqrt(-2.0 * np.log1p(-(k + 0.5) / count)), k * GOLDEN_RAD
    return radius * np.stack((np.cos(angle), np.sin(angle)))


def as_toml(document: Mapping[str, Any]) -> str:
    """Zones to paste into a mission file; what the mission's own zones hold, in comments."""
    lines = [f"# {document['title']}: zones that hold {100 * document['within']:g} % of each footprint (two dimensions)"]
    lines += [f"# {note}" for note in document["notes"]]
    for row in document["zones"]:
        lines.append(f"# {row['body']}: {row['area_km2']} km2")
        if row["own_zone"] is not None:
            lines.append(f"#   its zone {row['own_zone']} holds {100 * row['own_zone_holds']:.1f} %")
    text = f"footprint of {document['mission']} by {document['method']}, {100 * document['within']:g} %"
    lines += ["", "[sources]", f'footprint = {{ text = "{text}", grade = "{document["grade"]}" }}']
    for row in document["zones"]:
        shape = ", ".join(f"{key} = {row[key]:g}" for key in ("length_km", "width_km", "azimuth_deg"))
        place = f"latitude_deg = {row['latitude_deg']:.4f}, longitude_deg = {row['longitude_deg']:.4f}"
        zone = f'{{ {place}, {shape}, status = "derived", source = "footprint" }}'
        lines += [*(["", "[zones]"] if row is document["zones"][0] else []), f"{row['body']} = {zone}"]
    return "\n".join(lines)


def _needed(kind: Kind, place: tuple[float, float], middle: Array, shape: tuple[float, float, float], within: float) -> float:
    """Times the pooled sigmas that a kind needs."""
    s, c = np.sin(shape[2]), np.cos(shape[2])
    turn = np.array([[s, c], [c, -s]]) / np.array([[shape[0]], [shape[1]]])
    if len(kind.footprint.points_rad):
        points = _flat(*kind.footprint.points_rad.T, *place) - middle
        return float(np.quantile(np.linalg.norm(points @ turn.T, axis=1), within, method="higher"))
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    root = np.linalg.cholesky(kind.footprint.covariance_m2)
    mean = _flat(kind.footprint.latitude_rad, kind.footprint.longitude_rad, *place)
    edge = mean + reach(within) * np.column_stack((np.cos(angle), np.sin(angle))) @ root.T
    return float(np.max(np.linalg.norm((edge - middle) @ turn.T, axis=1)))


def _flat(latitude_rad: Any, longitude_rad: Any, at_latitude_rad: float, at_longitude_rad: float) -> Array:
    point = fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, Shape)
    return np.stack(east_north_of(*point, at_latitude_rad, at_longitude_rad, Shape), axis=-1)


def _up(metres: float) -> float:
    return float(1e3 * ROUND_km * np.ceil(metres / (1e3 * ROUND_km)))
