"""What is loaded into the vehicle's computer before lift-off: programme, cut-off speed, target, numbers of the last stage."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Phase, Sequence, sequence
from baiterek.errors import BadValue
from baiterek.flight.simulate import simulate
from baiterek.history import History, Steering
from baiterek.physics.orbit import angular_momentum, eccentricity_vector

TIMED, HELD, PROGRAMME, GUIDED = 0, 1, 2, 3
RULES = {"": 0, "heat_flux": 1, "altitude": 2, "time": 3}
PROGRAMME_CYCLE_S = 1.0
GUIDANCE_CYCLE_S = 2.0
TURN_RATE_RAD_S = float(np.radians(3.0))
"""Of a commanded attitude where the mission has no limit: assumed."""
LEAST_ALTITUDE_m = 140e3
"""Of a circle in place of the target, above the equatorial radius, where the mission has no least altitude: at orbital speed
the free-molecular heat flux passes 1135 W/m2 below some 137 km."""
PROGRAMME_STEP_S = 0.25
PROGRAMME_RTOL = 1e-9


class Onboard(NamedTuple):
    """Constants of guidance, all nominal. Those of burns have a row for each burn that is guided."""

    kind: Any
    """Of each phase: by time as the steering has it; by time, attitude kept; by the programme; by explicit guidance."""
    burn: Any
    """Number of the guided burn of each phase; -1: none."""
    programme: Any
    """Rows of speed over the Earth, time, ux, uy, uz, throttle of the nominal flight: ascending."""
    end_speed_m_s: Any
    """At which a phase of the programme ends; NaN: it ends by time."""
    nominal_s: Any
    """Durations of the phases."""
    targets: Any
    """Normal, perigee, semi-latus rectum, eccentricity of the orbit after each burn, shape (burns, 8)."""
    gain_m_s: Any
    """Ideal speed that each burn gains."""
    thrust_N: Any
    exhaust_m_s: Any
    start_kg: Any
    """Mass at the start of each burn."""
    tail_s: Any
    """Full thrust for so long gives what the tail-off gives."""
    shroud_kg: Any
    """That still goes while a burn is guided, 0 when none does."""
    later_m_s: Any
    """What burns after this one still take of the same tanks."""
    retargets: Any
    """1 for burns of the last stage: nobody comes after it who could make up for a lack of propellant."""
    rule: int
    threshold: float
    """Of the shroud."""
    least_radius_m: float
    """Of a circle in place of the target."""
    turn_rate_rad_s: float


def load_onboard(mission: Mission, steering: Steering) -> Onboard:
    """The computer's load for `steering`: the nominal flight is its programme, its orbits after each burn the targets."""
    flown = sequence(mission)
    upper = mission.upper_stage is not None
    nominal = simulate(mission, steering, rtol=None if upper else PROGRAMME_RTOL, output_s=PROGRAMME_STEP_S)
    kind = kinds(mission, flown)
    programme, end_speed = _programme(mission, nominal, steering, kind)
    burns = burns_of(mission, flown, kind)
    burn = np.full(len(kind), -1)
    for number, phases in enumerate(burns):
        burn[list(phases)] = number
    ends = [last_row(nominal, _tail(flown, phases)) for phases in burns]
    engines = [flown.phases[phases[0]].propulsion for phases in burns]
    exhaust = np.array([float(engine.thrust_vac_N / engine.mass_flow_kg_s) for engine in engines])
    starts = np.array([nominal["mass_kg"][np.flatnonzero(nominal.phase == phases[0])[0]] for phases in burns])
    final = flown.phases[burns[-1][0]].stage
    retargets = np.array([int(flown.phases[phases[0]].stage == final) for phases in burns])
    gains = np.array([_gain(nominal, phases, speed) for phases, speed in zip(burns, exhaust, strict=True)])
    shroud = mission.vehicle.shroud
    sheds = [shroud is not None and any(flown.phases[p].until for p in phases) for phases in burns]
    goes = shroud if any(sheds) else None
    least = mission.limits.insertion_altitude_min_m or LEAST_ALTITUDE_m
    return Onboard(
        kind,
        burn,
        programme,
        end_speed,
        np.array([float(each.duration_s) for each in steering.phases]),
        np.array([target_of(nominal, row, mission.environment.mu_m3_s2) for row in ends]),
        gains,
        np.array([float(engine.thrust_vac_N) for engine in engines]),
        exhaust,
        starts,
        np.array([_tail_s(flown, phases) for phases in burns]),
        np.array([float(goes.mass_kg) if goes is not None and shed else 0.0 for shed in sheds]),
        np.array([sum(gains[n + 1 :]) if same else 0.0 for n, same in enumerate(retargets)], dtype=float),
        retargets,
        RULES[goes.rule] if goes is not None else 0,
        float(goes.threshold) if goes is not None else 0.0,
        float(mission.environment.radius_m + least),
        float(mission.limits.turn_rate_rad_s or TURN_RATE_RAD_S),
    )


