"""Writes src/baiterek/physics/data/earth_orientation.csv: daily UT1-UTC and polar motion from 2020 on.

Source: IERS Rapid Service/Prediction Center, finals2000A.all, as the package astropy-iers-data redistributes it.
Columns are taken by the positions of its ReadMe.finals2000A: Bulletin B where it exists, else Bulletin A (with its
predictions).
"""

from importlib.metadata import version
from pathlib import Path

from astropy_iers_data import IERS_A_FILE

FIRST_MJD = 58849  # 1 January 2020
TARGET = Path(__file__).parents[1] / "src" / "baiterek" / "physics" / "data" / "earth_orientation.csv"


def main() -> None:
    rows, predicted_from = [], None
    for line in Path(IERS_A_FILE).read_text(encoding="ascii").splitlines():
        mjd = float(line[7:15])
        if mjd < FIRST_MJD or not line[58:68].strip():
            continue
        bulletin_b = (line[134:144], line[144:154], line[154:165])
        bulletin_a = (line[18:27], line[37:46], line[58:68])
        x, y, ut1 = (float(text) for text in (bulletin_b if bulletin_b[2].strip() else bulletin_a))
        rows.append(f"{mjd:.0f},{ut1:.6f},{x:.5f},{y:.5f}")
        if predicted_from is None and line[57] == "P":
            predicted_from = f"{mjd:.0f}"
    head = [
        "# IERS finals2000A.all, by astropy-iers-data " + version("astropy-iers-data"),
        f"# daily at 0 h UTC; predictions from MJD {predicted_from} on",
        "# written by builders/earth_orientation.py",
        "mjd_utc,ut1_utc_s,polar_x_arcsec,polar_y_arcsec",
    ]
    TARGET.write_text("\n".join(head + rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
