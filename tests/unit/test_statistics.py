"""What many flights say: intervals that cover as often as they claim, ellipses and drivers of closed form."""

import numpy as np
import pytest
from scipy import stats

from baiterek.study.statistics import Sums, describe_numbers, drivers, ellipse, part, quantile


@pytest.mark.parametrize("p", [0.0027, 0.5, 0.95, 0.99865])
def test_the_interval_of_a_quantile_covers_it_as_often_as_it_says(p):
    rng, true, covered, bounded = np.random.default_rng(1), -np.log1p(-p), 0, 0
    for _ in range(400):
        found = quantile(np.sort(rng.exponential(size=3000)), p)
        bounded += found.low is not None and found.high is not None
        covered += (found.low is None or found.low <= true) and (found.high is None or true <= found.high)
    # At least 95 %, less three sigma of 400 trials; no more than rounding to whole ranks can add.
    assert 0.95 - 0.033 <= covered / 400 <= 1.0
    assert p < 0.99 or bounded > 0


def test_a_quantile_that_so_few_flights_cannot_bound_says_so():
    few = quantile(np.arange(100.0), 0.9973)
    assert few.high is None and few.low is not None
    assert quantile(np.arange(10000.0), 0.9973).high is not None


def test_a_quantile_interval_by_hand():
    # n = 10, p = 0.5: binomial quantiles 2 and 8, so the 2nd and the 9th of ten (David & Nagaraja, table of the median).
    assert quantile(np.arange(1.0, 11.0), 0.5)[1:] == (2.0, 9.0)


def test_a_part_has_the_interval_of_clopper_and_pearson():
    for count, n in ((0, 50), (3, 50), (50, 50)):
        expected = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
        assert part(count, n)[1:] == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_numbers_that_never_came_are_left_out_and_counted():
    said = describe_numbers(np.array([1.0, 2.0, np.nan, 3.0]))
    assert said["flights"] == 3 and said["mean"][0] == 2.0 and said["sigma"][0] == 1.0


def test_the_ellipse_of_normal_points_holds_the_part_that_it_says():
    root = np.array([[3.0, 0.0], [2.0, 0.5]])
    points = np.random.default_rng(2).standard_normal((20000, 2)) @ root.T + [5.0, -1.0]
    found = ellipse(points, 0.9)
    values, vectors = np.linalg.eigh(root @ root.T)
    assert found.half_axes == pytest.approx(np.sqrt(stats.chi2.ppf(0.9, 2) * values[::-1]), rel=0.02)
    assert np.abs(np.cos(found.angle_rad - np.arctan2(*vectors[::-1, 1]))) == pytest.approx(1.0, abs=1e-3)
    assert found.inside == pytest.approx(0.9, abs=4 * 0.3 / 20000**0.5)


def test_sums_gathered_in_parts_are_those_of_all_at_once():
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((500, 4)) + 1e3, rng.standard_normal((500, 2)) - 7.0
    sums = Sums(4, 2)
    for a, b in ((0, 3), (3, 3), (3, 350), (350, 500)):
        sums.add(x[a:b], y[a:b])
    assert sums.covariance == pytest.approx(np.cov(y.T), rel=1e-9)
    assert sums.xy == pytest.approx((x - x.mean(0)).T @ (y - y.mean(0)), rel=1e-8, abs=1e-8)


def test_drivers_of_a_linear_law_are_its_coefficients():
    rng, n = np.random.default_rng(4), 20000
    pair = rng.standard_normal((n, 2)) @ np.array([[1.0, 0.0], [0.9, 0.1**0.5]]).T
    x = np.column_stack((pair, rng.standard_normal((n, 2)) * [2.0, 1.0]))
    y = x @ np.array([1.0, -1.0, 0.5, 0.0]) + 0.5 * rng.standard_normal(n)
    sums = Sums(4, 1)
    sums.add(x, y[:, None])
    [(r2, found)] = drivers(sums, {"pair": (0, 1), "third": (2,), "idle": (3,)})
    weights = np.array([1.0, -1.0])
    root = np.array([[1.0, 0.0], [0.9, 0.1**0.5]])
    of_pair = float(weights @ root @ root.T @ weights)
    total = of_pair + 1.0 + 0.25
    assert r2 == pytest.approx((of_pair + 1.0) / total, abs=0.02)
    assert [driver.name for driver in found] == ["third", "pair", "idle"]
    assert [driver.part for driver in found] == pytest.approx([1.0 / total, of_pair / total, 0.0], abs=0.02)
    assert found[0].slope_sigma == pytest.approx(1.0, rel=0.02) and found[1].slope_sigma is None


def test_too_few_flights_give_no_drivers():
    sums = Sums(20, 1)
    sums.add(np.random.default_rng(5).standard_normal((30, 20)), np.ones((30, 1)))
    assert np.isnan(drivers(sums, {"all": range(20)})[0][0])
