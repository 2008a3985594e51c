"""The files of a safety case: footprints and contours as GeoJSON, risks as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.safety.contours import risk_contours
from baiterek.safety.footprint import Footprint, ellipse
from baiterek.safety.outline import ellipse_ring

if TYPE_CHECKING:
    from baiterek.study.safety import SafetyCase

DECIMALS = 4


def write_tables(folder: Path, document: Mapping[str, Any], case: SafetyCase) -> None:
    """`footprints.geojson`, `contours.geojson`, `footprints.csv`, `risk.csv`, `verdicts.csv`."""
    _json(folder / "footprints.geojson", footprints(case))
    _json(folder / "contours.geojson", risk_contours(case.ground, case.risk.individual))
    rows = [
        {
            "body": row["body"],
            "points": row["points"],
            "latitude_deg": round(row["latitude_deg"], 5),
            "longitude_deg": round(row["longitude_deg"], 5),
            "sigma_major_km": round(row["sigma_major_km"], 3),
            "sigma_minor_km": round(row["sigma_minor_km"], 3),
            "azimuth_deg": round(row["azimuth_deg"], 2),
            "zone": "" if row["zone"] is None else row["zone"]["name"],
            "zone_holds": "" if row["zone"] is None else row["zone"]["part"],
            "zone_holds_low": "" if row["zone"] is None else row["zone"]["low"],
            "zone_holds_high": "" if row["zone"] is None else row["zone"]["high"],
        }
        for row in document["footprints"]
    ]
    _csv(folder / "footprints.csv", rows)
    risk = document["risk"]
    kinds = ("by_phase", "by_cause", "by_district", "conditional")
    _csv(
        folder / "risk.csv",
        [{"kind": kind, "name": name, "casualties": value} for kind in kinds for name, value in risk[kind].items()],
    )
    _csv(folder / "verdicts.csv", document["verdicts"])


def footprints(case: SafetyCase) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): an ellipse of each kind for each class of each body, and the mean points."""
    from baiterek.study.safety import SIGMAS

    features: list[dict[str, Any]] = []
    for found in case.footprints:
        features.append(
            _feature("Point", _place(found), {"body": found.body, "what": "mean point", "points": len(found.points_rad)})
        )
        for sigmas in SIGMAS:
            features.append(_feature("Polygon", [_ring(found, sigmas)], {"body": found.body, "sigmas": round(sigmas, 3)}))
    return {"type": "FeatureCollection", "features": features}


def _place(found: Footprint) -> list[float]:
    return [round(float(np.degrees(found.longitude_rad)), DECIMALS), round(float(np.degrees(found.latitude_rad)), DECIMALS)]


def _ring(found: Footprint, sigmas: float) -> list[list[float]]:
    """Closed, anticlockwise."""
    latitude, longitude = ellipse_ring(ellipse(found, sigmas))
    points = [[round(float(lon), DECIMALS), round(float(lat), DECIMALS)] for lat, lon in zip(latitude, longitude, strict=True)]
    return [*points, points[0]]


def _feature(kind: str, coordinates: Any, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")


def _csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["nothing"])
        writer.writeheader()
        writer.writerows(rows)
