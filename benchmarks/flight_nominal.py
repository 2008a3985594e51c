"""The compiled nominal flight of the bundled mission, every falling body included, and how soon a process can fly it.

    .venv/bin/python benchmarks/flight_nominal.py

The steering is a pitch programme by hand: the clock asks what a flight costs, not how good it is.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.sequence import sequence
from baiterek.history import Steering, SteeringPhase
from measure import PROJECT, Bar, run, table, verdict

MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
PAYLOAD_kg = 17000.0
FLIGHTS, PROCESSES = 200, 3
FLIGHT_ms, START_s = 5.0, 5.0

AZIMUTH_deg = 62.0
PITCH_deg = ([0.0, 12.0, 60.0, 160.0, 500.0], [90.0, 89.5, 66.0, 34.0, -6.0])
DURATIONS_s = {"rise": 12.0, "stage-1": 148.0, "stage-2 with fairing": 45.0, "stage-2": 270.0}
"""Of the phases that a choice ends; the others say theirs."""
INTERVAL_s = 10.0


def pitch_programme(mission: Mission) -> Steering:
    """A steering in the plane of the azimuth, three nodes an interval: as many stops as an optimised one has."""
    lat, angle = mission.site.latitude_rad, mission.site.longitude_rad + mission.sidereal_angle_rad
    east = np.array([-np.sin(angle), np.cos(angle), 0.0])
    up = np.array([np.cos(lat) * np.cos(angle), np.cos(lat) * np.sin(angle), np.sin(lat)])
    azimuth = np.radians(AZIMUTH_deg)
    forward = np.sin(azimuth) * east + np.cos(azimuth) * np.cross(up, east)
    nodes = np.array([0.155, 0.645, 1.0])
    phases, start = [], 0.0
    for phase in sequence(mission).phases:
        duration = phase.duration_s or DURATIONS_s.get(phase.name) or phase.bounds_s[0]
        breaks = np.linspace(0.0, 1.0, max(1, round(duration / INTERVAL_s)) + 1)
        t_s = start + duration * (breaks[:-1, None] + np.diff(breaks)[:, None] * nodes)
        pitch = np.radians(np.interp(t_s, *PITCH_deg))[..., None]
        values = np.ones((*t_s.shape, 4))
        values[..., :3] = np.sin(pitch) * up + np.cos(pitch) * forward
        mode = "up" if phase.steering == "up" else "free"
        phases.append(SteeringPhase(phase.name, mode, start, duration, breaks, nodes, values, np.array([])))
        start += duration
    return Steering(tuple(phases), float(mission.payload_kg))


def loaded() -> Mission:
    """The bundled mission with a payload, so that its masses are numbers."""
    return replace(load_mission(MISSION), payload_kg=PAYLOAD_kg)


def fly_once() -> None:
    """What the timed process does: read the mission, fly it, say where everything fell."""
    from baiterek.flight import simulate

    mission = loaded()
    flight = simulate(mission, pitch_programme(mission))
    print(f"{flight.t_s[-1]:.1f} s, " + ", ".join(f"{fall.name} {fall.t_s:.1f} s" for fall in flight.falls))


def flights_ms() -> tuple[float, float]:
    """Median milliseconds of the compiled call, and of the whole `simulate` with its columns."""
    from baiterek.flight import simulate
    from baiterek.flight.kernel import fly
    from baiterek.flight.plan import write_plan
    from baiterek.flight.simulate import FALL_HORIZON_S, FALL_OUTPUT_S, OUTPUT_S, RTOL, output_times

    mission = loaded()
    steering = pitch_programme(mission)
    plan = write_plan(mission, sequence(mission).phases, steering)
    times, rows = output_times(plan, np.full(len(plan.start_s), OUTPUT_S))

    def median_ms(call, count: int) -> float:
        call()
        spent = []
        for _ in range(count):
            begin = time.perf_counter()
            call()
            spent.append(time.perf_counter() - begin)
        return 1e3 * statistics.median(spent)

    compiled = median_ms(lambda: fly(plan, times, rows, FALL_OUTPUT_S, FALL_HORIZON_S, RTOL), FLIGHTS)
    return compiled, median_ms(lambda: simulate(mission, steering), 20)


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    if sys.argv[1:] == ["once"]:
        fly_once()
        return 0
    command = [sys.executable, Path(__file__), "once"]
    first = run(command)
    print("flown:", first.output.strip() or first.errors)
    starts = [run(command).seconds for _ in range(PROCESSES)]
    compiled_ms, whole_ms = flights_ms()
    rows = [
        [f"compiled flight with falls, ms, median of {FLIGHTS}", f"{compiled_ms:.2f}"],
        ["simulate with its columns, ms, median of 20", f"{whole_ms:.2f}"],
        [f"process start to flown, code cached, s, median of {PROCESSES}", f"{statistics.median(starts):.2f}"],
        ["the first of these processes (compiles when the cache is empty), s", f"{first.seconds:.2f}"],
    ]
    print(table(["nominal flight of soyuz5-leo", ""], rows))
    return verdict(
        [
            Bar("compiled flight with every falling body", compiled_ms, "ms", most=FLIGHT_ms),
            Bar("process start with cached code", statistics.median(starts), "s", most=START_s),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
