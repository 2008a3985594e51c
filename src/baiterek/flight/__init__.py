"""Flying it: the compiled simulator, from the pad to insertion, with every body that falls; once, or many times."""

from baiterek.flight.debris import Impacts, fall_pieces
from baiterek.flight.fleet import felt_paths
from baiterek.flight.fly_many import Batch, fly_many
from baiterek.flight.simulate import simulate

__all__ = ["Batch", "Impacts", "fall_pieces", "felt_paths", "fly_many", "simulate"]
