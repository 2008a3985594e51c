"""Campaigns and their operations on both databases: templates, steps, remarks, rehearsals, plans; who may."""

import csv
import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.evidence.store import broken, cited
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.operations.begin import cancel, close, correct
from baiterek.campaign.operations.conflicts import ConflictKind
from baiterek.campaign.operations.plan import plan
from baiterek.campaign.operations.records import CampaignKind, CampaignState, Operation, OperationState
from baiterek.campaign.operations.work import OPERATION_STEPS, step
from baiterek.campaign.programme.records import Case, Programme, Run
from baiterek.campaign.programme.verification import Method, Stage
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.milestones import move
from baiterek.campaign.schedule.records import Initiator
from baiterek.errors import Absent, Denied, InputError, Refused
from baiterek.web.ahead import plan_ahead
from operation_cases import SMALL, campaign, milestone, shipped, small
from record_cases import KEEPER, MEMBER, OBSERVER, RUSSIAN, SECRETARY
from web_cases import browser

O = OperationState  # noqa: E741
NOW = "2026-05-31T00:00:00.000000Z"


@pytest.fixture()
def begun(database, tmp_path):
    milestone(database)
    campaign(database, small(tmp_path / "t"))
    return database


def take(database, actor, id, to, at="2026-05-30T09:00:00.000000Z", **said):
    with database.writing(actor) as change:
        change.at = "2026-06-02T00:00:00.000000Z"  # the tests live in their own days
        return step(change, f"C/{id}", to, at, **said)


def refused(database, why, actor, id, to, **said):
    with pytest.raises(Refused, match=why):
        take(database, actor, id, to, **said)


def test_every_number_of_the_shipped_template_says_where_it_is_from_and_nothing_of_it_conflicts(database):
    milestone(database)
    made = campaign(database, shipped())
    with database.reading() as look:
        found = plan(look, "C", NOW)
    assert made.baseline == "2026-06-01T09:00Z" and made.template.startswith("two-stage sha256:")
    assert not found.conflicts and len(found.slots) > 25
    for one in (*(slot.operation for slot in found.slots), *found.resources.values()):
        assert "assumed" in one.source or "starsem" in one.source, one.id


def test_what_is_said_to_be_published_begins_when_the_published_campaign_says():
    """http://www.starsem.com/services/campaign.htm: weeks, days, hours and minutes before lift-off, as printed."""
    day, hour = 1440, 60
    published = {
        "spacecraft-arrival": 5 * 7 * day, "spacecraft-filling": 22 * day, "vehicle-assembly": 18 * day,
        "combined-operations": 16 * day, "mating": 5 * day, "transfer-review": 4 * day, "roll-out": 3 * day,
        "countdown-rehearsal": 2 * day, "vehicle-checks": 8 * hour, "upper-stage-checks": 5 * hour,
        "fuelling-review": 4 * hour + 20, "fuelling": 4 * hour, "service-platform": 30, "lift-off": 0,
    }  # fmt: skip
    listed = [one for one in shipped().operations if one.source.startswith("begins: http://www.starsem.com/")]
    assert {one.id: one.before_min for one in listed} == published


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "order" }\nlasts', 'source = "hearsay" }\nlasts', "operation prepare.before"),
        ("{ days = 2, ", "{ weeks = 2, ", "minutes or hours or days"),
        ("{ hours = 6, ", "{ hours = -6, ", "no less than 0"),
        ('after = ["prepare"]', 'after = ["lift-off"]', "a circle"),
        ('after = ["prepare"]', 'after = ["nothing"]', "operation fuel: found nothing"),
        ('resources = ["pad", "crew"]', 'resources = ["yard"]', "a resource of this template"),
        ('key = "lift-off"', 'key = "off"', "one at 0, lasting 0"),
        ('key = "fuel"', 'key = "prepare"', "each name once"),
        ('hazards = ["height"]', 'hazards = ["boredom"]', "operation prepare.hazards: found boredom"),
        ('en = "prepare"', 'nom = "prepare"', "operation prepare.nom"),
    ],
)
def test_a_template_that_is_wrong_says_where(tmp_path, old, new, said):
    assert old in SMALL
    with pytest.raises(InputError, match=said):
        small(tmp_path / "t", SMALL.replace(old, new, 1))


