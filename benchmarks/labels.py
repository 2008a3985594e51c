"""Missions whose answer is known beforehand, and why: made here, put to the optimiser by `labelled_missions.py`.

Three of four are feasible: a witness, shot by `witness.py` and flown by the compiled simulator, reaches the orbit with
the payload under the mission's limits. The others are infeasible by a bound of `bounds.py` or by geometry, and the
label says which limit an answer must name.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.flight.plan import lift_off_state
from bounds import (
    Ideal,
    airless_payload_kg,
    farthest_rad,
    ideal_payload_kg,
    least_horizontal_m_s,
    needed_m_s,
)
from measure import PROJECT

KEPT = PROJECT / "benchmarks" / ".kept"
MONTHS = (1, 7, 10)
STANDARD = {
    "dynamic_pressure_kPa": 50.0, "q_alpha_Pa_rad": 3500.0, "axial_acceleration_g0": 4.0, "angle_of_attack_deg": 10.0,
    "turn_rate_deg_s": 3.0, "rise_altitude_m": 200.0,
}  # fmt: skip
TEXT = """
name = "labelled-{number}"
vehicle = "soyuz-5"
site = "baikonur-45"
objective = "least_propellant"
[epoch]
utc = 2026-{month:02d}-15T09:00:00Z
[payload]
mass_kg = {payload_kg!r}
[target]
perigee_altitude_km = {perigee_km!r}
apogee_altitude_km = {apogee_km!r}
inclination_deg = {inclination_deg!r}
raan_deg = {raan_deg}
argument_of_perigee_deg = "free"
true_anomaly_deg = "free"
[limits]
{limits}
[zones]
{zones}
[environment]
wind = "climatology"
"""


@dataclass(frozen=True)
class Label:
    """A mission and what is known of it."""

    number: int
    feasible: bool
    mission: str
    """Text of the mission file."""
    why: str
    payload_share: float
    """Of the witness's capability; NaN where that is not the point."""
    shape: dict[str, float] | None = None
    limit: str = ""
    """Of an infeasible mission: the limit that the optimiser must name."""


def written(number: int, month: int, orbit: tuple[float, float, float], payload_kg: float, limits: dict[str, float],
            zones: str = "", raan_deg: str = '"free"') -> str:  # fmt: skip
    """A mission file; `orbit` is perigee and apogee altitude in km and inclination in deg."""
    lines = "\n".join(f"{key} = {float(value)!r}" for key, value in limits.items())
    return TEXT.format(
        number=number, month=month, payload_kg=float(payload_kg), perigee_km=float(orbit[0]), apogee_km=float(orbit[1]),
        inclination_deg=float(orbit[2]), raan_deg=raan_deg, limits=lines, zones=zones,
    )  # fmt: skip


