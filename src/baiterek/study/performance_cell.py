"""A cell of a payload map: walked to from another, flown, and what the flight says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.history import Steering
from baiterek.study.contradictions import contradictions
from baiterek.study.performance_map import Axis, Cell, mission_towards, stage_names
from baiterek.study.uncertainty import uncertainty

if TYPE_CHECKING:
    from baiterek.trajectory import Neighbour, Neighbours, Optimum

STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
STRIDES = {
    "altitude_km": 50.0, "perigee_altitude_km": 50.0, "apogee_altitude_km": 250.0, "inclination_deg": 2.0,
    "sun_synchronous_km": 50.0, "c3_km2_s2": 2.0,
}  # fmt: skip
"""Over such steps a solve takes 3 to 20 iterations and stays on its branch."""
UPPER_STRIDE = 0.1
"""With an upper stage: the same as a share of the radius of an apogee, where that is more."""
HELD_BACK = {"q_alpha_Pa_rad": 0.03, "angle_of_attack_rad": 0.03}
"""Share of the squared limit that these keep back at the nodes, since one mesh serves every cell: half of it, and less
than a kilogram of payload."""


def walked(
    base: Mission, axes: Sequence[Axis], family: Neighbours, found: Neighbour, start: tuple[int, ...], index: tuple[int, ...]
) -> Neighbour:
    """The optimum of a cell from that of another, over orbits between them no farther apart than `STRIDES`: a wider
    step loses its way, or ends in a poorer optimum."""
    begin, end = ([axis.values[k] for axis, k in zip(axes, at, strict=True)] for at in (start, index))
    steps = max(abs(b - a) / _stride(base, axis, max(a, b)) for axis, a, b in zip(axes, begin, end, strict=True))
    count = max(1, int(np.ceil(steps - 1e-9)))
    for k in range(1, count + 1):
        values = [b if k == count else a + (b - a) * k / count for a, b in zip(begin, end, strict=True)]
        found = family.solve(mission_towards(base, axes, values), found)
        if not found.converged:
            break
    return found


def _stride(base: Mission, axis: Axis, value: float) -> float:
    if base.upper_stage is None or not axis.name.endswith("_km"):
        return STRIDES[axis.name]
    return max(STRIDES[axis.name], UPPER_STRIDE * (1e-3 * float(base.environment.radius_m) + value))


def flown(index: tuple[int, ...], mission: Mission, family: Neighbours, found: Neighbour) -> Cell:
    """A solution becomes a cell by its flight; one that its flight contradicts is solved anew on its own mesh."""
    spread = uncertainty(family.sensitivities(mission, found), mission.vehicle, mission.upper_stage)
    bare = Cell(index, "converged", "", found.payload_kg, spread.sigma, found.active, iterations=found.iterations)
    cell = with_flight(bare, mission, family.steering(mission, found), family.end_state(mission, found))
    return cell if cell.status == "converged" else cold(index, mission)


def cold(index: tuple[int, ...], mission: Mission) -> Cell:
    """No neighbour leads there, and no limit says why: its own optimum, from no guess."""
    from baiterek.trajectory import optimise

    return of_optimum(index, mission, optimise(mission))


def of_optimum(index: tuple[int, ...], mission: Mission, optimum: Optimum) -> Cell:
    """The cell that an optimum on a mesh of its own makes by its flight, or what it says where there is none."""
    if not optimum.converged or optimum.steering is None:
        return Cell(index, optimum.status, optimum.advice)
    spread = uncertainty(optimum.sensitivities, mission.vehicle, mission.upper_stage)
    active = tuple(limit.name for limit in optimum.limits if limit.active)
    bare = Cell(index, "converged", "", optimum.payload_kg, spread.sigma, active, iterations=optimum.iterations)
    end = [optimum.history.columns[name][-1] for name in STATE] if optimum.history else []
    return with_flight(bare, mission, optimum.steering, np.array(end))


def with_flight(cell: Cell, mission: Mission, steering: Steering, end: np.ndarray) -> Cell:
    """The cell with what its flight in the simulator says: burns, impacts, the gap to the optimum's own `end` (inertial
    state, SI), and whether every limit is kept."""
    from baiterek.flight import simulate

    flight = simulate(mission, steering)
    apart = np.array([flight.columns[name][-1] for name in STATE]) - end
    gap_m, gap_m_s = float(np.linalg.norm(apart[:3])), float(np.linalg.norm(apart[3:]))
    gap: dict[str, float | None] = {"reintegration_position_m": None, "reintegration_speed_m_s": None}
    gap |= {"flight_position_m": gap_m, "flight_speed_m_s": gap_m_s}
    wrong = contradictions(mission, gap, flight, None)
    burn_s = dict.fromkeys(stage_names(mission), 0.0)
    flown = sequence(as_flown(mission, steering)).phases
    for phase, steered in zip(flown, steering.phases, strict=True):
        if phase.stage:
            burn_s[phase.stage] += steered.duration_s
    return replace(
        cell,
        status="failed" if wrong else cell.status,
        why="; ".join(wrong),
        burn_s=burn_s,
        impacts_deg={fall.name: (fall.latitude_deg, fall.longitude_deg) for fall in flight.falls if fall.landed},
        gap_m=gap_m,
        gap_m_s=gap_m_s,
    )
