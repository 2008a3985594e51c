"""The target orbit as a state: smooth in every element, circular, equatorial and open orbits included.

The six elements at insertion are variables of the problem (fixed, bounded or free), and the final state equals the
state that they describe. Nothing is inverted, so there is no arc cosine, no quadrant and no singular eccentricity.
Of an escape the second element is the energy C3 in place of the apogee.
"""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission, Orbit
from baiterek.physics.escape import asymptote, asymptote_anomaly, state_on_escape
from baiterek.physics.orbit import osculating_from_mean, state_from_elements

FREE_BOUNDS = np.array(
    # perigee, apogee as multiples of the equatorial radius; angles in rad
    [[0.5, 1000.0], [0.5, 1000.0], [0.0, np.pi], [-10.0, 10.0], [-10.0, 10.0], [-10.0, 10.0]]
)


def elements_of(orbit: Orbit) -> tuple:
    """The six `Element` of an orbit in the order of the variables."""
    return (
        orbit.perigee_radius_m,
        orbit.apogee_radius_m if orbit.escape is None else orbit.escape.c3_m2_s2,
        orbit.inclination_rad,
        orbit.raan_rad,
        orbit.argument_of_perigee_rad,
        orbit.true_anomaly_rad,
    )


BEFORE_ASYMPTOTE, HIGHEST_PERIGEE = 0.95, 1.5
"""Share of the way to the anomaly of the asymptote that a spacecraft may have gone when the last burn ends, with a
perigee up to so many radii of the Earth."""


def circular(orbit: Orbit) -> bool:
    """Both radii fixed and equal: the argument of perigee then has no meaning."""
    perigee, apogee = orbit.perigee_radius_m, orbit.apogee_radius_m
    return perigee.fixed and apogee.fixed and perigee.low == apogee.low


def bounds(mission: Mission) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the element variables; what has no meaning (perigee of a circle, node of an equator) is held at 0."""
    orbit = mission.target
    assert orbit is not None
    limits = FREE_BOUNDS.copy()
    limits[:2] *= mission.environment.radius_m
    for row, element in zip(limits, elements_of(orbit), strict=True):
        if element.low is not None:
            row[0] = element.low
        if element.high is not None:
            row[1] = element.high
    if orbit.escape is not None and orbit.true_anomaly_rad.free:
        highest = min(limits[0, 1], HIGHEST_PERIGEE * mission.environment.radius_m)
        most = BEFORE_ASYMPTOTE * asymptote_anomaly(highest, limits[1, 1], mission.environment.mu_m3_s2)
        limits[5] = [-most, most]
    if circular(orbit) and orbit.argument_of_perigee_rad.free:
        limits[4] = 0.0
    inclination = orbit.inclination_rad
    if inclination.fixed and abs(np.sin(inclination.low)) < 1e-9 and orbit.raan_rad.free:
        limits[3] = 0.0
    return limits[:, 0], limits[:, 1]


def frame_matrix(mission: Mission) -> np.ndarray:
    """Rotation from the target's frame into the inertial axes of launch, 3 x 3."""
    assert mission.target is not None
    if mission.target.frame == "GCRF":
        from baiterek.physics.frames import gcrf_from_launch

        if mission.lift_off is None:
            raise ValueError("a target in GCRF needs the instant of lift-off")
        return np.asarray(gcrf_from_launch(mission.lift_off)).T
    return np.eye(3)


def state(mission: Mission, elements: ca.MX) -> ca.MX:
    """Inertial position (m) and velocity (m/s) of the elements, 6 rows."""
    symbols = ca.SX.sym("elements", 6)
    environment = mission.environment
    parts = ca.vertsplit(symbols)
    if mission.target is not None and mission.target.kind == "mean":
        xyz = osculating_from_mean(*parts, environment.mu_m3_s2, environment.j2, environment.radius_m)
    elif mission.target is not None and mission.target.escape is not None:
        xyz = state_on_escape(*parts, environment.mu_m3_s2)
    else:
        xyz = state_from_elements(*parts, environment.mu_m3_s2)
    turn = ca.DM(frame_matrix(mission))
    column = ca.vertcat(ca.mtimes(turn, ca.vertcat(*xyz[:3])), ca.mtimes(turn, ca.vertcat(*xyz[3:6])))
    return ca.Function("state_from_elements", [symbols], [column])(elements)


def asymptote_angles(mission: Mission, elements: Any) -> Any:
    """Declination of the asymptote of an escape, and its right ascension less the middle of the asked ones (2 rows, rad)."""
    assert mission.target is not None and mission.target.escape is not None
    symbols, mu = ca.SX.sym("elements", 6), mission.environment.mu_m3_s2
    _, x, y, z = asymptote(*state_on_escape(*ca.vertsplit(symbols), mu), mu)
    wanted = mission.target.escape.right_ascension_rad
    middle = 0.0 if wanted.low is None else 0.5 * float(wanted.low + wanted.high)
    across, ahead = y * np.cos(middle) - x * np.sin(middle), x * np.cos(middle) + y * np.sin(middle)
    angles = ca.vertcat(ca.arctan2(z, ca.sqrt(x * x + y * y)), ca.arctan2(across, ahead))
    return ca.Function("asymptote", [symbols], [angles])(elements)


def asymptote_direction(mission: Mission) -> np.ndarray | None:
    """Unit vector of the asymptote, inertial axes, where the target fixes it; else None."""
    escape = None if mission.target is None else mission.target.escape
    if escape is None or escape.declination_rad.low is None or escape.right_ascension_rad.low is None:
        return None
    declination, ascension = (0.5 * float(e.low + e.high) for e in (escape.declination_rad, escape.right_ascension_rad))
    level = np.cos(declination)
    away = np.array([level * np.cos(ascension), level * np.sin(ascension), np.sin(declination)])
    return np.asarray(frame_matrix(mission) @ away)
