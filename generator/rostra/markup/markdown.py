"""Markdown: CommonMark with tables, strikethrough, bare links and footnotes; HTML only where the source shows it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from rostra.markup import simple
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

DEEPEST = 16
"""How many levels of lists (two each) and quotations are parsed: deeper ones are text, since the parser drops anything deeper than 20."""

UPLOAD, KEPT = "upload://", "/uploads/short-url/"
"""How a short address of Discourse begins as typed, and on the forum."""
SIZED = late(r"\|(?:\d+x\d+(?:, ?\d+%)?|attachment|video|audio|thumbnail)\Z")


def to_html(body: str, *, html: bool = False) -> str:
    """Return HTML with footnotes as described in ``markup``; ``html``: the source shows HTML within Markdown."""
    return simple.to_html(body) or str(parser(html=html and "<" in body).render(body, {}))


@cache
def parser(*, html: bool = False) -> MarkdownIt:
    """Return the parser, which is cached: creating one costs as much as a long body; loaded when a body needs it."""
    from markdown_it import MarkdownIt

    from rostra.markup import bare_links, markdown_notes
    from rostra.markup.html_in_markdown import use_html

    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True})
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.block.ruler.before("table", "deep", _deep)
    bare_links.use_bare_links(markdown)
    markdown.core.ruler.push("uploads", _uploads)
    markdown_notes.use_footnotes(markdown)
    if html:
        use_html(markdown)
    for name, rule in {
        "footnote_ref": lambda label: f'<a data-note="{label}"></a>',
        "footnote_open": lambda label: f'<aside data-note="{label}">',
        "footnote_close": lambda label: "</aside>",
    }.items():
        markdown.add_render_rule(name, _rule(rule))
    return markdown


def _uploads(state: StateCore) -> None:
    """The rule for what Discourse keeps: its short addresses, and what follows ``|`` in their names, as a picture's size."""
    for token in state.tokens:
        children = token.children or []
        for n, each in enumerate(children):
            field = {"image": "src", "link_open": "href"}.get(each.type, "")
            address = str(each.attrGet(field) or "") if field else ""
            if not address.startswith(UPLOAD):
                continue
            each.attrSet(field, KEPT + address.removeprefix(UPLOAD))
            named = (each.children or [])[-1:] if field == "src" else children[n + 1 : n + 2]
            for text in named:
                text.content = SIZED.sub("", text.content)


def _deep(state: StateBlock, begin: int, end: int, silent: bool) -> bool:  # the library's name for it
    """The rule for text that is nested too deep."""
    from markdown_it.rules_block import paragraph

    return state.level >= DEEPEST and paragraph(state, begin, end, silent)


def _rule(write: Any) -> Any:  # markdown-it types a render rule as Any
    def rule(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        meta = tokens[index].meta or {}
        return str(write(escape(str(meta.get("label") or meta.get("id", 0) + 1), quote=True)))

    return rule
