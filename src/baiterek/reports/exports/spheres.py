"""Lines and areas on a globe as a flat map of longitudes -180..180 wants them: cut at 180 deg, closed at a pole.

A line is rows of longitude, latitude and, where it has one, altitude. Between two rows it runs along the great circle of
a sphere with these latitudes: rows stand so near each other that the ellipsoid makes no difference to the eye.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP_deg = 20.0
"""Where longitude jumps by more between two rows (near a pole), rows are added between them."""
HALVINGS = 12


def cut_line(line: Array) -> list[Array]:
    """The line in parts within -180..180, with a row on either side of every cut (RFC 7946, 3.1.9)."""
    flat = unrolled(refined(line))
    turns = np.floor((flat[:, 0] + 180.0) / 360.0)
    parts, shifts = [[flat[0]]], [turns[0]]
    for a, b, turn_a, turn_b in zip(flat[:-1], flat[1:], turns[:-1], turns[1:]):
        if turn_a != turn_b:
            cut = _crossing(a, b, 360.0 * max(turn_a, turn_b) - 180.0)
            parts[-1].append(cut)
            parts.append([cut])
            shifts.append(turn_b)
        parts[-1].append(b)
    shifted = [np.array(part) - np.eye(1, flat.shape[1]) * 360.0 * turn for part, turn in zip(parts, shifts)]
    for part in shifted:
        part[:, 0] = np.clip(part[:, 0], -180.0, 180.0)  # rounding beside the cut
    distinct = [part[np.append(True, np.any(np.diff(part, axis=0) != 0.0, axis=1))] for part in shifted]
    return [part for part in distinct if len(part) > 1]


def cut_ring(ring: Array) -> list[Array]:
    """The area inside a ring (not closed, of longitude and latitude) as closed rings within -180..180, anticlockwise.

    Inside is what does not hold the far pole. The area must not be cut in two by a meridian more than once, which holds
    for everything convex on the sphere.
    """
    flat = unrolled(refined(np.vstack((ring, ring[:1]))))
    around = flat[-1, 0] - flat[0, 0]
    if abs(around) > 180.0:  # once round: the pole is inside; of two rounds one whole turn of the globe is kept
        pole = np.copysign(90.0, flat[:, 1].mean())
        flat = np.vstack((flat, flat[1:] + [around, 0.0]))
        flat = np.vstack((flat, [[flat[-1, 0], pole], [flat[0, 0], pole]]))
        turns = [int(np.ceil((flat[:, 0].min() + 180.0) / 360.0))]
    else:
        flat, turns = flat[:-1], list(_turns(flat))
    flat = flat if _area(flat) > 0.0 else flat[::-1]
    parts = [_clipped(flat, 360.0 * k) for k in turns]
    return [np.vstack((part, part[:1])) for part in parts if len(part) >= 3 and abs(_area(part)) > 0.0]


def refined(line: Array) -> Array:
    """The line with rows added on great circles until longitude goes in small steps; altitude goes evenly."""
    for _ in range(HALVINGS):
        wide = np.flatnonzero(np.abs(_step(line[:, 0])) > STEP_deg)
        if not wide.size:
            break
        middle = 0.5 * (line[wide] + line[wide + 1])
        middle[:, 0], middle[:, 1] = _halfway(line[wide], line[wide + 1])
        line = np.insert(line, wide + 1, middle, axis=0)
    return line


def unrolled(line: Array) -> Array:
    """The line with longitudes that run on beyond 180."""
    flat = line.copy()
    flat[1:, 0] = line[0, 0] + np.cumsum(_step(line[:, 0]))
    return flat


def _step(longitude: Array) -> Array:
    """Steps of longitude, the short way round."""
    return (np.diff(longitude) + 180.0) % 360.0 - 180.0


def _halfway(one: Array, other: Array) -> tuple[Array, Array]:
    middle = _direction(one) + _direction(other)
    return np.degrees(np.arctan2(middle[1], middle[0])), np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1])))


def _direction(rows: Array) -> Array:
    longitude, latitude = np.radians(rows[:, 0]), np.radians(rows[:, 1])
    return np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])


def _turns(flat: Array) -> range:
    """Which turns of the globe the longitudes touch."""
    return range(int(np.floor((flat[:, 0].min() + 180.0) / 360.0)), int(np.ceil((flat[:, 0].max() - 180.0) / 360.0)) + 1)


def _crossing(a: Array, b: Array, meridian: float) -> Array:
    """Where the segment between two rows meets a meridian."""
    share = min(max((meridian - a[0]) / (b[0] - a[0]), 0.0), 1.0)  # rounding can leave it where a row stands on the meridian
    point = a + share * (b - a)
    point[0] = meridian
    return point


def _clipped(flat: Array, turn: float) -> Array:
    """A ring within one turn of the globe: Sutherland and Hodgman (1974) at its two meridians."""
    for edge, side in ((turn - 180.0, 1.0), (turn + 180.0, -1.0)):
        kept: list[Array] = []
        for a, b in zip(np.roll(flat, 1, axis=0), flat):
            inside_a, inside_b = side * (a[0] - edge) >= 0.0, side * (b[0] - edge) >= 0.0
            if inside_a != inside_b:
                kept.append(_crossing(a, b, edge))
            if inside_b:
                kept.append(b)
        if not kept:
            return np.empty((0, 2))
        flat = np.array(kept)
    return flat - [turn, 0.0]


def _area(ring: Array) -> float:
    """Twice the signed area on the flat map; positive for anticlockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1))
