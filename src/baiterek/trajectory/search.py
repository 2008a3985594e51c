"""Longer ways to a first solution, taken when the nearest one has failed; and the reason when none leads there.

First the vehicle alone: no zones, no loads, any node, and propellant that may be exceeded at a price, an elastic problem
that nearly every first ascent solves. Then the limits and the node from that solution, then the zones from the next, with
falls simulated from where the stages separate in it. A local search proves nothing, so several first ascents are tried
before the vehicle is called too weak, and the answer says that it was searched.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from baiterek.catalogue.mission import Element, Mission
from baiterek.trajectory import mesh as meshes
from baiterek.trajectory.guess import Guesser, fall_path
from baiterek.trajectory.missing import (
    VISIBLE,
    LESS_kg,
    excess,
    explain,
    limits_refusal,
    node_refusal,
    payload_refusal,
    unfound,
    zone_misses,
    zone_refusal,
)
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.solver import Programme, Solution
from baiterek.trajectory.transcription import Transcription

TANGENTS = (1.2, 0.4, 0.0)
"""Tangents of the pitch with which the upper stages of first ascents begin: lofted, middling as before, depressed."""
FAR_m = 500e3
"""With falls this far from their zones at first, the solver mostly wanders; up to 430 km off, labelled missions were solved."""
OVERDRAWN = 1.04
"""Share of the last stage's propellant beyond which a first ascent says that the vehicle may be too weak. Of the labelled
missions that can be flown the worst first ascent burns 1.034, of those that cannot the best burns 1.05."""
ELSEWHERE_m = 2e9
"""Farther away than any guess brings a stage: of an escape it ends near the Earth."""
FALLEN = "no first ascent brings the upper stage to orbit before it falls back: lower the payload or the orbit"
HEAVY = 0.05
"""Share of a payload that is too much for an upper stage beyond which no other start is tried: that of a local search."""
NARROWING, LEAST_NARROWING = 1.0 / 3.0, 1.0 / 12.0
"""Share of its excess by which a limit is narrowed at once, and the least after two failures."""
OUT_OF_STEPS, NEARLY = "Maximum_Iterations_Exceeded", 1e-2
"""How the solver stops that would have gone on, and the scaled violation below which it is let."""
OUT_OF_REACH = {
    "angle_of_attack_rad": 0.5 * np.pi, "turn_rate_rad_s": 1.0, "q_alpha_Pa_rad": 1e5, "dynamic_pressure_Pa": 1e6,
    "axial_acceleration_m_s2": 1e3,
}  # fmt: skip
"""Values of limits that no flight meets."""


def loosened(setting: Setting, names: tuple[str, ...] = tuple(OUT_OF_REACH)) -> np.ndarray:
    """The parameters with some limits out of reach."""
    p = setting.numbers.values.copy()
    for name in names:
        p[setting.numbers.place[f"limits.{name}"]] = OUT_OF_REACH[name]
    return p


class Written:
    """A mission's problem on the first mesh of a guess."""

    def __init__(self, setting: Setting, guess: Guess) -> None:
        self.setting, self.p = setting, setting.numbers.values
        setting.hold_coasts(guess)
        mesh = meshes.first_mesh(setting.plan.phases, guess, setting.straight)
        self.problem = Transcription(setting, meshes.with_attack_nodes(mesh, setting, guess, self.p))
        self.programme = Programme(self.problem)

    def read(self, solution: Solution) -> Guess:
        return self.problem.read(solution.w, self.p)


