"""Where the page of each thing of the record is."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from markupsafe import Markup

PAGES = {
    "ground_object": "/object",
    "evidence": "/evidence/piece",
    "programme": "/programme",
    "requirement": "/programme/requirement",
    "test_case": "/programme/case",
    "test_run": "/programme/run",
    "verification": "/matrix/row",
    "campaign": "/campaign",
    "operation": "/operation",
    "flight_result": "/result",
    "remark": "/remark",
    "waiver": "/remark/waiver",
    "milestone": "/schedule/milestone",
    "permit": "/agreements/permit",
    "agreement": "/agreements/agreement",
    "gate": "/gate",
    "passage": "/gate",
    "criterion": "/gate/entry",
    "decision": "/gate/decision",
    "decision_condition": "/gate/condition",
    "meeting": "/meeting",
    "agenda_item": "/meeting",
    "resolution": "/meeting",
    "protocol": "/meeting",
}
"""Kind of record -> path of its page."""


def link_to(entity: str, id: str) -> str:
    """The address of that page; nothing where there is none."""
    return f"{PAGES[entity]}?{urlencode({'id': id})}" if entity in PAGES else ""


def anchors(entity: str, ids: Iterable[str]) -> Markup:
    """Names with their links, one after another."""
    return Markup(", ").join(Markup('<a href="{}">{}</a>').format(link_to(entity, id), id) for id in ids)
