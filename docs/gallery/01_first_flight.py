"""First flight

How much does Soyuz-5 bring to 200 km at 51.6 deg, and how does it get there?

`load` reads the mission file with everything that it names. `optimise` finds the best way up; `require` would stop here
with the advice if there were none. `fly` is another program with the same physics: it flies the optimum's steering, and
every body that drops, to the ground. The gap between the two is printed because an optimum is not a result until it has
been flown.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import baiterek

mission = baiterek.load("missions/soyuz5-leo.toml")
optimum = baiterek.optimise(mission).require()
flight = baiterek.fly(mission, optimum.steering)

print(f"{mission.title}")
print(f"payload            {optimum.payload_kg:8.1f} kg")
gap = [flight.history[f"{axis}_eci_m"][-1] - optimum.history[f"{axis}_eci_m"][-1] for axis in "xyz"]
print(f"flown within       {np.ceil(np.linalg.norm(gap)):8.0f} m of the optimum")
print(f"perigee, apogee    {flight.orbit['perigee_altitude_km']:8.2f} km, {flight.orbit['apogee_altitude_km']:.2f} km")
print()
print("event                    t, s   altitude, km   speed, m/s   mass, kg")
for event in flight.events:
    print(
        f"{event['name']:<20} {event['t_s']:8.1f} {event['altitude_m'] / 1e3:14.1f} "
        f"{event['speed_eci_m_s']:12.0f} {event['mass_kg']:10.0f}"
    )
print()
print("a limit that is felt        eased or moved by                       payload, kg")
for price in optimum.prices:
    if price.limit and abs(price.gain) > 0.05:
        print(f"{price.of:<26} {price.amount:5g} {price.unit:<7} {price.what:<28} {price.gain:+8.2f}")

data = flight.history.to_xarray()
figure, panels = plt.subplots(3, 1, figsize=(7, 6.5), sharex=True, layout="constrained")
panels[0].plot(data.t_s, data.altitude_m / 1e3)
panels[0].set_ylabel("altitude, km")
panels[1].plot(data.t_s, data.dynamic_pressure_Pa / 1e3)
panels[1].axhline(mission.limits.dynamic_pressure_Pa / 1e3, color="C3", linestyle="--", label="limit")
panels[1].set_ylabel("dynamic pressure, kPa")
panels[2].plot(data.t_s, data.axial_acceleration_m_s2)
panels[2].axhline(mission.limits.axial_acceleration_m_s2, color="C3", linestyle="--", label="limit")
panels[2].set_ylabel("acceleration, m/s²")
panels[2].set_xlabel("time since lift-off, s")
panels[1].legend()
figure.savefig(Path(__file__).with_suffix(".svg"))
