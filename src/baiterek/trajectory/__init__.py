"""The best way up: `optimise(mission) -> Optimum`."""

import casadi as _casadi

from baiterek.trajectory.neighbours import Neighbour, Neighbours, Refusal
from baiterek.trajectory.optimise import optimise
from baiterek.trajectory.optimum import LimitVerdict, Optimum
from baiterek.trajectory.replanning import Replanning

# Formulas keep CasADi's own result types, and its notice about NumPy functions stays silent.
_casadi.GlobalOptions.setNumpyMode(-1)

__all__ = ["LimitVerdict", "Neighbour", "Neighbours", "Optimum", "Refusal", "Replanning", "optimise"]
