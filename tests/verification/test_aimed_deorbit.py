"""A deorbit that is aimed: its burn, its entry and its pieces, against vis viva, an integration apart, and a box of the sea."""

from dataclasses import replace
from math import acos, cos, pi, radians, sin, sqrt

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from baiterek.catalogue.closure_file import load_closures
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.upper_hazard_file import hazards_of, load_upper_hazards
from baiterek.catalogue.zone_file import OCEAN, named_zones
from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.flight import Executor
from baiterek.history import Event, History
from baiterek.reports.deorbit import in_lines
from baiterek.reports.language import language
from baiterek.safety.deorbit import Aimed, Missed, aim, coasted
from baiterek.study.deorbit import SAMPLES, deorbit_document, deorbit_falls, in_orbit
from baiterek.study.deorbit_fallout import with_deorbit
from baiterek.study.fallout import Fallout
from baiterek.study.notices import Asked, document, read_window
from flown import PROJECT

MU, RADIUS, J2, OMEGA = EARTH_MU_M3_S2, WGS84_RADIUS_M, 1.08262668e-3, 7.292115e-5
FILE = PROJECT / "missions" / "soyuz5-fregat-sso.toml"
SIDE = RADIUS + 600e3
NAMES = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


def circle(inclination_deg, node_deg, argument_deg, radius=SIDE):
    """A state on a circle, by hand."""
    i, node, u = (radians(each) for each in (inclination_deg, node_deg, argument_deg))
    at = (cos(node) * cos(u) - sin(node) * sin(u) * cos(i), sin(node) * cos(u) + cos(node) * sin(u) * cos(i), sin(u) * sin(i))
    to = (-cos(node) * sin(u) - sin(node) * cos(u) * cos(i), -sin(node) * sin(u) + cos(node) * cos(u) * cos(i), cos(u) * sin(i))
    return np.array([*(radius * c for c in at), *(sqrt(MU / radius) * c for c in to)])


def ended(mission, state, left_kg=80.0):
    """A flight that ends on a state with so much propellant beyond residuals, 4500 s after lift-off."""
    stage = mission.upper_stage
    mass = mission.payload_kg + mission.adapter_kg + stage.dry_mass_kg + stage.residual_kg + left_kg
    columns = {name: np.array([value]) for name, value in zip(NAMES, state, strict=True)}
    columns |= {"t_s": np.array([4500.0]), "mass_kg": np.array([mass])}
    events = (Event("stage-2 separation", 540.0), Event("insertion", 4500.0))
    return History(columns, np.zeros(1, dtype=np.int32), ("coast",), events, None)


@pytest.fixture(scope="module")
def mission():
    return replace(load_mission(FILE), payload_kg=12000.0)


@pytest.fixture(scope="module")
def hazards(mission):
    return load_upper_hazards(mission.upper_stage)


@pytest.fixture(scope="module")
def found(mission, hazards):
    return aim(mission, ended(mission, circle(97.79, 20.0, 0.0)), hazards, named_zones()[OCEAN], Executor(1))


def pull(_, y):
    """Point mass and J2 by their text-book form (Vallado 8-30), apart from the code's."""
    x, yy, z = y[:3]
    r = sqrt(x * x + yy * yy + z * z)
    k = 1.5 * J2 * MU * RADIUS**2 / r**5
    s = 5.0 * z * z / r**2
    a = -MU / r**3
    return (*y[3:], a * x - k * x * (1 - s), a * yy - k * yy * (1 - s), a * z - k * z * (3 - s))


def test_a_coast_keeps_to_the_secular_rate_of_the_node(mission):
    """-3/2 n J2 (R/a)^2 cos i (Vallado 9-37) over whole revolutions, and the energy with J2 stays."""
    rate = -1.5 * sqrt(MU / SIDE**3) * J2 * (RADIUS / SIDE) ** 2 * cos(radians(60.0))
    revolution = 2.0 * pi * sqrt(SIDE**3 / MU)
    start = circle(60.0, 10.0, 0.0)

    def node(state):
        h = np.cross(state[:3], state[3:])
        return np.arctan2(h[0], -h[1])

    def energy(state):
        r = np.linalg.norm(state[:3])
        return 0.5 * state[3:] @ state[3:] - MU / r + MU * J2 * RADIUS**2 / r**3 * (1.5 * (state[2] / r) ** 2 - 0.5)

    end = coasted(mission, start[None, :], 15.0 * revolution)[0]
    assert node(end) - node(start) == pytest.approx(rate * 15.0 * revolution, rel=5e-3)
    assert energy(end) == pytest.approx(energy(start), rel=2e-6)  # J3 and J4 of the mission are not in it


