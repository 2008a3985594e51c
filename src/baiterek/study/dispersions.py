"""What is uncertain about a flight, and the numbers with which each flight of many is flown.

Every number with a sigma is a standard normal z turned by its distribution; numbers that are correlated share theirs
(a Gaussian copula, e.g. Nelsen 2006, 2.3.6: exact for normal numbers, for others the correlation is that of the z).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.navigation_file import NOISE, PER_AXIS
from baiterek.catalogue.upper_stage_file import DROP_TANKS, UPPER_STAGE
from baiterek.catalogue.vehicle_keys import AERODYNAMICS, BODY, BOOSTER, ENGINE, SHROUD, STAGE
from baiterek.errors import BadValue
from baiterek.physics.earth import AIR_NONE, WIND_NONE
from baiterek.physics.gust import GUST_THICKNESS_m
from baiterek.study.sampling import Design

Array = NDArray[np.float64]
EAST, NORTH, DENSITY = PROFILES = "wind.east_m_s", "wind.north_m_s", "air.density_deviation"
GUST_SPEED = "gust.speed_m_s"
NOISE_KEY, PERIOD = "navigation.noise_key", "navigation.satellite_period_s"
MOST_CUT = 0.0228
"""Part of a distribution that may lie beyond what is physical: what a normal one has beyond two sigma. It is cut off."""
KNOTS_m = np.concatenate((np.arange(0.0, 30e3, 2e3), np.arange(30e3, 90e3 + 1.0, 5e3)))
"""Heights at which the deviations of air and wind are drawn."""
SMALLEST_PIVOT = 1e-9


@dataclass(frozen=True)
class Number:
    """One dispersed number: SI, with the range that it can have at all."""

    path: str
    datum: Datum
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True)
class Group:
    """Numbers that are drawn together: `root` times independent z's gives theirs. Groups do not know of each other."""

    name: str
    numbers: tuple[Number, ...]
    root: Array
    """Lower triangular, its product with its transpose the correlation."""

    @property
    def covariance(self) -> Array:
        """Of the numbers, SI, before anything is cut off."""
        sigma = np.array([number.datum.sigma for number in self.numbers])
        scaled: Array = (self.root @ self.root.T) * np.outer(sigma, sigma)
        return scaled


@dataclass(frozen=True)
class Spread:
    """All that is dispersed. `draw` gives what the flights are flown with, and nothing else is logged."""

    groups: tuple[Group, ...]
    knots_m: Array
    """Heights of the deviations of air and wind."""
    unfelt: tuple[str, ...]
    """Numbers with a sigma that no flight of a given steering feels."""
    noise: Mapping[str, float] = field(default_factory=dict)
    """Strength of what is random within each flight, by input. The flight without dispersions has none."""
    gust_m_s: float = 0.0
    """Speed of the discrete gust; 0 and in the flight without dispersions: none."""

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(number for group in self.groups for number in group.numbers)

    def draw(self, design: Design, first: int, count: int) -> dict[str, Array]:
        """One row a flight by name of number: flights `first` to before `first + count`."""
        from scipy.special import ndtri

        uniforms = design.uniforms([number.path for number in self.numbers], first, count)
        drawn: dict[str, Array] = {}
        for group in self.groups:
            independent = [ndtri(uniforms[number.path]) for number in group.numbers]
            for row, number in zip(group.root, group.numbers, strict=True):
                z = np.zeros(count)
                for weight, each in zip(row, independent, strict=True):
                    if weight != 0.0:
                        z = z + weight * each
                drawn[number.path] = by_distribution(z, number)
        if self.gust_m_s > 0.0:
            drawn[GUST_SPEED] = np.full(count, self.gust_m_s)
        if self.noise:
            drawn |= {path: np.full(count, strength) for path, strength in self.noise.items()}
            key = Design("random", design.seed, design.flights).uniforms([NOISE_KEY], first, count)[NOISE_KEY]
            drawn[NOISE_KEY] = np.floor(2.0**52 * key)
        return drawn

    def nominal(self) -> dict[str, Array]:
        """The one row without dispersions."""
        return {number.path: np.array([number.datum.value]) for number in self.numbers}


def inputs_of(drawn: Mapping[str, Array], knots: Array) -> dict[str, Array]:
    """Columns by name as the compiled flight takes them: those at several heights as one array."""
    inputs = {name: column for name, column in drawn.items() if not name.startswith(tuple(f"{path}." for path in PROFILES))}
    for side in PROFILES:
        columns = [drawn[name] for name in knot_names(side, knots) if name in drawn]
        if columns:
            inputs[side] = np.column_stack(columns)
    return inputs


def columns_of(inputs: Mapping[str, Array], knots: Array) -> dict[str, Array]:
    """Arrays as the compiled flight took them, as columns by name."""
    columns: dict[str, Array] = {}
    for name, values in inputs.items():
        if values.ndim == 1:
            columns[name] = values
        else:
            columns |= dict(zip(knot_names(name, knots), values.T, strict=True))
    return columns


