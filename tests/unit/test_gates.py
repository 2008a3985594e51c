"""Gates of a flight: what blocks them, what a decision binds, whose signatures they need; on both databases."""

import getpass
import hashlib
from dataclasses import replace
from fractions import Fraction

import pytest

from baiterek.campaign.commission.access import Actor, at_machine
from baiterek.campaign.commission.members import relieve
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.complex.steps import step as step_object
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import place
from baiterek.campaign.gates import agreements, decisions, signatures
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import Agreement, Condition, Decision, Flight, LaunchPlan, Permit, Vote, VotingRule
from baiterek.campaign.gates.sight import sight
from baiterek.campaign.gates.states import (
    DECISION_STEPS,
    ConditionState,
    CriterionState,
    DecisionState,
    Poll,
    Tally,
    Word,
    quorum_reached,
    voted_down,
    voted_for,
)
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.change import Change
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.machine import refusal
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import Ground, RemarkState, WaiverKind, WaiverState
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.remarks.steps import step as step_remark
from baiterek.campaign.remarks.waivers import request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.rows import reading
from baiterek.errors import Absent, Denied, Refused
from gate_cases import (
    CHAIR,
    FLIGHT,
    KEYS,
    LATER,
    MEMBER_OF,
    OTHER_KEY,
    SEATS,
    SECRETARY_OF,
    adopt,
    decide,
    decide_up_to,
    drafted,
    meet_checklist,
    permit_launch,
    permit_zone,
    put,
    sign,
    world,
)  # fmt: skip
from record_cases import KEEPER, OBSERVER, ground_object

RU, KZ = Part.RU, Part.KZ


@pytest.fixture()
def made(database, tmp_path):
    return world(database, tmp_path / "files")


def refused(made, why, actor, how, *arguments, **named):
    with pytest.raises(Refused, match=why):
        made.act(actor, how, *arguments, **named)


# --- rules ------------------------------------------------------------------------------------------------


def poll(ru, kz, **values):
    usual = {
        "reason": "", "texts": True, "expires": LATER, "day": "2026-03-01", "blockers": (), "changed": (), "another": None,
        "tallies": {RU: ru, KZ: kz}, "quorum": Fraction(1, 2), "majority": Fraction(1, 2), "passed": False,
    }  # fmt: skip
    return Poll(**usual | values)


def test_each_part_needs_its_quorum_and_its_majority():
    assert quorum_reached(poll(Tally(27, 14, 14), Tally(1, 1, 1))) is None
    assert "no quorum in the RU part: 13 of 27 voted, 1/2" in quorum_reached(poll(Tally(27, 13, 13), Tally(1, 1, 1)))
    assert "KZ" in quorum_reached(poll(Tally(2, 2, 2), Tally(0, 0, 0)))
    assert voted_for(poll(Tally(4, 4, 3), Tally(3, 3, 2))) is None
    half = poll(Tally(4, 4, 3), Tally(4, 4, 2))
    assert "the KZ part did not vote for it" in voted_for(half) and voted_down(half) is None
    assert "both parts voted for it" in voted_down(poll(Tally(4, 4, 3), Tally(3, 3, 2)))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, None),
        ({"texts": False}, "in Russian and in Kazakh"),
        ({"expires": None}, "until which day"),
        ({"expires": "2026-02-28"}, "expired on 2026-02-28"),
        ({"blockers": ("remark R-1",)}, "remark R-1"),
        ({"another": "D-7"}, "D-7"),
    ],
)
def test_a_decision_is_put_to_the_vote_when_nothing_blocks(values, why):
    found = refusal(DECISION_STEPS, DecisionState.DRAFT, DecisionState.VOTING, poll(Tally(1, 0, 0), Tally(1, 0, 0), **values))
    assert found is None if why is None else why in found


# --- the way of a gate ------------------------------------------------------------------------------------


