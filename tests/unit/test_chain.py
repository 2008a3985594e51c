"""The hash chain: whatever is done to one of its events or heads is found and named."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from baiterek.campaign.log.chain import GENESIS, HEAD_EVERY, Event, Fault, event_hash, faults
from baiterek.campaign.log.signing import is_signed, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FORGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
LENGTH = HEAD_EVERY + 40
AT = "2026-01-01T00:00:00.000000Z"


def chain(length, key=KEY, change=None):
    events, heads, before = [], [], GENESIS
    for seq in range(1, length + 1):
        event = Event(seq, AT, "a", "member", "KZ", "step", "ground_object", f"42-{seq % 7}", "{}", f"[{seq}]", "", before, "")
        event = (change or (lambda e: e))(event)
        event = event._replace(hash=event_hash(event))
        events.append(event)
        before = event.hash
        if seq % HEAD_EVERY == 0:
            heads.append(sign(key, seq, before, AT))
    return events, heads, sign(key, length, before, AT)


EVENTS, HEADS, TAIL = chain(LENGTH)


def check(events=EVENTS, heads=HEADS, tail=TAIL):
    return faults(events, heads, tail, lambda head: is_signed(KEY.public_key(), head))


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=11, max_size=11), st.integers(1, 10**9))
def test_the_hash_of_an_event_is_that_of_its_fields_as_json(texts, seq):
    event = Event(seq, *texts, "")
    text = json.dumps(event[:-1], separators=(",", ":"), ensure_ascii=False)
    assert event_hash(event) == hashlib.sha256(text.encode()).hexdigest()


def test_a_chain_as_it_was_written_is_whole():
    assert check() == []
    assert check([], [], sign(KEY, 0, GENESIS, AT)) == []


@settings(max_examples=40)
@given(st.integers(0, LENGTH - 1), st.sampled_from(Event._fields[1:]), st.text(max_size=5))
def test_any_field_of_any_event_that_is_changed_is_named(at, field, text):
    if getattr(EVENTS[at], field) == text:
        return
    found = check([*EVENTS[:at], EVENTS[at]._replace(**{field: text}), *EVENTS[at + 1 :]])
    assert Fault(f"event {at + 1}", "changed") in found


@settings(max_examples=40)
@given(st.integers(0, LENGTH - 1))
def test_an_event_that_is_removed_is_named(at):
    found = check([*EVENTS[:at], *EVENTS[at + 1 :]])
    what = "cut off at the end" if at == LENGTH - 1 else "removed"
    assert Fault(f"event {at + 1}", what) in found


@settings(max_examples=40)
@given(st.integers(0, LENGTH - 1))
def test_an_event_that_is_removed_and_the_rest_renumbered_is_found(at):
    found = check([*EVENTS[:at], *(event._replace(seq=event.seq - 1) for event in EVENTS[at + 1 :])])
    if at < LENGTH - 1:
        assert Fault(f"event {at + 1}", f"is event {at + 2}, moved here") in found
    assert Fault(f"event {LENGTH}", "cut off at the end") in found


@settings(max_examples=40)
@given(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=2, unique=True))
def test_two_events_that_change_places_are_named(pair):
    one, other = pair
    events = list(EVENTS)
    events[one], events[other] = EVENTS[other]._replace(seq=one + 1), EVENTS[one]._replace(seq=other + 1)
    found = check(events)
    assert Fault(f"event {one + 1}", f"is event {other + 1}, moved here") in found
    assert Fault(f"event {other + 1}", f"is event {one + 1}, moved here") in found


@settings(max_examples=40)
@given(st.integers(0, LENGTH - 1))
def test_events_that_are_cut_off_at_the_end_are_named(length):
    found = check(EVENTS[:length], [head for head in HEADS if head.seq <= length])
    first = f"event {LENGTH}" if length == LENGTH - 1 else f"events {length + 1} to {LENGTH}"
    assert found == [Fault(first, "cut off at the end")]


def test_a_history_written_anew_with_right_hashes_is_found_by_its_heads():
    forged, heads, tail = chain(LENGTH, FORGER, lambda e: e._replace(reason="forged") if e.seq == 100 else e)
    assert Fault(f"events 1 to {HEAD_EVERY}", "rewritten since the head of that place was signed") in check(forged)
    assert {fault.what for fault in check(forged, heads, tail)} == {"its signature is not of the key"}


def test_events_that_are_added_behind_the_tail_are_found():
    longer = chain(LENGTH + 2, FORGER)[0]
    assert check(longer) == [Fault(f"events {LENGTH + 1} to {LENGTH + 2}", "added behind the signed tail")]


@pytest.mark.parametrize("field", ["seq", "hash", "at", "signature"])
def test_a_head_or_tail_that_is_changed_or_removed_is_found(field):
    wrong = 7 if field == "seq" else "ab" * 32
    assert Fault(f"head {HEAD_EVERY}", "removed") in check(heads=[])
    assert Fault("tail", "removed") in check(tail=None)
    assert any("signature" in fault.what for fault in check(heads=[HEADS[0]._replace(**{field: wrong})]))
    assert any("signature" in fault.what for fault in check(tail=TAIL._replace(**{field: wrong})))


def test_a_whole_database_put_back_is_found_by_a_head_from_outside():
    events, heads, tail = chain(LENGTH - 5)
    assert check(events, heads, tail) == []
    assert check(events, [*heads, TAIL], tail) == [Fault(f"events {LENGTH - 4} to {LENGTH}", "cut off at the end")]
