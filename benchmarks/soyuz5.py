"""Soyuz-5 to low orbit: the whole process cold, warm re-solves, the gap, peak memory, and where each limit binds.

.venv/bin/python benchmarks/soyuz5.py
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from baiterek.catalogue.mission import Element, Mission
from baiterek.catalogue.read import load_mission
from baiterek.physics.climate import geostrophic_wind
from baiterek.trajectory import Neighbours, optimise
from measure import PROJECT, Bar, baiterek, interleaved, peak_MiB, seconds, table, verdict

MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
BINDING = PROJECT / "missions" / "limits"


def steps(base: Mission) -> Iterator[tuple[str, Mission]]:
    """Twenty neighbours of the base mission."""
    target = base.target
    assert target is not None
    for degrees in (-0.5, 0.5, 1.0, 1.5, 2.0, -1.0, -1.5, -2.0):
        inclination = target.inclination_rad.low + np.radians(degrees)
        changed = replace(target, inclination_rad=Element(inclination, inclination))
        yield f"inclination {degrees:+.1f} deg", replace(base, target=changed)
    for km in (-20, -10, 10, 20):
        radius = target.perigee_radius_m.low + 1e3 * km
        both = Element(radius, radius)
        yield f"perigee {km:+d} km", replace(base, target=replace(target, perigee_radius_m=both, apogee_radius_m=both))
    for month in (1, 4, 7, 10):
        when = datetime(2026, month, 15, tzinfo=UTC)
        east, north = geostrophic_wind(base.site.latitude_rad, base.site.longitude_rad, when)
        yield (
            f"wind of month {month}",
            replace(base, environment=base.environment._replace(wind_east=east, wind_north=north)),
        )
    for km, name in ((-20, "stage-1"), (20, "stage-1"), (-20, "fairing"), (20, "fairing")):
        zone = base.zones[name]
        moved = replace(zone, longitude_rad=zone.longitude_rad + 1e3 * km / 6378e3 / np.cos(zone.latitude_rad))
        yield f"zone of {name} {km:+d} km", replace(base, zones={**base.zones, name: moved})


def warm() -> tuple[float, float]:
    """Median seconds and number of failures over the neighbours."""
    base = load_mission(MISSION)
    neighbours = Neighbours(base)
    rows, times, failures = [], [], 0
    for name, mission in steps(base):
        begin = time.perf_counter()
        found = neighbours.solve(mission)
        times.append(time.perf_counter() - begin)
        failures += not found.converged
        rows.append([name, found.message, str(found.iterations), f"{times[-1]:.3f}", f"{found.payload_kg:.1f}"])
    print(table(["warm re-solve", "solver", "iterations", "s", "payload kg"], rows))
    return statistics.median(times), failures


def binding() -> set[str]:
    """Limits with a nonzero multiplier at least once over the missions of `missions/limits`."""
    bound: set[str] = set()
    for file in [MISSION, *sorted(BINDING.glob("*.toml"))]:
        found = optimise(load_mission(file))
        active = [v.name for v in found.limits if v.active and not v.name.startswith(("target", "propellant"))]
        print(f"{file.name}: {found.status}, {found.payload_kg:.0f} kg; binding: {', '.join(active) or 'none'}")
        bound |= set(active) if found.converged else set()
    return bound


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    runs = interleaved({"cold": [baiterek(), "optimise", MISSION, "--json"]}, {"cold": 5})["cold"]
    document = json.loads(runs[-1].output)
    gap = document["gap"]
    print(
        table(
            ["whole process, median of 5", "s", "peak MiB"],
            [["optimise", f"{seconds(runs):.2f}", f"{peak_MiB(runs):.0f}"]],
        )
    )
    median, failures = warm()
    bound = binding()
    wanted = {
        "dynamic_pressure_Pa", "q_alpha_Pa_rad", "axial_acceleration_m_s2", "angle_of_attack_rad", "turn_rate_rad_s",
        "shroud heat_flux_W_m2", "insertion_altitude_min_m", "corridors_rad", "zone stage-1", "zone fairing",
    }  # fmt: skip
    print("never binding:", ", ".join(sorted(wanted - bound)) or "none")
    return verdict(
        [
            Bar("optimise, whole process cold", seconds(runs), "s", most=4.0),
            Bar("warm re-solve, median of 20", median, "s", most=0.15),
            Bar("warm re-solves that failed", float(failures), "", most=0.0),
            Bar("re-integration gap", gap["reintegration_position_m"], "m", most=20.0),
            Bar("re-integration gap", gap["reintegration_speed_m_s"], "m/s", most=0.05),
            Bar("peak memory", peak_MiB(runs), "MiB", most=400.0),
            Bar("limits that never bind", float(len(wanted - bound)), "", most=0.0),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