def test_a_gate_holds_with_both_signatures_and_the_log_says_how(made):
    assert [str(reason) for reason in made.gates()[Gate.G0].reasons] == [
        "no decision has been adopted", "entry F1-G0-01 of the checklist is open", "entry F1-G0-02 of the checklist is open",
    ]  # fmt: skip
    meet_checklist(made, Gate.G0)
    name = drafted(made, Gate.G0, "D-1")
    adopt(made, name)
    assert made.gates()[Gate.G0].reasons == (
        "the co-chair of the RU part has not signed",
        "the co-chair of the KZ part has not signed",
    )
    sign(made, name, RU)
    assert made.gates()[Gate.G0].reasons == ("the co-chair of the KZ part has not signed",)
    sign(made, name, KZ)
    found = made.gates()[Gate.G0]
    assert found.holds and len(found.signatures) == 2
    assert "gate G1 before it does not hold" in made.gates()[Gate.G2].reasons
    with made.database.reading() as look:
        verdict = verify(look, read_public_key(made.database.key))
        actions = [event.action for event in reading.events(look, "decision", name)]
    assert verdict.whole, verdict.faults
    assert actions == ["draft", "step", "step"]


def test_all_seven_gates_in_their_order(made):
    decide_up_to(made, Gate.G6)
    assert all(found.holds for found in made.gates().values())


def test_an_expired_decision_holds_no_gate_unless_it_was_passed(made):
    decide(made, Gate.G0)
    meet_checklist(made, Gate.G1)
    name = drafted(made, Gate.G1, "D-1", valid_to="2030-01-01")
    adopt(made, name)
    sign(made, name, RU)
    sign(made, name, KZ)
    assert made.gates("2030-01-01")[Gate.G1].holds
    late = made.gates("2030-01-02")
    assert late[Gate.G1].reasons == ("decision D-1 expired on 2030-01-01",)
    assert "gate G1 before it does not hold" in late[Gate.G2].reasons
    made.act(MEMBER_OF[RU], decisions.pass_gate, made.store, FLIGHT, Gate.G1, "transferred")
    assert "gate G1 before it does not hold" not in made.gates("2030-01-02")[Gate.G2].reasons
    refused(made, "turn that back first", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.WITHDRAWN, "no")
    made.act(MEMBER_OF[RU], decisions.turn_back, FLIGHT, Gate.G1, "back to the hall")
    assert "gate G1 before it does not hold" in made.gates("2030-01-02")[Gate.G2].reasons


def test_a_gate_that_does_not_hold_is_not_passed(made):
    refused(made, "no decision has been adopted", MEMBER_OF[RU], decisions.pass_gate, made.store, FLIGHT, Gate.G0, "go")
    decide(made, Gate.G0)
    refused(
        made, "the KZ part does not act for the RU part", MEMBER_OF[KZ], decisions.pass_gate, made.store, FLIGHT, Gate.G0, ""
    )


# --- what voids it ----------------------------------------------------------------------------------------


def test_a_changed_configuration_voids_every_gate_visibly(made):
    decide_up_to(made, Gate.G2)
    made.act(MEMBER_OF[RU], decisions.configure, FLIGHT, "vehicle", ["stage 1 s/n 2"], "engine exchanged")
    found = made.gates()
    assert [gate for gate in Gate if found[gate].holds] == [Gate.G0]
    assert "vehicle: changed since decision D-G2 was put to the vote" in found[Gate.G2].reasons
    assert "vehicle: changed since the RU part signed" in found[Gate.G2].reasons
    assert "vehicle: changed since the KZ part signed" in found[Gate.G2].reasons
    refused(made, "vehicle: changed since", CHAIR[RU], decisions.sign, made.store, "D-G2", "ru-chair", KEYS[RU])


def test_a_changed_object_voids_and_its_state_blocks(made):
    decide(made, Gate.G0)
    with made.database.writing(MEMBER_OF[KZ]) as change:
        there = reading.get(change.connection, GroundObject, "42-01")
        change.update(replace(there, designer="another"), "correction")
    assert "ground: changed since the KZ part signed" in made.gates()[Gate.G0].reasons
    made.act(MEMBER_OF[KZ], step_object, made.store, "42-01", State.INTEGRATED_TESTS, "tests added")
    assert "ground object 42-01 is not accepted: integrated_tests" in made.gates()[Gate.G0].reasons


