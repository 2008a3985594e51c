"""Ten thousand dispersed flights: time, memory, what a second worker gives, and the spread against that of the slopes.

    .venv/bin/python benchmarks/monte_carlo.py [--flights 10000]

Flights are timed in closed loop, as the command flies them unless it is told otherwise; each run twice, in turns, the quicker
counts. The steering of the timed runs is that of the bundled mission's optimum; it is optimised within the
timed process, and the compiled code is kept from a first small run. Linear covariance is held on a pitch programme by hand
at 2 % of every sigma, where no tank runs dry. What two workers give over one is printed beside what two threads give that
share nothing, since two processors may be one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from baiterek.study.linear_covariance import linear_covariance
from baiterek.study.monte_carlo import Asked, Run
from flight_nominal import loaded, pitch_programme
from measure import PROJECT, Bar, baiterek, gain_of_arithmetic, run, table, verdict

MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
ELEMENTS = ("insertion.altitude_m", "insertion.semi_major_axis_m", "insertion.eccentricity", "insertion.inclination_deg",
            "insertion.raan_deg")  # fmt: skip
SMALL, PAYLOAD_kg = 0.02, 12e3
SECONDS, MEMORY_MiB, GAIN = 20.0, 1024.0, 1.8
REPEATS = 2


def process(flights: int, workers: int, folder: str) -> tuple[float, float, dict]:
    """Seconds and peak memory of the whole command, and what it says."""
    words = [
        "monte-carlo",
        MISSION,
        "--flights",
        str(flights),
        "--workers",
        str(workers),
        "--out",
        folder,
        "--json",
    ]
    done = run([baiterek(), *words])
    if done.status:
        raise SystemExit(done.errors)
    return done.seconds, done.peak_MiB, json.loads(done.output)


def spreads(flights: int, folder: Path) -> tuple[np.ndarray, np.ndarray, float]:
    """Ratios of sigmas (flights over slopes), differences of correlations, and the worst bend of the slopes."""
    mission, steering = loaded(), pitch_programme(loaded())
    mission, steering = replace(mission, payload_kg=PAYLOAD_kg), replace(steering, payload_kg=PAYLOAD_kg)
    of = Run.of(mission, Asked(flights, 1, scale=SMALL, guidance="open", case="nominal"), steering, folder, "0" * 64)
    linear = linear_covariance(mission, steering, of.spread, ELEMENTS, workers=2)
    parts = [of.columns(first, min(1000, flights - first), 2) for first in range(0, flights, 1000)]
    many = np.array([np.concatenate([part[name] for part in parts]) for name in ELEMENTS])
    return many.std(axis=1, ddof=1) / linear.sigma, np.corrcoef(many) - linear.correlation, float(linear.bend.max())


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flights", type=int, default=10_000)
    flights = parser.parse_args().flights
    with tempfile.TemporaryDirectory() as folder:
        process(10, 2, folder)
        asked = [(flights, 2), (1000, 2), (flights, 1), (1000, 1)]
        runs = [[process(*each, folder) for each in asked] for _ in range(REPEATS)]
        two_s, few_s, one_s, few_one_s = (min(again[k][0] for again in runs) for k in range(len(asked)))
        memory_MiB, said = max(again[0][1] for again in runs), runs[0][0][2]
        ratio, apart, bend = spreads(flights, Path(folder))
    gain, alone = (one_s - few_one_s) / (two_s - few_s), gain_of_arithmetic()
    rows = [["two workers, s", f"{two_s:.1f}"], ["one worker, s", f"{one_s:.1f}"], ["peak memory, MiB", f"{memory_MiB:.0f}"]]
    rows += [["two threads over one on this machine, arithmetic alone", f"{alone:.2f}"]]
    rows += [["reserve for 99.73 %, kg", f"{said['reserve']['reserve_kg'][0]:.0f}"], ["bend of the slopes", f"{bend:.3f}"]]
    rows += [[f"sigma of {name} over that of the slopes", f"{value:.4f}"] for name, value in zip(ELEMENTS, ratio, strict=True)]
    print(table([f"{flights} flights, closed loop", ""], rows))
    return verdict(
        [
            Bar("whole process, two workers", two_s, "s", most=SECONDS),
            Bar("peak memory", memory_MiB, "MiB", most=MEMORY_MiB),
            Bar("two workers against one, flights beyond the first thousand", gain, "times", least=GAIN),
            Bar("sigma against that of the slopes, worst", float(np.abs(ratio - 1.0).max()), "", most=0.05),
            Bar("correlation against that of the slopes, worst", float(np.abs(apart).max()), "", most=0.05),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
