"""Pages of gates, decisions, conditions and keys: the same functions as the command line, in three languages."""

import csv
import io
import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.permits import PERMIT_STEPS
from baiterek.campaign.gates.records import Criterion, Decision, Signature, Vote
from baiterek.campaign.gates.standing import Stands
from baiterek.campaign.gates.states import (
    CONDITION_STEPS,
    CRITERION_STEPS,
    DECISION_STEPS,
    ConditionState,
    CriterionKind,
    CriterionState,
    DecisionState,
    Word,
)
from baiterek.campaign.log.signing import public_pem
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks import steps as remarks
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.remarks.states import RemarkState
from baiterek.campaign.rows import reading
from baiterek.reports.language import LANGUAGES, language
from baiterek.web.labels import LABELS
from baiterek.web.templating import LOCALE
from gate_cases import FLIGHT, KEYS, LATER, MEMBER_OF, OTHER_KEY, PARTS, adopt, decide, decide_up_to, drafted, sign, world
from web_cases import LOCKED, PASSWORD, References, account, browser, send, sign_in

TEXTS = {"ru": "Разрешить вывоз.", "kk": "Шығаруға рұқсат берілсін."}
PAGES = (
    "/gates", "/gates?flight=F1&stands=blocked&sort=-reasons", "/gate?id=F1:G0", "/gate?id=F1:G2", "/gate/entry?id=F1-G0-01",
    "/gates/decisions?gate=G0", "/gate/decision?id=D-G0", "/gates/conditions", "/gate/condition?id=C-1", "/gates/keys",
)  # fmt: skip


@pytest.fixture()
def made(database, tmp_path):
    return world(database, tmp_path / "files")


