"""The flight of an upper stage in impulses: which orbit its first burn aims at, and where the later burns stand.

Point mass, burns without duration. It gives the first guess its orbits, and each later burn the axes about which its
attitude is counted (an attitude has poles, which must lie far from the direction of the burn).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.burns import burns_of, legs, with_burns
from baiterek.catalogue.mission import Mission
from baiterek.physics.escape import asymptote_anomaly
from baiterek.physics.propulsion import propellant_for
from baiterek.physics.transfer import apsis_speed, impulse
from baiterek.trajectory import terminal
from baiterek.trajectory.dynamics import Attitude
from baiterek.trajectory.numbers import pad_axes
from baiterek.trajectory.plane import plane_normal

ABOVE_FLOOR_M = 15e3
"""How far above the lowest coast the parking orbit of a guess lies."""
ASCENT_RAD = 0.36
"""Angle round the Earth from the pad to the end of the first burn, of a guess."""
WAIT_RAD = 0.25
"""Least angle of a coast in a low orbit, of a guess."""
LOW_RATE_RAD_S = 1.18e-3
"""At which a low orbit is gone round."""
SAME_RADIUS_M, PLACED_M = 150e3, 600e3
"""Up to how far above the parking orbit a perigee is where the first burn ends: any, and one of a given argument."""
TURN_RAD = 0.02
"""Change of inclination from which a burn must stand at the node."""


@dataclass(frozen=True)
class Step:
    """A burn after the first."""

    kind: str
    """`raise`: along the velocity, until the apogee is that of the step; `arrive`: into the target; `trim`: towards a
    circle on the equator, as far as its speed goes; `change`: at an apsis, of the other one."""
    angle_rad: float
    """Along the orbit from the ascending node, counted on without jumps."""
    apogee_radius_m: float
    """After the burn; negative for a hyperbola."""
    speed_m_s: float
    """Impulse."""
    direction: np.ndarray
    """Unit vector of the impulse, inertial axes."""
    turn_rad: float = 0.0
    """Of a `change`: by how much it turns the plane about the radius."""


@dataclass(frozen=True)
class Outline:
    """Where the first burn goes, and what comes after it."""

    normal: np.ndarray
    """Unit normal of the plane of the ascent."""
    perigee_radius_m: float
    apogee_radius_m: float
    """Of the orbit at which the first burn aims."""
    steps: tuple[Step, ...]

    @property
    def speed_m_s(self) -> float:
        """Sum of the later impulses."""
        return sum(step.speed_m_s for step in self.steps)


class Plane:
    """Directions in the plane of the ascent, by the angle from its ascending node."""

    def __init__(self, normal: np.ndarray, pad: np.ndarray) -> None:
        node = np.array([-normal[1], normal[0], 0.0])
        size = np.linalg.norm(node)
        self.normal = normal
        self.node = node / size if size > 1e-9 else np.array([1.0, 0.0, 0.0])
        self.across = np.cross(normal, self.node)
        self.pad_rad = float(np.arctan2(pad @ self.across, pad @ self.node))
        self.inclination_rad = float(np.arctan2(size, normal[2]))

    def radial(self, angle_rad: float) -> np.ndarray:
        """Unit vector to the point of the orbit at an angle."""
        return np.cos(angle_rad) * self.node + np.sin(angle_rad) * self.across

    def along(self, angle_rad: float) -> np.ndarray:
        """Unit vector along the motion there."""
        return np.cross(self.normal, self.radial(angle_rad))


def outline(mission: Mission) -> Outline:
    """Orbits and impulses of a mission with an upper stage, to all orbits on which it lets payloads go."""
    first = legs(mission)[0].mission
    found = _to_one_orbit(first)
    if not mission.releases:
        return found
    from baiterek.trajectory.transfers import transfers  # which is made of steps

    return replace(found, steps=(*found.steps, *transfers(mission, found)))


def _to_one_orbit(mission: Mission) -> Outline:
    axes, mu = pad_axes(mission), float(mission.environment.mu_m3_s2)
    normal = plane_normal(mission, axes)
    plane = Plane(normal, axes[2])
    low, high = terminal.bounds(mission)
    parking = float(mission.environment.radius_m) + mission.burns.coast_altitude_min_m + ABOVE_FLOOR_M
    perigee = float(np.clip(parking, low[0], high[0]))
    apogee = target_apogee(mission, perigee)
    later = burns_of(mission) - 1
    if later == 0:
        return Outline(normal, perigee, apogee, ())
    trims = mission.target is not None and mission.target.speed_to_geo_m_s is not None and later > 1
    # One burn to a perigee whose place is asked for stands there, which a coast from the ascent's own apogee cannot choose.
    placed = mission.target is not None and mission.target.argument_of_perigee_rad.fixed and later == 1
    arrives = perigee > parking + (PLACED_M if placed else SAME_RADIUS_M) or trims
    if arrives and later == 1:
        angle = plane.pad_rad + ASCENT_RAD + np.pi
        return Outline(normal, parking, perigee, (_arrival(mission, plane, angle, parking, perigee, apogee),))
    raises, climbs = later - 1 if arrives else later, mission.burns.climbs
    top, beyond = _ends(parking, perigee, apogee, mu) if arrives and not trims else (apogee, perigee)
    start = parking if arrives and not trims else perigee
    before, after = np.sqrt(mu / start), np.sqrt(2.0 * mu / start - 2.0 * mu / (start + top))
    gain = float(after - before) / (raises + climbs)
    angle = plane.pad_rad + ASCENT_RAD + 2.0 * np.pi if climbs else _injection(mission, plane, arrives, gain, top > beyond)

    def apogee_after(burns: int) -> float:
        speed = before + gain * burns
        return float(2.0 / (2.0 / start - speed * speed / mu) - start)

    steps = [
        Step("raise", angle + 2.0 * np.pi * part, apogee_after(part + 1 + climbs), gain, plane.along(angle))
        for part in range(raises)
    ]
    if arrives:
        far = angle + 2.0 * np.pi * (raises - 1) + np.pi
        steps.append(_trim(mission, plane, far, start, top) if trims else _arrival(mission, plane, far, start, top, beyond))
    return Outline(normal, start, apogee_after(1) if climbs else start, tuple(steps))


def _ends(parking: float, perigee: float, apogee: float, mu: float) -> tuple[float, float]:
    """Apsis of the target at which the last burn is cheaper, coplanar and from a circle, and the other one."""

    def cost(top: float, beyond: float) -> float:
        last = apsis_speed(top, beyond, mu) - apsis_speed(top, parking, mu)
        return float(apsis_speed(parking, top, mu) + abs(last))

    return min((perigee, apogee), (apogee, perigee), key=lambda ends: cost(*ends))


def may_climb(mission: Mission) -> bool:
    """Whether the burns at perigee may stand where the ascent ends: no node, perigee or asymptote asks for another place."""
    found, axes = outline(with_burns(mission, max(burns_of(mission), 2))), pad_axes(mission)
    plane, target = Plane(found.normal, axes[2]), mission.target
    assert target is not None
    if found.steps[0].kind != "raise" or target.speed_to_geo_m_s is not None or target.argument_of_perigee_rad.fixed:
        return False
    soon = plane.pad_rad + ASCENT_RAD + _wait(mission, found.steps[0].speed_m_s)
    return abs(found.steps[0].angle_rad - soon) < 1e-9


def longest_raise_rad(mission: Mission) -> float:
    """Angle round the Earth that the longest of the burns at perigee takes."""
    raising = [step.speed_m_s for step in outline(mission).steps if step.kind == "raise"]
    return LOW_RATE_RAD_S * max((_burn_s(mission, speed) for speed in raising), default=0.0)


def target_apogee(mission: Mission, perigee_radius_m: float) -> float:
    """Apogee of the target with a perigee; of an escape, the negative one of its hyperbola."""
    low, high = terminal.bounds(mission)
    assert mission.target is not None
    if mission.target.escape is not None:
        return -2.0 * float(mission.environment.mu_m3_s2) / float(low[1]) - perigee_radius_m
    return float(np.clip(perigee_radius_m, max(low[1], perigee_radius_m), high[1]))


def _wait(mission: Mission, speed_m_s: float) -> float:
    """Angle from the end of the first burn to the middle of the next one: the shortest coast and half of that burn."""
    assert mission.upper_stage is not None
    return max(WAIT_RAD, LOW_RATE_RAD_S * (float(mission.upper_stage.coast_min_s) + 0.5 * _burn_s(mission, speed_m_s)))


def _burn_s(mission: Mission, speed_m_s: float) -> float:
    """Of the loaded stage, with the payload where it is known."""
    stage = mission.upper_stage
    assert stage is not None
    loaded_kg = float(stage.loaded_kg) + float(mission.payload_kg or 0.0)
    return float(propellant_for(loaded_kg, speed_m_s, float(stage.isp_s)) / stage.mass_flow_kg_s)


def _injection(mission: Mission, plane: Plane, arrives: bool, raise_m_s: float, above: bool) -> float:
    """Where the transfer begins: at the target's perigee (its apogee, where it ends at the perigee and not `above`), at a
    node when the plane is turned later, else soon."""
    low, high = terminal.bounds(mission)
    soon = plane.pad_rad + ASCENT_RAD + _wait(mission, raise_m_s)
    assert mission.target is not None
    if mission.target.escape is not None:
        return _departure(mission, plane, soon)
    turn = np.clip(plane.inclination_rad, low[2], high[2]) - plane.inclination_rad
    trims = mission.target.speed_to_geo_m_s is not None
    if mission.target.argument_of_perigee_rad.fixed and (not arrives or trims or abs(turn) <= TURN_RAD):
        begin = low[4] if not arrives or trims or above else low[4] + np.pi
        return float(soon + (begin - soon) % (2.0 * np.pi))
    if arrives and (abs(turn) > TURN_RAD or trims):
        return float(soon + (-soon) % np.pi)
    return float(soon)


def _departure(mission: Mission, plane: Plane, soon: float) -> float:
    """Where an escape begins: before its asymptote by the anomaly that its hyperbola has there."""
    assert mission.target is not None and mission.target.escape is not None
    escape, (low, _) = mission.target.escape, terminal.bounds(mission)
    anomaly = float(asymptote_anomaly(max(low[0], mission.environment.radius_m), low[1], mission.environment.mu_m3_s2))
    away = terminal.asymptote_direction(mission)
    if away is not None:
        leaving = float(np.arctan2(away @ plane.across, away @ plane.node))
        return float(soon + (leaving - anomaly - soon) % (2.0 * np.pi))
    highest = np.sin(plane.inclination_rad)
    sine = highest * np.sin(soon + anomaly)
    if escape.declination_rad.low is None or np.sin(escape.declination_rad.low) <= sine <= np.sin(escape.declination_rad.high):
        return soon
    sine = np.clip(sine, np.sin(escape.declination_rad.low), np.sin(escape.declination_rad.high))
    rising = float(np.arcsin(np.clip(sine / highest, -1.0, 1.0)))
    return min(soon + (leaving - anomaly - soon) % (2.0 * np.pi) for leaving in (rising, np.pi - rising))


def _arrival(mission: Mission, plane: Plane, angle: float, perigee: float, radius: float, far: float) -> Step:
    """The burn at the apogee `radius` of an ellipse, into an orbit with an apsis there and one at `far`."""
    mu = float(mission.environment.mu_m3_s2)
    low, high = terminal.bounds(mission)
    turn = float(np.clip(plane.inclination_rad, low[2], high[2]) - plane.inclination_rad)
    before, after = apsis_speed(radius, perigee, mu), apsis_speed(radius, far, mu)
    # At the ascending node the plane turns about the radius by the change of inclination; at the other, the other way.
    turn *= np.sign(np.cos(angle)) if abs(turn) > TURN_RAD else 0.0
    change = after * (np.cos(turn) * plane.along(angle) + np.sin(turn) * plane.normal) - before * plane.along(angle)
    return Step("arrive", angle, far, float(impulse(before, after, turn)), change / np.linalg.norm(change))


def _trim(mission: Mission, plane: Plane, angle: float, perigee: float, radius: float) -> Step:
    """The part of the way to the geostationary circle that the target does not leave to the spacecraft."""
    assert mission.target is not None and mission.target.speed_to_geo_m_s is not None
    mu = float(mission.environment.mu_m3_s2)
    before, after = apsis_speed(radius, perigee, mu), apsis_speed(radius, radius, mu)
    turn = plane.inclination_rad * float(np.sign(np.cos(angle)))
    change = after * (np.cos(turn) * plane.along(angle) - np.sin(turn) * plane.normal) - before * plane.along(angle)
    whole = float(impulse(before, after, turn))
    own = max(whole - float(mission.target.speed_to_geo_m_s.high), 10.0)
    return Step("trim", angle, radius, own, change / np.linalg.norm(change))


def burn_attitude(plane: Plane, step: Step) -> Attitude:
    """Axes in which the direction of a step has a pitch of a right angle and no yaw: as far from the poles as can be."""
    radial = plane.radial(step.angle_rad)
    up = radial - (radial @ step.direction) * step.direction
    up = up / np.linalg.norm(up)
    return Attitude(up, step.direction, np.cross(up, step.direction))
