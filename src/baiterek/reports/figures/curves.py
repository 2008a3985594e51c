"""Curves over time, flown and as optimised, with their limits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator
from numpy.typing import NDArray

from baiterek.reports.figures.drawing import Reading
from baiterek.reports.figures.events import mark_events
from baiterek.reports.language import SUPERSCRIPT, Words
from baiterek.reports.sheet import measured
from baiterek.reports.style import LIMIT, OPTIMUM, SERIES
from baiterek.study.results import Columns, MissionResult

Readings = list[Reading]

DENSE_AIR_Pa = 1000.0
"""Below this dynamic pressure the angle of attack loads nothing and is drawn pale."""
SLOW_Pa = 100.0
"""On the pad the wind blows across the axis: until the vehicle moves through the air the angle means nothing."""
THIN_AIR_m = 80e3
"""Below this altitude the flow is not free-molecular, and its heat flux means nothing."""
NEGLIGIBLE = 3e-3
"""A load below this part of its greatest value is not looked at any more."""
OUT_OF_SIGHT = 2.5
"""A limit so many times above the curve is named in the key and not drawn: it would flatten the curve."""


class Series(NamedTuple):
    """A column, the name of its curve, and the factor from SI to what the axis shows."""

    column: str
    name: str
    scale: float = 1.0


def altitude(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Over the ellipsoid, in km."""
    measured(axes, words, words("time since lift-off, s"), words("altitude above the ellipsoid, km"))
    return _curves(result, axes, words, [Series("altitude_m", words("flown"), 1e-3)], words("km"), 1)