def test_operations_are_done_one_after_another(begun):
    refused(begun, "C/prepare before it is not done", RUSSIAN, "fuel", O.STARTED)
    take(begun, MEMBER, "prepare", O.STARTED)
    refused(begun, "cannot|can become", RUSSIAN, "fuel", O.DONE)
    refused(begun, "ended at 2026-05-30T09", MEMBER, "prepare", O.DONE, at="2026-05-30T08:00:00.000000Z")
    refused(begun, "has not come yet", MEMBER, "prepare", O.DONE, at="2026-07-01T00:00:00.000000Z")
    take(begun, MEMBER, "prepare", O.DONE, at="2026-05-30T15:00:00.000000Z")
    refused(begun, "ended at 2026-05-30T15", RUSSIAN, "fuel", O.STARTED, at="2026-05-30T14:00:00.000000Z")
    done = take(begun, RUSSIAN, "fuel", O.STARTED, at="2026-06-01T05:00:00.000000Z")
    assert done.started_at == "2026-06-01T05:00:00.000000Z" and done.ended_at is None


def test_what_is_skipped_has_a_reason_and_may_come_back(begun):
    refused(begun, "a reason is needed", MEMBER, "prepare", O.SKIPPED)
    take(begun, MEMBER, "prepare", O.SKIPPED, reason="done in May")
    assert take(begun, MEMBER, "prepare", O.PLANNED, reason="not in May").ended_at is None


def test_what_fails_leaves_a_remark_in_the_same_transaction(begun):
    take(begun, MEMBER, "prepare", O.STARTED)
    remark = Remark("M-1", "the arm jams", Part.KZ, Part.RU)
    refused(begun, "fails into a remark", MEMBER, "prepare", O.FAILED, reason="jammed")
    refused(begun, "it says nothing", MEMBER, "prepare", O.FAILED, reason="jammed", remark=Remark("M-1", " ", Part.KZ, Part.RU))
    with begun.reading() as look:
        assert reading.find(look, Remark, "M-1") is None and reading.get(look, Operation, "C/prepare").state is O.STARTED
    failed = take(begun, MEMBER, "prepare", O.FAILED, at="2026-05-30T10:00:00.000000Z", reason="jammed", remark=remark)
    with begun.reading() as look:
        made = reading.get(look, Remark, "M-1")
        events = [event.at for event in reading.events(look) if event.entity_id in ("M-1", "C/prepare")]
    assert failed.remark == "M-1" and (made.entity, made.entity_id, made.part) == ("operation", "C/prepare", Part.RU)
    assert events[-1] == events[-2]
    refused(begun, "C/prepare before it is not done", RUSSIAN, "fuel", O.STARTED, at="2026-06-01T05:00:00.000000Z")
    assert take(begun, MEMBER, "prepare", O.PLANNED, reason="arm mended").remark == "M-1"


def test_nothing_else_goes_on_where_an_operation_is_alone(database, tmp_path):
    text = SMALL.replace('after = ["prepare"]\nhazards', "after = []\nhazards")
    milestone(database)
    campaign(database, small(tmp_path / "t", text))
    take(database, MEMBER, "prepare", O.STARTED)
    refused(database, "operation C/prepare excludes it", RUSSIAN, "fuel", O.STARTED)
    take(database, MEMBER, "prepare", O.DONE, at="2026-05-30T15:00:00.000000Z")
    take(database, RUSSIAN, "fuel", O.STARTED, at="2026-05-30T15:00:00.000000Z")


def test_the_lift_off_moves_with_the_schedule_and_the_campaign_shows_it(begun):
    with begun.writing(RUSSIAN) as change:
        move(change, "launch", "2026-06-11T09:00Z", Initiator.JOINT, "2026-05-20", "protocol 9", "tests added")
    with begun.reading() as look:
        found = plan(look, "C", NOW)
    assert found.campaign.baseline == "2026-06-01T09:00Z" and found.moved_days == 10
    assert found.lift_off == datetime(2026, 6, 11, 9, tzinfo=UTC)
    assert [(slip.old, slip.new, slip.reason) for slip in found.slips] == [
        ("2026-06-01T09:00Z", "2026-06-11T09:00Z", "tests added")
    ]
    # From now, midnight of 31 May, 9 h of work are left: 10 June 24:00 less than the planned 11 June 9:00.
    assert found.earliest == datetime(2026, 5, 31, 9, tzinfo=UTC) and found.margin_min == 11 * 1440


def test_a_date_of_a_quarter_gives_no_instants_and_a_late_start_eats_the_margin(begun):
    take(begun, MEMBER, "prepare", O.STARTED, at="2026-05-31T10:00:00.000000Z")
    with begun.reading() as look:
        late = plan(look, "C", "2026-06-01T00:00:00.000000Z")
    # Begun at 10:00, 6 h planned, it is late and may end from midnight on; 3 h follow: 03:00 of 1 June, planned 09:00.
    assert late.earliest == datetime(2026, 6, 1, 3, tzinfo=UTC) and late.margin_min == 6 * 60
    slot = late.slots[0]
    assert (slot.start_min, slot.end_min) == (-23 * 60, -17 * 60)
    with begun.writing(RUSSIAN) as change:
        move(change, "launch", "2026-Q3", Initiator.JOINT, "2026-05-20", "protocol 9", "tests added")
    with begun.reading() as look:
        found = plan(look, "C", NOW)
    assert found.lift_off is None and found.margin_min is None and found.slots[0].start_min == -2880


