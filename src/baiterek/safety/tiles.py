"""Sums of risk without the ground in one piece: only the tiles on which something falls are made. Seconds, no contours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.exposure_file import Exposure
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse
from baiterek.safety.ground import Ground, Shape, ground
from baiterek.safety.landing import REACH, Normal, Points, cells_of
from baiterek.safety.outline import ellipse_ring
from baiterek.safety.presence import presence, settling_of, world_under
from baiterek.safety.risk import Event, assess
from baiterek.safety.zones import holds

Array = NDArray[np.float64]
TILE_deg = 10.0


def expected(events: Sequence[Event], exposure: Exposure, night: float = 0.0) -> list[float]:
    """Casualties to be expected of each event: what `risk.assess` finds on a ground that holds everything.

    Points are looked up where they lie, tile by tile; a normal footprint has a ground of its own. What falls on the far side
    of 180 deg or near a pole counts too.
    """
    sums = np.zeros(len(events))
    for k, event in enumerate(events):
        for piece in event.pieces:
            if isinstance(piece.footprint, Normal):
                below = _around(piece.footprint, exposure)
                sums[k] += assess(below, [event._replace(pieces=(piece,))], presence(below, exposure, night)).collective
    rows = [
        (k, piece.footprint, event.probability * piece.number / len(piece.footprint.latitude_rad), piece)
        for k, event in enumerate(events)
        for piece in event.pieces
        if isinstance(piece.footprint, Points)
    ]
    if not rows:
        return [float(each) for each in sums]
    latitude = np.concatenate([points.latitude_rad for _, points, _, _ in rows])
    longitude = np.concatenate([points.longitude_rad for _, points, _, _ in rows])
    counts = [len(points.latitude_rad) for _, points, _, _ in rows]
    of, inert, blast = (
        np.repeat(np.array(side), counts)
        for side in (
            [k for k, _, _, _ in rows],
            [weight * piece.inert_area_m2 for _, _, weight, piece in rows],
            [weight * piece.blast_area_m2 for _, _, weight, piece in rows],
        )
    )
    south = np.clip(np.floor(np.degrees(latitude) / TILE_deg), -90 / TILE_deg, 90 / TILE_deg - 1).astype(int)
    west = np.floor(((np.degrees(longitude) + 180.0) % 360.0 - 180.0) / TILE_deg).astype(int)
    for low, left in sorted(set(zip(south.tolist(), west.tolist()))):
        here = (south == low) & (west == left)
        below = _window(TILE_deg * low, TILE_deg * left, TILE_deg * (low + 1), TILE_deg * (left + 1), exposure)
        row, column = cells_of(below, latitude[here], longitude[here])
        present = presence(below, exposure, night)
        factors = [np.broadcast_to(factor, below.people.shape)[row, column] for factor in present[:2]]
        harm = (inert[here] * factors[0] + blast[here] * factors[1]) * below.people[row, column] / below.area_m2[row, 0]
        np.add.at(sums, of[here], np.where(row >= 0, harm, 0.0))
    return [float(each) for each in sums]


def people_within(zone: Ellipse, mission: Mission) -> float:
    """People who live in an ellipse, by cells whose middles lie inside."""
    latitude, longitude = ellipse_ring(zone)
    below = ground(float(latitude.min()), float(longitude.min()), float(latitude.max()), float(longitude.max()), split=2)
    lat, lon = (np.broadcast_to(np.radians(side), below.people.shape).ravel() for side in below.middles_deg())
    return float(below.people.ravel()[holds(zone, lat, lon, mission)].sum())


def _around(at: Normal, exposure: Exposure) -> Ground:
    """The ground within reach of a normal footprint."""
    reach = REACH * np.degrees(np.sqrt(np.diag(at.covariance_m2)) / Shape.radius_m)
    latitude, longitude = np.degrees(at.latitude_rad), np.degrees(at.longitude_rad)
    east = min(float(reach[0]) / max(np.cos(at.latitude_rad), 0.02) + 1.0, 179.0)
    north = float(reach[1]) + 1.0
    return _window(max(latitude - north, -90.0), longitude - east, min(latitude + north, 90.0), longitude + east, exposure)


def _window(south: float, west: float, north: float, east: float, exposure: Exposure) -> Ground:
    return ground(south, west, north, east, settling=settling_of(exposure), world=world_under(exposure))
