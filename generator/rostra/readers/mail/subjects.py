"""What mailers and lists write before a subject: that it answers or passes on another, and the list's name."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

ANSWERS = (
    "re", "aw", "antw", "antwort", "sv", "svar", "vs", "vast", "bls", "odp", "odpowiedź", "ynt", "yan", "cevap", "rép", "réf",
    "rif", "risposta", "resp", "respuesta", "resposta", "atb", "eb", "ang", "vá", "válasz", "reply", "απ", "σχετ", "απάντηση",
    "отв", "ответ", "відп", "回复", "回覆", "答复", "答覆", "返信", "回信", "답장", "답글", "회신", "رد", "תשובה", "השב", "ตอบ",
)  # fmt: skip
"""Marks of an answer, in the languages of mailers."""
FORWARDS = (
    "fw", "fwd", "wg", "tr", "rv", "enc", "vb", "vl", "doorst", "pd", "továbbítás", "πρθ", "προώθ", "пер", "пересл",
    "转发", "轉寄", "转寄", "転送", "전달", "إعادة توجيه", "הועבר",
)  # fmt: skip
"""Marks of a message that is passed on."""
LIST = r"\[[^\]]{1,40}\]"
COUNT = r"(?:\s?[\[(]\d{1,3}[\])]|[\^*]\d{1,3}|\d{1,3})?"
"""How some count answers: ``Re[2]:``, ``Re(2):``, ``Re^2:``."""


def _mark(words: tuple[str, ...]) -> str:
    return rf"(?:{'|'.join(map(re.escape, words))}){COUNT}\s?[:：]"


ANSWER = late(rf"\s*(?:{LIST}\s*)*{_mark(ANSWERS)}", re.IGNORECASE)
SUBJECT = late(rf"^(?:\s*(?:{_mark(ANSWERS + FORWARDS)}|{LIST}))+\s*", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether a subject says that it answers one."""
    return _is_marked(subject) and ANSWER.match(subject) is not None


def bare_subject(subject: str) -> str:
    """A subject without the names of lists and marks of answers before it."""
    return " ".join((SUBJECT.sub("", subject) if _is_marked(subject) else subject).split())


def _is_marked(subject: str) -> bool:
    """Whether there may be a mark in it, which most do not have; it is looked for closely only then."""
    return ":" in subject or "[" in subject or "：" in subject
