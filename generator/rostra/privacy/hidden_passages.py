"""Remove hidden passages from the notes, title and revisions of a post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from rostra.markup import render
from rostra.markup.blackout import Cut, blackout
from rostra.model import Body, Post
from rostra.privacy.own_words import places

BAR = "█████"
"""The replacement of redacted words in every text: it is in no language, and no word to match or search."""


def cuts_of(text: str, passages: Iterable[str]) -> Iterator[Cut]:
    """Return the cuts that replace passages in a text."""
    return ((start, end, BAR) for words in passages for start, end in places(text, words))


def _said(text: str | None, passages: Iterable[str]) -> str | None:
    whole = Body(text=text or "")
    return blackout(whole, cuts_of(whole.text, passages)).text if text else text


def without_note_passages(body: Body, passages: Collection[str]) -> Body:
    """Return a body without the passages in its notes."""
    notes = (replace(each, text=BAR, html=BAR) if [*cuts_of(each.text, passages)] else each for each in body.notes)
    return replace(body, notes=tuple(notes)) if passages else body


def without_passages(post: Post, passages: Collection[str]) -> Post:
    """Return a post without the passages in its title, note and revisions."""
    if not passages:
        return post
    raw, revisions = post.raw, ((each, render(each.body, each.dialect).text) for each in post.history.revisions)
    return replace(
        post,
        raw=replace(raw, title=_said(raw.title, passages), note=_said(raw.note, passages)),
        history=replace(
            post.history,
            revisions=tuple(
                replace(each, body=_said(text, passages), dialect="text") if [*cuts_of(text, passages)] else each
                for each, text in revisions
            ),
        ),
        corrections=replace(post.corrections, withdrawn=_said(post.corrections.withdrawn, passages)),
    )
