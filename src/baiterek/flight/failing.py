"""Flights that fail at given instants, and where what then comes down lands: the question of range safety."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.errors import BadValue
from baiterek.flight.failure import KINDS
from baiterek.flight.fly_many import Batch, fly_many
from baiterek.history import Steering


def fly_failures(
    mission: Mission,
    steering: Steering,
    stage: str,
    times_s: Any,
    *,
    kind: str = "shutdown",
    thrust_lost: float = 0.0,
    inputs: Mapping[str, Any] | None = None,
    **how: Any,
) -> Batch:
    """One flight for each of `times_s` (since lift-off), in which the engine of `stage` fails then.

    Its columns `failure.*` say where and how fast (position and velocity in the axes of launch, altitude, mass),
    `vehicle.impact.*` where the whole vehicle lands: with the drag of the failed stage's falling body, NaN where it stays
    up or where the stage was not burning any more. `inputs` and `how` are those of `fly_many`; open loop unless it says
    `closed_loop`. The fall is of one piece: what breaks up is for `flight.debris`, from the same state.
    """
    order = [budget.stage for budget in sequence(replace(mission, payload_kg=steering.payload_kg)).budgets]
    where = mission.file or mission.name
    if stage not in order:
        raise BadValue(where, "stage", stage, ", ".join(order))
    if kind not in KINDS:
        raise BadValue(where, "kind", kind, ", ".join(KINDS))
    times = np.asarray(times_s, dtype=float)
    failing = {
        "failure.kind": np.full(times.shape, float(KINDS[kind])),
        "failure.stage": np.full(times.shape, float(order.index(stage))),
        "failure.t_s": times,
        "failure.part": np.full(times.shape, float(thrust_lost)),
    }
    return fly_many(mission, steering, {**(inputs or {}), **failing}, **how)
