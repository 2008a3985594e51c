"""How an upper stage may go to its target: how many burns, and whether the first one already raises the apogee."""

from __future__ import annotations

from baiterek.catalogue.burns import burns_of, disposal_burns, with_burns
from baiterek.catalogue.mission import Mission
from baiterek.trajectory.outline import longest_raise_rad, may_climb, outline
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.upper_guess import share

LONG_RAD = 0.5
"""Angle of a burn at perigee from which another one is tried as well: its loss goes as the square, 1 % of its speed here."""


def ways(mission: Mission) -> list[Mission]:
    """What to try, the likeliest first: with a number of burns in the mission until one is found, else all of them.

    A launcher that all but reaches orbit with the stage leaves the first burn to be one at perigee; a burn at perigee that is
    long may be shared by two.
    """
    if mission.upper_stage is None or mission.target is None or mission.releases:
        return [mission]
    count, asked = burns_of(mission), mission.burns.count is not None
    plain = with_burns(mission, count)
    if count < 2:
        return [plain]
    if may_climb(plain) and _strong(plain):
        fewest = 2 if mission.target.escape is not None or outline(plain).steps[-1].kind == "arrive" else 1
        counts = [count] if asked else [max(count - 1, fewest), count]
        if not asked and mission.target.escape is not None and longest_raise_rad(plain) >= LONG_RAD:
            counts.append(count + 1)
        return [*(with_burns(mission, n, climbs=n > 1) for n in dict.fromkeys(counts)), *([plain] if asked else [])]
    if asked or longest_raise_rad(plain) < LONG_RAD:
        return [plain]
    more = with_burns(mission, count + 1)
    if count + 1 + disposal_burns(more) > mission.upper_stage.ignitions:
        return [plain]
    if mission.upper_stage.drop_tanks is None or count > 2:
        return [plain, more]
    # Of two burns the first must empty the drop tanks: it does where it is one at perigee.
    return [with_burns(mission, count, climbs=True), more] if may_climb(plain) else [more]


def _strong(mission: Mission) -> bool:
    """Whether the launcher brings the stage and its payload to a parking orbit with next to no help."""
    setting = Setting(mission)
    return share(setting, setting.numbers.values, outline(mission)).launcher_fraction < 0.999
