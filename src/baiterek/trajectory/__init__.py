"""The best way up: `optimise(mission) -> Optimum`."""

import casadi as _casadi

# Formulas keep CasADi's own result types, and its notice about NumPy functions stays silent.
_casadi.GlobalOptions.setNumpyMode(-1)
