"""The pictures of a payload map: contours of payload with the limits that bind as regions, or a curve with its spread."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import NDArray

from baiterek.reports.language import Words, language, later
from baiterek.reports.sheet import EDGE_in, ROW_in, STAMP_pt, WIDTH_in, lay_out, measured, text_width_in
from baiterek.reports.style import BLUE, GREEN, INK, MARK, ORANGE, RC, RED, SOFT

AXIS_LABELS = {
    "altitude_km": later("Altitude of the circular orbit, km"),
    "perigee_altitude_km": later("Perigee altitude, km"),
    "apogee_altitude_km": later("Apogee altitude, km"),
    "inclination_deg": later("Inclination, deg"),
    "sun_synchronous_km": later("Altitude of the sun-synchronous orbit, km"),
    "c3_km2_s2": later("C3 of the escape, km²/s²"),
}
MARKS = (
    {"color": ORANGE, "hatch": "//"},
    {"color": GREEN, "hatch": "\\\\"},
    {"color": "#7A3E9D", "hatch": ".."},
    {"color": RED, "hatch": "--"},
    {"color": "#000000", "hatch": "||"},
    {"color": "#8A6D00", "hatch": "oo"},
)
"""Regions by hatch and by colour: each alone tells them apart."""
PALE = LinearSegmentedColormap.from_list("payload", ["#F3F8FC", "#86BADB"])
"""Light at both ends: what is written on it in black can be read."""
BEYOND = "#DDDDDD"
ALWAYS = 0.97
"""A limit that binds in more of the cells than this is named above the picture and not drawn."""
UNITS = ("_Pa_rad", "_m_s2", "_m_s", "_rad_s", "_W_m2", "_rad", "_Pa", "_m", "_s")
HEIGHT_in, TEXT_pt, TITLE_pt = 3.0, 7.0, 7.5
COARSE = 5
"""Points of the longest contour below which the numbers stand in the middle."""
APART = 0.1
"""Share of a logarithmic axis that a number takes."""
EDGE = 0.04
"""Share of the axis of a curve beyond the last value, so that its number is not cut off."""
WIDE = 30.0
"""From this ratio of the ends on, a curve is drawn over the logarithm."""


def draw_map(document: Mapping[str, Any], run: str, path: Path, words: Words | None = None) -> None:
    """One SVG from the map's `result.json`, in a language (English)."""
    path.write_text(map_svg(document, run, words or language()), encoding="utf-8")


