"""`baiterek export`: files or one line, nothing half-written."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import flown
from baiterek.cli import app
from baiterek.reports.exports import FORMATS
from baiterek.study.results import save


def run(*words):
    answer = CliRunner().invoke(app, [str(word) for word in words])
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.exit_code, answer.stdout, answer.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(flown.result(), flown.mission(), tmp_path_factory.mktemp("runs"), None)


@pytest.fixture(scope="module")
def undated(tmp_path_factory):
    summary = {**flown.result().summary, "lift_off": None}
    return save(replace(flown.result(), summary=summary), flown.mission(), tmp_path_factory.mktemp("undated"), None)


def test_without_a_format_every_file_is_written(folder):
    code, out, err = run("export", folder, "--json")
    document = json.loads(out)
    assert code == 0 and not err and not document["missing"]
    assert {path.name for path in (folder / "exports").iterdir()} == {form.file for form in FORMATS.values()} | {"falls.csv"}


@pytest.mark.parametrize("form", FORMATS)
def test_one_format_goes_where_it_is_told(folder, tmp_path, form):
    target = tmp_path / "new" / "mine.x"
    code, out, _ = run("export", folder, "--format", form, "--out", target)
    assert code == 0 and out.split()[0] == str(target)
    expected = {"mine.x", "mine-falls.x"} if form == "csv" else {"mine.x"}
    assert {path.name for path in target.parent.iterdir()} == expected


def test_an_undated_run_says_why_and_writes_the_rest(undated, tmp_path):
    code, out, _ = run("export", undated, "--json")
    document = json.loads(out)
    assert code == 0 and set(document["missing"]) == {"oem", "opm", "czml"}
    assert all("no date" in reason for reason in document["missing"].values())
    assert set(document["written"]) == {"kml", "geojson", "csv", "netcdf"}
    code, out, err = run("export", undated, "--format", "czml", "--out", tmp_path / "a" / "scene.czml")
    assert code == 2 and not out and len(err.strip().splitlines()) == 1 and "no date" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [(("missing",), "a results folder"), (("FOLDER", "--format", "stl"), "oem, opm, czml"),
     (("FOLDER", "--out", "x"), "--format"), (("FOLDER", "--format", "csv", "--out", "FILE/below.csv"), "a folder that can")],
)  # fmt: skip
def test_bad_input_is_one_line(folder, tmp_path, words, said):
    (tmp_path / "file").write_text("")
    words = [word.replace("FOLDER", str(folder)).replace("FILE", str(tmp_path / "file")) for word in words]
    code, out, err = run("export", *words)
    assert (code, out) == (2, "") and len(err.strip().splitlines()) == 1 and said in err and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
