"""What many flights say of a number, each with how sure that is: quantiles, parts, ellipses, drivers.

Intervals are of independent flights. Those of a Latin hypercube or a Sobol sequence know their means better than that, so
for them the same intervals are, as a rule, too wide; never more is claimed. Distributions are read off `scipy.special`:
`scipy.stats` takes a second to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
CONFIDENCE = 0.95
QUANTILES = (0.00135, 0.0027, 0.01, 0.05, 0.5, 0.95, 0.99, 0.9973, 0.99865)
"""Those of three sigma, one-sided and two-sided, among the usual ones."""


class Interval(NamedTuple):
    """An estimate within its interval of confidence; None: there are too few flights to bound that side."""

    value: float
    low: float | None
    high: float | None


def quantile(ordered: Array, p: float, confidence: float = CONFIDENCE) -> Interval:
    """The p-quantile of values in rising order, between two of them (David & Nagaraja 2003, 7.1).

    The number of values below the quantile is binomial (n, p), whatever the distribution.
    """
    n = len(ordered)
    if n == 0:
        return Interval(float("nan"), None, None)
    low = count_below(0.5 * (1.0 - confidence), n, p)
    high = count_below(0.5 * (1.0 + confidence), n, p) + 1
    # Order statistics are counted from 1: X(low) is at most the quantile, X(high) at least, each but for half the risk.
    return Interval(
        float(np.quantile(ordered, p)),
        float(ordered[low - 1]) if low >= 1 else None,
        float(ordered[high - 1]) if high <= n else None,
    )


@cache
def count_below(probability: float, n: int, p: float) -> int:
    """The quantile of a binomial number: the least count that is not passed with this probability."""
    count = int(np.ceil(special.bdtrik(probability, n, p)))
    return count - 1 if count > 0 and special.bdtr(count - 1, n, p) >= probability else count


def part(count: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """A part of all flights with the interval of Clopper & Pearson 1934."""
    tail = 0.5 * (1.0 - confidence)
    low = 0.0 if count == 0 else float(special.betaincinv(count, n - count + 1, tail))
    high = 1.0 if count == n else float(special.betainccinv(count + 1, n - count, tail))
    return Interval(count / n if n else float("nan"), low, high)


def describe_numbers(values: Array, confidence: float = CONFIDENCE) -> dict[str, Any]:
    """Mean, standard deviation, ends and quantiles of the finite ones among `values`."""
    ordered = np.sort(values[np.isfinite(values)])
    n = len(ordered)
    if n < 2:
        return {"flights": n}
    mean, sigma, tail = float(ordered.mean()), float(ordered.std(ddof=1)), 0.5 * (1.0 - confidence)
    reach = -float(special.stdtrit(n - 1, tail)) * sigma / n**0.5
    # Chi-squared with n - 1 degrees of freedom is twice a gamma number of half as many.
    below, above = (float((0.5 * (n - 1) / special.gammaincinv(0.5 * (n - 1), p)) ** 0.5) for p in (1.0 - tail, tail))
    return {
        "flights": n,
        "mean": list(Interval(mean, mean - reach, mean + reach)),
        "sigma": list(Interval(sigma, sigma * below, sigma * above)),
        "least": float(ordered[0]),
        "greatest": float(ordered[-1]),
        "quantiles": {f"{p:g}": list(quantile(ordered, p, confidence)) for p in QUANTILES},
    }


class Ellipse(NamedTuple):
    """A region of normal points: centre, half axes, and the direction of the longer one from the first axis."""

    center: Array
    half_axes: Array
    angle_rad: float
    part: float
    """Of a normal distribution's points, within it."""
    inside: float
    """Of these points, within it."""


