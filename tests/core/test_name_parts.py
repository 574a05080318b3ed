"""Where nobody is to be named, first names, surnames and handles' words are names too; everyday words only where they are written so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.model import Author, Mark, RawPost, RawThread
from rostra.privacy.name_forms import NameKind
from rostra.privacy.name_parts import parts_of, searched_part
from rostra.privacy.pseudonyms import NOBODY, Pseudonyms
from support.published_files import as_text


def pseudonyms(*people: str, keep: tuple[str, ...] = ()) -> Pseudonyms:
    made = Pseudonyms(b"k" * 32, keep)
    made.learn(RawThread(posts=tuple(RawPost(key=name, author=Author(name=name)) for name in people)))
    return made


def said(text: str, *people: str, keep: tuple[str, ...] = ()) -> str:
    """A text with each person's number in place of their name."""
    made = pseudonyms(*people, keep=keep)
    text = made.text(text)
    for n, name in enumerate(people, 1):
        text = text.replace(made.of(name), f"<{n}>")
    return text


@pytest.mark.parametrize(
    ("text", "people", "expected"),
    [
        ("Zénobie and MARCHBANKS; zénobie marchbanks!", ("Zénobie Marchbanks",), "<1> and <1>; <1>!"),
        ("Marchbanks, Zénobie; Z. Marchbanks", ("Zénobie Marchbanks",), "<1>; <1>"),
        ("Zénobie\u00a0Marchbanks; Z%C3%A9nobie+Marchbanks", ("Zénobie Marchbanks",), "<1>; <1>"),
        ("Anna met Anna Smith and Anna Jones, not Smith", ("Anna Smith", "Anna Jones"), "N. N. met <1> and <2>, not Smith".replace("Smith", "<1>")),
        ("Anna met Anna Smith", ("Anna Smith", "Anna"), "<2> met <1>"),
        # Everyday words, as they are written and all in capitals.
        ("Rose and ROSE, but the rose @rose", ("Rose Quill",), "<1> and <1>, but the rose @<1>"),
        ("Will you? WILL you? he will. @WILL", ("Will Quill",), "<1> you? WILL you? he will. @<1>"),
        ("Rose and a rose", ("Rose",), "<1> and a rose"),
        # Particles, words of two letters, and words that a name does not capitalise.
        ("van de Beethoven", ("Ludwig van Beethoven",), "van de <1>"),
        ("Bo and Li said", ("Bo Quillby",), "Bo and Li said"),
        ("Bo, Bob and Bobs", ("Bob Quillby",), "Bo, <1> and Bobs"),
        # Handles: with a capital, from four letters on, never everyday words.
        ("Hilarion and hilarion", ("hilarion_7",), "<1> and hilarion"),
        ("John SMYTHE smythe", ("johnSmythe",), "<1> <1> smythe"),
        ("A Fox is Red", ("the_red_fox",), "A Fox is Red"),
        ("A User is no Guest", ("user1234", "guest_5"), "A User is no Guest"),
        ("Dav and Dave", ("dave_1", "dav_2"), "Dav and <1>"),
        ("Zeus", ("Zeus",), "<1>"),
        # Numbers and very short names only as handles.
        ("12 of 12, @12, /u/12", ("12",), "12 of 12, @<1>, /u/<1>"),
        ("Al and al, @al", ("Al",), "<1> and al, @<1>"),
        ("A man, a plan, @A, @a", ("A",), "A man, a plan, @<1>, @<1>"),
        ("李明说", ("李明",), "<1>说"),
        ("Anonymous is anonymous", ("Anonymous",), "<1> is anonymous"),
    ],
)  # fmt: skip
def test_who_is_named_has_a_pseudonym(text: str, people: tuple[str, ...], expected: str) -> None:
    assert said(text, *people) == expected


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ludwig van Beethoven", [("Ludwig", False), ("Beethoven", False)]),
        ("ada quillby", [("ada", False), ("quillby", False)]),
        ("Rose Quill", [("Rose", True), ("Quill", False)]),
        # One word beside a sign is the whole name.
        ("★ Quill", []),
        ("Zeus", []),
        ("Theodora", []),
        # With a number it is a handle.
        ("Bob Quillby 7", [("Quillby", True)]),
        ("иван_7", [("Иван", True)]),
        ("иван7", []),
    ],
)  # fmt: skip
def test_parts_of_a_name(name: str, parts: list[tuple[str, bool]]) -> None:
    assert list(parts_of(name)) == parts


