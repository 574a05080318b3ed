"""What a card restores of a body's markup: quotations, spoilers and lists that a dump lost, footnotes tied and untied."""

from __future__ import annotations

import re
from html import escape

from msgspec.structs import replace

from rostra.editorial.corrections import unused
from rostra.markup.weave import CALL
from rostra.model import Block, Body, Corrected, Note, Post, Problem, Restoration

WRAPS = {
    "quotation": ("<blockquote>", "</blockquote>"),
    "spoiler": ("<details><summary>Spoiler</summary>", "</details>"),
    "list": ("<ul>", "</ul>"),
}


def restored(post: Post, body: Body) -> tuple[Body, tuple[Corrected, ...], tuple[Problem, ...]]:
    """The body with what was lost of its markup, what was done to it, and a problem for what no longer applies."""
    done: list[Corrected] = []
    problems: list[Problem] = []
    for each in post.raw.restore:
        made = _noted(body, each) if each.kind in ("note", "no-note") else _wrapped(body, each)
        if made is None:
            what = f"footnote {each.label}" if each.label else f"{each.kind} “{each.words[:40]}”"
            message = f"the card's {what} in {post.id} is not in its text, or no whole paragraphs of it"
            problems.append(unused(post.id, True, message, post.raw.line))
            continue
        body = made
        done.append(Corrected(what=each.kind, was=each.label))
    return body, tuple(done), tuple(problems)


def place(text: str, words: str) -> tuple[int, int] | None:
    """Where words stand in a text, white space aside."""
    parts = words.split()
    found = re.search(r"\s+".join(map(re.escape, parts)), text) if parts else None
    return found.span() if found else None


def _wrapped(body: Body, each: Restoration) -> Body | None:
    """Whole paragraphs in a row put into a quotation, a fold or a list."""
    span = place(body.text, each.words)
    if span is None:
        return None
    inside = [n for n, b in enumerate(body.blocks) if b.start < span[1] and span[0] < b.end]
    blocks = [body.blocks[n] for n in inside]
    if not blocks or any(b.kind != "paragraph" or b.depth for b in blocks):
        return None
    first, last = blocks[0].first, blocks[-1].last
    # What lies between must be these paragraphs and nothing that opens before or closes after them.
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
    tags[first:first] = [(tags[first][0], opening)]

    def moved(n: int, b: Block) -> Block:
        shift = 0 if b.last < first else 2 if b.first > last else 1
        b = replace(b, first=b.first + shift, last=b.last + shift)
        if n in inside and each.kind == "quotation":
            return replace(b, depth=1)
        return replace(b, kind="item") if n in inside and each.kind == "list" else b

    return replace(body, tags=tuple(tags), blocks=tuple(moved(n, b) for n, b in enumerate(body.blocks)))


def _noted(body: Body, each: Restoration) -> Body | None:
    """A footnote called after the words that a card gives, or called no more."""
    if each.kind == "note" and each.text is not None:
        made = _taken_out(body, each.text, each.label or "")
        if made is None:
            return None
        body = made
    number = next((n for n, note in enumerate(body.notes) if note.label == each.label), None)
    if number is None:
        return None
    call = f"{CALL}{escape(each.label or '', quote=True)}>"
    tags, notes = list(body.tags), list(body.notes)
    if each.kind == "no-note":
        if notes[number].marker is None:
            return None
        # What looked like a call stays in sight as the number that it was.
        tags = [(at, f"<sup>[{escape(each.label or '')}]</sup>" if tag == call else tag) for at, tag in tags]
        notes[number] = replace(notes[number], marker=None)
        return replace(body, tags=tuple(tags), notes=tuple(notes))
    span = place(body.text, each.words)
    if span is None or notes[number].marker is not None:
        return None
    at = next((n for n, (offset, _) in enumerate(tags) if offset >= span[1]), len(tags))
    tags[at:at] = [(span[1], call)]
    notes[number] = replace(notes[number], marker=span[1])
    blocks = tuple(replace(b, first=b.first + (b.first >= at), last=b.last + (b.last >= at)) for b in body.blocks)
    return replace(body, tags=tuple(tags), notes=tuple(notes), blocks=blocks)


def _taken_out(body: Body, words: str, label: str) -> Body | None:
    """The body with a paragraph of it made a note that nothing calls yet."""
    if any(note.label == label for note in body.notes) or (span := place(body.text, words)) is None:
        return None
    number = next((n for n, b in enumerate(body.blocks) if b.start <= span[0] and span[1] <= b.end), None)
    if number is None or body.blocks[number].kind != "paragraph" or len(body.blocks) == 1:
        return None
    out = body.blocks[number]
    # With it goes the blank line that set it apart.
    last = number + 1 == len(body.blocks)
    low, high = (body.blocks[number - 1].end, out.end) if last else (out.start, body.blocks[number + 1].start)
    count = out.last - out.first + 1

    def now(at: int) -> int:
        return at if at <= low else max(low, at - (high - low))

    text = re.sub(rf"^\W*{re.escape(label)}\W+", "", body.text[out.start : out.end])
    return replace(
        body,
        text=body.text[:low] + body.text[high:],
        tags=tuple((now(at), tag) for n, (at, tag) in enumerate(body.tags) if not out.first <= n <= out.last),
        blocks=tuple(
            replace(
                b, start=now(b.start), end=now(b.end),
                first=b.first - count * (b.first > out.last), last=b.last - count * (b.last > out.last),
            )
            for n, b in enumerate(body.blocks)
            if n != number
        ),
        notes=(
            *(replace(note, marker=None if note.marker is None else now(note.marker)) for note in body.notes),
            Note(label=label, text=text, html=escape(text, quote=False), marker=None),
        ),
    )  # fmt: skip
