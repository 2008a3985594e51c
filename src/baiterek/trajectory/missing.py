"""Why a mission cannot be flown, in words and numbers: read off the relaxed problem."""

from __future__ import annotations

import math

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse, RangeBand
from baiterek.physics.propulsion import ideal_delta_v
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.solver import Solution
from baiterek.trajectory.transcription import HEIGHT_SCALE_m, Transcription

LESS_kg = "propellant, as payload kg"
"""Name of what is missing where a smaller payload was carried."""
VISIBLE = 1e-4
"""Share of a limit below which giving way does not count."""
FIRST_ORDER = 0.05
"""Share of a limit up to which its multiplier says by how much it would have to give alone."""
LOADS = {
    "dynamic_pressure_Pa": "Pa", "q_alpha_Pa_rad": "Pa rad", "axial_acceleration_m_s2": "m/s2",
    "angle_of_attack_rad": "rad", "turn_rate_rad_s": "rad/s", "duration_max_s": "s",
}  # fmt: skip
"""Limits of a mission with their units."""


def explain(problem: Transcription, relaxed: Solution, p: np.ndarray, message: str) -> Optimum:
    """An `infeasible` optimum with what is missing, or a `failed` one when even the relaxed problem has no answer.

    The smallest violation is measured in shares of limits, so that it may lack propellant where another limit binds as
    hard: what would do in its place is named too.
    """
    if not relaxed.converged:
        return unfound(f"{message}; relaxed problem: {relaxed.message}")
    given = {name: share for name, share in relaxed.slack.items() if share > VISIBLE}
    if not given:
        return Optimum(
            "failed",
            f"the relaxed problem has an answer but the full one was not solved ({message})",
            math.nan,
            math.nan,
        )
    guess = problem.read(relaxed.w, p)
    page = problem.books.numbers(p, guess.payload_kg)
    sentences, missing = [], {}
    for b, budget in enumerate(problem.plan.budgets):
        share = given.pop(f"propellant {budget.stage}", 0.0)
        if share <= 0.0:
            continue
        lacking = share * page.usable_kg[b]
        end = float(guess.phases[budget.phases[-1]].states(np.array([1.0]))[6, 0])
        stages, upper = problem.mission.vehicle.stages, problem.mission.upper_stage
        isp_s = float(upper.isp_s if b == len(stages) and upper is not None else stages[b].engines[0].isp_vac_s)
        speed = float(ideal_delta_v(end + lacking, end, isp_s))
        missing[f"propellant {budget.stage} kg"], missing[f"{budget.stage} m/s"] = lacking, speed
        sentences.append(
            f"the target needs {speed:.0f} m/s more than {budget.stage} has ({lacking:.0f} kg of propellant): "
            "lower the payload or the orbit"
        )
    for name, share in sorted(given.items(), key=lambda item: -item[1]):
        amount, words = _amount(problem, p, name, share)
        missing[name] = amount
        sentences.append(words)
    sentences += [f"or, to first order, {words}" for words in _instead(problem, relaxed)]
    advice = "by the smallest violation that a local search found, which is no proof, " + "; ".join(sentences)
    return Optimum("infeasible", advice, guess.payload_kg, math.nan, missing=missing)


def unfound(message: str) -> Optimum:
    """A `failed` optimum of a mission whose smallest violation was not found either."""
    advice = (
        f"no flight found (solver: {message}). The target may be out of reach of any "
        "flight of this vehicle: try a lower orbit, a smaller payload, or fewer limits to see which one matters"
    )
    return Optimum("failed", advice, math.nan, math.nan)


def _amount(problem: Transcription, p: np.ndarray, name: str, share: float) -> tuple[float, str]:
    """By how much a limit would have to give, in its unit, and a sentence; `share` is the slack of its rows."""
    kind, _, body = name.partition(" ")
    if kind == "zone":
        zone = problem.mission.zones[body]
        if isinstance(zone, RangeBand):
            way = share * 0.5 * float(zone.max_m - zone.min_m)
        elif isinstance(zone, Ellipse):
            way = (np.sqrt(1.0 + share) - 1.0) * 0.5 * float(zone.length_m)
        else:
            return share, f"{name} is missed by {share:.3g} of its size: move it, or change the orbit or the corridor"
        return float(way), f"{name} is missed by some {way / 1e3:.3g} km: move it, or change the orbit or the corridor"
    if name in LOADS:
        return _risen(problem, name, share)
    if name == "insertion_altitude_min_m":
        return share * HEIGHT_SCALE_m, f"{name} is missed by {share * HEIGHT_SCALE_m / 1e3:.3g} km: lower it"
    return share, f"{name} would have to give by {share:.3g} of its scale"


def _risen(problem: Transcription, name: str, share: float) -> tuple[float, str]:
    """By how much a limit on a load would have to rise, in its unit, and a sentence."""
    limit = float(getattr(problem.mission.limits, name))
    squared = name in ("q_alpha_Pa_rad", "angle_of_attack_rad", "turn_rate_rad_s")
    reached = limit * (np.sqrt(1.0 + share) if squared else 1.0 + share)
    return float(reached - limit), f"{name} would have to rise from {limit:.4g} to {reached:.4g} {LOADS[name]}"


