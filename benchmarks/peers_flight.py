"""Dispersed flights beside RocketPy's: flights per core-second of each in one run, the ratio, and what is not alike.

    .venv/bin/python benchmarks/peers_flight.py [--flights 2000] [--theirs 3]

RocketPy 1.13.0 flies Calisto, the rocket of its own documentation, by its MonteCarlo class (peers/rocketpy_calisto.py); we
fly the bundled mission, each flight drawn, flown and written into its part of the table. The two flights are not the same
work, so there is no bar: the ratio is printed with what differs. Processor time on one thread; imports and compilation
are not charged.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from baiterek.catalogue.read import load_mission
from baiterek.study.guidance import GUIDANCE
from baiterek.study.monte_carlo import Asked, Part, Run
from baiterek.trajectory import optimise
from delta_iii_peers import PEERS, peers_python, versions
from flight_nominal import MISSION
from measure import run, table

DIFFERS = [
    ["vehicle", "orbital launcher of two stages, 17 t of payload", "amateur rocket of 19 kg, one solid motor"],
    ["degrees of freedom", "3, attitude as a command with a limited rate", "6, fins and rail; 3 under a parachute"],
    ["flown", "pad to orbit, 10 min; stage 1 and fairing to the ground", "rail to the ground, 5 min, two parachutes"],
    ["Earth and air", "ellipsoid, J4; MSIS, winds of the month, deviations", "local axes; standard atmosphere, no wind"],
    ["guidance", "none (open), or closed loop with its computer", "none"],
    ["tolerance", "1e-7, Dormand-Prince; events found on whole steps", "1e-6, LSODA; parachutes look 105 times a second"],
    ["numbers drawn", "every one with a sigma, and air by height", "25 of mass, motor, fins, nose, tail, parachutes, rail"],
    ["written", "some hundred numbers a flight, Parquet", "inputs and outputs as JSON lines"],
    ["code", "compiled (numba)", "Python under SciPy"],
]  # fmt: skip


def theirs(flights: int) -> dict[str, float]:
    """What RocketPy needs for a flight."""
    with tempfile.TemporaryDirectory() as folder:
        done = run([peers_python(), PEERS / "rocketpy_calisto.py", str(flights), folder])
    if done.status:
        raise SystemExit(done.errors)
    return json.loads(done.output)


def ours(flights: int) -> dict[str, float]:
    """Flights per core-second by guidance: a part of the table drawn, flown and encoded, after a part off the clock."""
    mission = load_mission(MISSION)
    steering = optimise(mission).require().steering
    rate = {}
    for guidance in GUIDANCE:
        of = Run.of(mission, Asked(flights + 10, 1, guidance=guidance), steering, Path(), "0" * 64)
        of.table(Part(flights, 10))
        begin = time.process_time()
        of.table(Part(0, flights))
        rate[guidance] = flights / (time.process_time() - begin)
    return rate


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flights", type=int, default=2000, help="of ours, by guidance")
    parser.add_argument("--theirs", type=int, default=3, help="of RocketPy's, each way")
    options = parser.parse_args()
    peer = theirs(options.theirs)
    mine = ours(options.flights)
    version = versions(peers_python(), ["rocketpy"])["rocketpy"]
    rates = {f"baiterek, {GUIDANCE[guidance].partition(',')[0]}": rate for guidance, rate in mine.items()}
    rates |= {
        f"RocketPy {version}, MonteCarlo as documented, log of {peer['class_MB']:.1f} MB a flight": 1.0 / peer["class_s"],
        f"RocketPy {version}, MonteCarlo, curves left out of its log": 1.0 / peer["class_small_log_s"],
        f"RocketPy {version}, Flight alone, nothing drawn or written": 1.0 / peer["flight_s"],
    }
    head = ["", "flights per core-second", *(f"ours, {guidance}, times faster" for guidance in mine)]
    rows = [[name, f"{rate:.3g}", *(f"{of / rate:.3g}" for of in mine.values())] for name, rate in rates.items()]
    print(table(head, rows))
    print("\nWhat differs:\n")
    widths = [max(len(row[i]) for row in DIFFERS) for i in (0, 1)]
    for row in [["", "baiterek", "RocketPy"], *DIFFERS]:
        print(f"{row[0]:{widths[0]}}  {row[1]:{widths[1]}}  {row[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
