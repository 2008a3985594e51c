"""The day of launch: the plan again in the wind that a balloon has measured, and GO or NO-GO with its reasons."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.soundings import Sounding, read_sounding
from baiterek.errors import BadValue
from baiterek.history import Array, History, Steering
from baiterek.physics.climate import WIND_KNOTS_M
from baiterek.physics.gust import NASA_GUST_M_S, gust_q_alpha
from baiterek.physics.table import Table, fitted_table, table_value
from baiterek.study.criteria import BIASED, UNBIASED, criteria, drops, margin
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import write_json, write_mission
from baiterek.study.steering_file import write_steering
from baiterek.study.summary import data_of, plain

Say = Callable[[str], None]
VERB = "day-of-launch"
OUTPUT_s = 0.25
ROOM_alpha, ROOM_q = 0.05, 0.01
"""Shares of the limits on q alpha and the angle of attack, and on q, that the biased programme keeps back, the gust apart: it
is planned in a smoothed wind and flown in the measured one, which with a jet of 58 m/s adds some 5 % and 0.5 %."""
WIND_STEP_M, WIND_TOP_M = 250.0, 40e3
STRONGEST_GUST_M_S = 30.0


@dataclass(frozen=True)
class Day:
    """All that a decision rests on."""

    mission: Mission
    """As planned, in its own wind."""
    today: Mission
    """The same in the measured wind."""
    sounding: Sounding
    gust_m_s: float
    planned: Any
    """Optimum of `mission`."""
    biased: Any
    """Optimum for today, planned in the smoothed wind with room for the gust."""
    nominal: History
    """The plan in its own wind."""
    flights: dict[str, History]
    """In the measured wind, by programme."""


def day_of_launch(
    file: Path,
    sounding: Path,
    out: Path,
    *,
    gust_m_s: float = NASA_GUST_M_S,
    render: Callable[[Path], None] | None = None,
    say: Say | None = None,
) -> tuple[dict[str, Any], Path]:
    """The decision on a mission in the wind of a sounding, as `result.json` has it, and its folder under `out`."""
    if not 0.0 <= gust_m_s <= STRONGEST_GUST_M_S:
        raise BadValue("command line", "--gust", gust_m_s, f"0 to {STRONGEST_GUST_M_S:g} m/s")
    check_writable(out)
    day = replan(file, sounding, gust_m_s, say or (lambda text: None))
    origin = provenance(day.today, VERB)
    origin["sounding"] = {sounding.name: hashlib.sha256(sounding.read_bytes()).hexdigest()}
    origin["hash"] = digest([origin["hash"], gust_m_s, origin["sounding"]])
    document = plain({"run": origin["hash"], **decision(day), "curves": curves(day)})
    date = f"{day.mission.lift_off:%Y-%m-%d}"

    def fill(folder: Path) -> None:
        write_mission(folder / "mission.toml", day.mission)
        shutil.copyfile(sounding, folder / f"sounding{sounding.suffix}")
        if day.biased.steering is not None:
            write_steering(folder / "steering-biased.json", day.biased.steering)
        write_json(folder / "provenance.json", origin)
        write_json(folder / "result.json", document)
        if render is not None:
            render(folder)

    return document, whole_folder(out, f"{date}-{day.mission.name}-{VERB}-{origin['hash'][:8]}", fill)


def replan(file: Path, sounding: Path, gust_m_s: float, say: Say) -> Day:
    """Plans the mission in its own wind, flies that programme in the measured wind, and plans it again for that."""
    from baiterek.trajectory import Replanning

    mission = load_mission(file)
    if mission.lift_off is None:
        raise BadValue(mission.file, "epoch.utc", "nothing", "a date and time: a day of launch has one")
    found = read_sounding(sounding, mission.site.latitude_rad, mission.lift_off)
    changes = {"environment.wind": "sounding", "environment.wind_file": str(sounding.resolve())}
    today = load_mission(file, changes)
    say("planning in the mission's own wind")
    replanning = Replanning(mission, say)
    planned = replanning.planned.require()
    say("flying that programme in the measured wind")
    flights = {UNBIASED: _flown(today, planned.steering)}
    say("planning again for the measured wind")
    room = float(_gust(flights[UNBIASED], gust_m_s).max())
    biased = replanning.again(with_room(smoothed(today), room))
    if biased.converged:
        flights[BIASED] = _flown(today, biased.steering)
    return Day(mission, today, found, gust_m_s, planned, biased, _flown(mission, planned.steering), flights)


def smoothed(mission: Mission) -> Mission:
    """The wind on the knots of the climatology: what a programme can be biased to, and what lasts until the launch."""
    environment = mission.environment
    heights = np.arange(WIND_KNOTS_M[0], WIND_KNOTS_M[-1], 100.0)

    def smooth(table: Table) -> Table:
        return fitted_table(WIND_KNOTS_M, heights, table_value(heights, table))

    east, north = smooth(environment.wind_east), smooth(environment.wind_north)
    return replace(mission, environment=environment._replace(wind_east=east, wind_north=north))


def with_room(mission: Mission, gust_Pa_rad: float) -> Mission:
    """Load limits lowered by the gust and by what the smoothed wind leaves out."""
    limits = mission.limits
    q_alpha, q, alpha = limits.q_alpha_Pa_rad, limits.dynamic_pressure_Pa, limits.angle_of_attack_rad
    if q_alpha is not None:
        q_alpha = max(float(q_alpha) * (1.0 - ROOM_alpha) - gust_Pa_rad, 0.1 * float(q_alpha))
    lowered = replace(
        limits,
        q_alpha_Pa_rad=q_alpha,
        dynamic_pressure_Pa=None if q is None else float(q) * (1.0 - ROOM_q),
        angle_of_attack_rad=None if alpha is None else float(alpha) * (1.0 - ROOM_alpha),
    )
    return replace(mission, limits=lowered)


def _flown(mission: Mission, steering: Steering | None) -> History:
    from baiterek.flight import simulate

    assert steering is not None
    return simulate(mission, steering, output_s=OUTPUT_s)


def _gust(flight: History, gust_m_s: float) -> Array:
    """What the gust adds to q alpha, Pa rad, at each row."""
    return np.asarray(gust_q_alpha(flight["dynamic_pressure_Pa"], flight["airspeed_m_s"], gust_m_s))


def decision(day: Day) -> dict[str, Any]:
    """Criteria, drop points, margin, and the one word: GO when the biased programme meets every criterion."""
    gusts = {name: _gust(flight, day.gust_m_s) for name, flight in day.flights.items()}
    rows = criteria(day, gusts)
    go, inputs = all(row["met"] for row in rows), data_of(day.mission)
    speed, direction, altitude = day.sounding.strongest
    taken, lift_off = day.sounding.utc, day.mission.lift_off
    return {
        "decision": "GO" if go else "NO-GO",
        "mission": day.mission.name,
        "title": day.mission.title,
        "vehicle": day.mission.vehicle.title,
        "site": day.mission.site.title,
        "lift_off": lift_off.isoformat() if lift_off else None,
        "unbiased_alone": "GO" if all(row["met_unbiased"] for row in rows) else "NO-GO",
        "criteria": rows,
        "drops": drops(day),
        "margin": margin(day),
        "gust": {"amplitude_m_s": day.gust_m_s, "adds_Pa_rad": {name: gust.max() for name, gust in gusts.items()}},
        "sounding": {
            "file": Path(day.sounding.file).name, "format": day.sounding.form, "station": day.sounding.station,
            "utc": taken.isoformat() if taken else None,
            "hours_before_lift_off": (lift_off - taken).total_seconds() / 3600.0 if taken and lift_off else None,
            "levels": len(day.sounding.altitude_m), "left_out": day.sounding.left_out,
            "from_m": day.sounding.altitude_m[0], "to_m": day.sounding.altitude_m[-1],
            "strongest_m_s": speed, "strongest_from_deg": direction, "strongest_at_m": altitude,
        },
        "environment": {"planned": list(day.mission.environment_notes), "measured": list(day.today.environment_notes)},
        "inputs": {"unsure": sum(row["unsure"] for row in inputs), "all": len(inputs)},
        "status": day.biased.status,
        "advice": day.biased.advice,
    }  # fmt: skip


def curves(day: Day) -> dict[str, Any]:
    """What the page draws: wind over height, q alpha with its gust over time."""
    heights = np.arange(0.0, WIND_TOP_M + 1.0, WIND_STEP_M)
    wind = {"altitude_m": heights}
    for name, mission in (("own", day.mission), ("measured", day.today)):
        environment = mission.environment
        wind[f"{name}_east_m_s"] = table_value(heights, environment.wind_east)
        wind[f"{name}_north_m_s"] = table_value(heights, environment.wind_north)
    loads = {}
    for name, flight in day.flights.items():
        felt = flight["dynamic_pressure_Pa"] > 0.02 * flight["dynamic_pressure_Pa"].max()
        loads[name] = {
            "t_s": flight.t_s[felt],
            "q_alpha_Pa_rad": flight["q_alpha_Pa_rad"][felt],
            "with_gust_Pa_rad": (flight["q_alpha_Pa_rad"] + _gust(flight, day.gust_m_s))[felt],
        }
    return {"wind": wind, "loads": loads, "limit_Pa_rad": day.mission.limits.q_alpha_Pa_rad}
