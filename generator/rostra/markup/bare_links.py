"""Bare addresses in Markdown: linkify-it's judgement, asked of one word at a time, so that it takes linear time.

The library's patterns walk from each sign that may begin an address to the end of the text, and markdown-it copies a
paragraph's tokens for each address in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # it brings no types
from linkify_it.main import Match  # type: ignore[import-untyped]  # likewise

from rostra.markup.text import BARE, trimmed
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

ADDRESS = late(r"//|@|\.[^\W\d_]")
"""What every bare address holds: a scheme's slashes, the sign of mail, or a dot before the last part of a host's name."""
SPACE, WORD = late(r"\s"), late(r"\S+")
LONGEST = 300
"""Code points of a word that the library looks at: of a longer one, an address with its scheme is linked."""
SPELT = late(BARE)
SCHEME = late(r"(?:^|[^A-Za-z0-9.+-])([A-Za-z][A-Za-z0-9.+-]*)$")
NAME = 16
"""Code points of a scheme, and more."""
FURTHEST = 10_000
"""Code points of an address."""


class Links(LinkifyIt):  # type: ignore[misc]  # likewise
    """Bare addresses, sought only in words that may hold one."""

    def pretest(self, text: str) -> bool:
        """Whether it is worth the while to look closer."""
        return ADDRESS.search(text) is not None

    def match(self, text: str) -> list[Any] | None:
        """The addresses in a text; None where it holds none."""
        found = [
            each for word in WORD.finditer(text) if self.pretest(word[0]) for each in self._in(word[0], word.start())
        ]
        return found or None

    def _in(self, word: str, at: int) -> Iterator[Any]:
        if len(word) <= LONGEST:
            found = super().match(word) or ()
        else:
            ends = ((each, each.start() + len(trimmed(each[0]))) for each in SPELT.finditer(word))
            found = [self._create_match(word, f"{each[0].partition(':')[0]}:", each.start(), end) for each, end in ends]
        for each in found:
            each.index += at
            each.last_index += at
            yield each


LINKS = cache(Links)


def use(markdown: MarkdownIt) -> None:
    """Have a parser find bare addresses in this way."""
    markdown.linkify = LINKS()
    markdown.core.ruler.at("linkify", _linkify)
    markdown.inline.ruler.at("linkify", _spelt_out)


def _linkify(state: StateCore) -> None:
    """Link the bare addresses of every paragraph, each in one pass."""
    for token in state.tokens:
        if token.type == "inline" and LINKS().pretest(token.content):
            token.children = list(_linked(state.md, token.children or []))


def _linked(markdown: MarkdownIt, tokens: list[Token]) -> Iterator[Token]:
    within = 0  # links
    before = ""
    for token in tokens:
        within += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        links = LINKS().match(token.content) if token.type == "text" and not within else None
        if links and links[0].index == 0 and before == "text_special":
            links = links[1:]  # its scheme is not one: a sign in it was escaped
        yield from _cut(markdown, token, links) if links else (token,)
        before = token.type


def _cut(markdown: MarkdownIt, token: Token, links: list[Any]) -> Iterator[Token]:
    at = 0
    for link in links:
        address = markdown.normalizeLink(link.url)
        if not markdown.validateLink(address):
            continue
        if link.index > at:
            yield _text(token.content[at : link.index])
        yield from _link(address, _shown(markdown, link))
        at = link.last_index
    if at < len(token.content):
        yield _text(token.content[at:])


def _shown(markdown: MarkdownIt, link: Match) -> str:
    """An address as it is read: what was only added to make it whole is left out again."""
    begins = link.schema == "mailto:" and link.text.lower().startswith("mailto:")
    added = "mailto:" if begins else "" if link.schema else "http://"
    return markdown.normalizeLinkText(added + link.text).removeprefix(added)


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)


def _link(address: str, shown: str) -> Iterator[Token]:
    from markdown_it.token import Token

    yield Token("link_open", "a", 1, attrs={"href": address}, markup="linkify", info="auto")
    yield _text(shown)
    yield Token("link_close", "a", -1, markup="linkify", info="auto")


def _spelt_out(state: StateInline, silent: bool) -> bool:  # the library calls it so
    """The rule for an address with its scheme, before which stands text that is not yet a token."""
    at = state.pos
    if state.linkLevel or not state.src.startswith("://", at, state.posMax):
        return False
    scheme = SCHEME.search(state.pending[-NAME:])
    if not scheme or len(scheme[1]) == NAME:
        return False
    begin = at - len(scheme[1])
    space = SPACE.search(state.src, at, at + FURTHEST)
    end = space.start() if space else len(state.src)
    link = LINKS().match_at_start(state.src[begin:end]) if end <= at + FURTHEST else None
    if not link:
        return False
    url = link.url.rstrip("*")  # it is emphasis that ends there
    address = state.md.normalizeLink(url)
    if not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.push("text", "", 0).content = state.md.normalizeLinkText(url)
        state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme[1])
    return True
