"""What each side owes, by when, and what waits on it; the start page with the next gate and the days to the launch."""

import csv
import io
import re

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.owed import Owed, owed, when
from baiterek.campaign.gates.records import Condition
from baiterek.campaign.gates.states import ConditionState
from baiterek.campaign.operations.records import OperationState
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import WaiverKind, WaiverState
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.remarks.waivers import request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule import milestones
from baiterek.campaign.schedule.records import Milestone
from baiterek.reports.language import LANGUAGES
from baiterek.web.labels import LABELS
from baiterek.web.pages.owed import _days
from gate_cases import FLIGHT, MEMBER_OF, SECRETARY_OF, adopt, decide, drafted, meet_checklist, mounted, sign, world
from programme_cases import programme
from record_cases import KEEPER
from web_cases import References, browser, send


@pytest.fixture()
def made(database, tmp_path):
    made = world(database, tmp_path / "files")
    with database.writing(KEEPER) as change:
        milestones.seed(change)
    return made


def listed(made):
    with made.database.reading() as look:
        return {(one.entity, one.id, one.part): one for one in owed(look)}


def test_what_is_not_settled_is_owed_by_whose_it_is_and_the_other_waits_where_it_has_done_its_own(made):
    kz, ru = MEMBER_OF[Part.KZ], MEMBER_OF[Part.RU]
    made.act(kz, lambda change: change.create(mounted("42-02")))
    made.act(kz, raise_remark, Remark("R-1", "leak", Part.KZ, Part.KZ))
    made.act(kz, request, Waiver("W-1", WaiverKind.WAIVER, "small", Part.KZ, (FLIGHT,), "R-1"))
    for state in (WaiverState.SUBMITTED, WaiverState.APPROVED_KZ):
        made.act(kz, step_waiver, "W-1", state)
    found = listed(made)
    assert found["ground_object", "42-02", Part.KZ].due == "G0" and ("ground_object", "42-01", Part.KZ) not in found
    assert found["remark", "R-1", Part.KZ].waits is None
    assert found["waiver", "W-1", Part.RU].waits is Part.KZ and ("waiver", "W-1", Part.KZ) not in found
    assert found["criterion", "F1-G0-02", Part.KZ].due == "G0"
    made.act(ru, step_waiver, "W-1", WaiverState.ACTIVE)
    assert ("waiver", "W-1", Part.RU) not in listed(made)


def test_a_done_condition_and_a_single_signature_wait_for_the_other_part(made):
    meet_checklist(made, Gate.G0)
    drafted(made, Gate.G0, "D-1")
    condition = Condition("C-1", "D-1", Part.KZ, Gate.G3, "Устранить.", "Жойылсын.", organisation="operator")
    made.act(MEMBER_OF[Part.RU], decisions.draft_condition, condition)
    assert ("decision_condition", "C-1", Part.KZ) not in listed(made)
    adopt(made, "D-1")
    sign(made, "D-1", Part.KZ)
    found = listed(made)
    assert found["decision", "D-1", Part.RU].waits is Part.KZ and ("decision", "D-1", Part.KZ) not in found
    assert found["decision_condition", "C-1", Part.KZ].organisation == "operator"
    made.act(MEMBER_OF[Part.KZ], decisions.step_condition, made.store, "C-1", ConditionState.DONE, "painted")
    assert listed(made)["decision_condition", "C-1", Part.RU].waits is Part.KZ


def test_the_page_of_a_side_is_filtered_and_taken_away_in_three_languages(made):
    made.act(MEMBER_OF[Part.KZ], lambda change: change.create(mounted("42-02")))
    visitor = browser(made.database, "member:KZ")
    for name in LANGUAGES:
        for path in ("/owed", "/owed?part=KZ&sort=-due", "/owed?waits=RU", "/today", "/"):
            answer = visitor.get(f"{path}{'&' if '?' in path else '?'}language={name}")
            assert answer.status_code == 200 and "style=" not in answer.text, (path, answer.text)
            assert all(one.startswith("/") and not one.startswith("//") for one in References(answer.text).loaded)
    of_nobody = visitor.get("/owed?organisation=-&part=KZ&sort=-entity&form=csv").content.decode("utf-8-sig")
    assert {row["organisation"] for row in csv.DictReader(io.StringIO(of_nobody))} == {""}
    rows = list(csv.DictReader(io.StringIO(visitor.get("/owed?part=KZ&form=csv").content.decode("utf-8-sig"))))
    assert {"", "42-02"} & {row["organisation"] for row in rows} == {""} and len(of_nobody.splitlines()) <= 1 + len(rows)
    assert {row["part"] for row in rows} == {"KZ"} and "42-02" in {row["id"] for row in rows}
    assert visitor.get("/owed?form=xlsx").status_code == 200
    assert {str(state) for state in (OperationState.PLANNED, OperationState.STARTED)} <= set(LABELS)


