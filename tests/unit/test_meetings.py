"""Meetings: what may follow what, who may, what a protocol freezes, and what happens when something changes afterwards."""

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import attach, cited, place
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.states import DecisionState, Word
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.meetings import conduct, protocol
from baiterek.campaign.meetings.records import AgendaItem, Meeting, Protocol, Resolution
from baiterek.campaign.meetings.states import Basis, MeetingState, Outcome, Presence
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused
from gate_cases import CHAIR, MEMBER_OF, PARTS, SEATS, SECRETARY_OF, drafted, meet_checklist, put, vote
from meeting_cases import BEGINS, TEXT, blank, called, commission, get, held, issued, sign, signed, standing
from record_cases import KEEPER, OBSERVER

RU, KZ = PARTS
M = MeetingState


@pytest.fixture()
def made(database, tmp_path):
    return commission(database, tmp_path / "files")


def refused(made, actor, how, *arguments, **named):
    with pytest.raises(Refused) as caught:
        made.act(actor, how, *arguments, **named)
    return str(caught.value.why)


def test_a_meeting_from_its_draft_to_both_signatures(made):
    signed(made)
    meeting, found = get(made, Meeting, "K-1"), standing(made)
    assert meeting.state is M.SIGNED and meeting.issued == 1 and meeting.rule["quorum"] == "1/2"
    assert found.whole and found.signed == frozenset(Part) and all(one.internal for one in found.signatures)
    assert {one.name for one in found.signatures} == {f"{part.lower()}-chair, commission, {part} part" for part in Part}
    with made.database.reading() as look:
        said = protocol.contents(look, meeting)
        verdict = verify(look, read_public_key(made.database.key))
        kept = cited(look, "K-1:1", "protocol")
    assert tuple(said) == protocol.SECTIONS
    assert verdict.whole and len(kept) == 3  # as issued, signed once, signed twice
    assert [one["outcome"] for one in said["decisions"]] == [Outcome.ADOPTED, Outcome.REJECTED, Outcome.ADOPTED]
    (dissent,) = [vote["dissent"] for one in said["decisions"] for vote in one["votes"] if vote["dissent"]]
    assert dissent == "Рано." and said["materials"][0]["item"] == 2 and len(said["attendance"]) == 4


def test_each_step_is_refused_while_its_rule_does_not_hold(made):
    step = conduct.step
    empty = Meeting("K-2", "commission", RU, " ", "Отырыс", BEGINS, "Байконур", "Байқоңыр")
    made.act(SECRETARY_OF[RU], conduct.draft, empty)
    assert "Russian and in Kazakh" in refused(made, MEMBER_OF[RU], step, made.store, "K-2", M.CONVENED)
    made.act(SECRETARY_OF[RU], conduct.draft, Meeting("K-2", "commission", RU, "З", "О", "2999-01-01T00:00:00Z", "Б", "Б"))
    assert "no agenda" in refused(made, MEMBER_OF[RU], step, made.store, "K-2", M.CONVENED)
    made.act(SECRETARY_OF[RU], conduct.put_on_agenda, AgendaItem("", "K-2", 1, RU, **TEXT))
    made.act(MEMBER_OF[RU], step, made.store, "K-2", M.CONVENED)
    assert "not begun" in refused(made, MEMBER_OF[RU], step, made.store, "K-2", M.HELD)

    called(made)
    assert "can become" in refused(made, MEMBER_OF[RU], step, made.store, "K-1", M.DRAFTED)
    made.act(SECRETARY_OF[RU], conduct.attend, "K-1", SEATS[RU]["co_chair"], Presence.REMOTE)
    assert "the KZ part was there" in refused(made, MEMBER_OF[RU], step, made.store, "K-1", M.HELD)
    made.act(SECRETARY_OF[KZ], conduct.attend, "K-1", SEATS[KZ]["co_chair"], Presence.PRESENT)
    made.act(MEMBER_OF[RU], step, made.store, "K-1", M.HELD)

    def issue():
        return refused(made, MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)

    assert "item 1" in issue()
    for n, basis in ((1, Basis.CONSENSUS), (2, Basis.VOTE)):
        made.act(SECRETARY_OF[PARTS[n - 1]], conduct.resolve, Resolution("", "K-1", f"K-1:{n}", 1, basis, "Да.", "Иә."))
    assert "not voted on to its end" in issue()
    made.act(SECRETARY_OF[RU], conduct.vote, "K-1:1.1", SEATS[RU]["co_chair"], Word.AGAINST, "нет")
    assert "not by consensus" in issue()


