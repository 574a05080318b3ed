"""Prefixes that mailers and lists add to a subject: marks of replies and forwarded messages, and list names."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

ANSWERS = (
    "re", "aw", "antw", "antwort", "sv", "svar", "vs", "vast", "bls", "odp", "odpowiedź", "ynt", "yan", "cevap", "rép", "réf",
    "rif", "risposta", "resp", "respuesta", "resposta", "atb", "eb", "ang", "vá", "válasz", "reply", "απ", "σχετ", "απάντηση",
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


ANSWER = late(rf"\s*(?:{LIST}\s*)*{_mark(ANSWERS)}", re.IGNORECASE)
SUBJECT = late(rf"^(?:\s*(?:{_mark(ANSWERS + FORWARDS)}|{LIST}))+\s*", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether a subject is marked as a reply."""
    return _is_marked(subject) and ANSWER.match(subject) is not None


def bare_subject(subject: str) -> str:
    """Return a subject without leading list names and reply marks."""
    return " ".join((SUBJECT.sub("", subject) if _is_marked(subject) else subject).split())


def _is_marked(subject: str) -> bool:
    """Whether a subject may have a mark; most have none, and only the others are parsed."""
    return ":" in subject or "[" in subject or "：" in subject
