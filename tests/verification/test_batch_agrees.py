"""Flights of a batch against single flights: the same physics, read off a grid, by another loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from baiterek.catalogue.override import with_values
from baiterek.constants import WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import fly_many, simulate
from flown import by_hand, mission

MISSION = mission()
STEERING = by_hand(MISSION)
LOOSE = {
    "stage-1.RD-171MV.thrust_vac_N": 1.01,
    "stage-1.RD-171MV.isp_vac_s": 0.995,
    "stage-1.dry_mass_kg": 1.05,
    "stage-1.oxidiser_kg": 0.999,
    "stage-2.RD-0124MS.isp_vac_s": 1.004,
    "stage-2.oxidiser_residual_kg": 1.2,
    "shroud.mass_kg": 0.9,
    "stage-1.body.area_m2": 1.1,
    "aerodynamics.reference_area_m2": 1.02,
}
FACTORS = {
    "aerodynamics.axial_factor": 1.1,
    "aerodynamics.normal_factor": 0.9,
    "stage-1.body.drag_factor": 1.2,
    "shroud.body.drag_factor": 0.8,
}


def dispersed() -> dict[str, float]:
    """Numbers far from the nominal ones, by path."""
    values = {path: factor * MISSION.vehicle.data[path].value for path, factor in LOOSE.items()}
    return values | FACTORS | {"payload_kg": 16500.0}


def place(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    """East and north in m, good for differences."""
    return np.radians([longitude_deg * np.cos(np.radians(latitude_deg)), latitude_deg]) * WGS84_RADIUS_M


def gaps(batch, row: int, history) -> dict[str, float]:
    """Distances in m between a row of a batch and a flight: at insertion, and of every impact."""
    ends = [batch[f"insertion.{axis}_eci_m"][row] - history[f"{axis}_eci_m"][-1] for axis in "xyz"]
    found = {"insertion": float(np.linalg.norm(ends))}
    for fall in history.falls:
        ours = place(batch[f"{fall.name}.impact.latitude_deg"][row], batch[f"{fall.name}.impact.longitude_deg"][row])
        found[fall.name] = float(np.linalg.norm(ours - place(fall.latitude_deg, fall.longitude_deg)))
    return found


def single(values: dict[str, float]):
    """The same numbers in one flight with every formula in full."""
    steering = replace(STEERING, payload_kg=values.get("payload_kg", STEERING.payload_kg))
    numbers = {path: value for path, value in values.items() if path != "payload_kg"}
    return simulate(with_values(MISSION, numbers), steering, rtol=1e-12)


@pytest.fixture(scope="module")
def pair():
    """Row 0 nominal, row 1 dispersed."""
    values = dispersed()
    nominal = {path: MISSION.vehicle.data[path].value for path in (*LOOSE, *FACTORS)} | {"payload_kg": STEERING.payload_kg}
    return {path: np.array([nominal[path], values[path]]) for path in values}


@pytest.mark.parametrize("row", [0, 1])
def test_a_row_is_the_flight_of_its_own_numbers(pair, row):
    """The grid costs millimetres: cubic through values and slopes every 100 m."""
    batch = fly_many(MISSION, STEERING, pair, rtol=1e-12)
    history = single({path: float(values[row]) for path, values in pair.items()})
    assert batch["status"][row] == 0.0
    assert max(gaps(batch, row, history).values()) < 0.05
    assert batch["insertion.mass_kg"][row] == pytest.approx(history["mass_kg"][-1], abs=1e-6)
    assert batch["stage-1.separation.dropped_kg"][row] == pytest.approx(history.falls[0].mass_kg, abs=1e-6)


def test_the_default_tolerance_keeps_the_bars_of_a_batch(pair):
    quick, fine = fly_many(MISSION, STEERING, pair), fly_many(MISSION, STEERING, pair, rtol=1e-12)
    for body, metres in (("stage-1", 1.0), ("fairing", 5.0)):
        names = [f"{body}.impact.{angle}_deg" for angle in ("latitude", "longitude")]
        ours, theirs = (np.array([place(*row) for row in zip(*(b[n] for n in names), strict=True)]) for b in (quick, fine))
        assert np.max(np.linalg.norm(ours - theirs, axis=1)) < metres


def test_the_air_and_the_wind_of_a_row_are_felt(pair):
    """A gust that is the mean wind over again, against the mean wind doubled."""
    knots = np.array(MISSION.environment.wind_east.knots)
    fine = np.linspace(knots[0], knots[-1], 300)
    from baiterek.physics.table import table_value

    profile = table_value(fine, MISSION.environment.wind_east)
    gust = fly_many(MISSION, STEERING, {"wind.east_m_s": profile[None, :]}, wind_knots_m=fine, rtol=1e-10)
    double = fly_many(MISSION, STEERING, {"wind.east_factor": np.array([2.0])}, rtol=1e-10)
    calm = fly_many(MISSION, STEERING, {}, flights=1, rtol=1e-10)
    for column in ("stage-1.impact.longitude_deg", "insertion.x_eci_m"):
        moved = double[column][0] - calm[column][0]
        assert abs(moved) > 1e-3
        assert gust[column][0] - calm[column][0] == pytest.approx(moved, rel=2e-3)
    thick = fly_many(MISSION, STEERING, {"air.density_factor": np.array([1.1])}, rtol=1e-10)
    assert thick["stage-1.separation.speed_earth_m_s"][0] < calm["stage-1.separation.speed_earth_m_s"][0]


def test_a_stage_that_runs_dry_is_cut_off_there():
    isp = MISSION.vehicle.data["stage-1.RD-171MV.isp_vac_s"].value
    short = fly_many(MISSION, STEERING, {"stage-1.RD-171MV.isp_vac_s": np.array([isp, 0.8 * isp])})
    stage = MISSION.vehicle.stages[0]
    burned = stage.usable_kg
    assert list(short["stage-1.depleted"]) == [0.0, 1.0]
    assert short["stage-1.separation.t_s"][1] < short["stage-1.separation.t_s"][0] - 1.0
    assert short["stage-1.usable_left_kg"][1] == pytest.approx(0.0, abs=1e-5)
    # The books: inert mass, and of the propellants what was loaded less what can burn.
    assert short["stage-1.separation.dropped_kg"][1] == pytest.approx(stage.inert_kg + stage.tanks.loaded_kg - burned, abs=1e-4)
    aboard = short["stage-1.oxidiser_left_kg"] + short["stage-1.fuel_left_kg"] + stage.inert_kg
    assert short["stage-1.separation.dropped_kg"] == pytest.approx(aboard, abs=1e-4)


def test_a_row_does_not_know_its_neighbours_nor_the_threads(pair):
    rows = 130  # more than two tasks
    many = {path: np.linspace(values[0], values[1], rows) for path, values in pair.items()}
    together = fly_many(MISSION, STEERING, many, threads=2)
    alone = fly_many(MISSION, STEERING, {path: values[77:78] for path, values in many.items()}, threads=1)
    backwards = fly_many(MISSION, STEERING, {path: values[::-1] for path, values in many.items()}, threads=1)
    for name, column in together.columns.items():
        assert column[77] == alone[name][0] or (np.isnan(column[77]) and np.isnan(alone[name][0])), name
        np.testing.assert_array_equal(column, backwards[name][::-1])


def test_what_is_logged_is_what_was_flown(pair):
    """One number of one row changes: that row of the log, and no other row of the table."""
    many = {path: np.repeat(values[:1], 4) for path, values in pair.items()}
    before = fly_many(MISSION, STEERING, many)
    many["stage-2.RD-0124MS.isp_vac_s"] = many["stage-2.RD-0124MS.isp_vac_s"] + np.array([0.0, 0.0, 0.01, 0.0])
    after = fly_many(MISSION, STEERING, many)
    for path, values in after.inputs.items():
        same = values == before.inputs[path]
        assert list(same) == [True, True, path != "stage-2.RD-0124MS.isp_vac_s", True]
    moved = [name for name in after.columns if not np.array_equal(after[name][2], before[name][2], equal_nan=True)]
    assert "insertion.x_eci_m" in moved
    assert not [name for name in moved if name.startswith("stage-1.")]
    for name in after.columns:
        for row in (0, 1, 3):
            assert np.array_equal(after[name][row], before[name][row], equal_nan=True)


def test_peak_loads_are_those_of_the_columns(pair):
    batch = fly_many(MISSION, STEERING, {}, flights=1)
    columns = simulate(MISSION, STEERING, output_s=0.05).columns
    for peak, name in (
        ("peak.dynamic_pressure_Pa", "dynamic_pressure_Pa"),
        ("peak.axial_acceleration_m_s2", "axial_acceleration_m_s2"),
    ):
        assert batch[peak][0] == pytest.approx(columns[name].max(), rel=2e-3)
    assert batch["peak.q_alpha_Pa_rad"][0] == pytest.approx(columns["q_alpha_Pa_rad"].max(), rel=2e-2)


@pytest.mark.parametrize(
    ("path", "values", "word"),
    [
        ("stage-1.RD-171MV.throttle_min", [0.5], "no flight of given steering feels"),
        ("navigation.misalignment_x_rad", [1e-3], "in closed loop"),
        ("no.such.number", [1.0], "no flight of given steering feels"),
        ("stage-1.dry_mass_kg", [np.nan], "finite"),
        ("stage-2.dry_mass_kg", [-90e3], "flight 0"),
        ("air.density_factor", [1.0, -0.5], "flight 1"),
    ],
)
def test_what_cannot_be_flown_is_refused(path, values, word):
    with pytest.raises(InputError, match=word):
        fly_many(MISSION, STEERING, {path: np.array(values)})
