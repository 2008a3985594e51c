"""The shared equation of motion as CasADi functions of scaled states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.vehicle import FallingBody
from baiterek.physics.aerodynamics import cos_angle_of_attack, dynamic_pressure, q_alpha_squared
from baiterek.physics.ascent import (
    AirColumn,
    Command,
    Forces,
    State,
    air_column,
    air_data,
    ascent_rate,
    fall_rate_of,
    flow_past,
    forces_of,
)
from baiterek.physics.earth import geodetic
from baiterek.physics.heating import free_molecular_heat_flux
from baiterek.physics.propulsion import Propulsion, thrust_and_flow
from baiterek.physics.table import Table, table_value

PATH = ("dynamic_pressure", "q_alpha", "axial_acceleration", "angle_of_attack")
"""Rows of the path output: q in Pa, (q sin a)^2 in Pa^2, axial acceleration in m/s2, sin(a)^2."""


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

    def matrix(self, scaled: np.ndarray) -> np.ndarray:
        """`physical` of a matrix of columns, as a matrix."""
        return np.stack([np.asarray(row, dtype=float) for row in self.physical(scaled)])


@dataclass(frozen=True)
class Attitude:
    """Two angles of a direction: pitch from the vertical of the pad towards downrange, and yaw out of that plane.

    u = cos(yaw) (cos(pitch) up + sin(pitch) ahead) + sin(yaw) side. The length is 1 by construction, and the poles lie
    across the plane of flight, where no ascent points.
    """

    up: np.ndarray
    ahead: np.ndarray
    side: np.ndarray

    def direction(self, pitch, yaw) -> ca.SX:
        """Unit vector of symbols."""
        in_plane = ca.cos(pitch) * ca.DM(self.up) + ca.sin(pitch) * ca.DM(self.ahead)
        return ca.cos(yaw) * in_plane + ca.sin(yaw) * ca.DM(self.side)

    def directions(self, angles: np.ndarray) -> np.ndarray:
        """Unit vectors (3, n) of angles (2, n)."""
        pitch, yaw = angles
        in_plane = np.outer(self.up, np.cos(pitch)) + np.outer(self.ahead, np.sin(pitch))
        return np.cos(yaw) * in_plane + np.outer(self.side, np.sin(yaw))

    def angles(self, directions: np.ndarray) -> np.ndarray:
        """Angles (2, n) of vectors (3, n), the pitch without jumps."""
        unit = directions / np.linalg.norm(directions, axis=0)
        pitch = np.unwrap(np.arctan2(self.ahead @ unit, self.up @ unit))
        return np.stack((pitch, np.arcsin(np.clip(self.side @ unit, -1.0, 1.0))))


class Dynamics:
    """Builds and keeps the node functions of a mission whose numbers are symbols."""

    def __init__(self, mission: Mission, symbols: ca.SX, scale: Scale, attitude: Attitude) -> None:
        self.mission, self.symbols, self.scale, self.attitude = mission, symbols, scale, attitude
        self._kept: dict[str, Any] = {}

    def _keep(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def powered(self) -> ca.Function:
        """f(state, direction, throttle, propulsion, mass_scale, p) -> (scaled rate, path).

        `state` is scaled (mass by `mass_scale`), `direction` a unit vector,
        `propulsion` the six numbers of a `Propulsion`; path: rows of `PATH`.
        """

        def make() -> ca.Function:
            x, u, throttle = ca.SX.sym("x", 7), ca.SX.sym("u", 3), ca.SX.sym("throttle")
            engine, mass_scale = ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            column, shape = self._air(exact=True), self._shape(exact=True)
            rate, path = self._powered(x, u, throttle, engine, mass_scale, column, shape)
            inputs = [x, u, throttle, engine, mass_scale, self.symbols]
            return ca.Function("powered", inputs, [rate, path])

        return self._keep("powered", make)

    def powered_node(self) -> Node:
        """The node of a powered phase: z = (state 7, angles 2, throttle, tau); y = (tau rate 7, path 4).

        tau is the scaled length of the interval that multiplies the rate; parameters: engine, mass scale, p.
        """

        def make() -> Node:
            z, engine, mass_scale = ca.SX.sym("z", 11), ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            direction = self.attitude.direction(z[7], z[8])
            column, shape = self._air(), self._shape()
            rate, path = self._powered(z[:7], direction, z[9], engine, mass_scale, column, shape)
            y = ca.vertcat(z[10] * rate, path)
            return Node("node", z, y, [engine, mass_scale, self.symbols], [column, shape])

        return self._keep("node", make)

    def burn_node(self) -> Node:
        """The node of a burn of the upper stage, as `powered_node` without air: y = (tau rate 7, height as a coast has it,
        axial acceleration).

        Parameters: engine, mass scale, the axes of the attitude (up, ahead, side: 9 numbers), p.
        """

        def make() -> Node:
            z, engine, mass_scale = ca.SX.sym("z", 11), ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            axes = ca.SX.sym("axes", 9)
            in_plane = ca.cos(z[7]) * axes[:3] + ca.sin(z[7]) * axes[3:6]
            direction = ca.cos(z[8]) * in_plane + ca.sin(z[8]) * axes[6:]
            rate, axial = self._vacuum(z[:7], direction, z[9], engine, mass_scale)
            y = ca.vertcat(z[10] * rate, self.height(z), axial)
            return Node("burn_node", z, y, [engine, mass_scale, axes, self.symbols], [])

        return self._keep("burn node", make)

    def coast_node(self) -> Node:
        """The node of a coast: z = (state 7, tau); y = (tau rate 7, height above the equatorial radius in lengths).

        Parameters: engine (whose only flow is what attitude control takes), mass scale, p.
        """

        def make() -> Node:
            z, engine, mass_scale = ca.SX.sym("z", 8), ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            rate, _ = self._vacuum(z[:7], ca.DM([1.0, 0.0, 0.0]), 0.0, engine, mass_scale)
            return Node("coast_node", z, ca.vertcat(z[7] * rate, self.height(z)), [engine, mass_scale, self.symbols], [])

        return self._keep("coast node", make)

    def height(self, state):
        """Of a scaled state above the equatorial radius, in lengths."""
        r = ca.vertcat(*self.scale.physical(state[:6])[:3]) / self.scale.length_m
        return ca.norm_2(r) - float(self.mission.environment.radius_m) / self.scale.length_m

    def vacuum(self) -> ca.Function:
        """As `powered`, without air: the same inputs and outputs."""

        def make() -> ca.Function:
            x, u, throttle = ca.SX.sym("x", 7), ca.SX.sym("u", 3), ca.SX.sym("throttle")
            engine, mass_scale = ca.SX.sym("engine", 6), ca.SX.sym("mass_scale")
            rate, axial = self._vacuum(x, u, throttle, engine, mass_scale)
            path = ca.vertcat(0.0, 0.0, axial, 0.0)
            return ca.Function("vacuum", [x, u, throttle, engine, mass_scale, self.symbols], [rate, path])

        return self._keep("vacuum", make)

    def _vacuum(self, x, u, throttle, engine, mass_scale):
        """Scaled rate (7) and axial acceleration at a scaled state, without air."""
        state = State(*self.scale.physical(x))._replace(mass_kg=mass_scale * x[6])
        thrust, flow = thrust_and_flow(throttle, 0.0, Propulsion(*ca.vertsplit(engine)))
        force = Forces(thrust * u[0], thrust * u[1], thrust * u[2], thrust, flow, thrust)
        rate = ascent_rate(state, force, self.mission.environment)
        scaled = ca.vertcat(self._scaled_rate(rate[:6]), self.scale.time_s / mass_scale * rate.mass_kg)
        return scaled, thrust / state.mass_kg

    def _air(self, exact: bool = False) -> _Local:
        """The air over altitude."""
        environment = self.mission.environment
        names = [name for name, value in environment._asdict().items() if isinstance(value, Table)]

        def column(altitude_m, tables):
            return air_column(altitude_m, environment._replace(**dict(zip(names, tables, strict=True))))

        return _Local(column, tuple(getattr(environment, name) for name in names), exact)

    def _shape(self, exact: bool = False) -> _Local:
        """The vehicle's two coefficients over Mach number."""
        body = self.mission.vehicle.aerodynamics
        return _Local(_read, (body.axial, body.normal_slope), exact)

    def _powered(self, x, u, throttle, engine, mass_scale, column: _Local, shape: _Local):
        """Scaled rate (7) and path (4) at a scaled state; air and coefficients as `_Local` functions."""
        environment = self.mission.environment
        state = State(*self.scale.physical(x))
        state = state._replace(mass_kg=mass_scale * x[6])
        place = geodetic(*state[:3], environment)
        flow = flow_past(state, place, AirColumn(*column(place.altitude_m)), environment)
        direction = (u[0], u[1], u[2])
        area = self.mission.vehicle.aerodynamics.reference_area_m2
        command = Command(*direction, throttle)
        force = forces_of(flow, command, Propulsion(*ca.vertsplit(engine)), area, *shape(flow.mach))
        rate = ascent_rate(state, force, environment)
        time = self.scale.time_s
        scaled = ca.vertcat(self._scaled_rate(rate[:6]), time / mass_scale * rate.mass_kg)
        velocity = (flow.vx_air_m_s, flow.vy_air_m_s, flow.vz_air_m_s)
        path = ca.vertcat(
            dynamic_pressure(flow.density_kg_m3, flow.airspeed_m_s),
            q_alpha_squared(*velocity, *direction, flow.density_kg_m3),
            force.axial_N / state.mass_kg,
            1.0 - cos_angle_of_attack(*velocity, *direction, flow.airspeed_m_s) ** 2,
        )
        return scaled, path

    def _scaled_rate(self, rate) -> ca.SX:
        time = self.scale.time_s
        return ca.vertcat(
            *(time / self.scale.length_m * c for c in rate[:3]), *(time / self.scale.speed_m_s * c for c in rate[3:6])
        )

    def falling(self, body: FallingBody) -> ca.Function:
        """f(state, mass_kg, p) -> scaled rate of one piece of a dropped body; `state` scaled, without mass."""

        def make() -> ca.Function:
            x, mass = ca.SX.sym("x", 6), ca.SX.sym("mass")
            column, drag = self._air(exact=True), _Local(_read, (body.drag,), exact=True)
            return ca.Function("falling", [x, mass, self.symbols], [self._falling(x, mass, body, column, drag)])

        return self._keep(f"falling {body.name}", make)

    def falling_node(self, body: FallingBody) -> Node:
        """The node of a fall: z = (state 6, mass of a piece in kg, tau); y = tau rate; parameter: p."""

        def make() -> Node:
            z = ca.SX.sym("z", 8)
            column, drag = self._air(), _Local(_read, (body.drag,))
            y = z[7] * self._falling(z[:6], z[6], body, column, drag)
            return Node("node_fall", z, y, [self.symbols], [column, drag])

        return self._keep(f"falling node {body.name}", make)

    def _falling(self, x, mass, body: FallingBody, column: _Local, drag: _Local) -> ca.SX:
        environment = self.mission.environment
        state = State(*self.scale.physical(x), mass)
        place = geodetic(*state[:3], environment)
        flow = flow_past(state, place, AirColumn(*column(place.altitude_m)), environment)
        return self._scaled_rate(fall_rate_of(state, flow, body.area_m2, *drag(flow.mach), environment))

    def point(self) -> ca.Function:
        """f(state, p) -> geodetic altitude in m, free-molecular heat flux in W/m2; `state` scaled, 6 rows."""

        def make() -> ca.Function:
            x = ca.SX.sym("x", 6)
            flow = air_data(*self.scale.physical(x), self.mission.environment)
            flux = free_molecular_heat_flux(flow.density_kg_m3, flow.airspeed_m_s)
            return ca.Function("point", [x, self.symbols], [flow.altitude_m, flux])

        return self._keep("point", make)


