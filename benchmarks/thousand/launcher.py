"""Feasible missions of the launcher alone: a witness flies, its orbit is asked for under limits that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from pyproj import Geod

from baiterek.catalogue.mission import Mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.history import Fall, History
from baiterek.physics.orbit import Elements, elements_from_state
from thousand.ascents import Goal, Shape, Witness, worst
from thousand.cases import FEASIBLE, STANDARD, Case, Nothing, any_epoch, read, written

MOST_M_S2 = 0.98 * STANDARD["axial_acceleration_g0"] * STANDARD_GRAVITY_M_S2
TIGHT = ("dynamic_pressure_kPa", "q_alpha_Pa_rad", "axial_acceleration_g0", "turn_rate_deg_s", "corridors_deg",
         "insertion_altitude_min_km", "duration_max_s")  # fmt: skip
CHANGED = {
    "stage-1.dry_mass_t": (35.306, 0.04), "stage-2.dry_mass_t": (8.551, 0.04), "shroud.mass_t": (2.229, 0.2),
    "stage-1.RD-171MV.isp_vac_s": (337.0, 0.01), "stage-2.RD-0124MS.isp_vac_s": (361.0, 0.01),
}  # fmt: skip


def drawn(kind: str, number: int, rng: np.random.Generator) -> Case:
    """One draw of a kind; raises `Nothing` where its witness does not get there."""
    epoch, vehicle = any_epoch(rng), "soyuz-5-crewed" if kind == "crewed" else "soyuz-5"
    override = changed(rng) if kind == "modified" else None
    target, goal = wished(kind, rng)
    name = f"case-{number}"
    plain = read(written(name, epoch, target, 1000.0, STANDARD, vehicle=vehicle, override=override))
    goal = of_mission(plain, goal)
    witness = Witness(plain, MOST_M_S2)
    shape = witness.with_share(goal, 0.1 + 0.88 * float(rng.random()) ** 0.7)
    if shape is None or shape.burn_s > witness.most_burn_s(shape.payload_kg):
        raise Nothing
    history = witness.fly(shape)
    if kind in ("plane-of-a-spacecraft", "local-time"):
        epoch, target = met(plain, kind, epoch, history, rng, name)
        history = Witness(read(written(name, epoch, target, 1000.0, STANDARD)), MOST_M_S2).fly(shape)
    target = asked(kind, target, plain, history, rng)
    peak = worst(history)
    limits: dict[str, Any] = {key: max(most, 1.02 * peak.get(key, 0.0)) for key, most in STANDARD.items()}
    words = ["flown witness"]
    if kind == "tight":
        for key in rng.choice(TIGHT, 2, replace=False):
            limits[str(key)] = tight(str(key), plain, history, peak)
            words.append(str(key))
    zones = {}
    if kind == "zones":
        zones, word = zones_round(plain, history, rng)
        words.append(word)
    most = bool(rng.random() < 0.4)
    payload = None if most else shape.payload_kg
    text = written(name, epoch, target, payload, limits, vehicle=vehicle, zones=zones, override=override)
    floor = shape.payload_kg if most else float(history["mass_kg"][-1])
    return Case(number, kind, FEASIBLE, text, ", ".join(words), {k: float(v) for k, v in asdict(shape).items()}, floor)


# --- what is wished for, and what is then asked for ---------------------------------------------------


def wished(kind: str, rng: np.random.Generator) -> tuple[dict[str, Any], Goal]:
    """A target of the kind and the orbit to shoot at: altitudes in m, which `of_mission` makes radii."""
    perigee_km = 180.0 + 720.0 * float(rng.random()) ** 1.5
    inclination = 46.2 + 52.8 * float(rng.random())
    apogee_km = perigee_km
    if kind in ("ellipse", "argument", "bounded") or (kind in ("zones", "tight", "modified") and rng.random() < 0.5):
        apogee_km += float(np.exp(rng.uniform(4.5 if kind == "argument" else 3.0, 8.0)))
    if kind in ("crewed", "plane-of-a-spacecraft"):
        perigee_km = apogee_km = 180.0 + 240.0 * float(rng.random())
    mean = kind in ("sun-synchronous", "local-time", "plane-of-a-spacecraft")
    target: dict[str, Any] = {"perigee_altitude_km": perigee_km, "apogee_altitude_km": apogee_km}
    target["inclination_deg"] = inclination
    if mean:
        target = {"altitude_km": perigee_km}
    if kind in ("sun-synchronous", "local-time"):
        target["sun_synchronous"] = True
    elif mean:
        target |= {"inclination_deg": round(inclination, 4), "kind": "mean"}
    return target, Goal(1e3 * perigee_km, 1e3 * apogee_km, float("nan"), mean)


def of_mission(mission: Mission, goal: Goal) -> Goal:
    """The goal with radii, and the inclination that the reader made of the target."""
    radius, target = float(mission.environment.radius_m), mission.target
    assert target is not None
    return replace(goal, perigee_m=goal.perigee_m + radius, apogee_m=goal.apogee_m + radius,
                   inclination_rad=float(target.inclination_rad.low))  # fmt: skip


def reached(mission: Mission, history: History) -> Elements:
    """Osculating elements at insertion."""
    columns = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
    return elements_from_state(*(float(history[c][-1]) for c in columns), mission.environment.mu_m3_s2)


def asked(kind: str, target: Mapping[str, Any], mission: Mission, history: History, rng: np.random.Generator) -> dict[str, Any]:
    """The target with what the witness reached in place of what was wished."""
    if "altitude_km" in target:
        return dict(target)
    at, radius = reached(mission, history), float(mission.environment.radius_m)
    low, high = 1e-3 * (float(at.perigee_radius_m) - radius), 1e-3 * (float(at.apogee_radius_m) - radius)
    if high - low < 0.05:
        low = high = 0.5 * (low + high)
    got: dict[str, Any] = {
        "perigee_altitude_km": low, "apogee_altitude_km": high, "inclination_deg": float(np.degrees(at.inclination_rad)),
    }  # fmt: skip
    if kind == "argument":
        got["argument_of_perigee_deg"] = float(np.degrees(at.argument_of_perigee_rad))
    if kind == "node":
        got["raan_deg"] = float(np.degrees(at.raan_rad))
    if kind == "bounded":
        for key, width in (("perigee_altitude_km", 20.0), ("apogee_altitude_km", 100.0), ("inclination_deg", 0.5)):
            below, above = width * rng.random(2)
            if key != "perigee_altitude_km" or low - below > 150.0:
                got[key] = {"min": got[key] - below, "max": got[key] + above}
    return got


def met(mission: Mission, kind: str, epoch: datetime, history: History, rng: np.random.Generator, name: str
        ) -> tuple[datetime, dict[str, Any]]:  # fmt: skip
    """The lift-off at which the witness meets the plane of a local time, or of a spacecraft, and that target.

    The same flight an instant later reaches the same orbit, turned with the Earth.
    """
    assert mission.target is not None
    altitude_km = 1e-3 * (float(mission.target.perigee_radius_m.low) - float(mission.environment.radius_m))
    target: dict[str, Any] = {"altitude_km": altitude_km}
    if kind == "local-time":
        side = "ascending" if rng.random() < 0.5 else "descending"
        target |= {"sun_synchronous": True, f"local_time_{side}_node_h": round(24.0 * float(rng.random()), 2) % 24.0}
    else:
        degrees = float(np.degrees(mission.target.inclination_rad.low))
        target["tle"] = two_lines(epoch, degrees, 360.0 * float(rng.random()), altitude_km)
    for _ in range(4):
        other = read(written(name, epoch, target, 1000.0, STANDARD))
        assert other.target is not None
        node = mean_node(other, history) + other.sidereal_angle_rad - mission.sidereal_angle_rad
        wait = (float(other.target.raan_rad.low) - node + np.pi) % (2.0 * np.pi) - np.pi
        epoch += timedelta(seconds=wait / mission.environment.rotation_rad_s)
    return epoch, target


def mean_node(mission: Mission, history: History) -> float:
    """Right ascension of the node without the short period of J2, to its first order (Vallado, 4th ed., sec. 9.6)."""
    at, environment = reached(mission, history), mission.environment
    u = float(at.argument_of_perigee_rad + at.true_anomaly_rad)
    p = float(at.perigee_radius_m) * (1.0 + float(at.eccentricity))
    share = 0.75 * environment.j2 * (environment.radius_m / p) ** 2
    return float(at.raan_rad) - share * float(np.cos(at.inclination_rad)) * np.sin(2.0 * u)


def two_lines(epoch: datetime, inclination_deg: float, raan_deg: float, altitude_km: float) -> list[str]:
    """Two-line elements of a spacecraft that does not exist, in a circular orbit without drag."""
    day = (epoch - datetime(epoch.year, 1, 1, tzinfo=epoch.tzinfo)) / timedelta(days=1) + 1.0
    rate = 86400.0 / (2.0 * np.pi) * np.sqrt(3.986004418e14 / (6378137.0 + 1e3 * altitude_km) ** 3)
    first = f"1 99999U 26001A   {epoch.year % 100:02d}{day:012.8f}  .00000000  00000-0  00000-0 0  999"
    second = f"2 99999 {inclination_deg:8.4f} {raan_deg % 360.0:8.4f} 0001000   0.0000   0.0000 {rate:11.8f}    1"
    return [line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10) for line in (first, second)]


def changed(rng: np.random.Generator) -> dict[str, Any]:
    """A modification of the launcher: some of its numbers moved by up to so large a share."""
    return {path: {"value": base * (1.0 + share * float(rng.uniform(-1.0, 1.0))), "sigma": 0.0, "source": "drawn"}
            for path, (base, share) in CHANGED.items()}  # fmt: skip


# --- limits that the witness just keeps ---------------------------------------------------------------


def tight(key: str, mission: Mission, history: History, peak: Mapping[str, float]) -> Any:
    """A limit a little beyond what the witness needs."""
    if key == "insertion_altitude_min_km":
        return 1e-3 * float(history["altitude_m"][-1]) - 2.0
    if key == "duration_max_s":
        return float(history.t_s[-1]) + 5.0
    if key == "corridors_deg":
        azimuth = separation_azimuth_deg(mission, history)
        return [[azimuth - 1.5, azimuth + 1.0]]
    return 1.03 * peak[key]


def separation_azimuth_deg(mission: Mission, history: History) -> float:
    """Geodetic azimuth from the pad to the point below the first separation."""
    row = np.flatnonzero(history.phase <= history.phases.index("stage-1 shutdown"))[-1]
    site = mission.site
    azimuth, _, _ = Geod(ellps="WGS84").inv(
        np.degrees(site.longitude_rad), np.degrees(site.latitude_rad),
        float(history["longitude_deg"][row]), float(history["latitude_deg"][row]),
    )  # fmt: skip
    return float(azimuth)


def zones_round(mission: Mission, history: History, rng: np.random.Generator) -> tuple[dict[str, Any], str]:
    """Zones that hold the witness's own points of impact."""
    falls = {fall.name: fall for fall in history.falls}
    fall, form = falls["stage-1"], int(rng.integers(0, 4))
    if form == 0:
        return {"stage-1": band(mission, fall, float(rng.uniform(20.0, 60.0)), rng)}, "range band"
    if form == 1:
        zones = {"stage-1": band(mission, fall, 60.0, rng)}
        if "fairing" in falls and falls["fairing"].landed:
            zones["fairing"] = band(mission, falls["fairing"], 80.0, rng)
        return zones, "range bands of stage and fairing"
    azimuth = float(history["azimuth_deg"][np.searchsorted(history.t_s, 170.0)])
    north, east = rng.uniform(-8.0, 8.0, 2) / 111.0
    lat = fall.latitude_deg + float(north)
    lon = fall.longitude_deg + float(east) / float(np.cos(np.radians(lat)))
    if form == 2:
        shape = {"latitude_deg": lat, "longitude_deg": lon, "length_km": 120.0, "width_km": 50.0, "azimuth_deg": azimuth}
        return {"stage-1": shape}, "ellipse"
    corners = []
    for turn, way_km in ((30.0, 55.0), (150.0, 60.0), (210.0, 55.0), (330.0, 60.0)):
        x, y, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth + turn, 1e3 * way_km)
        corners.append((float(y), float(x)))
    return {"stage-1": {"vertices_deg": corners}}, "polygon"


def band(mission: Mission, fall: Fall, half_km: float, rng: np.random.Generator) -> dict[str, float]:
    middle = 1e-3 * range_m(mission, fall) + float(rng.uniform(-0.8, 0.8)) * half_km
    return {"min_km": max(middle - half_km, 0.0), "max_km": middle + half_km}


def range_m(mission: Mission, fall: Fall) -> float:
    """Ground range as the catalogue defines it: angle of geocentric directions times the equatorial radius."""
    flat = (1.0 - mission.environment.flattening) ** 2

    def direction(lat: float, lon: float) -> Any:
        geocentric = np.arctan(flat * np.tan(lat))
        return np.array([np.cos(geocentric) * np.cos(lon), np.cos(geocentric) * np.sin(lon), np.sin(geocentric)])

    a = direction(float(mission.site.latitude_rad), float(mission.site.longitude_rad))
    b = direction(np.radians(fall.latitude_deg), np.radians(fall.longitude_deg))
    return float(mission.environment.radius_m * np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))


def flown(mission: Mission, witness: Mapping[str, Any]) -> History:
    """The witness of a case, flown anew."""
    return Witness(mission, MOST_M_S2).fly(Shape(**witness))