def burns_of(mission: Mission, flown: Sequence, kind: Any) -> list[list[int]]:
    """Phases of each guided burn; a burn goes on over the release of the shroud."""
    burns: list[list[int]] = []
    for index in np.flatnonzero(kind == GUIDED):
        if burns and burns[-1][-1] == index - 1:
            burns[-1].append(int(index))
        else:
            burns.append([int(index)])
    for phases in burns:
        _refuse_throttle(mission, [flown.phases[index] for index in phases])
    return burns


def last_row(nominal: History, phase: int) -> int:
    """Row at the end of a phase."""
    return int(np.flatnonzero(nominal.phase == phase)[-1])


def _tail(flown: Sequence, phases: list[int]) -> int:
    """The phase with which a burn ends: its tail-off, where the engine has one."""
    after = phases[-1] + 1
    falls = after < len(flown.phases) and flown.phases[after].ramp == "fall"
    return after if falls and flown.phases[after].stage == flown.phases[phases[-1]].stage else phases[-1]


def _tail_s(flown: Sequence, phases: list[int]) -> float:
    tail = flown.phases[_tail(flown, phases)]
    return 0.5 * float(tail.throttle[1]) * float(tail.duration_s) if tail.ramp == "fall" else 0.0


def _gain(nominal: History, phases: list[int], exhaust_m_s: float) -> float:
    """Ideal speed gained by a burn; what is dropped meanwhile takes its own share of mass away."""
    gain = 0.0
    for phase in phases:
        mass = nominal["mass_kg"][np.flatnonzero(nominal.phase == phase)]
        gain += exhaust_m_s * float(np.log(mass[0] / mass[-1]))
    return gain


def kinds(mission: Mission, flown: Sequence) -> Any:
    """How each phase is steered: the first stage by programme, the last and the upper stage by guidance, others by time."""
    stages = mission.vehicle.stages
    timed = {index for timing in flown.timings for index in timing.phases}

    def kind(index: int, phase: Phase) -> int:
        if phase.steering == "hold" or not phase.stage:
            return HELD
        if phase.dense_air:
            return PROGRAMME
        chosen = phase.duration_s is None and index not in timed
        last = phase.vacuum or (phase.stage == stages[-1].name and len(stages) > 1)
        return GUIDED if last and chosen else TIMED

    found = np.array([kind(index, phase) for index, phase in enumerate(flown.phases)])
    if not np.any(found == GUIDED):
        raise BadValue(mission.file or mission.name, "vehicle", "no stage above the first", "two or more, the last one guided")
    return found


def target_of(nominal: History, row: int, mu_m3_s2: float) -> Any:
    """The osculating orbit at a row of the nominal flight: normal, perigee, semi-latus rectum, eccentricity."""
    names = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
    state = [float(nominal[name][row]) for name in names]
    h = np.array(angular_momentum(*state))
    e = np.array(eccentricity_vector(*state, mu_m3_s2))
    eccentricity = float(np.linalg.norm(e))
    towards = e / eccentricity if eccentricity > 1e-12 else np.array(state[:3]) / np.linalg.norm(state[:3])
    return np.array([*(h / np.linalg.norm(h)), *towards, float(h @ h / mu_m3_s2), eccentricity])


def _programme(mission: Mission, nominal: History, steering: Steering, kind: Any) -> tuple[Any, Any]:
    """Rows of the first stage's flight by speed over the Earth, and the speed at the end of each of its phases."""
    rows = np.flatnonzero(kind[nominal.phase] == PROGRAMME)
    names = ("speed_earth_m_s", "t_s", "ux_eci", "uy_eci", "uz_eci", "throttle")
    table = np.column_stack([nominal[name][rows] for name in names])
    table = table[np.concatenate(([True], np.diff(table[:, 1]) > 1e-9))]
    if np.any(np.diff(table[:, 0]) <= 0.0):
        when = table[int(np.argmin(np.diff(table[:, 0]))), 1]
        found = f"a speed over the Earth that falls at {when:.1f} s"
        raise BadValue(mission.file or mission.name, "steering", found, "one that rises while the first stage burns")
    ends = np.full(len(kind), np.nan)
    flown = sequence(mission)
    timed = {index for timing in flown.timings for index in timing.phases}
    for index, phase in enumerate(flown.phases):
        if kind[index] == PROGRAMME and phase.duration_s is None and index not in timed:
            end_s = steering.phases[index].start_s + steering.phases[index].duration_s
            ends[index] = np.interp(end_s, table[:, 1], table[:, 0])
    return np.ascontiguousarray(table), ends


def _refuse_throttle(mission: Mission, guided: list[Phase]) -> None:
    first = guided[0]
    if any(phase.throttle != (1.0, 1.0) or phase.propulsion != first.propulsion for phase in guided):
        found = f"a {first.stage} that throttles"
        raise BadValue(mission.file or mission.name, "vehicle", found, "a last stage of constant thrust, to be guided")
