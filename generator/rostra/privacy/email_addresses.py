"""Leave e-mail addresses out of what is published; the part before the at sign is kept, so that readers know who is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from re import IGNORECASE, MULTILINE, Pattern
from typing import IO
from urllib.parse import unquote

from msgspec.structs import replace

from rostra.markup.blackout import Cut
from rostra.model import Author, Body, Mark, Thread
from rostra.privacy.masking import Mask
from rostra.readers.copied.page_words import any_of
from rostra.system.lazy_regex import late

AT = r"@|%40|\s?[(\[](?:at|AT)[)\]]\s?"
LOCAL = r"(?<![\w.+=%@-])(?<!//)(?<!\s!)(?<!^!)([\w.+=%-]*[\w+=-])"
"""After another at sign, two slashes or an exclamation mark it is another kind of handle, or part of a URL."""
DOMAIN = r"(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}\b"
ADDRESS = late(rf"{LOCAL}(?:{AT}){DOMAIN}")
IN_MAIL = late(rf"{LOCAL}(?:{AT}|\s(?:at|AT)\s){DOMAIN}")
"""Mail archives write "ada at mill.example"."""
AT_HOST = late(rf"\s(?:at|AT)\s{DOMAIN}")
SPELLED = late(
    lambda: rf"(?:<|mail(?:to)?:\s?){LOCAL}\sat\s{DOMAIN}|{LOCAL}\sat\s{DOMAIN}>?\s(?:{any_of('says')})\s?:\s*$",
    IGNORECASE | MULTILINE,
)
"""An address as mail archives write it where only an address can be: in angle brackets, after "E-mail:", before "wrote:"."""
QUOTE = "<blockquote"
LINE = 300
"""How many code points of a line above a quotation are searched."""
ABOVE_QUOTE = late(rf"(?:^(?=[^A-Z])|\d[,.]?\s|[<(\[]){LOCAL}\sat\s{DOMAIN}[>)\]]?(?:\s\w+){{1,3}}\s?:\Z")
"""An address in the line above a quotation, with words of any language before its colon; it begins the line, though not
as a sentence does, or is behind a date or a bracket."""
MAILTO = '<a href="mailto:'
SIGNS, SIGNS_IN_MAIL = ("@", "%40", "at)", "at]", "AT)", "AT]"), (" at ", " AT ", "\nat ", " at\n")
"""Every address contains one of these."""
LEFT = "@…"
"""The replacement for the second half of an address."""
ESCAPED_AT = late(rb"(?:@|%40|&#(?:64|[xX]40);|\\u0040)((?:[\w-]{1,63}\.)+[A-Za-z]{2,24})")
CHUNK, BEFORE = 1 << 20, 128
"""How many bytes of a dump are searched at once, and how many the first half of an address may have."""
PART = late(r' href="cid:[^"]*"')
"""The address of a part of mail or of a saved page (RFC 2392) in a tag; a page has the file's own address instead."""


class EmailAddresses(Mask):
    """Leaves e-mail addresses out; with ``mail``, also in the form used by mail archives (``spells_addresses``)."""

    blank = "…"
    unlinks = False

    def __init__(self, *, mail: bool = False) -> None:
        self._pattern = IN_MAIL if mail else ADDRESS
        self._signs: tuple[str, ...] = SIGNS + SIGNS_IN_MAIL if mail else SIGNS

    def _may(self, text: str) -> bool:
        """Whether a text may contain an address; a quick check."""
        return any(map(text.__contains__, self._signs))

    def text(self, text: str) -> str:
        """Return a text without the second halves of its addresses."""
        return self._pattern.sub(rf"\1{LEFT}", text) if self._may(text) else text

    def tells(self, text: str) -> bool:
        """Whether a text or a tag contains an address.  The id of a part, by which a body refers to it, is not published and does not count."""
        if text.startswith("<a "):
            text = PART.sub("", text)
        return bool(ADDRESS.search(unquote(unescape(text))))

    def cuts(self, body: Body) -> Iterator[Cut]:
        """Yield the cuts in a body."""
        for found in self._pattern.finditer(body.text) if self._may(body.text) else ():
            yield found.end(1), found.end(), LEFT

    def body(self, body: Body) -> Body:
        """Return a body without addresses; most bodies have none."""
        tags = "".join([tag for _, tag in body.tags])
        return super().body(body) if body.notes or "&#" in tags or self._may(tags + body.text) else body

    def clear(self, text: str | None) -> str | None:
        """Return an id or URL of the source unchanged, even if it looks like an e-mail address."""
        return text

    def ids(self, thread: Thread) -> dict[str, str]:
        """Return Rostra's own ids unchanged; they contain no addresses."""
        return {post.id: post.id for post in thread.posts}

    def mark(self, mark: Mark) -> Mark:
        """Return a quotation's attribution with an author without addresses."""
        return replace(mark, author=self.maybe(mark.author))

    def author(self, author: Author) -> Author:
        """Return an author without addresses; an id with the domain of the author's URL is a handle, and stays."""
        id = author.id
        handle = id is not None and author.url is not None and id.rpartition("@")[2] in author.url
        return replace(
            author,
            name=self.text(author.name),
            id=id if handle or not id else self.text(id),
            given=self.maybe(author.given),
        )


def spells_addresses(bodies: Iterable[Body]) -> bool:
    """Whether bodies have an address in the form used by mail archives, as saved pages of them do.

    Elsewhere "look at mill.example" is no address, and its words stay.
    """
    return any(AT_HOST.search(body.text) and _spells_address(body) for body in bodies)


def _spells_address(body: Body) -> bool:
    linked = (at for at, tag in body.tags if tag.startswith(MAILTO))
    above = (
        body.text[max(0, at - LINE) : at].rstrip().rpartition("\n")[2] for at, tag in body.tags if tag.startswith(QUOTE)
    )
    return (
        SPELLED.search(body.text) is not None
        or any(IN_MAIL.match(body.text, at) for at in linked)
        or any(ABOVE_QUOTE.search(line) for line in above)
    )


def lacks_addresses(body: Body) -> bool:
    """Whether ``EmailAddresses`` may have shortened the text of a body or of one of its notes."""
    return LEFT in body.text or any(LEFT in note.text for note in body.notes)


def hold_addresses(stream: IO[bytes], handles: Pattern[bytes] | None = None) -> bool:
    """Whether a dump contains an e-mail address; ``handles`` matches what precedes the at sign of one that is a handle."""
    before = b""
    while chunk := stream.read(CHUNK):
        data = before + chunk
        for found in ESCAPED_AT.finditer(data):
            above = data[max(0, found.start() - BEFORE) : found.start()]
            if handles is not None and handles.search(above):
                continue
            said = (above + b"@" + found[1]).decode("utf-8", "replace")
            if any(address.end() == len(said) for address in ADDRESS.finditer(said)):
                return True
        before = data[-2 * BEFORE :]
    return False
