"""Mail and news: mbox, MMDF, Babyl, Pipermail text, maildir, messages in files, digests; threads by references.

Words belong to the person whom ``From`` names in the headers above them, or who wrote to the list if the list puts
itself into ``From`` (``senders``); without ``From`` the author is unknown.  The words below the headers, up to the next
separator (``mailbox``), belong to that person, except words marked as quoted, and nested messages: those of a digest
are separate posts (``digests``), and others are quotations below a line that names their author (``bodies``).

Headers are read first, then bodies, thread by thread.  Threading by references follows J. Zawinski, "message threading"
(2002); messages without any are joined by ``threads.infer_parents``, over all dumps of a site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from rostra.i18n.language_tags import language_of
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump, cut_short
from rostra.readers.dumps.json_files import too_long
from rostra.readers.dumps.times import no_zone
from rostra.readers.mail.accounting import unshown
from rostra.readers.mail.bodies import body_of, is_tangled
from rostra.readers.mail.copies import uncopied
from rostra.readers.mail.dates import When, when
from rostra.readers.mail.digests import is_bare_digest, may_be_digest, taken_apart
from rostra.readers.mail.file_places import file_place, file_place_text
from rostra.readers.mail.list_footers import list_footers, with_dashes
from rostra.readers.mail.mail_headers import Headers, parse_headers
from rostra.readers.mail.mailbox import looks_like_mail, message, messages
from rostra.readers.mail.mime import part_at
from rostra.readers.mail.senders import SENDERS, sender_of
from rostra.readers.mail.subjects import bare_subject
from rostra.readers.mail.threads import Envelope, threads, with_missing, with_parent_by
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.system.lazy_regex import late

NAME = "mail"
ABOUT = "mail and news: mbox, mboxrd, MMDF, Babyl, rnews, Pipermail text, maildir, digests, one message a file"
CARRIES = ("tree", "authors", "absolute times", "quotations", "attachments")
MANY = True
HOLDS_ADDRESSES = True
JOINS = True

DATES = ("date", "received", "nntp-posting-date", "delivery-date")
"""Fields with the time when a message was written or else arrived."""
THREADED = {"message-id", "references", "in-reply-to", "subject", "content-type"}
"""Fields that connect messages."""
READ = {
    *THREADED, *SENDERS, *DATES, "content-transfer-encoding", "content-disposition", "content-language", "x-no-archive",
}  # fmt: skip
"""Fields about the message itself."""
HELD = 1 << 22
"""How many bytes of messages are cached between threading and reading."""
MESSAGE_ID = late(r"<[^<>\s]+>")


class Message(NamedTuple):
    """A message of a mailbox: its headers, what follows them, and the whole message, with newlines as line ends.

    ``line`` is its first line in the file; ``part`` is its number within a digest, 0 for a message of the mailbox.
    """

    record: Record
    part: int
    line: int
    headers: Headers
    rest: bytes
    whole: bytes


def recognise(dump: Dump) -> float:
    """Return a high confidence for mail headers, and for a folder whose first files are messages."""
    if dump.is_folder:
        files = list(islice(dump.files(), 3))
        within = dump.path.iterdir() if dump.archive is None else (file.path.parent for file in files)
        if {"cur", "new"} & {each.name for each in within if dump.archive or each.is_dir()}:
            return 0.95
        return min((looks_like_mail(file.head) for file in files), default=0)
    return 0 if dump.begins_json else looks_like_mail(dump.head)


def read(dump: Dump) -> Iterator[RawThread]:
    """Return the threads of a mailbox, in the order of their first messages."""
    return RECORDS.read(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    for record, block in messages(opened, start):
        if not record.size:
            yield record, ()
            continue
        headers = parse_headers(block, THREADED)
        if not headers.fields or may_be_digest(headers):
            parts = (_envelope(0, record, each.part, each.headers) for each in _taken(opened, record))
            yield record, [term for part in parts for term in (part.key, *part.references)]
        else:
            envelope = _envelope(0, record, 0, headers)
            yield record, (envelope.key, *envelope.references)


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    box = _Box(opened)
    places: list[tuple[Record, int]] = []
    envelopes: list[Envelope] = []
    for record in records:
        taken = box.taken(record) if record.size else []
        # The editor's text of a digest follows its messages.
        for each in (*taken[1:], *taken[:1]):
            envelopes.append(_envelope(len(places), record, each.part, each.headers))
            places.append((record, each.part))
    problems = [cut_short(opened.cut[record.file], record.line) for record in records if not record.size]
    joins = opened.dump.joins
    for root, members, parents in threads(envelopes, joins):
        title = next((envelopes[number].subject for number in members if envelopes[number].subject), None)
        read = (_post(box, *places[number], envelopes[number], parents) for number in members)
        posts, found = uncopied(read)
        posts, missing = with_missing(posts, parents)
        posts = [with_parent_by(post, joins) for post in posts]
        problems += (*found, *missing)
        yield RawThread(native_id=root, title=title, posts=tuple(posts), problems=tuple(problems))
        problems = []


RECORDS = Recorded(
    _scan,
    _make,
    ("there is no message in this mailbox", "is it complete mail?"),
    called="messages",
    learns=lambda opened: repr(sorted(list_footers(opened))),
)


class _Box:
    """The messages of a mailbox, read one by one: first for threading, then for their text."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self._held: dict[Record, list[Message]] = {}
        self._size = 0

    def taken(self, record: Record) -> list[Message]:
        """Yield the message of a record; for a digest, the editor's text and then its messages."""
        if (found := self._held.get(record)) is None:
            # Always keep the last one: the messages of a digest are requested one by one.
            while self._held and self._size + record.size > HELD:
                first = next(iter(self._held))
                del self._held[first]
                self._size -= first.size
            found = self._held[record] = _taken(self.opened, record)
            self._size += record.size
        return found

    def first_local(self) -> tuple[int, int] | None:
        """The first message of the mailbox whose time has no zone: its record's number and its number in the record."""
        if self.opened not in _first_local:
            _first_local[self.opened] = next(self._local(), None)
        return _first_local[self.opened]

    def _local(self) -> Iterator[tuple[int, int]]:
        for record, block in messages(self.opened, Record()):
            if record.size:
                headers = parse_headers(block, READ)
                several = not headers.fields or may_be_digest(headers)
                found = [each.headers for each in _taken(self.opened, record)] if several else [headers]
                yield from ((record.number, part) for part, each in enumerate(found) if _time(each)[0].local)


