"""Every export, opened by a reader of another hand and compared with the trajectory.

Authorities: `beyond` (CCSDS 502.0-B), `czml3` (CZML), `geopandas` with GDAL (KML, GeoJSON), `shapely` (what is a valid
area), `xarray` with Unidata's netCDF4 (NetCDF), `pandas` (CSV); Astropy (IAU 2006/2000A with IERS data) for the axes. The
OEM has a file of its own, test_oem_on_the_pad.py.
"""

from dataclasses import replace
from datetime import UTC, datetime

import geopandas
import numpy as np
import pandas
import pytest
import shapely
import xarray
from astropy import units as u
from astropy.coordinates import GCRS, ITRS, CartesianRepresentation
from astropy.time import Time
from astropy.utils import iers
from czml3.core import Document, Packet
from scipy.interpolate import BarycentricInterpolator
from scipy.spatial.transform import Rotation

import flown
from baiterek.flight import simulate
from baiterek.physics.frames import gcrf_from_launch, greenwich_angle
from baiterek.reports.exports import FORMATS, write_exports
from baiterek.study.results import columns_of
from baiterek.study.summary import summary

iers.conf.auto_download = False

LIFT_OFF = datetime(2025, 6, 15, 9, 0, 0, tzinfo=UTC)
"""A day whose Earth orientation was measured."""

CENTIMETRE_deg = 1e-7
"""What a seventh decimal of a degree is worth: 1.1 cm."""


@pytest.fixture(scope="module")
def mission():
    return replace(flown.mission(), lift_off=LIFT_OFF, sidereal_angle_rad=greenwich_angle(LIFT_OFF))


@pytest.fixture(scope="module")
def flight(mission):
    return simulate(mission, flown.by_hand(mission))


@pytest.fixture(scope="module")
def result(mission, flight):
    return replace(
        flown.result(),
        summary=summary(mission, flown.optimum(history=flight, steering=flight.steering), flight),
        trajectory=columns_of(flight),
        falls={fall.name: fall.columns for fall in flight.falls},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory, result):
    path = tmp_path_factory.mktemp("run") / "exports"
    assert not write_exports(result, path).missing
    return path


@pytest.fixture(scope="module")
def instants(flight):
    return flight.t_s[np.concatenate(([True], np.diff(flight.t_s) > 0.0))]


def rows(flight, names):
    keep = np.concatenate(([True], np.diff(flight.t_s) > 0.0))
    return np.stack([flight[name][keep] for name in names], axis=1)


def test_a_run_has_every_file(folder):
    assert {path.name for path in folder.iterdir()} == {form.file for form in FORMATS.values()} | {"falls.csv"}


# --- OPM ------------------------------------------------------------------------------------------------------------


def test_the_opm_holds_the_last_state_and_mass(folder, flight):
    from beyond.io.ccsds import loads

    text = (folder / FORMATS["opm"].file).read_text()
    state = loads(text)
    assert str(state.frame) == "GCRF" and state.date.scale.name == "UTC"
    elapsed = (state.date.datetime - LIFT_OFF.replace(tzinfo=None)).total_seconds()
    assert elapsed == pytest.approx(flight.t_s[-1], abs=1.1e-6)  # cut to the microsecond
    wanted = gcrf_from_launch(LIFT_OFF) @ rows(flight, ("x_eci_m", "y_eci_m", "z_eci_m"))[-1]
    np.testing.assert_allclose(np.array(state[:3]), wanted, rtol=0.0, atol=1e-3)  # 12 digits of 7000 km
    assert np.linalg.norm(np.array(state[3:])) == pytest.approx(flight["speed_eci_m_s"][-1], abs=1e-6)
    mass = next(line for line in text.splitlines() if line.startswith("MASS"))
    assert float(mass.split("=")[1]) == pytest.approx(flight["mass_kg"][-1], rel=1e-11)


# --- CZML -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packets(folder):
    import json

    raw = json.loads((folder / "flight.czml").read_text(encoding="utf-8"))
    Document(packets=[Packet.model_validate(packet) for packet in raw])
    return {packet["id"]: packet for packet in raw}


def sampled(values, width):
    table = np.reshape(values, (-1, width + 1))
    return table[:, 0], table[:, 1:]