@pytest.mark.parametrize(
    ("name", "everyday"),
    [("李", True), ("李明", False), ("Al", True), ("Bob", False), ("Will", True), ("Will Quill", False), ("12", True), ("★", False)],
)  # fmt: skip
def test_a_name_that_counts_only_where_it_is_written_so(name: str, everyday: bool) -> None:
    assert searched_part(name).kind == (NameKind.EVERYDAY if everyday else None)


def test_what_is_to_be_kept_is_kept() -> None:
    assert said("Ann Quill quill", "Ann Quill", keep=("quill",)) == "<1> quill"
    assert said("Ann Quill, Ann", "Ann Quill", keep=("Ann Quill",)) == "Ann Quill, Ann"
    assert said("Rosa and Ann", "Rosa", "Ann Quill", keep=("ROSA",)) == "Rosa and <2>"


def test_a_pseudonym_that_holds_somebody_s_name_is_left_as_it_is() -> None:
    made = pseudonyms("Zénobie Marchbanks", *(f"person {n}" for n in range(200)), "Robin", "Hazel Quill")
    robins = [made.of(name) for name in sorted(made.people) if "Robin" in made.of(name)]
    assert robins
    for name in robins:
        assert made.text(f"So says {name}.") == f"So says {name}."
        assert made.text(made.text(f"Robin and {name}")) == f"{made.of('Robin')} and {name}"


def test_of_several_who_are_meant_by_a_part_nobody_is_named() -> None:
    assert NOBODY in pseudonyms("Anna Smith", "Anna Jones").text("Anna!")
    assert pseudonyms("Anna Smith", "Anna Jones").names.kept == {}


def test_whoever_a_rule_names_is_known_by_every_way_to_write_it() -> None:
    made = pseudonyms("Theodora Quill", "theodora quill", "Theo")
    assert made.called("THEODORA QUILL") == [
        made.of(name) for name in ("THEODORA QUILL", "Theodora Quill", "theodora quill")
    ]


def test_ids_and_marks_of_the_source_are_exchanged_for_others() -> None:
    made = pseudonyms("Ada")
    assert made.mark(Mark(author="Ada", post="7", thread="t", url="https://x.example/7")) == Mark(author=made.of("Ada"), post=made.id("7"), thread=made.id("t"))  # fmt: skip
    assert made.mark(Mark()) == Mark()
    assert (made.id(None), made.alias("p-x"), made.alias("x")) == (None, f"p-{made.id('p-x')}", made.id("x"))


def site(
    root: Path, posts: list[dict[str, Any]] | str, name: str = "gate.jsonl", card: str = "", settings: str = ""
) -> dict[str, str]:
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "rostra.toml").write_text(f'title = "Mill"\npseudonyms = true\n{settings}')
    (root / "content" / name).write_text(
        posts if isinstance(posts, str) else "".join(json.dumps(post) + "\n" for post in posts)
    )
    if card:
        (root / "content" / name).with_suffix(".toml").write_text(card)
    assert not build(load_site(root)).failures
    paths = [path for path in sorted((root / "public").rglob("*")) if path.is_file()]
    return {(name := path.relative_to(root / "public").as_posix()): f"{name}\n{as_text(path)}" for path in paths}


MAIL = "".join(
    f"From a Fri Mar  1 09:00:0{n} 2024\nFrom: {who} <x{n}@x.example>\nDate: Fri, 1 Mar 2024 09:00:0{n} +0000\nMessage-ID: <{n}@x.example>\n\n{said}\n\n"
    for n, (who, said) in enumerate([("Zénobie Marchbanks", "I am Zénobie and I made all that was ever made of the upper gate of the old mill, says Marchbanks."), ("Bob Quill", "ZÉNOBIE wrote this?")])
)  # fmt: skip


