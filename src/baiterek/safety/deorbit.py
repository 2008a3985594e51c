"""When to light a spent upper stage, so that what is left of it comes down in an ocean zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.burns import leaving_kg
from baiterek.catalogue.hazard_file import BreakUp
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Zone
from baiterek.catalogue.upper_hazard_file import UpperHazards
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.flight import Executor, Falling, over_ground
from baiterek.history import Array, History
from baiterek.physics.disposal import deorbit_speed
from baiterek.physics.geodesic import geodesic_leg, geodesic_point
from baiterek.physics.gravity import gravity
from baiterek.physics.impact import impact_point
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.propulsion import ideal_delta_v, propellant_for
from baiterek.safety.moments import STATE
from baiterek.safety.scenarios import UPPER_HORIZON_s, heavier_kg_m2
from baiterek.safety.zones import holds

ENTRY_m = 120e3
"""Altitude at which an entry is told."""
THICK_m = 80e3
"""Altitude that the orbit after the burn must reach by itself, so that the stage does not skip out: the highest
`deorbit_perigee_m` that a mission may ask for."""
SPARE_m = 300e3
"""What the zone should hold beyond the first and the last piece, along the track; assumed."""
STEP_s = 30.0
"""Between burns that are tried: some 200 km of a low orbit."""
CHUNK_s = 6 * 3600.0
"""Of the wait that is searched at a time."""
BESIDE = 5
"""Steps by which a pass is widened: pieces come down some hundred km beyond the place over which the air is met."""


@dataclass(frozen=True)
class Spent:
    """The stage after the last release."""

    state: Array
    """Inertial axes of launch, shape (6,)."""
    t_s: float
    mass_kg: float
    burnable_kg: float
    """Of its propellant, what can still be burned or vented by attitude control."""
    latest_s: float
    """Since lift-off, to which it lives."""


class Down(NamedTuple):
    """Where one class of its pieces comes down."""

    name: str
    number: float
    ballistic_kg_m2: float
    latitude_rad: float
    longitude_rad: float
    t_s: float


class Entry(NamedTuple):
    """How it meets the air, at `ENTRY_m`."""

    t_s: float
    latitude_rad: float
    longitude_rad: float
    speed_m_s: float
    """Over the ground."""
    descent_rad: float


@dataclass(frozen=True)
class Aimed:
    """A burn after which every piece comes down in the zone."""

    zone: Zone
    spent: Spent
    burn_s: float
    """Since lift-off."""
    state: Array
    """Before the burn, shape (6,)."""
    impulse_m_s: float
    propellant_kg: float
    control_kg: float
    """What attitude control takes of the propellant until then, and settling of the tanks."""
    lasts_s: float
    after_kg: float
    entry: Entry
    pieces: tuple[Down, ...]
    first_s: float
    """Since lift-off, when the first piece comes down if each is three sigma heavier than its class."""
    last_s: float
    """The same of the last piece, each three sigma lighter."""
    spare: bool
    """Whether the zone holds `SPARE_m` more on both ends."""


@dataclass(frozen=True)
class Missed:
    """No such burn."""

    zone: Zone
    why: str
    """`life`, or `propellant`: attitude control has by then taken so much of it that the rest brings nothing down."""
    until_s: float
    """After the release, to which the burn would bring the stage down."""
    south_rad: float
    north_rad: float
    """Latitudes at which the stage would meet the air."""


def aim(
    mission: Mission, flight: History, hazards: UpperHazards, zone: Zone, executor: Executor | None = None
) -> Aimed | Missed:
    """The first pass on which the deorbit burn of a flown mission (with its payload) brings every piece into a zone.

    The burn is that of the budget: an impulse against the horizontal velocity, as large as lowers the perigee from the
    apogee to `deorbit_perigee_m`, or as what attitude control has left of the propellant allows. Coast in the gravity of
    the mission without air; fall with drag, whole to the altitude of break-up, then by classes of pieces, each of its mean
    ballistic coefficient, in the mean wind. On a pass that has room the middle of it is taken, with `SPARE_m` to either
    end where any pass has that; else the first pass that holds the pieces alone.
    """
    assert mission.upper_stage is not None
    spent = spent_stage(mission, flight)
    until = spent.latest_s - spent.t_s
    tight: Aimed | None = None
    south, north, reached = np.nan, np.nan, 0.0
    for waits, states in _coasting(mission, spent.state, float(mission.upper_stage.coast_min_s), until):
        impulse, _ = impulses(mission, spent, waits)
        met = _meets(mission, slowed(states, impulse), spent.t_s + waits)
        down = np.isfinite(met[0])
        if not down.any():
            break
        reached = float(waits[down][-1])
        south, north = float(np.fmin(south, np.nanmin(met[0]))), float(np.fmax(north, np.nanmax(met[0])))
        for rows in _passes(np.asarray(holds(zone, *met, mission))):
            found = _best(mission, spent, hazards, zone, waits[rows], states[rows], executor or Executor())
            if found is not None and found.spare:
                return found
            tight = tight or found
    if tight is not None:
        return tight
    return Missed(zone, "life" if reached > until - 2.0 * CHUNK_s else "propellant", reached, south, north)


def spent_stage(mission: Mission, flight: History) -> Spent:
    """The stage at the end of a flight without what leaves it last; `mission` with its payload."""
    stage = mission.upper_stage
    assert stage is not None
    kept = sum(release.adapter_kg for release in mission.releases)
    mass = float(flight["mass_kg"][-1]) - float(leaving_kg(mission))
    alone = max(event.t_s for event in flight.events if event.name == f"{mission.vehicle.stages[-1].name} separation")
    state = np.array([flight[name][-1] for name in STATE], dtype=float)
    left = mass - kept - float(stage.dry_mass_kg) - float(stage.residual_kg)
    return Spent(state, float(flight.t_s[-1]), mass, left, alone + float(stage.life_s))


def impulses(mission: Mission, spent: Spent, waits_s: Array) -> tuple[Array, Array]:
    """The burn after each wait: loss of speed in m/s, and propellant in kg."""
    stage, earth = mission.upper_stage, mission.environment
    assert stage is not None
    orbit = elements_from_state(*spent.state, earth.mu_m3_s2)
    lowered = earth.radius_m + mission.burns.deorbit_perigee_m
    asked = deorbit_speed(orbit.perigee_radius_m, orbit.apogee_radius_m, lowered, earth.mu_m3_s2)
    control = _control_kg(stage, waits_s)
    before = spent.mass_kg - control
    able = np.maximum(spent.burnable_kg - control, 0.0)
    burned = np.minimum(propellant_for(before, float(asked), float(stage.isp_s)), able)
    return np.asarray(ideal_delta_v(before, before - burned, float(stage.isp_s))), burned


def slowed(states: Array, impulse_m_s: Any) -> Array:
    """States after impulses against the horizontal part of the inertial velocity; rows."""
    r, v = states[:, :3], states[:, 3:]
    flat = v - (np.sum(r * v, axis=1) / np.sum(r * r, axis=1))[:, None] * r
    return np.hstack((r, v - (impulse_m_s / np.linalg.norm(flat, axis=1))[:, None] * flat))


def coasted(mission: Mission, states: Array, seconds: Any) -> Array:
    """States each so many seconds later, in the gravity of the mission, without air."""
    last = np.broadcast_to(np.asarray(seconds, dtype=float), len(states))[:, None]
    solved = _fly(mission, np.asarray(states, dtype=float), last, 1.0)
    return np.asarray(solved.y[:, -1].reshape(states.shape))


def _fly(mission: Mission, states: Array, scale: Any, until: float, dense: bool = False) -> Any:
    from scipy.integrate import solve_ivp

    def rate(_: float, y: Array) -> Array:
        at = y.reshape(states.shape)
        pull = np.column_stack(gravity(*at[:, :3].T, mission.environment))
        return np.asarray(scale * np.hstack((at[:, 3:], pull))).ravel()

    return solve_ivp(rate, (0.0, until), states.ravel(), "DOP853", rtol=1e-9, atol=1e-3, dense_output=dense)


def _coasting(mission: Mission, state: Array, first_s: float, until_s: float) -> Iterator[tuple[Array, Array]]:
    """Waits with the states after them, a chunk at a time."""
    start, done = state, 0.0
    while done + first_s < until_s:
        chunk = min(CHUNK_s, until_s - done)
        solved = _fly(mission, start[None, :], 1.0, chunk, dense=True)
        waits = np.arange(first_s if done == 0.0 else 0.0, chunk, STEP_s)
        yield done + waits, solved.sol(waits).T
        start, done, first_s = solved.y[:, -1], done + chunk, 0.0


def _control_kg(stage: UpperStage, waits_s: Any) -> Any:
    return stage.coast_flow_kg_s * waits_s + stage.settling_kg


def _meets(mission: Mission, after: Array, t_s: Array) -> tuple[Array, Array]:
    """Latitude and longitude over which orbits come down through `THICK_m`, by Kepler; NaN where one does not."""
    earth = mission.environment
    at = impact_point(*after.T, earth._replace(radius_m=earth.radius_m + THICK_m))
    east = at.longitude_rad - mission.sidereal_angle_rad - earth.rotation_rad_s * t_s
    longitude = np.remainder(east + np.pi, 2.0 * np.pi) - np.pi
    meets = at.exists > 0.0
    return np.where(meets, at.latitude_rad, np.nan), np.where(meets, longitude, np.nan)


def _passes(inside: Array) -> Iterator[slice]:
    """Runs of True, each somewhat wider."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield slice(max(int(first) - BESIDE, 0), int(last) + BESIDE)


