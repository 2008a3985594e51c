"""The payload's sigma from sensitivities and the data's own sigmas, on cases whose answer is arithmetic."""

from dataclasses import replace

import pytest

import flown
from baiterek.catalogue.datum import Datum
from baiterek.catalogue.vehicle import Correlation
from baiterek.study.uncertainty import uncertainty


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
