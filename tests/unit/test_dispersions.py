"""Dispersed numbers: the same by number of the flight whatever else is drawn, with the distribution that the file says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import flown
from baiterek.catalogue.datum import DISTRIBUTIONS, Datum
from baiterek.catalogue.read import load_mission
from baiterek.errors import InputError
from baiterek.study.dispersions import EAST, Number, Spread, by_distribution, columns_of, inputs_of, part_beyond, spread_of
from baiterek.study.sampling import DESIGNS, Design, open_unit

N = 4096


@pytest.fixture(scope="module")
def spread() -> Spread:
    return spread_of(flown.mission(), 17e3, tuple(flown.mission().vehicle.data))


# --- by number of the flight -------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**53), flight=st.integers(0, N - 1), cut=st.integers(0, N - 1), kind=st.sampled_from(list(DESIGNS)))
def test_a_flight_is_the_same_alone_and_in_any_batch(spread, seed, flight, cut, kind):
    design = Design(kind, seed, N)
    first, last = min(flight, cut), max(flight, cut) + 1
    alone, among = spread.draw(design, flight, 1), spread.draw(design, first, last - first)
    assert all(alone[name][0] == among[name][flight - first] for name in alone)


@settings(max_examples=25, deadline=None)
@given(flight=st.integers(0, 10**9), names=st.permutations(["a", "b", "c", "d"]), kind=st.sampled_from(["random", "lhs"]))
def test_a_number_does_not_move_when_others_join_or_change_places(flight, names, kind):
    design = Design(kind, 7, N)
    flight = flight if kind == "random" else flight % N
    alone = design.uniforms(["a"], flight, 1)["a"]
    assert design.uniforms(names, flight, 1)["a"] == alone


def test_the_ends_of_the_range_are_never_drawn():
    words = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert open_unit(words)[0] > 0.0 and open_unit(words)[1] < 1.0


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_a_design_meets_every_cell_of_every_number_once(kind):
    # McKay 1979 for the hypercube; any one dimension of a Sobol sequence of 2**m points (Sobol 1967).
    for column in Design(kind, 3, N).uniforms(["a", "b", "c"], 0, N).values():
        assert np.array_equal(np.sort(np.floor(column * N).astype(int)), np.arange(N))


def test_the_size_of_a_design_is_in_its_seed():
    for kind in ("lhs", "sobol"):
        one, two = (Design(kind, 3, n).uniforms(["a"], 0, 8)["a"] for n in (N, 2 * N))
        assert not np.any(one == two)


def test_streams_are_uniform_and_independent():
    columns = Design("random", 11, 0).uniforms([f"n{k}" for k in range(12)], 0, N)
    pairs = np.corrcoef(np.array(list(columns.values())))[np.triu_indices(12, 1)]
    assert np.abs(pairs).max() < 4.5 / np.sqrt(N)
    assert all(stats.kstest(column, "uniform").pvalue > 1e-4 for column in columns.values())


# --- distributions -----------------------------------------------------------------------------------

CLOSED = {
    "normal": stats.norm(5.0, 0.7),
    "uniform": stats.uniform(5.0 - 0.7 * 3**0.5, 2 * 0.7 * 3**0.5),
    "triangular": stats.triang(0.5, 5.0 - 0.7 * 6**0.5, 2 * 0.7 * 6**0.5),
    "log-normal": stats.lognorm(np.log1p(0.14**2) ** 0.5, scale=5.0 / (1 + 0.14**2) ** 0.5),
}


@pytest.mark.parametrize("kind", DISTRIBUTIONS)
def test_each_distribution_is_that_of_scipy_with_its_mean_and_sigma(kind):
    z = np.linspace(-5.0, 5.0, 101)
    drawn = by_distribution(z, Number("x", Datum(5.0, 0.7, "test", kind)))
    assert CLOSED[kind].mean() == pytest.approx(5.0) and CLOSED[kind].std() == pytest.approx(0.7)
    assert drawn == pytest.approx(CLOSED[kind].ppf(stats.norm.cdf(z)), rel=1e-6)


def test_a_normal_number_is_cut_off_where_it_stops_being_physical():
    z = np.linspace(-6.0, 6.0, 401)
    drawn = by_distribution(z, Number("x", Datum(5.0, 2.0, "test"), 0.0))
    cut = stats.truncnorm(-2.5, np.inf, 5.0, 2.0)
    assert drawn.min() >= 0.0
    assert drawn == pytest.approx(cut.ppf(stats.norm.cdf(z)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("kind", DISTRIBUTIONS)
def test_the_part_beyond_is_that_of_scipy(kind):
    number = Number("x", Datum(5.0, 0.7, "test", kind), 4.4, 5.9)
    expected = (CLOSED[kind].cdf(4.4) if kind != "log-normal" else 0.0) + CLOSED[kind].sf(5.9)
    assert part_beyond(number) == pytest.approx(expected, rel=1e-6)


# --- what a mission disperses ------------------------------------------------------------------------


def test_numbers_of_a_fit_have_its_covariance_and_those_of_the_wind_fall_off_with_height(spread):
    drawn = spread.draw(Design("random", 1, 0), 0, 20_000)
    for group in [group for group in spread.groups if len(group.numbers) > 1]:
        found = np.corrcoef(np.array([drawn[number.path] for number in group.numbers]))
        assert found == pytest.approx(group.root @ group.root.T, abs=4.5 / np.sqrt(20_000))
    wind = np.array([drawn[name] for name in drawn if name.startswith(EAST)])
    ratio = np.corrcoef(wind)[0, 1:4]
    assert ratio == pytest.approx(np.exp(-np.array([2000.0, 4000.0, 6000.0]) / 4000.0), abs=0.03)


def test_the_fit_of_the_file_is_drawn_with_the_covariance_of_the_file(spread):
    vehicle = flown.mission().vehicle
    [block] = vehicle.correlations
    group = next(group for group in spread.groups if group.numbers[0].path == block.paths[0])
    sigma = np.sqrt(np.diag(block.covariance))
    assert group.covariance / np.outer(sigma, sigma) == pytest.approx(
        np.array(block.covariance) / np.outer(sigma, sigma), abs=0.02
    )


def test_every_sigma_of_the_vehicle_is_drawn_or_named(spread):
    uncertain = {path for path, datum in flown.mission().vehicle.data.items() if datum.sigma > 0.0}
    assert uncertain == {n.path for n in spread.numbers if n.datum.source != "dispersions"} | set(spread.unfelt)
    fewer = spread_of(flown.mission(), 17e3, ["stage-1.dry_mass_kg"])
    assert set(fewer.unfelt) == uncertain - {"stage-1.dry_mass_kg"}


def test_a_scale_multiplies_every_deviation():
    mission = flown.mission()
    one, tenth = (spread_of(mission, 17e3, tuple(mission.vehicle.data), scale) for scale in (1.0, 0.1))
    design = Design("random", 1, 0)
    for number, small in zip(one.numbers, tenth.numbers, strict=True):
        if number.datum.value - 6.5 * number.datum.sigma < number.low:
            continue  # cut off at nothing
        a, b = one.draw(design, 5, 1)[number.path][0], tenth.draw(design, 5, 1)[small.path][0]
        assert b - number.datum.value == pytest.approx(0.1 * (a - number.datum.value), rel=1e-9, abs=1e-9 * abs(a))


def test_a_gust_is_drawn_where_the_mission_asks_for_one(spread):
    """Uniform within the mission's heights, 60 to 300 m and the circle; the nominal flight and other missions have none."""
    mission = flown.mission()
    stormy = replace(mission, dispersions=replace(mission.dispersions, gust_m_s=9.0, gust_altitude_max_m=12e3))
    drawn = spread_of(stormy, 17e3, tuple(mission.vehicle.data)).draw(Design("sobol", 1, N), 0, N)
    assert np.all(drawn["gust.speed_m_s"] == 9.0)
    for name, low, high in (("altitude_m", 4e3, 12e3), ("thickness_m", 60.0, 300.0), ("azimuth_rad", 0.0, 2.0 * np.pi)):
        part = (drawn[f"gust.{name}"] - low) / (high - low)
        assert np.array_equal(np.sort(np.floor(part * N).astype(int)), np.arange(N)), name
    calm = spread.draw(Design("sobol", 1, N), 0, N)
    assert not [name for name in (*calm, *spread.nominal()) if name.startswith("gust.")]
    assert "gust.speed_m_s" not in spread_of(stormy, 17e3, tuple(mission.vehicle.data)).nominal()


