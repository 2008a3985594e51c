"""Air at an altitude: US Standard Atmosphere 1976 joined to NRLMSIS, a table, or an exponential."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.constants import (
    AIR_HEAT_RATIO,
    STANDARD_GRAVITY_M_S2,
    US76_EARTH_RADIUS_M,
    US76_LAYERS,
    US76_TEMPERATURE_K,
    US76_GAS_CONSTANT_J_kgK,
    US76_PRESSURE_Pa,
)
from baiterek.physics.earth import AIR_EXPONENTIAL, AIR_NONE, AIR_US76
from baiterek.physics.formula import formula
from baiterek.physics.table import table_value

JOIN_BOTTOM_M = 86000.0
"""Where US Standard Atmosphere 1976 ends its lower part and the join to the upper table begins."""
JOIN_TOP_M = 92000.0
"""Where the join ends."""


class Air(NamedTuple):
    """State of the air. Above 86 km the pressure is that of air of sea-level composition (error below 0.2 Pa)."""

    density_kg_m3: Any
    pressure_Pa: Any
    temperature_K: Any
    sound_speed_m_s: Any


@formula
def smooth_step(x):
    """0 below 0, 1 above 1, and 6x^5 - 15x^4 + 10x^3 between: twice differentiable."""
    t = np.fmin(np.fmax(x, 0.0), 1.0)
    return t * t * t * (10.0 + t * (6.0 * t - 15.0))


@formula
def us76_log_pressure_temperature(altitude_m):
    """ln(p/Pa) and molecular-scale temperature in K (US Standard Atmosphere 1976, eqs. 18, 23, 33a, 33b).

    Written as "metres climbed inside each layer", so that every branch is finite. Valid to 86 km; the difference
    between molecular-scale and kinetic temperature from 80 to 86 km (below 0.04 %) is ignored.
    """
    geopotential = US76_EARTH_RADIUS_M * altitude_m / (US76_EARTH_RADIUS_M + altitude_m)
    log_pressure = np.log(US76_PRESSURE_Pa) + 0.0 * altitude_m
    temperature = US76_TEMPERATURE_K + np.fmin(geopotential, 0.0) * US76_LAYERS[0][2]
    log_pressure = log_pressure - STANDARD_GRAVITY_M_S2 / US76_GAS_CONSTANT_J_kgK / US76_LAYERS[0][2] * np.log(
        temperature / US76_TEMPERATURE_K
    )
    for base, thickness, lapse, base_temperature in US76_LAYERS:
        climbed = np.fmin(np.fmax(geopotential - base, 0.0), thickness)
        temperature = temperature + lapse * climbed
        if lapse == 0.0:
            log_pressure = log_pressure - STANDARD_GRAVITY_M_S2 / US76_GAS_CONSTANT_J_kgK / base_temperature * climbed
        else:
            log_pressure = log_pressure - STANDARD_GRAVITY_M_S2 / US76_GAS_CONSTANT_J_kgK / lapse * np.log(
                (base_temperature + lapse * climbed) / base_temperature
            )
    return log_pressure, temperature


@formula
def air(altitude_m, environment):
    """The `Air` at a geodetic altitude in m. Valid from -1 km to 1000 km; beyond, the tables level off."""
    gas = US76_GAS_CONSTANT_J_kgK
    if environment.air_model == AIR_NONE:
        density = 0.0 * altitude_m
        temperature = US76_TEMPERATURE_K + 0.0 * altitude_m
    elif environment.air_model == AIR_EXPONENTIAL:
        density = environment.reference_density_kg_m3 * np.exp(-altitude_m / environment.scale_height_m)
        temperature = US76_TEMPERATURE_K + 0.0 * altitude_m
    else:
        log_density = table_value(altitude_m, environment.log_density)
        temperature = table_value(altitude_m, environment.temperature)
        if environment.air_model == AIR_US76:
            log_pressure, lower_temperature = us76_log_pressure_temperature(altitude_m)
            upper = smooth_step((altitude_m - JOIN_BOTTOM_M) / (JOIN_TOP_M - JOIN_BOTTOM_M))
            lower_log_density = log_pressure - np.log(gas * lower_temperature)
            log_density = lower_log_density + upper * (log_density - lower_log_density)
            temperature = lower_temperature + upper * (temperature - lower_temperature)
        density = np.exp(log_density)
    return Air(density, density * gas * temperature, temperature, np.sqrt(AIR_HEAT_RATIO * gas * temperature))
