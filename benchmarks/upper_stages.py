"""Upper stages: direct GEO from a cold start, and what the length of burns costs beside impulses.

.venv/bin/python benchmarks/upper_stages.py
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, STANDARD_GRAVITY_M_S2, WGS84_RADIUS_M
from baiterek.physics.escape import escape_impulse
from baiterek.physics.transfer import raise_and_turn
from baiterek.trajectory import Optimum, optimise
from measure import PROJECT, Bar, baiterek, interleaved, peak_MiB, seconds, table, verdict

GEO = PROJECT / "missions" / "soyuz5-dm03-geo.toml"
MARS = PROJECT / "missions" / "soyuz5-dm03-mars.toml"
TRANSFER = {"perigee_altitude_km": 250.0, "apogee_altitude_km": 35786.0, "inclination_deg": 48.0}
NO_LOADS: dict[str, Any] = {
    f"limits.{key}": None for key in ("axial_acceleration_g0", "angle_of_attack_deg", "q_alpha_Pa_rad", "turn_rate_deg_s")
}


@dataclass(frozen=True)
class Burned:
    """One burn of an upper stage."""

    speed_m_s: float
    """Ideal velocity."""
    duration_s: float
    altitude_m: float
    """At ignition."""
    inclination_rad: float


def burns(mission: Mission, optimum: Optimum) -> list[Burned]:
    """Every burn of the upper stage."""
    history, stage = optimum.require().history, mission.upper_stage
    assert history is not None and stage is not None
    found = []
    for number, name in enumerate(history.phases):
        if name.startswith(f"{stage.name} burn "):
            rows = np.flatnonzero(history.phase == number)
            mass, t = history["mass_kg"][rows], history.t_s[rows]
            speed = STANDARD_GRAVITY_M_S2 * float(stage.isp_s) * np.log(mass[0] / mass[-1])
            inclination = np.radians(history["inclination_deg"][rows[0]])
            found.append(Burned(float(speed), float(np.ptp(t)), float(history["altitude_m"][rows[0]]), float(inclination)))
    return found


def stronger(mission: Mission, times: float) -> Mission:
    """The same with so many times the thrust."""
    stage = mission.upper_stage
    assert stage is not None
    data = {**stage.data, "thrust_N": replace(stage.data["thrust_N"], value=times * stage.thrust_N)}
    data["burn_min_s"] = replace(data["burn_min_s"], value=1.0)
    return replace(mission, upper_stage=replace(stage, thrust_N=times * stage.thrust_N, burn_min_s=1.0, data=data))


def lost_to_geo(found: list[Burned]) -> float:
    """Speed of the later burns beyond the cheapest two impulses from a circle where the second burn begins, m/s."""
    start = WGS84_RADIUS_M + found[1].altitude_m
    bound = raise_and_turn(start, WGS84_RADIUS_M + 35786e3, found[1].inclination_rad, EARTH_MU_M3_S2).total_m_s
    return sum(burn.speed_m_s for burn in found[1:]) - float(bound)


def row(name: str, mission: Mission, optimum: Optimum) -> list[str]:
    """Of the table."""
    found = burns(mission, optimum)
    each = " + ".join(f"{burn.speed_m_s:.0f}" for burn in found)
    lasting = " + ".join(f"{burn.duration_s:.0f}" for burn in found)
    return [name, each, f"{sum(burn.speed_m_s for burn in found):.1f}", lasting, f"{optimum.payload_kg:.1f}"]


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    runs = interleaved({"direct GEO": [baiterek(), "optimise", GEO, "--json"]}, {"direct GEO": 3})["direct GEO"]
    rows, losses = [], []
    for name, mission in (
        ("Block DM-03 to the geostationary circle", load_mission(GEO)),
        ("the same without loads, 3 times the thrust", stronger(load_mission(GEO, NO_LOADS), 3.0)),
        ("the same, 10 times", stronger(load_mission(GEO, NO_LOADS), 10.0)),
    ):
        optimum = optimise(mission)
        rows.append(row(name, mission, optimum))
        found = burns(mission, optimum)
        losses.append(100.0 * lost_to_geo(found) / sum(burn.speed_m_s for burn in found))
    carried = {}
    for name, file, changes, perigee in (
        ("Fregat to 250 x 35 786 km, 48 deg", GEO, {"upper_stage.stage": "fregat", "target": TRANSFER}, (1, 2)),
        ("Fregat to Mars, C3 9.18 km2/s2", MARS, {"upper_stage.stage": "fregat"}, (2, 3)),
    ):
        for count in perigee:
            # Without a zone, which is that of the second stage under the mission's own upper stage.
            mission = replace(load_mission(file, {**changes, "upper_stage.burns": count}), zones={})
            optimum = optimise(mission)
            carried[name, count] = optimum.payload_kg
            rows.append(row(f"{name}, {count} burns", mission, optimum))
            if file == MARS:
                last = burns(mission, optimum)
                least = escape_impulse(WGS84_RADIUS_M + last[1].altitude_m, 9.18e6, EARTH_MU_M3_S2)
                print(f"{name}: impulse from a circle where burn 2 begins {least:.1f} m/s")
    print(table(["burns of the upper stage", "m/s each", "m/s", "s each", "payload kg"], rows))
    print("lost to the length of burns to the geostationary circle, % of all: " + ", ".join(f"{loss:.3f}" for loss in losses))
    gain = carried["Fregat to Mars, C3 9.18 km2/s2", 3] - carried["Fregat to Mars, C3 9.18 km2/s2", 2]
    return verdict([
        Bar("direct GEO in three burns, whole process cold", seconds(runs), "s", most=10.0),
        Bar("peak memory", peak_MiB(runs), "MiB", most=400.0),
        Bar("finite burns of a Block DM, of its total delta-v", losses[0], "%", most=3.0, least=0.0),
        Bar("the same with ten times its thrust, size", abs(losses[2]), "%", most=0.3),
        Bar("loss with 3 times the thrust over that with its own", losses[1] / losses[0], "", most=0.6),
        Bar("second burn at perigee of Fregat to Mars", gain, "kg", least=0.0),
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
