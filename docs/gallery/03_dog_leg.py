"""A dog-leg

What does it cost to be sent off in a direction that does not lead to the orbit?

A corridor limits the azimuth from the pad to the point below the first separation; afterwards the second stage has to turn
into the plane of the target. The zones are taken away, since they lie on the direct path.
"""

from pathlib import Path

import matplotlib.pyplot as plt

import baiterek

free = baiterek.load("missions/soyuz5-leo.toml", {"zones": None})
corridors = {"free": None, "64 to 66 deg": [[64.0, 66.0]], "68 to 70 deg": [[68.0, 70.0]]}

figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
best = 0.0
for name, corridor in corridors.items():
    mission = baiterek.change(free, {"limits.corridors_deg": corridor}) if corridor else free
    optimum = baiterek.optimise(mission).require()
    best = best or optimum.payload_kg
    print(f"{name:<14} payload {optimum.payload_kg:8.1f} kg   cost {best - optimum.payload_kg:7.1f} kg")
    track = optimum.history.to_xarray()
    axes.plot(track.longitude_deg, track.latitude_deg, label=f"{name}: {optimum.payload_kg / 1e3:.2f} t")

axes.plot(*[[getattr(free.site, f"{key}_rad") * 57.29578] for key in ("longitude", "latitude")], "k^", label="pad")
axes.set_xlabel("longitude, deg")
axes.set_ylabel("latitude, deg")
axes.set_aspect(1.0 / 0.65)
axes.grid(alpha=0.3)
axes.legend(title="azimuth to the first separation")
figure.savefig(Path(__file__).with_suffix(".svg"))
