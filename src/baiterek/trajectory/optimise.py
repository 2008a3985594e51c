"""The verb: from a mission to its optimum, without a guess from the user and without an unexplained failure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from baiterek.catalogue.burns import burns_of
from baiterek.catalogue.mission import Mission
from baiterek.trajectory import mesh as meshes
from baiterek.trajectory.arcs import find_arcs, split_guess
from baiterek.trajectory.attempt import Attempt, gap, history_of, steering_of
from baiterek.trajectory.guess import Guesser
from baiterek.trajectory.missing import LESS_kg, excess, limits_refusal
from baiterek.trajectory.optimum import Optimum, Way
from baiterek.trajectory.paths import Guess, Mesh
from baiterek.trajectory.prices import prices
from baiterek.trajectory.reintegration import Reintegration
from baiterek.trajectory.screening import screen
from baiterek.trajectory.search import Search, loosened, narrowed, promising, sinks, with_falls
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.short_burns import burn_refusal
from baiterek.trajectory.solver import Programme, Solution
from baiterek.trajectory.transcription import Constraint, Transcription
from baiterek.trajectory.upper_limits import FLOORS
from baiterek.trajectory.verdicts import TOLERANCE, Judge, Landing
from baiterek.trajectory.ways import ways

Say = Callable[[str], None]
REFINEMENTS, MOVES = 9, 5
INTERVAL_TOLERANCE = 1.5
"""Error of an interval that asks for a finer mesh: 1.5 m, or 1.5 mm/s."""
UPPER_RATIO = 50.0
"""How many times smaller the error of an interval of an upper stage must be: hours of coasting make much of it."""
CLOSE_m, CLOSE_m_s = 5.0, 0.01
"""Gap at insertion beyond which an upper stage is planned anew from where the ascent's re-integration takes it."""
FALL_RATIO = 200.0
"""How many times larger the error of an interval of a fall may be."""
EXCESS = 8e-4
"""Share by which a load may exceed its limit between nodes before the limit is held back there."""


def optimise(mission: Mission, progress: Say | None = None) -> Optimum:
    """The best flight of `mission`, re-integrated and judged; of several launch corridors, the best one's."""
    return best_run(mission, progress or (lambda text: None))[1]


def best_run(mission: Mission, say: Say) -> tuple[Optimisation, Optimum]:
    """The optimum of `mission` and the run that found it, in the best of its launch corridors."""
    corridors = mission.limits.corridors_rad
    if len(corridors) < 2:
        return best_way(mission, say)
    results = []
    for corridor in corridors:
        degrees = "..".join(f"{np.degrees(c):.1f}" for c in corridor)
        say(f"launch azimuths {degrees} deg")
        results.append(best_way(within(mission, corridor), say))
    return _best(mission, results)


def best_way(mission: Mission, say: Say) -> tuple[Optimisation, Optimum]:
    """The best of the ways of an upper stage; with a number of burns in the mission, the first that is found."""
    tried = ways(mission)
    results: list[tuple[Optimisation, Optimum]] = []
    for way in tried:
        if len(tried) > 1:
            say(f"{burns_of(way)} burns" + (", the first of them at perigee" if way.burns.climbs else ""))
        run = Optimisation(way, say)
        run.searching = not any(optimum.converged for _, optimum in results)
        results.append((run, run.run()))
        if results[-1][1].converged and mission.burns.count is not None:
            break
    run, best = _best(mission, results)
    return run, replace(best, tried=tuple(_way(*result) for result in results) if len(results) > 1 else ())


def _way(run: Optimisation, optimum: Optimum) -> Way:
    found = optimum.objective if optimum.converged else math.nan
    return Way(burns_of(run.mission), run.mission.burns.climbs, optimum.status, found)


def _best(mission: Mission, results: list[tuple[Optimisation, Optimum]]) -> tuple[Optimisation, Optimum]:
    return max(results, key=lambda result: rank(mission, result[1]))


