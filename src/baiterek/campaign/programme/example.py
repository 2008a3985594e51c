"""A programme to try things with: requirements, cases, runs with data, remarks, a waiver. Generated, every row marked so."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.evidence.store import cite, keep_file
from baiterek.campaign.log.change import Change
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run, Verification
from baiterek.campaign.programme.steps import assess, draft, judge, row_id
from baiterek.campaign.programme.verification import Compliance, Gate, Method, Result, Stage
from baiterek.campaign.reason import because
from baiterek.campaign.remarks import steps as remarks
from baiterek.campaign.remarks import waivers
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import Disposition, Ground, RemarkState, WaiverKind, WaiverState
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

FLIGHT = "example-1"
START, END = "2026-03-01T05:00:00.000000Z", "2026-03-01T07:00:00.000000Z"


class Need(NamedTuple):
    """A generated requirement, how it is verified, and what its runs measure."""

    text: str
    characteristic: str
    unit: str
    lower: str | None
    upper: str | None
    rows: tuple[tuple[Stage, Method, Gate], ...]
    measured: str


_ALONE = (Stage.AUTONOMOUS, Method.TEST, Gate.G0)
_TOGETHER = (Stage.INTEGRATED, Method.TEST, Gate.G2)
_WHOLE = (Stage.COMPREHENSIVE, Method.TEST, Gate.G3)
_FLOWN = (Stage.FLIGHT, Method.TEST, Gate.G6)
_CALCULATED = (Stage.INTEGRATED, Method.ANALYSIS, Gate.G1)
_READ = (Stage.AUTONOMOUS, Method.REVIEW, Gate.G0)
_SEEN = (Stage.COMPREHENSIVE, Method.INSPECTION, Gate.G3)
NEEDS = (
    Need("The line holds its pressure for an hour", "pressure", "MPa", "2.0", "3.0", (_ALONE, _TOGETHER), "2.6"),
    Need("The valve opens within its time", "time to open", "s", None, "0.8", (_ALONE,), "0.6"),
    Need("The supply carries the load of a launch", "voltage", "V", "215", "235", (_ALONE, _TOGETHER), "224"),
    Need("Telemetry is received without gaps", "longest gap", "s", None, "0.1", (_TOGETHER, _WHOLE), "0.04"),
    Need("The hold-down releases at once", "spread of release", "s", None, "0.05", (_WHOLE,), "0.07"),
    Need("The load on the table stays within its limit", "load", "kN", None, "9000", (_CALCULATED, _FLOWN), "8100"),
    Need("Instructions cover every operation", "", "", None, None, (_READ,), ""),
    Need("Warning signs stand at every entrance", "", "", None, None, (_SEEN,), ""),
)


def enter_example(change: Change, store: Path) -> Programme:
    """The programme of the actor's part, up to a remark at every state and a waiver that waits for the other part's key."""
    part = change.actor.part
    if part is None:
        raise Refused("the example", because("it belongs to a part: act for one"))
    made = draft(
        change, Programme(f"EX-{part}", f"example programme, {part} part", "generated, no document", part, example=True)
    )
    stand = [one.id for one in reading.every(change.connection, GroundObject, example=True) if one.part is part and one.systems]
    for k, need in enumerate(NEEDS, 1):
        _enter(change, store, part, k, need, tuple(stand[k::40][:2]))
    _remarks(change, store, part)
    return made


def _enter(change: Change, store: Path, part: Part, k: int, need: Need, objects: tuple[str, ...]) -> None:
    """A requirement with its rows, a case and a run of each; rows of the autonomous stage are closed."""
    name, programme = f"EX-{part}-R{k}", f"EX-{part}"
    draft(
        change,
        Requirement(
            name, programme, f"{need.text} (example)", part, need.characteristic, need.unit, need.lower, need.upper,
            "generated, no clause", example=True,
        ),
    )  # fmt: skip
    for n, (stage, method, gate) in enumerate(need.rows, 1):
        row, case = row_id(name, stage, method), f"EX-{part}-C{k}.{n}"
        draft(change, Verification(row, name, stage, method, part, gate, example=True))
        title = f"{method} of: {need.text.lower()} (example)"
        procedure = f"procedure {k}.{n} (example)"
        draft(change, Case(case, programme, title, stage, method, part, (name,), objects, procedure, example=True))
        if stage is not Stage.FLIGHT:
            passed = _run(change, store, part, f"{k}.{n}", case, name, need)
            if passed and stage is Stage.AUTONOMOUS:
                assess(change, store, row, Compliance.YES, True, "generated example, no protocol")


def _run(change: Change, store: Path, part: Part, number: str, case: str, need: str, limits: Need) -> bool:
    """A run with a data file; passed if its value keeps the limits."""
    id = f"EX-{part}-T{number}"
    measured = {need: limits.measured} if limits.measured else {}
    draft(
        change,
        Run(
            id, case, part, f"procedure {number} rev. 1 (example)", ("mock-up, serial number 0 (example)",),
            (f"test conductor, {part} part", f"recorder, {part} part"), START, END, measured, example=True,
        ),
    )  # fmt: skip
    head, value = limits.characteristic or "seen", limits.measured or "yes"
    text = f"EXAMPLE, generated: no measurement\nrun,{head},{limits.unit}\n{id},{value}\n"
    cite(change, keep_file(store, f"{id}.csv", io.BytesIO(text.encode())), id, None, "generated example", "test_run")
    passes = not limits.upper or float(limits.measured) <= float(limits.upper)
    judge(change, store, id, Result.PASSED if passes else Result.FAILED, "generated example, no conclusion")
    return passes


def _remarks(change: Change, store: Path, part: Part) -> None:
    """One remark that was only raised, one of each severity further on, and the waiver that a major one needs."""

    def raised(n: int, text: str, entity: str = "", id: str = "") -> str:
        made = Remark(f"EX-{part}-M{n}", f"{text} (example)", part, part, entity, id, example=True)
        return remarks.raise_remark(change, made, "generated example").id

    def taken(id: str, *steps: tuple[RemarkState, dict[str, Any]]) -> None:
        for to, said in steps:
            remarks.step(change, store, id, to, "generated example", **said)

    state = RemarkState
    raised(1, "paint of a marking is worn")
    minor = raised(2, "a label is missing", "test_case", f"EX-{part}-C1.1")
    photo = keep_file(store, "label.txt", io.BytesIO(f"EXAMPLE, generated: no photograph {part}\n".encode()))
    cite(change, photo, minor, None, "generated example", "remark")
    taken(
        minor,
        (state.CLASSIFIED, {"grounds": (), "due_gate": Gate.G1}),
        (state.CAUSE_FOUND, {"cause": "overlooked (example)"}),
        (state.DISPOSED, {"disposition": Disposition.REWORK, "action": "label made (example)"}),
        (state.VERIFIED, {}), (state.CLOSED, {}),
    )  # fmt: skip
    major = raised(3, "the hold-down releases late", "test_run", f"EX-{part}-T5.1")
    taken(
        major,
        (state.CLASSIFIED, {"grounds": (Ground.SAFETY, Ground.REQUIREMENTS), "due_gate": Gate.G2}),
        (state.CAUSE_FOUND, {"cause": "friction (example)"}),
        (state.DISPOSED, {"disposition": Disposition.USE_AS_IS, "action": "margin shown by analysis (example)"}),
    )
    waiver = Waiver(
        f"EX-{part}-W1", WaiverKind.WAIVER, "a spread of 0.07 s in place of 0.05 s (example)", part, (FLIGHT,), major,
        f"EX-{part}-R5", Gate.G4, example=True,
    )  # fmt: skip
    waivers.request(change, waiver, "generated example")
    for to in (WaiverState.SUBMITTED, WaiverState(f"approved_{part.lower()}")):
        waivers.step(change, waiver.id, to, "generated example")
    answer = Case(
        f"EX-{part}-C9.1", f"EX-{part}", "release of the hold-down, repeated (example)", Stage.COMPREHENSIVE, Method.TEST, part,
        (f"EX-{part}-R5",), (), "procedure 9.1 (example)", answers=f"remark:{major}", example=True,
    )  # fmt: skip
    draft(change, answer)
