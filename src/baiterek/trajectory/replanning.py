"""A plan, and the same plan again on another day: other wind, other limits, the same vehicle and target."""

from __future__ import annotations

from dataclasses import replace

from baiterek.catalogue.mission import Mission
from baiterek.trajectory.optimise import Optimisation, Say, best_run, within
from baiterek.trajectory.optimum import Optimum


class Replanning:
    """Plans `mission` (`planned`), then others that differ from it in numbers and in tables of air and wind."""

    def __init__(self, mission: Mission, progress: Say | None = None) -> None:
        self._say = progress or (lambda text: None)
        self._run, self.planned = best_run(mission, self._say)

    def again(self, mission: Mission) -> Optimum:
        """The optimum of `mission`, from the first one's where that leads to it; re-integrated and judged like any other.

        The launch corridor and the burns of an upper stage are the first one's.
        """
        run = Optimisation(self._its_way(mission), self._say)
        return run.run(self._run if self.planned.converged else None)

    def _its_way(self, mission: Mission) -> Mission:
        if mission.burns.count is None:
            mission = replace(mission, burns=self._run.mission.burns)
        chosen = self._run.mission.limits.corridors_rad
        if len(mission.limits.corridors_rad) < 2 or len(chosen) != 1:
            return mission
        return within(mission, chosen[0])
