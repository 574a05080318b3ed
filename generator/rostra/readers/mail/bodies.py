"""Extract a message's readable text, its dialect and its attachments.

One of several alternative parts is shown, and all other parts.  A message within the
message is another person's words: it becomes a quotation below a line that names its author.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from rostra.model import Attachment, Dialect, Problem
from rostra.readers.dumps.html_trees import page_of
from rostra.readers.mail.charsets import decode_charset
from rostra.readers.mail.enriched import enriched, rich
from rostra.readers.mail.inline_files import without_files
from rostra.readers.mail.mail_headers import Headers, parse_headers
from rostra.readers.mail.mime import DEEPEST, Part, held_message, inner, part_of, undeclared
from rostra.readers.mail.senders import SENDERS, sender_of
from rostra.readers.mail.undeclared_encoding import decode_undeclared
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN, HTML = "text/plain", "text/html"
MESSAGES = {"message/rfc822", "message/news", "message/global"}
UNREAD_KINDS = {"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/css", "text/rfc822-headers"}
"""Kinds of text for machines."""
UNREAD = {"script", "style", "head", "title", "meta"}
"""Elements of HTML whose text is invisible."""
WORD = late(r"[^\W\d_]{2,}")
CUT = 100
"""How many words are searched as parts of other words."""
HALF = 2
"""If plain text lacks one in this many of the words of its HTML, or more, it is not what was written."""
LONG_FIELD = late(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){10000}", re.IGNORECASE | re.MULTILINE)
"""A field with so many parameters that parsing them takes too long."""
BINARY = late(r"[\x01-\x08\x0e-\x1a\x7f-\x9f]")
"""Characters that no text contains."""
PARAMETERS = {name: late(rf'{name}\s*=\s*"?([^";\s]+)', re.IGNORECASE) for name in ("charset", "format", "delsp")}
PAGE = late(
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:<!doctype html[^>]{0,500}>\s*+)?<html\b[\s\S]*</html\s*>", re.IGNORECASE
)
"""A whole page of HTML at the beginning of a text."""
SENT = {*SENDERS, "date", "subject"}
"""Fields of a nested message that name its author."""
Read = tuple[str, Dialect, tuple[Attachment, ...], list[Problem]]


class Text(NamedTuple):
    """A part with text."""

    kind: str
    words: str


class _BodyParts:
    """What a message contains besides its text; ``digest`` says that parts of a digest are separate posts."""

    def __init__(self, *, digest: bool) -> None:
        self.digest = digest
        self.attachments: list[Attachment] = []
        self.problems: list[Problem] = []

    def note(self, code: str, message: str) -> None:
        self.problems.append(Problem(code=code, message=message))

    def without_files(self, said: bytes) -> bytes:
        """Return a text without the files that are encoded in it, which become attachments."""
        said, names = without_files(said)
        self.attachments += [Attachment(name=name) for name in names]
        return said

    def attach(self, part: Part) -> None:
        self.attachments.append(
            Attachment(name=part.name or part.kind, media_type=part.kind, at=part.place, cid=part.id)
        )


def body_of(data: bytes, headers: Headers, rest: bytes) -> Read:
    """Return the readable text; ``data`` is the whole message, ``rest`` what follows its headers."""
    kind = headers.get("content-type")
    encoding = headers.get("content-transfer-encoding").lower()
    plain = not kind or kind.lower().startswith("text/plain")
    bare = plain and encoding in ("", "7bit", "8bit", "binary") and "name" not in kind
    multipart = undeclared(rest) if bare else None
    if bare and multipart is None:
        found, charset = _BodyParts(digest=True), _parameter(kind, "charset")
        said = found.without_files(rest)
        texts = _typed(decode_undeclared(_decode(said, charset, found), charset), kind)
        return *_joined(texts), tuple(found.attachments), found.problems
    if is_tangled(data):
        return _as_it_is(rest, "there are too many of them")
    try:
        return _read(multipart or part_of(data), _BodyParts(digest=True), 0)
    except (LookupError, ValueError, TypeError, RecursionError) as error:
        return _as_it_is(rest, str(error))


def is_tangled(data: bytes) -> bool:
    """Whether splitting a message would take long: each boundary is searched in everything between two others."""
    return data.lower().count(b"boundary") > DEEPEST or LONG_FIELD.search(data) is not None


def _as_it_is(rest: bytes, why: str) -> Read:
    problem = Problem(code="bad-mime", message=f"its parts cannot be separated ({why}); shown unchanged")
    return rest.decode("utf-8", "replace"), "mail", (), [problem]


def _read(part: Part, found: _BodyParts, depth: int) -> Read:
    texts = _texts(part, found, depth)
    if not texts and not found.attachments and part.body.strip() and part.kind != "multipart/digest":
        found.note("bad-mime", f"it has no text as {part.kind}; shown unchanged")
        texts = [Text(PLAIN, _decode(part.body, None, found))]
    return *_joined(texts), tuple(found.attachments), found.problems


def _joined(texts: list[Text]) -> tuple[str, Dialect]:
    """Return the body of a message with these texts, and its dialect."""
    if any(text.kind == HTML for text in texts):
        # A mailing list's footer is plain text, whatever the message is.
        return "\n".join(map(_as_html, texts)), "html"
    return "\n\n".join(text.words for text in texts), "mail"


def _typed(words: str, field: str) -> list[Text]:
    """Return the texts of a part that says it is plain: it may be a page nevertheless, with a list's footer below it."""
    if (page := PAGE.match(words)) is None:
        return [Text(PLAIN, _flowed(words, field))]
    after = words[page.end() :].strip("\n")
    return [Text(HTML, page[0]), *([Text(PLAIN, after)] if after.strip() else [])]


