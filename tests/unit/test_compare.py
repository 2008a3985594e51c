"""`baiterek compare`: inputs first, then results; a run and itself are identical; bad input is one line."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

import baiterek
import flown
from baiterek.cli import app
from baiterek.flight import simulate
from baiterek.study import read
from baiterek.study.difference import as_text, compare
from baiterek.study.provenance import provenance
from baiterek.study.results import MissionResult, columns_of, save
from baiterek.study.summary import summary


def flown_as(mission, folder):
    flight = simulate(mission, flown.by_hand(mission))
    document = summary(mission, flown.optimum(history=flight, steering=flight.steering), flight)
    falls = {fall.name: fall.columns for fall in flight.falls}
    result = MissionResult(document, provenance(mission, "plan"), columns_of(flight), columns_of(flight), falls)
    return save(result, mission, folder, None)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    calm = baiterek.change(flown.mission(), {"limits.dynamic_pressure_kPa": 40.0, "environment.wind": "none"})
    return flown_as(flown.mission(), folder), flown_as(calm, folder)


def run(*words):
    answer = CliRunner().invoke(app, ["compare", *map(str, words)])
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.exit_code, answer.stdout, answer.stderr


def test_a_run_and_itself_are_identical(runs):
    code, out, err = run(runs[0], runs[0])
    assert code == 0 and not err and "identical" in out
    document = json.loads(run(runs[0], runs[0], "--json")[1])
    assert document["identical"] and not (document["inputs"] or document["results"] or document["columns"])


def test_inputs_come_first_and_are_those_that_were_changed(runs):
    code, out, _ = run(*runs, "--json")
    document = json.loads(out)
    assert code == 0 and not document["identical"]
    inputs = {item["what"]: (item["one"], item["other"]) for item in document["inputs"]}
    assert inputs == {"limits.dynamic_pressure_Pa": (50e3, 40e3), "environment.wind": ("climatology", "none")}
    text = run(*runs)[1]
    assert text.index("inputs that differ") < text.index("results that differ") < text.index("columns, greatest")


def test_results_and_columns_differ_by_what_the_runs_differ(runs):
    one, other = map(read, runs)
    found = compare(one, other)
    apogee = next(item for item in found.results if item.what == "orbit apogee_altitude_km")
    assert apogee.change == other.summary["achieved"]["apogee_altitude_km"] - one.summary["achieved"]["apogee_altitude_km"]
    gap = next(gap for gap in found.columns if gap.column == "altitude_m")
    steps = other.trajectory["altitude_m"] - one.trajectory["altitude_m"]  # both were flown by the same clock
    assert abs(gap.difference) == np.abs(steps).max() and one.trajectory["t_s"][np.abs(steps).argmax()] == gap.t_s


def test_python_and_the_notebook_say_the_same(runs, tmp_path):
    found = baiterek.compare(*runs)
    assert json.loads(run(*runs, "--json")[1]) == {**json.loads(json.dumps(found.document())), "figure": None}
    assert "limits.dynamic_pressure_Pa" in found._repr_html_() and "altitude_m" in found._repr_html_()
    assert len(repr(found)) < 160
    assert baiterek.export(baiterek.read(runs[0]), "kml", tmp_path / "a.kml") == [tmp_path / "a.kml"]
    with pytest.raises(baiterek.InputError, match="not on disk"):
        baiterek.compare(flown.result(), runs[0])


def test_an_angle_differs_by_the_short_way_round(runs):
    one = read(runs[0])
    over = {**one.trajectory, "longitude_deg": np.full_like(one.trajectory["t_s"], 179.0)}
    beyond = {**one.trajectory, "longitude_deg": np.full_like(one.trajectory["t_s"], -179.0)}
    gaps = compare(replace(one, trajectory=over), replace(one, trajectory=beyond)).columns
    assert [(gap.column, gap.difference) for gap in gaps] == [("longitude_deg", 2.0)]


def test_runs_of_different_length_are_compared_while_both_fly(runs):
    one = read(runs[0])
    short = {name: column[:200] for name, column in one.trajectory.items()}
    assert compare(replace(one, trajectory=short), one).identical


def test_the_figure_shows_both_runs(runs, tmp_path):
    code, out, _ = run(*runs, "--out", tmp_path / "new", "--json")
    figure = tmp_path / "new" / "compare.svg"
    assert code == 0 and json.loads(out)["figure"] == str(figure)
    words = "".join(ElementTree.parse(figure).getroot().itertext())
    assert all(folder.name in words for folder in runs)
    for label in ("altitude, km", "dynamic pressure, kPa", "mass, t", "time since lift-off, s"):
        assert label in words
    assert [path.name for path in figure.parent.iterdir()] == ["compare.svg"]


def test_runs_of_different_vehicles_say_what_only_one_has(runs):
    one = read(runs[0])
    fewer = {**one.summary, "impacts": one.summary["impacts"][:1]}
    text = as_text(compare(one, replace(one, summary=fewer)))
    assert "fairing falls: latitude_deg" in text and "none" in text and "inputs: the same" in text


@pytest.mark.parametrize("words", [("RUN", "missing"), ("missing", "RUN"), ("RUN", "RUN", "--out", "FILE")])
def test_bad_input_is_one_line(runs, tmp_path, words):
    (tmp_path / "file").write_text("")
    words = [word.replace("RUN", str(runs[0])).replace("FILE", str(tmp_path / "file")) for word in words]
    code, out, err = run(*words)
    assert (code, out) == (2, "") and len(err.strip().splitlines()) == 1 and "allowed" in err
