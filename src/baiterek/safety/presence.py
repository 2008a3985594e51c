"""Who is really there: an `Exposure` of the catalogue turned into settlements and factors by cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.exposure_file import Exposure
from baiterek.catalogue.ring import Ring
from baiterek.safety.ground import Ground
from baiterek.safety.risk import Presence
from baiterek.safety.settling import Settling
from baiterek.safety.world import World, packaged_world, world_of

Array = NDArray[np.float64]
PROBES = 5
"""Along the side of a cell, to see how much of it lies in an evacuated area."""


def settling_of(exposure: Exposure) -> Settling:
    """Settlements and country, as the exposure has them."""
    return Settling(exposure.keep, exposure.town_density_1_m2.value, exposure.country_share.value)


def world_under(exposure: Exposure) -> World:
    """The packaged counts, or those of the file that the exposure names."""
    return packaged_world() if exposure.counts is None else world_of(exposure.counts)


def presence(ground: Ground, exposure: Exposure, night: float = 0.0, parts: Sequence[Array] | None = None) -> Presence:
    """Factors on casualty areas: shelter at a time between day (0) and night (1), and who has left each cell.

    Shelter: sum over classes of part times factor, everywhere the same. Evacuated areas multiply, each by one less its
    effectiveness times the part of the cell inside: `covered`, or `parts` of any cells, in the order of the areas. Where only
    some leave, those who stay are there; a shelter counts if anybody is in it.
    """
    left: Array | float = 1.0
    covers = [covered(ground, area.ring) for area in exposure.evacuated] if parts is None else parts
    for area, cover in zip(exposure.evacuated, covers, strict=True):
        left = left * (1.0 - area.effectiveness.value * cover)
    inert = blast = 0.0
    shelters = []
    for shelter in exposure.shelters:
        part = (1.0 - night) * shelter.day.value + night * shelter.night.value
        inert += part * shelter.inert.value
        blast += part * shelter.blast.value
        if part > 0.0:
            shelters.append((shelter.inert.value, shelter.blast.value))
    return Presence(inert * left, blast * left, left > 0.0, tuple(shelters))


def covered(ground: Ground, ring: Ring) -> Array:
    """Part of each cell inside a closed ring, by probes on a lattice; sides run straight in latitude and longitude."""
    degrees = np.degrees(np.array(ring))
    # The ground may run on past 180: the ring is moved by whole turns to where the ground is.
    middle = 0.5 * (ground.longitude_edges_deg[0] + ground.longitude_edges_deg[-1])
    degrees[:, 1] += 360.0 * np.round((middle - degrees[:, 1].mean()) / 360.0)
    rows, columns = (
        _within(edges, of) for edges, of in zip((ground.latitude_edges_deg, ground.longitude_edges_deg), degrees.T)
    )
    found = np.zeros(ground.people.shape)
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return found
    lat = _probes(ground.latitude_edges_deg[rows.start : rows.stop + 1])[:, None]
    lon = _probes(ground.longitude_edges_deg[columns.start : columns.stop + 1])[None, :]
    inside = np.zeros((lat.size, lon.size), dtype=bool)
    for (lat0, lon0), (lat1, lon1) in pairwise(degrees):
        if lat0 != lat1:
            between = (lat0 > lat) != (lat1 > lat)
            inside ^= between & (lon < lon0 + (lat - lat0) / (lat1 - lat0) * (lon1 - lon0))
    shape = (rows.stop - rows.start, PROBES, columns.stop - columns.start, PROBES)
    found[rows, columns] = inside.reshape(shape).mean(axis=(1, 3))
    return found


def _within(edges: Array, values: Array) -> slice:
    """Cells between edges that these values reach over."""
    first = int(np.searchsorted(edges, values.min(), side="right")) - 1
    last = int(np.searchsorted(edges, values.max(), side="left"))
    return slice(max(first, 0), min(last, len(edges) - 1))


def _probes(edges: Array) -> Array:
    step = (np.arange(PROBES) + 0.5) / PROBES
    return (edges[:-1, None] + np.diff(edges)[:, None] * step).ravel()
