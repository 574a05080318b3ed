"""E-mail addresses are left out of what is published: what stands before the at sign stays, for readers to tell who is meant."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import IO
from urllib.parse import unquote

from rostra.markup.blackout import Cut
from rostra.model import Author, Body, Mark, Thread
from rostra.privacy.masking import Mask
from rostra.system.lazy_regex import late

AT = r"@|%40|\s?[(\[](?:at|AT)[)\]]\s?"
LOCAL = r"(?<![\w.+=%@-])(?<!//)(?<!\s!)(?<!^!)([\w.+=%-]*[\w+=-])"
"""Behind another at sign, two slashes or an exclamation mark it is a handle of another kind, or part of a URL."""
DOMAIN = r"(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b"
ADDRESS = late(rf"{LOCAL}(?:{AT}){DOMAIN}")
IN_MAIL = late(rf"{LOCAL}(?:{AT}|\s(?:at|AT)\s){DOMAIN}")
"""Archives of mail write "ada at mill.example"."""
SIGNS, SIGNS_IN_MAIL = ("@", "%40", "at)", "at]", "AT)", "AT]"), (" at ", " AT ", "\nat ", " at\n")
"""Of which one is in every address."""
LEFT = "@…"
"""What is left of an address behind its first half."""
ESCAPED_AT = late(rb"(?:@|%40|&#(?:64|[xX]40);|\\u0040)((?:[\w-]{1,63}\.)+[A-Za-z]{2,24})")
CHUNK, BEFORE = 1 << 20, 128
"""Bytes of a dump that are looked at together, and of the first half of an address."""


class EmailAddresses(Mask):
    """Leaves e-mail addresses out; of ``mail``, also as its archives write them."""

    blank = "…"

    def __init__(self, *, mail: bool = False) -> None:
        self._pattern = IN_MAIL if mail else ADDRESS
        self._signs: tuple[str, ...] = SIGNS + SIGNS_IN_MAIL if mail else SIGNS

    def _may(self, text: str) -> bool:
        """Whether a text may hold an address, which is seen quickly."""
        return any(sign in text for sign in self._signs)

    def text(self, text: str) -> str:
        """A text without the second halves of its addresses."""
        return self._pattern.sub(rf"\1{LEFT}", text) if self._may(text) else text

    def tells(self, text: str) -> bool:
        """Whether a text or a tag holds an address."""
        return ("@" in text or "%40" in text or "&#" in text) and bool(ADDRESS.search(unquote(unescape(text))))

    def cuts(self, body: Body) -> Iterator[Cut]:
        """What is left out of a body."""
        for found in self._pattern.finditer(body.text) if self._may(body.text) else ():
            yield found.end(1), found.end(), LEFT

    def body(self, body: Body) -> Body:
        """A body without addresses; most hold none."""
        tags = any("@" in tag or "%40" in tag or "&#" in tag for _, tag in body.tags)
        return super().body(body) if tags or body.notes or self._may(body.text) else body

    def clear(self, text: str | None) -> str | None:
        """Ids and URLs of the source, which may look like addresses, stay."""
        return text

    def ids(self, thread: Thread) -> dict[str, str]:
        """Ids of Rostra's own, which hold none."""
        return {post.id: post.id for post in thread.posts}

    def mark(self, mark: Mark) -> Mark:
        """Marks are only compared."""
        return mark

    def author(self, author: Author) -> Author:
        """An author; the id of one who has a URL at that domain is a handle."""
        id = author.id
        handle = id is not None and author.url is not None and id.rpartition("@")[2] in author.url
        return Author(name=self.text(author.name), id=id if handle or not id else self.text(id), url=author.url)


def hold_addresses(stream: IO[bytes]) -> bool:
    """Whether a dump holds an e-mail address."""
    before = b""
    while chunk := stream.read(CHUNK):
        data = before + chunk
        for found in ESCAPED_AT.finditer(data):
            said = data[max(0, found.start() - BEFORE) : found.start()] + b"@" + found[1]
            if ADDRESS.search(said.decode("utf-8", "replace")):
                return True
        before = data[-2 * BEFORE :]
    return False
