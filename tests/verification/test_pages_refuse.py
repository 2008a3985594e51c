"""What the pages refuse: each role at each route, strange forms, strange files, too much, other hosts."""

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from baiterek.campaign.commission import sessions
from baiterek.campaign.commission.access import MAY, Action, Actor, denial
from baiterek.campaign.commission.accounts import add
from baiterek.campaign.commission.members import SEEDER, seed
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Account
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.gates import agreements, decisions
from baiterek.campaign.gates.permits import PermitKind
from baiterek.campaign.gates.records import Condition, Decision, Flight, Permit
from baiterek.campaign.log.signing import public_pem
from baiterek.campaign.meetings import conduct
from baiterek.campaign.meetings import example as example_meeting
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.notices.records import Channel, Subscription
from baiterek.campaign.notices.subscribe import subscribe
from baiterek.campaign.operations.example import enter_example as enter_campaign
from baiterek.campaign.programme.example import enter_example
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.results.compare import compare
from baiterek.campaign.results.measured import Measured
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule import milestones
from baiterek.campaign.schedule.milestones import enter_milestone
from baiterek.campaign.schedule.records import Milestone
from baiterek.errors import BadValue
from baiterek.study.planned import Planned
from baiterek.web import Settings, application
from baiterek.web.uploads import safe_path
from record_cases import KEEPER, MEMBER, RUSSIAN, ground_object
from web_cases import BASE, LOCKED, PASSWORD, TOKEN, References, browser, send

pytestmark = pytest.mark.usefixtures("cheap_hashes")

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
ROWS = tuple(compare([Planned("a.t_s", 1.0)], [Measured("a.t_s", 2.0, 0.1, "tm"), Measured("b.t_s", 2.0, 0.1, "tm")]))
OFFICES = [(role, part) for part in Part for role in Role if role is not Role.KEEPER] + [(Role.KEEPER, None)]
TABLE = "id,site,kind,name,part\nimported-{n},42,unit,valve,KZ\n"
APPOINTED = {"body": "commission", "part": "KZ", "role": "member", "start": "2026-01-01"}
MAIL = {"channel": "mail", "target": "pad@example.org", "language": "kk"}

