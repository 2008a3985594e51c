"""Many flights of one steering, each of a vehicle, an air and a wind of its own: one row a flight."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.vehicle import Stage
from baiterek.flight.closed_loop import fly_rows_guided, new_pilot
from baiterek.flight.fleet import ON_TOP, Fleet, Load, load_fleet
from baiterek.flight.fleet_flight import Log, empty_log, fly_rows
from baiterek.flight.fleet_kernel import (
    FAILED,
    PEAK_AXIAL,
    PEAK_AXIAL_TIME,
    PEAK_Q,
    PEAK_Q_ALPHA,
    PEAK_Q_ALPHA_TIME,
    PEAK_Q_TIME,
    room,
)
from baiterek.flight.integrator import GOING, STUCK
from baiterek.flight.kernel import LANDED
from baiterek.flight.onboard import load_onboard
from baiterek.flight.simulate import FALL_HORIZON_S
from baiterek.history import Array, Steering
from baiterek.physics.ascent import air_data
from baiterek.physics.earth import rotate_z
from baiterek.physics.heating import free_molecular_heat_flux
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.table import cubic_between

BATCH_RTOL = 1e-7
"""Relative tolerance of a step of a batch (benchmarks/flight_batch.py prints what it leaves)."""
ROWS_A_TASK = 64
"""Flights that a thread takes at once."""

STATUSES = {GOING: "flown", STUCK: "stuck", FAILED: "failed"}


@dataclass(frozen=True, repr=False)
class Batch:
    """Flights as columns of equal length: inputs as they were flown, events, loads, orbits, impacts, propellants."""

    inputs: Mapping[str, Array]
    columns: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.columns["status"])

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __repr__(self) -> str:
        flown = int(np.sum(self.columns["status"] == GOING))
        return f"<Batch: {len(self)} flights, {flown} flown to their end, {len(self.columns)} columns>"


def fly_many(
    mission: Mission,
    steering: Steering,
    inputs: Mapping[str, Any],
    *,
    closed_loop: bool = False,
    flights: int | None = None,
    first_flight: int = 0,
    wind_knots_m: Any = None,
    rtol: float = BATCH_RTOL,
    threads: int | None = None,
    fall_horizon_s: float = FALL_HORIZON_S,
) -> Batch:
    """Flies `steering` with every row of `inputs`: arrays of one value a flight, by path.

    Paths: numbers of the vehicle (`mission.vehicle.data`, such as `stage-1.RD-171MV.isp_vac_s`), `payload_kg`,
    `adapter_kg`, `air.density_factor`, `wind.east_factor`, `wind.north_factor`, `wind.east_m_s`, `wind.north_m_s` and
    `air.density_deviation` (one number a flight, or a row of them at `wind_knots_m`). Without inputs give the number of
    `flights`. Messages count them from `first_flight`.
    A stage is cut off by time, as the steering has it, or where its propellant ends, whichever comes first. In closed
    loop the first stage flies attitude and throttle of the nominal flight by navigated speed over the Earth and is cut
    off at its speed; the last is guided to the nominal orbit (`guidance`), on a state with the errors of `navigation.*`
    inputs; its table has the navigated orbit too, and `steering` is flown once, with nominal numbers, to load the
    computer. A row depends on its own inputs only: neither on its neighbours nor on the number of threads.
    """
    load = load_fleet(mission, steering, inputs, wind_knots_m, flights, first_flight, closed_loop)
    stages = load.fleet.usable_kg.shape[1]
    log = empty_log(load.flights, load.fleet.drop_mass_kg.shape[1], stages)
    believed, targets = np.full((load.flights, 6), np.nan), np.full((load.flights, 2), np.nan)
    onboard = load_onboard(replace(mission, payload_kg=steering.payload_kg), steering) if closed_loop else None
    rows = load.course.commands.shape[1]

    def task(first: int) -> None:
        last = min(first + ROWS_A_TASK, load.flights)
        how = (float(fall_horizon_s), float(rtol))
        if onboard is None:
            fly_rows(load.course, load.fleet, first, last, room(rows), log, *how)
        else:
            pilot = new_pilot(onboard, believed, targets)
            fly_rows_guided(load.course, load.fleet, pilot, first, last, room(rows), log, *how)

    _in_threads(task, range(0, load.flights, ROWS_A_TASK), threads or os.cpu_count() or 1)
    columns = _columns(load, log)
    if closed_loop:
        said = np.where((log.status == FAILED)[:, None], np.nan, believed)
        columns |= _orbit("navigated", said, load) | _aimed_at(targets, load)
        names = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
        columns |= {f"navigated.{name}": np.ascontiguousarray(of) for name, of in zip(names, said.T, strict=True)}
    return Batch({path: np.array(values, dtype=float) for path, values in inputs.items()}, columns)


def _in_threads(task: Callable[[int], None], starts: range, threads: int) -> None:
    """Rows in small tasks: the compiled code holds no lock of Python, so plain threads share the work."""
    if threads == 1 or len(starts) == 1:
        for first in starts:
            task(first)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(task, starts):
            pass


def _columns(load: Load, log: Log) -> dict[str, Array]:
    """Every column of the table, from the events."""
    columns: dict[str, Any] = {"status": log.status}
    drops = [drop for phase in load.phases.phases for drop in phase.drops]
    for d, drop in enumerate(drops):
        if drop.spent:
            continue
        columns |= _event(f"{drop.name}.separation", log.separations[:, d], load)
        columns[f"{drop.name}.separation.dropped_kg"] = log.separations[:, d, 6]
        if drop.body is not None:
            columns |= _impact(f"{drop.name}.impact", log.impacts[:, d], log.landed[:, d], load)
    end = np.where((log.status == FAILED)[:, None], np.nan, log.end)
    columns |= _event("insertion", end, load)
    columns["insertion.mass_kg"] = end[:, 6]
    columns |= _orbit("insertion", end, load)
    columns |= _event("failure", log.failure, load)
    columns["failure.mass_kg"] = log.failure[:, 6]
    columns |= _impact("vehicle.impact", log.wreck, log.wrecked, load)
    columns |= {
        "peak.dynamic_pressure_Pa": log.peaks[:, PEAK_Q],
        "peak.dynamic_pressure_t_s": log.peaks[:, PEAK_Q_TIME],
        "peak.q_alpha_Pa_rad": log.peaks[:, PEAK_Q_ALPHA],
        "peak.q_alpha_t_s": log.peaks[:, PEAK_Q_ALPHA_TIME],
        "peak.axial_acceleration_m_s2": log.peaks[:, PEAK_AXIAL],
        "peak.axial_acceleration_t_s": log.peaks[:, PEAK_AXIAL_TIME],
    }
    for b, budget in enumerate(load.phases.budgets):
        stage = next((each for each in load.mission.vehicle.stages if each.name == budget.stage), None)
        columns |= _propellants(budget.stage, stage, log.left_kg[:, b])
        columns[f"{budget.stage}.depleted"] = log.depleted[:, b]
    shape = (load.flights,)
    return {name: np.ascontiguousarray(np.broadcast_to(column, shape), dtype=float) for name, column in columns.items()}


def _event(name: str, event: Array, load: Load) -> dict[str, Any]:
    """Time, place and motion at an event; the free-molecular heat flux there is that which a fairing leaves to."""
    x, y, z, vx, vy, vz = event.T[:6]
    t_s = event[:, -1]
    earth = load.plan.environment
    flow = air_data(x, y, z, vx, vy, vz, earth)
    wx, wy = vx + earth.rotation_rad_s * y, vy - earth.rotation_rad_s * x
    factor = load.fleet.density * (1.0 + _deviation(flow.altitude_m, load.fleet))
    return {
        f"{name}.t_s": t_s,
        **dict(zip((f"{name}.{axis}_eci_m" for axis in "xyz"), (x, y, z), strict=True)),
        **dict(zip((f"{name}.v{axis}_eci_m_s" for axis in "xyz"), (vx, vy, vz), strict=True)),
        f"{name}.altitude_m": flow.altitude_m,
        **_place(name, x, y, t_s, flow, load),
        f"{name}.speed_earth_m_s": np.sqrt(wx * wx + wy * wy + vz * vz),
        f"{name}.heat_flux_W_m2": free_molecular_heat_flux(flow.density_kg_m3 * factor, flow.airspeed_m_s),
    }


def _deviation(altitude_m: Array, fleet: Fleet) -> Array:
    """Relative deviation of each flight's density at an altitude of its own."""
    knots, row, column = fleet.gust_knots_m, np.arange(len(altitude_m)), 2 * ON_TOP.index("air.density_deviation")
    if len(knots) == 1:
        return np.asarray(fleet.gust[:, 0, column])
    cell = np.clip(np.searchsorted(knots, altitude_m, side="right") - 1, 0, len(knots) - 2)
    length = knots[cell + 1] - knots[cell]
    here, ahead = fleet.gust[row, cell, column : column + 2].T, fleet.gust[row, cell + 1, column : column + 2].T
    s = np.clip((altitude_m - knots[cell]) / length, 0.0, 1.0)
    return np.asarray(cubic_between(here[0], ahead[0], here[1] * length, ahead[1] * length, s))


