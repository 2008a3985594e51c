"""A row of a fleet flown in closed loop: cycle by cycle, the computer decides on what the inertial unit says."""

from __future__ import annotations

from typing import Any, NamedTuple

from baiterek.flight.compile import compiled, inner, part
from baiterek.flight.deciding import FREE, LOWERED, Computer, decide, hold, new_computer, start, target_within_reach
from baiterek.flight.failure import Hurt
from baiterek.flight.fleet import Course, Fleet
from baiterek.flight.fleet_flight import Log, fly_stretch, row_flyer
from baiterek.flight.fleet_kernel import DEPLETED, FAILED, FORCE_X, Felt, Stretch, Tank, Work
from baiterek.flight.integrator import GOING, STUCK
from baiterek.flight.navigation import Unit, align, carry, carry_through_coast, fix, navigated, new_unit, point
from baiterek.flight.onboard import GUIDED, HELD, PROGRAMME, Onboard
from baiterek.flight.sampled import Medium
from baiterek.flight.steering import FREE as COMMANDED
from baiterek.flight.vectors import plus, store, times, triple, unit
from baiterek.physics.propulsion import Propulsion

LONGEST_CYCLES = 5000


class Pilot(NamedTuple):
    """What flies a row: a computer with its load, and the inertial unit by which it knows the world."""

    onboard: Onboard
    brain: Computer
    unit: Unit
    believed: Any
    """Navigated position and velocity at the end, shape (flights, 6)."""
    targets: Any
    """Semi-latus rectum and eccentricity of the last target, shape (flights, 2)."""


def new_pilot(onboard: Onboard, believed: Any, targets: Any) -> Pilot:
    """A `Pilot` for one thread."""
    return Pilot(onboard, new_computer(), new_unit(), believed, targets)


@inner
def prepare(i: int, fleet: Fleet, pilot: Pilot) -> None:
    """Before lift-off: the computer is loaded, the unit aligned."""
    start(pilot.onboard, pilot.brain)
    align(pilot.unit, fleet.navigation[i])


@inner
def fly_cycles(
    i: int,
    p: int,
    t: float,
    h: float,
    duration: float,
    propulsion: Propulsion,
    tank: Tank,
    hurt: Hurt,
    course: Course,
    fleet: Fleet,
    pilot: Pilot,
    felt: Felt,
    work: Work,
    log: Log,
    rtol: float,
) -> Any:
    """A phase cycle by cycle: navigate, decide what to command and for how long, fly that, carry the errors on."""  # fmt: skip
    onboard, brain, unit_ = pilot.onboard, pilot.brain, pilot.unit
    kind, since, leg_index, status = onboard.kind[p], t, course.first_leg[p], GOING
    stretch = duration / course.duration_s[p]
    errors, normal = fleet.navigation[i], triple(onboard.targets[0], 0)
    for _ in range(LONGEST_CYCLES):
        if kind in (PROGRAMME, GUIDED):
            gauge = work.y[6] - tank.floor_kg + tank.companions_kg_s * (t - tank.since_s)
            nav = navigated(work.y, unit_, triple(brain.axis, 0), normal, t, gauge, errors)
            cycle, last = decide(nav, p, t - since, since + duration - t, course.medium, onboard, brain)
            point(unit_, brain.order)
            commands = unit_.flown
        else:
            cycle = course.leg_duration_s[leg_index] * stretch
            commands = course.commands[leg_index]
            leg_index += 1
            last = leg_index == course.first_leg[p + 1]
            if kind == HELD:
                hold(commands, brain)
                point(unit_, brain.order)
                commands = unit_.flown
        if cycle > 1e-6:
            leg = Stretch(COMMANDED, t, cycle, commands, propulsion, 0.0, 0, 0.0)
            axis = unit(triple(commands[0], 0))
            began, r, v = t, triple(work.y, 0), triple(work.y, 3)
            t, h, status = fly_stretch(i, p, t, h, leg, tank, hurt, course, felt, work, log, rtol)
            if status == STUCK:
                break
            if course.vacuum[p] == 1 and kind == HELD:
                carry_through_coast(unit_, r, v, axis, normal, t - began, errors, course.medium.globe)
                brain.past[FREE] += t - began
            elif t > began:
                feel(unit_, t - began, axis, normal, errors, course.medium, work)
            fix(unit_, t, errors)
        if last or status in (DEPLETED, FAILED):
            break
    if kind == GUIDED:
        target = target_within_reach(onboard.burn[p], brain.past[LOWERED], onboard, course.medium)
        pilot.targets[i, 0] = target.parameter_m
        pilot.targets[i, 1] = target.eccentricity
    for n in range(6):
        pilot.believed[i, n] = work.y[n] + unit_.off[n]
    return t, h, status


@part
def feel(of: Unit, dt: float, axis: Any, normal: Any, errors: Any, medium: Medium, work: Work) -> None:
    """The unit through a cycle that has ended: its mean specific force, and the attitude of its middle."""
    force = triple(work.loads, FORCE_X)
    mean = times(0.5, plus(force, 1.0, triple(of.force, 0)))
    carry(of, mean, triple(work.y, 0), axis, normal, dt, errors, medium.globe)
    store(of.force, 0, force)


fly_row_guided = row_flyer(prepare, fly_cycles)


@compiled
def fly_rows_guided(
    course: Course, fleet: Fleet, pilot: Pilot, first: int, last: int, work: Work, log: Log, horizon_s: float, rtol: float
) -> None:
    """As `fly_rows`, in closed loop."""
    for i in range(first, last):
        fly_row_guided(i, course, fleet, pilot, work, log, horizon_s, rtol)
