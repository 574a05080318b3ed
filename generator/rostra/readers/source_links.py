"""The addresses that a dump gives, at the door between reader and model: links as pages may hold them, or none.

Whatever comes after, templates of a site's own among it, may write these values as they are.
"""

from __future__ import annotations

from msgspec.structs import replace

from rostra.model import Author, Problem, RawPost, RawThread
from rostra.system.web_address import is_script, web_address

SHOWN = 60
"""Code points of an address that a problem shows."""


def with_sound_links(raw: RawThread, url: str | None = None) -> RawThread:
    """The thread with every address absolute and allowed, or None, and a problem that counts those that are no links.

    ``url`` is where a card says that the debate took place.  A relative address is relative to its post, that to its
    thread.
    """
    lost: list[tuple[str, int | None]] = []

    def door(given: str | None, base: str | None, line: int | None) -> str | None:
        found = web_address(given, base)
        if given and found is None:
            lost.append((given, line))
        return found

    def author(of: Author, base: str | None, line: int | None) -> Author:
        # An id is no link, but a program that reads the data may take it for one.
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
        message=f"{said} no address that a page may link",
        line=line,
        hint="give absolute addresses, or tell where the debate took place: `url` in its card",
    )