@pytest.mark.parametrize("how", ["changed", "missing"])
def test_changed_evidence_voids_the_gate(made, how):
    decide(made, Gate.G0)
    assert made.gates()[Gate.G0].holds
    with made.database.reading() as look:
        (piece,) = reading.every(look, Evidence, entity="criterion", entity_id="F1-G0-01")
    content = place(made.store, piece.sha256)
    if how == "missing":
        content.unlink()
    else:
        content.chmod(0o644)
        content.write_bytes(content.read_bytes()[:-1] + b"!")
    reasons = made.gates()[Gate.G0].reasons
    assert f"evidence {piece.id} is missing or was changed" in reasons


@pytest.mark.parametrize(
    ("kind", "id", "values", "section"),
    [
        (Decision, "D-G0", {"text_kk": "Басқа мәтін."}, "text"),
        (Decision, "D-G0", {"valid_to": "2999-12-30"}, "text"),
        (Decision, "D-G0", {"rule": {"quorum": "0"}}, "rule"),
        (Vote, "D-G0:ru-member", {"word": Word.AGAINST}, "votes"),
        (Vote, "D-G0:ru-member", {"dissent": ""}, "votes"),
    ],
)
def test_what_is_signed_cannot_be_rewritten_even_past_the_rules(made, kind, id, values, section):
    meet_checklist(made, Gate.G0)
    drafted(made, Gate.G0, "D-G0")
    put(made, "D-G0")
    made.act(MEMBER_OF[RU], decisions.vote, "D-G0", "ru-member", Word.FOR, "Я против спешки.")
    made.act(CHAIR[RU], decisions.vote, "D-G0", "ru-chair", Word.FOR)
    made.act(CHAIR[KZ], decisions.vote, "D-G0", "kz-chair", Word.FOR)
    made.act(MEMBER_OF[KZ], decisions.step, made.store, "D-G0", DecisionState.ADOPTED)
    sign(made, "D-G0", RU)
    sign(made, "D-G0", KZ)
    assert made.gates()[Gate.G0].holds
    with made.database.writing(KEEPER) as change:  # as no verb of the record does
        change.update(replace(reading.get(change.connection, kind, id), **values), "rewritten")
    assert f"{section}: changed since the RU part signed" in made.gates()[Gate.G0].reasons


def test_a_new_remark_blocks_a_signed_gate_until_it_is_waived_by_both_parts_for_this_flight(made):
    decide_up_to(made, Gate.G2)
    made.act(MEMBER_OF[KZ], raise_remark, Remark("R-1", "leak", KZ, RU))
    assert "remark R-1: not yet minor or major, raised" in made.gates()[Gate.G0].reasons
    made.act(
        MEMBER_OF[RU], step_remark, made.store, "R-1", RemarkState.CLASSIFIED, grounds=(Ground.SAFETY,), due_gate=Gate.G2
    )  # fmt: skip
    found = made.gates()
    assert found[Gate.G0].holds and found[Gate.G1].holds
    assert found[Gate.G2].reasons == ("remark R-1: major, classified",)
    made.act(
        SECRETARY_OF[RU], request,
        Waiver("W-1", WaiverKind.WAIVER, "below the limit", RU, (FLIGHT,), "R-1", last_gate=Gate.G3, valid_to="2030-01-01"),
    )  # fmt: skip
    made.act(MEMBER_OF[RU], step_waiver, "W-1", WaiverState.SUBMITTED)
    made.act(MEMBER_OF[RU], step_waiver, "W-1", WaiverState.APPROVED_RU)
    assert not made.gates()[Gate.G2].holds
    made.act(MEMBER_OF[KZ], step_waiver, "W-1", WaiverState.ACTIVE)
    found = made.gates()[Gate.G2]
    assert found.holds and [item.passed_by for item in found.items] == ["waiver W-1"]
    assert not made.gates("2030-01-02")[Gate.G2].holds
    made.act(MEMBER_OF[KZ], step_waiver, "W-1", WaiverState.REVOKED, "it grew")
    assert made.gates()[Gate.G2].reasons == ("remark R-1: major, classified",)


# --- conditions -------------------------------------------------------------------------------------------


