"""The published Delta III ascent from its mission file, as a user runs it: no guess given.

Authorities: the four-phase launch problem of Benson (2005) and Rao et al. (2010, ACM TOMS 37(2)); 7529.712287 kg is the
optimum that yapss tests to 1e-8 (GPOPS-II prints 7529.712), 924.139 s the end that MechJeb2's test and mpopt find.
"""

import json
import subprocess
import sys

import pytest

import flown


@pytest.fixture(scope="module")
def answer():
    mission = flown.PROJECT / "missions" / "published" / "delta-iii.toml"
    words = [sys.executable, "-m", "baiterek.cli", "fly", str(mission), "--json"]
    run = subprocess.run(words, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_mass_on_orbit_is_the_published_one(answer):
    # 0.005 kg: what a mesh that is refined to half a metre leaves.
    assert answer["status"] == "converged" and not answer["contradictions"]
    assert answer["answer"]["value"] == pytest.approx(7529.712287, abs=0.005)
    assert answer["events"][-1]["t_s"] == pytest.approx(924.139, abs=0.005)


def test_the_flight_ends_in_the_published_orbit(answer):
    achieved = answer["achieved"]
    radius_km = 6378.145
    perigee, apogee = achieved["perigee_altitude_km"] + radius_km, achieved["apogee_altitude_km"] + radius_km
    # 20 m and 0.05 m/s at insertion: da = 2 a^2 v dv / mu = 1.5 km at most for this orbit.
    assert 0.5 * (perigee + apogee) == pytest.approx(24361.140, abs=1.5)
    assert (apogee - perigee) / (apogee + perigee) == pytest.approx(0.7308, abs=2e-5)
    assert achieved["inclination_deg"] == pytest.approx(28.5, abs=5e-4)
    assert achieved["raan_deg"] == pytest.approx(269.8, abs=1e-3)
    assert achieved["argument_of_perigee_deg"] == pytest.approx(130.5, abs=2e-3)


def test_the_books_of_mass_are_the_published_ones(answer):
    # Initial masses of the phases: 301454; 158183.885057 and 72783.770115 after the boosters; 23464 kg (rounded: kg).
    masses = {event["name"]: event["mass_kg"] for event in answer["events"]}
    assert masses["lift-off"] == pytest.approx(301454.0, abs=1e-6)
    assert masses["srb-lit-on-ground separation"] == pytest.approx(158183.885057, abs=1e-4)
    assert masses["srb-lit-in-flight separation"] == pytest.approx(72783.770115, abs=1e-4)
    assert masses["stage-1 separation"] == pytest.approx(23464.0, abs=1e-4)
