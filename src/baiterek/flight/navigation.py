"""What the vehicle believes: the errors of its inertial unit, carried between the true and the navigated state.

The unit is strapped down. To first order (e.g. Britting, Inertial Navigation Systems Analysis, 1971, ch. 8; Titterton &
Weston, Strapdown Inertial Navigation Technology, 2004, ch. 12) the errors of position r', velocity v' and attitude phi obey

    phi' = C drift,   v'' = phi x f + C (bias + scale C^T f) + G r',   r'' = v',   phi(0) = misalignment

with the specific force f, the turn C from the body's axes to the inertial ones, and the gradient G of a point mass; white
noise of the accelerometers makes v' walk at random. The vehicle holds the attitude that it believes, so that in truth it
points by -phi beside what is commanded. Not modelled: scale and misalignment of the gyros, errors that depend on
vibration, and rolling (the body's y axis stays near the normal of the plane of flight).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.flight.guidance import Navigated, coast
from baiterek.flight.sampled import Globe
from baiterek.flight.vectors import cross, dot, length, plus, store, times, triple, unit

AXES = "xyz"
NAVIGATION = (
    *(f"navigation.accelerometer_bias_{axis}_m_s2" for axis in AXES),
    *(f"navigation.accelerometer_scale_{axis}" for axis in AXES),
    *(f"navigation.misalignment_{axis}_rad" for axis in AXES),
    *(f"navigation.gyro_drift_{axis}_rad_s" for axis in AXES),
    "navigation.velocity_random_walk_m_s_per_root_s",
    "navigation.satellite_period_s",
    "navigation.satellite_position_m",
    "navigation.satellite_velocity_m_s",
    "navigation.noise_key",
)
"""Errors of a flight's inertial unit: misalignment along the axes of launch, the rest along the body's (x ahead). A
satellite receiver that gives a fix every period (0: there is none) has the standard deviations of each component of it.
The key is a whole number that chooses all noise."""
BIAS, SCALE, TILT, DRIFT, WALK, PERIOD, FIX_M, FIX_M_S, KEY = 0, 3, 6, 9, 12, 13, 14, 15, 16
WRONG_R, WRONG_V, WRONG_PHI = 0, 3, 6
FIXES = 1 << 40
"""Counters of the noise of fixes start here, far from those of cycles."""


class Unit(NamedTuple):
    """The inertial unit of one flight, as the world knows it. Guidance never gets this record."""

    off: Any
    """Error of the navigated position, velocity and attitude, shape (9,)."""
    force: Any
    """Specific force at the end of the cycle before, shape (3,)."""
    count: Any
    """Cycles so far, and fixes."""
    flown: Any
    """Command of the coming cycle as the vehicle flies it: Legendre coefficients, shape (2, 4)."""


def new_unit() -> Unit:
    """A `Unit`, allocated once a thread."""
    return Unit(np.zeros(9), np.zeros(3), np.zeros(2, np.int64), np.zeros((2, 4)))


@inner
def align(of: Unit, errors: Any) -> None:
    """The unit before lift-off: it knows where it is, not quite how it stands."""
    for n in range(6):
        of.off[n] = 0.0
    store(of.off, WRONG_PHI, triple(errors, TILT))
    store(of.force, 0, (0.0, 0.0, 0.0))
    of.count[0] = of.count[1] = 0


@part
def faults(force: Any, axis: Any, normal: Any, errors: Any) -> Any:
    """C (bias + scale C^T f): what accelerometers along the body's axes add to a specific force."""
    side = unit(plus(normal, -dot(normal, axis), axis))
    third = cross(axis, side)
    along = errors[BIAS] + errors[SCALE] * dot(axis, force)
    aside = errors[BIAS + 1] + errors[SCALE + 1] * dot(side, force)
    below = errors[BIAS + 2] + errors[SCALE + 2] * dot(third, force)
    return plus(plus(times(along, axis), aside, side), below, third)


@part
def turned(vector: Any, axis: Any, normal: Any) -> Any:
    """C times a vector of the body."""
    side = unit(plus(normal, -dot(normal, axis), axis))
    return plus(plus(times(vector[0], axis), vector[1], side), vector[2], cross(axis, side))


@part
def sensed(force: Any, axis: Any, normal: Any, phi: Any, errors: Any) -> Any:
    """What the unit says of a specific force (noise apart) while the body points along `axis`."""
    return plus(plus(force, 1.0, cross(phi, force)), 1.0, faults(force, axis, normal, errors))


