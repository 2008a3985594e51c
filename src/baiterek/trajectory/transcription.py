"""The optimal-control problem as a nonlinear programme: equations, limits, objective."""

from __future__ import annotations

from dataclasses import dataclass, replace

import casadi as ca
import numpy as np

from baiterek.catalogue.burns import leaving_kg
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Drop
from baiterek.catalogue.site import RangeBand
from baiterek.physics.earth import rotate_z
from baiterek.trajectory import terminal
from baiterek.trajectory.collocation import differentiation_matrix, node_fractions, radau_nodes
from baiterek.trajectory.derivatives import Block, Inputs, functions
from baiterek.trajectory.dynamics import Node
from baiterek.trajectory.layout import Layout, ramp
from baiterek.trajectory.numbers import with_masses, zone_value
from baiterek.trajectory.paths import Mesh
from baiterek.trajectory.setting import Page, Setting
from baiterek.trajectory.upper_limits import disposal_kg, floor_of, upper_limits

HEIGHT_SCALE_m = 1.0e4
"""Scale of altitude equations: an altitude of 10 km counts as 1."""


@dataclass(frozen=True)
class Constraint:
    """A block of rows of the programme that belongs to one limit."""

    name: str
    rows: slice
    low: float
    high: float
    limit: bool
    """A limit that a user set (and may relax), as against an equation of motion."""
    phase: int = -1
    """Number of the phase whose nodes its rows belong to, when it is a load."""


