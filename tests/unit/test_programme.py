"""The programme of flight tests: drafted, approved, run, judged, closed; its matrix; on both databases."""

import csv
from decimal import Decimal

import openpyxl
import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.complex.steps import step
from baiterek.campaign.evidence.store import attach, broken, cited, place
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.programme.matrix import COLUMNS, matrix, write_matrix
from baiterek.campaign.programme.records import Programme, Requirement, Run, Verification
from baiterek.campaign.programme.steps import approve, assess, draft, judge, reopen
from baiterek.campaign.programme.verification import (
    Compliance,
    Gate,
    Limits,
    Method,
    Result,
    Shown,
    Stage,
    assessment_refusal,
    beyond,
)
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import WaiverKind, WaiverState
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.remarks.waivers import request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused, Stale
from programme_cases import case, made_and_judged, programme, run
from record_cases import KEEPER, MEMBER, OBSERVER, RUSSIAN, SECRETARY, ground_object

ROW = "R-1:integrated:test"
DAY = "2026-03-02"


def seen(database, day=DAY):
    with database.reading() as look:
        return matrix(look, lambda pieces: broken(database.evidence, pieces), day)


def refused(database, why, act, actor=MEMBER):
    with pytest.raises(Refused, match=why), database.writing(actor) as change:
        act(change)


# --- rules --------------------------------------------------------------------------------------------


def test_a_measured_value_keeps_its_limits_to_the_last_digit():
    limits = {"R-1": Limits(Decimal("2"), Decimal("3.0"), "MPa"), "R-2": Limits(None, Decimal("0.1"), "")}
    assert beyond({"R-1": "3.00", "R-2": "0.1"}, limits) == []
    assert beyond({"R-1": "3.0000000000000000001", "R-2": "-5"}, limits) == ["R-1: 3.0000000000000000001 MPa is above 3.0"]
    assert beyond({"R-1": "1.9"}, limits) == ["R-1: 1.9 MPa is below 2", "R-2 was not measured"]
    assert beyond({"R-1": "NaN", "R-2": "Infinity"}, limits) == ["R-1 was not measured", "R-2 was not measured"]


def test_a_row_rests_on_whole_evidence_and_on_cases_that_passed():
    yes, fine = Compliance.YES, Shown(1, (), (), False)
    assert assessment_refusal(yes, True, "protocol 1", fine) is None
    assert "reason" in assessment_refusal(yes, True, " ", fine)
    assert "no evidence" in assessment_refusal(yes, False, "x", fine._replace(whole=0))
    assert "e7 is missing or was changed" in assessment_refusal(yes, True, "x", fine._replace(broken=("e7",)))
    assert "case C-2 has not passed" in assessment_refusal(yes, False, "x", fine._replace(unpassed=("C-2",)))
    for compliance in (Compliance.NO, Compliance.PARTIAL):
        assert assessment_refusal(compliance, False, "x", fine) is None
        assert "only under an active deviation or waiver" in assessment_refusal(compliance, True, "x", fine)
        assert assessment_refusal(compliance, True, "x", fine._replace(waived=True)) is None


# --- the way of a test ----------------------------------------------------------------------------------


def test_from_a_requirement_to_a_closed_row(database, tmp_path):
    assert programme(database, approve=True) == ROW
    (row,) = seen(database)
    assert (row.standing, row.shown, [case.id for case in row.cases]) == ("open", Shown(0, (), ("C-1",), False), ["C-1"])
    refused(database, "no evidence is attached", lambda c: assess(c, database.evidence, ROW, Compliance.YES, True, "x"))

    made_and_judged(database, tmp_path / "data")
    with database.writing(MEMBER) as change:
        assess(change, database.evidence, ROW, Compliance.YES, True, "protocol 17")
    (row,) = seen(database)
    assert (row.standing, row.doubt, row.runs[0].id, row.evidence[0].name) == ("closed", None, "T-1", "T-1.csv")
    with database.reading() as look:
        verdict = verify(look, read_public_key(database.key))
        actions = [event.action for event in reading.events(look, "verification", ROW)]
    assert verdict.whole and actions == ["create", "close"]


