"""Kinds of missions with an upper stage: which burns their witness flies, and what is then asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from baiterek.catalogue.burns import burns_of
from baiterek.catalogue.mission import Mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.history import History
from baiterek.physics.orbit import sun_synchronous_inclination
from baiterek.physics.transfer import hohmann, raise_and_turn, speed_to_circle
from thousand import launcher, upper
from thousand.ascents import Goal, worst
from thousand.cases import FEASIBLE, STANDARD, Case, Nothing, any_epoch, read, written
from thousand.upper import Array, PARKING_km, Upper

FREGATS, BLOCKS = ("fregat", "fregat-m", "fregat-mt"), ("block-dm-03-light", "block-dm-slb")
R_km = 6378.137
WAITING_km = 260.0
"""Apogee of the orbit in which a stage waits for its second burn."""
LIFTED_kg, LIFTED_kg_deg, EMPTY_kg, SHORT_m_s = 15500.0, 70.0, 9000.0, 5000.0
"""What the launcher brings to the suborbital ellipse at 46 deg, and less a degree; by what speed it falls short of it with
more, which goes with the logarithm of its last mass. Rough: they only make draws that fly likelier."""


class Wish:
    """What a kind draws: the stage, burns, heights, the launch's inclination, the ideal gain of the later burns."""

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        self.kind, self.rng = kind, rng
        self.inclination_deg = 46.2 + float(rng.choice((0.0, 5.4, 18.6, 30.0))) + float(rng.uniform(0.0, 3.0))
        mu, low = 3.986004418e14, 1e3 * (R_km + PARKING_km)
        self.high_km, stages, self.count = float(rng.uniform(350.0, 1400.0)), FREGATS, 2
        if kind == "upper-sun-synchronous":
            self.high_km = float(rng.uniform(500.0, 1200.0))
            a = 1e3 * (R_km + self.high_km)
            self.inclination_deg = float(np.degrees(sun_synchronous_inclination(a, a, mu, 1.08263e-3, 1e3 * R_km)))
        elif kind == "upper-transfer":
            stages, self.high_km = (*FREGATS, *BLOCKS), float(np.exp(rng.uniform(np.log(2e3), np.log(4e4))))
        elif kind == "upper-molniya":
            stages, self.high_km, self.inclination_deg = (*FREGATS, *BLOCKS), float(rng.uniform(38e3, 41e3)), 63.4
        elif kind == "upper-middle":
            stages, self.high_km, self.count = (*FREGATS, *BLOCKS), float(rng.uniform(8e3, 22e3)), 3
        elif kind == "upper-tundra":
            stages, self.high_km, self.count = (*FREGATS, *BLOCKS), float(rng.uniform(44e3, 48e3)), 3
            self.inclination_deg = 63.4
        elif kind in ("upper-geo", "upper-residual"):
            stages, self.high_km, self.count = BLOCKS, 35786.0, 3
            self.inclination_deg = 46.3 + float(rng.uniform(0.0, 5.0))
            if kind == "upper-residual":
                stages = ("fregat-sb", *FREGATS, *BLOCKS)
        elif kind == "upper-escape":
            stages, self.c3_km2_s2 = (*FREGATS, *BLOCKS), float(rng.uniform(0.5, 25.0))
        self.stage = str(rng.choice(stages))
        high = 1e3 * (R_km + self.high_km)
        both = hohmann(low, high, mu)
        self.gain_m_s = float(both[0] + both[1])
        if kind in ("upper-transfer", "upper-molniya"):
            self.gain_m_s = float(both[0])
        elif kind == "upper-geo":
            self.gain_m_s = float(raise_and_turn(low, high, np.radians(self.inclination_deg), mu).total_m_s)
        elif kind == "upper-residual":
            self.trim_m_s = float(rng.uniform(150.0, 1200.0))
            self.gain_m_s = float(both[0]) + self.trim_m_s
        elif kind == "upper-tundra":
            self.gain_m_s = float(both[0]) + 0.8 * float(both[1])
        elif kind == "upper-escape":
            self.gain_m_s = float(np.sqrt(1e6 * self.c3_km2_s2 + 2.0 * mu / low) - np.sqrt(mu / low))

    def payload_kg(self, mission: Mission) -> float:
        """A share of what the ideal gain leaves to the payload, and of what the launcher lifts."""
        stage = mission.upper_stage
        assert stage is not None
        carried, exhaust = float(stage.loaded_kg + stage.adapter_kg), STANDARD_GRAVITY_M_S2 * float(stage.isp_s)
        lifted = LIFTED_kg - LIFTED_kg_deg * (self.inclination_deg - 46.0)
        usable, most = float(stage.usable_kg(self.count)) - 60.0, lifted - carried
        for _ in range(30):
            short = SHORT_m_s * max(float(np.log((EMPTY_kg + carried + most) / (EMPTY_kg + lifted))), 0.0)
            ratio = float(np.exp((1.07 * self.gain_m_s + 80.0 + short) / exhaust))
            able = usable * ratio / (ratio - 1.0) - float(stage.loaded_kg)
            able = able if carried > lifted else min(able, lifted - carried)
            most = 0.5 * (most + max(able, -0.9 * (EMPTY_kg + carried)))
        if most < 150.0:
            raise Nothing
        return most * (0.35 + 0.6 * float(self.rng.random()) ** 0.6)