def knot_names(path: str, knots: Array) -> list[str]:
    """Names of the columns of a deviation that has a number at each height."""
    return [f"{path}.at_{knot:.0f}_m" for knot in knots]


def spread_of(mission: Mission, payload_kg: float, felt: Sequence[str], scale: float = 1.0) -> Spread:
    """What is uncertain about `mission` with that payload; `felt` are paths that a flight answers to, among them those of
    navigation where it is guided.

    `scale` multiplies every sigma. A distribution of which more than `MOST_CUT` lies beyond what is physical raises
    `BadValue`.
    """
    data = {path: datum for path, datum in _data(mission, felt).items() if datum.sigma > 0.0}
    numbers = {path: _number(path, datum, scale) for path, datum in data.items() if path in felt}
    groups = []
    for block in mission.vehicle.correlations:
        together = [k for k, path in enumerate(block.paths) if path in numbers]
        if together:
            members = tuple(numbers.pop(block.paths[k]) for k in together)
            sigma = np.array([data[member.path].sigma for member in members])
            covariance = np.array(block.covariance, dtype=float)[np.ix_(together, together)]
            root = root_of(covariance / np.outer(sigma, sigma))
            groups.append(Group(f"{block.source}: {len(members)} numbers", members, root))
    groups += [_alone(number) for number in numbers.values()]
    if mission.dispersions.payload_sigma_kg > 0.0:
        payload = Datum(payload_kg, mission.dispersions.payload_sigma_kg, "dispersions")
        groups.append(_alone(_number("payload_kg", payload, scale, 0.0)))
    knots, air = _air(mission, scale)
    groups += air
    gust_m_s = scale * mission.dispersions.gust_m_s if mission.environment.air_model != AIR_NONE else 0.0
    if gust_m_s > 0.0:
        groups.append(_gust(mission))
    for group in groups:
        for number in group.numbers:
            _refuse_unphysical(number, mission)
    navigation = mission.vehicle.navigation
    noise = {to: scale * navigation[path].value for path, to in NOISE.items() if path in navigation and to in felt}
    if PERIOD in noise:
        noise[PERIOD] = navigation["navigation.satellite.period_s"].value
    return Spread(tuple(groups), knots, tuple(path for path in data if path not in felt), noise, gust_m_s)


def _data(mission: Mission, felt: Sequence[str]) -> dict[str, Datum]:
    """Numbers of vehicle and upper stage; where the flight navigates, errors of each axis of the inertial unit."""
    upper = mission.upper_stage
    own = {f"upper_stage.{key}": datum for key, datum in upper.data.items()} if upper is not None else {}
    unit = {
        name.format(axis): mission.vehicle.navigation[path]
        for path, name in PER_AXIS.items()
        if path in mission.vehicle.navigation
        for axis in "xyz"
        if name.format(axis) in felt
    }
    return {**mission.vehicle.data, **own, **unit}


def _alone(number: Number) -> Group:
    return Group(number.path, (number,), np.eye(1))


def _number(path: str, datum: Datum, scale: float, low: float | None = None) -> Number:
    key = _FIELDS.get(path.rpartition(".")[2])
    if path.startswith("navigation."):
        low = -np.inf
    if low is None:
        bounds = [bound for bound in ((key.low, key.above) if key else (0.0,)) if bound is not None]
        low = max(bounds) if bounds else -np.inf
    high = key.high if key is not None and key.high is not None else np.inf
    return Number(path, Datum(datum.value, datum.sigma * scale, datum.source, datum.distribution), low, high)


_FIELDS = {**UPPER_STAGE, **DROP_TANKS, **SHROUD, **BODY, **BOOSTER, **STAGE, **ENGINE, **AERODYNAMICS}


def _air(mission: Mission, scale: float) -> tuple[Array, list[Group]]:
    """Deviations of the density (relative) and of each component of the wind, each correlated in altitude.

    First-order autoregressive processes in altitude, correlation exp(-dz / L): the form of the small-scale perturbations
    of NASA's Earth-GRAM (Leslie & Justus, NASA/TM-2011-216467, section 2). L and the sigmas are the mission's.
    """
    of, groups = mission.dispersions, []
    heights, sigmas = np.array(of.wind_sigma, dtype=float).T
    windy = mission.environment.wind_model != WIND_NONE or "wind_sigma" in of.given
    if windy and sigmas.max() > 0.0:
        sigma = np.interp(KNOTS_m, heights, sigmas) * scale
        for path, name in ((EAST, "wind east"), (NORTH, "wind north")):
            groups.append(_profile(path, name, sigma, of.wind_correlation_m))
    if of.air_density_sigma > 0.0 and mission.environment.air_model != AIR_NONE:
        sigma = np.full(len(KNOTS_m), of.air_density_sigma * scale)
        groups.append(_profile(DENSITY, "density of the air", sigma, of.air_density_correlation_m, -1.0))
    return KNOTS_m if groups else np.zeros(0), groups