def minor(made, id="R-1", due=Gate.G0, **values):
    made.act(MEMBER_OF[KZ], raise_remark, Remark(id, "paint", KZ, KZ, **values))
    made.act(MEMBER_OF[KZ], step_remark, made.store, id, RemarkState.CLASSIFIED, grounds=(), due_gate=due)


def test_evidence_of_what_is_settled_is_bound_too(made):
    minor(made)
    piece = made.evidence(MEMBER_OF[KZ], "remark", "R-1", "painted")
    made.act(MEMBER_OF[KZ], step_remark, made.store, "R-1", RemarkState.WITHDRAWN, "painted")
    decide(made, Gate.G0)
    assert made.gates()[Gate.G0].holds
    place(made.store, piece.sha256).unlink()
    assert made.gates()[Gate.G0].reasons == (f"evidence {piece.id} is missing or was changed",)


def condition(id="C-1", decision="D-1", due=Gate.G2, **values):
    return Condition(id, decision, KZ, due, "Устранить.", "Жойылсын.", **values)


def test_what_blocks_is_carried_as_a_condition_and_blocks_again_when_it_is_due(made):
    meet_checklist(made, Gate.G0)
    minor(made)
    name = drafted(made, Gate.G0, "D-1")
    refused(made, "remark R-1: minor, classified", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.VOTING)
    refused(made, "by a gate after G0", SECRETARY_OF[RU], decisions.draft_condition, condition(due=Gate.G0))
    made.act(SECRETARY_OF[RU], decisions.draft_condition, condition(entity="remark", entity_id="R-1"))
    adopt(made, name)
    sign(made, name, RU)
    sign(made, name, KZ)
    found = made.gates()[Gate.G0]
    assert found.holds and [item.passed_by for item in found.items] == ["condition C-1"]
    decide(made, Gate.G1)
    assert made.gates()[Gate.G1].holds
    reasons = made.gates()[Gate.G2].reasons
    assert "condition C-1 was due by gate G2" in reasons and "remark R-1: minor, classified" in reasons
    refused(made, "does not act for", MEMBER_OF[RU], decisions.step_condition, made.store, "C-1", ConditionState.DONE, "done")
    made.act(MEMBER_OF[KZ], decisions.step_condition, made.store, "C-1", ConditionState.DONE, "painted")
    refused(made, "does not act for", MEMBER_OF[KZ], decisions.step_condition, made.store, "C-1", ConditionState.CLOSED, "yes")
    made.act(MEMBER_OF[RU], decisions.step_condition, made.store, "C-1", ConditionState.CLOSED, "seen")
    assert "condition C-1 was due by gate G2" not in made.gates()[Gate.G2].reasons


def test_a_condition_carries_neither_a_major_remark_nor_a_conclusion(made):
    made.act(MEMBER_OF[KZ], raise_remark, Remark("R-1", "leak", KZ, KZ))
    made.act(
        MEMBER_OF[KZ], step_remark, made.store, "R-1", RemarkState.CLASSIFIED, grounds=(Ground.SAFETY,), due_gate=Gate.G0
    )  # fmt: skip
    made.act(MEMBER_OF[KZ], decisions.step_criterion, made.store, "F1-G0-02", CriterionState.MET, "protocol 5")
    name = drafted(made, Gate.G0, "D-1")
    for entity, id in (("remark", "R-1"), ("criterion", "F1-G0-01")):
        made.act(SECRETARY_OF[RU], decisions.draft_condition, condition(f"C-{id}", entity=entity, entity_id=id))
    refused(made, "F1-G0-01 of the checklist is open", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.VOTING)
    meet_checklist(made, Gate.G0)
    refused(made, "remark R-1: major", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.VOTING)
    rule = VotingRule("commission", "1/2", "1/2", True, "assumed, for a test")
    made.act(KEEPER, decisions.set_rule, rule, "a test")
    made.act(MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.VOTING)


