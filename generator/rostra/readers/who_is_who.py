"""Tell the people of one dump apart.

People with different ids are different people, also if they have one name: the first of a name keeps it, and each
other is a ``namesake``, whom pages name with the id.  An author without an id is the first of the name.  The author of
a mail has no id, since one person writes from several addresses: in mail, one full name is one person.

A card may say that several ids or names are one person, and what this person is called.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.config.decisions import SamePerson
from rostra.i18n.text_folding import person_key
from rostra.model import Author, RawPost, RawThread


class WhoIsWho:
    """The people of one dump; ``said`` is what its card says about them.  Give it all threads in the order of the dump."""

    def __init__(self, said: Sequence[SamePerson] = ()) -> None:
        self._ids = {id: each for each in said for id in each.ids}
        self._names = {person_key(name): each for each in said for name in each.names}
        self._first: dict[str, str] = {}
        """The first id of each name."""

    @property
    def has_ids(self) -> bool:
        """Whether the dump has ids of people, so that who is a namesake depends on what precedes."""
        return bool(self._first)

    def thread(self, thread: RawThread) -> RawThread:
        """Return a normalised thread with its authors told apart."""
        if not self._names and all(post.author is None or post.author.id is None for post in thread.posts):
            return thread
        return replace(thread, posts=tuple(map(self._post, thread.posts)))

    def _post(self, post: RawPost) -> RawPost:
        before = post.author
        if before is None:
            return post
        author = self._told_apart(self._as_said(before))
        return post if author == before else replace(post, author=author)

    def _as_said(self, author: Author) -> Author:
        said = self._ids.get(author.id or "") or self._names.get(person_key(author.name))
        if said is None:
            return author
        given = author.name if author.name != said.name else None
        return replace(author, name=said.name, id=said.ids[0] if said.ids else None, given=given)

    def _told_apart(self, author: Author) -> Author:
        if author.id is None:
            return author
        first = self._first.setdefault(person_key(author.name), author.id)
        return replace(author, namesake=True) if first != author.id else author
