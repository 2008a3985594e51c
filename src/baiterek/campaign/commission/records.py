"""What the record holds of people: organisations, bodies, who is what in them, and who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from baiterek.campaign.commission.parts import Part, Role


class BodyKind(StrEnum):
    """What a body is there for."""

    COMMISSION = "commission"
    TECHNICAL_MANAGEMENT = "technical_management"
    WORKING_GROUP = "working_group"
    ACCEPTANCE_COMMISSION = "acceptance_commission"


@dataclass(frozen=True)
class Organisation:
    """A firm, an agency, a ministry."""

    id: str
    name: str
    country: Part
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Person:
    """Somebody whom a public text names."""

    id: str
    name: str
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Body:
    """A commission, its technical management, a working group, an acceptance commission."""

    id: str
    kind: BodyKind
    name: str
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Membership:
    """Who is what in a body, for which part, from when to when, by which order; without a person it is a role alone."""

    id: str
    body: str
    part: Part
    role: Role
    person: str | None = None
    organisation: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    """Last day; None while it lasts."""
    named_by: str = ""
    """The order or agreement that named them."""
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Account:
    """Who may sign in, and as what they act. The password is elsewhere: nothing of it stands in the log."""

    id: str
    """What they sign in with."""
    role: Role
    part: Part | None = None
    membership: str | None = None
    """The membership on which it rests: the account serves while that is in force."""
    active: bool = True
    revision: int = 0


@dataclass(frozen=True)
class Passkey:
    """A key that signs its owner in; its private half never leaves what made it."""

    id: str
    """Fingerprint of `credential`."""
    account: str
    label: str
    """What its owner calls it."""
    credential: str
    """What the key calls itself; base64url, as WebAuthn has it."""
    public: str
    """Its public half, COSE in base64url."""
    added_at: str = ""
    removed_at: str | None = None
    revision: int = 0


@dataclass(frozen=True)
class Identity:
    """Whom a provider of sign-ins vouches for, and whose account that opens."""

    id: str
    """Fingerprint of issuer and subject."""
    account: str
    issuer: str
    subject: str
    removed_at: str | None = None
    revision: int = 0