_first_local: WeakKeyDictionary[Opened, tuple[int, int] | None] = WeakKeyDictionary()


def _taken(opened: Opened, record: Record) -> list[Message]:
    whole = message(opened, record).replace(b"\r\n", b"\n").lstrip(b"\n")
    block, _, rest = whole.partition(b"\n\n")
    headers = parse_headers(block, READ)
    if not headers.fields and is_bare_digest(whole):
        rest = whole
    elif not may_be_digest(headers):
        return [Message(record, 0, record.line, headers, rest, whole)]
    found = None if is_tangled(whole) else taken_apart(headers, whole, rest)
    if found is None:
        return [Message(record, 0, record.line, headers, rest, whole)]
    members: list[Message] = []
    line, at = record.line + opened.read(record).count(b"\n") - whole.count(b"\n"), 0
    for n, each in enumerate(found.messages, 1):
        block, _, below = each.partition(b"\n\n")
        # Lines in encoded parts are unknown: the line of the previous message is used.
        if (begun := whole.find(b"\n" + b"\n".join(block.split(b"\n", 2)[:2]), at)) >= 0:
            line, at = line + whole.count(b"\n", at, begun + 1), begun + 1
        members.append(Message(record, n, line, parse_headers(block, READ), below, each))
    return [Message(record, 0, record.line, headers, found.said, whole), *members]


