"""Many flights against what they must be: their inputs, their own repetition, and a first-order covariance."""

from dataclasses import replace

import numpy as np
import pytest

import baiterek.flight
import flown
from baiterek.catalogue.dispersions import Dispersions
from baiterek.catalogue.navigation_file import PER_AXIS
from baiterek.flight.fleet_kernel import FAILED
from baiterek.study import monte_carlo as module
from baiterek.study.flights_file import INPUT, column_names, read_columns
from baiterek.study.linear_covariance import linear_covariance
from baiterek.study.monte_carlo import Asked, Run, Stop, monte_carlo
from baiterek.study.steering_file import read_steering, write_steering

ELEMENTS = ("insertion.altitude_m", "insertion.semi_major_axis_m", "insertion.eccentricity", "insertion.inclination_deg",
            "insertion.raan_deg", "insertion.speed_earth_m_s")  # fmt: skip
SMALL = 0.02


def mission(**changes):
    return replace(flown.mission(), **changes)


def run(tmp_path, asked=None, of=None):
    of = of or mission()
    return Run.of(of, asked or Asked(64, 1, guidance="open"), flown.by_hand(flown.mission()), tmp_path, "0" * 64)


@pytest.fixture()
def by_hand(monkeypatch):
    """Runs that optimise nothing: a pitch programme by hand stands ready where an interrupted run would have left its own."""

    def keep(of, journal, say):
        write_steering(journal / module.STEERING, flown.by_hand(flown.mission()))
        return read_steering(journal / module.STEERING)

    monkeypatch.setattr(module, "_steering", keep)


# --- what was flown is what is logged ----------------------------------------------------------------


def test_the_table_holds_what_was_handed_to_the_kernel(tmp_path, monkeypatch):
    handed = []
    real = baiterek.flight.fly_many

    def watched(of, steering, inputs, **options):
        handed.append({name: np.array(values) for name, values in inputs.items()})
        return real(of, steering, inputs, **options)

    monkeypatch.setattr(baiterek.flight, "fly_many", watched)
    columns = run(tmp_path).columns(0, 8)
    logged = {name.removeprefix(INPUT): column for name, column in columns.items() if name.startswith(INPUT)}
    [inputs] = handed
    flat = {name: values for name, values in inputs.items() if values.ndim == 1}
    for side in ("wind.east_m_s", "wind.north_m_s", "air.density_deviation"):
        named = [name for name in logged if name.startswith(f"{side}.")]
        assert np.array_equal(np.column_stack([logged.pop(name) for name in named]), inputs[side])
    assert set(logged) == set(flat) and all(np.array_equal(logged[name], flat[name]) for name in flat)


@pytest.mark.parametrize(
    "path", ["stage-1.RD-171MV.isp_vac_s", "stage-2.dry_mass_kg", "wind.east_m_s.at_10000_m", "air.density_deviation.at_8000_m"]
)
def test_one_changed_input_changes_its_column_and_the_flight_and_nothing_else(tmp_path, path):
    one = run(tmp_path)
    drawn = one.spread.draw(module.Design("random", 1, 64), 0, 4)
    number = next(number for number in one.spread.numbers if number.path == path)
    moved = {**drawn, path: drawn[path] + np.array([0.0, number.datum.sigma, 0.0, 0.0])}
    none = np.zeros(4)
    before, after = one.flown(drawn, none, 0, 1), one.flown(moved, none, 0, 1)
    changed = {name for name in before if name.startswith(INPUT) and not np.array_equal(before[name], after[name])}
    assert changed == {INPUT + path}
    assert after[INPUT + path][1] - before[INPUT + path][1] == pytest.approx(number.datum.sigma, rel=1e-9)
    for name in before:
        assert np.array_equal(before[name][[0, 2, 3]], after[name][[0, 2, 3]], equal_nan=True), name
    assert before["insertion.semi_major_axis_m"][1] != after["insertion.semi_major_axis_m"][1]


def test_an_equal_deviation_of_the_density_at_all_heights_is_a_factor():
    of, steering, knots = mission(payload_kg=17e3), flown.by_hand(flown.mission()), np.arange(0.0, 90e3, 5e3)
    profile = {"air.density_deviation": np.full((1, len(knots)), 0.07)}
    deviation = baiterek.flight.fly_many(of, steering, profile, wind_knots_m=knots)
    factor = baiterek.flight.fly_many(of, steering, {"air.density_factor": np.array([1.07])})
    assert deviation["peak.dynamic_pressure_Pa"] == pytest.approx(factor["peak.dynamic_pressure_Pa"], rel=1e-9)
    for name in ("fairing.separation.heat_flux_W_m2", "stage-1.impact.longitude_deg", "insertion.altitude_m"):
        assert deviation[name] == pytest.approx(factor[name], rel=1e-7), name


