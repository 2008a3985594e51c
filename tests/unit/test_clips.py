"""Names of clipping rectangles in a drawing: by their order, the same whatever their corners' last bits are."""

from baiterek.reports.sheet import numbered_clips

DRAWING = (
    '<g clip-path="url(#p9af)"/><g clip-path="url(#p001)"/><use href="#m7"/><path id="m7" fill="url(#h3)"/>'
    '<defs><clipPath id="p9af"><rect/></clipPath><clipPath id="p001"><rect/></clipPath></defs>'
)


def test_clips_are_named_in_their_order_and_nothing_else_is():
    assert numbered_clips(DRAWING) == DRAWING.replace("p9af", "clip1").replace("p001", "clip2")


def test_other_hashes_give_the_same_drawing():
    assert numbered_clips(DRAWING.replace("p9af", "pffe")) == numbered_clips(DRAWING)
