"""What a drop zone costs

How much payload does it cost that the first stage must fall short of a line?

The stage may fall anywhere up to a distance from the pad, and the line is moved. `Neighbours` solves the first mission in
full and the others warm from it. The price of the zone, which its optimum carries, is printed beside the slope that two
solutions give: it is the same number.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import baiterek
from baiterek.trajectory import Neighbours

anywhere = baiterek.load("missions/soyuz5-leo.toml", {"zones": None})


def within(far_km):
    return baiterek.change(anywhere, {"zones": {"stage-1": {"min_km": 0.0, "max_km": float(far_km)}}})


neighbours = Neighbours(within(1220.0))
lines_km = np.arange(1180.0, 1301.0, 20.0)
payload_kg = [neighbours.solve(within(far_km)).payload_kg for far_km in lines_km]
for far_km, mass_kg in zip(lines_km, payload_kg):
    print(f"stage 1 falls within {far_km:6.0f} km: payload {mass_kg:8.1f} kg")

prices = {price.what: price for price in neighbours.optimum.prices if price.of == "zone stage-1"}
edge = prices["far edge moved downrange"]
step = neighbours.solve(within(1221.0)).payload_kg - neighbours.solve(within(1219.0)).payload_kg
print()
print(f"at 1220 km, {edge.amount:g} km more are worth {edge.gain:6.1f} kg by the price")
print(f"                             and {step / 2.0 * 10.0:6.1f} kg by solving at 1219 and at 1221 km")

figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
axes.plot(lines_km, np.array(payload_kg) / 1e3, "o-")
axes.set_xlabel("stage 1 falls no farther than, km")
axes.set_ylabel("payload, t")
axes.grid(alpha=0.3)
figure.savefig(Path(__file__).with_suffix(".svg"))
