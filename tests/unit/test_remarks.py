"""Remarks and nonconformances, deviations and waivers, and what stands against a gate; on both databases."""

import itertools

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import attach, broken, cited, place
from baiterek.campaign.gates.open_items import against
from baiterek.campaign.gates.open_items import items as open_items
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.machine import refusal
from baiterek.campaign.programme.matrix import matrix
from baiterek.campaign.programme.steps import assess
from baiterek.campaign.programme.verification import Compliance, Gate
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import (
    REMARK_STEPS,
    WAIVER_STEPS,
    Disposition,
    Facts,
    Ground,
    RemarkState,
    Request,
    Severity,
    WaiverKind,
    WaiverState,
    needs_waiver,
    severity,
)
from baiterek.campaign.remarks.steps import raise_remark, step
from baiterek.campaign.remarks.waivers import in_force, request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused, Stale
from programme_cases import made_and_judged, programme
from record_cases import MEMBER, RUSSIAN, SECRETARY, ground_object

R, W = RemarkState, WaiverState
DAY = "2026-03-02"
FREE = Facts("a reason", Severity.MINOR, True, "worn seal", Disposition.REWORK, "new seal", 1, (), False)
WAY = [R.RAISED, R.CLASSIFIED, R.CAUSE_FOUND, R.DISPOSED, R.VERIFIED, R.CLOSED]


# --- rules --------------------------------------------------------------------------------------------


def test_a_nonconformance_is_major_on_any_ground_of_the_standard():
    # ECSS-Q-ST-10-09C Rev.1: safety; operational, functional or technical requirements; reliability; lifetime;
    # interchangeability; interfaces under other agreements; approved test procedures; proposed for scrap
    assert len(Ground) == 8
    assert severity(()) is Severity.MINOR
    assert {severity((ground,)) for ground in Ground} == {Severity.MAJOR}


def test_the_way_of_a_remark_skips_nothing():
    assert all(refusal(REMARK_STEPS, a, b, FREE) is None for a, b in itertools.pairwise(WAY))
    for k, start in enumerate(WAY):
        for end in WAY[k + 2 :]:
            assert refusal(REMARK_STEPS, start, end, FREE).startswith(f"from {start} it can become ")
    assert refusal(REMARK_STEPS, R.WITHDRAWN, R.RAISED, FREE) == "from withdrawn it can become nothing else"


@pytest.mark.parametrize("state", [R.VERIFIED, R.CLOSED])
def test_a_major_one_used_as_is_or_repaired_needs_a_waiver(state):
    before = WAY[WAY.index(state) - 1]
    for kind, how in itertools.product(Severity, Disposition):
        facts = FREE._replace(severity=kind, disposition=how)
        needed = kind is Severity.MAJOR and how in (Disposition.USE_AS_IS, Disposition.REPAIR)
        assert needs_waiver(kind, how) is needed
        why = refusal(REMARK_STEPS, before, state, facts)
        assert why == (f"a major nonconformance disposed {how} needs an active waiver" if needed else None)
        assert refusal(REMARK_STEPS, before, state, facts._replace(waived=True)) is None


@pytest.mark.parametrize(
    ("start", "end", "lacking", "why"),
    [
        (R.RAISED, R.CLASSIFIED, {"due": False}, "no due gate"),
        (R.CLASSIFIED, R.CAUSE_FOUND, {"cause": " "}, "cause is not named"),
        (R.CAUSE_FOUND, R.DISPOSED, {"disposition": None}, "disposition and the action"),
        (R.CAUSE_FOUND, R.DISPOSED, {"action": ""}, "disposition and the action"),
        (R.CAUSE_FOUND, R.DISPOSED, {"disposition": Disposition.SCRAP}, "classify it again"),
        (R.DISPOSED, R.VERIFIED, {"whole": 0}, "no evidence of the action"),
        (R.DISPOSED, R.VERIFIED, {"broken": ("e1",)}, "e1 is missing or was changed"),
        (R.VERIFIED, R.CLOSED, {"reason": ""}, "a reason is needed"),
        (R.VERIFIED, R.CLOSED, {"broken": ("e1",)}, "e1 is missing or was changed"),
        (R.DISPOSED, R.CLASSIFIED, {"reason": ""}, "a reason is needed"),
        (R.CLOSED, R.RAISED, {"reason": ""}, "a reason is needed"),
        (R.RAISED, R.WITHDRAWN, {"reason": ""}, "a reason is needed"),
    ],
)
def test_each_step_of_a_remark_asks_for_what_it_says(start, end, lacking, why):
    assert refusal(REMARK_STEPS, start, end, FREE) is None
    assert why in refusal(REMARK_STEPS, start, end, FREE._replace(**lacking))


