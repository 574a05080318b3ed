"""What a person decided in a card: quotations set, confirmed or forbidden, whatever was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from rostra.config.cards import Decision
from rostra.model import Body, Corrected, Passage, Problem, Quote, Thread
from rostra.quotations.index import local_seeds
from rostra.quotations.match import match, spans
from rostra.quotations.tokens import tokenise

LEAST = 0.3
"""Of a quotation that the source which a card names must account for, so that its passage can be shown."""

Quotes = tuple[tuple[Quote, ...], ...]


def decided(
    thread: Thread, bodies: Sequence[Body], quotes: Quotes, decisions: Sequence[Decision]
) -> tuple[Quotes, dict[str, tuple[Corrected, ...]], tuple[Problem, ...]]:
    """The quotations as a card would have them, what was decided of each post, and a problem for what no longer applies."""
    if not decisions:
        return quotes, {}, ()
    numbers = {post.id: n for n, post in enumerate(thread.posts)}
    out = [list(found) for found in quotes]
    problems: list[Problem] = []
    done: dict[str, tuple[Corrected, ...]] = {}
    for decision in decisions:
        if decision.thread not in (None, thread.id):
            continue
        post = numbers.get(decision.post)
        before = tuple(out[post]) if post is not None else ()
        wrong = "is not in this debate" if post is None else _decide(thread, bodies, out[post], post, numbers, decision)
        if not wrong:
            done[decision.post] = (*done.get(decision.post, ()), _told(before, decision))
        else:
            problems.append(
                Problem(
                    code="unused-decision",
                    message=f"the card's quotation “{decision.text[:40]}” of {decision.post} {wrong}",
                    post=decision.post if post is not None else None,
                    line=thread.posts[post].raw.line if post is not None else None,
                    hint="change or remove it",
                )
            )
    return (
        tuple(tuple(sorted(found, key=lambda quote: (quote.start, quote.end))) for found in out),
        done,
        tuple(problems),
    )


def _told(before: Sequence[Quote], decision: Decision) -> Corrected:
    if decision.source is None:
        return Corrected(what="forbidden")
    same = any(quote.source and quote.source.post == decision.source for quote in before)
    return Corrected(what="confirmed" if same and not decision.words else "set")


def _decide(
    thread: Thread, bodies: Sequence[Body], found: list[Quote], post: int, numbers: dict[str, int], decision: Decision
) -> str | None:
    """Carry a decision out; what is wrong with it where it cannot be."""
    body = bodies[post]
    place = _place(body.text, decision.text)
    if place is None:
        return "is not in its text"
    old = next((quote for quote in found if quote.start <= place[0] < quote.end), None)
    if decision.source is None:
        if old is None or old.source is None:
            return "is tied to nothing as it is"
        found.remove(old)
        if any(block.depth and block.start <= old.start < block.end for block in body.blocks):
            found.append(replace(old, source=None, score=None, tier="card", reason="forbidden by the card"))
        return None
    source = numbers.get(decision.source)
    if source is None:
        return f"names {decision.source}, which is not in this debate"
    if old is not None and old.source is not None and old.source.post == decision.source and not decision.words:
        found[found.index(old)] = replace(old, tier="card", reason=f"confirmed by the card; {old.reason}")
        return None
    start, end = (old.start, old.end) if old else place
    passages = _passage(body.text[start:end], bodies[source].text, decision.words)
    if not passages:
        return "has no passage in the source that can be found; add `words`"
    if old is not None:
        found.remove(old)
    said = bodies[source].text
    found.append(
        Quote(
            start=start,
            end=end,
            kind=old.kind
            if old
            else "block"
            if any(b.start == start and b.end == end for b in body.blocks)
            else "inline",
            source=Passage(
                thread=thread.id,
                post=decision.source,
                spans=passages,
                text=" … ".join(said[a:b] for a, b in passages),
            ),
            score=1.0,
            tier="card",
            reason="set by the card",
        )
    )
    return None


def _place(text: str, words: str) -> tuple[int, int] | None:
    """Where words stand in a text, white space aside."""
    parts = words.split()
    found = re.search(r"\s+".join(map(re.escape, parts)), text) if parts else None
    return found.span() if found else None


def _passage(quote: str, source: str, words: str | None) -> tuple[tuple[int, int], ...]:
    if words is not None:
        place = _place(source, words)
        return (place,) if place else ()
    here, there = tokenise(quote), tokenise(source)
    made = match(0, local_seeds(here, 0, len(here.words), there), here, 0, len(here.words), there, None)
    return spans(made.found, here, quote, there, source) if made and made.coverage >= LEAST else ()
