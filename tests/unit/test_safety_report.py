"""A safety case as people and other programs see it: the command, its folder, page, figures, and files read by other hands.

Authorities: `geopandas` with GDAL (KML, GeoJSON), `czml3` (CZML), `pandas` (CSV, Parquet); conservation of the sums.
"""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import geopandas
import numpy as np
import pandas
import pytest
import shapely
from czml3.core import Document, Packet
from typer.testing import CliRunner

import baiterek.trajectory
import flown
from baiterek import cli
from baiterek.safety.footprint import footprint
from baiterek.safety.outline import flat_ring
from baiterek.safety.published import SIZES, laid_on
from baiterek.study.safety_files import footprints
from drawn import NAMES

slow = pytest.mark.slow
FILES = {
    "result.json", "provenance.json", "mission.toml", "footprints.geojson", "contours.geojson", "corridor.geojson",
    "craft.geojson", "safety.kml", "safety.czml", "impacts.parquet", "footprints.csv", "risk.csv", "over_time.csv",
    "population.csv",
    "verdicts.csv", "drivers.csv", "cut_off.csv", "report.html", "figures",
}  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The command on the bundled mission, a pitch programme by hand in place of the optimum."""
    steering = flown.by_hand(flown.mission())
    optimum = SimpleNamespace(require=lambda: SimpleNamespace(steering=steering))
    words = [
        "safety",
        str(flown.BUNDLED),
        "--flights",
        "40",
        "--moments",
        "6",
        "--samples",
        "4",
        "--exposure",
        "baikonur-closed",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baiterek.trajectory, "optimise", lambda mission, progress=None: optimum)
        done = CliRunner().invoke(cli.app, [*words, "--out", str(tmp_path_factory.mktemp("runs")), "--json"])
    assert done.exit_code == 1, done.stderr  # limits are exceeded
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(ran):
    return Path(ran["folder"])


@slow
def test_the_command_leaves_a_folder_with_page_figures_and_files(folder):
    assert {path.name for path in folder.iterdir()} >= FILES
    assert {"footprints", "risk", "over-time"} <= {path.stem for path in (folder / "figures").iterdir()}


def test_two_impact_points_have_ellipses_and_no_density():
    """What breaks up in two flights of many: a kernel has no width across the line between them."""
    two = footprint("stage-1", np.radians([47.0, 47.1]), np.radians([67.0, 67.2]), flown.mission().environment)
    shapes = footprints(SimpleNamespace(footprints=[two], deorbit=None))["features"]
    assert {each["geometry"]["type"] for each in shapes} == {"Point", "Polygon"}


@slow
def test_every_figure_says_its_run_and_what_is_assumed(ran, folder):
    for figure in (folder / "figures").iterdir():
        drawn = figure.read_text(encoding="utf-8")
        assert ran["run"][:8] in drawn and "closed loop" in drawn and "hatched zones are assumed" in drawn


@slow
def test_the_page_says_verdicts_marks_intervals_and_method(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", page)
    assert "NOT MET" in text and "not assessed" in text and "450.115(c)" in text and "RP-327 70 × 40 km" in text
    assert re.search(r"\d+\.\d \(\d+\.\d to \d+\.\d\)", text), "containment without an interval"
    assert page.count("†") > 5
    assert "http" not in page.partition("<main")[2].replace("http://www.w3.org", "")


@slow
def test_sums_over_moments_and_over_cells_are_the_total(ran, folder):
    risk = ran["risk"]
    over_time = pandas.read_csv(folder / "over_time.csv")
    failures = float(over_time[["shutdown", "explosion", "turn"]].sum().sum())
    assert failures + risk["planned"] == pytest.approx(risk["collective"], rel=1e-9)
    assert float(over_time["probability"].sum()) == pytest.approx(ran["failures"]["probability"], rel=1e-9)
    cells = pandas.read_csv(folder / "population.csv")
    assert len(cells) < 5000 and float(cells["casualties"].sum()) == pytest.approx(risk["collective"], rel=1e-9)
    errors = ran["sampling_error"]["by_cause"].values()
    assert np.sqrt(sum(error**2 for error in errors)) == pytest.approx(risk["sampling_error"], rel=1e-9)


@slow
def test_errors_of_districts_are_told_and_the_sum_has_no_more_than_all_of_them(ran, folder):
    """Of each district with casualties; the error of the sum is at most their sum (triangle inequality)."""
    table = pandas.read_csv(folder / "risk.csv")
    districts = table[table["kind"] == "by_district"]
    assert len(districts) == len(ran["risk"]["by_district"]) and (districts["sampling_error"] > 0.0).any()
    assert districts["sampling_error"].sum() >= ran["risk"]["sampling_error"] * (1 - 1e-9)


@slow
def test_driving_assumptions_are_on_the_page_and_in_the_folder(ran, folder):
    """Linear in the probability of failure; two shares that add up to one pull the sum to the same ends."""
    table = pandas.read_csv(folder / "drivers.csv").set_index("name")
    risk, chance = ran["risk"], table.loc["probability of failure"]
    assert chance["high"] == pytest.approx(risk["collective"], rel=1e-9) and risk["planned"] < chance["low"] < chance["high"]
    first, last = (table.loc[f"share of stage-{n} in all failures"] for n in (1, 2))
    assert first["low"] == pytest.approx(last["high"], rel=1e-9) and first["high"] == pytest.approx(last["low"], rel=1e-9)
    assert 0.5 * (first["low"] + first["high"]) == pytest.approx(risk["collective"], rel=1e-9)
    reaches = (table["high"] - table["low"]).abs()
    assert reaches.is_monotonic_decreasing and len(table) > 10
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Driving assumptions" in page and "part of the people in light roof by day" in page


@slow
def test_corridor_and_cut_off_lines_are_in_every_file(ran, folder):
    """PROJ measures: the lines lie off the nominal impact point by what the table says, within the corridor's half width."""
    from pyproj import Geod

    shapes = geopandas.read_file(folder / "corridor.geojson")
    area, lines = shapes[shapes["what"] == "corridor"].geometry.iloc[0], shapes[shapes["what"] == "cut-off line"]
    assert area.is_valid and area.exterior.is_ccw and len(lines) == 2
    site, rows = ran["site"], pandas.read_csv(folder / "cut_off.csv")
    assert area.contains(shapely.Point(site["longitude_deg"], site["latitude_deg"]))
    assert np.allclose(rows["allowed_km"], np.maximum(rows["half_width_km"] - rows["debris_km"], 0.0), atol=1e-3)
    geod, azimuth = Geod(ellps="WGS84"), ran["corridor"]["azimuth_deg"]
    near = rows[rows["range_km"] < 2000.0]
    for _, row in near.iterrows():
        lon, lat, _ = geod.fwd(site["longitude_deg"], site["latitude_deg"], azimuth, 1e3 * row["range_km"])
        for side in ("left", "right"):
            away = geod.inv(lon, lat, row[f"{side}_longitude_deg"], row[f"{side}_latitude_deg"])[2] / 1e3
            assert away == pytest.approx(row["allowed_km"], rel=2e-3, abs=0.05)
    assert len(near) > 1
    globe = (folder / "safety.kml").read_text(encoding="utf-8"), (folder / "safety.czml").read_text(encoding="utf-8")
    assert all("corridor of 14 CFR 420, App. A" in text and "cut-off line, left" in text for text in globe)
    assert "corridor of 14 CFR 420" in (folder / "figures" / "risk.svg").read_text(encoding="utf-8")