def test_a_deviation_of_the_density_works_where_it_is():
    of, steering, knots = mission(payload_kg=17e3), flown.by_hand(flown.mission()), np.arange(0.0, 90e3, 5e3)
    low = np.where(knots < 30e3, 0.0, 0.2)[None, :]
    calm = baiterek.flight.fly_many(of, steering, {}, flights=1)
    high = baiterek.flight.fly_many(of, steering, {"air.density_deviation": low}, wind_knots_m=knots)
    assert high["peak.dynamic_pressure_Pa"] == pytest.approx(calm["peak.dynamic_pressure_Pa"], rel=2e-3)
    assert abs(high["stage-1.impact.longitude_deg"] - calm["stage-1.impact.longitude_deg"])[0] > 1e-3


# --- the same flight, however it is flown ------------------------------------------------------------


def test_a_flight_is_the_same_alone_in_a_batch_and_on_two_workers(tmp_path):
    of = run(tmp_path)
    many, two, alone = of.columns(0, 200, 1), of.columns(0, 200, 2), of.columns(137, 1)
    for name, column in many.items():
        assert np.array_equal(column, two[name], equal_nan=True), name
        assert np.array_equal(column[137:138], alone[name], equal_nan=True), name


def test_an_interrupted_run_ends_in_the_same_table_bit_for_bit(tmp_path, by_hand, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 40)
    asked = Asked(100, 3, guidance="open")
    whole, folder = monte_carlo(mission(), asked, tmp_path / "whole")
    real = Run.columns

    def falls(self, first, count, workers=1):
        if first >= 40:
            raise KeyboardInterrupt
        return real(self, first, count, workers)

    monkeypatch.setattr(Run, "columns", falls)
    with pytest.raises(KeyboardInterrupt):
        monte_carlo(mission(), asked, tmp_path / "cut")
    assert [path.name for path in (tmp_path / "cut").iterdir()] == [f".{folder.name}.parts"]
    flown_again = []

    def counted(self, first, count, workers=1):
        flown_again.append(first)
        return real(self, first, count, workers)

    monkeypatch.setattr(Run, "columns", counted)
    resumed, other = monte_carlo(mission(), asked, tmp_path / "cut", resume=True, workers=2)
    assert flown_again == [40, 80]
    assert (other / "flights.parquet").read_bytes() == (folder / "flights.parquet").read_bytes()
    assert resumed == whole
    assert not list((tmp_path / "cut").glob(".*"))


