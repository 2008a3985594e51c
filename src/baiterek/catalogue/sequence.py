"""What burns when and what is dropped when: the phases of a flight, from a mission.

Shared by the optimiser (which may pass a mission whose numbers are symbols) and the simulator. Durations that physics
fixes (a solid burns out) are fixed here; those that are a choice are bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from baiterek.catalogue.burns import burns_of, disposal_burns, legs
from baiterek.catalogue.mission import Mission, Release
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.vehicle import Booster, Engine, FallingBody, Stage
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.history import Event
from baiterek.physics.propulsion import Propulsion

LONGEST_PHASE_S = 3000.0
SHORTEST_BURN_S = 0.5


@dataclass(frozen=True)
class Drop:
    """A body that separates at the end of a phase; its total mass (all pieces) is what the books say, or None for
    "all that is left below": the mass before minus the mass of the next phase."""

    body: FallingBody | None
    name: str
    mass_kg: Any | None
    spent: bool = False
    """Propellant that settles the tanks before a restart: it leaves, but nothing separates."""


@dataclass(frozen=True)
class Phase:
    """A stretch of flight with the same things burning and the same things aboard."""

    name: str
    stage: str
    steering: str
    """`up`: along the vertical of the pad at lift-off, held; `free`: as commanded; `hold`: the attitude of the phase before."""
    propulsion: Propulsion
    throttle: tuple[float, float] = (1.0, 1.0)
    """Bounds; equal when there is no choice."""
    ramp: str = ""
    """`rise` or `fall`: the throttle is a linear function of time in the phase, and its upper bound is the peak."""
    duration_s: Any = None
    """Fixed (an expression), or None when it is chosen within `bounds_s`."""
    bounds_s: tuple[float, float] = (0.0, LONGEST_PHASE_S)
    mass_start_kg: Any = None
    """Mass with which the phase starts; None: that of the phase before, minus what it dropped."""
    drops: tuple[Drop, ...] = ()
    until: str = ""
    """Condition at its end: `rise` (height above the pad), `heat_flux`, `altitude` or `time` (of the shroud's rule)."""
    dense_air: bool = False
    """Before the first stage is gone: where the limits of dynamic pressure, angle of attack and q alpha are put."""
    shroud: bool = False
    """The fairing or the escape tower is aboard."""
    vacuum: bool = False
    """Flown by the upper stage, so high that the air is left out."""

    @property
    def coast(self) -> bool:
        """Gravity alone: an upper stage between its burns."""
        return self.vacuum and not self.stage


@dataclass(frozen=True)
class Budget:
    """Propellant of a stage: what its phases burn, less what its fixed companions burn, stays within the load."""

    stage: str
    usable_kg: Any
    phases: tuple[int, ...]
    companions_kg: Any
    """Burned in the same phases by boosters."""
    reserve_kg: Any = 0.0


@dataclass(frozen=True)
class Timing:
    """Phases whose durations add up to a fixed time (a burn to depletion at full thrust)."""

    name: str
    phases: tuple[int, ...]
    total_s: Any


@dataclass(frozen=True)
class Sequence:
    """A vehicle with its payload as phases to fly, the propellant that each stage has for them, and their durations."""

    phases: tuple[Phase, ...]
    budgets: tuple[Budget, ...]
    timings: tuple[Timing, ...]
    lift_off_mass_kg: Any


def sequence(mission: Mission, numbers: Mission | None = None) -> Sequence:
    """The phases of `mission`; `numbers` is the same mission whose values may be symbols."""
    return _Writer(mission, numbers or mission).write()


def events(phases: tuple[Phase, ...], start_s: Iterable[float], end_s: Iterable[float]) -> list[Event]:
    """Lift-off, ignitions, cut-offs and separations of phases flown from `start_s` to `end_s`, and insertion."""
    starts, ends = [float(t) for t in start_s], [float(t) for t in end_s]
    found = [Event("lift-off", starts[0])]
    burning = phases[0].stage
    for index, phase in enumerate(phases):
        if phase.stage and phase.stage != burning:
            found.append(Event(f"{phase.stage} ignition", starts[index]))
        burning = phase.stage
        following = phases[index + 1].stage if index + 1 < len(phases) else ""
        if phase.stage and following != phase.stage:
            found.append(Event(f"{phase.stage} cut-off", ends[index]))
        found.extend(Event(f"{drop.name} separation", ends[index]) for drop in phase.drops if not drop.spent)
    return [*found, Event("insertion", ends[-1])]


def _propulsion(full: tuple[Engine, ...], fixed: list[tuple[Engine, int]] | None = None) -> Propulsion:
    """Sum of engines: those under the throttle, and companions (engine, how many vehicles carry it)."""
    companions = fixed or []
    return Propulsion(
        sum((e.count * e.thrust_vac_N for e in full), 0.0),
        sum((e.count * e.exit_area_m2 for e in full), 0.0),
        sum((e.count * e.mass_flow_kg_s for e in full), 0.0),
        sum((n * e.count * e.thrust_vac_N for e, n in companions), 0.0),
        sum((n * e.count * e.exit_area_m2 for e, n in companions), 0.0),
        sum((n * e.count * e.mass_flow_kg_s for e, n in companions), 0.0),
    )


class _Writer:
    """Writes the phases of one mission, stage by stage."""

    def __init__(self, structure: Mission, numbers: Mission) -> None:
        self.structure, self.numbers = structure, numbers
        self.phases: list[Phase] = []
        self.budgets: list[Budget] = []
        self.timings: list[Timing] = []
        self.shroud_aboard = numbers.vehicle.shroud is not None

    def write(self) -> Sequence:
        """All phases with their budgets of propellant and fixed times."""
        vehicle = self.numbers.vehicle
        lift_off = self._mass_above(-1) + sum((b.count * (b.dry_mass_kg + b.tanks.loaded_kg) for b in vehicle.boosters), 0.0)
        first = vehicle.stages[0]
        lift_off = lift_off - self._start_propellant(first.engines)
        for index in range(len(vehicle.stages)):
            self._stage(index, lift_off)
        if self.structure.upper_stage is not None:
            phases, budget = upper_phases(self.structure, self.numbers, len(self.phases))
            self.phases += phases
            self.budgets.append(budget)
        for release in legs(self.structure)[-1].releases:
            self._replace(len(self.phases) - 1, add_drop=_let_go(release, self.numbers))
        return Sequence(tuple(self.phases), tuple(self.budgets), tuple(self.timings), lift_off)

    # --- books of mass --------------------------------------------------------------------------------

    def _mass_above(self, index: int) -> Any:
        """Mass of everything above serial stage `index`, as carried at that moment."""
        vehicle = self.numbers.vehicle
        mass = above_vehicle_kg(self.numbers)
        if self.structure.upper_stage is not None:
            mass = mass + self.numbers.upper_stage.adapter_kg  # type: ignore[union-attr]
        if self.shroud_aboard and vehicle.shroud is not None:
            mass = mass + vehicle.shroud.mass_kg
        for stage in vehicle.stages[index + 1 :]:
            mass = mass + stage.inert_kg + stage.tanks.loaded_kg
        return mass

    @staticmethod
    def _start_propellant(engines: tuple[Engine, ...]) -> Any:
        return sum((0.5 * e.start_s * e.count * e.mass_flow_kg_s for e in engines), 0.0)

    # --- phases ---------------------------------------------------------------------------------------

    def _stage(self, index: int, lift_off: Any) -> None:
        stage = self.numbers.vehicle.stages[index]
        plain = self.structure.vehicle.stages[index]
        last = index == len(self.numbers.vehicle.stages) - 1
        opening = len(self.phases)
        start_mass = lift_off if index == 0 else self._mass_above(index - 1)
        if index > 0 and plain.engines[0].start_s > 0:
            self._add(
                Phase(
                    f"{stage.name} start", stage.name, "hold", _propulsion(stage.engines), ramp="rise",
                    duration_s=stage.engines[0].start_s,
                )
            )  # fmt: skip
        companions: Any = 0.0
        if index == 0:
            companions = self._first_burn(stage, plain)
        else:
            self._burn(stage, plain, stage.name)
        if plain.engines[0].shutdown_s > 0:
            low = min(e.throttle_min for e in plain.engines)
            self._add(
                Phase(
                    f"{stage.name} shutdown", stage.name, "hold", _propulsion(stage.engines), (low, low), "fall",
                    duration_s=stage.engines[0].shutdown_s,
                )
            )  # fmt: skip
        self._replace(opening, mass_start_kg=start_mass)
        usable = stage.usable_kg
        if index == 0:
            usable = usable - self._start_propellant(stage.engines)
        phases = tuple(range(opening, len(self.phases)))
        alone = self.structure.upper_stage is None
        reserve = self.numbers.reserve.last_stage_fraction * usable if last and alone else 0.0
        self.budgets.append(Budget(stage.name, usable, phases, companions, reserve))
        if last and alone:
            return
        self._replace(len(self.phases) - 1, add_drop=Drop(plain.body, stage.name, None))
        if last:
            return
        low, high = plain.coast_s if plain.separation == "cold" else (0.0, 0.0)
        if high > 0:
            self._add(
                Phase(
                    f"{stage.name} separation", "", "hold", _propulsion(()), duration_s=low if low == high else None,
                    bounds_s=(low, high), mass_start_kg=self._mass_above(index),
                )
            )  # fmt: skip

    def _first_burn(self, stage: Stage, plain: Stage) -> Any:
        """The first stage with its boosters, split where a kind lights or burns out. Returns what the boosters burn."""
        rise = self.structure.limits.rise_altitude_m is not None
        events = _booster_events(self.structure.vehicle.boosters, self.numbers.vehicle.boosters)
        burning_until: Any = 0.0
        total: Any = 0.0
        for number, (burnout_s, lit, leaving) in enumerate(events, start=1):
            fixed = [(engine, booster.count) for booster in lit for engine in booster.engines]
            first_phase = len(self.phases)
            name = f"boosters {number}"
            if number == 1 and rise:
                self._add(self._rise(stage, fixed))
            duration = burnout_s - burning_until
            if number == 1 and rise:
                self._add(
                    Phase(name, stage.name, "free", _propulsion(stage.engines, fixed), dense_air=True,
                          bounds_s=(SHORTEST_BURN_S, LONGEST_PHASE_S))
                )  # fmt: skip
                self.timings.append(Timing(name, tuple(range(first_phase, len(self.phases))), duration))
            else:
                self._add(
                    Phase(name, stage.name, "free", _propulsion(stage.engines, fixed), duration_s=duration, dense_air=True)
                )
            for booster in leaving:
                mass = booster.count * (booster.dry_mass_kg + booster.tanks.loaded_kg - booster.usable_kg)
                self._replace(len(self.phases) - 1, add_drop=Drop(booster.body, booster.name, mass))
            burning_until = burnout_s
        for booster in self.numbers.vehicle.boosters:
            total = total + booster.count * booster.usable_kg
        if rise and not events:
            self._add(self._rise(stage, []))
        steps_before = len(self.phases)
        self._burn(stage, plain, stage.name, dense_air=True)
        if plain.shutdown == "depletion" and not plain.throttleable and len(self.phases) - steps_before == 1:
            flow = sum((e.count * e.mass_flow_kg_s for e in stage.engines), 0.0)
            self.timings.append(Timing(f"{stage.name} depletion", tuple(range(len(self.phases))), stage.usable_kg / flow))
        return total

    def _rise(self, stage: Stage, fixed: list[tuple[Engine, int]]) -> Phase:
        return Phase(
            "rise", stage.name, "up", _propulsion(stage.engines, fixed), bounds_s=(1.0, 60.0), until="rise", dense_air=True
        )

    def _burn(self, stage: Stage, plain: Stage, name: str, dense_air: bool = False) -> None:
        """The chosen part of a burn: one phase per throttle step, split where the shroud goes."""
        engine = plain.engines[0]
        full = _propulsion(stage.engines)
        levels = [(s, s) for s in engine.throttle_steps] or [(engine.throttle_min, engine.throttle_max)]
        shroud = self.structure.vehicle.shroud
        for step, throttle in enumerate(levels):
            label = name if len(levels) == 1 else f"{name} at {throttle[0]:.0%}"
            bounds = (SHORTEST_BURN_S if step == 0 else 0.0, self._longest(plain))
            if step == 0 and self.shroud_aboard and shroud is not None and shroud.stage == stage.name:
                self._add(
                    Phase(
                        f"{label} with {shroud.kind}", stage.name, "free", full, throttle, bounds_s=bounds, dense_air=dense_air,
                        drops=(Drop(shroud.body, shroud.kind, self.numbers.vehicle.shroud.mass_kg),),  # type: ignore[union-attr]
                        until=shroud.rule,
                    )
                )  # fmt: skip
                self.shroud_aboard = False
            self._add(Phase(label, stage.name, "free", full, throttle, bounds_s=bounds, dense_air=dense_air))

    def _longest(self, plain: Stage) -> float:
        flow = sum(e.count * e.mass_flow_kg_s * e.throttle_min for e in plain.engines)
        limit = self.structure.limits.duration_max_s or LONGEST_PHASE_S
        return min(limit, 1.05 * plain.usable_kg / flow) if flow > 0 else limit

    def _add(self, phase: Phase) -> None:
        self.phases.append(replace(phase, shroud=self.shroud_aboard))

    def _replace(self, index: int, add_drop: Drop | None = None, **changes: Any) -> None:
        phase = self.phases[index]
        if add_drop is not None:
            changes["drops"] = (*phase.drops, add_drop)
        self.phases[index] = replace(phase, **changes)


def above_vehicle_kg(mission: Mission) -> Any:
    """Mass of what flies on after the last stage of the vehicle has gone: payload, its adapter, the upper stage."""
    mass = mission.payload_kg + mission.adapter_kg
    return mass if mission.upper_stage is None else mass + mission.upper_stage.loaded_kg


def upper_phases(structure: Mission, numbers: Mission, first: int) -> tuple[list[Phase], Budget]:
    """Separation, burns and coasts of the upper stage, and its budget; `first` is the number of the first phase.

    Attitude control takes propellant through coasts, each restart some to settle the tanks before it. Drop tanks go at
    the end of the burn before the last. What disposal takes hangs on the last orbit: whoever solves the flight adds it.
    A payload with an orbit of its own separates at the end of the burn that reaches it.
    """
    plain, stage, burns = structure.upper_stage, numbers.upper_stage, burns_of(structure)
    assert plain is not None and stage is not None
    released = _released(structure, numbers)
    burning = Propulsion(stage.thrust_N, 0.0, stage.mass_flow_kg_s, 0.0, 0.0, 0.0)
    drifting = Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, stage.coast_flow_kg_s)
    flow = plain.thrust_N / (STANDARD_GRAVITY_M_S2 * plain.isp_s)
    longest = 1.05 * plain.usable_kg() / flow
    life = structure.limits.duration_max_s or plain.life_s
    phases = [
        Phase(
            f"{plain.name} separation", "", "hold", drifting, bounds_s=structure.burns.first_coast_s,
            mass_start_kg=above_vehicle_kg(numbers), vacuum=True,
        )
    ]  # fmt: skip
    for burn in range(1, burns + 1):
        if burn > 1:
            settled = Drop(None, f"settling {burn}", stage.settling_kg, spent=True)
            phases.append(
                Phase(
                    f"{plain.name} coast {burn - 1}", "", "hold", drifting, drops=(settled,), vacuum=True,
                    bounds_s=(max(plain.coast_min_s, 1.0), life),
                )
            )  # fmt: skip
        drops: tuple[Drop, ...] = ()
        if plain.drop_tanks is not None and burn == burns - 1:
            drops = (Drop(None, drop_tanks_name(plain), stage.drop_tanks.dry_mass_kg),)  # type: ignore[union-attr]
        drops += released.get(burn, ())
        phases.append(
            Phase(
                f"{plain.name} burn {burn}", plain.name, "free", burning, drops=drops, vacuum=True,
                bounds_s=(max(plain.burn_min_s, SHORTEST_BURN_S), longest),
            )
        )  # fmt: skip
    tanks = stage.drop_tanks.propellant_kg if stage.drop_tanks else 0.0
    restarts = burns - 1 + disposal_burns(structure)
    usable = stage.propellant_kg + tanks - stage.residual_kg - restarts * stage.settling_kg
    if disposal_burns(structure) == 0:
        usable = usable - stage.disposal_kg
    reserve = numbers.reserve.last_stage_fraction * usable
    return phases, Budget(plain.name, usable, tuple(range(first, first + len(phases))), 0.0, reserve)


