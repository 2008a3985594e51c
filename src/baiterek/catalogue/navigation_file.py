"""The `[navigation]` of a vehicle file: how wrong its inertial unit may be, and how good its satellite receiver is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.fields import Field, Fields, Place, read_table

NAVIGATION: Fields = {
    "accelerometer_bias_m_s2": Field("datum", "of each accelerometer, along the body's axes"),
    "accelerometer_scale": Field("datum", "relative error of the scale of each accelerometer"),
    "misalignment_rad": Field("datum", "of the unit at lift-off, about each axis"),
    "gyro_drift_rad_s": Field("datum", "of each gyro, about the body's axes"),
    "velocity_random_walk_m_s_per_root_s": Field(
        "datum",
        "noise of the accelerometers: what the velocity has wandered after a second; grows as the root of time",
        low=0.0,
    ),
    "satellite": Field("table", "receiver whose fixes replace position and velocity"),
}
SATELLITE: Fields = {
    "period_s": Field("datum", "between fixes", required=True, above=0.0),
    "position_m": Field("datum", "standard deviation of each component of a fix: its value", required=True, low=0.0),
    "velocity_m_s": Field("datum", "the same of the velocity", required=True, low=0.0),
}
PER_AXIS = {
    "navigation.accelerometer_bias_m_s2": "navigation.accelerometer_bias_{}_m_s2",
    "navigation.accelerometer_scale": "navigation.accelerometer_scale_{}",
    "navigation.misalignment_rad": "navigation.misalignment_{}_rad",
    "navigation.gyro_drift_rad_s": "navigation.gyro_drift_{}_rad_s",
}
"""Errors that each of three axes has for itself: what the file says holds for each, and they are independent."""
NOISE = {
    "navigation.velocity_random_walk_m_s_per_root_s": "navigation.velocity_random_walk_m_s_per_root_s",
    "navigation.satellite.period_s": "navigation.satellite_period_s",
    "navigation.satellite.position_m": "navigation.satellite_position_m",
    "navigation.satellite.velocity_m_s": "navigation.satellite_velocity_m_s",
}
"""Strength of what is random within a flight, and the input of a flight that it becomes."""


def read_navigation(table: Any, place: Place, sources: Mapping[str, Source]) -> dict[str, Datum]:
    """Its numbers by path; none without the table, and navigation is then perfect."""
    if table is None:
        return {}
    read = read_table(table, NAVIGATION, place, sources)
    data = {f"navigation.{key}": datum for key, datum in read.items() if isinstance(datum, Datum)}
    if read["satellite"] is not None:
        fixes = read_table(read["satellite"], SATELLITE, place.inside("satellite"), sources)
        data |= {f"navigation.satellite.{key}": datum for key, datum in fixes.items()}
    return data
