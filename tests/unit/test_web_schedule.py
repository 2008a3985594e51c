"""Pages of the schedule: precision of dates, moves with who began them, the picture, the forecast."""

import csv
import io
from datetime import date

import pytest

from baiterek.campaign.dates import Precision
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule import milestones
from baiterek.campaign.schedule.records import Initiator, Milestone, Slip, SlipKind
from baiterek.reports.language import LANGUAGES
from baiterek.web.chart import WIDTH, chart
from baiterek.web.labels import LABELS
from record_cases import KEEPER
from web_cases import References, browser, send

PAGES = (
    "/schedule", "/schedule?sort=-planned&part=KZ", "/schedule/milestone?id=first-flight", "/schedule/slips?initiator=unknown",
    "/schedule/activities", "/schedule/forecast", "/schedule/forecast?draws=200",
)  # fmt: skip


@pytest.fixture()
def seeded(database):
    with database.writing(KEEPER) as change:
        milestones.seed(change)
    return database


def test_pages_of_the_schedule_speak_three_languages_and_ask_nobody(seeded):
    for office in ("member:RU", ""):
        visitor = browser(seeded, office)
        for name in LANGUAGES:
            for path in PAGES:
                answer = visitor.get(f"{path}{'&' if '?' in path else '?'}language={name}")
                assert answer.status_code == 200 and f'<html lang="{name}">' in answer.text, (path, answer.text)
                assert all(one.startswith("/") and not one.startswith("//") for one in References(answer.text).loaded)
                assert "style=" not in answer.text and "<script>" not in answer.text


def test_pages_of_an_empty_schedule_say_so(database):
    visitor = browser(database, "secretary:KZ")
    assert all(visitor.get(path).status_code == 200 for path in ("/schedule", "/schedule/slips", "/schedule/activities"))
    assert "No activity is entered" in visitor.get("/schedule/forecast").text


def test_every_word_of_the_schedule_has_its_label():
    assert {str(word) for kind in (SlipKind, Initiator, Precision) for word in kind} <= set(LABELS)


def test_a_milestone_is_moved_on_its_page_and_the_picture_and_the_ledger_show_it(seeded):
    visitor = browser(seeded, "member:RU")
    form = {"id": "first-flight", "revision": "1", "new": "2030-Q2", "initiator": "joint", "announced_on": "2026-03-20"}
    assert send(visitor, "/schedule/move", {**form, "source": "protocol 9", "reason": ""}).status_code in (409, 422)
    moved = send(visitor, "/schedule/move", {**form, "source": "protocol 9", "reason": "tests added"})
    assert moved.headers["location"] == "/schedule/milestone?id=first-flight"
    assert (
        "→ 2030-Q2" in visitor.get("/schedule").text
        and "the quarter" in visitor.get("/schedule/milestone?id=first-flight").text
    )
    rows = list(csv.DictReader(io.StringIO(visitor.get("/schedule/slips?form=csv&q=2030").content.decode("utf-8-sig"))))
    assert [(row["new"], row["initiator"], row["source"]) for row in rows] == [("2030-Q2", "joint", "protocol 9")]
    assert all(visitor.get(f"/schedule{path}?form=xlsx").status_code == 200 for path in ("", "/slips", "/activities"))
    again = send(visitor, "/schedule/move", {**form, "new": "2031", "source": "protocol 10", "reason": "second"})
    assert again.status_code == 409
    achieved = {"id": "first-flight", "revision": "2", "on": "2026-05-02", "reason": "telemetry"}
    assert send(visitor, "/schedule/achieve", achieved).status_code == 303
    with seeded.reading() as look:
        assert reading.get(look, Milestone, "first-flight").actual == "2026-05-02"


def test_the_picture_lies_on_the_axis_of_its_years():
    # By hand: the axis begins with 2025, which is 365 days long, and ends four years on: three of 365 days, 2028 of 366.
    one = Milestone("M", "м", "м", "m", "2025", "2026-01-01", reserve_days=0)
    slip = Slip("M-01", "M", 1, "2025", "2026-01-01", SlipKind.SLIP, "r", Initiator.KZ, "2025", "s")
    drawn = chart([one], [slip], date(2026, 6, 1))
    assert drawn.years == [2025, 2026, 2027, 2028, 2029]
    baseline, planned = drawn.rows[0].bars
    days = 3 * 365 + 366
    assert baseline.start == 0 and baseline.width == pytest.approx(WIDTH * 365 / days)
    assert planned.start == pytest.approx(WIDTH * 365 / days)
    move = drawn.rows[0].moves[0]
    assert (move.start, move.end) == pytest.approx((WIDTH * 365 / days, WIDTH * 366 / days))