def pem(key):
    return {"key": ("own.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))}


def stands(visitor, gate):
    """In the words of the page."""
    return re.search(r'id="stands">.*?class="value">(.*?)<', visitor.get(f"/gate?id=F1:{gate}").text, re.DOTALL)[1]


def test_pages_of_gates_speak_three_languages_and_ask_nobody(made):
    decide(made, Gate.G0)
    drafted(made, Gate.G1, "D-1")
    condition = decisions.Condition("C-1", "D-1", Part.KZ, Gate.G3, "Устранить.", "Жойылсын.")
    made.act(MEMBER_OF[Part.RU], decisions.draft_condition, condition)
    for office in ("co_chair:KZ", "keeper", ""):
        visitor = browser(made.database, office)
        for name in LANGUAGES:
            for path in PAGES:
                answer = visitor.get(f"{path}{'&' if '?' in path else '?'}language={name}")
                assert answer.status_code == 200 and f'<html lang="{name}">' in answer.text, (path, answer.text)
                assert all(one.startswith("/") and not one.startswith("//") for one in References(answer.text).loaded)
                assert "style=" not in answer.text and "<script>" not in answer.text


def test_every_word_of_gates_has_its_label():
    kinds = (Stands, DecisionState, ConditionState, CriterionKind, CriterionState, Word)
    bound = {"text", "votes", "conditions", "checklist", "rule", "evidence", "waivers", "ground", "vehicle", "zones"}
    assert {str(word) for kind in kinds for word in kind} | bound <= set(LABELS)


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_what_a_step_of_a_decision_means_is_translated(name):
    words = language(name, LOCALE)
    for step in (*DECISION_STEPS, *CONDITION_STEPS, *CRITERION_STEPS, *PERMIT_STEPS):
        assert not re.findall(r"[A-Za-z]{2,}", words.said(step.meaning)), step.meaning


def test_a_record_without_a_flight_says_so_and_takes_one(database):
    visitor = browser(database, "secretary:RU")
    assert "No flight has been planned yet." in visitor.get("/gates").text
    assert send(visitor, "/gates/plan", {"id": "F1", "name": "first flight"}).headers["location"] == "/gates?flight=F1"
    rows = list(csv.DictReader(io.StringIO(visitor.get("/gates?form=csv").content.decode("utf-8-sig"))))
    assert [(row["gate"], row["stands"]) for row in rows] == [(gate.value, "blocked") for gate in Gate]
    assert visitor.get("/gates?form=xlsx").status_code == 200


def test_a_gate_is_decided_on_its_page_and_void_when_the_complex_changes(made):
    visitors = {(role, part): browser(made.database, f"{role}:{part}") for part in PARTS for role in ("member", "co_chair")}
    ru, kz = visitors["member", Part.RU], visitors["member", Part.KZ]
    with made.database.reading() as look:
        entries = [one for one in reading.every(look, Criterion, flight=FLIGHT) if one.gate is Gate.G0]
    for one in entries:
        if one.kind is CriterionKind.CONCLUSION:
            files = {"files": ("act.pdf", b"act")}
            assert send(kz, "/evidence/attach", {"entity": "criterion", "id": one.id}, files=files).status_code == 303
        form = {"id": one.id, "revision": "1", "to": "met", "reason": "act 1"}
        assert send(kz, "/gate/entry/step", form).headers["location"] == "/gate?id=F1%3AG0"
    draft = {"id": "D-1", "flight": "F1", "gate": "G0", "revision": "0", "valid_to": LATER, **TEXTS}
    assert send(ru, "/gate/decision/draft", draft).status_code == 303
    condition = {"id": "C-1", "decision": "D-1", "part": "KZ", "due_gate": "G3", **TEXTS}
    assert send(ru, "/gate/condition/draft", condition).status_code == 303
    assert send(ru, "/gate/decision/step", {"id": "D-1", "revision": "1", "to": "voting"}).status_code == 303
    for (role, part), visitor in visitors.items():
        seat = f"{part.lower()}-{'chair' if role == 'co_chair' else 'member'}"
        against = (role, part) == ("member", Part.KZ)
        vote = {"id": "D-1", "seat": seat, "word": "abstain" if against else "for", "dissent": "Рано <b>." if against else ""}
        answer = send(visitor, "/gate/vote", vote)
        assert answer.status_code == 303, answer.text
    page = ru.get("/gate?id=F1:G0").text
    assert "Рано &lt;b&gt;." in page and "Own opinion" in page
    adopted = send(ru, "/gate/decision/step", {"id": "D-1", "revision": "2", "to": "adopted"})
    assert adopted.status_code == 409 and "the KZ part did not vote for it" in adopted.text


def test_both_co_chairs_sign_with_their_keys_and_a_change_shows(made):
    decide_up_to(made, Gate.G0)
    visitor = browser(made.database, "member:KZ")
    assert stands(visitor, "G0") == "holds" and 'id="void"' not in visitor.get("/gate?id=F1:G0").text
    form = {"id": FLIGHT, "revision": "2", "what": "ground", "items": "tower rev. B", "reason": "rebuilt"}
    assert send(visitor, "/gates/configure", form).status_code == 303
    assert stands(visitor, "G0") == "void"
    page = visitor.get("/gate?id=F1:G0").text
    assert 'role="alert" id="void"' in page and page.count(">CHANGED<") == 2
    assert "void" in visitor.get("/gates").text


def test_a_signature_takes_the_key_and_the_password_of_the_co_chair(made, cheap_hashes):
    decide_up_to(made, Gate.G0)
    drafted(made, Gate.G0, "D-2")
    adopt(made, "D-2")
    account(made.database, "chair", Role.CO_CHAIR, Part.RU, "ru-chair")
    account(made.database, "member", Role.MEMBER, Part.RU, "ru-member")
    visitor, member = browser(made.database, settings=LOCKED), browser(made.database, settings=LOCKED)
    sign_in(visitor, "chair")
    sign_in(member, "member")
    form = {"id": "D-2", "seat": "ru-chair"}

    def signed(who, key, password=PASSWORD):
        return send(who, "/gate/sign", {**form, "password": password}, page="/people", files=pem(key))

    assert signed(visitor, KEYS[Part.RU], "wrong wrong wrong").status_code == 403
    assert signed(visitor, KEYS[Part.RU], "").status_code == 403
    refused = signed(visitor, OTHER_KEY)
    assert refused.status_code == 409 and "not registered to its signer" in refused.text
    assert signed(member, KEYS[Part.RU]).status_code == 403
    none = send(visitor, "/gate/sign", {**form, "password": PASSWORD}, page="/people", files={"key": ("a.pem", b"none")})
    assert none.status_code == 400
    assert 'name="password"' in visitor.get("/gate?id=F1:G0").text and 'name="key"' not in member.get("/gate?id=F1:G0").text
    assert signed(visitor, KEYS[Part.RU]).status_code == 303
    with made.database.reading() as look:
        found = reading.every(look, Signature, decision="D-2")
        events = str(list(reading.events(look)))
    assert [one.part for one in found] == [Part.RU] and "PRIVATE" not in events
    sign(made, "D-2", Part.KZ)
    assert stands(visitor, "G0") == "holds"


def test_a_remark_blocks_a_gate_and_is_named_with_its_link(made):
    kz = MEMBER_OF[Part.KZ]
    decide_up_to(made, Gate.G2)
    made.act(kz, remarks.raise_remark, Remark("R-9", "leak", Part.KZ, Part.KZ))
    visitor = browser(made.database, "member:RU")
    assert stands(visitor, "G2") == "blocked"
    page = visitor.get("/gate?id=F1:G2").text
    assert 'href="/remark?id=R-9"' in page and "/remark/waiver/new?remark=R-9" in page
    made.act(kz, remarks.step, made.store, "R-9", RemarkState.CLASSIFIED, grounds=(), due_gate=Gate.G5)
    assert stands(visitor, "G2") == "holds"
    assert send(visitor, "/gate/pass", {"id": "F1:G2"}).status_code == 303
    assert "passed on" in visitor.get("/gates").text
    assert send(visitor, "/gate/back", {"id": "F1:G2", "reason": "rolled back"}).status_code == 303


def test_a_condition_is_settled_by_both_parts_on_its_page(made):
    drafted(made, Gate.G0, "D-1")
    condition = decisions.Condition("C-1", "D-1", Part.KZ, Gate.G3, "Устранить.", "Жойылсын.")
    made.act(MEMBER_OF[Part.RU], decisions.draft_condition, condition)
    kz, ru = browser(made.database, "member:KZ"), browser(made.database, "member:RU")
    assert send(ru, "/gate/condition/step", {"id": "C-1", "revision": "1", "to": "done", "reason": "x"}).status_code == 403
    assert (
        send(kz, "/gate/condition/step", {"id": "C-1", "revision": "1", "to": "done", "reason": "painted"}).status_code == 303
    )
    assert send(kz, "/gate/condition/step", {"id": "C-1", "revision": "2", "to": "closed", "reason": "x"}).status_code == 403
    assert send(ru, "/gate/condition/step", {"id": "C-1", "revision": "2", "to": "closed", "reason": "seen"}).status_code == 303
    assert "closed out" in ru.get("/gate/condition?id=C-1").text


def test_a_keeper_registers_a_key_and_sets_the_rule(made):
    keeper = browser(made.database, "keeper")
    form = {"seat": "ru-chair", "start": "2026-01-01", "end": LATER, "reason": "shown in person"}
    public = {"key": ("k.pem", public_pem(OTHER_KEY.public_key()).encode())}
    assert send(keeper, "/gates/keys/register", form, files=public).status_code == 303
    rule = {"revision": "1", "quorum": "2/3", "majority": "1/2", "source": "order 9", "reason": "agreed"}
    assert send(keeper, "/gates/rule", rule).status_code == 303 and send(keeper, "/gates/rule", rule).status_code == 409
    page = keeper.get("/gates/keys").text
    assert "2/3" in page and page.count("ru-chair") >= 2
    registered = re.search(r'name="id"><option value="(\w+)">ru-chair', page).group(1)
    assert send(keeper, "/gates/keys/revoke", {"id": registered, "reason": "lost"}).status_code == 303

    def listed(asked):
        rows = csv.DictReader(io.StringIO(keeper.get(f"/gates/keys?form=csv&{asked}").content.decode("utf-8-sig")))
        return {row["id"]: row["membership"] for row in rows}

    assert set(listed("").values()) == {"ru-chair", "kz-chair"} and registered in listed("")
    assert set(listed("membership=ru-chair").values()) == {"ru-chair"}
    assert set(listed("revoked_at=-")) == set(listed("")) - {registered}


def test_of_two_who_step_a_decision_the_second_is_told(made):
    drafted(made, Gate.G0, "D-1")
    visitor = browser(made.database, "member:RU")
    form = {"id": "D-1", "revision": "1", "to": "withdrawn", "reason": "twice"}
    assert [send(visitor, "/gate/decision/step", form).status_code for _ in range(2)] == [303, 409]
    assert [send(visitor, f"/gate{path}", {"id": "F1:G9"}).status_code for path in ("/pass", "/back")] == [404, 404]
    assert visitor.get("/gate?id=F1:G9").status_code == visitor.get("/gate?id=nothing").status_code == 404
    with made.database.reading() as look:
        assert reading.get(look, Decision, "D-1").state is DecisionState.WITHDRAWN and not reading.every(look, Vote)
