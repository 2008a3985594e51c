"""The flight as a CCSDS Orbit Ephemeris Message (CCSDS 502.0-B-3) in the Geocentric Celestial Reference Frame."""

from __future__ import annotations

from pathlib import Path

from baiterek.reports.exports.states import in_gcrf_km, lift_off, once, utc_text
from baiterek.study.results import MissionResult


def write_oem(result: MissionResult, path: Path) -> None:
    """One state per instant of the trajectory, km and km/s, UTC. No covariance: none is known."""
    from ccsds_ndm import OdmHeader, Oem, OemData, OemMetadata, OemSegment, StateVectorAcc

    start, columns = lift_off(result), once(result.trajectory)
    epochs = [utc_text(start, t) for t in columns["t_s"]]
    metadata = OemMetadata(
        object_name=result.summary["vehicle"]["title"].upper(),
        object_id=f"{start:%Y}-000A",
        start_time=epochs[0],
        stop_time=epochs[-1],
        center_name="EARTH",
        ref_frame="GCRF",
        time_system="UTC",
        interpolation="HERMITE",
        interpolation_degree=3,
        comment=[f"Planned ascent {result.summary['mission']}, run {result.hash}", "Powered: velocity has corners"],
    )
    states = [StateVectorAcc(epoch, *(float(v) for v in row)) for epoch, row in zip(epochs, in_gcrf_km(columns, start))]
    message = Oem(OdmHeader(result.provenance["computed_utc"].rstrip("Z"), "BAITEREK"), [OemSegment(metadata, OemData(states))])
    message.validate()
    path.write_text(message.to_str("kvn"), encoding="ascii")
