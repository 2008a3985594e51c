"""What may go wrong with the engines of a stage, and what is left of its thrust when it has."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.physics.propulsion import Propulsion

FAILURE = ("failure.kind", "failure.stage", "failure.t_s", "failure.part")
"""Of a flight: one of `KINDS` (0: none), number of the stage among those that burn, time since lift-off, part of the
thrust that is lost."""
KINDS = {"shutdown": 1, "thrust-loss": 2, "stuck-throttle": 3}
NO_FAILURE, SHUTDOWN, THRUST_LOSS, STUCK_THROTTLE = 0, 1, 2, 3
GOES_ON, ENDS, IS_LAST = 1, 0, 2
"""After a stage is shut down early: what is above it flies on; the mission ends; there was nothing to come after it."""


class Hurt(NamedTuple):
    """The failure of a flight as a phase meets it."""

    kind: int
    t_s: float
    part: float


@part
def hurt_in(i: int, stage: int, ramp: int, failures: Any) -> Hurt:
    """What happens to row `i` in a phase that burns `stage`; an engine that starts or stops does not hang on its throttle."""
    kind = int(failures[i, 0])
    mine = kind != NO_FAILURE and stage >= 0 and int(failures[i, 1]) == stage and not (kind == STUCK_THROTTLE and ramp == 1)
    return Hurt(kind if mine else NO_FAILURE, failures[i, 2], failures[i, 3])


@inner
def propulsion_left(whole: Propulsion, hurt: Hurt) -> Propulsion:
    """Thrust, exit area and mass flow of what still works: the specific impulse stays."""
    keep = 1.0 - hurt.part if hurt.kind == THRUST_LOSS else 1.0
    return Propulsion(
        keep * whole.thrust_vac_N,
        keep * whole.exit_area_m2,
        keep * whole.mass_flow_kg_s,
        whole.fixed_thrust_vac_N,
        whole.fixed_exit_area_m2,
        whole.fixed_mass_flow_kg_s,
    )


@inner
def throttle_of(commands: Any, start_s: float, duration_s: float, t_s: float) -> float:
    """The throttle that Legendre coefficients command at an instant."""
    z = 2.0 * (t_s - start_s) / duration_s - 1.0
    before, now, throttle = 0.0, 1.0, 0.0
    for j in range(commands.shape[0]):
        throttle += commands[j, 3] * now
        before, now = now, ((2 * j + 1) * z * now - j * before) / (j + 1)
    return throttle


@inner
def stick(commands: Any, throttle: float, out: Any) -> None:
    """The same directions at one throttle, into `out` (at least as many rows)."""
    for j in range(out.shape[0]):
        for n in range(3):
            out[j, n] = commands[j, n] if j < commands.shape[0] else 0.0
        out[j, 3] = throttle if j == 0 else 0.0


def no_failures(flights: int) -> Any:
    """Rows of flights without any."""
    return np.zeros((flights, len(FAILURE)))
