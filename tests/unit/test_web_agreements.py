"""Pages of agreements, plans of launches, conclusions and permissions."""

from baiterek.campaign.gates import agreements
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import Agreement
from baiterek.campaign.rows import reading
from baiterek.reports.language import LANGUAGES
from baiterek.web.labels import LABELS
from gate_cases import world
from record_cases import KEEPER
from web_cases import References, browser, send

PAGES = ("/agreements", "/agreements?kind=procedure&part=KZ", "/agreements/plans", "/agreements/permits?kind=conclusion")


def test_a_plan_is_submitted_its_conclusion_asked_for_and_given_in_three_languages(database, tmp_path):
    made = world(database, tmp_path / "files")
    secretary, member = browser(database, "secretary:RU"), browser(database, "member:KZ")
    assert send(secretary, "/agreements/plan", {"id": "P-1", "year": "2026", "flights": "F1"}).status_code == 303
    asked = {"id": "C-1", "kind": "conclusion", "part": "KZ", "subject": "P-1"}
    assert send(secretary, "/agreements/ask", asked).headers["location"] == "/agreements/permit?id=C-1"
    said = member.get("/agreements/permit?id=C-1&language=ru").text
    assert "<strong>отказано</strong></summary>" in said  # its name and what it means are the same word: once
    given = {"id": "C-1", "revision": "1", "to": "given", "document": "No. 1", "valid_to": "2999-12-31"}
    assert send(browser(database, "member:RU"), "/agreements/permit/step", given).status_code == 403
    assert send(member, "/agreements/permit/step", {**given, "document": ""}).status_code == 409
    assert send(member, "/agreements/permit/step", given).status_code == 303
    assert "conclusion" not in {item.id for item in list(made.gates().values())[4].items if item.entity == "permit"}
    assert send(member, "/agreements/permit/step", given).status_code == 409
    for name in LANGUAGES:
        for path in (*PAGES, "/agreements/permit?id=C-1"):
            answer = member.get(f"{path}{'&' if '?' in path else '?'}language={name}")
            assert answer.status_code == 200 and "style=" not in answer.text, (path, answer.text)
            assert all(one.startswith("/") and not one.startswith("//") for one in References(answer.text).loaded)
    assert all(
        member.get(f"{path}?form={form}").status_code == 200 for path in (PAGES[0], PAGES[2]) for form in ("csv", "xlsx")
    )
    # A checklist asks for conclusions too: that of a permit is the government's.
    for name, said in (("en", "of the Government of Kazakhstan"), ("ru", "Правительства"), ("kk", "Үкіметінің")):
        assert said in member.get(f"/agreements/permit?id=C-1&language={name}").text.partition("</h1>")[0]
    assert {*PermitKind, *PermitState, *agreements.KINDS} <= set(LABELS)


def test_an_agreement_has_what_stands_under_it_and_is_corrected_by_its_keeper_with_a_reason(database, tmp_path):
    made = world(database, tmp_path / "files")
    made.act(KEEPER, agreements.seed)
    keeper, secretary = browser(database, "keeper"), browser(database, "secretary:RU")
    plan = {"id": "P-1", "year": "2026", "flights": "F1", "agreement": "baiterek"}
    assert send(secretary, "/agreements/plan", plan).status_code == 303
    conclusion = {"id": "C-1", "kind": "conclusion", "part": "KZ", "subject": "P-1", "agreement": "rules-838"}
    assert send(secretary, "/agreements/ask", conclusion).status_code == 303
    assert send(secretary, "/agreements/ask", {**conclusion, "id": "C-2", "agreement": "nothing"}).status_code == 409
    for name, none in (("en", "None is known."), ("ru", "Ничего не известно."), ("kk", "Белгілісі жоқ.")):
        shown = keeper.get(f"/agreements/agreement?id=commission-2025&language={name}").text
        # Both sides' procedures as the seed has them, the protocols of another agreement not among them.
        assert "commission-2025-kz-approval" in shown and "commission-2025-ru-members" in shown and none in shown
        assert 'id=baiterek-2025-protocol"' not in shown and 'rel="noreferrer noopener"' in shown and "style=" not in shown
    above = secretary.get("/agreements/agreement?id=baiterek&language=en").text
    assert all(text in above for text in ("baiterek-2018-protocol", "P-1 2026: F1", "/agreements/permit?id=C-1", "asked for"))
    assert "/agreements/permit?id=C-1" in secretary.get("/agreements/agreement?id=rules-838").text
    assert "/agreements/enter" not in above and secretary.get("/agreements/agreement?id=none").status_code == 404
    fields = {
        "id": "baiterek",
        "kind": "agreement",
        "title": "Agreement on Baiterek",
        "source": "the text",
        "reason": "its text",
    }
    assert send(secretary, "/agreements/enter", {**fields, "revision": "1"}).status_code == 403
    refused = ({"reason": ""}, {"parent": "baiterek-2018-protocol"}, {"signed_on": "22.12.2004"}, {"part": "KZ"},
               {"revision": "9"}, {"id": "new", "parent": "nothing"})  # fmt: skip
    for wrong in refused:
        assert send(keeper, "/agreements/enter", {**fields, "revision": "1", **wrong}).status_code in (404, 409), wrong
    assert send(keeper, "/agreements/enter", {**fields, "revision": "1", "signed_on": "2004-12"}).status_code == 303
    with database.reading() as look:
        assert reading.get(look, Agreement, "baiterek").signed_on == "2004-12"
