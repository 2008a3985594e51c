"""Figures of a safety case: footprints with their zones, failures with lines of equal risk, the risk over the flight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from baiterek.reports.basemap import Sheet, name_places, open_map, sheet_around
from baiterek.reports.labels import Labels
from baiterek.reports.language import Words, later
from baiterek.reports.layers import CREDIT
from baiterek.reports.map import draw_zone, outlines
from baiterek.reports.sheet import EDGE_in, STAMP_pt, lay_out, measured
from baiterek.reports.style import BLUE, GREEN, MARK, ORANGE, RC, RED, SOFT
from baiterek.safety.scenarios import DISPOSAL
from baiterek.study.results import read_json
from baiterek.study.safety_files import CONTOURS, CRAFT, FOOTPRINTS, IMPACTS, read_impacts
from baiterek.study.summary import UNSURE

Array = NDArray[Any]

CAPTIONS = {
    "footprints": later("Footprints of what falls on every flight, with the zones"),
    "disposal": later("Where the upper stage comes down if its disposal works"),
    "risk": later("Where failures come down, and lines of equal individual risk"),
    "launch-area": later("Individual risk round the pad"),
    "craft": later("Closed areas, and where an aircraft or a ship that is there is hit with the limit's probability"),
    "over-time": later("Casualties to be expected, by the moment of failure"),
}
BODIES = (BLUE, GREEN, "#CC79A7", "#56B4E9")
"""Of bodies in their order, apart to the colour-blind (Okabe & Ito)."""
PHASES = (BLUE, GREEN, "#CC79A7")
LEVELS = {1e-5: RED, 1e-6: ORANGE, 1e-7: "#E0A100"}
"""Of individual risk."""
CRAFTS, CLOSED = {"aircraft": ORANGE, "vessel": RED}, {"aircraft": BLUE, "vessel": GREEN}
CLOSED_TO = {"aircraft": later("closed to aircraft"), "vessel": later("closed to ships")}
REACHED = {
    "aircraft": later("an aircraft that is there: limit reached"),
    "vessel": later("a ship that is there: limit reached"),
}
WORST = {
    "aircraft": later("worst place for an aircraft outside closed areas"),
    "vessel": later("worst place for a ship outside closed areas"),
}
WIDTHS = {1.0: 0.5, 2.0: 0.7, 3.0: 1.2}
"""Of the ellipses of 1, 2, 3 sigma."""
MOST_POINTS = 3000
PLANNED = ("nominal", DISPOSAL)
"""Phases of what comes down without a failure."""
NEAR_km = 150.0
"""What is nearer to the pad than this is drawn on the map of the launch area."""
DOTS_inch = 220
FINE_LINE = 10
"""Parts into which lines of limits are divided where they leave the sheet."""


def draw_safety(s: Mapping[str, Any], folder: Path, words: Words) -> dict[str, str]:
    """The drawings by name, as SVG; one that has nothing to show is left out."""
    painters: dict[str, Callable[[Mapping[str, Any], Path, Axes, Words], bool]]
    painters = {
        "footprints": _footprints, "disposal": _disposal, "risk": _risk, "launch-area": _launch_area,
        "craft": _craft, "over-time": _over_time,
    }  # fmt: skip
    drawn = {}
    with mpl.rc_context({**RC, "svg.hashsalt": s["run"]}):
        for name, paint in painters.items():
            figure = Figure(figsize=(5.0, 2.6))
            FigureCanvasSVG(figure)
            if not paint(s, folder, figure.add_axes((0.1, 0.1, 0.8, 0.8)), words):
                continue
            _stamp(figure, s, words)
            text = StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None}, dpi=DOTS_inch)
            drawn[name] = text.getvalue()
    return drawn


def _stamp(figure: Figure, s: Mapping[str, Any], words: Words) -> None:
    """Which run, how it was sampled, and that its zones are assumed."""
    asked = s["asked"]
    sampled = words(
        "{flights} flights, {moments} moments × {samples} draws, seed {seed}",
        **{key: words.number(asked[key]) for key in ("flights", "moments", "samples", "seed")},
    )
    parts = (words("run {hash}", hash=s["run"][:8]), words.said(s["guidance"]), sampled)
    inches: dict[str, Any] = {"fontsize": STAMP_pt, "transform": figure.dpi_scale_trans}
    figure.text(EDGE_in, EDGE_in + 0.125, " · ".join(parts), color=SOFT, **inches)
    if any(zone["grade"] in UNSURE for zone in s["zones"].values()):
        assumed = words("▲ hatched zones are assumed; how the vehicle fails and what it breaks into is assumed")
        figure.text(EDGE_in, EDGE_in, assumed, color=MARK, **inches)


# --- maps ------------------------------------------------------------------------------------------


def _footprints(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """Impact points, ellipses of 1, 2 and 3 sigma of each class, zones."""
    last = (s.get("deorbit") or {}).get("body")
    return _ellipses(s, folder, axes, words, s["zones"], lambda body: body != last)


def _disposal(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """The same of the upper stage, which comes down elsewhere, after all of that."""
    found = s.get("deorbit") or {}
    return "body" in found and _ellipses(
        s, folder, axes, words, {found["body"]: found["zone"]}, lambda body: body == found["body"]
    )


def _ellipses(
    s: Mapping[str, Any],
    folder: Path,
    axes: Axes,
    words: Words,
    zones_of: Mapping[str, Any],
    wanted: Callable[[str], bool],
) -> bool:
    """Of the bodies that are wanted, with zones by body."""
    features = [each for each in read_json(folder / FOOTPRINTS)["features"] if wanted(body_of(each["properties"]["body"]))]
    rings = [each for each in features if each["properties"].get("sigmas") in WIDTHS]
    if not rings:
        return False
    shapes = [np.array(ring["geometry"]["coordinates"][0]) for ring in rings]
    edges = [edge for zone in zones_of.values() for edge in outlines(zone, s["site"])]
    sheet = sheet_around(
        np.concatenate([shape[:, 1] for shape in shapes] + [edge[0] for edge in edges]),
        np.concatenate([shape[:, 0] for shape in shapes] + [edge[1] for edge in edges]),
    )
    labels, height_in = open_map(axes, sheet, words, CREDIT)
    zones = _zones(s, axes, sheet, labels, words, zones_of)
    bodies = list(dict.fromkeys(body_of(ring["properties"]["body"]) for ring in rings))
    colours = dict(zip(bodies, BODIES * len(bodies), strict=False))
    points = read_impacts(folder / IMPACTS)
    for body, colour in colours.items():
        _dots(axes, sheet, points, np.isin(points["phase"], PLANNED) & (points["cause"] == body), colour)
    named = set[str]()
    for ring, shape in zip(rings, shapes, strict=True):
        of, sigmas = ring["properties"]["body"], ring["properties"]["sigmas"]
        body = body_of(of)
        x, y = sheet.place(shape[:, 1], shape[:, 0])
        widest = sigmas == max(WIDTHS)
        label = words("{body}: 1, 2, 3 sigma", body=words.said(body)) if widest and body not in named else None
        axes.plot(x, y, color=colours[body], lw=WIDTHS[sigmas], label=label, zorder=4)
        if widest:
            named.add(body)
            labels.keep_off(x, y)
    _smallest(features, axes, sheet, colours, words)
    _names_of_classes(rings, shapes, colours, sheet, labels, words)
    _names(zones, sheet, labels)
    return _close(axes, sheet, labels, height_in, words)


def _smallest(features: list[Any], axes: Axes, sheet: Sheet, colours: Mapping[str, str], words: Words) -> None:
    """Areas that hold most of each class by kernel density, beside the ellipses."""
    areas = [each for each in features if "within" in each["properties"]]
    for feature in areas:
        about = feature["properties"]
        for ring in (np.array(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon):
            colour = colours[body_of(about["body"])]
            axes.plot(*sheet.place(ring[:, 1], ring[:, 0]), color=colour, lw=0.6, ls=(0, (2, 1.5)), zorder=4)
    if areas:
        label = words("97 % by kernel density")
        axes.plot([], [], color=SOFT, lw=0.6, ls=(0, (2, 1.5)), label=label)


def _names_of_classes(
    rings: list[Any], shapes: list[Array], colours: Mapping[str, str], sheet: Sheet, labels: Labels, words: Words
) -> None:
    for ring, shape in zip(rings, shapes, strict=True):
        if ring["properties"]["sigmas"] != max(WIDTHS):
            continue
        of = ring["properties"]["body"]
        x, y = sheet.place(shape[:, 1], shape[:, 0])
        top = int(np.argmax(y))
        labels.put(class_in_words(of, words), float(x[top]), float(y[top]), 6.0, far_pt=56.0, color=colours[body_of(of)])


def _risk(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """Failures' impact points by phase, the impact point of the flight, contours, zones: all the ground that they reach."""
    points, contours = read_impacts(folder / IMPACTS), _contours(folder)
    failed = ~np.isin(points["phase"], PLANNED)
    if not failed.any():
        return False
    latitude = [points["latitude_deg"][failed], *(ring[:, 1] for rings in contours.values() for ring in rings)]
    longitude = [points["longitude_deg"][failed], *(ring[:, 0] for rings in contours.values() for ring in rings)]
    here, there = (
        np.concatenate([*latitude, [s["site"]["latitude_deg"]]]),
        np.concatenate([*longitude, [s["site"]["longitude_deg"]]]),
    )
    sheet = sheet_around(*_core(here, there))
    labels, height_in = open_map(axes, sheet, words, CREDIT)
    zones = _zones(s, axes, sheet, labels, words)
    for phase, colour in zip(dict.fromkeys(points["phase"][failed].tolist()), PHASES * 9, strict=False):
        name = words("pieces after a failure of {phase}", phase=words.said(phase))
        _dots(axes, sheet, points, failed & (points["phase"] == phase), colour, name)
    for body in dict.fromkeys(body_of(row["body"]) for row in s["footprints"] if row.get("scattered")):
        name = words("planned fall: {body}", body=words.said(body))
        _dots(axes, sheet, points, (points["phase"] == "nominal") & (points["cause"] == body), SOFT, name)
    _lines(contours, axes, sheet, labels, words)
    _corridor(s, axes, sheet, words)
    _impact_trace(s, axes, sheet, labels, words)
    _pad(s, axes, sheet, labels, words)
    _names(zones, sheet, labels)
    return _close(axes, sheet, labels, height_in, words)


