"""How dispersed flights are guided, as commands name it."""

from __future__ import annotations

from baiterek.errors import BadValue

GUIDANCE = {"closed": "closed loop", "open": "open loop"}


def check_guidance(guidance: str) -> None:
    """Raises `BadValue` in one line."""
    if guidance not in GUIDANCE:
        raise BadValue("command line", "--guidance", guidance, ", ".join(GUIDANCE))