def ellipse(points: Array, within: float) -> Ellipse:
    """The ellipse that holds the part `within` of a normal distribution with mean and covariance of `points` (n, 2).

    Half axes are sqrt(-2 ln(1 - within)) times the roots of the eigenvalues: chi-squared with two degrees of freedom.
    """
    center = points.mean(axis=0)
    covariance = np.cov(points.T)
    values, vectors = np.linalg.eigh(covariance)
    reach2 = -2.0 * np.log1p(-within)
    turned = (points - center) @ vectors
    distance2 = (turned**2 / np.maximum(values, 1e-300)).sum(axis=1)
    long = vectors[:, 1]
    angle = float(np.arctan2(long[1], long[0]))
    return Ellipse(center, np.sqrt(reach2 * np.maximum(values[::-1], 0.0)), angle, within, float(np.mean(distance2 <= reach2)))


class Sums:
    """Normal equations of many outputs over the same inputs, gathered part by part: memory does not grow with flights."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.n = 0
        self.mean_x, self.mean_y = np.zeros(inputs), np.zeros(outputs)
        self.xx, self.xy, self.yy = np.zeros((inputs, inputs)), np.zeros((inputs, outputs)), np.zeros((outputs, outputs))

    def add(self, x: Array, y: Array) -> None:
        """Rows of flights: shapes (n, inputs) and (n, outputs). Updated as by Chan, Golub & LeVeque 1983."""
        n = len(x)
        if n == 0:
            return
        total = self.n + n
        dx, dy = x.mean(axis=0) - self.mean_x, y.mean(axis=0) - self.mean_y
        cx, cy = x - x.mean(axis=0), y - y.mean(axis=0)
        weight = self.n * n / total
        self.xx += cx.T @ cx + weight * np.outer(dx, dx)
        self.xy += cx.T @ cy + weight * np.outer(dx, dy)
        self.yy += cy.T @ cy + weight * np.outer(dy, dy)
        self.mean_x, self.mean_y, self.n = self.mean_x + dx * n / total, self.mean_y + dy * n / total, total

    @property
    def covariance(self) -> Array:
        """Of the outputs."""
        return self.yy / max(self.n - 1, 1)


class Driver(NamedTuple):
    """A group of inputs, and the part of an output's variance that a straight line in it explains."""

    name: str
    part: float
    slope_sigma: float | None
    """Change of the output per sigma of the input, for a group of one."""


def drivers(sums: Sums, groups: Mapping[str, Iterable[int]]) -> list[tuple[float, list[Driver]]]:
    """For each output: R2 of the regression on all inputs, and what each group explains of the variance, greatest first.

    Coefficients by least squares; a group explains b' C b, C its inputs' covariance. Groups are drawn independently, so
    their parts add up to R2 but for sampling (standardised regression: Saltelli et al. 2008, 1.2.5). Too few flights for
    the inputs give an R2 of NaN and no drivers. R2 is adjusted for the number of inputs.
    """
    inputs, outputs = sums.xy.shape
    if sums.n < 3 * inputs + 10:
        return [(float("nan"), [])] * outputs
    scale = np.sqrt(np.where(np.diag(sums.xx) > 0.0, np.diag(sums.xx), 1.0))
    found = np.linalg.lstsq(sums.xx / np.outer(scale, scale), sums.xy / scale[:, None], rcond=1e-10)
    slopes, rank = found[0] / scale[:, None], int(found[2])
    results: list[tuple[float, list[Driver]]] = []
    for k in range(outputs):
        total = sums.yy[k, k]
        if total <= 0.0:
            results.append((float("nan"), []))
            continue
        b = slopes[:, k]
        plain = float(b @ sums.xy[:, k] / total)
        r2 = 1.0 - (1.0 - plain) * (sums.n - 1) / max(sums.n - 1 - rank, 1)
        listed = []
        for name, members in groups.items():
            of = list(members)
            explained = float(b[of] @ sums.xx[np.ix_(of, of)] @ b[of] / total)
            alone = float(b[of[0]] * np.sqrt(sums.xx[of[0], of[0]] / (sums.n - 1))) if len(of) == 1 else None
            listed.append(Driver(name, explained, alone))
        results.append((r2, sorted(listed, key=lambda driver: -driver.part)))
    return results
