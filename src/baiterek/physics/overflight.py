"""Overflight of people by an ascending vehicle as 14 CFR 420 App. A to C counts it, in nautical miles as its tables are.

A screening method for siting: a Gaussian crossrange of a third of the corridor's half width, a failure rate that does not
vary in time, a casualty area by range. `safety` sums simulated footprints instead; this is the regulation's own check.
"""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula

FAILURE_PROBABILITY, BURN_s = 0.10, 643.0
"""P_f and C of App. C: the whole flight's probability of failure and its duration."""

RANGE_RATE_nm_s = (
    (75.0, 0.75),
    (300.0, 1.73),
    (900.0, 4.25),
    (1700.0, 8.85),
    (2600.0, 19.75),
    (3500.0, 42.45),
    (4500.0, 84.85),
    (5250.0, 154.95),
)
"""Table C-2: up to this range in nm, the impact point's rate in nm/s."""

LINES_nm = {
    # class: D_max, D_oez, and the lengths of CF at 10 nm, DE at 100 nm, HI at 5000 nm of range
    "small": (1.20, 3.30, 39.45, 117.87, 1763.27),
    "medium": (1.53, 3.47, 40.76, 118.53, 1763.27),
    "medium-large": (1.74, 4.26, 41.62, 118.96, 1763.27),
    "large": (2.14, 12.86, 43.20, 119.75, 1763.27),
}
"""App. A, guided orbital launch vehicles. Large: more than 18 500 lb to 100 nm at 28 deg."""

CF_nm, DE_nm, HI_nm = 10.0, 100.0, 5000.0
"""Ranges at which those lines cross the flight azimuth."""


@formula
def crossrange_probability(y1_nm, y2_nm, sigma_nm):
    """Probability of an impact between two crossranges, by the one step of Simpson's rule that App. C prescribes.

    |y2 - y1| / (6 sigma sqrt(2 pi)) (e1 + 4 em + e2), e = exp(-(y / sigma)^2 / 2) at both ends and in the middle. Off the
    normal distribution by 4.2e-4 (width / sigma)^5 at most: for widths up to one sigma.
    """
    first, last = y1_nm / sigma_nm, y2_nm / sigma_nm
    middle = 0.5 * (first + last)
    heights = np.exp(-0.5 * first * first) + 4.0 * np.exp(-0.5 * middle * middle) + np.exp(-0.5 * last * last)
    return np.sqrt((last - first) * (last - first)) * heights / (6.0 * np.sqrt(2.0 * np.pi))


@formula
def overflight_probability(y1_nm, y2_nm, sigma_nm, dwell_s, failure_probability, burn_s):
    """Probability of an impact in a populated area: `crossrange_probability` times P_f / C times the dwell time.

    The dwell time is |x2 - x1| / R' with the rate of table C-2 (App. C), or that of the trajectory itself (App. B).
    """
    return crossrange_probability(y1_nm, y2_nm, sigma_nm) * failure_probability / burn_s * dwell_s


@formula
def overflight_expectation(impact_probability, casualty_area, populated_area, people):
    """Casualties to be expected in a populated area: P_i (A_c / A_k) N_k, both areas in one unit (App. C)."""
    return impact_probability * casualty_area / populated_area * people


def range_rate(range_nm: float) -> float:
    """Rate in nm/s of the impact point at a range, by table C-2; the last row's beyond 5250 nm."""
    return next((rate for upper, rate in RANGE_RATE_nm_s if range_nm <= upper), RANGE_RATE_nm_s[-1][1])


def corridor_half_width(range_nm: float, vehicle: str) -> float:
    """Half width in nm of the flight corridor of App. A at a range: straight between D_max and the lines CF, DE and HI.

    At the pad the radius of the circle D_max, which is also the boundary behind it.
    """
    d_max, _, cf, de, hi = LINES_nm[vehicle]
    return float(np.interp(range_nm, (0.0, CF_nm, DE_nm, HI_nm), (d_max, 0.5 * cf, 0.5 * de, 0.5 * hi)))
