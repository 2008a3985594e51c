"""Burns of a ride that are shorter than the upper stage can make are named where no flight is found."""

from math import nan, sqrt
from pathlib import Path

import pytest

from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.short_burns import burn_refusal, burns_from_the_end

RIDE = Path(__file__).resolve().parents[2] / "missions" / "soyuz5-fregat-rideshare.toml"


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    """The first of three masses is to be maximised."""
    text = RIDE.read_text(encoding="utf-8").replace("mass_kg = 5200.0", 'mass_kg = "maximise"')
    path = tmp_path_factory.mktemp("ride") / "ride.toml"
    path.write_text(text.replace('"least_propellant"', '"payload"'), encoding="utf-8")
    return load_mission(path)


def test_burns_are_counted_back_from_what_is_left(ride):
    """By hand: the last burn rounds off an orbit of 520 km from an ellipse up to 600 km with 900 kg, Fregat's 1050 and its
    adapters' 145: 22 m/s by vis viva, impulse over thrust 2.3 s. The one before it turns the plane by 0.3 deg as well, those
    to 600 km move 3200 kg more."""
    found = burns_from_the_end(ride)
    assert [name for name, _ in found] == ["radar", "radar", "cubesats", "cubesats"]
    one, other = WGS84_RADIUS_M + 600e3, WGS84_RADIUS_M + 520e3
    slow = sqrt(EARTH_MU_M3_S2 / one) * (1.0 - sqrt(2.0 * other / (one + other)))
    assert found[3][1] == pytest.approx(2095.0 * slow / 19610.0, rel=0.03)
    turned = sqrt(EARTH_MU_M3_S2 / one) * 0.31 * 0.01745
    assert found[2][1] == pytest.approx(2095.0 * sqrt(slow**2 + turned**2) / 19610.0, rel=0.1)
    assert found[1][1] > 2.0 * found[3][1]


def test_a_search_that_failed_is_answered_with_the_shortest_burn(ride):
    refusal = burn_refusal(ride, Optimum("failed", "stuck", nan, nan))
    assert refusal.status == "infeasible" and "\n" not in refusal.advice
    assert "shortest burn of fregat is 5 s (burn_min)" in refusal.advice and "s to cubesats" in refusal.advice
    assert refusal.missing["upper_stage burn_min_s"] == pytest.approx(5.0 - 2.33, abs=0.1)
    assert burn_refusal(ride, Optimum("infeasible", "too heavy", nan, nan)) is None
    assert burn_refusal(load_mission(RIDE.parent / "soyuz5-fregat-sso.toml"), Optimum("failed", "stuck", nan, nan)) is None
