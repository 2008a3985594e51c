"""What a table of flights comes to: injection, reserve, loads, places of impact, and what drives each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.columns import describe
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.physics.propulsion import propellant_for
from baiterek.physics.transfer import energy_speed
from baiterek.study.dispersions import Array, Spread
from baiterek.study.failures import CASE, Failures
from baiterek.study.flights_file import INPUT, column_names, each_part, read_columns
from baiterek.study.statistics import CONFIDENCE, Sums, describe_numbers, drivers, ellipse, part, quantile
from baiterek.study.summary import plain

INSERTION = (
    "insertion.semi_major_axis_m", "insertion.eccentricity", "insertion.perigee_altitude_m", "insertion.apogee_altitude_m",
    "insertion.inclination_deg", "insertion.raan_deg",
)  # fmt: skip
LOADS = {
    "peak.dynamic_pressure_Pa": "dynamic_pressure_Pa",
    "peak.q_alpha_Pa_rad": "q_alpha_Pa_rad",
    "peak.axial_acceleration_m_s2": "axial_acceleration_m_s2",
}
"""Output -> the mission's limit on it."""
ENOUGH = 0.9973
"""Part of the flights that the reserve is for: three sigma, two-sided."""
MARGIN = "insertion.margin_kg"
ELLIPSES = (0.95, 0.9973)
OF_FAILURES = ("failure.", "vehicle.impact.")
"""Columns that only flights with a failure have."""
NOT_SUMMED = ("flight", "case", "status", "_eci_m", "_eci_m_s", ".depleted")


def margin_kg(mission: Mission, columns: Mapping[str, Array]) -> Array:
    """Propellant that would be left at the energy of the target, from where each flight was cut off.

    What the last stage can still burn, less what the missing speed at the same radius would burn (vis viva,
    Tsiolkovsky); speed beyond it counts for. Neither gravity loss of that burn, nor direction, nor plane is in it.
    """
    target = mission.target
    if target is None or not (target.perigee_radius_m.fixed and target.apogee_radius_m.fixed):
        return np.full(len(columns["flight"]), np.nan)
    stage = _last_engine(mission, columns)
    x, y, z = (columns[f"insertion.{axis}_eci_m"] for axis in "xyz")
    vx, vy, vz = (columns[f"insertion.v{axis}_eci_m_s"] for axis in "xyz")
    radius, speed = np.sqrt(x * x + y * y + z * z), np.sqrt(vx * vx + vy * vy + vz * vz)
    inverse = 2.0 / (target.perigee_radius_m.low + target.apogee_radius_m.low)
    lacking = energy_speed(radius, inverse, mission.environment.mu_m3_s2) - speed
    name, isp_s = stage
    needed = propellant_for(columns["insertion.mass_kg"], lacking, isp_s)
    margin: Array = columns[f"{name}.usable_left_kg"] - needed
    return margin


def _last_engine(mission: Mission, columns: Mapping[str, Array]) -> tuple[str, Any]:
    """Name of the stage that flies last, and the specific impulse of its engines in each flight."""
    upper, last = mission.upper_stage, mission.vehicle.stages[-1]
    if upper is not None:
        return upper.name, columns.get(f"{INPUT}upper_stage.isp_s", upper.isp_s)
    thrust, flow = 0.0, 0.0
    for engine in last.engines:
        isp = columns.get(f"{INPUT}{last.name}.{engine.name}.isp_vac_s", engine.isp_vac_s)
        thrust = thrust + engine.count * engine.thrust_vac_N
        flow = flow + engine.count * engine.thrust_vac_N / isp
    return last.name, thrust / flow


class Flights:
    """The flights of a table that a summary is of: those without a failure, or all where every one has its case."""

    def __init__(self, path: Path) -> None:
        self.path, self.names = path, column_names(path)
        case = read_columns(path, [CASE])[CASE]
        self.failed = not np.any(case == 0.0)

    def columns(self, names: Sequence[str]) -> dict[str, Array]:
        """Columns of these flights by name."""
        return self._kept(read_columns(self.path, [*dict.fromkeys([*names, CASE])]), names)

    def column(self, name: str) -> Array:
        """One of them."""
        return self.columns([name])[name]

    def parts(self, names: Sequence[str]) -> Iterator[dict[str, Array]]:
        """The same row group by row group."""
        for columns in each_part(self.path, [*dict.fromkeys([*names, CASE])]):
            yield self._kept(columns, names)

    def _kept(self, columns: Mapping[str, Array], names: Sequence[str]) -> dict[str, Array]:
        kept = columns[CASE] >= 0.0 if self.failed else columns[CASE] == 0.0
        return {name: columns[name][kept] for name in names}


