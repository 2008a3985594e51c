"""The flight as a CCSDS Orbit Ephemeris Message (CCSDS 502.0-B-3) in the Geocentric Celestial Reference Frame."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from baiterek.physics.frames import gcrf_from_launch
from baiterek.study.results import MissionResult

STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


def write_oem(result: MissionResult, path: Path) -> str:
    """Write the ephemeris; returns what to tell a reader: what it is, or why there is none.

    One state per row of the trajectory, km and km/s, UTC. The axes of launch (true equator and equinox at lift-off,
    not rotating) are turned to GCRF by one constant rotation.
    """
    lift_off = result.summary["lift_off"]
    if lift_off is None:
        return "No ephemeris: the mission has no date, so its axes have no orientation among the stars."
    if not result.trajectory:
        return "No ephemeris: there is no trajectory."
    from ccsds_ndm import OdmHeader, Oem, OemData, OemMetadata, OemSegment, StateVectorAcc

    utc = datetime.fromisoformat(lift_off)
    t_s, states_km = _states(result, utc)
    epochs = [_epoch(utc, t) for t in t_s]
    metadata = OemMetadata(
        object_name=result.summary["vehicle"]["title"].upper(),
        object_id=f"{utc:%Y}-000A",
        start_time=epochs[0],
        stop_time=epochs[-1],
        center_name="EARTH",
        ref_frame="GCRF",
        time_system="UTC",
        interpolation="HERMITE",
        interpolation_degree=3,
        comment=[f"Planned ascent {result.summary['mission']}, run {result.hash}", "Powered: velocity has corners"],
    )
    vectors = [StateVectorAcc(epoch, *(float(v) for v in row)) for epoch, row in zip(epochs, states_km)]
    message = Oem(
        OdmHeader(result.provenance["computed_utc"].rstrip("Z"), "BAITEREK"),
        [OemSegment(metadata, OemData(vectors))],
    )
    message.validate()
    path.write_text(message.to_str("kvn"), encoding="ascii")
    return f"{len(epochs)} states in GCRF, UTC, from {epochs[0][:19]} to {epochs[-1][:19]}."


def _states(result: MissionResult, utc: datetime) -> tuple[np.ndarray, np.ndarray]:
    """Instants (each once: a separation has two rows of one instant) and states in GCRF, km and km/s."""
    columns = result.trajectory
    keep = np.concatenate(([True], np.diff(columns["t_s"]) > 0.0))
    rotation = np.asarray(gcrf_from_launch(utc), dtype=float)
    position = rotation @ np.array([columns[name][keep] for name in STATE[:3]])
    velocity = rotation @ np.array([columns[name][keep] for name in STATE[3:]])
    return columns["t_s"][keep], np.vstack((position, velocity)).T / 1e3


def _epoch(utc: datetime, t_s: float) -> str:
    """UTC of an instant of the flight, to the nanosecond."""
    start = np.datetime64(utc.replace(tzinfo=None), "ns")
    return str(start + np.timedelta64(round(t_s * 1e9), "ns"))
