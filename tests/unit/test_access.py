"""Who may do what: every action of the record, tried by every role of each part, for what either part answers for."""

import inspect
import pkgutil
from contextlib import suppress
from importlib import import_module

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baiterek import campaign
from baiterek.campaign.commission import accounts, identities, passkeys
from baiterek.campaign.commission.access import Action, Actor
from baiterek.campaign.commission.members import appoint, name, relieve
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Account, Body, BodyKind, Membership, Organisation, Passkey, Person
from baiterek.campaign.complex.register import import_register
from baiterek.campaign.complex.states import State
from baiterek.campaign.complex.steps import step as step_object
from baiterek.campaign.evidence.store import attach
from baiterek.campaign.gates import agreements, decisions, signatures
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import Agreement, Condition, Criterion, Decision, Flight, LaunchPlan, Permit, VotingRule
from baiterek.campaign.gates.states import ConditionState, CriterionKind, CriterionState, DecisionState, Word
from baiterek.campaign.programme.records import Programme, Requirement, Verification
from baiterek.campaign.programme.steps import approve, assess, draft, judge, reopen
from baiterek.campaign.programme.verification import Compliance, Gate, Method, Result, Stage
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import RemarkState, WaiverKind, WaiverState
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.remarks.steps import step as step_remark
from baiterek.campaign.remarks.waivers import request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.schedule import milestones as schedule
from baiterek.campaign.schedule.records import Activity, Initiator, Milestone
from baiterek.campaign.sheets import Line
from baiterek.errors import Denied
from gate_cases import FLIGHT, KEYS, LATER, MEMBER_OF, SEATS, SECRETARY_OF, adopt, decide, drafted, meet_checklist, put, world
from programme_cases import case, made_and_judged, programme, run
from record_cases import KEEPER, MEMBER, SECRETARY

ACTING = (Role.CO_CHAIR, Role.DEPUTY, Role.MEMBER)
SEAT = {role: role.replace("co_", "") for role in ACTING}
"""What the memberships of the worlds below are called after their part."""
ACTORS = [
    Actor(f"{role} {part}", role, part, f"{part}-{SEAT[role]}".lower() if role in SEAT else None)
    for part in Part for role in Role if role is not Role.KEEPER
]  # fmt: skip
ACTORS.append(Actor("keeper", Role.KEEPER, None))
ROW = "R-1:integrated:test"
CITING = {
    "programme": "P", "requirement": "R-1", "verification": ROW, "test_run": "T-1", "waiver": "W-1", "ground_object": "42-01",
}  # fmt: skip
OWN = "own"
"""An approval is that of whoever gives it."""
NOBODY = "nobody"
SIGN = "sign"
"""What a co-chair alone does."""


class Undone(Exception):
    """Ends a transaction that was only tried."""


def may(actor, action, part):
    """The rule in the words of the issue: an observer reads, a secretary drafts, only a member of a part acts for it."""
    if action is Action.KEEP:
        return actor.role is Role.KEEPER
    own = actor.part is not None if part is OWN else actor.part is part
    if action is SIGN:
        return own and actor.role is Role.CO_CHAIR
    return own and (actor.role in ACTING or (actor.role is Role.SECRETARY and action is Action.DRAFT))