def read(text: str) -> Mission:
    """The mission of a text, through the same reader as any file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mission.toml"
        path.write_text(text, encoding="utf-8")
        return load_mission(path)


# --- feasible -----------------------------------------------------------------------------------------


def feasible(number: int, count: int, seed: int) -> Label:
    """Draws an orbit, a month and a share of the capability until a witness flies them; writes what it reached."""
    from witness import Goal, Witness, worst

    rng = np.random.default_rng([seed, number])
    # Heights, inclinations and shares each visit every part of their range, in an order of their own.
    strata = [np.random.default_rng([seed, 1000 + k]).permutation(count)[number] for k in range(3)]
    for _ in range(20):
        u = [(s + rng.random()) / count for s in strata]
        perigee_km, share = 180.0 + 820.0 * u[0] ** 1.5, 0.05 + 0.92 * u[2]
        inclination = 46.0 + 53.0 * u[1]
        apogee_km = perigee_km if rng.random() < 0.5 else perigee_km + float(np.exp(rng.uniform(3.0, 8.0)))
        month = int(rng.choice(MONTHS))
        flown = read(written(number, month, (perigee_km, apogee_km, inclination), 1.0, STANDARD))
        radius = flown.environment.radius_m
        goal = Goal(radius + 1e3 * perigee_km, radius + 1e3 * apogee_km, float(np.radians(inclination)))
        witness = Witness(flown, 0.98 * 4.0 * STANDARD_GRAVITY_M_S2)
        most = witness.capability_kg(goal)
        shape = None if most is None else witness.best(goal, share * most[0])
        shape = None if shape is None else witness.timed(shape, goal)
        if most is None or shape is None or shape.burn_s > witness.most_burn_s(shape.payload_kg):
            continue
        history = witness.fly(shape)
        reached = (history["perigee_altitude_m"][-1], history["apogee_altitude_m"][-1], history["inclination_deg"][-1])
        perigee_km, apogee_km = 1e-3 * reached[0], 1e-3 * reached[1]
        if goal.perigee_m == goal.apogee_m:
            perigee_km = apogee_km = 0.5 * (perigee_km + apogee_km)
        peak = worst(history)
        limits = {k: max(v, 1.02 * peak.get(k, 0.0)) for k, v in STANDARD.items()}
        words = ["flown witness"]
        if rng.random() < 0.5:
            tight = str(rng.choice(["dynamic_pressure_kPa", "q_alpha_Pa_rad", "axial_acceleration_g0", "turn_rate_deg_s"]))
            limits[tight] = 1.03 * peak[tight]
            words.append(f"{tight} {limits[tight]:.4g}")
        if rng.random() < 0.25:
            limits["insertion_altitude_min_km"] = 1e-3 * history["altitude_m"][-1] - 2.0
            words.append("insertion floor")
        zones = ""
        if number % 4 == 0:
            zones, word = zone_round(flown, history, rng)
            words.append(word)
        text = written(number, month, (perigee_km, apogee_km, float(reached[2])), shape.payload_kg, limits, zones)
        return Label(number, True, text, ", ".join(words), share, {k: float(v) for k, v in asdict(shape).items()})
    raise SystemExit(f"no witness found for mission {number} of seed {seed}")


def zone_round(mission: Mission, history, rng) -> tuple[str, str]:
    """A zone for the first stage that holds the witness's own point of impact."""
    fall = next(f for f in history.falls if f.name == "stage-1")
    if rng.random() < 0.5:
        way_km, half_km = 1e-3 * range_m(mission, fall), float(rng.uniform(20.0, 60.0))
        middle = way_km + float(rng.uniform(-0.8, 0.8)) * half_km
        return f"stage-1 = {{ min_km = {middle - half_km!r}, max_km = {middle + half_km!r} }}", "range band"
    azimuth = float(history["azimuth_deg"][np.searchsorted(history.t_s, 170.0)])
    north, east = rng.uniform(-8.0, 8.0, 2) / 111.0
    lat = fall.latitude_deg + float(north)
    lon = fall.longitude_deg + float(east) / float(np.cos(np.radians(lat)))
    return (
        f"stage-1 = {{ latitude_deg = {lat!r}, longitude_deg = {lon!r}, length_km = 120.0, width_km = 50.0, "
        f"azimuth_deg = {azimuth!r} }}"
    ), "ellipse"


def range_m(mission: Mission, fall) -> float:
    """Ground range as the catalogue defines it: angle of geocentric directions times the equatorial radius."""
    flat = (1.0 - mission.environment.flattening) ** 2

    def direction(lat: float, lon: float):
        geocentric = np.arctan(flat * np.tan(lat))
        return np.array(
            [np.cos(geocentric) * np.cos(lon), np.cos(geocentric) * np.sin(lon), np.sin(geocentric)]
        )  # fmt: skip

    a = direction(mission.site.latitude_rad, mission.site.longitude_rad)
    b = direction(np.radians(fall.latitude_deg), np.radians(fall.longitude_deg))
    return float(mission.environment.radius_m * np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))


