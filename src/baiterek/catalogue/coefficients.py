"""Tables of coefficients over Mach number, and covariances, as files state them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.fields import Field, Fields, Place, finite, read_table, source_of
from baiterek.physics.table import Table, constant_table, smooth_table, table_value

MOST_KNOTS = 60
CLOSEST_MACH = 0.01
MOST_OVERSHOOT = 1.25
"""Of the smooth curve over the largest coefficient given."""

COEFFICIENTS: Fields = {
    "mach": Field("numbers", "ascending Mach numbers", required=True, low=0.0, high=50.0),
    "sigma": Field("number", "standard deviation of the whole curve, relative", required=True, low=0.0, high=2.0),
    "source": Field("text", "tag of the [sources] table", required=True),
}


def read_coefficients(
    table: Any, columns: tuple[str, ...], place: Place, sources: Mapping[str, Source]
) -> tuple[dict[str, Table], Datum]:
    """Smooth tables by column, and the factor (1, with the relative sigma) that scales them all."""
    fields = {
        **COEFFICIENTS,
        **{c: Field("numbers", "coefficient at each Mach number", required=True, low=0.0, high=100.0) for c in columns},
    }
    read = read_table(table, fields, place)
    source_of(read["source"], place, "source", sources)
    mach = read["mach"]
    if not 1 <= len(mach) <= MOST_KNOTS or any(b - a < CLOSEST_MACH for a, b in pairwise(mach)):
        raise place.bad("mach", list(mach), f"1 to {MOST_KNOTS} ascending numbers, {CLOSEST_MACH} apart or more")
    tables = {}
    for column in columns:
        values = read[column]
        if len(values) != len(mach):
            raise place.bad(column, f"{len(values)} numbers", f"as many as mach has: {len(mach)}")
        same = all(value == values[0] for value in values)
        tables[column] = constant_table(values[0]) if same else smooth_table(np.array(mach), np.array(values))
        fine = table_value(np.linspace(0.0, mach[-1] + 2.0, 500), tables[column])
        if not (fine.min() >= 0.0 and fine.max() <= MOST_OVERSHOOT * max(values)):
            raise place.bad(
                column,
                f"a smooth curve that runs from {fine.min():.3g} to {fine.max():.3g}",
                "points closer together where it bends",
            )
    return tables, Datum(1.0, read["sigma"], read["source"])


def read_covariance(found: Any, data: list[Datum], kept: list[int], place: Place) -> tuple[tuple[float, ...], ...]:
    """The rows and columns `kept` of a symmetric, positive semidefinite matrix whose diagonal is the sigmas squared.

    Within two per cent, since files round.
    """
    n = len(data)
    square = isinstance(found, list) and len(found) == n and all(isinstance(row, list) and len(row) == n for row in found)
    if not square or any(finite(cell) is None for row in found for cell in row):
        raise place.bad("covariance", found, f"{n} rows of {n} finite numbers")
    matrix = np.array(found, dtype=float)[np.ix_(kept, kept)]
    sigma = np.array([data[k].sigma for k in kept])
    scale = np.where(sigma > 0.0, sigma, 1.0)
    correlation = matrix / np.outer(scale, scale)
    if np.abs(correlation - correlation.T).max(initial=0.0) > 1e-6:
        raise place.bad("covariance", "a matrix that is not symmetric", "a symmetric matrix")
    wrong = np.abs(np.diag(matrix) - sigma**2) > 0.02 * sigma**2
    if wrong.any():
        k = int(np.argmax(wrong))
        raise place.bad(
            "covariance",
            f"variance {matrix[k, k]:g} in row {kept[k] + 1}",
            f"the square of the number's sigma, {sigma[k] ** 2:g}",
        )
    if np.linalg.eigvalsh(correlation).min(initial=0.0) < -1e-4:
        raise place.bad("covariance", "a negative eigenvalue", "a positive semidefinite matrix")
    return tuple(tuple(float(cell) for cell in row) for row in matrix)