def _place(name: str, x: Array, y: Array, t_s: Array, flow: Any, load: Load) -> dict[str, Any]:
    turned = load.mission.sidereal_angle_rad + load.plan.environment.rotation_rad_s * t_s
    fx, fy = rotate_z(x, y, turned)
    return {
        f"{name}.latitude_deg": np.degrees(np.arctan2(flow.sin_latitude, flow.cos_latitude)),
        f"{name}.longitude_deg": np.degrees(np.arctan2(fy, fx)),
    }


def _impact(name: str, event: Array, landed: Array, load: Load) -> dict[str, Any]:
    """Where one piece came down; NaN where it stayed up."""
    down = np.where((landed == LANDED)[:, None], event, np.nan)
    x, y, z, vx, vy, vz = down.T[:6]
    flow = air_data(x, y, z, vx, vy, vz, load.plan.environment)
    return {f"{name}.t_s": down[:, -1], **_place(name, x, y, down[:, -1], flow, load)}


def _orbit(name: str, event: Array, load: Load) -> dict[str, Any]:
    """Osculating elements in the axes of launch; altitudes above the equatorial radius."""
    earth = load.plan.environment
    elements = elements_from_state(*event.T[:6], earth.mu_m3_s2)
    return {
        f"{name}.semi_major_axis_m": 1.0 / elements.inverse_semi_major_axis_1_m,
        f"{name}.eccentricity": elements.eccentricity,
        f"{name}.perigee_altitude_m": elements.perigee_radius_m - earth.radius_m,
        f"{name}.apogee_altitude_m": elements.apogee_radius_m - earth.radius_m,
        f"{name}.inclination_deg": np.degrees(elements.inclination_rad),
        f"{name}.raan_deg": np.degrees(elements.raan_rad),
        f"{name}.argument_of_perigee_deg": np.degrees(elements.argument_of_perigee_rad),
        f"{name}.true_anomaly_deg": np.degrees(elements.true_anomaly_rad),
    }


