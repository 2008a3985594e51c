"""People: the grid is kept everywhere, districts add up, areas are those of the ellipsoid, bad files are refused in a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from baiterek.errors import InputError
from baiterek.safety.ground import ground
from baiterek.safety.settling import CELL, Settling
from baiterek.safety.world import packaged_world, read_counts, world_of

WGS84 = Geod(ellps="WGS84")
WORLD = packaged_world()
BY_CELL = Settling(keep=CELL)


def cells(of):
    """Half-degree sums of a ground, rows from the north as in the file."""
    rows, columns = of.people.shape
    fine = round(0.5 / (of.latitude_edges_deg[1] - of.latitude_edges_deg[0]))
    return of.people[::-1].reshape(rows // fine, fine, columns // fine, fine).sum(axis=(1, 3))


def by_district(of, values):
    """Sums of a field over the districts of a ground, by their number."""
    sums = np.bincount(of.district.ravel(), values.ravel())
    return {k: sums[k] for k in np.unique(of.district)}


def window(south, west, rows, columns):
    """A window of whole half-degree cells, and the grid's counts in it."""
    top = round((90.0 - south) * 2) - rows
    left = round((west + 180.0) * 2)
    return (south, west, south + rows / 2, west + columns / 2), WORLD.people[top : top + rows, left : left + columns]


def test_the_packaged_grid_is_the_published_one():
    """Sum and boxes as read from the file: authorities/people.md; 32-bit numbers keep seven digits."""
    assert WORLD.people.shape == (360, 720)
    assert WORLD.people.sum() == pytest.approx(7_757_982_778, abs=100)
    assert window(45.0, 62.0, 4, 6)[1].sum() == pytest.approx(164_754, abs=1)
    assert window(46.5, 64.0, 5, 9)[1].sum() == pytest.approx(117_631, abs=1)


def test_settlements_are_those_of_geonames():
    """Towns of the drop-zone box 46 to 49.5 N, 63.5 to 69 E: 181 502 people."""
    lat, lon = WORLD.town_latitudes_deg, WORLD.town_longitudes_deg
    box = (lat >= 46) & (lat <= 49.5) & (lon >= 63.5) & (lon <= 69)
    assert WORLD.town_people[box].sum() == 181_502
    names = np.array(WORLD.town_names)
    assert len(names) == len(lat)
    (k,) = np.nonzero(names == "Zhezqazghan")[0]
    assert (lat[k], lon[k]) == pytest.approx((47.78, 67.71), abs=0.05)  # the town's own coordinates, as maps have them


