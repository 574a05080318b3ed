"""Mail and news: mbox, Pipermail's monthly text, maildir, messages in files; threads by their references.

Headers are read first and threads made of them; bodies are read thread by thread, so that a mailbox
is never held whole.  Threading follows J. Zawinski, "message threading" (1997, 2002), but keeps the
messages that others mention and nobody has, as missing posts.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from rostra.i18n.language_tags import language_of
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump, cut_short
from rostra.readers.json_files import too_long
from rostra.readers.mail.bodies import body_of
from rostra.readers.mail.mailbox import looks_like_mail, message, messages
from rostra.readers.mail.threads import Envelope, threads
from rostra.readers.records import Opened, Record, Recorded
from rostra.system.lazy_regex import late

NAME = "mail"
ABOUT = "mail and news: mbox, mboxrd, Pipermail text, maildir, one message a file"
CARRIES = ("tree", "authors", "absolute times", "quotations", "attachments' names")
MANY = True
HOLDS_ADDRESSES = True

READ = {"from", "date", "subject", "content-type", "content-transfer-encoding", "content-language"}
"""Fields that tell of a message itself."""
LONGEST = 10_000
"""Code points of a field that is taken apart; none that anybody wrote is longer."""
THREADED = {"message-id", "references", "in-reply-to", "subject"}
"""Fields that tell which messages belong together."""
FOLD = late(r"\r?\n[ \t]+")
ANSWER = late(r"\s*(?:\[[^\]]*\]\s*)*(?:re|aw|sv|antw|vs|odp|ynt)\s*(?:\[\d+\])?:", re.IGNORECASE)
NAMED = late(r'"?([^"<]*+)"?\s*+<([^>]*+)>')
BRACKETED = late(r"\(([^()]+)\)\s*$")
AT = late(r"(?:@|(?<!\s)\s+at\s+)[\w.-]+\.\w+\b.*$")
ZONED = late(r"[+-]\d{4}\b|\b[A-Z]{2,4}\b\)?\s*$")
MESSAGE_ID = late(r"<[^<>\s]+>")
SUBJECT = late(
    r"^(?:\s*(?:(?:re|aw|sv|antw|vs|fwd?|wg|tr|rv|ynt|odp)(?:\[\d+\])?\s*[:：]|\[[^\]]{1,40}\]))+\s*", re.IGNORECASE
)


class Headers(Struct, frozen=True):
    """What a message's headers say, decoded."""

    fields: dict[str, str]

    def get(self, name: str) -> str:
        """A field's text, empty where there is none."""
        return self.fields.get(name, "")


