"""What a post is known by, and how a line of the ledger says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rostra.identity.ledger import (
    PASSED,
    LedgerLine,
    Traits,
    body_words,
    hashes,
    line_of,
    published_signs,
    read_entries,
    read_entry,
    signs,
    traits,
)
from rostra.identity.permalinks import digest, digits
from rostra.model import Author, History, Post, RawPost, RawThread, Source
from rostra.model.timestamps import sortable_time
from rostra.threads.assemble import assemble

BLANK = Traits("", "", "", "", "")
TWELVE = "one two three four five six seven eight nine ten eleven twelve"


def post(body: str = "", *, parent: bool = False, **of: Any) -> Post:
    """A post, as the opening or below one."""
    above = (RawPost(key="0", native_id="0", body="Above."),) if parent else ()
    raw = RawPost(key="1", body=body, parent="0" if parent else None, **of)
    thread = assemble(RawThread(posts=(*above, raw)), id="t", title="T", source=Source(path="", format="", sha256=""))
    return thread.posts[-1]


def test_a_post_is_known_by_its_words_and_who_wrote_it_when() -> None:
    made = traits(post("The <b>gate</b> is shut.", author=Author(name="Ada"), created="2024-03-04T09:00:00Z"))
    assert made == Traits("", digits("the gate is shut"), digest("Ada", sortable_time("2024-03-04T09:00:00Z")), "", "")
    assert traits(post("Shut.", author=Author(name="Ada"))).moment == digest("Ada")[:8]
    assert traits(post("Shut.", created="2024-03-04T09:00:00Z")).moment == digest(
        "", sortable_time("2024-03-04T09:00:00Z")
    )
    assert traits(post("Shut.")).moment == ""
    assert traits(post("Shut.", native_id="7")).native == digest("7")
    assert traits(post("Shut.", parent=True)).parent == "p-0"
    assert traits(replace(post("Shut."), history=History(readings=("r",)))).readings == ("r",)


def test_three_words_tell_and_fewer_are_digested_shorter() -> None:
    assert traits(post("The gate shut")).words == digits("the gate shut")
    assert traits(post("The gate")).words == digits("the gate")[:8]
    assert traits(post("Gate")).words == digits("gate")[:8]
    assert traits(post("…")).words == ""


def test_twelve_words_have_a_sketch_of_six_hashes_where_the_source_has_no_ids() -> None:
    sketch = traits(post(TWELVE)).sketch
    assert sketch == "21c0u7u1f9dv495jme"
    assert len(hashes(sketch)) == 6
    assert hashes("aaabbbaaa") == {"aaa", "bbb"}
    assert traits(post(TWELVE.removesuffix(" twelve"))).sketch == ""
    assert traits(post(TWELVE, native_id="7")).sketch == ""
    # A word that is changed changes two pairs of neighbours.
    changed = traits(post(TWELVE.replace("twelve", "dozen"))).sketch
    assert len(hashes(sketch) & hashes(changed)) >= 5


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("The Gate, 1911", ["the", "gate", "1911"]),
        ("a<br>b", ["a", "b"]),
        ("see https://example.org/gate now", ["see", "now"]),
        ("a &lt;b&gt; c &amp; d", ["a", "c", "d"]),
        ("1 < 2", ["1", "2"]),
        ("snake_case", ["snake", "case"]),
        ("Straße", ["strasse"]),
        ("", []),
    ],
)
def test_words_are_what_no_markup_or_address_is(body: str, words: list[str]) -> None:
    assert body_words(body) == words


LINES = [
    ("gate @ content/gate.txt", LedgerLine("gate", dump="content/gate.txt")),
    ("gate @ the gate  of.txt", LedgerLine("gate", dump="the gate  of.txt")),
    ("gate ! It was private.", LedgerLine("gate", reason="It was private.")),
    ("gate ! ", LedgerLine("gate", reason="")),
    ("gate p-1 > weir p-4", LedgerLine("gate", "p-1", to=("weir", "p-4"))),
    ("gate p-1 > weir -", LedgerLine("gate", "p-1", to=("weir", ""))),
    ("gate p-1 a b c p-0 d", LedgerLine("gate", "p-1", known=Traits("a", "b", "c", "p-0", "d"))),
    ("gate p-1 - - - - -", LedgerLine("gate", "p-1", known=BLANK)),
    ("gate p-1 ! - b - - -", LedgerLine("gate", "p-1", known=Traits("", "b", "", "", "", gone=True))),
    ("a-b--c p-a-1--2 - - - - -", LedgerLine("a-b--c", "p-a-1--2", known=BLANK)),
]


@pytest.mark.parametrize(("line", "entry"), LINES)
def test_a_line_is_its_entry(line: str, entry: LedgerLine) -> None:
    assert read_entry(line) == entry
    assert line_of(entry) == f"{line}\n"
    assert list(read_entries(["nothing", f"{line}\r\n", "", f"{line}\n"])) == [entry, entry]


@pytest.mark.parametrize(
    "line",
    [
        "gate @",
        "gate @ ",
        "gate",
        "",
        "Gate @ gate.txt",
        "../gate ! no",
        "gate- ! no",
        "gate p-1 > weir",
        "gate p-1 > weir 4",
        "gate p-1 > Weir p-4",
        "Gate p-1 > weir p-4",
        "gate q-1 > weir p-4",
        "gate p-1 > weir p-4 p-5",
        "gate p-1 - - - -",
        "gate p-1 - - - - - -",
        "gate p-1 ? - - - - -",
        "gate p-1 ! ! - - - - -",
        "Gate p-1 - - - - -",
        "gate q-1 - - - - -",
        "gate p-1 A - - - -",
        "gate p-1 - - - - Z",
        "gate p-1 -  - - -",
    ],
)
def test_what_is_no_line_of_a_ledger_is_none(line: str) -> None:
    assert read_entry(line) is None


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ("", True), ("  ", True), ("# A remark.", True), ("  # One.", True), ("<<<<<<< ours", True), ("=======", True),
        (">>>>>>> theirs", True), ("||||||| base", True), ("<<<<<<<ours", False), ("<<<<<<", False), ("gate #", False),
    ],
)  # fmt: skip
def test_remarks_and_the_marks_of_a_merge_are_passed_over(line: str, passed: bool) -> None:
    assert bool(PASSED.fullmatch(line)) == passed


def test_a_post_of_which_nothing_is_known_has_a_line() -> None:
    assert line_of(LedgerLine("gate", "p-1")) == "gate p-1 - - - - -\n"


sign = st.from_regex(r"[a-z0-9]{0,10}", fullmatch=True)
known = st.builds(Traits, native=sign, words=sign, moment=sign, parent=sign, sketch=sign, gone=st.booleans())


@given(known)
def test_what_is_written_of_a_post_is_what_is_read(of: Traits) -> None:
    entry = LedgerLine("gate", "p-1", known=of)
    assert read_entry(line_of(entry).rstrip("\n")) == entry


def test_the_signs_of_a_published_post_hold_its_words_as_a_reading() -> None:
    of = Traits("n", "word", "moment0001", "", "", readings=("r", "s"))
    assert signs(of) == ("wordmoment0001", "#nmoment0001", "~r", "~s")
    assert published_signs(of) == ("wordmoment0001", "#nmoment0001", "~r", "~s", "~word")
    assert signs(Traits("n", "words00001", "short", "", "")) == ("words00001short", "#nwords00001")
    assert signs(Traits("", "", "moment0001", "", "")) == ()
    assert signs(Traits("", "words00001", "", "", "")) == ("words00001",)