def summary(mission: Mission, spread: Spread, failures: Failures, nominal: Mapping[str, float], path: Path) -> dict[str, Any]:
    """result.json of a table of flights, in plain values: of the flights without a failure, and of each case beside them."""
    table = Flights(path)
    status = table.column("status")
    names = [name for name in table.names if not name.startswith(INPUT) and not name.endswith(NOT_SUMMED)]
    names = [name for name in names if table.failed or not name.startswith(OF_FAILURES)]
    outputs = {name: {**_about(name), "nominal": nominal.get(name), **describe_numbers(table.column(name))} for name in names}
    document = {
        "mission": mission.name,
        "title": mission.title,
        "vehicle": mission.vehicle.title,
        "site": mission.site.title,
        "lift_off": mission.lift_off.isoformat().replace("+00:00", "Z") if mission.lift_off else None,
        "globe": {"radius_m": mission.environment.radius_m, "flattening": mission.environment.flattening},
        "confidence": CONFIDENCE,
        "drawn": len(read_columns(path, [CASE])[CASE]),
        "flights": len(status),
        "flown": int(np.sum(status == 0)),
        "inputs": _inputs(mission, spread),
        "unfelt": list(spread.unfelt),
        "outputs": outputs,
        "insertion": _insertion(mission, nominal, table),
        "reserve": _reserve(nominal, table),
        "loads": _loads(mission, nominal, table),
        "impacts": _impacts(mission, table),
        "failures": _failures(mission, failures, path),
        **_drivers(spread, names, table),
    }
    found: dict[str, Any] = plain(document)
    return found


def _about(name: str) -> dict[str, str]:
    about = describe(name.rpartition(".")[2])
    return {"unit": about.unit or name.rpartition("_")[2], "of": name.rpartition(".")[0]}


def _inputs(mission: Mission, spread: Spread) -> list[dict[str, Any]]:
    """What was dispersed, with source and grade; air, wind and payload have the mission's word for it."""
    grades = {tag: source.grade for tag, source in mission.vehicle.sources.items()}
    upper = mission.upper_stage.sources if mission.upper_stage is not None else {}
    listed = []
    for group in spread.groups:
        for number in group.numbers:
            datum = number.datum
            own = upper.get(datum.source) if number.path.startswith("upper_stage.") else None
            grade = own.grade if own else grades.get(datum.source, "assumed" if _assumed(mission, number.path) else "")
            listed.append(
                {
                    "path": number.path,
                    "group": group.name,
                    "value": datum.value,
                    "sigma": datum.sigma,
                    "distribution": datum.distribution,
                    "source": datum.source,
                    "grade": grade,
                }
            )
    return listed


def _assumed(mission: Mission, path: str) -> bool:
    keys = {"air": ("air_density_sigma", "air_density_correlation_m"), "wind": ("wind_sigma", "wind_correlation_m")}.get(
        path.partition(".")[0], ()
    )
    return any(key not in mission.dispersions.given for key in keys)


def _failures(mission: Mission, failures: Failures, path: Path) -> list[dict[str, Any]]:
    """A row a case: how many flights met it, in how many it came before their stage was cut off, and where they ended."""
    wanted = [CASE, "status", "failure.t_s", "insertion.perigee_altitude_m", "vehicle.impact.latitude_deg",
              "vehicle.impact.longitude_deg"]  # fmt: skip
    columns = read_columns(path, wanted)
    rows = []
    for number, case in enumerate(failures.cases, start=1):
        mine = columns[CASE] == number
        happened = mine & np.isfinite(columns["failure.t_s"])
        down = happened & np.isfinite(columns["vehicle.impact.latitude_deg"])
        perigee = columns["insertion.perigee_altitude_m"]
        rows.append(
            {
                "name": case.name,
                "kind": case.kind,
                "stage": case.stage,
                "probability": failures.probability(number),
                "grade": mission.vehicle.sources[case.probability.source].grade,
                "flights": int(mine.sum()),
                "happened": int(happened.sum()),
                "came_down": int(down.sum()),
                "in_orbit": int(np.sum(happened & ~down & (perigee > 0.0))),
                "middle_deg": list(
                    middle_of(columns["vehicle.impact.latitude_deg"][down], columns["vehicle.impact.longitude_deg"][down])
                ),
            }
        )
    return rows


def _insertion(mission: Mission, nominal: Mapping[str, float], table: Flights) -> dict[str, Any]:
    """How far the elements lie from those of the flight without dispersions, and their covariance."""
    columns = table.columns(INSERTION)
    kept = np.all([np.isfinite(column) for column in columns.values()], axis=0)
    off = {}
    for name, column in columns.items():
        apart = column[kept] - nominal[name]
        if name.endswith("_deg"):
            apart = (apart + 180.0) % 360.0 - 180.0
        columns[name] = apart
        ordered = np.sort(np.abs(apart))
        off[name] = {
            "bias": float(apart.mean()) if len(apart) else None,
            "sigma": float(apart.std(ddof=1)) if len(apart) > 1 else None,
            f"within_{ENOUGH:g}": list(quantile(ordered, ENOUGH)),
        }
    matrix = np.cov(np.array(list(columns.values()))) if kept.sum() > 1 else np.full((len(columns),) * 2, np.nan)
    return {"off": off, "names": list(columns), "covariance": matrix}


