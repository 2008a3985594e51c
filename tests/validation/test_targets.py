"""Targets of a mission file against published numbers and other programs; what no stage could fly is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from math import cos, degrees, pi, radians, sin
from pathlib import Path

import brahe
import numpy as np
import pytest

from baiterek.catalogue.burns import burns_of, legs
from baiterek.catalogue.document import CATALOGUE
from baiterek.catalogue.explain import explain
from baiterek.catalogue.mission_file import read_mission
from baiterek.catalogue.orbit_file import named_orbits
from baiterek.catalogue.read import load_mission
from baiterek.constants import EARTH_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import InputError
from baiterek.physics.drift import CRITICAL_INCLINATION_RAD
from baiterek.physics.sun import node_at_local_time, sun_right_ascension

SIDEREAL_DAY_S = 86164.0905
LIFT_OFF = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def asked(tmp_path):
    """A mission file with this target (and lines on top), written; its path."""

    def write(target: str, top: str = "") -> Path:
        text = (CATALOGUE / "templates" / "soyuz5-leo.toml").read_text(encoding="utf-8")
        text, found = re.subn(r'^orbit = "leo-200-51.6".*$', lambda _: target, text, flags=re.MULTILINE)
        assert found == 1
        (tmp_path / "mission.toml").write_text(top + "\n" + text, encoding="utf-8")
        return tmp_path / "mission.toml"

    return write


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_mission(path)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


# --- the Sun --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", range(1, 13))
def test_the_sun_is_where_astropy_has_it(month):
    """Astropy's `get_sun` in true equator and equinox of date: its own light time and aberration; 0.0003 deg."""
    from astropy.coordinates import TETE, get_sun
    from astropy.time import Time
    from astropy.utils import iers

    utc = datetime(2026, month, 17, 5, 30, tzinfo=UTC)
    with iers.conf.set_temp("auto_download", False), iers.conf.set_temp("auto_max_age", None):
        theirs = get_sun(Time(utc)).transform_to(TETE(obstime=Time(utc))).ra.rad
    assert abs(sin(sun_right_ascension(utc) - theirs)) < radians(3e-4)


@pytest.mark.parametrize(
    ("day", "minutes"), [((2026, 2, 11), -14.24), ((2026, 5, 14), 3.66), ((2026, 7, 26), -6.54), ((2026, 11, 3), 16.45)]
)
def test_mean_and_apparent_time_differ_by_the_equation_of_time(day, minutes):
    """Its four extremes as almanacs print them: -14 m 15 s, +3 m 41 s, -6 m 32 s, +16 m 27 s, within 8 s from year to year."""
    utc = datetime(*day, 12, tzinfo=UTC)
    ahead = node_at_local_time(utc, 36000.0) - node_at_local_time(utc, 36000.0, apparent=True)
    assert ((ahead + pi) % (2 * pi) - pi) * 720 / pi == pytest.approx(minutes, abs=8 / 60)


def test_the_mean_sun_is_that_of_the_almanac():
    """The Astronomical Almanac's low-precision Sun: mean longitude 280.460 + 0.9856474 d from J2000; to 0.01 deg."""
    utc = datetime(2026, 8, 1, tzinfo=UTC)
    days = (utc - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400
    noon = degrees(node_at_local_time(utc, 43200.0))
    assert (noon - 280.460 - 0.9856474 * days + 180) % 360 - 180 == pytest.approx(0.0, abs=0.01)


def test_a_sun_synchronous_target(asked):
    path = asked("altitude_km = 700\nsun_synchronous = true\nlocal_time_descending_node_h = 10.5")
    orbit = load_mission(path).target
    assert orbit.kind == "mean"
    # brahe's inclination; its year and J2 differ in the sixth digit
    theirs = brahe.sun_synchronous_inclination(WGS84_RADIUS_M + 700e3, 0.0, angle_format=brahe.AngleFormat.DEGREES)
    assert degrees(orbit.inclination_rad.low) == pytest.approx(theirs, abs=1e-3)
    # 10:30 southbound is 22:30 northbound
    assert orbit.raan_rad.low == pytest.approx(node_at_local_time(load_mission(path).lift_off, 22.5 * 3600), abs=1e-9)


# --- the plane of the Space Station ------------------------------------------------------------------------


def elements(utc=LIFT_OFF, days_before=2.3):
    """Two lines made by brahe for a station-like orbit, and its own SGP4."""
    epoch = (
        brahe.Epoch.from_datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, 0.0, 0.0, brahe.TimeSystem.UTC)
        - days_before * 86400.0
    )
    shape = np.array([51.64, 247.46, 0.0006703, 130.5, 325.0, 15.5])
    koe = np.array([6795e3, shape[2], shape[0], shape[1], shape[3], shape[4]])
    return brahe.keplerian_elements_to_tle(epoch, koe, "25544"), epoch


