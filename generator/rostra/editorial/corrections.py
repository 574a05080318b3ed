"""Apply a card's corrections to a debate; the dump is not changed, and the page shows each correction.

A post's position and facts are corrected here, in the thread; its text is corrected in the rendered
body (``markup_repairs``), whatever dialect it is written in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from rostra.config.cards import Card, Correction, of_several
from rostra.config.setting_values import moment_of
from rostra.editorial.described import UNNAMED
from rostra.errors import UsageError
from rostra.markup import render
from rostra.model import (
    Author,
    Corrected,
    Corrections,
    ParentBy,
    Problem,
    RawPost,
    RawThread,
    Restoration,
    Thread,
)
from rostra.model.history import UNCORRECTED, History
from rostra.system.lazy_regex import late
from rostra.threads.assemble import assemble

ZONELESS = late(r"T[0-9:.]+$")
"""A time of day without a zone."""


def applying(card: Card, thread: Thread) -> Card:
    """Return the corrections of a card that may apply to this debate of its dump."""
    if not thread.source.several:
        return card
    card, here = of_several(card), {post.id for post in thread.posts}
    # A withdrawal that names no debate applies to every debate that has the post.
    meant = tuple(each for each in card.correction if each.thread is not None or not here.isdisjoint(each.named))
    return replace(card, correction=meant)


def corrected(thread: Thread, corrections: Sequence[Correction]) -> Thread:
    """Return the thread with a card's corrections; a correction that does not apply becomes a problem."""
    here = [each for each in corrections if each.thread in (None, thread.id)]
    if not here:
        return thread
    raws = {post.id: replace(post.raw, key=post.id, id=post.id, parent=post.parent) for post in thread.posts}
    histories = {post.id: post.history for post in thread.posts}
    records = {post.id: post.corrections for post in thread.posts}
    # A post with words of a post that an earlier version read is withdrawn by its own id.
    formers = {former.post for post in thread.posts for former in post.history.holds}
    problems: list[Problem] = []
    for correction in here:
        if not correction.named and correction.title is not None:
            if correction.title == thread.title:
                problems.append(unused("", False, "the card's title of this debate is the same as the dump's"))
            else:
                done = (*thread.corrected, Corrected(what="title", was=thread.title))
                thread = replace(thread, title=correction.title, corrected=done)
        for id in correction.named:
            if correction.withdrawn is not None and id not in raws and id in formers:
                continue
            if correction.withdrawn is not None and id in raws and _tells(thread, raws[id], histories.get(id)):
                # A debate without a title has its first words as title.
                thread = replace(thread, title=thread.id.replace("-", " ").capitalize())
            try:
                raws[id], records[id] = _correct(_post(id, raws), records.get(id, UNCORRECTED), correction, raws)
                if correction.withdrawn is not None:
                    # Its earlier wordings are withdrawn with it.
                    histories.pop(id, None)
            except UsageError as error:
                problems.append(unused(id, id in raws, f"the card's correction of {id} {error.message}"))
    # Parents may have changed, and with them the reading order.
    made = assemble(
        RawThread(posts=tuple(raws.values()), problems=(*thread.problems, *problems), flat=thread.flat),
        id=thread.id,
        title=thread.title,
        source=thread.source,
        histories=histories,
        corrections=records,
    )
    return replace(thread, posts=made.posts, problems=made.problems)


INFERRED: set[ParentBy] = {"subject", "quotation", "page"}
"""How a parent is known that a card can confirm."""


def unused(post: str, known: bool, message: str, line: int | None = None) -> Problem:
    """Return the problem of a correction that no longer applies."""
    return Problem(
        code="unused-correction", message=message, post=post if known else None, line=line, hint="change or remove it"
    )


def _post(id: str, raws: dict[str, RawPost]) -> RawPost:
    if id not in raws:
        raise UsageError("is not in this debate")
    return raws[id]


def _tells(thread: Thread, raw: RawPost, history: History | None) -> bool:
    """Whether a debate's title is the beginning of a post, or may be that of the post as an earlier version of Rostra read it."""
    if (
        history
        and history.holds
        and raw.id == thread.posts[0].id
        and not any(each.what == "title" for each in thread.corrected)
    ):
        return True
    start = thread.title.removesuffix("…").strip()
    return bool(start) and " ".join(render(raw.body, raw.dialect).text.split()).startswith(start)


