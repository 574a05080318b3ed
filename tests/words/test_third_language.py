"""A language that Rostra does not have comes from a catalogue in the site's folder alone; its numbers have three forms, as in Polish."""

from __future__ import annotations

import json
import re
from html import unescape as html_unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.i18n.catalogue import Catalogue
from support.interface_messages import said

FORMS = {1: 0, 2: 1, 4: 1, 5: 2, 12: 2, 22: 1}
"""Which form a number has in Polish: 1 post, 2 to 4 posts (not 12 to 14), 5 and more."""


def catalogue(folder: Path) -> None:
    """Write a catalogue whose every message is in brackets, the forms of numbers with their place."""
    polish = Catalog(locale="pl")
    assert polish.num_plurals == 3
    for message in said():
        several = isinstance(message.id, tuple)
        polish.add(message.id, tuple(f"⟦{n}: {message.id[1]}⟧" for n in range(3)) if several else f"⟦{message.id}⟧")
    folder.mkdir(parents=True)
    with (folder / "pl.po").open("wb") as file:
        write_po(file, polish)


def posts(count: int) -> str:
    lines = [
        {"id": n, "parent": 1 if n > 1 else None, "author": "Jan", "created": f"2024-03-04T09:{n:02}:00Z", "body": f"Nr {n}."}
        for n in range(1, count + 1)
    ]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("polish")
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text('title = "Archiwum"\nlanguage = "pl"\nextras = true\n')
    (folder / "redactions.toml").write_text('[[redact]]\npost = "p-2"\nthread = "debata-5"\npassage = "Nr 2"\n')
    for count in FORMS:
        (folder / f"content/debata-{count}.jsonl").write_text(posts(count))
    catalogue(folder / "layouts/words")
    assert build(load_site(folder)).failures == ()
    return folder


def text(site: Path, path: str) -> str:
    return str(html.fromstring((site / "public" / path).read_text(encoding="utf-8")).text_content())


@pytest.mark.parametrize(("count", "form"), FORMS.items())
def test_a_number_has_its_form_on_pages(site: Path, count: int, form: int) -> None:
    assert f"⟦{form}: {count} posts⟧" in text(site, f"debates/debata-{count}/index.html")
    assert len(re.findall(rf"⟦{form}: {count} posts⟧", text(site, "debates/index.html"))) == 1


@pytest.mark.parametrize(("count", "form"), FORMS.items())
def test_a_number_has_its_form_in_scripts(site: Path, count: int, form: int) -> None:
    words = Catalogue("pl", [site / "layouts/words"])
    preamble = words.for_script('ngettext("%(num)s reply", "%(num)s replies", n)')
    found, rule = re.fullmatch(r"const WORDS = (.*), PLURAL = \(n\) => Number\((.*)\);\n", preamble).groups()  # type: ignore[union-attr]
    assert json.loads(found)["%(num)s reply"][form] == f"⟦{form}: %(num)s replies⟧"
    assert words.count("%(num)s reply", "%(num)s replies", count) == f"⟦{form}: {count} replies⟧"
    assert "n" in rule


def test_dates_are_as_polish_writes_them(site: Path) -> None:
    page = text(site, "debates/debata-5/index.html")
    assert "4\N{NO-BREAK SPACE}mar 2024" in page
    assert "Mar 2024" not in page


def test_the_page_says_its_language_and_nothing_in_english(site: Path) -> None:
    source = (site / "public/debates/debata-5/index.html").read_text(encoding="utf-8")
    assert '<html lang="pl"' in source
    for english in (">Search<", ">Debates<", ">Skip to content<", "In order of time<"):
        assert english not in source


def test_no_page_has_a_message_of_the_interface_in_english(site: Path) -> None:
    """Between tags, and as a label or title; one word may be a name or a file's."""
    plain = {
        message.id for message in said() if isinstance(message.id, str) and "%(" not in message.id and " " in message.id
    }
    assert len(plain) > 100
    pages = {path: path.read_text(encoding="utf-8") for path in (site / "public").rglob("*.html")}
    assert len(pages) > 15
    found = {
        (path.name, words)
        for path, page in pages.items()
        for words in re.findall(r'>\s*([^<>]+?)\s*<|(?:label|title|placeholder)="([^"]+)"', page)
        for words in words
        if html_unescape(words) in plain
    }
    assert found == set()


def test_redacted_words_are_a_bar_with_a_title_in_the_language_of_the_site(site: Path) -> None:
    bar = '<abbr class="redacted" title="⟦Redacted by the publisher⟧">█████</abbr>.'
    assert bar in (site / "public/debates/debata-5/index.html").read_text(encoding="utf-8")
    document = json.loads((site / "public/debates/debata-5/thread.json").read_text(encoding="utf-8"))
    assert document["posts"][1]["text"] == "█████."
    assert bar in document["posts"][1]["html"]
    assert bar in html.fromstring((site / "public/debates/debata-5/feed.xml").read_bytes()).text_content()


def test_the_catalogue_is_all_that_a_language_needs(site: Path) -> None:
    assert [path.name for path in (site / "layouts").rglob("*") if path.is_file()] == ["pl.po"]
