"""Markdown: CommonMark with tables, strikethrough, bare links and footnotes; no raw HTML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


def to_html(body: str) -> str:
    """HTML with footnotes as ``markup`` names them."""
    return str(parser().render(body, {}))


@cache
def parser() -> MarkdownIt:
    """The parser, kept: making one costs as much as a long body."""
    from mdit_py_plugins.footnote import footnote_plugin

    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True})
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.use(footnote_plugin, inline=False)
    for name, rule in {
        "footnote_ref": lambda label: f'<a data-note="{label}"></a>',
        "footnote_open": lambda label: f'<aside data-note="{label}">',
        "footnote_close": lambda label: "</aside>",
        "footnote_block_open": lambda label: "",
        "footnote_block_close": lambda label: "",
        "footnote_anchor": lambda label: "",
    }.items():
        markdown.add_render_rule(name, _rule(rule))
    return markdown


def _rule(write: Any) -> Any:  # markdown-it types a render rule as Any
    def rule(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        meta = tokens[index].meta or {}
        return str(write(escape(str(meta.get("label") or meta.get("id", 0) + 1), quote=True)))

    return rule
