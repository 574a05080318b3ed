"""A message's readable text, its dialect, and what is attached."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple, cast

from rostra.model import Attachment, Dialect, Problem
from rostra.readers.html_trees import page_of
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from email.message import Message

PLAIN, HTML = "text/plain", "text/html"
READ = (PLAIN, HTML)
UNREAD = {"script", "style", "head", "title", "meta"}
"""Elements of HTML whose text nobody reads."""
WORD = late(r"[^\W\d_]{2,}")
CUT = 100
"""Words that are looked for within others."""
DEEPEST = 100
"""Parts within parts: each is asked of every line."""
LONG_FIELD = late(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){10000}", re.IGNORECASE | re.MULTILINE)
"""A field whose parameters take longer to be told apart the more of them there are."""
PARAMETERS = {name: late(rf'{name}\s*=\s*"?([^";\s]+)', re.IGNORECASE) for name in ("charset", "format", "delsp")}
Read = tuple[str, Dialect, tuple[Attachment, ...], list[Problem]]
WRONG = {
    "unknown-8bit": "latin-1",
    "x-unknown": "latin-1",
    "iso-8859-8-i": "iso-8859-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "iso-8859-1": "cp1252",
}
"""Charsets by the names that mail gives them, and what they are read as."""


def body_of(data: bytes, fields: dict[str, str], rest: bytes) -> Read:
    """The text that a person reads; ``data`` is the message whole, ``rest`` what follows its headers."""
    kind = fields.get("content-type", "")
    encoding = fields.get("content-transfer-encoding", "").lower()
    plain = not kind or kind.lower().startswith("text/plain")
    if plain and encoding in ("", "7bit", "8bit", "binary"):
        problems: list[Problem] = []
        text = _decode(rest, _parameter(kind, "charset"), problems)
        return _flowed(text, kind), "mail", (), problems
    if data.lower().count(b"boundary") > DEEPEST or LONG_FIELD.search(data):
        return _as_it_is(rest, "there are too many of them")
    from email import message_from_bytes
    from email.errors import MessageError

    try:
        return _mime(message_from_bytes(data))
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        AssertionError,
        MessageError,
    ) as error:
        return _as_it_is(rest, str(error))


def _as_it_is(rest: bytes, why: str) -> Read:
    problem = Problem(code="bad-mime", message=f"its parts cannot be told apart ({why}); shown as they are")
    return rest.decode("utf-8", "replace"), "mail", (), [problem]


class Text(NamedTuple):
    """A part that says something."""

    kind: str
    words: str


def _mime(message: Message) -> Read:
    problems: list[Problem] = []
    attachments: list[Attachment] = []
    texts = _texts(message, attachments, problems)
    read = [text for text in texts if text.kind in READ] or texts[:1]
    for text in texts:
        if text not in read:
            attachments.append(Attachment(name=text.kind, media_type=text.kind))
            problems.append(Problem(code="part", message=f"a part of it, {text.kind}, is not shown"))
    if any(text.kind == HTML for text in read):
        # What a mailing list adds below is plain, whatever the message is.
        return "\n".join(map(_as_html, read)), "html", tuple(attachments), problems
    return "\n\n".join(text.words for text in read), "mail", tuple(attachments), problems


def _texts(part: Message, attachments: list[Attachment], problems: list[Problem]) -> list[Text]:
    """The texts of a part and of those within it; of alternatives, the plain one where it says anything."""
    kind = part.get_content_type()
    if part.is_multipart():
        inner: list[Text] = []
        for child in cast("list[Message]", part.get_payload()):
            inner += _texts(child, attachments, problems)
        return _alternative(inner, problems) if kind == "multipart/alternative" else inner
    name = part.get_filename()
    if name or not kind.startswith("text/") or part.get_content_disposition() == "attachment":
        attachments.append(Attachment(name=str(name or kind), media_type=kind))
        return []
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    words = _decode(data.replace(b"\r\n", b"\n"), part.get_content_charset(), problems)
    if kind != HTML:
        words = _flowed(words, str(part.get("content-type", "")))
    return [Text(kind, words)] if words.strip() else []


def _alternative(texts: list[Text], problems: list[Problem]) -> list[Text]:
    plain = [text for text in texts if text.kind != HTML]
    if not any(text.kind == PLAIN for text in plain):
        return texts
    said = "\n".join(text.words for text in plain)
    if lost := sum(_lost(text.words, said) for text in texts if text.kind == HTML):
        message = f"its HTML has {lost} words that its plain text lacks; the plain text is shown"
        problems.append(Problem(code="alternatives", message=message))
    return plain


def _lost(html: str, plain: str) -> int:
    """How many of the words of HTML do not stand in a plain text."""
    page, _ = page_of(html)
    if page is None:
        return 0
    shown = (element.text for element in page.iter() if isinstance(element.tag, str) and element.tag not in UNREAD)
    after = (element.tail for element in page.iter())
    words = set(WORD.findall(" ".join(text for text in (*shown, *after) if text).casefold()))
    missing = words.difference(WORD.findall(plain.casefold()))
    # A word may be cut by tags on one side, or by the end of a line on the other.
    letters = "".join(WORD.findall(plain.casefold()))
    return sum(number >= CUT or word not in letters for number, word in enumerate(missing))


def _as_html(text: Text) -> str:
    return (
        text.words
        if text.kind == HTML
        else f"<p>{escape(text.words, quote=False).strip().replace(chr(10), '<br>')}</p>"
    )


def _decode(data: bytes, charset: str | None, problems: list[Problem]) -> str:
    name = (charset or "utf-8").strip("\"' ").lower()
    for candidate in (WRONG.get(name, name), "utf-8"):
        try:
            return data.decode(candidate).replace("\0", "")
        except (LookupError, UnicodeDecodeError):
            continue
    problems.append(Problem(code="encoding", message=f"not in the charset it names ({name}); read as Windows-1252"))
    return data.decode("cp1252", "replace").replace("\0", "")


def _parameter(field: str, name: str) -> str | None:
    found = PARAMETERS[name].search(field) if name in field.lower() else None
    return found[1] if found else None


def _flowed(text: str, field: str) -> str:
    """Lines that ``format=flowed`` broke, joined (RFC 3676)."""
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
