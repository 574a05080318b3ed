"""Footnotes of Markdown, of which every one is kept: the plug-in leaves out those that nothing calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST = 200
"""Code points of a footnote's call, with its brackets."""


def use(markdown: MarkdownIt) -> None:
    """Have a parser read footnotes."""
    from mdit_py_plugins.footnote import footnote_plugin

    markdown.use(footnote_plugin, inline=False)
    markdown.inline.ruler.at("footnote_ref", _call)
    markdown.core.ruler.at("footnote_tail", _set_apart)


def _call(state: StateInline, silent: bool) -> bool:  # the library calls it so
    """The plug-in's rule for ``[^label]``, which looks no further than a label is long."""
    from mdit_py_plugins.footnote.index import footnote_ref

    if not state.src.startswith("[^", state.pos):
        return False
    end = state.src.find("]", state.pos, min(state.posMax, state.pos + LONGEST))
    return end > 0 and footnote_ref(state, silent)


def _set_apart(state: StateCore) -> None:
    """Put footnotes below all else: those that are called by the order of their calls, then all others."""
    from markdown_it.token import Token

    kept: list[Token] = []
    opened: list[tuple[str, list[Token]]] = []
    defined: list[tuple[str, list[Token]]] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            opened.append((token.meta["label"], []))
        elif token.type == "footnote_reference_close":
            defined.append(opened.pop())
        else:
            (opened[-1][1] if opened else kept).append(token)
    numbers = state.env.get("footnotes", {}).get("refs", {})
    for label, tokens in sorted(defined, key=lambda each: (numbers[f":{each[0]}"] < 0, numbers[f":{each[0]}"])):
        kept += (Token("footnote_open", "", 1, meta={"label": label}), *tokens, Token("footnote_close", "", -1))
    state.tokens = kept
