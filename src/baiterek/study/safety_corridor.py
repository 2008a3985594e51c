"""The corridor of a safety case: 14 CFR 420 App. A round the flight, and lines at which thrust must end by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.constants import NAUTICAL_MILE_M
from baiterek.history import Array
from baiterek.physics.overflight import CF_nm, HI_nm
from baiterek.safety.corridor import CLASS, CutOff, along_and_across, cut_off, flight_azimuth, flight_corridor
from baiterek.safety.landing import Points
from baiterek.study.results import columns_of

if TYPE_CHECKING:
    from baiterek.study.safety import SafetyCase

WITHIN = 0.97
"""Part of the pieces after a turn that come down nearer to the nominal impact point than is told, to either side."""
STEP_nm = 50.0
"""Between vertices of the corridor's sides."""
CAUSE = "turn"
NEAR_m = CF_nm * NAUTICAL_MILE_M
"""Nearer to the pad than this range no line is drawn: the corridor ends there in a circle."""


def corridor(case: SafetyCase) -> dict[str, Any] | None:
    """Azimuth, ring and cut-off lines in deg; None for a flight whose impact point does not leave the pad's surroundings."""
    site, columns = case.mission.site, columns_of(case.flight)
    pad = float(site.latitude_rad), float(site.longitude_rad)
    t_s, trace = _trace(columns)
    if len(t_s) < 2:
        return None
    azimuth = flight_azimuth(*pad, trace)
    limits = [each for each in cut_offs(case, pad, azimuth, t_s, trace) if NEAR_m <= each.range_m < HI_nm * NAUTICAL_MILE_M]
    ring = np.degrees(flight_corridor(*pad, azimuth, CLASS, step_nm=STEP_nm))
    return {
        "class": CLASS,
        "azimuth_deg": float(np.degrees(azimuth)) % 360.0,
        "within": WITHIN,
        "ring_deg": np.column_stack((ring[:, 0], np.degrees(np.unwrap(np.radians(ring[:, 1]))))).round(4).tolist(),
        "cut_off": [
            {
                "t_s": each.t_s,
                "range_km": each.range_m / 1e3,
                "half_width_km": each.half_m / 1e3,
                "debris_km": each.debris_m / 1e3,
                "allowed_km": each.allowed_m / 1e3,
                **{f"{side}_deg": np.degrees(getattr(each, f"{side}_rad")).round(4).tolist() for side in ("left", "right")},
            }
            for each in limits
        ],
    }


def cut_offs(case: SafetyCase, pad: tuple[float, float], azimuth: float, t_s: Array, trace: Array) -> list[CutOff]:
    """At each moment in which the vehicle may turn: debris to the side of the nominal impact point, whichever the greater."""
    failed = iter([event for event in case.events if not event.planned])
    found = []
    for moment in case.moments:
        turned = [event for event in (next(failed) for _ in moment.causes) if event.cause == CAUSE]
        if not turned or not t_s[0] <= moment.t_s <= t_s[-1]:
            continue
        nominal = tuple(float(np.interp(moment.t_s, t_s, side)) for side in trace.T)
        here, middle = (
            along_and_across(*pad, azimuth, *place)[1] for place in (_landed(turned[0]), np.array(nominal)[:, None])
        )
        if len(here):
            away = float(np.quantile(np.abs(here - middle), WITHIN))
            found.append(cut_off(pad, azimuth, moment.t_s, (nominal[0], nominal[1]), away))
    return found


def _landed(event: Any) -> tuple[Array, Array]:
    """Every impact point of an event, each kind of piece alike."""
    points = [piece.footprint for piece in event.pieces if isinstance(piece.footprint, Points)]
    if not points:
        return np.zeros(0), np.zeros(0)
    return np.concatenate([each.latitude_rad for each in points]), np.concatenate([each.longitude_rad for each in points])


def _trace(columns: Any) -> tuple[Array, Array]:
    """Times and rows of latitude and longitude of the impact point in rad, without jumps at 180 deg, while there is one."""
    if "impact_latitude_deg" not in columns:
        return np.zeros(0), np.zeros((0, 2))
    rows = np.radians(np.column_stack((columns["impact_latitude_deg"], columns["impact_longitude_deg"])).astype(float))
    t_s = np.asarray(columns["t_s"], dtype=float)
    down = np.all(np.isfinite(rows), axis=1) & np.append(True, np.diff(t_s) > 0.0)
    rows = rows[down]
    rows[:, 1] = np.unwrap(rows[:, 1])
    return t_s[down], rows
