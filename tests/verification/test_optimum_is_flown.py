"""An optimum is not a result until it has been flown: the compiled simulator flies what the optimiser found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.site import Ellipse
from baiterek.flight import simulate
from baiterek.history import Fall, History
from baiterek.trajectory import optimise

MISSIONS = Path(__file__).parents[2] / "missions"
PLACE = ("x_eci_m", "y_eci_m", "z_eci_m")
MOTION = ("vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


@pytest.fixture(scope="module", params=["published/delta-iii.toml", "soyuz5-leo.toml"])
def case(request):
    mission = load_mission(MISSIONS / request.param)
    optimum = optimise(mission).require()
    return mission, optimum, simulate(mission, optimum.steering)


def end(flight: History, names: tuple[str, ...]) -> np.ndarray:
    return np.array([flight[name][-1] for name in names])


def test_the_flight_ends_where_the_optimiser_said(case):
    """20 m and 0.05 m/s between the collocation's insertion and the flown one (the bar of the project)."""
    _, optimum, flight = case
    position = np.linalg.norm(end(flight, PLACE) - end(optimum.history, PLACE)) + optimum.gap_position_m
    speed = np.linalg.norm(end(flight, MOTION) - end(optimum.history, MOTION)) + optimum.gap_speed_m_s
    assert position < 20.0
    assert speed < 0.05


def test_two_integrators_fly_the_same_steering(case):
    """Runge-Kutta 4 on CasADi's functions and Dormand-Prince 5(4) on numba's, phase by phase."""
    _, optimum, flight = case
    theirs = optimum.history
    for phase in np.unique(flight.phase):
        i, j = np.flatnonzero(flight.phase == phase)[-1], np.flatnonzero(theirs.phase == phase)[-1]
        assert flight.t_s[i] == pytest.approx(theirs.t_s[j], abs=1e-6)
        gap = [flight[name][i] - theirs[name][j] for name in PLACE]
        # Half-second steps across the kinks of the standard atmosphere leave decimetres at the end.
        assert np.linalg.norm(gap) < 1.0, flight.phases[phase]
        assert flight["mass_kg"][i] == pytest.approx(theirs["mass_kg"][j], abs=0.05), flight.phases[phase]


def test_the_optimum_tells_the_same_events_as_the_flight(case):
    _, optimum, flight = case
    flown = [event for event in flight.events if not event.name.endswith("impact")]
    assert [event.name for event in optimum.history.events] == [event.name for event in flown]
    assert [event.t_s for event in optimum.history.events] == pytest.approx([event.t_s for event in flown], abs=1e-6)
    assert {"lift-off", "stage-2 ignition", "stage-2 cut-off", "insertion"} <= {event.name for event in flown}


def test_the_flown_orbit_is_the_one_that_was_asked_for(case):
    """Elements by the vis-viva and momentum integrals (Vallado, 4th ed., section 2.4), here written out."""
    mission, _, flight = case
    r, v, mu = end(flight, PLACE), end(flight, MOTION), mission.environment.mu_m3_s2
    momentum = np.cross(r, v)
    eccentricity = np.linalg.norm(np.cross(v, momentum) / mu - r / np.linalg.norm(r))
    axis = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / mu)
    target = mission.target
    asked = [
        (target.perigee_radius_m, axis * (1.0 - eccentricity), 100.0),
        (target.apogee_radius_m, axis * (1.0 + eccentricity), 100.0),
        (target.inclination_rad, np.arccos(momentum[2] / np.linalg.norm(momentum)), 1e-5),
    ]
    for element, flown, tolerance in asked:
        if target.kind == "osculating" and not element.free:
            assert element.low - tolerance < flown < element.high + tolerance


def inside(zone: Ellipse, fall: Fall) -> float:
    """Square of the distance from the centre in semi-axes, by geodesics on WGS 84 (pyproj)."""
    longitude, latitude = np.degrees(zone.longitude_rad), np.degrees(zone.latitude_rad)
    azimuth, _, distance = Geod(ellps="WGS84").inv(longitude, latitude, fall.longitude_deg, fall.latitude_deg)
    turned = np.radians(azimuth) - zone.azimuth_rad
    along, across = distance * np.cos(turned), distance * np.sin(turned)
    return (2.0 * along / zone.length_m) ** 2 + (2.0 * across / zone.width_m) ** 2


def test_what_falls_falls_into_its_zone(case):
    mission: Mission = case[0]
    falls = {fall.name: fall for fall in case[2].falls}
    for name, zone in mission.zones.items():
        assert falls[name].landed
        if isinstance(zone, Ellipse):
            # A projection of the zone other than geodesics, and a fall integrated anew, move its edge by parts in 1000.
            assert inside(zone, falls[name]) < 1.01, name
