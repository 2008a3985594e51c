"""Many flights of one optimum as other studies ask for them: every number with a sigma dispersed, guided or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.flight import Executor, felt_paths
from baiterek.history import Array, Steering
from baiterek.safety.moments import STATE, Moment, States
from baiterek.study.dispersions import inputs_of, spread_of
from baiterek.study.sampling import Design


def dispersed(
    mission: Mission, steering: Steering, flights: int, seed: int, guidance: str, executor: Executor
) -> Mapping[str, Array]:
    """Columns of many nominal flights; `guidance` is a key of `GUIDANCE`, `mission` has its payload."""
    inputs, knots = _drawn(mission, steering, flights, seed, guidance)
    return executor.fly_many(mission, steering, inputs, wind_knots_m=knots, closed_loop=guidance == "closed")


def failing(
    mission: Mission, steering: Steering, found: Sequence[Moment], samples: int, seed: int, guidance: str, executor: Executor
) -> list[States]:
    """For each moment the states of `samples` dispersed flights at that instant, each of a flight of its own.

    A flight whose stage does not burn then cannot fail so: the moment has fewer draws, all of flights that burn, and its
    sampling error is theirs. Where fewer than two do, the nominal state stands for all.
    """
    inputs, knots = _drawn(mission, steering, len(found) * samples, seed, guidance)
    states = []
    for stage in dict.fromkeys(moment.stage for moment in found):
        of = [k for k, moment in enumerate(found) if moment.stage == stage]
        rows = slice(of[0] * samples, (of[-1] + 1) * samples)
        times = np.repeat([found[k].t_s for k in of], samples)
        own = {path: values[rows] for path, values in inputs.items()}
        how: dict[str, Any] = {"wind_knots_m": knots, "closed_loop": guidance == "closed"}
        flown = executor.fly_failures(mission, steering, stage, times, own, **how)
        columns = np.column_stack([flown[f"failure.{name}"] for name in (*STATE, "mass_kg")])
        states += [_burning(found[k], block) for k, block in zip(of, columns.reshape(len(of), samples, -1), strict=True)]
    return states


def _burning(moment: Moment, rows: Array) -> States:
    """Rows that failed, each once."""
    met = rows[np.all(np.isfinite(rows), axis=1)]
    if len(met) < 2:
        return States(np.tile(moment.state, (len(rows), 1)), np.full(len(rows), moment.mass_kg))
    return States(met[:, :6], met[:, 6])


def _drawn(mission: Mission, steering: Steering, flights: int, seed: int, guidance: str) -> tuple[dict[str, Array], Array]:
    spread = spread_of(mission, steering.payload_kg, felt_paths(mission, guidance == "closed"))
    return inputs_of(spread.draw(Design("random", seed, flights), 0, flights), spread.knots_m), spread.knots_m
