"""Risk sums against closed forms, SciPy, and conservation. No expected value comes from the sums themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from baiterek.errors import InputError
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal, Points, landing
from baiterek.safety.risk import Event, Pieces, Presence, assess

STEPPE = ground(44.0, 60.0, 52.0, 76.0)
"""People as they are."""
UNIFORM = 1.3e-6
"""People per square metre, as the mean of a cell near Zhezkazgan."""
EVEN = replace(STEPPE, people=UNIFORM * STEPPE.area_m2 * np.ones_like(STEPPE.people))
HOME = np.radians((48.0, 68.0))


def covariance(long_m, short_m, azimuth_deg):
    """East and north, of an ellipse whose long axis points along an azimuth."""
    s, c = np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg))
    turn = np.array([[s, c], [c, -s]])
    return turn @ np.diag([long_m**2, short_m**2]) @ turn.T


def stage(footprint, area=93.0, probability=1.0, phase="stage 1", cause="planned"):
    return Event(phase, cause, probability, (Pieces("stage", 1.0, area, footprint),))


SPREADS = st.tuples(st.floats(1.5e3, 3e4), st.floats(1.5e3, 3e4), st.floats(0.0, 180.0))


@settings(max_examples=40, deadline=None)
@given(SPREADS)
def test_a_normal_footprint_over_uniform_people_is_area_times_density(spread):
    """Within 0.1 %: closed form P n A rho, whatever the spread and direction."""
    risk = assess(EVEN, [stage(Normal(*HOME, covariance(*spread)))])
    assert risk.collective == pytest.approx(93.0 * UNIFORM, rel=1e-3)
    assert risk.expectations[0].outside <= 1e-4


@pytest.mark.parametrize(
    "spread", [(2e4, 8e3, 65.0), (1.5e3, 1.5e3, 0.0), (3e4, 2e3, 120.0), (5e3, 4e2, 30.0), (300.0, 50.0, 10.0)]
)
def test_probabilities_over_all_cells_add_up_to_one(spread):
    found = landing(STEPPE, Normal(*HOME, covariance(*spread)))
    assert found.probability.sum() + found.outside == pytest.approx(1.0, abs=1e-12)
    assert found.probability.sum() == pytest.approx(1.0, abs=2e-5)


def test_a_cell_has_the_product_of_differences_of_the_normal_distribution():
    """Axes along east and north: (Phi(e2) - Phi(e1)) (Phi(n2) - Phi(n1)). A cell is a trapezium, by 1e-3 of its width."""
    sigma_east, sigma_north = 2e4, 1.2e4
    found = landing(STEPPE, Normal(*HOME, np.diag([sigma_east**2, sigma_north**2])))
    top, left = (round(v) for v in ((48.0 - 44.0) * 20, (68.0 - 60.0) * 20))
    e2 = 0.00669437999014
    meridian = 6378137.0 * (1 - e2) / (1 - e2 * np.sin(HOME[0]) ** 2) ** 1.5
    normal = 6378137.0 / np.sqrt(1 - e2 * np.sin(HOME[0]) ** 2)
    step = np.radians(0.05)
    for row, column in ((0, 0), (3, 2), (-4, 1), (2, -5)):
        n = meridian * step * np.array([row, row + 1])
        lat = HOME[0] + (row + 0.5) * step
        e = normal * np.cos(HOME[0]) * step * np.array([column, column + 1]) * np.cos(lat) / np.cos(HOME[0])
        exact = np.diff(norm.cdf(e / sigma_east))[0] * np.diff(norm.cdf(n / sigma_north))[0]
        cell = found.probability[top + row - found.rows.start, left + column - found.columns.start]
        assert cell == pytest.approx(exact, rel=5e-3)


def test_a_turned_ellipse_in_a_quadrant_against_scipy():
    """North-east quadrant of a correlated pair: the closed form 1/4 + asin(rho) / (2 pi), and SciPy's integral."""
    spread = covariance(2e4, 8e3, 65.0)
    found = landing(STEPPE, Normal(*HOME, spread))
    north_east = found.probability[80 - found.rows.start :, 160 - found.columns.start :].sum()
    rho = spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1])
    closed = 0.25 + np.arcsin(rho) / (2 * np.pi)
    assert multivariate_normal([0, 0], spread).cdf([0, 0]) == pytest.approx(closed, abs=1e-5)
    # The parallel through the mean bends out of the plane by x^2 tan(lat) / 2R: 35 m at one sigma.
    assert north_east == pytest.approx(closed, abs=2e-3)


