"""A meeting to try things with. Generated, and marked so: roles alone, nobody was there, nothing was decided."""

from __future__ import annotations

import io
from pathlib import Path

from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.evidence.store import cite, keep_file
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings.conduct import attend, draft, put_on_agenda, resolve, step
from baiterek.campaign.meetings.records import AgendaItem, Meeting, Resolution
from baiterek.campaign.meetings.states import Basis, MeetingState, Presence
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

ID, BODY = "EX-K-1", "commission"
BEGINS, ENDS = "2026-03-02T06:00:00.000000Z", "2026-03-02T08:30:00.000000Z"
WHY = "generated example"
ITEMS = {
    Part.RU: (
        "О готовности ракеты к вывозу (пример)", "Зымыранды шығаруға дайындық туралы (мысал)", "технический руководитель",
        "Принять к сведению доклад (пример).", "Баяндама назарға алынсын (мысал).", Basis.NOTED,
    ),
    Part.KZ: (
        "О приёмке стартовой площадки (пример)", "Старт алаңын қабылдау туралы (мысал)", "комплекс басшысы",
        "Устранить замечания до вывоза (пример).", "Ескертулер шығарғанға дейін жойылсын (мысал).", Basis.CONSENSUS,
    ),
}  # fmt: skip
"""Part -> its item of the agenda, who speaks, what is decided on it."""


def enter_example(change: Change, store: Path) -> Meeting:
    """One part calls the meeting; when the other does the same, it is held. The protocol is left to be issued."""
    part = change.actor.part
    if part is None:
        raise Refused("the example", because("it belongs to a part: act for one"))
    there = reading.find(change.connection, Meeting, ID)
    if there is None:
        draft(change, _meeting(part), WHY)
    item = _item(change, store, part, 1 if there is None else 2)
    if there is None:
        step(change, store, ID, MeetingState.CONVENED, WHY)
    for seat in reading.every(change.connection, Membership, body=BODY):
        if seat.part is part and in_force(seat, BEGINS[:10]):
            attend(change, ID, seat.id, Presence.REMOTE if seat.id.endswith("5") else Presence.PRESENT, WHY)
    if there is not None:
        step(change, store, ID, MeetingState.HELD, WHY)
    _, _, _, ru, kk, basis = ITEMS[part]
    resolve(change, Resolution("", ID, item.id, 1, basis, ru, kk, part=part, due="2026-04-01"), WHY)
    return reading.get(change.connection, Meeting, ID)


def _meeting(part: Part) -> Meeting:
    return Meeting(
        ID, BODY, part, "Заседание комиссии (пример)", "Комиссия отырысы (мысал)", BEGINS, "Байконур, площадка 45 (пример)",
        "Байқоңыр, 45-алаң (мысал)", ends_at=ENDS, example=True,
    )  # fmt: skip


def _item(change: Change, store: Path, part: Part, number: int) -> AgendaItem:
    ru, kk, speaker, *_ = ITEMS[part]
    made = put_on_agenda(change, AgendaItem("", ID, number, part, ru, kk, speaker=speaker), WHY)
    text = f"EXAMPLE, generated: no report of the {part} part\n"
    cite(change, keep_file(store, f"report-{part}.txt", io.BytesIO(text.encode())), made.id, None, WHY, "agenda_item")
    return made
