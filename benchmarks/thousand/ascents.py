"""A witness of an ascent: a flight that reaches an orbit under its limits, found without the optimiser.

Vertical rise, a kick, a gravity turn, a held attitude across the staging, then a linear tangent law
(Perkins 1966) in the plane that the first stage leaves. Five numbers make the flight; a small shooting finds them, and
every flight of the shooting is one of the compiled simulator. It is a good ascent, not the best one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.flight import simulate
from baiterek.flight.compile import compiled
from baiterek.flight.integrator import GOING
from baiterek.flight.kernel import ascend
from baiterek.flight.plan import lift_off_state, plain_body, plain_environment, write_plan
from baiterek.flight.simulate import output_times
from baiterek.history import History, Steering, SteeringPhase
from baiterek.physics.ascent import Command, State, air_data, ascent_rate, forces
from baiterek.physics.atmosphere import smooth_step
from baiterek.physics.earth import Environment
from baiterek.physics.orbit import osculating_from_mean
from baiterek.physics.propulsion import Propulsion

Array = NDArray[np.float64]

KICK_s, HAND_OVER_s, SLEW_s = 10.0, 14.0, 25.0
"""The kick builds up, hands over to the gravity turn; the second stage turns to its law."""
COAST_s, BURNED = 3.0, 0.999
"""Between the stages; share of the first stage's usable propellant that it burns."""
KICKS_deg = (2.0, 3.0, 4.0, 5.5, 7.5, 10.0)
STEP_s = 0.5
NODES = np.array([0.155, 0.645, 1.0])
LIGHT_kg, WORTH_kg_s = 6000.0, 250.0
"""Payload of a first try; what a second of burning is worth in payload, roughly."""
MISS = np.array([1e5, 300.0, 300.0, np.radians(5.0)])
FAIRING_FLUX, HEIGHT_TO_SPARE_m = 0.9, 500.0
"""The fairing goes at this share of the permitted heat flux, the tower so far above its lowest height."""


@dataclass(frozen=True)
class Shape:
    """The numbers of a witness."""

    kick_rad: float
    azimuth_rad: float
    tangent: float
    slope: float
    """Change of the tangent of the pitch in 100 s."""
    burn_s: float
    """Of the second stage, after its start."""
    payload_kg: float
    fairing_s: float = 60.0
    """Part of the burn with the fairing on."""


@dataclass(frozen=True)
class Goal:
    """What the witness is to reach: radii in m, inclination in rad, all osculating or all mean."""

    perigee_m: float
    apogee_m: float
    inclination_rad: float
    mean: bool = False
    """A circle of mean elements, of `perigee_m`."""
    insertion_m: float | None = None
    """Radius of cut-off, climbing; None: at the perigee."""

    def at(self, end: Array, environment: Environment) -> Array:
        """Radius, radial speed, whole speed and inclination at a cut-off in the direction of `end`."""
        mu = environment.mu_m3_s2
        if self.mean:
            r, momentum = end[:3], np.cross(end[:3], end[3:6])
            node = np.array([-momentum[1], momentum[0], 0.0])
            node /= np.linalg.norm(node)
            across = np.cross(momentum / np.linalg.norm(momentum), node)
            u = float(np.arctan2(r @ across, r @ node))
            a, i = self.perigee_m, self.inclination_rad
            wanted = np.array(osculating_from_mean(a, a, i, 0.0, 0.0, u, mu, environment.j2, environment.radius_m))
            h, radius = np.cross(wanted[:3], wanted[3:]), np.linalg.norm(wanted[:3])
            inclination = np.arccos(h[2] / np.linalg.norm(h))
            return np.array([radius, wanted[:3] @ wanted[3:] / radius, np.linalg.norm(wanted[3:]), inclination])
        radius = self.insertion_m or self.perigee_m
        total = self.perigee_m + self.apogee_m
        speed = np.sqrt(2.0 * mu * (1.0 / radius - 1.0 / total))
        across = np.sqrt(2.0 * mu * self.perigee_m * self.apogee_m / total) / radius
        return np.array([radius, np.sqrt(max(speed**2 - across**2, 0.0)), speed, self.inclination_rad])


# --- first stage: the attitude of a gravity turn ------------------------------------------------------