def speed(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Inertial and over the rotating Earth, in km/s."""
    measured(axes, words, words("time since lift-off, s"), words("speed, km/s"))
    series = [
        Series("speed_eci_m_s", words("inertial"), 1e-3),
        Series("speed_earth_m_s", words("over the rotating Earth"), 1e-3),
    ]
    return _curves(result, axes, words, series, words("km/s"), 3)


def mach(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """While there is air enough for a speed of sound to matter."""
    measured(axes, words, words("time since lift-off, s"), words("speed through the air, Mach"))
    _while_felt(result, axes, "dynamic_pressure_Pa")
    return _curves(result, axes, words, [Series("mach", words("flown"))], words("Mach"), 2)


def dynamic_pressure(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """While it is felt, in kPa, with its limit."""
    measured(axes, words, words("time since lift-off, s"), words("dynamic pressure, kPa"))
    _while_felt(result, axes, "dynamic_pressure_Pa")
    series = [Series("dynamic_pressure_Pa", words("flown"), 1e-3)]
    return _curves(result, axes, words, series, words("kPa"), 2, limit=("dynamic pressure",))


def q_alpha(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Dynamic pressure times angle of attack while it is felt, in kPa rad, with its limit."""
    measured(axes, words, words("time since lift-off, s"), words("dynamic pressure × angle of attack, kPa·rad"))
    _while_felt(result, axes, "q_alpha_Pa_rad")
    series = [Series("q_alpha_Pa_rad", words("flown"), 1e-3)]
    return _curves(result, axes, words, series, words("kPa rad"), 2, limit=("q alpha", "q-alpha"))


def acceleration(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Along the body axis as an accelerometer feels it, in m/s2, with its limit."""
    measured(axes, words, words("time since lift-off, s"), words("axial acceleration, m/s²"))
    series = [Series("axial_acceleration_m_s2", words("flown"))]
    return _curves(result, axes, words, series, words("m/s²"), 2, limit=("axial acceleration",))


def attitude(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Pitch of the body axis and flight path angle over the local horizon, in deg."""
    measured(axes, words, words("time since lift-off, s"), words("over the local horizon, deg"))
    series = [
        Series("pitch_deg", words("pitch of the body axis")),
        Series("flight_path_angle_deg", words("flight path angle")),
    ]
    return _curves(result, axes, words, series, words("deg"), 2, floor=None)


def angle_of_attack(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """In full where the air loads the vehicle, pale where it does not."""
    measured(axes, words, words("time since lift-off, s"), words("angle of attack, deg"))
    t, air = result.trajectory["t_s"], result.trajectory["dynamic_pressure_Pa"]
    moving = (air > SLOW_Pa) | (t > t[int(np.argmax(air))])
    alpha = np.where(moving, result.trajectory["angle_of_attack_deg"], np.nan)
    loaded = np.where(air > DENSE_AIR_Pa, alpha, np.nan)
    name = words("dynamic pressure above {value} kPa", value=words.significant(DENSE_AIR_Pa / 1e3))
    axes.plot(t, alpha, **{**SERIES[0], "lw": 0.8, "alpha": 0.5}, label=words("thin air: no load"))
    axes.plot(t, loaded, **SERIES[0], label=name)
    _limit(result, axes, words, ("angle of attack",), np.degrees(1.0), words("deg"), float(np.nanmax(loaded, initial=0.0)))
    _end(result, axes, words, 0.0)
    return [Reading("", words("deg"), alpha, 2)]


def thrust(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Of all engines that burn, in the unit that fits the vehicle."""
    scale, unit = _fitting(result, "thrust_N", ((1e-6, words("MN")), (1e-3, words("kN")), (1.0, words("N"))))
    measured(axes, words, words("time since lift-off, s"), words("thrust, {unit}", unit=unit))
    return _curves(result, axes, words, [Series("thrust_N", words("flown"), scale)], unit, 3)


def throttle(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """In per cent of full thrust."""
    measured(axes, words, words("time since lift-off, s"), words("throttle, %"))
    return _curves(result, axes, words, [Series("throttle", words("flown"), 100.0)], "%", 1)


def mass(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Of all that flies, in the unit that fits the vehicle."""
    scale, unit = _fitting(result, "mass_kg", ((1e-3, words("t")), (1.0, words("kg"))))
    measured(axes, words, words("time since lift-off, s"), words("mass, {unit}", unit=unit))
    return _curves(result, axes, words, [Series("mass_kg", words("flown"), scale)], unit, 2)


def heat_flux(result: MissionResult, axes: Axes, words: Words) -> Readings:
    """Where the air is thin enough for it to mean something, in decades."""
    axes.set_yscale("log")
    measured(axes, words, words("time since lift-off, s"), words("free-molecular heat flux, W/m²"))
    thin = _thin(result.trajectory)
    axes.plot(result.trajectory["t_s"], thin, **SERIES[0], label=words("flown"))
    if result.optimum:
        axes.plot(result.optimum["t_s"], _thin(result.optimum), **OPTIMUM, label=words("optimum"))
    _limit(result, axes, words, ("heat flux",), 1.0, words("W/m²"), np.inf, words("fairing may leave below {value}"))
    top = int(np.ceil(np.log10(1.2 * max(10.0, np.nanmax(thin), *axes.get_ylim()))))
    axes.set_ylim(1.0, 10.0**top)
    axes.yaxis.set_major_locator(FixedLocator(10.0 ** np.arange(top + 1)))
    axes.yaxis.set_minor_locator(FixedLocator([]))
    axes.yaxis.set_major_formatter(lambda value, _: f"10{str(round(np.log10(value))).translate(SUPERSCRIPT)}")
    _end(result, axes, words, None)
    return [Reading("", words("W/m²"), thin, 0)]


def _thin(columns: Columns) -> NDArray[Any]:
    return np.where(columns["altitude_m"] > THIN_AIR_m, columns["heat_flux_W_m2"], np.nan)


def _curves(
    result: MissionResult, axes: Axes, words: Words, series: list[Series], unit: str, digits: int,
    limit: tuple[str, ...] = (), floor: float | None = 0.0,
) -> Readings:  # fmt: skip
    """Columns over time: as flown, as optimised in dots on top, the limit; then what a pointer reads there."""
    there = [one for one in series if one.column in result.trajectory]
    for one, style in zip(there, SERIES):
        axes.plot(*_in_sight(axes, result.trajectory, one), **style, label=one.name)
    optimised = [one for one in there if one.column in result.optimum]
    for one in optimised:
        axes.plot(*_in_sight(axes, result.optimum, one), **OPTIMUM, label=words("optimum") if one is optimised[-1] else None)
    if limit:
        greatest = float(np.nanmax(result.trajectory[there[0].column])) * there[0].scale
        _limit(result, axes, words, limit, there[0].scale, unit, greatest)
    _end(result, axes, words, floor)
    named = len(there) > 1
    return [Reading(one.name if named else "", unit, result.trajectory[one.column] * one.scale, digits) for one in there]


def _in_sight(axes: Axes, columns: Columns, one: Series) -> tuple[NDArray[Any], NDArray[Any]]:
    """Time and values up to where the axis of time was cut, so that the vertical axis fits what is seen."""
    t, values = columns["t_s"], columns[one.column] * one.scale
    rows = len(t) if axes.get_autoscalex_on() else int(np.searchsorted(t, axes.get_xlim()[1])) + 1
    return t[:rows], values[:rows]


def _end(result: MissionResult, axes: Axes, words: Words, floor: float | None) -> None:
    """The axis of time over the whole flight (unless it was cut before), the events, and a floor where there is one."""
    if axes.get_autoscalex_on():
        axes.set_xlim(float(result.trajectory["t_s"][0]), float(result.trajectory["t_s"][-1]))
    if floor is not None:
        axes.set_ylim(bottom=floor)
    mark_events(axes, result.summary["events"], words)


def _limit(
    result: MissionResult, axes: Axes, words: Words, names: tuple[str, ...], scale: float, unit: str, greatest: float,
    text: str | None = None,
) -> None:  # fmt: skip
    """The limit whose name contains one of the names, as a line that says its value and unit."""
    for verdict in result.summary["limits"]:
        if verdict["limit"] is not None and any(name in verdict["name"].replace("_", " ") for name in names):
            value = verdict["limit"] * scale
            shown = (text or words("limit {value}")).replace("{value}", f"{words.significant(value, 4)} {unit}")
            far = value > OUT_OF_SIGHT * greatest
            label = words("{limit}, above the axis", limit=shown) if far else shown
            axes.axhline(np.nan if far else value, **LIMIT, label=label)
            return


def _fitting(result: MissionResult, name: str, units: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    """The first of the units (largest first) in which the column exceeds 1."""
    largest = float(np.nanmax(np.abs(result.trajectory[name])))
    return next(((scale, unit) for scale, unit in units if largest * scale >= 1.0), units[-1])


def _while_felt(result: MissionResult, axes: Axes, name: str) -> None:
    """End the axis of time a little after the column has died away."""
    t, values = result.trajectory["t_s"], np.nan_to_num(result.trajectory[name])
    felt = t[values > NEGLIGIBLE * values.max()]
    axes.set_xlim(float(t[0]), float(min(t[-1], 1.1 * felt[-1])))