def test_czml_stands_where_astropy_turns_the_flight(packets, flight, instants):
    position = packets["vehicle"]["position"]
    assert position["referenceFrame"] == "FIXED" and position["epoch"] == "2025-06-15T09:00:00.000000000Z"
    t_s, found = sampled(position["cartesian"], 3)
    np.testing.assert_array_equal(t_s, instants)
    when = Time(LIFT_OFF) + instants * u.s
    gcrf = gcrf_from_launch(LIFT_OFF) @ rows(flight, ("x_eci_m", "y_eci_m", "z_eci_m")).T
    fixed = GCRS(CartesianRepresentation(gcrf * u.m), obstime=when).transform_to(ITRS(obstime=when))
    wanted = fixed.cartesian.xyz.to_value(u.m).T
    # The flight turns about the pole of the Earth-fixed axes, Astropy about that of date: 0.46 arcsec of polar motion
    # times the turn of the Earth in 495 s (0.036 rad) times 6600 km. At lift-off there is no such gap.
    np.testing.assert_allclose(found, wanted, rtol=0.0, atol=0.6)
    np.testing.assert_allclose(found[:10], wanted[:10], rtol=0.0, atol=0.02)


def test_czml_turns_the_body_along_its_axis(packets, flight, instants):
    t_s, wxyz = sampled(packets["vehicle"]["orientation"]["unitQuaternion"], 4)
    np.testing.assert_array_equal(t_s, instants)
    np.testing.assert_allclose(np.linalg.norm(wxyz, axis=1), 1.0, rtol=0.0, atol=1e-8)
    assert np.all(np.sum(wxyz[1:] * wxyz[:-1], axis=1) > 0.0), "neighbours must lie near each other to be interpolated"
    along = Rotation.from_quat(wxyz).apply([1.0, 0.0, 0.0])  # SciPy, too, has the scalar last
    when = Time(LIFT_OFF) + instants * u.s
    gcrf = gcrf_from_launch(LIFT_OFF) @ rows(flight, ("ux_eci", "uy_eci", "uz_eci")).T
    fixed = GCRS(CartesianRepresentation(gcrf * 7e6 * u.m), obstime=when).transform_to(ITRS(obstime=when))
    wanted = fixed.cartesian.xyz.to_value(u.m).T / 7e6
    np.testing.assert_allclose(along, wanted, rtol=0.0, atol=1e-7)


def test_czml_follows_the_flight_between_its_rows(packets, mission, flight):
    t_s, found = sampled(packets["vehicle"]["position"]["cartesian"], 3)
    finer = simulate(mission, flight.steering, output_s=0.25)
    turned = mission.sidereal_angle_rad + mission.environment.rotation_rad_s * finer.t_s
    x = np.cos(turned) * finer["x_eci_m"] + np.sin(turned) * finer["y_eci_m"]
    gaps = []
    for t, wanted in list(zip(finer.t_s, x))[::7]:
        first = min(max(int(np.searchsorted(t_s, t)) - 2, 0), len(t_s) - 4)
        near = slice(first, first + 4)
        gaps.append(abs(BarycentricInterpolator(t_s[near], found[near, 0])(t) - wanted))
    assert max(gaps) < 2.0 and np.median(gaps) < 0.01  # metres; the greatest where an engine starts or stops


def test_czml_bodies_fall_from_their_separation_to_their_impact(packets, flight):
    for fall in flight.falls:
        packet = packets[f"fall-{fall.name}"]
        t_s, found = sampled(packet["position"]["cartesian"], 3)
        start, end = (Time(instant.rstrip("Z")) for instant in packet["availability"].split("/"))
        assert (start - Time(LIFT_OFF)).to_value("s") == pytest.approx(t_s[0], abs=1e-6)
        assert (end - Time(LIFT_OFF)).to_value("s") == pytest.approx(fall.t_s, abs=1e-6)
        x, y, _ = found[-1]
        assert np.degrees(np.arctan2(y, x)) == pytest.approx(fall.longitude_deg, abs=CENTIMETRE_deg)
    clock = packets["document"]["clock"]
    assert clock["interval"].endswith(max(packets[f"fall-{f.name}"]["availability"].split("/")[1] for f in flight.falls))


# --- GeoJSON and KML ------------------------------------------------------------------------------------------------