def deeds(store, file):
    """Every action as (name, what it needs, whose part, how); all of them legal in the record of `prepared`."""
    kz, ru = Part.KZ, Part.RU
    D, A, K = Action.DRAFT, Action.ACT, Action.KEEP
    said = {"grounds": (), "due_gate": Gate.G2}
    for part in Part:
        yield f"programme {part}", D, part, lambda c, part=part: draft(c, Programme("P-2", "x", "y", part))
        yield f"requirement {part}", D, part, lambda c, part=part: draft(c, Requirement("R-2", "P", "x", part))
        yield f"row {part}", D, part, lambda c, part=part: draft(
            c, Verification("R-1:flight:test", "R-1", Stage.FLIGHT, Method.TEST, part))  # fmt: skip
        yield f"case {part}", D, part, lambda c, part=part: draft(c, case("C-2", part=part))
        yield f"run {part}", D, part, lambda c, part=part: draft(c, run("T-2", part=part))
        yield f"raised by {part}", D, part, lambda c, part=part: raise_remark(c, Remark("M-9", "x", part, kz))
        yield f"waiver of {part}", D, part, lambda c, part=part: request(
            c, Waiver("W-9", WaiverKind.DEVIATION, "x", part, ("1",), None, "R-1"))  # fmt: skip
        yield f"object of {part}", D, part, lambda c, part=part: import_register(
            c, [Line(2, {"id": "43-01", "site": "43", "kind": "unit", "name": "x", "part": part})], "")  # fmt: skip
    for entity, id in CITING.items():
        yield f"evidence at {entity}", D, kz, lambda c, entity=entity, id=id: attach(c, store, file, id, None, "", entity)
    yield "approve", A, OWN, lambda c: approve(c, "P")
    yield "key", A, OWN, lambda c: step_waiver(c, "W-1", WaiverState(f"approved_{(c.actor.part or kz).lower()}"))
    yield "judge", A, kz, lambda c: judge(c, store, "T-1", Result.FAILED, "again")
    yield "assess", A, kz, lambda c: assess(c, store, ROW, Compliance.YES, True, "x")
    yield "reopen", A, kz, lambda c: reopen(c, ROW, "x")
    yield "classify", A, kz, lambda c: step_remark(c, store, "M-1", RemarkState.CLASSIFIED, "", **said)
    yield "withdraw", A, ru, lambda c: step_remark(c, store, "M-1", RemarkState.WITHDRAWN, "x")
    yield "object's step", A, kz, lambda c: step_object(c, store, "42-01", State.AUTONOMOUS_TESTS, "")
    yield "submit", A, kz, lambda c: step_waiver(c, "W-2", WaiverState.SUBMITTED)
    yield "organisation", K, None, lambda c: name(c, Organisation("o", "x", kz, "a page"))
    yield "person", K, None, lambda c: name(c, Person("p", "x", "a page"))
    yield "body", K, None, lambda c: name(c, Body("b", BodyKind.WORKING_GROUP, "x", "a page"))
    yield "appoint", K, None, lambda c: appoint(c, Membership("m-2", "commission", kz, Role.MEMBER, named_by="1"), "")
    yield "relieve", K, None, lambda c: relieve(c, "m-1", "2026-01-01", "x")


def prepared(database, folder):
    """A record in which every deed is legal."""
    with database.writing(KEEPER) as change:
        name(change, Body("commission", BodyKind.COMMISSION, "x", "a page"))
        appoint(change, Membership("m-1", "commission", Part.KZ, Role.MEMBER, named_by="1"), "")
    programme(database)
    made_and_judged(database, folder)
    with database.writing(MEMBER) as change:
        assess(change, database.evidence, ROW, Compliance.YES, False, "x")
    with database.writing(Actor("x", Role.SECRETARY, Part.RU)) as change:
        raise_remark(change, Remark("M-1", "x", Part.RU, Part.KZ))
    with database.writing(SECRETARY) as change:
        for id in ("W-1", "W-2"):
            request(change, Waiver(id, WaiverKind.DEVIATION, "x", Part.KZ, ("1",), None, "R-1"))
    with database.writing(MEMBER) as change:
        step_waiver(change, "W-1", WaiverState.SUBMITTED)


def seat(actor, part):
    """That of the actor's own role, in a part; whoever has none tries another's."""
    return f"{part}-{SEAT.get(actor.role, SEAT[Role.MEMBER])}".lower()


