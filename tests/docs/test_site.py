"""The site builds without a warning, asks no host for anything, and its figures and links are there."""

import re
from urllib.parse import unquote

ASKS = re.compile(r"""<(?:script|img|iframe|source|video)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"|url\(["']?([^"')]+)""")
LEADS = re.compile(r'<a\s[^>]*href="([^"]+)"')


def pages_of(site):
    return sorted(site.rglob("*.html"))


def test_nothing_is_asked_of_another_host(site):
    strays = [
        f"{page.relative_to(site)}: {target}"
        for page in [*pages_of(site), *site.rglob("*.css")]
        for found in ASKS.findall(page.read_text(encoding="utf-8"))
        for target in found
        if target.startswith(("http:", "https:", "//"))
    ]
    assert not strays


def test_every_link_and_every_anchor_within_the_site_exists(site):
    texts = {page: page.read_text(encoding="utf-8") for page in pages_of(site)}
    anchors = {page: set(re.findall(r'\s(?:id|name)="?([^"\s>]+)', text)) for page, text in texts.items()}
    dead = []
    for page, text in texts.items():
        pictures = [a or b for a, b, _ in ASKS.findall(text)]
        for target in [*LEADS.findall(text), *pictures]:
            if re.match(r"[a-z]+:|//", target) or (page.name == "404.html"):
                continue
            path, _, anchor = target.partition("#")
            leads = (page.parent / unquote(path)).resolve() if path else page
            if not leads.exists() or (anchor and leads in anchors and unquote(anchor) not in anchors[leads]):
                dead.append(f"{page.relative_to(site)}: {target}")
    assert not dead


def test_mathematics_is_drawn_without_a_script(site):
    physics = (site / "packages" / "physics.html").read_text(encoding="utf-8")
    assert physics.count('class="formula"') >= 10
    for page in pages_of(site):
        assert 'class="arithmatex"' not in page.read_text(encoding="utf-8"), page.name


def test_the_changelog_opens_with_the_numbers_that_changed(site):
    text = (site / "changelog.html").read_text(encoding="utf-8")
    assert re.search(r"<h3[^>]*>Numbers that changed", text)
    assert text.index("Numbers that changed") < text.index(">Added")


def test_the_search_has_its_index_on_disk(site):
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert index.startswith("var __index = ") and "dynamic_pressure_Pa" in index
