"""What no flight can do, known before one is searched: bounds that hold whatever the steering is.

Energy: let s = sqrt(2 (E + mu / R)) be the speed that the energy E would be at the pad's radius R. Above R, the speed v is
at most s, and dE/dt = a . v <= |a| s; so thrust raises s by at most Tsiolkovsky's ideal velocity, the turning of the Earth
given for nothing. The ideal velocity is taken in vacuum, with everything that is dropped during a burn dropped before it.
Ignored from the pad on: J2 (less than 13 m/s, where every ascent loses some hundred), and pads below their later flight.

Of an upper stage, E counts with the potential U of the flattened Earth, as E + U is what coasting keeps: with u the greatest
difference of U between two points, s^2 is 2 (E + mu / R) at least and 2 u more at most, of mean elements too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.burns import legs
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Phase
from baiterek.catalogue.site import RangeBand
from baiterek.constants import US76_PRESSURE_Pa
from baiterek.trajectory import terminal
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.setting import Page, Setting


@dataclass(frozen=True)
class Forbidden:
    """A limit that no flight can meet, what it lacks, and what to do."""

    limit: str
    missing: float
    advice: str


def screen(setting: Setting, p: np.ndarray, payload_kg: float) -> Optimum | None:
    """An `infeasible` optimum where a bound forbids the mission with `payload_kg`, else None."""
    screening = Screening(setting, p, payload_kg)
    bounds = [screening.lift_off, screening.floor, screening.energy, screening.duration]
    if setting.mission.upper_stage is None:  # which may turn the plane, and burns long after the ascent
        bounds += [screening.plane, screening.near_band]
    else:
        bounds.append(screening.release_energy if setting.mission.releases else screening.upper_energy)
    for bound in bounds:
        found = bound()
        if found is not None:
            advice = f"no flight of this vehicle can do it: {found.advice}"
            return Optimum("infeasible", advice, payload_kg, float("nan"), missing={found.limit: found.missing})
    return None


class Screening:
    """The numbers of one mission that bounds are made of."""

    def __init__(self, setting: Setting, p: np.ndarray, payload_kg: float) -> None:
        self.setting, self.p, self.mission, self.plan = setting, p, setting.mission, setting.plan
        self.payload_kg = payload_kg
        self.page: Page = setting.books.numbers(p, payload_kg)
        pad = setting.numbers.of(p, "pad")
        self.pad_m, self.pad_radius_m = pad[:3], float(np.linalg.norm(pad[:3]))
        self.pad_speed_m_s = float(np.linalg.norm(pad[3:6]))
        self.mu = float(self.mission.environment.mu_m3_s2)

    # --- what the stages have ---------------------------------------------------------------------------

    def lightest_kg(self, b: int) -> float:
        """Under a limit on the axial acceleration an engine must stop where its least thrust accelerates too much."""
        limit = self.mission.limits.axial_acceleration_m_s2
        if limit is None:
            return 0.0
        phases = self._chosen(b)
        thrust = min(
            self.page.engine[k][0] * self.plan.phases[k].throttle[0] - self.page.engine[k][1] * US76_PRESSURE_Pa
            * self.plan.phases[k].dense_air for k in phases
        )  # fmt: skip
        return float(thrust / float(limit))

    def _chosen(self, b: int) -> list[int]:
        """Phases of a budget that burn at will: not a start, not a shutdown."""
        return [k for k in self.plan.budgets[b].phases if not self.plan.phases[k].ramp]

    def ideal_m_s(self, b: int) -> float:
        """Ideal velocity of a stage with its boosters, at most."""
        page, budget = self.page, self.plan.budgets[b]
        first, last = budget.phases[0], budget.phases[-1]
        dropped = sum(page.fixed_drop_kg[k] for k in budget.phases if k != last)
        burned = page.usable_kg[b] + page.companions_kg[b]
        light = page.mass_start_kg[first] - dropped
        end = max(light - burned, self.lightest_kg(b) if page.companions_kg[b] == 0.0 else 0.0, 1.0)
        exhaust = max(self._exhaust_m_s(page.engine[k]) for k in budget.phases)
        return exhaust * float(np.log(max(light / end, 1.0)))

    @staticmethod
    def _exhaust_m_s(engine: np.ndarray) -> float:
        """The faster of the engines and their companions."""
        pairs = ((engine[0], engine[2]), (engine[3], engine[5]))
        return max((float(thrust / flow) for thrust, flow in pairs if flow > 0.0), default=0.0)

    def longest_burn_s(self, b: int) -> float:
        flows = [self.page.engine[k][2] * self.plan.phases[k].throttle[0] for k in self._chosen(b)]
        return float(self.page.usable_kg[b] / min(flows))

    # --- bounds -----------------------------------------------------------------------------------------

    def lift_off(self) -> Forbidden | None:
        """The engine must lift the vehicle off the pad, and the limit on the acceleration must let it."""
        first: Phase = self.plan.phases[0]
        engine, mass = self.page.engine[0], self.page.mass_start_kg[0]
        gravity = self.mu / self.pad_radius_m**2
        companions = engine[3] - engine[4] * US76_PRESSURE_Pa
        # Four fifths of the pressure at sea level: of pads no higher than 1.8 km.
        most = engine[0] * first.throttle[1] - 0.8 * engine[1] * US76_PRESSURE_Pa + max(companions, 0.0)
        weight = 0.99 * mass * gravity
        if most < weight:
            return Forbidden(
                "thrust at lift-off N", weight - most,
                f"the thrust at lift-off, {most / 1e3:.0f} kN, is less than the weight, {mass * gravity / 1e3:.0f} kN: "
                "lower the payload or the load of propellant",
            )  # fmt: skip
        limit = self.mission.limits.axial_acceleration_m_s2
        if limit is None:
            return None
        least = 0.99 * max(gravity, (engine[0] * first.throttle[0] - engine[1] * US76_PRESSURE_Pa) / mass)
        if float(limit) < least:
            return Forbidden(
                "axial_acceleration_m_s2", least - float(limit),
                f"axial_acceleration is limited to {float(limit):.2f} m/s2, but leaving the pad takes {least:.2f}: raise it",
            )  # fmt: skip
        return None

    def floor(self) -> Forbidden | None:
        """No point of an orbit is higher than its apogee over the ellipsoid's lowest radius under it."""
        floor, orbit = self.mission.limits.insertion_altitude_min_m, self.mission.target
        if floor is None or orbit is None:
            return None
        _, high = terminal.bounds(self.mission)
        highest = min(high[2], np.pi - high[2]) if orbit.inclination_rad.fixed else 0.5 * np.pi
        environment = self.mission.environment
        flat = 1.0 - environment.flattening
        ground = environment.radius_m * flat / np.hypot(flat * np.cos(highest), np.sin(highest))
        top = high[1] - float(ground) + (20e3 if orbit.kind == "mean" else 0.0)
        if float(floor) <= top:
            return None
        return Forbidden(
            "insertion_altitude_min_m", float(floor) - top,
            f"insertion_altitude_min is {float(floor) / 1e3:.1f} km, but the target orbit is nowhere higher than "
            f"{top / 1e3:.1f} km: lower it, or raise the apogee",
        )  # fmt: skip

    def needed_m_s(self) -> float:
        """By how much s must grow, at least, from the pad to the target; 0 where it need not."""
        if self.mission.target is None:
            return 0.0
        low, _ = terminal.bounds(self.mission)
        axis2 = low[0] + max(low[1], low[0])
        energy = self.mu * (1.0 / self.pad_radius_m - 1.0 / axis2)
        return max(float(np.sqrt(2.0 * max(energy, 0.0))) - self.pad_speed_m_s, 0.0)

    def energy(self) -> Forbidden | None:
        """The ideal velocity of all stages against what the target's energy asks for."""
        needed = self.needed_m_s()
        if needed <= 0.0:
            return None
        parts = [self.ideal_m_s(b) for b in range(len(self.plan.budgets))]
        lacking = needed - sum(parts)
        if lacking <= 0.0:
            return None
        limited = [b for b in range(len(parts)) if self._limited(b)]
        if limited and lacking <= self._lost_m_s(limited):
            limit = float(self.mission.limits.axial_acceleration_m_s2)
            names = " and ".join(self.plan.budgets[b].stage for b in limited)
            return Forbidden(
                "axial_acceleration_m_s2 m/s", lacking,
                f"under axial_acceleration {limit:.2f} m/s2 {names} must shut down with propellant left, as the engine cannot "
                f"throttle further: at least {lacking:.0f} m/s are missing; raise the limit, or lower payload and orbit",
            )  # fmt: skip
        return Forbidden(
            "propellant m/s", lacking,
            f"the target needs {needed:.0f} m/s even without losses, the propellant of all stages gives "
            f"{sum(parts):.0f} m/s: at least {lacking:.0f} m/s are missing; lower the payload or the orbit",
        )  # fmt: skip

    def _lowest_m(self) -> float:
        """Radius below which an upper stage may not be."""
        burns = self.mission.burns
        return float(self.mission.environment.radius_m + min(burns.separation_altitude_min_m, burns.coast_altitude_min_m))

    def _speed_m_s(self, energy: float) -> float:
        """s of an upper stage, with the lowest radius at which it may be in place of the pad's."""
        return float(np.sqrt(2.0 * max(energy + self.mu / self._lowest_m(), 0.0)))

    def _flattened(self) -> float:
        """u: mu / r times 3/2 J2 (R / r)^2 between pole and equator, J3 and J4 with two of their terms; lowest radius."""
        earth, lowest = self.mission.environment, self._lowest_m()
        share = earth.radius_m / lowest
        terms = 1.5 * earth.j2 * share**2 + 2.0 * abs(earth.j3) * share**3 + 2.0 * abs(earth.j4) * share**4
        return float(self.mu / lowest * terms)

    def _left_on(self) -> float:
        """Energy of the highest orbit on which the launcher may leave an upper stage."""
        burns = self.mission.burns
        return -self.mu / float(
            2.0 * self.mission.environment.radius_m + burns.launcher_perigee_max_m + burns.launcher_apogee_max_m
        )

    def _energies(self, mission: Mission) -> tuple[float, float]:
        """Least and greatest of a target."""
        low, high = terminal.bounds(mission)
        if mission.target is not None and mission.target.escape is not None:
            return 0.5 * float(low[1]), 0.5 * float(high[1])
        return -self.mu / float(low[0] + max(low[1], low[0])), -self.mu / float(high[0] + high[1])

    def upper_energy(self) -> Forbidden | None:
        """What an upper stage must add to the orbit that the launcher may leave it on, above its lowest height."""
        burns, last = self.mission.burns, self.plan.budgets[-1]
        if self.mission.target is None:
            return None
        before = self._speed_m_s(self._left_on() + self._flattened())
        needed = self._speed_m_s(self._energies(self.mission)[0]) - before
        lacking = needed - self.ideal_m_s(len(self.plan.budgets) - 1)
        if lacking <= 0.0:
            return None
        return Forbidden(
            f"propellant {last.stage} m/s", lacking,
            f"from the highest orbit on which the launcher may leave {last.stage}, {burns.launcher_perigee_max_m / 1e3:.0f} x "
            f"{burns.launcher_apogee_max_m / 1e3:.0f} km, the target takes {needed:.0f} m/s even if all is "
            f"given at the lowest height: at least {lacking:.0f} m/s more than it has; lower the payload or the orbit",
        )  # fmt: skip

    def release_energy(self) -> Forbidden | None:
        """What an upper stage must burn from release to release: s rises or falls, neither by more than the ideal velocity.

        As for `upper_energy`; each payload is carried to its own orbit, everything else that is dropped goes at the start.
        """
        last, loaded = self.plan.budgets[-1], replace(self.mission, payload_kg=self.payload_kg)
        before, oblate = (0.0, self._speed_m_s(self._left_on() + self._flattened())), self._flattened()
        first, flown = last.phases[0], legs(loaded)
        released = [float(sum(loaded.release_kg(release) for release in leg.releases)) for leg in flown[:-1]]
        dropped = sum(self.page.fixed_drop_kg[k] for k in last.phases[:-1]) - sum(released)
        mass, burned = self.page.mass_start_kg[first] - dropped, 0.0
        exhaust = self._exhaust_m_s(self.page.engine[last.phases[-1]])
        for leg, gone in zip(flown, [*released, 0.0], strict=True):
            least, most = self._energies(leg.mission)
            after = self._speed_m_s(least), self._speed_m_s(most + oblate)
            gap = max(after[0] - before[1], before[0] - after[1], 0.0)
            spent = mass * (1.0 - float(np.exp(-gap / exhaust)))
            mass, burned, before = mass - spent - gone, burned + spent, after
        lacking = burned - self.page.usable_kg[-1]
        if lacking <= 0.0:
            return None
        return Forbidden(
            f"propellant {last.stage} kg", lacking,
            f"from the highest orbit on which the launcher may leave {last.stage}, the releases in their order take "
            f"{burned:.0f} kg of propellant even if all is given at the lowest height: at least {lacking:.0f} kg more than it "
            "has; change their order, or lower masses or orbits",
        )  # fmt: skip

    def duration(self) -> Forbidden | None:
        """s grows no faster than the axial acceleration, as drag takes and lift across the flight gives nothing to it."""
        most, limit = self.mission.limits.duration_max_s, self.mission.limits.axial_acceleration_m_s2
        if most is None or limit is None:
            return None
        least = self.needed_m_s() / float(limit)
        if float(most) >= least:
            return None
        return Forbidden(
            "duration_max_s", least - float(most),
            f"the flight may last {float(most):.0f} s, but under an axial acceleration of {float(limit):.2f} m/s2 the energy "
            f"of the target takes {least:.0f} s or more: raise duration_max",
        )  # fmt: skip

    def _limited(self, b: int) -> bool:
        """Whether the limit on the acceleration ends the burn of a stage before its propellant."""
        burned = self.page.usable_kg[b] + self.page.companions_kg[b]
        light = self.page.mass_start_kg[self.plan.budgets[b].phases[0]] - burned
        return self.page.companions_kg[b] == 0.0 and self.lightest_kg(b) > light

    def _lost_m_s(self, stages: list[int]) -> float:
        """Ideal velocity that the limit on the acceleration takes from stages."""
        lost = 0.0
        for b in stages:
            start = self.page.mass_start_kg[self.plan.budgets[b].phases[0]]
            exhaust = max(self._exhaust_m_s(self.page.engine[k]) for k in self.plan.budgets[b].phases)
            lost += exhaust * float(np.log(self.lightest_kg(b) / max(start - self.page.usable_kg[b], 1.0)))
        return lost

    def farthest_rad(self) -> float:
        """Angle round the Earth's centre that no powered flight exceeds: s over the pad's radius, at the lowest throttle."""
        speed, way = self.pad_speed_m_s, 0.0
        for b, budget in enumerate(self.plan.budgets):
            share = np.linspace(0.0, 1.0, 200)
            start = self.page.mass_start_kg[budget.phases[0]] - sum(self.page.fixed_drop_kg[k] for k in budget.phases[:-1])
            burned = self.page.usable_kg[b] + self.page.companions_kg[b]
            exhaust = max(self._exhaust_m_s(self.page.engine[k]) for k in budget.phases)
            s = speed + exhaust * np.log(start / np.maximum(start - burned * share, 1.0))
            way += float(np.trapezoid(s, share)) * self.longest_burn_s(b)
            speed = float(s[-1])
            coasts = [k for k in range(budget.phases[-1] + 1, len(self.plan.phases)) if not self.plan.phases[k].stage]
            if coasts and coasts[0] == budget.phases[-1] + 1:
                way += speed * float(self.plan.phases[coasts[0]].bounds_s[1])
            way += speed * sum(self.page.duration_s[k] for k in budget.phases if self.plan.phases[k].ramp)
        return way / self.pad_radius_m

    def plane(self) -> Forbidden | None:
        """A plane whose node is fixed must come near enough to the pad at lift-off."""
        orbit = self.mission.target
        if orbit is None or not (orbit.raan_rad.fixed and orbit.inclination_rad.fixed):
            return None
        low, _ = terminal.bounds(self.mission)
        normal = np.array([np.sin(low[2]) * np.sin(low[3]), -np.sin(low[2]) * np.cos(low[3]), np.cos(low[2])])
        normal = terminal.frame_matrix(self.mission) @ normal
        away, farthest = float(np.arcsin(abs(normal @ self.pad_m) / self.pad_radius_m)), self.farthest_rad()
        if away <= farthest:
            return None
        return Forbidden(
            "raan_rad", away - farthest,
            f"raan puts the orbital plane {np.degrees(away):.1f} deg from the pad at lift-off, and no flight goes farther than "
            f"{np.degrees(farthest):.1f} deg: change raan or the instant of lift-off",
        )  # fmt: skip

    def near_band(self) -> Forbidden | None:
        """The first stage must leave so fast that it cannot fall near the pad.

        Angular momentum: later stages add at most r times their ideal velocity, with r no more than 5 % above the apogee
        (higher flights are not considered); gaining a speed under an acceleration takes a way of its square over twice it.
        """
        name = self.plan.budgets[0].stage
        zone, most = self.mission.zones.get(name), self.mission.limits.axial_acceleration_m_s2
        if self.mission.target is None or not isinstance(zone, RangeBand) or most is None or len(self.plan.budgets) < 2:
            return None
        low, high = terminal.bounds(self.mission)
        parameter = 2.0 / (1.0 / low[0] + 1.0 / max(low[1], low[0]))
        later = sum(self.ideal_m_s(b) for b in range(1, len(self.plan.budgets)))
        speed = (np.sqrt(self.mu * parameter) / (1.05 * high[1]) - later) - self.pad_speed_m_s
        way = 0.5 * max(float(speed), 0.0) ** 2 / float(most)
        if way <= float(zone.max_m):
            return None
        return Forbidden(
            f"zone {name} m", way - float(zone.max_m),
            f"zone {name} ends {float(zone.max_m) / 1e3:.0f} km from the pad, but what is left to later stages needs "
            f"{speed:.0f} m/s or more over the ground, which takes {way / 1e3:.0f} km under the limit on the axial "
            "acceleration: move the zone away, or lower the payload",
        )  # fmt: skip