class Search:
    """One mission, one payload (or a range of it)."""

    def __init__(self, setting: Setting, payload: tuple[float, float], count: Callable[[Solution], Solution],
                 say: Callable[[str], None]) -> None:  # fmt: skip
        self.setting, self.mission, self.payload = setting, setting.mission, payload
        self._count, self._say = count, say
        self.free: tuple[Written, Guess] | None = None
        """A flight that need not keep its limits, where none that does was found from it, and no smallest violation."""

    def run(self, guess: Guess) -> Guess | Optimum:
        """A flight of the whole mission to start from, or why there is none: in the end, that it carries less."""
        flight = self._step_by_step(guess)
        if isinstance(flight, Optimum) and flight.status == "failed":
            lighter = None if self.mission.payload_kg is None else self._lighter(kept=True)
            return lighter or self._beside() or flight
        return flight

    def _beside(self) -> Guess | Optimum | None:
        """From a flight beside its limits to one that keeps all of them but one, which gives as little as it may.

        Propellant is tried first, then the limit that is exceeded least. Where none will do alone, by how much the flight
        stays beside them.
        """
        if self.free is None:
            return None
        self._say("with one limit that gives")
        (written, flight), loose = self.free, loosened(self.free[0].setting, ("angle_of_attack_rad",))
        problem, programme = written.problem, written.programme
        programme.given = excess(problem, flight, loose)
        solution = self._count(programme.solve(loose, flight, self.payload, finer=True))
        programme.given = np.zeros_like(programme.given)
        if solution.converged:
            flight = written.read(solution)
        shares = excess(problem, flight, loose)
        beside = {c.name: float(shares[c.rows].max()) for c in problem.constraints if c.limit and shares[c.rows].any()}
        for name in ("propellant", *sorted(beside, key=beside.__getitem__)):
            relaxed = self._count(programme.relax(loose, flight, self.payload, name))
            if relaxed.converged:
                kept = max(relaxed.slack.values()) < VISIBLE
                return written.read(relaxed) if kept else explain(problem, relaxed, written.p, "")
        return limits_refusal(problem, flight, written.p)

    def _step_by_step(self, guess: Guess) -> Guess | Optimum:
        found = self._by_payload(sinks(self.setting, guess))
        if isinstance(found, Optimum):
            return found
        guess = found or guess
        limits = replace(self.mission.limits, insertion_altitude_min_m=None)
        plain = Setting(replace(self.mission, zones={}, limits=limits))
        guess = replace(guess, falls={})
        written = Written(plain, guess)
        staged = self.mission.zones or self.mission.limits.insertion_altitude_min_m is not None
        flight: Guess | Optimum | None = self._without_zones(written, guess) if self.mission.zones and not found else None
        if flight is None:
            flight = found or self._bare(written)
            if isinstance(flight, Guess):
                self._say("with its limits")
                flight = self._kept(written, flight)
        if isinstance(flight, Guess) and staged:
            self._say("with its zones and the floor of its insertion")
            flight = with_falls(self.setting, flight)
            flight = self._kept(Written(self.setting, flight), flight)
        return flight

    def _by_payload(self, sinking: bool) -> Guess | Optimum | None:
        """Of an upper stage: a flight without limits from one with less payload, or a payload that is far too much.

        How much it carries is soon found; what propellant a stage lacks that falls back before it is in orbit is not. None
        where the payload is nearly carried, or the search failed, and another way is open.
        """
        found = self._lighter() if self.mission.upper_stage is not None else None
        if isinstance(found, Optimum) and not sinking and found.missing[LESS_kg] < HEAVY * self.payload[1]:
            return None
        return found or (Optimum("failed", FALLEN, self.payload[0], math.nan) if sinking else None)

    def _without_zones(self, written: Written, guess: Guess) -> Guess | None:
        """The whole mission but its zones and the floor of its insertion, straight from a guess."""
        self._say("without its zones")
        solution = self._solved(written, guess)
        return written.read(solution) if solution.converged else None

    def _bare(self, written: Written) -> Guess | Optimum:
        """A flight of the vehicle without limits, or the least propellant that any start lacks."""
        self._say("without limits and zones")
        p, mission = loosened(written.setting), any_node(written.setting.mission)
        lacking: list[Solution] = []
        message, upper = "its first ascents fall back", self.mission.upper_stage is not None
        for tangent in TANGENTS:
            self._say(f"from an ascent whose upper stages begin with a tangent of {tangent:g}")
            start = Guesser(written.setting, written.p).guess(tangent)
            if upper and sinks(written.setting, start):
                continue
            relaxed = self._count(written.programme.relax(p, start, self.payload, "propellant", mission))
            if relaxed.converged and max(relaxed.slack.values()) < VISIBLE:
                return written.read(relaxed)
            if relaxed.converged:
                lacking.append(relaxed)
            message = relaxed.message
        if lacking:
            least = min(lacking, key=lambda relaxed: sum(relaxed.slack.values()))
            return explain(written.problem, least, written.p, "")
        # Of an upper stage that has been tried before.
        return (None if upper else self._lighter()) or unfound(message)

    def _lighter(self, kept: bool = False) -> Guess | Optimum | None:
        """A flight with the most payload up to the asked one without limits, or with the most of all that keeps them.

        A refusal when it is less than asked, None when none is found.
        """
        if self.mission.target is None:
            return None
        asked = self.payload[1]
        lighter = replace(self.mission, payload_kg=None, objective="payload")
        if not kept:
            lighter = replace(lighter, zones={}, limits=replace(self.mission.limits, insertion_altitude_min_m=None))
        if lighter.releases:
            last = replace(lighter.releases[-1], mass_kg=None)
            lighter = replace(lighter, releases=(*lighter.releases[:-1], last))
        free = Setting(lighter)
        self._say(f"{'with its' if kept else 'without'} limits, with what payload can be carried")
        guess = Guesser(free, free.numbers.values).guess()
        if sinks(free, guess):
            return None
        written = Written(free, replace(guess, payload_kg=min(guess.payload_kg, asked)))
        most = 0.5 * float(free.mass_scales[0]) if kept else asked
        payload = (0.0 if not lighter.releases else float(lighter.given_kg), most)
        p, mission = (loosened(free, ("angle_of_attack_rad",)), None) if kept else (loosened(free), any_node(free.mission))
        solution = self._count(written.programme.solve(p, guess, payload, mission=mission))
        if not solution.converged:
            return None
        flight, wish = written.read(solution), self.mission.payload_kg is None
        if wish or flight.payload_kg > (1.0 - VISIBLE) * asked:
            return flight
        return payload_refusal(flight.payload_kg, asked, kept)

    def _kept(self, written: Written, flight: Guess) -> Guess | Optimum:
        """A flight that keeps the limits of `written`, from one that need not; or the smallest violation."""
        programme, p, message = written.programme, written.p, "its zones are far off"
        zones = written.setting.mission.zones
        if not far(written.problem, flight, p):
            if zones:
                flight, left = self._narrowed(written, flight)
                if left == 0.0:
                    return flight
            solution = self._solved(written, flight)
            if solution.converged:
                return written.read(solution)
            message = solution.message
        relaxed = self._count(programme.relax(p, flight, self.payload))
        if relaxed.converged and max(relaxed.slack.values()) < VISIBLE:
            return written.read(relaxed)
        if self._node_fixed:
            free = any_node(self.mission)
            other = self._count(programme.solve(loosened(written.setting), flight, self.payload, mission=free))
            if other.converged:
                return node_refusal(self.mission, written.read(other))
        if not relaxed.converged and zones:
            return zone_refusal(written.problem, flight, p)
        if not relaxed.converged:
            self.free = written, flight
        return explain(written.problem, relaxed, p, message)

    def _solved(self, written: Written, guess: Guess) -> Solution:
        """Straight from a guess; where the steps ran out near a flight, on from there with a low barrier."""
        loose = loosened(written.setting, ("angle_of_attack_rad",))
        solution = self._count(written.programme.solve(loose, guess, self.payload))
        if solution.message == OUT_OF_STEPS and written.programme.violation(solution, loose) < NEARLY:
            solution = self._count(written.programme.solve(loose, written.read(solution), self.payload, finer=True))
        return solution

    def _narrowed(self, written: Written, flight: Guess) -> tuple[Guess, float]:
        """From a flight beside its limits into them: they are wide enough for it at first, and narrowed optimum by optimum.

        The last flight that was solved, and the share of its first excess by which its limits are still too wide, 0 in the
        end. Barriers are low: a high one throws a flight that is nearly optimal far off.
        """
        programme, loose = written.programme, loosened(written.setting, ("angle_of_attack_rad",))
        programme.given = excess(written.problem, flight, loose)
        solution = self._count(programme.solve(loose, flight, self.payload, finer=True))
        if not solution.converged:
            programme.given = np.zeros_like(programme.given)
            return flight, 1.0
        solution, left = narrowed(programme, loose, solution, self.payload, self._count)
        return written.read(solution), left

    @property
    def _node_fixed(self) -> bool:
        return self.mission.target is not None and self.mission.target.raan_rad.fixed


