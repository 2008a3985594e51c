"""A thousand missions whose answer is known beforehand, or nearly: does the optimiser say of each whether it can be flown?

    .venv/bin/python benchmarks/thousand_missions.py [--seed 5] [--workers 2] [--kind circle,node] [--limit N] [--share 0.1]
    .venv/bin/python benchmarks/thousand_missions.py --score       # what the journal holds
    .venv/bin/python benchmarks/thousand_missions.py --only NUMBER # one mission, with its file and its answer

700 are flown by witnesses that the optimiser never sees, 200 are forbidden by bounds, 100 lie near the edge. The
journal (JSON lines) keeps every answer: a run goes on where the last one stopped. `--again` asks those anew that went wrong.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from measure import PROJECT, Bar, table, verdict
from thousand.cases import FEASIBLE, INFEASIBLE, UNLABELLED
from thousand.kinds import EXPECTED, SIZES, kind_of, numbers

BAR = 0.995
PATIENCE_s = 900.0


def work(seed: int, number: int, answer: Connection) -> None:
    """One mission in a process of its own, which may be ended when it takes too long."""
    from thousand.judging import judged

    try:
        answer.send(judged(seed, number))
    except Exception as error:  # a label that could not be made is not the optimiser's fault, and is shown as such
        answer.send({"fault": "no case", "status": "not drawn", "advice": f"{type(error).__name__}: {error}"})


def run(seed: int, wanted: list[int], workers: int, patience_s: float, keep: Any) -> None:
    """Every wanted mission through a few processes; `keep` gets each record as it comes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["thousand.judging", "baiterek.trajectory"])
    left: list[int] = list(reversed(wanted))
    busy: dict[Connection, Asked] = {}
    try:
        while left or busy:
            while left and len(busy) < workers:
                mine, its = context.Pipe(duplex=False)
                number = left.pop()
                process = context.Process(target=work, args=(seed, number, its))
                process.start()
                its.close()
                busy[mine] = Asked(number, process, time.monotonic())
            ready = wait(list(busy), timeout=1.0)
            for pipe, asked in list(busy.items()):
                if pipe in ready or asked.seconds > patience_s:
                    keep(answered(seed, asked, pipe if pipe in ready else None))
                    del busy[pipe]
    finally:
        for asked in busy.values():
            asked.process.kill()


@dataclass(frozen=True)
class Asked:
    """A mission that is being worked on."""

    number: int
    process: BaseProcess
    began_s: float

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began_s


def answered(seed: int, asked: Asked, pipe: Connection | None) -> dict[str, Any]:
    """The record of a mission whose process has answered, died, or (without a pipe) taken too long."""
    record: dict[str, Any] = {"status": "timed out", "fault": "timed out", "advice": "given up"}
    if pipe is not None:
        try:
            record = pipe.recv()
        except EOFError:
            record = {"status": "crashed", "fault": "died", "advice": "the process ended without an answer"}
        pipe.close()
    asked.process.kill()
    asked.process.join()
    kind = kind_of(asked.number)
    return {"number": asked.number, "kind": kind, "expect": EXPECTED[kind], "seed": seed, "seconds": asked.seconds} | record