def _best(
    mission: Mission, spent: Spent, hazards: UpperHazards, zone: Zone, waits: Array, states: Array, executor: Executor
) -> Aimed | None:
    """Of one pass the middle of the longest run of burns that will do."""
    impulse, _ = impulses(mission, spent, waits)
    after = slowed(states, impulse)
    latitude, longitude = _strewn(mission, spent, hazards, after, spent.t_s + waits, executor)
    plain = np.all(holds(zone, latitude, longitude, mission), axis=1)
    if not plain.any():
        return None
    roomy = plain & np.all(holds(zone, *_beyond(mission, latitude, longitude), mission), axis=1)
    row = _middle(roomy if roomy.any() else plain)
    return _aimed(mission, spent, hazards, zone, float(waits[row]), states[row], bool(roomy.any()), executor)


def _middle(good: Array) -> int:
    """Of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(int)))
    longest = int(np.argmax(edges[1::2] - edges[::2]))
    return int(edges[2 * longest] + edges[2 * longest + 1] - 1) // 2


def _whole(mission: Mission, hazards: UpperHazards, states: Array, t_s: Array, mass_kg: Any, altitude_m: float,
           executor: Executor) -> tuple[Array, Array]:  # fmt: skip
    """States and times at which the stage, tumbling, comes down through an altitude."""
    heavy = np.broadcast_to(mass_kg / float(hazards.fall.area_m2), len(states))
    falling = Falling(states, t_s, heavy, shapes=(hazards.fall.drag,))
    return executor.fall_to(mission, falling, altitude_m, horizon_s=UPPER_HORIZON_s)


def _strewn(
    mission: Mission, spent: Spent, hazards: UpperHazards, after: Array, t_s: Array, executor: Executor
) -> tuple[Array, Array]:
    """Latitude and longitude of each burn's pieces, class by class, shape (burns, classes)."""
    impacts = [each for _, each in _fallen(mission, spent, hazards, after, t_s, executor)]
    return np.column_stack([each.latitude_rad for each in impacts]), np.column_stack([each.longitude_rad for each in impacts])