def test_geojson_holds_flight_falls_and_zones(folder, flight, result):
    shown = geopandas.read_file(folder / "flight.geojson").set_index("name")
    assert shown.crs.to_epsg() == 4326 and shown.geometry.is_valid.all()
    track = shapely.get_coordinates(shown.geometry["trajectory"], include_z=True)
    wanted = rows(flight, ("longitude_deg", "latitude_deg", "altitude_m"))
    np.testing.assert_allclose(track[:, :2], wanted[:, :2], rtol=0.0, atol=CENTIMETRE_deg)
    np.testing.assert_allclose(track[:, 2], wanted[:, 2], rtol=0.0, atol=0.0051)
    for fall in flight.falls:
        place = shown.loc[f"{fall.name} falls"]
        assert place.geometry.distance(shapely.Point(fall.longitude_deg, fall.latitude_deg)) < 2 * CENTIMETRE_deg
        assert place["t_s"] == fall.t_s and place["mass_kg"] == fall.mass_kg
        zone = shown.loc[f"zone of {fall.name}"]
        assert zone.geometry.exterior.is_ccw
        judged = next(impact["inside"] for impact in result.summary["impacts"] if impact["name"] == fall.name)
        assert zone.geometry.contains(place.geometry) == judged


def test_a_zone_has_the_area_of_its_ellipse(folder, result):
    shown = geopandas.read_file(folder / "flight.geojson").set_index("name")
    for body, zone in result.summary["zones"].items():
        equal_area = f"+proj=laea +lat_0={zone['latitude_deg']} +lon_0={zone['longitude_deg']} +ellps=WGS84"
        area = shown.geometry.to_crs(equal_area)[f"zone of {body}"].area
        # 180 corners inscribe 0.02 % less; 100 km of tangent plane are worth another 0.01 %.
        assert area == pytest.approx(np.pi / 4 * 1e6 * zone["length_km"] * zone["width_km"], rel=5e-4)


def test_kml_holds_the_same_places(folder, flight):
    shown = pandas.concat([geopandas.read_file(folder / "flight.kml", layer=layer) for layer in layers(folder / "flight.kml")])
    shown = shown.set_index("Name" if "Name" in shown else "name")
    track = shapely.get_coordinates(shown.geometry["trajectory"], include_z=True)
    wanted = rows(flight, ("longitude_deg", "latitude_deg", "altitude_m"))
    np.testing.assert_allclose(track[:, :2], wanted[:, :2], rtol=0.0, atol=CENTIMETRE_deg)
    np.testing.assert_allclose(track[:, 2], wanted[:, 2], rtol=0.0, atol=0.0051)
    plain = geopandas.read_file(folder / "flight.geojson").set_index("name")
    assert set(shown.index) == set(plain.index)
    for name, geometry in plain.geometry.items():
        np.testing.assert_array_equal(shapely.get_coordinates(shown.geometry[name]), shapely.get_coordinates(geometry))


def layers(path):
    return list(geopandas.list_layers(path)["name"])


# --- CSV and NetCDF -------------------------------------------------------------------------------------------------


def test_csv_reads_back_to_the_last_bit(folder, flight):
    table = pandas.read_csv(folder / "trajectory.csv")
    for name, column in flight.columns.items():
        np.testing.assert_array_equal(table[name], column, err_msg=name)
    assert list(table["phase_name"]) == [flight.phases[number] for number in flight.phase]
    utc = pandas.to_datetime(table["utc"])
    np.testing.assert_allclose((utc - pandas.Timestamp(LIFT_OFF)).dt.total_seconds(), flight.t_s, rtol=0.0, atol=1e-6)
    falls = pandas.read_csv(folder / "falls.csv")
    for fall in flight.falls:
        np.testing.assert_array_equal(falls.loc[falls["body"] == fall.name, "altitude_m"], fall.columns["altitude_m"])


def test_netcdf_reads_back_to_the_last_bit_and_every_variable_says_what_it_is(folder, flight, result):
    dataset = xarray.open_dataset(folder / "flight.nc", engine="netcdf4")
    for name, column in {**flight.columns, "phase": flight.phase}.items():
        np.testing.assert_array_equal(dataset[name], column, err_msg=name)
    for name, variable in dataset.variables.items():
        assert variable.attrs.get("long_name"), name
        assert variable.attrs.get("units") or name.endswith(("time", "fall_body")), name
    assert dataset.attrs["run"] == result.hash and dataset.attrs["title"] == result.summary["title"]
    for number, fall in enumerate(flight.falls):
        np.testing.assert_array_equal(dataset["fall_mach"][dataset["fall_body"] == number], fall.columns["mach"])
    words = dataset["fall_body"].attrs["flag_meanings"].split()
    assert words == [fall.name for fall in flight.falls]
    elapsed = (dataset["time"] - np.datetime64(LIFT_OFF.replace(tzinfo=None))) / np.timedelta64(1, "s")
    np.testing.assert_allclose(elapsed, flight.t_s, rtol=0.0, atol=1e-6)
    assert {"latitude_deg", "longitude_deg", "altitude_m", "time"} <= set(dataset["mach"].coords)
