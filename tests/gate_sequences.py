"""Random sequences of actions on the gates of a flight, legal and illegal, by every role of both parts, against an oracle.

`benchmarks/gate_sequences.py` runs 10 000 of them, the tests a part.

After every action that was not refused, the gates that hold are those of `gate_oracle.py`, which reads raw rows and files, and
whatever was put to the vote rests on the evidence that the oracle names. A refusal has its reason in three languages. Some
sequences start where gates hold already, so that there is something to break; some actions go past the rules, as whoever owns
the database or the store can.
"""

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.members import relieve
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.complex import steps
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import STEPS
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import attach, broken, place
from baiterek.campaign.gates import agreements, decisions, signatures
from baiterek.campaign.gates.permits import PERMIT_STEPS, PermitKind, PermitState
from baiterek.campaign.gates.records import Condition, Criterion, Decision, LaunchPlan, Permit, SigningKey
from baiterek.campaign.gates.standing import standings
from baiterek.campaign.gates.states import CONDITION_STEPS, CRITERION_STEPS, DECISION_STEPS, ConditionState, Word
from baiterek.campaign.log import change
from baiterek.campaign.log.database import connect, create
from baiterek.campaign.programme.records import Verification
from baiterek.campaign.programme.steps import assess, reopen
from baiterek.campaign.programme.verification import Compliance, Gate
from baiterek.campaign.reason import Reason
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import (
    REMARK_STEPS,
    WAIVER_STEPS,
    Disposition,
    Ground,
    RemarkState,
    WaiverKind,
    WaiverState,
)
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.remarks.steps import step as step_remark
from baiterek.campaign.remarks.waivers import request
from baiterek.campaign.remarks.waivers import step as step_waiver
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused
from baiterek.reports.refusals import refusals
from gate_cases import (  # fmt: skip
    FLIGHT,
    KEYS,
    MEMBER_OF,
    OTHER_KEY,
    PARTS,
    World,
    adopt,
    decide,
    drafted,
    meet_checklist,
    permit_launch,
    permit_zone,
    sign,
    world,
)
from gate_oracle import Oracle
from programme_cases import made_and_judged, programme

ACTORS = [Actor(f"{role} {part}", role, part, at_machine=True) for part in Part for role in Role if role is not Role.KEEPER]
ACTORS.append(Actor("keeper", Role.KEEPER, None))
START = datetime(2026, 3, 1, 5, tzinfo=UTC)
LENGTH = 16
"""Actions of a sequence."""
STARTS = (None, Gate.G0, Gate.G1, Gate.G2, Gate.G3, Gate.G4)
DAYS = ("2026-02-01", "2026-04-01", "2026-06-01", "2999-12-31", None)


class Clock:
    """The record's clock, moved by an action."""

    def __init__(self):
        self.at = START

    def now(self):
        self.at += timedelta(microseconds=1)
        return self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @property
    def day(self):
        return self.at.date().isoformat()


def prepared(folder, clock):
    """A record and its store for each start: nothing decided, or every gate up to one holding."""
    made = {}
    for start in STARTS:
        home = folder / f"start-{start}"
        home.mkdir()
        database = create(str(home / "record.sqlite"))
        here = world(database, home / "files")
        programme(database)
        made_and_judged(database, home / "files")
        here.act(MEMBER_OF[Part.KZ], assess, here.store, "R-1:integrated:test", Compliance.YES, True, "protocol 17")
        if start is not None:
            begun(here, start)
        database.engine.dispose()
        made[start] = home
    clock.at = START
    return made


