"""A replay judges results by a declared part of their size, and names another Baiterek; evidence comes back as it went in."""

import pytest

from baiterek.campaign.complex.states import State
from baiterek.campaign.evidence.store import attach, place, restore
from baiterek.errors import Refused
from baiterek.study.difference import Difference, Item
from baiterek.study.replay import Replay
from record_cases import MEMBER, ground_object

CODE = Item("code", "", "abc", "def")


def judged(*results, inputs=(), tolerance=1e-6):
    return Replay(Difference(("stored", "again"), tuple(inputs), tuple(results), ()), tolerance)


@pytest.mark.parametrize(
    ("item", "holds"),
    [
        (Item("payload", "kg", 17000.0, 17000.0169), True),
        (Item("payload", "kg", 17000.0, 17000.0171), False),
        (Item("payload", "kg", -17000.0, 17000.0), False),
        (Item("status", "", "converged", "infeasible"), False),
        (Item("fairing falls: t_s", "s", 1.0, None), False),
    ],
)
def test_a_result_may_differ_by_its_declared_part_and_no_more(item, holds):
    assert judged(item).holds is holds


def test_another_code_is_named_and_another_mission_does_not_hold():
    assert judged(inputs=[CODE]).holds and judged(inputs=[CODE]).other_machinery == (CODE,)
    other = Item("payload.mass", "", 1, 2)
    assert judged(inputs=[CODE, other]).beyond == (other,)
    newer = Item("dispersions.gust_m_s", "", None, 0.0)
    assert judged(inputs=[CODE, newer]).other_machinery == (CODE, newer) and judged(inputs=[CODE, newer]).holds
    assert judged(inputs=[newer]).beyond == (newer,)
    assert not judged().other_machinery


def test_evidence_comes_back_as_it_went_in_or_not_at_all(database, tmp_path):
    folder = tmp_path / "run"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.bin").write_bytes(b"\x00\xff")
    (folder / "b.txt").write_text("b")
    with database.writing(MEMBER) as change:
        change.create(ground_object())
        piece = attach(change, database.evidence, folder, "42-01", State.AUTONOMOUS_TESTS, "")
        single = attach(change, database.evidence, folder / "b.txt", "42-01", None, "")
    out = tmp_path / "out"
    out.mkdir()
    back = restore(database.evidence, piece, out)
    contents = {path.relative_to(back).as_posix(): path.read_bytes() for path in back.rglob("*") if path.is_file()}
    assert contents == {"deep/a.bin": b"\x00\xff", "b.txt": b"b"}
    assert restore(database.evidence, single, out).read_text() == "b"
    stored = place(database.evidence, single.sha256)
    stored.unlink()
    with pytest.raises(Refused, match=r"b\.txt is missing"):
        restore(database.evidence, piece, out)
