"""Prefixes that mailers and lists add to a subject: marks of replies and forwarded messages, and list names."""

from __future__ import annotations

import re
from functools import lru_cache

from rostra.system.lazy_regex import late

ANSWERS = (
    "re", "ad", "aw", "antw", "antwort", "sv", "svar", "vs", "vast", "bls", "odp", "odpowiedź", "ynt", "yan", "cevap", "rép", "réf",
    "rif", "risposta", "res", "resp", "respuesta", "resposta", "atb", "eb", "ang", "vá", "válasz", "reply", "απ", "σχετ", "απάντηση",
    "отв", "ответ", "відп", "回复", "回覆", "答复", "答覆", "返信", "回信", "답장", "답글", "회신", "رد", "תשובה", "השב", "ตอบ",
)  # fmt: skip
"""Marks of a reply, in the languages of mailers."""
FORWARDS = (
    "fw", "fwd", "wg", "tr", "rv", "enc", "vb", "vl", "doorst", "pd", "továbbítás", "πρθ", "προώθ", "пер", "пересл",
    "转发", "轉寄", "转寄", "転送", "전달", "إعادة توجيه", "הועבר",
)  # fmt: skip
"""Marks of a forwarded message."""
LIST = r"\[[^\]]{1,40}\]"
COUNT = r"(?:\s?[\[(]\d{1,3}[\])]|[\^*]\d{1,3}|\d{1,3})?"
"""How some mailers count replies: ``Re[2]:``, ``Re(2):``, ``Re^2:``."""


def _mark(words: tuple[str, ...]) -> str:
    return rf"(?:{'|'.join(map(re.escape, words))}){COUNT}\s?[:：]"


ANSWER_MARK = _mark(ANSWERS)
"""The pattern of a mark of a reply, in any case of its letters."""
ANSWER = late(rf"\s*(?:{LIST}\s*)*{ANSWER_MARK}", re.IGNORECASE)
SUBJECT = late(rf"^(?:\s*(?:{_mark(ANSWERS + FORWARDS)}|{LIST}))+\s*", re.IGNORECASE)

_WAS = r"(?:was|war|ehemals|formerly|anciennement|était|antes|era)"
WAS = late(rf"(?:[(\[]\s?{_WAS}\b\s?:?|\b{_WAS}\s?:)\s*(\S.*)$", re.IGNORECASE)
"""What a subject was before somebody changed it."""
TRACKER = late(r"[(\[]?\b(PR|bug|issue|ticket|RT|request)\s?#\s?(\d{1,9})\b:?[)\]]?", re.IGNORECASE)
"""How bug trackers mark their messages: ``(PR#8180)``, ``[Bug #12]``, ``bug#99:``."""


def is_answer(subject: str) -> bool:
    """Whether a subject is marked as a reply."""
    return _is_marked(subject) and ANSWER.match(subject) is not None


def bare_subject(subject: str) -> str:
    """Return a subject without leading list names and reply marks."""
    return " ".join((SUBJECT.sub("", subject) if _is_marked(subject) else subject).split())


def former_subject(subject: str) -> str:
    """Return the subject that a subject says it had before, without marks: ``new (was: old)``; empty if it says none."""
    was = WAS.search(subject)
    return bare_subject(TRACKER.sub("", was[1]).rstrip(" )]")) if was else ""


@lru_cache(maxsize=1 << 10)
def lasting_subject(subject: str) -> str:
    """Return a subject without marks, without the number that a bug tracker adds, and without what it was before."""
    return bare_subject(TRACKER.sub("", WAS.sub("", bare_subject(subject))))


def tracker_number(subject: str) -> str:
    """Return the number of a bug tracker in a subject, with the tracker's word for it; empty if there is none."""
    found = TRACKER.search(subject)
    return f"{found[1]} {found[2]}".casefold() if found else ""


def _is_marked(subject: str) -> bool:
    """Whether a subject may have a mark; most have none, and only the others are parsed."""
    return ":" in subject or "[" in subject or "：" in subject
