"""What an upper stage must keep, as rows of the programme: disposal, life, coasts above the air, a launcher that falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import casadi as ca
import numpy as np

from baiterek.catalogue.burns import disposal_of, storage_apogee_m
from baiterek.catalogue.mission import Element, Mission
from baiterek.catalogue.sequence import Sequence, drop_tanks_name
from baiterek.constants import PROTECTED_LEO_ALTITUDE_M
from baiterek.physics.disposal import deorbit_speed, graveyard_raise, graveyard_speed
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.propulsion import propellant_for
from baiterek.physics.transfer import speed_to_circle
from baiterek.trajectory import terminal
from baiterek.trajectory.outline import outline

if TYPE_CHECKING:
    from baiterek.trajectory.transcription import Transcription

AREA_OVER_MASS_m2_kg, REFLECTIVITY = 0.01, 1.5
"""Of a spent stage under the pressure of sunlight; assumed."""
PERIGEE_SCALE_m = 1e5


FLOORS = ("separation_altitude_min_m", "coast_altitude_min_m")


def floor_of(plan: Sequence, k: int) -> str:
    """Name of the limit that keeps phase k of an upper stage out of the air."""
    return FLOORS[plan.phases[k].coast and plan.phases[k - 1].vacuum]


def disposal_kg(mission: Mission, numbers: Mapping[str, Any], left_kg: Any, elements: Any) -> Any:
    """Propellant that the disposal of `left_kg` from the last orbit takes, by its closed form; 0 where there is none.

    Numbers or symbols; `elements` as in `terminal`. The fixed reserve of the catalogue is in the budget already.
    """
    kind, mu = disposal_of(mission), mission.environment.mu_m3_s2
    if kind == "deorbit":
        lowered = mission.environment.radius_m + mission.burns.deorbit_perigee_m
        speed = deorbit_speed(elements[0], elements[1], lowered, mu)
    elif kind == "lower":  # the same at the other apsis
        speed = deorbit_speed(elements[1], elements[0], storage_apogee_m(), mu)
    elif kind == "graveyard":
        speed = graveyard_speed(elements[0], graveyard_raise(AREA_OVER_MASS_m2_kg, REFLECTIVITY), mu)
    else:
        return 0.0
    return propellant_for(left_kg, speed, numbers["isp_s"])


def disposal_s(mission: Mission, elements: Any) -> Any:
    """From insertion to the burn that deorbits the stage at apogee, or lowers its apogee at perigee: half a revolution, or
    none where the last burn stood at the apogee and a whole one where it stood at the perigee; 0 for other disposals.
    The second burn into a graveyard comes half a day after the first: past any life that is known, so that it counts in
    the propellant and not here.
    """
    kind, steps = disposal_of(mission), outline(mission).steps
    far = bool(steps) and steps[-1].kind != "raise"
    halves = {("deorbit", False): 1.0, ("lower", False): 2.0, ("lower", True): 1.0}.get((kind, far), 0.0)
    if halves == 0.0:
        return 0.0
    axis = 0.5 * (elements[0] + elements[1])
    return halves * np.pi * np.sqrt(axis) * axis / float(np.sqrt(mission.environment.mu_m3_s2))


def tanks_dropped(mission: Mission, plan: Sequence) -> int | None:
    """Number of the phase at whose end the drop tanks go; None where they stay."""
    assert mission.upper_stage is not None
    name = drop_tanks_name(mission.upper_stage)
    return next((k for k, phase in enumerate(plan.phases) if name in [drop.name for drop in phase.drops]), None)


def upper_limits(problem: Transcription) -> Iterator[tuple[str, Any, float, float, bool]]:
    """Name, expression, bounds and `limit` of each row."""
    mission, plan, scale = problem.mission, problem.plan, problem.scale
    stage = mission.upper_stage
    assert stage is not None
    first = next(k for k, phase in enumerate(plan.phases) if phase.vacuum)
    start = scale.physical(problem.starts[first][:6])
    radius = mission.environment.radius_m

    def number(name: str) -> Any:
        return problem.numbers.of(problem.p, name)

    left_on = elements_from_state(*start, mission.environment.mu_m3_s2)
    perigee, apogee = left_on.perigee_radius_m - radius, left_on.apogee_radius_m - radius
    yield "launcher_perigee_max_m", (perigee - number("burns.launcher_perigee_max_m")) / PERIGEE_SCALE_m, -np.inf, 0.0, True
    yield "launcher_apogee_max_m", apogee / number("burns.launcher_apogee_max_m"), -np.inf, 1.0, True
    elements = None
    if mission.target is not None:
        elements = problem.w[problem.place["elements"]] * ca.DM(problem.element_scale)
        flown = problem.elapsed[-1] - problem.elapsed[first]
        lived = (flown + disposal_s(mission, elements)) / number("upper_stage.life_s")
        yield "upper_stage life_s", lived, -np.inf, 1.0, True
        if disposal_of(mission) == "lower":
            above = elements[0] - radius - PROTECTED_LEO_ALTITUDE_M
            yield "storage_perigee_min_m", above / PERIGEE_SCALE_m, 0.0, np.inf, True
    if stage.drop_tanks is not None:
        dropped = tanks_dropped(mission, plan)
        if dropped is not None:
            spent = sum((problem.starts[k][6] - problem.ends[k][6]) * problem.mass_scales[k] for k in range(first, dropped + 1))
            yield "upper_stage drop tanks", spent / number("upper_stage.drop_tanks.propellant_kg"), 1.0, np.inf, True
    if mission.target is not None and mission.target.escape is not None:
        yield from _asymptote(mission, elements, number)
    if mission.target is not None and mission.target.speed_to_geo_m_s is not None and elements is not None:
        speed, wanted = residual_speed(mission, elements), number("target.speed_to_geo_m_s")
        yield from _between("speed_to_geo_m_s", speed / 1e3, wanted / 1e3, mission.target.speed_to_geo_m_s)


def _between(name: str, value: Any, wanted: Any, element: Element) -> Iterator[tuple[str, Any, float, float, bool]]:
    """A value between the two ends `wanted`, which are parameters, so that a price and a neighbour may move them."""
    if element.fixed:
        yield name, value - wanted[0], 0.0, 0.0, True
        return
    yield name, value - wanted[0], 0.0, np.inf, True
    yield name, value - wanted[1], -np.inf, 0.0, True


def _asymptote(mission: Mission, elements: Any, number: Callable[[str], Any]) -> Iterator[tuple[str, Any, float, float, bool]]:
    """Where an escape points, as far as the target asks for it."""
    assert mission.target is not None and mission.target.escape is not None
    escape, angles = mission.target.escape, terminal.asymptote_angles(mission, elements)
    declination, ascension = escape.declination_rad, escape.right_ascension_rad
    if declination.low is not None:
        yield from _between("declination_rad", angles[0], number("target.declination_rad"), declination)
    if ascension.low is not None:
        half = 0.5 * float(ascension.high - ascension.low)
        yield from _between("right_ascension_rad", angles[1], (-half, half), ascension)


def residual_speed(mission: Mission, elements: Any) -> Any:
    """`physics.transfer.speed_to_circle` of the elements, to the geostationary circle."""
    from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S
    from baiterek.physics.disposal import stationary_radius

    circle = stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S)
    x = ca.SX.sym("elements", 3)
    total = speed_to_circle(*ca.vertsplit(x), circle, mission.environment.mu_m3_s2).total_m_s
    return ca.Function("residual_speed", [x], [total])(elements[:3])
