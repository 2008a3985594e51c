"""Closed rings of positions, as GeoJSON has them: the last is the first again."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi

from baiterek.catalogue.fields import Place

Ring = tuple[tuple[float, float], ...]
"""Latitude and longitude in rad; closed."""
MOST = 500
"""Vertices of a zone."""


def closed_ring(vertices: Ring, place: Place, key: str) -> Ring:
    """The ring as it is, when it is one: closed, three corners or more, without crossing itself or the antimeridian."""
    if len(vertices) < 2 or vertices[0] != vertices[-1]:
        raise place.bad(key, f"an open polygon of {len(vertices)} vertices", "a closed one: the last vertex is the first again")
    if len(vertices) < 4:
        raise place.bad(key, f"{len(vertices)} vertices", "three corners or more, and the first again")
    if any(abs(latitude) > pi / 2 or abs(longitude) > pi for latitude, longitude in vertices):
        raise place.bad(key, "a vertex that is no place", "latitudes from -90 to 90 and longitudes from -180 to 180 deg")
    if any(abs(a[1] - b[1]) > pi for a, b in pairwise(vertices)):
        raise place.bad(key, "a polygon that crosses the antimeridian", "two polygons, one on either side of 180 deg")
    meeting = crossing(vertices)
    if meeting is not None:
        found = f"a polygon whose sides {meeting[0] + 1} and {meeting[1] + 1} meet"
        raise place.bad(key, found, "a polygon that does not cross or touch itself")
    return vertices


def simple_ring(vertices: Ring, place: Place, key: str) -> Ring:
    """The same for a zone, whose longitudes run on where it lies over the antimeridian (179, 181)."""
    if len(vertices) < 2 or vertices[0] != vertices[-1]:
        raise place.bad(key, f"an open polygon of {len(vertices)} vertices", "a closed one: the last vertex is the first again")
    if not 4 <= len(vertices) <= MOST + 1:
        raise place.bad(key, f"{len(vertices) - 1} vertices", f"3 to {MOST}, and the first again")
    if any(abs(latitude) > pi / 2 or not -pi <= longitude <= 2 * pi for latitude, longitude in vertices):
        raise place.bad(key, "a vertex that is no place", "latitudes from -90 to 90 and longitudes from -180 to 360 deg")
    if max(longitude for _, longitude in vertices) - min(longitude for _, longitude in vertices) > pi:
        raise place.bad(key, "a polygon that crosses the antimeridian", "longitudes that run on, such as 179, 181")
    meeting = crossing(vertices)
    if meeting is not None:
        found = f"a polygon whose sides {meeting[0] + 1} and {meeting[1] + 1} meet"
        raise place.bad(key, found, "a polygon that does not cross or touch itself")
    return vertices


def convex(vertices: Ring) -> bool:
    """Whether a ring, not closed, that does not cross itself turns one way only, in its plane of latitude and longitude."""
    scale = cos(sum(latitude for latitude, _ in vertices) / len(vertices))
    flat = [(longitude * scale, latitude) for latitude, longitude in vertices]
    turns = [_turn(flat[k - 2], flat[k - 1], flat[k]) for k in range(len(flat))]
    return all(turn > 0.0 for turn in turns) or all(turn < 0.0 for turn in turns)


def crossing(ring: Ring) -> tuple[int, int] | None:
    """Two sides of a closed ring, not neighbours, that have a point in common."""
    sides = list(pairwise(ring))
    for i, (a, b) in enumerate(sides):
        after = ring[i + 2] if i + 2 < len(ring) else ring[1]
        back = (b[0] - a[0]) * (after[0] - b[0]) + (b[1] - a[1]) * (after[1] - b[1]) < 0.0
        if a == b or (back and _turn(a, b, after) == 0.0):
            return i, (i + 1) % len(sides)
        for j in range(i + 1, len(sides)):
            c, d = sides[j]
            neighbours = j == i + 1 or (i == 0 and j == len(sides) - 1)
            if not neighbours and _apart(a, b, c, d) and _apart(c, d, a, b) and _overlap(a, b, c, d):
                return i, j
    return None


def _apart(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    """Whether the line through a and b has c on one side and d on the other, or one of them on it."""
    return _turn(a, b, c) * _turn(a, b, d) <= 0.0


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _overlap(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    """Whether the boxes of two sides meet: sides on one line otherwise pass for crossing."""
    return all(max(min(a[k], b[k]), min(c[k], d[k])) <= min(max(a[k], b[k]), max(c[k], d[k])) for k in (0, 1))
