"""Mission file -> results folder: `run`, and `read` to have a result back from its folder."""

from baiterek.study.results import MissionResult, read
from baiterek.study.run import run

__all__ = ["MissionResult", "read", "run"]
