"""What a verification is: stages, methods, limit values, results, compliance; the rules by which a row of the matrix is closed.

A row is one requirement, verified at one stage by one method, as in the verification control document of ECSS-E-ST-10-02:
status of compliance, close-out, reason. Plain functions over plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from baiterek.campaign.reason import because

LONGEST_NUMBER = 40


class Stage(StrEnum):
    """Of a flight-test programme, in the order in which they are passed."""

    AUTONOMOUS = "autonomous"
    """A product alone, without its neighbours (definition of order 523 of 29 April 2015, Kazakhstan)."""
    INTEGRATED = "integrated"
    """With its neighbours and with mock-ups of vehicle and spacecraft (GOST R 51143)."""
    COMPREHENSIVE = "comprehensive"
    """The whole complex with the flight vehicle."""
    FLIGHT = "flight"


class Method(StrEnum):
    """How a requirement is verified (ECSS-E-ST-10-02)."""

    TEST = "test"
    ANALYSIS = "analysis"
    REVIEW = "review"
    INSPECTION = "inspection"


class Result(StrEnum):
    """What a run came to."""

    PASSED = "passed"
    FAILED = "failed"
    ABORTED = "aborted"


class Compliance(StrEnum):
    """Whether what was verified complies (ECSS-E-ST-10-02)."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


class Gate(StrEnum):
    """The decisions of a campaign, in their order: what is due, is due at one of them."""

    G0 = "G0"
    """Ground complex accepted."""
    G1 = "G1"
    """Vehicle admitted to joint tests."""
    G2 = "G2"
    """Roll-out."""
    G3 = "G3"
    """Fuelling."""
    G4 = "G4"
    """Launch."""
    G5 = "G5"
    """Results."""
    G6 = "G6"
    """Next flight, or acceptance into operation."""


class Limits(NamedTuple):
    """What a characteristic must keep; None where it has no such limit."""

    lower: Decimal | None
    upper: Decimal | None
    unit: str


class Shown(NamedTuple):
    """What a row of the matrix rests on."""

    whole: int
    """Pieces of evidence that are there and unchanged, of its last runs and of its own."""
    broken: tuple[str, ...]
    """Names of those that are missing or were changed."""
    unpassed: tuple[str, ...]
    """Its cases that were not run, whose last run was not judged, or did not pass."""
    waived: bool
    """Whether a deviation or waiver of the requirement is active."""


def number(text: str) -> Decimal | None:
    """A decimal number, None where the text is none."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and len(text) <= LONGEST_NUMBER else None


def beyond(measured: Mapping[str, str], limits: Mapping[str, Limits]) -> list[str]:
    """Measured values outside their limits, and limits without a measured value, in words."""
    found: list[str] = []
    for name, (lower, upper, unit) in limits.items():
        value = number(measured.get(name, ""))
        if value is None:
            found.append(because("{name} was not measured", name=name))
        elif lower is not None and value < lower:
            found.append(because("{name}: {value} is below {lower}", name=name, value=f"{value} {unit}".strip(), lower=lower))
        elif upper is not None and value > upper:
            found.append(because("{name}: {value} is above {upper}", name=name, value=f"{value} {unit}".strip(), upper=upper))
    return found


def judgement_refusal(result: Result, conclusion: str, whole: int, broken: tuple[str, ...], outside: list[str]) -> str | None:
    """Why a run cannot be judged so: a run that passed has whole data and every measured value within its limits."""
    if not conclusion.strip():
        return because("a conclusion is needed")
    if result is not Result.PASSED:
        return None
    if broken:
        return because("evidence {id} is missing or was changed", id=broken[0])
    if not whole:
        return because("no data file or other evidence is attached")
    return outside[0] if outside else None


def assessment_refusal(compliance: Compliance, close: bool, reason: str, shown: Shown) -> str | None:
    """Why a row cannot be given this compliance, or be closed with it."""
    if not reason.strip():
        return because("a reason is needed")
    if shown.broken:
        return because("evidence {id} is missing or was changed", id=shown.broken[0])
    if not shown.whole:
        return because("no evidence is attached")
    if compliance is Compliance.YES and shown.unpassed:
        return because("case {id} has not passed", id=shown.unpassed[0])
    if close and compliance is not Compliance.YES and not shown.waived:
        return because(
            "compliance {compliance} is closed only under an active deviation or waiver of the requirement",
            compliance=compliance,
        )
    return None


def doubt(closed: bool, compliance: Compliance | None, shown: Shown) -> str | None:
    """Why a row that was closed no longer stands; None where it does."""
    return assessment_refusal(compliance, True, "closed", shown) if closed and compliance is not None else None


def addition_refusal(approved: bool, answers: str) -> str | None:
    """A case that is added to a programme that a part has approved says what it answers."""
    if approved and not answers:
        return because(
            "the programme is approved: an added test names what it answers, a remark, an earlier case or a decision"
        )
    return None
