"""The Python face: the command line's walk as functions, records that show themselves, nothing heavy at import."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest
import xarray

import baiterek
import flown
from baiterek.catalogue.changes import toml_text
from baiterek.catalogue.document import read_document
from baiterek.columns import COLUMNS
from baiterek.study.flight import Flight
from baiterek.study.provenance import canonical, digest
from baiterek.study.results import save


@pytest.fixture()
def solved(monkeypatch):
    """The optimiser's answer without the optimiser."""
    monkeypatch.setattr("baiterek.trajectory.optimise", lambda mission, progress=None: flown.optimum(), raising=False)


@pytest.mark.slow
def test_the_walk_is_that_of_the_command_line(tmp_path, solved):
    mission = baiterek.load(flown.BUNDLED)
    optimum = baiterek.optimise(mission)
    flight = baiterek.fly(mission, optimum.steering)
    np.testing.assert_array_equal(flight.history["altitude_m"], flown.flight()["altitude_m"])
    result = baiterek.plan(mission, tmp_path)
    assert result.folder.parent == tmp_path and (result.folder / "report.html").is_file()
    back = baiterek.read(result.folder)
    assert back.hash == result.hash and back.summary["events"] == result.summary["events"] == flight.events
    assert back.summary["impacts"] == flight.impacts and back.summary["achieved"] == flight.orbit


def test_a_plan_without_out_writes_nothing(tmp_path, monkeypatch, solved):
    monkeypatch.chdir(tmp_path)
    assert baiterek.plan(flown.BUNDLED, out=None).folder is None
    assert not list(tmp_path.iterdir())


def test_no_steering_is_refused_with_a_reason():
    with pytest.raises(baiterek.NotConverged, match="did not converge"):
        baiterek.fly(flown.mission(), None)


@pytest.mark.parametrize("folder", ["missing", "missions"])
def test_a_folder_that_is_no_result_is_one_line(folder):
    with pytest.raises(baiterek.InputError, match="a results folder") as caught:
        baiterek.read(flown.PROJECT / folder)
    assert "\n" not in str(caught.value)


def test_a_result_with_a_broken_file_is_one_line(tmp_path):
    (tmp_path / "result.json").write_text("{")
    with pytest.raises(baiterek.InputError, match="a results folder"):
        baiterek.read(tmp_path)


def test_changes_are_read_like_the_file_in_any_unit():
    mission = flown.mission()
    changed = baiterek.change(mission, {"limits.dynamic_pressure_Pa": np.float64(40e3), "limits.turn_rate_deg_s": None})
    assert changed.limits.dynamic_pressure_Pa == 40e3 and changed.limits.turn_rate_rad_s is None
    assert changed.resolved["limits"]["dynamic_pressure_Pa"] == 40e3
    assert mission.limits.dynamic_pressure_Pa == 50e3, "the first mission is what it was"
    further = baiterek.change(changed, {"payload.adapter_kg": 100.0})
    assert further.limits.dynamic_pressure_Pa == 40e3 and further.adapter_kg == 100.0
    again = baiterek.load(flown.BUNDLED, further.changes)
    assert digest(canonical(again)) == digest(canonical(further)) != digest(canonical(mission))


def test_a_number_of_the_vehicle_is_changed_with_its_source():
    path = "override.stage-2.dry_mass_t"
    datum = {"value": 6.5, "sigma": 0.5, "source": "mine"}
    changes = {path: datum, "sources.mine": {"text": "weighed", "grade": "H"}}
    assert baiterek.change(flown.mission(), changes).vehicle.data["stage-2.dry_mass_kg"].value == 6500.0


@pytest.mark.parametrize(
    "change",
    [
        {"limits.colour": 1.0},
        {"limits.dynamic_pressure_kPa": -1.0},
        {"vehicle": "soyuz-6"},
        {"override.stage-2.dry_mass_t": 6.5},
    ],
)
def test_a_bad_change_is_one_line(change):
    with pytest.raises(baiterek.InputError) as caught:
        baiterek.change(flown.mission(), change)
    assert next(iter(change)).split(".")[-1].rpartition("_")[0] in str(caught.value)
    assert "allowed" in str(caught.value) and "\n" not in str(caught.value)


