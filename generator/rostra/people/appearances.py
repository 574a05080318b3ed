"""Summarise the people of a thread: their posts, whom they quote and who quotes them.

People are grouped by name, ignoring case; namesakes of one dump, who have different ids, are different people.
Unnamed posts are not listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from rostra.editorial.described import UNNAMED
from rostra.i18n.catalogue import Catalogue, shortened
from rostra.i18n.text_folding import person_key
from rostra.identity.file_names import is_device
from rostra.identity.permalinks import digest as short_digest
from rostra.identity.permalinks import slug
from rostra.markup.elements import NO_LABEL
from rostra.markup.own_text import own_text
from rostra.model import Author, Edited, Edition
from rostra.model.timestamps import captured, updated

EXCERPT = 280
"""How many code points of a post a list shows."""


class PostSummary(Struct, frozen=True, kw_only=True):
    """A post in a list: ``number`` is its position in the thread, from 1; ``answers`` is the author it replies to.

    ``created`` may lack a zone.  ``updated`` is a UTC time at which the post is known to have had these words.
    ``who`` is a name if ``named``, else the letter that a card gives an unnamed person.
    """

    thread: str
    title: str
    post: str
    number: int
    who: str | None
    named: bool
    created: str | None
    created_text: str | None
    answers: str | None
    excerpt: str
    updated: str | None = None


class Appearance(Struct, frozen=True, kw_only=True):
    """A person in one thread; ``quotes`` and ``quoted`` count posts by the other person's name.

    A person who is only quoted there, from another thread, has an appearance without posts.
    """

    name: str
    said: tuple[PostSummary, ...] = ()
    quotes: tuple[tuple[str, int], ...] = ()
    quoted: tuple[tuple[str, int], ...] = ()


def author_name(author: Author | None) -> str | None:
    """Return an author's label; None if the dump lost the name, even if a card says which unnamed posts belong together."""
    return author.label if author and not (author.id or "").startswith(UNNAMED) else None


@lru_cache(maxsize=8192)
def address(name: str) -> str:
    """Return the last part of a person's address: the name if it is plain, else with a digest that makes it unique."""
    folded = person_key(name)
    plain = slug(folded)
    # A hyphen replaces a space, so "ada-weir" needs another address than "Ada Weir".  "index" is the page of all people.
    kept = plain == folded.replace(" ", "-") and "-" not in folded and plain != "index" and not is_device(plain)
    return plain if kept else f"{plain[:40]}-{short_digest(folded)[:6]}"


def usual_spelling(names: Iterable[tuple[str, int]]) -> str:
    """Return the most frequent spelling of a name, given its number of posts by spelling; ties go to the first in order."""
    counts: Counter[str] = Counter()
    for name, posts in names:
        counts[name] += posts
    return min(counts, key=lambda name: (-counts[name], name))


def spoken_posts(edition: Edition) -> Iterator[PostSummary]:
    """Yield every post of a thread that has words, in reading order."""
    authors = {each.post.id: each.post.raw.author for each in edition.posts}
    stood = captured(edition.thread)
    for number, each in enumerate(edition.posts, 1):
        raw = each.post.raw
        if raw.kind == "post":
            yield PostSummary(
                thread=edition.thread.id,
                title=edition.thread.title,
                post=each.post.id,
                number=number,
                who=author_name(raw.author) or (raw.author.id or "").removeprefix(UNNAMED) if raw.author else None,
                named=author_name(raw.author) is not None,
                created=raw.time,
                created_text=raw.created_text,
                answers=author_name(authors.get(each.post.parent or "")),
                excerpt=excerpt(each),
                updated=updated(each.post, stood),
            )


def excerpt(each: Edited) -> str:
    """Return a post's first words on one line, without quotations if it has words of its own."""
    return shortened(spoken_words(each), EXCERPT)


def spoken_words(each: Edited) -> str:
    """Return a post's words without quotations, marked or not, if it has words of its own."""
    return own_text(each.body, ((quote.start, quote.end) for quote in each.quotes if quote.kind == "block"))


def shown_words(each: Edited, words: Catalogue) -> str:
    """Return the same as ``spoken_words``; of a post with no words but a picture, the word for one in the site's language."""
    pictured = any(tag == NO_LABEL[0] for _, tag in each.body.tags)
    return spoken_words(each) or (words.say("picture") if pictured else "")


def appearances(edition: Edition, said: list[PostSummary]) -> Iterator[tuple[str, Appearance]]:
    """Return everybody with a name who posts or is quoted in a thread, sorted by ``person_key``, given its posts."""
    authors = {each.post.id: author_name(each.post.raw.author) for each in edition.posts}
    names: dict[str, str] = {}
    posts: dict[str, list[PostSummary]] = {}
    quotes: dict[str, Counter[str]] = {}
    quoted: dict[str, Counter[str]] = {}
    for each in said:
        if who := authors[each.post]:
            names.setdefault(person_key(who), who)
            posts.setdefault(person_key(who), []).append(each)
    for edited in edition.posts:
        who = authors[edited.post.id]
        sources = (quote.source for quote in edited.quotes if quote.source)
        people = (authors.get(each.post) if each.thread == edition.thread.id else each.who for each in sources)
        # A post that quotes somebody piece by piece counts once.
        for whom in dict.fromkeys(whom for whom in people if whom):
            if who and person_key(who) != person_key(whom):
                names.setdefault(person_key(who), who)
                names.setdefault(person_key(whom), whom)
                quotes.setdefault(person_key(who), Counter())[whom] += 1
                quoted.setdefault(person_key(whom), Counter())[who] += 1
    for person in sorted(names):
        yield (
            person,
            Appearance(
                name=names[person],
                said=tuple(posts.get(person, ())),
                quotes=tuple(sorted(quotes.get(person, Counter()).items())),
                quoted=tuple(sorted(quoted.get(person, Counter()).items())),
            ),
        )
