"""Validate the addresses of a dump between reader and model: they become safe links, or None.

Later stages, including a site's own templates, may write these values unchanged.
"""

from __future__ import annotations

from msgspec.structs import replace

from rostra.model import Author, Problem, RawPost, RawThread
from rostra.system.web_address import is_script, web_address

SHOWN = 60
"""How many code points of an address a problem shows."""


def with_sound_links(raw: RawThread, url: str | None = None) -> RawThread:
    """Return the thread with every address absolute and allowed, or None, and a problem that counts invalid ones.

    ``url`` is the debate's address according to a card.  Addresses in a post are relative to the post's address,
    and that is relative to the thread's.
    """
    lost: list[tuple[str, int | None]] = []

    def door(given: str | None, base: str | None, line: int | None) -> str | None:
        found = web_address(given, base)
        if given and found is None:
            lost.append((given, line))
        return found

    def author(of: Author, base: str | None, line: int | None) -> Author:
        # An id is not a link, but a program that reads the data may treat it as one.
        id = door(of.id, None, line) if is_script(of.id) else of.id
        return replace(of, id=id, url=door(of.url, base, line))

    def post(of: RawPost) -> RawPost:
        own = door(of.url, whole, of.line)
        base = own or whole
        files = (replace(file, url=door(file.url, base, of.line)) for file in of.attachments)
        return replace(of, url=own, author=of.author and author(of.author, base, of.line), attachments=tuple(files))

    whole = door(url or raw.url, None, None)
    posts = tuple(post(of) for of in raw.posts)
    problems = (*raw.problems, _no_links(lost)) if lost else raw.problems
    return replace(raw, url=whole, posts=posts, problems=problems)


def _no_links(lost: list[tuple[str, int | None]]) -> Problem:
    (first, line), count = lost[0], len(lost)
    said = f"{first[:SHOWN]!r}" + (f" and {count - 1} more are" if count > 1 else " is")
    return Problem(
        code="no-link",
        message=f"{said} not an address that a page may link",
        line=line,
        hint="use absolute addresses, or set `url` in the card to the debate's address",
    )