def test_a_condition_carries_only_what_the_record_has(made):
    minor(made)
    minor(made, "R-2", example=True)
    drafted(made, Gate.G0, "D-1")
    for entity, id, why in (
        ("remark", "R-2", "R-2 is generated, and this is not"),
        ("ground_object", "42-01", "carries one of remark, verification, criterion, decision_condition"),
        ("remark", "", "named by its kind and its id"),
    ):
        refused(made, why, SECRETARY_OF[RU], decisions.draft_condition, condition(entity=entity, entity_id=id))
    with pytest.raises(Absent, match="the record does not have it"):
        made.act(SECRETARY_OF[RU], decisions.draft_condition, condition(entity="remark", entity_id="R-9"))
    made.act(SECRETARY_OF[RU], decisions.draft_condition, condition(entity="remark", entity_id="R-1"))


def test_the_hash_of_the_complex_is_that_of_the_whole_objects(made):
    """Signatures of records that are there hold: read by columns, the objects have the hash that they have read whole."""
    systems, papers = ("water supply", "қуат «2»"), ("КД-1", "лист \\ 2")
    made.act(MEMBER_OF[KZ], Change.create, ground_object("42-02", systems=systems, documents=papers, designer="бюро"))
    made.act(MEMBER_OF[KZ], Change.create, ground_object("42-00", state=State.OUT_OF_SERVICE))
    with made.database.reading() as look:
        seen = sight(look, lambda pieces: [], FLIGHT, "2026-01-01")
        whole = [one for one in reading.every(look, GroundObject) if one.state is not State.OUT_OF_SERVICE]
    assert [one.id for one in whole] == ["42-01", "42-02"] and seen.objects == 2
    register = [[one.id, one.site, one.kind, one.name, one.systems, one.designer, one.documents] for one in whole]
    assert seen.ground == hashlib.sha256(canonical([(), register]).encode()).hexdigest()


def test_objects_that_are_not_accepted_stand_in_their_order_among_what_blocks(made):
    for id in ("42-03", "42-02"):
        made.act(MEMBER_OF[KZ], Change.create, ground_object(id))
    minor(made)
    for gate, found in made.gates().items():
        blocking = [(item.entity, item.id) for item in found.items if item.blocks]
        assert blocking == sorted(blocking) and ("ground_object", "42-02") in blocking and ("remark", "R-1") in blocking
        assert found.blocking == len(blocking) and not any(item.blocks for item in found.items[found.blocking :])
        assert len(found.reasons) == len(found.amiss) + len(blocking) and found.gate is gate


def test_a_conclusion_is_met_by_its_document_alone(made):
    refused(
        made, "the document itself is not attached", MEMBER_OF[KZ], decisions.step_criterion, made.store, "F1-G0-01",
        CriterionState.MET, "we have it somewhere",
    )  # fmt: skip


# --- keys and votes ---------------------------------------------------------------------------------------


def test_only_a_registered_key_of_a_co_chair_in_office_signs(made):
    meet_checklist(made, Gate.G0)
    name = drafted(made, Gate.G0, "D-1")
    seat = SEATS[RU][Role.CO_CHAIR]
    refused(made, "only an adopted decision", CHAIR[RU], decisions.sign, made.store, name, seat, KEYS[RU])
    adopt(made, name)
    refused(made, "not registered", CHAIR[RU], decisions.sign, made.store, name, seat, OTHER_KEY)
    refused(made, "not registered", CHAIR[RU], decisions.sign, made.store, name, seat, KEYS[KZ])
    refused(made, "does not act for", CHAIR[KZ], decisions.sign, made.store, name, seat, KEYS[RU])
    refused(made, "only the co-chairs", MEMBER_OF[RU], decisions.sign, made.store, name, seat, KEYS[RU])
    made.act(KEEPER, signatures.register, seat, OTHER_KEY.public_key(), "2020-01-01", "2020-12-31", "an old one")
    refused(made, "was not valid on", CHAIR[RU], decisions.sign, made.store, name, seat, OTHER_KEY)
    made.act(KEEPER, signatures.revoke, signatures.fingerprint(KEYS[RU].public_key()), "lost")
    refused(made, "was revoked before", CHAIR[RU], decisions.sign, made.store, name, seat, KEYS[RU])


