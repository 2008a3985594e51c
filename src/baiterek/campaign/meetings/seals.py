"""Signatures as files hold them: made in a PDF, read out of a PDF or a detached CMS, and what is wrong with each (pyhanko).

A signature in a PDF is an incremental update (PAdES, ISO 32000-2): the bytes before it stay as they were, so that the first
one stays good when the second is added. What is read is a pure function of the bytes, of whom one trusts, and of the instant
that certificates are held against: so an answer is remembered.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baiterek.campaign.reason import because
from baiterek.errors import UnreadableFile

ABSENT = because("signatures are neither made nor checked: the package pyhanko is absent; pip install 'baiterek[protocol]'")
LARGEST_bytes = 2**20
"""Of a detached signature."""
REMEMBERED = 512
"""Signed files whose verdicts are kept in memory."""
NOT_VERIFIED = because("the signature does not verify: what was signed, or the signature itself, was changed")
UNREADABLE = because("it is no signature that can be read: a detached CMS of one signer, with their certificate")
STRANGER = because("its certificate is registered to no seat of this part")
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)  # what is wrong is said by us, in one line
BROKEN = Exception
"""What reading changed bytes ends in: a flipped bit of a certificate ends in many kinds of them, AttributeError too."""
T = TypeVar("T")


class Trust(NamedTuple):
    """Whose signature is looked for, who vouches for it, and when it was given."""

    certificate: str
    """SHA-256 of its DER."""
    authorities: tuple[str, ...]
    """PEM of those that are trusted."""
    at: str


class Seal(NamedTuple):
    """A signature that a file holds."""

    certificate: str
    """SHA-256 of the DER of its signer's; empty where nobody can tell."""
    fault: str | None
    """What is wrong with it; None: it is good."""


def can_be_made() -> bool:
    """Whether pyhanko is installed: it comes with the extra `protocol`."""
    return find_spec("pyhanko") is not None