def test_without_a_quorum_nothing_is_decided(made):
    called(made)
    for part in PARTS:
        made.act(SECRETARY_OF[part], conduct.attend, "K-1", SEATS[part]["co_chair"], Presence.PRESENT)
    with made.database.writing(KEEPER) as change:
        rule = reading.get(change.connection, decisions.VotingRule, "commission")
        decisions.set_rule(change, decisions.VotingRule("commission", "2/3", "1/2", False, "statute"), "adopted", rule.revision)
    made.act(MEMBER_OF[RU], conduct.step, made.store, "K-1", M.HELD)
    for n in (1, 2):
        said = Resolution("", "K-1", f"K-1:{n}", 1, Basis.NOTED, "Да.", "Иә.")
        made.act(SECRETARY_OF[PARTS[n - 1]], conduct.resolve, said)
    said = Resolution("", "K-1", "K-1:1", 2, Basis.CONSENSUS, "Да.", "Иә.")
    made.act(SECRETARY_OF[RU], conduct.resolve, said)
    why = refused(made, MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)
    assert "1 of 2 were present, 2/3" in why


def test_each_part_puts_down_its_own(made):
    called(made)
    seat = SEATS[KZ]["member"]
    assert "does not draft for" in refused(made, SECRETARY_OF[RU], conduct.attend, "K-1", seat, Presence.PRESENT)
    assert "does not draft" in refused(made, OBSERVER, conduct.attend, "K-1", seat, Presence.PRESENT)
    assert "does not draft for" in refused(
        made, SECRETARY_OF[KZ], conduct.resolve, Resolution("", "K-1", "K-1:1", 1, Basis.NOTED, "Да.", "Иә.")
    )
    with pytest.raises(Denied):
        made.act(SECRETARY_OF[RU], conduct.step, made.store, "K-1", M.HELD)
    made.act(SECRETARY_OF[KZ], conduct.attend, "K-1", seat, Presence.ABSENT)
    said = Resolution("", "K-1", "K-1:1", 1, Basis.VOTE, "Да.", "Иә.")
    made.act(SECRETARY_OF[RU], conduct.resolve, said)
    assert "was not there" in refused(made, SECRETARY_OF[KZ], conduct.vote, "K-1:1.1", seat, Word.FOR)
    made.act(SECRETARY_OF[KZ], conduct.attend, "K-1", seat, Presence.REMOTE)
    assert "as kz-chair alone" in refused(made, CHAIR[KZ], conduct.vote, "K-1:1.1", seat, Word.FOR)
    other = MEMBER_OF[KZ]._replace(membership="kz-somebody")
    assert "as kz-somebody alone" in refused(made, other, conduct.vote, "K-1:1.1", seat, Word.FOR)
    made.act(MEMBER_OF[KZ], conduct.vote, "K-1:1.1", seat, Word.FOR)
    assert "voted already" in refused(made, SECRETARY_OF[KZ], conduct.vote, "K-1:1.1", seat, Word.AGAINST)
    assert "does not change" in refused(made, SECRETARY_OF[RU], conduct.resolve, said)


