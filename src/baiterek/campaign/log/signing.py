"""The key that signs heads of the log: Ed25519, its private half in a file of its own, apart from the database."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from baiterek.campaign.log.chain import Head, head_text
from baiterek.errors import UnreadableFile

ALLOWED = "an Ed25519 key in PEM"


def make_key(path: Path) -> None:
    """Write a new private key."""
    write_key(path, Ed25519PrivateKey.generate())


def write_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a private key into a file that its owner alone can read; an old one is never replaced."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "a new file for the key") from None


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key of a file."""
    return private_key(_load(path), str(path))


def private_key(pem: bytes, name: str) -> Ed25519PrivateKey:
    """The private key that a file of that name holds."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise UnreadableFile(name, "", "no key", ALLOWED) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnreadableFile(name, "", "a key of another kind", ALLOWED)
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The public key of a file that holds either half."""
    return public_key(_load(path), str(path))


def public_key(pem: bytes, name: str) -> Ed25519PublicKey:
    """The public key that a file of that name holds, which may be either half."""
    if b"PRIVATE" in pem:
        return private_key(pem, name).public_key()
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError):
        raise UnreadableFile(name, "", "no key", ALLOWED) from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnreadableFile(name, "", "a key of another kind", ALLOWED)
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    """The half that may be given to anybody."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def sign(key: Ed25519PrivateKey, seq: int, hash: str, at: str) -> Head:
    """The signed head of a chain."""
    return Head(seq, hash, at, key.sign(head_text(seq, hash, at)).hex())


def is_signed(key: Ed25519PublicKey, head: Head) -> bool:
    """Whether `key` signed this head."""
    try:
        key.verify(bytes.fromhex(head.signature), head_text(head.seq, head.hash, head.at))
    except (InvalidSignature, ValueError):
        return False
    return True


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), ALLOWED) from None