def _fallen(
    mission: Mission, spent: Spent, hazards: UpperHazards, after: Array, t_s: Array, executor: Executor, sigmas: float = 0.0
) -> Iterator[tuple[Any, Any]]:
    """Class by class its description and its impacts, one a burn; so many sigmas of its ballistic coefficient heavier."""
    breaks: BreakUp = hazards.breaks
    height = THICK_m if breaks.breaks_at_m is None else breaks.breaks_at_m.value
    at, then = _whole(mission, hazards, after, t_s, spent.mass_kg - spent.burnable_kg, height, executor)
    down = np.isfinite(then)
    for piece in breaks.pieces:
        falling = Falling(np.where(down[:, None], at, after), np.where(down, then, t_s), heavier_kg_m2(piece, sigmas))
        impacts = executor.fall_pieces(mission, falling, horizon_s=UPPER_HORIZON_s)
        yield piece, type(impacts)(*(np.where(down, column, np.nan) for column in impacts))


def _beyond(mission: Mission, latitude: Array, longitude: Array) -> tuple[Array, Array]:
    """Places `SPARE_m` before the first and after the last piece of each row, as far along the line between the two."""
    rows = np.arange(len(latitude))
    ends = []
    first, last = _ends(mission, latitude, longitude)
    for a, b in ((first, last), (last, first)):
        here, there = (latitude[rows, a], longitude[rows, a]), (latitude[rows, b], longitude[rows, b])
        bearing = geodesic_leg(*here, *there, mission.environment).bearing_rad
        ends.append(geodesic_point(*here, bearing + np.pi, SPARE_m, mission.environment))
    return np.column_stack([end[0] for end in ends]), np.column_stack([end[1] for end in ends])