def map_svg(document: Mapping[str, Any], run: str, words: Words) -> str:
    """The picture of a map: contours over two elements, a curve over one."""
    varied = {name: values for name, values in document["axes"].items() if len(values) > 1}
    with mpl.rc_context({**RC, "svg.hashsalt": run, "hatch.linewidth": 0.5}):
        figure = Figure(figsize=(WIDTH_in, HEIGHT_in))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.1, 0.2, 0.8, 0.7))
        if len(varied) > 1:
            _contours(document, axes, words)
        else:
            _curve(document, axes, varied or document["axes"], words)
        title = words("{vehicle}: greatest payload, kg", vehicle=flown_with(document, words))
        bold = _folded(title, TITLE_pt, "bold")
        lines = [*_folded(_elsewhere(document, words)), *_folded(_binding_everywhere(document, words))]
        lay_out(axes, rows=len(bold) + len(lines) + 0.5, height_in=HEIGHT_in)
        _write_above(figure, axes, bold, lines)
        _stamp(figure, document, run, words)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def binding(document: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Limit -> where it binds, among the cells that converged, in the shape of the grid."""
    shape = tuple(len(values) for values in document["axes"].values())
    flown = _flown(document)
    named = [set(cell["active"].split("; ")) if cell["active"] else set() for cell in document["cells"]]
    limits = dict.fromkeys(name for names in named for name in sorted(names))
    return {name: (np.array([name in names for names in named]) & flown).reshape(shape) for name in limits}


def flown_with(document: Mapping[str, Any], words: Words) -> str:
    """The vehicle of a map, with its upper stage."""
    return " + ".join(words.said(name) for name in (document["vehicle"], document.get("upper_stage")) if name)


def limit_name(limit: str, words: Words) -> str:
    """A limit of a map as people read it, without its unit."""
    unit = next((unit for unit in UNITS if limit.endswith(unit)), "")
    return words.said(limit.removesuffix(unit).replace("_", " "))


def grid(document: Mapping[str, Any], key: str) -> NDArray[Any]:
    """A number of every cell in the shape of the grid; NaN where there is none."""
    shape = tuple(len(values) for values in document["axes"].values())
    return np.array([np.nan if cell[key] is None else cell[key] for cell in document["cells"]], dtype=float).reshape(shape)


def _flown(document: Mapping[str, Any]) -> NDArray[Any]:
    return np.array([cell["status"] == "converged" for cell in document["cells"]])


def always(document: Mapping[str, Any]) -> list[str]:
    """Limits that bind in as good as all cells that converged."""
    least = ALWAYS * _flown(document).sum()
    return [name for name, where in binding(document).items() if where.any() and where.sum() >= least]


def _binding_everywhere(document: Mapping[str, Any], words: Words) -> str:
    names = always(document)
    return words("Binding everywhere: {limits}", limits=", ".join(limit_name(name, words) for name in names)) if names else ""


def _elsewhere(document: Mapping[str, Any], words: Words) -> str:
    """Elements that are the same everywhere."""
    said = {
        "perigee_altitude_km": later("perigee {n} km"),
        "apogee_altitude_km": later("apogee {n} km"),
        "inclination_deg": later("inclination {n}°"),
    }
    same = {**document.get("fixed", {}), **{name: values[0] for name, values in document["axes"].items() if len(values) == 1}}
    parts = [words(text, n=words.significant(same[name])) for name, text in said.items() if name in same]
    return words("All orbits: {elements}", elements=", ".join(parts)) if parts else ""


def _folded(text: str, size_pt: float = TEXT_pt, weight: str = "normal") -> list[str]:
    """Lines that fit on the sheet."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width_in(f"{lines[-1]} {word}", size_pt, weight) < WIDTH_in - 2.0 * EDGE_in:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _write_above(figure: Figure, axes: Axes, title: list[str], remarks: list[str]) -> None:
    """Title and remarks between the key and the axes."""
    top, count = axes.get_position().y1 * figure.get_figheight(), len(title) + len(remarks)
    for number, line in enumerate([*title, *remarks]):
        y, bold = top + (count - number) * ROW_in, number < len(title)
        figure.text(EDGE_in, y, line, fontsize=TITLE_pt if bold else TEXT_pt, weight="bold" if bold else "normal", color=INK,
                    va="center_baseline", transform=figure.dpi_scale_trans)  # fmt: skip


def _stamp(figure: Figure, document: Mapping[str, Any], run: str, words: Words) -> None:
    """Below everything: which run, from where, in which frame, and what of the inputs nobody published."""
    frame = words("osculating, true equator and equinox of date")
    parts = [words("run {hash}", hash=run[:8]), words.said(document["site"]), frame]
    for number, line in enumerate(_folded_parts(parts)):
        figure.text(EDGE_in, EDGE_in + 0.125 * (1 - number), line, fontsize=STAMP_pt, color=SOFT,
                    transform=figure.dpi_scale_trans, gid=f"stamp-{number}")  # fmt: skip
    inputs = document.get("inputs", {"unsure": 0, "all": 0})
    if inputs["unsure"]:
        mark = words("▲ {unsure} of {all} inputs are fitted, assumed or weakly sourced", **inputs)
        figure.text(EDGE_in, EDGE_in, mark, fontsize=STAMP_pt, color=MARK, transform=figure.dpi_scale_trans, gid="mark")


def _folded_parts(parts: list[str]) -> list[str]:
    """One line; without its last part when that does not fit."""
    line = " · ".join(parts)
    return [line if text_width_in(line, STAMP_pt) < WIDTH_in - 2.0 * EDGE_in else " · ".join(parts[:-1])]


def _contours(document: Mapping[str, Any], axes: Axes, words: Words) -> None:
    (first, rows), (second, columns) = document["axes"].items()
    payload = grid(document, "payload_kg")
    x, y = np.array(columns), np.array(rows)
    axes.set_facecolor(BEYOND)
    if np.isfinite(payload).any():
        levels = MaxNLocator(12).tick_values(np.nanmin(payload), np.nanmax(payload))
        axes.contourf(x, y, payload, levels=levels, cmap=PALE)
    _regions(document, axes, x, y, words)
    if np.isfinite(payload).any():
        _labelled(axes, axes.contour(x, y, payload, levels=levels, colors=INK, linewidths=0.7), words)
    _cells(document, axes, first, second, words)
    if not np.isfinite(payload).all():
        _in_key(axes, facecolor=BEYOND, label=words("no payload found"))
    measured(axes, words, words(AXIS_LABELS[second]), words(AXIS_LABELS[first]))
    axes.set_xlim(x.min(), x.max())
    axes.set_ylim(y.min(), y.max())
    axes.grid(False)


def _labelled(axes: Axes, lines: Any, words: Words) -> None:
    """Kilograms on the contours; none at an edge, where half of it would be cut off.

    Where matplotlib puts them, or in the middle of lines so coarse that it only finds their ends.
    """
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    whole = [line for path in lines.get_paths() for line in path.to_polygons(closed_only=False) if len(line) > 1]
    coarse = max((len(line) for line in whole), default=0) < COARSE
    places = {"manual": [_middle(line) for line in whole]} if coarse and whole else {}
    for text in axes.clabel(lines, fontsize=TEXT_pt, fmt=lambda kg: words.number(kg), inline=False, **places):
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85})
        x, y = text.get_position()
        if not (0.05 < (x - west) / (east - west) < 0.95 and 0.03 < (y - south) / (north - south) < 0.97):
            text.remove()


