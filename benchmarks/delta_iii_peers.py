"""Delta III to its transfer orbit: Baiterek, yapss and dymos side by side, as whole processes.

    .venv/bin/python benchmarks/delta_iii_peers.py [--repeats 5] [--dymos 1] [--skip-dymos] [--json]

The first run makes the peers' environment in benchmarks/.peers (a minute or two). Authority for the optimum:
7529.712287 kg, which the test-suite of yapss holds to 1e-8; GPOPS-II prints 7529.712 (Patterson & Rao 2014).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from measure import PROJECT, Bar, Run, baiterek, interleaved, peak_MiB, run, seconds, table, verdict

PEERS = PROJECT / "benchmarks" / "peers"
ENVIRONMENT = PROJECT / "benchmarks" / ".peers"
MISSION = "missions/published/delta-iii.toml"

OPTIMUM_kg, TOLERANCE_kg = 7529.712, 0.005
PROCESS_s, TIMES_yapss, TIMES_dymos = 1.5, 4.0, 15.0


def peers_python() -> Path:
    """The interpreter of the peers' environment, made when it is missing or when their versions changed."""
    wanted, stamp, python = PEERS / "requirements.txt", ENVIRONMENT / "installed.txt", ENVIRONMENT / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        print("making the peers' environment in benchmarks/.peers ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, "-r", wanted], check=True, stdout=sys.stderr)
        stamp.write_text(wanted.read_text())
    return python


def final_mass_kg(done: Run) -> float:
    """What a run says the vehicle weighs on its orbit: ours prints a document, a peer one line after its solver's."""
    if done.output.startswith("{"):
        document = json.loads(done.output)
        return float(document["answer"]["insertion_mass_kg"] if "answer" in document else document["final_mass_kg"])
    return float(json.loads(done.output.strip().splitlines()[-1])["final_mass_kg"])


def versions(python: Path, names: Sequence[str]) -> dict[str, str]:
    """Installed versions of `names` in the environment of `python`."""
    code = f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {list(names)!r}}}))"
    return json.loads(run([python, "-c", code]).output)


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="runs of Baiterek and of yapss")
    parser.add_argument("--dymos", type=int, default=2, help="runs of dymos, which takes longest")
    parser.add_argument("--skip-dymos", action="store_true")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON document")
    options = parser.parse_args()

    ours, theirs = baiterek(), peers_python()
    commands: dict[str, list[str | Path]] = {
        "baiterek": [ours, "optimise", MISSION, "--json"],
        "yapss": [theirs, PEERS / "yapss_delta_iii.py"],
        "dymos": [theirs, PEERS / "dymos_delta_iii.py"],
    }
    if options.skip_dymos:
        del commands["dymos"]
    for name in ("baiterek", "yapss"):  # one run each off the clock: byte code and disk cache
        run(commands[name])
    runs = interleaved(commands, {name: options.dymos if name == "dymos" else options.repeats for name in commands})

    version = {
        **versions(ours.parent / "python", ["baiterek", "casadi"]),
        **{f"{name}": v for name, v in versions(theirs, ["yapss", "dymos"]).items()},
    }
    median = {name: seconds(each) for name, each in runs.items()}
    masses = {name: final_mass_kg(each[-1]) for name, each in runs.items()}
    ratio = {name: median[name] / median["baiterek"] for name in runs}
    if options.json:
        peaks = {name: peak_MiB(each) for name, each in runs.items()}
        print(json.dumps({"seconds": median, "ratio": ratio, "mass_kg": masses, "peak_MiB": peaks, "version": version}))
    else:
        rows = [
            [f"{n} {version[n]}", f"{masses[n]:.6f}", f"{median[n]:.2f}", f"{ratio[n]:.1f}",
             f"{peak_MiB(each):.0f}", str(len(each))]
            for n, each in runs.items()
        ]  # fmt: skip
        print(table(["whole process, median", "final mass kg", "s", "times ours", "peak MiB", "runs"], rows))
    bars = [
        Bar("distance from 7529.712 kg", abs(masses["baiterek"] - OPTIMUM_kg), "kg", most=TOLERANCE_kg),
        Bar("baiterek optimise, whole process", median["baiterek"], "s", most=PROCESS_s),
        Bar(f"times faster than yapss {version['yapss']}", ratio["yapss"], "", least=TIMES_yapss),
    ]
    if "dymos" in ratio:
        bars.append(Bar(f"times faster than dymos {version['dymos']}", ratio["dymos"], "", least=TIMES_dymos))
    if options.json:
        return 0 if all(bar.met for bar in bars) else 1
    return verdict(bars)


if __name__ == "__main__":
    sys.exit(main())
