"""Air and wind from NRLMSIS 2.1: the tables against the model itself and against published means."""

from datetime import UTC, datetime

import numpy as np
import pymsis
import pytest

from baiterek.constants import US76_GAS_CONSTANT_J_kgK
from baiterek.errors import BadValue
from baiterek.physics import climate
from baiterek.physics.atmosphere import us76_log_pressure_temperature
from baiterek.physics.table import table_value
from worlds import authority

BAIKONUR = (np.radians(45.94), np.radians(63.65))
WINTER_QUIET = (datetime(2026, 1, 15, 0, tzinfo=UTC), 70.0)
SUMMER_ACTIVE = (datetime(2026, 7, 15, 12, tzinfo=UTC), 220.0)


def nrlmsis(latitude_rad, longitude_rad, when, altitude_m, f107=150.0, ap=4.0):
    """Density and temperature of pymsis, asked directly."""
    instant = np.array([np.datetime64(when.replace(tzinfo=None))])
    place = [np.degrees(longitude_rad)], [np.degrees(latitude_rad)], altitude_m / 1e3
    result = pymsis.calculate(instant, *place, [f107], [f107], [[ap] * 7], version="2.1").reshape(len(altitude_m), -1)
    return result[:, 0], result[:, 10]


@pytest.mark.parametrize("latitude_deg", [0.0, 45.94, 62.9, 80.0])
@pytest.mark.parametrize(("when", "f107"), [WINTER_QUIET, SUMMER_ACTIVE])
def test_the_table_stays_within_1_percent_of_nrlmsis(latitude_deg, when, f107):
    altitude_m = np.concatenate([np.arange(0, 150e3, 700.0), np.arange(150e3, 1000.1e3, 10e3)])
    place = (np.radians(latitude_deg), BAIKONUR[1])
    ln_density, temperature = climate.nrlmsis_air(*place, when, f107, f107)
    density_m, temperature_m = nrlmsis(*place, when, altitude_m, f107)
    assert np.exp(table_value(altitude_m, ln_density)) == pytest.approx(density_m, rel=0.0105)
    assert table_value(altitude_m, temperature) == pytest.approx(temperature_m, rel=0.0105)


def test_the_standard_upper_air_joins_us76_with_the_stated_step():
    """The step is a difference of two published models; the docstring promises its size."""
    ln_density, temperature = climate.standard_upper_air()
    altitude_m = np.array([86e3, 92e3])
    log_pressure, temperature_us76 = us76_log_pressure_temperature(altitude_m)
    ratio = np.exp(table_value(altitude_m, ln_density) - log_pressure) * US76_GAS_CONSTANT_J_kgK * temperature_us76
    assert ratio == pytest.approx([0.81, 0.83], abs=0.01)
    assert table_value(altitude_m, temperature) - temperature_us76 == pytest.approx([2.7, -1.6], abs=0.6)


@pytest.mark.parametrize(
    ("altitude_km", "low", "high"),
    [(100, 4.5e-7, 5.7e-7), (200, 2.0e-10, 4.5e-10), (400, 1.5e-12, 6e-12), (1000, 1e-15, 1e-14)],
)
def test_the_standard_upper_air_is_near_us76(altitude_km, low, high):
    """US Standard Atmosphere 1976, table I: 5.60e-7, 2.54e-10, 2.80e-12, 3.56e-15 kg/m3 at mean solar activity; the
    two models differ by tens of percent (by 17 % at the join), so only the order is checked."""
    assert low < np.exp(table_value(1e3 * altitude_km, climate.standard_upper_air()[0])) < high


@pytest.mark.parametrize("row", authority("geostrophic_wind_baikonur.csv"))
def test_the_geostrophic_wind_of_baikonur(row):
    """Authority: the same balance worked out independently from NRLMSIS 2.1 on a sphere; its rounding of 0.05, the
    spline's 0.5 and the shape of the Earth (1 % of the wind) make 0.6 m/s."""
    east, _ = climate.geostrophic_wind(*BAIKONUR, datetime(2026, int(row[0]), 15, 6, tzinfo=UTC))
    altitude_m = 1e3 * np.array([6, 10, 14, 20, 30, 50])
    assert table_value(altitude_m, east) == pytest.approx(np.array(row[1:]), abs=0.6)


def test_the_wind_ends_calm_above_and_weak_below():
    for month in (1, 4, 7, 10):
        for table in climate.geostrophic_wind(*BAIKONUR, datetime(2026, month, 15, 6, tzinfo=UTC)):
            assert np.abs(table_value(np.array([100e3, 200e3, 1000e3]), table)).max() < 0.5
            assert np.abs(table_value(np.array([-1000.0, 0.0]), table)).max() < 3.0


def test_the_winter_stratosphere_of_the_south_blows_eastwards_too():
    """Known picture of the general circulation (e.g. Holton, ch. 12): westerlies of the polar night in each winter."""
    east, _ = climate.geostrophic_wind(np.radians(-45.0), 0.0, datetime(2026, 7, 15, tzinfo=UTC))
    assert 20.0 < table_value(50e3, east) < 120.0


def test_bad_input_is_refused():
    with pytest.raises(BadValue, match=r"15\.0 to 85\.0"):
        climate.geostrophic_wind(np.radians(5.0), 0.0, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(BadValue, match="f107"):
        climate.nrlmsis_air(*BAIKONUR, datetime(2026, 1, 1, tzinfo=UTC), f107=float("nan"))
