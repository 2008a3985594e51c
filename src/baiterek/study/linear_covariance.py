"""The spread of a flight to first order: what many flights should say while dispersions are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.history import Steering
from baiterek.study.dispersions import Array, Spread, inputs_of

STEP = 0.3
"""Of a sigma, to either side."""
RTOL = 1e-10
"""Of the flights that are subtracted from each other."""


@dataclass(frozen=True)
class Linear:
    """Covariance of outputs from slopes, and how far from straight each was."""

    outputs: tuple[str, ...]
    slopes: Array
    """Change of each output per unit of each number, shape (outputs, numbers)."""
    covariance: Array
    bend: Array
    """Standard deviation of what the second differences add, over that of the slopes: 0 for a straight line."""

    @property
    def sigma(self) -> Array:
        found: Array = np.sqrt(np.diag(self.covariance))
        return found

    @property
    def correlation(self) -> Array:
        found: Array = self.covariance / np.outer(self.sigma, self.sigma)
        return found


def linear_covariance(mission: Mission, steering: Steering, spread: Spread, outputs: Sequence[str], workers: int = 1) -> Linear:
    """J C J' with J from central differences of the compiled flight (Maybeck 1979, 4.10) and C that of all numbers.

    Good while outputs are straight lines within the dispersions: a tank that runs dry in some of the flights and not
    in others is a kink, and `bend` tells.
    """
    from baiterek.flight import fly_many

    numbers = spread.numbers
    value, sigma = (np.array([getattr(number.datum, key) for number in numbers]) for key in ("value", "sigma"))
    rows = np.repeat(value[None, :], 2 * len(numbers) + 1, axis=0)
    for k in range(len(numbers)):
        rows[1 + 2 * k, k] += STEP * sigma[k]
        rows[2 + 2 * k, k] -= STEP * sigma[k]
    drawn = {number.path: rows[:, k].copy() for k, number in enumerate(numbers)}
    knots = spread.knots_m
    batch = fly_many(mission, steering, inputs_of(drawn, knots), wind_knots_m=knots, rtol=RTOL, threads=workers)
    flown = np.array([batch.columns[name] for name in outputs])
    middle, up, down = flown[:, :1], flown[:, 1::2], flown[:, 2::2]
    slopes = (up - down) / (2.0 * STEP * np.where(sigma > 0.0, sigma, 1.0))
    second = (up - 2.0 * middle + down) / STEP**2
    covariance = np.zeros((len(outputs), len(outputs)))
    first = 0
    for group in spread.groups:
        part = slopes[:, first : first + len(group.numbers)]
        covariance += part @ group.covariance @ part.T
        first += len(group.numbers)
    straight = np.sqrt(np.diag(covariance))
    # x**2 of a standard normal x has the variance 2: half the second difference times it, of all numbers together.
    bend = np.sqrt(0.5 * (second**2).sum(axis=1)) / np.where(straight > 0.0, straight, 1.0)
    return Linear(tuple(outputs), slopes, covariance, bend)
