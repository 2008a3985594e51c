"""A solved mesh with what was measured on it, as commands to fly and as columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import events, sequence
from baiterek.history import History, Steering, SteeringPhase
from baiterek.physics.observe import observe
from baiterek.trajectory.collocation import node_fractions, radau_nodes
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.reintegration import Track
from baiterek.trajectory.solver import Programme, Solution
from baiterek.trajectory.transcription import Transcription
from baiterek.trajectory.verdicts import Landing


@dataclass
class Attempt:
    """A solved mesh with everything that was measured on it."""

    problem: Transcription
    programme: Programme
    solution: Solution
    guess: Guess
    tracks: list[Track]
    landings: list[Landing]
    phase_errors: list[np.ndarray]
    fall_errors: dict[str, np.ndarray]


def gap(attempt: Attempt) -> tuple[float, float]:
    """Distance (m) and speed (m/s) at insertion between a solution and its re-integration."""
    end, own = attempt.tracks[-1].states[:, -1], attempt.guess.phases[-1].states(np.array([1.0]))[:, 0]
    return float(np.linalg.norm(end[:3] - own[:3])), float(np.linalg.norm(end[3:6] - own[3:6]))


def steering_of(problem: Transcription, guess: Guess, p: np.ndarray) -> Steering:
    """The solution's commands as something to fly, in the phases of the mission's own sequence; `p`: its parameters."""
    page = problem.books.numbers(p, guess.payload_kg)
    flown = sequence(replace(problem.mission, payload_kg=guess.payload_kg)).phases
    origin, phases, begin = problem.setting.origin, [], 0.0
    for number in range(max(origin) + 1):
        parts = [k for k, source in enumerate(origin) if source == number]
        durations = [guess.phases[k].duration_s for k in parts]
        total, ends = sum(durations), np.cumsum([0.0, *durations])
        breaks = [(ends[i] + problem.mesh.phases[k] * durations[i]) / total for i, k in enumerate(parts)]
        last = flown[number]
        end = guess.phases[parts[-1]].states(np.array([1.0]))[6, 0]
        known = sum(float(drop.mass_kg) for drop in last.drops if drop.mass_kg is not None)
        scale = page.fixed_drop_kg[parts[-1]] / known if known else 1.0
        dropped = [
            end - page.mass_start_kg[parts[-1] + 1] if drop.mass_kg is None else scale * float(drop.mass_kg)
            for drop in last.drops
        ]
        phases.append(
            SteeringPhase(
                last.name, "free", begin, total,
                np.concatenate([breaks[0], *(b[1:] for b in breaks[1:])]), radau_nodes(problem.mesh.degree),
                np.concatenate([_commands(problem, guess, k) for k in parts]), np.array(dropped),
            )
        )  # fmt: skip
        begin += total
    return Steering(tuple(phases), guess.payload_kg)


def _commands(problem: Transcription, guess: Guess, k: int) -> np.ndarray:
    """Commands of phase k at its nodes, (intervals, degree, 4)."""
    breaks, degree = problem.mesh.phases[k], problem.mesh.degree
    return guess.phases[k].controls(node_fractions(breaks, degree)).T.reshape(len(breaks) - 1, degree, 4)


def history_of(mission: Mission, attempt: Attempt, steering: Steering) -> History:
    """The re-integrated flight as columns."""
    parts, numbers = [], []
    page = attempt.problem.books.numbers(attempt.problem.numbers.values, attempt.guess.payload_kg)
    site, origin = mission.site, attempt.problem.setting.origin
    for k, (phase, track) in enumerate(zip(attempt.problem.plan.phases, attempt.tracks, strict=True)):
        engine = phase.propulsion._make(page.engine[k])
        body = mission.vehicle.aerodynamics
        if phase.vacuum:
            body = body._replace(reference_area_m2=0.0)
        parts.append(observe(
            track.t_s, track.states.T, track.commands.T, engine, body, mission.environment,
            mission.sidereal_angle_rad, (site.latitude_rad, site.longitude_rad, site.altitude_m),
        ))  # fmt: skip
        numbers.append(np.full(len(track.t_s), origin[k], dtype=np.int32))
    happened = events(attempt.problem.plan.phases, [t.t_s[0] for t in attempt.tracks], [t.t_s[-1] for t in attempt.tracks])
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    names = tuple(phase.name for phase in steering.phases)
    return History(columns, np.concatenate(numbers), names, tuple(happened), steering, (), "re-integration")