def test_a_title_of_a_post_s_first_words_names_nobody(tmp_path: Path) -> None:
    files = site(tmp_path, MAIL, "mill.mbox")
    for path, text in files.items():
        assert not re.search(r"z(é|e\u0301|e)nobie|marchbanks|\bquill", text, re.IGNORECASE), path
    assert sum("made all that was ever made" in text for text in files.values()) > 3


def test_whatever_is_called_by_a_name_has_another_one(tmp_path: Path) -> None:
    posts = [
        {"id": 1, "parent": None, "author": "Zénobie Marchbanks", "body": "Hm."},
        {"id": 2, "parent": 1, "author": "Cy Quillby", "body": "Of Zenobie.[^zenobie]\n\n[^zenobie]: By *Zéno*bie."},
    ]
    card = 'title = "By Zénobie"\ntags = ["Zénobie"]\nlicence = "Zénobie\'s own"\n[[correction]]\npost = "p-x"\nnote = "Of Zénobie."\n'
    files = site(tmp_path, posts, "zenobie-marchbanks.jsonl", card)
    for path, text in files.items():
        assert not re.search(r"z(é|e\u0301|e)nobie|marchbanks", text, re.IGNORECASE), path
    (debate,) = {path.split("/")[1] for path in files if path.startswith("debates/") and path.count("/") > 1}
    document = json.loads(files[f"debates/{debate}/thread.json"].partition("\n")[2])
    assert document["source"]["record"] is None
    assert document["posts"][1]["footnotes"][0]["marker"] is not None
    assert document["posts"][1]["footnotes"][0]["text"].startswith("By ")


COPIED = "Who has the key to the gate?\n\n    • ada\n    2 years ago\n\n    Ask Theodora Quill.\n"


def test_no_id_is_a_digest_of_what_a_post_says(tmp_path: Path) -> None:
    def ids(root: Path, key: str) -> list[str]:
        root.mkdir()
        (root / "pseudonyms.key").write_text(key * 32)
        document = json.loads(site(root, COPIED, "gate.txt")["debates/gate/thread.json"].partition("\n")[2])
        return [post["id"] for post in document["posts"]]

    one, other = ids(tmp_path / "one", "aa"), ids(tmp_path / "other", "bb")
    assert not set(one) & set(other)
    assert ids(tmp_path / "again", "aa") == one


def test_a_page_of_the_publisher_s_that_names_somebody_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/about.md").write_text("# About\n\nThanks to Zénobie.\n")
    posts = [{"id": 1, "parent": None, "author": "Zénobie Marchbanks", "body": "Hm."}]
    with pytest.raises(UsageError) as raised:
        site(tmp_path, posts)
    told = str(raised.value)
    assert told.startswith("rostra.toml:1: about.html would contain 'Zénobie'")
    assert "Thanks to" in told
    assert "`pseudonyms_keep`" in told
    assert "Thanks to Zénobie" in site(tmp_path, posts, settings='pseudonyms_keep = ["Zénobie"]\n')["about.html"]


def test_decisions_and_reasons_of_a_card_name_nobody_and_still_apply(tmp_path: Path) -> None:
    posts = [
        {"id": 1, "parent": None, "author": "Zénobie Marchbanks", "created": "2024-03-01T09:00:00Z", "body": "The gate of the mill is shut, says Zénobie."},
        {"id": 2, "parent": 1, "author": "Cy Quillby", "created": "2024-03-02T09:00:00Z", "body": "> So the mill is shut, as Zénobie has it.\n\nIs it?"},
    ]  # fmt: skip
    files = site(tmp_path, posts)
    first, second = (post["id"] for post in json.loads(files["debates/gate/thread.json"].partition("\n")[2])["posts"])
    card = f'[[quotation]]\npost = "{second}"\ntext = "So the mill is shut, as Zénobie"\nsource = "{first}"\nwords = "says Zénobie"\n'
    document = json.loads(site(tmp_path, posts, card=card)["debates/gate/thread.json"].partition("\n")[2])
    assert not [problem for problem in document["problems"] if problem["code"] == "unused-decision"]
    assert document["posts"][1]["quotes"][0]["source"]["text"].startswith("says ")
    files = site(tmp_path, posts, card='withdrawn = "Zénobie asked."\n')
    assert "nobie" not in "".join(files.values())
    assert any(" asked." in text for text in files.values())