def broken(label: Label) -> list[str]:
    """What the witness of a label, flown anew, does not keep of its mission: nothing, or the label is void."""
    from pyproj import Geod

    from witness import Shape, Witness, propellant_left_kg, worst

    mission = read(label.mission)
    assert label.shape is not None and mission.target is not None
    witness = Witness(mission, 0.98 * 4.0 * STANDARD_GRAVITY_M_S2)
    history = witness.fly(Shape(**label.shape))
    limits, target, radius = mission.limits, mission.target, mission.environment.radius_m
    faults = []

    def hold(name: str, value: float, most: float) -> None:
        if not value <= most:
            faults.append(f"{name}: {value:.6g} beyond {most:.6g}")

    peak = worst(history)
    hold("dynamic pressure", 1e3 * peak["dynamic_pressure_kPa"], limits.dynamic_pressure_Pa)
    hold("q alpha", peak["q_alpha_Pa_rad"], limits.q_alpha_Pa_rad)
    hold("axial", peak["axial_acceleration_g0"] * STANDARD_GRAVITY_M_S2, limits.axial_acceleration_m_s2)
    hold("attack", np.radians(peak["angle_of_attack_deg"]), limits.angle_of_attack_rad)
    hold("turn rate", np.radians(peak["turn_rate_deg_s"]), limits.turn_rate_rad_s)
    hold("heat flux at release", peak["release_W_m2"], mission.vehicle.shroud.threshold)
    rise = history["altitude_m"][history.phase == 0][-1] - mission.site.altitude_m - limits.rise_altitude_m
    hold("rise", abs(rise), 0.01)
    hold("perigee", abs(history["perigee_altitude_m"][-1] + radius - target.perigee_radius_m.low), 5.0)
    hold("apogee", abs(history["apogee_altitude_m"][-1] + radius - target.apogee_radius_m.low), 5.0)
    hold("inclination", abs(history["inclination_deg"][-1] - np.degrees(target.inclination_rad.low)), 1e-5)
    hold("propellant beyond the load", -min(propellant_left_kg(witness.loaded(mission.payload_kg), history)), 0.0)
    if limits.insertion_altitude_min_m is not None:
        hold("floor", limits.insertion_altitude_min_m, history["altitude_m"][-1])
    for name, zone in mission.zones.items():
        fall = next(f for f in history.falls if f.name == name)
        if hasattr(zone, "min_m"):
            hold("band", abs(range_m(mission, fall) - 0.5 * (zone.min_m + zone.max_m)), 0.5 * (zone.max_m - zone.min_m))
            continue
        azimuth, _, way = Geod(ellps="WGS84").inv(
            *np.degrees([zone.longitude_rad, zone.latitude_rad]), fall.longitude_deg, fall.latitude_deg
        )
        turned = np.radians(azimuth) - zone.azimuth_rad
        share = np.hypot(2.0 * way * np.cos(turned) / zone.length_m, 2.0 * way * np.sin(turned) / zone.width_m)
        hold("ellipse", float(share), 1.0)
    return faults


# --- infeasible -----------------------------------------------------------------------------------------


NAMED = ("propellant",) * 5 + ("raan_rad",) + ("zone stage-1",) * 2 + ("axial_acceleration", "insertion_altitude_min")
"""What an answer to each kind of infeasible mission must name."""


