"""Failures of a flight down to the ground: probabilities, masses and numbers are kept; a turn is its own integral."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

import flown
from baiterek.catalogue.document import CATALOGUE, read_document
from baiterek.catalogue.failure_file import load_failures
from baiterek.catalogue.hazard_file import load_hazards, read_hazards
from baiterek.errors import BadValue, InputError
from baiterek.flight import Executor
from baiterek.safety import scenarios
from baiterek.safety.failure import failure_probability
from baiterek.safety.moments import States, moments, state_at
from baiterek.safety.scenarios import failures
from baiterek.study import dispersed as dispersed_module
from baiterek.study.dispersed import dispersed, failing

MISSION = replace(flown.mission(), payload_kg=flown.PAYLOAD_kg)
FLIGHT = flown.flight()
HAZARDS = load_hazards("soyuz-5")
RECORD = load_failures(HAZARDS.failures)
FILE = CATALOGUE / "hazards" / "soyuz-5.toml"


@pytest.fixture(scope="module")
def found():
    return moments(MISSION, FLIGHT, RECORD, HAZARDS, 24)


@pytest.fixture(scope="module")
def events(found):
    return failures(MISSION, FLIGHT, HAZARDS, found, samples=6, seed=3, executor=Executor(1))


def test_the_whole_probability_is_spread(found, events):
    whole = failure_probability(RECORD.flights, RECORD.failures, RECORD.like_flights, RECORD.like_failures).value
    assert sum(moment.probability for moment in found) == pytest.approx(whole, rel=1e-12)
    assert sum(event.probability for event in events) == pytest.approx(whole, rel=1e-12)
    shares = {phase.name: phase.share.value for phase in RECORD.phases}
    for stage, share in shares.items():
        assert sum(m.probability for m in found if m.stage == stage) == pytest.approx(share * whole, rel=1e-9)


def test_pieces_of_a_body_weigh_what_the_body_does():
    vehicle = MISSION.vehicle
    masses = {stage.name: stage.inert_kg for stage in vehicle.stages}
    masses[vehicle.shroud.kind] = vehicle.shroud.mass_kg / vehicle.shroud.body.pieces
    for body, mass in masses.items():
        pieces = HAZARDS.bodies[body].pieces
        assert sum(piece.number * piece.mass_kg.value for piece in pieces) == pytest.approx(mass, rel=0.03)
        for piece in pieces:
            # What a class says of mass, area and ballistic coefficient is a drag coefficient that bodies have.
            drag = piece.mass_kg.value / (piece.ballistic_kg_m2.value * piece.area_m2.value)
            assert 0.4 < drag < 2.0, (body, piece.name, drag)


def test_the_payload_comes_down_in_as_many_pieces_as_it_weighs(found):
    listed = sum(piece.number * piece.mass_kg.value for piece in HAZARDS.bodies["payload"].pieces)
    for moment in found:
        times = {body.name: body.times for body in moment.aboard}
        assert times.pop("payload") * listed == pytest.approx(flown.PAYLOAD_kg + MISSION.adapter_kg, rel=1e-12)
        assert set(times.values()) == {1.0}


def test_what_is_aboard_leaves_with_the_stages(found):
    names = [tuple(body.name for body in moment.aboard) for moment in found]
    assert names[0] == ("stage-1", "stage-2", "fairing", "payload")
    assert names[-1] == ("stage-2", "payload")
    assert all(moment.propellant_kg >= 0.0 for moment in found)
    assert found[0].propellant_kg > 350e3


def test_a_state_between_rows_lies_on_the_flight():
    t_s = FLIGHT.t_s
    row = int(np.searchsorted(t_s, 300.0))
    state, mass = state_at(FLIGHT, float(t_s[row]))
    assert mass == FLIGHT["mass_kg"][row]
    assert np.allclose(state[:3], [FLIGHT[f"{axis}_eci_m"][row] for axis in "xyz"], atol=1e-6)
    # Between the rows, by another cubic: that through four rows.
    rows = slice(row - 1, row + 3)
    middle = 0.5 * (t_s[row] + t_s[row + 1])
    for k, axis in enumerate("xyz"):
        cubic = np.polyfit(t_s[rows] - middle, FLIGHT[f"{axis}_eci_m"][rows], 3)
        assert state_at(FLIGHT, middle)[0][k] == pytest.approx(cubic[-1], abs=0.5)


def test_a_malfunction_turn_is_the_integral_of_a_turning_thrust(found):
    moment = next(m for m in found if m.t_s > 60.0)
    abort = HAZARDS.abort
    sure = {name: replace(getattr(abort, name), sigma=0.0) for name in ("reaction_s", "turn_rate_rad_s")}
    states, t_s = scenarios._turned(
        moment, FLIGHT, replace(HAZARDS, abort=replace(abort, **sure)), 50, np.random.default_rng(1)
    )
    rate, lasting = abort.turn_rate_rad_s.value, abort.reaction_s.value
    assert np.allclose(t_s, moment.t_s + lasting)
    force = np.linalg.norm(moment.thrust)
    # Speeds by one integral, distances by the same one weighted with the time that is left.
    turning = (lambda t: np.cos(rate * t) - 1.0, lambda t: np.sin(rate * t))
    speeds = [quad(lambda t, of=each: force * of(t), 0.0, lasting)[0] for each in turning]
    metres = [quad(lambda t, of=each: force * of(t) * (lasting - t), 0.0, lasting)[0] for each in turning]
    nominal = state_at(FLIGHT, moment.t_s + lasting)[0]
    axis = moment.thrust / force
    for part, (along, across) in ((states[:, 3:] - nominal[3:], speeds), (states[:, :3] - nominal[:3], metres)):
        assert np.allclose(part @ axis, along, rtol=1e-6)
        assert np.allclose(np.linalg.norm(part - np.outer(part @ axis, axis), axis=1), across, rtol=1e-6)


def test_a_turn_of_no_time_is_the_nominal_flight(found):
    moment = found[len(found) // 2]
    at_once = replace(HAZARDS.abort.reaction_s, value=0.0, sigma=0.0)
    quick = replace(HAZARDS, abort=replace(HAZARDS.abort, reaction_s=at_once))
    states, t_s = scenarios._turned(moment, FLIGHT, quick, 3, np.random.default_rng(4))
    assert np.allclose(states, moment.state, atol=1e-6) and np.allclose(t_s, moment.t_s)


def test_no_engine_is_cut_off_over_the_pad_nor_after_it_has_stopped(found):
    early = next(m for m in found if m.t_s < HAZARDS.abort.inhibit_s.value - 5.0)
    _, t_s = scenarios._turned(early, FLIGHT, HAZARDS, 40, np.random.default_rng(2))
    assert np.all(t_s >= HAZARDS.abort.inhibit_s.value)
    slow = replace(HAZARDS, abort=replace(HAZARDS.abort, reaction_s=replace(HAZARDS.abort.reaction_s, value=1e4)))
    _, t_s = scenarios._turned(found[-1], FLIGHT, slow, 40, np.random.default_rng(2))
    assert np.allclose(t_s, found[-1].burn_end_s)


def test_failures_begin_in_dispersed_flights():
    """Just before the cut-off, open loop: speeds spread as those of other dispersed flights at their separation do."""
    steering, samples = flown.by_hand(MISSION), 300
    last = [m for m in moments(MISSION, FLIGHT, RECORD, HAZARDS, 600) if m.stage == "stage-1"][-1:]
    (found,) = failing(MISSION, steering, last, samples, 5, "open", Executor(2))
    columns = dispersed(MISSION, steering, samples, 6, "open", Executor(2))
    speed = np.linalg.norm(found.states[:, 3:], axis=1)
    other = np.linalg.norm([columns[f"stage-1.separation.v{axis}_eci_m_s"] for axis in "xyz"], axis=0)
    # Two standard deviations of 300 each: their ratio is known to 6 %.
    assert np.std(speed) == pytest.approx(np.nanstd(other), rel=0.18) and np.std(speed) > 5.0
    assert abs(np.mean(speed) - np.linalg.norm(last[0].state[3:])) < 4.0 * np.std(speed) / np.sqrt(samples)
    assert np.std(found.mass_kg) > 0.0


def test_a_stage_that_has_burned_out_does_not_fail():
    """After the cut-off of the nominal flight no flight of open loop burns: the nominal state stands for all."""
    moment = next(m for m in moments(MISSION, FLIGHT, RECORD, HAZARDS, 24) if m.stage == "stage-1")
    late = replace(moment, t_s=moment.burn_end_s + 5.0)
    (found,) = failing(MISSION, flown.by_hand(MISSION), [late], 4, 5, "open", Executor(1))
    assert np.array_equal(found.states, np.tile(late.state, (4, 1))) and np.all(found.mass_kg == late.mass_kg)


def test_flights_that_do_not_burn_are_no_draws(found):
    """Near the cut-off some have burned out: the others are counted once each, so that the sampling error is theirs."""
    moment = found[3]
    rows = np.column_stack((np.tile(moment.state, (10, 1)) + np.arange(10.0)[:, None], np.full(10, moment.mass_kg)))
    rows[[1, 4, 7]] = np.nan
    kept = dispersed_module._burning(moment, rows)
    assert len(kept.mass_kg) == 7 and len(np.unique(kept.states[:, 0])) == 7
    (event,) = [e for e in failures(MISSION, FLIGHT, HAZARDS, [moment], samples=10, seed=3, executor=Executor(1), states=[kept])
                if e.cause == "explosion"]  # fmt: skip
    assert {len(piece.footprint.latitude_rad) for piece in event.pieces} == {7}
    rows[:9] = np.nan
    alone = dispersed_module._burning(moment, rows)
    assert np.array_equal(alone.states, np.tile(moment.state, (10, 1)))


def test_nominal_states_are_what_is_taken_without_others(found, events):
    given = [States(np.tile(m.state, (6, 1)), np.full(6, m.mass_kg)) for m in found]
    again = failures(MISSION, FLIGHT, HAZARDS, found, samples=6, seed=3, executor=Executor(1), states=given)
    assert all(
        np.array_equal(a.footprint.latitude_rad, b.footprint.latitude_rad)
        for one, other in zip(events, again, strict=True)
        for a, b in zip(one.pieces, other.pieces, strict=True)
    )


def test_a_deviation_goes_on_in_a_straight_line():
    away = np.array([[3.0, 0.0, -1.0, 0.5, 0.0, 2.0]])
    assert np.allclose(scenarios._carried(away, np.array([4.0])), [[5.0, 0.0, 7.0, 0.5, 0.0, 2.0]])


def test_every_piece_is_counted_once(events, found):
    labels = [(moment, cause) for moment in found for cause in moment.causes]
    for (moment, cause), event in zip(labels, events, strict=True):
        assert (event.phase, event.cause) == (moment.stage, cause)
        if cause == "explosion":
            expected = sum(
                body.times * body.pieces * piece.number for body in moment.aboard for piece in HAZARDS.bodies[body.name].pieces
            )
            assert sum(piece.number for piece in event.pieces) == pytest.approx(expected, rel=1e-9)


def test_a_loaded_vehicle_is_blasted_and_an_exploded_one_is_not(events):
    shut = [event for event in events if event.cause == "shutdown" and event.phase == "stage-1"]
    assert max(piece.blast_area_m2 for piece in shut[0].pieces) > 1e6
    assert all(piece.blast_area_m2 == 0.0 for event in events if event.cause == "explosion" for piece in event.pieces)


def test_the_same_seed_gives_the_same_points(found, events):
    again = failures(MISSION, FLIGHT, HAZARDS, found, samples=6, seed=3, executor=Executor(2))
    assert all(
        np.array_equal(a.footprint.latitude_rad, b.footprint.latitude_rad)
        for one, other in zip(events, again, strict=True)
        for a, b in zip(one.pieces, other.pieces, strict=True)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["causes"]["stage-1"]["shutdown"].update(value=0.9), "add up to"),
        (lambda d: d["bodies"]["stage-1"].update(pieces=[]), "at least one class"),
        (lambda d: d["bodies"]["stage-1"]["pieces"][0]["area_m2"].update(value=-1.0), "above 0"),
        (lambda d: d["bodies"]["stage-1"].pop("explosion_m_s"), "explosion_m_s"),
        (lambda d: d.update(failure="x"), "failures"),
    ],
)
def test_a_spoilt_hazard_file_is_one_line(change, words):
    document = read_document(FILE)
    change(document)
    with pytest.raises(InputError) as caught:
        read_hazards(document, "hazards.toml")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_body_that_the_hazards_do_not_know_is_named(found):
    bare = replace(HAZARDS, bodies={name: plan for name, plan in HAZARDS.bodies.items() if name != "fairing"})
    with pytest.raises(BadValue, match="fairing"):
        failures(MISSION, FLIGHT, bare, found[:2], samples=2)