def _instead(problem: Transcription, relaxed: Solution) -> list[str]:
    """Loads that bind in the nearest flight and would do alone, the least share first: the violation over the multiplier.

    A row that gives has the multiplier that its slack costs, so slack times multiplier, summed, is the whole violation.
    """
    prices: dict[str, float] = {}
    for c in problem.constraints:
        if c.limit:
            prices[c.name] = prices.get(c.name, 0.0) + float(np.abs(relaxed.lam_g[c.rows]).sum())
    whole = sum(share * prices[name] for name, share in relaxed.slack.items() if share > VISIBLE)
    alone = {name: whole / prices[name] for name in LOADS if whole < FIRST_ORDER * prices.get(name, 0.0)}
    found = [name for name in sorted(alone, key=alone.__getitem__) if relaxed.slack.get(name, 0.0) <= VISIBLE]
    return [_risen(problem, name, alone[name])[1] for name in found]


def payload_refusal(most_kg: float, asked_kg: float, kept: bool = False) -> Optimum:
    """Of a payload that no search carried to the orbit, though a smaller one was; with the limits `kept`, or without."""
    advice = (
        f"the propellant carries no more than {most_kg:.0f} kg to the target, by a local search with{'' if kept else 'out'} "
        f"limits, which is no proof: {asked_kg - most_kg:.0f} kg less than asked; lower the payload or the orbit"
    )
    return Optimum("infeasible", advice, asked_kg, math.nan, missing={LESS_kg: asked_kg - most_kg})


def node_refusal(mission: Mission, flight: Guess) -> Optimum:
    """Of a node that no search reached, while the same search with any node found a flight."""
    assert mission.target is not None and flight.elements is not None
    reached, asked = float(flight.elements[3]), float(mission.target.raan_rad.low)
    away = float((asked - reached + np.pi) % (2.0 * np.pi) - np.pi)
    minutes = away / mission.environment.rotation_rad_s / 60.0
    advice = (
        "no flight was found to the asked raan, though one was with any (a local search, which is no proof): it ends with a "
        f"raan of {np.degrees(reached) % 360.0:.2f} deg, {abs(np.degrees(away)):.2f} deg away: lift off some "
        f"{abs(minutes):.0f} min {'later' if away > 0 else 'earlier'}, or ask for that raan"
    )
    return Optimum("infeasible", advice, flight.payload_kg, math.nan, missing={"raan_rad": abs(away)})


def excess(problem: Transcription, flight: Guess, p: np.ndarray) -> np.ndarray:
    """Of each row of the programme, by what share a flight exceeds its limit; 0 of the equations of motion."""
    g = np.array(problem.functions["nlp"](problem.start(flight), p)[1]).ravel()
    shares = np.zeros(len(g))
    for c in problem.constraints:
        if c.limit and c.low != c.high:
            shares[c.rows] = max(float(np.max(np.maximum(g[c.rows] - c.high, c.low - g[c.rows]))), 0.0)
    return np.where(shares > VISIBLE, shares, 0.0)


def limits_refusal(problem: Transcription, flight: Guess, p: np.ndarray) -> Optimum | None:
    """Of limits that were narrowed until no search kept them, with the last `flight` that was solved; None if it keeps all."""
    shares = excess(problem, flight, p)
    given = {c.name: float(shares[c.rows].max()) for c in problem.constraints if c.limit and shares[c.rows].any()}
    if not given:
        return None
    amounts = {name: _amount(problem, p, name, share) for name, share in given.items()}
    words = "; ".join(sentence for _, sentence in amounts.values())
    advice = f"a flight was found under wider limits, and none nearer to them (a local search, which is no proof): {words}"
    missing = {name: amount for name, (amount, _) in amounts.items()}
    return Optimum("infeasible", advice, flight.payload_kg, math.nan, missing=missing)


def zone_misses(problem: Transcription, flight: Guess, p: np.ndarray) -> dict[str, tuple[float, str]]:
    """By how much the falls of a flight miss their zones (m; of a polygon, a share of its size), in words too."""
    shares = excess(problem, flight, p)
    misses = {c.name: float(shares[c.rows].max()) for c in problem.constraints if c.name.startswith("zone ")}
    return {name: _amount(problem, p, name, share) for name, share in misses.items() if share > 0.0}


def zone_refusal(problem: Transcription, flight: Guess, p: np.ndarray) -> Optimum:
    """Of zones that no search reached, while a `flight` was found without them: by how much that one misses them."""
    misses = zone_misses(problem, flight, p)
    missing = {name: amount for name, (amount, _) in misses.items()}
    words = "; ".join(sentence for _, sentence in misses.values()) or "its own falls end in them"
    advice = f"a flight was found without its zones, and none into them (a local search, which is no proof): there {words}"
    return Optimum("infeasible" if missing else "failed", advice, flight.payload_kg, math.nan, missing=missing)
