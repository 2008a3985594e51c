"""The shared equation of motion as CasADi functions of scaled states."""

from __future__ import annotations

from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.vehicle import FallingBody
from baiterek.physics.aerodynamics import cos_angle_of_attack, dynamic_pressure, q_alpha_squared
from baiterek.physics.ascent import Command, State, air_data, ascent_rate, fall_rate, forces
from baiterek.physics.earth import geodetic
from baiterek.physics.heating import free_molecular_heat_flux
from baiterek.physics.propulsion import Propulsion

PATH = ("dynamic_pressure", "q_alpha", "axial_acceleration", "cos_angle_of_attack")
"""Rows of the path output of a powered node: q in Pa, (q sin a)^2 in Pa^2, m/s2, and a cosine."""


@dataclass(frozen=True)
class Scale:
    """Canonical units: scaled position is (r - origin) / length, scaled velocity v / speed."""

    origin_m: np.ndarray
    length_m: float
    speed_m_s: float

    @property
    def time_s(self) -> float:
        return self.length_m / self.speed_m_s

    def scale(self, states: np.ndarray) -> np.ndarray:
        """Scaled position and velocity, rows 0 to 5 of (6 or 7, n); a mass row is left alone."""
        out = np.array(states, dtype=float)
        out[:3] = (out[:3] - self.origin_m[:, None]) / self.length_m
        out[3:6] /= self.speed_m_s
        return out

    def physical(self, scaled):
        """The inverse of `scale` on a column of 6 or 7 entries, numbers or symbols; a mass row is left alone."""
        r = [self.origin_m[k] + self.length_m * scaled[k] for k in range(3)]
        v = [self.speed_m_s * scaled[k] for k in range(3, 6)]
        return [*r, *v, *(scaled[k] for k in range(6, scaled.shape[0]))]


class Dynamics:
    """Builds and keeps the node functions of a mission whose numbers are symbols."""

    def __init__(self, mission: Mission, symbols: ca.SX, scale: Scale) -> None:
        self.mission, self.symbols, self.scale = mission, symbols, scale
        self._powered: dict[str, ca.Function] = {}
        self._falling: dict[str, ca.Function] = {}
        self._kept: dict[str, ca.Function] = {}

    def powered(self, steering: str) -> ca.Function:
        """f(state, direction, throttle, propulsion, mass_scale, p) -> (scaled rate, path).

        `state` is scaled (mass by `mass_scale`), `direction` a unit vector (ignored when `steering` is `up`),
        `propulsion` the six numbers of a `Propulsion`.
        """
        if steering not in self._powered:
            x, u, throttle = ca.SX.sym("x", 7), ca.SX.sym("u", 3), ca.SX.sym("throttle")
            engine, mass_scale = ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            state = State(*self.scale.physical(x))
            state = state._replace(mass_kg=mass_scale * x[6])
            flow = air_data(*state[:6], self.mission.environment)
            direction = self._direction(steering, state, flow, u)
            body = self.mission.vehicle.aerodynamics
            force = forces(flow, Command(*direction, throttle), Propulsion(*ca.vertsplit(engine)), body)
            rate = ascent_rate(state, force, self.mission.environment)
            time = self.scale.time_s
            scaled = ca.vertcat(
                *(time / self.scale.length_m * c for c in rate[:3]),
                *(time / self.scale.speed_m_s * c for c in rate[3:6]),
                time / mass_scale * rate.mass_kg,
            )
            velocity = (flow.vx_air_m_s, flow.vy_air_m_s, flow.vz_air_m_s)
            path = ca.vertcat(
                dynamic_pressure(flow.density_kg_m3, flow.airspeed_m_s),
                q_alpha_squared(*velocity, *direction, flow.density_kg_m3),
                force.axial_N / state.mass_kg,
                cos_angle_of_attack(*velocity, *direction, flow.airspeed_m_s),
            )
            inputs = [x, u, throttle, engine, mass_scale, self.symbols]
            self._powered[steering] = ca.Function(f"powered_{steering}", inputs, [scaled, path])
        return self._powered[steering]

    @staticmethod
    def _direction(steering: str, state: State, flow, u: ca.SX) -> tuple:
        if steering == "free":
            return u[0], u[1], u[2]
        p = np.sqrt(state.x_eci_m**2 + state.y_eci_m**2 + 1e-12)
        return state.x_eci_m / p * flow.cos_latitude, state.y_eci_m / p * flow.cos_latitude, flow.sin_latitude

    def falling(self, body: FallingBody) -> ca.Function:
        """f(state, mass_kg, p) -> scaled rate of one piece of a dropped body; `state` scaled, without mass."""
        if body.name not in self._falling:
            x, mass = ca.SX.sym("x", 6), ca.SX.sym("mass")
            rate = fall_rate(*self.scale.physical(x), mass, body.area_m2, body.drag, self.mission.environment)
            time = self.scale.time_s
            scaled = ca.vertcat(
                *(time / self.scale.length_m * c for c in rate[:3]),
                *(time / self.scale.speed_m_s * c for c in rate[3:]),
            )
            self._falling[body.name] = ca.Function(f"fall_{len(self._falling)}", [x, mass, self.symbols], [scaled])
        return self._falling[body.name]

    def point(self) -> ca.Function:
        """f(state, p) -> geodetic altitude in m, free-molecular heat flux in W/m2; `state` scaled, 6 or 7 rows."""
        if "point" not in self._kept:
            x = ca.SX.sym("x", 6)
            flow = air_data(*self.scale.physical(x), self.mission.environment)
            flux = free_molecular_heat_flux(flow.density_kg_m3, flow.airspeed_m_s)
            self._kept["point"] = ca.Function("point", [x, self.symbols], [flow.altitude_m, flux])
        return self._kept["point"]

    def up(self) -> ca.Function:
        """f(state) -> unit vector of the geodetic vertical; `state` scaled, 6 rows."""
        if "up" not in self._kept:
            x = ca.SX.sym("x", 6)
            r = self.scale.physical(x)
            place = geodetic(*r[:3], self.mission.environment)
            p = np.sqrt(r[0] ** 2 + r[1] ** 2 + 1e-12)
            column = ca.vertcat(r[0] / p * place.cos_latitude, r[1] / p * place.cos_latitude, place.sin_latitude)
            self._kept["up"] = ca.Function("up", [x], [column])
        return self._kept["up"]
