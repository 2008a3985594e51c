"""One source, three machines: every formula by NumPy (numbers and arrays), numba and CasADi, with finite gradients.

Authority: the machines check each other. `CASES` declares for every formula the range of use over which that holds; a
formula that is missing there fails the test.
"""

import importlib
import pkgutil
from typing import NamedTuple

import casadi as ca
import numba
import numpy as np
import pytest
from numba.core.registry import cpu_target
from numba.extending import register_jitable

import baiterek.physics
from baiterek import constants as c
from baiterek.flight import compile as _compile  # noqa: F401  (hands the formulas of flight to numba)
from baiterek.physics import aerodynamics, ascent, earth, formula, propulsion
from baiterek.physics.table import Table, constant_table, smooth_table, table_value
from worlds import BARE, SPHERE, TABLED, UPPER_LN_DENSITY, WINDY

for module in pkgutil.iter_modules(baiterek.physics.__path__):
    importlib.import_module(f"baiterek.physics.{module.name}")
for each in formula.FORMULAS:
    try:
        cpu_target.typing_context.resolve_value_type(each)
    except (KeyError, ValueError):
        register_jitable(each)


class Vary(NamedTuple):
    """An argument that varies: one value a sample."""

    values: np.ndarray


SAMPLES = 30
RANDOM = np.random.default_rng(1976)


def over(low, high, *special):
    """Samples over a closed range: its ends, special values, and evenly spread values in a random order."""
    inside = RANDOM.permutation(np.linspace(low, high, SAMPLES - 2 - len(special)))
    return Vary(np.concatenate([[low, high, *special], inside]))


# --- states of flight: on the pad, through the air, in orbit, falling -----------------------------

MACH = smooth_table([0.0, 0.5, 0.9, 1.1, 1.6, 3.0, 6.0], [0.3, 0.3, 0.4, 0.6, 0.5, 0.35, 0.3])
SLOPE = smooth_table([0.0, 1.0, 2.0, 6.0], [2.0, 2.6, 2.3, 2.0])
BODY = aerodynamics.Body(13.2, MACH, SLOPE)
ENGINES = propulsion.Propulsion(7.9e6, 6.0, 2400.0, 6e5, 0.3, 230.0)
WORLDS = (WINDY, TABLED, SPHERE, BARE)


def flight(environment, moving_only=False):
    """Six varying components: (latitude, longitude, altitude, east, north, up speed relative to the Earth)."""
    rows = [
        (45.96, 63.65, 65.0, 0.0, 0.0, 0.0),  # at rest on the pad
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        (45.96, 63.65, 200.0, 0.0, 0.0, 40.0),
        (45.96, 63.65, 0.0, 0.0, 0.0, 10.0),
        (45.96, 63.65, -900.0, 3.0, 0.0, 1.0),
        (46.0, 63.9, 10e3, 250.0, 150.0, 500.0),
        (46.5, 65.0, 60e3, 1500.0, 900.0, 1300.0),
        (47.0, 66.0, 86e3, 2500.0, 1500.0, 900.0),
        (47.1, 66.5, 92e3, 2500.0, 1500.0, 900.0),
        (47.5, 68.0, 120e3, 3500.0, 1800.0, 1200.0),
        (50.0, 80.0, 200e3, 6000.0, 4100.0, 50.0),
        (51.6, 100.0, 200e3, 7400.0, 0.0, 0.0),
        (-51.6, -100.0, 1000e3, 6900.0, 0.0, 0.0),
        (89.99, 10.0, 800e3, 10.0, 7400.0, 0.0),  # over the pole
        (-70.0, 10.0, 700e3, -500.0, 7400.0, 10.0),
        (0.0, 0.0, 300e3, 7230.0, 0.0, 0.0),  # equatorial
        (0.0, 179.0, 400e3, -7900.0, 3.0, 0.0),  # retrograde
        (48.0, 73.0, 20e3, 300.0, 100.0, -400.0),  # falling
        (48.0, 73.0, 0.0, 5.0, 1.0, -90.0),
        (30.0, 20.0, 1500e3, 5000.0, 5000.0, 2000.0),
    ]
    rows = rows[2:] if moving_only else rows
    lat, lon, alt, ve, vn, vu = np.array([*rows, *rows[: SAMPLES - len(rows)]]).T
    lat, lon = np.radians(lat), np.radians(lon)
    x, y, z = earth.fixed_from_geodetic(lat, lon, alt, environment)
    outward = np.cos(lat) * vu - np.sin(lat) * vn
    vx = np.cos(lon) * outward - np.sin(lon) * ve - environment.rotation_rad_s * y
    vy = np.sin(lon) * outward + np.cos(lon) * ve + environment.rotation_rad_s * x
    return tuple(Vary(v) for v in (x, y, z, vx, vy, np.sin(lat) * vu + np.cos(lat) * vn))