# Route -> what it takes to be let through, and a form that would be accepted from whoever may; {n} counts attempts.
READ = {
    "/": "", "/objects": "", "/objects/import": "", "/objects/new": "", "/object": "?id=step-0", "/evidence": "",
    "/evidence/piece": "?id=piece", "/evidence/whole": "?id=piece", "/evidence/content": "?id=piece", "/people": "",
    "/people/notices": "",
    "/audit": "", "/audit/event": "?seq=1", "/audit/verify": "", "/audit/head": "", "/password": "",
    "/account": "",
}  # fmt: skip
EXAMPLE = {
    "/programmes": "", "/programme": "?id=EX-KZ", "/programme/requirements": "", "/programme/requirement": "?id=EX-KZ-R5",
    "/programme/requirement/new": "?programme=EX-KZ", "/programme/cases": "", "/programme/case": "?id=EX-KZ-C5.1",
    "/programme/case/new": "?programme=EX-KZ", "/programme/runs": "", "/programme/run": "?id=EX-KZ-T5.1",
    "/programme/run/new": "?case=EX-KZ-C5.1", "/matrix": "", "/matrix/row": "?id=EX-KZ-R1:autonomous:test", "/remarks": "",
    "/remarks/new": "?about=test_run:EX-KZ-T5.1", "/remark": "?id=EX-KZ-M1", "/remarks/against": "?gate=G2",
    "/remarks/waivers": "", "/remark/waiver": "?id=EX-KZ-W1", "/remark/waiver/new": "?remark=EX-KZ-M3",
}  # fmt: skip
"""Pages of the generated programme, which everybody reads who is let in."""
DECIDED = {
    "/gates": "?flight=F1", "/gate": "?id=F1:G0", "/gate/entry": "?id=F1-G0-02", "/gates/decisions": "",
    "/gate/decision": "?id=D-1", "/gates/conditions": "", "/gate/condition": "?id=C-1", "/gates/keys": "",
    "/agreements": "", "/agreements/agreement": "?id=rules-838",
    "/agreements/plans": "", "/agreements/permits": "", "/agreements/permit": "?id=Z-0",
    "/owed": "", "/today": "", "/schedule": "", "/schedule/slips": "", "/schedule/activities": "", "/schedule/forecast": "",
    "/schedule/milestone": "?id=first-flight",
}  # fmt: skip
"""Pages of the gates of a flight and of the schedule, which everybody reads who is let in."""
CAMPAIGNS = {
    "/campaigns": "", "/campaign": "?id=EX-CAMPAIGN", "/campaigns/operations": "", "/operation": "?id=EX-CAMPAIGN/mating",
    "/results": "", "/result": "?id=RES-1",
}  # fmt: skip
"""Pages of campaigns and of results of flights, which everybody reads who is let in."""
MET = {
    "/meetings": "", "/meetings/new": "", "/meeting": "?id=EX-K-1", "/meeting/protocol": "?id=EX-K-1",
}  # fmt: skip
"""Pages of meetings, likewise."""
ANYBODY = {"/sign-in": "", "/sign-in/openid": "", "/sign-in/openid/back": "", "/calendar.ics": ""}
ALONE = ("/role",)
CHANGES = {
    "/object/step": (Action.ACT, {"id": "step-{n}", "revision": "1", "to": "autonomous_tests"}),
    "/object/change": (Action.DRAFT, {"id": "step-{n}", "revision": "1", "kind": "unit", "name": "other"}),
    "/object/attach": (Action.DRAFT, {"id": "step-0", "note": "{n}"}),
    "/objects/new": (Action.DRAFT, {"id": "new-{n}", "site": "42", "kind": "unit", "name": "valve", "part": "KZ"}),
    "/objects/import": (Action.DRAFT, {"do": "enter"}),
    "/people/appoint": (Action.KEEP, {"id": "office-{n}", **APPOINTED}),
    "/people/relieve": (Action.KEEP, {"id": "ru-member-{m}", "revision": "1", "end": "2026-12-31", "reason": "order"}),
    "/people/notices/subscribe": (Action.KEEP, {"id": "told-{n}", "office": "secretary:KZ", "topics": "decision", **MAIL}),
    "/people/notices/end": (Action.KEEP, {"id": "board", "revision": "1", "reason": "moved"}),
}
REASON = {"reason": "because"}
FURTHER = {
    "/programme/draft": (Action.DRAFT, {"id": "P", "revision": "0", "name": "programme", "document": "plan", **REASON}),
    "/programme/approve": (Action.ACT, {"id": "EX-KZ", "revision": "1", **REASON}),
    "/programme/requirement/draft": (
        Action.DRAFT, {"id": "R", "programme_id": "EX-KZ", "revision": "0", "text": "holds", **REASON}
    ),
    "/programme/case/draft": (
        Action.DRAFT, {"id": "C", "programme_id": "EX-KZ", "revision": "0", "title": "test", "stage": "autonomous",
                       "method": "test", **REASON}
    ),
    "/programme/run/record": (
        Action.DRAFT, {"id": "T", "case": "EX-KZ-C5.1", "revision": "1", "procedure": "1", "configuration": "1",
                       "operators": "role", "started": "2026-03-01T05:00",
                       "clock": "utc", **REASON}
    ),
    "/programme/run/judge": (Action.ACT, {"id": "EX-KZ-T5.1", "revision": "1", "result": "passed", "conclusion": "passed"}),
    "/matrix/draft": (
        Action.DRAFT, {"requirement": "EX-KZ-R5", "stage": "flight", "method": "test", "revision": "0", **REASON}
    ),
    "/matrix/assess": (
        Action.ACT, {"id": "EX-KZ-R1:autonomous:test", "revision": "1", "compliance": "no", **REASON}
    ),
    "/matrix/reopen": (Action.ACT, {"id": "EX-KZ-R1:autonomous:test", "revision": "1", **REASON}),
    "/remarks/raise": (
        Action.DRAFT, {"id": "M", "text": "leaks", "part": "KZ", "entity": "ground_object", "entity_id": "step-0", **REASON}
    ),
    "/remark/step": (Action.ACT, {"id": "EX-KZ-M1", "revision": "1", "to": "withdrawn", **REASON}),
    "/remark/waiver/request": (
        Action.DRAFT, {"id": "W", "revision": "0", "text": "once", "flights": "F", "remark": "EX-KZ-M3", **REASON}
    ),
    "/remark/waiver/step": (Action.ACT, {"id": "EX-KZ-W1", "revision": "1", "to": "approved_kz", **REASON}),
    "/evidence/attach": (Action.DRAFT, {"entity": "requirement", "id": "EX-KZ-R5", "note": "paper"}),
}  # fmt: skip
"""Of the programme and of remarks: no form lets through whose role never may; what else it takes is tested with them."""
TEXTS = {"ru": "Текст.", "kk": "Мәтін."}
DECISIONS = {
    "/gates/plan": (Action.DRAFT, {"id": "F2", "name": "second", **REASON}),
    "/gates/configure": (Action.ACT, {"id": "F1", "revision": "1", "what": "ground", "items": "a; b", **REASON}),
    "/gate/entry/add": (
        Action.DRAFT, {"id": "F1-G0-99", "flight": "F1", "gate": "G0", "kind": "check", "part": "KZ", **TEXTS, **REASON}
    ),
    "/gate/entry/step": (Action.ACT, {"id": "F1-G0-02", "revision": "1", "to": "met", **REASON}),
    "/gate/pass": (Action.ACT, {"id": "F1:G0", **REASON}),
    "/gate/back": (Action.ACT, {"id": "F1:G0", **REASON}),
    "/gate/decision/draft": (
        Action.DRAFT, {"id": "D-2", "flight": "F1", "gate": "G0", "revision": "0", "valid_to": "2999-12-31", **TEXTS, **REASON}
    ),
    "/gate/decision/step": (Action.ACT, {"id": "D-1", "revision": "1", "to": "withdrawn", **REASON}),
    "/gate/vote": (Action.ACT, {"id": "D-1", "seat": "ru-co-chair", "word": "for"}),
    "/gate/sign": (Action.ACT, {"id": "D-1", "seat": "ru-co-chair", "password": PASSWORD}),
    "/gate/condition/draft": (
        Action.DRAFT, {"id": "C-2", "decision": "D-1", "part": "KZ", "due_gate": "G3", **TEXTS, **REASON}
    ),
    "/gate/condition/step": (Action.ACT, {"id": "C-1", "revision": "1", "to": "done", **REASON}),
    "/agreements/enter": (
        Action.KEEP, {"id": "A-1", "revision": "0", "kind": "agreement", "title": "t", "source": "s", **REASON}
    ),
    "/agreements/plan": (Action.DRAFT, {"id": "P-1", "year": "2026", "flights": "F1", **REASON}),
    "/agreements/ask": (Action.DRAFT, {"id": "Z-1", "kind": "zone", "part": "KZ", "subject": "zone", **REASON}),
    "/agreements/permit/step": (Action.ACT, {"id": "Z-0", "revision": "1", "to": "refused", **REASON}),
    "/schedule/enter": (Action.DRAFT, {"id": "S-1", **TEXTS, "baseline": "2028", "source": "order", **REASON}),
    "/schedule/activity": (
        Action.DRAFT, {"id": "A-1", "name": "tests", "shortest": "1", "likely": "2", "longest": "3",
                       "source": "order", **REASON}
    ),
    "/schedule/move": (
        Action.ACT, {"id": "first-flight", "revision": "1", "new": "2030", "initiator": "joint",
                     "announced_on": "2026-03-01", "source": "order", **REASON}
    ),
    "/schedule/achieve": (Action.ACT, {"id": "first-flight", "revision": "1", "on": "2026-03-01", **REASON}),
    "/gates/keys/register": (
        Action.KEEP, {"seat": "ru-co-chair", "start": "2026-01-01", "end": "2999-12-31", **REASON}
    ),
    "/gates/keys/revoke": (Action.KEEP, {"id": "0" * 64, **REASON}),
    "/gates/rule": (Action.KEEP, {"revision": "1", "quorum": "1/2", "majority": "1/2", "source": "order", **REASON}),
}  # fmt: skip
"""Of gates: no form lets through whose role never may; what else it takes stands in test_gates.py and test_web_gates.py."""
OPERATIONS = {
    "/campaigns/begin": (
        Action.DRAFT, {"id": "C-9", "name": "first", "milestone": "day", "template": "two-stage", **REASON}
    ),
    "/campaign/close": (Action.ACT, {"id": "EX-CAMPAIGN", "revision": "1", "to": "cancelled", **REASON}),
    "/operation/step": (Action.ACT, {"id": "EX-CAMPAIGN/zones-closed", "revision": "1", "to": "started", **REASON}),
    "/results/enter": (Action.DRAFT, {"id": "RES-2", "flight": "F1", "note": "without the folder of a run"}),
}  # fmt: skip
"""Of campaigns: no form lets through whose role never may; who else may stands in test_operations.py."""
PLACES = {"title_ru": "З", "title_kk": "О", "place_ru": "Б", "place_kk": "Б", "begins": "2026-03-01T05:00", "clock": "utc"}
MEETINGS = {
    "/meetings/draft": (Action.DRAFT, {"id": "K-9", "revision": "0", "body": "commission", **PLACES}),
    "/meeting/agenda": (Action.DRAFT, {"id": "K-8", "number": "2", "text_ru": "В", "text_kk": "М"}),
    "/meeting/step": (Action.ACT, {"id": "K-8", "revision": "1", "to": "cancelled", **REASON}),
    "/meeting/attend": (Action.DRAFT, {"id": "EX-K-1", "seat": "kz-co-chair", "presence": "remote"}),
    "/meeting/resolve": (
        Action.DRAFT, {"id": "EX-K-1", "item": "EX-K-1:2", "number": "2", "basis": "vote", "text_ru": "Да", "text_kk": "Иә"}
    ),
    "/meeting/vote": (Action.DRAFT, {"id": "EX-K-1:2.1", "seat": "kz-co-chair", "word": "for"}),
    "/meeting/issue": (Action.ACT, {"id": "EX-K-1", "revision": "2", **REASON}),
    "/meeting/sign": (Action.ACT, {"id": "EX-K-1", "seat": "kz-co-chair", "password": PASSWORD}),
    "/meeting/bring": (Action.ACT, {"id": "EX-K-1"}),
}  # fmt: skip
"""Of meetings: likewise; what else they take stands in test_meetings.py, test_web_meetings.py, test_protocol_signatures.py."""
OWN = (
    "/sign-in", "/sign-out", "/password", "/audit/verify", "/role", "/sign-in/passkey", "/sign-in/passkey/ask",
    "/account/passkey", "/account/passkey/ask", "/account/passkey/remove", "/account/calendar",
    "/account/calendar/end",
)  # fmt: skip
"""Sent by whoever signs in or is, each for themselves: tested in test_web_accounts.py, _passkeys.py, _calendar.py."""


