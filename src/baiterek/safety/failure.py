"""How likely a flight fails, and when: the binomial rule of the regulation, and its spread over stages and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.failure_file import FailureRecord
from baiterek.errors import BadValue

Array = NDArray[np.float64]
TAIL = 0.2
"""On either side of the two-sided interval of 60 % confidence; the 80 % one-sided limit has the same."""
EARLY_FLIGHTS = 2
"""With fewer flights of its own a vehicle is judged by the record of those like it."""


class FailureProbability(NamedTuple):
    """Of one flight."""

    low: float
    value: float
    """The reference estimate."""
    high: float
    flights: int
    failures: int
    own: bool
    """From the vehicle's own record; otherwise from that of vehicles developed and launched in like circumstances."""


class Phase(NamedTuple):
    """A part of the flight in which something may fail."""

    name: str
    start_s: float
    end_s: float
    share: float
    """Of the whole probability of failure."""
    ignition_share: float = 0.0
    """Of the phase's share, what falls within `ignition_s` after its start; the rest is spread evenly over the phase."""
    ignition_s: float = 1.0


def binomial_limits(flights: int, failures: int) -> tuple[float, float]:
    """Limits of 60 % confidence, two-sided, after Clopper & Pearson (1934).

    No failure leaves 0 to the one-sided limit of 80 %, failures alone that limit to 1 (14 CFR 417 App. C, C417.9(b)(5)).
    """
    from scipy.stats import beta

    if flights < 1 or not 0 <= failures <= flights:
        raise ValueError(f"{failures} failures in {flights} flights")
    low = 0.0 if failures == 0 else float(beta.ppf(TAIL, failures, flights - failures + 1))
    high = 1.0 if failures == flights else float(beta.isf(TAIL, failures + 1, flights - failures))
    return low, high


def failure_probability(flights: int, failures: int, like_flights: int = 0, like_failures: int = 0) -> FailureProbability:
    """The reference estimate of C417.9(b)(5) for a vehicle with this record.

    From two flights on the middle between the limits of its own record. Before that the upper limit of the record of
    vehicles developed and launched in like circumstances (`like_*`), its own flights among them.
    """
    if flights >= EARLY_FLIGHTS:
        low, high = binomial_limits(flights, failures)
        return FailureProbability(low, 0.5 * (low + high), high, flights, failures, True)
    flights, failures = flights + like_flights, failures + like_failures
    if flights == 0:
        raise ValueError("a first flight is judged by flights of vehicles like it: their number is wanted")
    low, high = binomial_limits(flights, failures)
    return FailureProbability(low, high, high, flights, failures, False)


def spread_over_time(probability: float, phases: Sequence[Phase], edges_s: Array) -> Array:
    """Probability, shape (phases, intervals), that the flight fails in each interval between `edges_s`, by phase.

    Its sum is `probability` when the edges reach over all phases. Shares must add up to one.
    """
    total = sum(phase.share for phase in phases)
    if abs(total - 1.0) > 1e-9:
        raise ValueError(f"shares of the phases add up to {total:g}, not to 1")
    edges = np.asarray(edges_s, dtype=float)
    rows = []
    for phase in phases:
        even = np.clip((edges - phase.start_s) / (phase.end_s - phase.start_s), 0.0, 1.0)
        early = np.clip((edges - phase.start_s) / phase.ignition_s, 0.0, 1.0)
        rows.append(phase.share * np.diff((1.0 - phase.ignition_share) * even + phase.ignition_share * early))
    return probability * np.array(rows)


def estimate(record: FailureRecord) -> FailureProbability:
    """`failure_probability` of a record of the catalogue."""
    return failure_probability(record.flights, record.failures, record.like_flights, record.like_failures)


def phases_of(record: FailureRecord, times_s: Mapping[str, tuple[float, float]]) -> tuple[Phase, ...]:
    """The record's phases at the times of a flight: start and end in s since lift-off by name."""
    missing = [phase.name for phase in record.phases if phase.name not in times_s]
    if missing:
        raise BadValue(f"failures {record.name}", "phases", ", ".join(missing), f"phases that are flown: {', '.join(times_s)}")
    return tuple(
        Phase(each.name, *times_s[each.name], each.share.value, each.ignition_share.value, each.ignition_s.value)
        for each in record.phases
    )
