"""What was hidden of a post stays hidden where a later version of Rostra reads the same dump otherwise."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import BuildReport, build
from rostra.config.redaction_rules import RULES, RedactionRule, append_rule
from rostra.config.site import LEDGER, load_site
from rostra.identity import ledger_file, registry
from rostra.identity.ledger import READING, line_of, read_entry
from rostra.model import Author, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.text import text
from rostra.store import store
from rostra.threads.grown_posts import shares_words
from support.published_files import as_text


class Cut(NamedTuple):
    """A post as a version reads it: its lines (1-based, both included), and who is said to have written them."""

    first: int
    last: int
    author: str | None = None
    thread: str = "gate"
    title: int | None = None


def reader(*cuts: Cut) -> Callable[[Dump], Iterator[RawThread]]:
    """A version of the reader of copied text; each post answers the first of its debate."""

    def read(dump: Dump) -> Iterator[RawThread]:
        lines = dump.text()[0].split("\n")
        for name in dict.fromkeys(cut.thread for cut in cuts):
            own = [cut for cut in cuts if cut.thread == name]
            yield RawThread(
                title=lines[own[0].title - 1] if own[0].title else None,
                native_id=name if len({cut.thread for cut in cuts}) > 1 else None,
                posts=tuple(
                    RawPost(
                        key=str(cut.first),
                        parent=None if cut is own[0] else str(own[0].first),
                        author=Author(name=cut.author) if cut.author else None,
                        line=cut.first,
                        body="\n".join(lines[cut.first - 1 : cut.last]),
                    )
                    for cut in own
                ),
            )

    return read


class Mill:
    """A site of one copied page, of which each line has a word of its own, and the versions of Rostra that build it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
        self.root, self.patch, self.version = root, monkeypatch, READING
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')
        self.lines = [f"line{n} {line}".strip() for n, line in enumerate(lines, 1)]
        (root / "content/gate.txt").write_text("\n".join(self.lines) + "\n")

    def build(self, *cuts: Cut, upgrade: bool = False, fresh: bool = True) -> BuildReport:
        self.patch.setattr(text, "read", reader(*cuts))
        self.version += upgrade
        for module in (ledger_file, registry):
            self.patch.setattr(module, "READING", self.version)
        # Another version does not use what this one kept, but to fall back on.
        self.patch.setattr(store, "stamp", lambda: f"version {self.version}")
        if fresh:
            shutil.rmtree(self.root / ".rostra", ignore_errors=True)
        return build(load_site(self.root))

    def shown(self) -> set[int]:
        """The lines of which the word stands in any file of the site, by its name or in it."""
        files = [path for path in (self.root / "public").rglob("*") if path.is_file()]
        said = "\n".join(f"{path}\n{as_text(path)}" for path in files)
        return {int(number) for number in re.findall(r"line(\d+)(?!\d)", said)}

    def post(self, line: int, thread: str = "gate") -> str:
        """The id of the post that holds a line."""
        document = json.loads((self.root / f"public/debates/{thread}/thread.json").read_bytes())
        return next(each["id"] for each in document["posts"] if re.search(rf"line{line}\b", each["text"]))

    def card(self, card: str) -> None:
        (self.root / "content/gate.toml").write_text(card)

    def hide(self, how: str, post: str) -> None:
        if how == "card":
            self.card(f'[[correction]]\npost = "{post}"\nwithdrawn = "as asked"\n')
        else:
            append_rule(self.root, RedactionRule(post=post, thread="gate"))