def _correct(
    raw: RawPost, record: Corrections, correction: Correction, raws: dict[str, RawPost]
) -> tuple[RawPost, Corrections]:
    """Return the corrected post and the record of it; raise UsageError if it contradicts the thread, or changes nothing."""
    if correction.withdrawn is not None:
        return _withdrawn(raw), Corrections(withdrawn=correction.withdrawn)
    done = list(record.made)
    made = raw
    for field in FIELDS:
        if change := field(made, correction, raws):
            done.append(change.what)
            made = replace(made, **change.values)
    now = replace(record, made=tuple(done), restore=(*record.restore, *_restorations(correction)))
    if (made, now) == (raw, record):
        raise UsageError("is the same as the dump")
    return made, now


def _withdrawn(raw: RawPost) -> RawPost:
    """Return the withdrawn post: only its position, its id and its time are left."""
    return RawPost(
        key=raw.key, id=raw.id, parent=raw.parent, native_id=raw.native_id, kind="redacted", created=raw.created,
        created_local=raw.created_local, created_text=raw.created_text, line=raw.line, dialect=raw.dialect,
    )  # fmt: skip


class _CardChange(NamedTuple):
    """Return new values of a post's fields, and the corrections to record."""

    what: Corrected
    values: dict[str, Any]


def _author(raw: RawPost, correction: Correction, _raws: dict[str, RawPost]) -> _CardChange | None:
    before, name = raw.author.name if raw.author else None, correction.author or None
    if correction.author is None or before == name:
        return None
    return _CardChange(Corrected(what="author", was=before), {"author": Author(name=name) if name else None})


def _person(raw: RawPost, correction: Correction, _raws: dict[str, RawPost]) -> _CardChange | None:
    if correction.person is None:
        return None
    if raw.author is not None:
        raise UsageError(f"says that it is unnamed, but it is by {raw.author.name}")
    key = f"{UNNAMED}{correction.person}"
    author = Author(name=key, id=key)
    return _CardChange(Corrected(what="person"), {"author": author})


def _parent(raw: RawPost, correction: Correction, raws: dict[str, RawPost]) -> _CardChange | None:
    if correction.parent in (None, raw.parent):
        confirms = correction.parent and raw.parent_by in INFERRED
        return _CardChange(Corrected(what="parent"), {"parent_by": "card"}) if confirms else None
    if correction.parent not in raws:
        raise UsageError(f"names {correction.parent} as its parent, which is not in this debate")
    if raw.parent is None or _is_below(correction.parent, raw.key, raws):
        raise UsageError(f"would make it a reply to {correction.parent}, which is below it")
    return _CardChange(Corrected(what="parent", was=raw.parent), {"parent": correction.parent, "parent_by": "card"})


def _created(raw: RawPost, correction: Correction, _raws: dict[str, RawPost]) -> _CardChange | None:
    if correction.created is None:
        return None
    created, local, text = _time(correction.created)
    if (created, local, text) == (raw.created, raw.created_local, raw.created_text):
        return None
    was = Corrected(what="created", was=raw.time or raw.created_text)
    return _CardChange(was, {"created": created, "created_local": local, "created_text": text})


def _replaced(name: Literal["kind", "title", "language"]) -> Callable[..., _CardChange | None]:
    """Return the correction of a field that a card replaces without conversion."""

    def change(raw: RawPost, correction: Correction, _raws: dict[str, RawPost]) -> _CardChange | None:
        value, was = getattr(correction, name), getattr(raw, name)
        return None if value in (None, was) else _CardChange(Corrected(what=name, was=was), {name: value})

    return change


def _note(raw: RawPost, correction: Correction, _raws: dict[str, RawPost]) -> _CardChange | None:
    if correction.note is None:
        return None
    note = f"{raw.note} {correction.note}" if raw.note else correction.note
    return _CardChange(Corrected(what="remark"), {"note": note})


FIELDS = (_author, _person, _parent, _created, _replaced("kind"), _replaced("title"), _replaced("language"), _note)
"""The fields that a correction can change, in the order in which a page lists them."""


def _time(said: str) -> tuple[str | None, str | None, str | None]:
    """Return a card's time with a zone, or its time without one, which must not be guessed, with its text."""
    time = moment_of(said)
    if time is None:
        return None, None, said
    return (None, time[:19], said) if "T" in time and ZONELESS.search(time) else (time, None, None)


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
