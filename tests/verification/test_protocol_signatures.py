"""Signatures under protocols against programs that are not ours, and against everything that must not pass.

OpenSSL makes detached signatures, `pyhanko` from its own command line signs and verifies the PDF. Then one byte flipped at
any place, a foreign certificate, an expired one, a signature by the wrong part, of another document, by a revoked seat: each
is refused and named, in three languages.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baiterek.campaign.commission.members import relieve
from baiterek.campaign.evidence.store import place
from baiterek.campaign.log import change as changes
from baiterek.campaign.meetings import authority, seals, signing
from baiterek.campaign.meetings.records import Certificate, Form, Meeting, Protocol, ProtocolSignature, Use
from baiterek.campaign.meetings.states import MeetingState
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, InputError, Refused
from baiterek.reports.refusals import told
from gate_cases import CHAIR, KEYS, MEMBER_OF, PARTS
from meeting_cases import CA, SEAT, Outside, bring, commission, get, issued, sign, signed, standing
from record_cases import KEEPER, OBSERVER

RU, KZ = PARTS
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([77]) * 32)
pytestmark = pytest.mark.skipif(not seals.can_be_made(), reason="pyhanko is absent")


@pytest.fixture()
def made(database, tmp_path):
    return commission(database, tmp_path / "files")


def refusal(how, *arguments, **named):
    """Why, in English; it must be told in Russian and in Kazakh too."""
    with pytest.raises(Refused) as caught:
        how(*arguments, **named)
    why = caught.value.why
    assert all(told(why, language) != str(why) for language in ("ru", "kk")), why
    return str(why)


def of_issued(made, id="K-1"):
    return place(made.store, get(made, Protocol, f"{id}:1").sha256).read_bytes()


def of_signed(made, id="K-1"):
    return place(made.store, get(made, Protocol, f"{id}:1").signed_sha256).read_bytes()


def run(folder, *words):
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def pyhanko(folder, *words):
    return run(folder, Path(sys.executable).with_name("pyhanko"), *words)


def by_openssl(folder, outside, content):
    """A detached signature, by a program that shares no line with us."""
    outside.write(folder)
    (folder / "issued.pdf").write_bytes(content)
    words = "openssl cms -sign -binary -in issued.pdf -signer cert.pem -inkey key.pem -outform DER -out made.p7s"
    assert run(folder, *words.split())[0] == 0
    return (folder / "made.p7s").read_bytes()


# --- what others say of ours, and we of theirs -----------------------------------------------------------


def test_pyhanko_finds_both_signatures_good_and_a_flipped_byte_not(made, tmp_path):
    signed(made)
    pdf = of_signed(made)
    (tmp_path / "signed.pdf").write_bytes(pdf)
    (tmp_path / "flipped.pdf").write_bytes(pdf[:300] + bytes([pdf[300] ^ 1]) + pdf[301:])
    with made.database.reading() as look:
        (root,) = reading.every(look, Certificate, use=Use.AUTHORITY)
    (tmp_path / "ca.pem").write_text(root.pem)
    check = ("sign", "validate", "--pretty-print", "--no-revocation-check", "--trust", "ca.pem")
    status, text = pyhanko(tmp_path, *check, "signed.pdf")
    assert status == 0 and text.count("The signature is judged VALID") == 2 and "ed25519" in text
    status, text = pyhanko(tmp_path, *check, "flipped.pdf")
    assert status != 0 and "judged VALID" not in text


def test_signatures_are_made_and_read_where_a_loop_runs_already(made):
    """As in whatever drives a browser, or a server's own loop."""

    async def within():
        signed(made)
        return standing(made).whole

    assert asyncio.run(within())


def test_the_second_signature_leaves_every_byte_of_the_first(made):
    issued(made)
    sign(made, KZ)
    once = of_signed(made)
    sign(made, RU)
    assert of_signed(made).startswith(once) and once.startswith(of_issued(made))
    assert standing(made).whole and get(made, Meeting, "K-1").state is MeetingState.SIGNED


@pytest.mark.openssl
def test_a_detached_signature_made_by_openssl_is_good(made, tmp_path):
    issued(made)
    outside = Outside().admitted(made, RU)
    given = bring(made, RU, by_openssl(tmp_path, outside, of_issued(made)))
    assert given.form is Form.DETACHED and given.membership == SEAT[RU]
    sign(made, KZ)
    found = standing(made)
    assert found.whole and [one.internal for one in found.signatures] == [True, False]


