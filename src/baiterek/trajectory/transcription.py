"""The optimal-control problem as a nonlinear programme: variables, equations, limits, objective."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.site import RangeBand
from baiterek.physics.earth import rotate_z
from baiterek.trajectory import terminal
from baiterek.trajectory.collocation import (
    differentiation_matrix,
    lagrange_matrix,
    node_fractions,
    polynomial_derivative,
    radau_nodes,
)
from baiterek.trajectory.derivatives import Block, functions
from baiterek.trajectory.dynamics import Node
from baiterek.trajectory.numbers import zone_value
from baiterek.trajectory.setting import Setting

HEIGHT_SCALE_m = 1.0e4
"""Scale of altitude equations: an altitude of 10 km counts as 1."""


@dataclass(frozen=True)
class Mesh:
    """Intervals of every phase and of every constrained fall, as fractions of their durations; Radau nodes a interval."""

    degree: int
    phases: tuple[np.ndarray, ...]
    falls: Mapping[str, np.ndarray]
    attack_nodes: tuple[list[int], ...] = ()
    """Nodes of each phase at which the limit on the angle of attack is put: those of enough dynamic pressure."""

    @property
    def nodes(self) -> int:
        return self.degree * sum(len(b) - 1 for b in (*self.phases, *self.falls.values()))


@dataclass(frozen=True)
class Path:
    """A phase (or a fall) as something that can be sampled at fractions of its duration."""

    duration_s: float
    states: Callable[[np.ndarray], np.ndarray]
    """Inertial state in SI, (7, n) or (6, n) for a fall."""
    controls: Callable[[np.ndarray], np.ndarray]
    """ux, uy, uz, throttle, (4, n)."""


@dataclass(frozen=True)
class Guess:
    """A flight to start from, or a solution to go on from."""

    payload_kg: float
    phases: tuple[Path, ...]
    falls: Mapping[str, Path]
    elements: np.ndarray | None
    """perigee radius, apogee radius, inclination, node, argument of perigee, true anomaly."""


@dataclass(frozen=True)
class Constraint:
    """A block of rows of the programme that belongs to one limit."""

    name: str
    rows: slice
    low: float
    high: float
    limit: bool
    """A limit that a user set (and may relax), as against an equation of motion."""


class Transcription:
    """A written problem. `solve` lives in `solver`; this file only says what the problem is."""

    def __init__(self, setting: Setting, mesh: Mesh) -> None:
        self.setting, self.mesh = setting, mesh
        self.mission, self.numbers, self.scale = setting.mission, setting.numbers, setting.scale
        self.plan, self.books, self.dynamics = setting.plan, setting.books, setting.dynamics
        self.mass_scales = setting.mass_scales
        self.constraints: list[Constraint] = []
        self.blocks: list[Block] = []
        self._g: list[ca.MX] = []
        self._rows = 0
        self._lay_out()
        self.p = ca.MX.sym("p", len(self.numbers.values))
        self.w = ca.MX.sym("w", self.size)
        self._write()
        self.g = ca.vertcat(*self._g)
        self.functions = functions(self.w, self.p, self.objective, self.g, self.blocks)

    # --- variables ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.place: dict[str, slice] = {}
        start = 0

        def reserve(name: str, size: int) -> None:
            nonlocal start
            self.place[name] = slice(start, start + size)
            start += size

        reserve("payload", 1)
        for k, phase in enumerate(self.plan.phases):
            if phase.duration_s is None:
                reserve(f"T{k}", 1)
            nodes = self.mesh.degree * (len(self.mesh.phases[k]) - 1)
            reserve(f"x{k}", 7 + nodes * (7 + self.control_size(k)))
        if self.mission.target is not None:
            reserve("elements", 6)
        for name, breaks in self.mesh.falls.items():
            reserve(f"T-{name}", 1)
            reserve(f"x-{name}", 6 + 6 * self.mesh.degree * (len(breaks) - 1))
        self.size = start

    def control_size(self, k: int) -> int:
        """Controls of a node of phase k: a direction when it steers, a throttle when it may choose one."""
        phase = self.plan.phases[k]
        return 3 * (phase.steering == "free") + (phase.throttle[0] < phase.throttle[1])

    def _node_blocks(self, name: str, nx: int, nu: int):
        """Start state, states at nodes (nx, n) and controls (nu, n) as slices of the variables."""
        block = self.w[self.place[name]]
        nodes = ca.reshape(block[nx:], nx + nu, -1)
        return block[:nx], nodes[:nx, :], nodes[nx:, :]

    # --- equations ------------------------------------------------------------------------------------

    def _add(self, name: str, expression, low: float, high: float, limit: bool = False) -> None:
        column = ca.vec(expression)
        rows = column.shape[0]
        if rows == 0:
            return
        self.constraints.append(Constraint(name, slice(self._rows, self._rows + rows), low, high, limit))
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
        self._budgets(books)
        self._corridor()
        final = self.ends[-1]
        height, _ = self.point(final)
        if self.mission.target is not None:
            elements = self.w[self.place["elements"]] * ca.DM(self.element_scale)
            target = terminal.state(self.mission, elements)
            self._add("target", final[:6] - self._scaled(target), 0.0, 0.0)
        if self.mission.limits.insertion_altitude_min_m is not None:
            low = self.numbers.of(self.p, "limits.insertion_altitude_min_m")
            self._add("insertion_altitude_min_m", (height - low) / HEIGHT_SCALE_m, 0.0, np.inf, limit=True)
        for name in self.mesh.falls:
            self._fall(name, books)
        weights = self.numbers.of(self.p, "weights")
        merit = ca.vertcat(
            self.payload / self.payload_scale,
            final[6] * self.mass_scales[-1] / self.payload_scale,
            height / self.scale.length_m,
            -self.elapsed[-1] / self.scale.time_s,
        )
        self.merit_scale = np.array([self.payload_scale, self.payload_scale, self.scale.length_m, -self.scale.time_s])
        self.objective = -ca.dot(weights, merit)

    @property
    def payload_scale(self) -> float:
        return float(self.mass_scales[-1])

    @property
    def element_scale(self) -> np.ndarray:
        length = self.scale.length_m
        return np.array([length, length, 1.0, 1.0, 1.0, 1.0])

    def point(self, state: ca.MX):
        """Geodetic altitude in m and heat flux in W/m2 at a scaled state."""
        return self.dynamics.point()(state[:6], self.p)

    def _scaled(self, state: ca.MX) -> ca.MX:
        return ca.vertcat(
            (state[:3] - ca.DM(self.scale.origin_m)) / self.scale.length_m, state[3:6] / self.scale.speed_m_s
        )

    def _duration(self, k: int, books) -> ca.MX:
        phase = self.plan.phases[k]
        return self.w[self.place[f"T{k}"]] * self.scale.time_s if phase.duration_s is None else books.duration_s[k]

    def _phase(self, k: int, books, held):
        """Writes phase k; `held` is the last direction before it and its place in w. Returns the same at its own end."""
        phase, degree, breaks = self.plan.phases[k], self.mesh.degree, self.mesh.phases[k]
        nu = self.control_size(k)
        start, nodes, controls = self._node_blocks(f"x{k}", 7, nu)
        n = nodes.shape[1]
        duration = self._duration(k, books)
        fractions = node_fractions(breaks, degree)
        steers = phase.steering == "free"
        first = self.place[f"x{k}"].start + 7
        columns = np.full((12, n), -1)
        columns[:7] = first + np.arange(n)[None, :] * (7 + nu) + np.arange(7)[:, None]
        direction = ca.MX.zeros(3, n)
        if steers:
            direction = controls[:3, :]
            columns[7:10] = columns[:3] + 7
        elif phase.steering == "hold":
            direction = ca.repmat(held[0], 1, n)
            columns[7:10] = held[1][:, None]
        if phase.throttle[0] < phase.throttle[1]:
            columns[10] = columns[0] + 6 + nu
        tau, columns[11], weights = self._tau(f"T{k}", breaks, duration, 12)
        z = ca.vertcat(nodes, direction, self._throttle(k, controls, fractions), tau)
        node = self.dynamics.powered_node("up" if phase.steering == "up" else "free")
        y = self._block(node, z, columns, weights, (books.engine[k], self.mass_scales[k], self.p))
        self._defects(f"motion {phase.name}", ca.horzcat(start, nodes), y[:7, :], breaks)
        if steers:
            self._add(f"unit {phase.name}", ca.sum1(direction * direction) - 1.0, 0.0, 0.0)
            self._turn_rate(direction, duration, breaks, held[0] if held else None)
        self._path_limits(k, y[7:, :])
        self._link(k, start, books)
        self.starts.append(start)
        self.ends.append(nodes[:, -1])
        self.durations.append(duration)
        self.elapsed.append(self.elapsed[-1] + duration)
        self._until(k, nodes[:, -1])
        if phase.steering == "up":
            return self.dynamics.up()(nodes[:6, -1]), np.full(3, -1)
        return direction[:, -1], columns[7:10, -1]

    def _tau(self, name: str, breaks: np.ndarray, duration, size: int) -> tuple[ca.MX, np.ndarray | int, np.ndarray]:
        """Scaled length of each node's interval, its place in w, and the derivatives of all inputs of the nodes."""
        width = np.repeat(np.diff(breaks), self.mesh.degree)
        weights = np.ones((size, len(width)))
        weights[-1] = width
        place = self.place[name].start if name in self.place else -1
        return duration / self.scale.time_s * ca.DM(width).T, place, weights

    def _block(self, node: Node, z: ca.MX, columns: np.ndarray, weights: np.ndarray, parameters: tuple) -> ca.MX:
        """Registers nodes and returns the symbols of their outputs."""
        y = ca.MX.sym(f"y{len(self.blocks)}", node.outputs, z.shape[1])
        self.blocks.append(Block(node, z, columns, weights, parameters, y))
        return y

    def _throttle(self, k: int, controls: ca.MX, fractions: np.ndarray):
        phase = self.plan.phases[k]
        low, high = phase.throttle
        if low < high:
            return controls[-1, :]
        profile = {"rise": fractions, "fall": 1.0 - fractions}.get(phase.ramp, np.ones_like(fractions))
        return ca.DM(high * profile).T

    def _defects(self, name: str, states: ca.MX, change: ca.MX, breaks: np.ndarray) -> None:
        """Radau collocation: the derivative of each interval's polynomial, times its length, equals `change`."""
        degree, intervals = self.mesh.degree, len(breaks) - 1
        matrix = np.zeros((intervals * degree + 1, intervals * degree))
        for i in range(intervals):
            matrix[i * degree : (i + 1) * degree + 1, i * degree : (i + 1) * degree] = differentiation_matrix(degree).T
        self._add(name, ca.mtimes(states, ca.sparsify(ca.DM(matrix))) - change, 0.0, 0.0)

    def _turn_rate(self, direction, duration, breaks: np.ndarray, held) -> None:
        """With a limit on the turn rate the attitude is continuous and its polynomial's derivative is bounded."""
        if self.mission.limits.turn_rate_rad_s is None:
            return
        degree, intervals = self.mesh.degree, len(breaks) - 1
        nodes = radau_nodes(degree)
        back = lagrange_matrix(nodes, np.zeros(1))[0]
        slope = polynomial_derivative(nodes)
        begin, rates = np.zeros((intervals * degree, intervals)), np.zeros((intervals * degree,) * 2)
        for i, width in enumerate(np.diff(breaks)):
            part = slice(i * degree, (i + 1) * degree)
            begin[part, i] = back
            rates[part, part] = slope.T / width
        before = direction[:, degree - 1 : -1 : degree]
        starts = ca.mtimes(direction, ca.sparsify(ca.DM(begin)))
        if held is not None:
            self._add("attitude", starts[:, 0] - held, 0.0, 0.0)
        if intervals > 1:
            self._add("attitude", starts[:, 1:] - before, 0.0, 0.0)
        limit = self.numbers.of(self.p, "limits.turn_rate_rad_s") * duration
        rate = ca.mtimes(direction, ca.sparsify(ca.DM(rates))) / limit
        self._add("turn_rate_rad_s", ca.sum1(rate * rate), -np.inf, 1.0, limit=True)

    def _path_limits(self, k: int, path: ca.MX) -> None:
        phase, limits = self.plan.phases[k], self.mission.limits
        burning = bool(phase.stage)

        def limit(name: str):
            return self.numbers.of(self.p, f"limits.{name}")

        if limits.axial_acceleration_m_s2 is not None and burning:
            name = "axial_acceleration_m_s2"
            self._add(name, path[2, :] / limit(name), -np.inf, 1.0, limit=True)
        if not phase.dense_air:
            return
        if limits.dynamic_pressure_Pa is not None:
            self._add("dynamic_pressure_Pa", path[0, :] / limit("dynamic_pressure_Pa"), -np.inf, 1.0, limit=True)
        if limits.q_alpha_Pa_rad is not None:
            self._add("q_alpha_Pa_rad", path[1, :] / limit("q_alpha_Pa_rad") ** 2, -np.inf, 1.0, limit=True)
        if limits.angle_of_attack_rad is not None and phase.steering == "free":
            held = self.mesh.attack_nodes[k]
            sine = ca.sin(limit("angle_of_attack_rad"))
            values = path[3, held] / sine**2
            self._add("angle_of_attack_rad", values, -np.inf, 1.0, limit=True)

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
        inside = ca.vertcat(
            east * ca.cos(low) - north * ca.sin(low), north * ca.sin(high) - east * ca.cos(high)
        )
        self._add("corridors_rad", inside, 0.0, np.inf, limit=True)

    # --- falls ----------------------------------------------------------------------------------------

    def _fall(self, name: str, books) -> None:
        k, drop = self.setting.dropped(name)
        breaks = self.mesh.falls[name]
        start, nodes, _ = self._node_blocks(f"x-{name}", 6, 0)
        duration = self.w[self.place[f"T-{name}"]] * self.scale.time_s
        mass = self.fall_mass(k, drop, books)
        n = nodes.shape[1]
        columns = np.full((7, n), -1)
        columns[:6] = self.place[f"x-{name}"].start + 6 + np.arange(n)[None, :] * 6 + np.arange(6)[:, None]
        tau, columns[6], weights = self._tau(f"T-{name}", breaks, duration, 7)
        node = self.dynamics.falling_node(drop.body)
        rate = self._block(node, ca.vertcat(nodes, tau), columns, weights, (mass, self.p))
        self._add(f"link fall {name}", start - self.ends[k][:6], 0.0, 0.0)
        self._defects(f"motion fall {name}", ca.horzcat(start, nodes), rate, breaks)
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
            zone, part, *points, tuple(c / self.scale.length_m for c in (px, py, pad[2])), self.mission.environment.radius_m
        )
        self._add(f"zone {name}", ca.vertcat(*values), -np.inf, 1.0, limit=True)

    def fall_mass(self, k: int, drop, books):
        """Mass of one piece."""
        if drop.body.mass_kg is not None:
            return drop.body.mass_kg
        pieces = drop.body.pieces
        if drop.mass_kg is not None:
            return books.fixed_drop_kg[k] / pieces
        return (self.ends[k][6] * self.mass_scales[k] - books.mass_start_kg[k + 1]) / pieces

    # --- bounds and start -----------------------------------------------------------------------------

    def bounds(self, payload_kg: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper bounds of the variables."""
        low, high = np.full(self.size, -np.inf), np.full(self.size, np.inf)
        low[self.place["payload"]], high[self.place["payload"]] = np.array(payload_kg) / self.payload_scale
        for k, phase in enumerate(self.plan.phases):
            if phase.duration_s is None:
                low[self.place[f"T{k}"]], high[self.place[f"T{k}"]] = np.array(phase.bounds_s) / self.scale.time_s
            first = self.place[f"x{k}"].start
            nu = self.control_size(k)
            count = self.mesh.degree * (len(self.mesh.phases[k]) - 1)
            for block, upper in ((low, False), (high, True)):
                nodes = block[first + 7 : first + 7 + count * (7 + nu)].reshape(count, 7 + nu)
                if not upper:
                    nodes[:, 6] = 1e-3
                if phase.steering == "free":
                    nodes[:, 7:10] = 1.1 if upper else -1.1
                if phase.throttle[0] < phase.throttle[1]:
                    nodes[:, -1] = phase.throttle[int(upper)]
        if self.mission.target is not None:
            lower, upper_bound = terminal.bounds(self.mission)
            low[self.place["elements"]] = lower / self.element_scale
            high[self.place["elements"]] = upper_bound / self.element_scale
        for name in self.mesh.falls:
            low[self.place[f"T-{name}"]] = 1.0 / self.scale.time_s
        return low, high

    def constraint_bounds(self) -> tuple[np.ndarray, np.ndarray]:
        low, high = np.zeros(self._rows), np.zeros(self._rows)
        for c in self.constraints:
            low[c.rows], high[c.rows] = c.low, c.high
        return low, high

    def start(self, guess: Guess) -> np.ndarray:
        """The variables of a guess on this mesh."""
        w = np.zeros(self.size)
        w[self.place["payload"]] = guess.payload_kg / self.payload_scale
        for k, phase in enumerate(self.plan.phases):
            path = guess.phases[k]
            if phase.duration_s is None:
                w[self.place[f"T{k}"]] = path.duration_s / self.scale.time_s
            fractions = node_fractions(self.mesh.phases[k], self.mesh.degree)
            states = self.scale.scale(path.states(np.concatenate(([0.0], fractions))))
            states[6] /= self.mass_scales[k]
            rows = []
            if phase.steering == "free":
                rows.append(path.controls(fractions)[:3])
            if phase.throttle[0] < phase.throttle[1]:
                rows.append(np.clip(path.controls(fractions)[3:], *phase.throttle))
            nodes = np.concatenate((states[:, 1:], *rows), axis=0)
            w[self.place[f"x{k}"]] = np.concatenate((states[:, 0], nodes.T.ravel()))
        if guess.elements is not None:
            w[self.place["elements"]] = guess.elements / self.element_scale
        for name, breaks in self.mesh.falls.items():
            path = guess.falls[name]
            w[self.place[f"T-{name}"]] = path.duration_s / self.scale.time_s
            fractions = np.concatenate(([0.0], node_fractions(breaks, self.mesh.degree)))
            w[self.place[f"x-{name}"]] = self.scale.scale(path.states(fractions)).T.ravel()
        return w

    def read(self, w: np.ndarray, p: np.ndarray) -> Guess:
        """A solution as paths that can be sampled (and so as the guess of a finer mesh)."""
        payload = float(w[self.place["payload"]][0] * self.payload_scale)
        books = self.books.numbers(p, payload)
        paths = []
        for k, phase in enumerate(self.plan.phases):
            duration = (
                float(w[self.place[f"T{k}"]][0] * self.scale.time_s) if phase.duration_s is None else books.duration_s[k]
            )
            nu = self.control_size(k)
            block = w[self.place[f"x{k}"]]
            nodes = block[7:].reshape(-1, 7 + nu).T
            states = np.concatenate((block[:7, None], nodes[:7]), axis=1)
            states = np.stack([np.asarray(c) for c in self.scale.physical(states)])
            states[6] *= self.mass_scales[k]
            fractions = node_fractions(self.mesh.phases[k], self.mesh.degree)
            controls = np.zeros((4, len(fractions)))
            if phase.steering == "free":
                controls[:3] = nodes[7:10]
            elif phase.steering == "hold":
                controls[:3] = paths[-1].controls(np.array([1.0]))[:3]
            else:
                controls[:3] = np.array(self.dynamics.up()(self.scale.scale(states[:6, 1:])))
            controls[3] = nodes[-1] if phase.throttle[0] < phase.throttle[1] else phase.throttle[1]
            paths.append(self._path(duration, self.mesh.phases[k], states, controls))
        falls = {}
        for name, breaks in self.mesh.falls.items():
            block = w[self.place[f"x-{name}"]].reshape(-1, 6).T
            states = np.stack([np.asarray(c) for c in self.scale.physical(block)])
            duration = float(w[self.place[f"T-{name}"]][0] * self.scale.time_s)
            falls[name] = self._path(duration, breaks, states, np.zeros((4, states.shape[1] - 1)))
        elements = None
        if self.mission.target is not None:
            elements = w[self.place["elements"]] * self.element_scale
        return Guess(payload, tuple(paths), falls, elements)

    def _path(self, duration: float, breaks: np.ndarray, states: np.ndarray, controls: np.ndarray) -> Path:
        degree = self.mesh.degree
        with_start = np.concatenate(([0.0], radau_nodes(degree)))

        def sample(values: np.ndarray, points: np.ndarray, shared: int, fractions: np.ndarray) -> np.ndarray:
            interval = np.clip(np.searchsorted(breaks, fractions, side="left") - 1, 0, len(breaks) - 2)
            local = (fractions - breaks[interval]) / np.diff(breaks)[interval]
            matrix = lagrange_matrix(points, local)
            index = interval[:, None] * degree + np.arange(degree + shared)[None, :]
            return np.einsum("nk,rnk->rn", matrix, values[:, index])

        return Path(
            duration,
            lambda fractions: sample(states, with_start, 1, np.asarray(fractions, dtype=float)),
            lambda fractions: sample(controls, radau_nodes(degree), 0, np.asarray(fractions, dtype=float)),
        )