def drawn(kind: str, number: int, rng: np.random.Generator) -> Case:
    """One draw of a kind."""
    wish, epoch, name = Wish(kind, rng), any_epoch(rng), f"case-{number}"
    burns: dict[str, Any] = {"stage": wish.stage, "burns": wish.count}
    circle = {"altitude_km": 200.0, "inclination_deg": wish.inclination_deg}
    plain = read(written(name, epoch, circle, 1000.0, STANDARD, upper_stage=burns))
    stage = Upper(plain, wish.payload_kg(plain), wish.count)
    stage.launch(float(np.radians(wish.inclination_deg)))
    FLOWN[kind](stage, wish)
    numbers = stage.numbers()
    history = upper.flown(plain, numbers)
    target = ASKED[kind](plain, history, stage)
    peak = worst(history)
    limits: dict[str, Any] = {key: max(most, 1.02 * peak.get(key, 0.0)) for key, most in STANDARD.items()}
    most = bool(rng.random() < 0.5)
    payload = None if most else stage.payload_kg
    alike = read(written(name, epoch, target, payload, limits, upper_stage=burns | {"burns": "auto"}))
    if rng.random() < 0.5 and burns_of(alike) == wish.count:
        burns["burns"] = "auto"
    text = written(name, epoch, target, payload, limits, upper_stage=burns)
    faults: list[str] = []
    upper.held(read(text), history, lambda what, value, limit: faults.append(what) if not value <= limit else None)
    if faults:
        raise Nothing
    floor = stage.payload_kg if most else float(history["mass_kg"][-1])
    return Case(number, kind, FEASIBLE, text, f"flown witness, {wish.stage}", numbers, floor)


# --- how they are flown ---------------------------------------------------------------------------------


def _round(stage: Upper) -> Callable[[Array], Array]:
    """Of a state: what it lacks to a circle at its own radius."""

    def miss(y: Array) -> Array:
        radius = float(np.linalg.norm(y[:3]))
        return np.array([y[:3] @ y[3:6] / radius / 1e3, (np.linalg.norm(y[3:6]) - np.sqrt(stage.mu / radius)) / 1e3])

    return miss


def _circle_speed(stage: Upper, share: float = 1.0) -> float:
    """Impulse at the apogee of the present orbit that makes it round, or a share of it."""
    at = stage.at(stage.y)
    low, high = float(at.perigee_radius_m), float(at.apogee_radius_m)
    return share * float(np.sqrt(stage.mu / high) * (1.0 - np.sqrt(2.0 * low / (low + high))))


def fly_circle(stage: Upper, wish: Wish) -> None:
    stage.to_parking(wish.high_km)
    stage.arrive(_circle_speed(stage), _round(stage), (0.0, 0.0), 2)