@slow
def test_impact_points_stand_for_the_pieces_that_are_expected(ran, folder):
    points = pandas.read_parquet(folder / "impacts.parquet")
    nominal = points[points["phase"] == "nominal"]
    assert nominal["t_s"].isna().all() and points.loc[points["phase"] != "nominal", "t_s"].notna().all()
    # The vehicle's fairing falls in two halves, whole.
    assert float(nominal.loc[nominal["cause"] == "fairing", "pieces"].sum()) == pytest.approx(2.0, rel=1e-5)
    for row in ran["footprints"]:
        name = row["body"] if row["body"] in set(nominal["piece"]) else row["body"].partition(": ")[2]
        of = nominal[nominal["piece"] == name]
        assert len(of) == row["points"]
        assert float(of["latitude_deg"].mean()) == pytest.approx(row["latitude_deg"], abs=0.05)


@slow
def test_kml_holds_what_geojson_holds(folder):
    layers = [
        geopandas.read_file(folder / "safety.kml", layer=name) for name in geopandas.list_layers(folder / "safety.kml")["name"]
    ]
    globe = pandas.concat(layers)
    globe = globe.set_index("Name" if "Name" in globe else "name")
    flat = geopandas.read_file(folder / "footprints.geojson")
    for _, row in flat[flat["sigmas"].notna()].iterrows():
        other = globe.geometry[f"{row['body']}, {row['sigmas']:g} sigma"]
        assert other.equals_exact(row.geometry.normalize(), 1e-6) or other.normalize().equals_exact(
            row.geometry.normalize(), 1e-6
        )
    contours = geopandas.read_file(folder / "contours.geojson").set_index("individual_risk")
    for level, area in contours.geometry.items():
        if not area.is_empty:
            line = globe.geometry[f"individual risk {level:.0e}"]
            assert line.length == pytest.approx(area.boundary.length, rel=1e-6)
    assert "zone of stage-1" in globe.index and globe.geometry.is_valid.all()


