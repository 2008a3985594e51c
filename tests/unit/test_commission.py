"""Who is what in the commission, who may do what, and the published facts that a new record holds."""

from collections import Counter

import pytest

from baiterek.campaign.commission.access import MAY, Action, Actor, denial
from baiterek.campaign.commission.members import appoint, in_force, objection, people, relieve, seed
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership, Organisation, Person
from baiterek.campaign.rows import reading
from baiterek.errors import Refused
from record_cases import KEEPER, MEMBER, OBSERVER, RUSSIAN, SECRETARY


def membership(id="a", role=Role.MEMBER, part=Part.KZ, start=None, end=None, person=None):
    return Membership(id, "commission", part, role, person, None, start, end, "order 1")


def test_a_new_record_holds_what_is_public_and_nothing_twice(database):
    with database.writing(KEEPER) as change:
        made = seed(change)
        assert seed(change) == 0
    with database.reading() as look:
        found = people(look)
        named = reading.every(look, Person)
        assert made == len(found) + len(named) + len(reading.every(look, Organisation)) + 1
    # "27 Russian members": order of 19 December 2025 as vpk.name reports it
    assert Counter(m.part for m in found) == {Part.RU: 27, Part.KZ: 1}
    assert {m.role: m.person for m in found if m.part is Part.RU and m.role is not Role.MEMBER} == {
        Role.CO_CHAIR: "D. A. Baranov", Role.DEPUTY: "A. P. Lopatin",
    }  # fmt: skip
    assert all(record.source for record in [*found, *named])
    assert {m.person for m in found if m.part is Part.KZ} == {None}


def test_memberships_run_from_an_order_to_a_day_and_stay(database):
    with database.writing(KEEPER) as change:
        seed(change)
        appoint(change, membership("kz-1", start="2026-01-01"), "")
        relieve(change, "kz-1", "2026-03-01", "new order")
    with database.reading() as look:
        on = {day: {m.id for m in people(look, day)} for day in ("2025-12-31", "2026-01-01", "2026-03-01", "2026-03-02")}
    assert ["kz-1" in on[day] for day in sorted(on)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("actor", "why"), [(MEMBER, "does not keep"), (SECRETARY, "does not keep"), (OBSERVER, "does not keep")]
)
def test_only_a_keeper_changes_memberships(database, actor, why):
    with pytest.raises(Refused, match=why), database.writing(actor) as change:
        appoint(change, membership(), "")


def test_what_cannot_stand_beside_each_other_is_refused():
    chair = membership("a", Role.CO_CHAIR, start="2026-01-01", end="2026-06-30", person="x")
    assert objection(chair, [chair]) is None
    for other in (
        membership("b", Role.CO_CHAIR, start="2026-06-30"),
        membership("b", Role.CO_CHAIR),
        membership("b", Role.MEMBER, end="2026-01-01", person="x"),
    ):
        assert objection(other, [chair]), other
    for other in (
        membership("b", Role.CO_CHAIR, start="2026-07-01"),
        membership("b", Role.CO_CHAIR, Part.RU),
        membership("b", Role.MEMBER, start="2026-07-01", person="x"),
    ):
        assert objection(other, [chair]) is None, other
    assert "before it begins" in objection(membership("c", start="2026-02-01", end="2026-01-01"), [])
    assert objection(membership("c", Role.KEEPER), [])
    assert in_force(membership(), "1999-01-01")


def test_whoever_is_named_needs_an_order(database):
    with pytest.raises(Refused, match="order"), database.writing(KEEPER) as change:
        appoint(change, Membership("a", "commission", Part.KZ, Role.MEMBER, person="x"), "")


def test_access_by_role_part_and_object():
    may = {(role, action): action in MAY[role] for role in Role for action in Action}
    # The issue: an observer reads, a secretary drafts, only a member of a part acts for it.
    assert [action for action in Action if may[Role.OBSERVER, action]] == [Action.READ]
    assert [action for action in Action if may[Role.SECRETARY, action]] == [Action.READ, Action.DRAFT]
    for role in (Role.CO_CHAIR, Role.DEPUTY, Role.MEMBER):
        for action in (Action.DRAFT, Action.ACT):
            assert denial(Actor("a", role, Part.KZ), action, Part.KZ) is None
            assert denial(Actor("a", role, Part.KZ), action, Part.RU)
            assert denial(Actor("a", role, Part.KZ), action, None)
        assert denial(Actor("a", role, Part.RU), Action.READ, Part.KZ) is None
        assert denial(Actor("a", role, Part.RU), Action.KEEP)
    assert denial(KEEPER, Action.KEEP) is None and denial(KEEPER, Action.ACT, Part.KZ) and denial(KEEPER, Action.DRAFT, Part.KZ)
    assert denial(Actor("a", Role.KEEPER, Part.KZ), Action.READ) and denial(Actor("a", Role.MEMBER, None), Action.READ)
    assert denial(RUSSIAN, Action.ACT, Part.KZ) == "the RU part does not act for the KZ part"