def test_the_burn_is_that_of_the_budget_and_the_entry_that_of_an_integration_apart(mission, found):
    """Vis viva for the size of the impulse (perigee 50 km high); from the state before the burn down to 120 km with J2 alone.
    Air above, and J3 and J4, move the entry by less than 0.1 deg and 3 s."""
    aimed_m = RADIUS + 50e3
    asked = sqrt(MU / SIDE) - sqrt(MU * (2.0 / SIDE - 2.0 / (SIDE + aimed_m)))
    assert isinstance(found, Aimed) and found.impulse_m_s == pytest.approx(asked, rel=1e-6)
    after_kg = found.spent.mass_kg - found.control_kg
    assert found.propellant_kg == pytest.approx(after_kg * (1.0 - np.exp(-asked / (9.80665 * 327.0))), rel=1e-6)
    r, v = found.state[:3], found.state[3:]
    flat = v - (r @ v) / (r @ r) * r
    start = np.concatenate((r, v - asked * flat / np.linalg.norm(flat)))

    def down(_, y):
        latitude = np.arcsin(y[2] / np.linalg.norm(y[:3]))
        return np.linalg.norm(y[:3]) - RADIUS * (1.0 - sin(latitude) ** 2 / 298.257223563) - 120e3

    down.terminal = True
    fall = solve_ivp(pull, (0.0, 6000.0), start, "DOP853", rtol=1e-10, atol=1e-3, events=down)
    x, y, z = fall.y[:3, -1]
    t_s = found.burn_s + fall.t[-1]
    longitude = np.degrees(np.arctan2(y, x) - mission.sidereal_angle_rad - OMEGA * t_s)
    latitude = np.degrees(np.arctan(z / np.hypot(x, y) / (1.0 - 1.0 / 298.257223563) ** 2))
    assert found.entry.t_s == pytest.approx(t_s, abs=3.0)
    assert np.degrees(found.entry.latitude_rad) == pytest.approx(latitude, abs=0.1)
    assert (np.degrees(found.entry.longitude_rad) - longitude + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=0.1)
    at, going = fall.y[:3, -1], fall.y[3:, -1]
    angle = acos(np.linalg.norm(np.cross(at, going)) / np.linalg.norm(at) / np.linalg.norm(going))
    # over the turning ground, and below the horizontal of the ellipsoid, which leans by 0.0034 rad at most
    assert found.entry.descent_rad == pytest.approx(angle, abs=0.0045)


def test_every_piece_comes_down_in_the_box_the_heaviest_first_and_soon(mission, found):
    """29 to 60 deg S, 175 to 85 deg W by plain comparison; pieces strewn along the track; the first day has a pass."""
    places = np.degrees([(piece.latitude_rad, piece.longitude_rad) for piece in found.pieces])
    assert np.all((places[:, 0] > -62.0) & (places[:, 0] < -29.0) & (places[:, 1] > -175.0) & (places[:, 1] < -85.0))
    order = [piece.name for piece in sorted(found.pieces, key=lambda piece: piece.t_s)]
    heavy = sorted(found.pieces, key=lambda piece: -piece.ballistic_kg_m2)
    assert order == [piece.name for piece in heavy] and found.spare
    assert 300.0 <= found.burn_s - found.spent.t_s < 86400.0
    assert found.first_s < min(piece.t_s for piece in found.pieces) < max(piece.t_s for piece in found.pieces) < found.last_s


