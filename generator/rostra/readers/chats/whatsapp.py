"""WhatsApp: a chat that was exported as text, from any kind of telephone.

The author is the name between the time and the first colon; a line with a time and no name reports an event and has no
author.  A line without a time continues the message before it.  The messages of one day form a debate, in which each
message is a reply to the day's first, since the export does not record which message a reply answers.  Telephone
numbers in place of names are not published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from typing import NamedTuple

from rostra.i18n import remarks
from rostra.identity.permalinks import slug
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.chats.room_days import Room, Talk, before_first, happened
from rostra.readers.chats.whatsapp_dates import AFTER, BEFORE, Order, Stamp, order_of
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.words_shown import shortfall
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "whatsapp"
ABOUT = "WhatsApp: a chat exported as text"
CARRIES = ("authors", "times without a zone", "deleted messages", "names of attachments")
MANY = True

MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))
"""Characters that set the text direction; the program writes them before its own texts."""
HEAD = late(
    r"(?P<open>\[)?(?P<date>\d{1,4}(?:[./-]|[년年])\s?\d{1,2}(?:[./-]|[월月])\s?\d{1,4})[.일日]?(?: г\.?)?[,،]?(?: (?:à|at|klo?\.?|um|om))?\s+"
    rf"(?:(?P<half>{BEFORE})\s*)?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?(?:\s*(?P<later>{AFTER}))?(?: ч\.?)?"
    r"(?(open)\]|(?: [-–]|,))\s(?P<rest>.*)"
)
SENDER = late(r"([^:\n]{1,80}):(?: (.*)|\s*\Z)")
EVENT = late(r".+ (?:changed (?:the|this|their|to)|created (?:the )?group|added|removed|pinned a|turned (?:on|off)|updated the)\b.*|.*[“”\"].*")  # fmt: skip
"""The text before the colon in a report of an event; a message has a name there."""
TOLD = "\u200e"
"""The prefix that Apple's telephones write before the program's own texts."""
CHANGED = late(rf"(?<=[^\s:] ){TOLD}<[^<>:]{{3,60}}>\Z")
"""What they write, in their language, below a message that was edited."""
SECRET = late(r"end-to-end|Ende-zu-Ende|bout en bout|extremo a extremo|ponta a ponta|сквозн", re.IGNORECASE)
"""The program's notice about encryption at the beginning of each chat."""
GONE = late(
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht"
    r"|Se eliminó este mensaje|Ce message a été supprimé|Questo messaggio è stato eliminato|Dit bericht is verwijderd"
    r"|Esta mensagem foi apagada|Mensagem apagada|Ta wiadomość została usunięta|Данное сообщение удалено)\.?"
)
EDITED = late(r"\s*<(?:This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje|Ce message a été modifié)\.?>\Z")  # fmt: skip
ATTACHED = (
    r"file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato|bestand bijgevoegd"
    r"|arquivo anexado|ficheiro anexado|plik dołączony|файл добавлен"
)
FILE = late(rf"<[^<>:]{{3,24}}: ([^<>]+\.\w{{2,5}})>|(\S[^\n]*\.\w{{2,5}}) \((?:{ATTACHED})\)", re.IGNORECASE)
OMITTED = late(
    r"<?((?:media|image|video|audio|sticker|document|GIF|contact card|video note|voice message|[^<>\n]+\.\w{2,5} .{0,20}document)) omitted>?"
    r"|<?(Medien ausgeschlossen|Multimedia omitido|Média omis|Médias omis|Media omessi|Media weggelaten|Mídia oculta"
    r"|Arquivo de mídia oculto|Pominięto multimedia|Без медиафайлов|(?:Bild|Video|Audio|Sticker|Dokument|GIF) weggelassen)>?",
    re.IGNORECASE,
)
TITLE = late(r"WhatsApp[ -]+Chat[ -]+(?:with|mit|con|avec|met|com|de)?\s*", re.IGNORECASE)
NUMBER = late(r"\+?[\d\s().\xa0\u2010-\u2015-]{7,24}")
ADDRESS = late(r"https?://[^\s<>]+")
MENTION = late(r"(?<![\w@/])@(\d{6,15}|\+\d[\d\s().\xa0\u2010-\u2015-]{4,20}\d)(?!\w)")
"""Somebody who is mentioned; the export has the telephone number in place of the name."""


class ChatLine(NamedTuple):
    """A message or event as exported: ``sender`` is None for an event; ``line`` is its 1-based first line."""

    stamp: Stamp
    sender: str | None
    text: tuple[str, ...]
    line: int
    told: bool


