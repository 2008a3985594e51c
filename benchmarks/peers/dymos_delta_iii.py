"""The Delta III ascent for dymos, in our own words: runs in the peers' environment, prints one JSON line.

The problem is the one of missions/published/delta-iii.toml (Benson 2005; Rao 2010). Phases, mesh and terminal
conditions are those of our own run: Radau, five segments of degree five a phase, the orbit as angular momentum
and eccentricity vectors. Derivatives are analytic, which is the fastest way that OpenMDAO offers.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

os.environ.setdefault("OPENMDAO_REPORTS", "0")

import dymos as dm
import numpy as np
import openmdao.api as om
from openmdao_ipopt import IpoptDriver
from scipy.integrate import solve_ivp

MU, RADIUS, G0 = 3.986012e14, 6378145.0, 9.80665
OMEGA = np.array([0.0, 0.0, 7.29211585e-5])
DENSITY, HEIGHT, CD_AREA = 1.225, 7200.0, 0.5 * 4.0 * np.pi
LATITUDE = np.radians(28.5)

SRB_PROPELLANT, SRB_DRY, SRB_THRUST, SRB_TIME = 17010.0, 2280.0, 628500.0, 75.2
ONE_PROPELLANT, ONE_DRY, ONE_THRUST, ONE_TIME = 95550.0, 8830.0, 1083100.0, 261.0
TWO_PROPELLANT, TWO_THRUST, TWO_TIME = 16820.0, 110094.0, 700.0
LIFT_OFF_MASS = 301454.0

SRB_FLOW, ONE_FLOW, TWO_FLOW = SRB_PROPELLANT / SRB_TIME, ONE_PROPELLANT / ONE_TIME, TWO_PROPELLANT / TWO_TIME

# name, start s, end s, thrust N, flow kg/s, mass dropped at the end kg
PHASES = (
    ("six", 0.0, SRB_TIME, 6 * SRB_THRUST + ONE_THRUST, 6 * SRB_FLOW + ONE_FLOW, 6 * SRB_DRY),
    ("three", SRB_TIME, 2 * SRB_TIME, 3 * SRB_THRUST + ONE_THRUST, 3 * SRB_FLOW + ONE_FLOW, 3 * SRB_DRY),
    ("core", 2 * SRB_TIME, ONE_TIME, ONE_THRUST, ONE_FLOW, ONE_DRY),
    ("upper", ONE_TIME, ONE_TIME + TWO_TIME, TWO_THRUST, TWO_FLOW, 0.0),
)

AXIS, ECCENTRICITY = 24361140.0, 0.7308
INCLINATION, NODE, PERIGEE = np.radians([28.5, 269.8, 130.5])


def rotation_z(angle):
    """Rotation of a vector about the third axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def rotation_x(angle):
    """Rotation of a vector about the first axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


TO_PERIGEE, ALONG, NORMAL = (rotation_z(NODE) @ rotation_x(INCLINATION) @ rotation_z(PERIGEE)).T
PARAMETER = AXIS * (1.0 - ECCENTRICITY**2)
SPIN = np.array([[0.0, -OMEGA[2], 0.0], [OMEGA[2], 0.0, 0.0], [0.0, 0.0, 0.0]])


def blocks(a, b):
    """Outer products of two lists of vectors, node by node."""
    return np.einsum("ni,nj->nij", a, b)


class Ascent(om.ExplicitComponent):
    """Accelerations, the length of the thrust direction, and the orbit's two vectors, with their derivatives."""

    def initialize(self):
        self.options.declare("num_nodes", types=int)
        self.options.declare("thrust", types=float)
        self.options.declare("flow", types=float)

    def setup(self):
        n = self.options["num_nodes"]
        for name in ("r", "v", "u"):
            self.add_input(name, np.ones((n, 3)))
        self.add_input("m", np.ones(n))
        for name in ("v_dot", "momentum", "eccentricity"):
            self.add_output(name, np.ones((n, 3)))
        self.add_output("m_dot", np.full(n, -self.options["flow"]))
        self.add_output("u_squared", np.ones(n))
        node = np.arange(n)
        rows = (3 * node[:, None, None] + np.arange(3)[None, :, None] + np.zeros((1, 1, 3), int)).ravel()
        columns = (3 * node[:, None, None] + np.arange(3)[None, None, :] + np.zeros((1, 3, 1), int)).ravel()
        for of, inputs in (("v_dot", "rvu"), ("momentum", "rv"), ("eccentricity", "rv")):
            for wrt in inputs:
                self.declare_partials(of, wrt, rows=rows, cols=columns)
        self.declare_partials("v_dot", "m", rows=np.arange(3 * n), cols=np.repeat(node, 3))
        self.declare_partials("u_squared", "u", rows=np.repeat(node, 3), cols=np.arange(3 * n))

    def _flow(self, inputs):
        r, v, m = inputs["r"], inputs["v"], inputs["m"][:, None]
        distance = np.linalg.norm(r, axis=1)[:, None]
        wind = v - r @ SPIN.T
        speed = np.sqrt((wind**2).sum(1) + 1e-12)[:, None]
        push = 0.5 * DENSITY * np.exp(-(distance - RADIUS) / HEIGHT) * CD_AREA / m
        return r, v, m, distance, wind, speed, push

    def compute(self, inputs, outputs):
        r, v, m, distance, wind, speed, push = self._flow(inputs)
        outputs["v_dot"] = -MU * r / distance**3 + self.options["thrust"] * inputs["u"] / m - push * speed * wind
        outputs["u_squared"] = (inputs["u"] ** 2).sum(1)
        outputs["momentum"] = np.cross(r, v) / np.sqrt(MU * PARAMETER)
        outputs["eccentricity"] = np.cross(v, np.cross(r, v)) / MU - r / distance
        outputs["m_dot"] = -self.options["flow"]

    def compute_partials(self, inputs, partials):
        r, v, m, distance, wind, speed, push = self._flow(inputs)
        n, eye = r.shape[0], np.eye(3)[None]
        d, m3 = distance[:, :, None], m[:, :, None]
        by_wind = -push[:, :, None] * (speed[:, :, None] * eye + blocks(wind, wind) / speed[:, :, None])
        drag = -push * speed * wind
        gravity = -MU * (eye / d**3 - 3.0 * blocks(r, r) / d**5)
        partials["v_dot", "r"] = (gravity - by_wind @ SPIN - blocks(drag, r) / (d * HEIGHT)).ravel()
        partials["v_dot", "v"] = by_wind.ravel()
        partials["v_dot", "u"] = (self.options["thrust"] / m3 * eye).ravel()
        partials["v_dot", "m"] = (-(self.options["thrust"] * inputs["u"] / m + drag) / m).ravel()
        partials["u_squared", "u"] = 2.0 * inputs["u"].ravel()
        zero = np.zeros(n)

        def crossing(a):
            x, y, z = a.T
            return np.array([[zero, -z, y], [z, zero, -x], [-y, x, zero]]).transpose(2, 0, 1)

        scale = np.sqrt(MU * PARAMETER)
        partials["momentum", "r"] = (-crossing(v) / scale).ravel()
        partials["momentum", "v"] = (crossing(r) / scale).ravel()
        v2, rv = (v**2).sum(1)[:, None, None], (r * v).sum(1)[:, None, None]
        partials["eccentricity", "r"] = ((v2 * eye - blocks(v, v)) / MU - eye / d + blocks(r, r) / d**3).ravel()
        partials["eccentricity", "v"] = ((2.0 * blocks(r, v) - blocks(v, r) - rv * eye) / MU).ravel()


