"""Method and validation of a safety case, in the outline of 14 CFR 450.115(c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import Cell, Note, Pairs, Section
from baiterek.reports.language import Words, later

PRINCIPLES = later(
    "Casualties to be expected are the sum, over all that may happen and all cells of ground, of probability × number of "
    "pieces × "
    "probability of the cell × casualty area × density of people. Planned impacts count with a probability of one. Flights, "
    "failures and falls obey the same equations as the nominal flight: turning ellipsoid, its gravity, air, mean wind."
)
GREATEST = later(
    "The greatest individual risk is that of anybody who is there: in the open or under the shelter in which it is greatest, "
    "where people live and have not all been led away."
)
ASSUMED = later(
    "A failure begins in the state of a dispersed flight at its instant, each draw in that of another; thrust and what is "
    "aboard are nominal. Fragments, speeds that they are given, how often the vehicle "
    "fails, shelter and "
    "cleared areas are those of the files above, with their grades. Small probabilities add up; nobody is a casualty "
    "twice; a cell's "
    "people are spread evenly over it. Toxic clouds, blast far from the impact and secondary fires are not assessed."
)
GUIDANCE = {
    "open loop": later(
        "Dispersed flights fly the optimum's commands by time, open loop: nothing corrects a deviation, so that the "
        "spread of what "
        "falls is greater than behind a guided stage."
    ),
    "closed loop": later(
        "Dispersed flights are guided, closed loop: the first stage is cut off at the navigated speed of the nominal "
        "flight, the "
        "last is guided to its orbit, on a state with the errors of the vehicle's navigation."
    ),
}
FIDELITY = later(
    "Every piece is integrated to the ground with its own ballistic coefficient, in the air and wind of a day drawn for "
    "it; footprints "
    "are samples, not covariances. People stand in cells of 0.05 deg: half-degree counts from which settlements were "
    "taken out. "
    "The number of draws is told with each result by its sampling error."
)
EVIDENCE = later(
    "Tests, each by an authority apart (docs/validation-ledger.md): impact points in vacuum within 1e-5 deg; tables and "
    "equations of 14 CFR "
    "420, Appendices A to C, and the probabilities of failure of 14 CFR 417, Appendix C, to the printed digits; casualty "
    "areas of "
    "NASA-STD-8719.14; overpressure within 3 % of the published table; people of every cell and district conserved; "
    "probabilities over all cells sum to one; a normal footprint over uniform people within 0.1 % of its closed form; "
    "sums by district, phase and cause equal the total."
)
BENCHMARK = later(
    "No public risk analysis of this vehicle, or of one like it with its inputs, was found, so no total of this page has "
    "been compared with "
    "one of another tool. Compared are the parts listed under evidence, and the spread of what falls with published zone "
    "sizes."
)
UPPER = later(
    "Failures of the upper stage count until the perigee of the nominal flight stays above {height} km (assumed); between its "
    "burns nothing fails. A fall that lasts longer than {hours} h counts as none."
)
CLEARED = later("Cleared areas: {areas}, each with the part of its people who have left.")
PERFECT = later("The vehicle's file has no errors of its navigation, so the spread is less than it can be.")
NO_CLEARED = later("No area is taken as cleared.")
CUT_OFF = later(
    "Engines are cut off some {reaction} s after a turn begins, and not before {inhibit} s of flight, since the vehicle "
    "would fall on "
    "the pad. Drop zones are chosen by the mission."
)


def method(s: Mapping[str, Any], words: Words) -> Section:
    """The statement: principles, assumptions, fidelity, evidence, comparability, mitigations."""
    rows = (
        (words("Principles"), PRINCIPLES),
        (words("Greatest individual risk"), GREATEST),
        (words("Assumptions"), ASSUMED),
        (words("Rationale of the fidelity"), FIDELITY),
        (words("Evidence of verification and validation"), EVIDENCE),
        (words("Comparability with benchmarks"), BENCHMARK),
    )
    said = (
        *((title, Cell(words(text))) for title, text in rows),
        *_upper(s, words),
        (words("Flights"), Cell(_guidance(s, words))),
        (words("Mitigations"), Cell(_mitigations(s, words))),
    )
    note = words("In the outline of 14 CFR 450.115(c).")
    return Section("method", words("Method and validation"), (Note(note), Pairs(said)))


def _upper(s: Mapping[str, Any], words: Words) -> tuple[tuple[str, Cell], ...]:
    """Until when an upper stage is counted."""
    of = s["failures"]
    if "orbit_perigee_km" not in of:
        return ()
    said = words(UPPER, height=words.number(of["orbit_perigee_km"]), hours=words.number(of["longest_fall_h"]))
    return ((words("Failures of the upper stage"), Cell(said)),)


def _guidance(s: Mapping[str, Any], words: Words) -> str:
    flown = GUIDANCE[s["guidance"]]
    blind = s["guidance"] != "open loop" and s["perfect_navigation"]
    return words(flown) + (" " + words(PERFECT) if blind else "")


def _mitigations(s: Mapping[str, Any], words: Words) -> str:
    of = s["mitigations"]
    areas = ", ".join(
        f"{words.said(area['name'].replace('_', ' '))} ({words.number(100 * area['effectiveness'])} %)"
        for area in of["evacuated"]
    )
    cleared = words(CLEARED, areas=areas) if areas else words(NO_CLEARED)
    cut_off = words(CUT_OFF, reaction=words.significant(of["reaction_s"], 2), inhibit=words.significant(of["inhibit_s"], 2))
    return f"{cleared} {cut_off}"
