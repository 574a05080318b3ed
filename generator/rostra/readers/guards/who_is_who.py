"""Tell the people of one dump apart.

People with different ids are different people, also if they have one name: the first of a name keeps it, and each
other is a ``namesake``, whom pages name with the id.  An author without an id is the first of the name.  The author of
a mail has no id, since one person writes from several addresses: in mail, one full name is one person.

A card may say that several ids or names are one person, and what this person is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from rostra.config.decisions import SamePerson
from rostra.i18n.text_folding import person_key
from rostra.model import Author, RawPost, RawThread


class WhoIsWho:
    """The people of one dump; ``said`` is what its card says about them.  Give it all threads in the order of the dump, or ``partly`` only some."""

    def __init__(self, said: Sequence[SamePerson] = (), *, partly: bool = False) -> None:
        self._said = () if partly else said
        self._met: set[str] = set()
        """The ids and folded names of the card that authors have."""
        self._ids = {id: each for each in said for id in each.ids}
        self._names = {person_key(name): each for each in said for name in each.names}
        self._first: dict[str, str] = {}
        """The first id of each name."""

    @property
    def has_ids(self) -> bool:
        """Whether the dump has ids of people, so that who is a namesake depends on what precedes."""
        return bool(self._first)

    def first(self) -> tuple[tuple[str, str], ...]:
        """Return the folded names of authors with ids, each with the id of the first of that name."""
        return tuple(self._first.items())

    def are_first(self, people: Iterable[tuple[str, str]]) -> bool:
        """Whether all of these have no namesake before them, as another process supposed; they precede whoever follows."""
        return all(self._first.setdefault(name, id) == id for name, id in people)

    def unmet(self) -> Iterator[tuple[int, str]]:
        """Yield the ids and names of the card that no author has, each with the number of its person, as a message says it."""
        for number, person in enumerate(self._said):
            yield from ((number, f"the id {id!r}") for id in person.ids if id not in self._met)
            yield from ((number, f"the name {name!r}") for name in person.names if person_key(name) not in self._met)

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
        if not self._ids and not self._names:
            return author
        id, name = author.id or "", person_key(author.name)
        self._met |= {id, name}
        said = self._ids.get(id) or self._names.get(name)
        if said is None:
            return author
        given = author.name if author.name != said.name else None
        return replace(author, name=said.name, id=said.ids[0] if said.ids else None, given=given)

    def _told_apart(self, author: Author) -> Author:
        if author.id is None:
            return author
        first = self._first.setdefault(person_key(author.name), author.id)
        return replace(author, namesake=True) if first != author.id else author
