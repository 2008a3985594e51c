"""A stored run with a forged answer does not survive being run again; all that was not forged does.

Two optimisations of the bundled mission, some seven seconds of processor time each.
"""

import json
from dataclasses import replace

import flown
from baiterek.study import run
from baiterek.study.replay import replay

FORGED = 1.001


def test_a_forged_answer_is_found_by_running_the_mission_again(tmp_path):
    _, folder = run(flown.BUNDLED, "optimise", tmp_path)
    result = json.loads((folder / "result.json").read_text())
    result["answer"]["value"] *= FORGED
    (folder / "result.json").write_text(json.dumps(result))
    provenance = json.loads((folder / "provenance.json").read_text())
    provenance["covered"]["code"] = "0" * 64
    (folder / "provenance.json").write_text(json.dumps(provenance))

    found = replay(folder, 1e-6)
    (item,) = found.beyond
    assert item.one == result["answer"]["value"] and abs(item.one / item.other - FORGED) < 1e-6
    assert [item.what for item in found.other_machinery] == ["code"]
    assert not found.holds and replace(found, tolerance=2e-3).holds
