"""What the vehicle believes: the errors of its inertial unit, carried between the true and the navigated state.

The unit is a stable platform, aligned before lift-off with the inertial axes of launch. To first order (e.g. Britting,
Inertial Navigation Systems Analysis, 1971, ch. 8) the error of position r' and velocity v' obey

    v'' = phi x f + bias + scale f + G r',   phi = misalignment + drift t,   r'' = v'

with the specific force f and the gradient G of a point mass; white noise of the accelerometers makes v' walk at random.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.flight.compile import inner
from baiterek.flight.guidance import Navigated
from baiterek.flight.sampled import Globe
from baiterek.flight.vectors import cross, dot, length, plus, store, times, triple

AXES = "xyz"
NAVIGATION = (
    *(f"navigation.accelerometer_bias_{axis}_m_s2" for axis in AXES),
    *(f"navigation.accelerometer_scale_{axis}" for axis in AXES),
    *(f"navigation.misalignment_{axis}_rad" for axis in AXES),
    *(f"navigation.gyro_drift_{axis}_rad_s" for axis in AXES),
    "navigation.velocity_random_walk_m_s_per_root_s",
    "navigation.noise_key",
)
"""Errors of a flight's inertial unit, along the axes of launch; the key is a whole number that chooses its noise."""
BIAS, SCALE, TILT, DRIFT, WALK, KEY = 0, 3, 6, 9, 12, 13


@inner
def sensed(force: Any, t_s: float, errors: Any) -> Any:
    """What the accelerometers read of a specific force (noise apart)."""
    tilt = plus(triple(errors, TILT), t_s, triple(errors, DRIFT))
    scale = triple(errors, SCALE)
    stretched = (force[0] * (1.0 + scale[0]), force[1] * (1.0 + scale[1]), force[2] * (1.0 + scale[2]))
    return plus(plus(stretched, 1.0, cross(tilt, force)), 1.0, triple(errors, BIAS))


@inner
def carry(off: Any, force: Any, r: Any, t_s: float, dt_s: float, errors: Any, cycle: int, globe: Globe) -> None:
    """The error state `off` (position, velocity) over `dt_s` with the mean specific force of that time, at its end at `t_s`."""
    wrong = plus(sensed(force, t_s - 0.5 * dt_s, errors), -1.0, force)
    dr, dv = triple(off, 0), triple(off, 3)
    distance = length(r)
    pull = globe.mu_m3_s2 / (distance * distance * distance)
    gradient = plus(times(-pull, dr), 3.0 * pull * dot(r, dr) / (distance * distance), r)
    jump = plus(times(dt_s, wrong), dt_s, gradient)
    if errors[WALK] > 0.0:
        jump = plus(jump, errors[WALK] * np.sqrt(dt_s), three_normals(errors[KEY], cycle))
    store(off, 0, plus(plus(dr, dt_s, dv), 0.5 * dt_s, jump))
    store(off, 3, plus(dv, 1.0, jump))


@inner
def navigated(y: Any, off: Any, force: Any, t_s: float, errors: Any) -> Navigated:
    """The only door between truth and guidance."""
    return Navigated(t_s, plus(triple(y, 0), 1.0, triple(off, 0)), plus(triple(y, 3), 1.0, triple(off, 3)),
                     sensed(force, t_s, errors))  # fmt: skip


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
