"""The command line: one JSON document or nothing on standard output, one line for bad input, nothing half-written."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import flown
from baiterek.catalogue.document import CATALOGUE
from baiterek.cli import app
from baiterek.cli.edge import EXTRAS

VEHICLE = (CATALOGUE / "vehicles" / "soyuz-5.toml").read_text(encoding="utf-8")
MISSION = flown.BUNDLED.read_text(encoding="utf-8")


def run(*words: str) -> "tuple[int, str, str]":
    answer = CliRunner().invoke(app, [str(word) for word in words])
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.exit_code, answer.stdout, answer.stderr


@pytest.fixture()
def solved(monkeypatch):
    """The optimiser's answer without the optimiser."""
    calls = []

    def optimise(mission, progress=None):
        calls.append(mission.name)
        if progress:
            progress("mesh 1")
        return flown.optimum()

    monkeypatch.setattr("baiterek.trajectory.optimise", optimise, raising=False)
    return calls


@pytest.mark.slow
def test_plan_writes_a_whole_folder_and_says_where(tmp_path, solved):
    code, out, err = run("plan", flown.BUNDLED, "--out", tmp_path, "--json")
    document = json.loads(out)
    folder = Path(document["folder"])
    assert folder.parent == tmp_path and Path(document["report"]).is_file()
    names = ("mission.toml mission-resolved.json provenance.json result.json trajectory.parquet optimum.parquet "
             "falls.parquet exports figures report.html report.pdf")  # fmt: skip
    assert {path.name for path in folder.iterdir()} == set(names.split())
    assert document["run"] == json.loads((folder / "provenance.json").read_text())["hash"]
    assert code == 1, "the hand-made flight misses its zones: that is no success"
    assert "optimising" in err and "mesh 1" in err


@pytest.mark.slow
def test_the_same_inputs_give_the_same_folder_and_the_same_numbers(tmp_path, solved):
    documents = [json.loads(run("fly", flown.BUNDLED, "--out", tmp_path, "--json")[1]) for _ in range(2)]
    assert documents[0] == documents[1]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.slow
def test_the_report_is_written_again_in_another_language(tmp_path, solved):
    folder = Path(json.loads(run("fly", flown.BUNDLED, "--out", tmp_path, "--json")[1])["folder"])
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    code, out, _ = run("report", folder, "--language", "ru")
    assert code == 0 and out.split() == [str(folder / "report-ru.html"), str(folder / "report-ru.pdf")]
    assert 'lang="ru"' in (folder / "report-ru.html").read_text(encoding="utf-8")
    assert all(path.read_bytes() == data for path, data in before.items()), "a stored run was changed"
    assert json.loads(run("report", folder, "--out", tmp_path / "x.pdf", "--json")[1]) == {"files": [str(tmp_path / "x.pdf")]}
    assert len(solved) == 1, "the mission was solved again"


@pytest.mark.slow
def test_the_text_is_in_the_language_that_was_asked_for(tmp_path, solved):
    _, out, _ = run("fly", flown.BUNDLED, "--language", "ru", "--out", tmp_path)
    assert "Наибольший скоростной напор".lower() in out and "17\u00a0000,0" in out
    assert 'lang="ru"' in next(tmp_path.glob("*/report.html")).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "place", "word"),
    [
        (("fly", flown.BUNDLED, "--language", "fr"), "--language", "fr"),
        (("report", ".", "--language", "ru"), "result.json", "No such file"),
        (("report", "RUN", "--out", "report.doc"), "--out", ".html"),
    ],
)
def test_a_report_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, words, place, word):
    monkeypatch.chdir(tmp_path)
    is_one_clear_line(*run(*words), place, word)
    assert not os.listdir(tmp_path)


@pytest.mark.slow
def test_without_typst_there_is_a_page_and_one_line(tmp_path, monkeypatch, solved):
    monkeypatch.setattr("baiterek.reports.pdf.find_spec", lambda name: None)
    _, out, err = run("fly", flown.BUNDLED, "--out", tmp_path, "--json")
    assert Path(json.loads(out)["report"]).is_file() and not list(tmp_path.glob("*/report.pdf"))
    assert [line for line in err.splitlines() if "typst" in line] == [line for line in err.splitlines() if "no PDF" in line]
    assert "baiterek[pdf]" in err


@pytest.mark.parametrize("verb", ["optimise", "fly"])
def test_without_out_nothing_is_written(tmp_path, monkeypatch, solved, verb):
    monkeypatch.chdir(tmp_path)
    _, out, _ = run(verb, flown.BUNDLED)
    assert "last attempt at: greatest payload" in out and "max q" in out
    assert not list(tmp_path.iterdir())