class Transcription(Layout):
    """A written problem. `solver` solves it; this file only says what the problem is."""

    def __init__(self, setting: Setting, mesh: Mesh) -> None:
        super().__init__(setting, mesh)
        self.constraints: list[Constraint] = []
        self.blocks: list[Block] = []
        self._g: list[ca.MX] = []
        self._rows = 0
        self.p = ca.MX.sym("p", len(self.numbers.values))
        self.w = ca.MX.sym("w", self.size)
        self._write()
        self.g = ca.vertcat(*self._g)
        self.functions = functions(self.w, self.p, self.objective, self.g, self.blocks)

    # --- equations ------------------------------------------------------------------------------------

    def _add(self, name: str, expression, low: float, high: float, limit: bool = False, phase: int = -1) -> None:
        column = ca.vec(expression)
        rows = column.shape[0]
        if rows == 0:
            return
        self.constraints.append(Constraint(name, slice(self._rows, self._rows + rows), low, high, limit, phase))
        self._g.append(column)
        self._rows += rows

    def _write(self) -> None:
        self.payload = self.w[self.place["payload"]] * self.payload_scale
        books = self.books(self.p, self.payload)
        self.ends: list[ca.MX] = []
        self.starts: list[ca.MX] = []
        self.elapsed: list[ca.MX] = [ca.MX(0.0)]
        self.durations: list[ca.MX] = []
        held = None
        for k in range(len(self.plan.phases)):
            held = self._phase(k, books, held)
        final = self.ends[-1]
        height, _ = self.point(final)
        elements = None
        if self.mission.target is not None:
            elements = self.w[self.place["elements"]] * ca.DM(self.element_scale)
        self.spent_later = ca.MX(0.0)
        if self.mission.upper_stage is not None:
            self.spent_later = disposal_kg(self.mission, self._upper_numbers(), self._left_kg(final), elements)
        self._budgets(books)
        self._corridor()
        if self.mission.upper_stage is not None:
            for row in upper_limits(self):
                self._add(*row)
        if self.mission.target is not None:
            target = terminal.state(self.mission, elements)
            self._add("target", final[:6] - self._scaled(target), 0.0, 0.0)
        for i, (k, leg) in enumerate(self.setting.stops):
            stop = terminal.state(leg.mission, self.w[self.place[f"elements {i}"]] * ca.DM(self.element_scale))
            self._add(f"target {leg.releases[0].name}", self.ends[k][:6] - self._scaled(stop), 0.0, 0.0)
        if self.mission.limits.insertion_altitude_min_m is not None:
            low = self.numbers.of(self.p, "limits.insertion_altitude_min_m")
            self._add("insertion_altitude_min_m", (height - low) / HEIGHT_SCALE_m, 0.0, np.inf, limit=True)
        if self.mission.limits.duration_max_s is not None:
            longest = self.numbers.of(self.p, "limits.duration_max_s")
            self._add("duration_max_s", self.elapsed[-1] / longest, -np.inf, 1.0, limit=True)
        for name in self.mesh.falls:
            self._fall(name, books)
        weights = self.numbers.of(self.p, "weights")
        merit = ca.vertcat(
            (self.payload - (self._loaded.given_kg if self.mission.releases else 0.0)) / self.payload_scale,
            final[6] * self.mass_scales[-1] / self.payload_scale,
            height / self.scale.length_m,
            -self.elapsed[-1] / self.scale.time_s,
        )
        self.merit_scale = np.array([self.payload_scale, self.payload_scale, self.scale.length_m, -self.scale.time_s])
        self.objective = -ca.dot(weights, merit)

    def _upper_numbers(self) -> dict[str, ca.MX]:
        """Parameters of the upper stage by key."""
        first = "upper_stage."
        return {
            name.removeprefix(first): self.numbers.of(self.p, name) for name in self.numbers.names if name.startswith(first)
        }

    def _left_kg(self, final: ca.MX) -> ca.MX:
        """Mass of the upper stage after the payload has gone, kg."""
        loaded = replace(self._loaded, adapter_kg=self.numbers.of(self.p, "adapter_kg"))
        return final[6] * self.mass_scales[-1] - leaving_kg(loaded)

    @property
    def _loaded(self) -> Mission:
        """The mission with its payload as symbols."""
        return with_masses(self.mission, self.numbers, self.p, self.payload)

    def point(self, state: ca.MX):
        """Geodetic altitude in m and heat flux in W/m2 at a scaled state."""
        return self.dynamics.point()(state[:6], self.p)

    def _scaled(self, state: ca.MX) -> ca.MX:
        return ca.vertcat((state[:3] - ca.DM(self.scale.origin_m)) / self.scale.length_m, state[3:6] / self.scale.speed_m_s)

    def _duration(self, k: int, books) -> ca.MX:
        phase = self.plan.phases[k]
        return self.w[self.place[f"T{k}"]] * self.scale.time_s if phase.duration_s is None else books.duration_s[k]

    def _phase(self, k: int, books: Page, held):
        """Writes phase k; `held`: the last angles before it and their places in w. Returns the same at its own end."""
        phase, breaks = self.plan.phases[k], self.mesh.phases[k]
        nu = self.node_controls(k)
        block = self.w[self.place[f"x{k}"]]
        start, nodes = block[:7], ca.reshape(block[7:], 7 + nu, -1)
        duration = self._duration(k, books)
        y, held_next = (
            self._coasting(k, books, nodes, duration) if phase.coast else self._flying(k, books, nodes, duration, held)
        )
        self._defects(f"motion {phase.name}", ca.horzcat(start, nodes[:7, :]), y[:7, :], breaks, self.mesh.degree)
        self._path_limits(k, start, y[7:, :])
        self._link(k, start, books)
        self.starts.append(start)
        self.ends.append(nodes[:7, -1])
        self.durations.append(duration)
        self.elapsed.append(self.elapsed[-1] + duration)
        self._until(k, self.ends[-1])
        return held_next

    def _flying(self, k: int, books: Page, nodes: ca.MX, duration: ca.MX, held):
        """Outputs of the nodes of a powered phase, and what it hands on of its attitude."""
        phase, nu = self.plan.phases[k], self.node_controls(k)
        inputs = Inputs(11, nodes.shape[1])
        inputs.entries(0, self.place[f"x{k}"].start + 7, 7 + nu, 7)
        angles, held_next = self._steer(k, nodes, inputs, duration, held)
        throttle = self._throttle(k, inputs)
        tau = self._tau(f"T{k}", self.mesh.phases[k], self.mesh.degree, duration, inputs)
        z = ca.vertcat(nodes[:7, :], angles, throttle, tau)
        if not phase.vacuum:
            return self._block(
                self.dynamics.powered_node(), z, inputs, (books.engine[k], self.mass_scales[k], self.p)
            ), held_next
        attitude = self.setting.attitudes[k]
        axes = ca.DM(np.concatenate((attitude.up, attitude.ahead, attitude.side)))
        return self._block(
            self.dynamics.burn_node(), z, inputs, (books.engine[k], self.mass_scales[k], axes, self.p)
        ), held_next

    def _coasting(self, k: int, books: Page, nodes: ca.MX, duration: ca.MX):
        """Outputs of the nodes of a coast; the attitude after it is free."""
        inputs = Inputs(8, nodes.shape[1])
        inputs.entries(0, self.place[f"x{k}"].start + 7, 7, 7)
        tau = self._tau(f"T{k}", self.mesh.phases[k], self.mesh.degree, duration, inputs)
        z = ca.vertcat(nodes, tau)
        return self._block(self.dynamics.coast_node(), z, inputs, (books.engine[k], self.mass_scales[k], self.p)), None

    def _steer(self, k: int, nodes: ca.MX, inputs: Inputs, duration: ca.MX, held):
        """Angles at the nodes of phase k, and (last angles, their places) for whoever holds them."""
        phase, n = self.plan.phases[k], nodes.shape[1]
        if phase.steering == "up":
            return ca.MX.zeros(2, n), (ca.DM.zeros(2), np.full(2, -1))
        if phase.steering == "hold":
            inputs.same(7, held[1])
            return ca.repmat(held[0], 1, n), held
        if self.node_controls(k):
            angles, first = nodes[7:9, :], self.place[f"x{k}"].start + 14
            inputs.entries(7, first, 9, 2)
            return angles, (angles[:, -1], first + 9 * (n - 1) + np.arange(2))
        place = self.place[f"angles{k}"]
        ends = ca.reshape(self.w[place], 2, -1)
        if held is not None:
            self._add(f"attitude {phase.name}", ends[:, 0] - held[0], 0.0, 0.0)
        change = ends[:, 1:] - ends[:, :-1]
        step = self.numbers.of(self.p, "limits.turn_rate_rad_s") * duration * ca.DM(np.diff(self.mesh.phases[k])).T
        self._add("turn_rate_rad_s", ca.sum1(change * change) / step**2, -np.inf, 1.0, limit=True)
        inputs.straight(7, place.start, 2, self.mesh.degree)
        return self._between(ends), (ends[:, -1], place.stop - 2 + np.arange(2))

    def _throttle(self, k: int, inputs: Inputs):
        phase, breaks = self.plan.phases[k], self.mesh.phases[k]
        if self.throttles(k):
            inputs.straight(9, self.place[f"throttle{k}"].start, 1, self.mesh.degree)
            return self._between(ca.reshape(self.w[self.place[f"throttle{k}"]], 1, -1))
        return ca.DM(phase.throttle[1] * ramp(phase.ramp, node_fractions(breaks, self.mesh.degree))).T

    def _between(self, ends: ca.MX) -> ca.MX:
        """Values at the nodes of what runs straight between the ends of the intervals."""
        share = ca.DM(radau_nodes(self.mesh.degree)).T
        return ca.kron(ends[:, :-1], 1.0 - share) + ca.kron(ends[:, 1:], share)

    def _tau(self, name: str, breaks: np.ndarray, degree: int, duration, inputs: Inputs) -> ca.MX:
        """Scaled length of each node's interval: the last input of a node."""
        width = np.repeat(np.diff(breaks), degree)
        if name in self.place:
            inputs.scaled(inputs.size - 1, self.place[name].start, width)
        return duration / self.scale.time_s * ca.DM(width).T

    def _block(self, node: Node, z: ca.MX, inputs: Inputs, parameters: tuple) -> ca.MX:
        """Registers nodes and returns the symbols of their outputs."""
        y = ca.MX.sym(f"y{len(self.blocks)}", node.outputs, z.shape[1])
        self.blocks.append(Block(node, z, inputs, parameters, y))
        return y

    def _defects(self, name: str, states: ca.MX, change: ca.MX, breaks: np.ndarray, degree: int) -> None:
        """Radau collocation: the derivative of each interval's polynomial, times its length, equals `change`."""
        intervals = len(breaks) - 1
        matrix = np.zeros((intervals * degree + 1, intervals * degree))
        for i in range(intervals):
            matrix[i * degree : (i + 1) * degree + 1, i * degree : (i + 1) * degree] = differentiation_matrix(degree).T
        self._add(name, ca.mtimes(states, ca.sparsify(ca.DM(matrix))) - change, 0.0, 0.0)

    def _path_limits(self, k: int, start: ca.MX, path: ca.MX) -> None:
        phase, limits = self.plan.phases[k], self.mission.limits
        burning = bool(phase.stage)

        def limit(name: str):
            return self.numbers.of(self.p, f"limits.{name}")

        if limits.axial_acceleration_m_s2 is not None and burning:
            name = "axial_acceleration_m_s2"
            self._add(name, path[1 if phase.vacuum else 2, :] / limit(name), -np.inf, 1.0, True, k)
        if phase.vacuum:
            name = floor_of(self.plan, k)
            floor = self.numbers.of(self.p, f"burns.{name}") / self.scale.length_m
            self._add(name, 2.0 - path[0, :] / floor, -np.inf, 1.0, True, k)
            if k in self.setting.low_starts:
                self._add(name, 2.0 - self.dynamics.height(start) / floor, -np.inf, 1.0, True)
        if not phase.dense_air:
            return
        if limits.dynamic_pressure_Pa is not None:
            self._add("dynamic_pressure_Pa", path[0, :] / limit("dynamic_pressure_Pa"), -np.inf, 1.0, True, k)
        if limits.q_alpha_Pa_rad is not None:
            self._add("q_alpha_Pa_rad", path[1, :] / limit("q_alpha_Pa_rad") ** 2, -np.inf, 1.0, True, k)
        if limits.angle_of_attack_rad is not None and phase.steering == "free":
            held = self.mesh.attack_nodes[k]
            sine = ca.sin(limit("angle_of_attack_rad"))
            values = path[3, held] / sine**2
            self._add("angle_of_attack_rad", values, -np.inf, 1.0, True, k)

    def _link(self, k: int, start: ca.MX, books) -> None:
        phase, scale = self.plan.phases[k], self.mass_scales
        if k == 0:
            pad = self._scaled(self.numbers.of(self.p, "pad"))
            self._add("lift-off", start[:6] - pad, 0.0, 0.0)
            self._add("lift-off mass", start[6] - books.mass_start_kg[0] / scale[0], 0.0, 0.0)
            return
        end = self.ends[-1]
        self._add(f"link {phase.name}", start[:6] - end[:6], 0.0, 0.0)
        mass = books.mass_start_kg[k]
        if phase.mass_start_kg is None:
            mass = end[6] * scale[k - 1] - books.fixed_drop_kg[k - 1]
        self._add(f"mass {phase.name}", start[6] - mass / scale[k], 0.0, 0.0)

    def _until(self, k: int, end: ca.MX) -> None:
        rule = self.plan.phases[k].until
        if not rule:
            return
        height, flux = self.point(end)
        if rule == "rise":
            rise = self.numbers.of(self.p, "limits.rise_altitude_m") + float(self.mission.site.altitude_m)
            self._add("rise_altitude_m", (height - rise) / 100.0, 0.0, 0.0, limit=True)
            return
        threshold = self.numbers.of(self.p, "shroud.threshold")
        if rule == "heat_flux":
            # In logarithms: the flux falls by orders of magnitude within a few kilometres.
            self._add("shroud heat_flux_W_m2", ca.log(flux / threshold), -np.inf, 0.0, limit=True)
        elif rule == "altitude":
            self._add("shroud altitude_m", (height - threshold) / HEIGHT_SCALE_m, 0.0, np.inf, limit=True)
        else:
            self._add("shroud time_s", (self.elapsed[-1] - threshold) / 10.0, 0.0, np.inf, limit=True)

    def _budgets(self, books) -> None:
        for b, budget in enumerate(self.plan.budgets):
            if any(set(budget.phases) <= set(timing.phases) for timing in self.plan.timings):
                continue  # burned to depletion by its timing
            burned = -books.companions_kg[b]
            for k in budget.phases:
                burned = burned + (self.starts[k][6] - self.ends[k][6]) * self.mass_scales[k]
            if self.mission.upper_stage is not None and b == len(self.plan.budgets) - 1:
                burned = burned + self.spent_later
            self._add(f"propellant {budget.stage}", burned / books.usable_kg[b], -np.inf, 1.0, limit=True)
        for t, timing in enumerate(self.plan.timings):
            total = sum((self.durations[k] for k in timing.phases), ca.MX(0.0))
            self._add(f"timing {timing.name}", (total - books.total_s[t]) / self.scale.time_s, 0.0, 0.0)

    def _corridor(self) -> None:
        if not self.mission.limits.corridors_rad:
            return
        k = self.setting.separation()
        angle = self.mission.environment.rotation_rad_s * self.elapsed[k + 1]
        r = self.scale.physical(self.ends[k])
        x, y = rotate_z(r[0], r[1], angle)
        pad = self.numbers.of(self.p, "pad")
        d = ca.vertcat(x, y, r[2]) - pad[:3]
        axes = self.numbers.of(self.p, "pad_axes")
        east, north = ca.dot(axes[:3], d) / 1e5, ca.dot(axes[3:6], d) / 1e5
        low, high = self.numbers.of(self.p, "corridor")[0], self.numbers.of(self.p, "corridor")[1]
        inside = ca.vertcat(east * ca.cos(low) - north * ca.sin(low), north * ca.sin(high) - east * ca.cos(high))
        self._add("corridors_rad", inside, 0.0, np.inf, limit=True)

    # --- falls ----------------------------------------------------------------------------------------

    def _fall(self, name: str, books) -> None:
        k, drop = self.setting.dropped(name)
        breaks, block = self.mesh.falls[name], self.w[self.place[f"x-{name}"]]
        start, nodes = block[:6], ca.reshape(block[6:], 6, -1)
        duration = self.w[self.place[f"T-{name}"]] * self.scale.time_s
        mass = self.w[self.place[f"m-{name}"]] * self.payload_scale
        self._add(f"mass fall {name}", (mass - self.fall_mass(k, drop, books)) / self.payload_scale, 0.0, 0.0)
        inputs = Inputs(8, nodes.shape[1])
        inputs.scaled(6, self.place[f"m-{name}"].start, np.full(nodes.shape[1], self.payload_scale))
        inputs.entries(0, self.place[f"x-{name}"].start + 6, 6, 6)
        tau = self._tau(f"T-{name}", breaks, self.mesh.fall_degree, duration, inputs)
        assert drop.body is not None
        node = self.dynamics.falling_node(drop.body)
        z = ca.vertcat(nodes, ca.repmat(mass, 1, nodes.shape[1]), tau)
        rate = self._block(node, z, inputs, (self.p,))
        self._add(f"link fall {name}", start - self.ends[k][:6], 0.0, 0.0)
        self._defects(f"motion fall {name}", ca.horzcat(start, nodes), rate, breaks, self.mesh.fall_degree)
        height, _ = self.point(nodes[:, -1])
        self._add(f"ground {name}", height / HEIGHT_SCALE_m, 0.0, 0.0)
        elapsed = self.elapsed[k + 1] + duration
        r = self.scale.physical(nodes[:, -1])
        angle = self.mission.sidereal_angle_rad + self.mission.environment.rotation_rad_s * elapsed
        x, y = rotate_z(r[0], r[1], angle)
        pad = self.numbers.of(self.p, "pad")
        px, py = rotate_z(pad[0], pad[1], self.mission.sidereal_angle_rad)
        zone = self.mission.zones[name]
        part = self.numbers.of(self.p, f"zone.{name}")
        points = (x, y, r[2])
        if isinstance(zone, RangeBand):
            points = tuple(c / self.scale.length_m for c in points)
        values = zone_value(
            zone,
            part,
            *points,
            tuple(c / self.scale.length_m for c in (px, py, pad[2])),
            self.mission.environment.radius_m,
        )
        self._add(f"zone {name}", ca.vertcat(*values), -np.inf, 1.0, limit=True)

    def fall_mass(self, k: int, drop: Drop, books: Page):
        """Mass of one piece."""
        assert drop.body is not None
        if drop.body.mass_kg is not None:
            return drop.body.mass_kg
        pieces = drop.body.pieces
        if drop.mass_kg is not None:
            return books.fixed_drop_kg[k] / pieces
        return (self.ends[k][6] * self.mass_scales[k] - books.mass_start_kg[k + 1]) / pieces

    def constraint_bounds(self) -> tuple[np.ndarray, np.ndarray]:
        low, high = np.zeros(self._rows), np.zeros(self._rows)
        for c in self.constraints:
            low[c.rows], high[c.rows] = c.low, c.high
        return low, high
