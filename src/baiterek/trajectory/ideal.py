"""What Tsiolkovsky gives a mission's stages, as a guess needs it: boosters and core as one stage, nothing lost.

Bounds that refuse a mission are other sums, with everything that can help in them: `screening`.
"""

from __future__ import annotations

import numpy as np

from baiterek.trajectory.setting import Page, Setting

PARKING_IDEAL_m_s = 9150.0
"""Ideal velocity that brings a launcher from Baikonur to a low orbit at 51.6 deg, losses included."""


def ideal_m_s(setting: Setting, page: Page, stages: int, last_fraction: float = 1.0) -> float:
    """Ideal velocity of the first so many stages, the last of which burns a fraction of its propellant."""
    total = 0.0
    for b in range(stages):
        exhaust, start = exhaust_and_start(setting, page, b)
        burned = page.usable_kg[b] * (last_fraction if b == stages - 1 else 1.0) + page.companions_kg[b]
        total += exhaust * float(np.log(start / max(start - burned, 1.0)))
    return total


def exhaust_and_start(setting: Setting, page: Page, b: int) -> tuple[float, float]:
    """Exhaust speed (m/s) of a stage, and the mass at its start."""
    phases = setting.plan.budgets[b].phases
    engine = page.engine[phases[0] if b else phases[-1]]
    return float(engine[0] / engine[2]), float(page.mass_start_kg[phases[0]])


def likely_payload(setting: Setting, p: np.ndarray, needed_m_s: float = PARKING_IDEAL_m_s) -> float:
    """The payload with which all stages give the ideal velocity to a low orbit, by bisection."""
    low, high = 0.0, 0.1 * setting.books.numbers(p, 0.0).mass_start_kg[0]
    for _ in range(40):
        middle = 0.5 * (low + high)
        enough = ideal_m_s(setting, setting.books.numbers(p, middle), len(setting.plan.budgets)) > needed_m_s
        low, high = (middle, high) if enough else (low, middle)
    return max(low, 1.0)
