"""A dump seen by itself, outside any site: its threads, and a tree for people to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from rostra.config.cards import card_beside
from rostra.editorial.edition import culprit, edit
from rostra.errors import RostraError, UnreadableDump
from rostra.ingest.dump_threads import read_threads, summed
from rostra.model import Edited, Edition, Quote
from rostra.quotations import refusals
from rostra.readers import Dump
from rostra.system.attempts import Failed, attempt

WORDS = 60
"""Code points of a post or passage that a line shows."""


def inspections(
    path: Path, reader: str | None = None, failed: Callable[[RostraError], object] | None = None
) -> Iterator[Edition]:
    """The editions of a dump, with the card beside it where there is one; raises RostraError.

    ``failed`` is told of threads that cannot be made, in place of the others; without it the first of them is raised.
    """
    if not path.exists():
        raise UnreadableDump("there is no such file", path=str(path), hint="check the name")
    card = card_beside(path)
    if reader is not None:
        card = replace(card, format=reader)
    dump = Dump(path, str(path))

    def tell(error: RostraError) -> None:
        error.path = error.path or dump.name
        if failed is None:
            raise error
        failed(error)

    for thread in read_threads(dump, card):
        whole = summed(thread, {dump.name: dump.sha256})
        edition = attempt("rendering a thread of it", partial(edit, decisions=card.quotation), whole)
        if isinstance(edition, Failed):
            edition.error.line = edition.error.line or culprit(thread)
            tell(edition.error)
        else:
            yield edition
    for error in dump.failures:
        tell(error)


def tree(edition: Edition, *, quotes: bool = False) -> Iterator[str]:
    """Lines for people: who, when, depth, first words; quotations with their reasons; problems."""
    thread = edition.thread
    names = {each.post.id: each.post.raw.author.name if each.post.raw.author else "unnamed" for each in edition.posts}
    said = sum(each.post.raw.kind == "post" for each in edition.posts)
    found = sum(quote.source is not None for each in edition.posts for quote in each.quotes)
    yield f"{thread.title}  [{thread.id}]"
    yield f"  {thread.source.format}, {said} posts, {len(edition.posts) - said} missing or removed, {found} quotations tied"
    refused = refusals(thread, [each.body for each in edition.posts]) if quotes else []
    for number, each in enumerate(edition.posts):
        yield _line(each)
        if quotes:
            indent = "  " * min(each.post.depth, 20) + "      "
            yield from (f"{indent}{_quotation(each, quote, names)}" for quote in each.quotes)
            yield from (f"{indent}“{_short(no.text)}” no quotation: {no.reason}" for no in refused if no.post == number)
    if edition.problems:
        yield "  problems"
        yield from (f"    {thread.source.path}:{p.line or 1}: {p.message} [{p.code}]" for p in edition.problems)


def _line(each: Edited) -> str:
    raw = each.post.raw
    who = raw.author.name if raw.author else "unnamed"
    when = raw.created or raw.created_text or "no time"
    words = _short(each.body.text) if raw.kind == "post" else f"({raw.kind})"
    line = f" line {raw.line}" if raw.line else ""
    apparatus = "".join(
        f" {mark}{number}"
        for mark, number in (
            ("quotes ", len(each.quotes)),
            ("quoted ", len(each.quoted_by)),
            ("notes ", len(each.body.notes)),
        )
        if number
    )
    return f"{'  ' * min(each.post.depth, 20)}  {each.post.depth} {who}, {when}: {words}  [{each.post.id}{line}{apparatus}]"


def _quotation(each: Edited, quote: Quote, names: dict[str, str]) -> str:
    words = _short(each.body.text[quote.start : quote.end])
    if quote.source is None:
        return f"“{words}” ← no source: {quote.reason}"
    return f"“{words}” ← {names.get(quote.source.post, '')} {quote.source.post} ({quote.tier}): {quote.reason}"


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= WORDS else folded[: WORDS - 1] + "…"