def axis(state):
    """The body axis: along the vertical for the first samples (zero angle of attack on the pad), then turned away."""
    r = np.array([v.values for v in state[:3]])
    v = np.array([v.values for v in state[3:]])
    along = np.where(np.arange(SAMPLES) % 2, r / np.linalg.norm(r, axis=0), v / (np.linalg.norm(v, axis=0) + 1e-9))
    along[:, 8:] += 0.3 * RANDOM.normal(size=(3, SAMPLES - 8))
    along[:, np.linalg.norm(along, axis=0) < 1e-3] = [[0.0], [0.0], [1.0]]
    return tuple(Vary(a) for a in along / np.linalg.norm(along, axis=0))


def case_of_flight(environment):
    """Records as they meet in flight."""
    state = flight(environment)
    u = axis(state)
    flow = ascent.air_data(*(v.values for v in state), environment)
    throttle = over(0.4, 1.0)
    force = ascent.forces(flow, ascent.Command(*(a.values for a in u), throttle.values), ENGINES, BODY)
    return (
        state, u, ascent.AirData(*(Vary(np.broadcast_to(v, SAMPLES)) for v in flow)), ascent.Command(*u, throttle),
        ascent.Forces(*(Vary(np.broadcast_to(v, SAMPLES)) for v in force)), over(5e3, 6e5),
    )  # fmt: skip


STATE, AXIS, FLOW, COMMAND, FORCE, MASS = case_of_flight(WINDY)
WIND = (FLOW.vx_air_m_s, FLOW.vy_air_m_s, FLOW.vz_air_m_s)
STILL = (Vary(np.zeros(SAMPLES)),) * 3
PLACE = earth.Geodetic(*(Vary(v) for v in earth.geodetic(*(v.values for v in STATE[:3]), WINDY)))
COLUMN = ascent.AirColumn(*(Vary(np.broadcast_to(v, SAMPLES)) for v in ascent.air_column(over(0.0, 2e5).values, WINDY)))
ANGLES = (over(0.0, np.pi, 0.9), over(-np.pi, np.pi, 0.0), over(-np.pi, np.pi, 0.0), over(-np.pi, np.pi, 0.0))
PERIGEE = over(6.5e6, 7.4e6)
CIRCLE = (PERIGEE, PERIGEE)
NEAR_CIRCLE = (PERIGEE, Vary(PERIGEE.values * (1.0 + np.linspace(0.0, 0.1, SAMPLES))))
ELLIPSE = (PERIGEE, Vary(PERIGEE.values * np.linspace(1.0, 6.0, SAMPLES)))
SPEED, C3 = over(1e3, 1e4), over(0.0, 1e8)
MU, RADIUS, J2 = c.EARTH_MU_M3_S2, c.WGS84_RADIUS_M, c.EARTH_J2

