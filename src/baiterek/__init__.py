"""Baiterek plans the flights of launch vehicles: from a mission file to an ascent that was optimised and flown."""

__version__ = "0.1.0"
