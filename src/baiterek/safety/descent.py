"""How slowly a piece comes down at last: what an aircraft under it is exposed to longest."""

from __future__ import annotations

from typing import Any

from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.atmosphere import air
from baiterek.physics.debris import terminal_speed
from baiterek.physics.earth import Environment


def slowest(earth: Environment, ballistic_kg_m2: Any) -> Any:
    """Terminal speed where the air is thickest, at the altitude 0, in m/s."""
    return terminal_speed(air(0.0, earth).density_kg_m3, ballistic_kg_m2, STANDARD_GRAVITY_M_S2)
