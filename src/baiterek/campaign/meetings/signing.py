"""Signatures under protocols: made here, brought in from outside, and held against the record at each reading."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, seat_denial
from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.evidence.store import fault_of, keep_file, place
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings import seals
from baiterek.campaign.meetings.authority import matching, spoken
from baiterek.campaign.meetings.conduct import sitting
from baiterek.campaign.meetings.protocol import changed, file_name, keep, last
from baiterek.campaign.meetings.records import Certificate, Form, Meeting, Protocol, ProtocolSignature, Use
from baiterek.campaign.meetings.states import MEETING_STEPS, MeetingState
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused

NOTE = "internal signature, not a qualified one"
Trusts = Mapping[str, seals.Trust]
"""Of each signature under a protocol, whose it is and who vouches for it."""


class Checked(NamedTuple):
    """A signature as it stands at this reading."""

    signature: ProtocolSignature
    name: str
    """Of whoever signed, as their certificate has it."""
    internal: bool
    faults: tuple[str, ...]
    """What is wrong with it; none: it is good."""


class Standing(NamedTuple):
    """A revision of a protocol as it stands at this reading."""

    protocol: Protocol
    changed: tuple[str, ...]
    """What is no longer as it was when it was issued."""
    signatures: tuple[Checked, ...]

    @property
    def signed(self) -> frozenset[Part]:
        """Parts whose signature is good."""
        return frozenset(one.signature.part for one in self.signatures if not one.faults)

    @property
    def whole(self) -> bool:
        """Whether nothing has changed and both signatures are good."""
        return not self.changed and self.signed == frozenset(Part)


def standing(connection: Connection, store: Path, protocol: Protocol) -> Standing:
    """Everything computed again: hashes of the files and of the contents, signatures, certificates, offices."""
    given = reading.every(connection, ProtocolSignature, protocol=protocol.id)
    meeting = reading.get(connection, Meeting, protocol.meeting)
    newest = meeting.issued == protocol.number
    moved = changed(connection, protocol) if newest else [because("a later revision was issued")]
    lost = [because("the protocol itself is {what}", what=what) for what in [_fault(store, protocol.sha256)] if what]
    trust = {one.id: seals.Trust(one.certificate, trusted(connection, one.part, one.at), one.at) for one in given}
    checked = tuple(_checked(connection, store, protocol, meeting, one, trust) for one in given)
    return Standing(protocol, (*lost, *moved), checked)


def sign(change: Change, store: Path, id: str, membership: str, key: Ed25519PrivateKey) -> ProtocolSignature:
    """A co-chair signs the last revision with the key that their certificate is for."""
    seat = reading.get(change.connection, Membership, membership)
    name = f"meeting {id}"
    change.allow(Action.ACT, seat.part, name)
    why = seat_denial(change.actor, membership)
    if why:
        raise Denied(name, why)
    if change.actor.role is not Role.CO_CHAIR:
        raise Denied(name, because("only the co-chair of a part signs its protocols"))
    protocol = _to_sign(change, store, id, seat.part)
    listed = reading.every(change.connection, Certificate, membership=membership)
    own = [one for one in listed if matching(one, key.public_key())]
    if not own:
        raise Refused(name, because("no certificate of {membership} is for that key", membership=membership))
    newest = max(own, key=lambda one: (one.revoked_at is None, one.valid_to))
    authorities = trusted(change.connection, seat.part, change.at)
    before = _content(store, protocol.signed_sha256, name)
    pdf = seals.sealed(before, f"{seat.part}-{protocol.number}", key, newest.pem, authorities)
    return _take(change, store, protocol, newest, Form.PDF, pdf)


def bring(change: Change, store: Path, id: str, content: bytes, file: str) -> ProtocolSignature:
    """A signature made outside, of one's own part: the PDF signed once more, or a detached one over the PDF as issued."""
    part, name = change.actor.part, f"meeting {id}"
    change.allow(Action.ACT, part, name)
    assert part is not None  # whoever may act belongs to a part
    protocol = _to_sign(change, store, id, part)
    if not seals.can_be_made():
        raise Refused(name, seals.ABSENT)
    form = Form.PDF if content.startswith(b"%PDF") else Form.DETACHED
    if form is Form.PDF:
        before = _content(store, protocol.signed_sha256, name)
        if content == before or not content.startswith(before):
            raise Refused(name, _another(protocol))
        there = {one.certificate for one in reading.every(change.connection, ProtocolSignature, protocol=protocol.id)}
        signers = [one.certificate for one in seals.in_pdf(content, ()) if one.certificate not in there]
    else:
        content = seals.read_detached(content, file)
        signers = [seals.detached(_content(store, protocol.sha256, name), content, None).certificate]
    if not signers or not signers[0]:
        raise Refused(name, seals.UNREADABLE)
    own = reading.find(change.connection, Certificate, signers[0])
    if own is None or own.use is not Use.SEAT or own.part is None:
        raise Refused(name, seals.STRANGER)
    if own.part is not part:
        raise Refused(
            name, because("its certificate is of the {other} part, and you sign for the {part} part", other=own.part, part=part)
        )
    return _take(change, store, protocol, own, form, content)


