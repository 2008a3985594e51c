"""What the pages of one thing share: what shows it, what was remarked of it, its history, what the visitor may do to it."""

from __future__ import annotations

from typing import Any

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import CITING, Broken, cited
from baiterek.campaign.log.change import now
from baiterek.campaign.programme.matrix import Faults
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.remarks.steps import ABOUT
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import NAMES
from baiterek.campaign.rows.listing import Asked, look
from baiterek.web.links import link_to
from baiterek.web.pages.evidence import AT_ONCE_bytes, standing
from baiterek.web.visit import Visit

HISTORY = 12
"""Events that a page lists."""
ALL_OF_IT = 2**63
"""Bytes that are read so that nothing stays unknown."""


def around(visit: Visit, connection: Any, record: Any) -> dict[str, Any]:
    """For the templates that every page of one thing includes."""
    kind = NAMES[type(record)]
    return {
        "subject": record,
        "kind": kind,
        "pieces": [(piece, standing(visit, piece)) for piece in cited(connection, record.id, kind)],
        "remarks": reading.every(connection, Remark, entity=kind, entity_id=record.id),
        "history": look(connection, Asked(where={"entity": kind, "entity_id": record.id}, most=HISTORY)),
        "may": allowed(visit, record.part),
        "cites": kind in CITING,
        "remarkable": kind in ABOUT,
        "link_to": link_to,
    }


def allowed(visit: Visit, part: Part | None) -> dict[Action, bool]:
    """What the visitor may do to something of that part."""
    actor = visit.actor
    return {action: actor is not None and denial(actor, action, part) is None for action in Action}


def faults(visit: Visit, most_bytes: int = AT_ONCE_bytes) -> Faults:
    """Which pieces are broken, as far as it is known."""

    def found(pieces: list[Evidence]) -> list[Broken]:
        return [fault for piece in pieces for fault in standing(visit, piece, most_bytes) or ()]

    return found


def today() -> str:
    """The day in UTC."""
    return now()[:10]
