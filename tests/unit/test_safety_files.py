"""Files of criteria, exposures and failures: the shipped ones, and bad ones in one line each."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from baiterek.catalogue.criteria_file import load_criteria
from baiterek.catalogue.document import CATALOGUE, names
from baiterek.catalogue.exposure_file import load_exposure
from baiterek.catalogue.failure_file import load_failures
from baiterek.catalogue.fields import Place
from baiterek.catalogue.ring import closed_ring
from baiterek.errors import InputError
from baiterek.safety.failure import estimate, phases_of, spread_over_time
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal
from baiterek.safety.presence import covered, presence, settling_of
from baiterek.safety.risk import Event, Pieces, assess
from baiterek.safety.verdicts import judge, measures

FALL = Normal(*np.radians((48.0, 68.0)), np.diag([2e4**2, 8e3**2]))
PLANNED = Event("stage 1", "planned", 1.0, (Pieces("stage", 1.0, 93.0, FALL),))


def open_exposure(tmp_path, extra="", old="", new=""):
    """A copy of the shipped file with more, or other, in it."""
    text = (CATALOGUE / "exposures" / "open.toml").read_text(encoding="utf-8").replace(old, new)
    path = tmp_path / "own.toml"
    path.write_text(text + extra, encoding="utf-8")
    return path


BOX = "[[47.5, 67.0], [47.5, 69.0], [48.5, 69.0], [48.5, 67.0], [47.5, 67.0]]"
EVACUATED = """
[evacuated.zone]
vertices_deg = {}
effectiveness = {{ value = 0.9, sigma = 0.05, source = "assumed" }}
"""


# --- shipped ----------------------------------------------------------------------------------------


def test_every_shipped_file_reads():
    for kind, load in (("criteria", load_criteria), ("exposures", load_exposure), ("failures", load_failures)):
        for name in names(kind):
            assert load(name).name == name


def test_far450_has_the_numbers_of_the_regulation():
    """450.101(a)(1)(i), (a)(2), (a)(3) and 450.133(b)."""
    limits = {key: limit.value for key, limit in load_criteria("far450").limits.items()}
    assert limits.pop("conditional") and load_criteria("far450").limits["conditional"].source.grade == "assumed"
    assert limits == {
        "collective": 1e-4, "collective_neighbouring": 2e-4, "individual": 1e-6, "individual_neighbouring": 1e-5,
        "aircraft": 1e-6, "vessel": 1e-5, "containment": 0.97,
    }  # fmt: skip


def test_what_is_from_memory_is_marked():
    for name in names("criteria"):
        for limit in load_criteria(name).limits.values():
            assert (limit.source.grade == "assumed") == ("from memory" in limit.source.text)


# --- verdicts ---------------------------------------------------------------------------------------


def test_verdicts_with_margins():
    found = {"collective": 5e-5, "individual": 2e-6, "conditional": 1e-3, "containment": 0.99}
    by_name = {verdict.what: verdict for verdict in judge(load_criteria("far450"), found)}
    assert by_name["collective"].holds and by_name["collective"].margin == pytest.approx(2.0)
    assert by_name["individual"].holds is False and by_name["individual"].margin == pytest.approx(0.5)
    assert by_name["conditional"].holds and by_name["conditional"].marked
    assert by_name["containment"].holds and by_name["containment"].margin == pytest.approx(0.99 / 0.97)
    assert by_name["aircraft"].holds is None and by_name["aircraft"].found is None


def test_a_planned_stage_counts_with_certainty():
    over = ground(46.0, 64.0, 50.0, 72.0)
    risk = assess(over, [PLANNED, Event("stage 1", "shutdown", 0.1, (Pieces("stage", 1.0, 93.0, FALL),))])
    found = measures(risk)
    assert found["planned_stage"] == pytest.approx(found["conditional"], rel=1e-12)
    assert found["collective"] == pytest.approx(1.1 * found["planned_stage"], rel=1e-12)


# --- presence ---------------------------------------------------------------------------------------


def test_everybody_in_the_open():
    over = ground(47.0, 67.0, 48.0, 68.0)
    found = presence(over, load_exposure("open"), night=0.3)
    assert np.all(found.inert == 1.0) and np.all(found.blast == 1.0)


def test_day_and_night_shelter_by_hand():
    exposure, over = load_exposure("steppe"), ground(47.0, 67.0, 48.0, 68.0)
    day = 0.35 * 1.0 + 0.05 * 0.8 + 0.45 * 0.6 + 0.15 * 0.3
    night = 0.03 * 1.0 + 0.01 * 0.8 + 0.72 * 0.6 + 0.24 * 0.3
    assert presence(over, exposure).inert == pytest.approx(day)
    assert presence(over, exposure, 1.0).inert == pytest.approx(night)
    assert presence(over, exposure, 0.5).inert == pytest.approx(0.5 * (day + night))
    assert settling_of(exposure).town_density_1_m2 == pytest.approx(2e-3)


def test_an_evacuated_area_leaves_a_tenth(tmp_path):
    exposure = load_exposure(open_exposure(tmp_path, EVACUATED.format(BOX)))
    over = ground(47.0, 66.0, 49.0, 70.0)
    found = presence(over, exposure).inert
    assert found[20, 40] == pytest.approx(0.1)
    assert found[0, 0] == 1.0
    assert (found < 1.0).mean() == pytest.approx(0.25, abs=1e-9)  # half of the rows, half of the columns


def test_the_covered_part_is_that_of_shapely():
    ring = np.radians([[47.2, 66.3], [48.7, 66.9], [48.1, 69.4], [47.6, 68.0], [47.2, 66.3]])
    over = ground(47.0, 66.0, 49.0, 70.0)
    polygon = shapely.Polygon(np.degrees(ring)[:, ::-1])
    assert covered(over, tuple(map(tuple, ring))).sum() * 0.05**2 == pytest.approx(polygon.area, rel=5e-3)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-25, 25)), min_size=3, max_size=7, unique=True))
def test_a_ring_is_simple_as_shapely_says(corners):
    """On a lattice of sixteenths, where both are exact."""
    ring = tuple((lat / 16, lon / 16) for lat, lon in [*corners, corners[0]])
    valid = bool(shapely.is_valid(shapely.Polygon([(lon, lat) for lat, lon in ring])))
    try:
        closed_ring(ring, Place("file.toml"), "vertices_deg")
        simple = True
    except InputError:
        simple = False
    assert simple == valid


# --- failures ---------------------------------------------------------------------------------------


def test_a_record_becomes_probabilities_in_time():
    record = load_failures("new-vehicle")
    found = estimate(record)
    assert not found.own and found.flights == 12
    phases = phases_of(record, {"stage-1": (0.0, 160.0), "stage-2": (165.0, 540.0)})
    spread = spread_over_time(found.value, phases, np.linspace(0.0, 540.0, 201))
    assert spread.sum() == pytest.approx(found.value, rel=1e-12)
    with pytest.raises(InputError, match="stage-2"):
        phases_of(record, {"stage-1": (0.0, 160.0)})


# --- bad files --------------------------------------------------------------------------------------


def refused(call, pattern):
    with pytest.raises(InputError, match=pattern) as error:
        call()
    assert "\n" not in str(error.value)


def test_an_unknown_criterion_lists_the_known_ones():
    refused(lambda: load_criteria("far540"), r"far540.*far450 \(did you mean it\?\).*nasa")


@pytest.mark.parametrize(
    ("ring", "pattern"),
    [
        ("[[47.5, 67.0], [47.5, 69.0], [48.5, 69.0], [48.5, 67.0]]", "open polygon"),
        ("[[47.5, 67.0], [48.5, 69.0], [47.5, 69.0], [48.5, 67.0], [47.5, 67.0]]", "sides 1 and 3 meet"),
        ("[[60.0, 179.0], [60.0, -179.0], [61.0, -179.0], [60.0, 179.0]]", "crosses the antimeridian"),
        ("[[47.5, 67.0], [47.5, 69.0], [47.5, 67.0]]", "three corners"),
        ("[[97.5, 67.0], [47.5, 69.0], [48.5, 69.0], [97.5, 67.0]]", "no place"),
    ],
)
def test_polygons_that_are_none_are_one_line(tmp_path, ring, pattern):
    path = open_exposure(tmp_path, EVACUATED.format(ring))
    refused(lambda: load_exposure(path), rf"evacuated\.zone\.vertices_deg: .*{pattern}")


def test_bad_exposures_are_one_line(tmp_path):
    parts = open_exposure(tmp_path, old="day = { value = 1.0", new="day = { value = 0.7")
    refused(lambda: load_exposure(parts), "add up to 0.7")
    bare = open_exposure(tmp_path, old="town_density_1_km2 = { value = 2000.0, sigma = 700.0, source", new="town = { source")
    refused(lambda: load_exposure(bare), "town.*unknown key")
    negative = open_exposure(tmp_path, old="value = 2000.0", new="value = -2000.0")
    refused(lambda: load_exposure(negative), re.escape("-2000.0"))


def test_bad_records_are_one_line(tmp_path):
    text = (CATALOGUE / "failures" / "new-vehicle.toml").read_text(encoding="utf-8")
    for old, new, pattern in (
        ("like_failures = 3", "like_failures = 13", "at most the 12"),
        ("like_flights = 12\nlike_failures = 3\n", "", "fewer than two flights"),
        ("value = 0.45", "value = 0.5", "add up to 1.05"),
    ):
        path = tmp_path / "own.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        refused(lambda path=path: load_failures(path), pattern)


def test_criteria_without_a_limit_are_one_line(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('title = "own"\n[sources]\nme = { text = "me", grade = "assumed" }\n[limits]\n', encoding="utf-8")
    refused(lambda: load_criteria(path), "no limit")
    path.write_text(path.read_text(encoding="utf-8") + 'collective = { value = -1e-4, source = "me" }\n', encoding="utf-8")
    refused(lambda: load_criteria(path), "limits.collective.value: found -0.0001")
