"""What the tests of campaigns share: a small template, milestones, a campaign of it."""

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.operations.begin import begin
from baiterek.campaign.operations.records import Campaign, CampaignKind
from baiterek.campaign.operations.templates import find_template, read_template
from baiterek.campaign.schedule.milestones import enter_milestone
from baiterek.campaign.schedule.records import Milestone
from record_cases import RUSSIAN

SMALL = """
name = "small"
en = "small"
ru = "малый"
kk = "шағын"
[sources]
order = "order 3"
[[resource]]
id = "pad"
kind = "pad"
part = "KZ"
capacity = { value = 1, source = "order" }
en = "pad"
ru = "старт"
kk = "старт"
[[resource]]
id = "crew"
kind = "crew"
part = "RU"
shift_h = { value = 8, source = "order" }
rest_h = { value = 12, source = "order" }
teams = { value = 1, source = "order" }
en = "crew"
ru = "расчёт"
kk = "есептоп"
[[operation]]
key = "prepare"
part = "KZ"
organisation = "operator"
before = { days = 2, source = "order" }
lasts = { hours = 6, source = "order" }
resources = ["pad", "crew"]
hazards = ["height"]
en = "prepare"
ru = "подготовить"
kk = "дайындау"
[[operation]]
key = "fuel"
part = "RU"
organisation = "developer"
before = { hours = 4, source = "order" }
lasts = { hours = 3, source = "order" }
resources = ["crew"]
excludes = ["pad"]
after = ["prepare"]
hazards = ["propellant"]
en = "fuel"
ru = "заправить"
kk = "отын құю"
[[operation]]
key = "lift-off"
part = "RU"
organisation = "developer"
before = { minutes = 0, source = "order" }
lasts = { minutes = 0, source = "order" }
after = ["fuel"]
en = "lift-off"
ru = "пуск"
kk = "ұшыру"
"""


def small(folder, text=SMALL):
    """The small template, read."""
    folder.mkdir(exist_ok=True)
    file = folder / "small.toml"
    file.write_text(text, encoding="utf-8")
    return read_template(file)


def shipped(name="two-stage"):
    """A template that comes with the program."""
    return read_template(find_template(name))


def milestone(database, id="launch", day="2026-06-01T09:00Z", actor=RUSSIAN, **values):
    """A lift-off in the schedule, of both parts."""
    with database.writing(actor) as change:
        return enter_milestone(change, Milestone(id, "Пуск", "Ұшыру", "Launch", day, day, **values))


def campaign(database, template, id="C", actor=RUSSIAN, **values):
    """A campaign of it, to `launch`."""
    usual = {
        "name": "first",
        "kind": CampaignKind.LAUNCH,
        "part": Part.RU,
        "milestone": "launch",
        "baseline": "",
        "template": "",
    }
    with database.writing(actor) as change:
        return begin(change, Campaign(id, **usual | values), template, "order 4").campaign
