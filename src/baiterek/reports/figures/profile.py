"""Altitude over the distance flown, with the falling bodies."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from numpy.typing import NDArray

from baiterek.reports.language import Words
from baiterek.reports.sheet import lay_out, measured
from baiterek.reports.style import BLUE, GREEN, GREY, ORANGE, RED
from baiterek.reports.track import range_km
from baiterek.study.results import MissionResult

FALLS = tuple(
    {"color": colour, "lw": 1.0, "ls": style}
    for colour, style in ((ORANGE, (0, (5, 2))), (GREEN, (0, (5, 2, 1, 2))), (RED, (0, (2, 1.5))), (GREY, (0, (8, 3))))
)


def profile(result: MissionResult, axes: Axes, words: Words) -> None:
    """The ascent in full, each falling body in a style of its own."""
    measured(axes, words, words("distance from the pad over the ground, km"), words("altitude, km"))
    axes.plot(*along_the_profile(result), color=BLUE, label=words("ascent"))
    for (body, columns), style in zip(result.falls.items(), FALLS):
        distance = range_km(columns["latitude_deg"], columns["longitude_deg"], result.summary["site"])
        axes.plot(distance, columns["altitude_m"] / 1e3, **style, label=words.said(body))
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=0.0)
    lay_out(axes)


def along_the_profile(result: MissionResult) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where the vehicle is in the figure."""
    return result.trajectory["ground_range_m"] / 1e3, result.trajectory["altitude_m"] / 1e3
