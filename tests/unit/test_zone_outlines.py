"""Zones from files of other tools, written by geopandas and by hand; any polygon judged beside shapely."""

import json
import re

import numpy as np
import pytest
import shapely

import flown
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.site import Polygon
from baiterek.errors import InputError
from baiterek.reports.map import outlines
from baiterek.safety.zones import holds
from baiterek.study.summary import summary

L_SHAPE = [(78.0, 49.5), (80.0, 49.5), (80.0, 50.0), (79.0, 50.0), (79.0, 50.8), (78.0, 50.8), (78.0, 49.5)]
"""Longitude and latitude in deg; not convex."""
KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
<Placemark><name>the pad</name><Point><coordinates>63.34,45.94</coordinates></Point></Placemark>
<Placemark><name>U-1</name><ExtendedData><Data name="status"><value>in force</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
 78,49.5,0 80,49.5,0 80,50.4,0 78,50.4,0 78,49.5,0
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Folder></Document></kml>"""


def feature(ring, **properties):
    geometry = {"type": "Polygon", "coordinates": [[list(place) for place in ring]]}
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}


def read(folder, zone: str, **files: str):
    """The bundled mission with that zone of stage 1; files by stem and suffix (`a_kml`)."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    mission = folder / "mission.toml"
    mission.write_text(re.sub(r"(?m)^stage-1 = .*", f"stage-1 = {zone}", flown.BUNDLED.read_text()))
    return load_mission(mission)


def test_a_polygon_of_geojson_with_what_it_says_of_itself(tmp_path):
    text = json.dumps(feature(L_SHAPE, name="U-1", source="Decree 7", grade="H", status="proposed"))
    zone = read(tmp_path, '"a.geojson"', a_geojson=text).zones["stage-1"]
    assert np.degrees(zone.vertices_rad) == pytest.approx(np.array(L_SHAPE)[:-1, ::-1])
    assert (zone.name, zone.status, zone.source.text, zone.source.grade) == ("U-1", "proposed", "Decree 7", "H")


def test_geopandas_writes_what_is_read(tmp_path):
    import geopandas

    ours = shapely.Polygon(L_SHAPE)
    geopandas.GeoDataFrame({"name": ["U-1"]}, geometry=[ours], crs="EPSG:4326").to_file(
        tmp_path / "g.geojson", driver="GeoJSON"
    )
    zone = read(tmp_path, '"g.geojson"').zones["stage-1"]
    assert shapely.Polygon(np.degrees(zone.vertices_rad)[:, ::-1]).equals(ours)


def test_a_polygon_of_kml_by_its_name_and_source_of_the_mission(tmp_path):
    zone = read(tmp_path, '{ file = "a.kml", feature = "U-1", status = "assumed" }', a_kml=KML).zones["stage-1"]
    assert np.degrees(zone.vertices_rad[0]) == pytest.approx((49.5, 78.0))
    assert len(zone.vertices_rad) == 4 and zone.status == "assumed"


def test_a_file_without_a_source_is_marked_as_assumed_on_the_map(tmp_path):
    mission = read(tmp_path, '"a.kml"', a_kml=KML)
    zone = summary(mission, flown.optimum(), flown.flight())["zones"]["stage-1"]
    assert (zone["grade"], zone["status"], zone["source"]) == ("assumed", "in force", "a.kml")
    [(latitude, longitude)] = outlines(zone, {})
    assert latitude[0] == pytest.approx(latitude[-1]) and longitude[1] == pytest.approx(80.0)


def test_any_polygon_holds_what_shapely_says(tmp_path):
    zone = Polygon("zone", tuple((np.radians(lat), np.radians(lon)) for lon, lat in L_SHAPE[:-1]))
    random = np.random.default_rng(4)
    lon, lat = random.uniform(77.5, 80.5, 4000), random.uniform(49.2, 51.0, 4000)
    places = shapely.points(lon, lat)
    theirs = shapely.Polygon(L_SHAPE)
    # Sides of ours are great circles: between these corners up to 0.0043 deg north of lines of latitude.
    clear = shapely.distance(places, theirs.exterior) > 0.006
    assert np.mean(clear) > 0.95
    ours = holds(zone, np.radians(lat), np.radians(lon), flown.mission())
    assert (ours == shapely.contains(theirs, places))[clear].all() and 0 < ours.sum() < 4000
    wider = holds(zone, np.radians([49.502, 49.498]), np.radians([79.0, 79.0]), flown.mission(), 0.0, 500.0)
    assert wider.tolist() == [True, False]  # 0.26 and 0.70 km south of the side


def test_the_optimiser_refuses_what_is_not_convex_in_one_line(tmp_path):
    from baiterek.trajectory import optimise

    mission = read(tmp_path, '"a.geojson"', a_geojson=json.dumps(feature(L_SHAPE)))
    with pytest.raises(InputError, match=r"zones\.stage-1.*not convex") as refused:
        optimise(mission)
    assert "\n" not in str(refused.value)


CROSSING = [(78, 49), (80, 51), (80, 49), (78, 51), (78, 49)]
HOLE = feature(L_SHAPE)
HOLE["features"][0]["geometry"]["coordinates"].append([[78.2, 49.6], [78.4, 49.6], [78.3, 49.7], [78.2, 49.6]])
WRONG = [
    (json.dumps(feature(L_SHAPE[:-1])), "open polygon"),
    (json.dumps(feature(CROSSING)), "sides 1 and 3 meet"),
    (json.dumps(feature([(179, 50), (-179, 50), (-179, 51), (179, 50)])), "antimeridian"),
    (json.dumps(feature([(78, 49), (80, 95), (80, 49), (78, 49)])), "no place"),
    (json.dumps(feature([(78, 49), ("a", 50), (80, 49), (78, 49)])), "positions"),
    (json.dumps(HOLE), "1 holes"),
    (json.dumps(feature(L_SHAPE, grade="sure")), "grade"),
    (json.dumps(feature(L_SHAPE, status="sure")), "in force"),
    ('{"type": "Point", "coordinates": [1, 2]}', "0 areas"),
    ("[1, 2]", "features"),
    ("{", "no JSON"),
    ("\ufeff", "no JSON"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_what_is_no_polygon_is_refused_in_one_line(tmp_path, text, says):
    with pytest.raises(InputError) as refused:
        read(tmp_path, '"a.geojson"', a_geojson=text)
    assert says in str(refused.value) and "a.geojson" in str(refused.value) and "\n" not in str(refused.value)


def test_longitudes_run_on_over_the_antimeridian(tmp_path):
    ring = [(179, 50), (181, 50), (181, 51), (179, 51), (179, 50)]
    zone = read(tmp_path, '"a.geojson"', a_geojson=json.dumps(feature(ring))).zones["stage-1"]
    inside = holds(zone, np.radians([50.5, 50.5, 50.5]), np.radians([-179.5, 179.5, -178.5]), flown.mission())
    assert inside.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ('"none.kml"', "No such file"),
        ('{ file = "a.txt" }', "KML"),
        ('{ file = "a.kml", feature = "U-2" }', "U-1"),
        ('{ file = "a.kml", min_km = 3 }', "one shape"),
        ('{ file = "a.kml", status = "sure" }', "in force"),
        ('"broken.kml"', "no XML"),
    ],
)
def test_a_reference_that_leads_nowhere(tmp_path, zone, says):
    with pytest.raises(InputError) as refused:
        read(tmp_path, zone, a_kml=KML, broken_kml="<kml>")
    assert says in str(refused.value) and "\n" not in str(refused.value)