@settings(max_examples=25, deadline=None)
@given(st.integers(-120, 150), st.integers(-360, 400), st.integers(1, 8), st.integers(1, 8), st.integers(1, 3))
def test_every_cell_of_half_a_degree_keeps_its_people(south, west, rows, columns, split):
    box, _ = window(south / 2, west / 2, rows, columns)
    top, left = 180 - south - rows, west + 360
    counts = WORLD.people[top : top + rows][:, np.arange(left, left + columns) % 720]
    made = ground(*box, split=split, settling=BY_CELL)
    assert (made.people >= 0.0).all()
    np.testing.assert_allclose(cells(made), counts, rtol=1e-10, atol=1e-9)
    assert sum(by_district(made, made.people).values()) == pytest.approx(counts.sum(), rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("split", [1, 3])
def test_every_district_keeps_its_people(split):
    """What the grid holds in it, cells on its border by parts of their land: worked out here from the map of districts.

    Districts smaller than four cells are counted with a neighbour: the grid cannot tell them apart.
    """
    made = ground(40.0, 46.0, 56.5, 90.0, split=split)
    rows, columns = made.people.shape
    fine = 10 * split
    land = np.where(made.district > 0, made.area_m2, 0.0)
    whole = land.reshape(rows // fine, fine, columns // fine, fine).sum(axis=(1, 3))
    top, left = round((90.0 - 56.5) * 2), round((46.0 + 180.0) * 2)
    counts = WORLD.people[top : top + rows // fine, left : left + columns // fine][::-1]
    even = np.repeat(np.repeat(counts / np.where(whole > 0.0, whole, 1.0), fine, axis=0), fine, axis=1) * land
    by_grid, refined = by_district(made, even), by_district(made, made.people)
    edge = set(np.concatenate([made.district[0], made.district[-1], made.district[:, 0], made.district[:, -1]]).tolist())
    checked, alone = 0, 0
    for group in np.unique(WORLD.groups):
        members = set(np.nonzero(WORLD.groups == group)[0].tolist())
        own = [k for k in members if k in refined]
        if own and group > 0 and not members & edge and len(own) == len(members):
            people = sum(refined[k] for k in own)
            assert people == pytest.approx(sum(by_grid[k] for k in own), rel=1e-9), [made.districts[k] for k in own]
            checked, alone = checked + 1, alone + (len(own) == 1)
    assert checked >= 20 and alone >= 15


def test_the_whole_world_keeps_its_people():
    """The bar is "everywhere", so all 26 million cells are made: some seconds."""
    made = ground(-90.0, -180.0, 90.0, 180.0)
    assert (made.people >= 0.0).all()
    assert made.people.sum() == pytest.approx(WORLD.people.sum(), rel=1e-9)
    found = np.bincount(WORLD.groups[made.district.ravel()], made.people.ravel(), minlength=len(WORLD.districts))
    by_grid = np.bincount(WORLD.groups, WORLD.district_counts(), minlength=len(WORLD.districts))
    np.testing.assert_allclose(found, by_grid, rtol=1e-8, atol=1e-3)


def test_towns_of_the_steppe_are_as_large_as_they_are():
    """Satpayev and Zhezkazgan, 174 139 by GeoNames, in a cell to which the grid gives 2669: its census unit is larger."""
    by_district, by_cell = (ground(47.5, 67.5, 48.0, 68.0, settling=each) for each in (Settling(), BY_CELL))
    assert by_cell.people.sum() == pytest.approx(2668.56, abs=0.01)
    assert by_district.people.sum() == pytest.approx(69_782 + 104_357 + 2393, rel=0.02)


def test_cities_in_small_districts_are_not_lost():
    """Astana, 1 544 142 by GeoNames, in a district of a third of a cell: counted with the region around it."""
    made = ground(50.5, 70.5, 52.0, 72.5)
    assert made.people.sum() > 1.2e6


@pytest.mark.parametrize(
    ("place", "name", "country"),
    [
        ((47.80, 67.70), "Qaraghandy", "Kazakhstan"),
        ((45.63, 63.31), "Baykonur lease in Qyzylorda", "Baykonur Cosmodrome"),
        ((44.85, 65.50), "Qyzylorda", "Kazakhstan"),
        ((51.95, 85.96), "Altai Republic", "Russia"),
        ((48.85, 2.35), "Paris", "France"),
    ],
)
def test_towns_lie_in_their_districts(place, name, country):
    """Zhezkazgan, Baikonur, Kyzylorda, Gorno-Altaysk and Paris, as any atlas has them."""
    row = int((90.0 - place[0]) * 20)
    found = WORLD.districts[WORLD.district_map(row, row + 1)[0, int((place[1] + 180.0) * 20)]]
    assert (found.name, found.country) == (name, country)


@pytest.mark.parametrize(
    ("place", "name", "russian"),
    [
        ((53.35, 83.76), "Altai Krai", "Алтайский край"),
        ((51.95, 85.96), "Altai Republic", "Республика Алтай"),
        ((59.57, 150.80), "Magadan", "Магаданская область"),
        ((42.32, 69.59), "Turkistan", "Туркестанская область"),
    ],
)
def test_names_that_the_source_has_wrong(place, name, russian):
    """Barnaul, Gorno-Altaysk, Magadan, Shymkent, as any atlas has them; ISO 3166-2 RU-ALT, RU-AL, RU-MAG, KZ-61."""
    row = int((90.0 - place[0]) * 20)
    found = WORLD.districts[WORLD.district_map(row, row + 1)[0, int((place[1] + 180.0) * 20)]]
    assert (found.name, found.name_ru) == (name, russian)


@pytest.mark.parametrize("country", ["Russia", "Kazakhstan"])
def test_no_two_districts_of_a_state_are_named_alike(country):
    own = [of for of in WORLD.districts if of.country == country]
    for key in ("name", "name_ru"):
        names = [getattr(of, key) for of in own if getattr(of, key)]
        assert len(set(names)) == len(names)


def test_what_a_cell_holds_does_not_depend_on_the_window():
    wide, narrow = ground(44.0, 60.0, 52.0, 76.0), ground(47.0, 66.0, 49.0, 69.0)
    part = wide.people[60:100, 120:180]
    np.testing.assert_allclose(narrow.people, part, rtol=1e-9)
    over = ground(50.0, 170.0, 70.0, 190.0)
    np.testing.assert_allclose(over.people[:, 200:], ground(50.0, -180.0, 70.0, -170.0).people, rtol=1e-9, atol=1e-12)


def test_areas_of_cells_are_those_of_the_ellipsoid():
    """PROJ's geodesic polygons with corners every 0.005 deg along the parallels; and the whole Earth, 510 065 622 km2."""
    made = ground(47.0, 66.0, 49.0, 69.0)
    for row in (0, 20, 39):
        south, north = made.latitude_edges_deg[row : row + 2]
        along = np.linspace(0.0, 0.05, 11)
        lon = np.concatenate([along, along[::-1]])
        lat = np.concatenate([np.full(11, south), np.full(11, north)])
        assert made.area_m2[row, 0] == pytest.approx(abs(WGS84.polygon_area_perimeter(lon, lat)[0]), rel=1e-6)
    column = ground(-90.0, 0.0, 90.0, 0.5)
    assert column.area_m2.sum() * 7200 == pytest.approx(510_065_621.7e6, rel=1e-9)


def test_settlements_leave_the_steppe_emptier_than_the_mean():
    """The reason for it all: around Zhezkazgan most of the ground has fewer people than the grid's mean."""
    grid = window(47.0, 66.0, 4, 6)[1].sum() / 2400
    made = ground(47.0, 66.0, 49.0, 69.0)
    assert np.mean(made.people < 0.5 * grid) > 0.95
    spread = ground(47.0, 66.0, 49.0, 69.0, settling=Settling(keep=CELL, country_share=1.0))
    np.testing.assert_allclose(cells(spread), window(47.0, 66.0, 4, 6)[1], rtol=1e-10)
    assert spread.people.max() < 2.0 * grid


def test_counts_of_ones_own(tmp_path):
    own = np.where(WORLD.people > 0.0, 2.0 * WORLD.people, -9999.0)
    np.savetxt(tmp_path / "own.txt", own, fmt="%.6f")
    world = world_of(tmp_path / "own.txt")
    made = ground(46.0, 64.0, 49.0, 69.0, settling=BY_CELL, world=world)
    assert made.people.sum() == pytest.approx(2.0 * window(46.0, 64.0, 6, 10)[1].sum(), rel=1e-6)
    assert made.source == "own.txt"


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (np.zeros((180, 360)), "180 rows of 360 numbers"),
        (np.full((360, 720), -1.0), "row 1, column 1"),
        (np.full((360, 720), np.nan), "nan"),
    ],
)
def test_counts_on_another_grid_or_below_zero_are_one_line(tmp_path, rows, key):
    np.savetxt(tmp_path / "bad.txt", rows, fmt="%g")
    with pytest.raises(InputError, match=key) as refused:
        read_counts(tmp_path / "bad.txt")
    assert "\n" not in str(refused.value) and "bad.txt" in str(refused.value)


def test_a_counts_file_that_is_no_table(tmp_path):
    (tmp_path / "text.txt").write_text("people everywhere\n")
    with pytest.raises(InputError, match="1 rows of 2 numbers"):
        read_counts(tmp_path / "text.txt")
    with pytest.raises(InputError, match="No such file"):
        read_counts(tmp_path / "none.txt")


def test_no_window():
    with pytest.raises(ValueError, match="no window"):
        ground(50.0, 60.0, 45.0, 70.0)


def test_a_world_without_towns_is_the_grid_spread_over_land():
    bare = replace(WORLD, town_people=np.zeros_like(WORLD.town_people))
    made = ground(47.0, 66.0, 49.0, 69.0, settling=BY_CELL, world=bare)
    assert np.ptp((made.people / made.area_m2)[:10, :10]) < 1e-12
