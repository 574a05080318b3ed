"""The learning of layouts grows with the text alone: counted in calls, which are the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from rostra.readers.copied import reading
from rostra.readers.copied.layout import prepared
from rostra.readers.copied.page import page_thread

WORDS = ("wheel", "brook", "sluice", "bank", "deed", "race", "court", "miller")


def post(n: int) -> list[str]:
    return [
        f"{WORDS[n % 8]}{n % 97}",
        f"wrote {n % 50 + 1} hours ago",
        f"The {WORDS[n // 8 % 8]} turns, and {n} saw it.",
        "Answer it",
        "",
    ]


TEXTS: dict[str, Callable[[int], list[str]]] = {
    "posts": post,
    "a post of many lines": lambda n: post(n) if n % 100 == 0 else [f"The {WORDS[n % 8]} turns, and {n} saw it."] * 5,
    "notices": lambda n: post(n) if n % 4 == 0 else [f"{WORDS[n % 8]}{n % 97} joined the chat"],
    "times": lambda n: [f"{n % 50 + 1} hours ago"],
    "names": lambda n: post(n) if n % 100 == 0 else [f"{WORDS[n % 8]}{n % 97}"],
}  # fmt: skip


def calls(text: Callable[[int], list[str]], posts: int) -> int:
    """How many functions are called to read a text."""
    lines = [line for n in range(posts) for line in text(n)]
    count = 0

    def counted(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        found = reading.best_reading(prepared(lines), "\n".join(lines))
        if found is not None:
            page_thread.thread(lines, found.cut, ())
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", TEXTS)
def test_twice_the_posts_are_about_twice_the_calls(name: str) -> None:
    calls(TEXTS[name], 8)  # loads what is loaded once
    # More than the sample from which a layout is learned, so that this is what grows.
    assert calls(TEXTS[name], 1600) < 2.1 * calls(TEXTS[name], 800)
