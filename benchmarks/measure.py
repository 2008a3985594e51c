"""Whole processes on the clock: seconds, peak memory, what they printed; medians, ratios and bars.

Runs of the tools under comparison are interleaved, so that whatever else the machine does falls on all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Run:
    """One process from its start to its end."""

    seconds: float
    peak_MiB: float
    status: int
    output: str
    errors: str


@dataclass(frozen=True)
class Bar:
    """A promise: what, our value, its unit, and the least or most that it may be."""

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool:
        """Both ends count; a value that is not a number meets nothing."""
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        ) and self.value == self.value  # fmt: skip


def run(command: Sequence[str | Path], cwd: Path = PROJECT, environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` to its end. Peak memory is the resident set of the process or of its largest child.

    Byte code may be kept: what pip installs has its own from the start, and a clone shall not be slower for want of it.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        unit = 1024.0**2 if sys.platform == "darwin" else 1024.0  # ru_maxrss: bytes there, KiB elsewhere
        return Run(seconds, usage.ru_maxrss / unit, process.returncode, output.read(), errors.read())


def interleaved(commands: Mapping[str, Sequence[str | Path]], repeats: Mapping[str, int]) -> dict[str, list[Run]]:
    """Every command as often as `repeats` says, round after round; the first that fails ends it with its own words."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(max(repeats.values())):
        for name, command in commands.items():
            if turn < repeats[name]:
                done = run(command)
                print(f"  {name}: {done.seconds:.2f} s", file=sys.stderr)
                if done.status:
                    raise SystemExit(f"{name} ended with status {done.status}:\n{done.errors or done.output}")
                runs[name].append(done)
    return runs


def seconds(runs: Sequence[Run]) -> float:
    """Median of the seconds."""
    return statistics.median(each.seconds for each in runs)


def peak_MiB(runs: Sequence[Run]) -> float:
    """Largest peak memory."""
    return max(each.peak_MiB for each in runs)


def gain_of_arithmetic(seconds: float = 1.0) -> float:
    """What two threads give over one where they share nothing: eight products at a time in registers, no memory, no lock.

    Less than 2 where the two processors are threads of one core, or where the machine does other work.
    """
    import numba

    @numba.njit(nogil=True)
    def spin(count: int) -> float:
        a, b, c, d, e, f, g, h = 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18
        for _ in range(count):
            a, b, c, d = 3.9 * a * (1.0 - a), 3.9 * b * (1.0 - b), 3.9 * c * (1.0 - c), 3.9 * d * (1.0 - d)
            e, f, g, h = 3.9 * e * (1.0 - e), 3.9 * f * (1.0 - f), 3.9 * g * (1.0 - g), 3.9 * h * (1.0 - h)
        return a + b + c + d + e + f + g + h

    def timed(threads: int, count: int) -> float:
        begin = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(spin, [count] * 2))
        return time.perf_counter() - begin

    spin(1)
    count = int(1e6 * seconds / timed(1, 1_000_000))
    spent = [(timed(1, count), timed(2, count)) for _ in range(3)]
    return min(one for one, _ in spent) / min(two for _, two in spent)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first is text, the others are numbers."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, *rows]:
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, len(head)))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def verdict(bars: Sequence[Bar]) -> int:
    """Print every bar with met or NOT MET; the exit status of the benchmark."""
    print()
    for bar in bars:
        limits = [f"at least {bar.least:g}"] if bar.least is not None else []
        limits += [f"at most {bar.most:g}"] if bar.most is not None else []
        mark = "met    " if bar.met else "NOT MET"
        print(f"{mark}  {bar.what}: {bar.value:.6g} {bar.unit}".rstrip() + f" ({' and '.join(limits)})")
    return 0 if all(bar.met for bar in bars) else 1


def baiterek() -> Path:
    """The installed command, from the environment that runs the benchmark or from .venv."""
    for folder in (Path(sys.executable).parent, PROJECT / ".venv" / "bin"):
        if (folder / "baiterek").exists():
            return folder / "baiterek"
    raise SystemExit("baiterek is not installed: run `make plan` first")
