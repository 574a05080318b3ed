"""``citations.bib`` is read by BibTeX, whatever titles and names hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from machines.conftest import ADDRESS
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.render.pages.citations import bibtex, tex

AWKWARD = st.text(st.sampled_from([*'\\{}%$#&_~^@",=\n\t\0\x07\x1b\x7f\x85\ud800é漢', "a", "b", " "]), max_size=30)


def entries(text: str) -> list[dict[str, str]]:
    """The entries of a file as BibTeX reads it: a value ends where its braces, escaped or not, are balanced."""
    found, at = [], 0
    while match := re.compile(r"\s*@online\{([a-z0-9-]+),\n").match(text, at):
        at, fields = match.end(), {"": match[1]}
        while field := re.compile(r"  ([a-z]+) = \{").match(text, at):
            at, depth = field.end(), 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[field[1]] = text[field.end() : at - 1]
            assert text[at : at + 2] == ",\n"
            at += 2
        assert text[at : at + 2] == "}\n"
        at += 2
        found.append(fields)
    assert not text[at:].strip()
    return found


@given(AWKWARD | st.text(max_size=20), AWKWARD)
def test_an_entry_is_whole_whatever_it_says(title: str, name: str) -> None:
    item = {"id": "gate-p-1", "title": title, "container-title": name, "archive": name, "note": title, "author": [{"literal": name}]}  # fmt: skip
    said = bibtex(item)
    (entry,) = entries(said)
    assert entry[""] == "gate-p-1"
    assert not [sign for sign in said if category(sign) in ("Cc", "Cs") and sign != "\n"]
    # TeX has no comment, maths or macro in it but those that stand for a character.
    plain = re.sub(r"\\text[a-z]+\{\}|\\[#$%&_]", "", entry.get("title", ""))
    assert not re.search(r"[\\{}%$#&_~^]", plain)


def test_each_special_character_is_a_command() -> None:
    assert tex(r"\{}~^#$%&_") == (
        r"\textbackslash{}\textbraceleft{}\textbraceright{}\textasciitilde{}\textasciicircum{}\#\$\%\&\_"
    )
    assert tex("a\n\tb\x00\x85") == "a b\ufffd…"


def test_the_files_of_a_debate_hold_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T {"\nextras = true\naddress = "https://x.example/a%20b/"\n')
    posts = [{"id": "1", "parent": None, "author": "a}\x07", "title": "{\x1b[31m %", "body": "Words.", "url": "https://x.example/%7B}"}]  # fmt: skip
    (tmp_path / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    assert not build(load_site(tmp_path)).failures
    said = (tmp_path / "public/debates/gate/citations.bib").read_text()
    assert len(entries(said)) == 2
    assert not [sign for sign in said if category(sign) == "Cc" and sign != "\n"]


PREFIXES = {"og", "z"}
"""Prefixes of names that Zotero takes as RDF."""
FIELDS = {"citation_title": "title", "citation_publication_date": "date", "citation_public_url": "url", "citation_language": "language"}  # fmt: skip


def as_zotero_reads(page: bytes) -> dict[str, str | list[str]]:
    """A page as the translator "Embedded Metadata" of Zotero reads it.

    Without a ``z:itemType``, a page with a ``citation_title`` is an article of a journal; an author with a semicolon is
    several, and one with a comma has the last name first.
    """
    item: dict[str, str | list[str]] = {"authors": [], "itemType": "journalArticle"}
    for meta in html.fromstring(page).xpath("/html/head/meta[@content]"):
        name, value = meta.get("name") or meta.get("property") or "", " ".join(meta.get("content").split())
        prefix, _, rest = name.partition(":")
        if prefix in PREFIXES and rest in ("itemType", "site_name"):
            item["itemType" if rest == "itemType" else "forumTitle"] = value
        elif name in FIELDS and value:
            item[FIELDS[name]] = value
        elif name == "citation_author":
            item["authors"] = re.split(r"\s*;\s*", value)
    return item


def test_zotero_finds_every_debate(archive: Path) -> None:
    pages = [(page.parent.name, page.read_bytes()) for page in archive.glob("debates/*/*.html")]
    assert len({name for name, _ in pages}) > 3
    assert len(pages) > len({name for name, _ in pages}), "there are later pages"
    for name, page in pages:
        if b'class="debate"' not in page:
            continue
        item = as_zotero_reads(page)
        assert item["itemType"] == "forumPost"
        assert item["title"] == html.fromstring(page).findtext(".//h1")
        assert item["url"] == f"{ADDRESS}debates/{name}/"
        assert item["forumTitle"]
        assert item["language"]
        alternates = html.fromstring(page).xpath("//link[@rel='alternate']/@href")
        assert "thread.json" in alternates
        assert ("citations.bib" in alternates) == (archive / f"debates/{name}/citations.bib").exists()
    gate = as_zotero_reads((archive / "debates/gate/index.html").read_bytes())
    assert (gate["authors"], gate["date"]) == (["ada"], "2024/03/04")


def test_a_later_page_is_cited_as_the_debate(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(f'title = "Mill"\naddress = "{ADDRESS}"\nposts_a_page = 10\n')
    posts = [{"id": n, "parent": 1 if n > 1 else None, "author": f"speaker {n}", "title": "Gate" if n == 1 else None, "created": f"2024-03-{n:02}T09:00:00Z", "body": "No."} for n in range(1, 12)]  # fmt: skip
    (tmp_path / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    assert build(load_site(tmp_path)).failures == ()
    first, second = (as_zotero_reads((tmp_path / f"public/debates/gate/{name}.html").read_bytes()) for name in ("index", "2"))  # fmt: skip
    assert first == second
    assert (first["authors"], first["date"], first["url"]) == (["speaker 1"], "2024/03/01", f"{ADDRESS}debates/gate/")


def test_the_date_is_that_of_the_first_post_with_one(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    posts = [{"id": 2, "parent": 1, "author": "bede", "created": "2024-03-05T09:00:00Z", "body": "No."}, {"id": 3, "parent": 2, "created": "2024-03-06T09:00:00Z", "body": "Yes."}]  # fmt: skip
    (tmp_path / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    build(load_site(tmp_path))
    item = as_zotero_reads((tmp_path / "public/debates/gate/index.html").read_bytes())
    assert (item["authors"], item["date"]) == ([], "2024/03/05")
