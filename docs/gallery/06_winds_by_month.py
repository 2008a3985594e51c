"""Winds by month

Which months are kind to the launcher?

The wind of a month is the geostrophic balance of NRLMSIS above the pad: a mean without weather. Twelve missions that
differ in nothing else, solved warm from the first.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import baiterek
from baiterek.physics.table import table_value
from baiterek.trajectory import Neighbours

december = baiterek.load("missions/soyuz5-leo.toml")
months = [baiterek.change(december, {"environment.wind_month": month}) for month in range(1, 13)]
neighbours = Neighbours(december)
payload_kg = [neighbours.solve(mission).payload_kg for mission in months]
altitude_m = np.linspace(0.0, 30e3, 61)
east_m_s = [table_value(altitude_m, mission.environment.wind_east) for mission in months]

print("month   payload, kg   wind from the west at 11 km, m/s")
for month, mass_kg, wind in zip(range(1, 13), payload_kg, east_m_s):
    print(f"{month:5d} {mass_kg:13.1f} {np.interp(11e3, altitude_m, wind):18.1f}")
print(f"best less worst: {max(payload_kg) - min(payload_kg):.0f} kg")

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.8), layout="constrained")
for month, wind in zip(range(1, 13), east_m_s):
    if month in (1, 4, 7, 10):
        left.plot(wind, altitude_m / 1e3, label=f"month {month}")
left.set_xlim(left=-30.0)
left.set_xlabel("wind from the west, m/s")
left.set_ylabel("altitude, km")
left.legend(loc="lower left")
right.bar(range(1, 13), np.array(payload_kg) - np.mean(payload_kg))
right.axhline(0.0, color="grey", linewidth=0.8)
right.set_xticks(range(1, 13))
right.set_xlabel("month")
right.set_ylabel("payload less the mean of the year, kg")
figure.savefig(Path(__file__).with_suffix(".svg"))
