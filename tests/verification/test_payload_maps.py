"""Payload maps against optima that are solved alone from no guess, and what becomes of an interrupted one."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiterek.errors import InputError
from baiterek.study import performance_upper
from baiterek.study.performance import _blocks, performance
from baiterek.study.performance_files import dataset, map_base, save_map, summary
from baiterek.study.performance_map import Axis, Cell, check_axes, mission_at, parse_axis
from baiterek.study.performance_upper import Start, UpperSweep
from baiterek.trajectory import Neighbours, optimise

ALTITUDES = Axis("altitude_km", (200.0, 230.0))
INCLINATIONS = Axis("inclination_deg", (51.6, 54.0))


class Stop(Exception):
    """What interrupts a map in the middle."""


@pytest.fixture(scope="module")
def small():
    return performance(map_base(None, None, (ALTITUDES, INCLINATIONS)), (ALTITUDES, INCLINATIONS))


def test_a_cell_from_its_neighbours_is_the_optimum_that_is_found_alone(small):
    """Authority: the cold solution on its own mesh. Tolerance: steering that runs straight between the ends of other
    intervals differs by 5 kg (0.03 %), held-back loads by 0.5 kg."""
    alone = optimise(mission_at(small.base, small.axes, (1, 1))).require()
    assert small.cells[1, 1].payload_kg == pytest.approx(alone.payload_kg, abs=8.0)
    assert small.counts() == {"converged": 4, "infeasible": 0, "failed": 0}


def test_every_cell_is_flown_within_the_gap_of_an_optimum_and_northbound(small):
    for cell in small.cells.values():
        assert cell.gap_m <= 20.0 and cell.gap_m_s <= 0.05
        assert cell.impacts_deg["stage-1"][0] > small.base.site.latitude_rad * 180 / np.pi
        assert cell.sigma_kg > 100.0
        assert "propellant stage-2" in cell.active


def test_a_cell_far_from_its_neighbours_is_the_optimum_that_is_found_alone():
    """46 to 98 deg, 100 deg of launch azimuth: counted from the plane of one end, the steering angles of the other end
    have no meaning, and the cell lost 1.1 % of payload. Authority and tolerance as above."""
    axes = (Axis("altitude_km", (400.0,)), Axis("inclination_deg", (46.0, 64.8, 98.0)))
    found = performance(map_base(None, None, axes), axes)
    alone = optimise(mission_at(found.base, axes, (0, 2))).require()
    assert found.cells[0, 2].payload_kg == pytest.approx(alone.payload_kg, abs=8.0)


def test_a_cell_out_of_reach_says_which_limit_and_what_lies_beyond_it_too():
    axes = (Axis("altitude_km", (700.0, 1100.0, 1500.0)),)
    found = performance(map_base(None, None, axes), axes)
    assert found.cells[0,].status == "converged"
    assert found.cells[1,].status == "infeasible" and "m/s" in found.cells[1,].why
    assert found.cells[2,].status == "infeasible" and found.cells[2,].why.startswith("already at altitude km 1100")


def test_a_refusal_names_the_acceleration_that_a_fixed_thrust_does_not_keep():
    """Soyuz-5's second stage does not throttle: at 4 g it must weigh F / 4 g = 15.00 t when it stops, so that less payload
    leaves propellant unburned and reaches no higher. At 700 km and 96 deg that is too little. What the refusal says of the
    acceleration to first order is checked by solving on both sides of it."""
    axes = (Axis("altitude_km", (600.0, 650.0, 700.0)), Axis("inclination_deg", (94.0, 96.0)))
    base = map_base(None, None, axes)
    family = Neighbours(mission_at(base, axes, (0, 0)))
    highest = family.solve(mission_at(base, axes, (2, 0)), family.solve(mission_at(base, axes, (1, 0))))
    stage, ceiling_m_s2 = base.vehicle.stages[1], float(base.limits.axial_acceleration_m_s2)
    empty_kg = highest.payload_kg + stage.inert_kg + stage.tanks.loaded_kg - stage.usable_kg
    assert empty_kg == pytest.approx(stage.engines[0].thrust_vac_N / ceiling_m_s2, rel=1e-3)
    beyond = mission_at(base, axes, (2, 1))
    refusal = family.why(beyond, highest)
    said = re.search(r"axial_acceleration_m_s2 would have to rise from 39.23 to ([\d.]+) m/s2", refusal.advice)
    assert refusal.status == "infeasible" and said is not None
    for share, converges in ((0.5, False), (1.2, True)):
        raised = ceiling_m_s2 + share * (float(said[1]) - ceiling_m_s2)
        other = replace(beyond, limits=replace(beyond.limits, axial_acceleration_m_s2=raised))
        assert family.solve(other, highest).converged is converges


def test_an_interrupted_map_goes_on_with_the_cells_it_has(tmp_path, small):
    def interrupt(text: str) -> None:
        if text.startswith("2 of"):
            raise Stop

    with pytest.raises(Stop):
        performance(small.base, small.axes, 1, tmp_path, interrupt)
    lines = (tmp_path / "cells.jsonl").read_text().splitlines()
    assert len(lines) == 2
    (tmp_path / "cells.jsonl").write_text("\n".join(lines) + '\n{"index": [1, ')  # a line that was cut off
    resumed = performance(small.base, small.axes, 1, tmp_path)
    for index, cell in small.cells.items():
        assert resumed.cells[index].payload_kg == pytest.approx(cell.payload_kg, abs=0.5)
    kept = [json.loads(line)["index"] for line in lines]
    assert all(resumed.cells[tuple(index)].payload_kg == json.loads(line)["payload_kg"] for index, line in zip(kept, lines))


def test_files_of_a_map_are_read_by_other_hands(tmp_path, small):
    xarray = pytest.importorskip("xarray")
    folder = save_map(small, tmp_path)
    rows = list(csv.DictReader((folder / "performance.csv").open(encoding="utf-8")))
    read = xarray.open_dataset(folder / "performance.nc")
    for row in rows:
        at = {"altitude_km": float(row["altitude_km"]), "inclination_deg": float(row["inclination_deg"])}
        assert float(read.payload_kg.sel(at)) == float(row["payload_kg"])
    assert read.payload_kg.attrs["units"] == "kg"
    assert all("long_name" in variable.attrs for variable in read.data_vars.values())
    assert set(json.loads((folder / "result.json").read_text())["counts"]) == {"converged", "infeasible", "failed"}
    assert dataset(small).sizes["limit"] == len(small.limits)


def test_a_cell_over_an_upper_stage_is_the_optimum_that_is_found_alone():
    """Twice the apogee away from its neighbour. Authority: the cold solution on its own mesh; tolerance as above."""
    axes = (Axis("apogee_altitude_km", (1000.0, 2000.0)),)
    found = performance(map_base(None, None, axes, "block-dm-03-light"), axes)
    alone = optimise(mission_at(found.base, axes, (1,))).require()
    cell = found.cells[1,]
    assert cell.payload_kg == pytest.approx(alone.payload_kg, abs=8.0) and cell.gap_m <= 20.0
    assert list(cell.burn_s) == ["stage-1", "stage-2", "block-dm-03-light"]
    upper = found.base.upper_stage
    flow_kg_s = upper.thrust_N / (9.80665 * upper.isp_s)
    assert cell.burn_s["block-dm-03-light"] * flow_kg_s <= upper.propellant_kg - upper.residual_kg
    assert "stage-2" in cell.impacts_deg, "the launcher's last stage comes down"
    assert summary(found)["fixed"] == {"perigee_altitude_km": 200.0, "inclination_deg": 51.6}


def test_over_an_upper_stage_a_failed_cell_is_tried_again_from_what_was_solved_since(monkeypatch):
    """The first cell has no start but a later one, and another number of burns is no neighbour."""
    axes = (Axis("altitude_km", (200.0, 500.0, 600.0)),)
    sweep = UpperSweep(map_base(None, None, axes, "fregat"), axes, [(1,), (0,), (2,)], {})
    asked = []

    def anew(self, index):
        if index == (1,) or index == (0,):
            return Cell(index, "failed", "no flight found")
        self.starts[index] = Start(None, None, (2, "deorbit"))
        return Cell(index, "converged")

    def walked(base, axes, family, found, start, index):
        asked.append((start, index))
        return SimpleNamespace(converged=True)

    monkeypatch.setattr(UpperSweep, "_anew", anew)
    monkeypatch.setattr(performance_upper, "walked", walked)
    monkeypatch.setattr(performance_upper, "flown", lambda index, *rest: Cell(index, "converged"))
    cells = [(cell.index, cell.status) for cell in sweep.cells()]
    assert cells == [((1,), "failed"), ((0,), "failed"), ((2,), "converged"), ((1,), "converged")]
    assert asked == [((2,), (1,))], "one burn to 200 km, two to 500 and 600 km"


def test_processes_share_the_cells_of_a_map_over_an_upper_stage():
    axes = (Axis("apogee_altitude_km", tuple(range(1000, 8000, 1000))), Axis("inclination_deg", (51.6, 64.8)))
    blocks = _blocks(map_base(None, None, axes, "fregat"), (7, 2), 3)
    assert len(blocks) == 3 and sorted(index for block in blocks for index in block) == list(np.ndindex(7, 2))
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 or b[0] == 0 for block in blocks for a, b in pairwise(block))


@given(st.floats(0, 1e4), st.floats(1, 500), st.integers(1, 200))
def test_an_axis_has_its_ends_and_equal_steps(low, step, count):
    axis = parse_axis("altitude_km", f"{low}:{low + step * count}:{step}")
    assert axis.values[0] == low
    assert axis.values[-1] == pytest.approx(low + step * count, abs=step * 1e-6)
    assert len(axis.values) == count + 1


@given(st.text(max_size=30))
def test_a_bad_axis_is_one_line(text):
    try:
        axis = parse_axis("altitude_km", text)
    except InputError as error:
        assert "\n" not in str(error) and "altitude_km" in str(error)
    else:
        assert all(np.isfinite(axis.values))


@pytest.mark.parametrize(
    "axes",
    [(), (ALTITUDES, Axis("apogee_altitude_km", (300.0,))), (ALTITUDES, INCLINATIONS, Axis("perigee_altitude_km", (1.0,))),
     (Axis("c3_km2_s2", (1.0,)),), (Axis("sun_synchronous_km", (600.0,)), INCLINATIONS), (Axis("sun_synchronous_km", (6e3,)),)],
)  # fmt: skip
def test_axes_that_say_the_same_twice_or_nothing_are_refused(axes):
    with pytest.raises(InputError):
        check_axes(axes)
