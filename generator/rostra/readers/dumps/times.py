"""Parse times as people and pages write them.

A relative time ("2 years ago") is recognised and never turned into a date that nobody recorded;
an absolute one becomes RFC 3339 only if its date, clock and zone are all written.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from rostra.model import Problem
from rostra.system.lazy_regex import late

_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|[smhdwy])"
_COUNT = r"(?:\d+(?:[.,]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a few|a couple of|several|last)"
RELATIVE = (
    rf"(?:(?:about|around|almost|over|more than|less than|~)\s+)?{_COUNT}\s*{_UNIT}\.?"
    rf"(?:,?\s+(?:and\s+)?{_COUNT}\s*{_UNIT}\.?)?\s+ago"
    r"|just now|right now|moments? ago|a (?:moment|while) ago|yesterday|today|last (?:week|month|year)"
    r"|vor (?:einem|einer|ein paar|\d+) (?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)|gestern|heute"
    r"|il y a (?:une?|quelques|\d+) (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?)|hier"
    r"|hace (?:una?|\d+) (?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)|ayer"
    r"|há (?:uma?|\d+) (?:segundos?|minutos?|horas?|dias?|semanas?|mês|meses|anos?)|ontem"
    r"|(?:una?|un'|\d+)\s?(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]) fa|ieri"
    r"|(?:een|\d+) (?:seconden?|minuut|minuten|uur|dag(?:en)?|week|weken|maand(?:en)?|jaar) geleden|gisteren"
    r"|(?:\d+ )?(?:sekund[ęy]?|minut[ęy]?|godzin[ęy]?|dzień|dni|tydzień|tygodni[e]?|miesiąc(?:e|ęcy)?|miesięcy|rok|lata?) temu|wczoraj"
    r"|(?:\d+ )?(?:секунд[уы]?|минут[уы]?|час(?:а|ов)?|день|дня|дней|недел[юиь]|месяц(?:а|ев)?|год(?:а)?|лет) назад|вчера"
)
SHORT = r"\d{1,3}\s?(?:mo|yr|[smhdwy])"
"""A time so short that only its position distinguishes it from other words."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\.?)?"
_ZONE = r"(?:\s*(?:Z\b|UTC|GMT|[+-]\d{2}:?\d{2})|\s*\((?:UTC|GMT)\))?"
_DATE = (
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{4}}/\d{{1,2}}/\d{{1,2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
    rf"|{_DAY}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|{_DAY}\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}(?:,?\s+\d{{4}})?)"
)
ABSOLUTE = (
    rf"{_DATE}(?:(?:T|,?\s+(?:at\s+|@\s*)?){_CLOCK}{_ZONE})?"
    rf"|{_CLOCK}{_ZONE}[,\s]+(?:on\s+)?{_DATE}{_ZONE}"
    rf"|(?:yesterday|today)(?:,?\s+(?:at\s+)?{_CLOCK})"
)
TIME = rf"(?:{ABSOLUTE}|{RELATIVE})"

_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%d %B %Y %H:%M:%S", "%d %B %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M",
    "%B %d %Y %H:%M:%S", "%B %d %Y %H:%M", "%b %d %Y %H:%M:%S", "%b %d %Y %H:%M",
    "%B %d %Y %I:%M %p", "%b %d %Y %I:%M %p", "%d %B %Y %I:%M %p", "%d %b %Y %I:%M %p", "%Y-%m-%d %I:%M %p",
)  # fmt: skip
_ZONE_AT_END = late(r"\s*\(?(Z|UTC|GMT|[+-]\d{2}:?\d{2})\)?$")


def certain(text: str) -> str | None:
    """Return an absolute time as RFC 3339 if its date, clock and zone are all written, else None."""
    zone = _ZONE_AT_END.search(text)
    if not zone:
        return None
    plain = re.sub(rf"^{_DAY}", "", text[: zone.start()].strip(), flags=re.IGNORECASE)
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain)
    plain = re.sub(r"(?<=\d)T(?=\d)|,?\s+(?:at|on|@)?\s*|,", " ", plain).replace(".", "").strip()
    clock_first = re.match(rf"({_CLOCK})\s+(.+)", plain, re.IGNORECASE)
    if clock_first:
        plain = f"{clock_first[2]} {clock_first[1]}"
    offset = "+0000" if zone[1] in ("Z", "UTC", "GMT") else zone[1].replace(":", "")
    for form in _FORMATS:
        try:
            found = datetime.strptime(f"{plain} {offset}", f"{form} %z")
        except ValueError:
            continue
        return rfc3339(found)
    return None


def no_zone(written: str, post: str, line: int | None = None) -> Problem:
    """Return the problem, one per dump, of posts with ``created_local``; ``written`` is the first such time."""
    message = f"times without a zone, such as {written[:60]!r}, are sorted and shown as written"
    return Problem(code="no-zone", message=message, post=post, line=line)


def rfc3339(at: datetime) -> str | None:
    """Return a time as RFC 3339, to the second; None if it has no zone, or its year is out of range in UTC."""
    if at.tzinfo is UTC:
        return at.isoformat()[:19] + "Z"
    offset = at.utcoffset()
    if offset is None:
        return None
    try:
        in_utc = at.astimezone(UTC)
    except OverflowError:
        return None
    # RFC 3339 has no offsets with seconds.
    shown = in_utc if offset.total_seconds() % 60 else at
    return shown.isoformat(timespec="seconds").removesuffix("+00:00") + ("Z" if not shown.utcoffset() else "")
