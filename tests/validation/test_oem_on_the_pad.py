"""The ephemeris, read by another hand's reader and turned to the Earth by another hand's astronomy.

Authorities: `oem` (reader of CCSDS 502.0-B), `ccsds-ndm-py` (validation), Astropy (IAU 2006/2000A with IERS data) and
Skyfield (IAU 2000A, with UT1 and the
pole from Astropy's table).
"""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import GCRS, ITRS, CartesianDifferential, CartesianRepresentation, EarthLocation
from astropy.time import Time
from astropy.utils import iers
from oem import OrbitEphemerisMessage

import flown
from baiterek.flight import simulate
from baiterek.physics.frames import greenwich_angle
from baiterek.reports.exports import FORMATS
from baiterek.study.results import columns_of

iers.conf.auto_download = False

AU_km = 149597870.7

LIFT_OFF = datetime(2025, 6, 15, 9, 0, 0, tzinfo=UTC)
"""A day whose Earth orientation was measured: predictions of UT1 for a day to come differ by metres."""


@pytest.fixture(scope="module")
def flight():
    mission = replace(flown.mission(), lift_off=LIFT_OFF, sidereal_angle_rad=greenwich_angle(LIFT_OFF))
    return simulate(mission, flown.by_hand(mission))


@pytest.fixture(scope="module")
def path(tmp_path_factory, flight):
    file = tmp_path_factory.mktemp("oem") / "trajectory.oem"
    dated = {**flown.result().summary, "lift_off": LIFT_OFF.isoformat()}
    FORMATS["oem"].write(replace(flown.result(), summary=dated, trajectory=columns_of(flight)), file)
    return file


@pytest.fixture(scope="module")
def states(path):
    return list(next(iter(OrbitEphemerisMessage.open(path).segments)).states)


def pad() -> EarthLocation:
    site = flown.mission().site
    return EarthLocation.from_geodetic(
        np.degrees(site.longitude_rad) * u.deg, np.degrees(site.latitude_rad) * u.deg, site.altitude_m * u.m, "WGS84"
    )


def test_the_file_is_valid_and_holds_the_flight(path, states, flight):
    import ccsds_ndm

    message = ccsds_ndm.Oem.from_file(str(path))
    message.validate()
    columns = flight.columns
    assert len(states) == len(np.unique(columns["t_s"]))
    speeds = np.array([np.linalg.norm(state.velocity) for state in states])
    radii = np.array([np.linalg.norm(state.position) for state in states])
    assert speeds[-1] * 1e3 == pytest.approx(columns["speed_eci_m_s"][-1], abs=1e-6)
    last = np.linalg.norm([columns[f"{axis}_eci_m"][-1] for axis in "xyz"])
    assert radii[-1] * 1e3 == pytest.approx(last, abs=1e-4)
    assert abs((states[0].epoch - Time(LIFT_OFF)).to_value("s")) < 1e-9
    span = (states[-1].epoch - states[0].epoch).to_value("s")
    assert span == pytest.approx(columns["t_s"][-1], abs=1e-6)


def test_lift_off_stands_on_the_pad_and_at_rest_by_astropy(states):
    first = states[0]
    motion = CartesianDifferential(np.array(first.velocity) * u.km / u.s)
    place = CartesianRepresentation(np.array(first.position) * u.km, differentials=motion)
    fixed = GCRS(place, obstime=first.epoch).transform_to(ITRS(obstime=first.epoch))
    found = np.array([fixed.x.to_value(u.m), fixed.y.to_value(u.m), fixed.z.to_value(u.m)])
    wanted = np.array([c.to_value(u.m) for c in pad().geocentric])
    assert np.linalg.norm(found - wanted) < 5.0
    assert np.linalg.norm(fixed.velocity.d_xyz.to_value(u.m / u.s)) < 0.01


def test_lift_off_stands_on_the_pad_and_at_rest_by_skyfield(states):
    from skyfield.api import load
    from skyfield.framelib import itrs
    from skyfield.positionlib import Geocentric

    utc = states[0].epoch
    delta_t = 32.184 + round((utc.tai.jd - utc.utc.jd) * 86400.0) - float(utc.delta_ut1_utc)
    timescale = load.timescale(delta_t=delta_t)
    x, y = (angle.to_value(u.arcsec) for angle in iers.earth_orientation_table.get().pm_xy(utc))
    days = utc.tt.jd + np.array([-1.0, 0.0, 1.0])
    timescale.polar_motion_table = days, np.full(3, x), np.full(3, y)
    at = timescale.from_datetime(LIFT_OFF)
    position_au = np.array(states[0].position) / AU_km
    velocity_au_d = np.array(states[0].velocity) * 86400.0 / AU_km
    position, velocity = Geocentric(position_au, velocity_au_d, at, center=399).frame_xyz_and_velocity(itrs)
    wanted = np.array([c.to_value(u.m) for c in pad().geocentric])
    assert np.linalg.norm(position.m - wanted) < 5.0
    assert np.linalg.norm(velocity.km_per_s) * 1e3 < 0.01
