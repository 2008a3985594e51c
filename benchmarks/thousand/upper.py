"""Feasible missions with an upper stage: a flown sequence of finite burns, found without the optimiser, is asked for.

The launcher leaves the stage on a suborbital path; each burn keeps an angle to the horizon or to the velocity, and its
length, its angles and the coast before it are found by small shootings in a vacuum, on the mission's own gravity. The
whole is then flown by the simulator. Good flights, not the best ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from baiterek.catalogue.burns import burns_of, disposal_burns, disposal_of
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S, STANDARD_GRAVITY_M_S2
from baiterek.flight import simulate
from baiterek.flight.compile import compiled
from baiterek.history import History, Steering, SteeringPhase
from baiterek.physics.disposal import deorbit_speed, graveyard_raise, graveyard_speed, stationary_radius
from baiterek.physics.gravity import gravity
from baiterek.physics.orbit import Elements, elements_from_state
from baiterek.physics.propulsion import propellant_for
from thousand.ascents import NODES, Goal, Shape, Witness
from thousand.cases import Nothing

Array = NDArray[np.float64]

MOST_M_S2 = 0.98 * 4.0 * STANDARD_GRAVITY_M_S2
LEFT_ON_km = (30.0, 205.0, 190.0)
"""Perigee and apogee of what a launcher with propellant to spare leaves the stage on, and the height of its cut-off."""
PARKING_km, SPENT_km = 187.0, 182.0
"""Lowest height of the first orbit, and where a launcher that empties its tanks leaves the stage, climbing."""
COLUMNS = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
ROW_s, STEEP = 10.0, 430.0
LIFTED_kg = 12e3
"""What the launcher brings to every ellipse that a stage is left on."""


@numba.njit(error_model="numpy")
def _direction(y, law, since_s):
    """Unit vector of thrust: pitch (and its rate) above the horizon, or the velocity where the last number is 1; yaw."""
    r, v = y[:3], y[3:6]
    radial = r / np.sqrt((r * r).sum())
    normal = np.cross(r, v)
    normal /= np.sqrt((normal * normal).sum())
    base = v / np.sqrt((v * v).sum()) if law[3] > 0.5 else np.cross(normal, radial)
    up = np.cross(base, normal)
    pitch = law[0] + law[1] * since_s
    return np.cos(law[2]) * (np.cos(pitch) * base + np.sin(pitch) * up) + np.sin(law[2]) * normal


@numba.njit(error_model="numpy")
def _rate(y, thrust_N, flow_kg_s, law, since_s, environment):
    rate = np.empty(7)
    rate[:3] = y[3:6]
    rate[3], rate[4], rate[5] = gravity(y[0], y[1], y[2], environment)
    if thrust_N > 0.0:
        rate[3:6] += thrust_N / y[6] * _direction(y, law, since_s)
    rate[6] = -flow_kg_s
    return rate


@compiled
def travel(y, duration_s, step_s, thrust_N, flow_kg_s, law, environment):
    """Rows (time, state, direction) of a burn or a coast in equal steps, by Runge and Kutta's method of fourth order."""
    n = max(1, int(np.ceil(duration_s / step_s)))
    h = duration_s / n
    rows, y = np.empty((n + 1, 11)), y.copy()
    for i in range(n + 1):
        t = i * h
        rows[i, 0], rows[i, 1:8] = t, y
        rows[i, 8:11] = _direction(y, law, t)
        if i == n:
            break
        k1 = _rate(y, thrust_N, flow_kg_s, law, t, environment)
        k2 = _rate(y + 0.5 * h * k1, thrust_N, flow_kg_s, law, t + 0.5 * h, environment)
        k3 = _rate(y + 0.5 * h * k2, thrust_N, flow_kg_s, law, t + 0.5 * h, environment)
        k4 = _rate(y + h * k3, thrust_N, flow_kg_s, law, t + h, environment)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return rows


@dataclass
class Burns:
    """Coasts and burns so far: a coast before each burn, the law of each burn."""

    coast_s: list[float] = field(default_factory=list)
    burn_s: list[float] = field(default_factory=list)
    law: list[tuple[float, ...]] = field(default_factory=list)


