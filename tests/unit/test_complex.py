"""Ground objects: their steps and rules, the register in and out, evidence; on both databases where there is one."""

import itertools
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import states_page
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.example import example
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.register import import_register, in_tree, propose, read_register, write_register
from baiterek.campaign.complex.states import READY, Situation, State, readiness, refusal
from baiterek.campaign.complex.steps import step
from baiterek.campaign.evidence.store import attach, broken, cited, place
from baiterek.campaign.rows import reading
from baiterek.campaign.sheets import Line
from baiterek.errors import InputError, Refused
from record_cases import MEMBER, OBSERVER, RUSSIAN, SECRETARY, ground_object

S = State
FREE = Situation("a reason", {}, frozenset(S))


def line(number=2, **cells):
    return Line(number, {"id": "42-01", "site": "42", "kind": "unit", "name": "pump", "part": "KZ"} | cells)


# --- steps --------------------------------------------------------------------------------------------


def test_the_way_to_flight_tests_leads_through_every_test():
    way = [S.MOUNTED, S.AUTONOMOUS_TESTS, S.INTEGRATED_TESTS, S.ACCEPTED, S.IN_FLIGHT_TESTS]
    assert all(refusal(a, b, FREE) is None for a, b in itertools.pairwise(way))
    for k, start in enumerate(way):
        for end in way[k + 2 :]:
            assert refusal(start, end, FREE), f"{start} to {end} skips something"


@pytest.mark.parametrize(
    ("start", "end", "changed", "why"),
    [
        (S.AUTONOMOUS_TESTS, S.INTEGRATED_TESTS, {"whole_evidence": frozenset()}, "no evidence of autonomous_tests"),
        (
            S.INTEGRATED_TESTS,
            S.ACCEPTED,
            {"whole_evidence": frozenset({S.AUTONOMOUS_TESTS})},
            "no evidence of integrated_tests",
        ),
        (S.INTEGRATED_TESTS, S.ACCEPTED, {"broken_evidence": frozenset({S.INTEGRATED_TESTS})}, "missing or was changed"),
        (S.INTEGRATED_TESTS, S.ACCEPTED, {"children": {"x": S.ACCEPTED_WITH_REMARKS}}, "x below it"),
        (S.INTEGRATED_TESTS, S.ACCEPTED_WITH_REMARKS, {"children": {"x": S.INTEGRATED_TESTS}}, "x below it"),
        (S.INTEGRATED_TESTS, S.ACCEPTED_WITH_REMARKS, {"reason": " "}, "reason"),
        (S.AUTONOMOUS_TESTS, S.INTEGRATED_TESTS, {"children": {"x": S.MOUNTED}}, "x below it is mounted"),
        (S.ACCEPTED, S.INTEGRATED_TESTS, {"reason": ""}, "reason"),
        (S.ACCEPTED, S.OUT_OF_SERVICE, {"reason": ""}, "reason"),
        (S.OUT_OF_SERVICE, S.ACCEPTED, {}, "from out_of_service it can become mounted"),
    ],
)
def test_each_rule_stands_in_the_way_of_its_step(start, end, changed, why):
    assert why in refusal(start, end, FREE._replace(**changed))


def test_what_is_out_of_service_holds_nothing_up():
    assert refusal(S.INTEGRATED_TESTS, S.ACCEPTED, FREE._replace(children={"x": S.OUT_OF_SERVICE})) is None


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.frozensets(st.sampled_from(list(S))), st.booleans()), max_size=30))
def test_nothing_is_ready_without_evidence_of_integrated_tests_since_it_was_mounted(walk):
    at, shown = S.MOUNTED, False
    for end, evidence, given_reason in walk:
        if refusal(at, end, Situation("why" if given_reason else "", {}, evidence)) is None:
            shown = end is not S.MOUNTED and (shown or (at is S.INTEGRATED_TESTS and at in evidence))
            at = end
    assert shown or at not in (*READY, S.ACCEPTED_WITH_REMARKS)