LINES = [
    "Who opened the upper gate last night?",
    "The miller did it with the old key,",
    "and my daughter saw him from the school",
    "where she goes every single morning.",
    "Me.",
    "He has no right to say so in here.",
    "Nobody asked you, nor the miller.",
]
BEFORE = (Cut(1, 1, "Ada"), Cut(2, 4, "Bede"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot"))


@pytest.fixture
def mill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mill:
    return Mill(tmp_path / "site", monkeypatch, LINES)


@pytest.mark.parametrize("how", ["card", "rule"])
@pytest.mark.parametrize(
    ("cuts", "gone"),
    [
        # Cut in two, in three, at the first line or the last.
        ((Cut(1, 1, "Ada"), Cut(2, 2, "Bede"), Cut(3, 4, "Bede"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {2, 3, 4}),
        ((Cut(1, 1, "Ada"), Cut(2, 2), Cut(3, 3), Cut(4, 4, "Eve"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {2, 3, 4}),
        # Joined with the one before, the one behind, or cut between both.
        ((Cut(1, 4, "Ada"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {1, 2, 3, 4}),
        ((Cut(1, 1, "Ada"), Cut(2, 5, "Bede"), Cut(6, 7, "Dot")), {2, 3, 4, 5}),
        ((Cut(1, 2, "Ada"), Cut(3, 3, "Bede"), Cut(4, 6, "Cy"), Cut(7, 7, "Dot")), {1, 2, 3, 4, 5, 6}),
        ((Cut(1, 7, "Ada"),), {1, 2, 3, 4, 5, 6, 7}),
        # Somebody else's.
        ((Cut(1, 1, "Ada"), Cut(2, 4, "Zoe"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {2, 3, 4}),
        # Shorter, and longer by what was no word of it.
        ((Cut(1, 1, "Ada"), Cut(2, 3, "Bede"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {2, 3, 4}),
        ((Cut(1, 1, "Ada"), Cut(4, 4, "Eve"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot")), {2, 3, 4}),
        # In another debate.
        ((Cut(1, 1, "Ada"), Cut(2, 2, "Bede"), Cut(3, 5, "Bede", "weir"), Cut(6, 7, "Dot", "weir")), {2, 3, 4, 5}),
        ((Cut(1, 1, "Ada"), Cut(5, 5, "Cy"), Cut(2, 4, "Bede", "weir"), Cut(6, 7, "Dot", "weir")), {2, 3, 4}),
    ],
)
def test_what_is_hidden_of_a_post_is_hidden_in_each_that_holds_words_of_it(
    mill: Mill, how: str, cuts: tuple[Cut, ...], gone: set[int]
) -> None:
    mill.build(*BEFORE)
    mill.hide(how, mill.post(3))
    mill.build(*BEFORE)
    read = {line for cut in cuts for line in range(cut.first, cut.last + 1)}
    assert mill.shown() == {1, 5, 6, 7}
    for fresh in (True, False, True):
        mill.build(*cuts, upgrade=mill.version == READING, fresh=fresh)
        assert mill.shown() == read - gone


@pytest.mark.parametrize("how", ["card", "rule"])
def test_a_rule_that_is_newer_than_the_version_hides_what_the_older_one_read_too(mill: Mill, how: str) -> None:
    mill.build(*BEFORE)
    post = mill.post(3)
    cuts = (Cut(1, 1, "Ada"), Cut(2, 2, "Bede"), Cut(3, 4, "Eve"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot"))
    mill.build(*cuts, upgrade=True)
    assert mill.shown() == {1, 2, 3, 4, 5, 6, 7}
    mill.hide(how, post)
    mill.build(*cuts, fresh=False)
    assert mill.shown() == {1, 5, 6, 7}


@pytest.mark.parametrize("how", ["card", "rule"])
def test_the_title_that_is_read_of_a_hidden_opening_is_hidden(mill: Mill, how: str) -> None:
    before = (Cut(1, 3, "Ada"), *BEFORE[2:])
    mill.build(*before)
    mill.hide(how, mill.post(3))
    mill.build(*before)
    assert mill.shown() == {5, 6, 7}
    for fresh in (True, False, True):
        mill.build(Cut(2, 3, "Ada", title=1), *BEFORE[2:], upgrade=mill.version == READING, fresh=fresh)
        assert mill.shown() == {5, 6, 7}


@pytest.mark.parametrize(
    ("passage", "cuts", "gone"),
    [
        ("my daughter saw him from the school", (Cut(2, 2, "Bede"), Cut(3, 4, "Bede")), set()),
        ("saw him from the school\nline4 where she goes", (Cut(2, 3, "Bede"), Cut(4, 4, "Bede")), {2, 3, 4}),
        ("school\nline4 where", (Cut(2, 2, "Bede"), Cut(3, 3, "Bede"), Cut(4, 4, "Bede")), {3, 4}),
    ],
)
def test_a_passage_is_hidden_also_where_it_is_cut_in_two(
    mill: Mill, passage: str, cuts: tuple[Cut, ...], gone: set[int]
) -> None:
    mill.build(*BEFORE)
    append_rule(mill.root, RedactionRule(post=mill.post(3), thread="gate", passage=passage))
    mill.build(*BEFORE)
    for fresh in (True, False, True):
        mill.build(BEFORE[0], *cuts, *BEFORE[2:], upgrade=mill.version == READING, fresh=fresh)
        said = " ".join(as_text(path) for path in (mill.root / "public").rglob("*") if path.is_file())
        assert "school" not in said
        assert mill.shown() == {1, 2, 3, 4, 5, 6, 7} - gone


def test_a_person_s_post_stays_hidden_where_another_name_is_read(mill: Mill) -> None:
    append_rule(mill.root, RedactionRule(person="Bede"))
    mill.build(*BEFORE)
    assert mill.shown() == {1, 5, 6, 7}
    cuts = (Cut(1, 1, "Ada"), Cut(2, 2, "Zoe"), Cut(3, 4), Cut(5, 5, "Cy"), Cut(6, 7, "Dot"))
    for fresh in (True, False, True):
        mill.build(*cuts, upgrade=mill.version == READING, fresh=fresh)
        assert mill.shown() == {1, 5, 6, 7}
    (mill.root / RULES).unlink()
    mill.build(*cuts)
    assert mill.shown() == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    "card", ['withdrawn = "private"\n', '[[correction]]\nthread = "gate"\nwithdrawn = "private"\n']
)
def test_a_debate_that_was_withdrawn_is_so_where_it_is_read_as_two(mill: Mill, card: str) -> None:
    other = Cut(6, 7, "Dot", "mill")
    before = (*BEFORE[:3], other)
    mill.build(*before)
    mill.card(card)
    mill.build(*before)
    still = set() if card.startswith("withdrawn") else {6, 7}
    assert mill.shown() == still
    cuts = (Cut(1, 1, "Ada"), Cut(2, 3, "Bede", "weir"), Cut(4, 4, "Bede", "weir"), Cut(5, 5, "Cy", "brook"), other)
    for fresh in (True, False, True):
        mill.build(*cuts, upgrade=mill.version == READING, fresh=fresh)
        assert mill.shown() == still
        # No post is noted as one that stands elsewhere at its own address.
        assert not re.search(r"(?m)^(\S+) (\S+) > \1 \2$", (mill.root / LEDGER).read_text())


@pytest.mark.parametrize("how", ["card", "rule"])
def test_where_words_are_not_found_whatever_is_read_otherwise_may_hold_them(mill: Mill, how: str) -> None:
    mill.build(*BEFORE)
    post = mill.post(3)
    mill.hide(how, post)
    mill.build(*BEFORE)
    # The dump was edited too, so that no run of its lines is what it was.
    (mill.root / "content/gate.txt").write_text("\n".join(mill.lines).replace("single", "blessed") + "\n")
    cuts = (Cut(1, 1, "Ada"), Cut(2, 2, "Bede"), Cut(3, 4, "Eve"), Cut(5, 6, "Cy"), Cut(7, 7, "Dot"))
    for fresh in (True, False, True):
        report = mill.build(*cuts, upgrade=mill.version == READING, fresh=fresh)
        assert mill.shown() == {1}
        (problem,) = [each for _, each in report.problems if each.code == "read-otherwise"]
        assert LEDGER in (problem.hint or "")
        assert not [each for _, each in report.problems if each.code in ("unused-rule", "unused-correction")]


@pytest.mark.parametrize("how", ["card", "rule"])
@pytest.mark.parametrize("broken", ["dump", "card"])
def test_what_a_build_falls_back_on_is_hidden_too(mill: Mill, how: str, broken: str) -> None:
    mill.build(*BEFORE)
    mill.hide(how, mill.post(3))
    mill.build(*BEFORE)
    cuts = (Cut(1, 1, "Ada"), Cut(2, 2, "Bede"), Cut(3, 4, "Eve"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot"))

    def spoil() -> tuple[Path, str | None]:
        path = mill.root / f"content/gate.{'txt' if broken == 'dump' else 'toml'}"
        was = path.read_text() if path.exists() else None
        if broken == "dump":
            path.write_bytes(b"\0" + path.read_bytes())
        else:
            path.write_text((was or "") + "oops = = 1\n")
        return path, was

    # Of the earlier version's reading, then of this one's.
    for upgrade in (True, False):
        path, was = spoil()
        assert mill.build(*cuts, upgrade=upgrade, fresh=False).failures
        assert not mill.shown() & {2, 3, 4}
        if was is None:
            path.unlink()
        else:
            path.write_text(was)
        mill.build(*cuts, fresh=False)
        assert mill.shown() == {1, 5, 6, 7}


@pytest.mark.parametrize("how", ["card", "rule"])
def test_a_problem_says_what_is_hidden_and_how_to_narrow_it(mill: Mill, how: str) -> None:
    mill.build(*BEFORE)
    mill.hide(how, mill.post(3))
    mill.build(*BEFORE)
    cuts = (Cut(1, 4, "Ada"), Cut(5, 5, "Cy"), Cut(6, 7, "Dot"))
    for fresh in (True, False):
        report = mill.build(*cuts, upgrade=mill.version == READING, fresh=fresh)
        (found,) = [(path, each) for path, each in report.problems if each.code == "read-otherwise"]
        assert found[0] == LEDGER
        lines = (mill.root / LEDGER).read_text().splitlines()
        assert found[1].line is not None
        assert " / gate " in lines[found[1].line - 1]
        # No id of a masked post is told, from which its words might be guessed.
        assert not any(line.split(" ")[4] in found[1].message for line in lines if " / " in line) or how == "card"
    (mill.root / LEDGER).write_text("\n".join(line for line in lines if " / " not in line) + "\n")
    report = mill.build(*cuts, fresh=False)
    assert not [each for _, each in report.problems if each.code == "read-otherwise"]


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_whichever_way_a_page_is_cut_no_word_of_a_hidden_post_is_published(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    lines = [
        " ".join(chance.choices(["gate", "weir", "shut", "and", "me"], k=chance.randint(0, 6)))
        for _ in range(chance.randint(2, 9))
    ]

    def cuts(names: str) -> tuple[Cut, ...]:
        ends = sorted({*chance.sample(range(1, len(lines) + 1), chance.randint(1, len(lines))), len(lines)})
        begins = [1, *(end + 1 for end in ends)]
        return tuple(
            Cut(first, last, chance.choice(names) if chance.random() < 0.8 else None)
            for first, last in zip(begins, ends, strict=False)
        )

    with pytest.MonkeyPatch.context() as patch:
        mill = Mill(tmp_path_factory.mktemp("mill") / "site", patch, lines)
        before, after = cuts("AB"), cuts("BC")
        mill.build(*before)
        hidden = chance.choice(before)
        mill.hide(chance.choice(["card", "rule"]), mill.post(hidden.first))
        mill.build(*before)
        own = set(range(hidden.first, hidden.last + 1))
        assert not mill.shown() & own
        for fresh in (True, chance.random() < 0.5):
            mill.build(*after, upgrade=mill.version == READING, fresh=fresh)
            holding = [cut for cut in after if own & set(range(cut.first, cut.last + 1))]
            assert not mill.shown() & set().union(*(range(cut.first, cut.last + 1) for cut in holding))


@pytest.mark.parametrize(
    ("post", "earlier", "holds"),
    [
        ("a b c d", "x b c d y", True),
        ("a b c", "x b c y", False),
        # Where one ends and the other begins, a word is enough.
        ("a b c", "x y a", True),
        ("a b c", "c x y", True),
        ("a b c", "x a y", False),
        # All of a short one.
        ("b", "a b c", True),
        ("a b", "x a b y", True),
        ("x a b y", "a b", True),
        ("", "a b c", False),
        ("a b c", "", False),
    ],
)
def test_a_post_near_an_earlier_one_holds_words_of_it(post: str, earlier: str, holds: bool) -> None:
    assert shares_words(post.split(), earlier.split()) == holds


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("gate p-1 / weir p-2 abcdefgh", ("weir", "p-2", "abcdefgh")),
        ("gate p-1 / weir p-2 -", ("weir", "p-2", "")),
        ("gate p-1 / weir p-2", None),
        ("gate p-1 / weir - abcdefgh", None),
        ("gate p-1 / Weir p-2 abcdefgh", None),
        ("gate p-1 / weir p-2 ABC", None),
    ],
)
def test_the_ledger_says_where_words_of_an_earlier_post_stand(line: str, held: tuple[str, str, str] | None) -> None:
    entry = read_entry(line)
    assert (entry and entry.held) == held
    assert entry is None or line_of(entry) == f"{line}\n"