class Upper:
    """The upper stage of a mission with a payload, from where the launcher leaves it."""

    def __init__(self, mission: Mission, payload_kg: float, count: int) -> None:
        assert mission.upper_stage is not None
        self.stage, self.payload_kg, self.count = mission.upper_stage, payload_kg, count
        # To the launcher all that it carries is payload.
        self.witness = Witness(replace(mission, upper_stage=None), MOST_M_S2)
        self.carried_kg = payload_kg + float(self.stage.loaded_kg) + float(self.stage.adapter_kg)
        self.mission, self.environment = replace(mission, payload_kg=payload_kg), self.witness.environment
        self.thrust, self.flow = float(self.stage.thrust_N), float(self.stage.mass_flow_kg_s)
        self.drift_flow = float(self.stage.coast_flow_kg_s)
        self.mu, self.radius = float(self.environment.mu_m3_s2), float(self.environment.radius_m)
        self.start_kg = float(self.stage.loaded_kg) + payload_kg + float(mission.adapter_kg)
        self.burns = Burns()
        self.shape: Shape | None = None
        self.y = np.empty(7)

    # --- the launcher -----------------------------------------------------------------------------------

    def launch(self, inclination_rad: float) -> None:
        """The ascent: to a suborbital ellipse, or where the propellant does not suffice, to its end."""
        perigee, apogee, insertion = (self.radius + 1e3 * h for h in LEFT_ON_km)
        goal = Goal(perigee, apogee, inclination_rad, insertion_m=insertion)
        shape = self.witness.best(goal, self.carried_kg)
        if shape is not None and shape.burn_s < self.witness.most_burn_s(self.carried_kg):
            shape = self.witness.timed(shape, goal)
        else:
            shape = self._spent(self.witness.best(goal, LIFTED_kg), inclination_rad)
        if shape is None or shape.burn_s > self.witness.most_burn_s(self.carried_kg):
            raise Nothing
        end = self.witness.cut_off(shape)
        assert end is not None
        self.shape, self.y = shape, end.copy()
        self.y[6] = self.start_kg

    def _spent(self, begin: Shape | None, inclination_rad: float) -> Shape | None:
        """An ascent that empties the launcher, the steeper the more speed is left to the stage and its long burn."""
        shape, radial_m_s, orbital = begin, 150.0, float(np.sqrt(self.mu / self.radius))
        for _ in range(2):
            goal = Goal(self.radius, self.radius, inclination_rad, insertion_m=self.radius + 1e3 * SPENT_km)
            shape = None if shape is None else self.witness.spent(shape, goal, radial_m_s, self.carried_kg)
            end = None if shape is None else self.witness.cut_off(shape)
            if end is None:
                return None
            burn_s = (orbital - float(np.linalg.norm(end[3:6]))) / self.thrust * self.start_kg
            wanted = float(np.clip(STEEP * (burn_s / 460.0) ** 2, 150.0, 550.0))
            if abs(wanted - radial_m_s) < 30.0:
                break
            radial_m_s = wanted
        return shape

    # --- pieces of a flight -----------------------------------------------------------------------------

    def coasted(self, y: Array, coast_s: float) -> Array:
        """After a coast, the tanks settled where the engine has burned before."""
        end = travel(y, coast_s, ROW_s, 0.0, self.drift_flow, np.zeros(4), self.environment)[-1, 1:8]
        if self.burns.burn_s:
            end[6] -= float(self.stage.settling_kg)
        return end

    def burned(self, y: Array, burn_s: float, law: tuple[float, ...]) -> Array:
        return travel(y, burn_s, 2.0, self.thrust, self.flow, np.array(law), self.environment)[-1, 1:8]

    def at(self, y: Array) -> Elements:
        return elements_from_state(*y[:6], self.mu)

    def keep(self, coast_s: float, burn_s: float, law: tuple[float, ...]) -> None:
        """The next coast and burn are flown."""
        least_s = float(self.stage.coast_min_s) + 1.0 if self.burns.burn_s else 10.0
        if burn_s < float(self.stage.burn_min_s) + 0.5 or coast_s < least_s:
            raise Nothing
        self.y = self.burned(self.coasted(self.y, coast_s), burn_s, law)
        for kept, value in zip((self.burns.coast_s, self.burns.burn_s, self.burns.law), (coast_s, burn_s, law), strict=True):
            kept.append(value)  # type: ignore[arg-type]
        if self.stage.drop_tanks is not None and len(self.burns.burn_s) == self.count - 1:
            self.y[6] -= float(self.stage.drop_tanks.dry_mass_kg)

    def until(self, event: Callable[[Array], Array], after_s: float) -> float:
        """Time of coasting until `event` of the states rises through zero, not before `after_s`."""
        rows = travel(self.y, after_s + 1.2 * self.period_s(), ROW_s, 0.0, self.drift_flow, np.zeros(4), self.environment)
        value = event(rows[:, 1:8].T)
        found = np.flatnonzero((value[:-1] < 0.0) & (value[1:] >= 0.0) & (rows[:-1, 0] >= after_s))
        if not len(found):
            raise Nothing
        k = found[0]
        return float(rows[k, 0] - value[k] * (rows[k + 1, 0] - rows[k, 0]) / (value[k + 1] - value[k]))

    def period_s(self) -> float:
        axis = 1.0 / float(self.at(self.y).inverse_semi_major_axis_1_m)
        return float(2.0 * np.pi * np.sqrt(axis**3 / self.mu))

    def burn_for_s(self, gain_m_s: float) -> float:
        """Length of a burn of an ideal gain from now."""
        return float(self.y[6] / self.flow * (1.0 - np.exp(-abs(gain_m_s) * self.flow / self.thrust)))

    # --- burns ------------------------------------------------------------------------------------------

    def to_parking(self, apogee_km: float) -> None:
        """The first burn: into an orbit of `PARKING_km` or so by `apogee_km`."""
        vr = float(self.y[:3] @ self.y[3:6] / np.linalg.norm(self.y[:3]))
        perigee_m = self.radius + 1e3 * PARKING_km
        deep = float(self.at(self.y).perigee_radius_m) < self.radius - 100e3
        coast = 10.5 if deep else float(np.clip(vr / 0.09 - 20.0, 10.5, 500.0))
        begin = self.coasted(self.y, coast)
        short = np.sqrt(2.0 * self.mu * (1.0 / np.linalg.norm(begin[:3]) - 1.0 / (perigee_m + self.radius + 1e3 * apogee_km)))
        guess = self.burn_for_s(float(short - np.linalg.norm(begin[3:6])))

        def law(x: Array) -> tuple[float, ...]:
            return (x[0], x[2] / guess if len(x) > 2 else 0.0, 0.0, 0.0)

        def miss(x: Array) -> Array:
            at = self.at(self.burned(begin, max(guess * (1.0 + x[1]), 1.0), law(x)))
            reached = np.array([float(at.perigee_radius_m), float(at.apogee_radius_m)])
            return (reached - [perigee_m, self.radius + 1e3 * apogee_km]) / 1e5

        for pitch, free in ((0.05, 2), (0.4, 2), (0.2, 3), (0.7, 3)):
            start = np.array([pitch, 0.0, -pitch])[:free]
            found = least_squares(miss, start, xtol=1e-12, ftol=1e-12, gtol=1e-12, diff_step=1e-6, max_nfev=40)
            if np.abs(found.fun).max() < 1e-3 and abs(found.x[0]) < 1.2:
                self.keep(coast, guess * (1.0 + found.x[1]), tuple(float(value) for value in law(found.x)))
                return
        raise Nothing

    def raise_energy(self, event: Callable[[Array], Array], inverse_axis_1_m: float) -> None:
        """A burn along the velocity about `event` until 1/a is what is asked."""
        at = self.at(self.y)
        radius = float(at.perigee_radius_m)
        gain = np.sqrt(self.mu * (2.0 / radius - inverse_axis_1_m)) - np.sqrt(
            self.mu * (2.0 / radius - float(at.inverse_semi_major_axis_1_m))
        )
        guess = self.burn_for_s(float(gain))
        coast = self.until(event, float(self.stage.coast_min_s) + 2.0 + 0.5 * guess) - 0.5 * guess
        begin = self.coasted(self.y, coast)

        def miss(x: Array) -> Array:
            reached = self.at(self.burned(begin, max(guess * x[0], 1.0), (0.0, 0.0, 0.0, 1.0)))
            return np.array([(float(reached.inverse_semi_major_axis_1_m) - inverse_axis_1_m) * radius])

        found = least_squares(miss, np.ones(1), xtol=1e-13, ftol=1e-13, gtol=1e-13, diff_step=1e-6, max_nfev=40)
        if abs(found.fun[0]) > 1e-8:
            raise Nothing
        self.keep(coast, guess * float(found.x[0]), (0.0, 0.0, 0.0, 1.0))

    def arrive(self, gain_m_s: float, miss: Callable[[Array], Array], begin: tuple[float, float], free: int) -> None:
        """A burn about the apogee, whose length, pitch, yaw, coast (`free` of them) make `miss` of its end vanish."""
        guess = self.burn_for_s(gain_m_s)
        middle = self.until(lambda s: -(s[:3] * s[3:6]).sum(axis=0), float(self.stage.coast_min_s) + 2.0 + 0.5 * guess)

        def flown(x: Array) -> tuple[float, float, tuple[float, ...]]:
            full = np.concatenate([x, np.zeros(4 - len(x))])
            burn = guess * (1.0 + full[0])
            return middle - 0.5 * guess + 300.0 * full[3], burn, (begin[0] + full[1], 0.0, begin[1] + full[2], 0.0)

        def residual(x: Array) -> Array:
            coast, burn, law = flown(x)
            if burn < 1.0 or coast < 1.0:
                return np.full(free, 10.0)
            return miss(self.burned(self.coasted(self.y, coast), burn, law))

        found = least_squares(residual, np.zeros(free), xtol=1e-14, ftol=1e-14, gtol=1e-14, diff_step=1e-6, max_nfev=60)
        if np.abs(found.fun).max() > 1e-8:
            raise Nothing
        self.keep(*flown(found.x))

    # --- the whole --------------------------------------------------------------------------------------

    def numbers(self) -> dict[str, Any]:
        """What the witness is made of, for a journal."""
        assert self.shape is not None
        return {"shape": asdict(self.shape), "coast_s": self.burns.coast_s, "burn_s": self.burns.burn_s,
                "law": [list(law) for law in self.burns.law]}  # fmt: skip