def _middle(line: NDArray[Any]) -> tuple[float, float]:
    """The point half way along a line, in shares of its extent, so that neither axis's unit decides."""
    extent = np.maximum(np.ptp(line, axis=0), 1e-12)
    way = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0) / extent, axis=1))))
    return tuple(float(np.interp(0.5 * way[-1], way, column)) for column in line.T)  # type: ignore[return-value]


def _regions(document: Mapping[str, Any], axes: Axes, x: NDArray[Any], y: NDArray[Any], words: Words) -> None:
    """Hatched where a limit binds in some cells and not in others, as far as the nearest cells say."""
    everywhere, reached = always(document), np.isfinite(grid(document, "payload_kg"))
    some = {name: where for name, where in binding(document).items() if where.any() and name not in everywhere}
    for mark, (name, where) in zip(MARKS, some.items(), strict=False):
        share = np.where(reached, where, np.nan)
        drawn = axes.contourf(x, y, share, levels=[0.5, 1.5], colors="none", hatches=[mark["hatch"]])
        drawn.set_edgecolor((mark["color"], 0.45))
        drawn.set_linewidth(0.0)
        axes.contour(x, y, share, levels=[0.5], colors=mark["color"], linewidths=1.1)
        label = words("binds: {limit}", limit=limit_name(name, words))
        _in_key(axes, facecolor="white", edgecolor=mark["color"], hatch=2 * mark["hatch"], label=label)


def _in_key(axes: Axes, **style: Any) -> Patch:
    """A patch without extent, for its name and look in the key."""
    return axes.add_patch(Rectangle((np.nan, np.nan), 0.0, 0.0, **style))


def _cells(document: Mapping[str, Any], axes: Axes, first: str, second: str, words: Words) -> None:
    """A dot where an orbit was solved and flown, a cross where that failed: between them the map is interpolated."""
    kinds = (("converged", ".", INK, 2.5, words("orbit computed")), ("failed", "x", RED, 4.0, words("not solved")))
    for status, marker, colour, size, label in kinds:
        cells = [cell for cell in document["cells"] if cell["status"] == status]
        if cells:
            axes.plot([c[second] for c in cells], [c[first] for c in cells], marker, color=colour, ms=size, label=label,
                      clip_on=False, zorder=5)  # fmt: skip


def _curve(document: Mapping[str, Any], axes: Axes, varied: Mapping[str, list[float]], words: Words) -> None:
    name, values = next(iter(varied.items()))
    payload, sigma = grid(document, "payload_kg").ravel(), grid(document, "payload_sigma_kg").ravel()
    axes.fill_between(values, payload - sigma, payload + sigma, color=BLUE, alpha=0.2, lw=0)
    _in_key(axes, facecolor=BLUE, alpha=0.2, label="± 1σ")
    axes.plot(values, payload, color=BLUE, marker=".", label=words("orbit computed"))
    measured(axes, words, words(AXIS_LABELS[name]), words("Payload, kg"))
    if max(values) > min(values):
        axes.set_xlim(min(values), max(values) + EDGE * (max(values) - min(values)))
    if min(values) > 0.0 and max(values) > WIDE * min(values):
        axes.set_xscale("log")
        axes.set_xlim(min(values), max(values) * (max(values) / min(values)) ** EDGE)
        axes.xaxis.set_major_locator(FixedLocator(_apart(values)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))


def _apart(values: list[float]) -> list[float]:
    """Those of the values of a logarithmic axis whose numbers do not run into each other, both ends among them."""
    gap = APART * np.log(values[-1] / values[0])
    kept = [values[0]]
    for value in values[1:-1]:
        if np.log(value / kept[-1]) > gap and np.log(values[-1] / value) > gap:
            kept.append(value)
    return [*kept, values[-1]]