def test_a_changed_or_missing_file_shows_wherever_it_is_cited(database, tmp_path):
    programme(database)
    made_and_judged(database, tmp_path / "data")
    with database.writing(MEMBER) as change:
        assess(change, database.evidence, ROW, Compliance.YES, True, "protocol 17")
    content = place(database.evidence, seen(database)[0].evidence[0].sha256)
    whole = content.read_bytes()
    content.chmod(0o644)
    for spoil in (lambda: content.write_bytes(whole + b"1,9\n"), content.unlink):
        spoil()
        (row,) = seen(database)
        assert row.standing == "in_doubt" and row.doubt == f"evidence {row.evidence[0].id} is missing or was changed"
        refused(database, "missing or was changed", lambda c: judge(c, database.evidence, "T-1", Result.PASSED, "again"))
        refused(database, "missing or was changed", lambda c: assess(c, database.evidence, ROW, Compliance.NO, False, "x"))
    content.write_bytes(whole)
    assert seen(database)[0].standing == "closed"


def test_a_run_passes_only_on_data_and_within_limits(database, tmp_path):
    programme(database)
    with database.writing(SECRETARY) as change:
        draft(change, run())
    store = database.evidence
    refused(database, "no data file", lambda c: judge(c, store, "T-1", Result.PASSED, "fine"))
    refused(database, "a conclusion is needed", lambda c: judge(c, store, "T-1", Result.FAILED, ""))
    with pytest.raises(Refused, match=r"R-1: 3\.1 MPa is above 3\.0"):
        made_and_judged(database, tmp_path / "d", "T-2", measured={"R-1": "3.1"})
    made_and_judged(database, tmp_path / "d", "T-3", Result.FAILED, measured={"R-1": "3.1"})
    refused(database, "it was judged failed", lambda c: draft(c, run("T-3"), "a better value"), SECRETARY)
    with database.writing(SECRETARY) as change:
        draft(change, run(), "not judged yet, a typing error")


def test_the_last_run_of_a_case_counts(database, tmp_path):
    programme(database)
    made_and_judged(database, tmp_path / "data", "T-1")
    with database.writing(MEMBER) as change:
        assess(change, database.evidence, ROW, Compliance.YES, True, "protocol 17")
    made_and_judged(database, tmp_path / "data", "T-2", Result.FAILED, started_at="2026-03-02T05:00:00.000000Z")
    (row,) = seen(database)
    assert row.standing == "in_doubt" and row.doubt == "case C-1 has not passed"
    with database.writing(MEMBER) as change:
        assert reopen(change, ROW, "run T-2 failed").compliance is None
    refused(database, "it is open", lambda c: reopen(c, ROW, "again"))
    assert seen(database)[0].standing == "open"


def test_an_added_case_names_what_it_answers(database):
    programme(database)
    with database.writing(SECRETARY) as change:
        draft(change, case("C-2"))
    for member in (MEMBER, RUSSIAN):
        with database.writing(member) as change:
            approved = approve(change, "P", "protocol 3")
        refused(database, "has approved it already", lambda c: approve(c, "P"), member)
    assert approved.approved
    refused(database, "an added test names what it answers", lambda c: draft(c, case("C-3")), SECRETARY)
    for answers, why in (
        ("remark:M-1", "remark M-1: the record does not have it"), ("test_case:C-3", "does not have it"),
        ("somebody", "answers 'somebody': remark:"), ("decision: ", "answers 'decision: '"),
    ):  # fmt: skip
        refused(database, why, lambda c, answers=answers: draft(c, case("C-3", answers=answers)), SECRETARY)
    with database.writing(SECRETARY) as change:
        raise_remark(change, Remark("M-1", "pressure falls", Part.KZ, Part.KZ, "test_case", "C-1"))
        for k, answers in enumerate(("remark:M-1", "test_case:C-1", "decision:protocol 4 of 26 December 2025"), 3):
            draft(change, case(f"C-{k}", answers=answers))
    refused(database, "its objects stays until", lambda c: draft(c, case("C-2", objects=()), "fewer"), SECRETARY)
    with database.writing(SECRETARY) as change:
        draft(change, case("C-2", title="pressure test, repeated"), "a better title")


