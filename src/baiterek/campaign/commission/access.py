"""Who may do what: role x part x object, as plain functions."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import NamedTuple

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.reason import because

LOGIN = "login:"


class Action(StrEnum):
    """What somebody does to the record."""

    READ = "read"
    DRAFT = "draft"
    """Prepare: enter objects as mounted, correct their descriptions, attach evidence."""
    ACT = "act"
    """Answer for it: a step of an object, an acceptance."""
    KEEP = "keep"
    """Organisations, people, memberships: what both parts share."""


class Actor(NamedTuple):
    """Who acts, as what, for whom."""

    name: str
    role: Role
    part: Part | None
    membership: str | None = None
    """The seat on which they vote and sign."""
    at_machine: bool = False
    """Whoever has this machine has the record: they act without an account, for any seat of their role and part."""


def at_machine(role: Role, part: Part | None) -> Actor:
    """The user of this machine. The log writes LOGIN: before their name, which no account can have."""
    return Actor(LOGIN + getpass.getuser(), role, part, at_machine=True)


MAY: dict[Role, frozenset[Action]] = {
    Role.CO_CHAIR: frozenset({Action.READ, Action.DRAFT, Action.ACT}),
    Role.DEPUTY: frozenset({Action.READ, Action.DRAFT, Action.ACT}),
    Role.MEMBER: frozenset({Action.READ, Action.DRAFT, Action.ACT}),
    Role.SECRETARY: frozenset({Action.READ, Action.DRAFT}),
    Role.OBSERVER: frozenset({Action.READ}),
    Role.KEEPER: frozenset({Action.READ, Action.KEEP}),
}
"""What each role may do to what belongs to its own part."""


WHO = {
    Role.CO_CHAIR: because("a co-chair"),
    Role.DEPUTY: because("a deputy"),
    Role.MEMBER: because("a member"),
    Role.SECRETARY: because("a secretary"),
    Role.OBSERVER: because("an observer"),
    Role.KEEPER: because("a keeper"),
}


def denial(actor: Actor, action: Action, part: Part | None = None) -> str | None:
    """Why `actor` may not do `action` to something that belongs to `part`; None where they may.

    Everybody who is let in reads everything: two parts of one commission keep no secrets in it.
    """
    if (actor.role is Role.KEEPER) != (actor.part is None):
        return because("a keeper belongs to no part, everybody else to one")
    if action not in MAY[actor.role]:
        return because("{who} does not {action}", who=WHO[actor.role], action=action)
    if action in (Action.DRAFT, Action.ACT) and part is not actor.part:
        return (
            because("the {part} part does not {action} for the {other} part", part=actor.part, action=action, other=part)
            if part
            else because("no part is named to {action} for", action=action)
        )
    return None


def seat_denial(actor: Actor, membership: str) -> str | None:
    """Why `actor` may not vote or sign on a seat; None where they may. Nobody does on another's, nor without one."""
    if actor.at_machine or actor.membership == membership:
        return None
    if actor.membership is None:
        return because("your account rests on no membership: it has no seat to vote or sign on")
    return because("you vote and sign as {own} alone", own=actor.membership)
