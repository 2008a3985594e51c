"""Pages of the test programme, the matrix, remarks and waivers: what they show, what they let through, in whose words."""

import csv
import io
import re

import pytest

import programme_cases
from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.example import example
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import broken, place
from baiterek.campaign.programme.example import enter_example
from baiterek.campaign.programme.matrix import matrix, write_matrix
from baiterek.campaign.programme.progress import OUTCOMES
from baiterek.campaign.programme.records import Run
from baiterek.campaign.programme.verification import Compliance, Gate, Method, Result, Stage
from baiterek.campaign.remarks import steps as remarks
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import (
    REMARK_STEPS,
    WAIVER_STEPS,
    Disposition,
    Ground,
    RemarkState,
    Severity,
    WaiverKind,
    WaiverState,
)
from baiterek.campaign.rows import reading
from baiterek.reports.language import LANGUAGES, language
from baiterek.web.labels import LABELS
from baiterek.web.templating import LOCALE
from record_cases import MEMBER, SECRETARY
from web_cases import References, browser, send

FAMILIES = (
    "/programmes", "/programme?id=EX-KZ", "/programme/requirements", "/programme/requirement?id=EX-KZ-R5",
    "/programme/requirement/new?programme=EX-KZ", "/programme/cases", "/programme/case?id=EX-KZ-C5.1",
    "/programme/case/new?programme=EX-KZ", "/programme/runs?result=failed", "/programme/run?id=EX-KZ-T5.1",
    "/programme/run/new?case=EX-KZ-C5.1", "/matrix", "/matrix?closed=in_doubt&compliance=yes", "/matrix?due_gate=G3&q=hold",
    "/matrix?form=print", "/matrix/row?id=EX-KZ-R1:autonomous:test", "/remarks", "/remarks/new?about=test_run:EX-KZ-T5.1",
    "/remark?id=EX-KZ-M1", "/remark?id=EX-KZ-M2", "/remark?id=EX-KZ-M3", "/remarks/against?gate=G2&flight=example-1",
    "/remarks/waivers", "/remark/waiver?id=EX-KZ-W1", "/remark/waiver/new?remark=EX-KZ-M3",
    "/remark/waiver/new?requirement=EX-KZ-R5", "/evidence", "/audit",
)  # fmt: skip
LISTS = (
    "/programmes",
    "/programme/requirements",
    "/programme/cases",
    "/programme/runs",
    "/matrix",
    "/remarks",
    "/remarks/waivers",
)
EMPTY = (*LISTS, "/remarks/against", "/remarks/new", "/")
FLIGHT = "F-1"


@pytest.fixture()
def generated(database):
    with database.writing(MEMBER) as change:
        for record in example():
            change.create(record)
        enter_example(change, database.evidence)
    return database