def begun(made, last):
    """Every gate up to one holds: a major remark is waived until June, a minor one is carried to G3 and settled there.

    Remarks, waiver, condition and conclusion have papers on which no rule looks but that of the decisions: they rest on them.
    """
    kz, ru = MEMBER_OF[Part.KZ], MEMBER_OF[Part.RU]
    for id, grounds, due in (("R-major", (Ground.SAFETY,), Gate.G1), ("R-minor", (), Gate.G0)):
        made.act(kz, raise_remark, Remark(id, "leak", Part.KZ, Part.KZ))
        made.act(kz, step_remark, made.store, id, RemarkState.CLASSIFIED, grounds=grounds, due_gate=due)
        made.evidence(kz, "remark", id, "seen")
    made.act(
        kz, request, Waiver("W-0", WaiverKind.WAIVER, "small", Part.KZ, (FLIGHT,), "R-major", valid_to="2026-06-01")
    )  # fmt: skip
    made.evidence(kz, "waiver", "W-0", "measured")
    made.act(kz, step_waiver, "W-0", WaiverState.SUBMITTED)
    made.act(kz, step_waiver, "W-0", WaiverState.APPROVED_KZ)
    made.act(ru, step_waiver, "W-0", WaiverState.ACTIVE)
    meet_checklist(made, Gate.G0)
    drafted(made, Gate.G0, "D-G0")
    carried = Condition("C-0", "D-G0", Part.KZ, Gate.G3, "Устранить.", "Жойылсын.", "", "remark", "R-minor")
    made.act(ru, decisions.draft_condition, carried)
    made.evidence(kz, "decision_condition", "C-0", "planned")
    adopt(made, "D-G0")
    for part in PARTS:
        sign(made, "D-G0", part)
    for gate in tuple(Gate)[1:]:
        if gate > last:
            return
        if gate is Gate.G3:
            made.act(kz, step_remark, made.store, "R-minor", RemarkState.WITHDRAWN, "painted")
            made.act(kz, decisions.step_condition, made.store, "C-0", ConditionState.DONE, "painted")
            made.act(ru, decisions.step_condition, made.store, "C-0", ConditionState.CLOSED, "seen")
        if gate is Gate.G4:
            permit_launch(made)
            permit_zone(made, "a")
            made.evidence(kz, "permit", "conclusion-1", "printed")
        decide(made, gate)


