"""Signatures under decisions: keys that belong to memberships, what a signature is made over, and what is wrong with one.

Internal signatures, Ed25519: they show within the record who signed what. They are not qualified ones in either country.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.gates.records import Signature, SigningKey
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.change import Change
from baiterek.campaign.log.signing import public_pem
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

NOTE = "internal signature, not a qualified one"
BODY = "commission"


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's DER: its name in the record."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def register(change: Change, membership: str, key: Ed25519PublicKey, valid_from: str, valid_to: str, reason: str) -> SigningKey:
    """The keeper writes down which key a membership signs with, on whose word the reason says."""
    id = fingerprint(key)
    change.allow(Action.KEEP, None, f"signing_key {id}")
    there = reading.get(change.connection, Membership, membership)
    if not reason.strip():
        raise Refused(f"signing_key {id}", because("a reason is needed"))
    if valid_to < valid_from:
        raise Refused(
            f"signing_key {id}", because("it ends on {end}, before it begins on {start}", end=valid_to, start=valid_from)
        )
    if there.role is not Role.CO_CHAIR or there.body != BODY:
        raise Refused(f"signing_key {id}", because("only the co-chairs of the commission sign its decisions"))
    return change.create(SigningKey(id, membership, public_pem(key), valid_from, valid_to), reason, "register")


def revoke(change: Change, id: str, reason: str, revision: int | None = None) -> SigningKey:
    """From now on the key signs nothing; what it signed before stands."""
    change.allow(Action.KEEP, None, f"signing_key {id}")
    there = reading.get(change.connection, SigningKey, id)
    change.unchanged(there, revision)
    if not reason.strip():
        raise Refused(f"signing_key {id}", because("a reason is needed"))
    if there.revoked_at is not None:
        raise Refused(f"signing_key {id}", because("it was revoked already"))
    return change.update(replace(there, revoked_at=change.at), reason, "revoke")


def make(
    decision: str, part: Part, membership: str, key: Ed25519PrivateKey, at: str, sections: Mapping[str, str]
) -> Signature:  # fmt: skip
    """A signature; whether it is worth anything `signature_faults` says."""
    unsigned = Signature(
        f"{decision}:{part}", decision, part, membership, fingerprint(key.public_key()), at, dict(sections), ""
    )  # fmt: skip
    return replace(unsigned, signature=key.sign(signed_text(unsigned)).hex())


def signed_text(signature: Signature) -> bytes:
    """What is signed: who, as what, when, and the hash of everything that the decision binds."""
    one = signature
    bound = [one.decision, one.part, one.membership, one.key, one.at, one.sections]
    return f"baiterek decision {canonical(bound)}".encode()


def signature_faults(signature: Signature, key: SigningKey | None, membership: Membership | None) -> Iterable[str]:
    """What is wrong with a signature itself, apart from what it binds."""
    part, day = signature.part, signature.at[:10]
    if key is None or membership is None or key.membership != membership.id:
        yield because("the key of the {part} part's signature is not registered to its signer", part=part)
        return
    chairs = membership.part is part and membership.role is Role.CO_CHAIR and membership.body == BODY
    if not chairs or not in_force(membership, day):
        yield because("whoever signed for the {part} part was not its co-chair on {day}", part=part, day=day)
    if not key.valid_from <= day <= key.valid_to:
        yield because("the key of the {part} part was not valid on {day}", part=part, day=day)
    if key.revoked_at is not None and key.revoked_at <= signature.at:
        yield because("the key of the {part} part was revoked before it signed", part=part)
    if not _verifies(key.public, key.id, signature.signature, signed_text(signature)):
        yield because("the signature of the {part} part does not verify", part=part)


@lru_cache(maxsize=1024)
def _verifies(pem: str, id: str, signature: str, text: bytes) -> bool:
    """Whether the key of that fingerprint made a signature over a text; each look at a gate asks it of the same ones again."""
    try:
        public = serialization.load_pem_public_key(pem.encode())
        if not isinstance(public, Ed25519PublicKey) or fingerprint(public) != id:
            return False
        public.verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
