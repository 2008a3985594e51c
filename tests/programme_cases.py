"""A small programme of flight tests: one requirement with limits, its row of the matrix, one case, runs with a data file."""

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.evidence.store import attach
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run, Verification
from baiterek.campaign.programme.steps import approve as approve_programme
from baiterek.campaign.programme.steps import draft, judge, row_id
from baiterek.campaign.programme.verification import Gate, Method, Result, Stage
from baiterek.campaign.rows import reading
from record_cases import MEMBER, RUSSIAN, SECRETARY, ground_object


def programme(database, approve=False, part=Part.KZ):
    """Programme P of one part: R-1 with limits 2 to 3 MPa, its row by integrated test, due at G2, case C-1 on object 42-01."""
    secretary = Actor("secretary", Role.SECRETARY, part)
    with database.writing(secretary) as change:
        if reading.find(change.connection, GroundObject, "42-01") is None:
            change.create(ground_object(part=part))
        draft(change, Programme("P", "flight tests", "PLI-1 rev. 2", part))
        draft(change, Requirement("R-1", "P", "The line holds its pressure.", part, "pressure", "MPa", "2", "3.0"))
        row = row_id("R-1", Stage.INTEGRATED, Method.TEST)
        draft(change, Verification(row, "R-1", Stage.INTEGRATED, Method.TEST, part, Gate.G2))
        draft(change, case("C-1", part=part))
    if approve:
        for member in (MEMBER, RUSSIAN):
            with database.writing(member) as change:
                approve_programme(change, "P")
    return row


def case(id, **values):
    return Case(
        **{"id": id, "programme": "P", "title": "pressure test", "stage": Stage.INTEGRATED, "method": Method.TEST,
           "part": Part.KZ, "requirements": ("R-1",), "objects": ("42-01",), "procedure": "PR-7"} | values
    )  # fmt: skip


def run(id="T-1", **values):
    return Run(
        **{"id": id, "test_case": "C-1", "part": Part.KZ, "procedure": "PR-7 rev. 3", "configuration": ("line 7 s/n 12",),
           "operators": ("test conductor",), "started_at": "2026-03-01T05:00:00.000000Z", "measured": {"R-1": "2.5"}} | values
    )  # fmt: skip


def made_and_judged(database, folder, id="T-1", result=Result.PASSED, **values):
    """A run with a data file, judged."""
    folder.mkdir(exist_ok=True)
    data = folder / f"{id}.csv"
    data.write_text(f"time,pressure\n0,{id}\n")
    with database.writing(SECRETARY) as change:
        draft(change, run(id, **values))
        attach(change, database.evidence, data, id, None, "measured", "test_run")
    with database.writing(MEMBER) as change:
        return judge(change, database.evidence, id, result, "see the data")
