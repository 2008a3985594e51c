"""Change the payload

What is left in the tanks when a lighter satellite rides?

Any key of the file can be given another value, by its path and in any unit that a file may use; the change is checked as
if it stood in the file. With a given payload the objective is the most mass at insertion, so what is not needed stays in
the tanks of the second stage. A line through the points meets zero close to the greatest payload, which is found apart.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import baiterek

bundled = baiterek.load("missions/soyuz5-leo.toml")
greatest_t = baiterek.optimise(bundled).require().payload_kg / 1e3

masses_t, left_kg = [12.0, 15.0], []
for mass_t in masses_t:
    mission = baiterek.change(bundled, {"objective": "least_propellant", "payload.mass_kg": 1e3 * mass_t})
    optimum = baiterek.optimise(mission).require()
    tank = next(limit for limit in optimum.limits if limit.name == "propellant stage-2")
    left_kg.append(tank.limit - tank.value)
    end_s = optimum.steering.duration_s
    print(f"{mass_t:4.1f} t of payload: {left_kg[-1]:6.0f} kg left in stage 2, insertion at {end_s:5.1f} s")

slope, offset = np.polyfit(masses_t, left_kg, 1)
print(f"a line through these is at zero for {-offset / slope:.2f} t; the greatest payload is {greatest_t:.2f} t")

figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
axes.plot(masses_t, left_kg, "o", label="payload given, most mass at insertion")
axes.plot([masses_t[0], greatest_t], [slope * masses_t[0] + offset, slope * greatest_t + offset], color="C0", linewidth=0.8)
axes.plot([greatest_t], [0.0], "s", color="C3", label="the greatest payload")
axes.set_xlabel("payload, t")
axes.set_ylabel("propellant left in stage 2, kg")
axes.grid(alpha=0.3)
axes.legend()
figure.savefig(Path(__file__).with_suffix(".svg"))
