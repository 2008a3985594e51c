"""What the record holds of meetings: their agenda, who was there, what was decided, the protocol and the signatures under it.

Plain frozen values. What people decide is written in Russian and in Kazakh, in English if they like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.states import Word
from baiterek.campaign.meetings.states import Basis, MeetingState, Presence


class Use(StrEnum):
    """What a certificate is for."""

    AUTHORITY = "authority"
    """Issues certificates to seats: made by the system itself, for both parts, or a part's own, brought in from outside."""
    SEAT = "seat"
    """Signs protocols for one seat."""


class Form(StrEnum):
    """Where a signature is."""

    PDF = "pdf"
    """In the file, as an incremental update."""
    DETACHED = "detached"
    """In a file of its own (CMS, .p7s), over the protocol as it was issued."""


@dataclass(frozen=True)
class Meeting:
    """A meeting of a body."""

    id: str
    """Its number, as people say it."""
    body: str
    part: Part
    """Which part calls it."""
    title_ru: str
    title_kk: str
    begins_at: str
    place_ru: str
    place_kk: str
    title_en: str = ""
    place_en: str = ""
    ends_at: str | None = None
    state: MeetingState = MeetingState.DRAFTED
    rule: dict[str, str] = field(default_factory=dict)
    """The voting rule in force when it was held."""
    issued: int = 0
    """How many revisions of its protocol there are; the last one is that which counts."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class AgendaItem:
    """What is spoken of, and who brings it."""

    id: str
    meeting: str
    number: int
    part: Part
    """Which part brings it, and its materials."""
    text_ru: str
    text_kk: str
    text_en: str = ""
    speaker: str = ""
    """A role or an organisation."""
    revision: int = 0


@dataclass(frozen=True)
class Attendance:
    """Whether a seat was there."""

    id: str
    meeting: str
    membership: str
    part: Part
    presence: Presence
    revision: int = 0


@dataclass(frozen=True)
class Resolution:
    """What a meeting decided on an item of its agenda; a decision on a gate is named, not said twice."""

    id: str
    meeting: str
    item: str
    number: int
    basis: Basis
    text_ru: str = ""
    text_kk: str = ""
    text_en: str = ""
    decision: str | None = None
    """The decision on a gate that it is."""
    part: Part | None = None
    """Which part does what was decided; None: both, or nobody."""
    due: str | None = None
    """By which day."""
    revision: int = 0


@dataclass(frozen=True)
class ResolutionVote:
    """What a seat said to it; a dissent stays with it."""

    id: str
    resolution: str
    membership: str
    part: Part
    word: Word
    at: str
    dissent: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Protocol:
    """A revision of the protocol of a meeting, frozen when it was issued."""

    id: str
    meeting: str
    number: int
    """Revision: 1, 2, ..."""
    issued_at: str
    sha256: str
    """Of the PDF as issued: what is signed."""
    signed_sha256: str
    """Of the PDF with the signatures that are in it; the same as `sha256` while there is none."""
    size: int
    sections: dict[str, str]
    """Each part of its contents -> SHA-256."""
    revision: int = 0


@dataclass(frozen=True)
class Certificate:
    """An X.509 certificate; its id is the SHA-256 of its DER."""

    id: str
    use: Use
    name: str
    """Its subject."""
    pem: str
    valid_from: str
    valid_to: str
    internal: bool
    """Made by the system: what it signs is an internal signature, not a qualified one."""
    part: Part | None = None
    """Of an authority: for whose seats it is trusted, None for both; of a seat: whose."""
    membership: str | None = None
    revoked_at: str | None = None
    revision: int = 0


@dataclass(frozen=True)
class ProtocolSignature:
    """The signature of one part under a revision of a protocol."""

    id: str
    protocol: str
    part: Part
    membership: str
    certificate: str
    form: Form
    sha256: str
    """Of the file that it came in: the PDF that was signed then, or the detached signature."""
    at: str
    """When the record took it, by its own clock: the certificate is held against this instant."""
    revision: int = 0
