"""How long a decision on the day of launch takes, from the command to its page: python benchmarks/day_of_launch.py

The whole process on the bundled mission and a real winter sounding, three times after one that compiles: the median of the
wall clock (the bar), and of the processor time, which a busy machine stretches less.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Bar, verdict

MISSIONS = Path(__file__).resolve().parents[1] / "missions"
MISSION, SOUNDING = MISSIONS / "soyuz5-leo.toml", MISSIONS / "soundings" / "boise-2010-12-09.html"
MOST_s, TIMES = 10.0, 3


def main() -> int:
    """Measure, print, and say whether the bar is met."""
    with tempfile.TemporaryDirectory() as scratch:
        decide(Path(scratch))
        found = [decide(Path(scratch)) for _ in range(TIMES)]
    wall, processor = (statistics.median(each) for each in zip(*found, strict=True))
    print(
        f"processor time {processor:.2f} s, wall clock {wall:.2f} s, on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    return verdict([Bar("day of launch, whole process", wall, "s", most=MOST_s)])


def decide(folder: Path) -> tuple[float, float]:
    """Seconds of the wall and of the processor."""
    words = ["day-of-launch", str(MISSION), "--sounding", str(SOUNDING), "--out", str(folder), "--json"]
    start, before = time.perf_counter(), _spent()
    done = subprocess.run([sys.executable, "-m", "baiterek.cli", *words], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - start, _spent() - before


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