def test_a_milestone_of_one_part_and_a_row_of_the_matrix_are_owed_with_whom_is_named(made):
    with made.database.reading() as look:
        seeded = {one.id: one.part for one in reading.every(look, milestones.Milestone)}
    found = listed(made)
    # Of the public history only the three test launches are ahead and of one part; the first flight is of both.
    assert seeded["first-flight"] is None and seeded["three-test-flights"] is Part.RU
    assert [key[1:] for key in found if key[0] == "milestone"] == [("three-test-flights", Part.RU)]
    assert found["milestone", "three-test-flights", Part.RU].due == "2027"
    visitor = browser(made.database, "secretary:KZ")
    for language, name in (("ru", "испытательных"), ("kk", "сынақ"), ("en", "test launches")):
        assert name in visitor.get(f"/owed?entity=milestone&language={language}").text.partition("</thead>")[2]
    late = Milestone("late", "п", "ұ", "l", "2025-Q4", "", part=Part.KZ)
    made.act(SECRETARY_OF[Part.KZ], milestones.enter_milestone, late)
    made.act(KEEPER, lambda change: change.create(Organisation("jv-baiterek", "JSC JV Baiterek", Part.KZ, "interview")))
    row = programme(made.database)
    assert listed(made)["verification", row, Part.KZ].organisation == ""
    form = {"requirement": "R-1", "stage": "integrated", "method": "test", "due_gate": "G2", "revision": "1"}
    said = {**form, "organisation": "jv-baiterek", "reason": "order 7"}
    assert send(visitor, "/matrix/draft", {**said, "organisation": "nobody"}).status_code == 409
    assert send(visitor, "/matrix/draft", said).status_code == 303
    assert listed(made)["verification", row, Part.KZ].organisation == "JSC JV Baiterek"
    assert "JSC JV Baiterek" in visitor.get(f"/matrix/row?id={row}").text
    assert ">R-1</a>" in visitor.get("/matrix?organisation=jv-baiterek").text
    assert ">R-1</a>" not in visitor.get("/matrix?organisation=-").text
    owing = visitor.get("/owed?entity=milestone&part=KZ").text
    assert "late" in owing and "its last day is past" in owing  # the last quarter of 2025 is over whenever this runs
    assert "its last day is past" not in visitor.get("/owed?entity=criterion").text


def test_operations_are_owed_in_the_order_of_their_days_before_lift_off():
    days = ("L-13.0 d", "L-2.8 d", "L-0.2 d", "L+1.0 d")
    listed = [Owed("operation", day, Part.KZ, "", "", day, "planned") for day in sorted(days)]
    assert [one.due for one in sorted(listed, key=when)] == list(days)


def test_the_start_page_names_the_next_gate_what_blocks_it_and_the_days_with_their_precision(made):
    visitor = browser(made.database, "member:KZ")
    assert 'hx-get="/today"' in visitor.get("/").text
    text = visitor.get("/today").text
    assert "G0 ground complex accepted" in text and "/owed?part=KZ" in text and "the quarter" in text
    assert ('class="value bad"' in text) is ("days late" in text)  # whenever this runs
    decide(made, Gate.G0)
    made.act(MEMBER_OF[Part.RU], decisions.pass_gate, made.store, FLIGHT, Gate.G0, "accepted")
    assert re.search(r"G1 vehicle admitted", visitor.get("/today").text)


def test_days_to_a_launch_are_those_to_both_ends_of_what_is_known():
    # By hand: from 1 March 2026 to 1 April there are 31 days, to 30 June 121.
    from datetime import date

    launch = Milestone("first-flight", "п", "ұ", "l", "2026-Q2", "2026-Q2")
    assert _days(launch, date(2026, 3, 1)) == (31, 121)
    assert _days(launch, date(2026, 7, 10))[1] == -10 and _days(None, date(2026, 3, 1)) is None