def rank(mission: Mission, optimum: Optimum) -> tuple[int, float]:
    """Of several answers to one mission the greatest counts: a flight, then a refusal with its reason, then a failure.

    Of flights the best one; of refusals the one that carries the most.
    """
    if optimum.converged:
        return 2, optimum.objective * (-1.0 if mission.objective == "time" else 1.0)
    return int(optimum.status == "infeasible"), -optimum.missing.get(LESS_kg, math.inf)


def within(mission: Mission, corridor: tuple[float, float]) -> Mission:
    """`mission` with one launch corridor alone."""
    return replace(mission, limits=replace(mission.limits, corridors_rad=(corridor,)))


class Optimisation:
    """One mission, one corridor."""

    def __init__(self, mission: Mission, say: Say) -> None:
        self.mission, self.say = mission, say
        self.setting = Setting(mission)
        self.p = self.setting.numbers.values
        self.payload = (float(mission.given_kg), 0.5 * float(self.setting.mass_scales[0]))
        if mission.payload_kg is not None:
            self.payload = (float(mission.payload_kg),) * 2
        self.iterations, self.seconds = 0, 0.0
        self.searching = True
        """Whether to search longer where the nearest way fails: not for a way that is tried beside one that was found."""
        self.moves = 0
        """How often the bounds that hold coasts have been moved."""
        self.nearest: Optimum | None = None
        """Of a flight that is near all limits, and no nearer: by how much it exceeds them."""
        self.unsolved: set[tuple[int, ...]] = set()
        """Nodes of meshes, and of their limits on the angle of attack, on which the solver failed: not tried again."""

    def run(self, near: Optimisation | None = None) -> Optimum:
        """Guess, solve, refine until the re-integration agrees, judge. With `near` the optimum of that run is the guess."""
        refusal = screen(self.setting, self.p, self.payload[0])
        if refusal is not None:
            return refusal
        attempt: Attempt | Optimum | None = None if near is None else self._from(near)
        known = attempt is not None
        if attempt is None:
            attempt = self._first()
        if isinstance(attempt, Optimum):
            attempt = burn_refusal(self.mission, attempt) or attempt
            return replace(attempt, iterations=self.iterations, solve_s=self.seconds)
        if known:
            # On a neighbour's mesh, which was refined for its flight: finer only if the verdicts ask for it.
            attempt = self._improved(attempt, (self._let_go, self._attack_marked, self._held_back, self._rejoined))
            found = self._judged(attempt)
            if found.converged:
                return found
        if not self.setting.arcs:
            attempt = self._by_arcs(attempt)
        ways = (self._lifted, self._let_go, self._finer, self._attack_marked, self._held_back, self._rejoined)
        return self._judged(self._improved(attempt, ways))

    def _improved(self, attempt: Attempt, ways: Sequence[Callable[[Attempt], Attempt | None]]) -> Attempt:
        """The first of what is left to improve that can be solved, until nothing is left."""
        for _ in range(REFINEMENTS + MOVES):
            better = next((found for found in (way(attempt) for way in ways) if found is not None), None)
            if better is None:
                break
            attempt = better
        self.attempt = attempt
        return attempt

    def _by_arcs(self, attempt: Attempt) -> Attempt:
        """The same flight with the arcs of a throttle that jumps as phases of their own."""
        arcs = find_arcs(self.setting.plan, attempt.guess)
        if not arcs or self.setting.straight:
            return attempt
        self.say("the throttle jumps: its arcs become phases")
        whole = self.setting
        self.setting = Setting(self.mission, arcs)
        guess = split_guess(attempt.guess, arcs)
        self.setting.hold_coasts(guess)
        better = self._solve(Transcription(self.setting, self._first_mesh(guess)), guess)
        if better is None:
            self.setting = whole
            return attempt
        return better

    def _lifted(self, attempt: Attempt) -> Attempt | None:
        """Coasts that begin below their floor, held to it there too."""
        radius, floor = float(self.mission.environment.radius_m), float(self.mission.burns.coast_altitude_min_m)
        phases = self.setting.plan.phases
        later = {k for k, phase in enumerate(phases) if phase.coast and phases[k - 1].vacuum} - self.setting.low_starts
        low = {
            k for k in later if np.linalg.norm(attempt.tracks[k].states[:3, 0]) - radius < (1.0 - 3.0 * TOLERANCE) * floor
        }  # fmt: skip
        if not low:
            return None
        self.say("a coast begins too low")
        self.setting.low_starts |= low
        return self._solve(Transcription(self.setting, attempt.problem.mesh), attempt.guess, finer=True)

    def _let_go(self, attempt: Attempt) -> Attempt | None:
        """Coasts held near the flight that was found, where one of them ends at the bound that holds it."""
        if not self.setting.strained(attempt.guess) or self.moves >= MOVES:
            return None
        self.say("a coast wants to be longer or shorter")
        self.moves += 1
        self.setting.hold_coasts(attempt.guess)
        return self._solve(Transcription(self.setting, attempt.problem.mesh), attempt.guess, finer=True)

    def _finer(self, attempt: Attempt) -> Attempt | None:
        """A finer mesh where an interval is in error."""
        falls = {name: e / FALL_RATIO for name, e in attempt.fall_errors.items()}
        errors = [
            error * (UPPER_RATIO if phase.vacuum else 1.0)
            for error, phase in zip(attempt.phase_errors, self.setting.plan.phases, strict=True)
        ]
        finer = meshes.refine(attempt.problem.mesh, errors, falls, INTERVAL_TOLERANCE)
        if finer is None:
            return None
        if finer.falls:
            # Falls simulated anew, on a mesh of their own, are the better start: the old ones were on too coarse a mesh.
            flown = with_falls(self.setting, attempt.guess)
            breaks = {name: meshes.fall_breaks(path, finer.degree) for name, path in flown.falls.items()}
            anew = replace(finer, falls={name: np.union1d(b, attempt.problem.mesh.falls[name]) for name, b in breaks.items()})
            if anew.nodes > attempt.problem.mesh.nodes:
                better = self._solve_once(anew, replace(attempt, guess=flown))
                if better is not None:
                    return better
        return self._solve_once(finer, attempt)

    def _attack_marked(self, attempt: Attempt) -> Attempt | None:
        """The limit on the angle of attack put at nodes where the dynamic pressure has come to count."""
        if not self._attack_exceeded(attempt):
            return None
        marked = meshes.with_attack_nodes(attempt.problem.mesh, self.setting, attempt.guess, self.p)
        return None if marked.attack_nodes == attempt.problem.mesh.attack_nodes else self._solve_once(marked, attempt)

    def _solve_once(self, mesh: Mesh, attempt: Attempt) -> Attempt | None:
        """The solution on another mesh, unless a mesh with the same nodes has failed before."""
        mesh = meshes.with_attack_nodes(mesh, self.setting, attempt.guess, self.p)
        key = (mesh.nodes, *(len(nodes) for nodes in mesh.attack_nodes))
        if key in self.unsolved:
            return None
        better = self._solve(Transcription(self.setting, mesh), attempt.guess, finer=True)
        if better is None:
            self.unsolved.add(key)
        return better

    def _held_back(self, attempt: Attempt) -> Attempt | None:
        """Limits held back at the nodes where a load exceeds them between nodes."""
        excess = {c.rows.start: self._excess(attempt, c.phase, c.name) for c in attempt.problem.constraints if c.phase >= 0}
        if max((float(e.max()) for e in excess.values()), default=0.0) < EXCESS:
            return None
        problem, programme = attempt.problem, attempt.programme
        for c in problem.constraints:
            if c.phase >= 0:
                share = excess[c.rows.start][self._intervals(problem, c)]
                programme.withheld[c.rows] += np.where(share > 0.3 * EXCESS, 1.3 * share, 0.0)
        self.say("holding limits back between nodes")
        solution = self._count(programme.solve(self.p, attempt.solution, self.payload, warm=True))
        if not solution.converged:
            solution = self._count(programme.solve(self.p, attempt.guess, self.payload))
        return self._measured(problem, programme, solution) if solution.converged else None

    def _rejoined(self, attempt: Attempt) -> Attempt | None:
        """The upper stage planned from where the re-integrated ascent ends, not from where the mesh says that it does."""
        if self.mission.upper_stage is None or (gap(attempt)[0] < CLOSE_m and gap(attempt)[1] < CLOSE_m_s):
            return None
        problem, programme = attempt.problem, attempt.programme
        first = next(k for k, phase in enumerate(self.setting.plan.phases) if phase.vacuum)
        row = next(c for c in problem.constraints if c.name == f"link {self.setting.plan.phases[first].name}")
        own = attempt.guess.phases[first - 1].states(np.array([1.0]))
        flown = attempt.tracks[first - 1].states[:, -1:]
        programme.shift[row.rows] = (problem.scale.scale(flown) - problem.scale.scale(own))[:6, 0]
        self.say("planning the upper stage from where the ascent was flown to")
        solution = self._count(programme.solve(self.p, attempt.solution, self.payload, warm=True))
        if not solution.converged:
            return None
        better = self._measured(problem, programme, solution)
        return better if gap(better)[0] < 0.7 * gap(attempt)[0] else None

    def _from(self, near: Optimisation) -> Attempt | None:
        """The optimum on the mesh of another run of the same structure, warm from its solution; None where that fails."""
        theirs, own = near.attempt, self.setting
        if near.setting.arcs:
            self.setting = Setting(self.mission, near.setting.arcs)
        self.setting.hold_coasts(theirs.guess)
        problem = Transcription(self.setting, theirs.problem.mesh)
        programme = Programme(problem)
        programme.withheld[:] = theirs.programme.withheld
        self.say(f"solving: {problem.size} variables on {problem.mesh.nodes} nodes, from a neighbour")
        solution = self._count(programme.solve(self.p, theirs.solution, self.payload, warm=True))
        if not solution.converged:
            self.setting = own
            return None
        return self._measured(problem, programme, solution)

    def _first(self) -> Attempt | Optimum:
        """The nearest way first; then the longer ones, or why there is none."""
        self.say("simulating a first ascent")
        guess = Guesser(self.setting, self.p).guess()
        attempt, again = None, None
        if not sinks(self.setting, guess):
            self.setting.hold_coasts(guess)
            problem = Transcription(self.setting, self._first_mesh(guess))
            attempt = self._solve(problem, guess) if promising(problem, guess, self.p) else None
            again = problem if self.mission.upper_stage is not None else None
        wish = self.mission.payload_kg is None
        if attempt is None and again is not None and wish:
            attempt = self._low_barrier(again, guess)
        if attempt is not None:
            return attempt
        if not self.searching:
            return Optimum("failed", "not found from its first ascent", math.nan, math.nan)
        found = Search(self.setting, self.payload, self._count, self.say).run(guess)
        if not isinstance(found, Optimum):
            attempt = self._solve(Transcription(self.setting, self._first_mesh(found)), found, finer=True)
            found = Optimum("failed", "a flight was found, but its optimum was not", found.payload_kg, math.nan)
        if attempt is None and found.status == "failed" and again is not None and not wish:
            attempt = self._low_barrier(again, guess)
        if attempt is None and found.status == "failed":
            found = self.nearest or found
        return found if attempt is None else attempt

    def _low_barrier(self, problem: Transcription, guess: Guess) -> Attempt | None:
        """From the same guess once more: a high barrier drives burns that may be shared at little cost into one another."""
        self.say("again with a low barrier")
        return self._solve(problem, guess, finer=True, again=False)

    def leaner(self, attempt: Attempt) -> Attempt:
        """The same optimum with fewer nodes for its falls, to be solved again soon; itself without any, or where that fails."""
        if not attempt.problem.mesh.falls:
            return attempt
        problem = Transcription(self.setting, meshes.lean(attempt.problem.mesh, attempt.guess))
        programme = Programme(problem)
        rows = {(c.name, c.phase): c.rows for c in problem.constraints}
        for c in attempt.problem.constraints:
            if c.phase >= 0:
                programme.withheld[rows[c.name, c.phase]] = attempt.programme.withheld[c.rows]
            if attempt.programme.shift[c.rows].any():
                programme.shift[rows[c.name, c.phase]] = attempt.programme.shift[c.rows]
        solution = programme.solve(self.p, attempt.guess, self.payload)
        return self._measured(problem, programme, solution) if solution.converged else attempt

    def _first_mesh(self, guess: Guess) -> Mesh:
        mesh = meshes.first_mesh(self.setting.plan.phases, guess, self.setting.straight)
        return meshes.with_attack_nodes(mesh, self.setting, guess, self.p)

    def _solve(self, problem: Transcription, guess: Guess, finer: bool = False, again: bool = True) -> Attempt | None:
        """First without the limit that rarely binds but bends the path of the solver, then with it when it turns out to."""
        programme = Programme(problem)
        self.say(f"solving: {problem.size} variables on {problem.mesh.nodes} nodes")
        loose = loosened(self.setting, ("angle_of_attack_rad",))
        solution = self._count(programme.solve(loose, guess, self.payload, finer=finer))
        if finer and again and not solution.converged and not problem.mesh.falls:
            solution = self._count(programme.solve(loose, guess, self.payload))
        if solution.converged and not programme.satisfied(solution, self.p):
            self.say("the angle of attack binds")
            free, flight = solution, problem.read(solution.w, self.p)
            solution = self._count(programme.solve(self.p, solution, self.payload, warm=True))
            if not solution.converged:
                solution = self._count(programme.solve(self.p, flight, self.payload))
            if not solution.converged:
                self.say("the angle of attack is narrowed")
                programme.given = excess(problem, flight, self.p)
                kept, left = narrowed(programme, self.p, free, self.payload, self._count)
                solution = kept if left == 0.0 else solution
                self.nearest = None if left == 0.0 else limits_refusal(problem, problem.read(kept.w, self.p), self.p)
        return self._measured(problem, programme, solution) if solution.converged else None

    def _count(self, solution: Solution) -> Solution:
        self.iterations += solution.iterations
        self.seconds += solution.seconds
        return solution

    def _measured(self, problem: Transcription, programme: Programme, solution: Solution) -> Attempt:
        """Re-integrates phases and falls."""
        guess = problem.read(solution.w, self.p)
        reintegration = Reintegration(problem)
        tracks, _ = reintegration.flight(guess, self.p)
        landings, fall_errors = [], {}
        for name, path in guess.falls.items():
            k, drop = problem.setting.dropped(name)
            start = problem.scale.scale(tracks[k].states[:6, -1:])[:, 0]
            mass = problem.setting.piece_mass_kg(k, drop, tracks[k].states[6, -1], guess.payload_kg, self.p)
            end, fall_errors[name] = reintegration.fall(name, path, start, mass, self.p)
            landings.append(Landing(name, end, tracks[k].t_s[-1] + path.duration_s))
        return Attempt(problem, programme, solution, guess, tracks, landings, [t.interval_error for t in tracks], fall_errors)

    def _attack_exceeded(self, attempt: Attempt) -> bool:
        """Whether the re-integrated angle of attack is too large where the dynamic pressure counts."""
        limits = self.mission.limits
        if limits.angle_of_attack_rad is None:
            return False
        sine = np.sin(float(limits.angle_of_attack_rad)) * (1.0 + EXCESS)
        return any(
            bool(np.any((track.path[0] > limits.angle_of_attack_from_Pa) & (track.path[3] > sine**2)))
            for track, phase in zip(attempt.tracks, self.setting.plan.phases, strict=True)
            if phase.dense_air
        )

    @staticmethod
    def _intervals(problem: Transcription, c: Constraint) -> np.ndarray:
        """The interval of each row of a load."""
        nodes = np.arange(c.rows.stop - c.rows.start)
        if c.name == "angle_of_attack_rad":
            nodes = np.array(problem.mesh.attack_nodes[c.phase], dtype=int)
        return nodes // problem.mesh.degree

    def _excess(self, attempt: Attempt, k: int, name: str) -> np.ndarray:
        """By what share of its row's value each interval of phase k exceeds a load limit between its nodes."""
        limits, track = self.mission.limits, attempt.tracks[k]
        if name in FLOORS:
            lowest = np.linalg.norm(track.states[:3], axis=0) - float(self.mission.environment.radius_m)
            return self._worst(attempt, k, 1.0 - lowest / float(getattr(self.mission.burns, name)))
        row, limit = {
            "dynamic_pressure_Pa": (0, limits.dynamic_pressure_Pa),
            "q_alpha_Pa_rad": (1, (limits.q_alpha_Pa_rad or 0.0) ** 2),
            "axial_acceleration_m_s2": (2, limits.axial_acceleration_m_s2),
            "angle_of_attack_rad": (3, np.sin(limits.angle_of_attack_rad or 0.0) ** 2),
        }[name]
        share = track.path[row] / float(limit) - 1.0
        if name == "angle_of_attack_rad":
            share = np.where(track.path[0] > limits.angle_of_attack_from_Pa, share, -1.0)
        return self._worst(attempt, k, share)

    @staticmethod
    def _worst(attempt: Attempt, k: int, share: np.ndarray) -> np.ndarray:
        """The greatest of the shares within each interval of phase k."""
        breaks, track = attempt.problem.mesh.phases[k], attempt.tracks[k]
        fraction = (track.t_s - track.t_s[0]) / (track.t_s[-1] - track.t_s[0])
        # A step's command is that of its start, so a sample at a break belongs to the interval that begins there.
        interval = np.clip(np.searchsorted(breaks, fraction + 1e-9, side="right") - 1, 0, len(breaks) - 2)
        worst = np.full(len(breaks) - 1, -1.0)
        np.maximum.at(worst, interval, share)
        return worst

    # --- the answer -----------------------------------------------------------------------------------

    def _judged(self, attempt: Attempt) -> Optimum:
        problem, guess, solution = attempt.problem, attempt.guess, attempt.solution
        multipliers = np.array(problem.functions["lam_p"](solution.w, self.p, solution.lam_g)).ravel()
        solution = replace(solution, lam_p=multipliers)
        judge = Judge(problem, solution, guess, self.p, attempt.tracks, attempt.landings)
        verdicts = judge.verdicts()
        broken = [v for v in verdicts if not v.met]
        status, advice = "converged", "every limit is met on the re-integrated flight"
        if broken:
            status = "failed"
            advice = "the mesh could not be refined enough: " + "; ".join(
                f"{v.name} is {v.value:.6g} {v.unit} where {v.limit:.6g} is allowed" for v in broken
            )
        steering = steering_of(problem, guess, self.p)
        paths = [*self.mission.vehicle.data, *(n for n in problem.numbers.names if n.startswith("upper_stage."))]
        sensitivities = {path: float(-multipliers[problem.numbers.place[path]][0] * judge.worth) for path in paths}
        intervals = sum(len(b) - 1 for b in problem.mesh.phases)
        return Optimum(
            status, advice, guess.payload_kg, float(-solution.objective * judge.worth), steering,
            history_of(self.mission, attempt, steering),
            *gap(attempt), verdicts, sensitivities, {}, self.iterations,
            f"{intervals} intervals of {problem.mesh.degree} Radau nodes, {problem.size} variables", self.seconds,
            prices(self.mission, problem, solution, self.payload, verdicts),
        )  # fmt: skip