def files_for(path, n):
    if path == "/objects/import":
        return {"file": ("t.csv", TABLE.format(n=n).encode())}
    if path == "/results/enter":
        return {"measured": ("m.csv", b"quantity,value,sigma,source\na.t_s,1,1,tm\n")}
    if path == "/meeting/bring":
        return {"file": ("a.p7s", b"none")}
    if path in ("/gate/sign", "/meeting/sign"):
        return {"key": ("k.pem", KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))}
    if path == "/gates/keys/register":
        return {"key": ("k.pem", public_pem(KEY.public_key()).encode())}
    return {"files": ("a.txt", b"content %d" % n)} if path in ("/object/attach", "/evidence/attach") else None


def with_objects(database):
    with database.writing(SEEDER) as change:
        seed(change)
    with database.writing(KEEPER) as change:
        subscribe(change, Subscription("board", Role.KEEPER, None, Channel.MAIL, "board@example.org", ("decision",)))
    with database.writing(MEMBER) as change:
        for n in range(2 * len(OFFICES)):
            change.create(ground_object(f"step-{n}"))
        change.create(Evidence("piece", "0" * 64, "file", "a.txt", 1, "ground_object", "step-0"))


def with_programme(database):
    with_objects(database)
    with database.writing(MEMBER) as change:
        enter_example(change, database.evidence)


