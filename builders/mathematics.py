"""LaTeX between dollars as drawings: matplotlib's mathtext, so that no reader needs a font or a script for it."""

from __future__ import annotations

import html
import io
import re

SIZE_PT = 12.0


def drawn(content: str) -> str:
    """A page whose mathematics, as `pymdownx.arithmatex` marks it, is SVG."""
    content = re.sub(
        r'<div class="arithmatex">\\\[(.*?)\\\]</div>',
        lambda m: f'<div class="equation">{svg(html.unescape(m.group(1)).replace(chr(92) + "frac", chr(92) + "dfrac"))}</div>',
        content,
        flags=re.DOTALL,
    )
    return re.sub(
        r'<span class="arithmatex">\\\((.*?)\\\)</span>', lambda m: svg(html.unescape(m.group(1))), content, flags=re.DOTALL
    )


def svg(tex: str) -> str:
    """A formula as an `svg` element in the size and the colour of the text around it, standing on its baseline."""
    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    line, buffer = " ".join(tex.split()), io.BytesIO()
    with matplotlib.rc_context({"mathtext.fontset": "stix", "svg.fonttype": "path", "svg.hashsalt": "baiterek"}):
        depth_pt = math_to_image(f"${line}$", buffer, FontProperties(size=SIZE_PT), dpi=72, format="svg")
    text = buffer.getvalue().decode("utf-8")
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert box is not None
    inside = text[text.index("<defs>") :]
    inside = re.sub(r'<g id="patch_1">.*?</g>|<style.*?</style>| id="(?:figure|text|patch)_\d+"', "", inside, flags=re.DOTALL)
    width, height = (float(number) / SIZE_PT for number in box.groups())
    head = (
        f'<svg class="formula" role="img" aria-label="{html.escape(line)}" viewBox="{box.group(0)[9:-1]}" '
        f'style="width:{width:.3f}em;height:{height:.3f}em;vertical-align:{-depth_pt / SIZE_PT:.3f}em">'
    )
    return " ".join((head + inside).split())