def test_the_plane_of_a_spacecraft_is_that_of_another_sgp4(asked):
    """brahe's SGP4 gives states; their plane, averaged over a revolution, is the mean one to 0.02 deg (J2's short periods
    average out to first order)."""
    lines, epoch = elements()
    path = asked('orbit = "iss-plane"\ninclination_deg = "free"\ntle = ["{}", "{}"]'.format(*lines))
    orbit = load_mission(path).target
    assert orbit.kind == "mean" and orbit.inclination_rad.fixed and orbit.raan_rad.fixed
    brahe.initialize_eop()
    propagator = brahe.SGPPropagator.from_tle(*lines, 60.0)
    normals = []
    for k in range(60):
        state = propagator.state_eci(epoch + 2.3 * 86400.0 + (k - 30) * 92.8)
        normal = np.cross(state[:3], state[3:])
        normals.append(normal / np.linalg.norm(normal))
    normal = np.mean(normals, axis=0)
    i, node = orbit.inclination_rad.low, orbit.raan_rad.low
    ours_tod = np.array([sin(i) * sin(node), -sin(i) * cos(node), cos(i)])
    import erfa

    from baiterek.physics.frames import terrestrial_time

    ours = erfa.pnm06a(*terrestrial_time(LIFT_OFF)).T @ ours_tod
    assert degrees(np.arccos(ours @ normal / np.linalg.norm(normal))) < 0.02


def test_a_spoilt_or_old_set_of_elements_is_refused(asked):
    lines, _ = elements()
    head = 'orbit = "iss-plane"\ninclination_deg = "free"\n'
    assert "check" in refusal(asked(head + f'tle = ["{lines[0]}", "{lines[1][:-1] + str((int(lines[1][-1]) + 1) % 10)}"]'))
    assert "69" in refusal(asked(head + f'tle = ["{lines[0]}", "x"]'))
    old, _ = elements(days_before=45.0)
    assert "45 days from lift-off" in refusal(asked(head + 'tle = ["{}", "{}"]'.format(*old)))


# --- named orbits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "revolutions"), [("gps-like", 2.0), ("molniya", 2.0), ("tundra", 1.0)])
def test_orbits_that_repeat_have_their_periods(name, revolutions):
    axis = named_orbits()[name]["semi_major_axis_km"] * 1e3
    assert 2 * pi * (axis**3 / EARTH_MU_M3_S2) ** 0.5 == pytest.approx(SIDEREAL_DAY_S / revolutions, abs=1.0)


def test_glonass_has_its_period():
    """GLONASS ICD: 11 h 15 min 44 s, within 5 s."""
    axis = named_orbits()["glonass-like"]["semi_major_axis_km"] * 1e3
    assert 2 * pi * (axis**3 / EARTH_MU_M3_S2) ** 0.5 == pytest.approx(11 * 3600 + 15 * 60 + 44, abs=5.0)


@pytest.mark.parametrize("name", ["molniya", "tundra"])
def test_eccentric_orbits_keep_their_perigee(name):
    assert radians(named_orbits()[name]["inclination_deg"]) == pytest.approx(CRITICAL_INCLINATION_RAD, abs=1e-5)


