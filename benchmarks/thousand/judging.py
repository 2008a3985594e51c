"""A mission put to the optimiser, and whether it got the answer that is known."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from baiterek.errors import InputError
from thousand.cases import FEASIBLE, INFEASIBLE, Case, read
from thousand.draws import drawn
from thousand.kept import broken

GAP_m, GAP_m_s = 20.0, 0.05
LESS = 1e-3
"""Share by which an optimum may bring less than its witness: the tolerance of its limits."""


@dataclass(frozen=True)
class Answer:
    """What was said of a case."""

    status: str
    """That of the optimiser, or `refused` by the reader, or `crashed`, `timed out`."""
    advice: str
    missing: dict[str, float]
    gap_m: float
    gap_m_s: float
    brought_kg: float
    iterations: int
    draw_cpu_s: float
    cpu_s: float
    seconds: float
    faults: list[str]
    """What the witness, flown anew, breaks: its label is void."""
    fault: str
    """Why the answer is wrong; empty when it is right."""


def ask(made: Case, draw_cpu_s: float) -> Answer:
    """Checks the witness, then gives the mission, and the mission alone, to the optimiser."""
    from baiterek.trajectory import optimise

    faults = broken(made) if made.expect == FEASIBLE else []
    began, cpu = time.perf_counter(), time.process_time()
    said: dict[str, Any] = {"missing": {}, "iterations": 0} | dict.fromkeys(("gap_m", "gap_m_s", "brought_kg"), float("nan"))
    try:
        optimum = optimise(read(made.mission))
        said |= {
            "status": optimum.status, "advice": optimum.advice, "missing": dict(optimum.missing),
            "gap_m": optimum.gap_position_m, "gap_m_s": optimum.gap_speed_m_s, "brought_kg": optimum.objective,
            "iterations": optimum.iterations,
        }  # fmt: skip
    except InputError as error:
        said |= {"status": "refused", "advice": str(error)}
    except Exception as error:  # a benchmark counts a crash as a wrong answer and goes on
        said |= {"status": "crashed", "advice": f"{type(error).__name__}: {error}"}
    said |= {"draw_cpu_s": draw_cpu_s, "cpu_s": time.process_time() - cpu, "seconds": time.perf_counter() - began}
    return Answer(**said, faults=faults, fault=wrong(made, said) if not faults else "the witness does not keep it")


def wrong(made: Case, said: dict[str, Any]) -> str:
    """Why an answer is wrong, or nothing."""
    status = said["status"]
    if status == "converged" and not (said["gap_m"] <= GAP_m and said["gap_m_s"] <= GAP_m_s):
        return f"converged with a gap of {said['gap_m']:.3g} m, {said['gap_m_s']:.3g} m/s"
    if made.expect == FEASIBLE:
        if status != "converged":
            return f"{status}, though it was flown"
        if said["brought_kg"] < (1.0 - LESS) * made.floor_kg:
            return f"brings {said['brought_kg']:.0f} kg, the witness {made.floor_kg:.0f} kg"
        return ""
    if made.expect == INFEASIBLE:
        if status == "converged":
            return "converged, though nothing can fly it"
        named = any(name.startswith(made.limit) for name in said["missing"])
        named = named or (status == "refused" and made.limit in said["advice"])
        return "" if status in ("infeasible", "refused") and named else f"{status} without naming {made.limit}"
    explained = status == "converged" or (status == "infeasible" and said["missing"])
    return "" if explained else f"{status} without a reason"


def judged(seed: int, number: int) -> dict[str, Any]:
    """The journal's record of one mission, drawn and asked."""
    cpu = time.process_time()
    made = drawn(seed, number)
    return asdict(made) | asdict(ask(made, time.process_time() - cpu)) | {"seed": seed}
