"""Gates, agreements and schedule from the command line: a gate from its plan to both signatures, what voids it, a forecast."""

import json

import pytest
from typer.testing import CliRunner

from baiterek.cli import app

TEXTS = ("--ru", "Принять.", "--kk", "Қабылдансын.")


@pytest.fixture()
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAITEREK_DATABASE", "record.sqlite")

    def call(*words, status=0, who="keeper", plain=False):
        monkeypatch.setenv("BAITEREK_AS", who)
        result = CliRunner().invoke(app, ["record", *words] if plain else ["record", *words, "--json"])
        assert result.exit_code == status, (words, result.stdout, result.stderr)
        if status:
            (line,) = result.stderr.splitlines()
            return line
        return result.stdout if plain else json.loads(result.stdout)

    call("init")
    return call


def test_a_gate_from_its_plan_to_both_signatures(run, tmp_path):
    run("objects", "example", "register.csv")
    run("objects", "import", "register.csv", who="member:KZ")
    run("gates", "plan", "F1", "--name", "first flight", "--example", who="secretary:RU")
    assert "42" in run("gates", "show", "F1", "--gate", "G0", plain=True)
    (gate,) = run("gates", "show", "F1", "--gate", "G0", "--language", "ru")
    assert not gate["holds"] and "решение не принято" in gate["reasons"]
    assert any("не принят: автономные испытания" in why for why in gate["reasons"])

    run("gates", "plan", "F2", "--name", "second flight", who="secretary:RU")
    document = tmp_path / "object.csv"
    document.write_text("id,site,kind,name,part,state,basis\n42-1,42,unit,pump,KZ,accepted,act 1\n")
    run("objects", "import", "object.csv", who="member:KZ")
    assert [e["state"] for e in run("gates", "checklist", "F2", "G0")] == ["open", "open"]
    (tmp_path / "act.pdf").write_text("act")
    attach = ["evidence", "attach", "act.pdf", "--to", "criterion:F2-G0-01"]
    assert CliRunner().invoke(app, attach, env={"BAITEREK_AS": "secretary:KZ"}).exit_code == 0
    for entry in ("F2-G0-01", "F2-G0-02"):
        assert run("gates", "check", entry, "met", "--reason", "act 1", who="member:KZ")["state"] == "met"
    run("gates", "draft", "D-1", "--flight", "F2", "--gate", "G0", "--until", "2999-12-31", *TEXTS, who="secretary:RU")
    condition = ("--decision", "D-1", "--part", "KZ", "--due", "G2", *TEXTS)
    run("gates", "condition", "C-1", *condition, who="secretary:RU")
    run("gates", "step", "D-1", "voting", who="member:RU")
    assert "no quorum" in run("gates", "step", "D-1", "adopted", who="member:RU", status=1)
    vote(run)
    run("gates", "step", "D-1", "adopted", who="member:RU")
    days = ("--from", "2020-01-01", "--to", "2999-12-31", "--reason", "shown in person")
    keys = {part: run("gates", "key", f"{part}.pem", "--seat", f"{part}-co-chair", *days)["id"] for part in ("ru", "kz")}
    for part in ("ru", "kz"):
        sign = ("gates", "sign", "D-1", "--seat", f"{part}-co-chair", "--signing-key", f"{part}.pem")
        assert run(*sign, who=f"co-chair:{part.upper()}")["key"] == keys[part]
    (gate,) = run("gates", "show", "F2", "--gate", "G0")
    assert (
        gate["holds"] and len(gate["signatures"]) == 2 and gate["signatures_are"] == "internal signature, not a qualified one"
    )
    assert "internal signature, not a qualified one" in run("gates", "show", "F2", plain=True)
    run("gates", "pass", "F2", "G0", who="member:RU")
    run("gates", "back", "F2", "G0", "--reason", "an error", who="member:RU")
    run("gates", "settle", "C-1", "done", "--reason", "painted", who="member:KZ")
    run("gates", "settle", "C-1", "closed", "--reason", "seen", who="member:RU")
    run("gates", "configure", "F2", "ground", "--items", "pad software 3.1", "--reason", "release", who="member:KZ")
    (gate,) = run("gates", "show", "F2", "--gate", "G0")
    assert not gate["holds"] and "ground: changed since the KZ part signed" in gate["reasons"]
    run("gates", "revoke", keys["ru"], "--reason", "lost")


def vote(run):
    """Fourteen of the 27 Russian members, and the Kazakh co-chair."""
    run("gates", "vote", "D-1", "for", "--seat", "kz-co-chair", who="co-chair:KZ")
    run("gates", "vote", "D-1", "against", "--seat", "ru-member-01", "--dissent", "Рано.", who="member:RU")
    for k in range(2, 15):
        run("gates", "vote", "D-1", "for", "--seat", f"ru-member-{k:02}", who="member:RU")


def test_the_voting_rule_says_that_it_is_assumed(run):
    assert "assumed" in run("gates", "rule")["source"]
    setting = ("gates", "rule", "--quorum", "2/3", "--majority", "1/2", "--source", "statute", "--reason", "adopted")
    assert run(*setting)["quorum"] == "2/3"
    assert "both, or neither" in run("gates", "rule", "--quorum", "1/2", status=2)


def test_a_conclusion_is_asked_for_and_given(run):
    run("gates", "plan", "F1", "--name", "first flight", who="secretary:RU")
    run("agreements", "plan", "plan-2026", "--year", "2026", "--flights", "F1", who="secretary:RU")
    run("agreements", "ask", "c-2026", "--kind", "conclusion", "--for", "plan-2026", "--part", "KZ", who="secretary:RU")
    given = ("agreements", "permit", "c-2026", "given", "--document", "No. 1", "--to", "2026-12-31")
    assert "does not act" in run(*given, who="member:RU", status=1)
    assert run(*given, who="member:KZ")["state"] == "given"
    found = run("agreements", "list")
    assert [one["id"] for one in found["permits"]] == ["c-2026"] and len(found["agreements"]) == 10


def test_the_schedule_moves_with_its_ledger_and_is_forecast(run):
    moved = {one["id"]: one["moved_days"] for one in run("schedule", "show")}
    assert moved["first-flight"] == 821  # from the end of 2023 to the end of March 2026
    said = (
        "--to",
        "2026-Q2",
        "--initiator",
        "joint",
        "--announced",
        "2026-03-20",
        "--source",
        "protocol 9",
        "--reason",
        "tests",
    )
    assert run("schedule", "move", "first-flight", *said, who="member:RU")["kind"] == "slip"
    assert len(run("schedule", "slips")) == 4
    named = ("--name", "crew", "--days", "1/2/3", "--source", "order 3", "--after", "launch")
    run("schedule", "activity", "debrief", *named, who="secretary:RU")
    assert "three whole numbers" in run(
        "schedule", "activity", "x", *named[:3], "1/2", *named[4:], status=2, who="secretary:RU"
    )
    found = run("schedule", "forecast", "--from", "2026-01-15", "--draws", "500")
    assert [row["id"] for row in found["rows"]][:2] == ["end", "first-flight"] and len(found["rows"]) == 9
    assert "assumed" in run("schedule", "forecast", "--from", "2026-01-15", "--draws", "500", plain=True)
    run("schedule", "achieve", "first-flight", "--on", "2026-06-01", "--reason", "telemetry", who="member:KZ")
