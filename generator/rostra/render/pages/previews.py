"""Previews of links between debates: the passages of a debate that others quote, and its words below its quotations of others.

``thread.previews.json`` is an object: its keys are ids of passages (``p-…-s12``) and quotations (``p-…-q1``) of the debate, its
values name the post (``who``) and give a paragraph (``html``): that with the passage, or that after the quotation.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from html import escape

from msgspec.structs import replace

from rostra.config.site import Site
from rostra.editorial.described import author_label
from rostra.markup.body_parts import excerpts, tag_name
from rostra.markup.links import grounded
from rostra.markup.weave import weave
from rostra.model import FORMAL, LinkedEdition, LinkedPost
from rostra.output.staging import OutputFile
from rostra.render.pages.beside import FileLinks
from rostra.render.templates import Layouts

NAME = "thread.previews.json"
"""The file beside the debate; no published dump has such a name, since ``dump_name`` keeps no dot before ``previews``."""
SHOWN = ("b", "code", "del", "em", "i", "q", "s", "strong", "sub", "sup")
"""Elements that a preview keeps: it has no links and no pictures."""
LONGEST = 2000
"""The most code points of a paragraph that is shown; paragraphs are not cut, since half a name may be another name."""


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile]:  # noqa: ARG001  # the signature of every kind of page
    """Yield ``debates/ID/thread.previews.json`` if the debate quotes another debate or is quoted there."""
    found = {
        id: {"who": f"{number} {_who(each, layouts)}", "html": html}
        for number, each in enumerate(edition.posts, 1)
        for id, html in _shown(edition.thread.id, each)
        if html
    }
    if found:
        content = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        yield OutputFile(f"debates/{edition.thread.id}/{NAME}", content + b"\n")


def _who(each: LinkedPost, layouts: Layouts) -> str:
    author = each.post.raw.author
    return author_label(author, layouts.words) if author else layouts.words.say("unnamed")


def _shown(thread: str, each: LinkedPost) -> Iterator[tuple[str, str]]:
    """Yield the ids of a post that other debates link to, each with a paragraph of the post."""
    # A passage of several parts is named by its first.
    firsts: dict[tuple[str, str, int], int] = {}
    for back in each.quoted_by:
        if back.thread != thread:
            firsts.setdefault((back.thread, back.post, back.quote), back.start)
    for start in sorted(set(firsts.values())):
        yield f"{each.post.id}-s{start}", _paragraph(each, start)
    for n, quote in enumerate(each.quotes, 1):
        if quote.source and quote.source.thread != thread:
            blocks = each.body.blocks
            after = bisect_left([block.start for block in blocks], quote.end)
            after = next((n for n in range(after, len(blocks)) if blocks[n].kind not in FORMAL), len(blocks))
            is_block = quote.kind == "block" and after < len(blocks) and not blocks[after].depth
            yield f"{each.post.id}-q{n}", _paragraph(each, blocks[after].start if is_block else quote.start)


def _paragraph(each: LinkedPost, at: int) -> str:
    """Return the block at an offset, without what it contains besides text in simple elements; empty if it is long."""
    body = each.body
    block = body.blocks[max(0, bisect_right([block.start for block in body.blocks], at) - 1)]
    if block.end - block.start > LONGEST:
        return ""
    if block.kind == "code":
        return f"<pre><code>{escape(body.text[block.start : block.end], quote=False)}</code></pre>"
    (cut,) = excerpts(body, [(block.start, block.end)])
    kept = tuple((offset, tag) for offset, tag in cut.tags if tag_name(tag) in SHOWN)
    return f"<p>{grounded(weave(replace(cut, tags=kept)), None)}</p>"
