"""How sure a result is: the sigmas of the data, carried through the optimum's sensitivities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.upper_stage import UpperStage
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
    share: float
    """Of the variance, correlations included: all of them add up to 1; below 0 where others make up for it."""


@dataclass(frozen=True)
class Unknown:
    """Data that vary together, or one that varies alone, and what that adds to the result."""

    paths: tuple[str, ...]
    """Those of a family with the largest share first."""
    sigma: float
    """Of the result, if nothing else were uncertain."""
    share: float
    """Of the variance."""


@dataclass(frozen=True)
class Uncertainty:
    """1 sigma of the result, to first order; contributions, largest first."""

    sigma: float
    contributions: tuple[Contribution, ...]
    unknowns: tuple[Unknown, ...]
    """What varies independently of the rest, largest first."""
    silent: tuple[str, ...]
    """Data with a sigma for which the optimiser gave no sensitivity: left out of the sum, and said so."""


def uncertainty(sensitivities: Mapping[str, float], vehicle: Vehicle, upper_stage: UpperStage | None = None) -> Uncertainty:
    """First-order propagation, variance = s^T C s (e.g. JCGM 100:2008, eq. 13).

    C is the covariance of a fit where the vehicle carries one, and diagonal elsewhere; the share of a datum is
    s_i (C s)_i over the variance. Valid while the optimum stays near: active limits that would change with the datum,
    and second-order effects, are not in it.
    """
    data, felt = _data(vehicle, upper_stage), _felt(sensitivities, vehicle, upper_stage)
    variance = sum(felt.values())
    whole = variance if variance > 0.0 else 1.0
    families = [block.paths for block in vehicle.correlations]
    correlated = {path for family in families for path in family}
    contributions = [
        Contribution(
            path, float(sensitivities[path]), datum.sigma, abs(float(sensitivities[path])) * datum.sigma, datum.source,
            path in correlated, felt.get(path, 0.0) / whole,
        )
        for path, datum in data.items()
        if path in sensitivities and datum.sigma != 0.0
    ]  # fmt: skip
    groups = [*families, *((path,) for path in felt if path not in correlated)]
    unknowns = [_unknown(group, felt, whole) for group in groups]
    return Uncertainty(
        float(np.sqrt(max(variance, 0.0))),
        tuple(sorted(contributions, key=lambda c: -c.effect)),
        tuple(sorted((u for u in unknowns if u.share > 0.0), key=lambda u: -u.share)),
        tuple(p for p, d in data.items() if _uncertain(d) and p not in sensitivities),
    )


def sigma_alone(
    paths: Sequence[str], sensitivities: Mapping[str, float], vehicle: Vehicle, upper_stage: UpperStage | None = None
) -> float:
    """1 sigma of the result if only the data at `paths` were uncertain, their correlations among each other included."""
    kept = {path: sensitivities[path] for path in paths if path in sensitivities}
    return float(np.sqrt(max(sum(_felt(kept, vehicle, upper_stage).values()), 0.0)))


def _data(vehicle: Vehicle, upper_stage: UpperStage | None) -> dict[str, Datum]:
    """Data of both by the paths of the sensitivities."""
    own = {f"upper_stage.{key}": datum for key, datum in upper_stage.data.items()} if upper_stage is not None else {}
    return {**vehicle.data, **own}


def _felt(sensitivities: Mapping[str, float], vehicle: Vehicle, upper_stage: UpperStage | None = None) -> dict[str, float]:
    """Each datum's part of the variance, s_i (C s)_i."""
    felt: dict[str, float] = {}
    for block in vehicle.correlations:
        slope = np.array([float(sensitivities.get(path, 0.0)) for path in block.paths])
        parts = slope * (np.array(block.covariance, dtype=float) @ slope)
        felt |= dict(zip(block.paths, parts.tolist(), strict=True))
    for path, datum in _data(vehicle, upper_stage).items():
        if path in sensitivities and path not in felt and _uncertain(datum):
            felt[path] = (float(sensitivities[path]) * datum.sigma) ** 2
    return felt


def _unknown(paths: Sequence[str], felt: Mapping[str, float], whole: float) -> Unknown:
    variance = sum(felt[path] for path in paths)
    ordered = tuple(sorted(paths, key=lambda path: -felt[path]))
    return Unknown(ordered, float(np.sqrt(max(variance, 0.0))), variance / whole)


def _uncertain(datum: Datum) -> bool:
    return datum.sigma > 0.0
