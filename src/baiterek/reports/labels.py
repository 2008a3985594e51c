"""Labels on a map that never lie on one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

POINTS = 72.0
AROUND = tuple((float(np.cos(a)), float(np.sin(a))) for a in np.radians((0, 180, 90, 270, 35, 145, 215, 325)))
"""Where a label may stand, seen from its point: right, left, above, below, and between."""
FAR_pt = (9.0, 15.0, 22.0, 30.0, 40.0, 56.0, 76.0)
"""Distances to which a label may be moved; a fine line then leads back."""
MARK_pt = 4.5
"""Half the size of the largest mark."""


class Box(NamedTuple):
    """A rectangle in points from the lower left corner of the axes."""

    left: float
    bottom: float
    right: float
    top: float


class Labels:
    """What stands on the axes already, and where the next label can go without touching it."""

    def __init__(self, axes: Axes, width_in: float, height_in: float) -> None:
        """For axes whose limits are set and which will be so large."""
        self.axes = axes
        self.width_pt, self.height_pt = width_in * POINTS, height_in * POINTS
        self.taken: list[Box] = []
        self.lines = np.empty((0, 2))
        """Points of drawn lines: a label keeps off them where it can."""

    def at(self, x: Any, y: Any) -> NDArray[Any]:
        """Data coordinates in points from the lower left corner."""
        (west, east), (south, north) = self.axes.get_xlim(), self.axes.get_ylim()
        right = (np.asarray(x) - west) / (east - west) * self.width_pt
        up = (np.asarray(y) - south) / (north - south) * self.height_pt
        return np.stack((right, up), axis=-1)

    def keep_off(self, x: Any, y: Any) -> None:
        """A line that labels should not cover."""
        points = self.at(x, y)
        points = points[np.isfinite(points).all(axis=1)]
        if len(points) < 2:
            return
        length = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
        even = np.arange(0.0, length[-1], 3.0)
        self.lines = np.concatenate((self.lines, np.stack([np.interp(even, length, points[:, k]) for k in (0, 1)], axis=1)))

    def take(self, x: Any, y: Any, half_pt: float) -> None:
        """A mark that no label may cover."""
        px, py = self.at(x, y)
        self.taken.append(Box(px - half_pt, py - half_pt, px + half_pt, py + half_pt))

    def covered(self, x: Any, y: Any) -> bool:
        """Whether something stands at that place already."""
        px, py = self.at(x, y)
        return any(box.left < px < box.right and box.bottom < py < box.top for box in self.taken)

    def put(
        self, text: str, x: float, y: float, size_pt: float, far_pt: float = 0.0, gap_pt: float = 4.0, **style: Any
    ) -> Annotation | None:
        """Write a label beside its point, or as far off as `far_pt` with a line back; None where there is no room."""
        wide, high = size_of(text, size_pt)
        px, py = (float(v) for v in self.at(x, y))
        if not (0.0 <= px <= self.width_pt and 0.0 <= py <= self.height_pt):
            return None
        distances = [gap_pt, *(far for far in FAR_pt if far <= far_pt)]
        for strict in (True, False) if far_pt else (True,):
            for distance in distances:
                for dx, dy in AROUND:
                    cx, cy = px + dx * (distance + 0.5 * wide), py + dy * (distance + 0.5 * high)
                    box = Box(cx - 0.5 * wide, cy - 0.5 * high, cx + 0.5 * wide, cy + 0.5 * high)
                    if not self._free(box, strict):
                        continue
                    lead = self._lead((px, py), box) if distance > gap_pt else np.empty((0, 2))
                    if not self._crosses(lead):
                        return self._write(text, x, y, (cx - px, cy - py), box, size_pt, lead, style)
        return None

    def put_over(self, text: str, x: float, y: float, size_pt: float, **style: Any) -> Annotation | None:
        """Write a label centred on its point, as the name of a sea; nothing where there is no room."""
        wide, high = size_of(text, size_pt)
        px, py = (float(v) for v in self.at(x, y))
        box = Box(px - 0.5 * wide, py - 0.5 * high, px + 0.5 * wide, py + 0.5 * high)
        return self._write(text, x, y, (0.0, 0.0), box, size_pt, np.empty((0, 2)), style) if self._free(box, True) else None

    def _free(self, box: Box, strict: bool) -> bool:
        if box.left < 1.0 or box.bottom < 1.0 or box.right > self.width_pt - 1.0 or box.top > self.height_pt - 1.0:
            return False
        if any(overlap(box, other) for other in self.taken):
            return False
        x, y = self.lines[:, 0], self.lines[:, 1]
        return not (strict and np.any((x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)))

    def _lead(self, point: tuple[float, float], box: Box) -> NDArray[Any]:
        """A line from a point to the nearest place of a box, a point every other pt, the mark itself left free."""
        end = np.clip(point, (box.left, box.bottom), (box.right, box.top))
        length = float(np.hypot(*(end - point)))
        return np.array(point) + np.linspace(min(1.0, MARK_pt / length), 1.0, max(2, int(length / 2.0)))[:, None] * (
            end - point
        )

    def _crosses(self, lead: NDArray[Any]) -> bool:
        """Whether a line runs through something that stands there, its own mark apart."""
        inner = lead[1:]
        return any(
            bool(np.any((inner > (box.left, box.bottom)).all(axis=1) & (inner < (box.right, box.top)).all(axis=1)))
            for box in self.taken
        )

    def _write(
        self, text: str, x: float, y: float, offset: Sequence[float], box: Box, size_pt: float, lead: NDArray[Any], style: Any
    ) -> Annotation:
        self.taken.append(box)
        style = {"color": "black", "annotation_clip": True, "zorder": 8} | style
        if len(lead):
            self.lines = np.concatenate((self.lines, lead))
            (west, east), (south, north) = self.axes.get_xlim(), self.axes.get_ylim()
            along = west + lead[[0, -1], 0] / self.width_pt * (east - west)
            up = south + lead[[0, -1], 1] / self.height_pt * (north - south)
            self.axes.plot(along, up, color=style["color"], lw=0.5, zorder=7.5, label="_lead")
        return self.axes.annotate(
            text, (x, y), offset, textcoords="offset points", ha="center", va="center", fontsize=size_pt, **style
        )  # fmt: skip


def size_of(text: str, size_pt: float) -> tuple[float, float]:
    """Width and height of one line or several in points, with a little air; DejaVu Sans, the widest of the family."""
    font = FontProperties(family="DejaVu Sans", size=size_pt)
    lines = text.split("\n")
    wide = max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines)
    return float(wide) + 1.5, 1.18 * size_pt * len(lines) + 0.5


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top