def test_a_step_asks_for_the_part_and_the_rule(database, tmp_path):
    (tmp_path / "protocol.txt").write_text("passed")
    with database.writing(SECRETARY) as change:
        change.create(ground_object())
        change.create(ground_object("42-01-1", parent="42-01"))
    for actor, why in ((SECRETARY, "a secretary does not act"), (OBSERVER, "does not act"), (RUSSIAN, "for the KZ part")):
        with pytest.raises(Refused, match=why), database.writing(actor) as change:
            step(change, database.evidence, "42-01", S.AUTONOMOUS_TESTS, "")
    with database.writing(MEMBER) as change:
        step(change, database.evidence, "42-01", S.AUTONOMOUS_TESTS, "")
        attach(change, database.evidence, tmp_path / "protocol.txt", "42-01", S.AUTONOMOUS_TESTS, "")
    with pytest.raises(Refused, match="42-01-1 below it is mounted"), database.writing(MEMBER) as change:
        step(change, database.evidence, "42-01", S.INTEGRATED_TESTS, "")
    with database.writing(MEMBER) as change:
        step(change, database.evidence, "42-01-1", S.OUT_OF_SERVICE, "not needed")
        made = step(change, database.evidence, "42-01", S.INTEGRATED_TESTS, "")
    assert (made.state, made.revision) == (S.INTEGRATED_TESTS, 3)


def test_the_drawings_and_the_tables_hold_every_step():
    page = states_page.page()
    for machine in states_page.MACHINES:
        for taken in machine.steps:
            assert f"| {taken.start} | {taken.end} |" in page
        inner = [s for s in machine.steps if machine.apart not in (s.start, s.end)]
        assert states_page.drawing(machine).count("marker-end=") == len(inner)


# --- the register ---------------------------------------------------------------------------------------


def test_the_example_is_243_marked_objects_that_any_record_takes(database, tmp_path):
    made = example()
    # 243 objects on sites 42, 43 and 45: the ministry's release of 2018
    assert len(made) == len({r.id for r in made}) == 243
    assert {r.site for r in made} == {"42", "43", "45"} and all(r.example and "example" in r.name for r in made)
    for name in ("register.csv", "register.xlsx"):
        write_register(tmp_path / name, made)
    with database.writing(MEMBER) as change:
        assert {p.outcome for p in import_register(change, read_register(tmp_path / "register.csv"), "", dry_run=True)} == {
            "new"
        }
        assert reading.every(change.connection, GroundObject) == []
        assert {p.outcome for p in import_register(change, read_register(tmp_path / "register.csv"), "")} == {"new"}
    with database.writing(MEMBER) as change:
        again = import_register(change, read_register(tmp_path / "register.xlsx"), "")
        assert {p.outcome for p in again} == {"unchanged"}
        back = reading.every(change.connection, GroundObject)
    assert [replace(r, revision=0) for r in back] == sorted(made, key=lambda r: r.id)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"id": ""}, "id is empty"),
        ({"name": ""}, "name is empty"),
        ({"id": "a b"}, "letters, digits"),
        ({"site": "31"}, "site '31': 42, 43, 45"),
        ({"part": "US"}, "part 'US': RU, KZ"),
        ({"part": "RU"}, "the KZ part does not draft for the RU part"),
        ({"state": "ready"}, "state 'ready': mounted"),
        ({"state": "accepted"}, "needs a basis"),
        ({"example": "maybe"}, "example 'maybe': yes, no"),
        ({"name": "a\x07b"}, "control character"),
        ({"parent": "nowhere"}, "parent nowhere: neither"),
        ({"parent": "42-01"}, "is below 42-01"),
        ({"parent": "43-00"}, "is on site 43"),
        ({"id": "42-00", "state": "accepted", "basis": "act"}, "only a step changes it"),
        ({"id": "42-00", "basis": "act"}, "basis"),
        ({"id": "42-00", "example": "yes"}, "example"),
    ],
)
def test_a_refused_row_says_why(cells, why):
    there = {r.id: r for r in (ground_object("42-00"), ground_object("43-00", site="43"))}
    (proposal,) = propose([line(**cells)], there, MEMBER)
    assert proposal.outcome == "refused" and why in proposal.why


def test_what_hangs_on_a_refused_row_or_on_itself_is_refused_too():
    rows = [line(2, id="a", name=""), line(3, id="b", parent="a"), line(4, id="c", parent="b"), line(5, id="d")]
    assert [p.outcome for p in propose(rows, {}, MEMBER)] == ["refused", "refused", "refused", "new"]
    circle = [
        line(2, id="a", parent="c"),
        line(3, id="b", parent="a"),
        line(4, id="c", parent="b"),
        line(5, id="e", parent="a"),
    ]
    assert [p.outcome for p in propose(circle, {}, MEMBER)] == ["refused"] * 4
    twice = [line(2), line(3)]
    assert [p.outcome for p in propose(twice, {}, MEMBER)] == ["new", "refused"]
    accepted = line(state="accepted", basis="act 5")
    assert propose([accepted], {}, MEMBER)[0].outcome == "new"
    assert "does not act" in propose([accepted], {}, SECRETARY)[0].why