def with_gates(database):
    with_objects(database)
    with database.writing(SEEDER) as change:
        agreements.seed(change)
        milestones.seed(change)
    with database.writing(MEMBER) as change:
        decisions.plan_flight(change, Flight("F1", "first", Part.KZ))
        decisions.draft(change, Decision("D-1", "F1", Gate.G0, Part.KZ, "Текст.", "Мәтін.", "", "2999-12-31"))
        agreements.ask(change, Permit("Z-0", PermitKind.ZONE, Part.KZ, "zone"))
        decisions.draft_condition(change, Condition("C-1", "D-1", Part.KZ, Gate.G3, "Текст.", "Мәтін."))


def with_campaign(database):
    with_objects(database)
    with database.writing(MEMBER) as change:
        enter_campaign(change)
        enter_milestone(change, Milestone("day", "Пуск", "Ұшыру", "", "2999-01-01", "2999-01-01"))
    with database.writing(SEEDER) as change:
        agreements.seed(change)
    with database.writing(MEMBER) as change:
        decisions.plan_flight(change, Flight("F1", "first", Part.KZ))
        change.create(FlightResult("RES-1", "F1", Part.RU, "F1-G5-01", "run", "0" * 64, "0" * 64, ROWS))


def with_meetings(database):
    with_objects(database)
    with database.writing(SEEDER) as change:
        agreements.seed(change)
    with database.writing(RUSSIAN) as change:
        example_meeting.enter_example(change, database.evidence)
    with database.writing(MEMBER) as change:
        example_meeting.enter_example(change, database.evidence)
        conduct.draft(change, Meeting("K-8", "commission", Part.KZ, "З", "О", "2026-03-01T05:00:00.000000Z", "Б", "Б"))


