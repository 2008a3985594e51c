"""Many flights as people see them: the command, its refusals, the page and its figures."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import flown
from baiterek import cli
from baiterek.reports.language import language
from baiterek.reports.monte_carlo import interval, render_flights
from baiterek.study import monte_carlo as module
from baiterek.study.steering_file import read_steering, write_steering
from drawn import NAMES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The command on the bundled mission, a pitch programme by hand in place of the optimum."""

    def keep(of, journal, say):
        write_steering(journal / module.STEERING, flown.by_hand(flown.mission()))
        return read_steering(journal / module.STEERING)

    out = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_steering", keep)
        words = ["monte-carlo", str(flown.BUNDLED), "--flights", "400", "--design", "sobol", "--out", str(out), "--json"]
        return CliRunner().invoke(cli.app, [*words, "--guidance", "open"])


def test_the_command_leaves_a_folder_with_table_summary_figures_and_report(ran):
    assert ran.exit_code == 0
    document = json.loads(ran.stdout)
    assert document["drawn"] == 400 > document["flights"] and document["asked"]["design"] == "sobol"
    folder = Path(document["folder"])
    found = {path.name for path in folder.iterdir()}
    assert {"flights.parquet", "result.json", "provenance.json", "mission.toml", "steering.json", "report.html"} <= found
    assert {path.stem for path in (folder / "figures").iterdir()} == {"histograms", "correlations", "impacts", "drivers"}


def test_the_report_says_open_loop_on_every_figure_and_marks_what_is_unsure(ran):
    document = json.loads(ran.stdout)
    page = Path(document["report"]).read_text(encoding="utf-8")
    assert "Nothing corrects a deviation" in page
    for figure in (Path(document["folder"]) / "figures").iterdir():
        assert f"open loop · {document['flights']} flights, Sobol sequence, seed 5" in figure.read_text(encoding="utf-8")
    assert "stage-1.dry_mass_kg" in page and "‡" in page
    assert "http" not in page.partition("<main")[2].replace("http://www.w3.org", "")


def test_drawn_again_it_is_the_same(ran):
    document = json.loads(ran.stdout)
    folder = Path(document["folder"])
    before = (folder / "report.html").read_bytes()
    render_flights(folder)
    assert (folder / "report.html").read_bytes() == before


@pytest.mark.parametrize(
    "words, says",
    [
        (["--design", "halton"], "random, lhs, sobol"),
        (["--guidance", "by hand"], "closed, open"),
        (["--case", "flat-tyre"], "found flat-tyre; allowed: nominal, stage-1-shutdown"),
        (["--until", "insertion.altitude_m:0.99"], "column:quantile:width"),
        (["--until", "insertion.altitude_m:1.5:10"], "0 < quantile < 1"),
        (["--until", "insertion.altitude_m:0.5:10", "--design", "lhs"], "only with --design random"),
    ],
)
def test_what_cannot_be_flown_is_refused_in_one_line(tmp_path, words, says):
    done = CliRunner().invoke(cli.app, ["monte-carlo", str(flown.BUNDLED), "--out", str(tmp_path), *words])
    assert done.exit_code == 2 and says in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_spread_that_makes_a_mass_negative_is_told_before_anything_is_optimised(tmp_path):
    old = 'mass_t = { value = 2.229, sigma = 0.3994, source = "fit" }'
    wide = 'mass_t = { value = 2.229, sigma = 1.5, source = "rd171m" }'  # out of the fit, whose covariance would not fit it
    vehicle = Path(flown.mission().vehicle.file).read_text(encoding="utf-8")
    mission = flown.BUNDLED.read_text(encoding="utf-8")
    assert vehicle.count(old) == 1 and mission.count('vehicle = "soyuz-5"') == 1
    (tmp_path / "wide.toml").write_text(vehicle.replace(old, wide), encoding="utf-8")
    (tmp_path / "m.toml").write_text(mission.replace('"soyuz-5"', '"wide.toml"'), encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["monte-carlo", str(tmp_path / "m.toml"), "--out", str(tmp_path / "runs")])
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1
    assert "shroud.mass_kg" in done.stderr and "of the flights below 0" in done.stderr
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


def test_failures_stand_beside_the_numbers_and_not_among_them(ran):
    document = json.loads(ran.stdout)
    page = Path(document["report"]).read_text(encoding="utf-8")
    assert "stage-1-stuck-throttle" in page and "are of flights without a failure" in page
    assert document["flights"] + sum(row["flights"] for row in document["failures"]) == 400
    assert not [name for name in document["outputs"] if name.startswith(("failure.", "vehicle.impact."))]


@pytest.mark.parametrize("tongue", ["ru", "kk"])
def test_the_report_speaks_the_reader_s_language(ran, tongue, tmp_path):
    folder = Path(json.loads(ran.stdout)["folder"])
    done = CliRunner().invoke(cli.app, ["report", str(folder), "--language", tongue, "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.stderr
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|code|svg).*?</\1>|<span class=\"hash\">.*?</span>", " ", page, flags=re.S)
    text = NAMES.sub(" ", re.sub(r"<[^>]+>", " ", text))
    own = re.compile(r"flights\.parquet|result\.json|Baiterek")  # names of files and of the program
    assert not re.findall(r"[A-Za-z]{3,}[^<\n]*", own.sub(" ", text))
    drawn = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", page, flags=re.S))
    assert re.search("[а-я]", drawn) and not re.search(r"part of the variance|propellant margin|sobol|\bfit\b", drawn)
    assert re.search(r"\d,\d", drawn) and not re.search(r"\d\.\d", drawn)


def test_a_side_without_a_bound_is_left_open():
    assert interval([1.0, None, 2.5], language(), 1) == "1.0 (– to 2.5)"
