"""Ways up beside each other: the table, the page, the files; sums by tiles against sums over a ground in one piece."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import geopandas
import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import baiterek.trajectory
import flown
from baiterek import cli
from baiterek.catalogue.document import CATALOGUE
from baiterek.catalogue.exposure_file import load_exposure
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal, Points
from baiterek.safety.presence import presence, settling_of
from baiterek.safety.risk import Event, Pieces, assess
from baiterek.safety.tiles import expected
from baiterek.study.corridors import read_asked

slow = pytest.mark.slow


def test_sums_by_tiles_are_those_over_one_ground():
    """Two tiles' edge among the points, a normal footprint, a point in another hemisphere beside the ground of the others."""
    random, exposure = np.random.default_rng(2), load_exposure("baikonur-closed")
    points = Points(np.radians(random.normal(49.8, 1.0, 300)), np.radians(random.normal(69.7, 1.5, 300)))
    pieces = (
        Pieces("a", 3.0, 20.0, points, 1e4),
        Pieces("b", 1.0, 93.0, Normal(*np.radians((48.1, 67.8)), np.diag([4e8, 6e7]))),
    )
    events = [Event("nominal", "stage", 1.0, pieces[1:]), Event("stage-1", "shutdown", 0.1, pieces)]
    below = ground(40.0, 60.0, 60.0, 80.0, settling=settling_of(exposure))
    whole = assess(below, events, presence(below, exposure, 0.3))
    assert expected(events, exposure, 0.3) == pytest.approx([each.casualties for each in whole.expectations], rel=1e-9)


@pytest.mark.parametrize(
    ("given", "said"),
    [(("x", None, None), "--inclination"), ((None, "64", None), "--azimuth"), ((None, None, "13"), "1 to 12"),
     (("1," * 70 + "1", None, None), "60 or fewer")],
)  # fmt: skip
def test_lists_that_are_none_are_one_line(given, said):
    from baiterek.errors import InputError

    with pytest.raises(InputError, match=said) as refused:
        read_asked(*given, "far450", "steppe", "closed")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("command", ["safety", "corridors"])
def test_people_on_another_grid_are_refused_before_anything_is_planned(command, tmp_path, monkeypatch):
    monkeypatch.setattr(baiterek.trajectory, "optimise", lambda *_, **__: pytest.fail("planned"))
    own = (CATALOGUE / "exposures" / "open.toml").read_text(encoding="utf-8")
    before, bracket, after = own.partition("\n[")
    (tmp_path / "own.toml").write_text(f'{before}\ncounts = "grid.txt"\n{bracket}{after}', encoding="utf-8")
    (tmp_path / "grid.txt").write_text("1 2 3\n4 5 6\n")
    words = [command, str(flown.BUNDLED), "--exposure", str(tmp_path / "own.toml"), "--out", str(tmp_path / "runs")]
    refused = CliRunner().invoke(cli.app, words)
    assert refused.exit_code == 2 and "360 rows of 720 numbers" in refused.stderr and not (tmp_path / "runs").exists()


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Two months of the bundled mission, a pitch programme by hand in place of each optimum."""
    steering = flown.by_hand(flown.mission())
    optimum = SimpleNamespace(converged=True, steering=steering, status="converged", advice="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baiterek.trajectory, "optimise", lambda mission: optimum)
        words = ["corridors", str(flown.BUNDLED), "--month", "1,7", "--guidance", "open", "--language", "ru"]
        done = CliRunner().invoke(cli.app, [*words, "--out", str(tmp_path_factory.mktemp("runs")), "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@slow
def test_every_case_is_in_the_table_the_files_and_on_the_page(ran):
    folder = Path(ran["folder"])
    table = pandas.read_csv(folder / "corridors.csv")
    assert table["month"].tolist() == [1, 7] and (table["collective"] > table["planned"]).all()
    assert table["zones_hold"].notna().all(), "its own inclination keeps the mission's zones"
    shapes = geopandas.read_file(folder / "corridors.geojson")
    assert set(shapes["what"]) == {"drop area", "impact point trace"} and shapes.geometry.is_valid.all()
    assert len(shapes) == sum(1 + len(row["bodies"]) for row in ran["cases"])
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Ветер месяца" in page and page.count("НЕ ВЫПОЛНЕНО") >= 2 and "<svg" in page
    text = re.sub(r"<(style|script|code|svg).*?</\1>|<span class=\"hash\">.*?</span>", " ", page, flags=re.S)
    assert "In seconds a case" not in text and "Payload" not in text


@slow
def test_a_stored_comparison_is_shown_again_in_another_language(ran, tmp_path):
    done = CliRunner().invoke(cli.app, ["report", ran["folder"], "--language", "kk", "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.stderr
    assert "Айдың желі" in (tmp_path / "r.html").read_text(encoding="utf-8")
