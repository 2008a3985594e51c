"""From orbit to orbit in impulses: the burns between the releases of one flight, for the first guess.

Each leg has one burn at an apsis that its two orbits share, or two at the ends of a half ellipse, of the four such the
cheapest; the plane turns in the burn further out. Both stand on the line in which the planes meet where that is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from baiterek.catalogue.burns import Leg, legs
from baiterek.catalogue.mission import Mission
from baiterek.physics.transfer import apsis_speed, impulse
from baiterek.trajectory import terminal
from baiterek.trajectory.numbers import pad_axes
from baiterek.trajectory.outline import ASCENT_RAD, SAME_RADIUS_M, Outline, Plane, Step, target_apogee
from baiterek.trajectory.plane import plane_normal

TURN_RAD = 1e-3
"""Turn of the plane from which burns stand where the planes meet."""
MARGIN_RAD = 0.15
"""Added to the angle of the shortest coast, of a guess."""


@dataclass(frozen=True)
class Place:
    """Where a leg begins: at an apsis of its orbit, just burned at."""

    normal: np.ndarray
    angle_rad: float
    """As of a `Step`."""
    here_m: float
    """Radius of this apsis."""
    there_m: float
    """Of the other one."""


def transfers(mission: Mission, found: Outline) -> tuple[Step, ...]:
    """Burns of all legs after the first, whose own burns `found` has."""
    first, *others = legs(mission)
    steps: list[Step] = []
    place = _arrived(mission, first, found)
    for leg in others:
        new, place = _leg(mission, leg, place)
        steps += new
    return tuple(steps)


def _arrived(mission: Mission, leg: Leg, found: Outline) -> Place:
    """At the end of the first leg."""
    pad = pad_axes(mission)[2]
    low, high = terminal.bounds(leg.mission)
    plane = Plane(found.normal, pad)
    perigee, apogee = _shape(leg, found.perigee_radius_m)
    inclination = float(np.clip(plane.inclination_rad, low[2], high[2]))
    normal = _normal(plane.node, inclination)
    if not found.steps:
        return Place(normal, plane.pad_rad + ASCENT_RAD, perigee, apogee)
    last = found.steps[-1]
    here, there = (perigee, apogee) if last.kind == "raise" else (apogee, perigee)
    return Place(normal, last.angle_rad, here, there)


def _shape(leg: Leg, near_m: float) -> tuple[float, float]:
    """Perigee and apogee radius of the orbit of a leg, the perigee as near to a radius as it may be."""
    low, high = terminal.bounds(leg.mission)
    perigee = float(np.clip(near_m, low[0], high[0]))
    return perigee, target_apogee(leg.mission, perigee)


def _normal(node: np.ndarray, inclination_rad: float) -> np.ndarray:
    """Normal of the plane through an ascending node."""
    across = np.array([-node[1], node[0], 0.0])
    return np.cos(inclination_rad) * np.array([0.0, 0.0, 1.0]) - np.sin(inclination_rad) * across


def _leg(mission: Mission, leg: Leg, place: Place) -> tuple[list[Step], Place]:
    """Burns of one leg, and where it ends."""
    mu = float(mission.environment.mu_m3_s2)
    plane = Plane(place.normal, pad_axes(mission)[2])
    normal = _aim(mission, leg, plane)
    axis = np.cross(place.normal, normal)
    turn = float(np.arctan2(np.linalg.norm(axis), place.normal @ normal))
    radii = _shape(leg, min(place.here_m, place.there_m))
    ways: list[tuple[tuple[float, float], ...]]
    if leg.burns == 1:
        begin, end = min(product((place.here_m, place.there_m), radii), key=lambda pair: abs(pair[0] - pair[1]))
        ways = [((begin, _other(radii, end)),)]
    else:
        ways = [((begin, end), (end, _other(radii, end))) for begin in (place.here_m, place.there_m) for end in radii]
    turns = [[turn * (pair[0] == max(p[0] for p in way)) for pair in way] for way in ways]

    def cost(number: int) -> float:
        return sum(abs(_speeds(pair, before, part, mu)[2]) for pair, before, part in _burns(ways[number], place, turns[number]))

    best = min(range(len(ways)), key=cost)
    steps: list[Step] = []
    angle = _begin(mission, plane, place, axis if turn > TURN_RAD else None, ways[best][0][0])
    for pair, before, part in _burns(ways[best], place, turns[best]):
        steps.append(_step(plane, angle, pair, before, part * _side(plane, angle, axis), mu))
        angle += np.pi
    last = ways[best][-1]
    return steps, Place(normal, angle - np.pi, last[0], last[1])


def _aim(mission: Mission, leg: Leg, plane: Plane) -> np.ndarray:
    """Normal of the orbit of a leg: its own, or with a free node the nearest."""
    assert leg.mission.target is not None
    if leg.mission.target.raan_rad.fixed:
        return plane_normal(leg.mission, pad_axes(mission))
    low, high = terminal.bounds(leg.mission)
    return _normal(plane.node, float(np.clip(plane.inclination_rad, low[2], high[2])))


def _other(radii: tuple[float, float], one: float) -> float:
    return radii[1] if one == radii[0] else radii[0]


def _burns(way: tuple[tuple[float, float], ...], place: Place, turns: list[float]):
    """(radius, other apsis after), other apsis before, and turn of each burn of a way."""
    before = place.there_m if way[0][0] == place.here_m else place.here_m
    for pair, turn in zip(way, turns, strict=True):
        yield pair, before, turn
        before = pair[0]


def _speeds(pair: tuple[float, float], before_m: float, turn_rad: float, mu_m3_s2: float) -> tuple[float, float, float]:
    """Speeds before and after a burn, and its impulse."""
    before, after = (float(apsis_speed(pair[0], other, mu_m3_s2)) for other in (before_m, pair[1]))
    return before, after, float(impulse(before, after, turn_rad))


def _begin(mission: Mission, plane: Plane, place: Place, axis: np.ndarray | None, radius_m: float) -> float:
    """Angle of the first burn of a leg: where the planes meet, at an apsis, or soon."""
    assert mission.upper_stage is not None
    rate = np.sqrt(float(mission.environment.mu_m3_s2) / min(place.here_m, place.there_m) ** 3)
    soon = place.angle_rad + float(mission.upper_stage.coast_min_s) * rate + MARGIN_RAD
    if abs(place.here_m - place.there_m) > SAME_RADIUS_M:
        at = place.angle_rad + (0.0 if radius_m == place.here_m else np.pi)
        return float(soon + (at - soon) % (2.0 * np.pi))
    if axis is None:
        return float(soon)
    at = np.arctan2(axis @ plane.across, axis @ plane.node)
    return float(soon + (at - soon) % np.pi)


def _side(plane: Plane, angle_rad: float, axis: np.ndarray) -> float:
    """Sign of the turn about the radius at an angle."""
    return float(np.sign(plane.radial(angle_rad) @ axis))


def _step(plane: Plane, angle_rad: float, pair: tuple[float, float], before_m: float, turn_rad: float, mu: float) -> Step:
    before, after, speed = _speeds(pair, before_m, turn_rad, mu)
    along = plane.along(angle_rad)
    change = after * (np.cos(turn_rad) * along + np.sin(turn_rad) * plane.normal) - before * along
    size = np.linalg.norm(change)
    direction = change / size if size > 0.0 else along
    return Step("change", angle_rad, pair[1], speed, direction, turn_rad)