def deeds_at_gates(store):
    """The same for flights, decisions, signatures, agreements, the schedule and accounts, in the record of `decided`."""
    kz, ru = Part.KZ, Part.RU
    D, A, K = Action.DRAFT, Action.ACT, Action.KEEP
    other, key = {ru: kz, kz: ru, None: kz}, Ed25519PrivateKey.generate()
    texts = ("Да.", "Иә.")
    for part in Part:
        yield f"flight of {part}", D, part, lambda c, part=part: decisions.plan_flight(c, Flight("F2", "x", part))
        yield (
            f"decision of {part}",
            D,
            part,
            lambda c, part=part: decisions.draft(c, Decision("D", FLIGHT, Gate.G2, part, *texts)),
        )
        yield f"plan of {part}", D, part, lambda c, part=part: agreements.submit_plan(c, LaunchPlan("p-2", "2027", part, ()))
        yield f"milestone of {part}", D, part, lambda c, part=part: schedule.enter_milestone(
            c, Milestone("m-9", "x", "x", "", "2026", "2026", part=part))  # fmt: skip
        yield f"activity of {part}", D, part, lambda c, part=part: schedule.enter_activity(
            c, Activity("a-9", "x", part, 1, 2, 3, source="x"))  # fmt: skip
        yield f"entry met by {part}", A, part, lambda c, part=part: decisions.step_criterion(
            c, store, f"check-{part}", CriterionState.MET, "x")  # fmt: skip
        yield f"signed for {part}", SIGN, part, lambda c, part=part: decisions.sign(
            c, store, "D-signed", SEATS[part][Role.CO_CHAIR], KEYS[part])  # fmt: skip
    yield "milestone of both", D, OWN, lambda c: schedule.enter_milestone(c, Milestone("m-9", "x", "x", "", "2026", "2026"))
    yield "entry", D, OWN, lambda c: decisions.draft_criterion(
        c, Criterion("check-9", FLIGHT, Gate.G2, CriterionKind.CHECK, ru, *texts))  # fmt: skip
    yield "entry open again", A, OWN, lambda c: decisions.step_criterion(c, store, "F1-G0-01", CriterionState.OPEN, "x")
    yield "vehicle", A, ru, lambda c: decisions.configure(c, FLIGHT, "vehicle", ["x"], "x")
    yield "complex", A, kz, lambda c: decisions.configure(c, FLIGHT, "ground", ["x"], "x")
    yield "zones", A, ru, lambda c: decisions.configure(c, FLIGHT, "zones", ["x"], "x")
    yield "correction", D, ru, lambda c: decisions.draft(c, Decision("D-draft", FLIGHT, Gate.G1, ru, *texts), "x")
    yield "condition", D, ru, lambda c: decisions.draft_condition(c, Condition("C-9", "D-draft", kz, Gate.G3, *texts))
    yield "condition done", A, kz, lambda c: decisions.step_condition(c, store, "C-open", ConditionState.DONE, "x")
    yield "condition closed", A, ru, lambda c: decisions.step_condition(c, store, "C-done", ConditionState.CLOSED, "x")
    yield "condition not done", A, OWN, lambda c: decisions.step_condition(c, store, "C-done", ConditionState.OPEN, "x")
    yield "taken back", A, OWN, lambda c: decisions.step(c, store, "D-draft", DecisionState.WITHDRAWN, "x")
    yield "vote", A, OWN, lambda c: decisions.vote(c, "D-voting", seat(c.actor, c.actor.part or kz), Word.FOR)
    yield "vote of the other part", A, NOBODY, lambda c: decisions.vote(
        c, "D-voting", seat(c.actor, other[c.actor.part]), Word.FOR)  # fmt: skip
    yield "pass", A, ru, lambda c: decisions.pass_gate(c, store, FLIGHT, Gate.G1, "x")
    yield "turn back", A, ru, lambda c: decisions.turn_back(c, FLIGHT, Gate.G0, "x")
    yield "rule", K, None, lambda c: decisions.set_rule(c, VotingRule(decisions.RULE, "1/2", "1/2", False, "x"), "x")
    yield "key", K, None, lambda c: signatures.register(c, "ru-chair", key.public_key(), "2026-01-01", LATER, "x")
    yield "lost key", K, None, lambda c: signatures.revoke(c, signatures.fingerprint(KEYS[ru].public_key()), "x")
    yield "agreement", K, None, lambda c: agreements.enter(c, Agreement("x", "agreement", "x", source="a page"))
    yield "permit asked for", D, OWN, lambda c: agreements.ask(c, Permit("z-2", PermitKind.ZONE, kz, "b"))
    yield "permit given", A, kz, lambda c: agreements.step(c, "z-1", PermitState.GIVEN, document="No. 1", valid_to=LATER)
    yield "move", A, kz, lambda c: schedule.move(c, "m-1", "2028", Initiator.JOINT, "2026-02-01", "x", "x")
    yield "achieve", A, kz, lambda c: schedule.achieve(c, "m-1", "2026-02-01", "x")
    yield "account", K, None, lambda c: accounts.add(c, Account("b", Role.MEMBER, kz), "correct horse battery")
    yield "password", K, None, lambda c: accounts.set_password(c, "a", "correct horse battery", "lost")
    yield "another's passkey", A, NOBODY, lambda c: passkeys.add(c, Passkey("k-2", "a", "x", "x", "x"), 0)
    yield "lost passkey", K, None, lambda c: passkeys.remove(c, "k-1", "lost")
    yield "identity", K, None, lambda c: identities.bind(c, "a", "https://id.example", "s-2", "x")
    yield "identity gone", K, None, lambda c: identities.unbind(c, identities.fingerprint("https://id.example", "s-1"), "x")
    yield "closed account", K, None, lambda c: accounts.activate(c, "a", False, "left")