def test_a_pdf_signed_by_pyhanko_outside_is_good_with_ours_before_and_after(made, tmp_path):
    issued(made)
    sign(made, KZ)
    Outside().admitted(made, RU).write(tmp_path)
    (tmp_path / "in.pdf").write_bytes(of_signed(made))
    words = ("sign", "addsig", "--field", "outside", "pemder", "--key", "key.pem", "--cert", "cert.pem", "--no-pass")
    status, text = pyhanko(tmp_path, *words, "in.pdf", "out.pdf")
    assert status == 0, text
    given = bring(made, RU, (tmp_path / "out.pdf").read_bytes())
    assert given.form is Form.PDF and standing(made).whole


@pytest.mark.openssl
def test_a_detached_signature_in_pem_is_the_same(made, tmp_path):
    issued(made)
    by_openssl(tmp_path, Outside().admitted(made, RU), of_issued(made))
    words = ("openssl", "cms", "-cmsout", "-in", "made.p7s", "-inform", "DER", "-outform", "PEM", "-out", "made.pem")
    assert run(tmp_path, *words)[0] == 0
    bring(made, RU, (tmp_path / "made.pem").read_bytes())
    assert standing(made).signed == {RU}


# --- what must not pass ----------------------------------------------------------------------------------


def test_one_byte_flipped_is_found_by_its_hash_and_in_the_document_even_if_the_hash_is_rewritten(made):
    """What no signature covers is the place of the last one: there the hash of the file is what tells."""
    signed(made)
    pdf, path = of_signed(made), place(made.store, get(made, Protocol, "K-1:1").signed_sha256)
    path.chmod(0o644)
    trust = tuple(
        seals.Trust(one.signature.certificate, _roots(made, one.signature), one.signature.at)
        for one in standing(made).signatures
    )
    assert [seal.fault for seal in seals.in_pdf(pdf, trust)] == [None, None]
    hole = range(pdf.rindex(b"/Contents <"), pdf.rindex(b"/Contents <") + pdf[pdf.rindex(b"/Contents <") :].index(b">"))
    for k in range(8, len(pdf), len(pdf) // 60):
        flipped = pdf[:k] + bytes([pdf[k] ^ 1]) + pdf[k + 1 :]
        path.write_bytes(flipped)
        assert not standing(made).signed, k
        found = seals.in_pdf(flipped, trust)
        assert k in hole or len(found) < 2 or any(seal.fault for seal in found), k
    filled = pdf[: hole[-1] - 20] + b"41" * 4 + pdf[hole[-1] - 12 :]  # something laid where only zeros may stand
    assert any(seal.fault for seal in seals.in_pdf(filled, trust))


def _roots(made, one):
    with made.database.reading() as look:
        return signing.trusted(look, one.part, one.at)


@pytest.mark.openssl
def test_a_flipped_detached_signature_and_a_flipped_document_are_refused(made, tmp_path):
    issued(made)
    good = by_openssl(tmp_path, Outside().admitted(made, RU), of_issued(made))
    assert refusal(bring, made, RU, good[:-3] + bytes([good[-3] ^ 1]) + good[-2:]) == str(seals.NOT_VERIFIED)
    assert refusal(bring, made, RU, b"nothing of the kind") == str(seals.UNREADABLE)
    with pytest.raises(InputError):
        bring(made, RU, bytes(2**20 + 1))


@pytest.mark.openssl
def test_a_foreign_certificate_is_refused(made, tmp_path):
    issued(made)
    assert "no certificate of" in refusal(sign, made, RU, key=STRANGER)
    unknown = by_openssl(tmp_path, Outside(), of_issued(made))
    assert refusal(bring, made, RU, unknown) == str(seals.STRANGER)
    outside = Outside()
    made.act(KEEPER, authority.admit, outside.pem, "cert.pem", SEAT[RU], "letter 1")  # its authority is trusted by nobody
    assert "no authority that this part trusts" in refusal(bring, made, RU, by_openssl(tmp_path, outside, of_issued(made)))
    for_other = Outside(name="other").admitted(made, RU, trusted_for=KZ)  # trusted for the other part alone
    assert "no authority that this part trusts" in refusal(bring, made, RU, by_openssl(tmp_path, for_other, of_issued(made)))
    assert "no authority" in refusal(made.act, KEEPER, authority.certify, SEAT[RU], STRANGER.public_key(), STRANGER, 10, "x")
    assert "of no authority" in refusal(made.act, KEEPER, authority.trust, outside.pem, "cert.pem", RU, "letter 1")


@pytest.mark.openssl
def test_an_expired_certificate_is_refused_and_one_that_expires_later_is_not_void(made, tmp_path, monkeypatch):
    issued(made)
    for start, days, why in ((-10, 5, "expired on"), (5, 10, "is valid from")):
        outside = Outside(start, days, f"from {start}").admitted(made, RU)
        assert why in refusal(bring, made, RU, by_openssl(tmp_path, outside, of_issued(made)))
    sign(made, RU)
    later = changes.now().replace(changes.now()[:4], str(int(changes.now()[:4]) + 2), 1)
    monkeypatch.setattr(changes, "now", lambda: later)
    assert "expired on" in refusal(sign, made, KZ)
    assert standing(made).signed == {RU}  # given while it was valid


@pytest.mark.openssl
def test_a_signature_by_the_wrong_part_is_refused(made, tmp_path):
    issued(made)
    outside = Outside().admitted(made, KZ)
    good = by_openssl(tmp_path, outside, of_issued(made))
    assert "of the KZ part, and you sign for the RU part" in refusal(bring, made, RU, good)
    with pytest.raises(Denied):
        made.act(CHAIR[RU], signing.sign, made.store, "K-1", SEAT[KZ], KEYS[KZ])
    with pytest.raises(Denied):
        sign(made, RU, who=MEMBER_OF[RU])
    with pytest.raises(Denied):
        made.act(OBSERVER, signing.bring, made.store, "K-1", good, "file")
    assert "no certificate of" in refusal(sign, made, RU, key=KEYS[KZ])


@pytest.mark.openssl
def test_a_signature_of_another_document_is_refused(made, tmp_path):
    issued(made)
    issued(made, "K-2")
    outside = Outside().admitted(made, RU)
    assert refusal(bring, made, RU, by_openssl(tmp_path, outside, of_issued(made, "K-2"))) == str(seals.NOT_VERIFIED)
    sign(made, RU, "K-2")
    assert "another document than revision 1" in refusal(bring, made, RU, of_signed(made, "K-2"))
    assert "another document" in refusal(bring, made, RU, of_issued(made))


def test_a_revoked_seat_signs_nothing_and_what_it_signed_before_stands(made):
    issued(made)
    sign(made, RU)
    with made.database.reading() as look:
        owned = {one.membership: one.id for one in reading.every(look, Certificate, use=Use.SEAT)}
    made.act(KEEPER, authority.revoke, owned[SEAT[KZ]], "lost")
    assert "was revoked before it signed" in refusal(sign, made, KZ)
    made.act(KEEPER, authority.revoke, owned[SEAT[RU]], "lost")
    assert standing(made).signed == {RU}
    made.act(KEEPER, authority.certify, SEAT[KZ], KEYS[KZ].public_key(), CA, 50, "a new one")
    made.act(KEEPER, relieve, SEAT[KZ], "2026-03-31", "order 2")
    assert "was not its co-chair on" in refusal(sign, made, KZ)


def test_a_part_signs_once_and_only_what_is_issued(made):
    signed(made)
    assert "only an issued protocol" in refusal(sign, made, RU)
    issued(made, "K-2")
    sign(made, RU, "K-2")
    assert "has signed already" in refusal(sign, made, RU, "K-2")


def test_a_signature_whose_row_was_rewritten_is_not_good(made):
    """Past the rules, as whoever holds the database could: the log says so too, and the page without it."""
    signed(made)
    with made.database.reading() as look:
        one = reading.get(look, ProtocolSignature, "K-1:1:RU")
        other = reading.get(look, ProtocolSignature, "K-1:1:KZ")
    from sqlalchemy import update

    from baiterek.campaign.meetings.tables import PROTOCOL_SIGNATURE

    with made.database.unlogged() as connection:
        connection.execute(
            update(PROTOCOL_SIGNATURE).where(PROTOCOL_SIGNATURE.c.id == one.id).values(certificate=other.certificate)
        )
    assert standing(made).signed == {KZ}


def test_an_authority_s_key_is_kept_from_others(tmp_path):
    from baiterek.campaign.log.signing import make_key

    make_key(tmp_path / "ca.pem")
    assert (tmp_path / "ca.pem").stat().st_mode & 0o777 == 0o600