@slow
def test_aircraft_and_ships_are_judged_with_the_place_and_drawn(ran, folder):
    """The worst place lies outside every closed area, within the contour where the limit is exceeded (shapely)."""
    shapes = geopandas.read_file(folder / "craft.geojson")
    shapes = shapes[shapes["craft"] == "aircraft"].set_index("what")
    found, verdict = ran["craft"]["aircraft"], next(row for row in ran["verdicts"] if row["what"] == "aircraft")
    assert verdict["found"] == found["outside"]["expected"] and verdict["holds"] is (verdict["found"] <= 1e-6)
    worst, closed = shapes.geometry["greatest outside"], shapes.loc["closed area"]
    assert set(closed["body"]) == {"pad", "stage-1", "fairing"} and not closed.geometry.contains(worst).any()
    assert not verdict["holds"] and shapes.geometry["contour"].is_valid and shapes.geometry["contour"].distance(worst) < 0.05
    globe = (folder / "safety.kml").read_text(encoding="utf-8")
    assert "closed to aircraft: stage-1" in globe and "aircraft that is there: 1e-06 hits" in globe
    assert "closed to aircraft" in (folder / "figures" / "craft.svg").read_text(encoding="utf-8")


@slow
def test_czml_is_read_and_holds_the_ellipses(folder):
    raw = json.loads((folder / "safety.czml").read_text(encoding="utf-8"))
    Document(packets=[Packet.model_validate(packet) for packet in raw])
    named = {packet["name"]: packet for packet in raw}
    flat = geopandas.read_file(folder / "footprints.geojson")
    row = next(row for _, row in flat[flat["sigmas"].notna()].iterrows())
    corners = np.reshape(
        named[f"{row['body']}, {row['sigmas']:g} sigma"]["polygon"]["positions"]["cartographicDegrees"], (-1, 3)
    )
    assert shapely.Polygon(corners[:, :2]).normalize().equals_exact(row.geometry.normalize(), 1e-6)


@slow
@pytest.mark.parametrize("tongue", ["ru", "kk"])
def test_the_report_speaks_the_reader_s_language(folder, tongue, tmp_path):
    done = CliRunner().invoke(cli.app, ["report", str(folder), "--language", tongue, "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.stderr
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|code|svg).*?</\1>|<span class=\"hash\">.*?</span>", " ", page, flags=re.S)
    own = re.compile(
        r"baiterek notices|result\.json|cut_off\.csv|GeoJSON|KML|CZML|CSV|impacts\.parquet|\d+ CFR [\d.()a-z]+|\d+ CFR"
        r"|NASA-STD-[\d.]+C?|docs/\S+|GPW.*Earth"
    )
    assert not re.findall(r"[A-Za-z]{3,}[^<\n]*", NAMES.sub(" ", own.sub(" ", re.sub(r"<[^>]+>", " ", text))))


@slow
def test_drawn_again_it_is_the_same(folder, tmp_path):
    done = CliRunner().invoke(cli.app, ["report", str(folder), "--out", str(tmp_path / "again.html")])
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "again.html").read_bytes() == (folder / "report.html").read_bytes()


def test_an_unknown_language_is_one_line(tmp_path):
    done = CliRunner().invoke(cli.app, ["safety", str(flown.BUNDLED), "--language", "fr", "--out", str(tmp_path / "runs")])
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1 and "en, ru, kk" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_zone_of_two_sigmas_holds_what_two_sigmas_hold():
    """1 - exp(-k^2 / 2) of a normal distribution lies within k sigma: 70 by 40 km is two sigma of 17.5 by 10 km."""
    size = SIZES[0]
    azimuth, random = np.radians(70.0), np.random.default_rng(4)
    along, across = random.normal(0.0, 1e3 * size.length_km / 4.0, 4000), random.normal(0.0, 1e3 * size.width_km / 4.0, 4000)
    east, north = along * np.sin(azimuth) + across * np.cos(azimuth), along * np.cos(azimuth) - across * np.sin(azimuth)
    latitude, longitude = flat_ring(east, north, np.radians(50.0), np.radians(78.0))
    mission = flown.mission()
    found = laid_on(footprint("x", np.radians(latitude), np.radians(longitude), mission.environment), size, mission)
    assert found.low < 1.0 - np.exp(-2.0) < found.high and found.high - found.low < 0.03
