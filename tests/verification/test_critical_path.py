"""The critical path against published projects and against every path of small networks; conflicts against every minute."""

import random

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.operations.conflicts import ConflictKind, Placed, conflicts, conflicts_since
from baiterek.campaign.operations.network import Work, critical_path, in_order, times
from baiterek.campaign.operations.records import Resource, ResourceKind
from baiterek.errors import InputError

TEXTBOOK = """
1-2 8 0 8 1 9 1
1-3 10 0 10 0 10 0
1-4 9 0 9 6 15 6
2-5 6 8 14 9 15 1
2-6 4 8 12 16 20 8
3-5 5 10 15 10 15 0
4-5 0 9 9 15 15 6
4-7 7 9 16 20 27 11
5-7 12 15 27 15 27 0
5-8 15 15 30 16 31 1
6-9 18 12 30 20 38 8
7-8 4 27 31 27 31 0
8-9 7 31 38 31 38 0
"""
"""Activity from node to node, time, ES, EF, LS, LF, slack, as printed in the solutions to Taylor, Introduction to Management
Science, chapter 8, "Network, earliest and latest event times, slack": https://ar.scribd.com/doc/47113515/TaylCh08."""
HOUSE = {
    "A": (3, ""), "B": (4, "A"), "C": (3, "B"), "D": (10, "B"), "E": (8, "D"), "F": (4, "D"), "G": (6, "D"),
    "H": (8, "CEFG"), "I": (5, "H"), "J": (5, "H"), "K": (4, "I"), "L": (2, "J"), "M": (4, "KL"),
}  # fmt: skip
"""The critical path problem that comes with GLPK (examples/cpp.mod): time, predecessors; "the optimal solution is 46"."""


def test_every_time_and_slack_of_a_textbook():
    table = {name: tuple(map(int, row)) for name, *row in map(str.split, TEXTBOOK.split("\n")[1:-1])}
    work = [Work(name, row[0], tuple(one for one in table if one[-1] == name[0])) for name, row in table.items()]
    found = times(work)
    assert {name: one[:5] for name, one in found.items()} == {name: row[1:] for name, row in table.items()}
    assert critical_path(work, found) == ["1-3", "3-5", "5-7", "7-8", "8-9"]
    # Free float by hand, the start of what follows less the end: 2-5 15 - 14, 1-4 9 - 9, 4-7 27 - 16, 5-8 31 - 30, 6-9 38 - 30.
    assert [found[name].free_float for name in ("2-5", "1-4", "4-7", "5-8", "6-9")] == [1, 0, 11, 1, 8]


def test_the_house_takes_as_long_as_a_linear_programme_says():
    found = times(Work(name, duration, tuple(after)) for name, (duration, after) in HOUSE.items())
    assert max(one.earliest_end for one in found.values()) == 46


@pytest.mark.parametrize("seed", range(20))
def test_floats_are_those_of_every_path(seed):
    dice = random.Random(seed)
    names = [f"W{k}" for k in range(9)]
    work = [
        Work(name, dice.randrange(0, 9), tuple(other for other in names[:k] if dice.random() < 0.35))
        for k, name in enumerate(names)
    ]
    dice.shuffle(work)
    listed = {one.id: one for one in work}
    paths = _chains(listed)
    lengths = {chain: sum(listed[id].duration for id in chain) for chain in paths}
    longest = max(lengths.values())
    found = times(work)
    for id in names:
        through = max(length for chain, length in lengths.items() if id in chain)
        until = max(sum(listed[one].duration for one in chain[: chain.index(id) + 1]) for chain in paths if id in chain)
        assert found[id].total_float == longest - through and found[id].earliest_end == until
    assert sum(listed[id].duration for id in critical_path(work, found)) == longest


def _chains(listed):
    """Every chain from a piece of work without predecessors, whatever its length."""
    later = {id: [one.id for one in listed.values() if id in one.after] for id in listed}
    ahead, found = [(id,) for id, one in listed.items() if not one.after], []
    while ahead:
        chain = ahead.pop()
        found.append(chain)
        ahead += [(*chain, id) for id in later[chain[-1]]]
    return found


def test_a_circle_and_a_stranger_are_refused_by_name():
    with pytest.raises(InputError, match=r"A: found a circle"):
        in_order([Work("A", 1, ("B",)), Work("B", 1, ("A",))])
    with pytest.raises(InputError, match=r"A: found Z"):
        in_order([Work("A", 1, ("Z",))])


HALL = Resource("hall", ResourceKind.BUILDING, "", "", "", Part.KZ, capacity=2)
PAD = Resource("pad", ResourceKind.PAD, "", "", "", Part.KZ, capacity=2)
CREW = Resource("crew", ResourceKind.CREW, "", "", "", Part.RU, 9, shift_min=480, rest_min=720)
KNOWN = {one.id: one for one in (HALL, PAD, CREW)}