def recognise(dump: Dump) -> float:
    """Return a high confidence if the first non-blank line begins a message and a message has a name; or a folder has such a file."""
    if dump.is_folder:
        return max((recognise(file) for _, file in zip(range(1_000), _texts(dump), strict=False)), default=0)
    if dump.begins_json or "\0" in dump.head_text or dump.path.suffix == ".md":
        return 0
    lines = [each for each in dump.head_text.translate(MARKS).splitlines()[:400] if each.strip()]
    if not lines or not HEAD.fullmatch(lines[0]):
        return 0
    heads = [found for each in lines if (found := HEAD.fullmatch(each))]
    return 0.93 if any(SENDER.fullmatch(each["rest"]) for each in heads) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the debates of the chats, by day."""
    for file in _texts(dump):
        if not dump.is_folder or recognise(file):
            yield from _chat(file)


def _texts(dump: Dump) -> Iterator[Dump]:
    yield from (file for file in dump.files() if not dump.is_folder or file.path.suffix == ".txt")


def _chat(dump: Dump) -> Iterator[RawThread]:
    text, repaired = dump.text()
    problems = list(repaired)
    said = _speech(list(_lines(text, problems)))
    people, numbers = _names(said)
    said = [each._replace(text=tuple(_unnumbered(line, numbers) for line in each.text)) for each in said]
    order, doubt = order_of([each.stamp for each in said])
    problems += doubt
    title = TITLE.sub("", dump.path.name.removesuffix(".txt")).strip(" _-")
    title = "WhatsApp" if title in ("", "chat") else title
    events = 0
    with Grouping() as grouping:
        talk = Talk(Room(slug(title)[:24] or "whatsapp", title), grouping)
        for number, each in enumerate(said, 1):
            if each.sender is None:
                events += 1
                continue
            post = _post(each, str(number), people[each.sender], order)
            edited = EDITED.search(each.text[-1])
            known = (each.text[0] if _file(each.text[0]) else None, edited[0] if edited else None)
            lost = shortfall([("text", line) for line in each.text], post, known)
            talk.add(post, (lost,) if lost else (), post.created_text[:10] if order and post.created_text else None)
        problems += happened(events, "chat")
        yield from talk.whole(problems, dump, "export the chat again")


def _lines(text: str, problems: list[Problem]) -> Iterator[ChatLine]:
    """Yield the messages and events, each with its continuation lines."""
    last: ChatLine | None = None
    text_of: list[str] = []
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        line = CHANGED.sub("<This message was edited>", raw).translate(MARKS)
        if (head := HEAD.fullmatch(line)) and (stamp := Stamp.of(head)):
            if last is not None:
                yield last._replace(text=tuple(text_of))
            rest = head["rest"]
            sender = SENDER.fullmatch(rest)
            if sender is None or EVENT.fullmatch(sender[1]):
                text_of, last = [rest], ChatLine(stamp, None, (), number, told=True)
            else:
                name = sender[1].strip().removeprefix("~").strip()
                text_of = [sender[2] or ""]
                last = ChatLine(stamp, name, (), number, told=f": {TOLD}" in raw)
        elif last is not None:
            text_of.append(line)
        elif line.strip():
            problems.append(before_first(number))
    if last is not None:
        yield last._replace(text=tuple(text_of))


def _speech(said: list[ChatLine]) -> list[ChatLine]:
    """Return the lines; those that the program writes in the name of a person or of the chat are events."""
    speaking = {each.sender for each in said if not each.told or _file(each.text[0])}
    return [
        each._replace(sender=None)
        if each.told
        and each.sender is not None
        and not GONE.fullmatch("\n".join(each.text).strip())
        and (
            each.sender not in speaking or each.text[0].startswith((each.sender, "You ")) or SECRET.search(each.text[0])
        )
        else each
        for each in said
    ]


def _file(text: str) -> Attachment | None:
    """Return the file, or its kind if it was left out, from the note that replaces it."""
    if found := FILE.fullmatch(text):
        name = found[1] or found[2]
        return Attachment(name=name, at=f"path:{name}")
    left_out = OMITTED.fullmatch(text)
    return Attachment(name=left_out[1] or left_out[2]) if left_out else None


def _names(said: list[ChatLine]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the shown name of each sender, and of each number that sends or is mentioned, by its digits.

    A number is shown as its last three digits, with a count if several share them.
    """
    senders = dict.fromkeys(each.sender for each in said if each.sender is not None)
    counts: Counter[str] = Counter()
    people: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for sender in senders:
        people[sender] = sender
        if NUMBER.fullmatch(sender):
            people[sender] = numbers[_digits(sender)] = _masked(sender, counts, senders)
    for line in (line for each in said for line in each.text if "@" in line):
        for found in MENTION.finditer(line):
            if (digits := _digits(found[1])) not in numbers:
                numbers[digits] = _masked(digits, counts, senders)
    return people, numbers


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _masked(number: str, counts: Counter[str], taken: Container[str]) -> str:
    """Return a name for a number that no other number has in ``counts``, and that is not ``taken``."""
    bare = f"number …{_digits(number)[-3:]}"
    while True:
        counts[bare] += 1
        name = bare if counts[bare] == 1 else f"{bare} ({counts[bare]})"
        if name not in taken:
            return name


def _unnumbered(line: str, numbers: dict[str, str]) -> str:
    """Return a line in which people are not mentioned by telephone numbers."""
    return MENTION.sub(lambda found: f"@{numbers[_digits(found[1])]}", line) if "@" in line else line


def _post(said: ChatLine, key: str, name: str, order: Order | None) -> RawPost:
    moment = said.stamp.moment(order) if order else None
    text = "\n".join(said.text).strip()
    note = None
    if edited := EDITED.search(text):
        text, note = text[: edited.start()], remarks.EDITED
    gone = GONE.fullmatch(text) is not None
    files: tuple[Attachment, ...] = ()
    first, _, rest = text.partition("\n")
    if file := _file(first):
        files, text = (file,), rest
    return RawPost(
        key=key,
        kind="deleted" if gone else "post",
        author=Author(name=name),
        created_local=moment.isoformat(timespec="seconds") if moment else None,
        created_text=said.stamp.at(order),
        line=said.line,
        body="" if gone else _mrkdwn(text),
        dialect="slack",
        note=note,
        attachments=files,
    )


def _mrkdwn(text: str) -> str:
    """Return the text as Slack's mrkdwn, which has WhatsApp's markup; special characters are escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return ADDRESS.sub(r"<\g<0>>", escaped)