@pytest.fixture()
def filled(record_like):
    return record_like(with_objects)


def signed_in(database, role, part):
    name = f"{role}-{part or 'all'}"
    with database.writing(KEEPER) as change:
        made = add(change, Account(name, role, part), PASSWORD)
    visitor = browser(database, settings=LOCKED)
    visitor.cookies.set("baiterek", sessions.open_session(database, made))
    return visitor, Actor(name, role, part)


def events(database):
    with database.reading() as look:
        return reading.tail(look).seq


def let_through(database, visitor, role, forms):
    """Which of the forms change something; none that its role never may send, and none that is refused, does."""
    through, token = set(), TOKEN.search(visitor.get("/people").text).group(1)
    for path, (action, form) in forms.items():
        before = events(database)
        answer = visitor.post(path, data={"visit": token, **form}, files=files_for(path, 1))
        assert answer.status_code < 500 and (answer.status_code < 400) == (events(database) > before), (path, answer.text)
        if action not in MAY[role]:
            assert answer.status_code in (403, 409), (path, answer.status_code, answer.text)
        if answer.status_code < 400:
            through.add(path)
    return through


def routes(database, method):
    return {path for path, methods in application(database).openapi()["paths"].items() if method.lower() in methods}


def test_no_route_is_without_its_row_in_the_matrix(database):
    assert routes(database, "GET") == {*READ, *EXAMPLE, *DECIDED, *CAMPAIGNS, *MET, *ANYBODY, *ALONE}
    assert routes(database, "POST") == {*CHANGES, *FURTHER, *DECISIONS, *OPERATIONS, *MEETINGS, *OWN}


def test_every_route_for_whoever_is_not_signed_in(filled):
    visitor, before = browser(filled, settings=LOCKED), events(filled)
    for path, query in {**READ, **EXAMPLE, **DECIDED, **CAMPAIGNS, **MET}.items():
        answer = visitor.get(path + query)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?"), path
    token = TOKEN.search(visitor.get("/sign-in").text).group(1)
    for path, (_, form) in {**CHANGES, **FURTHER, **DECISIONS, **OPERATIONS, **MEETINGS}.items():
        answer = visitor.post(path, data={"visit": token, **numbered(form, 1)}, files=files_for(path, 1))
        assert answer.status_code == 401, path
    assert send(visitor, "/audit/verify", page="/sign-in").status_code == 401
    assert events(filled) == before


@pytest.mark.parametrize(("role", "part"), OFFICES, ids=str)
def test_every_route_for_every_role_of_each_part(filled, role, part):
    n = OFFICES.index((role, part))
    visitor, actor = signed_in(filled, role, part)
    assert all(visitor.get(path + query).status_code in (200, 409) for path, query in READ.items())
    assert visitor.get("/role").status_code == 404
    token = TOKEN.search(visitor.get("/people").text).group(1)
    for k, (path, (action, form)) in enumerate(CHANGES.items()):
        before = events(filled)
        answer = visitor.post(path, data={"visit": token, **numbered(form, 2 * n + k % 2)}, files=files_for(path, n))
        if denial(actor, action, Part.KZ if action is not Action.KEEP else None) is None:
            assert answer.status_code < 400 and events(filled) == before + 1, (path, answer.text)
        else:
            assert answer.status_code in (403, 409) and events(filled) == before, path


@pytest.mark.parametrize(("role", "part"), OFFICES, ids=str)
def test_no_form_of_the_programme_lets_a_role_do_what_it_never_may(record_like, role, part):
    filled = record_like(with_programme)
    visitor, _ = signed_in(filled, role, part)
    for path, query in EXAMPLE.items():
        assert visitor.get(path + query).status_code == 200, path
    let_through(filled, visitor, role, FURTHER)


