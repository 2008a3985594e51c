"""Other numbers in a mission: floats for a case, symbols for an optimisation problem."""

from __future__ import annotations

from pathlib import Path

import casadi as ca
import numpy as np
import pytest

from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.sequence import sequence
from baiterek.physics.table import table_value

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


@pytest.fixture(scope="module")
def soyuz():
    return load_mission(MISSIONS / "soyuz5-leo.toml")


@pytest.fixture(scope="module")
def delta():
    return load_mission(MISSIONS / "published" / "delta-iii.toml")


def written(mission):
    """Every number that flies, as one nested list, to compare missions by value."""
    from baiterek.catalogue.resolved import plain

    vehicle = mission.vehicle
    return plain([vehicle.stages, vehicle.boosters, vehicle.shroud, vehicle.aerodynamics, mission.target, mission.zones])


@pytest.mark.parametrize("name", ["soyuz", "delta"])
def test_its_own_numbers_change_nothing(name, request):
    mission = request.getfixturevalue(name)
    same = with_values(mission, {path: datum.value for path, datum in mission.vehicle.data.items()})
    assert written(same) == written(mission)


def test_every_path_of_the_books_moves_something_that_flies(soyuz, delta):
    for mission in (soyuz, delta):
        for path, datum in mission.vehicle.data.items():
            moved = with_values(mission, {path: datum.value * 1.01 + 0.001})
            assert written(moved) != written(mission), path
            assert moved.vehicle.data[path].value == datum.value * 1.01 + 0.001


def test_a_curve_is_scaled_from_what_it_was(soyuz):
    twice = with_values(with_values(soyuz, {"aerodynamics.axial_factor": 1.2}), {"aerodynamics.axial_factor": 1.1})
    ratio = table_value(1.7, twice.vehicle.aerodynamics.axial) / table_value(1.7, soyuz.vehicle.aerodynamics.axial)
    assert ratio == pytest.approx(1.1, rel=1e-12)


def test_numbers_of_the_mission_move_too(soyuz):
    moved = with_values(
        soyuz,
        {
            "payload_kg": 15e3,
            "target.inclination_rad": 0.91,
            "target.perigee_radius_m.low": 6.5e6,
            "zones.stage-1.latitude_rad": 0.8,
            "limits.dynamic_pressure_Pa": 4e4,
            "environment.wind_east": soyuz.environment.wind_north,
            "reserve.last_stage_fraction": 0.01,
        },
    )
    assert moved.payload_kg == 15e3 and moved.target.inclination_rad.fixed
    assert moved.target.inclination_rad.low == 0.91
    assert moved.target.perigee_radius_m.low == 6.5e6
    assert moved.zones["stage-1"].latitude_rad == 0.8
    assert moved.limits.dynamic_pressure_Pa == 4e4
    assert np.array_equal(moved.environment.wind_east.coefficients, soyuz.environment.wind_north.coefficients)
    assert soyuz.payload_kg is None and moved.reserve.last_stage_fraction == 0.01


@pytest.mark.parametrize("path", ["stage-9.dry_mass_kg", "target.colour", "zones.moon.latitude_rad", "limits.fun", "x"])
def test_a_path_that_is_nowhere_is_an_error(soyuz, path):
    with pytest.raises(KeyError):
        with_values(soyuz, {path: 1.0})


def test_symbols_pass_through(soyuz):
    ca.GlobalOptions.setNumpyMode(-1)
    paths = list(soyuz.vehicle.data)
    symbols = {path: ca.MX.sym(path) for path in paths}
    payload = ca.MX.sym("payload")
    symbolic = sequence(soyuz, with_values(soyuz, {**symbols, "payload_kg": payload})).lift_off_mass_kg
    mass = ca.Function("mass", [payload, *symbols.values()], [symbolic])
    values = [soyuz.vehicle.data[path].value for path in paths]
    plain = sequence(with_values(soyuz, {"payload_kg": 17e3})).lift_off_mass_kg
    assert float(mass(17e3, *values)) == pytest.approx(plain, rel=1e-14)
