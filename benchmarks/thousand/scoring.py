"""What a journal amounts to: tables by kind and by label, the shares with their intervals, every failure, the bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from scipy.stats import beta

from measure import Bar, table, verdict
from thousand.cases import FEASIBLE, INFEASIBLE, UNLABELLED
from thousand.journal import Record, code, commit, first, last
from thousand.kinds import COUNTS, EXPECTED, SIZES

BAR = 0.995
CONFIDENCE = 0.95


def interval(right: int, asked: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Exact interval of a binomial share (Clopper & Pearson 1934, Biometrika 26, p. 404), by quantiles of the beta law.

    For a sample without replacement, as of a run that was not finished, it is on the safe side.
    """
    tail = 0.5 * (1.0 - confidence)
    low = float(beta.ppf(tail, right, asked - right + 1)) if right else 0.0
    high = float(beta.ppf(1.0 - tail, right + 1, asked - right)) if right < asked else 1.0
    return low, high


def score(records: list[Record], seed: int) -> int:
    """Prints it all; the exit status of the benchmark."""
    answers = last(records)
    print(_by_kind(answers.values()))
    _print_failures(answers, seed)
    begun, versions = first(records), Counter((record.get("commit", ""), record["code"]) for record in answers.values())
    print(f"\nRight, and the {CONFIDENCE:.0%} interval of the share where not all were asked:")
    print(_by_label(answers, "last answers"))
    if any(begun[n]["code"] != answers[n]["code"] for n in answers):
        print("\nThe same by the first answer to each, before any mend that it may have led to:")
        print(_by_label(begun, "first answers"))
    print(f"\nThis is {commit() or 'no commit'} (code {code()}). Asked by:")
    for (name, its), count in versions.most_common():
        print(f"  {name or 'no commit'} (code {its}): {count}" + ("" if its == code() else ", ANOTHER VERSION"))
    if len(answers) < sum(SIZES.values()):
        print(f"\nA sample of {len(answers)} of {sum(SIZES.values())}: the bars below are those of what was asked.")
    return _bars(answers.values())


def _by_kind(answers: Iterable[Record]) -> str:
    rows = []
    for kind in SIZES:
        mine = [record for record in answers if record["kind"] == kind]
        if mine:
            cpu = sorted(record.get("cpu_s") or 0.0 for record in mine)
            said = ", ".join(f"{count} {status}" for status, count in Counter(r["status"] for r in mine).most_common())
            right = sum(not record["fault"] for record in mine)
            counts = [f"{right}", f"{len(mine)}", f"{SIZES[kind]}"]
            rows.append([kind, EXPECTED[kind], *counts, f"{cpu[len(cpu) // 2]:.1f}", f"{cpu[-1]:.0f}", said])
    return table(["kind", "label", "right", "asked", "of", "CPU s", "most", "said"], rows)


def _print_failures(answers: Mapping[int, Record], seed: int) -> None:
    for number, record in sorted(answers.items()):
        if record["fault"]:
            faults = "; ".join(record.get("faults", []))
            print(f"\nmission {number} of seed {seed} ({record['kind']}, {record.get('why', '')}): {record['fault']}")
            print(f"  {record['status']}: {record['advice'] or faults}{'; ' + faults if faults and record['advice'] else ''}")


def _by_label(answers: Mapping[int, Record], what: str) -> str:
    rows = []
    for label in (*COUNTS, "all"):
        mine = [record for record in answers.values() if label in (record["expect"], "all")]
        if not mine:
            continue
        size = sum(sum(counts.values()) for its, counts in COUNTS.items() if label in (its, "all"))
        right = sum(not record["fault"] for record in mine)
        low, high = (f"{100.0 * end:.2f}" for end in interval(right, len(mine)))
        cpu = sum((record.get("cpu_s") or 0.0) for record in mine)
        share = f"{100.0 * right / len(mine):.2f}"
        between = f"{low} .. {high}" if len(mine) < size else "all asked"
        rows.append([label, f"{right}", f"{len(mine)}", f"{size}", share, between, f"{cpu:.0f}"])
    return table([what, "right", "asked", "of", "%", "interval %", "CPU s"], rows)


def _bars(answers: Iterable[Record]) -> int:
    by = {label: [r for r in answers if r["expect"] == label] for label in COUNTS}
    good, bad, edge = by[FEASIBLE], by[INFEASIBLE], by[UNLABELLED]
    share = sum(not r["fault"] for r in good) / len(good) if good else float("nan")
    named = sum(not r["fault"] for r in bad)
    return verdict([
        Bar("feasible missions that converge with their gap in bounds", 100.0 * share, f"% of {len(good)}", least=100.0 * BAR),
        Bar("infeasible missions called converged", sum(r["status"] == "converged" for r in bad), f"of {len(bad)}", most=0),
        Bar("infeasible missions refused by the name of their limit", named, f"of {len(bad)}", least=len(bad)),
        Bar("missions near the edge without a reason", sum(bool(r["fault"]) for r in edge), f"of {len(edge)}", most=0),
    ])  # fmt: skip
