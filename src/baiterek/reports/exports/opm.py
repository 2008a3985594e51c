"""The state at insertion as a CCSDS Orbit Parameter Message (CCSDS 502.0-B-3) in the Geocentric Celestial Reference Frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baiterek.reports.exports.states import in_gcrf_km, lift_off, utc_text
from baiterek.study.results import MissionResult

AXES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")


def write_opm(result: MissionResult, path: Path) -> None:
    """Position, velocity and mass of what reaches orbit: payload, adapter and the last stage with what is left in it.

    The epoch is cut to the microsecond, which most readers take at best: 8 mm of flight. No covariance (none is known)
    and no Keplerian elements (the target's hold in other axes). The library offers no constructor for the mass, so it
    is given the text: it checks it, and writes it in its own form.
    """
    from ccsds_ndm import Opm

    start = lift_off(result)
    state = in_gcrf_km(result.trajectory, start)[-1]
    lines = [
        "CCSDS_OPM_VERS = 3.0",
        f"COMMENT Planned insertion {result.summary['mission']}, run {result.hash}",
        f"CREATION_DATE = {result.provenance['computed_utc'].rstrip('Z')}",
        "ORIGINATOR = BAITEREK",
        f"OBJECT_NAME = {result.summary['vehicle']['title'].upper()}",
        f"OBJECT_ID = {start:%Y}-000A",
        "CENTER_NAME = EARTH",
        "REF_FRAME = GCRF",
        "TIME_SYSTEM = UTC",
        f"EPOCH = {utc_text(start, float(result.trajectory['t_s'][-1]))[:-3]}",
        *(f"{axis} = {value:.12g}" for axis, value in zip(AXES, state)),
        f"COMMENT {_aboard(result.summary)}",
        f"MASS = {result.trajectory['mass_kg'][-1]:.12g}",
    ]
    message = Opm.from_str("\n".join(lines) + "\n")
    message.validate()
    path.write_text(message.to_str("kvn"), encoding="ascii")


def _aboard(summary: Mapping[str, Any]) -> str:
    """What the mass is of: of several payloads those that are let go at insertion, with the adapters of all."""
    answer, releases = summary["answer"], summary.get("releases", ())
    if not releases:
        return f"Last stage, adapter {answer['adapter_kg']:.3f} kg and payload {answer['payload_kg']:.3f} kg"
    last = [r for r in releases if r["t_s"] == releases[-1]["t_s"]]
    payloads = " and ".join(f"{r['name']} {r['mass_kg']:.3f} kg" for r in last)
    return f"Last stage, adapters {sum(r['adapter_kg'] for r in releases):.3f} kg in all, and {payloads}"
