"""Several payloads in one flight: each with its mass and its orbit, let go in the order of the file."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from baiterek.catalogue.fields import Field, Fields, Place, read_table
from baiterek.catalogue.mission import Orbit, Release
from baiterek.catalogue.upper_stage import UpperStage

RELEASE: Fields = {
    "name": Field("text", "name of the payload", required=True),
    "mass_kg": Field("number", "its mass", required=True, above=0.0, high=1e6),
    "adapter_kg": Field("number", "what carries it and stays behind", default=0.0, low=0.0, high=1e6),
    "target": Field("table", "its orbit, as in [target]", required=True),
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
        releases.append(Release(read["name"], read["mass_kg"], read["adapter_kg"], target))
    changes = sum(not _same(a.target, b.target) for a, b in pairwise(releases))
    if changes and upper_stage is None:
        raise place.bad("releases", f"{changes + 1} different orbits", "one orbit, or an upper_stage that lights again")
    if upper_stage is not None and changes > upper_stage.ignitions:
        found_words = f"{changes} changes of orbit"
        raise place.bad("releases", found_words, f"at most {upper_stage.ignitions}, the ignitions of {upper_stage.name}")
    return tuple(releases)


def _same(one: Orbit, other: Orbit) -> bool:
    keys = ("perigee_radius_m", "apogee_radius_m", "inclination_rad", "raan_rad", "argument_of_perigee_rad")
    return one.escape == other.escape and all(getattr(one, key) == getattr(other, key) for key in keys)
