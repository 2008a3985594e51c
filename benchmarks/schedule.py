"""Monte Carlo of a schedule: 500 activities, 10 000 draws, in processor seconds; the bar is 2 s.

python benchmarks/schedule.py
"""

from __future__ import annotations

import time
from datetime import date

import numpy as np

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.schedule.forecast import forecast
from baiterek.campaign.schedule.records import Activity

COUNT, DRAWS, REPEATS = 500, 10_000, 5


def activities() -> list[Activity]:
    """Each after one to four of the twenty before it."""
    dice, made = np.random.default_rng(1), []
    for k in range(COUNT):
        low = int(dice.integers(1, 20))
        likely = low + int(dice.integers(0, 10))
        near = range(max(0, k - 20), k)
        after = dice.choice(near, size=min(len(near), int(dice.integers(1, 5))), replace=False) if near else []
        names = tuple(f"A-{j}" for j in sorted(after))
        made.append(Activity(f"A-{k}", "work", Part.RU, low, likely, likely + int(dice.integers(0, 30)), names, source="drawn"))
    return made


def main() -> None:
    work, spent = activities(), []
    for _ in range(REPEATS):
        began = time.process_time()
        found = forecast(work, [], date(2026, 1, 1), DRAWS)
        spent.append(time.process_time() - began)
    edges = sum(len(one.after) for one in work)
    print(f"{COUNT} activities, {edges} dependencies, {DRAWS} draws: median {np.median(spent):.2f} s, worst {max(spent):.2f} s")
    print(f"ends {found.end.days[1]} at the median; bar 2 s of processor time: {'met' if max(spent) < 2.0 else 'MISSED'}")


if __name__ == "__main__":
    main()
