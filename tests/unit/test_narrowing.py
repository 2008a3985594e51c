"""Limits are narrowed from optimum to optimum, by smaller steps where one fails."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from baiterek.trajectory.search import LEAST_NARROWING, NARROWING, narrowed


@dataclass
class Reluctant:
    """A programme that is solved down to a share of what was given at first, and from no farther than a step away."""

    given: np.ndarray
    least: float
    longest: float

    def solve(self, p, solution, payload, warm):
        share = float(self.given.max())
        near = solution.share - share <= self.longest + 1e-9
        return SimpleNamespace(converged=share >= self.least and near, share=share)


def walked(least: float, longest: float) -> tuple[float, float, np.ndarray]:
    programme: Any = Reluctant(np.array([0.0, 1.0]), least, longest)
    start: Any = SimpleNamespace(share=1.0, converged=True)
    solution: Any
    solution, left = narrowed(programme, np.zeros(1), start, (0.0, 0.0), lambda found: found)
    return solution.share, left, programme.given


@pytest.mark.parametrize("longest", [1.0, NARROWING, 0.5 * NARROWING])
def test_limits_as_they_are_are_reached_in_steps_that_can_be_solved(longest):
    share, left, given = walked(0.0, longest)
    assert (share, left) == (0.0, 0.0)
    assert not given.any()


def test_where_no_step_leads_on_the_last_optimum_is_kept_and_nothing_stays_given():
    share, left, given = walked(0.4, 1.0)
    assert share == left
    assert 0.4 <= left < 0.4 + LEAST_NARROWING
    assert not given.any()
