"""A guide computed whole, on the least grid: what its chapters say of one orbit agrees."""

import json

import pytest
from typer.testing import CliRunner

from baiterek.cli import app

COST_OF_THE_ZONES_kg = 100.0
"""More than the zones of the bundled mission cost (31 kg by `baiterek optimise` with and without them)."""
MESH_kg = 8.0
"""What one mesh for all cells of a map may lack against a mesh of its own (docs/performance.md)."""


def test_maps_and_reference_mission_agree_on_the_orbit_that_they_share(tmp_path):
    """Authority: an optimum with fewer limits is no worse. The maps have no drop zones, the reference mission keeps to them;
    a circle as an ellipse whose apogee is its perigee is the same target."""
    words = ["guide", "--altitude", "200", "--inclination", "51.6", "--apogee", "200", "--workers", "1", "--out", str(tmp_path)]
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == 0, answer.stderr
    document = json.loads(answer.stdout)
    [circle], [ellipse] = document["payload"]["cells"], document["apogee"]["cells"]
    reference = document["reference"]["answer"]["payload_kg"]
    assert -MESH_kg <= circle["payload_kg"] - reference <= COST_OF_THE_ZONES_kg
    assert ellipse["payload_kg"] == pytest.approx(circle["payload_kg"], abs=MESH_kg)
    limits = {row["name"]: row for row in document["environments"]}
    assert limits["dynamic pressure"]["value"] == pytest.approx(50e3, rel=2e-3), "active: the flight stands at its limit"
    heat = limits["free-molecular heat flux, payload uncovered"]
    assert heat["value"] == pytest.approx(1135.0, rel=2e-3) and heat["limit"] == 1135.0
