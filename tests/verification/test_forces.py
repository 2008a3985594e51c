"""Forces of air and engines, heating, wind, tables: closed forms, signs worked out by hand, other correlations."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics import aerodynamics, ascent, heating, propulsion
from baiterek.physics.earth import fixed_from_geodetic, geodetic
from baiterek.physics.table import constant_table, fitted_table, smooth_table, table_value
from baiterek.physics.wind import air_velocity
from worlds import BARE, EARTH, EAST, NORTH, WINDY

BODY = aerodynamics.Body(10.0, constant_table(0.3), constant_table(2.0))


def test_force_of_the_air_at_an_angle_of_attack():
    """Nose up by 0.1 rad at 100 m/s in air of 1 kg/m3: q S = 50 kN; lift towards the nose, drag against the motion."""
    alpha, q_area = 0.1, 0.5 * 100.0**2 * 10.0
    u = (np.cos(alpha), 0.0, np.sin(alpha))
    force = aerodynamics.air_force(100.0, 0.0, 0.0, *u, 0.3, 1.0, 100.0, BODY)
    along = force.x_eci_N * u[0] + force.z_eci_N * u[2]
    across = -force.x_eci_N * u[2] + force.z_eci_N * u[0]
    assert along == pytest.approx(-q_area * 0.3 * np.cos(alpha), rel=1e-12) == force.axial_N
    assert across == pytest.approx(q_area * 2.0 * np.sin(alpha), rel=1e-12)
    assert force.z_eci_N > 0 > force.x_eci_N and force.y_eci_N == 0.0


def test_equal_coefficients_are_pure_drag():
    blunt = aerodynamics.Body(10.0, constant_table(0.8), constant_table(0.8))
    force = aerodynamics.air_force(30.0, -40.0, 12.0, 0.6, 0.0, 0.8, 0.3, 1.2, 51.4, blunt)
    drag = aerodynamics.fall_drag(30.0, -40.0, 12.0, 0.3, 1.2, 51.4, 10.0, constant_table(0.8))
    assert force[:3] == pytest.approx(drag, rel=1e-12)
    assert np.linalg.norm(drag) == pytest.approx(0.5 * 1.2 * 51.4 * np.sqrt(30**2 + 40**2 + 12**2) * 8.0, rel=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 1e-6, 0.05, 1.0, 2.5])
def test_angle_of_attack_and_q_alpha(alpha):
    v, u = (300.0, 0.0, 0.0), (np.cos(alpha), np.sin(alpha), 0.0)
    assert aerodynamics.angle_of_attack(*v, *u) == pytest.approx(alpha, abs=1e-8)
    assert aerodynamics.cos_angle_of_attack(*v, *u, 300.0) == pytest.approx(np.cos(alpha), abs=1e-12)
    q = aerodynamics.dynamic_pressure(0.4, 300.0)
    assert q == pytest.approx(18000.0)
    assert aerodynamics.q_alpha_squared(*v, *u, 0.4) == pytest.approx((q * np.sin(alpha)) ** 2, rel=1e-9, abs=1e-3)


def test_thrust_falls_with_the_back_pressure_and_flow_with_the_throttle():
    """Both published thrusts of an engine come back: sea level and vacuum; the flow is F / (g0 Isp)."""
    area = propulsion.exit_area(8.0e6, 7.26e6)
    flow = propulsion.mass_flow(8.0e6, 337.0)
    engines = propulsion.Propulsion(8.0e6, area, flow, 1e5, 0.0, 40.0)
    thrust, burned = propulsion.thrust_and_flow(1.0, 101325.0, engines)
    assert thrust == pytest.approx(7.26e6 + 1e5, rel=1e-12) and burned == pytest.approx(flow + 40.0)
    thrust, burned = propulsion.thrust_and_flow(0.5, 0.0, engines)
    assert thrust == pytest.approx(4.1e6) and burned == pytest.approx(0.5 * flow + 40.0)
    assert flow == pytest.approx(8.0e6 / 337.0 / STANDARD_GRAVITY_M_S2)


@pytest.mark.parametrize(("oxidiser", "fuel", "burned"), [(260.0, 100.0, 360.0), (260.0, 120.0, 360.0), (300.0, 100.0, 360.0)])
def test_propellant_ends_with_the_first_empty_tank(oxidiser, fuel, burned):
    assert propulsion.usable_propellant(oxidiser, fuel, 0.0, 0.0, 2.6) == pytest.approx(burned)
    assert propulsion.usable_propellant(oxidiser + 5, fuel + 2, 5.0, 2.0, 2.6) == pytest.approx(burned)


def test_ideal_velocity_gain():
    """A mass ratio of e gives the exhaust velocity."""
    assert propulsion.ideal_delta_v(np.e * 1e4, 1e4, 300.0) == pytest.approx(300.0 * STANDARD_GRAVITY_M_S2, rel=1e-12)


def test_heat_fluxes():
    """Free molecular: 1135 W/m2 is 0.1 BTU/(ft2 s), the usual limit. Stagnation: Detra, Kemp & Riddell (1957),
    17600 BTU/(ft2 s) for a foot of radius at 26 000 ft/s and sea-level density, with rho^0.5; the two agree to 15 %
    there."""
    assert heating.free_molecular_heat_flux(1e-8, 6100.0) == pytest.approx(1134.905, abs=1e-3)
    theirs = 17600 * np.sqrt(1e-4) * 11356.5
    assert heating.stagnation_heat_flux(1.225e-4, 7924.8, 0.3048) == pytest.approx(theirs, rel=0.15)


def test_the_air_turns_with_the_earth_and_wind_blows_on_top():
    """Wind by hand: unit vectors east and north at the place."""
    latitude, longitude, altitude = 0.8, 1.1, 10e3
    x, y, z = fixed_from_geodetic(latitude, longitude, altitude, WINDY)
    place = geodetic(x, y, z, WINDY)
    still = np.array(air_velocity(x, y, place, EARTH))
    assert still == pytest.approx(np.cross([0, 0, EARTH.rotation_rad_s], [x, y, z]), rel=1e-12)
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    north = np.cross([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], east)
    expected = still + table_value(altitude, EAST) * east + table_value(altitude, NORTH) * north
    assert np.array(air_velocity(x, y, place, WINDY)) == pytest.approx(expected, abs=1e-9)


def test_energy_is_kept_in_a_field_without_air():
    """One step of the equation of motion: power of gravity equals v . g, mass changes by the flow only."""
    state = ascent.State(7e6, 1e5, 2e5, 100.0, 7000.0, 10.0, 1000.0)
    force = ascent.Forces(500.0, 0.0, -250.0, 0.0, 3.0, 0.0)
    rate = ascent.ascent_rate(state, force, BARE)
    g = np.array(state[:3]) / np.linalg.norm(state[:3]) * -STANDARD_GRAVITY_M_S2
    assert rate[:3] == state[3:6]
    assert rate[3:6] == pytest.approx(g + np.array([0.5, 0.0, -0.25]), rel=1e-12)
    assert rate.mass_kg == -3.0


def test_a_table_goes_through_its_points_and_is_flat_outside():
    points, values = np.array([0.0, 1.0, 2.5, 4.0]), np.array([1.0, 3.0, 2.0, 2.0])
    table = smooth_table(points, values)
    assert table_value(points, table) == pytest.approx(values, abs=1e-12)
    for outside in ([-9.0, -2.0, -1.0], [5.5, 6.0, 1e3]):
        assert np.ptp(table_value(np.array(outside), table)) < 1e-12
    step = 1e-4  # the same spline by SciPy: clamped where ours levels off
    theirs = CubicSpline([-1.0, *points, 5.5], table_value(np.array([-1.0, *points, 5.5]), table), bc_type="clamped")
    x = np.linspace(-1.0, 5.5, 200)
    assert table_value(x, table) == pytest.approx(theirs(x), abs=1e-12)
    second = (table_value(x + step, table) - 2 * table_value(x, table) + table_value(x - step, table)) / step**2
    assert second == pytest.approx(theirs(x, 2), abs=1e-2)


def test_a_fitted_table_is_the_closest():
    """A cubic is its own best spline; the outer knots leave its slope free."""
    x = np.linspace(0.0, 10.0, 101)
    table = fitted_table([-4.0, -1.0, 3.0, 5.0, 8.0, 11.0, 14.0], x, x**3 - 5 * x**2)
    assert table_value(x, table) == pytest.approx(x**3 - 5 * x**2, abs=1e-9)
