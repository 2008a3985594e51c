"""Who is below: `assess` adds up what may fall on whom, `judge` says whether a rule allows it."""

from baiterek.safety.risk import Event, Pieces, Risk, assess
from baiterek.safety.verdicts import judge

__all__ = ["Event", "Pieces", "Risk", "assess", "judge"]
