"""The target orbit as a state: smooth in every element, circular and equatorial included.

The six elements at insertion are variables of the problem (fixed, bounded or free), and the final state equals the
state that they describe. Nothing is inverted, so there is no arc cosine, no quadrant and no singular eccentricity.
"""

from __future__ import annotations

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission, Orbit
from baiterek.physics.orbit import osculating_from_mean, state_from_elements

FREE_BOUNDS = np.array(
    # perigee, apogee as multiples of the equatorial radius; angles in rad
    [[0.5, 1000.0], [0.5, 1000.0], [0.0, np.pi], [-10.0, 10.0], [-10.0, 10.0], [-10.0, 10.0]]
)


def elements_of(orbit: Orbit) -> tuple:
    """The six `Element` of an orbit in the order of the variables."""
    return (
        orbit.perigee_radius_m,
        orbit.apogee_radius_m,
        orbit.inclination_rad,
        orbit.raan_rad,
        orbit.argument_of_perigee_rad,
        orbit.true_anomaly_rad,
    )


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
    else:
        xyz = state_from_elements(*parts, environment.mu_m3_s2)
    turn = ca.DM(frame_matrix(mission))
    column = ca.vertcat(ca.mtimes(turn, ca.vertcat(*xyz[:3])), ca.mtimes(turn, ca.vertcat(*xyz[3:6])))
    return ca.Function("state_from_elements", [symbols], [column])(elements)
