"""Frames against Astropy and Skyfield: where the pad is, and that it stands still."""

from datetime import UTC, datetime

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import GCRS, ITRS, CartesianDifferential, CartesianRepresentation
from astropy.time import Time
from astropy.utils import iers
from astropy_iers_data import IERS_A_FILE
from pyproj import Transformer
from skyfield.api import load, wgs84
from skyfield.data import iers as skyfield_iers

from baiterek.errors import BadValue
from baiterek.physics.frames import earth_orientation, earth_orientation_range, gcrf_from_launch, greenwich_angle
from worlds import EARTH

PAD = (45.94, 63.65, 65.0)
DATES = [
    datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2023, 7, 9, 3, 4, 5, 678901, tzinfo=UTC),
    datetime(2026, 4, 30, 18, tzinfo=UTC),
]
PREDICTED = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def bulletin():
    with iers.conf.set_temp("auto_download", False), iers.earth_orientation_table.set(iers.IERS_A.open(IERS_A_FILE)):
        yield


def pad_in_gcrf(utc):
    """Position and velocity of the pad at rest, by `frames`, and its place on the Earth by PROJ."""
    fixed = np.array(Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform(PAD[1], PAD[0], PAD[2]))
    angle = greenwich_angle(utc)
    x, y = fixed[0] * np.cos(angle) - fixed[1] * np.sin(angle), fixed[0] * np.sin(angle) + fixed[1] * np.cos(angle)
    turn = gcrf_from_launch(utc)
    return turn @ [x, y, fixed[2]], turn @ [-EARTH.rotation_rad_s * y, EARTH.rotation_rad_s * x, 0.0], fixed


@pytest.mark.parametrize("utc", [*DATES, PREDICTED])
def test_astropy_finds_the_pad_where_it_stands(bulletin, utc):
    """0.02 m: celestial pole offsets and the rounding of the shipped table. 0.002 m/s: the axis of rotation is not the
    pole of the ITRF (polar motion times 325 m/s)."""
    position, velocity, fixed = pad_in_gcrf(utc)
    time = Time(utc)
    motion = CartesianDifferential(velocity * u.m / u.s)
    found = GCRS(CartesianRepresentation(position * u.m, differentials=motion), obstime=time).transform_to(ITRS(obstime=time))
    assert found.cartesian.xyz.to_value(u.m) == pytest.approx(fixed, abs=0.02)
    assert found.velocity.d_xyz.to_value(u.m / u.s) == pytest.approx(0.0, abs=0.002)


@pytest.mark.parametrize("utc", DATES)
def test_skyfield_finds_the_pad_where_it_stands(utc):
    """Skyfield with the IERS polar motion installed (it assumes none by default, 10 to 15 m); its built-in UT1, of the
    date of its release, differs by up to 0.1 ms, 0.05 m."""
    position, velocity, _ = pad_in_gcrf(utc)
    scale = load.timescale(builtin=True)
    with open(IERS_A_FILE, "rb") as file:
        skyfield_iers.install_polar_motion_table(scale, skyfield_iers.parse_x_y_dut1_from_finals_all(file))
    found = wgs84.latlon(PAD[0], PAD[1], PAD[2]).at(scale.from_datetime(utc))
    assert position == pytest.approx(found.position.m, abs=0.1)
    assert velocity == pytest.approx(found.velocity.m_per_s, abs=0.002)


@pytest.mark.parametrize("utc", [*DATES, PREDICTED])
def test_sidereal_time_is_that_of_astropy(bulletin, utc):
    """1e-9 rad is 6 mm at the equator: the table's rounding of UT1 to 1e-6 s."""
    theirs = Time(utc).sidereal_time("apparent", "greenwich", model="IAU2006A").to_value(u.rad)
    assert np.exp(1j * greenwich_angle(utc)) == pytest.approx(np.exp(1j * theirs), abs=1e-9)


def test_the_shipped_orientation_is_that_of_the_iers(bulletin):
    table = iers.earth_orientation_table.get()
    for utc in DATES:
        shipped = earth_orientation(utc)
        x, y = table.pm_xy(Time(utc))
        assert shipped.ut1_utc_s == pytest.approx(table.ut1_utc(Time(utc)).to_value(u.s), abs=2e-5)
        assert shipped[1:] == pytest.approx([x.to_value(u.rad), y.to_value(u.rad)], abs=1e-9)


def test_outside_the_table_only_an_explicit_ut1_helps():
    first, last = earth_orientation_range()
    assert first == datetime(2020, 1, 1, tzinfo=UTC) and last > datetime(2027, 1, 1, tzinfo=UTC)
    for utc in (datetime(2019, 12, 31, 23, 59, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)):
        with pytest.raises(BadValue, match="ut1_utc_s"):
            greenwich_angle(utc)
        with pytest.raises(BadValue, match="2020-01-01"):
            gcrf_from_launch(utc)
        turn = gcrf_from_launch(utc, ut1_utc_s=0.0)
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-14)


def test_a_naive_time_is_utc_and_a_zone_is_heeded():
    from datetime import timedelta, timezone

    almaty = datetime(2026, 4, 30, 23, tzinfo=timezone(timedelta(hours=5)))
    assert greenwich_angle(almaty) == greenwich_angle(datetime(2026, 4, 30, 18)) == greenwich_angle(DATES[2])
