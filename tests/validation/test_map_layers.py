"""The ground of the maps: known places stand on land or in water, towns where others put them.

Authorities: the IANA time zone database, encyclopaedias, published areas; each is named where it is used.
"""

from functools import cache

import numpy as np
import pytest
import shapely
from babel import Locale

from baiterek.reports.layers import CREDIT, DATA, rings, towns, waters


@cache
def whole(layer):
    """Every polygon of a layer as one shape. Rings of a tile: outer ones turn left, holes turn right."""
    outer, holes = [], []
    for ring in rings(layer, 0.0, 0.0, 180.0):
        polygon = shapely.polygons(np.stack((ring.longitude_deg, ring.latitude_deg), axis=1))
        (outer if shapely.is_ccw(shapely.get_exterior_ring(polygon)) else holes).append(shapely.make_valid(polygon))
    return shapely.difference(shapely.union_all(outer), shapely.union_all(holes))


def within(layer, latitude, longitude):
    return bool(shapely.contains_xy(whole(layer), longitude, latitude))


# Places that any atlas shows where they are, far from a shore.
@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("Baikonur, site 45", 45.943, 63.653),
        ("Karaganda", 49.80, 73.10),
        ("Altai", 50.5, 86.0),
        ("South Pole", -89.9, 20.0),
        ("Plesetsk", 62.93, 40.58),
        ("Chukotka, beyond 180 deg", 67.0, -175.5),
    ],
)
def test_land_is_land(place, latitude, longitude):
    assert within("land", latitude, longitude)
    assert not within("lakes", latitude, longitude)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("Caspian Sea, middle", 42.0, 50.7),
        ("Caspian Sea, south", 38.5, 51.5),
        ("North Pole", 89.9, 0.0),
        ("Pacific at 180 deg", 20.0, 180.0),
        ("Sea of Japan", 40.0, 135.0),
    ],
)
def test_sea_is_sea(place, latitude, longitude):
    assert not within("land", latitude, longitude)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("Balkhash, east", 46.55, 77.5),
        ("Balkhash, west", 45.6, 73.9),
        ("Aral, north", 46.4, 60.9),
        ("Zaysan", 48.0, 83.9),
        ("Issyk-Kul", 42.45, 77.25),
        ("Baikal", 53.5, 108.1),
        ("Superior", 47.7, -87.5),
        ("Victoria", -1.0, 33.0),
    ],
)
def test_lakes_are_lakes(place, latitude, longitude):
    assert within("lakes", latitude, longitude)


def test_the_whole_land_has_the_area_of_the_land():
    # 148.94e6 km2 with lakes, Caspian and Antarctica (CIA World Factbook, "World"). Not in the layer: the Caspian Sea,
    # 0.371e6 km2, and the Antarctic ice shelves, 1.561e6 km2 (Rignot et al., Science 341, 2013). Small islands are left out.
    area = 0.0
    for ring in rings("land", 0.0, 0.0, 180.0):
        x, y = np.radians(ring.longitude_deg), np.sin(np.radians(ring.latitude_deg))
        area += 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    # 6371.0072 km: the sphere as large as the ellipsoid.
    assert area * 6371.0072**2 == pytest.approx(148.94e6 - 0.371e6 - 1.561e6, rel=0.005)


def test_balkhash_is_as_large_as_published():
    # It varies: 15 500 to 18 900 km2 (Britannica), 16 996 km2 (Columbia Encyclopedia, 6th ed.).
    around = shapely.box(73.0, 44.5, 79.5, 47.2)
    lakes = [part for part in shapely.get_parts(shapely.intersection(whole("lakes"), around)) if part.area > 1.0]
    # One degree of the meridian at 46 deg is 111.14 km; of the parallel, cos(46 deg) of 111.4 km.
    area = sum(part.area for part in lakes) * 111.14 * 111.4 * np.cos(np.radians(46.0))
    assert area == pytest.approx(0.5 * (15_500 + 18_900), abs=0.5 * (18_900 - 15_500))


