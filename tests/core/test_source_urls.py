"""What an address is known by: what differs from link to link is left out, and what names the post stays."""

from __future__ import annotations

import pytest

from rostra.identity.source_urls import message_key, url_key


@pytest.mark.parametrize(
    ("id", "key"),
    [
        ("<a.1@mill.example>", "mid:a.1@mill.example"),
        (" a.1@mill.example ", "mid:a.1@mill.example"),
        ("< a@mill.example>", None),
        ("a@b@c", None),
        ("a/b@c", None),
        ("@mill.example", None),
        ("a@", None),
        ("a", None),
        ("", None),
        (None, None),
    ],
)
def test_messages(id: str | None, key: str | None) -> None:
    assert message_key(id) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("mid:a%40mill.example", "mid:a@mill.example"),
        (" MID:a@mill.example", "mid:a@mill.example"),
        ("news:<a@mill.example>", "mid:a@mill.example"),
        ("news:mill.weir", None),
        ("https://lists.example/r/a@mill.example/", "mid:a@mill.example"),
        ("https://lists.example/r/a%40mill.example", "mid:a@mill.example"),
        ("https://lists.example/r/a@mill.example/x", "lists.example/r/a@mill.example/x"),
        ("https://lists.example/r/a@b@c", "lists.example/r/a@b@c"),
        ("https://lists.example/r/?m=a@mill.example", "lists.example/r"),
        # Not the web.
        ("ftp://mill.example/1", None),
        ("gate", None),
        ("https:///1", None),
        ("https://[mill/1", None),
        ("", None),
        # Of the place, only what is always the same.
        ("HTTP://WWW.Mill.Example/A/", "mill.example/A"),
        (" https://mill.example ", "mill.example"),
        ("https://ww2.mill.example/", "ww2.mill.example"),
        # Reddit.
        ("https://old.reddit.com/r/mills/comments/AB1/the_gate/c9/", "reddit.com/ab1/c9"),
        ("https://np.reddit.com/comments/ab1", "reddit.com/ab1"),
        ("https://new.reddit.com/user/ada/comments/ab1/", "reddit.com/ab1"),
        ("https://m.reddit.com/u/ada/comments/ab1/x", "reddit.com/ab1"),
        ("https://redd.it/ab1/", "reddit.com/ab1"),
        ("https://reddit.com/r/mills/", "reddit.com/r/mills"),
        ("https://mill.example/r/mills/comments/ab1", "mill.example/r/mills/comments/ab1"),
        # Discourse: the first post is the topic.
        ("https://forum.example/t/the-gate/7", "forum.example/t/7"),
        ("https://forum.example/t/the-gate/7/1", "forum.example/t/7"),
        ("https://forum.example/t/the-gate/7/2?u=ada", "forum.example/t/7/2"),
        ("https://forum.example/t/-/7/12/", "forum.example/t/7/12"),
        ("https://forum.example/t/7", "forum.example/t/7"),
        ("https://forum.example/t/2024-floods/7/3", "forum.example/t/7/3"),
        # GitHub has one series of numbers.
        ("https://github.com/mill/weir/pull/4", "github.com/mill/weir/issues/4"),
        ("https://github.com/mill/weir/discussions/4#discussioncomment-9", "github.com/mill/weir/issues/4#discussioncomment-9"),
        ("https://git.example/mill/weir/pull/4", "git.example/mill/weir/pull/4"),
        # Of a query, what names a post; in any order.
        ("https://mill.example/v.php?utm_source=x&t=7&f=2&sid=9", "mill.example/v.php?f=2&t=7"),
        ("https://mill.example/v.php?T=7", "mill.example/v.php?T=7"),
        ("https://mill.example/v.php?sid=9", "mill.example/v.php"),
        # Of a fragment, the same.
        ("https://mill.example/v.php?t=7#p12", "mill.example/v.php?t=7#p12"),
        ("https://mill.example/v#post-12", "mill.example/v#post-12"),
        ("https://mill.example/v#msg12", "mill.example/v#msg12"),
        ("https://mill.example/v#comment-12", "mill.example/v#comment-12"),
        ("https://mill.example/v#top", "mill.example/v"),
        ("https://mill.example/v#p-12 x", "mill.example/v"),
        ("https://mill.example/v#x-p12", "mill.example/v"),
    ],
)  # fmt: skip
def test_addresses(address: str, key: str | None) -> None:
    assert url_key(address) == key
