"""The air against the published tables of US Standard Atmosphere 1976."""

import numpy as np
import pytest

from baiterek import constants as c
from baiterek.physics.atmosphere import JOIN_BOTTOM_M, JOIN_TOP_M, air, us76_log_pressure_temperature
from baiterek.physics.table import table_value
from worlds import EARTH, SPHERE, TABLED, authority


@pytest.mark.parametrize(("altitude_m", "temperature_K", "pressure_Pa", "density_kg_m3"), authority("us76_table_1.csv"))
def test_table_one(altitude_m, temperature_K, pressure_Pa, density_kg_m3):
    """NOAA-S/T 76-1562 (1976), table I, by geometric altitude: five digits printed, so 1e-4. The temperature at 86 km
    is kinetic, 0.04 % below the molecular-scale temperature that we carry there."""
    state = air(float(altitude_m), EARTH)
    assert state.temperature_K == pytest.approx(temperature_K, rel=5e-4 if altitude_m > 80000 else 3e-6)
    assert state.pressure_Pa == pytest.approx(pressure_Pa, rel=1e-4)
    assert state.density_kg_m3 == pytest.approx(density_kg_m3, rel=1e-4)


@pytest.mark.parametrize(
    ("geopotential_m", "pressure_Pa"),
    [
        (11e3, 22632.06),
        (20e3, 5474.889),
        (32e3, 868.0187),
        (47e3, 110.9063),
        (51e3, 66.93887),
        (71e3, 3.956420),
        (84852, 0.373384),
    ],
)
def test_pressures_at_the_bases_of_the_layers(geopotential_m, pressure_Pa):
    """The standard's layer pressures by eqs. 33a, 33b (e.g. ISO 2533 and Vallado, table 8-4 print the same digits)."""
    altitude_m = c.US76_EARTH_RADIUS_M * geopotential_m / (c.US76_EARTH_RADIUS_M - geopotential_m)
    assert np.exp(us76_log_pressure_temperature(altitude_m)[0]) == pytest.approx(pressure_Pa, rel=2e-6)


def test_the_speed_of_sound():
    """Table I of the standard: 340.294 m/s at sea level, 295.069 m/s at 20 km."""
    assert air(0.0, EARTH).sound_speed_m_s == pytest.approx(340.294, abs=6e-4)
    assert air(20e3, EARTH).sound_speed_m_s == pytest.approx(295.069, abs=6e-4)


def test_the_join_keeps_the_lower_law_below_and_the_table_above():
    for name in ("density_kg_m3", "temperature_K"):
        below = getattr(air(JOIN_BOTTOM_M, EARTH), name)
        assert below == pytest.approx(getattr(air(JOIN_BOTTOM_M - 1e-3, EARTH), name), rel=1e-6)
        above = np.array([JOIN_TOP_M, 120e3, 400e3])
        assert getattr(air(above, EARTH), name) == pytest.approx(getattr(air(above, TABLED), name), rel=1e-12)


def test_the_join_is_smooth_and_falls_all_the_way():
    """Between 86 and 92 km the density falls with a scale height between 4 and 7 km (US76: 5.6 km there). The one step
    of its slope, 5e-6 per m, is the standard's own: the end of the lapse at 86 km."""
    altitude_m = np.arange(84e3, 94e3, 10.0)
    slope = -np.gradient(np.log(air(altitude_m, EARTH).density_kg_m3), altitude_m)
    assert slope.min() > 1 / 7e3 and slope.max() < 1 / 4e3
    assert np.abs(np.diff(slope)).max() < 6e-6


def test_other_atmospheres():
    assert air(7200.0, SPHERE).density_kg_m3 == pytest.approx(1.225 / np.e, rel=1e-14)
    assert air(5e3, EARTH._replace(air_model=0)) == (0.0, 0.0, c.US76_TEMPERATURE_K, pytest.approx(340.294, abs=1e-3))
    assert np.log(air(300e3, TABLED).density_kg_m3) == pytest.approx(table_value(300e3, TABLED.log_density), rel=1e-12)
