"""Rocket engines: thrust under back pressure, mass flow, what a tank really gives."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.constants import STANDARD_GRAVITY_M_S2, US76_PRESSURE_Pa
from baiterek.physics.formula import formula


class Propulsion(NamedTuple):
    """All that burns in a phase: the engines that obey the throttle, and those that do not."""

    thrust_vac_N: Any
    exit_area_m2: Any
    mass_flow_kg_s: Any
    fixed_thrust_vac_N: Any
    fixed_exit_area_m2: Any
    fixed_mass_flow_kg_s: Any


@formula
def thrust_and_flow(throttle, pressure_Pa, propulsion):
    """Thrust in N and mass flow in kg/s: F = throttle F_vac - p A_e (Sutton & Biblarz, 9th ed., eq. 2-13).

    The exit flow stays full under throttling, so the back-pressure loss does not scale with the throttle; the mass
    flow does, at constant vacuum specific impulse.
    """
    thrust = (
        throttle * propulsion.thrust_vac_N
        + propulsion.fixed_thrust_vac_N
        - pressure_Pa * (propulsion.exit_area_m2 + propulsion.fixed_exit_area_m2)
    )
    return thrust, throttle * propulsion.mass_flow_kg_s + propulsion.fixed_mass_flow_kg_s


@formula
def mass_flow(thrust_vac_N, isp_vac_s):
    """Mass flow in kg/s of an engine: F_vac / (g0 Isp_vac)."""
    return thrust_vac_N / (STANDARD_GRAVITY_M_S2 * isp_vac_s)


@formula
def exit_area(thrust_vac_N, thrust_sl_N):
    """Nozzle exit area in m2 that explains both thrusts: (F_vac - F_sl) / p_0, at the standard sea-level pressure."""
    return (thrust_vac_N - thrust_sl_N) / US76_PRESSURE_Pa


@formula
def usable_propellant(oxidiser_kg, fuel_kg, oxidiser_residual_kg, fuel_residual_kg, mixture_ratio):
    """Propellant in kg that burns before one tank is out, at a constant mixture ratio (oxidiser over fuel).

    What then stays in the other tank is the outage; residuals (trapped, gaseous) are never burned.
    """
    by_oxidiser = (oxidiser_kg - oxidiser_residual_kg) * (1.0 + 1.0 / mixture_ratio)
    by_fuel = (fuel_kg - fuel_residual_kg) * (1.0 + mixture_ratio)
    return np.fmin(by_oxidiser, by_fuel)


@formula
def ideal_delta_v(mass_start_kg, mass_end_kg, isp_vac_s):
    """Tsiolkovsky: dv = g0 Isp ln(m0 / m1), m/s."""
    return STANDARD_GRAVITY_M_S2 * isp_vac_s * np.log(mass_start_kg / mass_end_kg)


@formula
def propellant_for(mass_start_kg, delta_v_m_s, isp_vac_s):
    """Propellant in kg that a gain of speed burns (Tsiolkovsky); negative for a loss: what was burned beyond need."""
    return mass_start_kg * (1.0 - np.exp(-delta_v_m_s / (STANDARD_GRAVITY_M_S2 * isp_vac_s)))
