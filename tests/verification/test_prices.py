"""A price is the slope of optima solved again: central differences are the authority, not the multipliers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.mission import Element
from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission
from baiterek.errors import NotConverged
from baiterek.study.prices import PROBE, prices
from baiterek.trajectory import Neighbours
from baiterek.trajectory.steps import steps

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


def slopes(mission, chosen):
    """(of, what) -> price and central difference over a tenth of the step, at the same optimum."""
    neighbours = Neighbours(mission)
    gains = {(price.of, price.what): price.gain for price in neighbours.optimum.prices}
    found = {}
    for step in steps(mission):
        if (step.of, step.what) in chosen:
            ends = [neighbours.solve(step.change(mission, count)) for count in (PROBE, -PROBE)]
            assert all(end.converged for end in ends)
            difference = (ends[0].objective - ends[1].objective) / (2.0 * PROBE)
            found[step.of, step.what] = gains[step.of, step.what], difference
    assert found.keys() == set(chosen)
    return found


CHOSEN = [
    ("dynamic_pressure_Pa", "more"),
    ("axial_acceleration_m_s2", "more"),
    ("shroud heat_flux_W_m2", "more"),
    ("zone stage-1", "moved downrange"),
    ("zone stage-1", "moved to the right"),
    ("zone stage-1", "far edge moved downrange"),
    ("propellant stage-1", "residual made usable"),
    ("stage-1", "thrust"),
    ("stage-2", "specific impulse"),
    ("target", "altitude"),
    ("target", "inclination"),
    ("reserve", "of the last stage's usable propellant"),
    ("wind", "headwind in the jet"),
]


@pytest.fixture(scope="module")
def soyuz():
    return slopes(load_mission(MISSIONS / "soyuz5-leo.toml"), CHOSEN)


@pytest.mark.parametrize("name", CHOSEN, ids=" ".join)
def test_a_price_is_the_slope_of_optima_solved_again(soyuz, name):
    price, difference = soyuz[name]
    # 1 %: the curvature over a tenth of a step, and two meshes; of the wind, whose effect is the most curved, 3 %.
    assert price == pytest.approx(difference, rel=0.03 if name[0] == "wind" else 0.01, abs=2e-3 / PROBE)
    assert abs(price) > 1.0, "a price too small to tell"


def test_the_edge_of_a_corridor_that_binds_has_a_price():
    """A dog-leg: the western edge, moved out by a degree, gives back part of what it costs; the other is not felt."""
    mission = load_mission(MISSIONS / "limits" / "corridor.toml")
    edges = [("corridors_rad", "first edge moved out"), ("corridors_rad", "second edge moved out")]
    found = slopes(mission, edges)
    price, difference = found[edges[0]]
    assert price > 1.0 and price == pytest.approx(difference, rel=0.02)
    assert found[edges[1]] == pytest.approx((0.0, 0.0), abs=0.05)


def test_a_limit_costs_what_the_flight_without_it_brings_more():
    """By two ways: the zone taken away, and the zone moved so far along and enlarged that it is not felt."""
    mission = load_mission(MISSIONS / "soyuz5-leo.toml")
    document = prices(mission, totals=True, only=["zone stage-1", "zone fairing"])
    cost = {row["of"]: row["cost"] for row in document["totals"]}
    far = next(step for step in steps(mission) if (step.of, step.what) == ("zone stage-1", "far edge moved downrange"))
    freed = Neighbours(mission).solve(far.change(mission, 20.0))
    assert freed.converged
    assert cost["zone stage-1"] == pytest.approx(freed.objective - document["answer"]["optimiser_value"], abs=1.0)
    assert cost["zone stage-1"] > 10.0 and cost["zone fairing"] == 0.0


def test_a_mission_without_a_flight_gives_its_refusal():
    heavy = replace(load_mission(MISSIONS / "soyuz5-leo.toml"), payload_kg=60e3, objective="least_propellant")
    with pytest.raises(NotConverged, match="infeasible"):
        prices(heavy)


def upper(stage, limits, burns="auto"):
    """To 250 x 35 786 km, 48 deg."""
    changes = {"upper_stage.stage": stage, "upper_stage.burns": burns, "upper_stage.disposal": "auto", "zones": None}
    mission = load_mission(MISSIONS / "soyuz5-fregat-gto.toml", changes)
    perigee, apogee = (Element(*(2 * (mission.environment.radius_m + height,))) for height in (250e3, 35786e3))
    inclination = Element(*(2 * (np.radians(48.0),)))
    orbit = replace(
        mission.target, perigee_radius_m=perigee, apogee_radius_m=apogee, inclination_rad=inclination,
        argument_of_perigee_rad=Element(), speed_to_geo_m_s=None,
    )  # fmt: skip
    return with_values(replace(mission, target=orbit), limits)


@pytest.mark.parametrize(
    ("stage", "limits", "names"),
    [
        (
            "fregat", {"burns.first_coast_s": (10.0, 15.0)},
            ("launcher_perigee_max_m", "launcher_apogee_max_m", "first_coast_max_s"),
        ),
        ("fregat-sb", {"upper_stage.coast_min_s": 7300.0}, ("separation_altitude_min_m", "upper_stage coast_min_s")),
    ],
)  # fmt: skip
def test_a_limit_of_an_upper_stage_that_binds_has_a_price(stage, limits, names):
    """And the numbers of the stage: a kilogram of its dry mass costs one of payload and what deorbits it."""
    numbers = [(stage, what) for what in ("dry mass", "specific impulse", "thrust")]
    found = slopes(upper(stage, limits), [*((name, "more") for name in names), *numbers])
    for price, difference in found.values():
        assert price == pytest.approx(difference, rel=0.02) and abs(price) > 0.02
    assert found[stage, "dry mass"][1] < -100.0


def lost_kg(speed_m_s, end_kg, burned_kg, isp_s):
    """What a speed costs of the mass at the end, the propellant held: Tsiolkovsky differentiated, by hand."""
    return speed_m_s / (9.80665 * isp_s) * (end_kg + burned_kg) * end_kg / burned_kg


def test_energy_declination_and_the_shortest_burn_have_prices():
    """Fregat to Mars: its first burn is as short as it may be; both ends of the declination are the same number.

    Without the zone, which is that of a second stage under a Block DM.
    """
    mission = replace(load_mission(MISSIONS / "soyuz5-dm03-mars.toml", {"upper_stage.stage": "fregat"}), zones={})
    names = [("target", "energy C3"), ("target", "declination"), ("upper_stage burn_min_s", "more")]
    found = slopes(mission, names)
    for price, difference in found.values():
        assert price == pytest.approx(difference, rel=0.05) and abs(price) > 0.02
    # By hand: dC3 / 2 v of speed at the perigee, where v^2 = C3 + 2 mu / r; 1455 + 1110 kg come to the end.
    speed = np.sqrt(9.18e6 + 2.0 * 3.986004418e14 / 6.6e6)
    assert found[names[0]][0] == pytest.approx(-lost_kg(1e6 / (2.0 * speed), 2565.0, 5240.0, 327.0), rel=0.15)


def test_what_a_transfer_orbit_leaves_to_the_spacecraft_a_short_life_and_high_coasts_have_prices():
    """Block DM-03: 10 m/s more for the spacecraft are 10 m/s less of the last burn, and the launcher carries the gain too. A
    life that ends before the stage would come to its apogee, and coasts above where it would go, are both felt."""
    changes = {"upper_stage.stage": "block-dm-03-light", "upper_stage.burns": 3, "upper_stage.coast_altitude_min_km": 300.0}
    mission = load_mission(MISSIONS / "soyuz5-fregat-gto.toml", changes | {"zones": None})
    names = [("target", "residual speed"), ("upper_stage life_s", "more"), ("coast_altitude_min_m", "more")]
    found = slopes(with_values(mission, {"upper_stage.life_s": 43000.0}), names)
    for price, difference in found.values():
        assert price == pytest.approx(difference, rel=0.05) and abs(price) > 0.05
    assert found[names[1]][0] > 0.0 > found[names[2]][0]
    price = found[names[0]][0]
    most = lost_kg(10.0, 5160.0 + 2390.0, 14730.0, 356.0)
    assert 0.6 * most < price < most