CASES = {
    "conformal": [(over(-np.pi / 2, np.pi / 2, 0.0),)],
    "stereographic": [
        (over(-1.5, np.pi / 2, 0.8), over(-1.5, 1.5), over(0.2, 1.4), 0.0),
        (over(-1.0, 1.0), over(2.0, 4.0), 0.0, np.pi),
    ],
    "table_value": [
        (over(-1e4, 1.5e6, 0.0, 86e3), UPPER_LN_DENSITY),
        (over(-1.0, 30.0, 0.0), MACH),
        (over(-1, 2), constant_table(3.0)),
    ],
    "cubic_between": [(over(-9.0, 9.0), over(-9.0, 9.0), over(-9.0, 9.0), over(-9.0, 9.0), over(0.0, 1.0))],
    "dynamic_pressure": [(over(0.0, 1.3), over(0.0, 8000.0))],
    "air_force": [(*WIND, *AXIS, FLOW.mach, FLOW.density_kg_m3, FLOW.airspeed_m_s, BODY)],
    "fall_drag": [(*WIND, FLOW.mach, FLOW.density_kg_m3, FLOW.airspeed_m_s, over(0.1, 60.0), MACH)],
    "air_force_of": [(*WIND, *AXIS, FLOW.density_kg_m3, FLOW.airspeed_m_s, over(1.0, 60.0), over(0.1, 2.0), over(0.5, 4.0))],
    "fall_drag_of": [(*WIND, FLOW.density_kg_m3, FLOW.airspeed_m_s, over(0.1, 60.0), over(0.1, 2.0))],
    "gust_q_alpha": [(over(0.0, 60e3, 0.0), over(0.0, 2e3, 0.0), over(0.0, 20.0, 0.0))],
    "gust_wind": [(over(8.9e3, 9.4e3, 9e3, 9030.0), 9e3, over(60.0, 300.0, 60.0), over(0.0, 20.0, 0.0), over(0.0, 6.28, 0.0))],
    "geometric_altitude": [(over(-1e3, 60e3, 0.0), over(-1.0, 1.0, 0.0))],
    "wind": [(over(-1e3, 1e6, 0.0), world) for world in WORLDS],
    "malfunction_turn": [(over(1.0, 40.0), over(0.02, 0.6), over(0.1, 20.0))],
    "terminal_speed": [(over(1e-7, 1.3), over(3.0, 1500.0), over(9.5, 9.83))],
    "sinking": [(COLUMN, over(5e-5, 3e-4), over(3.0, 100.0), 9.8, over(-1.0, 1.0), over(0.0, 1.0), 7.3e-5)],
    "weight_per_mass": [(over(9.5, 9.83), over(0.0, 6.4e6), over(0.0, 1.0), 7.3e-5)],
    "blown_air": [(*STATE[:2], PLACE, over(-60.0, 60.0), over(-60.0, 60.0), world) for world in WORLDS],
    "air_column": [(over(-1e3, 1e6, 0.0, 86e3, 92e3), world) for world in WORLDS],
    "flow_past": [(ascent.State(*STATE, MASS), PLACE, COLUMN, world) for world in WORLDS],
    "forces_of": [(FLOW, COMMAND, ENGINES, over(1.0, 60.0), over(0.1, 2.0), over(0.5, 4.0))],
    "fall_rate_of": [(ascent.State(*STATE, MASS), FLOW, over(1.0, 60.0), over(0.1, 2.0), world) for world in WORLDS],
    "q_alpha_squared": [(*WIND, *AXIS, FLOW.density_kg_m3), (*STILL, *AXIS, FLOW.density_kg_m3)],
    "cos_angle_of_attack": [(*WIND, *AXIS, FLOW.airspeed_m_s), (*STILL, *AXIS, over(1e-4, 1e-4))],
    "angle_of_attack": [(*WIND, *AXIS), (*STILL, *AXIS), (*AXIS, *AXIS)],
    "zone_area": [(over(-1.57, 1.57, 0.0), world) for world in WORLDS],
    "geodetic": [(*STATE[:3], world) for world in WORLDS],
    "fixed_from_geodetic": [(over(-1.5707, 1.5707, 0.0), ANGLES[1], over(-1e3, 2e6, 0.0), world) for world in WORLDS],
    "rotate_z": [(over(-7e6, 7e6), over(-7e6, 7e6), over(-10.0, 10.0, 0.0))],
    "smooth_step": [(over(-2.0, 3.0, 0.0, 1.0),)],
    "us76_log_pressure_temperature": [(over(-1e3, 1e6, 0.0, 11e3, 86e3),), (over(-1e3, 100e3, 0.0),)],
    "air": [(over(-1e3, 1e6, 0.0, 86e3, 92e3), world) for world in WORLDS] + [(over(-1e3, 1e5), WINDY)],
    "gravity": [(*STATE[:3], world) for world in WORLDS],
    "thrust_and_flow": [(over(0.0, 1.0), over(0.0, 1.1e5), ENGINES)],
    "mass_flow": [(over(1e3, 1e7), over(200.0, 470.0))],
    "exit_area": [(over(6e5, 8e6), over(5e5, 6e5))],
    "usable_propellant": [(over(2e4, 4e5), over(1e4, 1.5e5), over(0.0, 1e3), over(0.0, 1e3), over(2.0, 3.0))],
    "propellant_for": [(over(1e4, 1e5), over(-300.0, 300.0), over(200.0, 470.0))],
    "ideal_delta_v": [(over(1e5, 6e5), over(1e4, 1e5), over(200.0, 470.0))],
    "air_velocity": [(*STATE[:2], PLACE, world) for world in WORLDS],
    "speed": [WIND, STILL],
    "air_data": [(*flight(world), world) for world in WORLDS],
    "forces": [(FLOW, COMMAND, ENGINES, BODY)],
    "ascent_rate": [(ascent.State(*STATE, MASS), FORCE, world) for world in WORLDS],
    "fall_rate": [(*flight(world), over(100.0, 4e4), over(1.0, 60.0), MACH, world) for world in WORLDS],
    "free_molecular_heat_flux": [(over(0.0, 1.3), over(0.0, 8000.0))],
    "stagnation_heat_flux": [(over(0.0, 1.3), over(0.0, 8000.0), over(0.1, 3.0))],
    "ellipsoid_radius": [(over(-1.0, 1.0, 0.0), world) for world in WORLDS],
    "impact_point": [(*flight(world), world) for world in WORLDS],
    "east_north_of": [(*STATE[:3], over(0.0, 1.2), over(-3.0, 3.0), world) for world in WORLDS],
    "half_turn": [(over(-20.0, 20.0, 0.0),)],
    "angular_momentum": [STATE],
    "eccentricity_vector": [(*STATE, MU)],
    "elements_from_state": [(*STATE, MU), (*flight(BARE), MU)],
    "state_in_orbit": [(PERIGEE, over(-900.0, 900.0, 0.0), over(7e3, 1e4), *ANGLES[:3])],
    "polar_motion_in_orbit": [(*shape, ANGLES[3], MU) for shape in (CIRCLE, ELLIPSE)],
    "state_from_elements": [(*shape, *ANGLES, MU) for shape in (CIRCLE, ELLIPSE)],
    "osculating_from_mean": [(*shape, *ANGLES, MU, J2, RADIUS) for shape in (CIRCLE, NEAR_CIRCLE)],
    "circular_speed": [(PERIGEE, MU)],
    "energy_speed": [(over(6.5e6, 5e7), over(1e-9, 1.6e-7), MU)],
    "apsis_speed": [(*ELLIPSE, MU)],
    "impulse": [(over(1e3, 1e4), over(1e3, 1e4), over(0.0, 1.5)), (SPEED, SPEED, over(1e-4, 1e-3))],
    "hohmann": [(PERIGEE, over(8e6, 5e7), MU)],
    "bi_elliptic": [(PERIGEE, over(8e7, 5e8), over(8e6, 5e7), MU)],
    "finite_burn_loss": [(SPEED, over(1.0, 1500.0), over(6.5e6, 4.3e7), 3.986004418e14)],
    "plane_change": [(SPEED, over(0.0, 1.5))],
    "split_plane_change": [(over(7e3, 7.5e3), over(1e4, 1.05e4), over(1.5e3, 1.7e3), over(2.8e3, 3e3), over(0.05, 1.5))],
    "raise_and_turn": [(PERIGEE, over(8e6, 5e7), over(0.05, 1.5), MU)],
    "speed_to_circle": [(PERIGEE, over(4.3e7, 2e8), over(0.05, 1.5), 4.2164e7, MU)],
    "escape_speed": [(PERIGEE, C3, MU)],
    "escape_impulse": [(PERIGEE, C3, MU)],
    "escape_eccentricity": [(PERIGEE, C3, MU)],
    "asymptote_anomaly": [(PERIGEE, over(1e5, 1e8), MU)],
    "state_on_escape": [(PERIGEE, C3, *ANGLES[:3], over(-1.5, 1.5), MU)],
    "asymptote": [(*STATE[:3], *(Vary(2.0 * v.values + 1.0) for v in STATE[3:]), MU)],
    "least_inclination": [(over(0.01, 1.5),)],
    "escape_plane": [(over(-0.7, 0.7), ANGLES[1], over(0.8, 2.2), over(1.6, 3.1), side) for side in (1.0, -1.0)],
    "secular_drift": [(*ELLIPSE, ANGLES[0], MU, J2, RADIUS)],
    "eccentric_anomaly": [(over(-20.0, 20.0, 0.0), over(0.0, 0.95))],
    "mean_from_true": [(ANGLES[3], over(0.0, 0.95))],
    "true_from_eccentric": [(ANGLES[3], over(0.0, 0.95))],
    "coast": [(*ELLIPSE, *ANGLES, over(0.0, 1e6), MU, J2, RADIUS)],
    "stationary_radius": [(over(3e14, 5e14), over(7e-5, 8e-5))],
    "graveyard_raise": [(over(0.001, 0.1), over(1.0, 2.0))],
    "stationary_clearance": [(*ELLIPSE, MU, c.EARTH_ROTATION_RAD_S)],
    "deorbit_speed": [(*ELLIPSE, over(6.4e6, 6.45e6), MU)],
    "graveyard_speed": [(over(4.2e7, 4.22e7), over(2e5, 4e5), MU)],
    "low_orbit_clearance": [(PERIGEE, RADIUS)],
    "kinetic_energy": [(over(0.001, 3e4), over(0.0, 300.0))],
    "debris_casualty_area": [(over(1e-4, 100.0), 0.6)],
    "inclined_casualty_area": [(over(0.0, 5.0), over(0.1, np.pi / 2), 0.3, 1.8)],
    "scattered_casualty_area": [(over(0.0, 100.0), 7.0)],
    "strike_area": [(over(10.0, 1e3), over(1.0, 200.0), over(0.0, 300.0), over(5.0, 300.0))],
    "slide_distance": [(over(0.0, 300.0), over(0.01, 1e4), over(0.0, 1.0), over(0.3, 1.0), 15.0, 9.8)],
    "slide_area": [(over(0.0, 1e3), over(0.0, 20.0), 0.3)],
    "tnt_equivalent": [(over(0.0, 6e5, 226796.185),)],
    "k_distance": [(over(6.0, 50.0), over(1.0, 1e5))],
    "scaled_distance": [(over(0.0, 1e4), over(1.0, 1e5))],
    "near_pressure": [(over(-1.6, 1.06),)],
    "middle_pressure": [(over(1.06, 3.17),)],
    "overpressure": [(over(1.0, 1e5), over(1.0, 1e5))],
    "crossrange_probability": [(over(-30.0, -0.1), over(0.1, 30.0), over(3.0, 20.0))],
    "overflight_probability": [(over(-30.0, -0.1), over(0.1, 30.0), over(3.0, 20.0), over(0.0, 50.0), 0.1, 643.0)],
    "overflight_expectation": [(over(0.0, 1e-3), over(0.0, 0.1), over(0.1, 100.0), over(0.0, 1e6))],
    "geodesic_leg": [(over(-1.4, 1.4), over(-0.7, 0.7), over(-1.4, 1.4), over(0.8, 1.5), world) for world in WORLDS],
    "geodesic_point": [(over(-1.4, 1.4), ANGLES[1], ANGLES[2], over(0.0, 9e6), world) for world in WORLDS],
    "node_rate": [(*ELLIPSE, ANGLES[0], MU, J2, RADIUS)],
    "sun_synchronous_inclination": [(*CIRCLE, MU, J2, RADIUS), (over(1.2e7, 2e7), over(2e7, 3e7), MU, J2, RADIUS)],
}