def _reserve(nominal: Mapping[str, float], table: Flights) -> dict[str, Any] | None:
    """Propellant to hold back so that `ENOUGH` of the flights reach the target's energy: what dispersions use up."""
    margins = table.column(MARGIN)
    ordered = np.sort(margins[np.isfinite(margins)])
    if len(ordered) == 0 or not np.isfinite(nominal[MARGIN]):
        return None
    worst = quantile(ordered, 1.0 - ENOUGH)
    low, high = (None if end is None else nominal[MARGIN] - end for end in (worst.high, worst.low))
    return {
        "for": ENOUGH,
        "reserve_kg": [nominal[MARGIN] - worst.value, low, high],
        "nominal_margin_kg": nominal[MARGIN],
        "reached": list(part(int(np.sum(ordered >= 0.0)), len(ordered))),
    }


def _loads(mission: Mission, nominal: Mapping[str, float], table: Flights) -> list[dict[str, Any]]:
    rows = []
    for name, key in LOADS.items():
        values = table.column(name)
        ordered, limit = np.sort(values[np.isfinite(values)]), getattr(mission.limits, key)
        beyond = None if limit is None else list(part(int(np.sum(ordered > limit)), len(ordered)))
        rows.append(
            {
                "name": name,
                "unit": describe(key).unit,
                "nominal": nominal[name],
                f"quantile_{ENOUGH:g}": list(quantile(ordered, ENOUGH)),
                "greatest": float(ordered[-1]) if len(ordered) else None,
                "limit": limit,
                "beyond": beyond,
            }
        )
    return rows


def bodies(names: list[str]) -> list[str]:
    """Bodies that have columns of an impact."""
    ending = ".impact.latitude_deg"
    return [name.removesuffix(ending) for name in names if name.endswith(ending)]


class Globe(NamedTuple):
    """The ellipsoid on which bodies come down."""

    radius_m: float
    flattening: float


def middle_of(latitude_deg: Array, longitude_deg: Array) -> tuple[float, float]:
    """Latitude and longitude in deg in the middle of points that came down; NaN without any."""
    there = np.isfinite(latitude_deg)
    if not there.any():
        return float("nan"), float("nan")
    lon = np.radians(longitude_deg[there])
    east = np.arctan2(np.median(np.sin(lon)), np.median(np.cos(lon)))
    return float(np.median(latitude_deg[there])), float(np.degrees(east))


def points_about(latitude_deg: Array, longitude_deg: Array, middle_deg: Sequence[float], globe: Globe) -> Array:
    """Points that came down as east and north in m about a place, shape (n, 2)."""
    there = np.isfinite(latitude_deg)
    fixed = fixed_from_geodetic(np.radians(latitude_deg[there]), np.radians(longitude_deg[there]), 0.0, globe)
    return np.column_stack(east_north_of(*fixed, *np.radians(middle_deg), globe))


def _impacts(mission: Mission, table: Flights) -> list[dict[str, Any]]:
    """For each body: how many came down, and ellipses with the part of these points that lies within."""
    found, globe = [], Globe(mission.environment.radius_m, mission.environment.flattening)
    for body in bodies(table.names):
        columns = table.columns([f"{body}.impact.{word}_deg" for word in ("latitude", "longitude")])
        latitude, longitude = columns.values()
        middle = middle_of(latitude, longitude)
        points = points_about(latitude, longitude, middle, globe)
        row: dict[str, Any] = {"body": body, "landed": len(points), "middle_deg": list(middle), "ellipses": []}
        for within in ELLIPSES if len(points) > 2 else ():
            drawn = ellipse(points, within)
            row["ellipses"].append(
                {
                    "within": within,
                    "inside": drawn.inside,
                    "center_m": drawn.center,
                    "half_axes_m": drawn.half_axes,
                    "azimuth_deg": float((90.0 - np.degrees(drawn.angle_rad)) % 180.0),
                }
            )
        found.append(row)
    return found


def _drivers(spread: Spread, names: list[str], table: Flights) -> dict[str, Any]:
    """What each group of inputs explains of each output's variance, over the flights that have all outputs."""
    outputs = [name for name in names if ".separation." not in name]
    inputs = [INPUT + number.path for number in spread.numbers]
    sums = Sums(len(inputs), len(outputs))
    for columns in table.parts(inputs + outputs):
        x, y = (np.column_stack([columns[name] for name in listed]) for listed in (inputs, outputs))
        whole = np.isfinite(y).all(axis=1)
        sums.add(x[whole], y[whole])
    groups, first = {}, 0
    for group in spread.groups:
        groups[group.name] = range(first, first + len(group.numbers))
        first += len(group.numbers)
    found = drivers(sums, groups)
    return {
        "drivers": {
            name: {"r2": r2, "flights": sums.n, "groups": [driver._asdict() for driver in listed[:8]]}
            for name, (r2, listed) in zip(outputs, found, strict=True)
        }
    }
