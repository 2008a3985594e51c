"""Falls in a vacuum against the instantaneous impact point of 14 CFR 420, appendix B, (d)(3)(v)."""

from __future__ import annotations

import numpy as np
import pytest

from baiterek.flight.kernel import LANDED, fall
from baiterek.flight.plan import plain_environment, plain_table
from baiterek.flight.simulate import fall_columns
from baiterek.physics.table import constant_table
from flight_cases import NO_AIR, POINT, environment, state_from_geodetic

# Place (deg, deg, m), velocity east, north, up relative to the Earth (m/s); impact (deg, deg) and time of fall (s).
VECTORS = [
    ((46.5, 65.0, 60e3), (1500.0, 900.0, 1300.0), (48.87656, 71.72389, 334.5824)),
    ((47.5, 68.0, 120e3), (3500.0, 1800.0, 1200.0), (52.07441, 90.48346, 444.1272)),
]


@pytest.mark.parametrize(("place", "enu_m_s", "impact"), VECTORS)
def test_a_fall_in_a_vacuum_ends_at_the_impact_point_of_the_regulation(place, enu_m_s, impact):
    earth = plain_environment(environment(gravity=POINT, air=NO_AIR))
    start = np.append(state_from_geodetic(*place, enu_m_s, earth), 1000.0)
    status, n, times, states = fall(start, 0.0, 10.0, plain_table(constant_table(1.0)), earth, 5.0, 3000.0, 1e-11)
    columns = fall_columns(times[:n], states[:n], earth, 0.0)
    assert status == LANDED
    assert abs(columns["altitude_m"][-1]) < 1e-5
    # The vectors are printed to 1e-5 deg and 1e-4 s.
    assert columns["latitude_deg"][-1] == pytest.approx(impact[0], abs=1e-5)
    assert columns["longitude_deg"][-1] == pytest.approx(impact[1], abs=1e-5)
    assert times[n - 1] == pytest.approx(impact[2], abs=1e-4)
