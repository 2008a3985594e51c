"""Falling spheres against the simulations of NASA/TM-2015-218675 (see data/nesc/README.md).

Those simulations are a family and not one truth: ours must lie within what they span.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from baiterek.constants import FOOT_M, SLUG_KG, WGS84_RADIUS_M
from baiterek.flight.kernel import fall
from baiterek.flight.plan import plain_environment, plain_table
from baiterek.flight.simulate import fall_columns
from baiterek.physics.earth import AIR_US76, WIND_NONE
from baiterek.physics.table import constant_table, smooth_table
from flight_cases import J2, NO_AIR, WIND, environment, state_from_geodetic

DATA = Path(__file__).parent / "data" / "nesc" / "spheres.csv"
AREA_m2 = 0.1963495 * FOOT_M**2
DRAG = plain_table(constant_table(0.1))

STARTS = {
    "01": (30000.0, (0.0, 0.0, 0.0), NO_AIR, WIND_NONE),
    "06": (30000.0, (0.0, 0.0, 0.0), AIR_US76, WIND_NONE),
    "08": (30000.0, (0.0, 0.0, 0.0), AIR_US76, WIND),
    "09": (0.0, (1000.0, 0.0, 1000.0), AIR_US76, WIND_NONE),
}

SLACK = {
    # Room for the fixed steps of the simulations themselves: the nearest to ours (04) is within a tenth of this, or in
    # case 09, the fast one, within a half.
    "altitude_ft": 0.01,
    "east_ft": 0.01,
    "east_ft_s": 5e-4,
    "down_ft_s": 1e-3,
}


def published(case: str) -> dict[str, np.ndarray]:
    """Quantities of a case, shape (simulations, seconds)."""
    with DATA.open() as file:
        rows = [row for row in csv.DictReader(file) if row["case"] == case]
    simulations = sorted({row["simulation"] for row in rows})

    def column(name: str) -> np.ndarray:
        return np.array([[float(row[name]) for row in rows if row["simulation"] == s] for s in simulations])

    return {
        "altitude_ft": column("altitudeMsl_ft"),
        "east_ft": np.radians(column("longitude_deg")) * WGS84_RADIUS_M / FOOT_M,
        "east_ft_s": column("feVelocity_ft_s_Y"),
        "down_ft_s": column("feVelocity_ft_s_Z"),
    }


def flown(case: str) -> dict[str, np.ndarray]:
    altitude_ft, enu_ft_s, air, wind = STARTS[case]
    heights_ft = np.linspace(-20000.0, 50000.0, 71)
    east = smooth_table(heights_ft * FOOT_M, (-20.0 + 90.0 * heights_ft / 30000.0) * FOOT_M)
    earth = plain_environment(
        environment(gravity=J2, air=air, wind=wind)._replace(wind_east=east, wind_north=constant_table(0.0))
    )
    start = state_from_geodetic(0.0, 0.0, altitude_ft * FOOT_M, tuple(FOOT_M * v for v in enu_ft_s), earth)
    _, rows, times, states = fall(np.append(start, SLUG_KG), 0.0, AREA_m2, DRAG, earth, 1.0, 30.0, 1e-11)
    columns = fall_columns(times[:rows], states[:rows], earth, 0.0)
    x, y, vx, vy = (columns[name] for name in ("x_eci_m", "y_eci_m", "vx_eci_m_s", "vy_eci_m_s"))
    distance, turn = np.hypot(x, y), earth.rotation_rad_s
    return {
        "altitude_ft": columns["altitude_m"] / FOOT_M,
        "east_ft": np.radians(columns["longitude_deg"]) * WGS84_RADIUS_M / FOOT_M,
        "east_ft_s": ((x * vy - y * vx) / distance - turn * distance) / FOOT_M,
        "down_ft_s": -(x * vx + y * vy) / distance / FOOT_M,
    }


@pytest.mark.parametrize("case", sorted(STARTS))
def test_a_sphere_falls_within_what_nasa_simulations_span(case):
    theirs, ours = published(case), flown(case)
    for name, slack in SLACK.items():
        assert ours[name].shape == theirs[name][0].shape
        low, high = theirs[name].min(axis=0) - slack, theirs[name].max(axis=0) + slack
        outside = np.maximum(low - ours[name], ours[name] - high)
        assert outside.max() <= 0.0, f"{name} leaves the envelope by {outside.max():.3g} at {outside.argmax()} s"


def test_an_eastward_wind_carries_eastward():
    """Case 08 is case 06 with wind: the sign of the wind shows in the drift."""
    assert flown("08")["east_ft"][-1] - flown("06")["east_ft"][-1] == pytest.approx(
        np.mean(published("08")["east_ft"][:, -1] - published("06")["east_ft"][:, -1]), rel=2e-3
    )