def test_one_refused_row_keeps_all_out(database):
    with database.writing(MEMBER) as change:
        made = import_register(change, [line(2, id="a"), line(3, id="b", site="1")], "")
        assert [p.outcome for p in made] == ["new", "refused"]
        assert reading.every(change.connection, GroundObject) == []


def test_a_tree_lists_each_object_behind_its_parent():
    made = [
        ground_object("b", parent="c"),
        ground_object("c"),
        ground_object("d", parent="b"),
        ground_object("a", parent="gone"),
    ]
    assert [(depth, r.id) for depth, r in in_tree(made)] == [(0, "c"), (1, "b"), (2, "d"), (0, "a")]


def test_readiness_counts_what_stands_where():
    there = [("42", S.ACCEPTED, 1), ("42", S.IN_FLIGHT_TESTS, 4), ("42", S.ACCEPTED_WITH_REMARKS, 1), ("43", S.MOUNTED, 1)]
    found = readiness(there)
    assert [(g.group, g.ready, g.total, sum(g.states.values())) for g in found] == [("42", 5, 6, 6), ("43", 0, 1, 1)]


# --- evidence -------------------------------------------------------------------------------------------


@pytest.fixture()
def shown(database, tmp_path):
    """A record with an object that cites a folder."""
    folder = tmp_path / "run"
    (folder / "deep").mkdir(parents=True)
    (folder / "result.json").write_text("{}")
    (folder / "deep" / "flight.csv").write_text("1,2")
    with database.writing(MEMBER) as change:
        change.create(ground_object(part=Part.KZ, state=S.AUTONOMOUS_TESTS))
        piece = attach(change, database.evidence, folder, "42-01", S.AUTONOMOUS_TESTS, "")
    shutil.rmtree(folder)
    return piece


def files_of(store):
    return {path for path in store.rglob("*") if path.is_file()}


def test_evidence_is_a_copy_by_its_hash(database, shown):
    with database.reading() as look:
        assert cited(look, "42-01") == [shown]
    assert (shown.kind, shown.name, shown.size) == ("folder", "run", 5)
    # sha256sum of "1,2" and of "{}" by coreutils
    known = {
        "17f8af97ad4a7f7639a4c9171d5185cbafb85462877a4746c21bdb0a4f940ca0",
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    }
    assert files_of(database.evidence) == {place(database.evidence, sha256) for sha256 in (*known, shown.sha256)}
    assert broken(database.evidence, [shown]) == []


@pytest.mark.parametrize("what", ["changed", "missing"])
def test_any_file_of_the_store_that_is_changed_or_missing_is_named_and_no_step_rests_on_it(database, shown, what):
    for path in files_of(database.evidence):
        kept = path.read_bytes()
        path.unlink()
        if what == "changed":
            path.write_bytes(kept + b" ")
        (fault,) = broken(database.evidence, [shown])
        assert fault.what == what and fault.evidence == shown and fault.file in ("run", "result.json", "deep/flight.csv")
        with pytest.raises(Refused, match="missing or was changed"), database.writing(MEMBER) as change:
            step(change, database.evidence, "42-01", S.INTEGRATED_TESTS, "")
        path.unlink(missing_ok=True)
        path.write_bytes(kept)
    assert broken(database.evidence, [shown]) == []


def test_attaching_again_mends_the_store_and_cites_nothing_twice(database, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    with database.writing(MEMBER) as change:
        change.create(ground_object())
        piece = attach(change, database.evidence, tmp_path / "a.txt", "42-01", None, "")
    (stored,) = files_of(database.evidence)
    stored.unlink()
    with pytest.raises(Refused, match="already"), database.writing(MEMBER) as change:
        attach(change, database.evidence, tmp_path / "a.txt", "42-01", None, "")
    assert broken(database.evidence, [piece]) == []


def test_what_cannot_be_evidence_is_refused(database, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "passwd").symlink_to("/etc/passwd")
    with database.writing(MEMBER) as change:
        change.create(ground_object())
        for name, why in (("gone", "No such file"), ("empty", "no files"), ("linked", "a link")):
            with pytest.raises(InputError, match=why):
                attach(change, database.evidence, tmp_path / name, "42-01", None, "")
    (tmp_path / "a.txt").write_text("a")
    for actor in (OBSERVER, RUSSIAN):
        with pytest.raises(Refused), database.writing(actor) as change:
            attach(change, database.evidence, tmp_path / "a.txt", "42-01", None, "")
    assert not files_of(database.evidence)
