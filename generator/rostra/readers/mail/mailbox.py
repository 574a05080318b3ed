"""Find the messages of a mailbox.

- mbox and its variants (RFC 4155): a line ``From ADDRESS DATE`` begins a message, with a header line below it.  If a
  file does not begin with one, it separates no messages in it: a single message may contain patches that begin so.
- Some programs write no date, or nothing at all, after ``From``: such lines count if the first line of the file is one.
- MMDF: lines of four control-A around each message.
- Babyl, of Emacs: each message after a line of control-underscore.
- Batches of news: each article after a line ``#! rnews SIZE``.
- The files of Apple Mail: one message below its size, above data of the program.
- A digest without its own headers (RFC 1153), and anything else that begins with headers: one message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Literal

from rostra.readers.mail.digests import is_bare_digest
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened
from rostra.system.lazy_regex import late

_DAY, _MONTH = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ADDRESS = rb"(?:\"[^\"\n]{0,200}\"\S{0,200}|\S{1,200}(?: at \S{1,200})?|[^\n]{0,200}@\S{1,200})"
DATED = late(
    rb"From (?:" + _ADDRESS + rb")?\s+" + _DAY + rb"[a-z]{0,6},?\s+(?:" + _MONTH + rb"[a-z]{0,6}\s+\d{1,2}|\d{1,2}[ -]" + _MONTH + rb"[a-z]{0,6})"
    rb"[\s,-][^\n]{0,30}?\d{1,2}:\d\d[^\n]{0,60}\s*$"
)  # fmt: skip
CLOCKED = late(rb"From (?:-|\S{0,200}@\S{1,200})\s+[^\n]{0,40}?\b\d{1,2}:\d\d[^\n]{0,40}\s*$")
"""A separator with another form of date."""
UNDATED = late(rb"From(?: (?:-|-?\d{5,20}|\S{1,200}@\S{1,200}))?\s*$")
"""A separator without a date; archives of Usenet have a number."""
PATCH = late(rb"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\s*$")
"""The first line of each patch that git writes as a message."""
HEADERS = 1 << 20
"""The most bytes of a message's headers."""
SEEN = 1 << 12
"""How many bytes below a separator without a blank line above it are looked at."""
HEADER = late(rb"[A-Za-z][!-9;-~]*:(?!//)|[A-Za-z][\w-]* ?:\s")
KNOWN = late(
    rb"(?:^|\n)(from|to|date|subject|message-id|received|return-path|in-reply-to|mime-version|newsgroups|delivered-to|content-type"
    rb"|references|sender|reply-to|list-id|path|organization|status|x-[a-z-]+):",
    re.IGNORECASE,
)
ALONE = {b"message-id", b"from"}
"""A message needs two known fields, one of them from this set."""
UNQUOTED = late(rb"^>(>*From )", re.MULTILINE)
MMDF, BABYL = b"\1\1\1\1", b"\x1f"
COUNTED = late(rb"\d{1,12}[ \t]*\r?\n")
"""The first line of a message of Apple Mail: its size in bytes, after which its program's data follow."""
BATCH = late(rb"#! rnews \d+\s*$")
MARKS = {"mmdf": late(MMDF), "babyl": late(BABYL), "rnews": BATCH}
"""The lines between messages in mailboxes that mark each."""
BABYL_FILE, VISIBLE = b"BABYL OPTIONS", b"*** EOOH ***\n"
BoxForm = Literal["mbox", "undated", "patches", "mmdf", "babyl", "rnews", "digest", "message", "emlx"]


def form_of(head: bytes) -> BoxForm | None:
    """Return the kind of mailbox that begins with these bytes, or None."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n")
    text = text if b"\n" in text else text.replace(b"\r", b"\n")
    first, _, rest = text.partition(b"\n")
    if first.startswith(b"From"):
        follows = HEADER.match(rest) or rest.startswith(b">From ")
        if follows and PATCH.match(first):
            return "patches"
        if follows and (DATED.match(first) or CLOCKED.match(first)):
            return "mbox"
        if UNDATED.match(first) and KNOWN.match(rest):
            return "undated"
    if first.rstrip() == MMDF and HEADER.match(rest):
        return "mmdf"
    if first.startswith(BABYL_FILE):
        return "babyl"
    if BATCH.match(first) and HEADER.match(rest):
        return "rnews"
    if COUNTED.match(text) and is_message(rest):
        return "emlx"
    if is_message(text):
        return "message"
    return "digest" if is_bare_digest(text) else None


def is_message(text: bytes) -> bool:
    """Whether a text begins with the headers of a message."""
    block = text.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if HEADER.match(block) and b"\0" not in block:
        known = {found.lower() for found in KNOWN.findall(block)}
        return len(known) >= 3 or (len(known) == 2 and bool(known & ALONE))
    return False


def looks_like_mail(head: bytes) -> float:
    """Return the confidence that bytes begin a mailbox or a message."""
    form = form_of(head)
    return 0 if form is None else 0.9 if form in ("message", "digest", "emlx") else 0.95


def messages(opened: Opened, start: Record) -> Iterator[tuple[Record, bytes]]:
    """Yield every message with its header block, in order, from a given one on."""
    number = start.number
    for file in range(start.file, len(opened.files)):
        if form := form_of(opened.files[file].head):
            begin = start if file == start.file else Record(file=file)
            found = _marked(opened, begin, form) if form in MARKS else _in_file(opened, begin, form)
            if form == "emlx":
                found = (_with_headers(opened, record) for record, _ in found)
            for record, block in found:
                yield record._replace(number=number), block
                number += 1


def message(opened: Opened, record: Record) -> bytes:
    """Return a message as sent: without its separator, with mbox's quoting of ``From `` undone."""
    data = opened.read(record)
    if data.startswith((b"From ", b"From\n", b"From\r")) and not data.startswith(b"From :"):
        data = data.partition(b"\n")[2]
        if b">From " in data:
            data = UNQUOTED.sub(rb"\1", data)
    elif data.startswith(MMDF) or BATCH.match(data.partition(b"\n")[0]):
        data = data.partition(b"\n")[2]
    elif data[:1].isdigit() and (counted := COUNTED.match(data)):
        data = data[counted.end() :][: int(counted[0])]
    elif data.startswith(BABYL):
        data = _babyl(data.replace(b"\r\n", b"\n"))
    return data


