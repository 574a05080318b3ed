"""An address that was published once leads to its post, or says that it is gone, whatever happens to the dumps."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from rostra import permalinks
from rostra.build import build
from rostra.ledger import Traits, recognised
from rostra.site import LEDGER, load_site

WORDS = ["the", "upper", "gate", "stays", "shut", "from", "dusk", "until", "miller", "rings", "bell", "and", "weir", "keeper", "says", "nothing", "of", "water", "that", "runs", "under", "bridge", "by", "night", "while", "nobody", "counts", "sluices", "or", "asks", "who", "paid", "for", "them"]  # fmt: skip
Address = tuple[str, str]
OWN = permalinks._own


class Post:
    """What a test knows of a post: its marker stands in its text, whatever else is changed."""

    def __init__(self, marker: str, parent: int | None, chance: random.Random) -> None:
        self.marker, self.parent = marker, parent
        self.author: str | None = chance.choice(["Ada", "Bede", "Cy", "Dot"])
        self.words = [marker, *chance.choices(WORDS, k=chance.randint(12, 30))]
        self.native, self.day = 0, 0


class Debate:
    """A dump of one debate: copied text without ids, or lines of JSON with them."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind, self.title, self.age = name, kind, f"Debate {name}", 1
        self.posts: dict[int, Post] = {}
        self.id: str | None = None
        self.corrections: list[str] = []

    def below(self, number: int | None) -> list[int]:
        return [n for n, post in self.posts.items() if post.parent == number]

    def branch(self, number: int) -> list[int]:
        found = [number]
        for each in found:
            found += self.below(each)
        return found

    def write(self, folder: Path) -> None:
        path = folder / f"{self.name}.{self.kind}"
        path.write_text(self.text() if self.kind == "txt" else self.lines())
        if self.id or self.corrections:
            card = [f'id = "{self.id}"\n'] if self.id else []
            path.with_suffix(".toml").write_text("".join(card + self.corrections))

    def lines(self) -> str:
        out = []
        for n, post in self.posts.items():
            parent = self.posts[post.parent].native if post.parent in self.posts else None
            created = f"2024-{1 + post.day // 28 % 12:02}-{1 + post.day % 28:02}T09:00:00Z"
            out.append({"id": post.native, "parent": parent, "author": post.author, "created": created,
                        "body": " ".join(post.words), "title": self.title if n == min(self.posts) else None})  # fmt: skip
        return "".join(json.dumps(line) + "\n" for line in out)

    def text(self) -> str:
        out: list[str] = []
        stack = [(n, 0) for n in reversed(self.below(None))]
        while stack:
            n, depth = stack.pop()
            post, space = self.posts[n], "  " * (depth + 1) if depth else ""
            if depth:
                out += [f"{space}• {post.author}"] if post.author else []
                out += [f"{space}{self.age} years ago", ""]
            out += [space + " ".join(post.words), ""]
            stack += [(child, depth + 1) for child in reversed(self.below(n))]
        return "\n".join(out)


