"""The best way up: `optimise(mission) -> Optimum`."""

import casadi as _casadi

# Formulas keep CasADi's own result types, and its notice about NumPy functions stays silent.
_casadi.GlobalOptions.setNumpyMode(-1)

from baiterek.trajectory.optimise import optimise
from baiterek.trajectory.optimum import LimitVerdict, Optimum

__all__ = ["LimitVerdict", "Optimum", "optimise"]
