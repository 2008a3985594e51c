"""Dispersed flights in a batch: flights per core-second, their error against rtol 1e-12, and what a second thread gives.

    .venv/bin/python benchmarks/flight_batch.py

Every flight goes from the pad to its last cut-off, and each dropped body to the ground; numbers are dispersed over one
sigma of the vehicle file, one by one. Times are processor time of the whole call, table and preparation included.
The open loop flies a pitch programme by hand: the clock asks what a flight costs, not how good it is. The closed loop flies
the optimum of the bundled mission with less payload, so that guidance has propellant for what is dispersed.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.constants import WGS84_RADIUS_M
from baiterek.flight import Batch, fly_many
from baiterek.history import Steering
from baiterek.trajectory import optimise
from flight_nominal import MISSION, loaded, pitch_programme
from measure import Bar, table, verdict

FLIGHTS, CHECKED, REPEATS = 2000, 20, 3
TOLERANCES = (1e-6, 1e-7, 1e-8, 1e-9)
QUICK, FINE = 1e-6, 1e-7
"""Those for which the issue's two bars are read: the fastest at 20 m and 100 m, and at 1 m and 5 m."""
HELD_BACK_kg = 1000.0
BODIES = ("stage-1", "fairing")
DISPERSED = (
    "stage-1.dry_mass_kg",
    "stage-1.RD-171MV.thrust_vac_N",
    "stage-1.RD-171MV.isp_vac_s",
    "stage-1.oxidiser_kg",
    "stage-1.body.drag_factor",
    "stage-2.dry_mass_kg",
    "stage-2.RD-0124MS.isp_vac_s",
    "shroud.body.drag_factor",
    "aerodynamics.axial_factor",
)


def dispersions(mission: Mission, flights: int) -> dict[str, np.ndarray]:
    """Normal numbers for the paths above, and a gust of its own for each flight."""
    random = np.random.default_rng(5)
    data = mission.vehicle.data
    inputs = {path: random.normal(data[path].value, data[path].sigma, flights) for path in DISPERSED}
    return inputs | {"air.density_factor": random.normal(1.0, 0.03, flights), "wind.east_m_s": random.normal(0, 5, flights)}


def impact_gaps_m(ours: Batch, theirs: Batch, body: str) -> np.ndarray:
    """Distances on the ground between the impacts of two batches."""
    angles = [[np.radians(each[f"{body}.impact.{name}_deg"]) for each in (ours, theirs)] for name in ("latitude", "longitude")]
    north, east = angles[0][0] - angles[0][1], (angles[1][0] - angles[1][1]) * np.cos(angles[0][1])
    return WGS84_RADIUS_M * np.hypot(north, east)


def flights_per_core_s(mission: Mission, steering: Steering, inputs: dict[str, np.ndarray], **how: object) -> float:
    """The best of a few calls on one thread, by processor time."""
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        batch = fly_many(mission, steering, inputs, threads=1, **how)
        spent.append(time.process_time() - begin)
    return len(batch) / min(spent)


def gain_of_two_threads(mission: Mission, steering: Steering, inputs: dict[str, np.ndarray], **how: object) -> float:
    """Wall time of one thread over that of two; tells nothing where the machine is busy with other work."""
    best = {}
    for threads in (1, 2, 1, 2, 1, 2):
        begin = time.perf_counter()
        fly_many(mission, steering, inputs, threads=threads, **how)
        spent = time.perf_counter() - begin
        best[threads] = min(best.get(threads, spent), spent)
    return best[1] / best[2]


def nominal_miss(mission: Mission, steering: Steering) -> tuple[float, float]:
    """Of the nominal closed loop: semi-major axis in m and inclination in deg, off the mission's target."""
    flight = fly_many(mission, steering, {"payload_kg": [steering.payload_kg - HELD_BACK_kg]}, closed_loop=True)
    target = mission.target
    axis = 0.5 * (target.perigee_radius_m.low + target.apogee_radius_m.low)
    inclination = flight["insertion.inclination_deg"][0] - np.degrees(target.inclination_rad.low)
    return abs(float(flight["insertion.semi_major_axis_m"][0] - axis)), abs(float(inclination))


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    mission = loaded()
    steering = pitch_programme(mission)
    inputs = dispersions(mission, FLIGHTS)
    few = {path: values[:CHECKED] for path, values in inputs.items()}
    exact = fly_many(mission, steering, few, rtol=1e-12)
    rows, rate, gap = [], {}, {}
    for rtol in TOLERANCES:
        rate[rtol] = flights_per_core_s(mission, steering, inputs, rtol=rtol)
        quick = fly_many(mission, steering, few, rtol=rtol)
        gap[rtol] = [float(impact_gaps_m(quick, exact, body).max()) for body in BODIES]
        rows.append([f"{rtol:g}", f"{rate[rtol]:.0f}", *(f"{each:.3f}" for each in gap[rtol])])
    print(table(["open loop: rtol", "flights per core-second", *(f"{body}, worst m" for body in BODIES)], rows))
    guided = optimise(load_mission(MISSION)).require().steering
    light = inputs | {"payload_kg": np.full(FLIGHTS, guided.payload_kg - HELD_BACK_kg)}
    closed = flights_per_core_s(mission, guided, light, closed_loop=True)
    miss_m, miss_deg = nominal_miss(mission, guided)
    gain = gain_of_two_threads(mission, steering, inputs)
    return verdict(
        [
            Bar(f"open loop at rtol {QUICK:g}", rate[QUICK], "flights per core-second", least=1500.0),
            *(Bar(f"  its {b} impact", g, "m", most=m) for b, g, m in zip(BODIES, gap[QUICK], (20.0, 100.0), strict=True)),
            Bar(f"open loop at rtol {FINE:g}", rate[FINE], "flights per core-second", least=500.0),
            *(Bar(f"  its {b} impact", g, "m", most=m) for b, g, m in zip(BODIES, gap[FINE], (1.0, 5.0), strict=True)),
            Bar("closed loop at the default tolerance", closed, "flights per core-second", least=500.0),
            Bar("  nominal insertion, semi-major axis", miss_m, "m", most=100.0),
            Bar("  nominal insertion, inclination", miss_deg, "deg", most=1e-3),
            Bar("two threads over one, wall time", gain, "", least=1.8),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
