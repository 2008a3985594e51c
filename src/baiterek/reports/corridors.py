"""Ways up beside each other: one table and one map, as a page, GeoJSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from baiterek.catalogue.site import Ellipse
from baiterek.reports.basemap import name_places, open_map, sheet_around
from baiterek.reports.content import MARKS, Answer, Cell, Column, Content, Figures, Note, Section, Table
from baiterek.reports.garbage import no_collection
from baiterek.reports.language import Words, language, later
from baiterek.reports.layers import CREDIT
from baiterek.reports.pdf import as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.reports.sheet import EDGE_in, STAMP_pt, lay_out
from baiterek.reports.style import BLUE, GREEN, INK, MARK, ORANGE, RC, RED, SOFT
from baiterek.safety.outline import ellipse_ring
from baiterek.study.corridors import least_held
from baiterek.study.results import read_json

TABLE, SHAPES = "corridors.csv", "corridors.geojson"
COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", RED, "#56B4E9", "#8A6D00", INK)
STYLES = ("-", (0, (4, 2)), (0, (1, 1.5)))
"""Of lines, when all colours have been used."""
HOW = later(
    "In seconds a case, to compare, not to clear: what falls on every flight comes down whole, spread by "
    "covariance; failures begin in the nominal flight, at {moments} moments with {samples} draws for each cause. "
    "Individual risk is not assessed. The drop areas are ellipses that hold {within} % of each body; people below "
    "are those who live in them. Zones of the mission are kept only where inclination and azimuth are its own."
)
STREWN = later(
    "Case {n}: {bodies} falls from nearly orbital speed, strewn over thousands of kilometres. It counts in the sums, without a "
    "drop area and without the people below."
)
CAPTION = later("All corridors: drop areas, and the impact point if thrust ended")


@no_collection()
def render_corridors(folder: Path, language_name: str = "en") -> None:
    """Add the map, GeoJSON, CSV, `report.html` and, with Typst, `report.pdf` to the folder."""
    s = read_json(folder / "result.json")
    _write_table(folder / TABLE, s)
    (folder / SHAPES).write_text(json.dumps(shapes(s), ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "figures").mkdir(exist_ok=True)
    for kind, file in composed_corridors(folder, language_name, folder / "figures").items():
        (folder / f"report{kind}").write_bytes(file)


def composed_corridors(folder: Path, language_name: str, drawings: Path) -> dict[str, bytes]:
    """The report of a stored comparison as .html and, with Typst, .pdf; its map is left in `drawings`."""
    s, words = read_json(folder / "result.json"), language(language_name)
    figures = {"corridors": draw_corridors(s, words)} if _flown(s) else {}
    for name, svg in figures.items():
        (drawings / f"{name}.svg").write_text(svg, encoding="utf-8")
    content = compose(s, figures, words, read_json(folder / "provenance.json")["computed_utc"])
    files = {".html": as_page(content, figures).encode()}
    return files | ({".pdf": as_pdf(content, figures)} if pdf_can_be_made() else {})


def rendering(language_name: str) -> Any:
    """`render_corridors` in a language, which is checked at once."""
    language(language_name)
    return partial(render_corridors, language_name=language_name)


def compose(s: Mapping[str, Any], figures: Mapping[str, str], words: Words, stamp: str) -> Content:
    """The page: which case has the least expectation, the table, the map, where each body falls."""
    flown = _flown(s)
    holding = [row for row in flown if row["holds"]]
    best = min(flown, key=lambda row: row["collective"], default=None)
    note = Note(words(HOW, moments=s["method"]["moments"], samples=s["method"]["samples"],
                      within=words.number(100 * s["method"]["within"], 2)))  # fmt: skip
    sections = [Section("cases", words("Corridors"), (_table(s, words), note))]
    if figures:
        sections.append(Section("map", words("Map"), (Figures(tuple(figures), wide=True),)))
        strewn = tuple(
            Note(words(STREWN, n=row["number"], bodies=", ".join(words.said(body) for body in row["strewn"])))
            for row in flown
            if row.get("strewn")
        )
        sections.append(Section("falls", words("What falls on every flight"), (_falls(flown, words), *strewn)))
    facts = (
        (words("Limits of the rule"),
         Cell(words("{n} of {of} cases hold", n=len(holding), of=len(s["cases"])), remark=words.said(s["criteria"]))),
        (words("Most payload"),
         Cell(words.kilograms(max((row["payload_kg"] for row in flown), default=None)) + f" {words('kg')}")),
    )  # fmt: skip
    return Content(
        language=words.language,
        title=words("Corridors: {mission}", mission=words.said(s["title"])),
        subtitle=f"{words.said(s['vehicle'])} · {words.said(s['site']['title'])}",
        answer=Answer(
            title=words("Least casualties to be expected among the public, in a flight"),
            value=Cell(words.significant(best and best["collective"], 2), MARKS["assumed"]),
            spread=words("case {n}", n=best["number"]) if best else "",
            good=bool(holding),
            facts=facts,
            warnings=(),
            remark="",
        ),
        sections=tuple(sections),
        legend=words(
            "Marks: {meant}; every risk of this page rests on such numbers.", meant=f"{MARKS['assumed']} {words('assumed')}"
        ),
        footer=words(
            "Baiterek computes; it does not clear a flight. A hearing needs the designer's data in place of what is assumed."
        ),
        hash=s["run"],
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions={name: words(CAPTION) for name in figures},
        stamp=stamp,
    )


def _flown(s: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in s["cases"] if row["status"] == "converged"]


def _table(s: Mapping[str, Any], words: Words) -> Table:
    columns = (
        Column(words("Case"), True), Column(words("Inclination, deg"), True), Column(words("Azimuth, deg"), True),
        Column(words("Wind of month"), True), Column(words("Payload, kg"), True),
        Column(words("Casualties to be expected"), True),
        Column(words("Of it, what falls on every flight"), True), Column(words("If a failure happens"), True),
        Column(words("People below"), True), Column(words("In its zone, %"), True), Column(words("Verdict")),
    )  # fmt: skip
    return Table(columns, tuple(_row(row, words) for row in s["cases"]))


def _row(row: Mapping[str, Any], words: Words) -> tuple[Cell, ...]:
    start = (
        Cell(str(row["number"])),
        Cell(words.number(row["inclination_deg"], 2)),
    )
    if row["status"] != "converged":
        return (*start, *(Cell("–"),) * 8, Cell(words.said(row["why"]), tone="bad"))
    held = least_held(row)
    verdict = words("holds") if row["holds"] else words("NOT MET")
    return (
        *start,
        Cell(words.number(row["azimuth_deg"], 2)),
        Cell(words.number(row["month"])),
        Cell(words.number(row["payload_kg"])),
        Cell(words.significant(row["collective"], 2)),
        Cell(words.significant(row["planned"], 2)),
        Cell(words.significant(row["conditional"], 2)),
        Cell(words.number(row["people_below"])),
        Cell(words.number(held and 100 * held, 1)),
        Cell(verdict, tone="good" if row["holds"] else "bad"),
    )


def _falls(flown: list[Mapping[str, Any]], words: Words) -> Table:
    columns = (
        Column(words("Case"), True), Column(words("Body"), share=2), Column(words("Mean point, deg"), True),
        Column(words("Drop area, full axes, km"), True), Column(words("Azimuth, deg"), True),
        Column(words("People below"), True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(str(row["number"])),
            Cell(words.said(body["body"])),
            Cell(f"{words.number(body['latitude_deg'], 3)}, {words.number(body['longitude_deg'], 3)}"),
            Cell(f"{words.number(body['length_km'])} × {words.number(body['width_km'])}"),
            Cell(words.number(body["azimuth_deg"], 1)),
            Cell(words.number(body["people"])),
        )
        for row in flown
        for body in row["bodies"]
    )
    return Table(columns, rows)


def draw_corridors(s: Mapping[str, Any], words: Words) -> str:
    """The map of all cases as SVG."""
    flown, site = _flown(s), s["site"]
    rings = {(row["number"], body["body"]): ring_of(body) for row in flown for body in row["bodies"]}
    latitude, longitude = (np.concatenate([ring[k] for ring in rings.values()] + [[site[f"{key}_deg"]]])
                           for k, key in enumerate(("latitude", "longitude")))  # fmt: skip
    with mpl.rc_context({**RC, "svg.hashsalt": s["run"]}):
        figure = Figure(figsize=(8.0, 4.0))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        sheet = sheet_around(latitude, longitude)
        labels, height_in = open_map(axes, sheet, words, CREDIT)
        for k, row in enumerate(flown):
            style = {"color": COLOURS[k % len(COLOURS)], "ls": STYLES[k // len(COLOURS) % len(STYLES)]}
            trace = np.array(row["trace_deg"])
            x, y = sheet.place(trace[:, 0], trace[:, 1])
            seen = sheet.holds(x, y)
            label = words("case {n}", n=row["number"])
            axes.plot(np.where(seen, x, np.nan), np.where(seen, y, np.nan), lw=0.8, label=label, zorder=4, **style)
            for body in row["bodies"]:
                x, y = sheet.place(*rings[row["number"], body["body"]])
                axes.plot(x, y, lw=1.2, zorder=5, **style)
                labels.keep_off(x, y)
        x, y = sheet.place(site["latitude_deg"], site["longitude_deg"])
        axes.plot(x, y, "^", color="black", ms=6, ls="", label=words("pad"), zorder=6)
        labels.take(x, y, 4.0)
        name_places(axes, sheet, labels, words)
        axes.set_ylabel(words("geodetic latitude and longitude, WGS 84"), rotation=0, ha="left", va="top")
        lay_out(axes, height_in=height_in)
        inches: dict[str, Any] = {"fontsize": STAMP_pt, "transform": figure.dpi_scale_trans}
        figure.text(EDGE_in, EDGE_in + 0.125, words("run {hash}", hash=s["run"][:8]), color=SOFT, **inches)
        figure.text(EDGE_in, EDGE_in, words("▲ spread and failures rest on assumed numbers"), color=MARK, **inches)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
        return text.getvalue()


def ring_of(body: Mapping[str, Any]) -> tuple[Any, Any]:
    """Latitudes and longitudes in deg of the drop area's edge, closed."""
    angle = {key: float(np.radians(body[f"{key}_deg"])) for key in ("latitude", "longitude", "azimuth")}
    zone = Ellipse(
        body["body"], angle["latitude"], angle["longitude"], 1e3 * body["length_km"], 1e3 * body["width_km"], angle["azimuth"]
    )
    latitude, longitude = (np.asarray(side) for side in ellipse_ring(zone))
    return np.append(latitude, latitude[0]), np.append(longitude, longitude[0])


