"""A million pieces of wreckage to the ground: seconds on two threads, and metres against an integration to 1e-11.

    .venv/bin/python benchmarks/debris.py [PIECES]

Ballistic coefficients log-uniform from 3 to 1500 kg/m2, break-up at 10 to 100 km with the speed of an ascent there,
imparted velocities, the climatological wind and a gust of its own for each piece.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.constants import WGS84_RADIUS_M
from baiterek.flight import Falling, fall_pieces
from baiterek.physics.earth import fixed_from_geodetic, rotate_z
from flight_nominal import MISSION
from measure import Bar, table, verdict

PIECES, CHECKED, THREADS, BAR_PIECES = 1_000_000, 1000, 2, 1_000_000
IMPARTED_m_s, GUST_m_s = 50.0, 5.0


def wreckage(mission: Mission, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States, ballistic coefficients and gusts."""
    random = np.random.default_rng(7)
    latitude, longitude = np.radians(random.uniform(46.0, 49.0, count)), np.radians(random.uniform(64.0, 72.0, count))
    altitude = random.uniform(10e3, 100e3, count)
    x, y, z = fixed_from_geodetic(latitude, longitude, altitude, mission.environment)
    x, y = rotate_z(x, y, -mission.sidereal_angle_rad)
    around, turn = np.arctan2(y, x), mission.environment.rotation_rad_s
    east, north = altitude / 40.0, altitude / 60.0
    outward = 500.0 * np.cos(latitude) - north * np.sin(latitude)
    vx = outward * np.cos(around) - east * np.sin(around) - turn * y
    vy = outward * np.sin(around) + east * np.cos(around) + turn * x
    velocity = np.column_stack((vx, vy, north * np.cos(latitude) + 500.0 * np.sin(latitude)))
    velocity += random.normal(0.0, IMPARTED_m_s, (count, 3))
    ballistic = np.exp(random.uniform(np.log(3.0), np.log(1500.0), count))
    return np.column_stack((x, y, z, velocity)), ballistic, random.normal(0.0, GUST_m_s, (count, 2))


def main() -> int:
    """Prints both bars."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PIECES
    mission = load_mission(MISSION)
    states, ballistic, wind = wreckage(mission, count)
    fall_pieces(mission, Falling(states[:10], 0.0, ballistic[:10]))
    begin, busy = time.perf_counter(), time.process_time()
    found = fall_pieces(mission, Falling(states, 0.0, ballistic, wind_m_s=wind), threads=THREADS)
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    few = slice(0, CHECKED)
    checked = Falling(states[few], 0.0, ballistic[few], wind_m_s=wind[few])
    exact = fall_pieces(mission, checked, rtol=1e-11, settled_m_s=0.0)
    north = found.latitude_rad[few] - exact.latitude_rad
    east = (found.longitude_rad[few] - exact.longitude_rad) * np.cos(exact.latitude_rad)
    error_m = WGS84_RADIUS_M * np.hypot(north, east)
    rows = [
        ["pieces", f"{count}", ""],
        ["on the ground", f"{np.sum(np.isfinite(found.t_s))}", ""],
        ["wall time", f"{seconds:.1f}", "s"],
        ["processor time a piece", f"{busy / count * 1e6:.0f}", "us"],
        ["median error", f"{np.median(error_m):.2f}", "m"],
        ["peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}", "MiB"],
    ]
    print(table(["debris", "value", "unit"], rows))
    bars = [
        Bar("a million pieces on two cores", seconds * BAR_PIECES / count, "s", most=90.0),
        Bar(f"greatest error of {CHECKED}", float(np.max(error_m)), "m", most=50.0),
    ]
    return verdict(bars)


if __name__ == "__main__":
    sys.exit(main())