class Year:
    """An archive that is dumped again, edited, renamed, split and merged, round by round."""

    def __init__(self, root: Path, seed: int, debates: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        self.count = 0
        self.debates: list[Debate] = []
        self.ever: dict[Address, str] = {}
        self.done: Counter[str] = Counter()
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')
        for n in range(debates):
            self.add("txt" if n % 2 else "jsonl")

    def post(self, debate: Debate, parent: int | None) -> None:
        self.count += 1
        post = Post(f"mark{self.count}", parent, self.chance)
        post.native = post.day = self.count
        debate.posts[self.count] = post

    def add(self, kind: str) -> None:
        self.count += 1
        debate = Debate(f"d{self.count}", kind)
        self.post(debate, None)
        for _ in range(self.chance.randint(3, 9)):
            self.post(debate, self.chance.choice(list(debate.posts)))
        self.debates.append(debate)

    def change(self, debate: Debate) -> str:
        chance = self.chance
        answers = [n for n, post in debate.posts.items() if post.parent is not None]
        what = chance.choice(["more", "more", "edit", "rewrite", "name", "age", "rename", "title", "id", "less", "delete", "split", "merge", "shuffle", "correct"])  # fmt: skip
        match what:
            case "more":
                for _ in range(chance.randint(1, 3)):
                    self.post(debate, chance.choice(list(debate.posts)))
            case "edit":
                words = debate.posts[chance.choice(list(debate.posts))].words
                words[chance.randrange(2, len(words))] = "corrected"
            case "rewrite" if debate.kind == "jsonl":
                post = debate.posts[chance.choice(list(debate.posts))]
                post.words = [post.marker, *chance.choices(WORDS, k=9)]
            case "name" if answers:
                post = debate.posts[chance.choice(answers)]
                post.author = "Found" if post.author is None else None
            case "age":
                debate.age += 1
            case "rename":
                debate.name += "r"
            case "title":
                debate.title += " again"
            case "id":
                self.count += 1
                debate.id = f"moved-{self.count}"
            case "less" if len(answers) > 2:
                leaves = [n for n in answers if not debate.below(n)]
                del debate.posts[chance.choice(leaves)]
            case "delete" if chance.random() < 0.3 and len(self.debates) > 5:
                self.debates.remove(debate)
            case "split" if debate.kind == "jsonl" and len(answers) > 4:
                top = chance.choice(answers)
                self.count += 1
                other = Debate(f"s{self.count}", "jsonl")
                for n in debate.branch(top):
                    other.posts[n] = debate.posts.pop(n)
                other.posts[top].parent = None
                self.debates.append(other)
            case "merge" if debate.kind == "jsonl":
                others = [each for each in self.debates if each is not debate and each.kind == "jsonl"]
                target = chance.choice(others)
                top = min(debate.posts)
                # Forums number the posts that they take over anew.
                for post in debate.posts.values():
                    self.count += 1
                    post.native = self.count
                target.posts |= debate.posts
                target.posts[top].parent = min(target.posts.keys() - debate.posts.keys())
                self.debates.remove(debate)
            case "correct" if permalink := self.permalink(debate):
                fact = chance.choice(
                    ['author = "Zeus"', 'created = "2020-01-01T00:00:00Z"', 'note = "A note."', 'title = "So"']
                )
                debate.corrections.append(f'[[correction]]\npost = "{permalink}"\n{fact}\n')
            case "shuffle" if debate.kind == "jsonl":
                items = list(debate.posts.items())
                first, rest = items[:1], items[1:]
                chance.shuffle(rest)
                debate.posts = dict(first + rest)
            case _:
                return "nothing"
        return what

    def permalink(self, debate: Debate) -> str | None:
        """A post's id, as a publisher finds it on the page."""
        markers = {post.marker for post in debate.posts.values()}
        here = sorted(id for (_, id), marker in self.ever.items() if marker in markers)
        return self.chance.choice(here) if here else None

    def round(self) -> None:
        for debate in list(self.debates):
            if debate in self.debates and self.chance.random() < 0.5:
                self.done[self.change(debate)] += 1
        for path in (self.root / "content").iterdir():
            path.unlink()
        for debate in self.debates:
            debate.write(self.root / "content")
        report = build(load_site(self.root))
        assert not report.failures, [str(failure) for failure in report.failures]

    def pages(self) -> dict[str, dict[str, html.HtmlElement]]:
        found = {}
        for path in sorted((self.root / "public/debates").glob("*/index.html")):
            tree = html.fromstring(path.read_text())
            found[path.parent.name] = {element.get("id"): element for element in tree.iter() if element.get("id")}
        return found

    def note(self) -> None:
        """Remember every address that is published now, with the marker of what stands there."""
        for debate, elements in self.pages().items():
            for id, element in elements.items():
                if element.tag == "article" and (marker := said(element)):
                    self.ever.setdefault((debate, id), marker)

    def lost(self) -> list[tuple[Address, str]]:
        """The addresses that lead nowhere, or to another post; a reader follows links and refreshes."""
        pages = self.pages()
        present = {post.marker for debate in self.debates for post in debate.posts.values()}
        wrong = []
        for (debate, id), marker in self.ever.items():
            element = pages.get(debate, {}).get(id)
            for _ in range(5):
                link = element.find(".//a") if element is not None and element.tag == "li" else None
                if link is None:
                    break
                found = re.fullmatch(r"\.\./([^/]+)/index\.html#(.+)", link.get("href"))
                assert found
                element = pages.get(found[1], {}).get(found[2])
            here = said(element) if element is not None and element.tag == "article" else None
            if element is None or (here is not None and here != marker) or (marker in present and here is None):
                wrong.append(((debate, id), marker))
        return wrong


def said(article: html.HtmlElement) -> str | None:
    """The marker in a post's own text."""
    body = article.find("./div[@class='body e-content']")
    found = re.search(r"mark\d+", body.text_content()) if body is not None else None
    return found[0] if found else None


@pytest.mark.parametrize("seed", range(3))
def test_in_a_year_of_changes_no_address_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    year = Year(tmp_path, seed, debates=40)
    for month in range(12):
        if month == 6:
            # A later version of Rostra makes ids by another recipe.
            monkeypatch.setattr(permalinks, "_own", lambda *about: OWN(*about)[::-1])
        year.round()
        assert not year.lost(), (seed, month)
        year.note()
    assert len(year.ever) > 300
    assert {"edit", "rename", "id", "less", "split", "merge", "more", "name", "correct"} <= year.done.keys()


def test_without_its_ledger_everything_builds_and_most_addresses_hold(tmp_path: Path) -> None:
    year = Year(tmp_path, 7, debates=40)
    for month in range(12):
        if month == 6:
            (tmp_path / LEDGER).unlink()
        year.round()
        year.note()
    lost = len(year.lost())
    assert 0 < lost < len(year.ever) / 3


def test_a_rebuild_leaves_the_ledger_as_it_is_and_so_does_one_without_what_was_kept(tmp_path: Path) -> None:
    year = Year(tmp_path, 8, debates=10)
    for _ in range(4):
        year.round()
    ledger = (tmp_path / LEDGER).read_bytes()
    assert sorted(ledger.splitlines()[1:]) != []
    for _ in range(2):
        build(load_site(tmp_path))
        assert (tmp_path / LEDGER).read_bytes() == ledger
        for path in (tmp_path / ".rostra").glob("*.sqlite"):
            path.unlink()


def test_ledgers_of_two_branches_are_simply_put_together(tmp_path: Path) -> None:
    year = Year(tmp_path, 9, debates=6)
    year.round()
    year.note()
    base = (tmp_path / LEDGER).read_text()
    lines = base.splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    (tmp_path / LEDGER).write_text(
        "<<<<<<< ours\n" + "".join(lines) + "=======\n" + "".join(lines[:20]) + ">>>>>>> theirs\n"
    )
    build(load_site(tmp_path))
    assert (tmp_path / LEDGER).read_text() == base
    assert not year.lost()


def test_what_was_only_looked_at_is_not_noted(tmp_path: Path) -> None:
    year = Year(tmp_path, 10, debates=3)
    year.round()
    ledger = (tmp_path / LEDGER).read_bytes()
    year.add("txt")
    year.debates[-1].write(tmp_path / "content")
    build(load_site(tmp_path, previewed=True))
    assert (tmp_path / LEDGER).read_bytes() == ledger
    (tmp_path / f"content/{year.debates[-1].name}.txt").unlink()
    build(load_site(tmp_path, previewed=True))
    assert not (tmp_path / f"public/debates/{year.debates[-1].name}").exists()


def test_a_debate_that_is_gone_says_so_at_its_address(tmp_path: Path) -> None:
    year = Year(tmp_path, 11, debates=2)
    year.round()
    name = year.debates[0].name
    (tmp_path / f"content/{name}.jsonl").unlink()
    build(load_site(tmp_path))
    page = (tmp_path / f"public/debates/{name}/index.html").read_text()
    assert "no longer here" in page
    assert "refresh" not in page
    document = json.loads((tmp_path / f"public/debates/{name}/thread.json").read_bytes())
    assert document["posts"] == []
    assert len(document["kept"]) == len(year.debates[0].posts)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_no_two_posts_are_recognised_as_one_and_what_did_not_change_is_itself(
    kinds: list[int], chance: random.Random
) -> None:
    known = {
        f"p-{n}": Traits(
            native=str(n) if kind else "", words=f"words{kind:05}", moment=f"who{kind % 2}", parent="", sketch=""
        )
        for n, kind in enumerate(kinds)
    }
    posts = list(known.items())
    assert recognised(posts, known) == {id: id for id in known}
    chance.shuffle(posts)
    found = recognised([(f"x-{id}", traits) for id, traits in posts], known)
    assert len(set(found.values())) == len(found)


def test_two_posts_of_one_source_with_the_same_words_are_two() -> None:
    same = Traits(native="a", words="samewords0", moment="ada-monday", parent="", sketch="")
    other = Traits(native="b", words="samewords0", moment="ada-sunday", parent="", sketch="")
    third = Traits(native="c", words="elsewhere0", moment="bede-today", parent="", sketch="")
    assert recognised([("p-b", other), ("p-c", third)], {"p-a": same, "p-c": third}) == {"p-c": "p-c"}
