"""Make your own vehicle

How does a launcher that exists nowhere get into the catalogue's place?

A vehicle is a file. This one, two stages of a small imagined launcher, stands beside the script; every number has a sigma
and a source, here `assumed`. A mission names it by its path. Its answer comes with the uncertainty that the sigmas make:
the last lines say which unknown matters most.
"""

from pathlib import Path

import matplotlib.pyplot as plt

import baiterek
from baiterek.study.uncertainty import uncertainty

vehicle = Path("docs/gallery/07_small_launcher.toml").resolve()
of_its_own = {"axial_acceleration_g0": 6.0, "dynamic_pressure_kPa": 40.0, "angle_of_attack_deg": None}
mission = baiterek.load(
    "missions/soyuz5-leo.toml",
    {"vehicle": str(vehicle), "zones": None, **{f"limits.{key}": value for key, value in of_its_own.items()}},
)
optimum = baiterek.optimise(mission).require()
spread = uncertainty(optimum.sensitivities, mission.vehicle)

print(f"payload to 200 km at 51.6 deg: {optimum.payload_kg:.1f} kg, 1 sigma {spread.sigma:.1f} kg")
print()
largest = spread.contributions[:8]
for part in largest:
    print(f"{part.path:<40} {part.effect:6.1f} kg for one sigma of {part.sigma:g}")

figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
axes.barh([part.path for part in largest][::-1], [part.effect for part in largest][::-1])
axes.set_xlabel("payload for one sigma, kg")
figure.savefig(Path(__file__).with_suffix(".svg"))