def _ends(mission: Mission, latitude: Array, longitude: Array) -> tuple[Array, Array]:
    """Of each row the two classes farthest from each other: from the one farthest from the first class, the farthest."""
    rows = np.arange(len(latitude))

    def farthest(index: Array) -> Array:
        here = latitude[rows, index][:, None], longitude[rows, index][:, None]
        away = geodesic_leg(*here, latitude, longitude, mission.environment).range_m
        return np.argmax(np.where(np.isfinite(away), away, -1.0), axis=1)

    one = farthest(np.zeros(len(latitude), dtype=int))
    return one, farthest(one)


def _aimed(
    mission: Mission, spent: Spent, hazards: UpperHazards, zone: Zone, wait: float, state: Array, spare: bool,
    executor: Executor,
) -> Aimed:  # fmt: skip
    """Everything that is told of the burn that was chosen."""
    stage = mission.upper_stage
    assert stage is not None
    waits, t_s = np.array([wait]), np.array([spent.t_s + wait])
    impulse, burned = impulses(mission, spent, waits)
    after = slowed(state[None, :], impulse)
    dry = spent.mass_kg - spent.burnable_kg
    entry = _entry(mission, *_whole(mission, hazards, after, t_s, dry, ENTRY_m, executor))
    pieces = tuple(
        Down(piece.name, piece.number, piece.ballistic_kg_m2.value, *(float(c[0]) for c in impacts[:3]))
        for piece, impacts in _fallen(mission, spent, hazards, after, t_s, executor)
    )
    first, last = (_fallen(mission, spent, hazards, after, t_s, executor, sigmas) for sigmas in (3.0, -3.0))
    ends = min(float(i.t_s[0]) for _, i in first), max(float(i.t_s[0]) for _, i in last)
    control = float(_control_kg(stage, wait))
    left = spent.mass_kg - control - float(burned[0])
    lasts = float(burned[0] / stage.mass_flow_kg_s)
    return Aimed(
        zone, spent, float(t_s[0]), state, float(impulse[0]), float(burned[0]), control, lasts, left, entry, pieces, *ends,
        spare,
    )  # fmt: skip


def _entry(mission: Mission, at: Array, then: Array) -> Entry:
    """Where and how a state stands over the ground."""
    place = over_ground(mission, at, then)
    latitude, longitude, t_s, speed, descent = (float(column[0]) for column in place)
    return Entry(t_s, latitude, longitude, speed, descent)