def _envelope(place: int, record: Record, part: int, headers: Headers) -> Envelope:
    fields = headers.fields
    found, references, answered = (
        MESSAGE_ID.findall(fields[name]) if name in fields else []
        for name in ("message-id", "references", "in-reply-to")
    )
    answered = answered[:1]
    if answered and answered[0] not in references:
        references += answered
    number = f"message-{record.number + 1}{f'.{part}' * (part > 0)}"
    return Envelope(
        number=place,
        key=found[0] if found else number,
        id=found[0] if found else None,
        references=tuple(reference for reference in dict.fromkeys(references) if not found or reference != found[0]),
        subject=bare_subject(headers.get("subject")),
    )


def _post(
    box: _Box, record: Record, part: int, envelope: Envelope, parents: dict[str, str | None]
) -> tuple[RawPost, list[Problem]]:
    said = box.taken(record)[part]
    headers = said.headers
    key, line = envelope.key, said.line
    body, dialect, attachments, problems = body_of(said.whole, headers, said.rest)
    time, written = _time(headers)
    problems += _told(headers, time, written)
    if time.local and (record.number, part) == box.first_local():
        problems.append(no_zone(written, key, line))
    if record.size > box.opened.limit and not part:
        problems.append(too_long(record.size, box.opened.limit, line))
    post = RawPost(
        key=key,
        native_id=envelope.id,
        parent=parents.get(key),
        author=sender_of(headers),
        created=time.created,
        created_local=time.local,
        created_text=None if time.created else written or None,
        line=line,
        title=" ".join(headers.get("subject").split()) or None,
        body=with_dashes(body.strip("\n"), list_footers(box.opened)) if dialect == "mail" else body.strip("\n"),
        dialect=dialect,
        language=language_of(headers.get("content-language").partition(",")[0]),
        attachments=tuple(replace(each, at=file_place_text(record, part, each.at or "")) for each in attachments),
        headers=_asked(said.whole, box.opened.dump.asked),
    )
    problems += unshown(headers, said.rest, post)
    return post, [replace(problem, post=key, line=line) for problem in problems]


def extract(dump: Dump, places: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of messages at these places, each with its place, in the order of the dump; others are missing."""
    known = sorted(filter(None, map(file_place, places)))
    with Opened(dump) as opened:
        taken: list[Message] = []
        last: Record | None = None
        for each in known:
            if each.record != last:
                last, taken = each.record, _taken(opened, each.record) if each.record.file < len(opened.files) else []
            if each.part < len(taken) and (part := part_at(taken[each.part].whole, each.place)):
                yield str(each), part.content


def _asked(whole: bytes, names: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers that rules use, by their names in lower case."""
    return tuple(sorted(parse_headers(whole.partition(b"\n\n")[0], names).fields.items())) if names else ()


def _time(headers: Headers) -> tuple[When, str]:
    """Return when a message was written (else when it arrived), and the field's text."""
    if written := headers.get("date"):
        return when(written), written
    for name in DATES[1:]:
        # The time of a ``Received`` field follows the relay's name.
        written = headers.get(name).rpartition(";")[2].strip()
        if _is_time(time := when(written)):
            return time, written
    return When(), ""


def _is_time(time: When) -> bool:
    return bool(time.created or time.local)


def _told(headers: Headers, time: When, written: str) -> Iterator[Problem]:
    """Yield the problems of a message apart from its text."""
    if time.problem:
        yield time.problem
    if written and "date" not in headers.fields:
        name = next(name for name in DATES if headers.get(name).endswith(written))
        message = f"it has no date; it arrived at {written[:60]!r} ({name.title()})"
        yield Problem(code="no-date", message=message, hint="a correction in a card can give its time")
    if not headers.certain:
        yield Problem(code="encoding", message="its headers are not in a charset that it names; read as Windows-1252")
    if headers.get("x-no-archive").lower().startswith("yes"):
        message = "its author asked that it not be archived (X-No-Archive)"
        yield Problem(code="no-archive", message=message, hint="`publish_no_archive = false` in a card leaves it out")