def test_a_changed_mission_lies_in_its_folder_as_it_was_flown(tmp_path):
    when = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    changed = baiterek.change(flown.mission(), {"epoch.utc": when, "limits.dog_leg": True, "target.inclination_deg": 63.4})
    folder = save(flown.result(), changed, tmp_path, None)
    read_back = baiterek.load(folder / "mission.toml")
    assert digest(canonical(read_back)) == digest(canonical(changed))


@pytest.mark.parametrize("file", sorted((flown.PROJECT / "missions").rglob("*.toml")), ids=lambda file: file.stem)
def test_toml_text_reads_back_as_the_same_tables(tmp_path, file):
    document = read_document(file)
    (tmp_path / "again.toml").write_text(toml_text(document), encoding="utf-8")
    assert read_document(tmp_path / "again.toml") == document


@pytest.mark.slow
def test_every_variable_says_its_unit_its_name_and_where_it_has_one_its_frame():
    history = flown.flight()
    for dataset in (history.to_xarray(), history.falls[0].to_xarray(), flown.result().to_xarray()):
        assert isinstance(dataset, xarray.Dataset)
        for name, variable in {**dataset.data_vars, **dataset.coords}.items():
            assert variable.attrs["units"] and variable.attrs["long_name"], name
            assert variable.attrs.get("frame", "") == COLUMNS[name].frame
    dataset = history.to_xarray()
    np.testing.assert_array_equal(dataset["altitude_m"], history["altitude_m"])
    assert dataset["phase"].attrs["flag_meanings"].split()[0] == history.phases[0].replace(" ", "_")


def test_an_instant_can_be_asked_for_once_the_doubled_ones_are_decided():
    t_s = np.unique(flown.flight().t_s)
    dataset = flown.flight().to_xarray().drop_duplicates("t_s", keep="last")
    assert list(dataset["t_s"]) == list(t_s)
    assert (
        dataset["altitude_m"].sel(t_s=100.2, method="nearest")
        == flown.flight()["altitude_m"][list(flown.flight().t_s).index(100.0)]
    )


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert not {"src", "href"} & {key for key, _ in attrs}, "a notebook fetches nothing"
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def optimum():
    from baiterek.trajectory import LimitVerdict, Optimum

    verdict = LimitVerdict("turn_rate_rad_s", "rad/s", np.pi / 180.0, np.pi / 60.0, False, True)
    return Optimum(
        "infeasible", "300 m/s <missing>", 1.0, 1.0, flown.flight().steering, limits=(verdict,), missing={"speed_m_s": 3.0}
    )


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (flown.mission(), ("Soyuz-5", "most payload", "dynamic pressure", "Pa", "soyuz5-stage-1-51.6")),
        (optimum(), ("300 m/s <missing>", "turn rate", "deg/s", "3", "m/s")),
        (Flight(flown.mission(), flown.flight()), ("max q", "altitude, km", "inclination", "deg", "OUTSIDE")),
        (flown.flight(), ("dynamic_pressure_Pa", "Mach number", "m/s2")),
        (flown.result(), ("1 sigma", "kg", "max q", "BUT")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_record_shows_itself(record, said):
    page = Tags(record._repr_html_())
    assert not page.open
    text = " ".join(page.words)
    for word in said:
        assert word in text, word
    assert not re.search(r"\bnan\b|None", text)
    assert len(repr(record)) < 160 and "\n" not in repr(record)


def test_the_import_is_light():
    code = "import sys, baiterek; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "casadi", "numba", "matplotlib", "xarray", "baiterek.api"} & set(loaded)


def test_what_is_not_offered_is_an_attribute_error():
    with pytest.raises(AttributeError, match="colour"):
        baiterek.colour  # noqa: B018
    assert set(baiterek.__all__) <= set(dir(baiterek))


def test_without_xarray_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"pip install 'baiterek\[notebook\]'"):
        flown.flight().to_xarray()
