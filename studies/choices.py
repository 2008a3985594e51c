"""What each choice of model and each limit is worth: the bundled mission with one line changed at a time.

    python studies/choices.py            # prints the table, a few minutes
    python studies/choices.py --write    # and puts it into docs/choices-study.md

Used are the ellipsoid, J4 and the month's wind, because a sphere or calm air would move the payload by 270 and 70 kg, and
the standard atmosphere, because a plan should not change with its date: that of December is worth 73 kg, a sixth of the
payload's sigma.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import baiterek

PROJECT = Path(__file__).resolve().parents[1]
MISSION = PROJECT / "missions" / "soyuz5-leo.toml"
PAGE = PROJECT / "docs" / "choices-study.md"

CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "air: NRLMSIS of the date": {"environment.atmosphere": "nrlmsis"},
    "wind: none": {"environment.wind": "none"},
    "wind: that of July": {"environment.wind_month": 7},
    "gravity: to J2": {"environment.gravity": "J2"},
    "gravity: point mass": {"environment.gravity": "point"},
    "Earth: sphere": {"environment.earth": "sphere"},
    "target: mean elements": {"target.kind": "mean"},
    "no limit on dynamic pressure": {"limits.dynamic_pressure_Pa": None},
    "no limit on q alpha": {"limits.q_alpha_Pa_rad": None},
    "no limit on acceleration": {"limits.axial_acceleration_m_s2": None},
    "no limit on the angle of attack": {"limits.angle_of_attack_rad": None},
    "no limit on the turn rate": {"limits.turn_rate_rad_s": None},
    "no floor of insertion": {"limits.insertion_altitude_min_m": None},
    "no fall zones": {"zones": None},
    "reserve: 1 % of the last stage": {"reserve.last_stage_fraction": 0.01},
}
"""What differs from the mission file."""


def table() -> str:
    """A row a change: payload, difference, and what the optimiser says."""
    bundled, first = baiterek.load(MISSION), None
    rows = ["| what changes | payload, kg | difference, kg | status |", "|---|---|---|---|"]
    for name, changes in CHANGES.items():
        optimum = baiterek.optimise(baiterek.change(bundled, changes))
        first = first or optimum.payload_kg
        rows.append(f"| {name} | {optimum.payload_kg:.1f} | {optimum.payload_kg - first:+.1f} | {optimum.status} |")
        print(rows[-1], flush=True)
    return "\n".join(rows) + "\n"


def main() -> None:
    rows = table()
    if "--write" in sys.argv[1:]:
        text = PAGE.read_text(encoding="utf-8")
        pattern = re.compile(r"(<!-- choices -->\n).*?(<!-- end -->)", re.DOTALL)
        PAGE.write_text(pattern.sub(lambda m: m.group(1) + rows + m.group(2), text), encoding="utf-8")


if __name__ == "__main__":
    main()
