"""Certificates: an authority of the system itself for tests and internal use, what it issues to seats, and those from outside.

X.509 with Ed25519 (RFC 5280, RFC 8410). What an internal certificate signs is an internal signature, not a qualified one in
either country: those use national authorities and GOST algorithms, which are brought in as certificates and signatures made
outside.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings.records import Certificate, Use
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Refused, UnreadableFile

AUTHORITY_NAME = "Baiterek internal authority (not qualified)"
ALLOWED = "an X.509 certificate in PEM or DER"
LONGEST_days = 3650


def make_authority(change: Change, key: Ed25519PrivateKey, days: int, reason: str) -> Certificate:
    """The internal authority: its certificate, signed by itself, trusted for both parts."""
    change.allow(Action.KEEP, None, "certificate")
    _days("certificate", days, reason)
    name = _name(AUTHORITY_NAME)
    made = _certificate(name, name, key.public_key(), key, _instant(change.at), days, True)
    return change.create(_record(made, Use.AUTHORITY, True), reason, "register")


def certify(
    change: Change, membership: str, key: Ed25519PublicKey, authority: Ed25519PrivateKey, days: int, reason: str
) -> Certificate:  # fmt: skip
    """A certificate of the internal authority for the key of a seat; the keeper gives it, on whose word the reason says."""
    seat = reading.get(change.connection, Membership, membership)
    subject = f"certificate of {membership}"
    change.allow(Action.KEEP, None, subject)
    _days(subject, days, reason)
    _chairs(subject, seat)
    above = _of_key(change, authority)
    if above is None:
        raise Refused(subject, because("that key is of no authority that the record trusts"))
    issuer = x509.load_pem_x509_certificate(above.pem.encode())
    name = _name(membership, seat.part, seat.body)
    made = _certificate(name, issuer.subject, key, authority, _instant(change.at), days, False)
    return change.create(_record(made, Use.SEAT, True, seat.part, membership), reason, "register")


def trust(change: Change, content: bytes, file: str, part: Part, reason: str) -> Certificate:
    """A certificate of an authority outside, trusted for the seats of one part."""
    change.allow(Action.KEEP, None, f"certificate {file}")
    found = read_certificate(content, file)
    if not reason.strip():
        raise Refused(f"certificate {file}", because("a reason is needed"))
    if not _is_authority(found):
        raise Refused(f"certificate {file}", because("it is of no authority: it may not issue certificates"))
    return change.create(_record(found, Use.AUTHORITY, False, part), reason, "register")


def admit(change: Change, content: bytes, file: str, membership: str, reason: str) -> Certificate:
    """The certificate, from outside, with which a seat signs; whether it is trusted is asked when it signs."""
    seat = reading.get(change.connection, Membership, membership)
    change.allow(Action.KEEP, None, f"certificate {file}")
    found = read_certificate(content, file)
    if not reason.strip():
        raise Refused(f"certificate {file}", because("a reason is needed"))
    _chairs(f"certificate {file}", seat)
    return change.create(_record(found, Use.SEAT, False, seat.part, membership), reason, "register")


def revoke(change: Change, id: str, reason: str, revision: int | None = None) -> Certificate:
    """From now on it signs nothing, and an authority vouches for nothing new; what was signed before stands."""
    change.allow(Action.KEEP, None, f"certificate {id}")
    there = reading.get(change.connection, Certificate, id)
    change.unchanged(there, revision)
    if not reason.strip():
        raise Refused(f"certificate {id}", because("a reason is needed"))
    if there.revoked_at is not None:
        raise Refused(f"certificate {id}", because("it was revoked already"))
    return change.update(replace(there, revoked_at=change.at), reason, "revoke")


def read_certificate(content: bytes, file: str) -> x509.Certificate:
    """A certificate out of a file, PEM or DER."""
    load = x509.load_pem_x509_certificate if b"-----BEGIN" in content[:200] else x509.load_der_x509_certificate
    try:
        found = load(content)
        found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise UnreadableFile(file, "", "no certificate that can be read", ALLOWED) from None
    return found


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of its DER: its name in the record."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def matching(there: Certificate, key: Ed25519PublicKey) -> bool:
    """Whether a certificate is of that key."""
    raw = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    known = x509.load_pem_x509_certificate(there.pem.encode()).public_key()
    return known.public_bytes(*raw) == key.public_bytes(*raw)


def spoken(name: str) -> str:
    """A subject as people read it: its values alone, the name first, then whose it is."""
    try:
        found = x509.Name.from_rfc4514_string(name)
    except ValueError:  # of somebody's own making: as it stands
        return name
    return ", ".join(str(one.value) for one in reversed(list(found)))


def _of_key(change: Change, key: Ed25519PrivateKey) -> Certificate | None:
    """The internal authority of that key, if it may still issue."""
    listed = reading.every(change.connection, Certificate, use=Use.AUTHORITY, internal=True)
    return next((one for one in listed if one.revoked_at is None and matching(one, key.public_key())), None)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PublicKey, signer: Ed25519PrivateKey, start: datetime, days: int,
    authority: bool,
) -> x509.Certificate:  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return builder.sign(signer, None)


def _record(
    found: x509.Certificate, use: Use, internal: bool, part: Part | None = None, membership: str | None = None
) -> Certificate:  # fmt: skip
    pem = found.public_bytes(serialization.Encoding.PEM).decode()
    days = _written(found.not_valid_before_utc), _written(found.not_valid_after_utc)
    return Certificate(fingerprint(found), use, found.subject.rfc4514_string(), pem, *days, internal, part, membership)


def _is_authority(found: x509.Certificate) -> bool:
    try:
        return bool(found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _chairs(subject: str, seat: Membership) -> None:
    if seat.role is not Role.CO_CHAIR:
        raise Refused(subject, because("only the co-chair of a part signs its protocols"))


def _days(subject: str, days: int, reason: str) -> None:
    if not reason.strip():
        raise Refused(subject, because("a reason is needed"))
    if not 1 <= days <= LONGEST_days:
        raise Refused(subject, because("it is valid for 1 to {longest} days", longest=LONGEST_days))


def _name(common: str, part: Part | None = None, body: str = "") -> x509.Name:
    """At most 64 characters, as the standard has it."""
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{body}, {part} part"[:64])] if part else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _instant(text: str) -> datetime:
    """To the second: certificates know no parts of it."""
    return datetime.fromisoformat(text).replace(microsecond=0)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