def test_half_a_plane_of_people():
    """People north of a parallel through the mean only: half of the expectation, but for the bend of the parallel."""
    half = replace(EVEN, people=np.where(EVEN.latitude_edges_deg[:-1, None] > 47.999, EVEN.people, 0.0))
    risk = assess(half, [stage(Normal(*HOME, np.diag([5e3**2, 2e4**2])))])
    assert risk.collective == pytest.approx(0.5 * 93.0 * UNIFORM, rel=1e-3)


def test_the_alarm_of_one_stage_over_the_mean_of_a_cell():
    """One stage of 93 m2 over 1.3 people per km2: 1.2e-4, more than 1e-4 before anybody is sheltered or evacuated."""
    risk = assess(EVEN, [stage(Normal(*HOME, covariance(2e4, 8e3, 65.0)))])
    assert risk.collective == pytest.approx(1.2e-4, abs=0.05e-4)
    assert risk.planned == risk.collective


EVENTS = [
    stage(Normal(*np.radians((47.6, 67.4)), covariance(2e4, 8e3, 65.0))),
    Event(
        "stage 1", "shutdown", 0.01,
        (
            Pieces("body", 1.0, 90.0, Normal(*np.radians((46.5, 65.0)), covariance(9e3, 5e3, 60.0)), 2.2e6),
            Pieces("panels", 40.0, 2.5, Normal(*np.radians((46.4, 64.8)), covariance(1.5e4, 5e3, 60.0))),
        ),
    ),
    stage(Normal(*np.radians((49.8, 73.1)), covariance(4e3, 3e3, 0.0)), probability=0.02, phase="stage 2", cause="explosion"),
]  # fmt: skip


def test_sums_by_district_phase_and_cause_are_the_total():
    risk = assess(STEPPE, EVENTS)
    for parts in (risk.by_district(), risk.by_phase(), risk.by_cause()):
        assert sum(parts.values()) == pytest.approx(risk.collective, rel=1e-12)
    assert risk.fields.casualties.sum() == pytest.approx(risk.collective, rel=1e-12)
    assert {d.country for d, v in risk.by_district().items() if v > 0.0} <= {"Kazakhstan", "Baykonur Cosmodrome"}
    for each in risk.expectations:
        assert sum(each.by_piece) == pytest.approx(each.casualties, rel=1e-12)


def test_conditional_expectation_is_that_of_a_sure_failure():
    risk = assess(STEPPE, EVENTS)
    sure = assess(STEPPE, [EVENTS[1]._replace(probability=1.0)])
    assert set(risk.conditional()) == {("stage 1", "shutdown"), ("stage 2", "explosion")}
    assert risk.conditional()["stage 1", "shutdown"] == pytest.approx(sure.collective, rel=1e-12)


def test_individual_risk_at_the_mean_is_the_density_times_the_area():
    """P A / (2 pi s1 s2) in the middle of a cell, for a spread much wider than it: the mean over it is 1e-3 less."""
    middle = np.radians((48.025, 68.025))
    risk = assess(EVEN, [stage(Normal(*middle, covariance(5e4, 4e4, 20.0)), probability=0.1)])
    assert risk.highest == pytest.approx(0.1 * 93.0 / (2 * np.pi * 5e4 * 4e4), rel=3e-3)


def test_presence_scales_what_is_expected_but_not_the_risk_in_the_open():
    full, none = assess(STEPPE, EVENTS), assess(STEPPE, EVENTS, Presence(0.25, 0.25))
    assert none.collective == pytest.approx(0.25 * full.collective, rel=1e-12)
    assert np.array_equal(none.individual, full.individual)