def fly_sun_synchronous(stage: Upper, wish: Wish) -> None:
    stage.to_parking(wish.high_km)
    environment = stage.environment

    def miss(y: Array) -> Array:
        radius, momentum = float(np.linalg.norm(y[:3])), np.cross(y[:3], y[3:6])
        inclination = float(np.arccos(momentum[2] / np.linalg.norm(momentum)))
        a = radius
        for _ in range(4):
            i = float(sun_synchronous_inclination(a, a, stage.mu, environment.j2, stage.radius))
            wanted = Goal(a, a, i, mean=True).at(y, environment)
            a += radius - wanted[0]
        speeds = np.array([y[:3] @ y[3:6] / radius, np.linalg.norm(y[3:6])])
        return np.array([*(speeds - wanted[1:3]) / 1e3, inclination - wanted[3]])

    stage.arrive(_circle_speed(stage), miss, (0.0, 0.0), 3)


def soon(states: Array) -> Array:
    """Any place will do: rises through zero wherever the stage flies north over its middle latitude, and south."""
    return np.abs(states[5]) - 0.5 * np.abs(states[5]).max()


def southernmost(states: Array) -> Array:
    """Through the lowest latitude."""
    return states[5]


def equator_down(states: Array) -> Array:
    return -states[2]


def equator_up(states: Array) -> Array:
    return states[2]


def fly_transfer(stage: Upper, wish: Wish) -> None:
    stage.to_parking(WAITING_km)
    axis = 0.5e3 * (2.0 * R_km + PARKING_km + wish.high_km)
    stage.raise_energy(southernmost if wish.kind == "upper-molniya" else soon, 1.0 / axis)


def fly_escape(stage: Upper, wish: Wish) -> None:
    stage.to_parking(WAITING_km)
    stage.raise_energy(soon, -1e6 * wish.c3_km2_s2 / stage.mu)


def fly_middle(stage: Upper, wish: Wish) -> None:
    fly_transfer(stage, wish)
    stage.arrive(_circle_speed(stage), _round(stage), (0.0, 0.0), 2)


def fly_tundra(stage: Upper, wish: Wish) -> None:
    stage.to_parking(WAITING_km)
    stage.raise_energy(southernmost, 1.0 / (0.5e3 * (2.0 * R_km + PARKING_km + wish.high_km)))
    axis = 42164.17e3

    def miss(y: Array) -> Array:
        return np.array([1.0 - axis * float(stage.at(y).inverse_semi_major_axis_1_m)])

    stage.arrive(_circle_speed(stage, 0.75), miss, (0.0, 0.0), 1)


def _over_equator(stage: Upper, above_m: float) -> None:
    """The raise to the geostationary height, and more for what later burns lose, about the next node."""
    axis = 0.5 * (1e3 * (R_km + PARKING_km) + upper.stationary_m() + above_m)
    stage.raise_energy(equator_down if stage.y[5] > 0.0 and stage.y[2] > 0.0 else equator_up, 1.0 / axis)


def _turn(stage: Upper) -> tuple[float, float]:
    """Impulse that makes the present orbit round and equatorial at its apogee, and the yaw of its direction."""
    at = stage.at(stage.y)
    low, high, turn = float(at.perigee_radius_m), float(at.apogee_radius_m), float(at.inclination_rad)
    before, after = np.sqrt(2.0 * stage.mu * low / high / (low + high)), np.sqrt(stage.mu / high)
    across, along = after * np.sin(turn), after * np.cos(turn) - before
    # At the apogee after a raise at the descending node the stage flies north: the turn is to the south, and so on.
    north = float(at.argument_of_perigee_rad) % (2.0 * np.pi)
    sign = -1.0 if 0.5 * np.pi < north < 1.5 * np.pi else 1.0
    return float(np.hypot(across, along)), sign * float(np.arctan2(across, along))


def fly_geo(stage: Upper, wish: Wish) -> None:
    stage.to_parking(WAITING_km)
    _over_equator(stage, 270e3)
    speed, yaw = _turn(stage)

    def miss(y: Array) -> Array:
        momentum = np.cross(y[:3], y[3:6])
        tilt = momentum[:2] / np.linalg.norm(momentum)
        return np.concatenate([_round(stage)(y), tilt])

    stage.arrive(speed, miss, (0.0, yaw), 4)


def fly_residual(stage: Upper, wish: Wish) -> None:
    stage.to_parking(WAITING_km)
    _over_equator(stage, 500e3)
    speed, yaw = _turn(stage)
    trim = min(wish.trim_m_s, 0.8 * speed)
    guess = stage.burn_for_s(trim)
    middle = stage.until(lambda s: -(s[:3] * s[3:6]).sum(axis=0), float(stage.stage.coast_min_s) + 2.0 + 0.5 * guess)
    stage.keep(middle - 0.5 * guess, guess, (0.0, 0.0, yaw, 0.0))