def test_no_result_is_exit_status_1_with_its_advice(monkeypatch):
    advice = "the target needs 312 m/s more than the vehicle has"
    failed = flown.optimum(status="infeasible", advice=advice)
    monkeypatch.setattr("baiterek.trajectory.optimise", lambda *_, **__: failed, raising=False)
    code, out, _ = run("optimise", flown.BUNDLED, "--json")
    assert code == 1 and json.loads(out)["advice"] == advice


@pytest.mark.parametrize(
    "words",
    [("check", flown.BUNDLED), ("catalogue",), ("catalogue", "vehicles"), ("catalogue", "vehicles", "soyuz-5"),
     ("catalogue", "sites", "baikonur-45"), ("catalogue", "orbits", "leo-200-51.6"),
     ("catalogue", "zones", "soyuz5-stage-1-51.6"), ("init",)],
    ids=lambda words: " ".join(Path(str(word)).name for word in words),
)  # fmt: skip
def test_json_is_one_document_and_text_is_not_empty(words):
    code, out, err = run(*words, "--json")
    assert code == 0 and not err
    json.loads(out)
    code, out, err = run(*words)
    assert code == 0 and out.strip() and not err


def test_init_writes_a_file_that_check_reads(tmp_path):
    target = tmp_path / "mine.toml"
    assert run("init", "soyuz5-leo", target)[0] == 0
    assert run("check", target)[0] == 0
    code, _, err = run("init", "soyuz5-leo", target)
    assert code == 2 and "nothing is overwritten" in err


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def without(text: str, start: str) -> str:
    lines = text.splitlines()
    assert any(line.startswith(start) for line in lines), start
    return "\n".join(line for line in lines if not line.startswith(start))


ORBIT = "perigee_altitude_km = {perigee}\napogee_altitude_km = 200\ninclination_deg = {inclination}"
BAD = {
    "an unknown key": (changed(MISSION, ("[payload]", "[payload]\ncolour = 1")), "colour"),
    "a missing number": (without(MISSION, "mass_kg"), "mass_kg"),
    "a number of the wrong type": (changed(MISSION, ("f107 = 150.0", 'f107 = "high"')), "f107"),
    "an inclination below the site": (
        changed(MISSION, ('orbit = "leo-200-51.6"', ORBIT.format(perigee=200, inclination=30))),
        "inclination",
    ),
    "an orbit inside the Earth": (
        changed(MISSION, ('orbit = "leo-200-51.6"', ORBIT.format(perigee=-300, inclination=52))),
        "perigee",
    ),
    "a date outside the tables": (changed(MISSION, ("2026-12-15", "2126-12-15")), "utc"),
    "an unknown vehicle": (changed(MISSION, ('vehicle = "soyuz-5"', 'vehicle = "soyuz-6"')), "soyuz-6"),
    "an unknown site": (changed(MISSION, ('site = "baikonur-45"', 'site = "baikonur-99"')), "baikonur-99"),
    "no TOML": ("name = = 3", "TOML"),
}  # fmt: skip


def is_one_clear_line(code: int, out: str, err: str, place: str, word: str) -> None:
    assert (code, out) == (2, ""), err
    lines = [line for line in err.splitlines() if line]
    assert len(lines) == 1 and "Traceback" not in err, err
    assert place in lines[0] and word in lines[0] and "found" in lines[0] and "allowed" in lines[0]


@pytest.mark.parametrize("verb", ["check", "plan"])
@pytest.mark.parametrize("case", BAD)
def test_a_bad_mission_is_one_line(tmp_path, monkeypatch, case, verb):
    monkeypatch.chdir(tmp_path)
    text, word = BAD[case]
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    is_one_clear_line(*run(verb, "bad.toml"), "bad.toml", word)
    assert os.listdir(tmp_path) == ["bad.toml"]


BAD_VEHICLE = {
    "a bare number": "dry_mass_t = 30.0",
    "a negative mass": 'dry_mass_t = { value = -1.0, sigma = 1.0, source = "fit" }',
    "an undeclared source": 'dry_mass_t = { value = 30.0, sigma = 1.0, source = "hearsay" }',
}


