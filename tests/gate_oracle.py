"""Whether a gate may hold, worked out anew from the raw rows of an SQLite file and the raw files of the store.

Nothing of the package is imported: what a decision binds, who may sign, what blocks, is written down here a second time, from
the issue's sentences. Gates are compared with it after every action of a random sequence.
"""

import hashlib
import json
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

GATES = ["G0", "G1", "G2", "G3", "G4", "G5", "G6"]
TABLES = (
    "flight", "criterion", "decision", "decision_condition", "vote", "signing_key", "decision_signature", "passage", "permit",
    "launch_plan", "ground_object", "remark", "waiver", "evidence", "membership", "verification", "test_case", "test_run",
    "requirement",
)  # fmt: skip
LISTS = (
    "vehicle", "ground", "zones", "flights", "evidence", "configuration", "waived", "rule", "sections", "systems", "documents",
    "requirements", "objects",
)  # fmt: skip
CONDITION = ("id", "part", "due_gate", "text_ru", "text_kk", "text_en", "entity", "entity_id", "organisation")
RECEIVED = ("accepted", "accepted_with_remarks", "in_flight_tests")


def rows(connection):
    """Every table as a list of plain dictionaries."""
    found = {}
    for table in TABLES:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        lists = [name for name in names if name in LISTS]
        listed = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in listed:
            for name in lists:
                if isinstance(row[name], str) and row[name][:1] in "[{":
                    row[name] = parsed(row[name])
        found[table] = listed
    return found


@lru_cache(4096)
def parsed(text):
    """Whoever reads it changes nothing of it."""
    return json.loads(text)