class Sequence:
    """One sequence: its record, its dice, its clock."""

    def __init__(self, home, database, seed, clock):
        self.home, self.database, self.seed, self.clock = home, database, seed, clock
        self.dice = random.Random(seed)
        self.path = home / "record.sqlite"
        self.world = World(self.database, home / "files")
        self.store = self.database.evidence
        self.made = 0

    # --- picking

    def one(self, *choices):
        return self.dice.choice(choices)

    def of(self, kind, nothing="nowhere"):
        """The name of some record of a kind."""
        with self.database.reading() as look:
            names = [record.id for record in reading.every(look, kind)]
        return self.dice.choice(names) if names and self.dice.random() < 0.97 else nothing

    def of_state(self, kind, taken):
        """Some record of a kind, and mostly a state that a step leads to from its own."""
        with self.database.reading() as look:
            found = reading.every(look, kind)
        if not found or self.dice.random() < 0.03:
            return "nowhere", taken[0].end
        record = self.dice.choice(found)
        ends = [step.end for step in taken if step.start is record.state]
        any_end = self.dice.choice([step.end for step in taken])
        return record.id, self.dice.choice(ends) if ends and self.dice.random() < 0.8 else any_end

    def new(self, prefix):
        self.made += 1
        return f"{prefix}-{self.made}"

    # --- what anybody may try: (how, arguments)

    def raise_one(self):
        part = self.one(*PARTS)
        return raise_remark, (Remark(self.new("R"), self.one("leak", "paint", " "), part, self.one(*PARTS)),), {}

    def step_one(self):
        id, to = self.of_state(Remark, REMARK_STEPS)
        said = {
            RemarkState.CLASSIFIED: {"grounds": self.one((), (), (Ground.SAFETY,)), "due_gate": self.one(*Gate)},
            RemarkState.CAUSE_FOUND: {"cause": "wear"},
            RemarkState.DISPOSED: {"disposition": self.one(*Disposition), "action": "exchange"},
        }  # fmt: skip
        return step_remark, (self.store, id, to, self.one("", "because", "so")), said.get(to, {})

    def waive(self):
        part, day = self.one(*PARTS), self.one(*DAYS)
        waiver = Waiver(
            self.new("W"), self.one(*WaiverKind), "below the limit", part, self.one((FLIGHT,), (FLIGHT, "F2"), ("F2",), ()),
            self.of(Remark) if self.dice.random() < 0.7 else None, self.one(None, "R-1"), self.one(*Gate, None), day,
        )  # fmt: skip
        return request, (waiver,), {}

    def step_waived(self):
        return step_waiver, (*self.of_state(Waiver, WAIVER_STEPS), self.one("", "because")), {}

    def check(self):
        return (
            decisions.step_criterion,
            (self.store, *self.of_state(Criterion, CRITERION_STEPS), self.one("", "protocol 5")),
            {},
        )

    def attach_one(self):
        entity, kind = self.one(
            ("criterion", Criterion), ("remark", Remark), ("decision", Decision), ("decision_condition", Condition),
            ("verification", Verification), ("waiver", Waiver), ("permit", Permit), ("flight", GroundObject),
        )  # fmt: skip
        path = self.home / "files" / self.new("paper")
        path.write_text(self.one("a", "b", path.name))
        return attach, (self.store, path, self.of(kind), None, "", entity), {}

    def draft_one(self):
        part = self.one(*PARTS)
        old = self.dice.random() < 0.2
        id = self.of(Decision) if old else self.new("D")
        said = {"text_ru": self.one("Да.", ""), "text_kk": "Иә.", "valid_to": self.one(*DAYS)}
        return decisions.draft, (Decision(id, FLIGHT, self.one(*Gate), part, **said),), {}

    def draft_carrying(self):
        entity, kind = self.one(
            ("remark", Remark), ("criterion", Criterion), ("decision_condition", Condition), ("verification", Verification),
            ("evidence", Evidence), ("ground_object", GroundObject), ("permit", Permit),
        )  # fmt: skip
        carried = Condition(
            self.new("C"), self.of(Decision), self.one(*PARTS), self.one(*Gate), "Устранить.", "Жойылсын.", "",
            *self.one((entity, self.of(kind)), ("", ""), (entity, "")),
        )  # fmt: skip
        return decisions.draft_condition, (carried,), {}

    def step_carried(self):
        return decisions.step_condition, (self.store, *self.of_state(Condition, CONDITION_STEPS), self.one("", "done")), {}

    def step_decided(self):
        return decisions.step, (self.store, *self.of_state(Decision, DECISION_STEPS), self.one("", "because")), {}

    def vote_one(self):
        return decisions.vote, (self.of(Decision), self.of(Membership), self.one(*Word, Word.FOR), self.one("", "no")), {}

    def sign_one(self):
        key = self.one(*KEYS.values(), OTHER_KEY)
        return decisions.sign, (self.store, self.of(Decision), self.of(Membership), key), {}

    def configure_one(self):
        what = self.one("vehicle", "ground", "zones", "colour")
        return decisions.configure, (FLIGHT, what, self.one(["a"], ["a", "b"], []), self.one("", "exchanged")), {}

    def step_ground(self):
        return steps.step, (self.store, *self.of_state(GroundObject, STEPS), self.one("", "tests added")), {}

    def pass_one(self):
        return decisions.pass_gate, (self.store, FLIGHT, self.one(*Gate), "go"), {}

    def turn_one(self):
        return decisions.turn_back, (FLIGHT, self.one(*Gate), self.one("", "scrub")), {}

    def plan_one(self):
        id = self.one(self.new("plan"), "plan-1")
        return agreements.submit_plan, (LaunchPlan(id, "2026", self.one(*PARTS), self.one((FLIGHT,), ())),), {}

    def ask_one(self):
        kind = self.one(*PermitKind)
        subject = {PermitKind.CONCLUSION: self.of(LaunchPlan), PermitKind.ZONE: self.one("a", "b"), PermitKind.LAUNCH: FLIGHT}
        asked = Permit(self.new("P"), kind, self.one(*PARTS), subject[kind], self.one((), (FLIGHT,)))
        return agreements.ask, (asked,), {}

    def grant_one(self):
        id, to = self.of_state(Permit, PERMIT_STEPS)
        said = {"document": "No. 1", "valid_to": self.one(*DAYS)} if to is PermitState.GIVEN else {}
        return agreements.step, (id, to, self.one("", "because")), said

    def relieve_one(self):
        return relieve, (self.of(Membership), self.one("2026-02-01", "2026-03-01", "2026-06-01"), "order 2"), {}

    def key_one(self):
        if self.dice.random() < 0.5:
            return signatures.revoke, (self.of(SigningKey), self.one("", "lost")), {}
        chosen = self.one(OTHER_KEY, KEYS[Part.RU]).public_key()
        return signatures.register, (self.of(Membership), chosen, "2026-01-01", self.one("2026-02-01", "2027-01-01"), "new"), {}

    def assess_one(self):
        if self.dice.random() < 0.4:
            return reopen, (self.of(Verification), "seen again"), {}
        word = self.one(*Compliance)
        return assess, (self.store, self.of(Verification), word, self.one(True, False), "protocol 18"), {}

    TRIES = (
        raise_one, step_one, step_one, waive, step_waived, step_waived, check, attach_one, draft_one, draft_carrying,
        step_carried, step_carried, step_decided, step_decided, vote_one, sign_one, configure_one, step_ground, pass_one,
        turn_one, plan_one, ask_one, grant_one, relieve_one, key_one, assess_one,
    )  # fmt: skip

    # --- what goes past the rules, and what goes on as it should

    def past(self):
        """Rows and contents changed by whoever owns them, or time."""
        kind = self.dice.randrange(4)
        if kind == 0:
            self.clock.at += timedelta(days=self.one(1, 40, 100))
            return "time passes"
        if kind == 1:
            path = self.content()
            if path.is_file():
                path.chmod(0o644)
                path.write_bytes(self.one(path.read_bytes(), path.read_bytes() + b"!"))
            return "content changed"
        if kind == 2:
            path = self.content()
            if path.is_file():
                path.unlink()
            return "content lost"
        statement = self.one(
            "UPDATE decision SET text_kk = text_kk || '.'", "UPDATE vote SET word = 'for'", "UPDATE vote SET dissent = ''",
            "DELETE FROM vote WHERE word <> 'for'", "UPDATE decision SET valid_to = '2999-12-31'",
            "UPDATE decision_signature SET at = '2026-03-02T00:00:00.000000Z'", "UPDATE decision SET evidence = '{}'",
            "UPDATE decision_condition SET due_gate = 'G6'", "UPDATE decision SET state = 'adopted' WHERE state = 'rejected'",
            "UPDATE evidence SET sha256 = '00' WHERE entity = 'criterion'",
            "UPDATE evidence SET sha256 = (SELECT min(sha256) FROM evidence) WHERE entity = 'waiver'",
            "UPDATE waiver SET state = 'active'", "UPDATE signing_key SET membership = 'ru-chair'",
            "UPDATE flight SET vehicle = '[\"c\"]'",
        )  # fmt: skip
        self.database.engine.dispose()
        with sqlite3.connect(self.path) as connection:
            connection.execute(statement)
        connection.close()
        return "rows rewritten"

    def content(self):
        """Where a content lies: what cites it first, so that the many papers of checklists do not hide the others."""
        with self.database.reading() as look:
            cited = reading.every(look, Evidence)
        entity = self.one(*sorted({piece.entity for piece in cited}))
        return place(self.store, self.one(*(piece for piece in cited if piece.entity == entity)).sha256)

    def onward(self):
        """A gate is decided as it should be, as far as that goes, so that something holds; why it goes no further."""
        gates = self.gates()
        try:
            self.decided(next((gate for gate in Gate if not gates[gate].holds), Gate.G6))
        except Refused as refusal:
            return refusal
        return None

    def decided(self, gate):
        step = self.dice.randrange(4)
        if step == 0:
            meet_checklist(self.world, gate)
        elif step == 1 and gate is Gate.G4:
            permit_launch(self.world)
        elif step == 2:
            name = drafted(self.world, gate, self.new("D"))
            adopt(self.world, name)
            for part in PARTS:
                sign(self.world, name, part)
        else:
            decide(self.world, gate, self.new("D"))

    def gates(self):
        with self.database.reading() as look:
            return standings(look, self.faults, FLIGHT, self.clock.day)

    def faults(self, pieces):
        return broken(self.store, pieces)

    def act(self):
        """One action: what it was, and why it was refused."""
        luck = self.dice.random()
        try:
            if luck < 0.06:
                return self.past(), None
            if luck < 0.2:
                return "onward", self.onward()
            how, arguments, named = self.dice.choice(self.TRIES)(self)
            self.try_by(how, arguments, named)
            return f"{how.__module__.rpartition('.')[2]}.{how.__name__}", None
        except Refused as refusal:
            return "refused", refusal

    def try_by(self, how, arguments, named):
        """By somebody; mostly, if they have no right to it, by the next, so that it is not only rights that are tried."""
        actors = self.dice.sample(ACTORS, len(ACTORS))
        patient = self.dice.random() < 0.8
        for actor in actors:
            try:
                with self.database.writing(actor) as changing:
                    how(changing, *arguments, **named)
                return
            except Denied:
                if not patient or actor is actors[-1]:
                    raise