def test_a_decision_on_a_gate_is_named_and_its_votes_are_its_own(made):
    called(made)
    meet_checklist(made, Gate.G0)
    drafted(made, Gate.G0, "D-1")
    for part in PARTS:
        for seat in SEATS[part].values():
            made.act(SECRETARY_OF[part], conduct.attend, "K-1", seat, Presence.PRESENT)
    made.act(MEMBER_OF[RU], conduct.step, made.store, "K-1", M.HELD)
    own = Resolution("", "K-1", "K-1:1", 1, Basis.GATE, "Да.", "Иә.", decision="D-1")
    assert "not said twice" in refused(made, SECRETARY_OF[RU], conduct.resolve, own)
    made.act(SECRETARY_OF[RU], conduct.resolve, Resolution("", "K-1", "K-1:1", 1, Basis.GATE, decision="D-1"))
    noted = Resolution("", "K-1", "K-1:2", 1, Basis.NOTED, "Да.", "Иә.")
    made.act(SECRETARY_OF[KZ], conduct.resolve, noted)
    assert "D-1 on a gate is draft" in refused(made, MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)
    assert "given on its decision" in refused(made, CHAIR[RU], conduct.vote, "K-1:1.1", SEATS[RU]["co_chair"], Word.FOR)
    put(made, "D-1")
    vote(made, "D-1")
    made.act(MEMBER_OF[KZ], decisions.step, made.store, "D-1", DecisionState.ADOPTED)
    made.act(MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)
    with made.database.reading() as look:
        first = protocol.contents(look, reading.get(look, Meeting, "K-1"))["decisions"][0]
    assert first["text"]["ru"] == "Разрешить." and len(first["votes"]) == 4 and first["gate"]["evidence"]
    made.act(MEMBER_OF[RU], decisions.step, made.store, "D-1", DecisionState.WITHDRAWN, "a mistake")
    assert not standing(made).changed  # what the meeting decided stays what it decided


def test_what_is_issued_changes_only_as_a_new_revision(made):
    issued(made)
    late = Resolution("", "K-1", "K-1:1", 2, Basis.NOTED, "Да.", "Иә.")
    assert "meeting K-1 is issued" in refused(made, SECRETARY_OF[RU], conduct.resolve, late)
    sign(made, RU)
    assert "a reason" in refused(made, MEMBER_OF[KZ], conduct.step, made.store, "K-1", M.HELD)
    made.act(MEMBER_OF[KZ], conduct.step, made.store, "K-1", M.HELD, "a word was wrong")
    made.act(SECRETARY_OF[RU], conduct.resolve, late)
    second = made.act(MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)
    assert second.number == 2 and not standing(made, number=2).changed and not standing(made, number=2).signatures
    assert standing(made).changed == ("a later revision was issued",) and standing(made).signed == {RU}
    for part in PARTS:
        sign(made, part)
    assert standing(made, number=2).whole and get(made, Meeting, "K-1").state is M.SIGNED


def test_what_changes_in_the_record_afterwards_is_named(made):
    signed(made)
    file = made.folder / "late.txt"
    file.write_text("late")
    made.act(SECRETARY_OF[KZ], attach, made.store, file, "K-1:2", None, "late", "agenda_item")
    assert standing(made).changed == ("materials: changed in the record since the protocol was issued",)
    assert standing(made).signed == frozenset(Part)  # what was signed is still signed


def test_a_protocol_whose_file_changed_is_no_protocol(made):
    signed(made)
    path = place(made.store, get(made, Protocol, "K-1:1").sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    found = standing(made)
    assert found.changed == ("the protocol itself is changed",)
    assert {one.faults for one in found.signatures} == {("a signed file is changed",)} and not found.signed


def test_materials_that_changed_stop_the_protocol(made):
    held(made)
    with made.database.reading() as look:
        (piece,) = cited(look, "K-1:2", "agenda_item")
    place(made.store, piece.sha256).unlink()
    assert "missing or was changed" in refused(made, MEMBER_OF[RU], protocol.issue, made.store, "K-1", blank)
