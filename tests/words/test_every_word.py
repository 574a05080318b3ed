"""A site whose debates hold no Latin letter, in a language whose catalogue brackets every message.

What then stands in Latin letters outside of brackets is a word of the interface that no catalogue can translate.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from lxml import etree
from lxml import html as lxml_html
from playwright.sync_api import Browser

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.interface_messages import said

SITE = Path(__file__).parent / "site"
SPOKEN = ("title", "aria-label", "aria-description", "alt", "placeholder", "summary", "label", "content", "value")
"""Attributes that are read out or shown."""
NAMES = {"Rostra", "CC", "UTC", "SHA-256", "BibTeX", "CSL-JSON", "JSON", "Atom", "CC0", "SVG", "RSS"}
SILENT = {"script", "style", "code", "kbd", "pre", "textarea"}
"""Elements that hold no words of ours; a key is called as it is printed."""
WORD = re.compile(r"(?<![\w./:#=@%-])[A-Za-z][A-Za-z'’-]+(?![\w/:=@-]|\.\w)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    bracketed = Catalog(locale="el")
    for message in said():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = tuple(f"⟦{id}⟧" for id in ids)
        bracketed.add(message.id, strings if len(strings) > 1 else strings[0])
    (folder / "layouts/words").mkdir(parents=True)
    with (folder / "layouts/words/el.po").open("wb") as file:
        write_po(file, bracketed)
    report = build(load_site(folder))
    assert report.failures == ()
    return folder / "public"


def unbracketed(text: str) -> Iterator[str]:
    """Words in Latin letters that stand in no bracket."""
    depth, kept = 0, []
    for part in re.split("([⟦⟧])", text):
        depth += {"⟦": 1, "⟧": -1}.get(part, 0)
        kept.append(part if depth == 0 and part not in "⟦⟧" else " ¦ ")
    yield from (word for word in WORD.findall("".join(kept)) if word not in NAMES)


def spoken(source: str) -> Iterator[str]:
    """What a page says: its text, and what attributes say, each by itself."""
    page = lxml_html.document_fromstring(source)
    for element in list(page.iter()):
        if not isinstance(element.tag, str) or element.tag in SILENT or element.get("lang") == "en":
            element.drop_tree() if element.getparent() is not None else None
    yield " ".join(text for text in page.itertext())
    for element in page.iter():
        for name in SPOKEN:
            if (said := element.get(name)) and not (element.tag == "meta" and not _told(element)):
                yield said


def _told(meta: lxml_html.HtmlElement) -> bool:
    name = meta.get("name") or meta.get("property") or ""
    return name == "description" or name.startswith(("og:title", "og:description", "og:image:alt", "twitter:"))


def test_no_page_says_what_no_catalogue_has(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 5
    found = {
        (path.relative_to(site).as_posix(), word)
        for path in pages
        for text in spoken(path.read_text(encoding="utf-8"))
        for word in unbracketed(text)
    }
    assert found == set()


def test_the_site_has_what_dumps_do_not_name(site: Path) -> None:
    """What readers and dialects say where their source says nothing."""
    pages = [path.read_text(encoding="utf-8") for path in (site / "debates").rglob("index.html")]
    instead = ("a file", "a picture", "a sticker", "a deleted file", "photo", "sticker", "voice message")
    assert [words for words in instead if f"⟦{words}⟧" not in " ".join(pages)] == []
    # Three dialects hide words without a label.
    assert sum("<details><summary>⟦Spoiler⟧</summary>" in page for page in pages) == 3


def test_no_feed_says_what_no_catalogue_has(site: Path) -> None:
    for path in sorted(site.rglob("feed*.xml")):
        told = etree.parse(path).iterfind(".//{*}*")
        texts = [
            element.text or "" for element in told if etree.QName(element).localname in ("title", "subtitle", "summary")
        ]
        assert not [word for text in texts for word in unbracketed(text)]
    for path in sorted(site.rglob("feed*.json")):
        feed = json.loads(path.read_text())
        texts = [
            str(each.get(name, "")) for each in (feed, *feed["items"]) for name in ("title", "description", "summary")
        ]
        assert not [word for text in texts for word in unbracketed(text)]


def test_no_picture_says_what_no_catalogue_has(site: Path) -> None:
    for path in sorted(site.rglob("*.svg")):
        assert not list(unbracketed(" ".join(etree.parse(path).getroot().itertext()))), path.name


def test_no_script_says_what_no_catalogue_has(site: Path, browser: Browser) -> None:
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    page = browser.new_page()

    def look(after: str) -> None:
        found.update((after, word) for text in spoken(page.content()) for word in unbracketed(text))

    for path in sorted(site.rglob("*.html")):
        if "refresh" in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.as_uri())
        look(path.name)
        for button in page.locator("button[type=button]:visible").all():
            name = button.inner_text()
            if name not in done and button.is_visible() and button.is_enabled():
                done.add(name)
                button.click()
                look(name)
                page.keyboard.press("Escape")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for kind in ("a.parent", ".quoted-by a", "a.cite"):
            links = page.locator(f"{kind}:visible")
            if kind not in done and links.count():
                done.add(kind)
                links.first.focus()
                look(f"focus {kind}")
        if "cited" not in done and page.locator("a.cite:visible").count():
            done.add("cited")
            page.locator("a.cite:visible").first.dispatch_event("click")
            look("cited")
    page.close()
    assert found == set()
