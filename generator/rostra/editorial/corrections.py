"""What a publisher corrects of a debate by a card, the dump untouched; each correction can be seen on the page.

What concerns a post's place and facts is corrected here, on the thread; what concerns its text, on
the rendered body (``restorations``), whatever dialect it was written in.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.config.cards import Card, Correction, of_several
from rostra.config.setting_values import moment_of
from rostra.errors import UsageError
from rostra.i18n.catalogue import Catalogue, later
from rostra.markup import render
from rostra.model import Author, Corrected, Problem, RawPost, RawThread, Restoration, Thread
from rostra.system.lazy_regex import late
from rostra.threads.assemble import assemble

UNNAMED = "unnamed:"
"""What the id of an author begins with whose name is not known, but of whom several posts are."""

ZONELESS = late(r"T[0-9:.]+$")
"""A time of day without its zone."""

KINDS = {
    "post": later("an ordinary post"),
    "missing": later("missing"),
    "deleted": later("deleted"),
    "removed": later("removed"),
    "redacted": later("redacted"),
}


def applying(card: Card, thread: Thread) -> Card:
    """What a card says that may be of this debate of its dump."""
    if not thread.source.several:
        return card
    card, here = of_several(card), {post.id for post in thread.posts}
    # A withdrawal that names no debate is of whichever holds the post.
    meant = tuple(each for each in card.correction if each.thread is not None or not here.isdisjoint(each.named))
    return replace(card, correction=meant)


def corrected(thread: Thread, corrections: Sequence[Correction]) -> Thread:
    """The thread as a card would have it; a correction that does not apply becomes a problem."""
    here = [each for each in corrections if each.thread in (None, thread.id)]
    if not here:
        return thread
    raws = {post.id: replace(post.raw, key=post.id, id=post.id, parent=post.parent) for post in thread.posts}
    problems: list[Problem] = []
    for correction in here:
        if not correction.named and correction.title is not None:
            if correction.title == thread.title:
                problems.append(unused("", False, "the card's title of this debate says what the dump says"))
            else:
                done = (*thread.corrected, Corrected(what="title", was=thread.title))
                thread = replace(thread, title=correction.title, corrected=done)
        for id in correction.named:
            if correction.withdrawn is not None and id in raws and _begins(thread.title, raws[id]):
                # A debate without a title is called by its first words.
                thread = replace(thread, title=thread.id.replace("-", " ").capitalize())
            try:
                raws[id] = _correct(_post(id, raws), correction, raws)
            except UsageError as error:
                problems.append(unused(id, id in raws, f"the card's correction of {id} {error.message}"))
    # Whom a post answers may have changed, and with it the order in which all are read.
    made = assemble(
        RawThread(posts=tuple(raws.values()), problems=(*thread.problems, *problems)),
        id=thread.id,
        title=thread.title,
        source=thread.source,
    )
    return replace(thread, posts=made.posts, problems=made.problems)


def unused(post: str, known: bool, message: str, line: int | None = None) -> Problem:
    """The problem of a correction that no longer applies."""
    return Problem(
        code="unused-correction", message=message, post=post if known else None, line=line, hint="change or remove it"
    )


def _post(id: str, raws: dict[str, RawPost]) -> RawPost:
    if id not in raws:
        raise UsageError("is not in this debate")
    return raws[id]


def _begins(title: str, raw: RawPost) -> bool:
    """Whether a debate's title is how a post begins."""
    start = title.removesuffix("…").strip()
    return bool(start) and " ".join(render(raw.body, raw.dialect).text.split()).startswith(start)


def _correct(raw: RawPost, correction: Correction, raws: dict[str, RawPost]) -> RawPost:
    """One post corrected; raises UsageError where the correction says what it cannot mean, or nothing new."""
    was = raw
    said: list[Corrected] = []
    if correction.withdrawn is not None:
        note = f"Withdrawn: {correction.withdrawn}" if correction.withdrawn else "Withdrawn"
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
    if correction.created is not None and (time := _time(correction.created)) != (raw.created, raw.created_text):
        said.append(Corrected(what="created", was=raw.created or raw.created_text))
        raw = replace(raw, created=time[0], created_text=time[1])
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
        said.append(Corrected(what="remark"))
        raw = replace(raw, note=f"{raw.note} {correction.note}" if raw.note else correction.note)
    restore = tuple(_restorations(correction))
    raw = replace(raw, corrected=(*raw.corrected, *said), restore=(*raw.restore, *restore))
    if raw == was:
        raise UsageError("says what the dump says")
    return raw


def _time(said: str) -> tuple[str | None, str | None]:
    """A time that a card gives, and its text instead where it has no zone, which nobody may guess."""
    time = moment_of(said)
    return (None, said) if time is None or ("T" in time and ZONELESS.search(time)) else (time, None)


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
        found.append(
            Restoration(
                kind="note" if correction.after else "no-note",
                words=correction.after or "",
                label=correction.footnote,
                text=correction.reads,
            )
        )
    return found


def author_label(author: Author, words: Catalogue) -> str:
    """How an author is called; somebody whom only a card tells apart, in the site's language."""
    if author.id and author.id.startswith(UNNAMED):
        return words.say("Unnamed %(letter)s", letter=author.id.removeprefix(UNNAMED))
    return author.name


def phrase(each: Corrected, words: Catalogue) -> str:
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
        case "remark":
            return say("a note added")
        case "set":
            return say("a quotation set")
        case "confirmed":
            return say("a quotation confirmed")
        case "forbidden":
            return say("a quotation forbidden")
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
