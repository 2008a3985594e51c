"""A number with its source and its standard deviation."""

from __future__ import annotations

from dataclasses import dataclass

GRADES = {
    "H": "primary or manufacturer",
    "M": "one decent secondary source, or several that agree",
    "L": "weak",
    "derived": "arithmetic from sourced inputs",
    "fit": "fitted by a study of this project to published figures",
    "assumed": "assumed: no public source",
    "definition": "part of the definition of a published problem",
}


DISTRIBUTIONS = ("normal", "uniform", "triangular", "log-normal")
"""Shapes of an uncertainty; `study.dispersions` draws them. The mean is the value, the standard deviation is sigma."""


@dataclass(frozen=True)
class Source:
    """Where a number comes from."""

    tag: str
    text: str
    grade: str
    """A key of `GRADES`."""
    url: str = ""


@dataclass(frozen=True)
class Datum:
    """`value` in the unit that its key names; `sigma` in the same unit."""

    value: float
    sigma: float
    source: str
    """Tag of its `Source`."""
    distribution: str = "normal"
    """One of `DISTRIBUTIONS`."""