def journal_of(path: Path, seed: int) -> dict[int, dict[str, Any]]:
    """Records by number, the last one of each; a line that was cut off is left out."""
    records: dict[int, dict[str, Any]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            if record["seed"] == seed:
                records[record["number"]] = record
    return records


def score(records: dict[int, dict[str, Any]], seed: int) -> int:
    """Tables by kind, every failure with its seed, and the bars."""
    rows = []
    for kind in SIZES:
        mine = [record for record in records.values() if record["kind"] == kind]
        if mine:
            cpu = sorted(record.get("cpu_s", record["seconds"]) for record in mine)
            said = ", ".join(f"{count} {status}" for status, count in Counter(r["status"] for r in mine).most_common())
            right = sum(not record["fault"] for record in mine)
            counts = [f"{right}", f"{len(mine)}", f"{SIZES[kind]}"]
            rows.append([kind, EXPECTED[kind], *counts, f"{cpu[len(cpu) // 2]:.1f}", f"{cpu[-1]:.0f}", said])
    print(table(["kind", "label", "right", "asked", "of", "CPU s", "most", "said"], rows))
    for record in sorted(records.values(), key=lambda each: each["number"]):
        if record["fault"]:
            faults = "; ".join(record.get("faults", []))
            print(f"\nmission {record['number']} of seed {seed} ({record['kind']}, {record.get('why', '')}): {record['fault']}")
            print(f"  {record['status']}: {record['advice'] or faults}{'; ' + faults if faults and record['advice'] else ''}")
    by = {label: [r for r in records.values() if r["expect"] == label] for label in (FEASIBLE, INFEASIBLE, UNLABELLED)}
    good, bad, edge = by[FEASIBLE], by[INFEASIBLE], by[UNLABELLED]
    share = sum(not r["fault"] for r in good) / len(good) if good else float("nan")
    named = sum(not r["fault"] for r in bad)
    return verdict([
        Bar("feasible missions that converge with their gap in bounds", 100.0 * share, f"% of {len(good)}", least=100.0 * BAR),
        Bar("infeasible missions called converged", sum(r["status"] == "converged" for r in bad), f"of {len(bad)}", most=0),
        Bar("infeasible missions refused by the name of their limit", named, f"of {len(bad)}", least=len(bad)),
        Bar("missions near the edge without a reason", sum(bool(r["fault"]) for r in edge), f"of {len(edge)}", most=0),
    ])  # fmt: skip


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is being worked on ends too
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=5)
    asked.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    asked.add_argument("--kind", help="kinds by name, with commas; a label stands for all its kinds")
    asked.add_argument("--limit", type=int, help="at most so many")
    asked.add_argument("--share", type=float, default=1.0, help="so much of every kind, and one at least")
    asked.add_argument("--only", type=int, help="one mission: prints its file and its answer, and keeps nothing")
    asked.add_argument("--journal", type=Path, help="default: runs/thousand-SEED.jsonl")
    asked.add_argument("--again", action="store_true", help="ask those anew that went wrong")
    asked.add_argument("--patience", type=float, default=PATIENCE_s, help="seconds after which a mission is given up")
    asked.add_argument("--score", action="store_true", help="print what the journal holds")
    args = asked.parse_args()
    if args.only is not None:
        return show(args.seed, args.only)
    path = args.journal or PROJECT / "runs" / f"thousand-{args.seed}.jsonl"
    records = journal_of(path, args.seed)
    print(f"{sum(SIZES.values())} missions, seed {args.seed}, journal {path}")
    if not args.score:
        kinds = args.kind and [k for word in args.kind.split(",") for k in SIZES if word in (k, EXPECTED[k])]
        if args.kind and not kinds:
            asked.error(f"--kind {args.kind}: one of {', '.join(SIZES)}, or {FEASIBLE}, {INFEASIBLE}, {UNLABELLED}")
        chosen = numbers(kinds, args.share)
        wanted = [n for n in chosen if n not in records or (args.again and records[n]["fault"])][: args.limit]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:

            def keep(record: dict[str, Any]) -> None:
                file.write(json.dumps(record) + "\n")
                file.flush()
                records[record["number"]] = record
                done = sum(n in records for n in chosen)
                words = f"{record['number']} ({record['kind']}) {record['status']} in {record['seconds']:.0f} s"
                wrong = f", WRONG: {record['fault']}" if record["fault"] else ""
                print(f"  {done}/{len(chosen)}: {words}{wrong}", file=sys.stderr)

            run(args.seed, wanted, args.workers, args.patience, keep)
        records = {n: records[n] for n in chosen if n in records}
    return score(records, args.seed)


def show(seed: int, number: int) -> int:
    """One mission, its file and all that was said of it."""
    from thousand.judging import judged

    record = judged(seed, number)
    print(record.pop("mission"))
    for key, value in record.items():
        print(f"{key}: {value}")
    return 1 if record["fault"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
