"""What was hidden of a post stays hidden where a later copy of its page says more of it, or is cut otherwise."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.redaction_rules import RULES, RedactionRule, append_rule
from rostra.config.site import load_site
from rostra.model import Author, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.text import text
from support.published_files import as_text


class Said(NamedTuple):
    """A post of a copied page: its words, by whom, and which post (from 0) it answers."""

    body: str
    author: str | None = None
    parent: int | None = 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Read a page whose posts begin with a line ``= AUTHOR PARENT``; none has an id."""
    lines = dump.text()[0].split("\n")
    starts = [n for n, line in enumerate(lines) if line.startswith("= ")]
    posts = []
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True)):
        _, author, parent = lines[start].split(" ")
        body = "\n".join(lines[start + 1 : end]).strip("\n")
        posts.append(
            RawPost(
                key=str(n),
                parent=parent if n else None,
                author=Author(name=author) if author != "-" else None,
                line=start + 2,
                body=body,
            )
        )
    yield RawThread(posts=tuple(posts))


class Page:
    """A site of one copied page."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')

    def build(self, *posts: Said, name: str = "gate", fresh: bool = False) -> BuildReport:
        for path in (self.root / "content").iterdir():
            path.rename(path.with_stem(name))
        self.put(name, *posts)
        if fresh:
            shutil.rmtree(self.root / ".rostra", ignore_errors=True)
        return build(load_site(self.root))

    def put(self, name: str, *posts: Said) -> None:
        said = "".join(f"= {each.author or '-'} {each.parent}\n{each.body}\n" for each in posts)
        (self.root / f"content/{name}.txt").write_text(said)

    def files(self) -> str:
        paths = [path for path in (self.root / "public").rglob("*") if path.is_file()]
        return "\n".join(f"{path}\n{as_text(path)}" for path in paths)

    def shown(self, *words: str) -> list[str]:
        said = self.files()
        return [word for word in words if word in said]

    def post(self, words: str) -> str:
        document = json.loads((self.root / "public/debates/gate/thread.json").read_bytes())
        return next(each["id"] for each in document["posts"] if words in each["text"])

    def hide(self, how: str, words: str) -> None:
        post = self.post(words)
        if how == "card":
            (self.root / "content/gate.toml").write_text(f'[[correction]]\npost = "{post}"\nwithdrawn = "as asked"\n')
        else:
            append_rule(self.root, RedactionRule(post=post, thread="gate"))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(text, "read", read)
    return Page(tmp_path / "site")


ASK = Said("Who opened the upper gate last night?", "Ada")
HIDDEN = Said("Alpha saw the miller.\nHis name is Beta Gamma.", "Bede")
MINE = Said("The keeper told me nothing.", "Bede")
OTHER = Said("Nobody asked you, I think.", "Cy")
NEW = Said("The weir is high today.", "Dot")
LATER = Said("And the bridge is shut.", "Bede")
BEFORE = (ASK, MINE, HIDDEN, OTHER)
TOLD = ("Alpha", "Beta", "Gamma")
LEFT = ("upper gate", "keeper told", "asked you", "weir is high", "bridge is shut")


def grown(body: str, author: str | None = "Bede", parent: int = 0) -> tuple[Said, ...]:
    """The page with the hidden post as it is now, and two new posts, of which one is by the same person."""
    return (ASK, MINE, Said(body, author, parent), OTHER, NEW, LATER)


@pytest.mark.parametrize("how", ["card", "rule"])
@pytest.mark.parametrize(
    ("after", "gone"),
    [
        # Longer by lines: found by its words, so that all else stays.
        (grown(f"{HIDDEN.body}\nEdit: Delta too."), []),
        (grown(f"Edit: I was wrong.\n{HIDDEN.body}"), []),
        (grown(f"{HIDDEN.body}\nDelta.", author="Zoe"), []),
        (grown(f"{HIDDEN.body}\nDelta.", parent=1), []),
        # Cut otherwise.
        ((ASK, MINE._replace(body=f"{MINE.body}\n{HIDDEN.body}"), OTHER, NEW), ["keeper told"]),
        ((ASK, MINE, OTHER._replace(body=f"{HIDDEN.body}\n{OTHER.body}"), NEW, LATER), ["asked you"]),
        # The ledger takes the new post for the hidden one, which it may be.
        (
            (ASK, MINE._replace(body=f"{MINE.body}\n{HIDDEN.body}"), OTHER, NEW, LATER),
            ["keeper told", "bridge is shut"],
        ),
        # Otherwise it may be in every new post of the same person, and in no other.
        (grown(f"{HIDDEN.body[:-1]} and Delta, I hear."), ["bridge is shut"]),
        (grown(f"Well, {HIDDEN.body}"), ["bridge is shut"]),
        (grown("Alpha saw the …"), ["bridge is shut"]),
        (grown(HIDDEN.body.replace("the miller", "the old miller")), ["bridge is shut"]),
        (grown(f"{HIDDEN.body[:-1]} and Delta.", author=None), ["bridge is shut"]),
        ((ASK, MINE, Said("Alpha saw the miller.", "Bede"), Said("His name is Beta Gamma."), OTHER, NEW), []),
        ((ASK, MINE, OTHER, NEW, LATER), ["bridge is shut"]),
    ],
)
def test_a_hidden_post_stays_hidden_in_a_longer_copy_of_its_page(
    page: Page, how: str, after: tuple[Said, ...], gone: list[str]
) -> None:
    page.build(*BEFORE)
    page.hide(how, "Alpha")
    page.build(*BEFORE)
    assert page.shown(*TOLD, *LEFT) == list(LEFT[:3])
    said = " ".join(each.body for each in after)
    for name, fresh in (("gate", False), ("gate", True), ("later", False)):
        report = page.build(*after, name=name, fresh=fresh)
        assert page.shown(*TOLD, *LEFT) == [words for words in LEFT if words in said and words not in gone]
        assert not [each for _, each in report.problems if each.code == "unused-rule"]


@pytest.mark.parametrize("how", ["card", "rule"])
def test_so_it_does_in_a_file_of_another_name(page: Page, how: str) -> None:
    page.build(*BEFORE)
    page.hide(how, "Alpha")
    page.build(*grown(f"{HIDDEN.body}\nDelta."), name="later")
    assert page.shown(*TOLD, *LEFT) == list(LEFT)


@pytest.mark.parametrize("how", ["card", "rule"])
def test_so_it_does_in_one_copy_after_another(page: Page, how: str) -> None:
    page.build(*BEFORE)
    page.hide(how, "Alpha")
    for body in (HIDDEN.body, f"Well, {HIDDEN.body}", f"Well, {HIDDEN.body}\nDelta.", "Alpha saw Delta."):
        page.build(*grown(body), fresh=True)
        assert page.shown(*TOLD, "Delta") == []
    # It may be gone for a time.
    page.build(ASK, MINE, OTHER, NEW)
    page.build(*grown("Alpha saw Delta.\nBeta too."))
    assert page.shown(*TOLD, "Delta") == []


def test_what_was_unhidden_is_shown_again(page: Page) -> None:
    page.build(*BEFORE)
    page.hide("rule", "Alpha")
    page.build(*grown(f"Well, {HIDDEN.body}"))
    (page.root / RULES).unlink()
    page.build(*grown(f"Well, {HIDDEN.body}"))
    assert page.shown(*TOLD, *LEFT) == [*TOLD, *LEFT]


def test_after_a_hidden_post_is_gone_its_author_s_new_posts_are_shown(page: Page) -> None:
    page.build(*BEFORE)
    page.hide("rule", "Alpha")
    page.build(ASK, MINE, OTHER)
    page.build(ASK, MINE, OTHER, NEW, LATER, Said("So is the mill.", "Bede"))
    assert page.shown(*TOLD, *LEFT, "is the mill") == [*LEFT, "is the mill"]


def test_a_passage_is_hidden_in_the_longer_post(page: Page) -> None:
    page.build(*BEFORE)
    append_rule(page.root, RedactionRule(post=page.post("Alpha"), thread="gate", passage="name is Beta Gamma"))
    for body in (HIDDEN.body, f"Well, {HIDDEN.body}", f"Well, {HIDDEN.body}\nDelta."):
        page.build(*grown(body))
        assert page.shown(*TOLD, *LEFT) == ["Alpha", *LEFT]
    # Of a passage that was cut, a part may be left.
    page.build(*grown("Alpha saw the miller.\nWell, his name is Beta …"))
    assert page.shown(*TOLD, *LEFT) == list(LEFT)


def test_a_person_s_words_stay_hidden_in_a_post_that_swallows_them(page: Page) -> None:
    append_rule(page.root, RedactionRule(person="Bede"))
    page.build(*BEFORE)
    page.build(ASK._replace(body=f"{ASK.body}\n{MINE.body}"), HIDDEN, OTHER, NEW)
    assert page.shown(*TOLD, *LEFT) == ["asked you", "weir is high"]


def test_a_post_that_stays_as_it_was_holds_nothing_though_it_says_the_same(page: Page) -> None:
    short = Said("I agree.", "Bede")
    page.build(ASK, OTHER, short, Said("I agree.", "Dot"))
    page.hide("rule", "I agree")
    page.build(ASK, OTHER, short._replace(body="I agree.\nAlpha did it."), Said("I agree.", "Dot"), LATER)
    assert page.shown(*TOLD, *LEFT, "I agree") == ["upper gate", "asked you", "bridge is shut", "I agree"]


@pytest.mark.parametrize("how", ["card", "rule"])
@pytest.mark.parametrize(("fresh", "once"), [(False, False), (True, True)])
@pytest.mark.parametrize(
    ("after", "gone"),
    [
        (grown(f"{HIDDEN.body}\nEdit: Delta too."), []),
        (grown(f"Well, {HIDDEN.body}"), ["bridge is shut"]),
    ],
)
def test_a_hidden_post_stays_hidden_where_it_grows_in_a_later_dump_of_its_debate(
    page: Page, how: str, fresh: bool, once: bool, after: tuple[Said, ...], gone: list[str]
) -> None:
    if once:
        # The dump was a debate of its own, with a post that is gone.
        page.put("mill", *BEFORE, Said("Of this nothing is left.", "Eve"))
        build(load_site(page.root))
        (page.root / "content/gate.toml").write_text('id = "gate"\n')
    page.put("mill", *BEFORE)
    page.put("gate", ASK, MINE, OTHER)
    build(load_site(page.root))
    page.hide(how, "Alpha")
    build(load_site(page.root))
    page.put("mill", *after)
    if fresh:
        shutil.rmtree(page.root / ".rostra")
    assert not build(load_site(page.root)).failures
    assert page.shown(*TOLD, "Delta") == []
    assert page.shown(*LEFT) == [words for words in LEFT if words not in gone]
