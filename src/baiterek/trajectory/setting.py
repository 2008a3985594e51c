"""What stays the same while meshes change: the plan, the numbers, the units, the books of mass, the dynamics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import casadi as ca
import numpy as np

from baiterek.catalogue.burns import Leg, legs
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Drop, Sequence, sequence
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.propulsion import ideal_delta_v
from baiterek.trajectory.arcs import Arc, split
from baiterek.trajectory.dynamics import Attitude, Dynamics, Scale
from baiterek.trajectory.numbers import collect, pad_axes, with_symbols
from baiterek.trajectory.outline import Plane, burn_attitude, outline
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.plane import plane_normal

HELD_s, HELD_SHARE = 240.0, 0.15


class Setting:
    """A mission made ready for any mesh."""

    def __init__(self, mission: Mission, arcs: Mapping[int, list[Arc]] | None = None) -> None:
        self.mission = mission
        self.numbers = collect(mission)
        self.arcs = arcs = arcs or {}
        self.plan, self.origin = split(sequence(with_payload(mission)), arcs)
        self.stops = self._stops()
        symbols, payload = ca.SX.sym("p", len(self.numbers.values)), ca.SX.sym("payload")
        symbolic = with_symbols(mission, self.numbers, symbols, payload)
        self.books = Books(split(sequence(with_payload(mission), symbolic), arcs)[0], symbols, payload)
        page = self.books.numbers(self.numbers.values, float(mission.given_kg))
        self.scale = self._units(page)
        self.attitude = self._attitude()
        self.dynamics = Dynamics(symbolic, symbols, self.scale, self.attitude)
        self.mass_scales = self._mass_scales(page)
        self.attitudes = self._attitudes()
        self.coasts: dict[int, tuple[float, float]] = {}
        """Bounds in s of the coasts that `hold_coasts` narrows."""
        self.low_starts: set[int] = set()
        """Coasts that were found to begin below their floor: a stage that still climbs is lowest where its burn ends, and Radau
        nodes leave out where a phase begins. In the other problems that row would be one that binds nearly, beside others."""
        self.marches: dict = {}
        """Compiled steps of the re-integration, kept from mesh to mesh."""

    def _attitude(self) -> Attitude:
        """Pitch in the plane of the target, or in the meridian of the pad without one."""
        axes = pad_axes(self.mission)
        up = axes[2]
        ahead = np.cross(plane_normal(self.mission, axes), up) if self.mission.target is not None else axes[1]
        ahead = ahead / np.linalg.norm(ahead)
        return Attitude(up, ahead, np.cross(up, ahead))

    def _attitudes(self) -> list[Attitude]:
        """Axes about which the angles of each phase are counted: those of the ascent, or of a burn of the upper stage."""
        attitudes = [self.attitude] * len(self.plan.phases)
        if self.mission.upper_stage is None:
            return attitudes
        found = outline(self.mission)
        plane = Plane(found.normal, pad_axes(self.mission)[2])
        burns = [k for k, phase in enumerate(self.plan.phases) if phase.vacuum and phase.stage]
        for k, step in zip(burns[1:], found.steps, strict=True):
            attitudes[k] = burn_attitude(plane, step)
        return attitudes

    @property
    def straight(self) -> bool:
        """Whether directions run straight between the ends of intervals: with a limit on the turn rate."""
        return self.mission.limits.turn_rate_rad_s is not None

    def _units(self, page: Page) -> Scale:
        """Canonical units of the planet; without a target orbit, those of a vertical shot."""
        environment = self.mission.environment
        pad = self.numbers.of(self.numbers.values, "pad")[:3]
        if self.mission.target is not None:
            length = float(environment.radius_m)
            return Scale(pad, length, float(np.sqrt(environment.mu_m3_s2 / length)))
        speed = 0.0
        for b, budget in enumerate(self.plan.budgets):
            first = budget.phases[0]
            mass, engine = page.mass_start_kg[first], self.mission.vehicle.stages[b].engines[0]
            speed += ideal_delta_v(mass, max(mass - page.usable_kg[b] - page.companions_kg[b], 1.0), engine.isp_vac_s)
        return Scale(pad, speed**2 / (4.0 * STANDARD_GRAVITY_M_S2), speed)

    def _mass_scales(self, page: Page) -> np.ndarray:
        """Mass at the start of each phase, or of the last phase whose start is known."""
        scales: list[float] = []
        for k, phase in enumerate(self.plan.phases):
            known = k == 0 or phase.mass_start_kg is not None
            scales.append(page.mass_start_kg[k] if known else scales[-1])
        return np.array(scales)

    def hold_coasts(self, flight: Guess) -> None:
        """Coasts of an upper stage kept near those of a flight: hours of them hang on little, and the solver would stray."""
        phases = list(self.plan.phases)
        for k, (phase, path) in enumerate(zip(phases, flight.phases, strict=True)):
            if phase.coast and phases[k - 1].vacuum:
                low, high = self.coasts.setdefault(k, phase.bounds_s)
                middle = min(max(path.duration_s, low), high)
                way = HELD_s + HELD_SHARE * middle
                phases[k] = replace(phase, bounds_s=(max(low, middle - way), min(high, middle + way)))
        self.plan = replace(self.plan, phases=tuple(phases))

    def strained(self, flight: Guess) -> bool:
        """Whether a coast of a flight ends at a bound of `hold_coasts` that is not its own."""
        for k, own in self.coasts.items():
            now, held = flight.phases[k].duration_s, self.plan.phases[k].bounds_s
            if any(abs(now - end) < 1.0 < abs(end - real) for end, real in zip(held, own, strict=True)):
                return True
        return False

    def _stops(self) -> tuple[tuple[int, Leg], ...]:
        """Orbits before the last on which payloads are let go: the phase at whose end they are, and the leg up to it."""
        return tuple((self.dropped(leg.releases[0].name)[0], leg) for leg in legs(self.mission)[:-1])

    def separation(self) -> int:
        """Number of the phase at whose end the first stage has gone (the last phase in dense air)."""
        dense = [k for k, phase in enumerate(self.plan.phases) if phase.dense_air]
        return dense[-1] if dense else len(self.plan.phases) - 1

    def dropped(self, name: str) -> tuple[int, Drop]:
        """(phase number, drop) of a falling body by its name."""
        for k, phase in enumerate(self.plan.phases):
            for drop in phase.drops:
                if drop.name == name:
                    return k, drop
        raise KeyError(name)

    def piece_mass_kg(self, k: int, drop: Drop, mass_end_kg: float, payload_kg: float, p: np.ndarray) -> float:
        """Mass of one piece of a body dropped at the end of phase k, which ended with `mass_end_kg`."""
        assert drop.body is not None
        if drop.body.mass_kg is not None:
            return float(drop.body.mass_kg)
        page = self.books.numbers(p, payload_kg)
        total = page.fixed_drop_kg[k] if drop.mass_kg is not None else mass_end_kg - page.mass_start_kg[k + 1]
        return max(float(total), 1.0) / drop.body.pieces


def with_payload(mission: Mission) -> Mission:
    """The mission with the payload whose mass is given, where it is to be maximised: structure only."""
    return mission if mission.payload_kg is not None else replace(mission, payload_kg=mission.given_kg)


@dataclass(frozen=True)
class Page:
    """What the books say: lists by phase, budget and timing (symbols or numbers)."""

    mass_start_kg: list
    duration_s: list
    fixed_drop_kg: list
    engine: list
    usable_kg: list
    companions_kg: list
    total_s: list


class Books:
    """Masses, durations and engines of the phases as functions of the parameters and the payload."""

    def __init__(self, symbolic: Sequence, symbols: ca.SX, payload: ca.SX) -> None:
        phases = symbolic.phases
        zero = ca.SX(0.0)
        columns = [
            ca.vertcat(*(zero if ph.mass_start_kg is None else ph.mass_start_kg for ph in phases)),
            ca.vertcat(*(zero if ph.duration_s is None else ph.duration_s for ph in phases)),
            ca.vertcat(*(sum((d.mass_kg for d in ph.drops if d.mass_kg is not None), zero) for ph in phases)),
            ca.vertcat(*(ca.vertcat(*ph.propulsion) for ph in phases)),
            ca.vertcat(*(b.usable_kg - b.reserve_kg for b in symbolic.budgets)),
            ca.vertcat(*(zero + b.companions_kg for b in symbolic.budgets)),
            ca.vertcat(*(t.total_s for t in symbolic.timings)) if symbolic.timings else ca.SX(0, 1),
        ]
        self._function = ca.Function("books", [symbols, payload], columns)
        self._count = len(phases)

    def __call__(self, p, payload) -> Page:
        masses, durations, drops, engines, usable, companions, totals = self._function(p, payload)
        engine = [engines[6 * k : 6 * k + 6] for k in range(self._count)]

        def listed(column):
            return [column[i] for i in range(column.shape[0])]

        return Page(
            listed(masses), listed(durations), listed(drops), engine, listed(usable), listed(companions), listed(totals)
        )

    def numbers(self, p: np.ndarray, payload_kg: float) -> Page:
        """The same page with numbers."""
        masses, durations, drops, engines, *rest = (c.full().ravel() for c in self._function(p, payload_kg))
        return Page(
            masses.tolist(), durations.tolist(), drops.tolist(), list(engines.reshape(-1, 6)), *(c.tolist() for c in rest)
        )
