"""Which casualty area counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from baiterek.constants import FOOT_M, POUND_KG
from baiterek.errors import InputError
from baiterek.safety.harm import blast_area, blast_radius, inert_area


def test_below_fifteen_joules_nobody_is_hurt():
    found = inert_area([0.01, 0.01], [0.1, 0.1], [17.0, 17.4], "vertical")  # 14.45 J, 15.14 J
    assert found == pytest.approx([0.0, 0.49])


def test_the_three_methods():
    assert inert_area(4.0, 100.0, 50.0, "vertical") == pytest.approx(2.6**2)
    assert inert_area(82.0, 1e4, 150.0) == pytest.approx(574.0)  # 20 x 4.1 m: seven times its area
    assert inert_area(0.01, 1.0, 50.0) == pytest.approx(0.49)  # a person is wider than seven small areas
    steep = inert_area(np.pi * 0.25**2, 1.0, 50.0, "inclined", np.pi / 2)
    assert steep == pytest.approx(np.pi * 0.55**2)
    level = inert_area(1.0, 1.0, 50.0, "inclined", 0.0)
    assert level == inert_area(1.0, 1.0, 50.0, "inclined", np.radians(5.0))


def test_one_psi_lies_at_a_k_factor_of_forty_five():
    """Swisdak's middle polynomial solved for 6894.76 Pa, apart: Z = 18.14 m/kg^(1/3), K = 45.7."""
    c = (7.5938, -3.0523, 0.40977, 0.0261, -0.01267)
    log_z = brentq(lambda x: sum(k * x**i for i, k in enumerate(c)) - np.log(6.89476), 2.0, 3.1)
    tnt_kg = 0.2 * 1e5
    assert blast_radius(1e5) == pytest.approx(np.exp(log_z) * tnt_kg ** (1 / 3), rel=1e-3)
    k = blast_radius(1e5) / FOOT_M / (tnt_kg / POUND_KG) ** (1 / 3)
    assert k == pytest.approx(45.7, abs=0.1)
    assert blast_area(1e5) == pytest.approx(np.pi * blast_radius(1e5) ** 2)
    assert blast_area(0.0) == 0.0


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: inert_area(-1.0, 1.0, 1.0), "area_m2"),
        (lambda: inert_area(1.0, np.nan, 1.0), "mass_kg"),
        (lambda: inert_area(1.0, 1.0, 1.0, "sideways"), "vertical, inclined, scattered"),
        (lambda: blast_radius(-5.0), "propellant_kg"),
    ],
)
def test_bad_numbers_are_one_line(call, key):
    with pytest.raises(InputError, match=key):
        call()
