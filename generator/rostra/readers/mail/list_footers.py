"""Learn the footer that a list adds to its messages without dashes: lines that end messages of several people and subjects.

Answers to one message may all end with that message, unmarked, so one subject is not enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from weakref import WeakKeyDictionary

from rostra.readers.dumps.dump import Dump
from rostra.readers.mail.mail_headers import parse_headers
from rostra.readers.mail.mailbox import message, messages
from rostra.readers.mail.subjects import bare_subject
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened

LEARNS = 300
"""How many messages at the beginning of a dump are examined."""
MOST = 1 << 26
"""How many bytes of them are read: messages with attachments may be large, and every worker reads them."""
LONGEST = 12
"""The most lines of a footer."""
TAIL = 2_000
"""How many code points at the end of a message are examined."""
PEOPLE, SUBJECTS, SHARE = 3, 3, 0.1
"""The fewest people and subjects, and the least share, of the messages that end with a footer."""
WORDS = 6
"""The fewest words of a footer: fewer may be thanks that people write."""
Footer = tuple[str, ...]
"""The lines of a footer that are not blank."""
DASHES = "-- "
"""The line above a signature (RFC 3676, 4.3)."""


def list_footers(opened: Opened) -> frozenset[Footer]:
    """Return the footers that the first messages of a mailbox show."""
    if opened.dump not in _known:
        _known[opened.dump] = learned(_tails(opened))
    return _known[opened.dump]


_known: WeakKeyDictionary[Dump, frozenset[Footer]] = WeakKeyDictionary()


def _tails(opened: Opened) -> Iterator[tuple[str, str, str]]:
    """Yield the author, the subject and the end of each of the first messages, as in the mailbox."""
    size = 0
    for record, block in islice(messages(opened, Record()), LEARNS):
        size += record.size
        if size > MOST:
            return
        text = message(opened, record)[-4 * TAIL :].replace(b"\r\n", b"\n")
        headers = parse_headers(block, {"from", "subject"})
        yield headers.get("from"), bare_subject(headers.get("subject")), text.decode("utf-8", "replace")


def learned(messages: Iterable[tuple[str, str, str]]) -> frozenset[Footer]:
    """Return the footers of a list, given the author, the subject and the end of each message; of two that end alike the longer."""
    people: defaultdict[Footer, set[str]] = defaultdict(set)
    subjects: defaultdict[Footer, set[str]] = defaultdict(set)
    counts: Counter[Footer] = Counter()
    total = 0
    for who, subject, text in messages:
        total += 1
        for footer in _ends(text):
            people[footer].add(who)
            subjects[footer].add(subject)
            counts[footer] += 1
    found = {
        footer
        for footer, count in counts.items()
        if count >= SHARE * total
        and len(people[footer]) >= PEOPLE
        and len(subjects[footer]) >= SUBJECTS
        and len(" ".join(footer).split()) >= WORDS
    }
    # Lines above a footer that not all of its messages have are no part of it.
    return frozenset(
        each for each in found if not any(_extends(other, each) and counts[other] == counts[each] for other in found)
    )


def with_dashes(body: str, footers: frozenset[Footer]) -> str:
    """Return a text whose footer, if it has one of these, is below dashes like a signature."""
    found = next((each for each in reversed(_ends(body)) if each in footers), None) if footers else None
    if found is None:
        return body
    lines = body.split("\n")
    left = len(found)
    at = len(lines)
    while left:
        at -= 1
        left -= bool(lines[at].strip())
    if not any(line.strip() for line in lines[:at]):
        return body
    above = next(line for line in reversed(lines[:at]) if line.strip())
    return body if above.strip() == DASHES.strip() else "\n".join((*lines[:at], DASHES, *lines[at:]))


def _ends(text: str) -> list[Footer]:
    """Return the last line of a text, the last two, and so on; lines that somebody quotes are no footer."""
    lines = [line.strip() for line in text[-TAIL:].split("\n") if line.strip()][-LONGEST:]
    own: list[str] = []
    for line in reversed(lines):
        if line.startswith((">", "|")):
            break
        own.insert(0, line)
    return [tuple(own[-size:]) for size in range(1, len(own) + 1)]


def _extends(longer: Footer, footer: Footer) -> bool:
    return len(longer) > len(footer) and longer[-len(footer) :] == footer
