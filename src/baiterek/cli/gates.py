"""Gates of a flight: checklists, decisions with their votes and conditions, signatures, what holds and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baiterek.cli.edge import Edge
from baiterek.cli.programme import Id
from baiterek.cli.record import MARK, As, Reason, actor, marked, on_record, record, say_row
from baiterek.cli.words import Json, Language, choice, say_result
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.campaign.gates.standing import Standing
    from baiterek.campaign.log.database import Database

gates = typer.Typer(cls=Edge, no_args_is_help=True, help="Gates of a flight, G0 to G6: what blocks them, who signed.")
record.add_typer(gates, name="gates")

GATE_HELP = "G0 ground accepted, G1 vehicle admitted, G2 roll-out, G3 fuelling, G4 launch, G5 results, G6 next flight."
GateName = Annotated[str, typer.Argument(metavar="GATE", help=GATE_HELP, show_default=False)]
Flight = Annotated[str, typer.Argument(metavar="FLIGHT", help="Its id.", show_default=False)]
State = Annotated[str, typer.Argument(metavar="STATE", help="Where to.", show_default=False)]
Russian = Annotated[str, typer.Option("--ru", metavar="TEXT", help="Text in Russian.")]
Kazakh = Annotated[str, typer.Option("--kk", metavar="TEXT", help="Text in Kazakh.")]
English = Annotated[str, typer.Option("--en", metavar="TEXT", help="Text in English, if there is one.")]
Seat = Annotated[str, typer.Option("--seat", metavar="ID", help="Membership that votes, signs or owns the key.")]
Said = Annotated[str, typer.Argument(metavar="WORD", help="for, against or abstain.", show_default=False)]
Dissent = Annotated[str, typer.Option("--dissent", metavar="TEXT", help="The seat's own opinion; it stays.")]
OwnKey = Annotated[Path, typer.Option("--signing-key", metavar="FILE", help="The co-chair's own key.")]


@gates.command()
@on_record
def plan(
    database: Database,
    flight: Flight,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What the flight is called.")],
    example: Annotated[bool, typer.Option("--example", help="Mark it as an example.")] = False,
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter a flight with the usual entrance checklists of its gates; its part is yours."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.records import Flight

    acting = actor(who)
    with database.writing(acting) as change:
        asked = Flight(flight, name, acting.part or Part.RU, example=example)
        made = decisions.plan_flight(change, asked, reason)
    say_row(made, f"{made.id}: {made.name}, the {made.part} part answers for it{marked([made])}", as_json)


@gates.command()
@on_record
def configure(
    database: Database,
    flight: Flight,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="vehicle, ground or zones.", show_default=False)],
    items: Annotated[str, typer.Option("--items", metavar="LIST", help="Each with revision or serial number; semicolons.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Enter what flies, with which complex, over which drop zones; a change voids what was signed."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.programme.drafts import listed

    with database.writing(actor(who)) as change:
        made = decisions.configure(change, flight, what, listed(items), reason)
    say_row(made, f"{made.id}: {what} {'; '.join(getattr(made, what))}{marked([made])}", as_json)


@gates.command()
@on_record
def show(
    database: Database,
    flight: Flight,
    gate: Annotated[str | None, typer.Option("--gate", metavar="GATE", help=GATE_HELP)] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="As on that day; default: today.")] = None,
    in_language: Language = "en",
    as_json: Json = False,
) -> None:
    """Which gates hold, and why the others do not: every hash and signature is checked again (exit status 0 either way)."""
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.evidence.store import broken
    from baiterek.campaign.gates.standing import standings
    from baiterek.campaign.log.change import now
    from baiterek.campaign.programme.verification import Gate

    day = read_day(on, "--on") if on else now()[:10]
    wanted = [choice(gate, Gate, "--gate")] if gate else list(Gate)
    with database.reading() as look:
        found = standings(look, lambda pieces: broken(database.evidence, pieces), flight, day)
    documents = [_document(found[one], in_language) for one in wanted]
    say_result(documents, "\n".join(_lines(found[one], in_language) for one in wanted), as_json)


@gates.command()
@on_record
def checklist(database: Database, flight: Flight, gate: GateName, as_json: Json = False) -> None:
    """The entrance checklist of a gate: who answers, whether it is met, on what it stands."""
    from baiterek.campaign.gates.records import Criterion
    from baiterek.campaign.programme.verification import Gate
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with database.reading() as look:
        found = [one for one in reading.every(look, Criterion, flight=flight) if one.gate is choice(gate, Gate, "GATE")]
    lines = [
        f"{one.id:<14} {one.part} {one.kind:<10} {one.state:<5} {one.text_en or one.text_ru}  {one.basis}" for one in found
    ]
    say_result([as_row(one) for one in found], "\n".join([*lines, f"{len(found)} entries{marked(found)}"]), as_json)


@gates.command()
@on_record
def check(database: Database, id: Id, state: State, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Say that an entry of a checklist is met, or open again; a required conclusion needs its document as evidence."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.states import CriterionState

    with database.writing(actor(who)) as change:
        made = decisions.step_criterion(change, database.evidence, id, choice(state, CriterionState, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@gates.command()
@on_record
def draft(
    database: Database,
    id: Id,
    flight: Annotated[str, typer.Option("--flight", metavar="ID", help="Of which flight.")],
    gate: Annotated[str, typer.Option("--gate", metavar="GATE", help=GATE_HELP)],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Last day on which it is valid.")],
    ru: Russian = "",
    kk: Kazakh = "",
    en: English = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Draft a decision on a gate, or correct the draft of that name."""
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.records import Decision
    from baiterek.campaign.programme.verification import Gate

    acting, day = actor(who), read_day(until, "--until")
    said = Decision(id, flight, choice(gate, Gate, "--gate"), acting.part or Part.RU, ru, kk, en, day)
    with database.writing(acting) as change:
        made = decisions.draft(change, said, reason)
    say_row(made, f"{made.id}: {made.state}, {made.gate} of {made.flight}, until {day}{marked([made])}", as_json)


