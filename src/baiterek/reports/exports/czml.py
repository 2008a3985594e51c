"""The flight as CZML: a scene that moves, for Cesium (CZML Guide, CesiumGS/czml-writer)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.physics.attitude import body_axes, quaternion
from baiterek.reports.exports.outline import band_edges, zone_ring
from baiterek.reports.exports.places import Place
from baiterek.reports.exports.states import AXIS, POSITION, VELOCITY, in_fixed, lift_off, once, utc_text
from baiterek.study.results import Columns, MissionResult

BLUE, ORANGE, RED, GREY = [0, 114, 178, 255], [213, 94, 0, 255], [179, 38, 30, 255], [138, 143, 152, 255]
COLOURS_OF = {
    "zone": ORANGE, "zone edge": ORANGE, "footprint": BLUE, "individual risk": RED, "cut-off line": RED,
    "closed area": ORANGE, "aircraft and ships": ORANGE,
}  # fmt: skip
"""Of places that do not move; grey where none is named."""
SPEED_UP = 10.0

Packet = dict[str, Any]


def write_czml(result: MissionResult, path: Path) -> None:
    """The vehicle with its attitude, every falling body, impacts, zones, the impact point's trace, and the clock.

    Positions are Earth-fixed (`FIXED`: ITRF axes, metres), so no reader needs to know the Earth's orientation. The
    attitude is a `unitQuaternion` from body to Earth-fixed axes, scalar last as CZML has it: x is the axis of the
    vehicle, z lies in the plane of the orbit reached; roll is not modelled, and this choice holds it still. A falling
    body has no attitude of its own.
    """
    start = lift_off(result)
    last = max([float(result.trajectory["t_s"][-1]), *(float(fall["t_s"][-1]) for fall in result.falls.values())])
    epoch = f"{utc_text(start, 0.0)}Z"

    def span(columns: Columns) -> str:
        return "/".join(f"{utc_text(start, float(columns['t_s'][k]))}Z" for k in (0, -1))

    interval = f"{epoch}/{utc_text(start, last)}Z"
    clock = {"interval": interval, "currentTime": epoch, "multiplier": SPEED_UP, "range": "LOOP_STOP"}
    document = {"id": "document", "version": "1.0", "name": result.summary["title"], "clock": clock}
    document["description"] = f"Run {result.hash}. Positions: Earth-fixed, m. Attitude: body to Earth-fixed, x the axis."
    flown = once(result.trajectory)
    packets = [document, *_ground(result)]
    packets.append(_moving("vehicle", result.summary["vehicle"]["title"], flown, epoch, span(flown), BLUE))
    packets[-1]["orientation"] = {"epoch": epoch, "unitQuaternion": _attitude(flown)} | _interpolation(1)
    for body, columns in result.falls.items():
        fall = once(columns)
        packets.append(_moving(f"fall-{body}", body, fall, epoch, span(fall), ORANGE))
    path.write_text(json.dumps(packets, ensure_ascii=False, allow_nan=False, separators=(",", ":")), encoding="utf-8")


def _moving(name: str, title: str, columns: Columns, epoch: str, span: str, colour: list[int]) -> Packet:
    """A body with its path; between rows a cubic through four of them: millimetres in free flight, centimetres under thrust."""
    rows = np.column_stack((columns["t_s"], np.round(in_fixed(columns, POSITION), 3)))
    position = {"epoch": epoch, "referenceFrame": "FIXED", "cartesian": rows.ravel().tolist()} | _interpolation(3)
    return {
        "id": name,
        "name": title,
        "availability": span,
        "position": position,
        "point": {"pixelSize": 8, "color": {"rgba": colour}},
        "path": {"width": 2, "leadTime": 0, "resolution": 5, "material": _material(colour)},
        "label": {"text": title, "font": "12px sans-serif", "pixelOffset": {"cartesian2": [0, -16]}},
    }


def _attitude(columns: Columns) -> list[float]:
    """t, x, y, z, w for each row."""
    position, velocity = (np.array([columns[name][-1] for name in names]) for names in (POSITION, VELOCITY))
    normal = np.cross(position, velocity)
    turned = {**columns, **{f"n{k}": np.full_like(columns["t_s"], component) for k, component in enumerate(normal)}}
    axes = body_axes(in_fixed(columns, AXIS), in_fixed(turned, ("n0", "n1", "n2")))
    scalar_first = quaternion(axes)
    scalar_last = np.round(np.roll(scalar_first, -1, axis=1), 9)
    return np.column_stack((columns["t_s"], scalar_last)).ravel().tolist()


def _ground(result: MissionResult) -> list[Packet]:
    """What does not move."""
    site, flown = result.summary["site"], result.trajectory
    packets = [_marker("pad", site["title"], site, [0, 0, 0, 255])]
    for body, zone in result.summary["zones"].items():
        ring = zone_ring(zone)
        if ring is not None:
            area = {"positions": {"cartographicDegrees": _flat(ring)}, "material": _material([*ORANGE[:3], 64])}
            packets.append({"id": f"zone-{body}", "name": f"zone of {body}: {zone['name']}", "polygon": area})
            continue
        for number, edge in enumerate(band_edges(zone, site)):
            packets.append(_line(f"zone-{body}-{number}", f"zone of {body}: {zone['name']}", edge, ORANGE))
    if "impact_longitude_deg" in flown:
        trace = np.stack((flown["impact_longitude_deg"], flown["impact_latitude_deg"]), axis=1)
        trace = trace[np.isfinite(trace[:, 0])]
        if len(trace) > 1:
            packets.append(_line("impact-point", "instantaneous impact point, without air", trace, GREY))
    landed = [impact for impact in result.summary["impacts"] if impact["landed"]]
    return packets + [_marker(f"impact-{impact['name']}", f"{impact['name']} falls", impact, RED) for impact in landed]


def still(places: Iterable[Place]) -> list[Packet]:
    """Places that do not move, as packets: areas filled, lines and points on the ground."""
    packets = []
    for number, place in enumerate(places):
        colour = COLOURS_OF.get(place.kind, GREY)
        for count, part in enumerate(place.parts):
            name = f"{place.kind.replace(' ', '-')}-{number}-{count}"
            if place.shape == "point":
                where = {"longitude_deg": part[0][0], "latitude_deg": part[0][1]}
                packets.append(_marker(name, place.name, where, [0, 0, 0, 255]))
            elif place.shape == "line":
                packets.append(_line(name, place.name, part, colour))
            else:
                area = {"positions": {"cartographicDegrees": _flat(part[:-1])}, "material": _material([*colour[:3], 48])}
                packets.append({"id": name, "name": place.name, "polygon": area})
            packets[-1]["properties"] = {key: value for key, value in place.about.items() if value is not None}
    return packets


def _marker(name: str, title: str, where: dict[str, Any], colour: list[int]) -> Packet:
    place = {"cartographicDegrees": [where["longitude_deg"], where["latitude_deg"], 0.0]}
    point = {"pixelSize": 8, "color": {"rgba": colour}, "heightReference": {"heightReference": "CLAMP_TO_GROUND"}}
    return {"id": name, "name": title, "position": place, "point": point}


def _line(name: str, title: str, rows: Any, colour: list[int]) -> Packet:
    line = {"positions": {"cartographicDegrees": _flat(rows)}, "clampToGround": True, "width": 2}
    return {"id": name, "name": title, "polyline": {**line, "material": _material(colour)}}


def _flat(rows: Any) -> list[float]:
    """Longitude, latitude, height 0, in one list; to a centimetre."""
    return np.column_stack((np.round(rows, 7), np.zeros(len(rows)))).ravel().tolist()


def _material(colour: list[int]) -> Packet:
    return {"solidColor": {"color": {"rgba": colour}}}


def _interpolation(degree: int) -> Packet:
    return {"interpolationAlgorithm": "LAGRANGE" if degree > 1 else "LINEAR", "interpolationDegree": degree}