def sealed(pdf: bytes, field: str, key: Ed25519PrivateKey, pem: str, authorities: Iterable[str]) -> bytes:
    """The PDF with one signature more, invisible, in a field of that name; the certificates go with it.

    What is PDF/A stays so (ISO 19005-3): objects begin on lines of their own, after a file too that ends without one.
    """
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class AsIssued(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Metadata stay as issued: as pyhanko writes them anew, their extension schemas lack fields."""

    (own,) = load_certs_from_pemder_data(pem.encode())
    store = SimpleCertificateStore()
    for one in authorities:
        store.register_multiple(load_certs_from_pemder_data(one.encode()))
    signer = signers.SimpleSigner(signing_cert=own, signing_key=_translated(key), cert_registry=store)
    about = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha512")
    writer = AsIssued(io.BytesIO(pdf if pdf.endswith((b"\n", b"\r")) else pdf + b"\n"))
    return _awaited(signers.PdfSigner(about, signer).async_sign_pdf(writer)).getvalue()


@lru_cache(REMEMBERED)
def in_pdf(pdf: bytes, trusted: tuple[Trust, ...]) -> tuple[Seal, ...]:
    """The signatures of a PDF; one by a certificate that is not asked for is good for nothing."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    known = {trust.certificate: trust for trust in trusted}
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        signers = [_fingerprint(one.signer_cert) for one in found]
    except BROKEN:
        return (Seal("", NOT_VERIFIED),)
    return tuple(Seal(name, _fault_in_pdf(one, known.get(name))) for one, name in zip(found, signers))


@lru_cache(REMEMBERED)
def detached(content: bytes, signature: bytes, trust: Trust | None) -> Seal:
    """A detached CMS signature (RFC 5652) over `content`."""
    from asn1crypto import cms
    from pyhanko.sign.validation import async_validate_detached_cms

    try:
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        name = _fingerprint(_signer_of(signed))
        if trust is None or trust.certificate != name:
            return Seal(name, STRANGER)
        checked = async_validate_detached_cms(content, signed, _context(trust), key_usage_settings=_usage())
        return Seal(name, _fault(_awaited(checked), trust))
    except BROKEN:
        return Seal("", UNREADABLE)


def read_detached(content: bytes, file: str) -> bytes:
    """The DER of a detached signature, out of a file in DER or PEM."""
    from asn1crypto import pem

    if len(content) > LARGEST_bytes:
        raise UnreadableFile(file, "", f"{len(content)} bytes", f"a detached signature of at most {LARGEST_bytes}")
    try:
        return pem.unarmor(content)[2] if pem.detect(content) else content
    except ValueError:
        raise UnreadableFile(file, "", "no PEM", "a detached CMS signature, .p7s in DER or PEM") from None


def _fault_in_pdf(found: Any, trust: Trust | None) -> str | None:
    from pyhanko.sign.validation import async_validate_pdf_signature

    if trust is None:
        return STRANGER
    try:
        checked = async_validate_pdf_signature(found, _context(trust), key_usage_settings=_usage())
        status = _awaited(checked)
    except BROKEN:
        return NOT_VERIFIED
    fault = _fault(status, trust)
    if fault is None and not (status.bottom_line and _padded(found.pkcs7_content)):
        return because("the file was changed after it was signed")
    return fault


def _padded(content: bytes) -> bool:
    """Whether only zeros follow the CMS in its place: no signature covers its own place, and nothing may be laid there."""
    from asn1crypto import parser

    return not content[parser.peek(content) :].strip(b"\0")


def _fault(status: Any, trust: Trust) -> str | None:
    """What pyhanko found, in our words; its verdict on the certificate is the last word."""
    if not status.intact or not status.valid:
        return NOT_VERIFIED
    span = status.signing_cert["tbs_certificate"]["validity"]
    start, end, at = span["not_before"].native, span["not_after"].native, _moment(trust)
    if at > end:
        return because("its certificate expired on {day}", day=end.date().isoformat())
    if at < start:
        return because("its certificate is valid from {day} only", day=start.date().isoformat())
    return None if status.trusted else because("its certificate comes from no authority that this part trusts")


def _context(trust: Trust) -> Any:
    """Nothing is fetched from anywhere: what the record does not hold is not known."""
    from pyhanko_certvalidator import ValidationContext

    roots = [_certificate(pem) for pem in trust.authorities]
    return ValidationContext(trust_roots=roots, allow_fetching=False, moment=_moment(trust), revocation_mode="soft-fail")


@cache
def _usage() -> Any:
    """A certificate that says what it is for says that it signs; many say no more than that."""
    from pyhanko.sign.validation import KeyUsageConstraints

    return KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


@cache
def _certificate(pem: str) -> Any:
    from pyhanko.keys import load_certs_from_pemder_data

    (found,) = load_certs_from_pemder_data(pem.encode())
    return found


def _signer_of(signed: Any) -> Any:
    """The certificate that goes with the signature."""
    (info,) = signed["signer_infos"]
    wanted = info["sid"].chosen
    listed: Sequence[Any] = [one.chosen for one in signed["certificates"]]
    if info["sid"].name == "issuer_and_serial_number":
        keys = wanted["issuer"], wanted["serial_number"].native
        return next(one for one in listed if (one.issuer, one.serial_number) == keys)
    return next(one for one in listed if one.key_identifier == wanted.native)


def _fingerprint(certificate: Any) -> str:
    return hashlib.sha256(certificate.dump()).hexdigest()


def _translated(key: Ed25519PrivateKey) -> Any:
    from pyhanko.keys import load_private_key_from_pemder_data

    plain = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return load_private_key_from_pemder_data(key.private_bytes(*plain), passphrase=None)


def _moment(trust: Trust) -> datetime:
    return datetime.fromisoformat(trust.at).astimezone(UTC)


def _awaited(what: Coroutine[Any, Any, T]) -> T:
    """The result of what pyhanko does only inside a loop: in a thread of its own, as the caller's may run a loop already."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, what).result()
