"""What a falling piece does to people: how hard it hits, over what area.

Casualty areas here are those of people in the open. Shelter and evacuation are counted in `safety`, as inputs.
"""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula


@formula
def kinetic_energy(mass_kg, speed_m_s):
    """Energy of motion in J; 15 J is the threshold of a casualty in NASA-STD-8719.14C (`KINETIC_CASUALTY_J`)."""
    return 0.5 * mass_kg * speed_m_s * speed_m_s


@formula
def debris_casualty_area(area_m2, person_width_m):
    """Area in m2 in which a piece of mean projected area `area_m2` touches a person: (w + sqrt A)^2.

    NASA-STD-8719.14C with w = 0.6 m (`PERSON_WIDTH_M`); the areas of the pieces of a body are summed. Vertical fall.
    """
    return (person_width_m + np.sqrt(area_m2)) * (person_width_m + np.sqrt(area_m2))


@formula
def inclined_casualty_area(radius_m, slope_rad, person_radius_m, person_height_m):
    """Area in m2 that a disc of `radius_m` sweeps through people of a height: pi R^2 + 2 R h cot(slope), R the sum of radii.

    `slope_rad` is the angle of the path under the horizon: pi / 2 is vertical. The basic area of the ranges' tradition
    (JARUS casex: r 0.3 m, h 1.8 m). It grows without bound as the path levels off: for paths steeper than 5 degrees.
    """
    reach = radius_m + person_radius_m
    return np.pi * reach * reach + 2.0 * reach * person_height_m * np.cos(slope_rad) / np.sin(slope_rad)


@formula
def scattered_casualty_area(area_m2, factor):
    """Area in m2 of a piece that bounces, slides or splatters: `factor` times its largest projected area.

    14 CFR 417 App. C, C417.9(b)(8)(iv) has 7 (`SCATTER_FACTOR`), where the motion after impact is not modelled.
    """
    return factor * area_m2


@formula
def slide_distance(speed_m_s, mass_kg, restitution, friction, lethal_J, gravity_m_s2):
    """How far in m a piece slides on until it is too slow to hurt: d = v t - mu g t^2 / 2 over t = (v - v_kill) / (mu g).

    `speed_m_s` is horizontal before the bounce, of which `restitution` is left; v_kill = sqrt(2 E / m). Level ground,
    Coulomb friction (JARUS casex: 0.65). Zero for what is too slow from the first.
    """
    left = restitution * speed_m_s
    harmless = np.sqrt(2.0 * lethal_J / mass_kg)
    duration = np.fmax(left - harmless, 0.0) / (friction * gravity_m_s2)
    return left * duration - 0.5 * friction * gravity_m_s2 * duration * duration


@formula
def slide_area(distance_m, width_m, person_radius_m):
    """Area in m2 swept by a piece of `width_m` that slides: d (2 r + w) + pi (r + w / 2)^2 / 2 (JARUS casex)."""
    half = person_radius_m + 0.5 * width_m
    return 2.0 * half * distance_m + 0.5 * np.pi * half * half


@formula
def strike_area(top_m2, front_m2, craft_m_s, falling_m_s):
    """Area in m2 that times the impacts per m2 of ground gives the expected hits on a craft that flies through what falls.

    A piece that falls at v through a box of top A and front B moving level at V meets it at the rate A v + B V per density in
    space, and passes each height once, in 1 / v: A + B V / v. The craft is there as each piece comes down.
    """
    return top_m2 + front_m2 * craft_m_s / falling_m_s