def test_two_campaigns_on_one_pad_conflict_with_names_and_times(begun, tmp_path):
    milestone(begun, "second", "2026-06-01T10:00Z")
    campaign(begun, small(tmp_path / "t"), "D", milestone="second")
    with begun.reading() as look:
        found = plan(look, "C", NOW)
        pads = [one for one in found.conflicts if one.resource == "pad"]
    # C/prepare 48 to 42 h before its lift-off, D/prepare an hour later; the same of the fuelling, alone on the pad.
    assert [(one.kind, one.operations, one.start, one.end) for one in pads] == [
        (ConflictKind.OCCUPIED, ("C/prepare", "D/prepare"), -47 * 60, -42 * 60),
        (ConflictKind.EXCLUSION, ("C/fuel", "D/fuel"), -3 * 60, -60),
    ]
    visitor = browser(begun)
    assert '<p class="value">2026-06-01 09:00 UTC</p>' in visitor.get("/campaign?id=C").text
    for page in ("/campaign?id=C", "/operation?id=C/prepare"):
        shown = visitor.get(f"{page}&language=kk").text.partition('id="conflicts"')[2].partition("</section>")[0]
        assert "старт" in shown and "дайындау</a>; " in shown and "дайындау (D)</a>" in shown
    with begun.writing(RUSSIAN) as change:
        move(change, "second", "2026-06-20T10:00Z", Initiator.RU, "2026-05-20", "order", "apart")
    with begun.reading() as look:
        assert not plan(look, "C", NOW).conflicts


def test_a_campaign_looked_at_again_is_as_if_it_had_never_been_looked_at(begun, tmp_path):
    def corrected(name, **values):
        with begun.writing(RUSSIAN) as change:
            there = reading.get(change.connection, Operation, name)
            correct(change, there.__class__(**{**vars(there), **values}), "changed", there.revision)

    def moved():
        with begun.writing(RUSSIAN) as change:
            move(change, "launch", "2026-06-01T07:00Z", Initiator.JOINT, "2026-05-20", "protocol 9", "earlier")

    milestone(begun, "second", "2026-06-01T10:00Z")
    changes = (
        lambda: None,
        lambda: corrected("C/fuel", procedure="PR-9"),
        lambda: corrected("C/fuel", duration_min=400),
        lambda: corrected("C/fuel", after=()),
        lambda: campaign(begun, small(tmp_path / "t"), "D", milestone="second"),
        lambda: take(begun, MEMBER, "prepare", O.STARTED),
        lambda: take(begun, MEMBER, "prepare", O.DONE, at="2026-05-30T19:00:00.000000Z"),
        moved,
    )
    known, seen = None, []
    for k, happens in enumerate(changes):
        happens()
        at = f"2026-05-31T00:{k:02}:00.000000Z"
        with begun.reading() as look:
            known = plan(look, "C", at, known)
            assert known == plan(look, "C", at), k
        seen.append(known)
    assert all(one != other for one, other in pairwise(seen))  # each change shows
    assert seen[1].network is seen[0].network and seen[1].conflicts is seen[0].conflicts  # and what it leaves is not made anew


def test_open_campaigns_are_placed_ahead_of_the_first_reader(begun):
    plans = {}
    plan_ahead(begun, plans).join(60)
    assert list(plans) == ["C"] and plans["C"][1].campaign.id == "C"


def test_a_planned_operation_is_corrected_by_its_part_and_no_other(begun):
    with begun.reading() as look:
        fuel = reading.get(look, Operation, "C/fuel")
    later = fuel.__class__(**{**vars(fuel), "before_min": 120})
    with begun.writing(RUSSIAN) as change:
        assert correct(change, later, "slower", fuel.revision).before_min == 120
    with begun.reading() as look:
        (found,) = plan(look, "C", NOW).conflicts
    assert found.kind is ConflictKind.ORDER and found.operations == ("C/fuel", "C/lift-off")
    for why, wrong in (
        ("no operation before it", {"after": ("C/lift-off",)}),
        ("no less than 0", {"duration_min": -1}),
        ("does not have it", {"resources": ("yard",)}),
    ):
        with pytest.raises(Refused, match=why), begun.writing(RUSSIAN) as change:
            correct(change, fuel.__class__(**{**vars(later), **wrong}), "x")
    with pytest.raises(Denied), begun.writing(SECRETARY) as change:
        correct(change, later, "slower")