def _texts(part: Part, found: _BodyParts, depth: int) -> list[Text]:
    """Return the texts of a part and of its nested parts."""
    kind = part.kind
    if kind.startswith("multipart/"):
        if kind == "multipart/digest" and found.digest:
            return []
        return _multipart(part, found, depth)
    if kind in MESSAGES:
        return [_nested(part, found, depth)] if depth < DEEPEST else [Text(PLAIN, _decode(part.content, None, found))]
    if part.disposition == "attachment" or not _is_shown(part, depth):
        found.attach(part)
        return []
    if part.name:
        found.attach(part)
    field = part.headers.get("content-type")
    said = part.content.replace(b"\r\n", b"\n")
    words = _decode(found.without_files(said) if kind == PLAIN else said, part.charset, found)
    if kind == "text/enriched":
        words = enriched(words)
    elif kind == "text/richtext":
        words = rich(words)
    if not words.strip():
        return []
    return [Text(HTML, words)] if kind == HTML else _typed(words, field)


def _is_shown(part: Part, depth: int) -> bool:
    """Whether people read a part as it is: text, or a message's only part of any type if it is readable."""
    if part.kind.startswith("text/"):
        return part.kind not in UNREAD_KINDS
    if depth or part.name:
        return False
    content = part.content
    try:
        return not BINARY.search(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _multipart(part: Part, found: _BodyParts, depth: int) -> list[Text]:
    parts = inner(part) if depth < DEEPEST else None
    if parts is None:
        found.note("bad-mime", "its parts cannot be separated (there is no boundary); shown unchanged")
        words = _decode(part.body, None, found)
        return [Text(PLAIN, words)] if words.strip() else []
    groups = [_texts(each, found, depth + 1) for each in parts[0]]
    texts = (
        _alternative(list(filter(None, groups)), found)
        if part.kind == "multipart/alternative"
        else [text for group in groups for text in group]
    )
    # Mailing lists that ignore parts write below the last one.
    after = _decode(parts[1], None, found)
    return [*texts, Text(PLAIN, after.strip("\n"))] if after.strip() else texts


def _alternative(groups: list[list[Text]], found: _BodyParts) -> list[Text]:
    """Return the plain alternative if it has the words of the others, else the last, the richest (RFC 2046, 5.1.4)."""
    plain = next((group for group in groups if all(text.kind == PLAIN for text in group)), None)
    html = next((group for group in reversed(groups) if any(text.kind == HTML for text in group)), None)
    if plain is None or html is None:
        return plain or (groups[-1] if groups else [])
    said = "\n".join(text.words for text in plain)
    words, lost = map(sum, zip(*(_lost(text.words, said) for text in html), strict=True))
    if not lost:
        return plain
    chosen, shown = (html, "HTML") if lost * HALF >= words else (plain, "plain text")
    found.note("alternatives", f"its HTML has {lost} words that its plain text lacks; the {shown} is shown")
    return chosen


def _lost(html: str, plain: str) -> tuple[int, int]:
    """Return how many words HTML has, and how many of them a plain text lacks."""
    page, _ = page_of(html)
    if page is None:
        return 0, 0
    shown = (element.text for element in page.iter() if isinstance(element.tag, str) and element.tag not in UNREAD)
    after = (element.tail for element in page.iter())
    words = set(WORD.findall(" ".join(text for text in (*shown, *after) if text).casefold()))
    missing = words.difference(WORD.findall(plain.casefold()))
    # Tags may split a word in the HTML, and line ends in the plain text.
    letters = "".join(WORD.findall(plain.casefold()))
    return len(words), sum(number >= CUT or word not in letters for number, word in enumerate(sorted(missing)))


def _nested(part: Part, outer: _BodyParts, depth: int) -> Text:
    """Return a nested message as a quotation, below a line with its author and time; its files are listed there.

    Those that can be found again also belong to the ``outer`` message.
    """
    data = part.content.lstrip(b"\n")
    headers = parse_headers(data.partition(b"\n\n")[0], SENT)
    found = _BodyParts(digest=False)
    body, dialect, attachments, _ = _read(held_message(part), found, depth + 1)
    outer.attachments += attachments
    author = sender_of(headers)
    date = headers.get("date")
    line = f"{f'On {date}, ' * bool(date)}{author.name} wrote:" if author else "-----Original message-----"
    above = [f"Subject: {subject}"] if (subject := headers.get("subject")) else []
    below = [f"Attached: {each.name}" for each in attachments]
    if dialect == "html":
        around = [f"<p>{escape(each, quote=False)}</p>" for each in (line, *above, *below)]
        above, below = around[1 : 1 + len(above)], around[1 + len(above) :]
        return Text(HTML, f"{around[0]}<blockquote>{''.join(above)}{body}{''.join(below)}</blockquote>")
    paragraphs = "\n\n".join(filter(None, (*above, body.strip("\n"), *below)))
    return Text(PLAIN, "\n".join([line, *(f"> {each}".rstrip() for each in paragraphs.split("\n"))]))


def _as_html(text: Text) -> str:
    if text.kind == HTML:
        return text.words
    lines = text.words.strip().split("\n")
    return "".join(_paragraphs(lines))


def _paragraphs(lines: Iterable[str]) -> Iterable[str]:
    """Convert plain lines to HTML, with quoted lines in block quotations."""
    said: list[str] = []
    quoted = False
    for line in (*lines, None):
        marked = line is not None and line.startswith(">")
        if said and (line is None or marked != quoted):
            yield f"<blockquote><p>{'<br>'.join(said)}</p></blockquote>" if quoted else f"<p>{'<br>'.join(said)}</p>"
            said = []
        if line is not None:
            quoted = marked
            said.append(escape(line[1:].strip() if marked else line, quote=False))


def _decode(data: bytes, charset: str | None, found: _BodyParts) -> str:
    text, certain = decode_charset(data, charset)
    if not certain:
        name = (charset or "utf-8").lower()
        found.note("encoding", f"not in the charset it names ({name}); read as Windows-1252")
    return text


def _parameter(field: str, name: str) -> str | None:
    found = PARAMETERS[name].search(field) if name in field.lower() else None
    return found[1] if found else None


def _flowed(text: str, field: str) -> str:
    """Join the lines that ``format=flowed`` broke (RFC 3676)."""
    if (_parameter(field, "format") or "").lower() != "flowed":
        return text
    drop = (_parameter(field, "delsp") or "").lower() == "yes"
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and out:
            out[-1] += content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        open_depth = depth if content.endswith(" ") and content != "-- " else -1
        if open_depth >= 0 and drop:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