AGREEMENT, TABLE_AGREEMENT = 1e-12, 1e-9
ILL_CONDITIONED_AGREEMENT = 1e-6
ILL_CONDITIONED = {
    "elements_from_state": "the perigee of a circular orbit and the node of an equatorial one hang on the last digit",
    "impact_point": "a fall that just touches, and one that begins on the ground, hang on the last digits",
}


def leaves(tree):
    """The varying leaves, in order."""
    if isinstance(tree, Vary):
        return [tree]
    return (
        [leaf for branch in tree for leaf in leaves(branch)] if isinstance(tree, tuple) and not isinstance(tree, Table) else []
    )


def filled(tree, values):
    """The same arguments with the next of `values` in place of each varying leaf."""
    if isinstance(tree, Vary):
        return next(values)
    if not isinstance(tree, tuple) or isinstance(tree, Table):
        return tree
    branches = [filled(branch, values) for branch in tree]
    return type(tree)(*branches) if hasattr(tree, "_fields") else tuple(branches)


def flat(result):
    return [number for part in result for number in flat(part)] if isinstance(result, tuple) else [result]


def by_casadi(function, arguments):
    """Values and gradients at every sample."""
    inputs = leaves(arguments)
    symbols = ca.SX.sym("a", len(inputs))
    outputs = ca.vertcat(*flat(function(*filled(arguments, iter(ca.vertsplit(symbols))))))
    both = ca.Function("f", [symbols], [outputs, ca.jacobian(outputs, symbols)])
    points = np.array([leaf.values for leaf in inputs])
    results = [both(point) for point in points.T]
    return np.array([r[0].full()[:, 0] for r in results]).T, np.array([r[1].full() for r in results])


