"""Where messages stand in a mailbox: mbox and its kin, Pipermail's monthly text, one message a file, maildir."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import IO

from rostra.readers.dump import Dump
from rostra.readers.records import Opened, Record
from rostra.system.lazy_regex import late

SEPARATOR = late(rb"From .*\d{4}(?:\s+\S{1,8})?\s*$")
HEADERS = 1 << 20
"""Bytes of a message in which its headers end."""
HEADER = late(rb"[!-9;-~]+:")
KNOWN = late(
    rb"(?:^|\n)(from|to|date|subject|message-id|received|return-path|in-reply-to|mime-version|newsgroups|delivered-to|content-type):",
    re.IGNORECASE,
)
UNQUOTED = late(rb"^>(>*From )", re.MULTILINE)


def messages(opened: Opened, start: Record) -> Iterator[tuple[Record, bytes]]:
    """Every message with its header block, in order, from one on."""
    number = start.number
    for file in range(start.file, len(opened.files)):
        if _may_be_mail(opened.files[file]):
            for found in _in_file(opened, start if file == start.file else Record(file=file)):
                yield found[0]._replace(number=number), found[1]
                number += 1


def message(opened: Opened, record: Record) -> bytes:
    """A message as it was sent: mbox's quoting of ``From `` undone, its separator gone."""
    data = opened.read(record)
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
        if b">From " in data:
            data = UNQUOTED.sub(rb"\1", data)
    return data


def _in_file(opened: Opened, begin: Record) -> Iterator[tuple[Record, bytes]]:
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
            # A line that begins "From " separates only where a header follows it.
            if HEADER.match(line) or line.startswith(b">From "):
                at = offset - len(pending)
                if at > start:
                    yield Record(0, number, start, at - start, start_line), b"".join(headers)
                start, start_line, headers, in_headers, separated = at, line_number - 1, [], True, True
            elif in_headers:
                headers.append(pending)
            pending = None
        # Some archives leave out the blank line before a separator; the header after it decides.
        if line.startswith(b"From ") and size < HEADERS and SEPARATOR.match(line):
            pending = line
        elif in_headers:
            if line.strip():
                # What is longer is none; a message of nothing else is not to be held whole.
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


def _rest(stream: IO[bytes], line: bytes) -> int:
    """How long the rest of a line is that was too long."""
    size = 0
    while line and not line.endswith(b"\n"):
        line = stream.readline(HEADERS)
        size += len(line)
    return size


def looks_like_mail(head: bytes) -> float:
    """How sure one is that bytes begin a mailbox or a message."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n")
    first, _, rest = text.partition(b"\n")
    if SEPARATOR.match(first) and (HEADER.match(rest) or rest.startswith(b">From ")):
        return 0.95
    block = text.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if not HEADER.match(block) or b"\0" in block:
        return 0
    known = {found.lower() for found in KNOWN.findall(block)}
    if len(known) >= 3 or (len(known) == 2 and known & {b"message-id", b"from"}):
        return 0.9
    return 0


def _may_be_mail(file: Dump) -> bool:
    return looks_like_mail(file.head) > 0
