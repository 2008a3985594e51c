"""Where each variable stands in the vector, its bounds, and the way from a flight to the vector and back."""

from __future__ import annotations

import numpy as np

from baiterek.catalogue.burns import burns_of, legs, with_burns
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.trajectory import terminal
from baiterek.trajectory.collocation import node_fractions, radau_nodes
from baiterek.trajectory.paths import Guess, Mesh, solved_path
from baiterek.trajectory.setting import Setting, with_payload


class Layout:
    """The variables of a setting on a mesh.

    Per phase: its duration when chosen, the state at its start, states (and, when the attitude is free from node to node,
    two angles) at its nodes, then the values of angles and throttle at the ends of its intervals, between which they run
    straight. With a limit on the turn rate the attitude is of the second kind; the throttle always is.
    """

    def __init__(self, setting: Setting, mesh: Mesh) -> None:
        self.setting, self.mesh = setting, mesh
        self.mission, self.numbers, self.scale = setting.mission, setting.numbers, setting.scale
        self.plan, self.books, self.dynamics = setting.plan, setting.books, setting.dynamics
        self.mass_scales, self.attitude = setting.mass_scales, setting.attitude
        self.place: dict[str, slice] = {}
        self.size = 0
        self._lay_out()

    def _reserve(self, name: str, size: int) -> None:
        self.place[name] = slice(self.size, self.size + size)
        self.size += size

    def _lay_out(self) -> None:
        self._reserve("payload", 1)
        for k, phase in enumerate(self.plan.phases):
            intervals = len(self.mesh.phases[k]) - 1
            if phase.duration_s is None:
                self._reserve(f"T{k}", 1)
            self._reserve(f"x{k}", 7 + self.mesh.degree * intervals * (7 + self.node_controls(k)))
            if phase.steering == "free" and self.setting.straight:
                self._reserve(f"angles{k}", 2 * (intervals + 1))
            if self.throttles(k):
                self._reserve(f"throttle{k}", intervals + 1)
        if self.mission.target is not None:
            self._reserve("elements", 6)
        for i in range(len(self.setting.stops)):
            self._reserve(f"elements {i}", 6)
        for name, breaks in self.mesh.falls.items():
            self._reserve(f"T-{name}", 1)
            self._reserve(f"m-{name}", 1)
            self._reserve(f"x-{name}", 6 + 6 * self.mesh.fall_degree * (len(breaks) - 1))

    def node_controls(self, k: int) -> int:
        """Control variables of each node of phase k: the two angles of an attitude that is free from node to node."""
        return 2 if self.plan.phases[k].steering == "free" and not self.setting.straight else 0

    def throttles(self, k: int) -> bool:
        """Whether phase k may choose its throttle."""
        low, high = self.plan.phases[k].throttle
        return low < high

    @property
    def payload_scale(self) -> float:
        return float(self.mass_scales[-1])

    @property
    def element_scale(self) -> np.ndarray:
        length, target = self.scale.length_m, self.mission.target
        second = length if target is None or target.escape is None else self.scale.speed_m_s**2
        return np.array([length, second, 1.0, 1.0, 1.0, 1.0])

    def bounds(self, payload_kg: tuple[float, float], mission: Mission | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper bounds of the variables; of another `mission`, its target and times may differ."""
        low, high = np.full(self.size, -np.inf), np.full(self.size, np.inf)

        def put(name: str, lower, upper) -> None:
            low[self.place[name]], high[self.place[name]] = lower, upper

        put("payload", *(kg / self.payload_scale for kg in payload_kg))
        times = self._times(mission)
        for k, phase in enumerate(self.plan.phases):
            if phase.duration_s is None:
                put(f"T{k}", *(s / self.scale.time_s for s in times[k]))
            row = 7 + self.node_controls(k)
            low[self.place[f"x{k}"]][7:].reshape(-1, row)[:, 6] = 1e-3
            if self.throttles(k):
                put(f"throttle{k}", *phase.throttle)
        if self.mission.target is not None:
            put("elements", *(bound / self.element_scale for bound in terminal.bounds(mission or self.mission)))
        for i, leg in enumerate(legs(mission or self.mission)[:-1]):
            put(f"elements {i}", *(bound / self.element_scale for bound in terminal.bounds(leg.mission)))
        for name in self.mesh.falls:
            low[self.place[f"T-{name}"]] = 1.0 / self.scale.time_s
            low[self.place[f"m-{name}"]] = 1e-6
        return low, high

    def _times(self, mission: Mission | None) -> list[tuple[float, ...]]:
        """Shortest and longest duration of each phase, in s: those of another `mission` where a bound is the first one's own,
        and not one that holds a coast or belongs to an arc of the throttle."""
        held: list[tuple[float, ...]] = [phase.bounds_s for phase in self.plan.phases]
        if mission is None or mission is self.mission:
            return held
        burns = burns_of(self.mission)
        own, new = (sequence(with_payload(with_burns(m, burns))).phases for m in (self.mission, mission))
        return [
            tuple(
                after if bound == before else bound
                for bound, before, after in zip(bounds, own[k].bounds_s, new[k].bounds_s, strict=True)
            )
            for bounds, k in zip(held, self.setting.origin, strict=True)
        ]

    def start(self, guess: Guess) -> np.ndarray:
        """The variables of a flight on this mesh."""
        w = np.zeros(self.size)
        w[self.place["payload"]] = guess.payload_kg / self.payload_scale
        for k, phase in enumerate(self.plan.phases):
            path, breaks = guess.phases[k], self.mesh.phases[k]
            if phase.duration_s is None:
                w[self.place[f"T{k}"]] = path.duration_s / self.scale.time_s
            fractions = node_fractions(breaks, self.mesh.degree)
            states = self.scale.scale(path.states(np.concatenate(([0.0], fractions))))
            states[6] /= self.mass_scales[k]
            nodes = states[:, 1:]
            if self.node_controls(k):
                nodes = np.concatenate((nodes, self.setting.attitudes[k].angles(path.controls(fractions)[:3])), axis=0)
            w[self.place[f"x{k}"]] = np.concatenate((states[:, 0], nodes.T.ravel()))
            if f"angles{k}" in self.place:
                w[self.place[f"angles{k}"]] = self.setting.attitudes[k].angles(path.controls(breaks)[:3]).T.ravel()
            if self.throttles(k):
                w[self.place[f"throttle{k}"]] = np.clip(path.controls(breaks)[3], *phase.throttle)
        if guess.elements is not None:
            w[self.place["elements"]] = guess.elements / self.element_scale
        for i, stop in enumerate(guess.stops):
            w[self.place[f"elements {i}"]] = stop / self.element_scale
        for name, breaks in self.mesh.falls.items():
            path = guess.falls[name]
            w[self.place[f"T-{name}"]] = path.duration_s / self.scale.time_s
            k, drop = self.setting.dropped(name)
            end_kg = guess.phases[k].states(np.array([1.0]))[6, 0]
            mass = self.setting.piece_mass_kg(k, drop, end_kg, guess.payload_kg, self.numbers.values)
            w[self.place[f"m-{name}"]] = mass / self.payload_scale
            fractions = np.concatenate(([0.0], node_fractions(breaks, self.mesh.fall_degree)))
            w[self.place[f"x-{name}"]] = self.scale.scale(path.states(fractions)).T.ravel()
        return w

    def read(self, w: np.ndarray, p: np.ndarray) -> Guess:
        """A solution as paths that can be sampled (and so as the guess of a finer mesh)."""
        payload = float(w[self.place["payload"]][0] * self.payload_scale)
        page = self.books.numbers(p, payload)
        paths: list = []
        for k, phase in enumerate(self.plan.phases):
            duration = page.duration_s[k]
            if phase.duration_s is None:
                duration = float(w[self.place[f"T{k}"]][0] * self.scale.time_s)
            block = w[self.place[f"x{k}"]]
            nodes = block[7:].reshape(-1, 7 + self.node_controls(k)).T
            states = self.scale.matrix(np.concatenate((block[:7, None], nodes[:7]), axis=1))
            states[6] *= self.mass_scales[k]
            controls = np.zeros((4, nodes.shape[1]))
            controls[:3] = self._directions(k, w, nodes, states, paths)
            controls[3] = self._throttles(k, w)
            paths.append(solved_path(self.mesh.degree, duration, self.mesh.phases[k], states, controls))
        falls = {}
        for name, breaks in self.mesh.falls.items():
            states = self.scale.matrix(w[self.place[f"x-{name}"]].reshape(-1, 6).T)
            duration = float(w[self.place[f"T-{name}"]][0] * self.scale.time_s)
            falls[name] = solved_path(self.mesh.fall_degree, duration, breaks, states, np.zeros((4, states.shape[1] - 1)))
        elements = None if self.mission.target is None else w[self.place["elements"]] * self.element_scale
        stops = tuple(w[self.place[f"elements {i}"]] * self.element_scale for i in range(len(self.setting.stops)))
        return Guess(payload, tuple(paths), falls, elements, stops)

    def _directions(self, k: int, w: np.ndarray, nodes: np.ndarray, states: np.ndarray, paths: list) -> np.ndarray:
        phase = self.plan.phases[k]
        if phase.steering == "up":
            return np.tile(self.attitude.up[:, None], (1, nodes.shape[1]))
        if phase.steering == "hold":
            return np.tile(paths[-1].controls(np.array([1.0]))[:3], (1, nodes.shape[1]))
        if self.node_controls(k):
            return self.setting.attitudes[k].directions(nodes[7:9])
        return self.setting.attitudes[k].directions(self.between(w[self.place[f"angles{k}"]].reshape(-1, 2).T))

    def _throttles(self, k: int, w: np.ndarray) -> np.ndarray:
        phase, fractions = self.plan.phases[k], node_fractions(self.mesh.phases[k], self.mesh.degree)
        if self.throttles(k):
            return self.between(w[self.place[f"throttle{k}"]][None, :])[0]
        return phase.throttle[1] * ramp(phase.ramp, fractions)

    def between(self, ends: np.ndarray) -> np.ndarray:
        """Values at the nodes of what runs straight between the ends of the intervals, (rows, intervals + 1)."""
        share = radau_nodes(self.mesh.degree)
        left, right = ends[:, :-1, None], ends[:, 1:, None]
        return (left * (1.0 - share) + right * share).reshape(ends.shape[0], -1)


def ramp(kind: str, fractions: np.ndarray) -> np.ndarray:
    """Share of the thrust at fractions of a phase: 1, or rising from 0, or falling to 0."""
    return {"rise": fractions, "fall": 1.0 - fractions}.get(kind, np.ones_like(fractions))
