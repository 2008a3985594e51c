"""What goes at the end of a phase, and what it leaves of the mass."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.flight.compile import inner
from baiterek.flight.integrator import STATES

EVENT = STATES + 1
"""An event is a state and its time."""


@inner
def separate(phase: int, t_s: float, y: Any, drop_phase: Any, drop_mass_kg: Any, mass_start_kg: Any, separations: Any) -> None:
    """Writes what is dropped at the end of `phase`, as events with its mass (all pieces), and takes that off the mass `y[6]`.

    A mass that is NaN is what is left over for the mass with which the next phase starts.
    """
    known = 0.0
    for d in range(drop_phase.shape[0]):
        if drop_phase[d] == phase and not np.isnan(drop_mass_kg[d]):
            known += drop_mass_kg[d]
    for d in range(drop_phase.shape[0]):
        if drop_phase[d] == phase:
            mass = drop_mass_kg[d]
            if np.isnan(mass):
                mass = y[6] - known - mass_start_kg[phase + 1]
            for i in range(6):
                separations[d, i] = y[i]
            separations[d, 6] = mass
            separations[d, STATES] = t_s
    y[6] -= known
