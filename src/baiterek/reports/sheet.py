"""The sheet that a figure stands on: fixed margins, what is measured above the axes, a key, a stamp below.

Lengths on the sheet are inches from its lower left corner, whatever the format. Nothing but the curves stands inside the
axes, so that no label can cover them; margins are fixed, which halves the time of drawing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import Formatter

from baiterek.columns import EARTH, LAUNCH_AXES, LOCAL, describe
from baiterek.reports.language import Words, later
from baiterek.reports.style import MARK, SOFT
from baiterek.study.results import MissionResult

WIDTH_in, HEIGHT_in = 5.0, 3.3
LEFT_in, RIGHT_in = 0.5, 0.12
STAMP_in, NUMBERS_in, LABEL_in = 0.32, 0.18, 0.18
"""Room under the axes: for the stamp, and over it for the horizontal axis' label and numbers where it has them."""
ABOVE_in = 0.24
"""Room over the axes for the vertical axis' label alone."""
ROW_in = 0.155
KEY_pt, STAMP_pt = 7.5, 6.2
POINTS = 72.0
HANDLE_in, GAP_in, EDGE_in = 0.26, 0.14, 0.04

FRAMES = {
    LAUNCH_AXES: later("inertial axes of launch"),
    EARTH: later("Earth-fixed"),
    LOCAL: later("local horizon"),
}
"""Frames of columns in a word or two; the nomenclature has them in full."""


class Numbers(Formatter):
    """Numbers along an axis in the form of a language, with as many decimals as tell them apart."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, value: float, pos: int | None = None) -> str:
        """One number alone."""
        return self.words.significant(float(value), 6)

    def format_ticks(self, values: Any) -> list[str]:
        """All numbers of an axis, alike."""
        values = np.asarray(values, dtype=float)
        digits = next((d for d in range(7) if np.allclose(np.round(values, d), values, rtol=0.0, atol=1e-9)), 7)
        return [self.words.number(float(value), digits) for value in values]


def measured(axes: Axes, words: Words, x_label: str, y_label: str) -> None:
    """Name what the axes measure: the horizontal one below it, the vertical one lying on top, where it has room."""
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label, rotation=0, ha="left", va="top")
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "linear":
            axis.set_major_formatter(Numbers(words))


def lay_out(axes: Axes, rows: float = 0, height_in: float | None = None) -> None:
    """Put the axes on their sheet under the label, the key and `rows` more; `height_in` is the height of the axes.

    Without a height the sheet keeps the one that it has, so that figures side by side end on one line.
    """
    figure: Figure = axes.get_figure()  # type: ignore[assignment]
    entries = _key(axes)
    above = ABOVE_in + rows * ROW_in + (ROW_in * (1 + entries[-1].row) + 0.04 if entries else 0.0)
    below = STAMP_in + (LABEL_in if axes.get_xlabel() else 0.0) + (NUMBERS_in if len(axes.get_xticks()) else 0.0)
    if height_in is not None:
        figure.set_figheight(below + height_in + above)
    high, wide = figure.get_figheight(), figure.get_figwidth()
    axes.set_position((LEFT_in / wide, below / high, 1.0 - (LEFT_in + RIGHT_in) / wide, 1.0 - (below + above) / high))
    inches = figure.dpi_scale_trans
    axes.xaxis.set_label_coords(0.5 * (LEFT_in + wide - RIGHT_in), STAMP_in + 0.12, transform=inches)
    axes.yaxis.set_label_coords(EDGE_in, high - EDGE_in, transform=inches)
    for entry in entries:
        _draw(figure, entry, high - ABOVE_in - (entry.row + 0.5) * ROW_in)


class Entry(NamedTuple):
    """A line or an area, its name, and where the two stand in the key."""

    handle: Any
    label: str
    x_in: float
    row: int


def _key(axes: Axes) -> list[Entry]:
    """Lines and areas by name from left to right, in as many rows as they need; one line alone needs no name."""
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) < 2:
        return []
    entries, x, row = [], EDGE_in, 0
    for handle, label in zip(handles, labels):
        wide = HANDLE_in + 0.05 + text_width_in(label, KEY_pt)
        if x > EDGE_in and x + wide > WIDTH_in - EDGE_in:
            x, row = EDGE_in, row + 1
        entries.append(Entry(handle, label, x, row))
        x += wide + GAP_in
    return entries


def _draw(figure: Figure, entry: Entry, y_in: float) -> None:
    handle, inches = entry.handle, figure.dpi_scale_trans
    mark: Artist
    if isinstance(handle, Line2D):
        alone = handle.get_linestyle() == "None"
        x = [entry.x_in + 0.5 * HANDLE_in] if alone else [entry.x_in, entry.x_in + HANDLE_in]
        mark = Line2D(x, [y_in] * len(x))
    else:
        mark = Rectangle((entry.x_in, y_in - 0.04), HANDLE_in, 0.08)
    mark.update_from(handle)
    mark.set(transform=inches, clip_box=None, clip_path=None, label="_key")
    figure.add_artist(mark)
    figure.text(
        entry.x_in + HANDLE_in + 0.05, y_in, entry.label, fontsize=KEY_pt, va="center_baseline", transform=inches
    )  # fmt: skip


def text_width_in(text: str, size_pt: float, weight: str = "normal") -> float:
    """Width of a text as it will be laid out."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=size_pt, weight=weight), False)[0] / POINTS


def stamp(figure: Figure, result: MissionResult, words: Words, column: str) -> None:
    """Below everything: which run, how sure, in which frame, and what of the inputs nobody published."""
    parts = [words("run {hash}", hash=result.hash[:8]), confidence(result.summary, words)]
    frame = FRAMES.get(describe(column).frame)
    parts += [words(frame)] if frame else []
    parts += [words.said(result.summary["datum"])]
    inches, line = figure.dpi_scale_trans, 0.125
    figure.text(EDGE_in, EDGE_in + line, " · ".join(parts), fontsize=STAMP_pt, color=SOFT, transform=inches, gid="stamp")
    unsure = sum(row["unsure"] for row in result.summary["data"])
    count = {"unsure": unsure, "all": len(result.summary["data"])}
    if unsure:
        mark = words("▲ {unsure} of {all} inputs are fitted, assumed or weakly sourced", **count)
        figure.text(EDGE_in, EDGE_in, mark, fontsize=STAMP_pt, color=MARK, transform=inches, gid="mark")


def confidence(summary: Mapping[str, Any], words: Words) -> str:
    """What kind of flight the curves are: one flight is no statement about all of them."""
    if summary["status"] != "converged":
        return words("NO RESULT: last attempt")
    if summary["contradictions"]:
        return words("CONTRADICTED BY ITS FLIGHT")
    flown = summary["gap"]["flight_position_m"] is not None
    return words("nominal flight, no dispersions") if flown else words("optimum, not flown")


def numbered_clips(svg: str) -> str:
    """The drawing with its clipping rectangles named in their order, and not by a hash of their corners.

    Panels that share an axis are laid out in the order in which memory happens to hold them: the last bits of the corners,
    and with them the hashes, differ from one drawing to the next, though nothing that is drawn does.
    """
    order = {name: f"clip{n}" for n, name in enumerate(re.findall(r'<clipPath id="([^"]+)"', svg), start=1)}
    return re.sub(r'(<clipPath id="|url\(#)([^")]+)', lambda m: m.group(1) + order.get(m.group(2), m.group(2)), svg)
