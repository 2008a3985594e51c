"""A million dispersed flights, once: time, and whether memory stays flat while they fly.

    .venv/bin/python benchmarks/million.py [--flights 1000000] [--workers 2] [--guidance open] [--scheduler tcp://host:8786]

Runs the command as a process of its own and asks the system for its resident set (VmRSS of /proc) with every line that it
prints, one line each thousand flights. Flat: the greatest after half of the flights is little more than the greatest before.
The summary at the end reads whole columns, 8 bytes a flight, and has a bar of its own.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import PROJECT, Bar, baiterek, table, verdict

MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
WARM = 0.1
"""Part of the flights after which all is compiled and loaded."""
GROWTH, MEMORY_MiB = 1.05, 1024.0


def resident_MiB(process: int) -> float:
    """Resident set of a process now."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    """Fly, sample, print, and say whether every bar is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flights", type=int, default=1_000_000)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--guidance", default="open")
    parser.add_argument("--scheduler")
    asked = parser.parse_args()
    where = ["--scheduler", asked.scheduler] if asked.scheduler else ["--workers", asked.workers]
    samples: list[tuple[int, float, float]] = []
    begin, peak_MiB = time.perf_counter(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        words = ["monte-carlo", MISSION, "--flights", str(asked.flights), "--guidance", asked.guidance, *where, "--out", folder]
        process = subprocess.Popen([baiterek(), *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in process.stderr or ():
            flown = re.search(r"(\d+) of \d+ flights", line)
            memory_MiB = resident_MiB(process.pid)
            peak_MiB = max(peak_MiB, memory_MiB)
            if flown:
                samples.append((int(flown[1]), memory_MiB, time.perf_counter() - begin))
        if process.wait():
            raise SystemExit("the run has failed")
        whole_s = time.perf_counter() - begin
        size = sum(file.stat().st_size for file in Path(folder).rglob("flights.parquet")) / asked.flights
    halves = [[MiB for n, MiB, _ in samples if low <= n / asked.flights <= high] for low, high in ((WARM, 0.5), (0.5, 1.0))]
    first, last = samples[0], samples[-1]
    shown = samples[:: max(1, len(samples) // 10)]
    print(table(["flights", "resident, MiB", "s"], [[f"{n}", f"{MiB:.0f}", f"{at:.0f}"] for n, MiB, at in [*shown, last]]))
    rate = (last[0] - first[0]) / max(last[2] - first[2], 1e-9)
    print(f"\n{asked.guidance} loop: {rate:.0f} flights/s; {size:.0f} bytes a flight on disk; {whole_s:.0f} s in all\n")
    return verdict(
        [
            Bar("greatest memory of the second half over that of the first", max(halves[1]) / max(halves[0]), "", most=GROWTH),
            Bar("greatest memory, as sampled", peak_MiB, "MiB", most=MEMORY_MiB),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