@pytest.mark.parametrize("case", BAD_VEHICLE)
def test_a_bad_vehicle_is_one_line(tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    line = next(line for line in VEHICLE.splitlines() if line.startswith("dry_mass_t"))
    (tmp_path / "rocket.toml").write_text(VEHICLE.replace(line, BAD_VEHICLE[case], 1), encoding="utf-8")
    (tmp_path / "m.toml").write_text(changed(MISSION, ('"soyuz-5"', '"rocket.toml"')), encoding="utf-8")
    is_one_clear_line(*run("check", "m.toml"), "rocket.toml", "dry_mass")


def test_a_stage_without_an_engine_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rocket.toml").write_text(_without_engines(VEHICLE), encoding="utf-8")
    (tmp_path / "m.toml").write_text(changed(MISSION, ('"soyuz-5"', '"rocket.toml"')), encoding="utf-8")
    is_one_clear_line(*run("check", "m.toml"), "rocket.toml", "engine")


def _without_engines(text: str) -> str:
    kept, dropping = [], False
    for line in text.splitlines():
        if line.startswith("["):
            dropping = "engine" in line
        kept += [] if dropping else [line]
    return "\n".join(kept)


@pytest.mark.parametrize("out", ["bad.toml", "bad.toml/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, solved, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text(MISSION, encoding="utf-8")
    code, stdout, err = run("plan", "bad.toml", "--out", out)
    said = "\n".join(line for line in err.splitlines() if "found" in line)
    place = "nowhere" if out.startswith("/") else "bad.toml"
    is_one_clear_line(code, stdout, said, place, "a folder that can be written")
    assert os.listdir(tmp_path) == ["bad.toml"]


@pytest.mark.slow
def test_an_interrupt_leaves_nothing_and_no_traceback(tmp_path):
    # A real process, interrupted while it writes: the renderer waits to be stopped.
    code = (
        "import sys, time; sys.path[:0] = [sys.argv[1]]; import flown, baiterek.trajectory, baiterek.cli as cli\n"
        "baiterek.trajectory.optimise = lambda mission, progress=None: flown.optimum()\n"
        "def wait(folder, language): print('writing', file=sys.stderr, flush=True); time.sleep(60)\n"
        "cli.walk._render = wait\n"
        "sys.argv[1:] = ['plan', sys.argv[2], '--out', sys.argv[3]]; cli.main()"
    )
    words = [sys.executable, "-c", code, str(flown.PROJECT / "tests"), str(flown.BUNDLED), str(tmp_path / "runs")]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    seen = ""
    while "writing\nwriting" not in seen.replace("baiterek: ", "") and process.poll() is None:
        seen += process.stderr.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    seen += process.stderr.read()
    assert process.wait(timeout=20) == 130, seen
    assert "interrupted, nothing was written" in seen and "Traceback" not in seen
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("words", "package", "extras"), [
    (("record", "people", "--database", "x.sqlite"), "sqlalchemy", "[record]"),
    (("serve", "--database", "x.sqlite"), "fastapi", "[record,web]"),
])  # fmt: skip
def test_a_package_that_is_not_installed_is_one_line_that_says_what_brings_it(tmp_path, words, package, extras):
    code = f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = {list(words)!r}; from baiterek.cli import main; main()"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"baiterek: {package} is not installed: pip install 'baiterek{extras}'")
    assert answer.stderr.count("\n") == 1


def test_the_extras_of_the_record_are_those_of_the_project():
    extras = tomllib.loads((flown.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    brought = {extra: {re.match(r"[\w-]+", one).group() for one in extras[extra]} for extra in ("record", "web")}
    called = {"argon2": "argon2-cffi", "multipart": "python-multipart"}
    known = {kind: {called.get(name, name) for name, extra in EXTRAS.items() if extra == kind} for kind in EXTRAS.values()}
    # Jinja brings markupsafe along.
    assert known == {"record": brought["record"], "record,web": brought["web"] - {"markupsafe"}}


@pytest.mark.parametrize("words", ["--help", "record --help", "record gates --help", "plan --help", "record nosuch", "nosuch"])
def test_what_a_call_does_not_ask_for_is_not_built_and_not_missed(words):
    """The program, which builds only what its words name, says what the whole command line says."""
    whole = [sys.executable, "-c", "from baiterek.cli import app; app(prog_name='baiterek')"]
    answers = [
        subprocess.run([*command, *words.split()], capture_output=True, text=True)
        for command in (whole, [Path(sys.executable).with_name("baiterek")])
    ]
    one, other = ((answer.returncode, answer.stdout, answer.stderr) for answer in answers)
    assert one == other and ("Usage" in one[1] or "nosuch" in one[2])


def test_no_command_pays_for_pydantic():
    words = ["check", str(flown.BUNDLED), "--json"]
    lines = (
        "import sys",
        "from baiterek.cli import app",
        "try:",
        f"    app({words!r})",
        "finally:",
        "    sys.exit('pydantic' in sys.modules)",
    )
    code = "\n".join(lines)
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0