# zone.tab of the IANA time zone database, 2025b: +DDMM+DDDMM of the town that names the zone. Zhezkazgan: Wikipedia.
@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Zhezkazgan", 47 + 47 / 60, 67 + 42 / 60),
        ("Almaty", 43 + 15 / 60, 76 + 57 / 60),
        ("Kyzylorda", 44 + 48 / 60, 65 + 28 / 60),
        ("Kostanay", 53 + 12 / 60, 63 + 37 / 60),
        ("Aktobe", 50 + 17 / 60, 57 + 10 / 60),
        ("Atyrau", 47 + 7 / 60, 51 + 56 / 60),
        ("Omsk", 55.0, 73 + 24 / 60),
        ("Novosibirsk", 55 + 2 / 60, 82 + 55 / 60),
        ("Barnaul", 53 + 22 / 60, 83 + 45 / 60),
        ("Krasnoyarsk", 56 + 1 / 60, 92 + 50 / 60),
        ("Tashkent", 41 + 20 / 60, 69 + 18 / 60),
    ],
)
def test_towns_stand_where_others_put_them(name, latitude, longitude):
    # 0.1 deg: what is the middle of a town is a matter of taste.
    town = next(t for t in towns() if t.name == name)
    assert town.latitude_deg == pytest.approx(latitude, abs=0.1)
    assert town.longitude_deg == pytest.approx(longitude, abs=0.1)


def test_towns_speak_three_languages():
    karaganda = next(t for t in towns() if t.name == "Karaganda")
    assert [karaganda.called(language) for language in ("en", "ru", "kk")] == ["Karaganda", "Караганда", "Қарағанды"]
    assert [t.population for t in towns()] == sorted((t.population for t in towns()), reverse=True)


@pytest.mark.parametrize("water", waters(), ids=lambda water: f"{water.name} {water.longitude_deg:g}")
def test_the_name_of_a_water_stands_in_it(water):
    wet = not within("land", water.latitude_deg, water.longitude_deg)
    assert wet or within("lakes", water.latitude_deg, water.longitude_deg)
    assert water.ru and water.kk


def test_rivers_pass_where_they_do():
    # Semey and Omsk stand on the Irtysh, Baikonur on the Syr Darya, Orenburg on the Ural. The layer's step is 3 km.
    lines = [shapely.linestrings(np.stack((r.longitude_deg, r.latitude_deg), axis=1)) for r in rings("rivers", 48, 68, 25)]
    rivers = shapely.union_all(lines)
    for latitude, longitude in ((50.41, 80.25), (45.62, 63.31), (51.77, 55.10), (55.0, 73.37)):
        assert shapely.distance(rivers, shapely.Point(longitude, latitude)) < 0.1


def test_the_licence_is_named_and_the_files_are_small():
    assert "GeoNames" in CREDIT and "CC BY 4.0" in CREDIT and "Natural Earth" in CREDIT
    assert "GeoNames (geonames.org), CC BY 4.0" in (DATA / "towns.csv").read_text(encoding="utf-8").splitlines()[0]
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 1.5e6


def test_no_shore_runs_along_a_meridian_or_a_parallel():
    """Nature draws none for a degree outside the polar ice; the cuts of the data, at tiles and around its detailed part, are
    straight for 4 to 10 deg."""
    for ring in rings("land", 0.0, 0.0, 180.0):
        apart = np.abs(np.diff([ring.latitude_deg, ring.longitude_deg], axis=1))
        straight = ~ring.cut & (apart.min(axis=0) < 5e-4) & (np.abs(ring.latitude_deg[:-1]) < 70.0)
        assert apart.max(axis=0)[straight].max(initial=0.0) < 1.0


def test_russian_names_of_towns_are_those_of_cldr():
    """GeoNames lists several; CLDR (by Babel) has one for the town of each time zone. The largest all have one."""
    zones = {zone: named["city"] for zone, named in Locale.parse("ru").time_zones.items() if "city" in named}
    known = {zone.rpartition("/")[2].replace("_", " "): city for zone, city in zones.items()}
    both = [town for town in towns() if town.name in known and town.ru]
    assert len(both) > 60
    assert [(town.name, town.ru) for town in both if town.ru != known[town.name]] == []
    nameless = [town.name for town in towns() if not town.ru and town.population > 3e6]
    assert set(nameless) <= {"Wuzhong", "Puxi", "Bao'an", "New Territories", "Chattogram", "Puyang", "Lüliang"}