def _separates(line: bytes, form: BoxForm) -> bool:
    """Whether a line is a separator in this kind of mailbox, if its context allows it."""
    if form in ("message", "digest", "emlx"):
        return False
    if form == "patches":
        return DATED.match(line) is not None
    if DATED.match(line) or CLOCKED.match(line):
        return form == "undated" or not PATCH.match(line)
    return form == "undated" and UNDATED.match(line) is not None


def _begins(line: bytes, form: BoxForm) -> bool:
    """Whether a line below a separator begins headers, if a blank line or nothing precedes the separator."""
    if form == "undated":
        return KNOWN.match(line) is not None
    return HEADER.match(line) is not None or line.startswith(b">From ")


def _is_complete(separator: bytes, below: bytes) -> bool:
    """Whether a separator without a blank line above it, as Pipermail sometimes writes it, begins a message.

    It has a date, and all lines below it up to a blank one are headers, among them those that a message needs.  A body that
    quotes a separator, alone or with some headers above other text, is not divided.
    """
    if not DATED.match(separator):
        return False
    lines = below.replace(b"\r\n", b"\n").split(b"\n")
    # The last line may be cut.
    end = lines.index(b"") if b"" in lines else len(lines) - 1
    headers = all(line.startswith((b" ", b"\t")) or HEADER.match(line) for line in lines[:end])
    return headers and is_message(b"\n".join(lines[:end]))


def _in_file(opened: Opened, begin: Record, form: BoxForm) -> Iterator[tuple[Record, bytes]]:
    number = begin.file
    stream = opened.stream(number)
    start = offset = begin.start
    stream.seek(start)
    start_line = line_number = begin.line
    headers: list[bytes] = []
    in_headers, separated = True, False
    pending: bytes | None = None
    for line in iter(partial(stream.readline, HEADERS), b""):
        size = len(line)
        if size == HEADERS:
            size += _rest(stream, line)
        if pending is not None:
            at = offset - len(pending)
            if (
                _begins(line, form)
                if at == start or _is_after_blank(stream, at)
                else _is_complete(pending, _following(stream, offset))
            ):
                if separated or headers:
                    yield Record(0, number, start, at - start, start_line), b"".join(headers)
                start, start_line, headers, in_headers, separated = at, line_number - 1, [], True, True
            elif in_headers:
                headers.append(pending)
            pending = None
            stream.seek(offset + size)
        if line.startswith(b"From") and size < HEADERS and _separates(line, form):
            pending = line
        elif in_headers:
            if line.strip():
                # A longer line is not a separator; a message of one line is not held whole.
                in_headers = offset - start < HEADERS
                headers.append(line)
            elif headers:
                in_headers = False
        offset += size
        line_number += 1
    if offset > start and (separated or headers):
        yield Record(0, number, start, offset - start, start_line), b"".join(headers)
    if number in opened.cut:
        yield Record(0, number, offset, 0, line_number), b""


def _marked(opened: Opened, begin: Record, form: BoxForm) -> Iterator[tuple[Record, bytes]]:
    """Yield the messages between lines that are marks of MMDF, Babyl or a batch."""
    mark = MARKS[form]
    number, start, start_line = begin.file, begin.start, begin.line
    stream = opened.stream(number)
    stream.seek(start)
    offset, line_number, within, said = start, start_line, False, False
    for line in iter(partial(stream.readline, HEADERS), b""):
        size = len(line) + (_rest(stream, line) if len(line) == HEADERS else 0)
        if mark.match(line):
            if said:
                yield _with_headers(opened, Record(0, number, start, offset - start, start_line))
                stream.seek(offset + size)
            start, start_line, within, said = offset, line_number, True, False
        elif within and line.strip():
            said = True
        offset += size
        line_number += 1
    if said:
        yield _with_headers(opened, Record(0, number, start, offset - start, start_line))
    if number in opened.cut:
        yield Record(0, number, offset, 0, line_number), b""


def _with_headers(opened: Opened, record: Record) -> tuple[Record, bytes]:
    return record, message(opened, record).replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def _babyl(data: bytes) -> bytes:
    """Return a Babyl message with all its headers: the visible ones may be fewer, and are repeated above the body.

    Above them there may also be nothing but data of Emacs, such as ``Summary-line``.
    """
    above, _, below = data.partition(b"\n")[2].partition(b"\n")[2].partition(VISIBLE)
    return above.rstrip(b"\n") + b"\n\n" + below.partition(b"\n\n")[2] if KNOWN.search(above) else below


def _is_after_blank(stream: IO[bytes], at: int) -> bool:
    """Whether the line before a position is blank, or there is none."""
    begin = max(0, at - 3)
    stream.seek(begin)
    return stream.read(at - begin).replace(b"\r", b"").endswith(b"\n\n")


def _following(stream: IO[bytes], at: int) -> bytes:
    stream.seek(at)
    return stream.read(SEEN)


def _rest(stream: IO[bytes], line: bytes) -> int:
    """Return the length of the rest of a line that was too long."""
    size = 0
    while line and not line.endswith(b"\n"):
        line = stream.readline(HEADERS)
        size += len(line)
    return size