# --- escapes, residual speed, several payloads -------------------------------------------------------------------


def test_what_the_optimiser_cannot_fly_is_read_explained_and_refused(asked):
    escape = asked("perigee_altitude_km = 200\ninclination_deg = 51.6\nc3_km2_s2 = 12.0\ndeclination_deg = -20.0")
    target = read_mission(escape).target
    assert target.escape.c3_m2_s2.low == pytest.approx(12e6) and target.apogee_radius_m.free
    assert "C3 12 km2/s2" in explain(read_mission(escape)) and "NOT FLOWN" in explain(read_mission(escape))
    assert "target.c3_m2_s2" in refusal(escape) and "not flown yet" in refusal(escape)
    transfer = asked('orbit = "gto-1500"', 'upper_stage = "block-dm-slb"')
    assert "1500 m/s left" in explain(read_mission(transfer))
    assert "not flown yet" in refusal(asked('orbit = "gto-1500"'))


SPEED = "perigee_altitude_km = 5500\napogee_altitude_km = 35786\n"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("perigee_altitude_km = 200\ninclination_deg = 51.6\nc3_km2_s2 = 9\ndeclination_deg = 60", ["51.6", "asymptote"]),
        ("altitude_km = 200\ninclination_deg = 51.6\nc3_km2_s2 = 9", ["perigee_altitude alone"]),
        ("perigee_altitude_km = 200\ninclination_deg = 51.6\nc3_km2_s2 = -2", ["c3_km2_s2", "at least 1"]),
        ("altitude_km = 200\ninclination_deg = 51.6\ndeclination_deg = 10", ["without c3"]),
        ("altitude_km = 700\ninclination_deg = 98\nsun_synchronous = true", ["beside sun_synchronous"]),
        ("altitude_km = 6500\nsun_synchronous = true", ["too high"]),
        ("altitude_km = 700\nsun_synchronous = true\nkind = 'osculating'", ["mean"]),
        ("altitude_km = 700\ninclination_deg = 98\nlocal_time_ascending_node_h = 25", ["local_time"]),
        ("altitude_km = 700\nsun_synchronous = true\nlocal_time_ascending_node_h = 1\nraan_deg = 3", ["raan", "beside"]),
        ("perigee_altitude_km = 200\napogee_altitude_km = 9000\ninclination_deg = 60\nkind = 'mean'", ["eccentricity"]),
        (SPEED + "inclination_deg = 51.6\nspeed_to_geo_m_s = 1500", ["elements that leave"]),
        ("perigee_altitude_km = 200\napogee_altitude_km = 9000\ninclination_deg = 60\nspeed_to_geo_m_s = 9", ["apogee"]),
    ],
)
def test_contradictions_are_refused_in_one_line(asked, target, words):
    message = refusal(asked(target))
    for word in words:
        assert word in message


FREGAT = 'upper_stage = "fregat"'
RELEASES = """
objective = "least_propellant"
[[releases]]
name = "first"
mass_kg = 500
target = { altitude_km = 500, inclination_deg = 97.4 }
[[releases]]
name = "second"
mass_kg = 300
adapter_kg = 20
target = { altitude_km = %s, inclination_deg = 97.4 }
"""


def shared(tmp_path: Path, second: str, top: str = "", more: str = "") -> Path:
    text = f'{top}\nvehicle = "soyuz-5"\nsite = "baikonur-45"\n' + RELEASES % second
    (tmp_path / "ride.toml").write_text(text + f"{more}\n[epoch]\nutc = 2026-12-15T09:00:00Z\n", encoding="utf-8")
    return tmp_path / "ride.toml"