def test_what_one_part_has_approved_is_not_changed_behind_its_back(database):
    programme(database)
    with database.writing(RUSSIAN) as change:
        approve(change, "P")
    limits = Requirement("R-1", "P", "The line holds its pressure.", Part.KZ, "pressure", "MPa", "2", "4")
    later = Verification(ROW, "R-1", Stage.INTEGRATED, Method.TEST, Part.KZ, Gate.G6)
    tries = (
        (limits, "its upper stays"),
        (later, "its due_gate stays"),
        (case("C-1", requirements=()), "its requirements stays"),
        (case("C-2"), "an added test names"),
    )
    for record, why in tries:
        refused(database, why, lambda c, record=record: draft(c, record, "a correction"), SECRETARY)
    revised = Programme("P", "flight tests", "PLI-1 rev. 3", Part.KZ)
    with pytest.raises(Denied, match="does not act"), database.writing(SECRETARY) as change:
        draft(change, revised, "revision 3")
    with database.writing(MEMBER) as change:
        assert draft(change, revised, "revision 3").approved_ru is None
    for record, _ in tries:
        with database.writing(SECRETARY) as change:
            draft(change, record, "as revision 3 has it")


def test_what_is_closed_without_full_compliance_needs_an_active_waiver(database, tmp_path):
    programme(database)
    made_and_judged(database, tmp_path / "data", "T-1", Result.FAILED)
    store = database.evidence
    refused(database, "only under an active", lambda c: assess(c, store, ROW, Compliance.PARTIAL, True, "x"))
    with database.writing(SECRETARY) as change:
        request(change, Waiver("W-1", WaiverKind.DEVIATION, "2.9 MPa", Part.KZ, ("1",), None, "R-1", valid_to="2026-12-31"))
    for actor, state in ((MEMBER, "submitted"), (RUSSIAN, "approved_ru"), (MEMBER, "active")):
        with database.writing(actor) as change:
            step_waiver(change, "W-1", WaiverState(state))
    with database.writing(MEMBER) as change:
        change.at = "2026-03-01T00:00:00.000000Z"  # the day is that of the change
        assess(change, store, ROW, Compliance.PARTIAL, True, "under W-1")
    assert [row.standing for row in seen(database, "2026-12-31")] == ["closed"]
    (row,) = seen(database, "2027-01-01")
    assert row.standing == "in_doubt" and "only under an active" in row.doubt


# --- drafts -----------------------------------------------------------------------------------------------


def requirement(id="R-9", **values):
    return Requirement(**{"id": id, "programme": "P", "text": "It holds.", "part": Part.KZ} | values)


NO_DRAFTS = [
    (requirement("R 9"), "an id has letters"),
    (requirement(lower="2,5", characteristic="p"), "lower '2,5' is no decimal number"),
    (requirement(lower="inf", characteristic="p"), "no decimal number"),
    (requirement(upper="3"), "limit values need the characteristic"),
    (requirement(lower="4", upper="3", characteristic="p"), "lower limit 4 is above"),
    (requirement(parent="R-8"), "requirement R-8: the record does not have it"),
    (requirement(parent="R-9"), "it would follow from itself"),
    (requirement(programme="Q"), "programme Q: the record does not have it"),
    (requirement(text=" "), "it says nothing"),
    (requirement(example=True), "P is not generated"),
    (requirement(text="a\0b"), "text has a control character"),
    (requirement(source="x", unit="\ud800"), "unit has a control character"),
    (Verification("x", "R-1", Stage.FLIGHT, Method.TEST, Part.KZ), "it is called R-1:flight:test"),
    (case("C-9", requirements=("R-8",)), "does not have it"),
    (case("C-9", objects=("41",)), "does not have it"),
    (case("C-9", title=""), "it has no title"),
    (run(configuration=()), "it needs its procedure"),
    (run(measured={"R-2": "1"}), "R-2 is no requirement of case C-1"),
    (run(measured={"R-1": "2,5"}), "'2,5' is no decimal number"),
    (run(ended_at="2026-02-28T00:00:00.000000Z"), "it ends before it begins"),
    (run(test_case="C-9"), "test_case C-9: the record does not have it"),
    (Programme("Q", "", "1", Part.KZ), "it needs a name and a document"),
    (Programme("P", "another", "1", Part.KZ), "to correct it a reason is needed"),
]


def test_a_draft_that_cannot_stand_is_refused_in_one_line(database):
    programme(database)
    for record, why in NO_DRAFTS:
        refused(database, why, lambda c, record=record: draft(c, record), SECRETARY)