def sha(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(4096)
def made_by(pem, id, signature, text):
    """Whether the key with that fingerprint signed a text: asked of the same ones at each gate after each action."""
    public = load_pem_public_key(pem.encode())
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if hashlib.sha256(der).hexdigest() != id:
        return False
    try:
        public.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


class Oracle:
    """The record at one instant, on one day, through a connection of its own to the file."""

    def __init__(self, connection, store, flight, day):
        self.t, self.store, self.day, self.known = rows(connection), store, day, {}
        self.flight = next(row for row in self.t["flight"] if row["id"] == flight)

    def holding(self):
        """The gates that hold."""
        found = {}
        for gate in GATES:
            found[gate] = self.governed(gate) and not any(self.blockers(gate, found))
        return [gate for gate in GATES if found[gate]]

    # --- the decision

    def put(self):
        """The decisions that were put to the vote, with the evidence that each was bound to."""
        return {d["id"]: d for d in self.t["decision"] if d["flight"] == self.flight["id"] and d["number"]}

    def rests(self, d):
        """The evidence to which a decision that is put to the vote now is bound: all of what its gate looks at."""
        gate, own = d["gate"], {one["id"] for one in self.t["decision"] if one["flight"] == d["flight"]}
        citing = {("decision", d["id"])}
        citing |= {("criterion", c["id"]) for c in self.t["criterion"] if (c["flight"], c["gate"]) == (d["flight"], gate)}
        for entity in ("remark", "verification", "decision_condition"):
            for one in self.t[entity]:
                if one["due_gate"] and one["due_gate"] <= gate and one.get("decision", d["id"]) in own:
                    citing.add((entity, one["id"]))
                    citing |= {("test_run", id) for _, id, _ in self.runs(one)[1]} if entity == "verification" else set()
        citing |= {("waiver", w["id"]) for w in self.t["waiver"] if d["flight"] in w["flights"]}
        citing |= {("permit", p["id"]) for p in self.t["permit"]}
        return {e["id"]: e["sha256"] for e in self.t["evidence"] if (e["entity"], e["entity_id"]) in citing}

    def decisions(self, gate):
        return [d for d in self.t["decision"] if (d["flight"], d["gate"]) == (self.flight["id"], gate)]

    def last(self, gate):
        closed = [d for d in self.decisions(gate) if d["closed_at"]]
        return max(closed, key=lambda d: d["number"]) if closed else None

    def governed(self, gate):
        """Adopted last, in time, nothing of it changed, and with two good signatures."""
        d = self.last(gate)
        if d is None or d["state"] != "adopted" or not d["valid_to"] or d["valid_to"] < self.day:
            return False
        there = {e["id"]: e for e in self.t["evidence"]}
        for name, sha256 in d["evidence"].items():
            if name not in there or there[name]["sha256"] != sha256 or not self.whole(there[name]):
                return False
        bound = self.bound(d)
        if any(bound[name] != was for name, was in d["configuration"].items()):
            return False
        return all(self.signed(d, part, bound) for part in ("RU", "KZ"))

    def bound(self, d):
        objects = [
            [o["id"], o["site"], o["kind"], o["name"], o["systems"], o["designer"], o["documents"]]
            for o in self.t["ground_object"]
            if o["state"] != "out_of_service"
        ]
        votes = [
            [v["id"], v["membership"], v["part"], v["word"], v["dissent"], v["at"]]
            for v in self.t["vote"]
            if v["decision"] == d["id"]
        ]
        conditions = [[c[name] for name in CONDITION] for c in self.t["decision_condition"] if c["decision"] == d["id"]]
        checklist = [
            [c[name] for name in ("id", "kind", "part", "text_ru", "text_kk", "text_en", "organisation", "state", "basis")]
            for c in self.t["criterion"]
            if (c["flight"], c["gate"]) == (d["flight"], d["gate"])
        ]
        text = [
            d[name] for name in ("id", "flight", "gate", "number", "text_ru", "text_kk", "text_en", "valid_to", "closed_at")
        ]
        there = {e["id"]: e["sha256"] for e in self.t["evidence"]}
        found = {
            "text": sha(text), "votes": sha(votes), "conditions": sha(conditions), "checklist": sha(checklist),
            "rule": sha(d["rule"]), "waivers": sha(d["waived"]),
            "evidence": sha([{name: there.get(name, "") for name in d["evidence"]}, d["evidence"]]),
            "ground": sha([self.flight["ground"], objects]),
        }  # fmt: skip
        if d["gate"] > "G0":
            found["vehicle"] = sha(self.flight["vehicle"])
        if d["gate"] >= "G4":
            found["zones"] = sha(self.flight["zones"])
        return found

    def signed(self, d, part, bound):
        """A co-chair of that part, in office when it was signed, with their own key, valid and not revoked then."""
        for s in self.t["decision_signature"]:
            if (s["decision"], s["part"]) != (d["id"], part) or s["sections"] != bound:
                continue
            key = next((k for k in self.t["signing_key"] if k["id"] == s["key"]), None)
            seat = next((m for m in self.t["membership"] if m["id"] == s["membership"]), None)
            day = s["at"][:10]
            if key is None or seat is None or key["membership"] != seat["id"]:
                continue
            if (seat["part"], seat["role"], seat["body"]) != (part, "co_chair", "commission"):
                continue
            if not (seat["valid_from"] or "") <= day <= (seat["valid_to"] or "9999"):
                continue
            if not key["valid_from"] <= day <= key["valid_to"] or (key["revoked_at"] or "9999") <= s["at"]:
                continue
            if self.verifies(s, key):
                return True
        return False

    @staticmethod
    def verifies(s, key):
        said = [s["decision"], s["part"], s["membership"], s["key"], s["at"], s["sections"]]
        text = "baiterek decision " + json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return made_by(key["public"], key["id"], s["signature"], text)

    # --- what blocks

    def blockers(self, gate, found):
        carried = self.carried(gate)
        yield from self.checklist(gate, carried)
        yield from self.remarks(gate, carried)
        yield from self.rows(gate, carried)
        for c in self.t["decision_condition"]:
            above = next(d for d in self.t["decision"] if d["id"] == c["decision"])
            mine = above["flight"] == self.flight["id"] and above["state"] == "adopted"
            due = mine and c["due_gate"] <= gate and c["state"] != "closed"
            if due and ("decision_condition", c["id"]) not in carried:
                yield c["id"]
        objects = [o for o in self.t["ground_object"] if o["state"] != "out_of_service"]
        if not objects:
            yield "register"
        yield from (o["id"] for o in objects if o["state"] not in RECEIVED)
        if gate > "G0":
            if not self.flight["vehicle"]:
                yield "vehicle"
            before = GATES[GATES.index(gate) - 1]
            passed = any(p["gate"] == before and not p["turned_back_at"] for p in self.t["passage"])
            if not found[before] and not passed:
                yield before
        if gate == "G4":
            yield from self.permits()

    def carried(self, gate):
        """What conditions, due later, of the decisions that govern this gate and those before it carry."""
        names = set()
        for one in GATES[: GATES.index(gate) + 1]:
            d = self.last(one)
            if d is not None and (one == gate or d["state"] == "adopted"):
                names.add(d["id"])
        return {
            (c["entity"], c["entity_id"])
            for c in self.t["decision_condition"]
            if c["decision"] in names and c["due_gate"] > gate
        }

    def checklist(self, gate, carried):
        listed = [c for c in self.t["criterion"] if (c["flight"], c["gate"]) == (self.flight["id"], gate)]
        if not listed:
            yield "no checklist"
        for c in listed:
            pieces, named = self.evidence("criterion", c["id"]), c["kind"] == "conclusion"
            missing = named and not pieces
            unmet = c["state"] != "met" and (named or ("criterion", c["id"]) not in carried)
            if missing or unmet or not all(map(self.whole, pieces)):
                yield c["id"]

    def remarks(self, gate, carried):
        d = self.last(gate)
        carry_major = d is not None and d["rule"].get("carry_major") == "yes"
        for r in self.t["remark"]:
            if r["state"] == "withdrawn" or (r["due_gate"] and r["due_gate"] > gate):
                continue
            lasting = r["severity"] == "major" and r["disposition"] in ("use_as_is", "repair")
            if r["state"] == "closed" and not lasting:
                continue
            if r["severity"] and self.waived(gate, remark=r["id"]):
                continue
            light = r["severity"] == "minor" or (r["severity"] == "major" and carry_major)
            if not (light and ("remark", r["id"]) in carried):
                yield r["id"]

    def rows(self, gate, carried):
        for v in self.t["verification"]:
            if not v["due_gate"] or v["due_gate"] > gate:
                continue
            cases, runs = self.runs(v)
            unpassed = len(runs) < len(cases) or any(result != "passed" for _, _, result in runs)
            pieces = self.evidence("verification", v["id"])
            for _, id, _ in runs:
                pieces += self.evidence("test_run", id)
            bad = not all(map(self.whole, pieces))
            departs = v["compliance"] in ("no", "partial")
            waived = self.waived(gate, requirement=v["requirement"])
            anywhere = self.waived(None, requirement=v["requirement"])
            stands = v["closed"] and pieces and not bad
            stands = stands and (not departs or anywhere) and not (v["compliance"] == "yes" and unpassed)
            if stands and (not departs or waived):
                continue
            if waived and not bad:
                continue
            if not bad and not departs and ("verification", v["id"]) in carried:
                continue
            yield v["id"]

    def runs(self, v):
        """The cases of a row of the matrix, and the last run of each: when, which, how."""
        cases = [
            c
            for c in self.t["test_case"]
            if v["requirement"] in c["requirements"] and (c["stage"], c["method"]) == (v["stage"], v["method"])
        ]
        found = []
        for c in cases:
            own = sorted((r["started_at"], r["id"], r["result"]) for r in self.t["test_run"] if r["test_case"] == c["id"])
            found += own[-1:]
        return cases, found

    def permits(self):
        day, flight = self.day, self.flight["id"]
        given = [
            p for p in self.t["permit"] if p["state"] == "given" and (p["valid_from"] or "") <= day <= (p["valid_to"] or "")
        ]
        plans = {p["id"] for p in self.t["launch_plan"] if flight in p["flights"]}
        if not any(p["kind"] == "conclusion" and p["subject"] in plans for p in given):
            yield "conclusion"
        for zone in self.flight["zones"]:
            covering = [p for p in given if p["kind"] == "zone" and p["subject"] == zone]
            if not any(not p["flights"] or flight in p["flights"] for p in covering):
                yield zone

    def waived(self, gate, **what):
        ((name, id),) = what.items()
        for w in self.t["waiver"]:
            in_time = w["state"] == "active" and (not w["valid_to"] or self.day <= w["valid_to"])
            here = gate is None or (self.flight["id"] in w["flights"] and (not w["last_gate"] or gate <= w["last_gate"]))
            if w[name] == id and in_time and here:
                return True
        return False

    def evidence(self, entity, id):
        return [e for e in self.t["evidence"] if (e["entity"], e["entity_id"]) == (entity, id)]

    def whole(self, piece):
        name = piece["sha256"]
        if name not in self.known:
            path = self.store / name[:2] / name[2:]
            self.known[name] = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == name
        return self.known[name]
