"""What a guide is asked for: a reference mission, the maps that go with it, and a stored Monte Carlo run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baiterek.catalogue.document import CATALOGUE
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.errors import BadValue
from baiterek.study.performance_files import map_base
from baiterek.study.performance_map import Axis, check_axes, parse_axis

TEMPLATE = CATALOGUE / "templates" / "soyuz5-leo.toml"
ALTITUDES, INCLINATIONS = "200:600:100", "46,51.6,64.8,98"
APOGEES = "200,500,1000,2000,5000,10000"
UPPER = {
    # map: (axis, values by default, option)
    "upper-apogee": ("apogee_altitude_km", "500,2000,10000,35786", "--upper-apogee"),
    "upper-sun-synchronous": ("sun_synchronous_km", "600,800,1000", "--sun-synchronous"),
    "upper-c3": ("c3_km2_s2", "1,5,10,20", "--c3"),
}
"""Maps over an upper stage."""
LOW_ORBIT: Mapping[str, Any] = {"target": None, "target.orbit": "leo-200-51.6", "zones": None}
"""Where maps start from beside a reference mission with an upper stage, whose own orbit may be an escape."""


@dataclass(frozen=True)
class Question:
    """What the guide is about; altitudes and apogees in km, inclinations in deg, C3 in km2/s2, as a command line has them."""

    file: Path | None = None
    """The reference mission; the template `soyuz5-leo` when there is none."""
    vehicle: str | None = None
    altitudes: str = ALTITUDES
    inclinations: str = INCLINATIONS
    apogees: str = APOGEES
    upper_stage: str | None = None
    """Of the maps `upper-*`; that of the reference mission when it has one."""
    upper: Mapping[str, str | None] | None = None
    """Values of these maps by name, where they are not those of `UPPER`."""
    accuracy: Path | None = None
    """Folder of a stored Monte Carlo run."""

    def reference(self) -> Mission:
        """The mission that is planned whole: as its file says, or towards its target with the vehicle that was asked for."""
        file = self.file or TEMPLATE
        mission = load_mission(file)
        if self.vehicle is not None and self.vehicle != mission.vehicle.name:
            mission = load_mission(file, {"vehicle": self.vehicle, "zones": None})
        if mission.target is None or mission.objective != "payload":
            found = mission.objective if mission.target is not None else "no target"
            raise BadValue(str(file), "objective", found, "payload, to a target orbit: what a guide is about")
        return mission

    def maps(self, reference: Mission) -> dict[str, tuple[Mission, tuple[Axis, ...]]]:
        """The maps of the guide by name, each with the mission whose target it moves. Raises `InputError` in one line."""
        found = {}
        upper = self.upper_stage is not None or reference.upper_stage is not None
        direct: Mapping[str, Any] = {} if reference.upper_stage is None else {**LOW_ORBIT, "upper_stage": None}
        over = {} if reference.upper_stage is None else {**LOW_ORBIT, "upper_stage.burns": None}
        for name, axes in self._axes(upper).items():
            above = name in UPPER
            check_axes(axes, above)
            changes, stage = (over, self.upper_stage) if above else (direct, None)
            found[name] = map_base(self.file, self.vehicle, axes, stage, changes), axes
        return found

    def _axes(self, upper: bool) -> dict[str, tuple[Axis, ...]]:
        maps = {
            "payload": (parse_axis("altitude_km", self.altitudes), parse_axis("inclination_deg", self.inclinations)),
            "apogee": (parse_axis("apogee_altitude_km", self.apogees),),
        }
        asked = {name: text for name, text in (self.upper or {}).items() if text is not None}
        if asked and not upper:
            name, text = next(iter(asked.items()))
            raise BadValue("command line", UPPER[name][2], text, "with --upper-stage, or a mission that has an upper stage")
        if upper:
            maps |= {name: (parse_axis(axis, asked.get(name, values)),) for name, (axis, values, _) in UPPER.items()}
        return maps