def infeasible(number: int, kind: int, seed: int) -> Label:
    """One of ten kinds of mission that nothing can fly, with the bound that forbids it."""
    rng = np.random.default_rng([seed, number])
    month = int(rng.choice(MONTHS))
    low, inclination = float(rng.uniform(180.0, 300.0)), float(rng.uniform(46.5, 60.0))
    orbit, payload, limits, zones, raan = (low, low, inclination), 12e3, dict(STANDARD), "", '"free"'
    plain = replace(read(written(number, month, orbit, payload, limits)), payload_kg=payload)
    radius = plain.environment.radius_m
    if kind in (0, 1):
        orbit = (orbit, (550.0, 550.0, 97.6))[kind]
        most = ideal_payload_kg(plain, radius + 1e3 * orbit[0], radius + 1e3 * orbit[1])
        payload, why = 1.02 * most, f"ideal velocity falls short beyond {most / 1e3:.2f} t"
    elif kind in (2, 3, 4):
        height, inclination = ((low, inclination), (450.0, 97.2), (800.0, 74.0))[kind - 2]
        orbit = (height, height, inclination)
        most = airless_payload_kg(plain, radius + 1e3 * height, float(np.radians(inclination)))
        payload, why = 1.03 * most, f"even without air no more than {most / 1e3:.2f} t"
    elif kind == 5:
        # The plane's axis stands 90 deg in longitude from the pad's opposite: the pad is as far off as it can be.
        raan = repr(float(np.degrees(plain.site.longitude_rad + plain.sidereal_angle_rad)) % 360.0 - 90.0)
        orbit = (low, low, 90.0)
        away, most = pad_off_plane_rad(plain, orbit[2], float(raan)), farthest_rad(plain, payload)
        assert away > most
        why = f"plane {np.degrees(away):.0f} deg from the pad, no flight goes farther than {np.degrees(most):.0f}"
    elif kind in (6, 7):
        payload = 15e3
        least, most = least_horizontal_m_s(plain, payload, radius + 1e3 * low), Ideal(plain, payload).gain_m_s(0)
        if kind == 6:
            zones, way = "stage-1 = { min_km = 0.0, max_km = 30.0 }", 0.5 * least**2 / (4.0 * STANDARD_GRAVITY_M_S2)
            assert way > 2.0 * 30e3
            why = f"stage 1 must leave at {least:.0f} m/s, {way / 1e3:.0f} km of way under 4 g, and fall within 30 km"
        else:
            zones = (
                "stage-1 = { latitude_deg = 45.9, longitude_deg = 57.2, length_km = 120.0, width_km = 50.0, "
                "azimuth_deg = 90.0 }"
            )
            back = 2.0 * 440e3 / Ideal(plain, payload).longest_burn_s(0) + least
            assert back > most
            why = f"to fall 500 km behind the pad stage 1 needs {back:.0f} m/s, it has {most:.0f}"
    elif kind == 8:
        limits["axial_acceleration_g0"] = 1.3
        ideal = Ideal(plain, payload)
        has = ideal.gain_m_s(0) + ideal.gain_m_s(1, ideal.thrust_N[1] / (1.3 * STANDARD_GRAVITY_M_S2))
        needs = needed_m_s(plain, radius + 1e3 * low, radius + 1e3 * low)
        assert has < needs
        why = f"under 1.3 g stage 2 cannot burn on: {has:.0f} m/s of {needs:.0f}"
    else:
        # Geodetic altitude exceeds the height above the equatorial radius by 21.4 km at most, at a pole.
        limits["insertion_altitude_min_km"] = low + 40.0
        why = "insertion floor 40 km above a circular orbit"
    text = written(number, month, orbit, payload, limits, zones, raan)
    return Label(number, False, text, why, float("nan"), limit=NAMED[kind])


def pad_off_plane_rad(mission: Mission, inclination_deg: float, raan_deg: float) -> float:
    """Angle between the pad at lift-off and an orbital plane."""
    i, node = np.radians(inclination_deg), np.radians(raan_deg)
    normal = np.array([np.sin(i) * np.sin(node), -np.sin(i) * np.cos(node), np.cos(i)])
    pad = lift_off_state(mission)[:3]
    return float(np.arcsin(abs(normal @ pad) / np.linalg.norm(pad)))


def label_of(number: int, count: int, seed: int) -> Label:
    """The labelled mission of a number: the first three quarters are feasible."""
    good = count - count // 4
    return feasible(number, good, seed) if number < good else infeasible(number, (number - good) % 10, seed)


def fingerprint(count: int, seed: int) -> str:
    """Of what the labels hang on: they are made anew when the vehicle, the physics or these scripts change."""
    source, here = PROJECT / "src" / "baiterek", PROJECT / "benchmarks"
    files = [here / name for name in ("witness.py", "bounds.py", "labels.py")]
    files += sorted((source / "physics").rglob("*.py")) + [source / "catalogue" / "vehicles" / "soyuz-5.toml"]
    digest = hashlib.sha256(f"{count} {seed}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def labels(pool: ProcessPoolExecutor, count: int, seed: int) -> list[Label]:
    """The labelled missions, from the kept file where it still holds."""
    key, kept = fingerprint(count, seed), KEPT / f"labels-{seed}-{count}.json"
    if kept.exists():
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["key"] == key:
            return [Label(**record) for record in content["labels"]]
    made = []
    began = time.perf_counter()
    for future in as_completed([pool.submit(label_of, n, count, seed) for n in range(count)]):
        made.append(future.result())
        print(f"  label {len(made)} of {count}, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    made.sort(key=lambda label: label.number)
    KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"key": key, "labels": [asdict(label) for label in made]}, indent=1), encoding="utf-8")
    return made
