"""Baiterek plans the flights of launch vehicles: from a mission file to an ascent that was optimised and flown.

    mission = baiterek.load("missions/soyuz5-leo.toml")     a Mission; `baiterek.change` gives it other numbers
    optimum = baiterek.optimise(mission)                    the best way up
    flight = baiterek.fly(mission, optimum.steering)        flown; flight.history.to_xarray()
    result = baiterek.plan(mission)                         all of it, with a results folder and a report
    flights = baiterek.monte_carlo(mission, 10_000)         many flights, every number with a sigma dispersed
    result = baiterek.read("runs/...")                      a result back from its folder
    baiterek.export(result, "czml")                         the same for other tools
    baiterek.compare("runs/...", "runs/...")                what differs between two of them

Functions come from `baiterek.api` when first used, so that the import itself is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baiterek.errors import BaiterekError, InputError, NotConverged

if TYPE_CHECKING:
    from baiterek.api import change, compare, export, fly, load, monte_carlo, optimise, plan, read

__version__ = "0.1.0"

__all__ = [
    "BaiterekError",
    "InputError",
    "NotConverged",
    "change",
    "compare",
    "export",
    "fly",
    "load",
    "monte_carlo",
    "optimise",
    "plan",
    "read",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("baiterek.api"), name)
    raise AttributeError(f"module 'baiterek' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