def steering(mission: Mission, numbers: Mapping[str, Any]) -> Steering:
    """The whole flight of a witness's numbers as commands."""
    shape, count = Shape(**numbers["shape"]), len(numbers["burn_s"])
    stage = mission.upper_stage
    assert stage is not None
    upper = Upper(mission, shape.payload_kg - float(stage.loaded_kg) - float(stage.adapter_kg), count)
    end = upper.witness.cut_off(shape)
    assert end is not None
    y = end.copy()
    y[6] = upper.start_kg
    first = upper.witness.steer(shape)
    phases, begin = list(first.phases), first.phases[-1].start_s + first.phases[-1].duration_s
    names = [phase for phase in sequence(upper.mission).phases if phase.vacuum]
    for k in range(count):
        upper.y = y
        ignition = upper.coasted(y, numbers["coast_s"][k])
        law = np.array(numbers["law"][k])
        rows = travel(ignition, numbers["burn_s"][k], 1.0, upper.thrust, upper.flow, law, upper.environment)
        pair = ((names[2 * k], numbers["coast_s"][k], None), (names[2 * k + 1], numbers["burn_s"][k], rows))
        for phase, duration, track in pair:
            breaks = np.linspace(0.0, 1.0, 2 if track is None else max(2, round(duration / 6.0) + 1))
            t = duration * (breaks[:-1, None] + np.diff(breaks)[:, None] * NODES)
            values = np.ones((*t.shape, 4))
            values[..., :3] = rows[0, 8:11]
            if track is not None:
                for i in range(3):
                    values[..., i] = np.interp(t, track[:, 0], track[:, 8 + i])
            drops = np.zeros(len(phase.drops))
            phases.append(SteeringPhase(phase.name, "free", begin, duration, breaks, NODES, values, drops))
            begin += duration
        upper.burns.burn_s.append(numbers["burn_s"][k])
        y = rows[-1, 1:8].copy()
        if upper.stage.drop_tanks is not None and k == count - 2:
            y[6] -= float(upper.stage.drop_tanks.dry_mass_kg)
    return Steering(tuple(phases), upper.payload_kg)


