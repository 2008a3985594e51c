"""Pages of agreements, plans of launches, conclusions and permissions."""

from baiterek.campaign.gates import agreements
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.reports.language import LANGUAGES
from baiterek.web.labels import LABELS
from gate_cases import world
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
    assert {*PermitKind, *PermitState, *agreements.KINDS} <= set(LABELS)