# --- what is asked for ----------------------------------------------------------------------------------


def _shape(mission: Mission, history: History) -> tuple[dict[str, Any], Any]:
    at, radius = launcher.reached(mission, history), float(mission.environment.radius_m)
    low, high = 1e-3 * (float(at.perigee_radius_m) - radius), 1e-3 * (float(at.apogee_radius_m) - radius)
    if high - low < 0.02:
        low = high = 0.5 * (low + high)
    inclination = float(np.degrees(at.inclination_rad))
    return {"perigee_altitude_km": low, "apogee_altitude_km": high, "inclination_deg": inclination}, at


def ask_shape(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    return _shape(mission, history)[0]


def ask_argument(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    target, at = _shape(mission, history)
    return target | {"argument_of_perigee_deg": float(np.degrees(at.argument_of_perigee_rad))}


def ask_sun_synchronous(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    """The mean circle whose osculating radius the witness has."""
    end = upper.state_at(history, -1)
    a = radius = float(np.linalg.norm(end[:3]))
    for _ in range(6):
        i = float(sun_synchronous_inclination(a, a, stage.mu, stage.environment.j2, stage.radius))
        a += radius - Goal(a, a, i, mean=True).at(end, stage.environment)[0]
    return {"altitude_km": 1e-3 * (a - stage.radius), "sun_synchronous": True}


def ask_geo(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    target, _ = _shape(mission, history)
    low, high = target["perigee_altitude_km"], target["apogee_altitude_km"]
    bounds = {"perigee_altitude_km": {"min": low - 5.0, "max": low + 5.0}}
    return bounds | {"apogee_altitude_km": {"min": high - 5.0, "max": high + 5.0}, "inclination_deg": {"min": 0.0, "max": 0.05}}


def ask_residual(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    target, at = _shape(mission, history)
    if at.apogee_radius_m < upper.stationary_m():
        raise Nothing
    speed = speed_to_circle(at.perigee_radius_m, at.apogee_radius_m, at.inclination_rad, upper.stationary_m(), stage.mu)
    return {
        "perigee_altitude_km": {"min": 180.0, "max": max(6000.0, target["perigee_altitude_km"] + 100.0)},
        "apogee_altitude_km": target["apogee_altitude_km"], "inclination_deg": {"min": 0.0, "max": 90.0},
        "argument_of_perigee_deg": float(np.degrees(at.argument_of_perigee_rad)), "speed_to_geo_m_s": float(speed.total_m_s),
    }  # fmt: skip


def ask_escape(mission: Mission, history: History, stage: Upper) -> dict[str, Any]:
    at = launcher.reached(mission, history)
    perigee = 1e-3 * (float(at.perigee_radius_m) - stage.radius)
    return {
        "perigee_altitude_km": {"min": 180.0, "max": max(perigee + 20.0, 300.0)},
        "inclination_deg": float(np.degrees(at.inclination_rad)),
        "c3_km2_s2": -1e-6 * stage.mu * float(at.inverse_semi_major_axis_1_m),
    }  # fmt: skip


FLOWN: dict[str, Callable[[Upper, Wish], None]] = {
    "upper-circle": fly_circle, "upper-sun-synchronous": fly_sun_synchronous, "upper-transfer": fly_transfer,
    "upper-molniya": fly_transfer, "upper-middle": fly_middle, "upper-tundra": fly_tundra, "upper-geo": fly_geo,
    "upper-residual": fly_residual, "upper-escape": fly_escape,
}  # fmt: skip
ASKED: dict[str, Callable[[Mission, History, Upper], dict[str, Any]]] = {
    "upper-circle": ask_shape, "upper-sun-synchronous": ask_sun_synchronous, "upper-transfer": ask_shape,
    "upper-molniya": ask_argument, "upper-middle": ask_shape, "upper-tundra": ask_argument, "upper-geo": ask_geo,
    "upper-residual": ask_residual, "upper-escape": ask_escape,
}  # fmt: skip
