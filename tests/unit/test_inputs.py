"""Files that a mission names lie beside its results, and the mission there reads the same as where it came from."""

from __future__ import annotations

import json
import shutil

import flown
from baiterek.catalogue.read import load_mission
from baiterek.study.inputs import copy_inputs, mission_in, named_files
from baiterek.study.provenance import provenance
from baiterek.study.results import write_mission

SQUARE = [[78.0, 49.5], [80.0, 49.5], [80.0, 50.5], [78.0, 50.5], [78.0, 49.5]]


def own_zones(folder, name="../zones/own.geojson"):
    """The bundled mission with a zone of a file beside it; the file it is in."""
    (folder / "missions").mkdir()
    (folder / "zones").mkdir()
    outline = {"type": "Feature", "properties": {"name": "own"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    (folder / "zones" / "own.geojson").write_text(json.dumps(outline), encoding="utf-8")
    text = flown.BUNDLED.read_text(encoding="utf-8")
    before, _, after = text.partition('stage-1 = "soyuz5-stage-1-51.6"')
    assert after, "the bundled mission names its zones otherwise"
    file = folder / "missions" / "own.toml"
    file.write_text(f'{before}stage-1 = "{name}"{after}', encoding="utf-8")
    return file


def test_a_mission_with_a_zone_of_a_file_can_be_read_where_its_results_are(tmp_path):
    file = own_zones(tmp_path)
    mission = load_mission(file)
    run = tmp_path / "run"
    run.mkdir()
    write_mission(run / "mission.toml", mission)
    assert (run / "mission.toml").read_bytes() == file.read_bytes()
    stamped = provenance(mission, "plan")["inputs"]
    shutil.rmtree(tmp_path / "zones")
    again = load_mission(mission_in(run))
    assert again.zones["stage-1"] == mission.zones["stage-1"]
    assert provenance(again, "plan")["hash"] == provenance(mission, "plan")["hash"]
    assert any(key == "file own.geojson" for key in stamped)


def test_a_mission_that_names_no_file_leaves_no_folder(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    write_mission(run / "mission.toml", flown.mission())
    assert [path.name for path in run.iterdir()] == ["mission.toml"] and mission_in(run) == run / "mission.toml"


def test_files_that_files_name_are_found(tmp_path):
    (tmp_path / "people.txt").write_text("1 2 3\n")
    (tmp_path / "own.toml").write_text('title = "not a file"\ncounts = "people.txt"\nlong = "' + "ы" * 200 + '"\n')
    (tmp_path / "top.toml").write_text('other = "own.toml"\nlist = [{ again = "own.toml" }]\n')
    assert {path.name for path in named_files(tmp_path / "top.toml")} == {"own.toml", "people.txt"}
    run = tmp_path / "run"
    run.mkdir()
    copy_inputs(run, tmp_path / "top.toml", tmp_path / "top.toml", [tmp_path / "own.toml", tmp_path / "nothing.toml"])
    assert sorted(path.name for path in (run / "inputs").iterdir()) == ["own.toml", "people.txt", "top.toml"]
