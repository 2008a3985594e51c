"""Dates with their precision, the ledger of moved dates, milestones and activities; on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.dates import Precision, span
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule import milestones as schedule
from baiterek.campaign.schedule.milestones import due, enter_activity, enter_milestone, kind_of, move, shift_days
from baiterek.campaign.schedule.records import Activity, Initiator, Milestone, Slip, SlipKind
from baiterek.errors import Refused
from record_cases import KEEPER, MEMBER, OBSERVER, RUSSIAN, SECRETARY

DAY = date


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2028", DAY(2028, 1, 1), DAY(2028, 12, 31), Precision.YEAR),
        ("2026-H2", DAY(2026, 7, 1), DAY(2026, 12, 31), Precision.HALF),
        ("2026-Q1", DAY(2026, 1, 1), DAY(2026, 3, 31), Precision.QUARTER),
        ("2026-Q4", DAY(2026, 10, 1), DAY(2026, 12, 31), Precision.QUARTER),
        ("2028-02", DAY(2028, 2, 1), DAY(2028, 2, 29), Precision.MONTH),
        ("2026-12", DAY(2026, 12, 1), DAY(2026, 12, 31), Precision.MONTH),
        ("2026-03-15", DAY(2026, 3, 15), DAY(2026, 3, 15), Precision.DAY),
        ("2026-03-15T09:00Z", DAY(2026, 3, 15), DAY(2026, 3, 15), Precision.TIME),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text, first, last, precision):
    assert span(text) == (first, last, precision)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "26-Q1", "2026-Q5", "2026-H0", "2026-13", "2026-02-29", "2026-03-15T25:00Z", "2026-03-15T09:00", "2026-3"],
)
def test_what_is_no_date_is_none(text):
    assert span(text) is None


@pytest.mark.parametrize(
    ("old", "new", "kind", "days"),
    [
        ("2023", "2025", SlipKind.SLIP, 731),  # the end of 2024, a leap year, lies between
        ("2025", "2025-Q4", SlipKind.FIRMED, 0),
        ("2025-Q4", "2026-Q1", SlipKind.SLIP, 90),
        ("2026-Q1", "2026", SlipKind.LOOSENED, 275),
        ("2026-03-15", "2026-03-10", SlipKind.PULL_IN, -5),
        ("2026-03", "2026-03", None, 0),
    ],
)
def test_what_a_move_is_follows_from_the_two_dates(old, new, kind, days):
    assert kind_of(old, new) is kind and shift_days(old, new) == days


def milestone(**values):
    usual = {"id": "M-1", "name_ru": "Пуск", "name_kk": "Ұшыру", "name_en": "launch", "baseline": "2026-Q1", "planned": "2030",
             "part": Part.KZ}  # fmt: skip
    return Milestone(**usual | values)


def activity(id, **values):
    usual = {"name": "work", "part": Part.KZ, "shortest_days": 1, "likely_days": 2, "longest_days": 4, "source": "order 3"}
    return Activity(id, **usual | values)


def refused(database, why, actor, how, *arguments, **named):
    with pytest.raises(Refused, match=why), database.writing(actor) as change:
        how(change, *arguments, **named)


def test_no_date_moves_without_its_line_in_the_ledger(database):
    with database.writing(SECRETARY) as change:
        enter_milestone(change, milestone(reserve_days=2))
    said = (Initiator.JOINT, "2026-02-01", "protocol 9")
    refused(database, "source and a reason", MEMBER, move, "M-1", "2026-Q2", *said, " ")
    refused(database, "is no date", MEMBER, move, "M-1", "later", *said, "tests added")
    refused(database, "planned for 2026-Q1 already", MEMBER, move, "M-1", "2026-Q1", *said, "x")
    for actor in (RUSSIAN, SECRETARY, OBSERVER, KEEPER):
        refused(database, "does not act", actor, move, "M-1", "2026-Q2", *said, "tests added")
    with database.writing(MEMBER) as change:
        move(change, "M-1", "2026-Q2", *said, "tests added")
        move(change, "M-1", "2026-05-20", *said, "agreed")
        move(change, "M-1", "2027", *said, "to be agreed", placeholder=True)
    with database.reading() as look:
        there, slips = reading.get(look, Milestone, "M-1"), reading.every(look, Slip)
    assert (there.baseline, there.planned) == ("2026-Q1", "2027")
    assert [(s.old, s.new, s.kind) for s in slips] == [
        ("2026-Q1", "2026-Q2", SlipKind.SLIP), ("2026-Q2", "2026-05-20", SlipKind.FIRMED),
        ("2026-05-20", "2027", SlipKind.PLACEHOLDER),
    ]  # fmt: skip
    assert due(there) == date(2028, 1, 2)
    ahead = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    refused(database, f"{ahead} has not come yet", MEMBER, schedule.achieve, "M-1", ahead, "telemetry")
    with database.writing(MEMBER) as change:
        schedule.achieve(change, "M-1", "2026-05-03", "telemetry")
    refused(database, "happened already: 2026-05-03", MEMBER, move, "M-1", "2028", *said, "x")


def test_activities_have_durations_with_a_source_and_no_circle(database):
    with database.writing(SECRETARY) as change:
        enter_activity(change, activity("A"))
        enter_activity(change, activity("B", after=("A",)))
        enter_milestone(change, milestone(after=("B",)))
    refused(database, "after itself", SECRETARY, enter_activity, activity("A", after=("B",)))
    refused(database, "rise from the shortest", SECRETARY, enter_activity, activity("C", likely_days=9))
    refused(database, "source of its durations", SECRETARY, enter_activity, activity("C", source=""))
    refused(database, "does not have it", SECRETARY, enter_activity, activity("C", after=("Z",)))
    refused(database, "does not have it", SECRETARY, enter_milestone, milestone(id="M-2", after=("Z",)))
    refused(database, "is no day", SECRETARY, enter_activity, activity("A", done_on="2026"))


def test_the_public_history_has_sources_and_its_ledger_joins(database):
    with database.writing(KEEPER) as change:
        assert schedule.seed(change) == 16
        assert schedule.seed(change) == 0
    with database.reading() as look:
        milestones = {one.id: one for one in reading.every(look, Milestone)}
        slips = sorted(reading.every(look, Slip), key=lambda one: one.number)
        work = reading.every(look, Activity)
    assert all(one.source for one in [*milestones.values(), *slips, *work])
    assert all("assumed" in one.source for one in work)
    first = milestones["first-flight"]
    dates = [first.baseline, *(one.new for one in slips)]
    assert [one.old for one in slips] == dates[:-1] and dates[-1] == first.planned
    assert [one.kind for one in slips] == [kind_of(one.old, one.new) for one in slips]
    for one in milestones.values():
        assert span(one.baseline) and span(one.planned) and (not one.actual or span(one.actual))
