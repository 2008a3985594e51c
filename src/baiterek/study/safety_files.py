"""The files of a safety case: footprints and contours as GeoJSON, risks and people as CSV, impact points as Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.errors import UnreadableFile
from baiterek.safety.contours import risk_contours
from baiterek.safety.footprint import Footprint, ellipse, scattered
from baiterek.safety.landing import Points
from baiterek.safety.outline import ellipse_ring
from baiterek.safety.smallest import smallest_area
from baiterek.study.footprint_rows import SIGMAS
from baiterek.study.safety_craft import craft_features

if TYPE_CHECKING:
    from baiterek.study.safety import SafetyCase

DECIMALS = 4
FOOTPRINTS, CONTOURS, IMPACTS = "footprints.geojson", "contours.geojson", "impacts.parquet"
CORRIDOR, CRAFT = "corridor.geojson", "craft.geojson"
MOST_IMPACTS = 40_000
"""Rows of the table of impact points: of each kind of piece the first of its sample, which is as random as the whole."""
SMALLEST = 0.97
"""Part of the impacts that the area by kernel density holds: that of 14 CFR 450.133 for planned debris."""
LEAST_DENSITY = 10
"""Impact points below which there is no density to speak of; two have none at all."""
MOST_STREWN = 500
"""Impact points of a body that no ellipse can tell."""
MOST_CELLS = 5_000
"""Rows of the table of people: those cells to which most casualties are expected."""


def write_tables(folder: Path, document: Mapping[str, Any], case: SafetyCase) -> None:
    """GeoJSON: `footprints`, `contours`, `craft`, `corridor`. CSV: `footprints`, `risk`, `over_time`, `population`, `verdicts`,
    `drivers`, `cut_off`. Impact points as Parquet."""
    _json(folder / FOOTPRINTS, footprints(case))
    _json(folder / CONTOURS, risk_contours(case.risk))
    _json(folder / CRAFT, craft_features(case.craft))
    write_impacts(folder / IMPACTS, case)
    _csv(folder / "population.csv", population(case))
    times = [
        {key: row[key] for key in ("phase", "start_s", "end_s", "probability")} | row["casualties"]
        for row in document["over_time"]
    ]
    _csv(folder / "over_time.csv", times)
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
        for row in (*document["footprints"], *(document.get("deorbit") or {}).get("footprints", ()))
    ]
    _csv(folder / "footprints.csv", rows)
    risk = document["risk"]
    kinds = ("by_phase", "by_cause", "by_district", "conditional")
    _csv(
        folder / "risk.csv",
        [
            {"kind": kind, "name": name, "casualties": value, "sampling_error": document["sampling_error"][kind].get(name, 0.0)}
            for kind in kinds
            for name, value in risk[kind].items()
        ],
    )
    _csv(folder / "verdicts.csv", document["verdicts"])
    _csv(folder / "drivers.csv", document["drivers"])
    _json(folder / CORRIDOR, corridor_features(document["corridor"]))
    if document["corridor"] is not None:
        _csv(folder / "cut_off.csv", [_flat(row) for row in document["corridor"]["cut_off"]])


def footprints(case: SafetyCase) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): for each class of each body an ellipse of each kind, the mean point, the smallest area
    that holds 97 % by kernel density; of one that is scattered its points."""
    features: list[dict[str, Any]] = []
    for found in (*case.footprints, *(case.deorbit.prints if case.deorbit is not None else ())):
        if scattered(found):
            some = np.degrees(found.points_rad[:MOST_STREWN, ::-1]).round(DECIMALS).tolist()
            features.append(
                _feature("MultiPoint", some, {"body": found.body, "what": "impact points, too far apart for an ellipse"})
            )
            continue
        features.append(
            _feature("Point", _place(found), {"body": found.body, "what": "mean point", "points": len(found.points_rad)})
        )
        for sigmas in SIGMAS:
            features.append(_feature("Polygon", [_ring(found, sigmas)], {"body": found.body, "sigmas": round(sigmas, 3)}))
        if len(found.points_rad) < LEAST_DENSITY:
            continue
        area = [[ring.round(DECIMALS).tolist() for ring in polygon] for polygon in smallest_area(found, SMALLEST)]
        features.append(_feature("MultiPolygon", area, {"body": found.body, "what": "kernel density", "within": SMALLEST}))
    return {"type": "FeatureCollection", "features": features}


