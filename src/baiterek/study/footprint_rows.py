"""A footprint as plain values: mean, ellipses by full axes, what its zone and zones of published sizes hold of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Zone
from baiterek.safety.footprint import Footprint, axes, contained, held, reach, scattered
from baiterek.safety.published import SIZES, laid_on

SIGMAS = (1.0, 2.0, 3.0, reach(0.97), reach(0.9973))
"""Ellipses that are told; each says what it holds in two dimensions."""


def footprint_row(mission: Mission, found: Footprint, zone: Zone | None = None) -> dict[str, Any]:
    """One footprint: mean, sigmas, ellipses by full axes, and what its zone (else that of its body) holds."""
    major, minor, azimuth = axes(found.covariance_m2)
    zone = zone or mission.zones.get(found.body.partition(":")[0])
    row: dict[str, Any] = {
        "body": found.body,
        "points": len(found.points_rad),
        "aloft": found.aloft,
        "scattered": scattered(found),
        "latitude_deg": float(np.degrees(found.latitude_rad)),
        "longitude_deg": float(np.degrees(found.longitude_rad)),
        "sigma_major_km": major / 1e3,
        "sigma_minor_km": minor / 1e3,
        "azimuth_deg": float(np.degrees(azimuth)),
        "ellipses": [
            {"sigmas": s, "holds": held(s), "length_km": 2e-3 * s * major, "width_km": 2e-3 * s * minor} for s in SIGMAS
        ],
        "zone": None,
        "sizes": on_published_sizes(found, mission),
    }
    if zone is not None:
        part = contained(found, zone, mission)
        assumed = zone.source is None or zone.source.grade in ("assumed", "fit", "L")
        row["zone"] = {"name": zone.name, "assumed": assumed, **part._asdict()}
    return row


def on_published_sizes(found: Footprint, mission: Mission) -> list[dict[str, Any]]:
    """What zones of published sizes would hold of a footprint, laid on it as well as they can be."""
    return [{"name": size.name, **laid_on(found, size, mission)._asdict()} for size in SIZES]