def table(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_page_speaks_three_languages_marks_what_is_generated_and_asks_nobody(generated):
    visitor = browser(generated, "member:KZ")
    for name in LANGUAGES:
        for path in FAMILIES:
            answer = visitor.get(f"{path}{'&' if '?' in path else '?'}language={name}")
            assert answer.status_code == 200, (path, answer.text)
            assert f'<html lang="{name}">' in answer.text
            shown = answer.text.partition("<main")[2] if "EX-KZ" in path else answer.text
            assert {"en": "EXAMPLE", "ru": "ПРИМЕР", "kk": "МЫСАЛ"}[name] in shown, path
            refers = References(answer.text)
            assert all(one.startswith("/") and not one.startswith("//") for one in refers.loaded)
            assert "style=" not in answer.text and "<script>" not in answer.text


def test_every_list_is_empty_in_words_and_taken_away_when_it_is_not(generated, database):
    visitor = browser(generated)
    for path in LISTS:
        assert table(visitor.get(f"{path}?form=csv")), path
        assert visitor.get(f"{path}?form=xlsx").status_code == 200
        assert "Nothing here." in visitor.get(f"{path}?q=nowhere-at-all").text


def test_every_word_of_tests_and_remarks_has_its_label():
    kinds = (Stage, Method, Result, Compliance, Gate, Severity, Ground, Disposition, RemarkState, WaiverKind, WaiverState)
    assert {str(word) for kind in kinds for word in kind} | {*OUTCOMES, *CLOCKS} <= set(LABELS)


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_what_a_step_means_is_translated(name):
    words = language(name, LOCALE)
    for step in (*REMARK_STEPS, *WAIVER_STEPS):
        assert not re.findall(r"[A-Za-z]{2,}", words.said(step.meaning)), step.meaning


def test_pages_of_an_empty_record_say_so(database):
    visitor = browser(database, "secretary:KZ")
    assert all(visitor.get(path).status_code == 200 for path in EMPTY)
    assert "There is no programme yet" in visitor.get("/programmes").text
    assert "Nothing in the record stands against it" in visitor.get("/remarks/against?gate=G4").text


def test_the_matrix_is_that_of_the_command_line(generated, tmp_path):
    with generated.reading() as look:
        rows = matrix(look, lambda pieces: broken(generated.evidence, pieces), "2026-03-02")
    write_matrix(tmp_path / "matrix.csv", rows)
    with (tmp_path / "matrix.csv").open(encoding="utf-8-sig", newline="") as file:
        assert table(browser(generated).get("/matrix?form=csv")) == list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("stage=autonomous", lambda row: row["stage"] == "autonomous"),
        ("method=analysis", lambda row: row["method"] == "analysis"),
        ("due_gate=G2", lambda row: row["due_gate"] == "G2"),
        ("compliance=yes", lambda row: row["compliance"] == "yes"),
        ("compliance=-", lambda row: not row["compliance"]),
        ("closed=yes", lambda row: row["close_out"] == "closed"),
        ("closed=no", lambda row: row["close_out"] == "open"),
        ("programme=EX-KZ&stage=flight", lambda row: row["stage"] == "flight"),
        ("q=HOLD-DOWN", lambda row: "hold-down" in row["text"]),
    ],
)
def test_the_matrix_is_filtered(generated, asked, kept):
    visitor = browser(generated)
    every = table(visitor.get("/matrix?form=csv"))
    found = table(visitor.get(f"/matrix?form=csv&{asked}"))
    assert found == [row for row in every if kept(row)] and 0 < len(found) < len(every)


def test_a_row_whose_evidence_was_changed_is_broken_and_in_doubt_wherever_it_is_cited(generated):
    visitor = browser(generated, "member:KZ")
    row = "EX-KZ-R1:autonomous:test"
    assert "BROKEN" not in visitor.get("/matrix").text and not table(visitor.get("/matrix?form=csv&closed=in_doubt"))
    with generated.reading() as look:
        (piece,) = reading.every(look, Evidence, entity_id="EX-KZ-T1.1")
    content = place(generated.evidence, piece.sha256)
    content.chmod(0o644)
    content.write_text("1.1 was never so good\n")
    for path in (
        "/matrix",
        f"/matrix/row?id={row}",
        "/programme/run?id=EX-KZ-T1.1",
        "/evidence",
        f"/evidence/piece?id={piece.id}",
    ):
        assert "BROKEN" in visitor.get(path).text, path
    (doubted,) = table(visitor.get("/matrix?form=csv&closed=in_doubt"))
    assert doubted["requirement"] == "EX-KZ-R1" and "missing or was changed" in doubted["in_doubt"]
    assert row in visitor.get("/remarks/against?gate=G0").text
    content.unlink()
    assert "missing" in visitor.get("/programme/run?id=EX-KZ-T1.1").text


