"""Fly it a thousand times

How much propellant must be held back so that 99.73 % of the flights reach the energy of their orbit?

Every number with a sigma is drawn anew for each flight. A flight is guided: it knows only what its inertial unit says, with the
errors of that flight. Now and then an engine fails; such flights have a case above 0 and stand apart, so means are of the
others. Sigmas of the vehicle are those of what is known of Soyuz-5, not of the real one. The same seed gives the same flights,
however many machines fly them.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import baiterek

with tempfile.TemporaryDirectory() as runs:
    flights = baiterek.monte_carlo("missions/soyuz5-leo.toml", 1000, seed=1, out=runs)
    table = flights.columns("case", "insertion.margin_kg", "insertion.inclination_deg", "peak.dynamic_pressure_Pa")

unhurt = table["case"] == 0
margin_kg, inclination_deg = (table[f"insertion.{name}"][unhurt] for name in ("margin_kg", "inclination_deg"))
pressure_kPa = table["peak.dynamic_pressure_Pa"][unhurt] / 1e3
reserve, drivers = flights.summary["reserve"], flights.summary["drivers"]["insertion.inclination_deg"]
low, high = (f"{end:.0f}" if end is not None else "?" for end in reserve["reserve_kg"][1:])
print(f"{unhurt.sum()} of {unhurt.size} flights without a failure, {flights.summary['guidance']}")
print(f"reserve for 99.73 %: {reserve['reserve_kg'][0]:.0f} kg, 95 % confidence {low} to {high} kg")
print(f"inclination: mean {inclination_deg.mean():.3f} deg, standard deviation {inclination_deg.std(ddof=1):.3f} deg")
print(f"greatest dynamic pressure: mean {pressure_kPa.mean():.1f} kPa, standard deviation {pressure_kPa.std(ddof=1):.1f} kPa")
print(f"of the inclination's variance, {100 * drivers['r2']:.0f} % explained:")
for group in drivers["groups"][:3]:
    print(f"  {100 * group['part']:4.1f} %  {group['name']}")

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
left.hist(margin_kg, bins=40)
left.set_xlabel("propellant margin, kg")
left.set_ylabel("flights")
right.plot(np.sort(pressure_kPa), np.arange(1, pressure_kPa.size + 1) / pressure_kPa.size)
right.set_xlabel("greatest dynamic pressure, kPa")
right.set_ylabel("part of the flights below")
figure.savefig(Path(__file__).with_suffix(".svg"))
