"""The programme and the remarks from the command line: from tables to a closed row, from a remark to a waiver at its gate."""

import csv

import pytest

from baiterek.campaign.commission.parts import Part
from record_cases import calling

RUN_COLUMNS = ("id", "test_case", "part", "procedure", "configuration", "operators", "started_at", "measured")
AS_KZ, AS_RU = "member:KZ", "member:RU"


def table(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path.name


@pytest.fixture()
def run(tmp_path, monkeypatch):
    return calling(tmp_path, monkeypatch)


@pytest.fixture()
def filled(run, tmp_path):
    """A record with programme P: two requirements, a row, a case, a run with its file."""
    run("record", "init")
    run("record", "programme", "draft", "P", "--name", "flight tests", "--document", "PLI-1", who="secretary:KZ")
    needs = table(
        tmp_path / "needs.csv",
        ("id", "programme", "text", "part", "characteristic", "unit", "lower", "upper", "parent"),
        ("R-1", "P", "The line holds.", "KZ", "pressure", "MPa", "2", "3", ""),
        ("R-1.1", "P", "The seal holds.", "KZ", "", "", "", "", "R-1"),
    )
    row_columns = ("requirement", "stage", "method", "part", "due_gate")
    rows = table(tmp_path / "rows.csv", row_columns, ("R-1", "integrated", "test", "KZ", "G2"))
    cases = table(
        tmp_path / "cases.csv",
        ("id", "programme", "title", "stage", "method", "part", "requirements"),
        ("C-1", "P", "pressure test", "integrated", "test", "KZ", "R-1; R-1.1"),
    )
    runs = table(
        tmp_path / "runs.csv",
        RUN_COLUMNS,
        ("T-1", "C-1", "KZ", "PR-7 rev. 3", "line 7", "test conductor", "2026-03-01T10:00+05:00", "R-1=2.5"),
    )
    for kind, name in (("requirements", needs), ("rows", rows), ("cases", cases), ("runs", runs)):
        dry = run("record", "programme", "import", kind, name, "--dry-run", who="secretary:KZ")
        assert not dry["entered"] and not dry.get("refused"), dry
        done = run("record", "programme", "import", kind, name, who="secretary:KZ")
        assert done["entered"] and done["new"] == dry["new"] > 0
        assert run("record", "programme", "import", kind, name, who="secretary:KZ")["unchanged"] == done["new"]
    (tmp_path / "data.csv").write_text("0,2.5\n")
    run("evidence", "attach", "data.csv", "--to", "test_run:T-1", who="secretary:KZ")
    return run


def test_from_tables_to_a_closed_row_and_a_matrix(filled, tmp_path):
    (made,) = filled("record", "programme", "runs")
    assert (made["started_at"], made["measured"]) == ("2026-03-01T05:00:00.000000Z", {"R-1": "2.5"})
    shown = {clock: filled("record", "programme", "runs", "--clock", clock, plain=True) for clock in ("baikonur", "moscow")}
    assert "2026-03-01 10:00:00 Baikonur" in shown["baikonur"] and "2026-03-01 08:00:00 Moscow" in shown["moscow"]
    judge = ("record", "programme", "judge", "T-1", "passed", "--conclusion", "held")
    assert "a secretary does not act" in filled(*judge, status=1, who="secretary:KZ")
    assert filled(*judge)["result"] == "passed"
    assess = ("record", "programme", "assess", "R-1:integrated:test", "yes", "--close")
    assert "a reason is needed" in filled(*assess, status=1)
    assert filled(*assess, "--reason", "protocol 17")["closed"]
    (row,) = filled("record", "programme", "matrix", "--out", "matrix.xlsx")
    assert row["standing"] == "closed" and row["runs"] == ["T-1 passed"] and (tmp_path / "matrix.xlsx").is_file()
    assert filled("record", "programme", "reopen", "R-1:integrated:test", "--reason", "seen again")["compliance"] is None
    for who in (AS_KZ, AS_RU):
        approved = filled("record", "programme", "approve", "P", who=who)
    assert approved["approved_ru"] and approved["approved_kz"]
    table(
        tmp_path / "more.csv",
        ("id", "programme", "title", "stage", "method", "part", "answers"),
        ("C-2", "P", "again", "integrated", "test", "KZ", ""),
        ("C-3", "P", "again", "integrated", "test", "KZ", "test_case:C-1"),
    )
    refused = filled("record", "programme", "import", "cases", "more.csv", status=2)
    assert [row["outcome"] for row in refused["rows"]] == ["refused", "new"] and not refused["entered"]
    assert "an added test names what it answers" in refused["rows"][0]["why"]
    assert filled("record", "programme", "export", "cases", "cases-out.csv")["cases"] == 1
    assert filled("record", "programme", "import", "cases", "cases-out.csv")["unchanged"] == 1
    assert filled("audit", "verify")["whole"]


def test_a_remark_stands_against_roll_out_until_both_parts_waive_it(filled, tmp_path):
    record = ("record", "remark")
    raised = filled(*record, "raise", "M-1", "--text", "leaks", "--part", "KZ", "--about", "test_run:T-1", who="secretary:RU")
    assert (raised["raised_by"], raised["part"], raised["state"]) == ("RU", "KZ", "raised")
    filled(*record, "step", "M-1", "classified", "--grounds", "safety", "--due", "G2")
    filled(*record, "step", "M-1", "cause_found", "--cause", "worn")
    filled(*record, "step", "M-1", "disposed", "--disposition", "use_as_is", "--action", "drained")
    filled("evidence", "attach", "data.csv", "--to", "remark:M-1", who="secretary:KZ")
    assert "needs an active waiver" in filled(*record, "step", "M-1", "verified", status=1)
    shown = filled(*record, "show", "M-1")
    assert "needs an active waiver" in shown["steps"]["verified"] and shown["evidence"][0]["broken"] is None

    filled("record", "waiver", "request", "W-1", "--remark", "M-1", "--text", "1 g/s", "--flights", "1", who="secretary:KZ")
    filled("record", "waiver", "step", "W-1", "submitted")
    assert "only the KZ part gives" in filled("record", "waiver", "step", "W-1", "approved_kz", status=1, who=AS_RU)
    filled("record", "waiver", "step", "W-1", "approved_kz")
    assert filled("record", "waiver", "step", "W-1", "active", who=AS_RU)["state"] == "active"
    against = ("record", "remark", "against", "G2")
    found = filled(*against, "--flight", "1", status=1)
    assert [(item["id"], item["blocks"]) for item in found] == [("R-1:integrated:test", True), ("M-1", False)]
    assert [item["blocks"] for item in filled(*against, "--flight", "2", status=1)] == [True, True]
    assert filled(*record, "step", "M-1", "verified")["state"] == "verified"
    assert filled(*record, "step", "M-1", "closed", "--reason", "flies", who=AS_RU)["state"] == "closed"
    assert filled(*record, "list", "--open") == [] and len(filled("record", "waiver", "list")) == 1


def test_every_view_of_the_generated_programme_says_so(run, tmp_path):
    run("record", "init")
    run("record", "objects", "example", "register.csv")
    run("record", "objects", "import", "register.csv")
    for part in Part:
        assert "EXAMPLE" in run("record", "programme", "example", plain=True, who=f"member:{part}")
    for words in (
        ("programme", "list"), ("programme", "matrix"), ("programme", "runs"), ("programme", "export", "cases", "c.csv"),
        ("remark", "list"), ("remark", "show", "EX-KZ-M3"), ("waiver", "list"),
        ("waiver", "step", "EX-KZ-W1", "refused", "--reason", "x"), ("programme", "approve", "EX-KZ"),
        ("remark", "step", "EX-KZ-M1", "classified", "--due", "G1"),
    ):  # fmt: skip
        assert "EXAMPLE" in run("record", *words, plain=True), words
    assert "EXAMPLE" in run("record", "remark", "against", "G6", plain=True, status=1)
    rows = run("record", "programme", "matrix")
    assert len(rows) == 24 and all(row["example"] for row in rows)
    assert run("audit", "verify")["whole"] and run("evidence", "verify")["whole"]


def test_names_come_with_a_public_source(run):
    run("record", "init")
    words = ("record", "person", "x-y", "--name", "X. Y.", "--source")
    assert "does not keep" in run(*words, "a page", status=1)
    assert "the public text" in run(*words, " ", status=1, who="keeper")
    assert run(*words, "a page", who="keeper")["name"] == "X. Y."
    assert "a reason is needed" in run(*words, "another page", status=1, who="keeper")
    run("record", "organisation", "o", "--name", "O", "--country", "KZ", "--source", "a page", who="keeper")
    run("record", "body", "b", "--kind", "working_group", "--name", "B", "--source", "a page", who="keeper")
    office = ("--to", "member:KZ", "--order", "order 1", "--from", "2026-01-01", "--body", "b")
    made = run("record", "appoint", "m", *office, "--person", "x-y", "--organisation", "o", who="keeper")
    assert (made["person"], made["organisation"]) == ("x-y", "o")


def test_what_cannot_be_asked_is_refused_in_one_line(filled, tmp_path):
    table(tmp_path / "bad.csv", ("id", "programme", "text", "part", "colour"), ("x", "P", "y", "KZ", "red"))
    for words, why, status in (
        (("programme", "import", "needs", "bad.csv"), "found needs; allowed: requirements, rows", 2),
        (("programme", "import", "requirements", "bad.csv"), "found colour; allowed: id, programme", 2),
        (("programme", "judge", "T-1", "fine", "--conclusion", "x"), "found fine; allowed: passed", 2),
        (("programme", "runs", "--clock", "paris"), "found paris; allowed: utc, baikonur", 2),
        (("remark", "against", "G9"), "found G9; allowed: G0", 2),
        (("remark", "step", "M-1", "classified", "--grounds", "cost"), "found cost; allowed: safety", 2),
        (("programme", "judge", "T-9", "passed", "--conclusion", "x"), "the record does not have it", 1),
        (("waiver", "request", "W", "--text", "x", "--flights", "1"), "names the requirement", 1),
    ):
        assert why in filled("record", *words, status=status), words
    hour = "2026-03-01T10:00Z"
    table(
        tmp_path / "bad.csv",
        RUN_COLUMNS,
        ("T-2", "C-1", "KZ", "p", "c", "o", "2026-03-01T10:00", ""),
        ("T-3", "C-1", "KZ", "p", "c", "o", hour, "2.5"),
        ("T-4", "C-1", "XX", "p", "c", "o", hour, ""),
        ("", "C-1", "KZ", "p", "c", "o", hour, ""),
        ("T-5", "C-1", "KZ", "", "c", "o", hour, ""),
    )
    why = [row["why"] for row in filled("record", "programme", "import", "runs", "bad.csv", status=2)["rows"]]
    expected = ("an instant with its offset", "NAME=VALUE", "part 'XX': RU, KZ", "id is empty", "procedure is empty")
    assert all(part in text for part, text in zip(expected, why, strict=True)), why
