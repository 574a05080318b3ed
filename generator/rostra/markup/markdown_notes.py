"""Footnotes of Markdown, including those without a call, which the plug-in drops.

``[1]: https://…`` defines a link for Markdown, but is a footnote if the author typed ``[1]`` above it; if no link uses it,
it stays text, and is recognised with other typed notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rostra.markup.note_forms import LABEL
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST = 200
"""How many code points the label of a footnote has."""
TYPED = late(rf"[ ]{{0,3}}\[({LABEL})\]:")
LINKED = late(rf"\[(?!{LABEL}\])[^\[\]]*\]\[({LABEL})\]")
"""A link or image that refers to its address by a label, and is not the call of a note."""


def use_footnotes(markdown: MarkdownIt) -> None:
    """Make a parser read footnotes."""
    from mdit_py_plugins.footnote import footnote_plugin

    markdown.use(footnote_plugin, inline=False)
    markdown.inline.ruler.at("footnote_ref", _call)
    markdown.block.ruler.at("reference", _reference)
    markdown.core.ruler.at("footnote_tail", _set_apart)


def _call(state: StateInline, silent: bool) -> bool:  # the library's name for it
    """The plug-in's rule for ``[^label]``, limited to the length of a label."""
    from mdit_py_plugins.footnote.index import footnote_ref

    if not state.src.startswith("[^", state.pos):
        return False
    end = state.src.find("]", state.pos, min(state.posMax, state.pos + LONGEST))
    return end > 0 and footnote_ref(state, silent)


def _reference(state: StateBlock, begin: int, end: int, silent: bool) -> bool:  # the library's name for it
    """The library's rule for link definitions, except those that are typed notes."""
    from markdown_it.rules_block import reference

    typed = TYPED.match(state.src, state.bMarks[begin])
    if typed:
        if "linked" not in state.env:
            state.env["linked"] = {found[1] for found in LINKED.finditer(state.src)}
        if typed[1] not in state.env["linked"]:
            return False
    return reference(state, begin, end, silent)


def _set_apart(state: StateCore) -> None:
    """Put footnotes at the end: called ones in the order of their calls, then all others."""
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
