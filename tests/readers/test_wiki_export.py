"""Exports of MediaWiki: the latest revision of each page, read piece by piece, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.errors import UnreadableDump
from rostra.readers import Dump, choose
from rostra.readers.wiki import wikitext

EXPORT = Path(__file__).parent / "wikitext" / "export.xml"


@pytest.mark.parametrize("encoding", ["utf-8", "koi8-r", "utf-16"])
def test_its_declaration_says_how_it_is_encoded(encoding: str, tmp_path: Path) -> None:
    text = EXPORT.read_text(encoding="utf-8").replace("And the weir?", "А плотина?")
    dump = tmp_path / "pages.xml"
    dump.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'.encode(encoding))
    assert choose(Dump(dump)) is wikitext
    assert [post.body for thread in wikitext.read(Dump(dump)) for post in thread.posts][2] == "А плотина?"


def test_what_is_cut_off_is_told_and_the_rest_read(tmp_path: Path) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    dump = tmp_path / "pages.xml"
    dump.write_text(text[: text.index("Come and see")], encoding="utf-8")
    threads = list(wikitext.read(Dump(dump)))
    assert [thread.native_id for thread in threads] == ["talk-gate-who-opened-it", "talk-gate-weir"]
    assert [problem.code for problem in threads[-1].problems] == ["truncated", "no-posts"]


def test_no_entity_is_expanded_and_nothing_fetched(tmp_path: Path) -> None:
    dump = tmp_path / "pages.xml"
    text = EXPORT.read_text(encoding="utf-8").replace("And the weir?", "&secret; stays")
    dump.write_text(f'<!DOCTYPE mediawiki [<!ENTITY secret SYSTEM "{EXPORT}">]>{text}', encoding="utf-8")
    assert "Vandals" not in str(list(wikitext.read(Dump(dump))))


def test_articles_alone_are_no_debates(tmp_path: Path) -> None:
    dump = tmp_path / "pages.xml"
    text = EXPORT.read_text(encoding="utf-8")
    dump.write_text(text[: text.index("  <page>", text.index("</page>"))] + "</mediawiki>", encoding="utf-8")
    with pytest.raises(UnreadableDump):
        list(wikitext.read(Dump(dump)))
