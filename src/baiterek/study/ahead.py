"""What flies is read and warmed up while the optimum is solved for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Thread

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.history import Steering, SteeringPhase

Say = Callable[[str], None]
PAYLOAD_kg = 1000.0
SOLVING = "solving"
"""How the optimiser's word for a solve begins. Before that Python is busy, and a thread would only be in its way."""


@contextmanager
def flight_warmed_up(mission: Mission, guidance: str, say: Say) -> Iterator[Say]:
    """Yields the word for `optimise`; with the first solve a thread begins to read numba and to load the compiled flight.

    CasADi lets go of the interpreter while IPOPT solves: of a short command's time a second and more is had in parallel. The
    body's end waits for the thread. What goes wrong in it is told where it is done in earnest.
    """
    thread = Thread(target=_rehearse, args=(mission, guidance), daemon=True)

    def saying(text: str) -> None:
        if text.startswith(SOLVING) and thread.ident is None:
            thread.start()
        say(text)

    try:
        yield saying
    finally:
        if thread.ident is not None:
            thread.join()


def _rehearse(mission: Mission, guidance: str) -> None:
    """One flight and two dispersed ones of a second a phase, straight up; nothing of them is kept."""
    with suppress(Exception):
        from baiterek.flight import Executor, simulate
        from baiterek.study.dispersed import dispersed

        loaded = replace(mission, payload_kg=mission.payload_kg or PAYLOAD_kg)
        steering = straight_up(loaded)
        simulate(loaded, steering)
        dispersed(loaded, steering, 2, 1, guidance, Executor(1))


def straight_up(loaded: Mission) -> Steering:
    """Commands of a second for each phase, or of as long as it always lasts."""
    phases, start_s = [], 0.0
    for phase in sequence(loaded).phases:
        lasts_s = float(phase.duration_s or 1.0)
        values = np.array([[[1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]]])
        ends = np.array([0.0, 1.0])
        phases.append(SteeringPhase(phase.name, "up", start_s, lasts_s, ends, ends, values, np.zeros(len(phase.drops))))
        start_s += lasts_s
    return Steering(tuple(phases), float(loaded.payload_kg or PAYLOAD_kg))
