"""How sure a result is: the sigmas of the data, carried through the optimum's sensitivities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.vehicle import Vehicle


@dataclass(frozen=True)
class Contribution:
    """What one datum adds: sigma of the result if only this datum were uncertain."""

    path: str
    sensitivity: float
    """Change of the result per unit of the datum."""
    sigma: float
    effect: float
    source: str
    correlated: bool


@dataclass(frozen=True)
class Uncertainty:
    """1 sigma of the result, to first order; contributions, largest first."""

    sigma: float
    contributions: tuple[Contribution, ...]
    silent: tuple[str, ...]
    """Data with a sigma for which the optimiser gave no sensitivity: left out of the sum, and said so."""


def uncertainty(sensitivities: Mapping[str, float], vehicle: Vehicle) -> Uncertainty:
    """First-order propagation, variance = s^T C s (e.g. JCGM 100:2008, eq. 13).

    C is the covariance of a fit where the vehicle carries one, and diagonal elsewhere. Valid while the optimum stays
    near: active limits that would change with the datum, and second-order effects, are not in it.
    """
    data = vehicle.data
    correlated = {path for block in vehicle.correlations for path in block.paths}
    variance = 0.0
    for block in vehicle.correlations:
        slope = np.array([float(sensitivities.get(path, 0.0)) for path in block.paths])
        variance += float(slope @ np.array(block.covariance, dtype=float) @ slope)
    contributions = []
    for path, datum in data.items():
        if path not in sensitivities or datum.sigma == 0.0:
            continue
        slope_of_one = float(sensitivities[path])
        effect = abs(slope_of_one) * datum.sigma
        if path not in correlated:
            variance += effect * effect
        contributions.append(Contribution(path, slope_of_one, datum.sigma, effect, datum.source, path in correlated))
    contributions.sort(key=lambda c: -c.effect)
    silent = tuple(p for p, d in data.items() if _uncertain(d) and p not in sensitivities)
    return Uncertainty(float(np.sqrt(max(variance, 0.0))), tuple(contributions), silent)


def _uncertain(datum: Datum) -> bool:
    return datum.sigma > 0.0