@pytest.mark.parametrize(("role", "part"), OFFICES, ids=str)
def test_no_form_of_the_gates_lets_a_role_do_what_it_never_may(record_like, role, part):
    filled = record_like(with_gates)
    visitor, _ = signed_in(filled, role, part)
    assert all(visitor.get(path + query).status_code == 200 for path, query in DECIDED.items())
    through = let_through(filled, visitor, role, DECISIONS)
    acts = {"/gate/entry/step", "/gates/configure", "/gate/condition/step"}
    assert (acts <= through) == (part is Part.KZ and Action.ACT in MAY[role]) and "/gate/sign" not in through


@pytest.mark.parametrize(("role", "part"), OFFICES, ids=str)
def test_no_form_of_campaigns_lets_a_role_do_what_it_never_may(record_like, role, part):
    filled = record_like(with_campaign)
    visitor, _ = signed_in(filled, role, part)
    assert all(visitor.get(path + query).status_code == 200 for path, query in CAMPAIGNS.items())
    through = let_through(filled, visitor, role, OPERATIONS)
    assert ("/campaign/close" in through) == (part is Part.KZ and Action.ACT in MAY[role])
    assert ("/campaigns/begin" in through) == (Action.DRAFT in MAY[role])


@pytest.mark.parametrize(("role", "part"), OFFICES, ids=str)
def test_no_form_of_a_meeting_lets_a_role_do_what_it_never_may(record_like, role, part):
    filled = record_like(with_meetings)
    visitor, _ = signed_in(filled, role, part)
    pages = {path: visitor.get(path + query).status_code for path, query in MET.items()}
    assert pages == {path: 409 if path == "/meeting/protocol" else 200 for path in MET}  # it is not issued yet
    through = let_through(filled, visitor, role, MEETINGS)
    drafts = {"/meetings/draft", "/meeting/agenda", "/meeting/attend", "/meeting/resolve"}
    assert (drafts <= through) == (part is Part.KZ and Action.DRAFT in MAY[role])
    assert "/meeting/sign" not in through and "/meeting/bring" not in through


def numbered(form, n):
    return {name: value.format(n=n, m=f"{n + 4:02}") for name, value in form.items()}


def test_a_form_without_the_token_of_this_visit_changes_nothing(filled):
    visitor, other = browser(filled, "member:KZ"), browser(filled, "member:KZ")
    foreign = TOKEN.search(other.get("/role").text).group(1)
    before = events(filled)
    for path in sorted(routes(filled, "POST")):
        known = {**CHANGES, **FURTHER, **DECISIONS, **OPERATIONS, **MEETINGS}
        form = numbered(known[path][1], 1) if path in known else {"office": "member:KZ", "name": "a", "password": "b"}
        for token in ({}, {"visit": ""}, {"visit": foreign}):
            answer = visitor.post(path, data={**form, "old": "", "new": "", **token}, files=files_for(path, 1))
            assert answer.status_code == 403, (path, answer.status_code)
    assert events(filled) == before


def test_the_same_form_twice_is_one_change(filled):
    visitor = browser(filled, "member:KZ")
    form = {"id": "step-0", "revision": "1", "to": "autonomous_tests"}
    assert [send(visitor, "/object/step", form).status_code for _ in range(2)] == [303, 409]
    new = {"id": "new", "site": "42", "kind": "unit", "name": "valve", "part": "KZ"}
    assert send(visitor, "/objects/new", new).status_code == 303
    before = events(filled)
    send(visitor, "/objects/new", new)
    attached = [send(visitor, "/object/attach", {"id": "step-0"}, files=files_for("/object/attach", 1)) for _ in range(2)]
    assert [answer.status_code for answer in attached] == [303, 409] and events(filled) == before + 1


