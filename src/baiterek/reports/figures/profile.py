"""Altitude over the distance flown, to scale: one scale in all directions, over a round Earth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from baiterek.constants import WGS84_RADIUS_M
from baiterek.reports.language import Words
from baiterek.reports.sheet import LEFT_in, RIGHT_in, WIDTH_in, lay_out
from baiterek.reports.style import BLUE, GREEN, GREY, ORANGE, RED, RULE, SOFT
from baiterek.study.results import MissionResult

RADIUS_km = WGS84_RADIUS_M / 1e3
GROUND = "#E9E4D6"
MARGIN = 0.02
"""Ground on both sides of the flight, as a part of its length."""
TALLEST = 1.1
"""Height over width."""
WIDTH_pt = 72.0 * (WIDTH_in - LEFT_in - RIGHT_in)
ROOM_pt, APART_pt = 14.0, 9.0
"""Room under the ground for its numbers; between two numbers."""
FALLS = tuple(
    {"color": colour, "lw": 1.1, "ls": style}
    for colour, style in ((ORANGE, (0, (5, 2))), (GREEN, (0, (5, 2, 1, 2))), (RED, (0, (2, 1.5))), (GREY, (0, (8, 3))))
)

Array = NDArray[Any]


def profile(result: MissionResult, axes: Axes, words: Words) -> None:
    """The ascent in full, each falling body in a style of its own, over circles of even altitude."""
    middle_km = 0.5 * farthest_km(result)
    falls = [(words.said(body), *_fall(columns, result)) for body, columns in result.falls.items()]
    top = max(float(np.max(result.trajectory["altitude_m"])) / 1e3, *(float(np.max(high)) for _, _, high in falls), 1.0)
    along = _ground(axes, middle_km, 1.08 * top)
    axes.plot(*along_the_profile(result), color=BLUE, lw=1.8, label=words("ascent"), zorder=4)
    for (body, distance, high), style in zip(falls, FALLS):
        axes.plot(*round_the_earth(distance, high, middle_km), **style, label=body, zorder=3)
    _altitudes(axes, along, middle_km, top, words)
    _distances(axes, middle_km, words)
    axes.set_axis_on()
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    text = words("altitude over distance from the pad, km; one scale in all directions")
    axes.set_ylabel(text, rotation=0, ha="left", va="top")
    (west, east), (bottom, ceiling) = axes.get_xlim(), axes.get_ylim()
    lay_out(axes, height_in=WIDTH_pt / 72.0 * (ceiling - bottom) / (east - west))


def along_the_profile(result: MissionResult) -> tuple[Array, Array]:
    """Where the vehicle is in the figure."""
    flown = result.trajectory
    return round_the_earth(flown["ground_range_m"] / 1e3, flown["altitude_m"] / 1e3, 0.5 * farthest_km(result))


def round_the_earth(distance_km: Any, altitude_km: Any, middle_km: float) -> tuple[Array, Array]:
    """Kilometres right of and above the ground in the middle, on a sphere of the equatorial radius."""
    angle = (np.asarray(distance_km) - middle_km) / RADIUS_km
    radius = RADIUS_km + np.asarray(altitude_km)
    return radius * np.sin(angle), radius * np.cos(angle) - RADIUS_km


def farthest_km(result: MissionResult) -> float:
    """How far from the pad anything comes."""
    ends = [float(np.max(result.trajectory["ground_range_m"])) / 1e3]
    return max(ends + [float(np.max(_fall(columns, result)[0])) for columns in result.falls.values()])


def range_km(latitude_deg: Any, longitude_deg: Any, site: Mapping[str, Any]) -> Any:
    """Great-circle distance from the pad on a sphere, for drawing (0.3 %): the haversine formula."""
    north, south = np.radians(latitude_deg), np.radians(site["latitude_deg"])
    half = np.sin(0.5 * (north - south)) ** 2
    half = half + np.cos(north) * np.cos(south) * np.sin(0.5 * np.radians(longitude_deg - site["longitude_deg"])) ** 2
    return 2.0 * RADIUS_km * np.arcsin(np.sqrt(half))


def _fall(columns: Mapping[str, Array], result: MissionResult) -> tuple[Array, Array]:
    """Distance from the pad and altitude of a falling body, in km."""
    return range_km(columns["latitude_deg"], columns["longitude_deg"], result.summary["site"]), columns["altitude_m"] / 1e3


def _ground(axes: Axes, middle_km: float, top_km: float) -> Array:
    """The round Earth under the flight, and the limits of the axes; the distances along it."""
    margin = max(2.0 * MARGIN * middle_km, 0.5 * (top_km / TALLEST - 2.0 * middle_km))
    along = np.linspace(-margin, 2.0 * middle_km + margin, 201)
    x, y = round_the_earth(along, 0.0, middle_km)
    side = max(float(x[-1]), float(round_the_earth(2.0 * middle_km, top_km, middle_km)[0]) * 1.01)
    bottom = float(y[0]) - ROOM_pt * 2.0 * side / WIDTH_pt
    axes.fill_between(x, bottom, y, facecolor=GROUND, lw=0.0, zorder=1)
    axes.plot(x, y, color=SOFT, lw=0.8, zorder=1.5, label="_ground")
    axes.set_xlim(-side, side)
    axes.set_ylim(bottom, top_km)
    return along


def _altitudes(axes: Axes, along: Array, middle_km: float, top_km: float, words: Words) -> None:
    """Lines of even altitude, named at their left ends."""
    step = _round(max(top_km / 4.0, 2.0 * APART_pt * float(np.diff(axes.get_xlim())[0]) / WIDTH_pt))
    for k in range(1, int(top_km / step) + 1):
        x, y = round_the_earth(along, k * step, middle_km)
        axes.plot(x, y, color=RULE, lw=0.7, zorder=0.5, label="_altitude")
        axes.annotate(words.significant(k * step, 3), (x[0], y[0]), (-3, 0), textcoords="offset points", fontsize=7.0,
                      ha="right", va="center", color=SOFT, annotation_clip=False)  # fmt: skip


def _distances(axes: Axes, middle_km: float, words: Words) -> None:
    """Marks on the ground at even distances from the pad, named below it."""
    step = _round(2.0 * middle_km / 5.0)
    for k in range(int(2.0 * middle_km / step) + 1):
        x, y = (float(v) for v in round_the_earth(k * step, 0.0, middle_km))
        axes.plot([x], [y], marker="|", color=SOFT, ms=4, mew=0.8, ls="", zorder=2, label="_distance")
        axes.annotate(words.number(k * step), (x, y), (0, -4), textcoords="offset points", fontsize=7.0,
                      ha="center", va="top", color=SOFT, annotation_clip=False)  # fmt: skip


def _round(step: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is no more than a step."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(n * power for n in (5.0, 2.0, 1.0) if n * power <= 1.0000001 * step))
