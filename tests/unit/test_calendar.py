"""The calendar, read back by icalendar: precision of dates, Kazakh and Russian letters, folded lines."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.operations.plan import plan
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.records import Milestone
from baiterek.reports.calendar import Entry, calendar, ics
from baiterek.reports.language import language
from operation_cases import campaign, milestone, small

STAMP = "2026-01-01T00:00:00.000000Z"


def made(day, **values):
    text = "Ғарыш айлағындағы «Бәйтерек», № 1; қар, жел: ұшыру"
    return Milestone("M-1", "Первый пуск", text, "First flight", day, day, source="https://example.org/a,b;c\nsecond", **values)


def read(text):
    return list(Calendar.from_ical(text).walk("VEVENT"))


@pytest.mark.parametrize(
    ("day", "start", "end", "status"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "TENTATIVE"),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1), "TENTATIVE"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "TENTATIVE"),
        ("2028-02", date(2028, 2, 1), date(2028, 3, 1), "TENTATIVE"),
        ("2026-03-15", date(2026, 3, 15), date(2026, 3, 16), "CONFIRMED"),
        ("2026-03-15T09:30Z", datetime(2026, 3, 15, 9, 30, tzinfo=UTC), datetime(2026, 3, 15, 9, 30, tzinfo=UTC), "CONFIRMED"),
    ],
)
def test_a_date_keeps_its_precision(day, start, end, status):
    (event,) = read(calendar([made(day)], [], language("en"), STAMP))
    assert (event.start, event.end, str(event["STATUS"])) == (start, end, status)
    assert day in str(event["DESCRIPTION"]) and "known to the" in str(event["DESCRIPTION"])


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_letters_and_punctuation_come_back_as_they_were(name):
    text = calendar([made("2026-Q1", reserve_days=2)], [], language(name), STAMP)
    (event,) = read(text)
    one = made("2026-Q1")
    assert str(event["SUMMARY"]) == f"{one.name_ru if name == 'ru' else one.name_kk} (2026-Q1)"
    assert one.source in str(event["DESCRIPTION"])
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75 and text.endswith("END:VCALENDAR\r\n")
    assert all(line.decode() is not None for line in lines)  # no letter is cut in two
    assert not Calendar.from_ical(text).errors


def test_long_texts_are_folded_and_unfolded_again():
    summary = "ұ" * 200 + ",;\\" + "ў" * 50
    day = date(2026, 1, 1)
    (event,) = read(ics([Entry("u", 1, day, day, summary, "a\nb", True)], "n", STAMP))
    assert str(event["SUMMARY"]) == summary and str(event["DESCRIPTION"]) == "a\nb"


def test_meetings_stand_at_their_instants():
    titles = {"title_ru": "Заседание", "title_kk": "Отырыс", "place_ru": "Байконур", "place_kk": "Байқоңыр"}
    one = Meeting("K-5", "commission", Part.KZ, begins_at="2026-03-01T05:00:00.000000Z", **titles)
    (event,) = read(calendar([], [], language("kk"), STAMP, [one]))
    assert event.start == datetime(2026, 3, 1, 5, tzinfo=UTC) and str(event["SUMMARY"]) == "Отырыс"
    assert "Байқоңыр" in str(event["DESCRIPTION"])


def test_operations_stand_at_their_instants_and_leave_where_the_date_is_vague(database, tmp_path):
    milestone(database)
    campaign(database, small(tmp_path / "t"))
    milestone(database, "vague", "2026-Q3")
    campaign(database, small(tmp_path / "t"), "V", milestone="vague")
    with database.reading() as look:
        plans = [plan(look, name, STAMP) for name in ("C", "V")]
        text = calendar(reading.every(look, Milestone), plans, language("ru"), STAMP)
    events = {str(one["UID"]): one for one in read(text)}
    expected = {"milestone-launch", "milestone-vague", "operation-C/prepare", "operation-C/fuel"}
    assert set(events) == {f"{name}@baiterek" for name in expected}
    fuel = events["operation-C/fuel@baiterek"]
    assert (fuel.start, fuel.end) == (datetime(2026, 6, 1, 5, tzinfo=UTC), datetime(2026, 6, 1, 8, tzinfo=UTC))
    assert str(fuel["SUMMARY"]) == "заправить"
