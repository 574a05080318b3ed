"""What the guard over every written file refuses, and what it passes."""

from __future__ import annotations

import gzip
import re

import pytest

from rostra.errors import UnreadableDump, UsageError
from rostra.privacy import guard as guarding
from rostra.privacy.guard import Guard, text_of_file
from rostra.privacy.name_forms import SearchedName
from rostra.privacy.name_patterns import name_matcher


def guard_of(*wanted: str, own: str = "", ignored: re.Pattern[str] | None = None) -> Guard:
    return Guard(
        name_matcher([SearchedName(each, each, person=False) for each in wanted]),
        own,
        lambda found: ("rules", 3, f"by {found.label}", "do so"),
        ignored,
    )


def test_a_guard_says_what_is_where_and_why() -> None:
    guard = guard_of("Anna Smith")
    guard("index.html", b"Nobody")
    with pytest.raises(UsageError) as raised:
        guard("a/index.html", ("x" * 50 + " before\n\n Anna Smith after " + "y" * 50).encode())
    assert (
        str(raised.value)
        == f"rules:3: a/index.html would contain 'Anna Smith', by Anna Smith: …{'x' * 20} before Anna Smith after {'y' * 23}…\nhint: do so"
    )
    for path, content in (("anna-smith.html", b""), ("anna-smith.png", b"\0")):
        with pytest.raises(UsageError, match="would contain 'anna-smith'"):
            guard(path, content)
    for path in ("a.png", "debates/gate/annotations.jsonld"):
        guard(path, b"Anna Smith")
    guard("search/0/parts/1.bin", b"Anna Smith")
    guard("assets/search-01234567.js", b"Anna Smith")
    with pytest.raises(UsageError):
        guard("assets/rostra-01234567.js", b"Anna Smith")
    # One NUL among the first 1,024 bytes makes no text.
    guard("font.woff", b"x" * 1023 + b"\0 Anna Smith")
    with pytest.raises(UsageError):
        guard("a.txt", b"x" * 1024 + b"\0 Anna Smith")
    assert text_of_file("a", b"\xff") == "\ufffd"


def test_a_guard_leaves_aside_months_and_words_of_rostra_s_own() -> None:
    guard_of("April", "Summary", own="<summary>")("a.html", b"April <summary>")
    with pytest.raises(UsageError):
        guard_of("April 1")("a.html", b"April 1")


def test_a_guard_reads_what_is_compressed_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    said = b"x" * 100 + b" Anna Smith"
    packed = gzip.compress(said)
    with pytest.raises(UsageError, match="would contain 'Anna Smith'"):
        guard_of("Anna Smith")("a.gz", packed)
    assert text_of_file("a.gz", packed[:-9]) == ""
    monkeypatch.setattr(guarding, "LARGEST", len(said))
    assert text_of_file("a.gz", packed) == said.decode()
    monkeypatch.setattr(guarding, "LARGEST", len(said) - 1)
    with pytest.raises(UnreadableDump, match=r"a\.gz"):
        text_of_file("a.gz", packed)


def test_a_guard_passes_a_name_only_within_random_letters() -> None:
    guard = guard_of("Anna", ignored=re.compile("x-anna-x"))
    guard("x-anna-x.html", b"x-anna-x Bede x-anna-x")
    for path, said in (("a.html", b"x-anna-x Anna"), ("anna.html", b"x-anna-x")):
        with pytest.raises(UsageError, match=r"would contain '[Aa]nna', by Anna"):
            guard(path, said)


def test_a_name_is_told_where_a_file_begins_with_it() -> None:
    with pytest.raises(UsageError, match="by Anna Smith: …Anna Smith and so on…"):
        guard_of("Anna Smith")("a.html", b"Anna Smith and so on")


def test_no_file_that_a_build_makes_is_too_large_to_be_read() -> None:
    assert guarding.LARGEST == 1 << 30
