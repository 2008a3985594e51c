"""Every limit checked again on the re-integrated flight: a violated constraint is never called a success."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.burns import leaving_kg
from baiterek.physics.earth import rotate_z
from baiterek.trajectory.numbers import zone_value
from baiterek.trajectory.optimum import LimitVerdict
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.reintegration import Track
from baiterek.trajectory.solver import Solution
from baiterek.trajectory.transcription import Transcription
from baiterek.trajectory.upper_limits import disposal_kg
from baiterek.trajectory.upper_verdicts import timed, upper_verdicts

TOLERANCE = 1e-3
"""Share of a limit by which a value between the nodes may exceed it and still count as met."""
ZONE_TOLERANCE = 2e-3
ACTIVE = 1e-6
"""Scaled multiplier above which a limit counts as active."""


@dataclass(frozen=True)
class Landing:
    """Where a re-integrated fall ends."""

    name: str
    end: np.ndarray
    """Inertial state, SI, (6,)."""
    t_s: float
    """Since lift-off."""


class Judge:
    """Measures the limits of one re-integrated solution."""

    def __init__(self, problem: Transcription, solution: Solution, guess: Guess, p: np.ndarray, tracks: list[Track],
                 landings: list[Landing]) -> None:  # fmt: skip
        self.problem, self.solution, self.guess, self.p = problem, solution, guess, p
        self.tracks, self.landings = tracks, landings
        self.mission, self.plan = problem.mission, problem.plan
        self.worth = float(problem.merit_scale @ problem.numbers.of(p, "weights"))

    def _scaled_multiplier(self, name: str) -> float:
        """Sum of the magnitudes of the multipliers of a limit's rows, and of the durations that it bounds."""
        rows = [c.rows for c in self.problem.constraints if c.name == name]
        end, phases = timed(self.plan, name)
        held = self.problem.setting.coasts
        own = [k for k in phases if self.plan.phases[k].bounds_s[end] == held.get(k, self.plan.phases[k].bounds_s)[end]]
        pressed = sum(max((-1.0, 1.0)[end] * float(self.solution.lam_x[self.problem.place[f"T{k}"]][0]), 0.0) for k in own)
        return float(sum(np.abs(self.solution.lam_g[r]).sum() for r in rows)) + pressed

    def _verdict(self, name: str, unit: str, value: float, limit: float, low: bool = False) -> LimitVerdict:
        active = self._scaled_multiplier(name) > ACTIVE
        slack = TOLERANCE * max(abs(limit), 1e-9)
        met = value >= limit - slack if low else value <= limit + slack
        return LimitVerdict(name, unit, float(value), float(limit), active, bool(met))

    def verdicts(self) -> tuple[LimitVerdict, ...]:
        """All limits of the mission, in the order of the mission file."""
        return (*self._loads(), *self._attitude(), *self._shroud(), *self._heights(), *self._corridor(),
                *self._zones(), *self._propellant(), *self._upper(), *self._orbit())  # fmt: skip

    def _loads(self):
        limits = self.mission.limits
        burning = [t for t, phase in zip(self.tracks, self.plan.phases, strict=True) if phase.stage]
        carried = [t for t, phase in zip(self.tracks, self.plan.phases, strict=True) if phase.shroud or phase.dense_air]
        rows = (
            ("dynamic_pressure_Pa", "Pa", carried, 0, lambda v: v),
            ("q_alpha_Pa_rad", "Pa rad", carried, 1, np.sqrt),
            ("axial_acceleration_m_s2", "m/s2", burning, 2, lambda v: v),
        )
        for name, unit, tracks, row, law in rows:
            limit = getattr(limits, name)
            if limit is not None:
                value = max(float(law(np.maximum(t.path[row], 0.0)).max()) for t in tracks)
                yield self._verdict(name, unit, value, limit)

    def _attitude(self):
        limits = self.mission.limits
        if limits.angle_of_attack_rad is not None:
            angles = [0.0]
            for track, phase in zip(self.tracks, self.plan.phases, strict=True):
                if phase.dense_air and phase.steering == "free":
                    dense = track.path[0] > limits.angle_of_attack_from_Pa
                    angles += np.arcsin(np.sqrt(np.clip(track.path[3][dense], 0.0, 1.0))).tolist()
            yield self._verdict("angle_of_attack_rad", "rad", max(angles), limits.angle_of_attack_rad)
        if limits.turn_rate_rad_s is not None:
            fastest = 0.0
            for track, phase in zip(self.tracks, self.plan.phases, strict=True):
                if phase.steering == "free":
                    chord = np.linalg.norm(np.diff(track.commands[:3], axis=1), axis=0)
                    fastest = max(fastest, float((chord / np.diff(track.t_s)).max()))
            yield self._verdict("turn_rate_rad_s", "rad/s", fastest, limits.turn_rate_rad_s)

    def _shroud(self):
        units = {"heat_flux": "W/m2", "altitude": "m", "time": "s"}
        for k, phase in enumerate(self.plan.phases):
            if phase.until in units:
                shroud = self.mission.vehicle.shroud
                assert shroud is not None
                height, flux = self._end_of(k)
                value = {"heat_flux": flux, "altitude": height, "time": self.tracks[k].t_s[-1]}[phase.until]
                name = f"shroud {phase.until}_{units[phase.until].replace('/', '_')}"
                yield self._verdict(name, units[phase.until], value, shroud.threshold, low=phase.until != "heat_flux")

    def _end_of(self, k: int) -> tuple[float, float]:
        state = self.problem.scale.scale(self.tracks[k].states[:6, -1:])[:, 0]
        height, flux = self.problem.dynamics.point()(state, self.p)
        return float(height), float(flux)

    def _heights(self):
        limits = self.mission.limits
        if limits.insertion_altitude_min_m is not None:
            name = "insertion_altitude_min_m"
            yield self._verdict(name, "m", self._end_of(-1)[0], limits.insertion_altitude_min_m, low=True)

        if limits.duration_max_s is not None:
            yield self._verdict("duration_max_s", "s", self.tracks[-1].t_s[-1], limits.duration_max_s)

    def _corridor(self):
        if not self.mission.limits.corridors_rad:
            return
        k = self.problem.setting.separation()
        track = self.tracks[k]
        angle = self.mission.environment.rotation_rad_s * track.t_s[-1]
        r = track.states[:3, -1]
        x, y = rotate_z(r[0], r[1], angle)
        axes = self.problem.numbers.of(self.p, "pad_axes").reshape(3, 3)
        d = np.array([x, y, r[2]]) - self.problem.numbers.of(self.p, "pad")[:3]
        azimuth = np.arctan2(axes[0] @ d, axes[1] @ d)
        low, high = self.problem.numbers.of(self.p, "corridor")
        azimuth = low + (azimuth - low) % (2.0 * np.pi) if azimuth < low - 0.5 else azimuth
        bound = low if abs(azimuth - low) < abs(azimuth - high) else high
        active = self._scaled_multiplier("corridors_rad") > ACTIVE
        inside = low - TOLERANCE <= azimuth <= high + TOLERANCE
        yield LimitVerdict("corridors_rad", "rad", float(azimuth), float(bound), active, bool(inside))

    def zone_share(self, landing: Landing) -> float:
        """The largest constraint value of an impact point: at most 1 inside the zone."""
        environment = self.mission.environment
        greenwich = self.mission.sidereal_angle_rad
        angle = greenwich + environment.rotation_rad_s * landing.t_s
        x, y = rotate_z(landing.end[0], landing.end[1], angle)
        pad = self.problem.numbers.of(self.p, "pad")
        px, py = rotate_z(pad[0], pad[1], greenwich)
        length = self.problem.scale.length_m
        zone = self.mission.zones[landing.name]
        part = self.problem.numbers.of(self.p, f"zone.{landing.name}")
        point = (x, y, landing.end[2])
        pad_direction = (px / length, py / length, pad[2] / length)
        if type(zone).__name__ == "RangeBand":
            point = tuple(c / length for c in point)
        return float(max(zone_value(zone, part, *point, pad_direction, environment.radius_m)))

    def _zones(self):
        for landing in self.landings:
            name = f"zone {landing.name}"
            share = self.zone_share(landing)
            active = self._scaled_multiplier(name) > ACTIVE
            yield LimitVerdict(name, "of the zone", share, 1.0, active, bool(share <= 1.0 + ZONE_TOLERANCE))

    def _propellant(self):
        page = self.problem.books.numbers(self.p, self.guess.payload_kg)
        for b, budget in enumerate(self.plan.budgets):
            burned = -page.companions_kg[b]
            for k in budget.phases:
                burned += self.tracks[k].states[6, 0] - self.tracks[k].states[6, -1]
            if self.mission.upper_stage is not None and b == len(self.plan.budgets) - 1:
                burned += self._disposal_kg()
            name = f"propellant {budget.stage}"
            yield self._verdict(name, "kg", burned, page.usable_kg[b])

    def _disposal_kg(self) -> float:
        """Of the re-integrated flight."""
        left = self.tracks[-1].states[6, -1] - float(leaving_kg(replace(self.mission, payload_kg=self.guess.payload_kg)))
        numbers = {"isp_s": float(self.problem.numbers.of(self.p, "upper_stage.isp_s")[0])}
        return float(disposal_kg(self.mission, numbers, left, self.guess.elements))

    def _upper(self):
        if self.mission.upper_stage is None:
            return
        for name, unit, value, limit, low in upper_verdicts(self.mission, self.plan, self.tracks, self.guess):
            yield self._verdict(name, unit, value, limit, low)

    def _orbit(self):
        """Distance of the re-integrated insertion from the target's state, in metres and metres per second."""
        if self.mission.target is None:
            return
        end, own = self.tracks[-1].states[:, -1], self.guess.phases[-1].states(np.array([1.0]))[:, 0]
        position, speed = np.linalg.norm(end[:3] - own[:3]), np.linalg.norm(end[3:6] - own[3:6])
        yield LimitVerdict("target position", "m", float(position), 20.0, False, bool(position <= 20.0))
        yield LimitVerdict("target speed", "m/s", float(speed), 0.05, False, bool(speed <= 0.05))