def untold(why, name):
    """What of a reason a language lacks."""
    if not isinstance(why, Reason):
        return [f"no reason: {why}"]
    lacking = [] if refusals(name).knows(why.text) else [why.text]
    return lacking + [text for value in why.values.values() if isinstance(value, Reason) for text in untold(value, name)]


def play(home, database, seed, clock, counts):
    """One sequence; raises AssertionError with the seed where the record and the oracle differ."""
    one = Sequence(home, database, seed, clock)
    with closing(sqlite3.connect(one.path)) as raw:
        play_on(one, raw, counts)


def play_on(one, raw, counts):
    """The actions of a sequence; `raw` is a connection to its file apart from the record's."""
    seed, clock = one.seed, one.clock
    done, put = [], set(Oracle(raw, one.store, FLIGHT, clock.day).put())
    for _ in range(LENGTH):
        what, refusal = one.act()
        counts["actions"] += 1
        counts[what] += 1
        done.append(what if refusal is None else f"refused: {refusal}")
        if refusal is not None:
            lacking = [text for name in ("ru", "kk") for text in untold(refusal.why, name)]
            assert not lacking, f"seed {seed}: {lacking}"
            if what == "refused":
                continue
        found, oracle = one.gates(), Oracle(raw, one.store, FLIGHT, clock.day)
        holding = [gate.value for gate in Gate if found[gate].holds]
        expected = oracle.holding()
        reasons = {gate.value: list(found[gate].reasons) for gate in Gate}
        assert holding == expected, f"seed {seed}: holds {holding}, oracle {expected}\n{done}\n{reasons}"
        for name, decision in oracle.put().items():
            if name not in put:
                assert decision["evidence"] == oracle.rests(decision), f"seed {seed}: {name} rests on other evidence\n{done}"
                put.add(name)
                counts["decisions put to the vote"] += 1
        for gate in Gate:
            for why in found[gate].reasons:
                lacking = [text for name in ("ru", "kk") for text in untold(why, name)]
                assert not lacking, f"seed {seed}: {lacking}"
        counts["gates that held"] += len(holding)
        counts["gates that did not"] += len(Gate) - len(holding)


def play_many(first, count, folder, counts, said=lambda done: None):
    """Sequences of consecutive seeds, each in a copy of its start; `said` hears how many are done."""
    clock = Clock()
    kept = change.now, steps.now
    change.now = steps.now = clock.now
    try:
        starts = prepared(folder, clock)
        home = folder / "play"
        home.mkdir()
        database = connect(str(folder / "play" / "record.sqlite"))
        for seed in range(first, first + count):
            clock.at = START + timedelta(days=1)
            shutil.rmtree(home)
            shutil.copytree(starts[STARTS[seed % len(STARTS)]], home)
            play(home, database, seed, clock, counts)
            database.engine.dispose()
            said(seed - first + 1)
    finally:
        change.now, steps.now = kept