def recognise(dump: Dump) -> float:
    """Sure of mail headers; of a folder, where its first files are messages."""
    if dump.is_folder:
        if dump.archive is None and {"cur", "new"} & {each.name for each in dump.path.iterdir() if each.is_dir()}:
            return 0.95
        heads = [looks_like_mail(file.head) for _, file in zip(range(3), dump.files(), strict=False)]
        return min(heads, default=0)
    return looks_like_mail(dump.head)


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a mailbox, in the order of their first messages."""
    return RECORDS.read(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    for record, block in messages(opened, start):
        if not record.size:
            yield record, ()
            continue
        envelope = _envelope(record.number, parse_headers(block, THREADED))
        # Only a message that refers to none is told by its subject whom it answers, or who answers it.
        subject = () if envelope.references else (f"subject {envelope.subject.casefold()}",) * bool(envelope.subject)
        yield record, (envelope.key, *envelope.references, *subject)


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    places = {record.number: record for record in records if record.size}
    envelopes = {
        record.number: _envelope(record.number, parse_headers(_parted(message(opened, record))[0], THREADED))
        for record in places.values()
    }
    problems = [cut_short(opened.cut[record.file], record.line) for record in records if not record.size]
    for root, members, parents in threads(list(envelopes.values())):
        yield _thread(opened, places, envelopes, root, members, parents, problems)
        problems = []


RECORDS = Recorded(_scan, _make, ("there is no message in this mailbox", "is it mail, and whole?"), called="messages")


def _parted(data: bytes) -> tuple[bytes, bytes, bytes]:
    """A message with its lines ended alike, cut into headers and body, and all of it."""
    normal = data.replace(b"\r\n", b"\n")
    block, _, rest = normal.partition(b"\n\n")
    return block, rest, normal


def parse_headers(block: bytes, only: Container[str] | None = None) -> Headers:
    """The fields of a header block, unfolded, or ``only`` some of them; the first of each name counts."""
    fields: dict[str, str] = {}
    text = block.decode("utf-8", "replace")
    if "\n " in text or "\n\t" in text:
        text = FOLD.sub(" ", text)
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name = name.lower()
        if colon and name and " " not in name and name not in fields and (only is None or name in only):
            fields[name] = _decoded(value.strip())
    return Headers(fields)


def _decoded(value: str) -> str:
    if "=?" not in value or len(value) > LONGEST:
        return value
    from email.errors import MessageError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _envelope(number: int, headers: Headers) -> Envelope:
    found = MESSAGE_ID.findall(headers.get("message-id"))
    references = MESSAGE_ID.findall(headers.get("references"))
    answered = MESSAGE_ID.findall(headers.get("in-reply-to"))[:1]
    if answered and answered[0] not in references:
        references += answered
    subject = headers.get("subject")
    return Envelope(
        number=number,
        id=found[0] if found else None,
        references=tuple(reference for reference in dict.fromkeys(references) if not found or reference != found[0]),
        subject=bare_subject(subject),
        is_answer=ANSWER.match(subject) is not None,
    )


def bare_subject(subject: str) -> str:
    """A subject without the names of lists and marks of answers before it."""
    return " ".join(SUBJECT.sub("", subject).split())


def _thread(
    opened: Opened,
    places: Mapping[int, Record],
    envelopes: Mapping[int, Envelope],
    root: str,
    members: list[int],
    parents: dict[str, str | None],
    problems: list[Problem],
) -> RawThread:
    posts: list[RawPost] = []
    problems = list(problems)
    for number in members:
        place = places[number]
        data = message(opened, place)
        post, found = _post(data, envelopes[number], place, parents)
        if asked := opened.dump.asked:
            fields = parse_headers(_parted(data)[0], asked).fields
            post = replace(post, headers=tuple(sorted(fields.items())))
        posts.append(post)
        problems += found
        if place.size > opened.limit:
            problems.append(replace(too_long(place.size, opened.limit, place.line), post=post.key))
    lines = _first_below(posts, parents)
    present = {post.key for post in posts}
    for key in [key for key in parents if key not in present]:
        first = lines[key]
        posts.append(RawPost(key=key, native_id=key, parent=parents[key], kind="missing", line=first))
        problems.append(
            Problem(code="missing-post", message=f"{key} is answered but is not in the mailbox", post=key, line=first)
        )
    title = next((envelopes[number].subject for number in members if envelopes[number].subject), None)
    return RawThread(native_id=root, title=title, posts=tuple(posts), problems=tuple(problems))


def _first_below(posts: list[RawPost], parents: dict[str, str | None]) -> dict[str, int | None]:
    """The line of the first message at or below each that is here or mentioned."""
    lines: dict[str, int | None] = {}
    for post in posts:
        key: str | None = post.key
        while key is not None and key not in lines:
            lines[key] = post.line
            key = parents.get(key)
    return lines


def _post(
    data: bytes, envelope: Envelope, place: Record, parents: dict[str, str | None]
) -> tuple[RawPost, list[Problem]]:
    block, rest, normal = _parted(data)
    headers = parse_headers(block, READ)
    key = envelope.key
    body, dialect, attachments, problems = body_of(normal, headers.fields, rest)
    date = headers.get("date")
    created, problem = when(date)
    if problem:
        problems.append(problem)
    return RawPost(
        key=key,
        native_id=envelope.id,
        parent=parents.get(key),
        author=author_of(headers.get("from")),
        created=created,
        created_text=None if created else date or None,
        line=place.line,
        title=" ".join(headers.get("subject").split()) or None,
        body=body.strip("\n"),
        dialect=dialect,
        language=language_of(headers.get("content-language").partition(",")[0]),
        attachments=attachments,
    ), [Problem(code=p.code, message=p.message, post=key, line=place.line, hint=p.hint) for p in problems]


def author_of(field: str) -> Author | None:
    """Whoever a ``From`` names; of an address alone, what stands before the at sign."""
    field = field[:LONGEST].strip()
    named = NAMED.match(field)
    if named and named[1].strip():
        name = named[1].strip()
    elif bracketed := BRACKETED.search(field):
        name = bracketed[1].strip()
    else:
        name = (named[2] if named else field).strip()
    name = AT.sub("", name.replace('\\"', '"')).strip(" '\"")
    return Author(name=" ".join(name.split())) if name else None


def when(date: str) -> tuple[str | None, Problem | None]:
    """RFC 3339 of an RFC 5322 date with its zone; a date without one stays as it is written."""
    from email.utils import parsedate_tz

    if not date:
        return None, None
    parsed = None
    with suppress(ValueError, IndexError, TypeError):
        parsed = parsedate_tz(date)
    if parsed is None:
        return None, Problem(code="bad-date", message=f"no date: {date[:60]!r}")
    # `parsedate_tz` gives 0 for a missing zone as for UTC; only what is written counts.
    if not ZONED.search(date):
        return None, None
    try:
        at = datetime(*parsed[:6], tzinfo=UTC)
        offset = parsed[9] or 0
        sign = "-" if offset < 0 else "+"
        if abs(offset) >= 86_400:
            return None, Problem(code="bad-date", message=f"no zone has this offset: {date[:60]!r}")
    except (ValueError, TypeError):
        return None, Problem(code="bad-date", message=f"no date: {date[:60]!r}")
    zone = "Z" if not offset else f"{sign}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}"
    return at.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + zone, None