@numba.njit(error_model="numpy")
def _direction(t_s, y, flow, spin_rad_s, turn_start_s, up, kick_rad, ahead):
    """Vertical until `turn_start_s`, tilted towards `ahead` by the kick, then along the velocity over the Earth."""
    if turn_start_s < 0.0:
        axis = np.sqrt(y[0] * y[0] + y[1] * y[1])
        return flow.cos_latitude * y[0] / axis, flow.cos_latitude * y[1] / axis, flow.sin_latitude
    since = t_s - turn_start_s
    tilt = kick_rad * smooth_step(since / KICK_s)
    weight = smooth_step((since - KICK_s) / HAND_OVER_s)
    u = np.empty(3)
    v = (y[3] + spin_rad_s * y[1], y[4] - spin_rad_s * y[0], y[5])
    speed = np.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    for i in range(3):
        u[i] = (1.0 - weight) * (np.cos(tilt) * up[i] + np.sin(tilt) * ahead[i]) + weight * v[i] / speed
    u /= np.sqrt((u * u).sum())
    return u[0], u[1], u[2]


@numba.njit(error_model="numpy")
def _rate(t_s, y, order, environment, body, engine, most_m_s2):
    flow = air_data(y[0], y[1], y[2], y[3], y[4], y[5], environment)
    ux, uy, uz = _direction(t_s, y, flow, environment.rotation_rad_s, *order)
    throttle = min(1.0, max(0.49, most_m_s2 * y[6] / engine.thrust_vac_N))
    force = forces(flow, Command(ux, uy, uz, throttle), engine, body)
    rate = ascent_rate(State(y[0], y[1], y[2], y[3], y[4], y[5], y[6]), force, environment)
    return np.array(rate), ux, uy, uz, throttle, flow.altitude_m


@compiled
def climb(start, mass_kg, end_kg, environment, body, engine, top_m, kick_rad, ahead, most_m_s2):
    """Rows (t, state, u, throttle, altitude) of the first stage under full thrust: the rise, then the turn."""
    rows = np.empty((2000, 13))
    y = np.empty(7)
    y[:6], y[6] = start, mass_kg
    up, turn_start_s, t, n = np.zeros(3), -1.0, 0.0, 0
    while n < rows.shape[0]:
        order = (turn_start_s, up, kick_rad, ahead)
        k1, ux, uy, uz, throttle, altitude = _rate(t, y, order, environment, body, engine, most_m_s2)
        rows[n, 0], rows[n, 1:8], rows[n, 8], rows[n, 9], rows[n, 10] = t, y, ux, uy, uz
        rows[n, 11], rows[n, 12] = throttle, altitude
        n += 1
        left = y[6] - end_kg
        if left < 1e-6 * mass_kg:
            break
        h = min(STEP_s, left / -k1[6])
        for attempt in range(12):
            k2 = _rate(t + 0.5 * h, y + 0.5 * h * k1, order, environment, body, engine, most_m_s2)[0]
            k3 = _rate(t + 0.5 * h, y + 0.5 * h * k2, order, environment, body, engine, most_m_s2)[0]
            k4 = _rate(t + h, y + h * k3, order, environment, body, engine, most_m_s2)[0]
            y_end = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
            if turn_start_s >= 0.0:
                break
            reached = _rate(t + h, y_end, order, environment, body, engine, most_m_s2)[5]
            if reached < top_m and attempt == 0:
                break
            if abs(reached - top_m) < 1e-6:
                turn_start_s = t + h
                break
            h *= (top_m - altitude) / (reached - altitude)
        y, t = y_end, t + h
        if turn_start_s == t:
            last = _rate(t, y, (-1.0, up, kick_rad, ahead), environment, body, engine, most_m_s2)
            up[0], up[1], up[2] = last[1], last[2], last[3]
    return rows[:n], turn_start_s


# --- the whole steering -------------------------------------------------------------------------------


