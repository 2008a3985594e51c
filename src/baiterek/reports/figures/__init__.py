"""Figures of a flight, drawn from the results folder and from nothing else."""

from baiterek.reports.figures.draw import FIGURES, Drawn, draw
from baiterek.reports.figures.linked import linked_data, linked_script

__all__ = ["FIGURES", "Drawn", "draw", "linked_data", "linked_script"]
