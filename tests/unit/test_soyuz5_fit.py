"""What is shipped of the Soyuz-5 fit: a covariance that is one, masses that agree with what is published, grades.

Bounds are those of the theory: after an observation no combination is less certain than the observation says, and no
unknown less certain than its prior (Tarantola, Inverse Problem Theory, 2005, sec. 3.2). Nothing is optimised here.
"""

import importlib.util
import sys

import numpy as np
import pytest

import flown
from baiterek.catalogue.override import with_values
from baiterek.catalogue.read import load_mission, load_vehicle
from baiterek.catalogue.sequence import sequence
from baiterek.study.uncertainty import uncertainty

LIFT_OFF_kg = 530e3  # Flug Revue: about 530 t
PAYLOAD_kg = 17e3  # TASS, 27 Jan 2026
FIRING_s = 160.0  # TASS, 10 Oct 2025


@pytest.fixture(scope="module")
def study():
    spec = importlib.util.spec_from_file_location("soyuz5_fit", flown.PROJECT / "studies" / "soyuz5_fit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["soyuz5_fit"] = module  # its dataclasses look their annotations up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def soyuz():
    return load_vehicle("soyuz-5")


@pytest.fixture(scope="module")
def family(soyuz):
    (block,) = soyuz.correlations
    return block.paths, np.array(block.covariance)


def test_the_covariance_is_one(soyuz, family):
    paths, covariance = family
    sigma = np.array([soyuz.data[path].sigma for path in paths])
    assert np.array_equal(covariance, covariance.T)
    assert np.allclose(np.sqrt(np.diag(covariance)), sigma, rtol=1e-3, atol=0.0)  # sigmas have three digits or four
    # Eight unknowns make twelve numbers: four eigenvalues are zero, to the eight digits shipped.
    eigenvalues = np.linalg.eigvalsh(covariance / np.outer(sigma, sigma))
    assert eigenvalues.min() > -1e-6
    assert np.sum(eigenvalues > 1e-4) == 8


def test_the_covariance_has_every_fitted_number_and_no_other(soyuz, family, study):
    fitted = {path for path, datum in soyuz.data.items() if datum.source == "fit"}
    assert set(family[0]) == fitted == set(study.PATHS)


def test_published_lift_off_mass_and_firing_are_met(soyuz, study):
    mission = with_values(load_mission(flown.BUNDLED), {"payload_kg": PAYLOAD_kg})
    _, mass, burn = study.OBSERVATIONS
    assert sequence(mission).lift_off_mass_kg == pytest.approx(LIFT_OFF_kg, abs=2.0 * mass.sigma)
    stage = soyuz.stages[0]
    assert stage.usable_kg / stage.engines[0].mass_flow_kg_s == pytest.approx(FIRING_s, abs=2.0 * burn.sigma)


def test_correlations_hold_the_lift_off_mass_to_what_is_published(soyuz, family, study):
    paths, covariance = family
    mass = np.array([0.0 if "residual" in path else 1.0 for path in paths])
    of_mass = float(np.sqrt(mass @ covariance @ mass))
    assert 0.8 * study.OBSERVATIONS[1].sigma < of_mass < study.OBSERVATIONS[1].sigma  # the priors hold some 9 t
    alone = float(np.sqrt(mass @ np.diag(np.diag(covariance)) @ mass))
    assert alone > 2.0 * of_mass  # without the correlations the file would contradict what it was fitted to
    assert uncertainty(dict(zip(paths, mass, strict=True)), soyuz).sigma == pytest.approx(of_mass, rel=1e-9)


def test_no_unknown_is_less_certain_than_its_prior_or_far_from_it(soyuz, study):
    for prior, direction in zip(study.PRIORS, study.DIRECTIONS.T, strict=True):
        paths = [path for path, share in zip(study.PATHS, direction, strict=True) if share]
        value = sum(soyuz.data[path].value for path in paths)
        sigma = sum(soyuz.data[path].sigma for path in paths)  # oxidiser and fuel move together
        assert 0.0 < sigma <= prior.sigma_kg * 1.001, prior.name
        assert value == pytest.approx(prior.mean_kg, abs=2.0 * prior.sigma_kg), prior.name
        assert len(prior.reason) > 20, prior.name


@pytest.mark.parametrize("number", [0, 1])
def test_tanks_hold_the_mixture_ratio_and_oxidiser_runs_out_first(soyuz, number):
    tanks, ratio = soyuz.stages[number].tanks, soyuz.stages[number].mixture_ratio
    left_kg = tanks.fuel_kg - tanks.fuel_residual_kg - (tanks.oxidiser_kg - tanks.oxidiser_residual_kg) / ratio
    assert 0.0 <= left_kg < 3.0  # four numbers rounded to the kilogram


def test_nothing_recollected_is_shown_as_fact(soyuz):
    assert soyuz.sources["fit"].grade == "fit"
    unpublished = ("dry_mass", "interstage", "oxidiser", "fuel", "propellant", "residual", "shroud.mass")
    for path, datum in soyuz.data.items():
        if any(word in path for word in unpublished):
            assert soyuz.sources[datum.source].grade in ("fit", "assumed"), path
    for tag, source in soyuz.sources.items():
        if any(word in source.text for word in ("recollect", "assumed by", "no public source")):
            assert source.grade in ("fit", "assumed"), tag


def test_a_variant_leaves_the_covariance_with_what_it_replaces_or_removes(tmp_path, family):
    crewed = load_vehicle("soyuz-5-crewed")
    assert crewed.data["shroud.mass_kg"].source == "assumed"
    assert set(crewed.correlations[0].paths) == set(family[0]) - {"shroud.mass_kg"}
    text = 'extends = "soyuz-5"\ntitle = "x"\nremove = ["shroud", "stages.stage-1.interstage_t"]\n'
    (tmp_path / "bare.toml").write_text(text, encoding="utf-8")
    (bare,) = load_vehicle(str(tmp_path / "bare.toml")).correlations
    assert set(bare.paths) == set(family[0]) - {"shroud.mass_kg", "stage-1.interstage_kg"}
    kept = [family[0].index(path) for path in bare.paths]
    assert np.array_equal(np.array(bare.covariance), family[1][np.ix_(kept, kept)])


def test_the_page_shows_what_the_vehicle_file_ships(soyuz, study):
    page = (flown.PROJECT / "docs" / "soyuz5-fit.md").read_text(encoding="utf-8")
    for prior, direction in zip(study.PRIORS, study.DIRECTIONS.T, strict=True):
        paths = [path for path, share in zip(study.PATHS, direction, strict=True) if share]
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {prior.name} |") and "±" in line]
        value, sigma = (float(cell) for cell in row.split("|")[3].split("±"))
        assert value == pytest.approx(sum(soyuz.data[path].value for path in paths) / 1e3, abs=0.008), prior.name
        assert sigma == pytest.approx(sum(soyuz.data[path].sigma for path in paths) / 1e3, abs=0.006), prior.name
        assert prior.reason in row
