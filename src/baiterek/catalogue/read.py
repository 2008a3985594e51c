"""The one reader: a mission file in, a frozen `Mission` out; bad input is one line that names file and key."""

from __future__ import annotations

from pathlib import Path

from baiterek.catalogue.document import locate, read_document, read_extended
from baiterek.catalogue.fields import Place
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.mission_file import read_mission
from baiterek.catalogue.site import Site
from baiterek.catalogue.site_file import read_site
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_file import read_vehicle


def load_mission(path: str | Path) -> Mission:
    """Read and check a mission file, with the vehicle, the site, the orbit and the zones that it names.

    Raises `InputError` in one line.
    """
    return read_mission(Path(path))


def load_vehicle(reference: str | Path) -> Vehicle:
    """A vehicle of the catalogue by name, or from a file."""
    path = locate(str(reference), "vehicles", Place("catalogue"), "vehicles")
    return read_vehicle(read_extended(path, "vehicles"), path.stem, str(path))


def load_site(reference: str | Path) -> Site:
    """A site of the catalogue by name, or from a file."""
    path = locate(str(reference), "sites", Place("catalogue"), "sites")
    return read_site(read_document(path), path.stem, str(path), Place(str(path)), {})
