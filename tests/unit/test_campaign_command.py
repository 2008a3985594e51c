"""`baiterek record campaign`: what people type, what they read, how it is refused."""

import csv

import pytest

from record_cases import calling

RU = "member:RU"


@pytest.fixture()
def call(tmp_path, monkeypatch):
    call = calling(tmp_path, monkeypatch)
    call("record", "init")
    return call


def test_a_campaign_from_its_template_to_a_failed_operation(call, tmp_path):
    begin = ("record", "campaign", "begin", "C-1", "--name", "first flight", "--milestone", "first-flight")
    assert call(*begin, who="secretary:RU")["operations"] > 25
    shown = call("record", "campaign", "show", "C-1")
    assert shown["planned"] == "2026-Q1" and shown["critical_path"][-1] == "C-1/drop-zone-search" and not shown["conflicts"]
    assert all(one["start_utc"] is None and "begins: " in one["source"] for one in shown["operations"])
    moved = ("record", "schedule", "move", "first-flight", "--to", "2026-06-01T09:00Z", "--initiator", "joint", "--announced")
    call(*moved, "2026-05-01", "--source", "order 5", "--reason", "tests done", who=RU)
    shown = call("record", "campaign", "show", "C-1")
    assert shown["moved_days"] == 62 and shown["slips"][-1]["reason"] == "tests done"
    roll_out = next(one for one in shown["operations"] if one["id"] == "C-1/roll-out")
    assert (roll_out["start_utc"], roll_out["from_lift_off"]) == ("2026-05-29T09:00:00+00:00", "L-3d 00:00")
    step = ("record", "campaign", "step", "C-1/vehicle-tests")
    assert call(*step, "started", "--at", "2026-05-08T09:00Z", who=RU)["state"] == "started"
    failed = call(
        *step, "failed", "--at", "2026-05-09T09:00Z", "--remark", "M-1", "--text", "leaks", "--reason", "leak", who=RU
    )
    assert failed["remark"] == "M-1"
    (remark,) = call("record", "remark", "list")
    assert (remark["entity"], remark["entity_id"]) == ("operation", "C-1/vehicle-tests")
    text = call("record", "campaign", "show", "C-1", "--clock", "baikonur", plain=True)
    assert "2026-05-29 14:00:00 Baikonur" in text and "2026-Q1 -> 2026-06-01T09:00Z" in text and "late" in text
    call("record", "campaign", "show", "C-1", "--out", "c.csv")
    rows = list(csv.DictReader((tmp_path / "c.csv").open(encoding="utf-8-sig")))
    assert len(rows) == len(shown["operations"]) and rows[0]["critical"] == "yes"
    (line,) = call("record", "campaign", "list")
    assert (line["settled"], line["moved_days"]) == (0, 62)


def test_conflicts_are_an_exit_status_and_a_correction_needs_its_source(call):
    on = ("--on", "2026-06-01", "--source", "order 1", "--both")
    for name in ("A", "B"):
        call("record", "schedule", "milestone", f"day-{name}", "--ru", "Пуск", "--kk", "Ұшыру", *on, who="secretary:RU")
        call("record", "campaign", "begin", name, "--name", name, "--milestone", f"day-{name}", who="secretary:RU")
    found = call("record", "campaign", "conflicts", "A", status=1)
    assert {"pad-45", "transporter-erector", "filling-hall"} <= {one["resource"] for one in found}
    correct = ("record", "campaign", "correct", "A/roll-out", "--before", "4d", "--reason", "a day more")
    assert "--source" in call(*correct, status=2, who="secretary:RU")
    assert call(*correct, "--source", "order 2", who="secretary:RU")["before_min"] == 4 * 1440
    assert "a whole number with m, h or d" in call(*correct[:4], "--before", "four", "--source", "x", status=2, who=RU)
    assert [one for one in call("record", "campaign", "conflicts", "A", status=1) if one["kind"] == "order"]


def test_the_example_is_marked_and_keeps_out_of_the_real_resources(call):
    assert call("record", "campaign", "example", who=RU)["example"] is True
    shown = call("record", "campaign", "show", "EX-CAMPAIGN")
    assert all(one["example"] for one in shown["operations"]) and {one["state"] for one in shown["operations"]} >= {
        "done",
        "failed",
    }
    assert "EXAMPLE" in call("record", "campaign", "show", "EX-CAMPAIGN", plain=True)
    call("record", "campaign", "begin", "C-1", "--name", "real", "--milestone", "first-flight", who="secretary:RU")
    assert call("audit", "verify")["whole"]
    call("record", "campaign", "cancel", "EX-CAMPAIGN", "--reason", "seen", who=RU)
    assert "two-stage, or a TOML file" in call("record", "campaign", "templates", "nothing.toml", status=2)
