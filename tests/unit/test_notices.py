"""Closed areas of a flight by hand, as documents, notices, GeoJSON and KML: read back by other hands."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

import flown
from baiterek.catalogue.closure_file import load_closures
from baiterek.cli import app
from baiterek.errors import InputError
from baiterek.reports.language import language
from baiterek.reports.notices import render
from baiterek.safety.closures import Kind
from baiterek.safety.footprint import normal_footprint
from baiterek.study.fallout import Body, Fallout
from baiterek.study.notices import Asked, Window, document, read_firs, read_window
from baiterek.study.zone_fit import as_toml, even_normal, fitted, part_held, proposals

WINDOW = read_window("2026-12-15T08:00Z/PT2H")
COVARIANCE = np.array([[900e6, 200e6], [200e6, 100e6]])


@cache
def fallout(longitude_deg: float = 72.0, kinds: int = 1) -> Fallout:
    """The stage and the fairing of that flight, with footprints that are made up."""
    bodies = []
    for fall in flown.flight().falls:
        place = np.radians(fall.latitude_deg), np.radians(longitude_deg)
        found = [Kind(f"{fall.name} {k}", 4.0 ** (k + 1), normal_footprint(fall.name, *place, COVARIANCE), 60.0 / (k + 1))
                 for k in range(kinds)]  # fmt: skip
        bodies.append(Body(fall.name, fall.pieces, fall.mass_kg, fall, fall.t_s + 30.0, tuple(found)))
    mission = replace(flown.mission(), payload_kg=flown.PAYLOAD_kg)
    return Fallout(mission, tuple(bodies), "linear covariance", ())


@cache
def areas(longitude_deg: float = 72.0, kinds: int = 1):
    asked = Asked(WINDOW, firs={"": "UACN", "fairing": "UNNT"})
    return document(fallout(longitude_deg, kinds), asked, load_closures("far417"))


def test_windows_are_iso_intervals():
    opens = datetime(2026, 9, 30, 6, tzinfo=UTC)
    assert read_window("2026-09-30T06:00Z/PT2H30M") == Window(opens, opens.replace(hour=8, minute=30))
    assert read_window("2026-09-30T11:00+05:00/2026-09-30T08:00Z") == Window(opens, opens.replace(hour=8))


@pytest.mark.parametrize("text", ["", "2026-09-30T06:00Z", "2026-09-30T06:00/PT2H", "2026-09-30T06:00Z/P", "x/y",
                                  "2026-09-30T06:00Z/2026-09-30T05:00Z", "2026-09-30T06:00Z/PT2X"])  # fmt: skip
def test_what_is_no_window_is_one_line(text):
    with pytest.raises(InputError, match="--window") as refused:
        read_window(text)
    assert "\n" not in str(refused.value)


def test_regions_by_body():
    assert read_firs(["UACN", "stage-1=UNNT"]) == {"": "UACN", "stage-1": "UNNT"}
    for wrong in ("uacn", "stage-1=", "UACNX"):
        with pytest.raises(InputError, match="--fir"):
            read_firs([wrong])
    with pytest.raises(InputError, match="stage-9"):
        document(fallout(), Asked(WINDOW, firs={"stage-9": "UACN"}), load_closures("far417"))


@pytest.mark.parametrize(("name", "said"), [("en", "Taken to fall whole"), ("ru", "падает целиком"), ("kk", "Тұтас құлайды")])
def test_a_notice_says_where_bodies_were_taken_to_fall_whole(name, said):
    """By covariance, of a body of one kind; not of many flights, nor of what is known to come down in pieces."""
    whole, pieces = areas(), areas(kinds=3)
    flown_many = document(fallout(), Asked(WINDOW, 50), load_closures("far417"))
    assert said in render(whole, "text", language(name))
    assert all(said not in render(each, "text", language(name)) for each in (pieces, flown_many))


def test_closures_last_from_half_an_hour_before_to_half_an_hour_after_the_last_piece():
    found = {(area["name"], area["use"]): area for area in areas()["areas"]}
    body = next(body for body in fallout().bodies if body.name == "stage-1")
    closes = datetime.fromisoformat(found["stage-1", "aircraft"]["until"])
    assert found["stage-1", "aircraft"]["from"] == "2026-12-15T07:30:00+00:00"
    # 15 min for light pieces, 30 min after.
    assert (closes - WINDOW.closes).total_seconds() == np.ceil(body.last_s + 900.0) + 1800.0
    assert found["pad", "aircraft"]["until"] == "2026-12-15T10:30:00+00:00"
    assert (found["stage-1", "aircraft"]["fir"], found["fairing", "ground"]["fir"]) == ("UACN", "UNNT")


def test_areas_name_the_districts_under_them_and_ships_only_over_the_sea():
    uses = {area["use"] for area in areas()["areas"]}
    names = {row["name_ru"] for area in areas()["areas"] for row in area["districts"]}
    assert uses == {"aircraft", "ground"} and "Карагандинская область" in names
    # Off Kamchatka, in the Sea of Okhotsk.
    assert {area["use"] for area in areas(152.5)["areas"]} == {"aircraft", "ground", "ships"}


def test_geojson_and_kml_are_read_by_gdal(tmp_path):
    import geopandas

    frame = geopandas.read_file(io.StringIO(render(areas(), "geojson", language("en"))))
    assert len(frame) == len(areas()["areas"]) and frame.geometry.is_valid.all()
    assert all(shape.exterior.is_ccw and len(shape.exterior.coords) > 20 for shape in frame.geometry)
    file = tmp_path / "areas.kml"
    file.write_text(render(areas(), "kml", language("en")))
    for use in ("aircraft", "ground"):
        theirs = geopandas.read_file(file, layer=use)
        assert theirs.geometry.is_valid.all() and theirs["begin"].notna().all()
        for one, other in zip(theirs.geometry, frame[frame["use"] == use].geometry, strict=True):
            assert shapely.normalize(shapely.force_2d(one)).equals_exact(shapely.normalize(other), 1e-9)


def test_what_reaches_too_far_is_left_out_aloud():
    found = fallout()
    wide = normal_footprint("stage-1", *np.radians((48.0, 72.0)), 1e3 * COVARIANCE * 2.0)
    bodies = [replace(body, kinds=(body.kinds[0]._replace(footprint=wide),)) if body.name == "stage-1" else body
              for body in found.bodies]  # fmt: skip
    written = document(replace(found, bodies=tuple(bodies)), Asked(WINDOW), load_closures("far417"))
    assert {area["name"] for area in written["areas"]} == {"pad", "fairing"}
    assert written["notes"][0].startswith("stage-1 is left out")


def test_an_area_over_the_antimeridian_is_cut_there():
    document = json.loads(render(areas(179.9), "geojson", language("en")))
    shapes = [shapely.geometry.shape(each["geometry"]) for each in document["features"] if each["properties"]["name"] != "pad"]
    assert {shape.geom_type for shape in shapes} == {"MultiPolygon"} and all(shape.is_valid for shape in shapes)
    assert all(abs(x) <= 180.0 for shape in shapes for part in shape.geoms for x, _ in part.exterior.coords)


def test_every_area_of_aircraft_has_a_notam_that_is_read_back():
    from aviconv_notam.parser import parse

    for form in ("notam", "notam-circle"):
        texts = render(areas(), form, language("en")).split("\n\n")
        assert [parse(text).fir for text in texts] == ["UACN", "UACN", "UNNT"]


def test_a_notice_says_the_hour_of_the_cosmodrome_and_of_moscow():
    """UTC+5 and UTC+3, the IANA zones Asia/Qyzylorda and Europe/Moscow of December 2026."""
    text = render(areas(), "text", language("en"))
    assert "08:00:00 UTC (Baikonur 15 December, 13:00, Moscow 15 December, 11:00)" in text
    assert "(в Байконуре 15 декабря, 12:30, в Москве 15 декабря, 10:30)" in render(areas(), "text", language("ru"))


@pytest.mark.parametrize("name", ["en", "ru", "kk"])
def test_a_notice_says_what_when_where_and_leaves_the_telephone_open(name):
    text = render(areas(kinds=2), "text", language(name))
    assert "[" in text and text.count("WGS 84") == 2
    if name != "en":
        words = re.sub(r"WGS|UTC|CFR|App", "", text)
        assert not re.findall(r"[A-Za-z]{2,}", words)
        assert {"ru": "Карагандинская область", "kk": "Қарағанды облысы"}[name] in text
    assert "20" in text  # pieces of two kinds: 4 and 16


def test_an_unknown_format_is_one_line():
    with pytest.raises(InputError, match="--format"):
        render(areas(), "pdf", language("en"))


def test_a_fitted_zone_holds_its_part_and_reads_back(tmp_path):
    found = fallout()
    for body in found.bodies:
        zone = fitted(body, 0.97)
        # k = 2.648 sigmas in two dimensions; full axes, up to a kilometre more.
        sigma = np.sqrt(np.linalg.eigvalsh(COVARIANCE))
        assert 0.0 <= zone.length_m - 2.0 * 2.648 * sigma[1] < 1.1e3
        assert 0.0 <= zone.width_m - 2.0 * 2.648 * sigma[0] < 1.1e3
        assert part_held(body.kinds[0], zone, found.mission) == pytest.approx(0.97, abs=0.005)
    from baiterek.catalogue.read import load_mission

    text = as_toml(proposals(found, 0.97)).replace("[sources]", "[sources_]")
    mission = flown.BUNDLED.read_text()
    mission = re.sub(r"(?m)^\[zones\]\n(.+\n)*", "", mission)
    path = tmp_path / "fitted.toml"
    path.write_text(mission + "\n" + text.replace("[sources_]", "[sources]"))
    read = load_mission(path)
    assert {zone.status for zone in read.zones.values()} == {"derived"}
    assert {zone.source.grade for zone in read.zones.values()} == {"assumed"}


def test_points_of_a_distribution_alone_are_normal_and_even():
    """Within s sigma 1 - exp(-s^2/2), to a point; no correlation, variance one but for the tail."""
    points = even_normal(4096)
    reach = np.hypot(*points)
    for sigmas in (0.5, 1.0, 2.0, 3.0):
        assert np.mean(reach <= sigmas) == pytest.approx(1.0 - np.exp(-0.5 * sigmas**2), abs=1.0 / 4096)
    assert np.allclose(np.cov(points), np.eye(2), atol=2e-3) and np.allclose(points.mean(axis=1), 0.0, atol=1e-3)
    assert np.mean(points[0] > 1.0) == pytest.approx(0.158655, abs=1e-3)  # a half plane, by the error function


def test_the_command_prints_drafts_and_writes_a_file_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("baiterek.study.notices.fallout", lambda *_, **__: fallout())
    file = tmp_path / "areas.kml"
    words = ["notices", str(flown.BUNDLED), "--window", "2026-12-15T08:00Z/PT2H", "--format", "kml", "--out", str(file)]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0 and answer.stdout.strip() == str(file) and file.read_text().startswith("<?xml")
    answer = CliRunner().invoke(app, [*words[:4], "--json"])
    assert json.loads(answer.stdout)["areas"][0]["name"] == "pad"
    for wrong in (["--format", "pdf"], ["--rules", "none"], ["--fir", "x"]):
        refused = CliRunner().invoke(app, [*words[:4], *wrong])
        assert refused.exit_code == 2 and len(refused.stderr.strip().splitlines()) == 1
