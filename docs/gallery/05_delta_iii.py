"""Delta III

Does the optimiser find what others have published?

The four-phase ascent of Benson (2005) and Rao et al. (2010): nine solid boosters, six of them lit at lift-off, two stages,
a transfer orbit. GPOPS-II and yapss publish 7529.712 kg. Here it comes from the mission file, without a guess.
"""

from pathlib import Path

import matplotlib.pyplot as plt

import baiterek

mission = baiterek.load("missions/published/delta-iii.toml")
optimum = baiterek.optimise(mission).require()

print(f"mass on orbit       ours {optimum.objective:9.3f} kg   published 7529.712 kg")
print(f"end of the ascent   ours {optimum.steering.duration_s:9.3f} s    published  924.139 s")
print()
for phase in optimum.steering.phases:
    print(f"{phase.name:<34} {phase.start_s:8.2f} to {phase.start_s + phase.duration_s:8.2f} s")

data = optimum.history.to_xarray()
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), layout="constrained")
for number in range(int(data.phase.max()) + 1):
    part = data.isel(t_s=data.phase.values == number)
    left.plot(part.t_s, part.altitude_m / 1e3)
    right.plot(part.t_s, part.mass_kg / 1e3, label=optimum.steering.phases[number].name)
left.set_ylabel("altitude, km")
right.set_ylabel("mass, t")
for axes in (left, right):
    axes.set_xlabel("time since lift-off, s")
    axes.grid(alpha=0.3)
right.legend()
figure.savefig(Path(__file__).with_suffix(".svg"))
