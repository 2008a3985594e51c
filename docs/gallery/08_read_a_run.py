"""Read a run in a notebook

What is in a results folder, and how does one get at it?

`plan` leaves a folder; `read` has the result back from it, computing nothing. In a notebook a result, a mission, an
optimum and a flight show themselves as tables. `to_xarray` gives every column with its unit, its name in words and its
frame. A separation has two rows at one instant, so where a tool wants each instant once, say which.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

import baiterek

with tempfile.TemporaryDirectory() as runs:
    folder = baiterek.plan("missions/published/delta-iii.toml", out=runs).folder
    result = baiterek.read(folder)

answer = result.summary["answer"]
print(f"status: {result.summary['status']}, {answer['objective']}: {answer['value']:.3f} {answer['unit']}")

data = result.to_xarray().drop_duplicates("t_s", keep="last")
speed = data.speed_eci_m_s
print(f"{len(data.data_vars)} columns at {data.sizes['t_s']} instants from {data.t_s[0]:.0f} to {data.t_s[-1]:.0f} s")
print(f"speed_eci_m_s is the {speed.attrs['long_name']} in {speed.attrs['units']}; frame: {speed.attrs['frame']}")
print()
for event in result.summary["events"]:
    print(f"{event['name']:<32} at {event['t_s']:6.2f} s and {event['altitude_m'] / 1e3:5.1f} km")
print()
at = data.interp(t_s=[100.0, 300.0, 600.0])
for t_s, altitude_m, speed_m_s in zip(at.t_s.values, at.altitude_m.values, at.speed_eci_m_s.values):
    print(f"at {t_s:4.0f} s: altitude {altitude_m / 1e3:6.1f} km, speed {speed_m_s:7.1f} m/s")

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), layout="constrained")
left.plot(data.mach.where(data.altitude_m < 60e3), data.dynamic_pressure_Pa / 1e3)
left.set_xlabel("Mach number below 60 km")
left.set_ylabel("dynamic pressure, kPa")
right.plot(data.ground_range_m / 1e3, data.altitude_m / 1e3)
right.set_xlabel("distance from the pad, km")
right.set_ylabel("altitude, km")
figure.savefig(Path(__file__).with_suffix(".svg"))
