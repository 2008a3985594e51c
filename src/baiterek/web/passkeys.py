"""The server's part of WebAuthn: what a browser is asked, and whether what it answers is true.

Who holds the key is verified by it (PIN, finger, face: user verification is required), the browser says for which page it
asked (the origin), and the answer holds for one challenge. Keys are discoverable: nobody types a name, so nobody learns which
names there are. Attestation is not asked for: which make a key is changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from baiterek.campaign.commission.questions import LASTS_s
from baiterek.campaign.commission.records import Passkey

CHALLENGE_bytes = 32
VERIFIED = UserVerificationRequirement.REQUIRED


class Untrue(Exception):
    """What a browser has answered is no answer to what it was asked."""


class New(NamedTuple):
    """A key that a browser has made."""

    credential: str
    public: str
    sign_count: int


def new_challenge() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(CHALLENGE_bytes)


def user_handle(account: str) -> bytes:
    """What a key calls the account whose it is: nothing that tells whoever finds the key a name."""
    return hashlib.sha256(b"baiterek account " + account.encode()).digest()


def to_make(origin: str, account: str, known: Iterable[Passkey], challenge: bytes) -> dict[str, object]:
    """What a browser is asked for a new key of an account; one that has a key of it already refuses."""
    options = generate_registration_options(
        rp_id=host_of(origin), rp_name="Baiterek", user_name=account, user_id=user_handle(account), challenge=challenge,
        timeout=LASTS_s * 1000, exclude_credentials=[_named(one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, require_resident_key=True, user_verification=VERIFIED
        ),
    )  # fmt: skip
    return options_to_json_dict(options)


def made(origin: str, challenge: bytes, answer: str) -> New:
    """The key that a browser has made for this challenge."""
    try:
        found = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=host_of(origin), expected_origin=origin,
            require_user_verification=True,
        )  # fmt: skip
    except Exception as failure:  # whatever a strange answer can do to a reader
        raise Untrue(str(failure)) from failure
    public = bytes_to_base64url(found.credential_public_key)
    return New(bytes_to_base64url(found.credential_id), public, found.sign_count)


def to_sign(origin: str, challenge: bytes) -> dict[str, object]:
    """What a browser is asked to sign somebody in, with whichever key of ours they have."""
    options = generate_authentication_options(
        rp_id=host_of(origin), challenge=challenge, timeout=LASTS_s * 1000, user_verification=VERIFIED
    )
    return options_to_json_dict(options)


def name_in(answer: str) -> str:
    """Which key an answer says that it is signed with."""
    try:
        return str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError, RecursionError) as failure:
        raise Untrue("no answer of a key") from failure


def signed(origin: str, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """The sign counter of an answer that this passkey has signed for this challenge; whether it counts up the record knows."""
    try:
        found = verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=host_of(origin), expected_origin=origin,
            credential_public_key=base64url_to_bytes(passkey.public), credential_current_sign_count=0,
            require_user_verification=True,
        )  # fmt: skip
        owner = base64url_to_bytes(json.loads(answer)["response"]["userHandle"])
    except Exception as failure:  # whatever a strange answer can do to a reader
        raise Untrue(str(failure)) from failure
    if not secrets.compare_digest(owner, user_handle(passkey.account)):
        raise Untrue("the key of another account")
    return found.new_sign_count


def host_of(origin: str) -> str:
    """The name to which keys belong: they answer to no other."""
    return urlsplit(origin).hostname or ""


def _named(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential))
