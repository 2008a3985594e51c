"""A figure before and after it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from numpy.typing import NDArray

from baiterek.reports.language import Words
from baiterek.study.results import MissionResult


class Reading(NamedTuple):
    """What a pointer reads off a figure over time: a curve of what was flown, in the unit of the axis, a value a row."""

    name: str
    """Of the curve; empty where there is one only."""
    unit: str
    values: NDArray[Any]
    digits: int


class Drawing(NamedTuple):
    """Who draws a figure, from which columns, and how far the first of them must reach to be worth it."""

    painter: Callable[[MissionResult, Axes, Words], list[Reading] | None]
    """Draws on the axes; returns the curves over time, None where time is not an axis."""
    needs: tuple[str, ...]
    least: float = 0.0
    track: Callable[[MissionResult], tuple[NDArray[Any], NDArray[Any]]] | None = None
    """Where the vehicle is in the figure, in the units of its axes: x and y, a value a row of the trajectory."""
    worth: Callable[[MissionResult], bool] | None = None
    """Whether this run has something to show in it; None: whenever the columns do."""
