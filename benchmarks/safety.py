"""The whole safety case of a mission, and the answer by covariance alone: python benchmarks/safety.py [FLIGHTS MOMENTS]

One whole process each after a small one that compiles: 10 000 dispersed flights with failures at 200 moments, down to the page,
of the launcher and of a mission with an upper stage, whose pieces may come down all round the Earth; then `zones fit` by
covariance. Wall clock (the bars), processor time, which a busy machine stretches less, and the largest
resident set. Last the spread of stage 1 with what a zone of 60 by 30 km and the published sizes would hold of it: no bar.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

from measure import Bar, Run, run, table, verdict

MISSIONS = Path(__file__).resolve().parents[1] / "missions"
LAUNCHER, UPPER_STAGE = MISSIONS / "soyuz5-leo.toml", MISSIONS / "soyuz5-fregat-sso.toml"
FLIGHTS, MOMENTS = 10_000, 200
MOST_s, MOST_MiB, COVARIANCE_s = 180.0, 2048.0, 5.0


def main() -> int:
    """Measure, print, and say whether the bars are met."""
    flights, moments = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (FLIGHTS, MOMENTS)
    with tempfile.TemporaryDirectory() as scratch:
        cases = []
        for mission in (LAUNCHER, UPPER_STAGE):
            asked(["safety", mission, "--flights", 4, "--moments", 4, "--samples", 2, "--out", scratch])
            cases.append(asked(["safety", mission, "--flights", flights, "--moments", moments, "--out", scratch]))
        quick, quick_s = asked(["zones", "fit", LAUNCHER])
    (case, case_s), (upper, upper_s) = cases
    named = (
        (f"launcher, {flights} flights, {moments} moments", case, case_s),
        ("the same with an upper stage", upper, upper_s),
        ("launcher, covariance alone", quick, quick_s),
    )
    rows = [[name, f"{done.seconds:.1f}", f"{busy:.1f}", f"{done.peak_MiB:.0f}"] for name, done, busy in named]
    print(f"on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(table(["one process", "wall, s", "processor, s", "peak, MiB"], rows))
    print(spread(json.loads(case.output)))
    return verdict(
        [
            Bar("whole case, wall clock", case.seconds, "s", most=MOST_s),
            Bar("whole case, peak memory", case.peak_MiB, "MiB", most=MOST_MiB),
            Bar("with an upper stage, wall clock", upper.seconds, "s", most=MOST_s),
            Bar("with an upper stage, peak memory", upper.peak_MiB, "MiB", most=MOST_MiB),
            Bar("covariance alone, wall clock", quick.seconds, "s", most=COVARIANCE_s),
        ]
    )


def asked(words: list[object]) -> tuple[Run, float]:
    """One process of the command line, and its seconds of processor time."""
    before = _spent()
    done = run([sys.executable, "-m", "baiterek.cli", *map(str, words), "--json"])
    if done.status not in (0, 1):
        raise SystemExit(done.errors)
    return done, _spent() - before


def spread(document: dict) -> str:
    """One sigma of each class of stage 1, and what zones of published sizes hold, with 95 % confidence."""
    head = [
        "stage 1",
        "1 sigma, km",
        *(size["name"] + f" {size['length_km']:g} x {size['width_km']:g}" for size in document["sizes"]),
    ]
    rows = [
        [row["body"], f"{row['sigma_major_km']:.1f} x {row['sigma_minor_km']:.1f}"]
        + [f"{100 * one['part']:.1f} % ({100 * one['low']:.1f} to {100 * one['high']:.1f})" for one in row["sizes"]]
        for row in document["footprints"]
        if row["body"].startswith("stage-1")
    ]
    return table(head, rows)


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