def test_the_greatest_individual_risk_is_of_somebody_who_is_there():
    """Of one who stays in the shelter that is worst, by hand; no mean over a cell's people is greater."""
    shelters = ((1.0, 1.0), (0.5, 1.6), (0.3, 0.9))
    mean = [0.2 * a + 0.3 * b + 0.5 * c for a, b, c in zip(*shelters, strict=True)]
    risk = assess(STEPPE, EVENTS, Presence(*mean, True, shelters))
    of, people = risk.fields, STEPPE.people[risk.fields.rows, risk.fields.columns]
    inert, blast = of.planned_inert + of.failure_inert, of.planned_blast + of.failure_blast
    assert risk.highest == pytest.approx(max((i * inert + b * blast)[people > 0.0].max() for i, b in shelters), rel=1e-12)
    assert risk.highest > risk.individual[people > 0.0].max()
    assert (of.casualties[people > 0.0] / people[people > 0.0]).max() <= risk.highest
    assert assess(STEPPE, EVENTS, Presence(1.0, 1.0)).highest == risk.individual[people > 0.0].max()


def test_nobody_is_at_risk_where_all_have_left():
    """The worst cell is cleared; of a part of its people the risk is as great as before, of all of them it is none."""
    risk = assess(STEPPE, EVENTS)
    worst = np.argmax(np.where(STEPPE.people[risk.fields.rows, risk.fields.columns] > 0.0, risk.individual, -1.0))
    left = np.ones(STEPPE.people.shape)
    left[risk.fields.rows[worst], risk.fields.columns[worst]] = 0.0
    cleared = assess(STEPPE, EVENTS, Presence(left, left, left > 0.0))
    assert 0.0 < cleared.highest < risk.highest and cleared.collective < risk.collective
    left[risk.fields.rows[worst], risk.fields.columns[worst]] = 0.05
    assert assess(STEPPE, EVENTS, Presence(left, left, left > 0.0)).highest == risk.highest


def test_a_sample_tends_to_its_distribution_within_its_own_error():
    spread = covariance(2e4, 8e3, 65.0)
    at = np.radians((47.9, 67.6))
    exact = assess(STEPPE, [stage(Normal(*at, spread))]).collective
    east, north = np.random.default_rng(4).multivariate_normal([0, 0], spread, 20000).T
    latitude = at[0] + north / 6.36e6
    points = Points(latitude, at[1] + east / (6.388e6 * np.cos(latitude)))
    risk = assess(STEPPE, [stage(points)])
    assert 0.0 < risk.sampling_error < 0.2 * exact
    assert abs(risk.collective - exact) < 4.0 * risk.sampling_error + 0.005 * exact
    assert risk.by_district() and risk.collective == pytest.approx(sum(risk.by_district().values()), rel=1e-12)
    # Only cells that a point lies in are kept: a ground may be the whole Earth.
    cells = list(zip(risk.fields.rows.tolist(), risk.fields.columns.tolist()))
    assert len(cells) == len(set(cells)) <= 20000 and (risk.individual > 0.0).all()
    assert float((risk.individual * STEPPE.area_m2[risk.fields.rows, 0]).sum()) == pytest.approx(93.0, rel=1e-12)


