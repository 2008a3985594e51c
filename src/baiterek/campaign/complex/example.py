"""A register to try things with: 243 objects on three sites. Generated, and marked so; the real list is not public."""

from __future__ import annotations

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.register import SITES
from baiterek.campaign.complex.states import State

SYSTEMS = (
    "power supply", "fire protection", "ventilation", "thermal control", "compressed gases",
    "propellant supply", "communications", "automatic control", "water supply",
)  # fmt: skip
STRUCTURES = 8
BASIS = "generated example, no act"
OWNER, DESIGNER = "owner (example)", "designer (example)"


def example() -> list[GroundObject]:
    """On each site the site itself, 8 structures and 9 units in each: 3 x (1 + 8 + 72) = 243."""
    return [record for site in SITES for record in _site(site)]


def _site(site: str) -> list[GroundObject]:
    states = [_progress(SITES.index(site), k) for k in range(STRUCTURES)]
    top = _object(site, site, "site", f"site {site} (example)", None, (), min(states, key=list(State).index))
    return [top, *(record for k, state in enumerate(states) for record in _structure(site, k + 1, state))]


def _structure(site: str, number: int, state: State) -> list[GroundObject]:
    id = f"{site}-{number:02}"
    units = [
        _object(f"{id}-{k}", site, "unit", f"{system} of structure {number} (example)", id, (system,), state)
        for k, system in enumerate(SYSTEMS, 1)
    ]
    return [_object(id, site, "structure", f"structure {number} (example)", site, (), state), *units]


def _progress(site: int, structure: int) -> State:
    """Something of everything, so that a picture of readiness has something to show."""
    states = (State.ACCEPTED, State.ACCEPTED, State.ACCEPTED_WITH_REMARKS, State.INTEGRATED_TESTS, State.AUTONOMOUS_TESTS)
    return states[(site + structure) % len(states)]


def _object(
    id: str, site: str, kind: str, name: str, parent: str | None, systems: tuple[str, ...], state: State
) -> GroundObject:  # fmt: skip
    return GroundObject(
        id, site, kind, name, Part.KZ, parent, systems, OWNER, DESIGNER, (f"acceptance programme {id} (example)",),
        state, BASIS, example=True,
    )  # fmt: skip
