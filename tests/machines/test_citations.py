"""``citations.bib`` is read by BibTeX, whatever titles and names hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

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