@pytest.mark.parametrize("seed", range(30))
def test_a_building_is_overfull_or_not_alone_exactly_where_the_minutes_say_so(seed):
    dice = random.Random(seed)
    placed = []
    for k in range(12):
        start, alone = dice.randrange(0, 60), dice.random() < 0.2
        hall = ((), ("hall",)) if alone else (("hall",), ())
        placed.append(Placed(f"W{k}", start, start + dice.randrange(0, 15), *hall))
    minutes = {ConflictKind.OCCUPIED: set(), ConflictKind.EXCLUSION: set()}
    for found in conflicts(placed, KNOWN):
        minutes[found.kind] |= set(range(found.start, found.end))
        assert all(one.start <= found.start < one.end for one in placed if one.id in found.operations)
    for minute in range(80):
        here = [one for one in placed if one.start <= minute < one.end]
        lonely = any(one.excludes for one in here)
        assert (minute in minutes[ConflictKind.EXCLUSION]) is (lonely and len(here) > 1), minute
        if sum(not one.excludes for one in here) > 2:
            assert minute in minutes[ConflictKind.OCCUPIED], minute
    for minute in minutes[ConflictKind.OCCUPIED]:
        assert sum(one.start <= minute < one.end and not one.excludes for one in placed) > 2


@pytest.mark.parametrize("seed", range(10))
def test_what_conflicts_after_something_moved_is_found_as_if_nothing_had_been_known(seed):
    dice = random.Random(seed)
    uses, placed = ({"excludes": ("hall",)}, {"resources": ("crew", "hall")}, {"resources": ("pad",)}), []
    for k in range(12):
        start = dice.randrange(0, 3000)
        end = start + dice.randrange(0, 900)
        placed.append(Placed(f"W{k}", start, end, **dice.choice(uses), campaign=dice.choice("AB")))
    after = [one._replace(after=tuple(dice.sample([other.id for other in placed], 1))) for one in placed]
    moved = [one._replace(start=one.start - 90) if dice.random() < 0.2 else one for one in after[1:]]
    assert conflicts_since(moved, KNOWN, after, conflicts(after, KNOWN)) == conflicts(moved, KNOWN)


def kinds(*placed):
    return [(found.kind, found.operations) for found in conflicts(placed, KNOWN)]


def test_two_campaigns_never_share_a_pad():
    first = Placed("A", 0, 10, ("pad",), campaign="1")
    assert kinds(first, Placed("B", 5, 15, ("pad",), campaign="1")) == []
    assert kinds(first, Placed("B", 5, 15, ("pad",), campaign="2")) == [(ConflictKind.OCCUPIED, ("A", "B"))]
    assert kinds(first, Placed("B", 10, 15, ("pad",), campaign="2")) == []


def test_work_before_what_it_waits_for_is_shown():
    assert kinds(Placed("A", 0, 10), Placed("B", 9, 12, after=("A",))) == [(ConflictKind.ORDER, ("A", "B"))]
    assert kinds(Placed("A", 0, 10), Placed("B", 10, 12, after=("A",))) == []


def crew(*spans):
    return [Placed(f"W{k}", 60 * start, 60 * end, ("crew",)) for k, (start, end) in enumerate(spans)]


def test_a_crew_of_one_team_works_a_shift_and_rests():
    # 8 h of work, then 12 h of rest.
    assert kinds(*crew((0, 8), (20, 28))) == []
    assert kinds(*crew((0, 3), (5, 8))) == []  # a pause within a shift
    assert kinds(*crew((0, 9))) == [(ConflictKind.SHIFT, ("W0",))]
    assert kinds(*crew((0, 5), (5, 10))) == [(ConflictKind.SHIFT, ("W0", "W1"))]
    assert kinds(*crew((0, 8), (19, 27))) == [(ConflictKind.REST, ("W0", "W1"))]


def test_teams_in_turn_go_round_the_clock_or_wait_for_the_first():
    # Two teams of 8 h with 12 h of rest: 16 h at a time, then 4 h until the first has rested. Three of 8 and 16: without end.
    two = {"crew": CREW.__class__(**{**vars(CREW), "teams": 2})}
    three = {"crew": CREW.__class__(**{**vars(CREW), "teams": 3, "rest_min": 960})}
    assert conflicts(crew((0, 16), (20, 36)), two) == []
    assert [one.kind for one in conflicts(crew((0, 16), (19, 30)), two)] == [ConflictKind.REST]
    assert conflicts(crew((0, 1000)), three) == []