def test_a_draft_changes_nothing_that_somebody_has_acted_on(database, tmp_path):
    programme(database, approve=True)
    with database.writing(SECRETARY) as change:
        made = draft(change, Programme("P", "tests in flight", "PLI-1 rev. 2", Part.KZ), "a better name")
        assert made.approved and made.name == "tests in flight"
        said = {"compliance": Compliance.YES, "closed": True}
        draft(change, Verification(ROW, "R-1", Stage.INTEGRATED, Method.TEST, Part.KZ, Gate.G2, **said), "x")
        draft(change, run(result=Result.PASSED))
    with database.reading() as look:
        assert reading.get(look, Verification, ROW).compliance is None
        assert reading.get(look, Run, "T-1").result is None
    with pytest.raises(Stale), database.writing(SECRETARY) as change:
        draft(change, Programme("P", "x", "PLI-1 rev. 2", Part.KZ), "z", revision=1)


def test_a_programme_without_a_case_is_not_approved(database):
    with database.writing(SECRETARY) as change:
        draft(change, Programme("P", "flight tests", "PLI-1", Part.KZ))
    refused(database, "it holds no case", lambda c: approve(c, "P"))


# --- the object, the matrix as a table ---------------------------------------------------------------------


def test_a_run_that_passed_shows_the_tests_of_its_objects(database, tmp_path):
    programme(database)
    with database.writing(MEMBER) as change:
        change.create(ground_object("42-02", state=State.INTEGRATED_TESTS))
        change.create(ground_object("42-03", state=State.INTEGRATED_TESTS))
        draft(change, case("C-2", objects=("42-02",)))
    refused(database, "no evidence of integrated_tests", lambda c: step(c, database.evidence, "42-02", State.ACCEPTED, ""))
    made_and_judged(database, tmp_path / "data", "T-2", test_case="C-2")
    refused(database, "no evidence of integrated_tests", lambda c: step(c, database.evidence, "42-03", State.ACCEPTED, ""))
    with database.writing(SECRETARY) as change:
        raise_remark(change, Remark("M-1", "paint", Part.KZ, Part.KZ, "ground_object", "42-02"))
    refused(database, "remark M-1 is open", lambda c: step(c, database.evidence, "42-02", State.ACCEPTED, ""))
    refused(database, "not minor and not waived",
            lambda c: step(c, database.evidence, "42-02", State.ACCEPTED_WITH_REMARKS, "M-1"))  # fmt: skip
    with database.reading() as look:
        (piece,) = cited(look, "T-2", "test_run")
        assert reading.get(look, GroundObject, "42-02").state is State.INTEGRATED_TESTS
    place(database.evidence, piece.sha256).unlink()
    refused(
        database, "evidence of integrated_tests is missing", lambda c: step(c, database.evidence, "42-02", State.ACCEPTED, "")
    )


@pytest.mark.parametrize("name", ["matrix.csv", "matrix.xlsx"])
def test_the_matrix_goes_into_a_table_with_a_row_each(database, tmp_path, name):
    programme(database)
    made_and_judged(database, tmp_path / "data")
    with database.writing(SECRETARY) as change:
        draft(change, requirement("R-2", text="=HYPERLINK(1)"))
        draft(change, Verification("R-2:flight:analysis", "R-2", Stage.FLIGHT, Method.ANALYSIS, Part.KZ))
    write_matrix(tmp_path / name, seen(database))
    if name.endswith("csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    else:
        sheet = openpyxl.load_workbook(tmp_path / name).worksheets[0]
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert tuple(rows[0]) == COLUMNS and len(rows) == 3
    first, second = (dict(zip(COLUMNS, row)) for row in rows[1:])
    assert (first["upper"], first["runs"], first["close_out"], first["due_gate"]) == ("3.0", "T-1 passed", "open", "G2")
    assert first["evidence"].startswith("T-1.csv sha256:")
    assert second["text"] == "'=HYPERLINK(1)" and second["evidence"] == ""


def test_evidence_goes_where_its_part_answers(database, tmp_path):
    programme(database)
    (tmp_path / "note.txt").write_text("x")

    def at(entity, id, stage=None):
        return lambda c: attach(c, database.evidence, tmp_path / "note.txt", id, stage, "", entity)

    refused(database, "cited by ground_object, test_run", at("person", "x"))
    refused(database, "only evidence of an object", at("programme", "P", State.ACCEPTED))
    for actor in (OBSERVER, RUSSIAN, KEEPER):
        with pytest.raises(Denied), database.writing(actor) as change:
            at("programme", "P")(change)
    with database.writing(SECRETARY) as change:
        for entity, id in (("programme", "P"), ("requirement", "R-1"), ("verification", ROW)):
            at(entity, id)(change)
    assert len(seen(database)[0].evidence) == 1
