"""What no flight of a vehicle can do: bounds that owe nothing to the optimiser.

Energy: with s = sqrt(2 (E + mu / R)), the speed that the energy E would be at the pad's radius R, thrust changes s by at
most its own acceleration, since dE/dt = a . v <= |a| |v| and |v| <= s above R. So s never gains more than Tsiolkovsky's
ideal velocity. The sharper bound is the most payload of a flight without air, without back pressure, without a load
limit, in the target's plane: Lawden's primer vector over an inverse-square field (Optimal Trajectories for Space
Navigation, 1963), whose few initial values a small solve finds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq, minimize

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.flight.plan import lift_off_state


class Ideal:
    """Masses and thrusts of the two stages, all in vacuum, the fairing gone at the second ignition."""

    def __init__(self, mission: Mission, payload_kg: float) -> None:
        plan = sequence(replace(mission, payload_kg=payload_kg))
        stages, shroud = mission.vehicle.stages, mission.vehicle.shroud
        assert shroud is not None
        above = next(p.mass_start_kg for p in plan.phases if p.name == "stage-2 start")
        self.start_kg = (float(plan.lift_off_mass_kg), float(above - shroud.mass_kg))
        self.usable_kg = tuple(float(b.usable_kg) for b in plan.budgets)
        self.thrust_N = tuple(float(s.engines[0].count * s.engines[0].thrust_vac_N) for s in stages)
        self.exhaust_m_s = tuple(STANDARD_GRAVITY_M_S2 * float(s.engines[0].isp_vac_s) for s in stages)
        self.throttle_min = tuple(s.engines[0].throttle_min for s in stages)

    def gain_m_s(self, stage: int, end_kg: float = 0.0) -> float:
        """Ideal velocity of a stage, whose burn ends at `end_kg` at the lightest."""
        end = max(self.start_kg[stage] - self.usable_kg[stage], end_kg)
        return self.exhaust_m_s[stage] * float(np.log(self.start_kg[stage] / end))

    @property
    def whole_m_s(self) -> float:
        return self.gain_m_s(0) + self.gain_m_s(1)

    def longest_burn_s(self, stage: int) -> float:
        """At the lowest throttle."""
        return self.usable_kg[stage] * self.exhaust_m_s[stage] / (self.thrust_N[stage] * self.throttle_min[stage])


def pad_speed_m_s(mission: Mission) -> float:
    return float(np.linalg.norm(lift_off_state(mission)[3:]))


def needed_m_s(mission: Mission, perigee_m: float, apogee_m: float) -> float:
    """Gain of the energy speed from the pad to an orbit, the whole turning of the Earth given for nothing."""
    radius, mu = float(np.linalg.norm(lift_off_state(mission)[:3])), mission.environment.mu_m3_s2
    return float(np.sqrt(2.0 * mu * (1.0 / radius - 1.0 / (perigee_m + apogee_m)))) - pad_speed_m_s(mission)


def ideal_payload_kg(mission: Mission, perigee_m: float, apogee_m: float) -> float:
    """Payload beyond which even the ideal velocity falls short."""
    needed = needed_m_s(mission, perigee_m, apogee_m)
    return float(brentq(lambda kg: Ideal(mission, kg).whole_m_s - needed, 0.0, 2e5))


def upper_payload_kg(mission: Mission) -> float:
    """The same with an upper stage, whose every kilogram of propellant gives its ideal velocity, drop tanks gone before."""
    stage, target = mission.upper_stage, mission.target
    assert stage is not None and target is not None
    needed = needed_m_s(mission, float(target.perigee_radius_m.low), float(target.apogee_radius_m.low))
    tanks = stage.drop_tanks
    burned = float(stage.propellant_kg) + (float(tanks.propellant_kg) if tanks else 0.0)

    def spare(payload_kg: float) -> float:
        start = float(stage.loaded_kg) - (float(tanks.dry_mass_kg) if tanks else 0.0) + payload_kg
        gain = STANDARD_GRAVITY_M_S2 * float(stage.isp_s) * float(np.log(start / (start - burned)))
        return Ideal(mission, payload_kg).whole_m_s + gain - needed

    return float(brentq(spare, 0.0, 2e5))


def farthest_rad(mission: Mission, payload_kg: float) -> float:
    """Angle round the Earth's centre that no flight exceeds before it is burned out: s over the pad's radius."""
    ideal, radius = Ideal(mission, payload_kg), float(np.linalg.norm(lift_off_state(mission)[:3]))
    speed, way = pad_speed_m_s(mission), 0.0
    for stage, coast_s in ((0, 10.0), (1, 0.0)):
        t = np.linspace(0.0, ideal.longest_burn_s(stage), 400)
        left = ideal.start_kg[stage] - ideal.usable_kg[stage] * t / t[-1]
        s = speed + ideal.exhaust_m_s[stage] * np.log(ideal.start_kg[stage] / left)
        way += float(np.trapezoid(s, t)) + s[-1] * coast_s
        speed = float(s[-1])
    return way / radius


def least_horizontal_m_s(mission: Mission, payload_kg: float, radius_m: float) -> float:
    """Speed over the ground with which the first stage must leave the second one for a circular orbit.

    Angular momentum: the second stage adds at most r times its ideal velocity; r stays within 5 % of the orbit's.
    """
    circular = float(np.sqrt(mission.environment.mu_m3_s2 / radius_m))
    return circular - 1.05 * Ideal(mission, payload_kg).gain_m_s(1) - pad_speed_m_s(mission)


# --- the sharper one ------------------------------------------------------------------------------------


def airless_payload_kg(mission: Mission, radius_m: float, inclination_rad: float, begin_kg: float = 2e4) -> float:
    """Most payload into a circular orbit without air and limits; the coast between the stages is free up to 10 s."""
    start = lift_off_state(mission)
    pad, mu = float(np.linalg.norm(start[:3])), mission.environment.mu_m3_s2
    cos_latitude = float(np.hypot(start[0], start[1])) / pad
    bonus = np.linalg.norm(start[3:]) * min(1.0, np.cos(inclination_rad) / cos_latitude)
    length, speed = radius_m, np.sqrt(mu / radius_m)
    time = length / speed

    def rate(y, thrust_m_s2):
        r2 = y[0] * y[0] + y[1] * y[1]
        r3 = r2 * np.sqrt(r2)
        along = 3.0 * (y[0] * y[4] + y[1] * y[5]) / (r2 * r3)
        primer = thrust_m_s2 / np.hypot(y[4], y[5])
        return np.array([
            y[2], y[3], -y[0] / r3 + primer * y[4], -y[1] / r3 + primer * y[5],
            y[6], y[7], -y[4] / r3 + along * y[0], -y[5] / r3 + along * y[1],
        ])  # fmt: skip

    def march(y, duration, steps, acceleration):
        h = duration / steps
        for i in range(steps):
            a0, a1, a2 = (acceleration((i + c) / steps) for c in (0.0, 0.5, 1.0))
            k1 = rate(y, a0)
            k2 = rate(y + 0.5 * h * k1, a1)
            k3 = rate(y + 0.5 * h * k2, a1)
            k4 = rate(y + h * k3, a2)
            y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        return y

    def end(z):
        ideal = Ideal(mission, 1e4 * z[3])
        y = np.array([pad / length, 0.0, 0.0, bonus / speed, np.cos(z[0]), np.sin(z[0]), z[1], z[2]])
        for stage in (0, 1):
            flow = ideal.thrust_N[stage] / ideal.exhaust_m_s[stage]
            thrust, mass, used = ideal.thrust_N[stage], ideal.start_kg[stage], ideal.usable_kg[stage]
            scale = time * time / length

            def acceleration(share, thrust=thrust, mass=mass, used=used, scale=scale):
                return scale * thrust / (mass - used * share)

            y = march(y, used / flow / time, 60, acceleration)
            if stage == 0:
                y = march(y, 10.0 * z[4] / time, 2, lambda share: 0.0)
        radius = np.hypot(y[0], y[1])
        return np.array([radius - 1.0, (y[0] * y[2] + y[1] * y[3]), (y[0] * y[3] - y[1] * y[2]) - 1.0])

    found = []
    for angle, turn in ((0.5, -0.5), (0.9, -1.0), (0.3, 0.0)):
        answer = minimize(
            lambda z: -z[3], np.array([angle, turn, 0.5, begin_kg / 1e4, 0.3]), method="SLSQP",
            constraints={"type": "eq", "fun": end}, options={"maxiter": 200, "ftol": 1e-9},
            bounds=[(-1.5, 1.5), (-20.0, 20.0), (-20.0, 20.0), (0.0, 8.0), (0.0, 1.0)],
        )  # fmt: skip
        if answer.success and np.abs(end(answer.x)).max() < 1e-6:
            found.append(1e4 * float(answer.x[3]))
    if not found:
        raise ArithmeticError("the airless flight was not found")
    return max(found)
