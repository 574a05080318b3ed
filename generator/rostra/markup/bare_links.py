"""Bare links in Markdown, found by linkify-it in one word at a time, in linear time.

The library's patterns run from each possible start of an address to the end of the text, and markdown-it copies a
paragraph's tokens for each address in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # the library has no types
from linkify_it.main import Match  # type: ignore[import-untyped]  # the library has no types

from rostra.markup.text import BARE, bare_address
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

ADDRESS = late(r"//|@|\.[^\W\d_]")
"""A part of every bare address: the slashes of a scheme, the at sign, or a dot before the last part of a host name."""
SPACE, WORD = late(r"\s"), late(r"\S+")
LONGEST = 300
"""How many code points of a word the library examines: in a longer word, only an address with a scheme is linked."""
SPELT = late(BARE)
SCHEME = late(r"(?:^|[^A-Za-z0-9.+-])([A-Za-z][A-Za-z0-9.+-]*)$")
NAME = 16
"""How many code points before ``://`` may contain a scheme: more than the longest known scheme."""
FURTHEST = 10_000
"""The most code points of an address after its scheme."""


class Links(LinkifyIt):  # type: ignore[misc]  # the library has no types
    """Finds bare addresses, only in words that may contain one."""

    def pretest(self, text: str) -> bool:
        """Whether the text may contain an address."""
        return ADDRESS.search(text) is not None

    def match(self, text: str) -> list[Any] | None:
        """Return the addresses in a text; None if there are none."""
        found = [
            each for word in WORD.finditer(text) if self.pretest(word[0]) for each in self._in(word[0], word.start())
        ]
        return found or None

    def _in(self, word: str, at: int) -> Iterator[Any]:
        if len(word) <= LONGEST:
            found = super().match(word) or ()
        else:
            ends = ((each, each.start() + len(bare_address(each[0]))) for each in SPELT.finditer(word))
            found = [self._create_match(word, f"{each[0].partition(':')[0]}:", each.start(), end) for each, end in ends]
        for each in found:
            each.index += at
            each.last_index += at
            yield each


LINKS = cache(Links)


def use_bare_links(markdown: MarkdownIt) -> None:
    """Make a parser find bare addresses this way."""
    markdown.linkify = LINKS()
    markdown.core.ruler.at("linkify", _linkify)
    markdown.inline.ruler.at("linkify", _spelt_out)


def _linkify(state: StateCore) -> None:
    """Link the bare addresses of every paragraph, each in one pass."""
    for token in state.tokens:
        if token.children and LINKS().pretest(token.content):
            token.children = list(_linked(state.md, token.children))


def _linked(markdown: MarkdownIt, tokens: list[Token]) -> Iterator[Token]:
    within = 0  # links
    before = ""
    for token in tokens:
        within += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        links = LINKS().match(token.content) if token.type == "text" and not within else None
        if links and links[0].index == 0 and before == "text_special":
            links = links[1:]  # not a scheme: a character of it was escaped
        yield from _cut(markdown, token, links) if links else (token,)
        before = token.type


def _cut(markdown: MarkdownIt, token: Token, links: list[Any]) -> Iterator[Token]:
    at = 0
    for link in links:
        yield _text(token.content[at : link.index])
        yield from _link(markdown.normalizeLink(link.url), _shown(markdown, link))
        at = link.last_index
    yield _text(token.content[at:])


def _shown(markdown: MarkdownIt, link: Match) -> str:
    """Return an address as displayed, without what was only added to complete it."""
    added = link.url.removesuffix(link.text)
    return markdown.normalizeLinkText(link.url).removeprefix(added)


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)


def _link(address: str, shown: str) -> Iterator[Token]:
    from markdown_it.token import Token

    yield Token("link_open", "a", 1, attrs={"href": address})
    yield _text(shown)
    yield Token("link_close", "a", -1)


def _spelt_out(state: StateInline, silent: bool) -> bool:  # the library's name for it
    """The rule for an address with its scheme, after text that is not yet a token."""
    at = state.pos
    if state.linkLevel or not state.src.startswith("://", at, state.posMax):
        return False
    scheme = SCHEME.search(state.pending[-NAME:])
    if not scheme:
        return False
    begin = at - len(scheme[1])
    space = SPACE.search(state.src, at, at + FURTHEST + 1)
    end = space.start() if space else len(state.src)
    link = LINKS().match_at_start(state.src[begin:end]) if end <= at + FURTHEST else None
    if not link:
        return False
    url = link.url.rstrip("*")  # the asterisks end emphasis
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(url)}
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme[1])
    return True
