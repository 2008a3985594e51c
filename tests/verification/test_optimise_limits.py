"""What an optimum says of itself: sensitivities, limits kept, and the reason when there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission
from baiterek.errors import NotConverged
from baiterek.trajectory import optimise

MISSIONS = Path(__file__).parents[2] / "missions"


@pytest.fixture(scope="module")
def delta():
    return load_mission(MISSIONS / "published" / "delta-iii.toml")


@pytest.fixture(scope="module")
def delta_optimum(delta):
    return optimise(delta).require()


@pytest.fixture(scope="module")
def soyuz():
    return load_mission(MISSIONS / "soyuz5-leo.toml")


@pytest.fixture(scope="module")
def unhindered(soyuz):
    """Without the limits of dense air and without zones: what stands in the way is then what the test put there."""
    fewer = dict.fromkeys(("dynamic_pressure_Pa", "q_alpha_Pa_rad", "angle_of_attack_rad", "turn_rate_rad_s"))
    return replace(soyuz, limits=replace(soyuz.limits, **fewer), zones={})


@pytest.fixture(scope="module")
def soyuz_optimum(soyuz):
    return optimise(soyuz).require()


def test_loads_are_kept_between_nodes_without_a_limit_on_the_turn_rate(soyuz):
    """The attitude is then free from node to node, and swings at the start of an interval, before its first node."""
    found = optimise(replace(soyuz, limits=replace(soyuz.limits, turn_rate_rad_s=None))).require()
    q_alpha = next(limit for limit in found.limits if limit.name == "q_alpha_Pa_rad")
    assert q_alpha.active and q_alpha.value == pytest.approx(q_alpha.limit, rel=1e-3)


@pytest.mark.parametrize(
    "path",
    [
        "stage-1.dry_mass_kg",
        "stage-2.dry_mass_kg",
        "stage-2.main.thrust_N",
        "stage-2.main.isp_vac_s",
        "srb-lit-on-ground.propellant_kg",
        "srb-lit-in-flight.motor.thrust_N",
        "aerodynamics.reference_area_m2",
    ],
)
def test_a_sensitivity_is_the_slope_of_optima_solved_again(delta, delta_optimum, path):
    """Central differences over 0.2 % of each number; 1 % or what an optimum good to a gram leaves of the difference."""
    value = delta.vehicle.data[path].value
    step = 1e-3 * value
    ends = [optimise(with_values(delta, {path: value + s})).require().objective for s in (-step, step)]
    slope = (ends[1] - ends[0]) / (2.0 * step)
    assert delta_optimum.sensitivities[path] == pytest.approx(slope, rel=0.01, abs=1e-3 / step)


def test_a_converged_flight_keeps_every_limit(delta_optimum, soyuz_optimum):
    for optimum in (delta_optimum, soyuz_optimum):
        assert optimum.status == "converged"
        assert optimum.limits
        assert [v.name for v in optimum.limits if not v.met] == []


def test_the_columns_of_the_flight_say_the_same(soyuz, soyuz_optimum):
    """The limits of the mission file on what `observe` makes of the re-integrated states, 0.1 % as the verdicts allow."""
    history, limits = soyuz_optimum.history, soyuz.limits
    rate = np.linalg.norm(np.diff([history[f"u{c}_eci"] for c in "xyz"], axis=1), axis=0)
    step = np.diff(history.t_s)
    inside = (step > 1e-6) & (np.diff(history.phase) == 0) & (history.phase[1:] > 0)
    peaks = {
        "dynamic_pressure_Pa": history["dynamic_pressure_Pa"].max(),
        "q_alpha_Pa_rad": history["q_alpha_Pa_rad"][history.phase <= history.phases.index("stage-1")].max(),
        "axial_acceleration_m_s2": history["axial_acceleration_m_s2"].max(),
        "turn_rate_rad_s": (rate[inside] / step[inside]).max(),
    }
    for name, peak in peaks.items():
        assert peak <= 1.001 * getattr(limits, name), name
    assert history["altitude_m"][-1] >= 0.999 * limits.insertion_altitude_min_m
    release = np.flatnonzero(history.phase == history.phases.index("stage-2 with fairing"))[-1]
    assert history["heat_flux_W_m2"][release] <= 1.001 * soyuz.vehicle.shroud.threshold


def test_an_active_limit_has_a_price_and_an_idle_one_none(soyuz_optimum):
    active = {v.name for v in soyuz_optimum.limits if v.active}
    idle = {v.name for v in soyuz_optimum.limits} - active
    gains = {(price.of, price.what): price.gain for price in soyuz_optimum.prices}
    assert {gain for (of, _), gain in gains.items() if of in idle} == {0.0}
    assert active <= {of for of, _ in gains}
    # More of either propellant is more payload; the fairing goes as soon as it may.
    assert gains["propellant stage-1", "residual made usable"] > 0.0
    assert gains["propellant stage-2", "residual made usable"] > 0.0
    assert gains["shroud heat_flux_W_m2", "more"] > 0.0


def test_a_payload_beyond_the_vehicle_is_named_with_what_is_missing(unhindered):
    """40 t to 200 km: Tsiolkovsky's ideal velocity of both stages, 7.1 km/s, is less than the orbit's energy alone asks for
    (7.7 km/s with the turning of the Earth), so no flight exists."""
    heavy = replace(unhindered, payload_kg=40e3, objective="least_propellant")
    optimum = optimise(heavy)
    assert optimum.status == "infeasible"
    assert "propellant" in optimum.advice
    assert "m/s" in optimum.advice
    # It cannot lack less than what the ideal velocity falls short of, 0.58 km/s.
    missing = max(value for name, value in optimum.missing.items() if name.endswith("m/s"))
    assert missing > 500.0
    with pytest.raises(NotConverged):
        optimum.require()


def test_a_floor_above_the_orbit_is_named(unhindered):
    """A circular orbit of 200 km has no point 300 km high."""
    floor = replace(unhindered.limits, insertion_altitude_min_m=300e3)
    optimum = optimise(replace(unhindered, limits=floor))
    assert optimum.status == "infeasible"
    assert "insertion_altitude_min" in optimum.advice
