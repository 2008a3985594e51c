"""What a page needs to mark one instant in every figure: few rows, and where a value stands in each figure.

Lengths are those of the SVG's viewBox: points from the upper left corner.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from baiterek.reports.figures.drawing import Reading
from baiterek.reports.language import Words
from baiterek.reports.sheet import POINTS
from baiterek.study.results import MissionResult

Array = NDArray[Any]

SCRIPT = Path(__file__).parents[1] / "templates" / "linked.js"

WITHIN_pt = 0.5
"""How far a straight line between two rows that stay may pass from a row that goes: a third of a curve's width."""
MOST_ROWS = 600
"""Where so many do not suffice, the distance doubles until they do."""


class Scale(NamedTuple):
    """Data to viewBox: start + step * value, or start + step * log10(value)."""

    start: float
    step: float
    log: bool

    def __call__(self, values: Array) -> Array:
        """Where the values stand."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.start + self.step * (np.log10(values) if self.log else values)


class Link(NamedTuple):
    """A figure as a pointer sees it."""

    box: tuple[float, float, float, float]
    """Left, top, right, bottom of the axes."""
    x: Scale
    y: Scale
    readings: list[Reading]
    track: tuple[Array, Array] | None
    """Where the vehicle stands in the figure, a row a row of the trajectory; None where time is the axis."""


def link(
    result: MissionResult,
    figure: Figure,
    readings: list[Reading] | None,
    track: Callable[[MissionResult], tuple[Array, Array]] | None,
) -> Link | None:
    """Where things stand in a figure that is painted; None for one in which time is nowhere."""
    if readings is None and track is None:
        return None
    axes = figure.axes[0]
    x, y = _scale(axes, 0), _scale(axes, 1)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x0, x1 = x(np.array([left, right]))
    y1, y0 = y(np.array([bottom, top]))
    place = None
    if track is not None:
        along, across = track(result)
        place = x(along), y(across)
    return Link((float(x0), float(y0), float(x1), float(y1)), x, y, readings or [], place)


def _scale(axes: Axes, which: int) -> Scale:
    """From two points: the ends of an axis, and where matplotlib puts them."""
    axis = (axes.xaxis, axes.yaxis)[which]
    figure: Figure = axes.get_figure()  # type: ignore[assignment]
    log = axis.get_scale() == "log"
    ends = np.array(axis.get_view_interval())
    corners = axes.transData.transform(np.column_stack((axes.get_xlim(), axes.get_ylim())))[:, which]
    at = corners * POINTS / figure.dpi
    if which == 1:
        at = figure.get_figheight() * POINTS - at
    low, high = np.log10(ends) if log else ends
    step = (at[1] - at[0]) / (high - low)
    return Scale(float(at[0] - step * low), float(step), log)


def linked_data(result: MissionResult, words: Words, links: Mapping[str, Link | None]) -> dict[str, Any]:
    """For `linked.js`: rows of time, per figure its place and curves, and the read-out. Ready for JSON."""
    there = {name: one for name, one in links.items() if one is not None}
    if not there:
        return {}
    t = np.asarray(result.trajectory["t_s"], dtype=float)
    curves = [one.y(reading.values) for one in there.values() for reading in one.readings]
    curves += [coordinate for one in there.values() if one.track for coordinate in one.track]
    rows = _few(t, np.array(curves))
    return {
        "number": words.number(1234.5, 1),
        "t": _rounded(t[rows], 3),
        "readout": [_reading(reading, rows) for reading in _readout(result, words)],
        "figures": {name: _figure(one, rows) for name, one in there.items()},
    }


def linked_script(result: MissionResult, words: Words, links: Mapping[str, Link | None]) -> str:
    """The data and the script, to stand at the end of a page whose figure `name` is an SVG inside `#figure-name`."""
    data = linked_data(result, words, links)
    if not data:
        return ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return f'<script type="application/json" id="linked-data">{text}</script>\n<script>\n{SCRIPT.read_text("utf-8")}</script>\n'


def _figure(one: Link, rows: Array) -> dict[str, Any]:
    place = [_rounded(coordinate[rows], 1) for coordinate in one.track] if one.track else None
    readings = [_reading(reading, rows) for reading in one.readings]
    return {"box": _rounded(one.box, 2), "x": one.x._asdict(), "y": one.y._asdict(), "readings": readings, "track": place}


def _reading(reading: Reading, rows: Array) -> dict[str, Any]:
    return {**reading._asdict(), "values": _rounded(reading.values[rows], reading.digits + 1)}


def _readout(result: MissionResult, words: Words) -> list[Reading]:
    """What stays in view while a pointer moves."""
    wanted = (
        ("t_s", words("Time"), 1.0, words("s"), 1),
        ("altitude_m", words("Altitude"), 1e-3, words("km"), 1),
        ("speed_eci_m_s", words("Speed"), 1.0, words("m/s"), 0),
        ("dynamic_pressure_Pa", words("Dynamic pressure"), 1e-3, words("kPa"), 1),
        ("mass_kg", words("Mass"), 1.0, words("kg"), 0),
    )
    return [
        Reading(name, unit, result.trajectory[column] * scale, digits)
        for column, name, scale, unit, digits in wanted
        if column in result.trajectory
    ]


def _rounded(values: Any, digits: int) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in np.round(np.asarray(values, dtype=float), digits)]


def _few(t: Array, curves: Array) -> Array:
    """Rows between which straight lines follow every curve (Ramer 1972, Douglas and Peucker 1973, on all at once)."""
    within = WITHIN_pt
    while True:
        rows = _kept(t, curves, within)
        if len(rows) <= MOST_ROWS:
            return rows
        within *= 2.0


def _kept(t: Array, curves: Array, within: float) -> Array:
    keep = np.zeros(len(t), dtype=bool)
    keep[[0, -1]] = True
    # A curve starts or ends where its values do; a separation has two rows at one instant.
    known = np.isfinite(curves)
    keep[1:] |= (known[:, 1:] != known[:, :-1]).any(axis=0) | (np.diff(t) == 0.0)
    keep[:-1] |= (known[:, 1:] != known[:, :-1]).any(axis=0) | (np.diff(t) == 0.0)
    ends = np.flatnonzero(keep)
    spans = list(itertools.pairwise(ends))
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        part = (t[first + 1 : last] - t[first]) / (t[last] - t[first])
        straight = curves[:, first, None] + (curves[:, last] - curves[:, first])[:, None] * part
        distance = np.nan_to_num(np.abs(curves[:, first + 1 : last] - straight)).max(axis=0)
        worst = int(np.argmax(distance))
        if distance[worst] > within:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return np.flatnonzero(keep)