class Witness:
    """Steerings of one mission, whose payload, target and objective are not looked at."""

    def __init__(self, mission: Mission, most_m_s2: float) -> None:
        self.mission, self.most_m_s2 = mission, most_m_s2
        self.environment = plain_environment(mission.environment)
        self.body = plain_body(mission.vehicle.aerodynamics)
        self.start = lift_off_state(mission)
        lat, angle = mission.site.latitude_rad, mission.site.longitude_rad + mission.sidereal_angle_rad
        self.east = np.array([-np.sin(angle), np.cos(angle), 0.0])
        up = np.array([np.cos(lat) * np.cos(angle), np.cos(lat) * np.sin(angle), np.sin(lat)])
        self.north = np.cross(up, self.east)
        assert mission.vehicle.shroud is not None
        self.covered = f"stage-2 with {mission.vehicle.shroud.kind}"
        """Name of the phase at whose end the fairing or the tower goes."""
        self._first = lru_cache(maxsize=64)(self._first_stage)

    def loaded(self, payload_kg: float) -> Mission:
        """The mission with a payload."""
        return replace(self.mission, payload_kg=payload_kg)

    def most_burn_s(self, payload_kg: float) -> float:
        """Longest burn of the second stage after its start."""
        plan = sequence(self.loaded(payload_kg))
        start = next(p for p in plan.phases if p.name == "stage-2 start")
        return float(plan.budgets[1].usable_kg / start.propulsion.mass_flow_kg_s - 0.5 * start.duration_s)

    def _first_stage(self, kick_rad: float, azimuth_rad: float, payload_kg: float) -> tuple[Array, float]:
        plan = sequence(self.loaded(payload_kg))
        engine = Propulsion(*(float(v) for v in plan.phases[0].propulsion))
        shutdown = next(p for p in plan.phases if p.name == "stage-1 shutdown")
        tail = 0.5 * float(shutdown.duration_s) * shutdown.throttle[1] * engine.mass_flow_kg_s
        mass = float(plan.lift_off_mass_kg)
        end = mass - BURNED * float(plan.budgets[0].usable_kg) + tail
        ahead = np.sin(azimuth_rad) * self.east + np.cos(azimuth_rad) * self.north
        top = float(self.mission.limits.rise_altitude_m + self.mission.site.altitude_m)
        return climb(
            self.start, mass, end, self.environment, self.body, engine, top, kick_rad, ahead, self.most_m_s2
        )  # fmt: skip

    def steer(self, shape: Shape) -> Steering:
        """The commands of a shape, three nodes an interval."""
        rows, turn_s = self._first(shape.kick_rad, shape.azimuth_rad, shape.payload_kg)
        burnout = rows[-1]
        durations = {
            "rise": turn_s, "stage-1": burnout[0] - turn_s, "stage-1 separation": COAST_s,
            self.covered: shape.fairing_s, "stage-2": shape.burn_s - shape.fairing_s,
        }  # fmt: skip
        phases, begin, ignition = [], 0.0, None
        for phase in sequence(self.loaded(shape.payload_kg)).phases:
            duration = float(phase.duration_s or durations[phase.name])
            breaks = np.linspace(0.0, 1.0, max(1, round(duration / 6.0)) + 1)
            t = begin + duration * (breaks[:-1, None] + np.diff(breaks)[:, None] * NODES)
            values = np.ones((*t.shape, 4))
            if phase.name in ("rise", "stage-1"):
                for i in range(4):
                    values[..., i] = np.interp(t, rows[:, 0], rows[:, 8 + i])
            elif phase.steering == "hold":
                values[..., :3] = burnout[8:11]
            else:
                ignition = begin if ignition is None else ignition
                values[..., :3] = self._tangent(t - ignition, burnout, shape)
            mode = "up" if phase.steering == "up" else "free"
            drops = np.zeros(len(phase.drops))
            phases.append(SteeringPhase(phase.name, mode, begin, duration, breaks, NODES, values, drops))
            begin += duration
        return Steering(tuple(phases), shape.payload_kg)

    def _tangent(self, since_s: Array, burnout: Array, shape: Shape) -> Array:
        """Linear tangent law in the plane of the burnout state, slewed to from the held attitude."""
        up = burnout[1:4] / np.linalg.norm(burnout[1:4])
        ahead = burnout[4:7] - (burnout[4:7] @ up) * up
        ahead /= np.linalg.norm(ahead)
        law = ahead + (shape.tangent + shape.slope * since_s / 100.0)[..., None] * up
        law /= np.linalg.norm(law, axis=-1, keepdims=True)
        weight = smooth_step(since_s / SLEW_s)[..., None]
        mixed = (1.0 - weight) * burnout[8:11] + weight * law
        return mixed / np.linalg.norm(mixed, axis=-1, keepdims=True)

    def fly(self, shape: Shape) -> History:
        """The compiled flight of a shape."""
        return simulate(self.loaded(shape.payload_kg), self.steer(shape))

    # --- shooting ---------------------------------------------------------------------------------------

    def cut_off(self, shape: Shape) -> Array | None:
        """The last state of the compiled flight, without falls and columns."""
        mission = self.loaded(shape.payload_kg)
        plan = write_plan(mission, sequence(mission).phases, self.steer(shape))
        times, rows = output_times(plan, np.full(len(plan.start_s), 1e3))
        status, _, states, _, _ = ascend(plan, times, rows, 1e-9)
        return states[-1] if status == GOING and np.isfinite(states[-1]).all() else None

    def _miss(self, shape: Shape, goal: Goal) -> Array:
        """Radius, radial and whole speed, inclination at cut-off against the goal, scaled."""
        end = self.cut_off(shape)
        if end is None:
            return np.full(4, 1e3)
        r, v = end[:3], end[3:6]
        radius, momentum = np.linalg.norm(r), np.cross(r, v)
        inclination = np.arccos(momentum[2] / np.linalg.norm(momentum))
        reached = np.array([radius, r @ v / radius, np.linalg.norm(v), inclination])
        return (reached - goal.at(end, self.mission.environment)) / MISS

    def shoot(self, goal: Goal, begin: Shape) -> Shape | None:
        """The shape with `begin`'s kick and payload that reaches the goal; its burn may be longer than the tanks last."""

        def shape_of(z: Array) -> Shape:
            return replace(
                begin, azimuth_rad=begin.azimuth_rad + 0.1 * (z[0] - 1.0), tangent=begin.tangent + 0.3 * (z[1] - 1.0),
                slope=begin.slope + 0.1 * (z[2] - 1.0), burn_s=max(begin.burn_s + 20.0 * (z[3] - 1.0), begin.fairing_s + 1.0),
            )  # fmt: skip

        found = least_squares(
            lambda z: self._miss(shape_of(z), goal), np.ones(4), xtol=1e-13, ftol=1e-13, gtol=1e-13, diff_step=1e-5,
            max_nfev=30,
        )  # fmt: skip
        return shape_of(found.x) if np.abs(found.fun).max() < 1e-6 else None

    def spent(self, begin: Shape, goal: Goal, radial_m_s: float, payload_kg: float) -> Shape | None:
        """The fastest shape that empties the tanks at the goal's radius of insertion and inclination, climbing so fast.

        The shooting begins at `begin`, which carries less into an orbit, and walks from kick to kick.
        """
        assert goal.insertion_m is not None
        wanted = np.array([goal.insertion_m, radial_m_s, goal.inclination_rad])

        def reached(shape: Shape) -> Array:
            end = self.cut_off(shape)
            if end is None:
                return np.full(4, 1e6)
            radius, momentum = np.linalg.norm(end[:3]), np.cross(end[:3], end[3:6])
            inclination = np.arccos(momentum[2] / np.linalg.norm(momentum))
            return np.array([radius, end[:3] @ end[3:6] / radius, inclination, np.linalg.norm(end[3:6])])

        def shoot(start: Shape) -> Shape | None:
            def shape_of(z: Array) -> Shape:
                return replace(start, azimuth_rad=start.azimuth_rad + 0.1 * z[0], tangent=start.tangent + 0.3 * z[1],
                               slope=start.slope + 0.1 * z[2])  # fmt: skip

            found = least_squares(lambda z: (reached(shape_of(z))[:3] - wanted) / MISS[[0, 1, 3]], np.zeros(3), xtol=1e-12,
                                  ftol=1e-12, gtol=1e-12, diff_step=1e-5, max_nfev=20)  # fmt: skip
            return shape_of(found.x) if np.abs(found.fun).max() < 1e-6 else None

        best = shoot(replace(begin, payload_kg=payload_kg, burn_s=self.most_burn_s(payload_kg) - 0.3))
        for factor in (1.2, 1.0 / 1.2) if best is not None else ():
            while True:
                other = shoot(replace(best, kick_rad=factor * best.kick_rad))
                if other is None or reached(other)[3] <= reached(best)[3]:
                    break
                best = other
        return best

    def _begin(self, goal: Goal, payload_kg: float) -> Shape:
        """A shape to begin a shooting from."""
        height = (goal.insertion_m or goal.perigee_m) - self.mission.environment.radius_m
        return Shape(
            0.0, self.launch_azimuth_rad(goal), 0.3 + 0.7 * height / 1e6, -0.15 - 0.3 * height / 1e6,
            0.97 * self.most_burn_s(payload_kg), payload_kg,
        )  # fmt: skip

    def launch_azimuth_rad(self, goal: Goal) -> float:
        """Azimuth over the turning ground that leads into the inclination."""
        r, spin = self.start[:3], self.mission.environment.rotation_rad_s
        sine = np.clip(np.cos(goal.inclination_rad) / np.hypot(r[0], r[1]) * np.linalg.norm(r), -1.0, 1.0)
        inertial = np.arcsin(sine)
        mu = self.mission.environment.mu_m3_s2
        speed = np.sqrt(mu / max(goal.perigee_m, self.mission.environment.radius_m))
        return float(np.arctan2(speed * np.sin(inertial) - spin * np.hypot(r[0], r[1]), speed * np.cos(inertial)))

    def best(self, goal: Goal, payload_kg: float) -> Shape | None:
        """Of a few kicks the witness that burns least (perhaps more than it has)."""
        begin = self._begin(goal, payload_kg)
        best: Shape | None = None
        for kick_deg in KICKS_deg:
            start = replace(best or begin, kick_rad=np.radians(kick_deg))
            found = self.shoot(goal, start)
            if found is not None and best is not None and found.burn_s > best.burn_s:
                break
            best = found or best
        return best

    def with_share(self, goal: Goal, share: float) -> Shape | None:
        """A witness that carries roughly `share` of what this kind of flight can, within its propellant."""
        light = self.best(goal, LIGHT_kg)
        if light is None:
            return None
        slope = WORTH_kg_s
        able = LIGHT_kg + slope * (self.most_burn_s(LIGHT_kg) - light.burn_s)
        if able < 300.0:
            return None
        shape, payload = light, share * able
        for _ in range(5):
            found = self.shoot(goal, replace(shape, payload_kg=payload)) or self.best(goal, payload)
            if found is None:
                return None
            over = found.burn_s - self.most_burn_s(payload)
            timed = self.timed(found, goal) if over <= 0.0 else None
            if timed is not None and timed.burn_s <= self.most_burn_s(payload):
                return timed
            shape, payload = found, payload - max(1.2 * slope * over, 0.01 * payload)
            if payload < 50.0:
                return None
        return None

    def timed(self, shape: Shape, goal: Goal) -> Shape | None:
        """The same with the fairing gone as soon as the heat flux permits."""
        for _ in range(4):
            flight = self.fly(shape)
            ignition = next(p for p in flight.steering.phases if p.name == self.covered).start_s
            burning = flight.t_s > ignition
            low = self._may_go(flight)
            # The last instant above the flux: a lofted flight comes back into denser air.
            above = flight.t_s[burning & ~low]
            earliest = max(1.0, (above[-1] + 1.0 if len(above) else ignition) - ignition)
            if earliest > shape.burn_s - 5.0:
                return None
            if abs(earliest - shape.fairing_s) < 1.5:
                return shape
            found = self.shoot(goal, replace(shape, fairing_s=earliest))
            if found is None:
                return None
            shape = found
        return shape

    def _may_go(self, flight: History) -> Array:
        """Where the fairing or the tower may go, with something to spare."""
        shroud = self.mission.vehicle.shroud
        assert shroud is not None
        if shroud.rule == "altitude":
            return flight["altitude_m"] >= shroud.threshold + HEIGHT_TO_SPARE_m
        return flight["heat_flux_W_m2"] <= FAIRING_FLUX * shroud.threshold