def rehearsal(database, folder):
    with database.writing(RUSSIAN) as change:
        change.create(Programme("P", "programme", "plan 1", Part.RU))
        change.create(
            Case("K-1", "P", "rehearsal of the countdown", Stage.COMPREHENSIVE, Method.TEST, Part.RU, procedure="pr. 7")
        )
    milestone(database)
    return campaign(database, small(folder), kind=CampaignKind.REHEARSAL, test_case="K-1")


def test_a_rehearsal_that_is_closed_is_a_run_of_its_case(database, tmp_path):
    rehearsal(database, tmp_path / "t")
    with pytest.raises(Refused, match=r"C/\S+ is planned"), database.writing(RUSSIAN) as change:
        close(change, database.evidence, "C", "over")
    take(database, MEMBER, "prepare", O.STARTED)
    take(database, MEMBER, "prepare", O.DONE, at="2026-05-30T15:00:00.000000Z")
    take(database, RUSSIAN, "fuel", O.SKIPPED, at="2026-05-30T16:00:00.000000Z", reason="dry rehearsal")
    take(database, RUSSIAN, "lift-off", O.STARTED, at="2026-06-01T09:00:00.000000Z")
    take(database, RUSSIAN, "lift-off", O.DONE, at="2026-06-01T09:00:00.000000Z")
    with database.writing(RUSSIAN) as change:
        closed = close(change, database.evidence, "C", "over")
    with database.reading() as look:
        run = reading.get(look, Run, "C")
        (piece,) = cited(look, "C", "test_run")
        assert verify(look, read_public_key(database.key)).whole
    assert closed.state is CampaignState.CLOSED and run.test_case == "K-1" and run.result is None
    assert (run.started_at[:13], run.ended_at[:13], run.procedure) == ("2026-05-30T09", "2026-06-01T09", "pr. 7")
    assert run.operators == ("crew",) and not broken(database.evidence, [piece])
    kept = (database.evidence / piece.sha256[:2] / piece.sha256[2:]).read_text(encoding="utf-8")
    assert [row["state"] for row in csv.DictReader(io.StringIO(kept))] == ["done", "skipped", "done"]
    with pytest.raises(Refused, match="campaign C is closed"), database.writing(RUSSIAN) as change:
        cancel(change, "C", "again")
    refused(database, "its campaign is closed", RUSSIAN, "fuel", O.PLANNED, reason="again")


@pytest.mark.parametrize(
    ("why", "values"),
    [
        ("names the test case", {"kind": CampaignKind.REHEARSAL}),
        ("names the test case", {"test_case": "K-1"}),
        ("does not have it", {"milestone": "nothing"}),
        ("is not generated, and this is", {"example": True}),
        ("an id and a name", {"name": " "}),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(database, tmp_path, why, values):
    milestone(database)
    with pytest.raises(Refused, match=why):
        campaign(database, small(tmp_path / "t"), **values)


ACTORS = [Actor(f"{role} {part}", role, part) for part in Part for role in Role if role is not Role.KEEPER] + [KEEPER]
ACTING = (Role.CO_CHAIR, Role.DEPUTY, Role.MEMBER)


@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_who_may_what(database, tmp_path, actor):
    """A secretary of its part begins and corrects, a member of its part acts; KZ prepares, RU leads."""
    milestone(database)
    campaign(database, small(tmp_path / "t"))
    with database.reading() as look:
        prepare = reading.get(look, Operation, "C/prepare")
    acts, drafts = actor.role in ACTING, actor.role in ACTING or actor.role is Role.SECRETARY
    tried = {
        "begin": (drafts and actor.part is Part.RU, lambda: campaign(database, small(tmp_path / "t"), "D", actor)),
        "correct": (drafts and actor.part is Part.KZ, lambda: _in(database, actor, lambda c: correct(c, prepare, "same"))),
        "start": (acts and actor.part is Part.KZ, lambda: take(database, actor, "prepare", O.STARTED)),
        "cancel": (acts and actor.part is Part.RU, lambda: _in(database, actor, lambda c: cancel(c, "C", "over"))),
    }
    for what, (may, deed) in tried.items():
        if may:
            deed()
        else:
            with pytest.raises(Denied):
                deed()
        assert what


def _in(database, actor, deed):
    with database.writing(actor) as change:
        return deed(change)


def test_the_record_without_a_campaign_says_so(database):
    with pytest.raises(Absent), database.reading() as look:
        plan(look, "C", NOW)
    assert all(found.meaning for found in OPERATION_STEPS) and OBSERVER.role is Role.OBSERVER