def flown():
    """A climb that anybody would try first: straight up, then a pitch ramp in the plane of the orbit, integrated."""
    pad = RADIUS * np.array([np.cos(LATITUDE), 0.0, np.sin(LATITUDE)])
    state, mass, tables = np.concatenate([pad, SPIN @ pad]), LIFT_OFF_MASS, {}

    def direction(t, r):
        tilt = np.radians(np.interp(t, (0.0, 10.0, 80.0, 150.0, 261.0, 924.0), (0.0, 0.0, 40.0, 62.0, 72.0, 105.0)))
        up = r / np.linalg.norm(r)
        return np.cos(tilt) * up + np.sin(tilt) * np.cross(NORMAL, up)

    for name, start, end, thrust, flow, dropped in PHASES:
        end = min(end, 924.0)

        def rate(t, y, start=start, thrust=thrust, flow=flow, mass=mass):
            r, v, m = y[:3], y[3:], mass - flow * (t - start)
            wind = v - SPIN @ r
            air = 0.5 * DENSITY * np.exp(-(np.linalg.norm(r) - RADIUS) / HEIGHT) * CD_AREA * np.linalg.norm(wind)
            return np.concatenate([v, -MU * r / np.linalg.norm(r) ** 3 + (thrust * direction(t, r) - air * wind) / m])

        times = np.linspace(start, end, 30)
        path = solve_ivp(rate, (start, end), state, t_eval=times, rtol=1e-8).y
        thrust_along = np.array([direction(t, r) for t, r in zip(times, path[:3].T, strict=True)])
        tables[name] = times, path[:3].T, path[3:].T, thrust_along
        state, mass = path[:, -1], mass - flow * (end - start) - dropped
    return tables


