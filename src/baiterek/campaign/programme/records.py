"""What the record holds of the programme of flight tests: requirements, rows of the matrix, cases, runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.programme.verification import Compliance, Gate, Method, Result, Stage


@dataclass(frozen=True)
class Programme:
    """A programme of flight tests; approved when both parts have said so."""

    id: str
    name: str
    document: str
    """Its number and revision."""
    part: Part
    """Which part keeps its text."""
    approved_ru: str | None = None
    """When the Russian part approved it."""
    approved_kz: str | None = None
    example: bool = False
    revision: int = 0

    @property
    def approved(self) -> bool:
        """Whether both parts have approved it."""
        return self.approved_ru is not None and self.approved_kz is not None

    @property
    def settled(self) -> bool:
        """Whether either part has: from then on its content stays."""
        return self.approved_ru is not None or self.approved_kz is not None


@dataclass(frozen=True)
class Requirement:
    """One sentence that must hold, and the characteristic with limit values by which it is measured, if it is."""

    id: str
    programme: str
    text: str
    part: Part
    """Which part answers for it."""
    characteristic: str = ""
    unit: str = ""
    lower: str | None = None
    """Decimal number."""
    upper: str | None = None
    source: str = ""
    """Document and clause."""
    parent: str | None = None
    """The requirement from which it follows."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Verification:
    """A row of the verification matrix: a requirement, verified at a stage by a method, due at a gate."""

    id: str
    requirement: str
    stage: Stage
    method: Method
    part: Part
    due_gate: Gate | None = None
    organisation: str | None = None
    """Who answers for it within its part; None: nobody is named."""
    compliance: Compliance | None = None
    closed: bool = False
    reason: str = ""
    """Of the compliance and the close-out."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Case:
    """A test, analysis, review or inspection of the programme: of which requirements, on which objects."""

    id: str
    programme: str
    title: str
    stage: Stage
    method: Method
    part: Part
    requirements: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    procedure: str = ""
    organisation: str | None = None
    """Who does it."""
    answers: str = ""
    """Of an added one: `remark:ID`, `test_case:ID` or `decision:` and its number."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Run:
    """One time that a case was done."""

    id: str
    test_case: str
    part: Part
    procedure: str
    """With its revision."""
    configuration: tuple[str, ...]
    """Each item with its revision or serial number."""
    operators: tuple[str, ...]
    """Roles, not names."""
    started_at: str
    ended_at: str | None = None
    measured: dict[str, str] = field(default_factory=dict)
    """Requirement -> value of its characteristic, a decimal number in its unit."""
    result: Result | None = None
    conclusion: str = ""
    example: bool = False
    revision: int = 0