def flown(mission: Mission, numbers: Mapping[str, Any]) -> History:
    """The witness of a case, flown by the simulator."""
    flight = steering(mission, numbers)
    return simulate(mission, flight)


def held(mission: Mission, history: History, hold: Callable[[str, float, float], None]) -> None:
    """What an upper stage must keep, measured on the flown witness."""
    stage, burns = mission.upper_stage, mission.burns
    radius, mu = float(mission.environment.radius_m), mission.environment.mu_m3_s2
    assert stage is not None
    loaded = replace(mission, payload_kg=history.steering.payload_kg)
    plan = sequence(loaded)
    rows = {k: np.flatnonzero(history.phase == k) for k in range(len(plan.phases))}
    vacuum = [k for k, phase in enumerate(plan.phases) if phase.vacuum]
    left_on = state_at(history, rows[vacuum[0]][0])
    at = elements_from_state(*left_on, mu)
    hold("launcher perigee", float(at.perigee_radius_m) - radius, burns.launcher_perigee_max_m)
    hold("launcher apogee", float(at.apogee_radius_m) - radius, burns.launcher_apogee_max_m)
    height = np.sqrt(sum(history[f"{c}_eci_m"] ** 2 for c in "xyz")) - radius
    hold("separation altitude", burns.separation_altitude_min_m, float(height[rows[vacuum[0]]].min()))
    for k in vacuum[1:]:
        if plan.phases[k].coast:
            hold(plan.phases[k].name, burns.coast_altitude_min_m, float(height[rows[k]].min()))
    budget, burned = plan.budgets[-1], 0.0
    for k in budget.phases:
        burned += float(history["mass_kg"][rows[k][0]] - history["mass_kg"][rows[k][-1]])
    end = elements_from_state(*state_at(history, -1), mu)
    left = float(history["mass_kg"][-1]) - history.steering.payload_kg - float(mission.adapter_kg)
    burned += disposal_kg(loaded, left, end)
    hold("propellant of the upper stage", burned, float(budget.usable_kg))
    if stage.drop_tanks is not None:
        spent = sum(float(np.ptp(history["mass_kg"][rows[k]])) for k in vacuum[: 2 * burns_of(mission) - 2])
        hold("drop tanks", float(stage.drop_tanks.propellant_kg), spent)
    half = 0.0
    if disposal_of(mission) == "deorbit":  # at the next apogee
        half = float(np.pi * np.sqrt((0.5 * float(end.perigee_radius_m + end.apogee_radius_m)) ** 3 / mu))
    hold("life", float(history.t_s[-1] - history.t_s[rows[vacuum[0]][0]]) + half, float(stage.life_s))
    hold("ignitions", burns_of(mission) + disposal_burns(mission), stage.ignitions)


def state_at(history: History, row: int) -> Array:
    """Inertial state of a row."""
    return np.array([float(history[name][row]) for name in COLUMNS])


def disposal_kg(mission: Mission, left_kg: float, at: Elements) -> float:
    """Propellant of the disposal, by the closed forms of `docs/upper-stages.md`."""
    stage, mu, kind = mission.upper_stage, mission.environment.mu_m3_s2, disposal_of(mission)
    assert stage is not None
    if kind == "deorbit":
        lowered = mission.environment.radius_m + mission.burns.deorbit_perigee_m
        speed = deorbit_speed(at.perigee_radius_m, at.apogee_radius_m, lowered, mu)
    elif kind == "graveyard":
        speed = graveyard_speed(at.perigee_radius_m, graveyard_raise(0.01, 1.5), mu)
    else:
        return 0.0
    return float(propellant_for(left_kg, speed, float(stage.isp_s)))


def stationary_m() -> float:
    """Radius of the geostationary circle."""
    return float(stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S))
