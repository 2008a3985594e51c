"""What the record holds of decisions: flights, checklists, decisions with their votes, conditions and signatures, permits.

What people decide is written in Russian and in Kazakh, in English if they like.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.states import ConditionState, CriterionKind, CriterionState, DecisionState, Word
from baiterek.campaign.programme.verification import Gate


@dataclass(frozen=True)
class Flight:
    """A flight that the gates are for, and the configuration of vehicle and complex."""

    id: str
    name: str
    part: Part
    """Which part answers for the flight."""
    vehicle: tuple[str, ...] = ()
    """Each item with its revision or serial number; the Russian part's."""
    ground: tuple[str, ...] = ()
    """The same of the complex, beside the register of its objects; the Kazakh part's."""
    zones: tuple[str, ...] = ()
    """Drop zones, each of which needs its permit."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Criterion:
    """An entry of the checklist of a gate, a required conclusion among them."""

    id: str
    flight: str
    gate: Gate
    kind: CriterionKind
    part: Part
    """Which part answers for it."""
    text_ru: str
    text_kk: str
    text_en: str = ""
    organisation: str = ""
    """Who gives the conclusion."""
    source: str = ""
    state: CriterionState = CriterionState.OPEN
    basis: str = ""
    """Why it is met."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Decision:
    """A decision on a gate of a flight. What was put to the vote is frozen in it: evidence, configuration, waivers."""

    id: str
    flight: str
    gate: Gate
    part: Part
    """Which part drafted it."""
    text_ru: str = ""
    text_kk: str = ""
    text_en: str = ""
    valid_to: str | None = None
    """Last day."""
    state: DecisionState = DecisionState.DRAFT
    number: int = 0
    """In the order in which decisions on this gate were put to the vote."""
    rule: dict[str, str] = field(default_factory=dict)
    """The voting rule in force then."""
    evidence: dict[str, str] = field(default_factory=dict)
    """Everything that the gate rested on then: evidence -> SHA-256."""
    configuration: dict[str, str] = field(default_factory=dict)
    """`vehicle`, `ground`, `zones` -> SHA-256."""
    waived: dict[str, str] = field(default_factory=dict)
    """What was open then -> the waiver that let it pass."""
    closed_at: str | None = None
    """When the vote was closed."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Condition:
    """Under which a decision was taken: due before a later gate; it may carry something that blocked."""

    id: str
    decision: str
    part: Part
    """Which part answers for it."""
    due_gate: Gate
    text_ru: str
    text_kk: str
    text_en: str = ""
    entity: str = ""
    """What it carries: its kind and its id; both empty where it carries nothing."""
    entity_id: str = ""
    organisation: str = ""
    state: ConditionState = ConditionState.OPEN
    basis: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Vote:
    """What a member said to a decision, once; a dissent stays with it."""

    id: str
    decision: str
    membership: str
    part: Part
    word: Word
    at: str
    dissent: str = ""
    """The member's own opinion, in their words."""
    revision: int = 0


@dataclass(frozen=True)
class SigningKey:
    """The public half of a key with which a membership signs; its id is the fingerprint. Internal, not a qualified one."""

    id: str
    membership: str
    public: str
    """PEM."""
    valid_from: str
    valid_to: str
    """Last day."""
    revoked_at: str | None = None
    revision: int = 0


@dataclass(frozen=True)
class Signature:
    """A co-chair's signature under a decision: over the hashes of everything that it binds."""

    id: str
    decision: str
    part: Part
    membership: str
    key: str
    at: str
    sections: dict[str, str]
    """What is bound -> SHA-256."""
    signature: str
    """Ed25519, hex."""
    revision: int = 0


@dataclass(frozen=True)
class VotingRule:
    """Quorum and majority, in each part, and what a condition may carry."""

    id: str
    quorum: str
    """Share of the members of each part who must vote: `1/2`."""
    majority: str
    """Share of the votes of each part that those in favour must exceed."""
    carry_major: bool
    """Whether a condition may carry a major remark."""
    source: str
    revision: int = 0


@dataclass(frozen=True)
class Passage:
    """A gate was passed: what it opened has begun. Turned back, it must hold again before it is passed again."""

    id: str
    flight: str
    gate: Gate
    at: str
    decision: str
    """Under which it was passed."""
    turned_back_at: str | None = None
    revision: int = 0


@dataclass(frozen=True)
class Agreement:
    """An agreement between the two countries, a protocol to it, or a procedure of one side that brings it into force."""

    id: str
    kind: str
    """agreement, protocol, procedure or act."""
    title: str
    part: Part | None = None
    """Of a procedure or an act: whose."""
    parent: str | None = None
    """The agreement that it amends or brings into force."""
    signed_on: str = ""
    """A date with its precision: 2025, 2025-11, 2025-11-12; empty: not found."""
    done_on: str = ""
    """When it came into force or was completed; empty: not yet, or not found."""
    source: str = ""
    note: str = ""
    revision: int = 0


@dataclass(frozen=True)
class LaunchPlan:
    """The plan of launches of a year; the government's conclusion on it is a permit."""

    id: str
    year: str
    part: Part
    """Which part submits it."""
    flights: tuple[str, ...]
    document: str = ""
    source: str = ""
    agreement: str | None = None
    """Under which agreement it is submitted; None: none is named."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Permit:
    """A conclusion on a plan, the permission of a drop zone or of a launch."""

    id: str
    kind: PermitKind
    part: Part
    """Which part's government gives it."""
    subject: str
    """The plan, the zone, the flight."""
    flights: tuple[str, ...] = ()
    """Of a zone: for which flights; none: for all."""
    state: PermitState = PermitState.ASKED
    document: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    """Last day."""
    conditions: str = ""
    source: str = ""
    agreement: str | None = None
    """Under which agreement or rules it is given; None: none is named."""
    example: bool = False
    revision: int = 0