def test_a_waiver_is_active_with_both_keys_in_either_order_and_not_before():
    def asked(part, reason="why"):
        return Request(reason, part, ("1",), "2.9 MPa")

    for first, second in (("RU", "KZ"), ("KZ", "RU")):
        half = W(f"approved_{first.lower()}")
        assert refusal(WAIVER_STEPS, W.SUBMITTED, half, asked(first)) is None
        assert "only the" in refusal(WAIVER_STEPS, W.SUBMITTED, half, asked(second))
        assert refusal(WAIVER_STEPS, half, W.ACTIVE, asked(second)) is None
        assert f"only the {second} part" in refusal(WAIVER_STEPS, half, W.ACTIVE, asked(first))
    for start in (W.DRAFT, W.SUBMITTED, W.REFUSED, W.REVOKED):
        assert "it can become" in refusal(WAIVER_STEPS, start, W.ACTIVE, asked("KZ"))
    assert "from what it departs" in refusal(WAIVER_STEPS, W.DRAFT, W.SUBMITTED, asked("KZ")._replace(flights=()))
    assert "a reason" in refusal(WAIVER_STEPS, W.ACTIVE, W.REVOKED, asked("RU", " "))


def test_a_waiver_holds_for_its_flights_up_to_its_day_and_its_gate():
    held = Waiver("W", WaiverKind.WAIVER, "x", Part.KZ, ("1", "2"), "M", None, Gate.G3, "2026-06-30", W.ACTIVE)
    assert in_force(held, "2026-06-30", "2", Gate.G3)
    assert not in_force(held, "2026-07-01", "2", Gate.G3)
    assert not in_force(held, "2026-06-30", "3", Gate.G3)
    assert not in_force(held, "2026-06-30", "2", Gate.G4)
    for state in set(W) - {W.ACTIVE}:
        assert not in_force(Waiver("W", WaiverKind.WAIVER, "x", Part.KZ, ("1",), "M", state=state), DAY)


# --- the way through the database -------------------------------------------------------------------------


def refused(database, why, act, actor=MEMBER):
    with pytest.raises(Refused, match=why), database.writing(actor) as change:
        act(change)


def done(database, actor, act):
    with database.writing(actor) as change:
        return act(change)


def raised(database, id="M-1", by=Part.KZ):
    with database.writing(SECRETARY if by is Part.KZ else RUSSIAN) as change:
        if reading.find(change.connection, *_OBJECT) is None:
            change.create(ground_object())
        return raise_remark(change, Remark(id, "the seal leaks", by, Part.KZ, "ground_object", "42-01"))


_OBJECT = (type(ground_object()), "42-01")


def shown(database, folder, id="M-1"):
    (folder / "photo.txt").write_text("the new seal")
    done(database, SECRETARY, lambda c: attach(c, database.evidence, folder / "photo.txt", id, None, "", "remark"))


def to_disposed(database, id, grounds=(), disposition=Disposition.REWORK, due=Gate.G2):
    store = database.evidence
    done(database, MEMBER, lambda c: step(c, store, id, R.CLASSIFIED, "", grounds=grounds, due_gate=due))
    done(database, MEMBER, lambda c: step(c, store, id, R.CAUSE_FOUND, "", cause="worn"))
    return done(database, MEMBER, lambda c: step(c, store, id, R.DISPOSED, "", disposition=disposition, action="as told"))


def waived(database, id="W-1", remark="M-1", flights=("1",), **values):
    done(database, SECRETARY,
         lambda c: request(c, Waiver(id, WaiverKind.WAIVER, "leaks 1 g/s", Part.KZ, flights, remark, **values)))  # fmt: skip
    for actor, state in ((MEMBER, W.SUBMITTED), (MEMBER, W.APPROVED_KZ), (RUSSIAN, W.ACTIVE)):
        made = done(database, actor, lambda c, state=state: step_waiver(c, id, state))
    return made


def items(database, gate=Gate.G6, flight="1", day=DAY):
    def faults(pieces):
        return broken(database.evidence, pieces)

    with database.reading() as look:
        found = against(look, faults, gate, flight, day)
        remarks, waivers = reading.every(look, Remark), reading.every(look, Waiver)
        assert found == open_items(
            remarks, matrix(look, faults, day), waivers, gate, flight, day
        )  # of everything that there is
        return found


def test_the_other_part_raises_the_answering_one_acts_and_the_raiser_closes(database, tmp_path):
    store = database.evidence
    raised(database, by=Part.RU)
    with pytest.raises(Denied), database.writing(RUSSIAN) as change:
        step(change, store, "M-1", R.CLASSIFIED, "", grounds=(), due_gate=Gate.G2)
    made = to_disposed(database, "M-1")
    assert (made.severity, made.due_gate, made.disposition) == (Severity.MINOR, Gate.G2, Disposition.REWORK)
    refused(database, "no evidence of the action", lambda c: step(c, store, "M-1", R.VERIFIED))
    shown(database, tmp_path)
    done(database, MEMBER, lambda c: step(c, store, "M-1", R.VERIFIED))
    with pytest.raises(Denied), database.writing(MEMBER) as change:
        step(change, store, "M-1", R.CLOSED, "done")
    with pytest.raises(Stale), database.writing(RUSSIAN) as change:
        step(change, store, "M-1", R.CLOSED, "done", revision=1)
    assert done(database, RUSSIAN, lambda c: step(c, store, "M-1", R.CLOSED, "seen on site")).state is R.CLOSED
    with database.reading() as look:
        assert verify(look, read_public_key(database.key)).whole
        log = [event.action for event in reading.events(look, "remark", "M-1")]
    assert log == ["raise", *["step"] * 5]


