"""The payload's sigma from sensitivities and the data's own sigmas, on cases whose answer is arithmetic."""

from dataclasses import replace

import pytest

import flown
from baiterek.catalogue.datum import Datum
from baiterek.catalogue.vehicle import Correlation
from baiterek.study.uncertainty import sigma_alone, uncertainty


def vehicle(correlations=()):
    numbers = {"a": (10.0, 3.0), "b": (5.0, 2.0), "exact": (1.0, 0.0), "mute": (1.0, 1.0)}
    data = {name: Datum(value, sigma, "s") for name, (value, sigma) in numbers.items()}
    return replace(flown.mission().vehicle, data=data, correlations=correlations)


def test_independent_data_add_in_squares():
    found = uncertainty({"a": -1.0, "b": 2.0, "exact": 100.0}, vehicle())
    assert found.sigma == pytest.approx(5.0, abs=1e-12)  # 3-4-5
    assert [(c.path, c.effect) for c in found.contributions] == [("b", 4.0), ("a", 3.0)]
    assert found.silent == ("mute",)


@pytest.mark.parametrize(("correlation", "sigma"), [(-1.0, 1.0), (0.0, 5.0), (1.0, 7.0)])
def test_correlated_data_add_with_their_covariance(correlation, sigma):
    off = correlation * 6.0
    block = Correlation(("a", "b"), ((9.0, off), (off, 4.0)), "fit")
    found = uncertainty({"a": 1.0, "b": 2.0}, vehicle((block,)))
    assert found.sigma == pytest.approx(sigma, abs=1e-12)  # |3 + r 4| in squares: 1, 5 or 7


def test_shares_add_up_to_the_whole_and_families_count_as_one():
    block = Correlation(("a", "b"), ((9.0, -3.0), (-3.0, 4.0)), "fit")
    found = uncertainty({"a": 1.0, "b": 2.0, "mute": 4.0}, vehicle((block,)))
    # s C s: 9 - 2 * 6 + 16 = 13 of the family, 16 of the third: 29 in all. a: 1 * (9 - 6), b: 2 * (-3 + 8), alone 4 * 4.
    assert found.sigma**2 == pytest.approx(29.0, abs=1e-12)
    shares = {c.path: c.share for c in found.contributions}
    assert shares == pytest.approx({"a": 3.0 / 29.0, "b": 10.0 / 29.0, "mute": 16.0 / 29.0}, abs=1e-12)
    assert [(u.paths, u.sigma**2) for u in found.unknowns] == [
        (("mute",), pytest.approx(16.0, abs=1e-12)),
        (("b", "a"), pytest.approx(13.0, abs=1e-12)),
    ]


def test_a_step_of_several_data_keeps_their_correlation():
    block = Correlation(("a", "b"), ((9.0, -6.0), (-6.0, 4.0)), "fit")
    slopes = {"a": 2.0, "b": 3.0, "mute": 1.0}
    assert sigma_alone(("a", "b"), slopes, vehicle((block,))) == pytest.approx(0.0, abs=1e-7)  # 6 less 6
    assert sigma_alone(("a",), slopes, vehicle((block,))) == pytest.approx(6.0, abs=1e-12)