def shapes(s: Mapping[str, Any]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): the impact point's trace and the drop areas of every case."""
    features = []
    for row in _flown(s):
        about = {"case": row["number"], "inclination_deg": row["inclination_deg"], "month": row["month"]}
        line = [[round(longitude, 4), latitude] for latitude, longitude in row["trace_deg"]]
        features.append(_feature("LineString", line, {**about, "what": "impact point trace"}))
        for body in row["bodies"]:
            latitude, longitude = ring_of(body)
            ring = [[round(float(lon), 4), round(float(lat), 4)] for lat, lon in zip(latitude, longitude, strict=True)]
            features.append(_feature("Polygon", [ring], {**about, "what": "drop area", "body": body["body"]}))
    return {"type": "FeatureCollection", "features": features}


def _feature(kind: str, coordinates: Any, about: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": dict(about), "geometry": {"type": kind, "coordinates": coordinates}}


def _write_table(path: Path, s: Mapping[str, Any]) -> None:
    keys = ("number", "inclination_deg", "month", "status", "azimuth_deg", "payload_kg", "collective", "planned", "conditional",
            "people_below", "holds")  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*keys, "zones_hold"])
        for row in s["cases"]:
            held = least_held(row) if row["status"] == "converged" else None
            writer.writerow([*(row.get(key, "") for key in keys), "" if held is None else held])
