"""What the commission adds to the record of `web.py`: a flight and its gates, meetings, campaigns, a schedule; all generated.

Entered through the verbs that people use, so that it is logged and signed. The objects of that record are not accepted: each
of them stands against every gate.
"""

from __future__ import annotations

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body, BodyKind, Membership
from baiterek.campaign.gates import agreements
from baiterek.campaign.gates.decisions import configure, draft, draft_condition, plan_flight
from baiterek.campaign.gates.records import Condition, Decision, Flight
from baiterek.campaign.log.change import Change
from baiterek.campaign.log.database import Database
from baiterek.campaign.meetings import conduct
from baiterek.campaign.meetings.records import AgendaItem, Meeting
from baiterek.campaign.operations.begin import begin
from baiterek.campaign.operations.records import Campaign, CampaignKind
from baiterek.campaign.operations.templates import find_template, read_template
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.schedule.milestones import enter_activity, enter_milestone, seed
from baiterek.campaign.schedule.records import Activity, Milestone

MEETINGS, OPERATIONS, ACTIVITIES, MEMBERS = 200, 5_000, 100, 7
"""The most activities of which the page of the forecast makes all its draws; members of each part are assumed."""
FLIGHT = "F1"
KEEPER = Actor("benchmark", Role.KEEPER, None)
SECRETARY = {part: Actor("benchmark", Role.SECRETARY, part) for part in Part}
MEMBER = {part: Actor("benchmark", Role.MEMBER, part) for part in Part}


def decide(database: Database) -> None:
    """Everything, part by part as each may enter it."""
    with database.writing(KEEPER) as change:
        agreements.seed(change)
        seed(change)
        change.create(Body("commission", BodyKind.COMMISSION, "commission"))
        for part in Part:
            for k in range(MEMBERS):
                role = Role.MEMBER if k else Role.CO_CHAIR
                seat = Membership(f"{part}-{k}", "commission", part, role, valid_from="2020-01-01", named_by="(example)")
                change.create(seat)
    with database.writing(SECRETARY[Part.RU]) as change:
        _gates(change)
        _meetings(change)
    with database.writing(SECRETARY[Part.KZ]) as change:
        _campaigns(change)
        _activities(change)
    with database.writing(MEMBER[Part.RU]) as change:
        configure(change, FLIGHT, "vehicle", ["stage 1 (example)", "stage 2 (example)"], "benchmark")


def _gates(change: Change) -> None:
    """A decision that is drafted at every gate, with a condition where one can fall due later."""
    plan_flight(change, Flight(FLIGHT, "first flight (example)", Part.RU, example=True))
    for gate, later in zip(Gate, [*list(Gate)[1:], None], strict=True):
        name = f"D-{gate}"
        said = ("Разрешить (пример).", "Рұқсат берілсін (мысал).", "")
        draft(change, Decision(name, FLIGHT, gate, Part.RU, *said, "2999-12-31"))
        if later is not None:
            texts = ("Устранить (пример).", "Жойылсын (мысал).")
            draft_condition(change, Condition(f"C-{gate}", name, Part.KZ, later, *texts))


def _meetings(change: Change) -> None:
    """Three items on the agenda of each."""
    for k in range(1, MEETINGS + 1):
        name, begins = f"K-{k:03}", f"{2020 + k // 12}-{k % 12 + 1:02}-02T06:00:00.000000Z"
        titles = (f"Заседание {k} (пример)", f"Отырыс {k} (мысал)")
        conduct.draft(change, Meeting(name, "commission", Part.RU, *titles, begins, "Байконур", "Байқоңыр", example=True))
        for number in (1, 2, 3):
            item = AgendaItem("", name, number, Part.RU, "О готовности (пример)", "Дайындық туралы (мысал)")
            conduct.put_on_agenda(change, item)


def _campaigns(change: Change) -> None:
    """As many as have that many operations, a month and more between their lift-offs."""
    template = read_template(find_template("two-stage"))
    for k in range(-(-OPERATIONS // len(template.operations))):
        day = f"{2030 + k // 9}-{k % 9 + 2:02}-15T09:00Z"
        names = (f"Пуск {k} (пример)", f"Ұшыру {k} (мысал)")
        enter_milestone(change, Milestone(f"L-{k}", *names, "", day, day, source="(example)", example=True))
        asked = Campaign(f"B-{k:03}", f"campaign {k} (example)", CampaignKind.LAUNCH, Part.KZ, f"L-{k}", "", "", example=True)
        begin(change, asked, template)


def _activities(change: Change) -> None:
    """Ten after ten, each after one of the ten before."""
    for k in range(ACTIVITIES):
        after = (f"A-{k - 10:03}",) if k >= 10 else ()
        enter_activity(change, Activity(f"A-{k:03}", f"work {k} (example)", Part.KZ, 10, 20, 40, after, source="(example)"))
