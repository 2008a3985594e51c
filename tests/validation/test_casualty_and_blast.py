"""Casualty areas, blast and the overflight method against printed figures and against SciPy and PROJ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from scipy.integrate import quad
from scipy.stats import norm

from baiterek import constants as c
from baiterek.physics import blast, casualty, debris, geodesic, overflight
from worlds import WINDY

WGS84 = Geod(ellps="WGS84")
PSI_Pa = 6894.757293168
"""Pound-force per square inch (NIST SP 811)."""

# --- casualty areas ---------------------------------------------------------------------------------


def test_terminal_speeds_of_the_ladder_of_ballistic_coefficients():
    """Class edges of 14 CFR 417 in lb/ft2 and their speeds at sea level, worked out apart to three digits."""
    for beta_lb_ft2, speed in ((3.0, 15.3), (9.49, 27.2), (30.0, 48.4), (94.9, 86.1), (300.0, 153.1)):
        beta = beta_lb_ft2 * c.POUND_KG / c.FOOT_M**2
        assert debris.terminal_speed(1.225, beta, c.STANDARD_GRAVITY_M_S2) == pytest.approx(speed, abs=0.051)


def test_debris_casualty_area_of_five_sizes():
    for area, expected in ((0.1, 0.839), (1.0, 2.56), (4.0, 6.76), (20.0, 25.73), (50.0, 58.85)):
        assert casualty.debris_casualty_area(area, c.PERSON_WIDTH_M) == pytest.approx(expected, abs=0.0051)


def test_inclined_falls_sweep_a_standing_person():
    """A disc of 0.25 m onto a cylinder of 1 ft by 6 ft: 0.967 m2 from above, 1.706 m2 at 70 deg."""
    foot = c.FOOT_M
    assert casualty.inclined_casualty_area(0.25, 0.5 * np.pi, foot, 6 * foot) == pytest.approx(0.967, abs=6e-4)
    assert casualty.inclined_casualty_area(0.25, np.radians(70.0), foot, 6 * foot) == pytest.approx(1.706, abs=6e-4)


def test_a_slide_is_the_integral_of_its_speed():
    speed, mass, e, mu, g = 30.0, 2.0, 0.6, 0.65, c.STANDARD_GRAVITY_M_S2
    harmless = np.sqrt(2 * c.KINETIC_CASUALTY_J / mass)
    expected = quad(lambda v: v / (mu * g), harmless, e * speed)[0]
    found = casualty.slide_distance(speed, mass, e, mu, c.KINETIC_CASUALTY_J, g)
    assert found == pytest.approx(expected, rel=1e-12)
    assert casualty.kinetic_energy(mass, harmless) == pytest.approx(c.KINETIC_CASUALTY_J, rel=1e-12)
    assert casualty.slide_distance(5.0, mass, e, mu, c.KINETIC_CASUALTY_J, g) == 0.0
    width = 0.5
    assert casualty.slide_area(found, width, 0.3) == pytest.approx(found * 1.1 + np.pi * 0.55**2 / 2, rel=1e-12)


# --- blast ------------------------------------------------------------------------------------------


def test_tnt_equivalents_of_lox_and_kerosene():
    """20 % to 500 000 lb and 10 % above: by hand, to the kilogram of the rounded step."""
    for propellant, tnt in ((270e3, 49680.0), (450e3, 67680.0), (480e3, 70680.0), (500e3, 72680.0), (1e5, 2e4)):
        assert blast.tnt_equivalent(propellant) == pytest.approx(tnt, abs=0.5)


def test_overpressure_at_the_published_k_factors():
    for k, psi in ((6, 27.0), (8, 15.0), (11, 8.0), (18, 3.5), (24, 2.3), (30, 1.7), (40, 1.2), (50, 0.9)):
        for tnt in (1.0, 70680.0):
            assert blast.overpressure(blast.k_distance(k, tnt), tnt) == pytest.approx(psi * PSI_Pa, rel=0.03)


def test_distances_of_seventy_tonnes():
    for k, metres in ((18, 295), (24, 394), (40, 656)):
        assert blast.k_distance(k, 70.7e3) == pytest.approx(metres, abs=0.51)


@given(st.floats(0.0, 1.0), st.floats(1.0, 1e6))
def test_overpressure_falls_with_distance(part, tnt):
    near = 0.2 * (198.5 / 0.2) ** part * tnt ** (1 / 3)
    assert blast.overpressure(1.001 * near, tnt) <= blast.overpressure(near, tnt)


def test_public_distances_of_appendix_e():
    for pounds, feet in ((64_000.0, 1600.0), (1e6, 5000.0)):
        assert blast.public_distance(pounds * c.POUND_KG) == pytest.approx(feet * c.FOOT_M, rel=1e-9)
    lower, upper = (blast.public_distance(2.5e5 * c.POUND_KG * side) for side in (1 - 1e-9, 1 + 1e-9))
    assert lower == pytest.approx(upper, rel=0.005)  # the rule's own rounding where its pieces meet
    with pytest.raises(ValueError, match="30 000 lb"):
        blast.public_distance(1000.0)


# --- overflight, 14 CFR 420 App. A to C -------------------------------------------------------------


@given(st.floats(-3.0, 3.0), st.floats(0.01, 1.0))
def test_simpsons_crossrange_is_the_normal_distribution_within_the_error_of_its_rule(middle, width):
    low, high = middle - 0.5 * width, middle + 0.5 * width
    exact = norm.cdf(high) - norm.cdf(low)
    # Simpson's rule: w^5 / 2880 times the greatest fourth derivative, 3 / sqrt(2 pi) for the normal density.
    bound = width**5 / 2880.0 * 3.0 / np.sqrt(2.0 * np.pi)
    assert overflight.crossrange_probability(7.0 * low, 7.0 * high, 7.0) == pytest.approx(exact, abs=bound + 1e-15)


def test_an_overflight_by_hand():
    """A town 10 nm long at 1000 nm of range, 2 to 4 nm off the track, sigma 5 nm, 20 000 people on 12 nm2."""
    dwell = 10.0 / overflight.range_rate(1000.0)
    found = overflight.overflight_probability(2.0, 4.0, 5.0, dwell, overflight.FAILURE_PROBABILITY, overflight.BURN_s)
    exact = (norm.cdf(0.8) - norm.cdf(0.4)) * 0.1 / 643.0 * 10.0 / 8.85
    assert found == pytest.approx(exact, rel=1e-3)
    assert overflight.overflight_expectation(found, 0.003, 12.0, 2e4) == pytest.approx(found * 5.0, rel=1e-12)


def test_table_c_2_by_range():
    for reach, rate in ((0.0, 0.75), (75.0, 0.75), (76.0, 1.73), (900.0, 4.25), (2000.0, 19.75), (5250.0, 154.95)):
        assert overflight.range_rate(reach) == rate


def test_corridor_of_a_large_vehicle():
    """Soyuz-5 is large: lines of 43.20, 119.75, 1763.27 nm at 10, 100, 5000 nm, a circle of 2.14 nm at the pad."""
    for reach, half in ((0.0, 2.14), (10.0, 21.6), (100.0, 59.875), (5000.0, 881.635)):
        assert overflight.corridor_half_width(reach, "large") == pytest.approx(half, rel=1e-12)
    widths = [overflight.corridor_half_width(50.0, name) for name in overflight.LINES_nm]
    assert widths == sorted(widths)


# --- range and bearing ------------------------------------------------------------------------------


@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(-180, 180), st.floats(0.0, 9.3e6))
def test_sodano_against_proj(latitude, longitude, bearing, metres):
    far_lon, far_lat, _ = WGS84.fwd(longitude, latitude, bearing, metres)
    reached = geodesic.geodesic_point(*np.radians([latitude, longitude, bearing]), metres, WINDY)
    gap = WGS84.inv(*np.degrees([reached.longitude_rad, reached.latitude_rad]), far_lon, far_lat)[2]
    assert gap <= 3.2e-7 * metres + 1e-6 and gap <= 1.3
    leg = geodesic.geodesic_leg(*np.radians([latitude, longitude, far_lat, far_lon]), WINDY)
    assert leg.range_m == pytest.approx(metres, abs=4.5e-8 * metres + 1e-5)
    turned = (leg.bearing_rad - np.radians(bearing) + np.pi) % (2 * np.pi) - np.pi
    assert abs(turned) * metres <= 2e-8 * metres + 1e-4