def test_several_payloads_are_read_in_order(tmp_path):
    mission = read_mission(shared(tmp_path, "600", 'upper_stage = "fregat"'))
    assert [(r.name, r.mass_kg) for r in mission.releases] == [("first", 500.0), ("second", 300.0)]
    assert (mission.payload_kg, mission.adapter_kg) == (800.0, 20.0)
    assert mission.resolved["releases"][1]["name"] == "second" and "release      second" in explain(mission)
    assert mission.target == mission.releases[-1].target
    assert [leg.burns for leg in legs(mission)] == [2, 2] and burns_of(mission) == 4


def test_neighbours_on_one_orbit_are_let_go_together(tmp_path):
    third = "[[releases]]\nname = 'third'\nmass_kg = 1\ntarget = { altitude_km = 600, inclination_deg = 97.4 }"
    found = legs(read_mission(shared(tmp_path, "600", 'upper_stage = "fregat"', third)))
    assert [[release.name for release in leg.releases] for leg in found] == [["first"], ["second", "third"]]


def test_orbits_that_share_an_apsis_take_one_burn(tmp_path):
    third = """[[releases]]
name = 'third'
mass_kg = 1
target = { perigee_altitude_km = 600, apogee_altitude_km = 900, inclination_deg = 97.4 }"""
    found = legs(read_mission(shared(tmp_path, "600", 'upper_stage = "fregat"', third)))
    assert [leg.burns for leg in found] == [2, 2, 1]


def test_one_release_may_be_maximised(tmp_path):
    text = shared(tmp_path, "600", 'upper_stage = "fregat"').read_text(encoding="utf-8")
    free = text.replace("mass_kg = 300", 'mass_kg = "maximise"')
    (tmp_path / "free.toml").write_text(free.replace("least_propellant", "payload"), encoding="utf-8")
    mission = read_mission(tmp_path / "free.toml")
    assert mission.payload_kg is None and mission.given_kg == 500.0
    assert replace(mission, payload_kg=730.0).release_kg(mission.releases[1]) == 230.0
    (tmp_path / "free.toml").write_text(free, encoding="utf-8")
    assert "payload, since a release is to be maximised" in refusal(tmp_path / "free.toml")
    both = free.replace("mass_kg = 500", 'mass_kg = "maximise"').replace("least_propellant", "payload")
    (tmp_path / "free.toml").write_text(both, encoding="utf-8")
    assert "2 masses to maximise (first, second)" in refusal(tmp_path / "free.toml")


@pytest.mark.parametrize(
    ("second", "top", "more", "words"),
    [
        ("600", "", "", "2 different orbits"),
        ("500", "", "[[releases]]\nname = 'first'\nmass_kg = 1\ntarget = { altitude_km = 500, inclination_deg = 97 }", "own"),
        ("500", "", "[payload]\nmass_kg = 5", "beside releases"),
        ("-5", "", "", "releases[1].target"),
        ("600", FREGAT, "[[releases]]\nname = 'x'\nmass_kg = -1\ntarget = { altitude_km = 9, inclination_deg = 97 }", "80 km"),
        ("600", FREGAT, "[[releases]]\nname = 'x'\nmass_kg = -1\ntarget = { altitude_km = 500, inclination_deg = 97 }", "-1"),
        ("500", FREGAT, "burns = 2", "on the orbit of the release before"),
        ("600", FREGAT, "burns = 7", '1 to 6, or "auto"'),
        ("600", "upper_stage = { stage = 'fregat', burns = 2 }", "", "each may say its own"),
    ],
)
def test_a_ride_that_cannot_be_flown_is_refused(tmp_path, second, top, more, words):
    assert words in refusal(shared(tmp_path, second, top, more))


def test_more_orbits_than_ignitions_are_refused(tmp_path):
    stage = 'extends = "fregat"\ntitle = "x"\nignitions = { value = 1, sigma = 0, source = "assumed" }\n'
    (tmp_path / "stage.toml").write_text(stage, encoding="utf-8")
    third = "[[releases]]\nname = 'third'\nmass_kg = 1\ntarget = { altitude_km = 700, inclination_deg = 97.4 }"
    assert "ignitions" in refusal(shared(tmp_path, "600", 'upper_stage = "stage.toml"', third))