def _profile(path: str, name: str, sigma: Array, length_m: float, low: float = -np.inf) -> Group:
    """Deviations at all heights."""
    named = zip(knot_names(path, KNOTS_m), sigma, strict=True)
    numbers = [Number(each, Datum(0.0, float(of), "dispersions"), low) for each, of in named]
    return Group(name, tuple(numbers), root_of(np.exp(-np.abs(KNOTS_m[:, None] - KNOTS_m[None, :]) / length_m)))


def _gust(mission: Mission) -> Group:
    """Where the discrete gust begins, how thick it is and whereto it blows: any value alike."""
    of = mission.dispersions
    ranges = {
        "gust.altitude_m": (of.gust_altitude_min_m, of.gust_altitude_max_m),
        "gust.thickness_m": GUST_THICKNESS_m,
        "gust.azimuth_rad": (0.0, 2.0 * np.pi),
    }
    numbers = [
        Number(path, Datum(0.5 * (low + high), (high - low) / np.sqrt(12.0), "dispersions", "uniform"))
        for path, (low, high) in ranges.items()
    ]
    return Group("gust", tuple(numbers), np.eye(3))


def root_of(correlation: Array) -> Array:
    """Cholesky's lower triangle of a matrix that may be singular: a column without anything new is left empty."""
    n = len(correlation)
    root = np.zeros((n, n))
    for j in range(n):
        pivot = correlation[j, j] - np.dot(root[j, :j], root[j, :j])
        if pivot > SMALLEST_PIVOT:
            root[j, j] = np.sqrt(pivot)
            for i in range(j + 1, n):
                root[i, j] = (correlation[i, j] - np.dot(root[i, :j], root[j, :j])) / root[j, j]
    length = np.sqrt((root * root).sum(axis=1))
    unit: Array = root / np.where(length > 0.0, length, 1.0)[:, None]
    return unit


def by_distribution(z: Array, number: Number) -> Array:
    """The number whose standard normal is `z`, within what is physical: mean and sigma are the datum's."""
    from scipy.special import ndtr, ndtri

    value, sigma, kind = number.datum.value, number.datum.sigma, number.datum.distribution
    if sigma == 0.0:
        return np.full(len(z), value)
    if kind == "uniform":
        return value + sigma * np.sqrt(3.0) * (2.0 * ndtr(z) - 1.0)
    if kind == "triangular":
        side = 1.0 - np.sqrt(2.0 * ndtr(-np.abs(z)))
        return value + sigma * np.sqrt(6.0) * np.sign(z) * side
    if kind == "log-normal":
        variance = np.log1p((sigma / value) ** 2)
        return np.exp(np.log(value) - 0.5 * variance + np.sqrt(variance) * z)
    low, high = (number.low - value) / sigma, (number.high - value) / sigma
    if low < -8.0 and high > 8.0:
        return value + sigma * z
    below, above = ndtr(low), ndtr(high)
    return np.clip(value + sigma * ndtri(below + ndtr(z) * (above - below)), number.low, number.high)


def _refuse_unphysical(number: Number, mission: Mission) -> None:
    beyond = part_beyond(number)
    limit = 0.0 if number.datum.distribution in ("uniform", "triangular") else MOST_CUT
    if beyond <= limit:
        return
    datum = number.datum
    found = f"sigma {datum.sigma:g} of {datum.value:g}, {datum.distribution}: {beyond:.1%} of the flights below {number.low:g}"
    if np.isfinite(number.high):
        found += f" or above {number.high:g}"
    raise BadValue(mission.vehicle.file or mission.file or mission.name, number.path, found,
                   f"at most {limit:.1%}: a smaller sigma, or distribution = \"log-normal\"")  # fmt: skip


def part_beyond(number: Number) -> float:
    """Part of the distribution beyond what is physical."""
    from scipy.special import ndtr

    value, sigma, kind = number.datum.value, number.datum.sigma, number.datum.distribution
    if sigma == 0.0:
        return 0.0
    low, high = (number.low - value) / sigma, (number.high - value) / sigma
    if kind == "uniform":
        half = np.sqrt(3.0)
        return float(np.clip((low + half) / (2 * half), 0, 1) + np.clip((half - high) / (2 * half), 0, 1))
    if kind == "triangular":
        half = np.sqrt(6.0)
        return float(_tail((low + half) / half) + _tail((half - high) / half))
    if kind == "log-normal":
        spread = np.sqrt(np.log1p((sigma / value) ** 2))
        return 0.0 if not np.isfinite(number.high) else float(ndtr((np.log(value / number.high) - 0.5 * spread**2) / spread))
    return float(ndtr(low) + ndtr(-high))


def _tail(reach: Any) -> Any:
    """Part of a triangular distribution within `reach` half-widths of its end."""
    reach = np.clip(reach, 0.0, 2.0)
    return np.where(reach <= 1.0, 0.5 * reach**2, 1.0 - 0.5 * (2.0 - reach) ** 2)