@part
def carry(of: Unit, force: Any, r: Any, axis: Any, normal: Any, dt_s: float, errors: Any, globe: Globe) -> None:
    """The errors over a cycle of `dt_s` that ends at the position r, with its mean specific force and attitude."""
    off = of.off
    spin = turned(triple(errors, DRIFT), axis, normal)
    phi = plus(triple(off, WRONG_PHI), 0.5 * dt_s, spin)
    wrong = plus(sensed(force, axis, normal, phi, errors), -1.0, force)
    dr, dv = triple(off, WRONG_R), triple(off, WRONG_V)
    distance = length(r)
    pull = globe.mu_m3_s2 / (distance * distance * distance)
    gradient = plus(times(-pull, dr), 3.0 * pull * dot(r, dr) / (distance * distance), r)
    jump = plus(times(dt_s, wrong), dt_s, gradient)
    if errors[WALK] > 0.0:
        jump = plus(jump, errors[WALK] * np.sqrt(dt_s), three_normals(errors[KEY], of.count[0]))
    store(off, WRONG_R, plus(plus(dr, dt_s, dv), 0.5 * dt_s, jump))
    store(off, WRONG_V, plus(dv, 1.0, jump))
    store(off, WRONG_PHI, plus(triple(off, WRONG_PHI), dt_s, spin))
    of.count[0] += 1


@inner
def carry_through_coast(of: Unit, r: Any, v: Any, axis: Any, normal: Any, dt_s: float, errors: Any, globe: Globe) -> None:
    """The errors over free fall from r, v: both states fall in the same field. The accelerometers are not listened to."""
    off = of.off
    true_r, true_v = coast(r, v, dt_s, globe)
    said_r, said_v = coast(plus(r, 1.0, triple(off, WRONG_R)), plus(v, 1.0, triple(off, WRONG_V)), dt_s, globe)
    store(off, WRONG_R, plus(said_r, -1.0, true_r))
    store(off, WRONG_V, plus(said_v, -1.0, true_v))
    store(off, WRONG_PHI, plus(triple(off, WRONG_PHI), dt_s, turned(triple(errors, DRIFT), axis, normal)))
    store(of.force, 0, (0.0, 0.0, 0.0))
    of.count[0] += 1


@part
def fix(of: Unit, t_s: float, errors: Any) -> None:
    """Position and velocity become those of the satellite receiver when its next fix is due; attitude stays as it is."""
    if errors[PERIOD] > 0.0 and t_s >= (of.count[1] + 1) * errors[PERIOD]:
        of.count[1] = int(t_s / errors[PERIOD])
        store(of.off, WRONG_R, times(errors[FIX_M], three_normals(errors[KEY], FIXES + 2 * of.count[1])))
        store(of.off, WRONG_V, times(errors[FIX_M_S], three_normals(errors[KEY], FIXES + 2 * of.count[1] + 1)))


@part
def navigated(y: Any, of: Unit, axis: Any, normal: Any, t_s: float, gauge_kg: float, errors: Any) -> Navigated:
    """The only door between truth and guidance."""
    off = of.off
    return Navigated(t_s, plus(triple(y, 0), 1.0, triple(off, WRONG_R)), plus(triple(y, 3), 1.0, triple(off, WRONG_V)),
                     sensed(triple(of.force, 0), axis, normal, triple(off, WRONG_PHI), errors), gauge_kg)  # fmt: skip


@part
def point(of: Unit, order: Any) -> None:
    """The command as it is flown: the vehicle turns until its own unit says that it stands as commanded."""
    phi = triple(of.off, WRONG_PHI)
    for k in range(2):
        axis = triple(order[k], 0)
        store(of.flown[k], 0, plus(axis, -1.0, cross(phi, axis)))
        of.flown[k, 3] = order[k, 3]


@inner
def three_normals(key: float, cycle: int) -> Any:
    """Normal numbers by key and counter, nothing kept: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) and Box-Muller."""
    u1, u2 = uniform(key, 4 * cycle), uniform(key, 4 * cycle + 1)
    u3, u4 = uniform(key, 4 * cycle + 2), uniform(key, 4 * cycle + 3)
    a, b = np.sqrt(-2.0 * np.log(u1)), np.sqrt(-2.0 * np.log(u3))
    return a * np.cos(2.0 * np.pi * u2), a * np.sin(2.0 * np.pi * u2), b * np.cos(2.0 * np.pi * u4)


@inner
def uniform(key: float, counter: int) -> float:
    """A number in 0..1, both ends left out, by key and counter."""
    z = np.uint64(np.int64(key)) * np.uint64(0xD1342543DE82EF95) + np.uint64(counter) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53
