"""Where the body axis points and how far the throttle is open, at an instant of a leg."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.flight.compile import part
from baiterek.physics.ascent import Command

UP, FREE, FALL = 0, 1, 2
MODES = {"up": UP, "free": FREE, "hold": FREE}
"""A held attitude is a constant among the values of the steering."""


@part
def command(t_s: float, y: Any, flow: Any, leg: Any) -> Command:
    """The `Command` at `t_s`: along the geodetic vertical (of the `AirData` flow), or by the leg's polynomials:
    sums of Legendre polynomials over the leg, whose direction is normalised."""
    z = 2.0 * (t_s - leg.start_s) / leg.duration_s - 1.0
    before, now = 0.0, 1.0
    ux = uy = uz = throttle = 0.0
    for j in range(leg.commands.shape[0]):
        ux += leg.commands[j, 0] * now
        uy += leg.commands[j, 1] * now
        uz += leg.commands[j, 2] * now
        throttle += leg.commands[j, 3] * now
        before, now = now, ((2 * j + 1) * z * now - j * before) / (j + 1)
    if leg.mode == UP:
        axis_distance = np.sqrt(y[0] * y[0] + y[1] * y[1])
        ux = flow.cos_latitude * y[0] / axis_distance
        uy = flow.cos_latitude * y[1] / axis_distance
        uz = flow.sin_latitude
    length = np.sqrt(ux * ux + uy * uy + uz * uz)
    return Command(ux / length, uy / length, uz / length, throttle)


def legendre_coefficients(nodes: Any, values: Any) -> Any:
    """Coefficients, shape (n, k, m), of the polynomials through `values`, shape (n, k, m), at `nodes` in 0..1."""
    basis = np.polynomial.legendre.legvander(2.0 * np.asarray(nodes, dtype=float) - 1.0, len(nodes) - 1)
    return np.linalg.solve(basis[None, :, :], np.asarray(values, dtype=float))
