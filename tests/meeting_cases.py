"""A commission that meets: its authority and certificates, a meeting with materials and decisions, a signed protocol."""

import io
from datetime import UTC, datetime, timedelta

import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.evidence.store import attach
from baiterek.campaign.gates.states import Word
from baiterek.campaign.meetings import authority, conduct, protocol, signing
from baiterek.campaign.meetings.records import AgendaItem, Meeting, Resolution
from baiterek.campaign.meetings.states import Basis, MeetingState, Presence
from baiterek.campaign.rows import reading
from gate_cases import CHAIR, KEYS, MEMBER_OF, OTHER_KEY, PARTS, SEATS, SECRETARY_OF, world
from record_cases import KEEPER

TEXT = {"text_ru": "Доклад о готовности", "text_kk": "Дайындық туралы баяндама"}
BEGINS = "2026-03-02T06:00:00.000000Z"
SEAT = {part: SEATS[part][Role.CO_CHAIR] for part in PARTS}
CA = OTHER_KEY
"""Key of the internal authority."""


def blank(contents):
    """A PDF by somebody else's hand that says nothing but its number: the rules of signatures do not depend on what it says."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": f"{contents['meeting']['id']} {contents['protocol']['number']}"})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def commission(database, folder):
    """The world of the gates, with certificates for both co-chairs."""
    made = world(database, folder)
    made.act(KEEPER, authority.make_authority, CA, 365, "the system's own")
    for part in PARTS:
        made.act(KEEPER, authority.certify, SEAT[part], KEYS[part].public_key(), CA, 100, "shown in person")
    return made


def called(made, id="K-1", **values):
    """A meeting of two items, called, with a material on the second."""
    texts = {"title_ru": "Заседание", "title_kk": "Отырыс", "place_ru": "Байконур", "place_kk": "Байқоңыр"}
    asked = Meeting(id, "commission", Part.RU, begins_at=BEGINS, **(texts | values))
    made.act(SECRETARY_OF[Part.RU], conduct.draft, asked)
    for number, part in enumerate(PARTS, 1):
        made.act(SECRETARY_OF[part], conduct.put_on_agenda, AgendaItem("", id, number, part, **TEXT))
    file = made.folder / f"{id}.txt"
    file.write_text(f"report for {id}")
    made.act(SECRETARY_OF[PARTS[1]], attach, made.store, file, f"{id}:2", None, "report", "agenda_item")
    made.act(MEMBER_OF[Part.RU], conduct.step, made.store, id, MeetingState.CONVENED)
    return id


def held(made, id="K-1", **values):
    """It took place: everybody there, one thing by consensus and one by vote, with a dissent."""
    called(made, id, **values)
    for part in PARTS:
        for seat in SEATS[part].values():
            made.act(SECRETARY_OF[part], conduct.attend, id, seat, Presence.PRESENT)
    made.act(MEMBER_OF[Part.KZ], conduct.step, made.store, id, MeetingState.HELD)
    for number, (part, basis) in enumerate(zip(PARTS, (Basis.CONSENSUS, Basis.VOTE)), 1):
        said = Resolution("", id, f"{id}:{number}", 1, basis, "Принять.", "Қабылдансын.", part=part, due="2026-04-01")
        made.act(SECRETARY_OF[part], conduct.resolve, said)
    for part in PARTS:
        for role, seat in SEATS[part].items():
            word, why = (Word.AGAINST, "Рано.") if (part, role) == (Part.KZ, Role.MEMBER) else (Word.FOR, "")
            made.act(SECRETARY_OF[part], conduct.vote, f"{id}:2.1", seat, word, why)
    made.act(SECRETARY_OF[Part.KZ], conduct.resolve, Resolution("", id, f"{id}:2", 2, Basis.NOTED, "К сведению.", "Назарға."))
    return id


def issued(made, id="K-1", render=blank, **values):
    held(made, id, **values)
    return made.act(MEMBER_OF[Part.RU], protocol.issue, made.store, id, render)


def sign(made, part, id="K-1", key=None, who=None):
    return made.act(who or CHAIR[part], signing.sign, made.store, id, SEAT[part], key or KEYS[part])


def signed(made, id="K-1", render=blank, **values):
    issued(made, id, render, **values)
    for part in PARTS:
        sign(made, part, id)
    return id


def bring(made, part, content, id="K-1"):
    return made.act(MEMBER_OF[part], signing.bring, made.store, id, content, "brought")


def standing(made, id="K-1", number=1):
    with made.database.reading() as look:
        return signing.standing(look, made.store, reading.get(look, protocol.Protocol, f"{id}:{number}"))


def get(made, kind, id):
    with made.database.reading() as look:
        return reading.get(look, kind, id)


class Outside:
    """An authority outside, and a certificate of it for a signer: elliptic curves, as others use them."""

    def __init__(self, start=-1, days=100, name="outside"):
        self.key, self.authority_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.authority = self._made(f"authority {name}", f"authority {name}", self.authority_key, True, -10, 400)
        self.certificate = self._made(name, f"authority {name}", self.key, False, start, days)

    def _made(self, subject, issuer, key, ca, start, days):
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
        day = datetime.now(UTC) + timedelta(days=start)
        usage = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
        builder = x509.CertificateBuilder(names[1], names[0], key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(day).not_valid_after(day + timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca, None), True).add_extension(usage, True)
        return builder.sign(self.authority_key, hashes.SHA256())

    def write(self, folder):
        """Key and certificate as files, for other programs."""
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (folder / "key.pem").write_bytes(self.key.private_bytes(serialization.Encoding.PEM, *plain))
        (folder / "cert.pem").write_bytes(self.pem)
        (folder / "ca.pem").write_bytes(self.authority_pem)

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def authority_pem(self):
        return self.authority.public_bytes(serialization.Encoding.PEM)

    def admitted(self, made, part, trusted_for=None):
        """Both in the record: the authority for a part, the certificate for its co-chair."""
        made.act(KEEPER, authority.trust, self.authority_pem, "ca.pem", trusted_for or part, "letter 1")
        made.act(KEEPER, authority.admit, self.pem, "cert.pem", SEAT[part], "letter 1")
        return self