def test_a_signature_outlives_the_office_and_the_key_of_its_signer(made):
    decide(made, Gate.G0)
    with made.database.writing(KEEPER) as change:
        signatures.revoke(change, signatures.fingerprint(KEYS[RU].public_key()), "new key")
    assert made.gates()[Gate.G0].holds


def test_a_vote_is_given_once_by_a_member_in_office_and_its_dissent_stays(made):
    meet_checklist(made, Gate.G0)
    name = drafted(made, Gate.G0, "D-1")
    refused(made, "not being voted on", MEMBER_OF[RU], decisions.vote, name, "ru-member", Word.FOR)
    put(made, name)
    made.act(MEMBER_OF[RU], decisions.vote, name, "ru-member", Word.AGAINST, "Испытания не закончены.")
    refused(made, "has voted already", MEMBER_OF[RU], decisions.vote, name, "ru-member", Word.FOR)
    refused(made, "does not act for", MEMBER_OF[KZ], decisions.vote, name, "ru-chair", Word.FOR)
    refused(made, "you act as another", MEMBER_OF[KZ], decisions.vote, name, "kz-chair", Word.FOR)
    refused(made, "does not act", OBSERVER, decisions.vote, name, "kz-chair", Word.FOR)
    refused(made, "no quorum in the KZ part", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.REJECTED, "no")
    made.act(MEMBER_OF[KZ], decisions.vote, name, "kz-member", Word.FOR)
    refused(made, "the RU part did not vote for it", MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.ADOPTED)
    made.act(MEMBER_OF[RU], decisions.step, made.store, name, DecisionState.REJECTED, "no")
    with made.database.reading() as look:
        votes = {one.membership: one.dissent for one in reading.every(look, Vote, decision=name)}
    assert votes == {"ru-member": "Испытания не закончены.", "kz-member": ""}
    assert "decision D-1 is rejected" in made.gates()[Gate.G0].reasons


def test_who_is_not_in_office_has_no_vote(made):
    made.act(KEEPER, relieve, "kz-member", "2020-02-01", "order 2")
    meet_checklist(made, Gate.G0)
    put(made, drafted(made, Gate.G0, "D-1"))
    refused(made, "has no vote in the commission today", MEMBER_OF[KZ], decisions.vote, "D-1", "kz-member", Word.FOR)


def test_nothing_that_is_signed_anew_revives_what_was_taken_back(made):
    decide(made, Gate.G0)
    decide(made, Gate.G0, "D-2")
    assert made.gates()[Gate.G0].decision.id == "D-2"
    made.act(MEMBER_OF[KZ], decisions.step, made.store, "D-2", DecisionState.WITHDRAWN, "error")
    found = made.gates()[Gate.G0]
    assert found.decision.id == "D-2" and found.reasons == ("decision D-2 is withdrawn",)
    refused(made, "came after it", CHAIR[RU], decisions.sign, made.store, "D-G0", "ru-chair", KEYS[RU])


def test_whoever_has_a_seat_votes_and_signs_on_no_other(made):
    meet_checklist(made, Gate.G0)
    put(made, drafted(made, Gate.G0, "D-1"))
    own, other = (Actor(name, Role.MEMBER, KZ, name) for name in ("kz-member", "kz-other"))
    refused(made, "you vote and sign as kz-other alone", other, decisions.vote, "D-1", "kz-member", Word.FOR)
    assert made.act(own, decisions.vote, "D-1", "kz-member", Word.FOR).membership == "kz-member"
    deputy = Actor("x", Role.CO_CHAIR, RU, "ru-other")
    refused(made, "alone", deputy, decisions.sign, made.store, "D-1", "ru-chair", KEYS[RU])


def test_whoever_has_no_seat_votes_and_signs_on_none_and_the_user_of_the_machine_is_marked(made):
    meet_checklist(made, Gate.G0)
    put(made, drafted(made, Gate.G0, "D-1"))
    nowhere = "your account rests on no membership: it has no seat to vote or sign on"
    refused(made, nowhere, Actor("a.member", Role.MEMBER, KZ), decisions.vote, "D-1", "kz-member", Word.FOR)
    chair = Actor("a.chair", Role.CO_CHAIR, RU)
    refused(made, nowhere, chair, decisions.sign, made.store, "D-1", "ru-chair", KEYS[RU])
    made.act(at_machine(Role.MEMBER, KZ), decisions.vote, "D-1", "kz-member", Word.FOR)
    with made.database.reading() as look:
        (event,) = reading.events(look, "vote", "D-1:kz-member")
    assert event.actor == f"login:{getpass.getuser()}"