@gates.command()
@on_record
def condition(
    database: Database,
    id: Id,
    decision: Annotated[str, typer.Option("--decision", metavar="ID", help="A draft.")],
    part: Annotated[str, typer.Option("--part", metavar="RU|KZ", help="Which part answers for it.")],
    due: Annotated[str, typer.Option("--due", metavar="GATE", help="A later gate.")],
    carries: Annotated[str, typer.Option("--carries", metavar="KIND:ID", help="What blocks: remark:R-1.")] = "",
    ru: Russian = "",
    kk: Kazakh = "",
    en: English = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Add a condition to a draft; it may carry something that blocks to a later gate."""
    from baiterek.campaign.commission.parts import Part
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.records import Condition
    from baiterek.campaign.programme.verification import Gate

    entity, _, entity_id = carries.partition(":")
    said = Condition(id, decision, choice(part, Part, "--part"), choice(due, Gate, "--due"), ru, kk, en, entity, entity_id)
    with database.writing(actor(who)) as change:
        made = decisions.draft_condition(change, said, reason)
    say_row(made, f"{made.id}: due by {made.due_gate}, the {made.part} part{marked([made])}", as_json)


@gates.command()
@on_record
def settle(database: Database, id: Id, state: State, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """A condition is done (its part), closed (the other part), or open again."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.states import ConditionState

    with database.writing(actor(who)) as change:
        made = decisions.step_condition(change, database.evidence, id, choice(state, ConditionState, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@gates.command()
@on_record
def step(database: Database, id: Id, state: State, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Put a decision to the vote (voting), close the vote (adopted, rejected), or take it back (withdrawn)."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.states import DecisionState

    with database.writing(actor(who)) as change:
        made = decisions.step(change, database.evidence, id, choice(state, DecisionState, "STATE"), reason)
    say_row(made, f"{made.id}: {made.state}{marked([made])}", as_json)


@gates.command()
@on_record
def vote(
    database: Database,
    id: Id,
    word: Said,
    seat: Seat,
    dissent: Dissent = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Vote on a decision, once."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.states import Word

    with database.writing(actor(who)) as change:
        made = decisions.vote(change, id, seat, choice(word, Word, "WORD"), dissent)
    say_row(made, f"{made.decision}: {made.membership} {made.word}", as_json)


@gates.command()
@on_record
def key(
    database: Database,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Key file; made if there is none.", show_default=False)],
    seat: Seat,
    start: Annotated[str, typer.Option("--from", metavar="DAY", help="First day.")],
    end: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day.")],
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Register the public half of a co-chair's signing key (keeper); an internal key, not a qualified one."""
    from baiterek.campaign.commission.members import read_day
    from baiterek.campaign.gates import signatures
    from baiterek.campaign.log.signing import make_key, read_public_key

    days = read_day(start, "--from"), read_day(end, "--to")
    if not file.exists():
        make_key(file)
    public = read_public_key(file)
    with database.writing(actor(who)) as change:
        made = signatures.register(change, seat, public, *days, reason)
    say_row(made, f"{made.id}: key of {made.membership}, {days[0]} to {days[1]}", as_json)


@gates.command()
@on_record
def revoke(database: Database, id: Id, reason: Reason = "", who: As = "", as_json: Json = False) -> None:
    """Revoke a signing key (keeper): from now on it signs nothing."""
    from baiterek.campaign.gates import signatures

    with database.writing(actor(who)) as change:
        made = signatures.revoke(change, id, reason)
    say_row(made, f"{made.id}: revoked {made.revoked_at}", as_json)


@gates.command()
@on_record
def sign(
    database: Database,
    id: Id,
    seat: Seat,
    own: OwnKey,
    who: As = "",
    as_json: Json = False,
) -> None:
    """Sign an adopted decision as co-chair: over the hashes of everything that it binds."""
    from baiterek.campaign.gates import decisions, signatures
    from baiterek.campaign.log.signing import read_key

    private = read_key(own)
    with database.writing(actor(who)) as change:
        made = decisions.sign(change, database.evidence, id, seat, private)
    say_row(made, f"{made.decision}: signed for the {made.part} part at {made.at} ({signatures.NOTE})", as_json)


@gates.command("pass")
@on_record
def pass_gate(
    database: Database, flight: Flight, gate: GateName, reason: Reason = "", who: As = "", as_json: Json = False
) -> None:
    """Say that what the gate opens has begun; it must hold now."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.programme.verification import Gate

    with database.writing(actor(who)) as change:
        made = decisions.pass_gate(change, database.evidence, flight, choice(gate, Gate, "GATE"), reason)
    say_row(made, f"{made.id}: passed at {made.at} under {made.decision}", as_json)


@gates.command("back")
@on_record
def turn_back(
    database: Database, flight: Flight, gate: GateName, reason: Reason = "", who: As = "", as_json: Json = False
) -> None:
    """Say that what the gate opened was undone: rolled back, drained."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.programme.verification import Gate

    with database.writing(actor(who)) as change:
        made = decisions.turn_back(change, flight, choice(gate, Gate, "GATE"), reason)
    say_row(made, f"{made.id}: turned back at {made.turned_back_at}", as_json)


@gates.command()
@on_record
def rule(
    database: Database,
    quorum: Annotated[str | None, typer.Option("--quorum", metavar="SHARE", help="Of the members of each part: 1/2.")] = None,
    majority: Annotated[str | None, typer.Option("--majority", metavar="SHARE", help="That those in favour exceed.")] = None,
    carry_major: Annotated[bool, typer.Option("--carry-major", help="A condition may carry a major remark.")] = False,
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it is said.")] = "",
    reason: Reason = "",
    who: As = "",
    as_json: Json = False,
) -> None:
    """Show the voting rule; with a quorum and a majority, set it (keeper)."""
    from baiterek.campaign.gates import decisions
    from baiterek.campaign.gates.records import VotingRule
    from baiterek.campaign.rows import reading

    if (quorum is None) != (majority is None):
        raise BadValue("command line", "--quorum, --majority", "one of them", "both, or neither")
    if quorum is not None and majority is not None:
        with database.writing(actor(who)) as change:
            decisions.set_rule(change, VotingRule(decisions.RULE, quorum, majority, carry_major, source), reason)
    with database.reading() as look:
        found = reading.get(look, VotingRule, decisions.RULE)
    text = f"quorum {found.quorum} of the members of each part, majority above {found.majority} of its votes; {found.source}"
    say_row(found, text, as_json)


def _document(found: Standing, language: str) -> dict[str, object]:
    from baiterek.campaign.gates.signatures import NOTE
    from baiterek.campaign.rows.entities import as_row
    from baiterek.reports.refusals import told

    items = [item._asdict() | {"why": told(item.why, language), "blocks": item.blocks} for item in found.items]
    return {
        "flight": found.flight, "gate": found.gate.value, "holds": found.holds, "passed_at": found.passed_at,
        "decision": found.decision.id if found.decision else None, "reasons": [told(why, language) for why in found.reasons],
        "items": items, "signatures": [as_row(one) for one in found.signatures], "signatures_are": NOTE,
    }  # fmt: skip


def _lines(found: Standing, language: str) -> str:
    from baiterek.campaign.gates.signatures import NOTE
    from baiterek.reports.refusals import told

    example = f" {MARK}" if found.decision is not None and found.decision.example else ""
    state = "holds" if found.holds else "does not hold"
    passed = f", passed {found.passed_at}" if found.passed_at else ""
    lines = [f"{found.flight} {found.gate}: {state}{passed}{example}"]
    lines += [f"  - {told(why, language)}" for why in found.reasons]
    lines += [f"  let pass by {item.passed_by}: {told(item.why, language)}" for item in found.items if not item.blocks]
    lines += [f"  signed for {one.part} by {one.membership} at {one.at} ({NOTE})" for one in found.signatures]
    return "\n".join(lines)
