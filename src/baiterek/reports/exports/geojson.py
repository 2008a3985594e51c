"""Places as GeoJSON (RFC 7946): WGS 84, longitude before latitude, height above the ellipsoid, areas anticlockwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from baiterek.reports.exports.places import Place, places
from baiterek.study.results import MissionResult

DEGREES, METRES = 7, 2
"""Decimals: a centimetre."""


def write_geojson(result: MissionResult, path: Path) -> None:
    """One FeatureCollection; a line or an area that meets 180 deg is cut there (3.1.9)."""
    document = {
        "type": "FeatureCollection",
        "mission": result.summary["mission"],
        "run": result.hash,
        "lift_off_utc": result.summary["lift_off"],
        "features": [_feature(place) for place in places(result) if place.parts],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")), encoding="utf-8")


def _feature(place: Place) -> dict[str, Any]:
    parts = [coordinates(part) for part in place.parts]
    if place.shape == "point":
        geometry = {"type": "Point", "coordinates": parts[0][0]}
    elif place.shape == "line":
        geometry = _one_or_many("LineString", parts)
    else:
        geometry = _one_or_many("Polygon", [[part] for part in parts])
    return {"type": "Feature", "geometry": geometry, "properties": {"name": place.name, "kind": place.kind, **place.about}}


def _one_or_many(kind: str, parts: list[Any]) -> dict[str, Any]:
    if len(parts) == 1:
        return {"type": kind, "coordinates": parts[0]}
    return {"type": f"Multi{kind}", "coordinates": parts}


def coordinates(part: Any) -> list[list[float]]:
    """Rows as plain numbers, rounded to a centimetre."""
    return [[round(x, DEGREES) for x in row[:2]] + [round(x, METRES) for x in row[2:]] for row in part.tolist()]
