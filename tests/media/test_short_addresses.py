"""Short addresses of Discourse lead to where it keeps the file, and nothing else does."""

from __future__ import annotations

import pytest

from rostra.media.short_addresses import kept_at

KEY, DIGEST = "r3AYqESanERjladb4vBB7VsMBm6", "bda2c513e1da04f7b4e99230851ea2aafeb8cc4e"


def test_a_key_is_the_digest_of_a_file_which_lies_deeper_the_more_a_forum_has() -> None:
    assert list(kept_at(f"/uploads/short-url/{KEY}.png")) == [
        f"/uploads/default/original/1X/{DIGEST}.png",
        f"/uploads/default/original/2X/b/{DIGEST}.png",
        f"/uploads/default/original/3X/b/d/{DIGEST}.png",
        f"/uploads/default/original/4X/b/d/a/{DIGEST}.png",
    ]


@pytest.mark.parametrize(
    ("key", "digest"),
    [("0", "0" * 40), ("1", f"{1:040x}"), ("Z", f"{61:040x}"), ("10", f"{62:040x}")],
)
def test_a_short_key_is_a_digest_that_begins_with_noughts(key: str, digest: str) -> None:
    assert next(kept_at(f"short-url/{key}")) == f"default/original/1X/{digest}"


def key_of(number: int) -> str:
    signs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    key = ""
    while number:
        number, sign = divmod(number, 62)
        key = signs[sign] + key
    return key


def test_a_number_beyond_the_last_digest_is_none() -> None:
    assert "f" * 40 in next(kept_at(f"short-url/{key_of(16**40 - 1)}"))
    assert not list(kept_at(f"short-url/{key_of(16**40)}"))
    assert not list(kept_at(f"short-url/{'0' * 28}"))


@pytest.mark.parametrize(
    "path",
    ["uploads/default/1.png", f"x{'short-url/'}{KEY}.png", f"short-url/{KEY}/x.png", "short-url/", "short-url/.png", "short-url/a b.png",
     f"short-url/{KEY}.", f"short-url/{KEY}.{'p' * 11}", f"short-url/{KEY}.../x", "short-url/../../secret"],
)  # fmt: skip
def test_other_paths_are_no_short_addresses(path: str) -> None:
    assert not list(kept_at(path))


def test_the_ending_of_a_name_is_of_ten_letters_at_most() -> None:
    assert next(kept_at(f"short-url/{KEY}.{'p' * 10}")).endswith("pppp")