def test_what_cannot_be_reached_is_one_line(mission, hazards):
    """A stage that lives 20 minutes more; one near the equator, which never sees 29 deg S; one without propellant to wait."""
    flight, zone = ended(mission, circle(97.79, 200.0, 0.0)), named_zones()[OCEAN]
    short = replace(mission, upper_stage=replace(mission.upper_stage, life_s=4500.0 - 540.0 + 1200.0))
    missed = aim(short, flight, hazards, zone, Executor(1))
    assert isinstance(missed, Missed) and missed.why == "life" and missed.until_s < 1200.0
    flat = aim(mission, ended(mission, circle(5.0, 0.0, 0.0), 60.0), hazards, zone, Executor(1))
    assert isinstance(flat, Missed) and flat.why == "propellant" and np.degrees(flat.north_rad) < 6.0
    lines = in_lines({"deorbit": deorbit_document(flat)}, language("en"))
    assert len(lines) == 3 and "ocean-south-pacific" in lines[2] and "disposal_zone" in lines[2]


@pytest.mark.parametrize(
    ("zone", "said"),
    [("atlantis", "a zone of the catalogue"), ({"min_km": 1.0, "max_km": 9.0}, "an ellipse or a polygon")],
)
def test_a_zone_that_is_none_is_refused_in_one_line(zone, said):
    with pytest.raises(InputError) as refused:
        load_mission(FILE, {"upper_stage.disposal_zone": zone})
    assert "disposal_zone" in str(refused.value) and said in str(refused.value) and "\n" not in str(refused.value)


@pytest.fixture(scope="module")
def columns(found):
    """Sixty insertions, 300 m and 0.3 m/s about the nominal one; and twenty short of propellant: back into the air."""
    random = np.random.default_rng(3)
    states = found.spent.state + random.normal(size=(80, 6)) * np.array([300.0] * 3 + [0.3] * 3)
    states[60:, 3:] *= 0.98
    flights = {f"insertion.{name}": column for name, column in zip(NAMES, states.T, strict=True)}
    return flights | {"insertion.t_s": np.full(80, found.spent.t_s)}


def test_the_footprint_lies_round_the_aim_and_along_the_track(mission, found, columns):
    """Means of each class within three standard errors (and what bends) of the class alone; nine tenths stand for success."""
    assert in_orbit(mission, found, columns).tolist() == list(range(60))
    event = deorbit_falls(mission, hazards_of(mission), found, columns, 0.9, executor=Executor(1))
    assert event.probability == 0.9 and not event.planned and len(event.pieces) == len(found.pieces)
    for piece, alone in zip(event.pieces, found.pieces, strict=True):
        at = piece.footprint
        along = np.hypot(np.std(at.latitude_rad), np.std(at.longitude_rad) * cos(alone.latitude_rad)) * RADIUS
        away = np.hypot(np.mean(at.latitude_rad) - alone.latitude_rad,
                        (np.mean(at.longitude_rad) - alone.longitude_rad) * cos(alone.latitude_rad)) * RADIUS  # fmt: skip
        assert 20e3 < along < 400e3 and away < max(60e3, 3.0 * along / sqrt(60.0))
        assert len(at.latitude_rad) <= SAMPLES


def test_notices_close_the_sea_when_the_pieces_come_and_not_before(mission, found, columns):
    """The area of the stage holds every nominal piece and opens 30 minutes before the first can come down."""
    flight = ended(mission, circle(97.79, 20.0, 0.0))
    fallen = with_deorbit(Fallout(mission, (), "", (), columns, flight), "closed", workers=1)
    window = read_window("2026-12-15T09:00Z/PT1H")
    areas = document(fallen, Asked(window), load_closures("far417"))["areas"]
    own = [area for area in areas if area["name"] == "fregat"]
    assert {area["use"] for area in own} == {"aircraft", "ground", "ships"}
    from datetime import datetime, timedelta

    for area in own:
        starts = datetime.fromisoformat(area["from"])
        assert timedelta(seconds=found.first_s - 1802.0) < starts - window.opens < timedelta(seconds=found.first_s)
        ring = np.array(area["ring_deg"])
        for piece in found.pieces:
            latitude, longitude = np.degrees(piece.latitude_rad), np.degrees(piece.longitude_rad)
            assert ring[:, 0].min() < latitude < ring[:, 0].max() and ring[:, 1].min() < longitude < ring[:, 1].max()
