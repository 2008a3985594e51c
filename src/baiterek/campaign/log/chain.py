"""The log of changes as a hash chain: what an event is, its hash, and what is wrong with a chain.

Each event holds the hash of the one before it. The last one is signed with every change (`Head`), and a signed head is kept
every so many events: whoever rewrites, removes, reorders or cuts events off without the key breaks one of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

GENESIS = "0" * 64
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
quoted = json.encoder.encode_basestring
"""A text as JSON writes it."""
HEAD_EVERY = 256
"""Events between two heads that are kept."""
FEW = 16
"""Broken events up to which each is tried at the place of every other."""


class Event(NamedTuple):
    """One change. `before` and `after` are canonical JSON of the whole record, empty where there was none."""

    seq: int
    at: str
    actor: str
    role: str
    part: str
    action: str
    entity: str
    entity_id: str
    before: str
    after: str
    reason: str
    prev_hash: str
    hash: str


class Head(NamedTuple):
    """The chain up to `seq` ends in `hash`, says the key that signed it (Ed25519, hex)."""

    seq: int
    hash: str
    at: str
    signature: str


class Fault(NamedTuple):
    """What is wrong, and where."""

    where: str
    what: str


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no blanks."""
    return ENCODER.encode(value)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of plain values."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def event_hash(event: Event) -> str:
    """SHA-256 over all fields of an event but the hash itself, as JSON: a list of a number and texts, without blanks."""
    text = f"[{event.seq},{','.join(map(quoted, event[1:-1]))}]"  # what json.dumps writes, in a third of its time
    return hashlib.sha256(text.encode()).hexdigest()


def changed(event: Event) -> dict[str, tuple[Any, Any]]:
    """Fields that an event changed, from what to what; none where it made the row."""
    if not event.before:
        return {}
    before, after = json.loads(event.before), json.loads(event.after)
    return {
        name: (before.get(name), value) for name, value in after.items() if before.get(name) != value and name != "revision"
    }


def head_text(seq: int, hash: str, at: str) -> bytes:
    """What is signed."""
    return f"baiterek head {seq} {hash} {at}".encode()


def faults(events: Iterable[Event], heads: Iterable[Head], tail: Head | None, signed: Callable[[Head], bool]) -> list[Fault]:
    """Everything that is wrong with a chain, in the order of its events.

    `events` in the order of `seq`; `heads` kept ones, those from outside the database among them; `tail` the head of the
    last change.
    """
    found: list[Fault] = []
    hashes, broken, last = {0: GENESIS}, [], 0
    for event in events:
        if event.seq > last + 1:
            found.append(Fault(_span(last + 1, event.seq - 1), "removed"))
        elif event.seq <= last:
            found.append(Fault(f"event {event.seq}", "stands twice"))
        if event_hash(event) != event.hash:
            broken.append(event)
        elif event.seq == last + 1 and event.prev_hash != hashes[last]:
            found.append(Fault(f"event {event.seq}", f"does not follow event {last}"))
        hashes[event.seq], last = event.hash, max(last, event.seq)
    kept = list(heads)
    found += _moved_or_changed(broken, hashes)
    found += _head_faults([*kept, *([tail] if tail else [])], hashes, last, signed)
    return found + _missing_heads(kept, last) + _tail_faults(tail, last)


def _moved_or_changed(broken: list[Event], hashes: dict[int, str]) -> list[Fault]:
    """An event whose own hash is right at another place was moved from there; of any other the content was changed."""
    follows = {hash: seq + 1 for seq, hash in hashes.items()}
    places = {event.seq for event in broken} if len(broken) <= FEW else set()
    found = []
    for event in broken:
        tried = sorted(places | {event.seq - 1, event.seq + 1, follows.get(event.prev_hash, -1)})
        home = next((seq for seq in tried if event_hash(event._replace(seq=seq)) == event.hash), None)
        found.append(Fault(f"event {event.seq}", "changed" if home is None else f"is event {home}, moved here"))
    return found


def _head_faults(heads: list[Head], hashes: dict[int, str], last: int, signed: Callable[[Head], bool]) -> list[Fault]:
    """Heads whose signature is not ours, and heads that the chain does not agree with."""
    found = []
    good = 0
    for head in sorted(set(heads)):
        if not signed(head):
            found.append(Fault(f"head {head.seq}", "its signature is not of the key"))
        elif head.seq > last:
            found.append(Fault(_span(last + 1, head.seq), "cut off at the end"))
        elif hashes.get(head.seq) != head.hash:
            found.append(Fault(_span(good + 1, head.seq), "rewritten since the head of that place was signed"))
        else:
            good = head.seq
    return list(dict.fromkeys(found))


def _missing_heads(kept: list[Head], last: int) -> list[Fault]:
    there = {head.seq for head in kept}
    return [Fault(f"head {seq}", "removed") for seq in range(HEAD_EVERY, last + 1, HEAD_EVERY) if seq not in there]


def _tail_faults(tail: Head | None, last: int) -> list[Fault]:
    if tail is None:
        return [Fault("tail", "removed")]
    return [Fault(_span(tail.seq + 1, last), "added behind the signed tail")] if tail.seq < last else []


def _span(first: int, last: int) -> str:
    return f"event {first}" if first == last else f"events {first} to {last}"
