"""RocketPy's standard rocket, Calisto, flown by RocketPy: its Flight alone, then dispersed by its MonteCarlo class.

    .peers/bin/python peers/rocketpy_calisto.py FLIGHTS FOLDER

Numbers of the rocket, its motor and its parachutes: the first simulation of RocketPy's documentation, which is the
description of its wheel; sigmas: its Monte Carlo example. Its drag curve (200 points) is read off at 21 Mach numbers, which
makes RocketPy's log smaller and nothing slower. Air: its standard atmosphere without wind, so that nothing is fetched.
Processor time of the calls alone; imports and building the rocket are not charged.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from rocketpy import Environment, Flight, MonteCarlo, Rocket, SolidMotor
from rocketpy.stochastic import (
    StochasticEnvironment,
    StochasticFlight,
    StochasticNoseCone,
    StochasticParachute,
    StochasticRocket,
    StochasticSolidMotor,
    StochasticTail,
    StochasticTrapezoidalFins,
)

THRUST_N = [
    (0.0, 0.0), (0.055, 100.0), (0.092, 1500.0), (0.1, 2000.0), (0.15, 2200.0), (0.2, 1800.0), (0.5, 1950.0), (1.0, 2034.0),
    (1.5, 2000.0), (2.0, 1900.0), (2.5, 1760.0), (2.9, 1700.0), (3.0, 1650.0), (3.3, 530.0), (3.4, 350.0), (3.9, 0.0),
]  # fmt: skip
"""Of the motor Cesaroni M1670, by time in s."""
DRAG = [
    (0.01, 0.3339), (0.05, 0.4105), (0.1, 0.4019), (0.2, 0.3882), (0.3, 0.3815), (0.4, 0.3795), (0.5, 0.3812), (0.6, 0.3895),
    (0.7, 0.4060), (0.8, 0.4011), (0.9, 0.4570), (0.92, 0.4694), (1.0, 0.6274), (1.05, 0.7282), (1.1, 0.7123), (1.2, 0.6837),
    (1.3, 0.6557), (1.4, 0.6255), (1.6, 0.5761), (1.8, 0.5390), (2.0, 0.5119),
]  # fmt: skip
"""Coefficient by Mach number, motor burning or not."""
RAIL = {"rail_length": 5.2, "inclination": 85.0, "heading": 0.0}


def motor() -> SolidMotor:
    """Five grains in a case of 75 mm."""
    return SolidMotor(
        thrust_source=THRUST_N,
        burn_time=3.9,
        dry_mass=1.815,
        dry_inertia=(0.125, 0.125, 0.002),
        center_of_dry_mass_position=0.317,
        grains_center_of_mass_position=0.397,
        grain_number=5,
        grain_separation=0.005,
        grain_density=1815.0,
        grain_outer_radius=0.033,
        grain_initial_inner_radius=0.015,
        grain_initial_height=0.12,
        nozzle_radius=0.033,
        throat_radius=0.011,
        nozzle_position=0.0,
    )


def calisto() -> tuple[Rocket, StochasticRocket]:
    """The rocket as it is, and as it is dispersed."""
    rocket = Rocket(
        radius=0.0635,
        mass=14.426,
        inertia=(6.321, 6.321, 0.034),
        power_off_drag=DRAG,
        power_on_drag=DRAG,
        center_of_mass_without_motor=0.0,
        coordinate_system_orientation="tail_to_nose",
    )
    engine = motor()
    rocket.add_motor(engine, position=-1.255)
    nose = rocket.add_nose(length=0.55829, kind="vonKarman", position=1.278)
    fins = rocket.add_trapezoidal_fins(n=4, root_chord=0.120, tip_chord=0.040, span=0.100, cant_angle=0.0, position=-1.04956)
    tail = rocket.add_tail(top_radius=0.0635, bottom_radius=0.0435, length=0.060, position=-1.194656)
    chute = {"sampling_rate": 105, "lag": 1.5, "noise": (0.0, 8.3, 0.5)}
    main = rocket.add_parachute("main", cd_s=10.0, trigger=800, **chute)
    drogue = rocket.add_parachute("drogue", cd_s=1.0, trigger="apogee", **chute)
    many = StochasticRocket(rocket=rocket, radius=0.0127 / 2000, mass=(14.426, 0.5, "normal"), inertia_11=(6.321, 0.0))
    burns = StochasticSolidMotor(
        solid_motor=engine, burn_start_time=(0.0, 0.1), total_impulse=(6500.0, 1000.0), grain_density=50.0,
        grain_outer_radius=0.000375, grain_initial_inner_radius=0.000375, throat_radius=0.0005, nozzle_radius=0.0005,
    )  # fmt: skip
    many.add_motor(burns, position=0.001)
    many.add_nose(StochasticNoseCone(nosecone=nose, length=0.001), position=(1.134, 0.001))
    chords = {"root_chord": 0.0005, "tip_chord": 0.0005, "span": 0.0005}
    many.add_trapezoidal_fins(StochasticTrapezoidalFins(trapezoidal_fins=fins, **chords), position=(0.001, "normal"))
    many.add_tail(StochasticTail(tail=tail, top_radius=0.001, bottom_radius=0.001, length=0.001))
    many.add_parachute(StochasticParachute(parachute=main, cd_s=0.1, lag=0.1))
    many.add_parachute(StochasticParachute(parachute=drogue, cd_s=0.07, lag=0.2))
    return rocket, many


def processor_s(call: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time of a call, and what it gives."""
    begin = time.process_time()
    found = call()
    return time.process_time() - begin, found


def main() -> None:
    """One JSON line: processor seconds a flight, and megabytes of log a flight."""
    flights, folder = int(sys.argv[1]), Path(sys.argv[2])
    air = Environment(latitude=32.990254, longitude=-106.974998, elevation=1400.0)
    air.set_atmospheric_model(type="standard_atmosphere")
    rocket, many = calisto()
    alone_s, flight = processor_s(lambda: [Flight(rocket=rocket, environment=air, **RAIL) for _ in range(flights)][-1])
    found = {"flight_s": alone_s / flights, "to_ground_s": float(flight.t_final), "steps": len(flight.time)}
    leaves = StochasticFlight(flight=flight, inclination=(85.0, 1.0), heading=(0.0, 2.0))
    of = StochasticEnvironment(environment=air), many, leaves
    for name, log in (("class", {}), ("class_small_log", {"include_function_data": False})):
        runs = MonteCarlo(str(folder / name), *of)
        spent_s, _ = processor_s(lambda runs=runs, log=log: runs.simulate(flights, **log))
        if runs.num_of_loaded_sims != flights:
            raise SystemExit(f"{name}: {runs.num_of_loaded_sims} of {flights} flights came back")
        found[f"{name}_s"] = spent_s / flights
        found[f"{name}_MB"] = sum(file.stat().st_size for file in folder.glob(f"{name}.*")) / flights / 1e6
    print(json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with redirect_stdout(sys.stderr):
        main()
