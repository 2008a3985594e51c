"""Flying it: the compiled simulator, from the pad to insertion, with every body that falls."""

from baiterek.flight.simulate import simulate

__all__ = ["simulate"]
