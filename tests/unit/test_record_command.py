"""The record from the command line: one JSON document each, exit statuses, what is refused."""

import sqlite3

import pytest

from record_cases import calling


@pytest.fixture()
def run(tmp_path, monkeypatch):
    return calling(tmp_path, monkeypatch)


def test_from_nothing_to_an_accepted_object_and_a_forged_one(run, tmp_path):
    assert run("record", "init")["entered"] == 66
    assert run("record", "init")["entered"] == 0
    assert len(run("record", "people", "--on", "2026-03-01")) == 28
    assert run("record", "objects", "example", "register.xlsx")["objects"] == 243
    refused = run("record", "objects", "import", "register.xlsx", "--dry-run", status=2, who="secretary:KZ")
    assert refused["refused"] == 243 and not refused["entered"] and "does not act" in refused["rows"][0]["why"]
    assert run("record", "objects", "import", "register.xlsx")["entered"]
    assert run("record", "objects", "export", "register.csv", "--site", "45")["objects"] == 81
    assert sum(group["total"] for group in run("record", "objects", "readiness")["groups"]) == 243

    assert "no evidence of autonomous_tests" in run("record", "objects", "step", "42-05-1", "integrated_tests", status=1)
    (tmp_path / "protocol.txt").write_text("passed")
    run("evidence", "attach", "protocol.txt", "--to", "42-05-1", "--stage", "autonomous_tests", who="secretary:KZ")
    assert run("record", "objects", "step", "42-05-1", "integrated_tests")["state"] == "integrated_tests"
    assert run("evidence", "verify")["whole"] and run("audit", "verify")["whole"]
    assert [event["action"] for event in run("audit", "log", "42-05-1")] == ["import", "step"]

    run("audit", "head", "--out", "head.json")
    with sqlite3.connect(tmp_path / "record.sqlite") as connection:
        connection.execute("UPDATE ground_object SET state = 'accepted' WHERE id = '42-05-1'")
    found = run("audit", "verify", "--head", "head.json", "--public-key", "record.sqlite.key", status=1)
    assert [fault["where"] for fault in found["faults"]] == ["ground_object 42-05-1"]
    stored = next(path for path in (tmp_path / "record.sqlite.evidence").rglob("*") if path.is_file())
    stored.unlink()
    broken = run("evidence", "verify", status=1)["broken"]
    assert [(fault["cited_by"], fault["what"]) for fault in broken] == [("42-05-1", "missing")]
    assert [row["id"] for row in run("record", "objects", "list") if row["broken_evidence"]] == ["42-05-1"]


def test_evidence_is_cited_by_what_has_colons_in_its_name(run, tmp_path):
    run("record", "init")
    run("record", "programme", "example")
    (tmp_path / "protocol.txt").write_text("passed")
    cited = run("evidence", "attach", "protocol.txt", "--to", "verification:EX-KZ-R1:integrated:test")
    assert (cited["entity"], cited["entity_id"]) == ("verification", "EX-KZ-R1:integrated:test")


def test_every_view_of_generated_objects_says_so(run):
    run("record", "init")
    run("record", "objects", "example", "register.csv")
    run("record", "objects", "import", "register.csv")
    views = [
        ("list", "--site", "42"), ("list", "--system", "ventilation"), ("show", "42-01"), ("readiness", "--by", "system"),
        ("export", "out.csv"), ("step", "42-01", "in_flight_tests"),
    ]  # fmt: skip
    for words in views:
        assert "EXAMPLE" in run("record", "objects", *words, plain=True), words


def test_what_the_record_refuses_is_told_in_the_language_of_the_environment(run, monkeypatch):
    run("record", "init")
    step = ("record", "objects", "step", "42-05-1", "accepted")
    said = {None: "does not have it", "ru": "в записях этого нет", "kk": "жазбаларда ол жоқ", "xx": "does not have it"}
    for name, words in said.items():
        if name:
            monkeypatch.setenv("BAITEREK_LANGUAGE", name)
        assert words in run(*step, status=1), name
    assert run(*step, status=1).startswith("baiterek: ground_object 42-05-1")


def test_what_cannot_be_asked_is_refused_in_one_line(run, tmp_path):
    assert "no such file; allowed: a record that" in run("record", "people", status=2)
    run("record", "init")
    assert "--as: found boss:KZ; allowed: co_chair:RU" in run(
        "record", "objects", "step", "x", "accepted", status=2, who="boss:KZ"
    )
    assert "--as: found nothing" in run("record", "objects", "step", "x", "accepted", status=2, who="")
    words = ("record", "appoint", "x", "--to", "boss:KZ", "--order", "1", "--from", "2026-01-01")
    assert "--to: found boss:KZ" in run(*words, status=2, who="keeper")
    assert "the record does not have it" in run("record", "objects", "show", "x", status=1)
    assert "found ready; allowed: mounted" in run("record", "objects", "step", "x", "ready", status=2)
    assert "found 2026-13-01" in run("record", "people", "--on", "2026-13-01", status=2)
    (tmp_path / "t.csv").write_text("id,colour\n1,red\n")
    assert "found colour; allowed: id, site" in run("record", "objects", "import", "t.csv", status=2)
    assert "no key" in run("audit", "verify", "--public-key", "t.csv", status=2)
    assert "something else" in run("audit", "verify", "--head", "t.csv", status=2)
    (tmp_path / "record.sqlite.key").unlink()
    assert "record.sqlite.key: found No such file" in run("record", "objects", "step", "x", "accepted", status=2)
