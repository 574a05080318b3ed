"""What a publisher corrects of a debate by a card, the dump untouched; each correction can be seen on the page.

What concerns a post's place and facts is corrected on the thread (``corrected``); what concerns its
text, on the rendered body (``restored``), whatever dialect it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from msgspec.structs import replace

from rostra.assemble import assemble
from rostra.cards import Correction
from rostra.errors import UsageError
from rostra.markup.flatten import CALL
from rostra.model import Author, Block, Body, Corrected, Post, Problem, RawPost, RawThread, Restoration, Thread
from rostra.words import Words, later

UNNAMED = "unnamed:"
"""What the id of an author begins with whose name is not known, but of whom several posts are."""
WRAPS = {
    "quotation": ("<blockquote>", "</blockquote>"),
    "spoiler": ("<details><summary>Spoiler</summary>", "</details>"),
    "list": ("<ul>", "</ul>"),
}


KINDS = {
    "post": later("an ordinary post"),
    "missing": later("missing"),
    "deleted": later("deleted"),
    "removed": later("removed"),
    "redacted": later("redacted"),
}


def corrected(thread: Thread, corrections: Sequence[Correction]) -> Thread:
    """The thread as a card would have it; a correction that does not apply becomes a problem."""
    here = [each for each in corrections if each.thread in (None, thread.id)]
    if not here:
        return thread
    raws = {post.id: replace(post.raw, key=post.id, id=post.id, parent=post.parent) for post in thread.posts}
    problems: list[Problem] = []
    for correction in here:
        for id in correction.named:
            try:
                raws[id] = _correct(_post(id, raws), correction, raws)
            except UsageError as error:
                problems.append(_unused(id, id in raws, f"the card's correction of {id} {error.message}"))
    # Whom a post answers may have changed, and with it the order in which all are read.
    made = assemble(
        RawThread(posts=tuple(raws.values()), problems=(*thread.problems, *problems)),
        id=thread.id,
        title=thread.title,
        source=thread.source,
    )
    return replace(thread, posts=made.posts, problems=made.problems)


def _unused(post: str, known: bool, message: str, line: int | None = None) -> Problem:
    return Problem(
        code="unused-correction", message=message, post=post if known else None, line=line, hint="change or remove it"
    )


def _post(id: str, raws: dict[str, RawPost]) -> RawPost:
    if id not in raws:
        raise UsageError("is not in this debate")
    return raws[id]


def _correct(raw: RawPost, correction: Correction, raws: dict[str, RawPost]) -> RawPost:
    """One post corrected; raises UsageError where the correction says what it cannot mean, or nothing new."""
    was = raw
    said: list[Corrected] = []
    if correction.withdrawn is not None:
        note = "Withdrawn" + (f": {correction.withdrawn}" if correction.withdrawn else "")
        return RawPost(
            key=raw.key, id=raw.id, parent=raw.parent, native_id=raw.native_id, kind="redacted", created=raw.created,
            created_text=raw.created_text, line=raw.line, dialect=raw.dialect, note=note,
        )  # fmt: skip
    if correction.author is not None:
        author = Author(name=correction.author) if correction.author else None
        before = raw.author.name if raw.author else None
        if before != (correction.author or None):
            said.append(Corrected(what="author", was=before))
            raw = replace(raw, author=author)
    if correction.person is not None:
        if raw.author is not None:
            raise UsageError(f"says that it is unnamed, but it is by {raw.author.name}")
        said.append(Corrected(what="person"))
        raw = replace(raw, author=Author(name=f"Unnamed {correction.person}", id=f"{UNNAMED}{correction.person}"))
    if correction.parent is not None and correction.parent != raw.parent:
        if correction.parent not in raws:
            raise UsageError(f"names {correction.parent} as its parent, which is not in this debate")
        if raw.parent is None or _is_below(correction.parent, raw.key, raws):
            raise UsageError(f"would make it answer {correction.parent}, which stands below it")
        said.append(Corrected(what="parent", was=raw.parent))
        raw = replace(raw, parent=correction.parent)
    if correction.created is not None and correction.created != raw.created:
        said.append(Corrected(what="created", was=raw.created or raw.created_text))
        raw = replace(raw, created=correction.created)
    if correction.kind is not None and correction.kind != raw.kind:
        said.append(Corrected(what="kind", was=raw.kind))
        raw = replace(raw, kind=correction.kind)
    if correction.title is not None and correction.title != raw.title:
        said.append(Corrected(what="title", was=raw.title))
        raw = replace(raw, title=correction.title)
    if correction.language is not None and correction.language != raw.language:
        said.append(Corrected(what="language", was=raw.language))
        raw = replace(raw, language=correction.language)
    if correction.note is not None:
        raw = replace(raw, note=f"{raw.note} {correction.note}" if raw.note else correction.note)
    restore = tuple(_restorations(correction))
    raw = replace(raw, corrected=(*raw.corrected, *said), restore=(*raw.restore, *restore))
    if raw == was:
        raise UsageError("says what the dump says")
    return raw


def _is_below(post: str, above: str, raws: dict[str, RawPost]) -> bool:
    at: str | None = post
    seen: set[str] = set()
    while at is not None and at not in seen:
        if at == above:
            return True
        seen.add(at)
        at = raws[at].parent
    return False


def _restorations(correction: Correction) -> list[Restoration]:
    found = [
        Restoration(kind=kind, words=words)
        for kind in ("quotation", "spoiler", "list")
        if (words := getattr(correction, kind)) is not None
    ]
    if correction.footnote is not None:
        found.append(Restoration(kind="note" if correction.after else "no-note", words=correction.after or "", label=correction.footnote))  # fmt: skip
    return found


def restored(post: Post, body: Body) -> tuple[Body, tuple[Corrected, ...], tuple[Problem, ...]]:
    """The body with what was lost of its markup, what was done to it, and a problem for what no longer applies."""
    done: list[Corrected] = []
    problems: list[Problem] = []
    for each in post.raw.restore:
        made = _noted(body, each) if each.kind in ("note", "no-note") else _wrapped(body, each)
        if made is None:
            what = f"footnote {each.label}" if each.label else f"{each.kind} “{each.words[:40]}”"
            message = f"the card's {what} in {post.id} is not in its text, or no whole paragraphs of it"
            problems.append(_unused(post.id, True, message, post.raw.line))
            continue
        body = made
        done.append(Corrected(what=each.kind, was=each.label))
    return body, tuple(done), tuple(problems)


def phrase(each: Corrected, words: Words) -> str:
    """A correction as readers are told of it."""
    say, was = words.say, each.was
    match each.what:
        case "author":
            return say("author, was %(was)s", was=was or say("unnamed"))
        case "person":
            return say("known to be one person with others that are unnamed")
        case "parent":
            return say("the post that it answers, was %(was)s", was=was)
        case "created":
            return say("time, was %(was)s", was=words.readable(was) if was else say("unknown"))
        case "kind":
            return say("kind of post, was %(was)s", was=say(KINDS[was]) if was else "")
        case "title":
            return say("title, was %(was)s", was=was or say("none"))
        case "language":
            return say("language, was %(was)s", was=was or say("unknown"))
        case "quotation":
            return say("a quotation restored")
        case "spoiler":
            return say("a spoiler restored")
        case "list":
            return say("a list restored")
        case "note":
            return say("footnote %(label)s tied", label=was)
        case "no-note":
            return say("footnote %(label)s untied", label=was)


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
