"""What comes down from orbit by itself: at any longitude, and at each latitude as often as its orbit is there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.hazard_file import PieceClass
from baiterek.constants import STANDARD_GRAVITY_M_S2, US76_TEMPERATURE_K, US76_GAS_CONSTANT_J_kgK, US76_PRESSURE_Pa
from baiterek.errors import BadValue
from baiterek.physics.debris import terminal_speed
from baiterek.physics.earth import zone_area
from baiterek.safety.ground import Shape
from baiterek.safety.harm import VERTICAL, inert_area
from baiterek.safety.world import ROWS, World, packaged_world

Array = NDArray[np.float64]
LEAST_INCLINATION_rad = np.radians(0.5)
"""Below it an orbit crosses one row of the population grid only."""
SEA_LEVEL_kg_m3 = US76_PRESSURE_Pa / (US76_GAS_CONSTANT_J_kgK * US76_TEMPERATURE_K)


def band_shares(edges_rad: Array, inclination_rad: float) -> Array:
    """Part of its time that a circular orbit spends between latitudes: arcsin(sin phi / sin i) / pi between the edges.

    sin phi = sin i sin u with an argument of latitude u that grows evenly. Descending edges give positive parts too.
    Geodetic latitudes are taken as geocentric: 0.2 deg at most.
    """
    steep = np.sin(min(inclination_rad, np.pi - inclination_rad))
    u = np.arcsin(np.clip(np.sin(edges_rad) / steep, -1.0, 1.0))
    return np.abs(np.diff(u)) / np.pi


def people_under(inclination_rad: float, world: World | None = None) -> float:
    """People per m2 on the ground under an orbit, each latitude as often as the orbit is there.

    Counts of whole rows of the half-degree grid, over the area of each ring of the ellipsoid.
    """
    if not LEAST_INCLINATION_rad <= inclination_rad <= np.pi - LEAST_INCLINATION_rad:
        low, high = 0.5, 179.5
        raise BadValue("re-entry", "inclination_deg", round(float(np.degrees(inclination_rad)), 3), f"{low:g} to {high:g}")
    world = world or packaged_world()
    edges = np.radians(90.0 - 0.5 * np.arange(ROWS + 1))
    area_m2 = -np.diff(zone_area(edges, Shape)) * 2.0 * np.pi
    return float(np.sum(band_shares(edges, inclination_rad) * world.people.sum(axis=1) / area_m2))


def reentry_area(pieces: Iterable[PieceClass]) -> float:
    """Casualty area in m2 of everything that reaches the ground: NASA-STD-8719.14, sum of (0.6 + sqrt A)^2 from 15 J on.

    Nothing is taken to burn up: a bound from above, as far as the list of pieces is complete.
    """
    total = 0.0
    for piece in pieces:
        speed = float(terminal_speed(SEA_LEVEL_kg_m3, piece.ballistic_kg_m2.value, STANDARD_GRAVITY_M_S2))
        total += piece.number * float(inert_area(piece.area_m2.value, piece.mass_kg.value, speed, VERTICAL))
    return total