def test_a_part_that_was_cut_off_is_flown_again(tmp_path):
    of = run(tmp_path)
    [part], _ = of.fly(1, print)
    good = part.read_bytes()
    part.write_bytes(good[: len(good) // 2])
    of.fly(1, print)
    assert part.read_bytes() == good


def test_a_rule_stops_at_a_fixed_number_of_flights(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 50)
    assert Stop.prefixes(1000) == [50, 100, 200, 400, 800]
    parts, stopped = run(tmp_path, Asked(400, 1, guidance="open", stop=Stop("peak.dynamic_pressure_Pa", 0.5, 3000.0))).fly(
        1, print
    )
    assert stopped in Stop.prefixes(400) and len(parts) == stopped // 50
    never = run(tmp_path, Asked(100, 1, guidance="open", stop=Stop("peak.dynamic_pressure_Pa", 0.5, 1e-9))).fly(1, print)
    assert never[1] is None and len(never[0]) == 2


def test_the_summary_is_of_the_table(tmp_path, by_hand):
    document, folder = monte_carlo(mission(), Asked(300, 5, "lhs", guidance="open"), tmp_path)
    whole = read_columns(folder / "flights.parquet")
    assert document["guidance"] == "open loop" and document["drawn"] == 300 == len(whole["flight"])
    table = {name: column[whole["case"] == 0.0] for name, column in whole.items()}
    assert document["flights"] == len(table["flight"]) < 300
    assert [row["flights"] for row in document["failures"]] == [np.sum(whole["case"] == k) for k in range(1, 6)]
    for name, said in document["outputs"].items():
        values = table[name][np.isfinite(table[name])]
        assert said["flights"] == len(values)
        assert said["mean"][0] == pytest.approx(values.mean(), rel=1e-9, abs=1e-9)
        assert said["quantiles"]["0.5"][0] == pytest.approx(np.median(values), rel=1e-9, abs=1e-9)
    assert {INPUT + row["path"] for row in document["inputs"]} == {
        n for n in column_names(folder / "flights.parquet") if n.startswith(INPUT) and not n.startswith(INPUT + "failure.")
    }
    for row in document["impacts"]:
        assert row["landed"] == np.isfinite(table[f"{row['body']}.impact.latitude_deg"]).sum()
    for row in document["loads"]:
        assert row["greatest"] == table[row["name"]].max()


# --- failures and navigation --------------------------------------------------------------------------


def test_cases_are_drawn_by_the_flights_number_and_as_often_as_they_say(tmp_path):
    cases = run(tmp_path).failures
    many, inputs = cases.draw(7, 0, 20_000)
    part, alone = cases.draw(7, 4000, 1000), cases.draw(7, 4711, 1)
    assert np.array_equal(many[4000:5000], part[0]) and many[4711] == alone[0][0]
    for name, column in inputs.items():
        assert np.array_equal(column[4000:5000], part[1][name]) and column[4711] == alone[1][name][0], name
    for number in range(len(cases.names)):
        p = cases.probability(number)
        assert np.sum(many == number) == pytest.approx(20_000 * p, abs=5.0 * np.sqrt(20_000 * p * (1.0 - p)))
    shut = many == 1 + [case.name for case in cases.cases].index("stage-1-shutdown")
    # Uniform over the burn, but held back until the pad is clear: that instant gathers those before it.
    at_s, inhibit_s = inputs["failure.t_s"][shut], cases.cases[0].inhibit_s.value
    assert at_s.min() == inhibit_s and np.mean(at_s == inhibit_s) == pytest.approx(inhibit_s / cases.windows_s[0][1], abs=0.15)


def test_one_case_alone_is_what_every_flight_meets(tmp_path):
    of = run(tmp_path, Asked(16, 1, guidance="open", case="stage-1-shutdown"))
    columns = of.columns(0, 16)
    assert np.all(columns["case"] == 1.0) and np.all(columns["status"] == FAILED)
    assert np.all(columns["failure.t_s"] == columns["input.failure.t_s"])
    assert np.all(np.isfinite(columns["vehicle.impact.latitude_deg"])) and np.all(np.isnan(columns["insertion.t_s"]))
    nominal = run(tmp_path, Asked(16, 1, guidance="open", case="nominal")).columns(0, 16)
    assert np.all(nominal["case"] == 0.0) and np.all(np.isnan(nominal["vehicle.impact.latitude_deg"]))
    with pytest.raises(module.BadValue, match="stage-1-thrust-loss"):
        run(tmp_path, Asked(16, 1, guidance="open", case="stage-3-shutdown"))


def test_every_axis_of_the_unit_is_drawn_and_the_flight_without_dispersions_has_a_perfect_one(tmp_path):
    of = run(tmp_path, Asked(2000, 1))
    drawn = of.spread.draw(module.Design("random", 1, 2000), 0, 2000)
    unit = mission().vehicle.navigation
    for path, name in PER_AXIS.items():
        for axis in "xyz":
            # The standard error of a sigma is 1 / sqrt(2 n): five of them.
            assert drawn[name.format(axis)].std() == pytest.approx(unit[path].sigma, rel=5.0 / np.sqrt(4000)), path
    assert len(np.unique(drawn["navigation.noise_key"])) == 2000
    assert not [name for name, value in of.spread.nominal().items() if name.startswith("navigation.") and value[0] != 0.0]


# --- to first order ----------------------------------------------------------------------------------


def test_small_dispersions_have_the_covariance_of_the_slopes(tmp_path):
    # Linear covariance analysis against 3000 flights. The standard error of a sigma is 1 / sqrt(2 n), of a correlation
    # at most 1 / sqrt(n): five of them are allowed, since 6 sigmas and 15 correlations are looked at.
    flights = 3000
    light = mission(payload_kg=12e3)
    steering = replace(flown.by_hand(flown.mission()), payload_kg=12e3)
    of = Run.of(light, Asked(flights, 2, scale=SMALL, guidance="open", case="nominal"), steering, tmp_path, "0" * 64)
    linear = linear_covariance(light, steering, of.spread, ELEMENTS)
    columns = of.columns(0, flights)
    many = np.array([columns[name] for name in ELEMENTS])
    assert np.abs(linear.bend).max() < 0.1
    assert many.std(axis=1, ddof=1) == pytest.approx(linear.sigma, rel=5.0 / np.sqrt(2 * flights))
    assert np.corrcoef(many) == pytest.approx(linear.correlation, abs=min(5.0 / np.sqrt(flights), 0.05 * 2))


def test_a_mission_without_anything_uncertain_is_refused(tmp_path):
    vehicle = flown.mission().vehicle
    certain = replace(vehicle, data={path: replace(d, sigma=0.0) for path, d in vehicle.data.items()}, correlations=())
    calm = Dispersions(air_density_sigma=0.0, wind_sigma=((0.0, 0.0),))
    with pytest.raises(module.BadValue, match="no sigma"):
        run(tmp_path, of=mission(vehicle=certain, dispersions=calm))
