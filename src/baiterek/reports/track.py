"""Where the flight goes over the ground: track, impact points, zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from baiterek.constants import WGS84_RADIUS_M
from baiterek.reports.language import Words
from baiterek.reports.sheet import LEFT_in, RIGHT_in, WIDTH_in, lay_out, measured
from baiterek.reports.style import BLUE, GREY, ORANGE, RED
from baiterek.study.results import MissionResult


def ground_track(result: MissionResult, axes: Axes, words: Words) -> None:
    """Plate carree, stretched so that the scale is true at the middle latitude; the figure is as high as the map."""
    flown = result.trajectory
    longitude, latitude = unwrapped(flown["longitude_deg"]), flown["latitude_deg"]
    start = float(longitude[0])
    edges = [(latitude, longitude)]
    for body, zone in result.summary["zones"].items():
        outline = zone_outline(zone)
        if outline is not None:
            edges.append((outline[0], near(outline[1], start)))
            label = words("zone: {body}", body=words.said(body))
            axes.fill(edges[-1][1], outline[0], facecolor=ORANGE, alpha=0.25, edgecolor=ORANGE, label=label)
    axes.plot(longitude, latitude, color=BLUE, label=words("ground track"))
    if "impact_longitude_deg" in flown:
        known = np.isfinite(flown["impact_longitude_deg"])
        trace = near(unwrapped(flown["impact_longitude_deg"][known]), start)
        axes.plot(
            trace,
            flown["impact_latitude_deg"][known],
            color=GREY,
            lw=0.9,
            ls="--",
            label=words("impact point if thrust ended"),
        )
    site = result.summary["site"]
    axes.plot(near(site["longitude_deg"], start), site["latitude_deg"], "^", color="black", ms=6, ls="", label=words("pad"))
    for index, impact in enumerate(impact for impact in result.summary["impacts"] if impact["landed"]):
        place = near(impact["longitude_deg"], start), impact["latitude_deg"]
        edges.append((np.array([place[1]]), np.array([place[0]])))
        axes.plot(*place, "x", color=RED, ms=6, mew=1.5, ls="")
        below = index % 2 == 0  # neighbours on a track stay legible on opposite sides of it
        axes.annotate(
            words.said(impact["name"]), place, xytext=(4, -6) if below else (-4, 6), textcoords="offset points", fontsize=8,
            color=RED, ha="left" if below else "right", va="top" if below else "bottom",
        )  # fmt: skip
    measured(axes, words, words("longitude, deg east"), words("geodetic latitude, deg"))
    _fit(axes, edges)


def along_the_track(result: MissionResult) -> tuple[np.ndarray, np.ndarray]:
    """Where the vehicle is on the map."""
    return unwrapped(result.trajectory["longitude_deg"]), result.trajectory["latitude_deg"]


def _fit(axes: Axes, edges: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Bounds around what is to be seen (a trace of impact points may run off), at one scale in both directions."""
    south, north = min(float(np.nanmin(a)) for a, _ in edges), max(float(np.nanmax(a)) for a, _ in edges)
    west, east = min(float(np.nanmin(o)) for _, o in edges), max(float(np.nanmax(o)) for _, o in edges)
    middle = 0.5 * (south + north)
    stretch = 1.0 / max(0.1, float(np.cos(np.radians(middle))))
    width = 1.1 * max(east - west, (north - south) * stretch / 1.2, 0.05)
    high = max(1.3 * (north - south), 0.5 * width / stretch)
    axes.set_xlim(0.5 * (east + west - width), 0.5 * (east + west + width))
    axes.set_ylim(middle - 0.6 * high, middle + 0.4 * high)
    lay_out(axes, height_in=(WIDTH_in - LEFT_in - RIGHT_in) * high * stretch / width)


def zone_outline(zone: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray] | None:
    """Latitudes and longitudes in deg of a zone's edge; None for a band of ranges, which has no edge on a map.

    For drawing only: an ellipse is laid out on a sphere around its centre, good to 0.3 % of its axes.
    """
    if zone["shape"] == "polygon":
        vertices = np.array([*zone["vertices_deg"], zone["vertices_deg"][0]])
        return vertices[:, 0], vertices[:, 1]
    if zone["shape"] != "ellipse":
        return None
    angle = np.linspace(0.0, 2 * np.pi, 73)
    along, across = 0.5e3 * zone["length_km"] * np.cos(angle), 0.5e3 * zone["width_km"] * np.sin(angle)
    azimuth = np.radians(zone["azimuth_deg"])
    north = along * np.cos(azimuth) - across * np.sin(azimuth)
    east = along * np.sin(azimuth) + across * np.cos(azimuth)
    latitude = zone["latitude_deg"] + np.degrees(north / WGS84_RADIUS_M)
    longitude = zone["longitude_deg"] + np.degrees(east / WGS84_RADIUS_M / np.cos(np.radians(zone["latitude_deg"])))
    return latitude, longitude


def range_km(latitude_deg: Any, longitude_deg: Any, site: Mapping[str, Any]) -> Any:
    """Great-circle distance from the pad on a sphere, for drawing (0.3 %): the haversine formula."""
    north, south = np.radians(latitude_deg), np.radians(site["latitude_deg"])
    half = np.sin(0.5 * (north - south)) ** 2
    half = half + np.cos(north) * np.cos(south) * np.sin(0.5 * np.radians(longitude_deg - site["longitude_deg"])) ** 2
    return 2.0 * WGS84_RADIUS_M / 1e3 * np.arcsin(np.sqrt(half))


def unwrapped(longitude_deg: Any) -> np.ndarray:
    """Without the jump at 180 deg."""
    return np.degrees(np.unwrap(np.radians(longitude_deg)))


def near(longitude_deg: Any, reference_deg: float) -> Any:
    """The same longitudes, turned by whole circles to lie near a reference."""
    first = np.atleast_1d(longitude_deg)
    return longitude_deg if first.size == 0 else longitude_deg - 360.0 * np.round((first[0] - reference_deg) / 360.0)
