"""Missions whose answer is known beforehand: does the optimiser say of every one whether it can be flown?

    .venv/bin/python benchmarks/labelled_missions.py [--count 40] [--seed 5] [--only NUMBER]

`labels.py` makes them; the witness of a feasible one is flown and checked anew in each run, and the optimiser is given
the mission alone. A feasible mission is right when it is `converged`, an infeasible one when it is `infeasible` and the
answer names the limit that forbids it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from labels import Label, broken, labels, read
from measure import Bar, table, verdict


@dataclass(frozen=True)
class Answer:
    """What the optimiser said of a label."""

    label: Label
    faults: list[str]
    """What the witness, flown anew, breaks."""
    status: str
    advice: str
    missing: dict[str, float]
    seconds: float
    cpu_s: float
    iterations: int

    @property
    def right(self) -> bool:
        if self.label.feasible:
            return self.status == "converged" and not self.faults
        return self.status == "infeasible" and any(name.startswith(self.label.limit) for name in self.missing)

    def row(self) -> list[str]:
        label, mission = self.label, read(self.label.mission)
        assert mission.target is not None and mission.lift_off is not None
        heights = [1e-3 * (e.low - mission.environment.radius_m) for e in
                   (mission.target.perigee_radius_m, mission.target.apogee_radius_m)]  # fmt: skip
        mark = "void" if self.faults else "right" if self.right else "WRONG"
        return [
            f"{label.number} {label.why}", f"{mission.lift_off:%b}", f"{heights[0]:.0f} x {heights[1]:.0f}",
            f"{np.degrees(mission.target.inclination_rad.low):.2f}", f"{mission.payload_kg:.0f}",
            "" if np.isnan(label.payload_share) else f"{label.payload_share:.0%}", self.status, f"{self.iterations}",
            f"{self.seconds:.1f}", f"{self.cpu_s:.1f}", mark,
        ]  # fmt: skip


def judge(label: Label) -> Answer:
    """Checks the witness, then asks the optimiser."""
    from baiterek.trajectory import optimise
    from baiterek.trajectory.optimum import Optimum

    faults = broken(label) if label.feasible else []
    mission = read(label.mission)
    began, cpu = time.perf_counter(), time.process_time()
    try:
        optimum = optimise(mission)
    except Exception as error:  # a benchmark counts a crash as a wrong answer and goes on
        optimum = Optimum("crashed", f"{type(error).__name__}: {error}", np.nan, np.nan)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Answer(label, faults, optimum.status, optimum.advice, dict(optimum.missing), seconds, cpu, optimum.iterations)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=40)
    asked.add_argument("--seed", type=int, default=5)
    asked.add_argument("--only", type=int, help="one mission: prints its file and the optimiser's advice")
    args = asked.parse_args()
    print(f"{args.count} labelled missions, seed {args.seed}")
    context = multiprocessing.get_context("spawn")
    answers = []
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=context) as pool:
        known = labels(pool, args.count, args.seed)
        wanted = [label for label in known if args.only in (None, label.number)]
        for future in as_completed([pool.submit(judge, label) for label in wanted]):
            answers.append(future.result())
            last = answers[-1]
            word = "feasible" if last.label.feasible else "infeasible"
            print(
                f"  {len(answers)}/{len(wanted)}: {last.label.number} ({word}) {last.status} in {last.seconds:.1f} s",
                file=sys.stderr,
            )
    answers.sort(key=lambda answer: answer.label.number)
    head = ["mission", "wind", "km", "deg", "payload kg", "share", "status", "iterations", "s", "CPU s", "label"]
    print(table(head, [answer.row() for answer in answers]))
    for answer in answers:
        label = answer.label
        if answer.faults:
            print(f"\nmission {label.number} of seed {args.seed}: the witness does not keep it: {'; '.join(answer.faults)}")
        elif not answer.right or not label.feasible or args.only is not None:
            print(f"\nmission {label.number} of seed {args.seed} ({label.why}): {answer.status}: {answer.advice}")
    if args.only is not None:
        print(wanted[0].mission)
    longest, busiest = max(answer.seconds for answer in answers), max(answer.cpu_s for answer in answers)
    print(f"\nthe longest took {longest:.1f} s, the busiest {busiest:.1f} s of computing")
    good = sum(answer.right for answer in answers)
    return verdict([Bar("missions that get their label", good, f"of {len(answers)}", least=len(answers))])


if __name__ == "__main__":
    raise SystemExit(main())