def test_a_run_is_recorded_with_its_data_and_judged(database):
    row = programme_cases.programme(database, approve=True)
    visitor = browser(database, "member:KZ")
    values = {
        "id": "T-1", "case": "C-1", "revision": "0", "procedure": "PR-7 rev. 3", "configuration": "line 7 s/n 12; mock-up 2",
        "operators": "test conductor; recorder", "started": "2026-03-01T10:00", "ended": "2026-03-01T11:30",
        "clock": "baikonur", "need": "R-1", "value": "2.5",
    }  # fmt: skip
    sent = [("files", ("run-7/data.csv", b"0,2.5\n")), ("files", ("run-7/figures/one.svg", b"<svg/>"))]
    answer = send(visitor, "/programme/run/record", values, files=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/programme/run?id=T-1")
    with database.reading() as look:
        run = reading.get(look, Run, "T-1")
        (piece,) = reading.every(look, Evidence, entity="test_run", entity_id="T-1")
    assert (run.started_at, run.ended_at) == ("2026-03-01T05:00:00.000000Z", "2026-03-01T06:30:00.000000Z")
    assert (run.configuration, run.operators) == (("line 7 s/n 12", "mock-up 2"), ("test conductor", "recorder"))
    assert (run.measured, piece.kind, piece.name) == ({"R-1": "2.5"}, "folder", "run-7")
    judged = send(visitor, "/programme/run/judge", {"id": "T-1", "revision": "1", "result": "passed", "conclusion": "holds"})
    assert judged.status_code == 303
    closed = {"id": row, "revision": "1", "compliance": "yes", "close": "true", "reason": "run T-1"}
    assert send(visitor, "/matrix/assess", closed).status_code == 303
    (found,) = table(visitor.get("/matrix?form=csv&closed=yes"))
    assert found["runs"] == "T-1 passed" and found["evidence"] == f"run-7 sha256:{piece.sha256}"
    assert send(visitor, "/matrix/reopen", {"id": row, "revision": "2", "reason": "looked again"}).status_code == 303
    assert not table(visitor.get("/matrix?form=csv&closed=yes"))


def test_a_refused_run_leaves_nothing_behind(database):
    programme_cases.programme(database)
    values = {
        "id": "T-1", "case": "C-1", "revision": "0", "procedure": "PR-7", "configuration": "a", "operators": "b",
        "started": "2026-03-01T10:00", "clock": "utc", "need": "R-1", "value": "two",
    }  # fmt: skip
    sent = [("files", ("data.csv", b"1\n"))]
    visitor = browser(database, "member:KZ")
    answer = send(visitor, "/programme/run/record", values, files=sent)
    assert answer.status_code == 409 and "no decimal number" in answer.text
    for changed in ({"value": "2.5", "started": "yesterday"}, {"value": "2.5", "clock": "mars"}):
        assert send(visitor, "/programme/run/record", {**values, **changed}, files=sent).status_code == 400
    other = send(browser(database, "member:RU"), "/programme/run/record", {**values, "value": "2.5"}, files=sent)
    assert other.status_code == 403
    assert not table(visitor.get("/programme/runs?form=csv")) and not table(visitor.get("/evidence?form=csv"))


def major(visitor, id="M-1", gate="G2"):
    """A remark about run T-1 as far as graded: major, due at a gate."""
    raised = {"id": id, "text": "the line leaks", "part": "KZ", "entity": "test_run", "entity_id": "T-1"}
    assert send(visitor, "/remarks/raise", raised).status_code == 303
    graded = {"id": id, "revision": "1", "to": "classified", "grounds": ["safety", "requirements"], "due_gate": gate}
    assert send(visitor, "/remark/step", graded).status_code == 303


def test_a_major_remark_stands_against_its_gate_until_a_waiver_of_both_parts_lets_it_pass(database, tmp_path):
    programme_cases.programme(database, approve=True)
    programme_cases.made_and_judged(database, tmp_path / "data")
    visitor, russian = browser(database, "member:KZ"), browser(database, "member:RU")
    major(visitor)
    blocked = visitor.get(f"/remarks/against?gate=G2&flight={FLIGHT}").text
    assert "M-1" in blocked and "major, classified" in blocked and "blocks" in blocked
    assert "/remark?id=M-1" not in visitor.get(f"/remarks/against?gate=G1&flight={FLIGHT}").text
    address = f"/remarks/against?gate=G2&flight={FLIGHT}&entity=remark"
    (row,) = table(visitor.get(f"{address}&form=csv"))
    assert (row["id"], row["due_gate"], row["blocks"], row["why"]) == ("M-1", "G2", "yes", "major, classified")
    assert not table(visitor.get(f"{address}&part=RU&form=csv")) and not table(visitor.get(f"{address}&q=nothing&form=csv"))
    assert "gate=G2" in visitor.get(f"{address}&sort=-part").text.partition('aria-sort="descending"')[2]
    asked = {
        "id": "W-1",
        "revision": "0",
        "remark": "M-1",
        "text": "leak is small",
        "flights": f"{FLIGHT}; F-2",
        "last_gate": "G4",
    }
    assert send(visitor, "/remark/waiver/request", asked).status_code == 303
    for who, revision, to in ((visitor, 1, "submitted"), (visitor, 2, "approved_kz"), (russian, 3, "active")):
        assert send(who, "/remark/waiver/step", {"id": "W-1", "revision": str(revision), "to": to}).status_code == 303
    with database.reading() as look:
        held = reading.get(look, Waiver, "W-1")
    assert (held.state, held.kind, held.flights) == (WaiverState.ACTIVE, WaiverKind.WAIVER, (FLIGHT, "F-2"))
    assert "/remark/waiver?id=W-1" in visitor.get(f"/remarks/against?gate=G2&flight={FLIGHT}").text
    assert "/remark/waiver?id=W-1" not in visitor.get("/remarks/against?gate=G2&flight=F-9").text


def test_a_remark_goes_its_way_to_closed(database, tmp_path):
    programme_cases.programme(database)
    programme_cases.made_and_judged(database, tmp_path / "data")
    visitor = browser(database, "member:KZ")
    major(visitor)
    page = "/remark?id=M-1"
    for revision, values in (
        (2, {"to": "cause_found", "cause": "a worn seal"}),
        (3, {"to": "disposed", "disposition": "rework", "measure": "seal replaced"}),
    ):
        assert send(visitor, "/remark/step", {"id": "M-1", "revision": str(revision), **values}).status_code == 303
    assert "no evidence of the action is attached" in visitor.get(page).text
    verify = {"id": "M-1", "revision": "4", "to": "verified"}
    refused = send(visitor, "/remark/step", verify)
    assert refused.status_code == 409 and "no evidence of the action is attached" in refused.text
    sent = [("files", ("act.pdf", b"act 7"))]
    assert send(visitor, "/evidence/attach", {"entity": "remark", "id": "M-1"}, files=sent).status_code == 303
    assert send(visitor, "/remark/step", verify).status_code == 303
    close = {"id": "M-1", "revision": "5", "to": "closed", "reason": "act 7"}
    assert send(visitor, "/remark/step", close).status_code == 303
    (row,) = table(visitor.get("/remarks?form=csv"))
    assert (row["state"], row["severity"], row["cause"], row["disposition"]) == ("closed", "major", "a worn seal", "rework")


def test_of_two_who_change_one_thing_the_second_is_told(database, tmp_path):
    row = programme_cases.programme(database)
    programme_cases.made_and_judged(database, tmp_path / "data")
    visitor = browser(database, "member:KZ")
    major(visitor)
    stale = (
        ("/remark/step", {"id": "M-1", "revision": "1", "to": "cause_found", "cause": "x"}),
        ("/programme/run/judge", {"id": "T-1", "revision": "1", "result": "failed", "conclusion": "x"}),
        ("/matrix/draft", {"requirement": "R-1", "stage": "integrated", "method": "test", "revision": "0", "reason": "x"}),
        ("/matrix/assess", {"id": row, "revision": "0", "compliance": "yes", "reason": "x"}),
        ("/programme/draft", {"id": "P", "revision": "0", "name": "x", "document": "x", "reason": "x"}),
        ("/programme/approve", {"id": "P", "revision": "0"}),
        ("/programme/requirement/draft", {"id": "R-1", "programme_id": "P", "revision": "0", "text": "x", "reason": "x"}),
    )
    before = table(visitor.get("/audit?form=csv"))
    for path, values in stale:
        answer = send(visitor, path, values)
        assert answer.status_code == 409 and "changed meanwhile" in answer.text, path
    assert table(visitor.get("/audit?form=csv")) == before


def test_a_programme_is_drafted_and_approved_on_its_pages(database):
    visitor, russian = browser(database, "member:KZ"), browser(database, "member:RU")
    steps = (
        ("/programme/draft", {"id": "P", "revision": "0", "name": "flight tests", "document": "PLI-1 rev. 2"}),
        ("/programme/requirement/draft", {"id": "R-1", "programme_id": "P", "revision": "0", "text": "holds pressure",
                                          "characteristic": "pressure", "unit": "MPa", "lower": "2", "upper": "3"}),
        ("/matrix/draft", {"requirement": "R-1", "stage": "integrated", "method": "test", "due_gate": "G2", "revision": "0"}),
        ("/programme/case/draft", {"id": "C-1", "programme_id": "P", "revision": "0", "title": "pressure test",
                                   "stage": "integrated", "method": "test", "requirements": "R-1"}),
        ("/programme/approve", {"id": "P", "revision": "1"}),
    )  # fmt: skip
    for path, values in steps:
        assert send(visitor, path, values).status_code == 303, path
    assert send(russian, "/programme/approve", {"id": "P", "revision": "2"}).status_code == 303
    added = {"id": "C-2", "programme_id": "P", "revision": "0", "title": "again", "stage": "integrated", "method": "test"}
    refused = send(visitor, "/programme/case/draft", added)
    assert refused.status_code == 409 and "an added test names what it answers" in refused.text
    assert send(visitor, "/programme/case/draft", {**added, "answers": "decision:7"}).status_code == 303
    (row,) = table(visitor.get("/matrix?form=csv"))
    assert (row["requirement"], row["lower"], row["due_gate"], row["cases"]) == ("R-1", "2", "G2", "C-1")
    assert "2 … 3 MPa" in visitor.get("/programme/requirement?id=R-1").text


def test_htmx_is_told_where_to_go_and_gets_a_refusal_as_one_line(database):
    visitor = browser(database, "member:KZ")
    values = {"id": "P", "revision": "0", "name": "flight tests", "document": "PLI-1"}
    went = send(visitor, "/programme/draft", values, headers={"HX-Request": "true"})
    assert (went.status_code, went.headers["hx-redirect"]) == (204, "/programme?id=P")
    visitor.cookies.set("language", "ru")
    refused = send(visitor, "/programme/approve", {"id": "P", "revision": "1"}, headers={"HX-Request": "true"})
    (line,) = re.findall(r'<p class="advice" role="alert">(.*?)</p>', refused.text)
    assert refused.status_code == 409 and line == "<strong>программа испытаний P</strong>: в ней нет ни одного испытания"


def test_a_text_is_shown_as_text(database):
    programme_cases.programme(database)
    with database.writing(SECRETARY) as change:
        remarks.raise_remark(change, Remark("M-1", "<script>x</script>", Part.KZ, Part.RU, "test_case", "C-1"))
    visitor = browser(database, "member:RU")
    for path in ("/remarks", "/remark?id=M-1", "/remarks/against", "/programme/case?id=C-1"):
        assert "&lt;script&gt;x" in visitor.get(path).text and "<script>x" not in visitor.get(path).text
