"""The results folder appears whole or not at all, is a function of its inputs, and reads back as it was written."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

import flown
from baiterek.errors import InputError
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.provenance import canonical, code_hash, digest, provenance
from baiterek.study.results import read, save


def test_a_folder_that_fails_half_way_leaves_nothing(tmp_path):
    def fill(folder):
        (folder / "first").write_text("1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole_folder(tmp_path / "new" / "runs", "run", fill)
    assert not list(tmp_path.iterdir())


def test_a_failed_second_run_leaves_the_first_as_it_was(tmp_path):
    whole_folder(tmp_path, "run", lambda folder: (folder / "a").write_text("first") and None)

    def fill(folder):
        (folder / "a").write_text("second")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        whole_folder(tmp_path, "run", fill)
    assert (tmp_path / "run" / "a").read_text() == "first"
    assert os.listdir(tmp_path) == ["run"]


def test_a_second_run_replaces_the_first_whole(tmp_path):
    whole_folder(tmp_path, "run", lambda folder: (folder / "old").write_text("") and None)
    whole_folder(tmp_path, "run", lambda folder: (folder / "new").write_text("x") and None)
    assert os.listdir(tmp_path) == ["run"] and os.listdir(tmp_path / "run") == ["new"]


def test_what_a_killed_process_left_is_swept(tmp_path):
    killed = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    (tmp_path / f".run.partial-{killed.stdout.strip()}").mkdir()
    whole_folder(tmp_path, "run", lambda folder: None)
    assert os.listdir(tmp_path) == ["run"]


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_the_way_is_one_line(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a folder that can be written"):
        check_writable(tmp_path / place)
    with pytest.raises(InputError, match="a folder that can be written"):
        whole_folder(tmp_path / place, "run", lambda folder: None)


def test_the_hash_knows_every_number_and_no_place():
    mission = flown.mission()
    before = digest(canonical(mission))
    assert digest(canonical(replace(mission, file="elsewhere/mission.toml"))) == before
    heavier = replace(mission.vehicle.stages[1], dry_mass_kg=mission.vehicle.stages[1].dry_mass_kg * (1 + 1e-15))
    stages = (mission.vehicle.stages[0], heavier)
    assert digest(canonical(replace(mission, vehicle=replace(mission.vehicle, stages=stages)))) != before
    assert digest(canonical(replace(mission, seed=mission.seed + 1))) != before
    wind = mission.environment.wind_east
    gust = mission.environment._replace(wind_east=wind._replace(base=wind.base + 1e-9))
    assert digest(canonical(replace(mission, environment=gust))) != before


def test_the_hash_is_the_same_in_another_process_and_without_the_clock():
    here = provenance(flown.mission(), "plan")
    code = (
        "import sys; from baiterek.catalogue.read import load_mission\n"
        "from baiterek.study.provenance import provenance\n"
        "print(provenance(load_mission(sys.argv[1]), 'plan')['hash'])"
    )
    there = subprocess.run([sys.executable, "-c", code, str(flown.BUNDLED)], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here["hash"]
    assert "computed_utc" not in here["covered"]


def test_the_code_is_part_of_the_hash(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    before = code_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"anything")
    assert code_hash(tmp_path) == before
    (tmp_path / "a.py").write_text("x = 2\n")
    assert code_hash(tmp_path) != before


def test_a_result_reads_back_as_it_was_written(tmp_path):
    written = flown.result()
    folder = save(written, flown.mission(), tmp_path, None)
    assert folder.name == f"2026-12-15-soyuz5-leo-{written.hash[:8]}"
    back = read(folder)
    assert back.summary == json.loads(json.dumps(written.summary)) and back.provenance == written.provenance
    for name, column in written.trajectory.items():
        np.testing.assert_array_equal(back.trajectory[name], column, err_msg=name)
    assert list(back.falls) == list(written.falls)
    for body, columns in written.falls.items():
        np.testing.assert_array_equal(back.falls[body]["altitude_m"], columns["altitude_m"])
    assert (folder / "mission.toml").read_bytes() == flown.BUNDLED.read_bytes()


def test_every_column_says_its_unit_and_its_name(tmp_path):
    folder = save(flown.result(), flown.mission(), tmp_path, None)
    schema = pq.read_schema(folder / "trajectory.parquet")
    for field in schema:
        about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        assert about.get("unit") and about.get("title"), field.name
    assert schema.metadata[b"run"].decode() == flown.result().hash


def test_a_folder_of_another_version_is_one_line(tmp_path):
    folder = save(flown.result(), flown.mission(), tmp_path, None)
    stored = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    for schema in (stored["schema"] - 1, None):
        older = {key: value for key, value in (stored | {"schema": schema}).items() if value is not None or key != "schema"}
        (folder / "result.json").write_text(json.dumps(older), encoding="utf-8")
        with pytest.raises(InputError, match=r"schema: found (\d+|none); allowed: \d+, .*plan the mission again"):
            read(folder)
