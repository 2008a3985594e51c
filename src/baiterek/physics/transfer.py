"""Impulses between orbits, in closed form: what finite burns tend to as the thrust rises.

Valid for a point mass, instantaneous burns and orbits that share their line of apsides. J2, gravity losses, drag and
the waiting for a node are left out: a planned flight costs more.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula

HALVINGS = 40
"""Of the interval that holds the best split: 1e-12 of the angle."""


class Split(NamedTuple):
    """A change of plane shared by two burns."""

    total_m_s: Any
    first_m_s: Any
    second_m_s: Any
    first_angle_rad: Any
    """What the first burn turns; the second turns the rest."""


@formula
def circular_speed(radius_m, mu_m3_s2):
    """Speed on a circle in m/s: sqrt(mu / r)."""
    return np.sqrt(mu_m3_s2 / radius_m)


@formula
def apsis_speed(radius_m, other_radius_m, mu_m3_s2):
    """Speed in m/s at one apsis of an ellipse whose other apsis is given (vis viva: Vallado, 4th ed., eq. 1-31)."""
    return np.sqrt(2.0 * mu_m3_s2 * other_radius_m / (radius_m * (radius_m + other_radius_m)))


@formula
def energy_speed(radius_m, inverse_semi_major_axis_1_m, mu_m3_s2):
    """Speed in m/s at a radius on an orbit of that energy (vis viva: Vallado, 4th ed., eq. 1-31); 1e-3 beyond its reach."""
    return np.sqrt(np.fmax(mu_m3_s2 * (2.0 / radius_m - inverse_semi_major_axis_1_m), 1e-6))


@formula
def impulse(before_m_s, after_m_s, turn_rad):
    """Impulse in m/s that changes a speed and turns its direction at once: the law of cosines.

    Written as a sum of squares, so that small turns keep their digits. Its gradient is kept finite at no impulse at all.
    """
    half = np.sin(0.5 * turn_rad)
    change = after_m_s - before_m_s
    return np.sqrt(change * change + 4.0 * before_m_s * after_m_s * half * half + 1e-24)


@formula
def hohmann(first_radius_m, second_radius_m, mu_m3_s2):
    """The two impulses in m/s between coplanar circles (Vallado, 4th ed., algorithm 36)."""
    start = apsis_speed(first_radius_m, second_radius_m, mu_m3_s2)
    end = apsis_speed(second_radius_m, first_radius_m, mu_m3_s2)
    return (
        impulse(circular_speed(first_radius_m, mu_m3_s2), start, 0.0),
        impulse(end, circular_speed(second_radius_m, mu_m3_s2), 0.0),
    )


@formula
def bi_elliptic(first_radius_m, far_radius_m, second_radius_m, mu_m3_s2):
    """The three impulses in m/s between coplanar circles by way of a far apsis (Vallado, 4th ed., algorithm 37)."""
    return (
        impulse(circular_speed(first_radius_m, mu_m3_s2), apsis_speed(first_radius_m, far_radius_m, mu_m3_s2), 0.0),
        impulse(
            apsis_speed(far_radius_m, first_radius_m, mu_m3_s2),
            apsis_speed(far_radius_m, second_radius_m, mu_m3_s2),
            0.0,
        ),
        impulse(apsis_speed(second_radius_m, far_radius_m, mu_m3_s2), circular_speed(second_radius_m, mu_m3_s2), 0.0),
    )


@formula
def finite_burn_loss(speed_m_s, duration_s, radius_m, mu_m3_s2):
    """What the length of a burn costs in m/s: v mu t^2 / (24 r^3).

    Robbins, An Analytical Study of the Impulsive Approximation, AIAA Journal 4, no. 8 (1966) 1417-1423, doi 10.2514/3.3687,
    which was not read; quoted so by Confraria, Finite burn losses in spacecraft maneuvers revisited (MSc thesis, Instituto
    Superior Tecnico, Lisbon 2020), equation 2.17 (second-hand). The upper bound of second order, of a thrust that keeps
    its direction. One that turns at its best rate w loses the part 1 - w^2 r^3 / mu of it. Of short burns in which the
    acceleration changes little.
    """
    return speed_m_s * mu_m3_s2 * duration_s * duration_s / (24.0 * radius_m * radius_m * radius_m)


@formula
def plane_change(speed_m_s, turn_rad):
    """Impulse in m/s that turns a velocity and keeps its size: 2 v sin(turn / 2)."""
    return 2.0 * speed_m_s * np.sin(0.5 * turn_rad)


@formula
def split_plane_change(before_1_m_s, after_1_m_s, before_2_m_s, after_2_m_s, turn_rad):
    """The cheapest way to share a change of plane (0 to pi/2) between two burns at opposite apsides (`Split`).

    Least of `impulse(turn_1) + impulse(turn - turn_1)` (Vallado, 4th ed., section 6.5.1), where its slope
    b a sin(turn_1) / impulse_1 - b a sin(turn_2) / impulse_2 changes sign, by halving the interval. A derivative
    passes as if the share were constant, which is right to first order at an optimum and at an end of the interval.
    """
    share = 0.5
    step = 0.25
    for _ in range(HALVINGS):
        first = share * turn_rad
        second = turn_rad - first
        slope = before_1_m_s * after_1_m_s * np.sin(first) * impulse(before_2_m_s, after_2_m_s, second)
        slope = slope - before_2_m_s * after_2_m_s * np.sin(second) * impulse(before_1_m_s, after_1_m_s, first)
        share = share - step * np.sign(slope)
        step = 0.5 * step
    first = share * turn_rad
    one = impulse(before_1_m_s, after_1_m_s, first)
    two = impulse(before_2_m_s, after_2_m_s, turn_rad - first)
    return Split(one + two, one, two, first)


@formula
def raise_and_turn(first_radius_m, second_radius_m, turn_rad, mu_m3_s2):
    """Impulses from a circle to a circle in another plane by a Hohmann ellipse, the turn shared at best (`Split`)."""
    return split_plane_change(
        circular_speed(first_radius_m, mu_m3_s2),
        apsis_speed(first_radius_m, second_radius_m, mu_m3_s2),
        apsis_speed(second_radius_m, first_radius_m, mu_m3_s2),
        circular_speed(second_radius_m, mu_m3_s2),
        turn_rad,
    )


@formula
def speed_to_circle(perigee_radius_m, apogee_radius_m, inclination_rad, circle_radius_m, mu_m3_s2):
    """What a spacecraft must still give, in m/s, from a transfer orbit to an equatorial circle (`Split`).

    A burn at apogee brings the perigee to the height of the circle, a burn there makes it round; both turn the plane,
    shared at best. With the apogee at the circle the first does all of it: the residual speed of the manuals
    ("GTO, 1500 m/s to go"). The apsides lie on the equator; `apogee_radius_m` is at least that of the circle.
    """
    return split_plane_change(
        apsis_speed(apogee_radius_m, perigee_radius_m, mu_m3_s2),
        apsis_speed(apogee_radius_m, circle_radius_m, mu_m3_s2),
        apsis_speed(circle_radius_m, apogee_radius_m, mu_m3_s2),
        circular_speed(circle_radius_m, mu_m3_s2),
        inclination_rad,
    )
