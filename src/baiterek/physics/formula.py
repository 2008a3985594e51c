"""One formula, one place, three machines.

`@formula` only records a function: it stays ordinary Python for numbers and NumPy arrays, builds an expression
graph when CasADi symbols are passed in, and `flight` hands the recorded functions to numba, so that they compile
on sight inside its loops. The rules that a formula keeps, and that `tests/verification/test_three_machines.py` holds:

1. Only arithmetic and `np.sqrt exp log sin cos tan arctan2 hypot fmin fmax tanh`; never `math.*`, which turns a
   CasADi symbol into NaN without a word.
2. No `if` on a value. A branch is allowed on a *switch*: a plain integer that chooses a model and is never a symbol.
3. Piecewise laws are written by clamping, so that every branch is finite everywhere.
4. No arrays made, no objects but NamedTuples; loops only over constants and over the knots of a table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

FORMULAS: list[Callable[..., Any]] = []
"""Every recorded formula, in the order of definition (a formula stands below those it calls)."""


def formula(function: Function) -> Function:
    """Record `function` as a formula and return it unchanged."""
    FORMULAS.append(function)
    return function