def test_columns_and_arrays_of_the_kernel_are_the_same_numbers(spread):
    drawn = spread.draw(Design("random", 1, 0), 0, 5)
    again = columns_of(inputs_of(drawn, spread.knots_m), spread.knots_m)
    assert set(again) == set(drawn) and all(np.array_equal(again[name], drawn[name]) for name in drawn)


@pytest.mark.parametrize("kind, sigma", [("normal", 20e3), ("uniform", 20e3), ("triangular", 15e3)])
def test_a_dispersion_that_makes_a_negative_mass_is_refused_in_one_line(kind, sigma):
    mission = flown.mission()
    path = "stage-1.dry_mass_kg"
    data = {**mission.vehicle.data, path: replace(mission.vehicle.data[path], sigma=sigma, distribution=kind, value=30e3)}
    vehicle = replace(mission.vehicle, data=data, correlations=())
    with pytest.raises(InputError) as refused:
        spread_of(replace(mission, vehicle=vehicle), 17e3, [path])
    assert path in str(refused.value) and "below 0" in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "key, value, allowed",
    [
        ("wind_sigma", [[5000.0, 3.0], [4000.0, 3.0]], "rising altitudes"),
        ("air_density_sigma", -0.1, "at least 0"),
        ("gust_altitude_max_m", 3000.0, "above gust_altitude_min_m"),
        ("wind_corelation_m", 3000.0, "wind_correlation_m"),
    ],
)
def test_a_wrong_dispersion_of_a_mission_is_refused(key, value, allowed):
    with pytest.raises(InputError, match=allowed):
        load_mission(flown.BUNDLED, {f"dispersions.{key}": value})


def test_a_vehicle_file_may_say_any_of_the_distributions(tmp_path):
    text = 'extends = "soyuz-5"\n[stages.stage-1.engines.RD-171MV]\n'
    text += 'isp_vac_s = { value = 337.0, sigma = 1.0, source = "rd171m", distribution = "triangular" }\n'
    (tmp_path / "v.toml").write_text(text)
    mission = tmp_path / "m.toml"
    mission.write_text(flown.BUNDLED.read_text().replace('"soyuz-5"', '"v.toml"'))
    assert load_mission(mission).vehicle.data["stage-1.RD-171MV.isp_vac_s"].distribution == "triangular"
    (tmp_path / "v.toml").write_text(text.replace("triangular", "cauchy"))
    with pytest.raises(InputError, match="normal, uniform, triangular, log-normal"):
        load_mission(mission)
