"""Where it ends up, and when to go: `escape_window` gives what a launch to Mars or the Moon asks for."""

from baiterek.orbits.escape import Departure, escape_window

__all__ = ["Departure", "escape_window"]