STRANGE = (
    "../x", "a/../../x", "/etc/passwd", "..\\x", "a\\b", "C:x", "..", ".", "", "a//b", "a/./b", "a\x00b", "a\nb", "x" * 256,
    "a/" + "й" * 128, "a/..", "\x7f",
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(BadValue):
        safe_path(name)


def test_a_file_that_would_leave_the_store_is_refused(filled, tmp_path):
    visitor, before = browser(filled, "secretary:KZ"), events(filled)
    for name in ("../../evil.txt", "run/../../evil.txt", "/evil.txt", "..\\evil.txt"):
        answer = send(visitor, "/object/attach", {"id": "step-0"}, files={"files": (name, b"x")})
        assert answer.status_code == 400, name
        answer = send(visitor, "/objects/import", {"do": "enter"}, files={"file": (name + ".csv", b"x")})
        assert answer.status_code == 400
    two = [("files", ("one/a", b"1")), ("files", ("two/b", b"2"))]
    assert send(visitor, "/object/attach", {"id": "step-0"}, files=two).status_code == 400
    assert events(filled) == before and not list(tmp_path.rglob("*evil*"))


def test_a_folder_has_the_hash_that_the_command_line_gives_it(filled, tmp_path):
    from baiterek.campaign.evidence.store import attach

    contents = {"result.json": b"{}", "figures/a.svg": b"<svg/>", "figures/b.svg": b"<svg />", "a-b/c": b"c", "a/b": b"b"}
    for name, content in contents.items():
        path = tmp_path / "run" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    visitor = browser(filled, "secretary:KZ")
    sent = [("files", (f"run/{name}", content)) for name, content in contents.items()]
    assert send(visitor, "/object/attach", {"id": "step-0", "stage": "autonomous_tests"}, files=sent).status_code == 303
    with filled.writing(MEMBER) as change:
        from_disk = attach(change, filled.evidence, tmp_path / "run", "step-1", None, "")
    with filled.reading() as look:
        uploaded = next(piece for piece in reading.every(look, Evidence, entity_id="step-0") if piece.stage)
    assert (uploaded.sha256, uploaded.size, uploaded.name) == (from_disk.sha256, from_disk.size, "run")


def test_what_is_too_large_is_refused_before_it_is_kept(filled):
    small = Settings(largest_upload_bytes=2 * 2**20)
    visitor, before = browser(filled, "member:KZ", small), events(filled)
    answer = send(visitor, "/object/attach", {"id": "step-0"}, files={"files": ("a", bytes(3 * 2**20))})
    assert answer.status_code == 413 and "Too much" in answer.text
    # Without a length, as chunks: counted while they come.
    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert visitor.post("/object/attach", content=(bytes(2**20) for _ in range(4)), headers=kind).status_code == 413
    # Whoever acts as nobody sends no files at all, and no form is that long.
    nobody, plain = browser(filled, "", small), {"content-type": "application/x-www-form-urlencoded"}
    assert nobody.post("/object/attach", content=bytes(2**20 + 1), headers=kind).status_code == 413
    assert visitor.post("/object/step", content=bytes(2**20 + 1), headers=plain).status_code == 413
    # Nor does whoever may only read, or keeps what both parts share: nothing of theirs reaches the disk.
    for office in ("observer:KZ", "keeper"):
        much = {"files": ("a", bytes(3 * 2**19))}
        assert send(browser(filled, office, small), "/object/attach", {"id": "step-0"}, files=much).status_code == 413, office
    assert events(filled) == before and not list(filled.evidence.rglob(".partial*"))


def test_an_xlsx_that_unpacks_to_much_more_is_refused(filled):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(100):
            sheet.write(bytes(2**20))
    assert len(bomb.getvalue()) < 2**20
    visitor = browser(filled, "member:KZ")
    answer = send(visitor, "/objects/import", {"do": "enter"}, files={"file": ("bomb.xlsx", bomb.getvalue())})
    assert answer.status_code == 400 and "when unpacked" in answer.text
    answer = send(visitor, "/objects/import", {"do": "enter"}, files={"file": ("none.xlsx", b"PK\x03\x04 none")})
    assert answer.status_code == 400


def test_a_stored_script_is_shown_or_saved_and_never_run(filled):
    visitor, script = browser(filled, "member:KZ"), "<script>alert(1)</script>"
    new = {"id": "x", "site": "42", "kind": script, "name": f'"{script}', "part": "KZ", "owner": "' onload=alert(1)"}
    assert send(visitor, "/objects/new", {**new, "systems": script, "reason": script}).status_code == 303
    page = f"<html>{script}</html>".encode()
    send(visitor, "/object/attach", {"id": "x", "note": script}, files={"files": ("a.html", page)})
    with filled.reading() as look:
        piece = reading.every(look, Evidence, entity_id="x")[0]
    shown = ("/", "/objects", "/object?id=x", "/evidence", f"/evidence/piece?id={piece.id}", "/audit", f"/objects?q={script}")
    for path in shown:
        answer = visitor.get(path)
        assert answer.status_code == 200 and "<script>" not in answer.text and "' onload" not in answer.text, path
    saved = visitor.get(f"/evidence/content?id={piece.id}")
    assert saved.content == page and saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in saved.headers["content-security-policy"] and saved.headers["x-content-type-options"] == "nosniff"


def test_broken_evidence_is_shown_wherever_it_is_cited_and_not_given_out(filled):
    visitor = browser(filled, "member:KZ")
    send(visitor, "/object/attach", {"id": "step-1", "stage": "autonomous_tests"}, files={"files": ("a.txt", b"as attached")})
    with filled.reading() as look:
        piece = reading.every(look, Evidence, entity_id="step-1")[0]
    paths = ("/object?id=step-1", "/evidence?q=step-1", f"/evidence/piece?id={piece.id}")
    assert all("BROKEN" not in visitor.get(path).text for path in paths)
    kept = filled.evidence / piece.sha256[:2] / piece.sha256[2:]
    kept.chmod(0o644)
    kept.write_bytes(b"as altered!")
    assert all("BROKEN" in visitor.get(path).text for path in paths)
    assert visitor.get(f"/evidence/content?id={piece.id}").status_code == 409


def test_a_server_answers_to_its_own_names(filled):
    for host, status in (("localhost:8000", 200), ("[::1]:8000", 200), ("rebound.example", 421), ("", 421)):
        assert browser(filled).get("/", headers={"host": host}).status_code == status, host
    public = Settings(hosts=(), accounts=True)
    assert browser(filled, settings=public).get("/sign-in", headers={"host": "record.example"}).status_code == 200


def test_an_address_with_a_slash_too_many_is_sent_nowhere(filled):
    for path in (
        "/objects/", "//elsewhere.example/", "/object/?id=step-0", "//elsewhere.example/objects", "///a.example",
        "/%5Celsewhere.example", "/%09/elsewhere.example", "/%5C%5Celsewhere.example",
    ):  # fmt: skip
        answer = browser(filled, settings=Settings(hosts=())).get(f"{BASE}{path}", headers={"host": "elsewhere.example"})
        assert answer.status_code == 404 and "location" not in answer.headers, path
        # The page that says so leads nowhere else either, as a browser reads its links.
        refers = References(answer.text)
        read = [link.replace("\\", "/").replace("\t", "") for link in (*refers.links, *refers.loaded)]
        assert not [link for link in read if link.startswith("//") or "://" in link], path


def test_nothing_that_is_sent_becomes_a_header(filled):
    visitor, broken = browser(filled, "member:KZ"), "x\r\nset-cookie: planted=1"
    new = {"id": "split", "site": "42", "kind": "unit", "name": broken, "part": "KZ"}
    answers = [
        visitor.get("/", params={"language": f"kk; Domain=elsewhere.example{broken}"}),
        visitor.get("/sign-in", params={"after": broken}),
        visitor.get("/objects", params={"form": "csv", "q": broken}),
        visitor.get("/evidence/content", params={"id": "piece", "file": broken}),
        send(visitor, "/objects/new", new),
        send(visitor, "/object/attach", {"id": "step-0"}, files={"files": ("a\r\nset-cookie: planted=1", b"x")}),
    ]
    for answer in answers:
        assert not any("planted" in text or "elsewhere" in text for text in answer.headers.values()), answer.headers
    assert [answer.status_code for answer in answers[2:]] == [422, 422, 422, 400]
    # A name that a file may have is a name in the answer too, and no more.
    name = 'a";b=c; filename=evil.exe.txt'
    send(visitor, "/object/attach", {"id": "step-1"}, files={"files": (name.replace('"', "'"), b"x")})
    with filled.reading() as look:
        (piece,) = reading.every(look, Evidence, entity_id="step-1")
    said = visitor.get(f"/evidence/content?id={piece.id}").headers["content-disposition"]
    assert said.startswith("attachment; filename*=UTF-8''a") and ";" not in said.partition("''")[2]


def test_every_answer_leaves_under_the_headers_of_the_door(filled):
    own = {
        "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
        "cross-origin-resource-policy",
    }  # fmt: skip
    for settings in (Settings(), LOCKED._replace(secure=True)):
        visitor = browser(filled, settings=settings)
        for path in ("/", "/nowhere", "/static/web.css", "/objects?form=csv", "/object?id=%00", "/sign-in", "/openapi.json"):
            answer = visitor.get(path)
            assert own <= set(answer.headers), path
            assert answer.headers.get("cache-control", "") == ("no-store" if not path.startswith("/static") else ""), path
            assert ("strict-transport-security" in answer.headers) is settings.secure, path
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy


@pytest.mark.parametrize("query", ["id=%00", "id=a%0Ab", "id=" + "x" * 201, "id="])
def test_a_strange_address_is_refused(filled, query):
    assert browser(filled).get(f"/object?{query}").status_code in (404, 422)
