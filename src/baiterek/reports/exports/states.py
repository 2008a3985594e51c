"""States of a flight in the axes that a file wants, and the instants in words."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from baiterek.physics.earth import rotate_z
from baiterek.physics.frames import gcrf_from_launch
from baiterek.study.results import Columns, MissionResult

Array = NDArray[np.float64]

POSITION = ("x_eci_m", "y_eci_m", "z_eci_m")
VELOCITY = ("vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
AXIS = ("ux_eci", "uy_eci", "uz_eci")


def lift_off(result: MissionResult) -> datetime:
    """Of a dated mission."""
    return datetime.fromisoformat(result.summary["lift_off"])


def utc_text(start: datetime, t_s: float) -> str:
    """UTC of an instant of the flight, to the nanosecond."""
    return str(np.datetime64(start.replace(tzinfo=None), "ns") + np.timedelta64(round(t_s * 1e9), "ns"))


def once(columns: Columns) -> dict[str, Array]:
    """The rows with each instant once: of the two rows of a separation the first."""
    keep = np.concatenate(([True], np.diff(columns["t_s"]) > 0.0))
    return {name: column[keep] for name, column in columns.items()}


def in_gcrf_km(columns: Columns, start: datetime) -> Array:
    """Position and velocity, km and km/s, shape (n, 6): the axes of launch turned by one constant rotation."""
    rotation = gcrf_from_launch(start)
    position, velocity = (rotation @ np.array([columns[name] for name in names]) for names in (POSITION, VELOCITY))
    return np.vstack((position, velocity)).T / 1e3


def greenwich_rad(columns: Columns) -> Array:
    """Angle from the inertial x axis to Greenwich at each row: right ascension less longitude, as it was flown."""
    return np.arctan2(columns["y_eci_m"], columns["x_eci_m"]) - np.radians(columns["longitude_deg"])


def in_fixed(columns: Columns, names: tuple[str, str, str]) -> Array:
    """Earth-fixed components of an inertial vector, shape (n, 3)."""
    x, y = rotate_z(columns[names[0]], columns[names[1]], greenwich_rad(columns))
    return np.stack((x, y, columns[names[2]]), axis=1)