def test_a_step_says_only_what_goes_with_it(database):
    raised(database)
    refused(database, "cause is not said with the step to classified",
            lambda c: step(c, database.evidence, "M-1", R.CLASSIFIED, "", cause="x"))  # fmt: skip
    refused(database, "about ground_object, requirement", lambda c: raise_remark(
        c, Remark("M-2", "x", Part.KZ, Part.KZ, "person", "y")))  # fmt: skip
    refused(database, "the record does not have it", lambda c: raise_remark(
        c, Remark("M-2", "x", Part.KZ, Part.KZ, "test_run", "y")))  # fmt: skip
    refused(database, "42-01 is not generated", lambda c: raise_remark(
        c, Remark("M-2", "x", Part.KZ, Part.KZ, "ground_object", "42-01", example=True)))  # fmt: skip
    refused(database, "it says nothing", lambda c: raise_remark(c, Remark("M-2", " ", Part.KZ, Part.KZ)))
    made = done(database, MEMBER, lambda c: raise_remark(
        c, Remark("M-2", "x", Part.KZ, Part.RU, state=R.CLOSED, severity=Severity.MINOR, due_gate=Gate.G6)))  # fmt: skip
    assert (made.state, made.severity, made.due_gate) == (R.RAISED, None, None)


def test_a_waiver_comes_after_the_fact_and_a_deviation_before(database):
    raised(database)
    for waiver, why in (
        (Waiver("W", WaiverKind.WAIVER, "x", Part.KZ, ("1",)), "names the remark"),
        (Waiver("W", WaiverKind.DEVIATION, "x", Part.KZ, ("1",)), "names the requirement"),
        (Waiver("W", WaiverKind.DEVIATION, "x", Part.KZ, ("1",), "M-1", "R-1"), "no remark"),
        (Waiver("W", WaiverKind.WAIVER, "x", Part.KZ, ("1",), "M-9"), "does not have it"),
        (Waiver("W", WaiverKind.WAIVER, "x", Part.KZ, ("1",), "M-1", example=True), "M-1 is not generated"),
        (Waiver("W W", WaiverKind.WAIVER, "x", Part.KZ, ("1",), "M-1"), "an id has"),
    ):
        refused(database, why, lambda c, waiver=waiver: request(c, waiver), SECRETARY)
    waived(database)
    refused(database, "no draft any more", lambda c: request(
        c, Waiver("W-1", WaiverKind.WAIVER, "x", Part.KZ, ("1", "2"), "M-1"), "for another flight"), SECRETARY)  # fmt: skip


def test_a_major_remark_stands_against_its_gate_until_a_waiver_lets_this_flight_pass(database, tmp_path):
    store = database.evidence
    raised(database)
    assert [(i.id, i.due_gate, i.blocks) for i in items(database, Gate.G0)] == [("M-1", None, True)]
    to_disposed(database, "M-1", (Ground.SAFETY,), Disposition.USE_AS_IS)
    assert items(database, Gate.G1) == []
    (item,) = items(database, Gate.G2)
    assert (item.blocks, item.why, item.part) == (True, "major, disposed", Part.KZ)
    shown(database, tmp_path)
    refused(database, "disposed use_as_is needs an active waiver", lambda c: step(c, store, "M-1", R.VERIFIED))
    waived(database, valid_to="2099-12-31", last_gate=Gate.G4)
    assert [(i.blocks, i.waiver) for i in items(database, Gate.G2)] == [(False, "W-1")]
    done(database, MEMBER, lambda c: step(c, store, "M-1", R.VERIFIED))
    done(database, MEMBER, lambda c: step(c, store, "M-1", R.CLOSED, "flies as it is"))
    assert items(database, Gate.G4) == []
    for gate, flight, day in ((Gate.G5, "1", DAY), (Gate.G2, "2", DAY), (Gate.G2, "1", "2100-01-01")):
        (item,) = items(database, gate, flight, day)
        assert item.blocks and item.why == "closed, disposed use_as_is: no waiver holds for this flight at this gate"
    done(database, RUSSIAN, lambda c: step_waiver(c, "W-1", W.REVOKED, "it leaks more"))
    assert items(database, Gate.G2)[0].blocks


def test_a_row_that_is_due_stands_against_the_gate_until_it_is_closed_and_again_when_its_evidence_breaks(database, tmp_path):
    row = programme(database)
    assert [(i.entity, i.id, i.blocks) for i in items(database, Gate.G2)] == [("verification", row, True)]
    assert items(database, Gate.G1) == []
    made_and_judged(database, tmp_path / "data")
    done(database, MEMBER, lambda c: assess(c, database.evidence, row, Compliance.YES, True, "protocol 17"))
    assert items(database) == []
    with database.reading() as look:
        (piece,) = cited(look, "T-1", "test_run")
    place(database.evidence, piece.sha256).unlink()
    (item,) = items(database)
    assert item.blocks and "is missing or was changed" in item.why
