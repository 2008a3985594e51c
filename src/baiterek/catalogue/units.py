"""Natural units at the edge: one table from a key's suffix to the SI suffix and the factor between them."""

from __future__ import annotations

from math import pi

from baiterek.constants import FOOT_M, KNOT_M_S, SLUG_KG, STANDARD_GRAVITY_M_S2

POUND_FORCE_N = SLUG_KG * FOOT_M
"""One slug accelerated by one foot per second squared."""

SUFFIXES: dict[str, tuple[str, float]] = {
    "_kN": ("_N", 1e3),
    "_MN": ("_N", 1e6),
    "_tf": ("_N", 1e3 * STANDARD_GRAVITY_M_S2),
    "_lbf": ("_N", POUND_FORCE_N),
    "_t": ("_kg", 1e3),
    "_slug": ("_kg", SLUG_KG),
    "_km": ("_m", 1e3),
    "_ft": ("_m", FOOT_M),
    "_ft2": ("_m2", FOOT_M**2),
    "_km_s": ("_m_s", 1e3),
    "_knot": ("_m_s", KNOT_M_S),
    "_ft_s": ("_m_s", FOOT_M),
    "_g0": ("_m_s2", STANDARD_GRAVITY_M_S2),
    "_ft_s2": ("_m_s2", FOOT_M),
    "_km3_s2": ("_m3_s2", 1e9),
    "_slug_ft3": ("_kg_m3", SLUG_KG / FOOT_M**3),
    "_deg": ("_rad", pi / 180.0),
    "_deg_s": ("_rad_s", pi / 180.0),
    "_deg_h": ("_rad_s", pi / 180.0 / 3600.0),
    "_kPa": ("_Pa", 1e3),
    "_kPa_rad": ("_Pa_rad", 1e3),
    "_kPa_deg": ("_Pa_rad", 1e3 * pi / 180.0),
    "_kW_m2": ("_W_m2", 1e3),
    "_h": ("_s", 3600.0),
    "_kg_h": ("_kg_s", 1.0 / 3600.0),
    "_km2_s2": ("_m2_s2", 1e6),
    "_1_km2": ("_1_m2", 1e-6),
}
"""Suffix of a key in a file -> (suffix of the same key in SI, what one unit is in SI)."""

_LONGEST_FIRST = sorted(SUFFIXES, key=len, reverse=True)


def si_key(key: str) -> tuple[str, float]:
    """The key with its SI suffix, and the factor that turns its number into SI; a key in SI comes back as it is."""
    for suffix in _LONGEST_FIRST:
        if key.endswith(suffix):
            si_suffix, factor = SUFFIXES[suffix]
            return key[: -len(suffix)] + si_suffix, factor
    return key, 1.0


def edge_key(key: str) -> str:
    """A key in SI with the other endings that a file may give it: `altitude_m/_km/_ft`; one without a unit as it is."""
    ends = {si for si, _ in SUFFIXES.values() if key.endswith(si)}
    if not ends:
        return key
    end = max(ends, key=len)
    return "/".join((key, *(suffix for suffix, (si, _) in SUFFIXES.items() if si == end)))
