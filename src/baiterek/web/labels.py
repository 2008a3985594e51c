"""What a reader is told for the words that the record stores."""

from __future__ import annotations

from baiterek.campaign.complex import State
from baiterek.campaign.records import BodyKind, Part, Role
from baiterek.reports.language import Words, later

LABELS: dict[str, str] = {
    State.MOUNTED: later("mounted"),
    State.AUTONOMOUS_TESTS: later("autonomous tests"),
    State.INTEGRATED_TESTS: later("integrated tests"),
    State.ACCEPTED_WITH_REMARKS: later("accepted with remarks"),
    State.ACCEPTED: later("accepted"),
    State.IN_FLIGHT_TESTS: later("in flight tests"),
    State.OUT_OF_SERVICE: later("out of service"),
    Role.CO_CHAIR: later("co-chair"),
    Role.DEPUTY: later("deputy"),
    Role.MEMBER: later("member"),
    Role.SECRETARY: later("secretary"),
    Role.OBSERVER: later("observer"),
    Role.KEEPER: later("keeper"),
    Part.RU: later("Russian part"),
    Part.KZ: later("Kazakh part"),
    BodyKind.COMMISSION: later("commission"),
    BodyKind.TECHNICAL_MANAGEMENT: later("technical management"),
    BodyKind.WORKING_GROUP: later("working group"),
    BodyKind.ACCEPTANCE_COMMISSION: later("acceptance commission"),
    "site": later("site"),
    "structure": later("structure"),
    "unit": later("unit"),
    "file": later("file"),
    "folder": later("folder"),
    "organisation": later("organisation"),
    "person": later("person"),
    "body": later("body"),
    "membership": later("membership"),
    "ground_object": later("ground object"),
    "evidence": later("evidence"),
    "programme": later("test programme"),
    "requirement": later("requirement"),
    "verification": later("verification"),
    "test_case": later("test case"),
    "test_run": later("test run"),
    "remark": later("remark"),
    "waiver": later("waiver"),
    "flight": later("flight"),
    "criterion": later("criterion"),
    "voting_rule": later("voting rule"),
    "decision": later("decision"),
    "decision_condition": later("condition"),
    "vote": later("vote"),
    "signing_key": later("key of a member"),
    "decision_signature": later("signature"),
    "passage": later("passage of a gate"),
    "agreement": later("agreement"),
    "launch_plan": later("launch plan"),
    "permit": later("permit"),
    "account": later("account"),
    "password": later("changed the password"),
    "close": later("closed"),
    "reopen": later("opened again"),
    "create": later("created"),
    "update": later("changed"),
    "import": later("imported"),
    "step": later("took a step"),
    "attach": later("attached"),
    "appoint": later("appointed"),
    "relieve": later("relieved"),
    "seed": later("entered as published"),
}


def named(words: Words, value: object) -> str:
    """The reader's words for a stored one; what people wrote stays as they wrote it."""
    text = str(value)
    return words(LABELS[text]) if text in LABELS else text
