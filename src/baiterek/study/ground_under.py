"""The ground under everything that comes down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from baiterek.catalogue.exposure_file import Exposure
from baiterek.safety.ground import Ground, ground
from baiterek.safety.landing import Points
from baiterek.safety.presence import settling_of, world_under
from baiterek.safety.risk import Event

MARGIN_deg = 0.6
"""Ground around everything that falls."""


def ground_under(events: Sequence[Event], exposure: Exposure) -> Ground:
    """The ground under every impact point: of the longitudes that leaves the widest gap out."""
    points = [piece.footprint for event in events for piece in event.pieces if isinstance(piece.footprint, Points)]
    latitude = np.degrees(np.concatenate([each.latitude_rad for each in points]))
    longitude = np.sort(np.degrees(np.concatenate([each.longitude_rad for each in points])))
    gaps = np.diff(np.append(longitude, longitude[0] + 360.0))
    widest = int(np.argmax(gaps))
    west = float(longitude[(widest + 1) % len(longitude)])
    east = west + 360.0 - float(gaps[widest])
    south, north = max(-90.0, latitude.min() - MARGIN_deg), min(90.0, latitude.max() + MARGIN_deg)
    world, settling = world_under(exposure), settling_of(exposure)
    east = min(east + MARGIN_deg, west - MARGIN_deg + 360.0)
    return ground(float(south), west - MARGIN_deg, float(north), east, settling=settling, world=world)