def _propellants(name: str, stage: Stage | None, left_kg: Array) -> dict[str, Any]:
    """What the engines could still have burned at cut-off, and what is aboard of each kind, residuals included."""
    columns = {f"{name}.usable_left_kg": left_kg}
    if stage is None:  # the upper stage, whose tanks know one propellant
        return columns
    burned = stage.usable_kg - left_kg
    ratio = stage.mixture_ratio
    if stage.tanks.propellant_kg is not None or ratio is None:
        return columns | {f"{name}.propellant_left_kg": stage.tanks.propellant_kg - burned}
    return columns | {
        f"{name}.oxidiser_left_kg": stage.tanks.oxidiser_kg - burned * ratio / (1.0 + ratio),
        f"{name}.fuel_left_kg": stage.tanks.fuel_kg - burned / (1.0 + ratio),
    }


def _aimed_at(targets: Array, load: Load) -> dict[str, Any]:
    """The orbit that guidance aimed at in the end: lower than the nominal one where propellant did not do for that."""
    parameter, eccentricity = targets.T
    radius = load.plan.environment.radius_m
    return {
        "target.perigee_altitude_m": parameter / (1.0 + eccentricity) - radius,
        "target.apogee_altitude_m": np.where(eccentricity < 1.0, parameter / (1.0 - eccentricity) - radius, np.nan),
    }
