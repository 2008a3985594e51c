"""The two national parts of the commission, and what somebody is in it."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A national part of the commission."""

    RU = "RU"
    KZ = "KZ"


class Role(StrEnum):
    """What somebody is in a body; a keeper runs the database and acts for no part."""

    CO_CHAIR = "co_chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"
    OBSERVER = "observer"
    KEEPER = "keeper"