# --- what a flight kept ---------------------------------------------------------------------------------


def worst(flight: History) -> dict[str, float]:
    """Peaks of a flight by the keys of a mission's limits, and the heat flux when the fairing goes."""
    dense = flight.phase <= flight.phases.index("stage-1")
    moving = dense & (flight["dynamic_pressure_Pa"] > 1000.0) & (flight.phase > 0)
    steered = np.isin(flight.phase, [i for i, name in enumerate(flight.phases) if name != "rise"])
    u = np.stack([flight[f"u{c}_eci"] for c in "xyz"])
    step = np.diff(flight.t_s)
    turned = steered[1:] & steered[:-1] & (step > 1e-6)
    chord = np.linalg.norm(np.diff(u, axis=1), axis=0)
    covered = next(k for k, name in enumerate(flight.phases) if name.startswith("stage-2 with "))
    release = np.flatnonzero(flight.phase == covered)[-1]
    return {
        "dynamic_pressure_kPa": 1e-3 * float(flight["dynamic_pressure_Pa"][dense].max()),
        "q_alpha_Pa_rad": float(flight["q_alpha_Pa_rad"][dense].max()),
        "axial_acceleration_g0": float(flight["axial_acceleration_m_s2"].max()) / STANDARD_GRAVITY_M_S2,
        "angle_of_attack_deg": float(flight["angle_of_attack_deg"][moving].max()),
        "turn_rate_deg_s": float(np.degrees((chord[turned] / step[turned]).max())),
        "release_W_m2": float(flight["heat_flux_W_m2"][release]),
        "release_m": float(flight["altitude_m"][release]),
    }


def propellant_left_kg(mission: Mission, flight: History) -> list[float]:
    """Of each stage, by the masses of the flight."""
    left = []
    for budget in sequence(mission).budgets:
        rows = [np.flatnonzero(flight.phase == k) for k in budget.phases]
        burned = sum(flight["mass_kg"][r[0]] - flight["mass_kg"][r[-1]] for r in rows)
        left.append(float(budget.usable_kg - burned))
    return left
