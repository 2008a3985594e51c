"""Several payloads in one flight: each with its mass and its orbit, let go in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from baiterek.catalogue.burns import same_orbit
from baiterek.catalogue.fields import Field, Fields, Place, finite, read_table
from baiterek.catalogue.mission import Orbit, Release
from baiterek.catalogue.units import si_key
from baiterek.catalogue.upper_stage import UpperStage

RELEASE: Fields = {
    "name": Field("text", "name of the payload", required=True),
    "mass_kg": Field("any", 'its mass, or "maximise": of one release, with `objective = "payload"`', required=True),
    "adapter_kg": Field("number", "what carries it and stays behind", default=0.0, low=0.0, high=1e6),
    "target": Field("table", "its orbit, as in [target]", required=True),
    "burns": Field("any", 'from the release before, 1 to 6, or "auto": by the two orbits', default="auto"),
}


def read_releases(
    found: Any, read_target: Callable[[Any, Place], Orbit], upper_stage: UpperStage | None, place: Place
) -> tuple[Release, ...]:
    """The `[[releases]]` of a mission; refuses what no stage could fly in that order."""
    if not isinstance(found, list) or not found:
        raise place.bad("releases", found, "tables [[releases]], one or more")
    releases: list[Release] = []
    for k, table in enumerate(found):
        inside = place.inside(f"releases[{k}]")
        read = read_table(table, RELEASE, inside)
        if read["name"] in [release.name for release in releases]:
            raise inside.bad("name", read["name"], "a name of its own")
        target = read_target(read["target"], inside.inside("target"))
        if releases and releases[-1].target.escape is not None:
            raise inside.bad("target", "an orbit after an escape", "an escape as the last release: there is no way back")
        burns = _burns(read["burns"], inside)
        if releases and burns is not None and same_orbit(releases[-1].target, target):
            raise inside.bad("burns", burns, "nothing: it is let go on the orbit of the release before")
        releases.append(Release(read["name"], _mass(table, read, inside), read["adapter_kg"], target, burns))
    changes = sum(not same_orbit(a.target, b.target) for a, b in pairwise(releases))
    if changes and upper_stage is None:
        raise place.bad("releases", f"{changes + 1} different orbits", "one orbit, or an upper_stage that lights again")
    free = [release.name for release in releases if release.mass_kg is None]
    if len(free) > 1:
        raise place.bad("releases", f"{len(free)} masses to maximise ({', '.join(free)})", "one at most")
    return tuple(releases)


def _mass(table: Mapping[str, Any], read: Mapping[str, Any], place: Place) -> float | None:
    """SI, or None where it is to be maximised."""
    mass, factor = read["mass_kg"], 1.0
    for key in table:
        factor = si_key(key)[1] if si_key(key)[0] == "mass_kg" else factor
    if mass == "maximise":
        return None
    value = finite(mass)
    if value is None or not 0.0 < value * factor <= 1e6:
        raise place.bad("mass_kg", mass, 'a mass above 0 to 1e6, or "maximise"')
    return value * factor


def _burns(found: Any, place: Place) -> int | None:
    if found == "auto":
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= 6:
        raise place.bad("burns", found, '1 to 6, or "auto"')
    return found