def corridor_features(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): the corridor anticlockwise, the lines of cut-off left and right; empty without any."""
    features = []
    if found is not None:
        about = {"what": "corridor", "azimuth_deg": round(found["azimuth_deg"], 3), "class": found["class"]}
        ring = [[longitude, latitude] for latitude, longitude in found["ring_deg"]][::-1]
        features.append(_feature("Polygon", [ring], about))
        for side in ("left", "right"):
            line = [row[f"{side}_deg"][::-1] for row in found["cut_off"]]
            if len(line) > 1:
                features.append(_feature("LineString", line, {"what": "cut-off line", "side": side}))
    return {"type": "FeatureCollection", "features": features}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose places stand in columns of their own."""
    flat = {key: round(value, 4) for key, value in row.items() if not key.endswith("_deg")}
    for side in ("left", "right"):
        flat[f"{side}_latitude_deg"], flat[f"{side}_longitude_deg"] = row[f"{side}_deg"]
    return flat


def write_impacts(path: Path, case: SafetyCase) -> None:
    """A row an impact point: phase, cause, kind of piece, time of failure, place, and how many pieces it stands for.

    `pieces` adds up to the number of pieces of that kind to be expected in a flight. For a planned fall `t_s` is empty.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = _rows_of_impacts(case)
    texts = {
        name: pa.array([row[name] for row in rows], pa.string()).dictionary_encode() for name in ("phase", "cause", "piece")
    }
    counts = [len(row["latitude_deg"]) for row in rows]
    index = pa.array(np.repeat(np.arange(len(rows)), counts))
    columns = {name: text.take(index) for name, text in texts.items()}
    columns["t_s"] = pa.array([row["t_s"] for row in rows], pa.float32()).take(index)
    for name in ("latitude_deg", "longitude_deg", "pieces"):
        columns[name] = pa.array(
            np.concatenate([np.broadcast_to(row[name], n) for row, n in zip(rows, counts, strict=True)]), pa.float32()
        )
    pq.write_table(pa.table(columns), path, compression="zstd")


def read_impacts(path: Path) -> dict[str, Any]:
    """The columns of `impacts.parquet` as arrays; NaN for no time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(str(path), "", str(error), "impact points, as `baiterek safety` writes them") from None
    return {
        name: np.array([np.nan if value is None else value for value in table.column(name).to_pylist()])
        for name in table.column_names
    }


def _rows_of_impacts(case: SafetyCase) -> list[dict[str, Any]]:
    """For each event and kind of piece what its points have in common, and the points."""
    times = iter([moment.t_s for moment in case.moments for _ in moment.causes])
    found = []
    for event in case.events:
        t_s = None if event.planned else next(times)
        found += [(event, t_s, each, each.footprint) for each in event.pieces if isinstance(each.footprint, Points)]
    last = case.deorbit.event if case.deorbit is not None else None
    if last is not None:
        found += [(last, None, each, each.footprint) for each in last.pieces if isinstance(each.footprint, Points)]
    kept = max(4, MOST_IMPACTS // max(1, len(found)))
    return [
        {
            "phase": event.phase,
            "cause": event.cause,
            "piece": piece.name,
            "t_s": t_s,
            "latitude_deg": np.degrees(points.latitude_rad[:kept]),
            "longitude_deg": np.degrees(points.longitude_rad[:kept]),
            "pieces": event.probability * piece.number / len(points.latitude_rad[:kept]),
        }
        for event, t_s, piece, points in found
    ]


def population(case: SafetyCase) -> list[dict[str, Any]]:
    """Cells with people and a risk, those to which most casualties are expected first: place, area, people, risks."""
    below, of = case.ground, case.risk.fields
    individual = case.risk.individual
    latitude, longitude = below.middles_deg()
    order = np.argsort(-of.casualties, kind="stable")[:MOST_CELLS]
    rows = []
    for k in order[of.casualties[order] > 0.0]:
        row, column = of.rows[k], of.columns[k]
        district = below.districts[int(below.district[row, column])]
        rows.append(
            {
                "latitude_deg": round(float(latitude[row, 0]), 5),
                "longitude_deg": round((float(longitude[0, column]) + 180.0) % 360.0 - 180.0, 5),
                "area_km2": round(float(below.area_m2[row, 0]) / 1e6, 3),
                "people": round(float(below.people[row, column]), 2),
                "country": district.country,
                "district": district.name,
                "individual_risk_in_the_open": float(individual[k]),
                "casualties": float(of.casualties[k]),
            }
        )
    return rows


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