def narrowed(
    programme: Programme, p: np.ndarray, solution: Solution, payload: tuple[float, float], count: Callable[[Solution], Solution]
) -> tuple[Solution, float]:
    """From a solution under limits that are too wide, by what `programme` gives them, to limits as they are, if it gets there.

    The last optimum, and the share of what was given that is left. In the end nothing is given any more.
    """
    given = programme.given
    left, step = float(given.any()), NARROWING
    while left > 0.0 and step >= LEAST_NARROWING:
        wide = left - step if left > 1.01 * step else 0.0
        programme.given = wide * given
        narrower = count(programme.solve(p, solution, payload, warm=True))
        if narrower.converged:
            solution, left = narrower, wide
        else:
            step *= 0.5
    programme.given = np.zeros(len(given))
    return solution, left


def promising(problem: Transcription, flight: Guess, p: np.ndarray) -> bool:
    """Whether a first ascent is near enough to a flight of the whole mission to start from it straight away.

    Of an upper stage it always is: its own plan says what it burns.
    """
    if problem.mission.upper_stage is not None:
        return True
    budget, page = problem.plan.budgets[-1], problem.books.numbers(p, flight.payload_kg)
    burned = -page.companions_kg[-1]
    for k in budget.phases:
        first, last = flight.phases[k].states(np.array([0.0, 1.0]))[6]
        burned += first - last
    return burned < OVERDRAWN * page.usable_kg[-1] and not far(problem, flight, p)


