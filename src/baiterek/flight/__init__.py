"""Flying it: the compiled simulator, from the pad to insertion, with every body that falls; once, or many times."""

from baiterek.flight.debris import Falling, Impacts, fall_pieces, fall_to, over_ground
from baiterek.flight.executor import Executor
from baiterek.flight.failing import fly_failures
from baiterek.flight.fleet import felt_paths
from baiterek.flight.fly_many import Batch, fly_many
from baiterek.flight.simulate import simulate

__all__ = [
    "Batch",
    "Executor",
    "Falling",
    "Impacts",
    "fall_pieces",
    "fall_to",
    "felt_paths",
    "fly_failures",
    "fly_many",
    "over_ground",
    "simulate",
]
