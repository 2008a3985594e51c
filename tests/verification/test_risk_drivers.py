"""Driving assumptions by hand: linear in factors and probabilities, and by a second sum where people move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.exposure_file import Evacuated, load_exposure
from baiterek.safety.drivers import drivers
from baiterek.safety.failure import failure_probability
from baiterek.safety.ground import ground
from baiterek.safety.landing import Normal
from baiterek.safety.presence import presence, settling_of
from baiterek.safety.risk import Event, Pieces, assess

GROUND = ground(46.5, 65.5, 49.5, 70.0)
FALL = Normal(*np.radians((47.9, 67.9)), np.diag([2e4**2, 8e3**2]))
LOADED = Normal(*np.radians((47.8, 67.6)), np.diag([1.2e4**2, 9e3**2]))
RECORD = failure_probability(0, 0, 12, 3)
EVENTS = (
    Event("stage 1", "planned", 1.0, (Pieces("stage", 1.0, 93.0, FALL),)),
    Event("stage 1", "shutdown", RECORD.value, (Pieces("stage", 1.0, 93.0, LOADED, 2.0e6),)),
)
STEPPE = load_exposure("steppe")


def test_the_sum_is_its_fields_times_people():
    present = presence(GROUND, STEPPE, 0.4)
    risk = assess(GROUND, EVENTS, present)
    fields = risk.fields
    inert = (fields.planned_inert + fields.failure_inert) * present.inert
    blast = (fields.planned_blast + fields.failure_blast) * present.blast
    people = GROUND.people[fields.rows, fields.columns]
    assert float(((inert + blast) * people).sum()) == pytest.approx(risk.collective, rel=1e-12)
    assert not fields.planned_blast.any() and fields.failure_blast.any()
    assert risk.expectations[1].conditional == pytest.approx(risk.expectations[1].casualties / RECORD.value, rel=1e-12)


def test_factors_parts_and_probability_by_hand():
    risk = assess(GROUND, EVENTS, presence(GROUND, STEPPE))
    fields = risk.fields
    people = GROUND.people[fields.rows, fields.columns]
    inert = float(((fields.planned_inert + fields.failure_inert) * people).sum())
    blast = float(((fields.planned_blast + fields.failure_blast) * people).sum())
    found = {driver.name: driver for driver in drivers(risk, STEPPE, probability=RECORD)}
    light = found["casualty area in light_roof, inert"]
    assert light.high - light.low == pytest.approx(2 * 0.2 * 0.45 * inert, rel=1e-9)
    assert 0.5 * (light.high + light.low) == pytest.approx(risk.collective, rel=1e-9)
    # In the open by day 0.35 +- 0.15; the other classes keep their proportions, mean factors inside 0.355/0.65, 0.875/0.65.
    outside = found["part of the people in open by day"]
    slope = inert * (1.0 - (0.05 * 0.8 + 0.45 * 0.6 + 0.15 * 0.3) / 0.65)
    slope += blast * (1.0 - (0.05 * 1.0 + 0.45 * 1.5 + 0.15 * 1.0) / 0.65)
    assert outside.high - outside.low == pytest.approx(0.3 * slope, rel=1e-9)
    assert found["part of the people in open by night"].reach == 0.0
    chance = found["probability of failure"]
    assert chance.high == pytest.approx(risk.collective, rel=1e-12)
    assert chance.low == pytest.approx(risk.planned + (risk.collective - risk.planned) * RECORD.low / RECORD.value, rel=1e-12)
    reaches = [driver.reach for driver in drivers(risk, STEPPE, probability=RECORD)]
    assert reaches == sorted(reaches, reverse=True)


def test_settlements_and_evacuation_by_a_second_sum():
    corners = ((47.5, 67.4), (47.5, 68.1), (48.1, 68.1), (48.1, 67.4), (47.5, 67.4))
    ring = tuple((np.radians(latitude), np.radians(longitude)) for latitude, longitude in corners)
    own = replace(STEPPE, evacuated=(Evacuated("zone", ring, Datum(0.8, 0.1, "assumed")),))
    risk = assess(GROUND, EVENTS, presence(GROUND, own))
    found = {driver.name: driver for driver in drivers(risk, own)}
    cleared = replace(own, evacuated=(Evacuated("zone", ring, Datum(0.9, 0.1, "assumed")),))
    again = assess(GROUND, EVENTS, presence(GROUND, cleared))
    assert found["evacuation of zone"].high == pytest.approx(again.collective, rel=1e-12)
    assert found["evacuation of zone"].low > risk.collective > found["evacuation of zone"].high
    thinner = replace(own, town_density_1_m2=Datum(1.3e-3, 0.0, "assumed"))
    moved = ground(46.5, 65.5, 49.5, 70.0, settling=settling_of(thinner))
    again = assess(moved, EVENTS, presence(moved, own))
    assert found["density of settlements"].low == pytest.approx(again.collective, rel=1e-9)
    assert all(driver.grade == "assumed" for driver in found.values())
