"""A warm re-solve is the same optimum as a cold one: two ways to one number, from different starts and on different meshes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baiterek.catalogue.mission import Element
from baiterek.catalogue.read import load_mission
from baiterek.trajectory import Neighbours, optimise

MISSION = Path(__file__).resolve().parents[2] / "missions" / "soyuz5-leo.toml"


def test_a_neighbour_is_the_optimum_of_its_own_mission() -> None:
    base = load_mission(MISSION)
    assert base.target is not None
    inclination = base.target.inclination_rad.low + np.radians(1.0)
    other = replace(base, target=replace(base.target, inclination_rad=Element(inclination, inclination)))
    warm, cold = Neighbours(base).solve(other), optimise(other).require()
    assert warm.converged
    # 1 kg of 17 t: two meshes; the step itself moves the payload by 170 kg.
    assert warm.payload_kg == pytest.approx(cold.payload_kg, abs=1.0)
