"""What is loaded into the vehicle's computer before lift-off: programme, cut-off speed, target, numbers of the last stage."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Phase, Sequence, sequence
from baiterek.errors import BadValue
from baiterek.flight.guidance import Target
from baiterek.flight.simulate import simulate
from baiterek.history import History, Steering
from baiterek.physics.orbit import angular_momentum, eccentricity_vector

TIMED, HELD, PROGRAMME, GUIDED = 0, 1, 2, 3
RULES = {"": 0, "heat_flux": 1, "altitude": 2, "time": 3}
PROGRAMME_CYCLE_S = 1.0
GUIDANCE_CYCLE_S = 2.0
TURN_RATE_RAD_S = float(np.radians(3.0))
"""Of a commanded attitude where the mission has no limit: assumed."""
PROGRAMME_STEP_S = 0.25
PROGRAMME_RTOL = 1e-9


class Onboard(NamedTuple):
    """Constants of guidance, all nominal."""

    kind: Any
    """Of each phase: by time as the steering has it; by time, attitude kept; by the programme; by explicit guidance."""
    programme: Any
    """Rows of speed over the Earth, time, ux, uy, uz, throttle of the nominal flight: ascending."""
    end_speed_m_s: Any
    """At which a phase of the programme ends; NaN: it ends by time."""
    nominal_s: Any
    """Durations of the phases."""
    target: Target
    thrust_N: float
    """Of the guided stage."""
    exhaust_m_s: float
    shroud_kg: float
    """That still goes while the stage is guided, 0 when none does."""
    rule: int
    threshold: float
    tail_s: float
    """Full thrust for so long gives what the tail-off gives."""
    turn_rate_rad_s: float


def load_onboard(mission: Mission, steering: Steering) -> Onboard:
    """The computer's load for `steering`: the nominal flight is its programme, its last orbit the target."""
    flown = sequence(mission)
    nominal = simulate(mission, steering, rtol=PROGRAMME_RTOL, output_s=PROGRAMME_STEP_S)
    kind = kinds(mission, flown)
    guided = [flown.phases[index] for index in np.flatnonzero(kind == GUIDED)]
    _refuse_throttle(mission, guided)
    programme, end_speed = _programme(mission, nominal, steering, kind)
    shroud = mission.vehicle.shroud
    goes = shroud if shroud is not None and any(phase.until for phase in guided) else None
    tails = [phase for phase in flown.phases if phase.stage == guided[-1].stage and phase.ramp == "fall"]
    engine = guided[-1].propulsion
    return Onboard(
        kind,
        programme,
        end_speed,
        np.array([float(each.duration_s) for each in steering.phases]),
        target_of(nominal, mission.environment.mu_m3_s2),
        float(engine.thrust_vac_N),
        float(engine.thrust_vac_N / engine.mass_flow_kg_s),
        float(goes.mass_kg) if goes is not None else 0.0,
        RULES[goes.rule] if goes is not None else 0,
        float(goes.threshold) if goes is not None else 0.0,
        sum(0.5 * float(phase.throttle[1]) * float(phase.duration_s) for phase in tails),
        float(mission.limits.turn_rate_rad_s or TURN_RATE_RAD_S),
    )


def kinds(mission: Mission, flown: Sequence) -> Any:
    """How each phase is steered: the first stage by programme, the last by guidance, what lies between by time."""
    stages = mission.vehicle.stages
    timed = {index for timing in flown.timings for index in timing.phases}

    def kind(index: int, phase: Phase) -> int:
        if phase.steering == "hold" or not phase.stage:
            return HELD
        if phase.dense_air:
            return PROGRAMME
        chosen = phase.duration_s is None and index not in timed
        return GUIDED if phase.stage == stages[-1].name and chosen and len(stages) > 1 else TIMED

    found = np.array([kind(index, phase) for index, phase in enumerate(flown.phases)])
    if not np.any(found == GUIDED):
        raise BadValue(mission.file or mission.name, "vehicle", "no stage above the first", "two or more, the last one guided")
    return found


def target_of(nominal: History, mu_m3_s2: float) -> Target:
    """The osculating ellipse at the end of the nominal flight."""
    names = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
    state = [float(nominal[name][-1]) for name in names]
    h = np.array(angular_momentum(*state))
    e = np.array(eccentricity_vector(*state, mu_m3_s2))
    eccentricity = float(np.linalg.norm(e))
    towards = e / eccentricity if eccentricity > 1e-12 else np.array(state[:3]) / np.linalg.norm(state[:3])

    def plain(vector: Any) -> tuple[float, float, float]:
        return float(vector[0]), float(vector[1]), float(vector[2])

    return Target(plain(h / np.linalg.norm(h)), plain(towards), float(h @ h / mu_m3_s2), eccentricity)


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