def build():
    """The OpenMDAO problem, set up and with its guess."""
    problem = om.Problem(reports=False)
    trajectory = problem.model.add_subsystem("trajectory", dm.Trajectory())
    mass, masses = LIFT_OFF_MASS, {}
    for name, start, end, thrust, flow, dropped in PHASES:
        final = mass - flow * (end - start)
        masses[name], last = (mass, final), name == "upper"
        phase = dm.Phase(
            ode_class=Ascent,
            ode_init_kwargs={"thrust": thrust, "flow": flow},
            transcription=dm.Radau(num_segments=5, order=5, compressed=True),
        )
        trajectory.add_phase(name, phase)
        free = {"duration_bounds": (300.0, end - start), "duration_ref": 100.0} if last else {"fix_duration": True}
        phase.set_time_options(fix_initial=True, units=None, **free)
        first = name == "six"
        phase.add_state("r", rate_source="v", shape=(3,), units=None, ref=RADIUS, fix_initial=first, targets="r")
        phase.add_state("v", rate_source="v_dot", shape=(3,), units=None, ref=7900.0, fix_initial=first, targets="v")
        phase.add_state("m", rate_source="m_dot", units=None, ref=mass, fix_initial=True, targets="m")
        phase.add_control("u", shape=(3,), lower=-1.0, upper=1.0, continuity=False, rate_continuity=False, targets="u")
        phase.add_path_constraint("u_squared", equals=1.0)
        if last:
            phase.add_boundary_constraint("momentum", loc="final", shape=(3,), equals=NORMAL)
            phase.add_boundary_constraint("eccentricity", loc="final", shape=(3,), equals=ECCENTRICITY * TO_PERIGEE)
            phase.add_objective("m", loc="final", scaler=-1e-4)
        mass = final - dropped
    trajectory.link_phases([name for name, *_ in PHASES], ["r", "v"])
    # The fastest settings that were found: 87 iterations, where an adaptive mu takes 225.
    problem.driver = IpoptDriver(
        {"print_level": 0, "sb": "yes", "tol": 1e-8, "max_iter": 1000, "mu_strategy": "monotone", "mu_init": 1e-3}
    )
    problem.driver.declare_coloring(show_summary=False)
    problem.setup()
    for name, (times, r, v, u) in flown().items():
        phase = getattr(trajectory.phases, name)
        phase.set_time_val(initial=times[0], duration=times[-1] - times[0])
        phase.set_state_val("r", r, time_vals=times)
        phase.set_state_val("v", v, time_vals=times)
        phase.set_state_val("m", list(masses[name]))
        phase.set_control_val("u", u, time_vals=times)
    return problem


def main():
    """Solve once; one line of JSON on standard output."""
    begin = time.perf_counter()
    problem = build()
    ready = time.perf_counter()
    failed = problem.run_driver()
    failed = getattr(failed, "success", not failed) is False
    final = float(np.ravel(problem.get_val("trajectory.upper.timeseries.m"))[-1])
    out = {
        "final_mass_kg": final,
        "converged": not failed,
        "iterations": problem.driver.iterations,
        "setup_s": ready - begin,
        "solve_s": time.perf_counter() - ready,
        "peak_MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
    }
    print(json.dumps(out))
    return 0 if not failed else 1


if __name__ == "__main__":
    sys.exit(main())