# --- the launch -------------------------------------------------------------------------------------------


def test_a_launch_needs_the_governments_conclusion_and_each_zone_its_permission(made):
    made.act(MEMBER_OF[RU], decisions.configure, FLIGHT, "zones", ["U-25"], "corridor")
    decide_up_to(made, Gate.G3)
    missing = "no conclusion of the Government of Kazakhstan is in force on a plan of launches that has this flight"
    assert missing in made.gates()[Gate.G4].reasons and missing not in made.gates()[Gate.G3].reasons
    permit_launch(made)
    reasons = made.gates()[Gate.G4].reasons
    assert missing not in reasons and "drop zone U-25 has no permission in force" in reasons
    made.act(SECRETARY_OF[RU], agreements.ask, Permit("zone-1", PermitKind.ZONE, KZ, "U-25", (FLIGHT,)))
    refused(made, "does not act", MEMBER_OF[RU], agreements.step, "zone-1", PermitState.GIVEN, "", document="x", valid_to=LATER)
    refused(made, "document", MEMBER_OF[KZ], agreements.step, "zone-1", PermitState.GIVEN, "")
    made.act(MEMBER_OF[KZ], agreements.step, "zone-1", PermitState.GIVEN, "", document="No. 2", valid_to="2030-01-01")
    decide(made, Gate.G4)
    assert made.gates("2030-01-01")[Gate.G4].holds
    assert made.gates("2030-01-02")[Gate.G4].reasons == ("drop zone U-25 has no permission in force",)
    made.act(MEMBER_OF[KZ], agreements.step, "conclusion-1", PermitState.WITHDRAWN, "accident")
    assert missing in made.gates()[Gate.G4].reasons


def test_a_drop_zone_that_is_left_out_after_the_signatures_voids_the_launch(made):
    # One part alone would else pass a zone whose permission was taken back.
    permit_zone(made, "U-25")
    decide_up_to(made, Gate.G4)
    assert made.gates()[Gate.G4].holds
    made.act(MEMBER_OF[KZ], agreements.step, "zone-U-25", PermitState.WITHDRAWN, "herds are there")
    made.act(MEMBER_OF[RU], decisions.configure, FLIGHT, "zones", [], "another corridor")
    found = made.gates()
    assert not found[Gate.G4].holds and all(why.startswith("zones: changed since") for why in found[Gate.G4].reasons)
    assert found[Gate.G3].holds


def test_a_plan_that_was_concluded_on_is_not_changed(made):
    permit_launch(made)
    refused(
        made, "submit a further plan", SECRETARY_OF[RU], agreements.submit_plan, LaunchPlan("plan-1", "2027", RU, (FLIGHT,))
    )


def test_only_the_part_that_answers_changes_the_configuration(made):
    refused(made, "does not act for", MEMBER_OF[KZ], decisions.configure, FLIGHT, "vehicle", ["x"], "y")
    made.act(MEMBER_OF[KZ], decisions.configure, FLIGHT, "ground", ["pad software 3.1"], "release")
    for actor in (SECRETARY_OF[RU], KEEPER, OBSERVER):
        with pytest.raises(Denied):
            made.act(actor, decisions.configure, FLIGHT, "vehicle", ["x"], "y")
    with made.database.reading() as look:
        assert reading.get(look, Flight, FLIGHT).ground == ("pad software 3.1",)


def test_what_is_public_of_the_agreements_has_its_source(made):
    with made.database.reading() as look:
        found = reading.every(look, Agreement)
        (rule,) = reading.every(look, VotingRule)
    assert len(found) >= 8 and all(one.source for one in found)
    assert "assumed" in rule.source
    assert made.act(KEEPER, agreements.seed) == 0