@pytest.fixture(autouse=True, scope="module")
def casadi_types():
    ca.GlobalOptions.setNumpyMode(-1)


@pytest.mark.parametrize("function", formula.FORMULAS, ids=lambda f: f.__name__)
def test_the_three_machines_agree_and_gradients_are_finite(function):
    name = function.__name__
    assert name in CASES, f"declare the range of use of {name} in CASES"
    compiled = numba.njit(error_model="numpy")(function)
    has_table = name in (
        "table_value",
        "air_force",
        "fall_drag",
        "air",
        "air_velocity",
        "air_data",
        "forces",
        "fall_rate",
    )
    tolerance = TABLE_AGREEMENT if has_table else AGREEMENT
    for arguments in CASES[name]:
        points = np.array([leaf.values for leaf in leaves(arguments)])
        arrays = np.array([np.broadcast_to(v, SAMPLES) for v in flat(function(*filled(arguments, iter(points))))])
        floats = [flat(function(*filled(arguments, map(float, point)))) for point in points.T]
        numbers = [flat(compiled(*filled(arguments, map(float, point)))) for point in points.T]
        symbolic, gradients = by_casadi(function, arguments)
        assert np.isfinite(arrays).all()
        assert np.isfinite(gradients).all(), f"gradient at samples {np.unique(np.argwhere(~np.isfinite(gradients))[:, 0])}"
        scale = np.abs(arrays).max(axis=1, keepdims=True) + 1e-30
        for machine, values in (("floats", np.array(floats).T), ("numba", np.array(numbers).T), ("casadi", symbolic)):
            gap = (np.abs(values - arrays) / scale).max()
            assert gap <= (ILL_CONDITIONED_AGREEMENT if name in ILL_CONDITIONED else tolerance), f"{machine}: {gap:.1e}"


def test_a_table_may_have_symbols_as_coefficients():
    """Winds and coefficients are parameters of the optimiser; only the knots are fixed."""
    coefficients = ca.SX.sym("k", len(MACH.coefficients))
    value = table_value(1.3, Table(MACH.knots, coefficients, MACH.base))
    by_symbols = float(ca.Function("f", [coefficients], [value])(MACH.coefficients))
    assert by_symbols == pytest.approx(table_value(1.3, MACH), rel=TABLE_AGREEMENT)


def test_no_case_without_a_formula():
    assert set(CASES) == {each.__name__ for each in formula.FORMULAS}