def drop_tanks_name(stage: UpperStage) -> str:
    """Of their separation."""
    return f"{stage.name} drop tanks"


def _released(structure: Mission, numbers: Mission) -> dict[int, tuple[Drop, ...]]:
    """Payloads let go after a burn of the upper stage, by its number; those of the last orbit are let go at insertion."""
    found, burn = {}, 0
    for leg in legs(structure)[:-1]:
        burn += leg.burns
        found[burn] = tuple(_let_go(release, numbers) for release in leg.releases)
    return found


def _let_go(release: Release, numbers: Mission) -> Drop:
    """A payload that separates; `numbers` knows the masses, which may be symbols."""
    same = next(r for r in numbers.releases if r.name == release.name)
    return Drop(None, release.name, numbers.release_kg(same))


def _booster_events(plain: tuple[Booster, ...], numbers: tuple[Booster, ...]) -> list[tuple[Any, list[Booster], list[Booster]]]:
    """Burnouts in order: time since lift-off, the kinds that burn until then, the kinds that leave then."""

    def burn_time(booster: Booster) -> Any:
        return booster.usable_kg / sum((e.count * e.mass_flow_kg_s for e in booster.engines), 0.0)

    def times(boosters: tuple[Booster, ...]) -> dict[str, tuple[Any, Any]]:
        table: dict[str, tuple[Any, Any]] = {}
        for booster in boosters:  # the reader checks that a kind follows the one it waits for
            start = table[booster.lights_after][1] if booster.lights_after else 0.0
            table[booster.name] = (start, start + burn_time(booster))
        return table

    order, values = times(plain), times(numbers)
    instants = sorted({round(end, 6) for _, end in order.values()})
    events = []
    for instant in instants:
        leaving = [b for b in numbers if abs(order[b.name][1] - instant) < 1e-5]
        lit = [b for b in numbers if order[b.name][0] < instant - 1e-5 and order[b.name][1] > instant - 1e-5]
        events.append((values[leaving[0].name][1], lit, leaving))
    return events