def _read(argument, tables) -> list:
    """Values of tables."""
    return [table_value(argument, table) for table in tables]


class _Local:
    """A function of one variable and of tables over it, inside a node, as its own second-order Taylor polynomial.

    It is taken about the node's value, so first and second derivatives of the node stay exact, and what is behind the
    function is differentiated once along one variable instead of twelve times; its tables, in closed form. This is what
    makes the Hessian cheap.
    """

    def __init__(self, function: Callable[[Any, tuple], Any], tables: tuple[Table, ...], exact: bool = False) -> None:
        self._function, self._tables, self._exact = function, tables, exact
        self.argument: ca.SX | None = None
        self.centre, self._about = ca.SX.sym("centre"), ca.SX.sym("about")
        self.derivatives: ca.SX | None = None

    def __call__(self, argument: ca.SX) -> tuple:
        if self._exact:
            return tuple(self._function(argument, self._tables))
        self.argument = argument
        near = tuple(self._near(table) for table in self._tables)
        values = ca.vertcat(*self._function(self.centre, near))
        first = ca.jacobian(values, self.centre)
        second = ca.jacobian(first, self.centre)
        expansion = ca.densify(ca.horzcat(values, first, second))
        self.expansion = ca.substitute(expansion, self._about, self.centre)
        self.derivatives = ca.SX.sym("derivatives", values.shape[0], 3)
        step = argument - self.centre
        taylor = self.derivatives[:, 0] + step * (self.derivatives[:, 1] + 0.5 * step * self.derivatives[:, 2])
        return tuple(ca.vertsplit(taylor))

    def _near(self, table: Table) -> Table:
        """A table that is the second-order Taylor polynomial of another: see `physics.table` for the spline's form."""
        last = table.knots[-1]
        clamped, inside = ca.fmin(self._about, last), self._about <= last
        value, first, second = table.base, 0.0, 0.0
        for i, knot in enumerate(table.knots):
            step = ca.fmax(clamped - knot, 0.0)
            slope = table.coefficients[i] * step
            second, slope = second + slope, slope * step
            first, value = first + slope, value + slope * step
        change = self.centre - self._about
        taylor = value + inside * change * (3.0 * first + 3.0 * change * second)
        return Table(np.zeros(1), np.zeros(1), taylor)

    def substitute(self, expressions: list[ca.SX]) -> list[ca.SX]:
        """The expressions with the Taylor polynomial's numbers put in."""
        assert self.argument is not None
        expressions = ca.substitute(expressions, [self.derivatives], [self.expansion])
        return ca.substitute(expressions, [self.centre], [self.argument])


class Node:
    """A node's function y(z) with the nonzeros of its Jacobian and of the Hessian of lam . y."""

    def __init__(self, name: str, z: ca.SX, y: ca.SX, parameters: list[ca.SX], locals_: list[_Local]) -> None:
        lam = ca.SX.sym("lam", y.shape[0])
        jacobian = ca.jacobian(y, z)
        # Columns of the gradient's Jacobian: a sixth fewer operations than with symmetric colouring.
        hessian = ca.tril(ca.jacobian(ca.gradient(ca.dot(lam, y), z), z))
        self.jacobian_sparsity, self.hessian_sparsity = jacobian.sparsity(), hessian.sparsity()
        parts = [y, ca.vertcat(*jacobian.nonzeros()), ca.vertcat(*hessian.nonzeros())]
        for local in reversed(locals_):
            parts = local.substitute(parts)
        values, first, second = parts[0], ca.cse(parts[1]), ca.cse(parts[2])
        self.value = ca.Function(name, [z, *parameters], [values])
        self.first = ca.Function(f"{name}_jacobian", [z, *parameters], [first])
        self.second = ca.Function(f"{name}_hessian", [z, lam, *parameters], [second])
        self.outputs = y.shape[0]
