"""Footnotes of Markdown, of which every one is kept: the plug-in leaves out those that nothing calls.

``[1]: https://…`` is a link's address for Markdown, and a footnote for who typed ``[1]`` above it; where no link names it,
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
"""Code points of a footnote's label."""
TYPED = late(rf"[ ]{{0,3}}\[({LABEL})\]:")
LINKED = late(rf"\[(?!{LABEL}\])[^\[\]]*\]\[({LABEL})\]")
"""A link or picture that names its address by a label, which is not the label of a note before it."""


def use(markdown: MarkdownIt) -> None:
    """Have a parser read footnotes."""
    from mdit_py_plugins.footnote import footnote_plugin

    markdown.use(footnote_plugin, inline=False)
    markdown.inline.ruler.at("footnote_ref", _call)
    markdown.block.ruler.at("reference", _reference)
    markdown.core.ruler.at("footnote_tail", _set_apart)


def _call(state: StateInline, silent: bool) -> bool:  # the library calls it so
    """The plug-in's rule for ``[^label]``, which looks no further than a label is long."""
    from mdit_py_plugins.footnote.index import footnote_ref

    if not state.src.startswith("[^", state.pos):
        return False
    end = state.src.find("]", state.pos, min(state.posMax, state.pos + LONGEST))
    return end > 0 and footnote_ref(state, silent)


def _reference(state: StateBlock, begin: int, end: int, silent: bool) -> bool:  # the library calls it so
    """The library's rule for the addresses of links, which leaves those alone that are typed notes."""
    from markdown_it.rules_block import reference

    typed = TYPED.match(state.src, state.bMarks[begin])
    if typed:
        if "linked" not in state.env:
            state.env["linked"] = {found[1] for found in LINKED.finditer(state.src)}
        if typed[1] not in state.env["linked"]:
            return False
    return reference(state, begin, end, silent)


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