def sinks(setting: Setting, flight: Guess) -> bool:
    """Whether a flight of an upper stage meets the ground, as a guess with too weak a stage does: it is none to start from.

    Between the samples it may also have passed the centre of the Earth, where steps of fixed size throw it anywhere.
    """
    fractions, radius = np.linspace(0.0, 1.0, 50), float(setting.mission.environment.radius_m)
    vacuum = [path for path, phase in zip(flight.phases, setting.plan.phases, strict=True) if phase.vacuum]
    with np.errstate(over="ignore", invalid="ignore"):
        distances = [np.linalg.norm(path.states(fractions)[:3], axis=0) for path in vacuum]
    return not all(radius < float(d.min()) and float(d.max()) < ELSEWHERE_m for d in distances)


def far(problem: Transcription, flight: Guess, p: np.ndarray) -> bool:
    """Whether a flight's falls miss their zones by so much that the solver wanders when it must meet them at once."""
    return any(amount > FAR_m for amount, _ in zone_misses(problem, flight, p).values())


def any_node(mission: Mission) -> Mission:
    """The mission with its node free."""
    if mission.target is None:
        return mission
    free = tuple(replace(r, target=replace(r.target, raan_rad=Element())) for r in mission.releases)
    return replace(mission, target=replace(mission.target, raan_rad=Element()), releases=free)


def with_falls(setting: Setting, flight: Guess) -> Guess:
    """The flight with every constrained fall simulated from its end of a phase."""
    falls = {}
    for name in setting.mission.zones:
        k, drop = setting.dropped(name)
        end = flight.phases[k].states(np.array([1.0]))
        p = setting.numbers.values
        mass = setting.piece_mass_kg(k, drop, float(end[6, 0]), flight.payload_kg, p)
        falls[name] = fall_path(setting, p, drop.body, mass, setting.scale.scale(end)[:6, 0])
    return replace(flight, falls=falls)
