"""The one reader: a mission file in, a frozen `Mission` out; bad input is one line that names file and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baiterek.catalogue.document import locate, read_document, read_extended
from baiterek.catalogue.fields import Place
from baiterek.catalogue.flyable import FLOWN, beyond_the_optimiser
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.mission_file import read_mission
from baiterek.catalogue.site import Site
from baiterek.catalogue.site_file import read_site
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.upper_stage_file import read_upper_stage
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_file import read_vehicle
from baiterek.errors import BadValue


def load_mission(path: str | Path, changes: Mapping[str, Any] | None = None) -> Mission:
    """Read and check a mission file, with the vehicle, the site, the orbit and the zones that it names.

    `changes` are other values for keys of the file, by dotted path in any unit that a file may use:
    `{"limits.dynamic_pressure_kPa": 40.0}`; None takes a key away. They are checked like the file. Raises `InputError`
    in one line, also for what the optimiser cannot fly; `read_mission` reads that too.
    """
    mission = read_mission(Path(path), changes)
    for key, found in beyond_the_optimiser(mission).items():
        raise BadValue(mission.file, key, found, FLOWN)
    return mission


def change_mission(mission: Mission, changes: Mapping[str, Any]) -> Mission:
    """The mission of the same file with these changes on top of those that it already has."""
    if not mission.file:
        raise BadValue(mission.name, "", "a mission without a file", "a mission that was loaded from its file")
    return load_mission(mission.file, {**mission.changes, **changes})


def load_vehicle(reference: str | Path) -> Vehicle:
    """A vehicle of the catalogue by name, or from a file."""
    path = locate(str(reference), "vehicles", Place("catalogue"), "vehicles")
    return read_vehicle(read_extended(path, "vehicles"), path.stem, str(path))


def load_upper_stage(reference: str | Path) -> UpperStage:
    """An upper stage of the catalogue by name, or from a file."""
    path = locate(str(reference), "upper_stages", Place("catalogue"), "upper-stages")
    return read_upper_stage(read_extended(path, "upper_stages"), path.stem, str(path))


def load_site(reference: str | Path) -> Site:
    """A site of the catalogue by name, or from a file."""
    path = locate(str(reference), "sites", Place("catalogue"), "sites")
    return read_site(read_document(path), path.stem, str(path), Place(str(path)), {})