def trusted(connection: Connection, part: Part, at: str) -> tuple[str, ...]:
    """PEM of the authorities that were trusted for a part at an instant."""
    listed = reading.every(connection, Certificate, use=Use.AUTHORITY)
    return tuple(
        one.pem for one in listed if one.part in (None, part) and (one.revoked_at is None or one.revoked_at > at)
    )  # fmt: skip


def _to_sign(change: Change, store: Path, id: str, part: Part) -> Protocol:
    """The last revision, if that part has yet to sign it and nothing of it has changed."""
    there = reading.get(change.connection, Meeting, id)
    name = f"meeting {id}"
    protocol = last(change.connection, there)
    if protocol is None or there.state is not MeetingState.ISSUED:
        raise Refused(name, because("only an issued protocol is signed: the meeting is {state}", state=there.state))
    found = standing(change.connection, store, protocol)
    if found.changed:
        raise Refused(name, found.changed[0])
    if reading.find(change.connection, ProtocolSignature, f"{protocol.id}:{part}") is not None:
        raise Refused(name, because("the {part} part has signed already", part=part))
    return protocol


def _take(
    change: Change, store: Path, protocol: Protocol, own: Certificate, form: Form, content: bytes
) -> ProtocolSignature:  # fmt: skip
    """Keep a signature if nothing is wrong with it; the second one ends the matter."""
    part, membership = own.part, own.membership
    assert part is not None and membership is not None  # a certificate of a seat has both
    name = f"meeting {protocol.meeting}"
    meeting = reading.get(change.connection, Meeting, protocol.meeting)
    title = file_name(meeting, protocol.number)
    title = title if form is Form.PDF else f"{title.removesuffix('.pdf')}-{part}.p7s"
    kept = keep_file(store, title, io.BytesIO(content))
    made = ProtocolSignature(f"{protocol.id}:{part}", protocol.id, part, membership, own.id, form, kept.sha256, change.at)
    if form is Form.PDF:
        protocol = change.update(replace(protocol, signed_sha256=kept.sha256, size=kept.size), "", "sign")
    keep(change, protocol, kept, f"signed for the {part} part")
    change.create(made, "", "sign")
    found = standing(change.connection, store, protocol)
    wrong = next((one.faults[0] for one in found.signatures if one.faults), None)
    if wrong:
        raise Refused(name, wrong)
    seen = sitting(change.connection, store, meeting, change.at, "signed", found.signed)
    if machine.refusal(MEETING_STEPS, meeting.state, MeetingState.SIGNED, seen) is None:
        change.update(replace(meeting, state=MeetingState.SIGNED), "", "sign")
    return made


def _checked(
    connection: Connection, store: Path, protocol: Protocol, meeting: Meeting, one: ProtocolSignature, trust: Trusts
) -> Checked:  # fmt: skip
    own = reading.get(connection, Certificate, one.certificate)
    seat = reading.get(connection, Membership, one.membership)
    faults = [*_of_office(own, seat, meeting, one), *_of_file(store, protocol, one, trust)]
    return Checked(one, spoken(own.name), own.internal, tuple(faults))


def _of_office(own: Certificate, seat: Membership, meeting: Meeting, one: ProtocolSignature) -> Iterable[str]:
    """What is wrong with who signed."""
    part, day = one.part, one.at[:10]
    if own.use is not Use.SEAT or own.membership != seat.id or seat.part is not part:
        yield seals.STRANGER
    if seat.role is not Role.CO_CHAIR or seat.body != meeting.body or not in_force(seat, day):
        yield because("whoever signed for the {part} part was not its co-chair on {day}", part=part, day=day)
    if own.revoked_at is not None and own.revoked_at <= one.at:
        yield because("the certificate of the {part} part was revoked before it signed", part=part)


def _of_file(store: Path, protocol: Protocol, one: ProtocolSignature, trust: Trusts) -> Iterable[str]:
    """What is wrong with the signature itself, read in the file as it is now: once for all that it holds."""
    if not seals.can_be_made():
        yield seals.ABSENT
        return
    names = [protocol.sha256, protocol.signed_sha256 if one.form is Form.PDF else one.sha256]
    lost = next(filter(None, (_fault(store, sha256) for sha256 in names)), None)
    if lost:
        yield because("a signed file is {what}", what=lost)
        return
    issued, signed = (place(store, sha256).read_bytes() for sha256 in names)
    if one.form is Form.DETACHED:
        fault = seals.detached(issued, signed, trust[one.id]).fault
    elif not signed.startswith(issued):
        fault = _another(protocol)
    else:
        found = {seal.certificate: seal.fault for seal in seals.in_pdf(signed, tuple(trust.values()))}
        fault = found.get(one.certificate, because("the file holds no signature by its certificate"))
    if fault:
        yield fault


def _another(protocol: Protocol) -> str:
    return because("it signs another document than revision {number} of this protocol", number=protocol.number)


def _content(store: Path, sha256: str, name: str) -> bytes:
    what = _fault(store, sha256)
    if what:
        raise Refused(name, because("a signed file is {what}", what=what))
    return place(store, sha256).read_bytes()


def _fault(store: Path, sha256: str) -> str | None:
    return fault_of(place(store, sha256), sha256)