def decided(database, folder):
    """A record in which each of them is legal: G0 is passed, G1 holds and may be passed; every state of a decision is there."""
    made = world(database, folder)
    kz, ru, texts = Part.KZ, Part.RU, ("Да.", "Иә.")
    with database.writing(KEEPER) as change:
        for part in Part:
            deputy = f"{part}-deputy".lower()
            change.create(Membership(deputy, "commission", part, Role.DEPUTY, valid_from="2020-01-01", named_by="order 1"))
        accounts.add(change, Account("a", Role.MEMBER, kz), "correct horse battery")
        identities.bind(change, "a", "https://id.example", "s-1", "x")
    with database.writing(Actor("a", Role.MEMBER, kz)) as change:
        passkeys.add(change, Passkey("k-1", "a", "x", "x", "x"), 0)
    drafted(made, Gate.G0, "D-first")
    for id in ("C-open", "C-done"):
        made.act(SECRETARY_OF[ru], decisions.draft_condition, Condition(id, "D-first", kz, Gate.G6, *texts))
    made.act(MEMBER_OF[kz], decisions.step_condition, made.store, "C-done", ConditionState.DONE, "x")
    decide(made, Gate.G0)
    made.act(MEMBER_OF[ru], decisions.pass_gate, made.store, FLIGHT, Gate.G0, "x")
    decide(made, Gate.G1)
    for gate, part in ((Gate.G4, ru), (Gate.G4, kz)):
        entry = Criterion(f"check-{part}", FLIGHT, gate, CriterionKind.CHECK, part, *texts)
        made.act(SECRETARY_OF[part], decisions.draft_criterion, entry)
    drafted(made, Gate.G1, "D-draft")
    put(made, drafted(made, Gate.G1, "D-voting"))
    meet_checklist(made, Gate.G2)
    adopt(made, drafted(made, Gate.G2, "D-signed"))
    made.act(SECRETARY_OF[ru], agreements.ask, Permit("z-1", PermitKind.ZONE, kz, "a"))
    made.act(SECRETARY_OF[kz], schedule.enter_milestone, Milestone("m-1", "x", "x", "", "2026", "2026", part=kz))


def test_every_deed_by_every_role_of_each_part(database, tmp_path):
    prepared(database, tmp_path / "data")
    (tmp_path / "file.txt").write_text("x")
    assert walked(database, deeds(database.evidence, tmp_path / "file.txt")) == 11 * 36


@pytest.mark.usefixtures("cheap_hashes")
def test_every_deed_at_gates_by_every_role_of_each_part(database, tmp_path):
    decided(database, tmp_path / "data")
    assert walked(database, deeds_at_gates(database.evidence)) == 11 * 45


def walked(database, every):
    """Each deed by each actor, undone each time: how many were tried; who may and who may not is the issue's rule."""
    wrong, tried = [], 0
    for what, action, part, deed in every:
        for actor in ACTORS:
            tried += 1
            try:
                with suppress(Undone), database.writing(actor) as change:
                    proposals = deed(change)
                    if isinstance(proposals, list) and proposals[0].outcome == "refused":  # a table says it row by row
                        raise Denied("", proposals[0].why)
                    raise Undone
                allowed = True
            except Denied:
                allowed = False
            if allowed is not may(actor, action, part):
                wrong.append((what, actor.name, allowed))
    assert not wrong
    return tried


WALKED = {
    draft, approve, judge, assess, reopen, raise_remark, step_remark, request, step_waiver, import_register, attach,
    step_object, name, appoint, relieve, accounts.add, accounts.set_password, accounts.activate, passkeys.add,
    passkeys.remove, identities.bind, identities.unbind, agreements.enter,
    agreements.submit_plan, agreements.ask, agreements.step, decisions.plan_flight, decisions.configure,
    decisions.draft_criterion, decisions.step_criterion, decisions.draft, decisions.draft_condition,
    decisions.step_condition, decisions.step, decisions.vote, decisions.sign, decisions.pass_gate, decisions.turn_back,
    decisions.set_rule, signatures.register, signatures.revoke, schedule.enter_milestone, schedule.enter_activity,
    schedule.move, schedule.achieve,
}  # fmt: skip
BUILT = {
    "commission.seed", "agreements.seed", "schedule.seed", "agreements.enter_absent", "register.enter", "evidence.cite",
    "drafts.import_drafts", "example_programme.enter_example",
}  # fmt: skip
"""By the seeder alone; behind the import of a register; attach without the copying; `draft` row by row."""


def test_the_walk_knows_every_verb_that_changes_the_record():
    """A new function that takes a change and is not walked above, or is not built of ones that are, fails here."""
    for module in pkgutil.iter_modules(campaign.__path__, f"{campaign.__name__}."):
        if module.ispkg:
            continue
        for label, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            own = function.__module__ == module.name and not label.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "change":
                title = f"{module.name.rpartition('.')[2]}.{label}"
                assert function in WALKED or title in BUILT, title
