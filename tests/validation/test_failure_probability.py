"""Probability of failure by the binomial rule of 14 CFR 417 App. C, C417.9(b)(5)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from baiterek.safety.failure import Phase, binomial_limits, failure_probability, spread_over_time

# Flights, failures: lower limit, reference, upper limit; to the two digits of the table (rows 2 to 6 of A417-3).
TABLE = {
    (2, 0): (0.00, 0.28, 0.55), (2, 1): (0.11, 0.50, 0.89), (2, 2): (0.45, 0.72, 1.00),
    (3, 0): (0.00, 0.21, 0.42), (3, 1): (0.07, 0.39, 0.71), (3, 2): (0.29, 0.61, 0.93), (3, 3): (0.58, 0.79, 1.00),
    (4, 0): (0.00, 0.17, 0.33), (4, 1): (0.05, 0.32, 0.58), (4, 2): (0.21, 0.50, 0.79), (4, 3): (0.42, 0.68, 0.95),
    (4, 4): (0.67, 0.83, 1.00),
    (5, 0): (0.00, 0.14, 0.28), (5, 1): (0.04, 0.27, 0.49), (5, 2): (0.17, 0.42, 0.67), (5, 3): (0.33, 0.58, 0.83),
    (5, 4): (0.51, 0.73, 0.96),
    (6, 0): (0.00, 0.12, 0.24), (6, 1): (0.04, 0.23, 0.42), (6, 2): (0.14, 0.36, 0.59), (6, 3): (0.27, 0.50, 0.73),
    (6, 4): (0.41, 0.64, 0.86),
}  # fmt: skip


@pytest.mark.parametrize(("record", "row"), TABLE.items(), ids=str)
def test_the_table_to_its_printed_digits(record, row):
    found = failure_probability(*record)
    assert (found.low, found.value, found.high) == pytest.approx(row, abs=0.00501)


@given(st.integers(1, 200), st.data())
def test_each_limit_leaves_a_fifth_of_the_binomial_beyond_it(flights, data):
    failures = data.draw(st.integers(0, flights))
    low, high = binomial_limits(flights, failures)
    assert 0.0 <= low <= failures / flights <= high <= 1.0
    if failures > 0:
        assert binom.sf(failures - 1, flights, low) == pytest.approx(0.2, abs=1e-9)
    if failures < flights:
        assert binom.cdf(failures, flights, high) == pytest.approx(0.2, abs=1e-9)


def test_without_a_failure_the_upper_limit_has_a_closed_form():
    for n in (1, 2, 10, 50):
        assert binomial_limits(n, 0)[1] == pytest.approx(1.0 - 0.2 ** (1.0 / n), rel=1e-12)


def test_a_first_flight_is_judged_by_vehicles_like_it():
    found = failure_probability(1, 0, 9, 3)
    assert not found.own
    assert (found.flights, found.failures) == (10, 3)
    assert binom.cdf(3, 10, found.value) == pytest.approx(0.2, abs=1e-9)
    with pytest.raises(ValueError, match="first flight"):
        failure_probability(0, 0)


PHASES = (Phase("stage 1", 0.0, 150.0, 0.5, 0.2, 2.0), Phase("stage 2", 155.0, 500.0, 0.5, 0.1, 1.0))


@given(st.floats(1e-6, 1.0), st.lists(st.floats(0.0, 500.0), max_size=40))
def test_what_is_spread_over_time_adds_up(probability, inner):
    edges = np.array(sorted({0.0, 500.0, *inner}))
    spread = spread_over_time(probability, PHASES, edges)
    assert (spread >= 0.0).all()
    assert spread.sum() == pytest.approx(probability, rel=1e-12)
    assert spread.sum(axis=1) == pytest.approx([0.5 * probability, 0.5 * probability], rel=1e-12)


def test_an_ignition_has_its_share_at_once():
    spread = spread_over_time(0.1, PHASES, np.array([0.0, 2.0, 150.0, 155.0, 500.0]))
    assert spread[0] == pytest.approx(0.05 * np.array([0.2 + 0.8 * 2 / 150, 0.8 * 148 / 150, 0.0, 0.0]), rel=1e-12)
    with pytest.raises(ValueError, match=r"add up to 0\.5"):
        spread_over_time(0.1, PHASES[:1], np.array([0.0, 1.0]))
