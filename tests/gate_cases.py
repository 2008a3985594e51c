"""A commission of two co-chairs and two members a part, their keys, and a flight whose gates can be passed."""

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body, BodyKind, Membership
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.evidence.store import attach, broken
from baiterek.campaign.gates import agreements, decisions, signatures
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import Criterion, Decision, Flight, LaunchPlan, Permit
from baiterek.campaign.gates.standing import standings
from baiterek.campaign.gates.states import CriterionKind, CriterionState, DecisionState, Word
from baiterek.campaign.programme.verification import Gate
from record_cases import KEEPER, ground_object

FLIGHT = "F1"
LATER = "2999-12-31"
PARTS = (Part.RU, Part.KZ)
SEATS = {part: {Role.CO_CHAIR: f"{part.lower()}-chair", Role.MEMBER: f"{part.lower()}-member"} for part in PARTS}
CHAIR = {part: Actor(f"co-chair, {part} part", Role.CO_CHAIR, part, SEATS[part][Role.CO_CHAIR]) for part in PARTS}
MEMBER_OF = {part: Actor(f"member, {part} part", Role.MEMBER, part, SEATS[part][Role.MEMBER]) for part in PARTS}
SECRETARY_OF = {part: Actor(f"secretary, {part} part", Role.SECRETARY, part) for part in PARTS}
KEYS = {part: Ed25519PrivateKey.from_private_bytes(bytes([k]) * 32) for k, part in enumerate(PARTS, 1)}
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)


class World(NamedTuple):
    """A record and a folder for files that become evidence."""

    database: object
    folder: object

    @property
    def store(self):
        return self.database.evidence

    def act(self, actor, how, *arguments, **named):
        """One change in somebody's name."""
        with self.database.writing(actor) as change:
            return how(change, *arguments, **named)

    def gates(self, day=None, flight=FLIGHT):
        from baiterek.campaign.log.change import now

        with self.database.reading() as look:
            return standings(look, lambda pieces: broken(self.store, pieces), flight, day or now()[:10])

    def evidence(self, actor, entity, id, text):
        path = self.folder / f"{entity}-{id}-{text}.txt".replace("/", "_").replace(":", "_")
        path.write_text(f"{entity} {id} {text}")
        return self.act(actor, attach, self.store, path, id, None, "", entity)


def world(database, folder):
    """The commission, its keys, the voting rule, one accepted object, the flight with its vehicle, plan and conclusion."""
    folder.mkdir(exist_ok=True)
    made = World(database, folder)
    with database.writing(KEEPER) as change:
        agreements.seed(change)
        change.create(Body("commission", BodyKind.COMMISSION, "commission"))
        for part in PARTS:
            for role, seat in SEATS[part].items():
                change.create(Membership(seat, "commission", part, role, valid_from="2020-01-01", named_by="order 1"))
            chair, key = SEATS[part][Role.CO_CHAIR], KEYS[part].public_key()
            signatures.register(change, chair, key, "2020-01-01", LATER, "shown in person")
    with database.writing(MEMBER_OF[Part.KZ]) as change:
        change.create(ground_object(state=State.ACCEPTED, basis="act 1"))
    made.act(SECRETARY_OF[Part.RU], decisions.plan_flight, Flight(FLIGHT, "first flight", Part.RU))
    made.act(MEMBER_OF[Part.RU], decisions.configure, FLIGHT, "vehicle", ["stage 1 s/n 1", "stage 2 s/n 1"], "as built")
    return made


def meet_checklist(made, gate):
    """Every entry of a gate's checklist, conclusions with their document."""
    with made.database.reading() as look:
        from baiterek.campaign.rows import reading

        listed = [one for one in reading.every(look, Criterion, flight=FLIGHT) if one.gate is gate]
    for one in listed:
        if one.state is CriterionState.MET:
            continue
        if one.kind is CriterionKind.CONCLUSION:
            made.evidence(SECRETARY_OF[one.part], "criterion", one.id, "signed")
        made.act(MEMBER_OF[one.part], decisions.step_criterion, made.store, one.id, CriterionState.MET, "protocol 5")


def permit_launch(made):
    """The plan of launches that has the flight, and the conclusion on it."""
    made.act(SECRETARY_OF[Part.RU], agreements.submit_plan, LaunchPlan("plan-1", "2026", Part.RU, (FLIGHT,)))
    asked = Permit("conclusion-1", PermitKind.CONCLUSION, Part.KZ, "plan-1")
    made.act(SECRETARY_OF[Part.RU], agreements.ask, asked)
    made.act(
        MEMBER_OF[Part.KZ], agreements.step, "conclusion-1", PermitState.GIVEN, "", document="No. 1", valid_to=LATER
    )  # fmt: skip


def permit_zone(made, zone):
    """The flight drops something there, and may."""
    made.act(MEMBER_OF[Part.RU], decisions.configure, FLIGHT, "zones", [zone], "corridor")
    made.act(SECRETARY_OF[Part.RU], agreements.ask, Permit(f"zone-{zone}", PermitKind.ZONE, Part.KZ, zone, (FLIGHT,)))
    made.act(
        MEMBER_OF[Part.KZ], agreements.step, f"zone-{zone}", PermitState.GIVEN, "", document="No. 2", valid_to=LATER
    )  # fmt: skip


def drafted(made, gate, id, **values):
    texts = {"text_ru": "Разрешить.", "text_kk": "Рұқсат берілсін.", "valid_to": LATER}
    made.act(SECRETARY_OF[Part.RU], decisions.draft, Decision(id, FLIGHT, gate, Part.RU, **(texts | values)))
    return id


def put(made, id):
    made.act(MEMBER_OF[Part.RU], decisions.step, made.store, id, DecisionState.VOTING)


def vote(made, id, word=Word.FOR):
    for part in PARTS:
        for role, actor in ((Role.CO_CHAIR, CHAIR[part]), (Role.MEMBER, MEMBER_OF[part])):
            made.act(actor, decisions.vote, id, SEATS[part][role], word)


def adopt(made, id):
    put(made, id)
    vote(made, id)
    made.act(MEMBER_OF[Part.KZ], decisions.step, made.store, id, DecisionState.ADOPTED)


def sign(made, id, part):
    made.act(CHAIR[part], decisions.sign, made.store, id, SEATS[part][Role.CO_CHAIR], KEYS[part])


def decide(made, gate, id=None):
    """Checklist, decision, votes, both signatures."""
    meet_checklist(made, gate)
    name = drafted(made, gate, id or f"D-{gate}")
    adopt(made, name)
    for part in PARTS:
        sign(made, name, part)
    return name


def decide_up_to(made, last):
    for gate in Gate:
        if gate is Gate.G4:
            permit_launch(made)
        decide(made, gate)
        if gate is last:
            return


def mounted(id="42-02"):
    return GroundObject(id, "42", "unit", "tank", Part.KZ)
