"""Monte Carlo of a schedule against closed forms, and its critical paths against every path of small networks."""

import itertools
from datetime import date

import numpy as np
import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.schedule.forecast import critical_path, durations, forecast, in_order
from baiterek.campaign.schedule.records import Activity, Milestone
from baiterek.errors import InputError

START = date(2026, 1, 1)
DRAWS = 40_000


def work(id, days, *after, **values):
    return Activity(id, id, Part.RU, *days, tuple(after), source="stated", **values)


def test_durations_are_triangular():
    # Mean (a + b + c) / 3, variance (a2 + b2 + c2 - ab - ac - bc) / 18, and (c - a) / (b - a) of the draws below the mode.
    a, c, b = 10, 16, 40
    days = durations([work("A", (a, c, b))], DRAWS, 1)[0]
    variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18
    assert days.mean() == pytest.approx((a + b + c) / 3, abs=4 * np.sqrt(variance / DRAWS))
    assert days.var() == pytest.approx(variance, rel=0.03)
    share = (c - a) / (b - a)
    assert (days < c).mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / DRAWS))
    assert days.min() >= a and days.max() <= b
    assert (durations([work("A", (7, 7, 7))], 10, 1) == 7).all()


def test_a_chain_adds_up_and_is_critical_throughout():
    chain = [work("A", (1, 2, 6)), work("B", (2, 4, 6), "A"), work("C", (3, 3, 9), "B")]
    ends, critical = critical_path(chain, durations(chain, DRAWS, 2))
    means = [3.0, 4.0, 5.0]
    variances = [14 / 12, 8 / 12, 2.0]
    assert ends[-1].mean() == pytest.approx(sum(means), abs=4 * np.sqrt(sum(variances) / DRAWS))
    assert ends[-1].var() == pytest.approx(sum(variances), rel=0.03)
    assert (critical == 1.0).all()


def test_of_two_alike_side_by_side_each_is_critical_half_the_time():
    pair = [work("A", (1, 2, 3)), work("B", (1, 2, 3)), work("C", (1, 1, 1), "A", "B")]
    _, critical = critical_path(pair, durations(pair, DRAWS, 3))
    assert critical[:2] == pytest.approx([0.5, 0.5], abs=4 * np.sqrt(0.25 / DRAWS))
    assert critical[2] == 1.0


@pytest.mark.parametrize("seed", range(8))
def test_ends_and_critical_paths_are_those_of_every_path(seed):
    dice = np.random.default_rng(seed)
    names = [f"A-{k}" for k in range(9)]
    listed = []
    for k, name in enumerate(names):
        after = [names[j] for j in range(k) if dice.random() < 0.35]
        low = int(dice.integers(0, 9))
        listed.append(work(name, (low, low + 3, low + 8), *after))
    shuffled = in_order([listed[k] for k in dice.permutation(9)])
    days = durations(shuffled, 50, seed)
    ends, critical = critical_path(shuffled, days)
    row = {one.id: k for k, one in enumerate(shuffled)}
    after = {one.id: set(one.after) for one in shuffled}
    paths = [
        chosen
        for size in range(1, 10)
        for chosen in itertools.combinations(names, size)
        if all(one in after[other] for one, other in itertools.pairwise(chosen))
    ]
    lengths = np.array([days[[row[name] for name in path]].sum(axis=0) for path in paths])
    assert ends.max(axis=0) == pytest.approx(lengths.max(axis=0))
    longest = np.isclose(lengths, lengths.max(axis=0))
    for name in names:
        through = np.array([name in path for path in paths])
        assert critical[row[name]] == pytest.approx((longest & through[:, None]).any(axis=0).mean()), name


def test_what_is_done_takes_no_more_time_and_plans_are_kept_or_not():
    listed = [work("A", (30, 60, 90), done_on="2026-01-01"), work("B", (10, 10, 10), "A")]
    plan = Milestone("M", "Пуск", "Ұшыру", "launch", "2026-01-09", "2026-01-09", after=("B",), reserve_days=2)
    late = Milestone("L", "Пуск", "Ұшыру", "launch", "2026-01-09", "2026-01-09", after=("B",), reserve_days=1)
    found = forecast(listed, [plan, late], START, 100)
    assert found.end.days == (date(2026, 1, 11),) * 4 and found.end.likely == date(2026, 1, 11)
    assert [one.by_plan for one in found.milestones] == [1.0, 0.0]
    assert [one.critical for one in found.activities] == [0.0, 1.0]


def test_the_same_seed_gives_the_same_forecast():
    listed = [work("A", (1, 5, 9)), work("B", (1, 5, 9), "A")]
    assert forecast(listed, [], START, 500, 7) == forecast(listed, [], START, 500, 7)
    assert forecast(listed, [], START, 500, 7) != forecast(listed, [], START, 500, 8)


def test_a_circle_or_nothing_at_all_is_one_line():
    with pytest.raises(InputError, match="circle"):
        forecast([work("A", (1, 1, 1), "B"), work("B", (1, 1, 1), "A")], [], START)
    with pytest.raises(InputError, match="at least one activity"):
        forecast([], [], START)