def test_errors_by_district_are_the_scatter_of_many_samples():
    """One event of two pieces from the same 200 draws, over the border of two districts: 150 times over.

    The scatter of each sum about its mean is what is told of it; 150 numbers know theirs to 1 / sqrt(300) = 6 %.
    """
    west, east = (STEPPE.districts[0]._replace(name=name) for name in ("west", "east"))
    columns = np.arange(EVEN.people.shape[1])
    halves = replace(
        EVEN,
        district=np.broadcast_to(columns >= 160, EVEN.people.shape).astype(np.uint16),
        districts=(west, east),
        people=EVEN.people * (0.5 + columns / len(columns)),
    )
    random, at = np.random.default_rng(7), np.radians((48.0, 68.0))
    sums, told = [], []
    for _ in range(150):
        away = random.multivariate_normal([0, 0], covariance(2e4, 8e3, 65.0), 200).T
        points = Points(at[0] + away[1] / 6.36e6, at[1] + away[0] / (6.388e6 * np.cos(at[0])))
        pieces = (Pieces("a", 1.0, 60.0, points), Pieces("b", 3.0, 11.0, points))
        risk = assess(halves, [Event("stage 1", "shutdown", 0.1, pieces)])
        sums.append([*(risk.by_district()[of] for of in (west, east)), risk.collective])
        told.append([*(risk.error_by_district()[of] for of in (west, east)), risk.sampling_error])
    np.testing.assert_allclose(np.mean(told, axis=0), np.std(sums, axis=0, ddof=1), rtol=0.17)


def test_what_falls_beside_the_ground_is_told():
    edge = Normal(*np.radians((52.0, 68.0)), np.diag([5e3**2, 2e4**2]))
    assert landing(STEPPE, edge).outside == pytest.approx(0.5, abs=1e-3)
    far = Points(np.radians([10.0, 48.0]), np.radians([10.0, 68.0]))
    assert landing(STEPPE, far).outside == 0.5


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (stage(Normal(*HOME, covariance(2e4, 8e3, 65.0)), area=-1.0), "inert_area_m2"),
        (stage(Normal(*HOME, covariance(2e4, 8e3, 65.0)), probability=1.5), "probability"),
    ],
)
def test_a_negative_area_or_a_wrong_probability_is_one_line(event, key):
    with pytest.raises(InputError, match=key) as refused:
        assess(STEPPE, [event])
    assert "\n" not in str(refused.value)


def test_a_covariance_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a covariance"):
        landing(STEPPE, Normal(*HOME, np.array([[1e6, 2e6], [2e6, 1e6]])))


def test_a_kernel_makes_a_density_of_few_points():
    """300 points of a normal distribution: nearer to it, cell by cell, than their counts; nothing is lost."""
    spread = covariance(2e4, 8e3, 65.0)
    exact = np.zeros(STEPPE.people.shape)
    part = landing(STEPPE, Normal(*HOME, spread))
    exact[part.rows, part.columns] = part.probability
    east, north = np.random.default_rng(11).multivariate_normal([0, 0], spread, 300).T
    latitude = HOME[0] + north / 6.36e6
    points = Points(latitude, HOME[1] + east / (6.388e6 * np.cos(latitude)))
    gaps = []
    for each in (points, points._replace(smooth=True)):
        part = landing(STEPPE, each)
        made = np.zeros_like(exact)
        made[part.rows, part.columns] = part.probability
        assert made.sum() + part.outside == pytest.approx(1.0, abs=1e-9)
        assert part.outside < 1e-6
        gaps.append(np.sqrt(((made - exact) ** 2).sum() / (exact**2).sum()))
    assert gaps[1] < 0.4 * gaps[0] and gaps[1] < 0.2
    risk = assess(EVEN, [stage(points._replace(smooth=True))])
    assert risk.collective == pytest.approx(93.0 * UNIFORM, rel=1e-6)


def test_a_kernel_at_the_edge_loses_what_it_spreads_over_it():
    points = Points(np.radians(51.99 + 0.01 * np.array([-3.0, -1.0, 0.0, 0.5])), np.radians([68.0, 68.2, 67.9, 68.1]), True)
    part = landing(STEPPE, points)
    assert part.rows.stop == STEPPE.people.shape[0]
    assert 0.005 < part.outside < 0.6
    assert landing(STEPPE, Points(*np.radians(([48.0, 48.0], [68.0, 68.0])), True)).probability.sum() == pytest.approx(1.0)
    aloft = Points(np.radians([48.0, 48.1, 48.05, np.nan]), np.radians([68.0, 68.1, 68.2, np.nan]), True)
    assert landing(STEPPE, aloft).outside == pytest.approx(0.25, abs=1e-6)
