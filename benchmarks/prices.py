"""Prices of limits and numbers beside central differences of optima solved again, over the bundled missions.

.venv/bin/python benchmarks/prices.py [MISSION.toml ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

from baiterek.catalogue.read import load_mission
from baiterek.study.prices import prices
from measure import PROJECT, Bar, table, verdict

NAMES = ("soyuz5-leo", "soyuz5-fregat-sso", "soyuz5-fregat-gto", "soyuz5-dm03-geo", "soyuz5-dm03-mars")
MISSIONS = (
    *(PROJECT / "missions" / f"{name}.toml" for name in NAMES), *sorted((PROJECT / "missions" / "limits").glob("*.toml")),
)  # fmt: skip
FELT = 0.05
"""Prices below this many kg for a whole step are shown, and are no part of the bar: a gram of noise is 2 % of them."""


def checked(file: Path) -> list[dict]:
    """Every price of a mission that is felt, with its difference."""
    rows = [row for row in prices(load_mission(file), check=True)["prices"] if row["gain"] != 0.0]
    shown = [
        [row["of"], row["what"], f"{row['amount']:g} {row['unit']}", f"{row['gain']:+.3f}", *_difference(row)] for row in rows
    ]
    print(f"\n{file.stem}")
    print(table(["limit or part", "change", "by", "price kg", "difference kg", "ratio"], shown))
    return rows


def _difference(row: dict) -> list[str]:
    if row["difference"] is None:
        return ["not solved", ""]
    again = " | ".join(f"{each:+.3f}" for each in row.get("sides") or [row["difference"]])
    return [again, f"{row['ratio']:.4f}" if row["difference"] else "none"]


def _missed(row: dict) -> float:
    """By what part of the difference a price misses it; all of it where there is a price and no difference."""
    return abs(row["gain"] / row["difference"] - 1.0) if row["difference"] else float("inf")


def main() -> int:
    files = [Path(each) for each in sys.argv[1:]] or MISSIONS
    rows = [row for file in files for row in checked(file)]
    felt = [row for row in rows if abs(row["gain"]) >= FELT]
    unsolved = sum(row["difference"] is None for row in felt)
    worst = max(_missed(row) for row in felt if row["difference"] is not None)
    bars = [
        Bar("prices of 0.05 kg or more beside differences, worst", 100.0 * worst, "%", most=5.0),
        Bar("differences that were not solved", float(unsolved), "", most=0.0),
    ]
    return verdict(bars)


if __name__ == "__main__":
    sys.exit(main())
