"""The map of a flight, anywhere on the Earth: over 180 deg, over the pole; the profile to scale. PROJ and plane geometry."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pyproj
import pytest

import flown
from baiterek.constants import WGS84_RADIUS_M
from baiterek.reports.basemap import sheet_around
from baiterek.reports.figures.profile import along_the_profile, round_the_earth
from baiterek.reports.language import language
from baiterek.reports.layers import CREDIT
from baiterek.reports.map import along_the_track, has_a_place, outlines, sheet_of
from drawn import texts_of

GEOD = pyproj.Geod(ellps="WGS84")
STARTS = {
    "over 180 deg": (51.9, 165.0, 80.0),
    "over the North Pole": (78.0, 40.6, 350.0),
    "over the South Pole": (-80.0, -100.0, 185.0),
    "on the equator": (0.0, -52.8, 90.0),
}


def elsewhere(latitude, longitude, azimuth, length_m=2.2e6):
    """The result of the bundled flight, moved: its track a geodesic, its zones and impacts along it."""
    result = flown.result()
    count = len(result.trajectory["t_s"])
    points = GEOD.npts(
        longitude, latitude, *GEOD.fwd(longitude, latitude, azimuth, length_m)[:2], count, initial_idx=0, terminus_idx=0
    )
    columns = dict(result.trajectory) | {
        "longitude_deg": np.array([p[0] for p in points]), "latitude_deg": np.array([p[1] for p in points]),
    }  # fmt: skip
    middle = points[count // 2]
    place = {"longitude_deg": middle[0], "latitude_deg": middle[1]}
    site = {**result.summary["site"], "longitude_deg": longitude, "latitude_deg": latitude}
    zone = {
        "name": "z",
        "grade": "assumed",
        "source": "s",
        "shape": "ellipse",
        "length_km": 200.0,
        "width_km": 60.0,
        "azimuth_deg": 75.0,
    }
    impact = {**result.summary["impacts"][0], "landed": True, **place}
    summary = {**result.summary, "site": site, "zones": {"stage-1": {**zone, **place}}, "impacts": [impact]}
    return replace(result, summary=summary, trajectory=columns)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_track_is_whole_and_true_wherever_it_leads(start):
    result = elsewhere(*start)
    x, y = along_the_track(result)
    sheet = sheet_of(result)
    assert sheet.holds(x, y).all()
    # Steps on the sheet are those of the geodesic, within the scale of the projection: 1 to 1.02 so near its centre.
    flown_km = GEOD.line_length(result.trajectory["longitude_deg"], result.trajectory["latitude_deg"]) / 1e3
    drawn_km = float(np.hypot(np.diff(x), np.diff(y)).sum())
    assert 1.0 - 1e-6 < drawn_km / flown_km < 1.02


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_labels_never_lie_on_one_another(start):
    _figure, found = texts_of(elsewhere(*start))
    for (one, a), (other, b) in combinations(found, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0.5 or up <= 1.5, f"{one!r} over {other!r}"
    names = [text for text, _ in found]
    assert language("en").said("stage-1") in names and CREDIT in names and any("km" in name for name in names)
    assert any("assumed" in name for name in names)
    assert sum("°" in name for name in names) >= 4


def test_the_scale_bar_is_as_long_as_it_says():
    result = elsewhere(*STARTS["over 180 deg"])
    figure, found = texts_of(result)
    axes = figure.axes[0]
    halves = [c.get_datalim(axes.transData) for c in axes.collections if c.get_zorder() == 7]
    assert len(halves) == 2
    left, right = min(h.x0 for h in halves), max(h.x1 for h in halves)
    bottom = halves[0].y0
    said = next(float(text.split()[0].replace(",", "")) for text, _ in found if " km" in text and ";" in text)
    sheet = sheet_of(result)
    proj = pyproj.Proj(f"+proj=stere +lat_0={sheet.latitude_deg} +lon_0={sheet.longitude_deg} +ellps=WGS84 +units=km")
    (lon1, lat1), (lon2, lat2) = (proj(x, bottom, inverse=True) for x in (left, right))
    assert GEOD.inv(lon1, lat1, lon2, lat2)[2] / 1e3 == pytest.approx(said, rel=0.01)


def test_one_scale_in_both_directions():
    for name in ("ground-track", "profile"):
        figure, _ = texts_of(flown.result(), name)
        axes = figure.axes[0]
        box = axes.get_window_extent()
        across, up = (float(np.diff(limits)[0]) for limits in (axes.get_xlim(), axes.get_ylim()))
        assert box.width / across == pytest.approx(box.height / up, rel=1e-6)


def test_an_ellipse_has_its_axes_on_the_map():
    zone = {
        "shape": "ellipse",
        "latitude_deg": 50.6,
        "longitude_deg": 82.0,
        "length_km": 200.0,
        "width_km": 60.0,
        "azimuth_deg": 75.0,
    }
    ((latitude, longitude),) = outlines(zone, {})
    azimuth, _, distance = GEOD.inv(np.full(73, 82.0), np.full(73, 50.6), longitude, latitude)
    # Laid out on a sphere: 0.5 % of the ellipsoid's distances.
    assert distance.max() == pytest.approx(100e3, rel=0.005) and distance.min() == pytest.approx(30e3, rel=0.005)
    assert azimuth[np.argmax(distance)] % 180.0 == pytest.approx(75.0, abs=0.5)


def test_a_band_of_ranges_is_two_circles_about_the_pad():
    band = {"shape": "range", "min_km": 800.0, "max_km": 950.0}
    near, far = outlines(band, {"latitude_deg": 46.0, "longitude_deg": 63.0})
    for edge, length in ((near, 800e3), (far, 950e3)):
        distance = GEOD.inv(np.full(73, 63.0), np.full(73, 46.0), edge[1], edge[0])[2]
        assert distance == pytest.approx(np.full(73, length), rel=0.005)


def test_a_point_of_a_definition_has_no_land():
    result = flown.result()
    assert has_a_place(result)
    rows = [row | {"grade": "definition"} if row["of"] == "site" else row for row in result.summary["data"]]
    defined = replace(result, summary={**result.summary, "data": rows})
    assert not has_a_place(defined)
    _, found = texts_of(defined)
    assert CREDIT not in [text for text, _ in found] and any("definition" in text for text, _ in found)


def test_a_map_of_one_point_is_a_map():
    sheet = sheet_around(np.array([46.0]), np.array([63.7]))
    assert sheet.width_km > 50.0 and sheet.height_km > 20.0
    assert sheet.holds(*sheet.place(46.0, 63.7))


def test_the_profile_is_round_and_true_to_scale():
    # A chord of the Earth over 2000 km dips by R (1 - cos 1000 km / R) at its ends: 78.23 km.
    radius = WGS84_RADIUS_M / 1e3
    x, y = round_the_earth([0.0, 1000.0, 2000.0], 0.0, 1000.0)
    assert y[1] - y[0] == pytest.approx(radius * (1.0 - np.cos(1000.0 / radius)))
    assert y[1] - y[0] == pytest.approx(78.23, abs=0.01)
    assert x[2] - x[0] == pytest.approx(2.0 * radius * np.sin(1000.0 / radius))
    # Radially above a place, one kilometre of altitude is one kilometre of the sheet.
    low, high = (np.array(round_the_earth(300.0, h, 1000.0)) for h in (0.0, 200.0))
    assert np.hypot(*(high - low)) == pytest.approx(200.0)
    along, up = along_the_profile(flown.result())
    assert len(along) == len(up) == len(flown.result().trajectory["t_s"])
