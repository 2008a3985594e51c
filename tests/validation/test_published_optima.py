"""Optima of the literature, from the problems' mission files and no guess.

Authorities: Delta III, the four-phase ascent of Benson (2005) and Rao et al. (2010, ACM TOMS 37(2)): 7529.712287 kg, which
yapss tests to 1e-8 (GPOPS-II prints 7529.712), ending at 924.139 s (MechJeb2's test, mpopt). Goddard's rocket in the
GPOPS form, with a singular arc: 18550.8718638 ft (yapss, to 1e-8).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.read import load_mission
from baiterek.trajectory import optimise

PUBLISHED = Path(__file__).parents[2] / "missions" / "published"
FOOT_m = 0.3048


@pytest.fixture(scope="module")
def delta():
    return optimise(load_mission(PUBLISHED / "delta-iii.toml")).require()


@pytest.fixture(scope="module")
def goddard():
    return optimise(load_mission(PUBLISHED / "goddard.toml")).require()


def test_delta_iii_has_the_published_mass_and_end(delta):
    # 0.005 kg: what a mesh that is refined to a metre leaves; the time is published to a millisecond.
    assert delta.objective == pytest.approx(7529.712287, abs=0.005)
    assert delta.history.t_s[-1] == pytest.approx(924.139, abs=0.002)


def test_delta_iii_is_flown_from_the_published_start(delta):
    history = delta.history
    start = [history[name][0] for name in ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")]
    # (Re cos 28.5, 0, Re sin 28.5) with Re = 6378145 m, and (0, 408.739353, 0) m/s as printed in the problem.
    latitude = np.radians(28.5)
    assert start[:3] == pytest.approx([6378145.0 * np.cos(latitude), 0.0, 6378145.0 * np.sin(latitude)], abs=1e-3)
    assert start[3:] == pytest.approx([0.0, 408.739353, 0.0], abs=1e-5)


def test_delta_iii_steers_by_the_primer_vector(delta):
    """Above the air, in an inverse-square field, the tangent of the thrust's pitch is nearly linear in time over a short
    arc (Lawden 1963; Bryson & Ho 1975, sec. 2.7): 100 s of the second stage within a milliradian."""
    history = delta.history
    part = (history.t_s > 600.0) & (history.t_s < 700.0)
    u = np.stack([history[f"u{c}_eci"][part] for c in "xyz"], axis=1)
    # Along the mean direction and the direction of its turning.
    axis = u.mean(axis=0) / np.linalg.norm(u.mean(axis=0))
    turn = u[-1] - u[0] - axis * ((u[-1] - u[0]) @ axis)
    tangent = (u @ turn) / (u @ axis) / np.linalg.norm(turn)
    t = history.t_s[part]
    residual = tangent - np.polyval(np.polyfit(t, tangent, 1), t)
    assert np.abs(residual).max() < 1e-3


def test_goddard_rises_to_the_published_altitude(goddard):
    height_ft = goddard.objective / FOOT_m
    assert height_ft == pytest.approx(18550.8718638, rel=1e-6)


def test_goddard_flies_the_singular_arc(goddard):
    """Published structure: full thrust, an arc on which m g = (1 + v / c) D, no thrust. On the arc the throttle is inside
    its range and the equation holds (to a part in a hundred: between nodes)."""
    history = goddard.history
    throttle = history["throttle"]
    middle = np.median(history.t_s[(throttle > 0.05) & (throttle < 0.95)])
    row = int(np.argmin(np.abs(history.t_s - middle)))
    sigma, scale_ft, exhaust_ft_s, gravity_ft_s2 = 5.49153484923381010e-05, 23800.0, 1580.9425279876559, 32.174
    height_ft, speed_ft_s = history["altitude_m"][row] / FOOT_m, history["speed_earth_m_s"][row] / FOOT_m
    mass_slug = history["mass_kg"][row] / (4.4482216152605 / FOOT_m)
    drag_lbf = sigma * speed_ft_s**2 * np.exp(-height_ft / scale_ft)
    assert mass_slug * gravity_ft_s2 == pytest.approx((1.0 + speed_ft_s / exhaust_ft_s) * drag_lbf, rel=0.01)
    assert throttle[1] == pytest.approx(1.0, abs=1e-6)
    assert throttle[-2] == pytest.approx(0.0, abs=1e-6)