def _core(latitude_deg: Array, longitude_deg: Array, within: float = 0.99) -> tuple[Array, Array]:
    """Points without the farthest: a sheet of half the Earth would show nothing."""
    phi, lam = np.radians(latitude_deg), np.radians(longitude_deg)
    axes = np.stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))
    middle = np.median(axes, axis=1)
    cosine = middle @ axes / np.linalg.norm(middle)
    kept = cosine >= max(np.quantile(cosine, 1.0 - within), 0.0)
    return latitude_deg[kept], longitude_deg[kept]


def _launch_area(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """The contours that lie round the pad, larger."""
    site = s["site"]
    near = Sheet(site["latitude_deg"], site["longitude_deg"], -NEAR_km, NEAR_km, -NEAR_km, NEAR_km)
    kept: dict[float, list[Array]] = {}
    for level, rings in _contours(folder).items():
        kept[level] = [ring for ring in rings if np.all(near.holds(*near.place(ring[:, 1], ring[:, 0])))]
    shown = [ring for rings in kept.values() for ring in rings]
    if not shown:
        return False
    latitude = np.concatenate([*(ring[:, 1] for ring in shown), [site["latitude_deg"]]])
    longitude = np.concatenate([*(ring[:, 0] for ring in shown), [site["longitude_deg"]]])
    sheet = sheet_around(latitude, longitude)
    labels, height_in = open_map(axes, sheet, words, CREDIT)
    points = read_impacts(folder / IMPACTS)
    _dots(axes, sheet, points, ~np.isin(points["phase"], PLANNED), BLUE, words("pieces after a failure"))
    _lines(_contours(folder), axes, sheet, labels, words)
    _corridor(s, axes, sheet, words)
    _impact_trace(s, axes, sheet, labels, words)
    _pad(s, axes, sheet, labels, words)
    return _close(axes, sheet, labels, height_in, words)


def _craft(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """What is closed to aircraft and to ships, and as far as that where limits are reached, with the worst places outside."""
    if s.get("craft") is None:
        return False
    features = [(each["properties"], each["geometry"]) for each in read_json(folder / CRAFT)["features"]]
    rings = [(about, np.array(ring)) for about, shape in features for ring in _rings(shape)]
    points = np.vstack([ring for about, ring in rings if about["what"] == "closed area"])
    sheet = sheet_around(points[:, 1], points[:, 0])
    labels, height_in = open_map(axes, sheet, words, CREDIT)
    named = set[str]()
    for about, ring in rings:
        x, y = sheet.place(ring[:, 1], ring[:, 0])
        kind, reached = about["craft"], about["what"] == "contour"
        colour, said = (CRAFTS[kind], REACHED[kind]) if reached else (CLOSED[kind], CLOSED_TO[kind])
        name = words(said)
        label = name if name not in named else None
        named.add(name)
        if reached:
            axes.fill(x, y, facecolor=colour, edgecolor="none", alpha=0.15, zorder=3.4)
        axes.plot(x, y, color=colour, lw=0.8 if reached else 1.3, ls="-" if reached else (0, (5, 2)), label=label, zorder=4)
        if not reached:
            top = int(np.argmax(y))
            labels.put(words.said(about["body"]), float(x[top]), float(y[top]), 6.0, far_pt=56.0, color=colour)
    for about, shape in features:
        if about["what"] == "greatest outside":
            x, y = sheet.place(shape["coordinates"][1], shape["coordinates"][0])
            if not sheet.holds(x, y):
                continue
            said = WORST[about["craft"]]
            axes.plot(x, y, "X", color=CRAFTS[about["craft"]], ms=5, mec="white", mew=0.5, ls="", label=words(said), zorder=6)
    _impact_trace(s, axes, sheet, labels, words)
    _pad(s, axes, sheet, labels, words)
    return _close(axes, sheet, labels, height_in, words)


def _rings(shape: Mapping[str, Any]) -> list[Any]:
    """Of a Polygon or a MultiPolygon; none of a point."""
    if shape["type"] == "Polygon":
        return list(shape["coordinates"])
    return [ring for polygon in shape["coordinates"] for ring in polygon] if shape["type"] == "MultiPolygon" else []


def _zones(
    s: Mapping[str, Any], axes: Axes, sheet: Sheet, labels: Labels, words: Words, zones: Mapping[str, Any] | None = None
) -> list[tuple[str, Array, Array]]:
    """Those of the mission, or others."""
    shown = s["zones"] if zones is None else zones
    return [draw_zone(axes, sheet, labels, body, zone, s["site"], words) for body, zone in shown.items()]


def _names(zones: list[tuple[str, Array, Array]], sheet: Sheet, labels: Labels) -> None:
    """Of zones, where there is room."""
    for text, x, y in zones:
        low = int(np.argmin(np.where(sheet.holds(x, y), y, np.inf)))
        labels.put(text, float(x[low]), float(y[low]), 6.5, far_pt=76.0, color=MARK)


def _dots(axes: Axes, sheet: Sheet, points: Mapping[str, Array], chosen: Array, colour: str, name: str | None = None) -> None:
    """Impact points, evenly thinned."""
    index = np.flatnonzero(chosen)
    index = index[:: max(1, len(index) // MOST_POINTS)]
    x, y = sheet.place(points["latitude_deg"][index], points["longitude_deg"][index])
    axes.plot(x, y, ".", color=colour, ms=1.8, mew=0, alpha=0.5, ls="", rasterized=True, zorder=3)
    if name:
        axes.plot([], [], "o", color=colour, ms=4.0, ls="", label=name)


def _contours(folder: Path) -> dict[float, list[Array]]:
    """Level -> rings of longitude and latitude."""
    found = {}
    for feature in read_json(folder / CONTOURS)["features"]:
        rings = [np.array(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon]
        found[feature["properties"]["individual_risk"]] = rings
    return found


def _lines(contours: Mapping[float, list[Array]], axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """Where the individual risk is at least so high."""
    for level, rings in contours.items():
        label: str | None = words("individual risk {level}", level=words.significant(level, 1))
        for ring in rings:
            x, y = sheet.place(ring[:, 1], ring[:, 0])
            axes.fill(x, y, facecolor=LEVELS.get(level, SOFT), edgecolor="none", alpha=0.12, zorder=3.4)
            axes.plot(x, y, color=LEVELS.get(level, SOFT), lw=1.1, label=label, zorder=4.2)
            label = None


def _corridor(s: Mapping[str, Any], axes: Axes, sheet: Sheet, words: Words) -> None:
    """The regulation's corridor, and how far the impact point may leave its axis."""
    if s.get("corridor") is None:
        return
    ring = np.array(s["corridor"]["ring_deg"])
    lines = [np.array([row[f"{side}_deg"] for row in s["corridor"]["cut_off"]]).reshape(-1, 2) for side in ("left", "right")]
    for line, style, name in (
        (ring, {"color": SOFT, "lw": 0.9}, words("corridor of 14 CFR 420, App. A")),
        (lines[0], {"color": RED, "lw": 0.8, "ls": (0, (1, 1.5))}, words("cut-off line")),
        (lines[1], {"color": RED, "lw": 0.8, "ls": (0, (1, 1.5))}, None),
    ):
        if len(line) > 1:
            axes.plot(*_on_sheet(line, sheet), label=name, zorder=4.1, **style)


def _on_sheet(line: Array, sheet: Sheet) -> tuple[Array, Array]:
    """What of it lies on the sheet, each point as one of many between two."""
    place = np.linspace(0, len(line) - 1, FINE_LINE * (len(line) - 1) + 1)
    x, y = sheet.place(*(np.interp(place, np.arange(len(line)), side) for side in line.T))
    seen = sheet.holds(x, y)
    return np.where(seen, x, np.nan), np.where(seen, y, np.nan)


def _impact_trace(s: Mapping[str, Any], axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    if "impact_latitude_deg" not in s["track"]:
        return
    latitude, longitude = (np.array(s["track"][f"impact_{name}_deg"], dtype=float) for name in ("latitude", "longitude"))
    down = np.isfinite(latitude) & np.isfinite(longitude)
    x, y = sheet.place(latitude[down], longitude[down])
    axes.plot(x, y, color="black", lw=0.8, ls=(0, (4, 2)), label=words("impact point if thrust ended"), zorder=4.5)
    labels.keep_off(*(c[sheet.holds(x, y)] for c in (x, y)))


def _pad(s: Mapping[str, Any], axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    x, y = sheet.place(s["site"]["latitude_deg"], s["site"]["longitude_deg"])
    axes.plot(x, y, "^", color="black", ms=6, ls="", label=words("pad"), zorder=6)
    labels.take(x, y, 4.0)


def _close(axes: Axes, sheet: Sheet, labels: Labels, height_in: float, words: Words) -> bool:
    name_places(axes, sheet, labels, words)
    axes.set_ylabel(words("geodetic latitude and longitude, WGS 84"), rotation=0, ha="left", va="top")
    lay_out(axes, height_in=height_in)
    return True


# --- over the flight -------------------------------------------------------------------------------


def _over_time(s: Mapping[str, Any], folder: Path, axes: Axes, words: Words) -> bool:
    """Casualties per second of flight by cause, a step an interval, on a logarithmic axis."""
    rows = s["over_time"]
    causes = list(dict.fromkeys(cause for row in rows for cause in row["casualties"]))
    if not causes:
        return False
    axes.set_yscale("log")
    measured(axes, words, words("time since lift-off, s"), words("casualties to be expected, per second of flight"))
    for cause, colour in zip(causes, (BLUE, ORANGE, GREEN), strict=False):
        t: list[float] = []
        rate: list[float] = []
        for row in rows:
            per_s = row["casualties"].get(cause, 0.0) / (row["end_s"] - row["start_s"])
            gap = bool(t) and row["start_s"] > t[-1] + 1e-6
            t += [np.nan] * gap + [row["start_s"], row["end_s"]]
            rate += [np.nan] * gap + [per_s or np.nan] * 2
        axes.plot(t, rate, color=colour, label=words.said(cause))
    axes.set_xlim(0.0, rows[-1]["end_s"])
    axes.yaxis.set_major_formatter(lambda value, _: words.significant(float(value), 1))
    lay_out(axes)
    return True


def body_of(name: str) -> str:
    """`stage-1` of `stage-1: tank sections`."""
    return name.partition(":")[0]


def class_in_words(name: str, words: Words) -> str:
    """`stage-1: tank sections` in a language."""
    return ": ".join(words.said(part) for part in name.split(": "))
