"""Writes src/baiterek/physics/data/upper_air.csv: the mean air above 80 km, from NRLMSIS 2.1 (pymsis).

Mean of ln(density) and of temperature over the 15th of each month of 2025 and eight hours of the day.
"""

from pathlib import Path

import numpy as np
import pymsis

LATITUDE_DEG, LONGITUDE_DEG, F107, AP = 45.9, 63.6, 150.0, 4.0
TARGET = Path(__file__).parents[1] / "src" / "baiterek" / "physics" / "data" / "upper_air.csv"


def main() -> None:
    altitude_km = np.concatenate([np.arange(80.0, 160.0, 1.0), np.arange(160.0, 300.0, 5.0), np.arange(300.0, 1001.0, 20.0)])
    when = np.array([np.datetime64(f"2025-{month:02d}-15T{hour:02d}:00") for month in range(1, 13) for hour in range(0, 24, 3)])
    count = len(when)
    result = pymsis.calculate(
        when,
        [LONGITUDE_DEG],
        [LATITUDE_DEG],
        altitude_km,
        [F107] * count,
        [F107] * count,
        [[AP] * 7] * count,
        version="2.1",
    ).reshape(count, len(altitude_km), -1)
    ln_density = np.log(result[..., 0]).mean(axis=0)
    temperature_K = result[..., 10].mean(axis=0)
    lines = [
        "# NRLMSIS 2.1 (Emmert et al. 2022), by pymsis " + pymsis.__version__,
        f"# {LATITUDE_DEG} N {LONGITUDE_DEG} E, F10.7 = F10.7a = {F107:.0f}, Ap = {AP:.0f}",
        "# mean over the 15th of each month of 2025 and the hours 0, 3, ... 21 UTC",
        "# written by builders/upper_air.py",
        "altitude_m,ln_density_kg_m3,temperature_K",
    ]
    lines += [f"{1e3 * z:.0f},{r:.6f},{t:.3f}" for z, r, t in zip(altitude_km, ln_density, temperature_K, strict=True)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
