"""A mission and its steering -> the flight that they give, with every body that falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Drop, Phase, events, sequence
from baiterek.errors import NotConverged
from baiterek.flight.integrator import GOING
from baiterek.flight.kernel import LANDED, fly
from baiterek.flight.plan import Plan, write_plan
from baiterek.history import Array, Event, Fall, History, Steering
from baiterek.physics.ascent import air_data
from baiterek.physics.earth import Environment
from baiterek.physics.observe import observe

RTOL = 1e-8
"""Relative tolerance of a step: within 0.1 m at insertion and 0.5 m at impact (test_flight_agrees.py)."""
UPPER_RTOL = 1e-11
"""The same with an upper stage: within 0.1 m after six hours of coasting (test_upper_stage_is_flown.py)."""
OUTPUT_S = 1.0
COAST_OUTPUT_S = 20.0
FALL_OUTPUT_S = 5.0
FALL_HORIZON_S = 7200.0
"""A body that is still up after so long (more than a revolution) is reported as not landed."""


def simulate(
    mission: Mission,
    steering: Steering,
    *,
    rtol: float | None = None,
    output_s: float = OUTPUT_S,
    fall_output_s: float = FALL_OUTPUT_S,
    fall_horizon_s: float = FALL_HORIZON_S,
) -> History:
    """Flies `steering` from the pad at rest on the turning Earth through every phase, and drops what is to be dropped.

    Equations: `physics.ascent`. The steering's payload goes into the mission. The integrator stops at every break of
    the steering and at every end of a phase, where the History has two rows: before and after. Output steps do not
    bend the integration; the coasts of an upper stage have them every `COAST_OUTPUT_S`. Without `rtol` it is `RTOL`, or
    `UPPER_RTOL` where errors grow through hours of coasting. Raises `NotConverged` where the motion cannot be
    continued (no mass left, no number).
    """
    loaded = as_flown(mission, steering)
    phases = sequence(loaded).phases
    plan = write_plan(loaded, phases, steering)
    every = [max(output_s, COAST_OUTPUT_S) if phase.coast else output_s for phase in phases]
    times, rows = output_times(plan, every)
    if rtol is None:
        rtol = RTOL if mission.upper_stage is None else UPPER_RTOL
    status, stop_s, states, commands, separations, *falls = fly(
        plan, times, rows, float(fall_output_s), float(fall_horizon_s), float(rtol)
    )
    if status != GOING:
        raise NotConverged(
            f"the flight of {mission.name} cannot be continued beyond {stop_s:.3f} s: "
            "look for a phase that burns more than the vehicle carries, or a steering without direction"
        )
    drops = [(index, drop) for index, phase in enumerate(phases) for drop in phase.drops]
    fallen = _falls(mission, plan, drops, separations, falls)
    return History(
        columns=_columns(loaded, phases, plan, times, rows, states, commands),
        phase=np.repeat(np.arange(len(phases), dtype=np.int32), np.diff(rows)),
        phases=tuple(phase.name for phase in phases),
        events=_events(phases, plan, fallen),
        steering=steering,
        falls=fallen,
        source="simulator",
    )


def output_times(plan: Plan, every_s: Sequence[float]) -> tuple[Array, Any]:
    """Times of the rows, and the first row of each phase: its start, whole multiples of its `every_s`, its end."""
    pieces, rows = [], [0]
    for start, duration, output_s in zip(plan.start_s, plan.duration_s, every_s, strict=True):
        if duration > 0.0:
            first, last = np.floor(start / output_s) + 1, np.ceil((start + duration) / output_s)
            grid = output_s * np.arange(first, last)
            grid = grid[(grid > start + 1e-9) & (grid < start + duration - 1e-9)]
            pieces.append(np.concatenate(([start], grid, [start + duration])))
        rows.append(rows[-1] + (len(pieces[-1]) if duration > 0.0 else 0))
    return np.concatenate(pieces), np.array(rows)


def _columns(
    mission: Mission, phases: tuple[Phase, ...], plan: Plan, times: Array, rows: Any, states: Array, commands: Array
) -> dict[str, Array]:
    """What is observed, phase by phase with that phase's engines."""
    pieces = []
    for index, phase in enumerate(phases):
        part = slice(rows[index], rows[index + 1])
        if rows[index] == rows[index + 1]:
            continue
        pieces.append(
            observe(
                times[part],
                states[part],
                commands[part],
                phase.propulsion,
                plan.body._replace(reference_area_m2=plan.area_m2[index]),
                plan.environment,
                mission.sidereal_angle_rad,
                (mission.site.latitude_rad, mission.site.longitude_rad),
            )
        )
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _events(phases: tuple[Phase, ...], plan: Plan, falls: tuple[Fall, ...]) -> tuple[Event, ...]:
    """What the sequence says, and impacts, in the order of time."""
    found = [*events(phases, plan.start_s, plan.start_s + plan.duration_s)]
    found.extend(Event(f"{fall.name} impact", fall.t_s) for fall in falls if fall.landed)
    return tuple(sorted(found, key=lambda event: event.t_s))


def _falls(
    mission: Mission, plan: Plan, drops: list[tuple[int, Drop]], separations: Array, falls: list[Any]
) -> tuple[Fall, ...]:
    status, counts, times, states = falls
    fallen = []
    for index, (_, drop) in enumerate(drops):
        if drop.body is None:
            continue
        n = counts[index]
        columns = fall_columns(times[index, :n].copy(), states[index, :n].copy(), plan.environment, mission.sidereal_angle_rad)
        share = plan.drop_piece_kg[index]
        fallen.append(
            Fall(
                drop.body.name,
                drop.body.pieces,
                float(separations[index, 6] / drop.body.pieces if np.isnan(share) else share),
                columns,
                bool(status[index] == LANDED),
                float(columns["latitude_deg"][-1]),
                float(columns["longitude_deg"][-1]),
                float(columns["t_s"][-1]),
            )
        )
    return tuple(fallen)


def fall_columns(t_s: Array, states: Array, environment: Environment, sidereal_angle_rad: float) -> dict[str, Array]:
    """Columns of a `Fall` from times and states (n, 7): inertial state, place, and what the air does."""
    x, y, z, vx, vy, vz = states.T[:6]
    flow = air_data(x, y, z, vx, vy, vz, environment)
    turned = sidereal_angle_rad + environment.rotation_rad_s * t_s
    longitude = np.arctan2(y, x) - turned
    names = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
    columns = {"t_s": t_s} | dict(zip(names, (x, y, z, vx, vy, vz), strict=True))
    turn = environment.rotation_rad_s
    return columns | {
        "altitude_m": flow.altitude_m,
        "latitude_deg": np.degrees(np.arctan2(flow.sin_latitude, flow.cos_latitude)),
        "longitude_deg": np.degrees(np.arctan2(np.sin(longitude), np.cos(longitude))),
        "speed_eci_m_s": np.sqrt(vx**2 + vy**2 + vz**2),
        "speed_earth_m_s": np.sqrt((vx + turn * y) ** 2 + (vy - turn * x) ** 2 + vz**2),
        "airspeed_m_s": flow.airspeed_m_s,
        "mach": flow.mach,
        "dynamic_pressure_Pa": 0.5 * flow.density_kg_m3 * flow.airspeed_m_s**2,
    }
