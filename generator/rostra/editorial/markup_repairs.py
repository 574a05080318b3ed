"""Repair a body's markup by a card: restore quotations, spoilers and lists that a dump lost; link and unlink footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from msgspec.structs import replace

from rostra.editorial.corrections import unused
from rostra.markup import render
from rostra.markup.body_parts import BodyCut, uncalled, without_cuts
from rostra.markup.note_cuts import NoteLines, heading_above, lines_out
from rostra.markup.note_forms import FIGURES
from rostra.markup.note_links import note_words
from rostra.model import Block, Body, Corrected, Note, Post, Problem, Restoration

RAISED = str.maketrans("0123456789", FIGURES)
WRAPS = {
    "quotation": (("<blockquote>",), "</blockquote>"),
    "spoiler": (("<details>", "<summary>", "</summary>"), "</details>"),
    "list": (("<ul>",), "</ul>"),
}
"""The tags before and after restored paragraphs; a page labels the summary."""


def restored(post: Post, body: Body) -> tuple[Body, tuple[Corrected, ...], tuple[Problem, ...]]:
    """Return the repaired body, the repairs made, and a problem for each repair that no longer applies."""
    done: list[Corrected] = []
    problems: list[Problem] = []
    body, unmade = _as_typed(post, body)
    for each in post.corrections.restore:
        made = _noted(body, each, unmade) if each.kind in ("note", "no-note") else _wrapped(body, each)
        if made is None:
            what = f"footnote {each.label}" if each.label else f"{each.kind} “{each.words[:40]}”"
            message = f"the card's {what} in {post.id} is not in its text, or not in whole paragraphs of it"
            problems.append(unused(post.id, True, message, post.raw.line))
            continue
        body = made
        done.append(Corrected(what=each.kind, was=each.label))
    return body, tuple(done), tuple(problems)


def words_span(text: str, words: str) -> tuple[int, int] | None:
    """Return the span of words in a text, ignoring white space; None if they are not found."""
    parts = words.split()
    found = re.search(r"\s+".join(map(re.escape, parts)), text) if parts else None
    return found.span() if found else None


def _wrapped(body: Body, each: Restoration) -> Body | None:
    """Wrap consecutive whole paragraphs in a quotation, a spoiler or a list; None if they are not found."""
    span = words_span(body.text, each.words)
    if span is None:
        return None
    inside = [n for n, b in enumerate(body.blocks) if b.start < span[1] and span[0] < b.end]
    blocks = [body.blocks[n] for n in inside]
    if not blocks or any(b.kind != "paragraph" or b.depth for b in blocks):
        return None
    first, last = blocks[0].first, blocks[-1].last
    # Between them must be these paragraphs only, and no element that opens before or closes after them.
    covered = {n for b in blocks for n in range(b.first, b.last + 1)}
    if covered != set(range(first, last + 1)):
        return None
    opening, closing = WRAPS[each.kind]
    tags = list(body.tags)
    if each.kind == "list":
        for b in blocks:
            tags[b.first] = (tags[b.first][0], tags[b.first][1].replace("<p", "<li", 1))
            tags[b.last] = (tags[b.last][0], "</li>")
    tags[last + 1 : last + 1] = [(tags[last][0], closing)]
    tags[first:first] = [(tags[first][0], tag) for tag in opening]

    def moved(n: int, b: Block) -> Block:
        shift = 0 if b.last < first else len(opening) + (b.first > last)
        b = replace(b, first=b.first + shift, last=b.last + shift)
        if n in inside and each.kind == "quotation":
            return replace(b, depth=1)
        return replace(b, kind="item") if n in inside and each.kind == "list" else b

    return replace(body, tags=tuple(tags), blocks=tuple(moved(n, b) for n, b in enumerate(body.blocks)))


def _as_typed(post: Post, body: Body) -> tuple[Body, Collection[str]]:
    """Return the body with typed notes that a card rejects turned back into text, and their labels."""
    raw = post.raw
    labels = {each.label or "" for each in post.corrections.restore if each.kind == "no-note"}
    if not labels:
        return body, ()
    if body != render(raw.body, raw.dialect):
        return body, ()  # notes from the end of the page, which no post has as text
    plain = render(raw.body, raw.dialect, labels)
    return plain, Counter(note.label for note in body.notes) - Counter(note.label for note in plain.notes)


def _noted(body: Body, each: Restoration, unmade: Collection[str]) -> Body | None:
    """Link a footnote after the words that a card gives, or unlink it; None if that is not possible."""
    label = each.label or ""
    if each.kind == "no-note":
        return body if label in unmade else _untied(body, label)
    if each.text is not None:
        taken = None if any(note.label == label for note in body.notes) else _taken_out(body, each.text, label)
        if taken is None:
            return None
        body = taken
    number = next((n for n, note in enumerate(body.notes, 1) if note.label == label and note.marker is None), None)
    span = words_span(body.text, each.words)
    if number is None or span is None:
        return None
    # A reference that was typed there becomes the link.
    typed = re.compile(
        rf"\s?(?:\[{re.escape(label)}\]|\({re.escape(label)}\)|{re.escape(label)}\)|{label.translate(RAISED)})"
    )
    called = typed.match(body.text, span[1])
    made, now = without_cuts(body, [BodyCut(span[1], called.end() if called else span[1], (number,))])
    notes = list(made.notes)
    notes[number - 1] = replace(notes[number - 1], marker=now(span[1]))
    return replace(made, notes=tuple(notes))


def _untied(body: Body, label: str) -> Body | None:
    """Return the body without the links to a note of the dialect; what looked like a link is text."""
    number = next((n for n, note in enumerate(body.notes, 1) if note.label == label and note.marker is not None), None)
    return None if number is None else uncalled(body, number, f"[{label}]")


def _taken_out(body: Body, words: str, label: str) -> Body | None:
    """Return the body with lines of it turned into a note that has no reference yet."""
    span = words_span(body.text, words)
    number = next((n for n, b in enumerate(body.blocks) if span and b.start <= span[0] and span[1] <= b.end), None)
    if span is None or number is None:
        return None
    block = body.blocks[number]
    start = max(block.start, body.text.rfind("\n", 0, span[0]) + 1)
    end = body.text.find("\n", span[1], block.end)
    end = block.end if end < 0 else end
    if (
        block.kind not in ("paragraph", "item", "signature", "furniture")
        or block.depth
        or (start, end) == (0, len(body.text))
    ):
        return None
    typed = re.match(rf"\W*{re.escape(label)}\W+", body.text[start : span[1]])
    ((text, html),) = note_words(body, [(start + (typed.end() if typed else 0), end)])
    line = NoteLines(number, start, end)
    heading = heading_above(body, [line])
    made, now = without_cuts(body, lines_out(body, [heading.lines, line] if heading else [line]))
    said = heading.text if heading else None
    note = Note(label=label, text=text, html=html, marker=None, place=now(start), heading=said)
    return replace(made, notes=(*made.notes, note))
