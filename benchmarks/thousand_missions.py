"""A thousand missions whose answer is known beforehand, or nearly: does the optimiser say of each whether it can be flown?

    .venv/bin/python benchmarks/thousand_missions.py [--seed 5] [--workers 2] [--kind circle,node] [--limit N] [--share 0.1]
    .venv/bin/python benchmarks/thousand_missions.py --sample      # the hundred of the tests
    .venv/bin/python benchmarks/thousand_missions.py --score       # what the journal holds
    .venv/bin/python benchmarks/thousand_missions.py --only NUMBER # one mission, with its file and its answer

700 are flown by witnesses that the optimiser never sees, 200 are forbidden by bounds, 100 lie near the edge. They are
asked in an order shuffled by the seed over all kinds, so that what was asked so far is a fair sample. The journal (JSON
lines) keeps every answer and the code that gave it: a run goes on where the last one stopped. `--again` asks those anew
that went wrong. The draws of the hundred are kept too (`--draw` chooses and makes them anew): a witness takes seconds to find.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from measure import PROJECT
from thousand.journal import Record, code, commit, journal_of, last, line
from thousand.kinds import EXPECTED, SIZES, kind_of
from thousand.order import order
from thousand.scoring import score

PATIENCE_s = 900


def work(seed: int, number: int, patience_s: int, answer: Connection) -> None:
    """One mission in a process of its own, which the system ends after so many seconds of processor time."""
    from thousand.judging import judged

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (patience_s, patience_s + 5))
    try:
        answer.send(judged(seed, number))
    except Exception as error:  # a label that could not be made is not the optimiser's fault, and is shown as such
        answer.send({"fault": "no case", "status": "not drawn", "advice": f"{type(error).__name__}: {error}"})


def run(seed: int, wanted: list[int], workers: int, patience_s: int, keep: Callable[[Record, float], None]) -> None:
    """Every wanted mission through a few processes; `keep` gets each record as it comes, and its seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["thousand.judging", "baiterek.trajectory"])
    left: list[int] = list(reversed(wanted))
    busy: dict[Connection, Asked] = {}
    try:
        while left or busy:
            while left and len(busy) < workers:
                mine, its = context.Pipe(duplex=False)
                number = left.pop()
                process = context.Process(target=work, args=(seed, number, patience_s, its))
                process.start()
                its.close()
                busy[mine] = Asked(number, process, time.monotonic())
            for pipe in wait(list(busy)):
                asked = busy.pop(pipe)  # type: ignore[arg-type]
                keep(answered(seed, asked, pipe), time.monotonic() - asked.began_s)  # type: ignore[arg-type]
    finally:
        for asked in busy.values():
            asked.process.kill()


@dataclass(frozen=True)
class Asked:
    """A mission that is being worked on."""

    number: int
    process: BaseProcess
    began_s: float


def answered(seed: int, asked: Asked, pipe: Connection) -> Record:
    """The record of a mission whose process has answered, died or used up its processor time."""
    try:
        record = pipe.recv()
    except EOFError:
        asked.process.join()
        record = {"status": "crashed", "fault": "died", "advice": "the process ended without an answer"}
        if asked.process.exitcode == -signal.SIGXCPU:
            record = {"status": "timed out", "fault": "timed out", "advice": "given up"}
    pipe.close()
    asked.process.kill()
    asked.process.join()
    kind = kind_of(asked.number)
    return {"number": asked.number, "kind": kind, "expect": EXPECTED[kind], "seed": seed} | record | {
        "code": code(), "commit": commit()
    }  # fmt: skip


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is being worked on ends too
    args = parsed()
    if args.only is not None:
        return show(args.seed, args.only)
    path = args.journal or PROJECT / "benchmarks" / "thousand" / f"journal-{args.seed}.jsonl"
    if args.draw:
        return draw(args.seed, path)
    records = journal_of(path, args.seed)
    print(f"{sum(SIZES.values())} missions, seed {args.seed}, journal {path.name}, code {code()}")
    if not args.score:
        chosen, answers = asked_of(args), last(records)
        wanted = [n for n in chosen if n not in answers or (args.again and answers[n]["fault"])][: args.limit]
        print(f"{len(wanted)} to ask, in the order {', '.join(map(str, wanted[:12]))}{' ...' if len(wanted) > 12 else ''}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:

            def keep(record: Record, seconds: float) -> None:
                file.write(line(record))
                file.flush()
                records.append(record)
                answers[record["number"]] = record
                done = sum(n in answers for n in chosen)
                words = f"{record['number']} ({record['kind']}) {record['status']} in {seconds:.0f} s"
                wrong = f", WRONG: {record['fault']}" if record["fault"] else ""
                print(f"  {done}/{len(chosen)}: {words}{wrong}", file=sys.stderr, flush=True)

            run(args.seed, wanted, args.workers, args.patience, keep)
        records = [record for record in records if record["number"] in chosen]
    return score(records, args.seed)


def parsed() -> argparse.Namespace:
    """The command line, with `kinds` from `--kind`."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=5)
    asked.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    asked.add_argument("--kind", help="kinds by name, with commas; a label stands for all its kinds")
    asked.add_argument("--limit", type=int, help="at most so many")
    asked.add_argument("--share", type=float, default=1.0, help="so much of every kind, and one at least")
    asked.add_argument("--sample", action="store_true", help="the hundred of the tests, whose draws are kept")
    asked.add_argument("--only", type=int, help="one mission: prints its file and its answer, and keeps nothing")
    asked.add_argument("--journal", type=Path, help="default: benchmarks/thousand/journal-SEED.jsonl")
    asked.add_argument("--again", action="store_true", help="ask those anew that went wrong")
    asked.add_argument("--draw", action="store_true", help="choose and draw the sample of the tests anew, and ask nothing")
    asked.add_argument("--patience", type=int, default=PATIENCE_s, help="processor seconds after which one is given up")
    asked.add_argument("--score", action="store_true", help="print what the journal holds")
    args = asked.parse_args()
    args.kinds = args.kind and [k for word in args.kind.split(",") for k in SIZES if word in (k, EXPECTED[k])]
    if args.kind and not args.kinds:
        asked.error(f"--kind {args.kind}: one of {', '.join(SIZES)}, or {', '.join(sorted(set(EXPECTED.values())))}")
    return args


def asked_of(args: argparse.Namespace) -> list[int]:
    """Numbers in the order of asking."""
    from thousand.draws import kept

    return list(kept(args.seed)) if args.sample else order(args.seed, args.kinds, args.share)


def draw(seed: int, journal: Path) -> int:
    """Chooses the sample by what its answers cost, and keeps its draws in the order of asking; those that are kept stay."""
    from thousand import draws

    costs_s = {number: record["cpu_s"] for number, record in last(journal_of(journal, seed)).items() if "cpu_s" in record}
    lines = [draws.line(draws.drawn(seed, number)) for number in draws.sample(seed, costs_s)]
    draws.file_of(seed).write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} draws in {draws.file_of(seed).name}")
    return 0


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
