"""Read dates as a telephone writes them: only the whole chat shows the order of day and month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from rostra.model import Problem

Order = Literal["year first", "day first", "month first"]
ORDERS: tuple[Order, ...] = ("year first", "day first", "month first")
BEFORE = "오전|오후|上午|下午|午前|午後"
"""The halves of a day that are written before the hour, as a pattern."""
AFTER = r"[AaPp]\.?\s?[Mm]\.?|ص|م|[πμ]\.?\s?μ\.?"
"""Those that are written after the minutes."""
AFTERNOON = ("p", "م", "μ", "오후", "下午", "午後")
"""How the second half of a day begins, in lower case."""


YEARS = range(2009, 2100)
"""The years in which there were chats; telephones in Iran and Thailand may write those of other calendars."""


class Stamp(NamedTuple):
    """A date as three numbers in written order, and a 24-hour time; ``shown`` is both as written."""

    numbers: tuple[int, int, int]
    sign: str
    padded: bool
    half: bool
    clock: tuple[int, int, int]
    shown: str

    @classmethod
    def of(cls, head: re.Match[str]) -> Stamp | None:
        """Return the time at the head of a message; None if that is not a valid time of day."""
        parts = re.findall(r"\d+", head["date"])
        hour = int(head["hour"])
        if half := head["half"] or head["later"]:
            hour = hour % 12 + (12 if half.lower().startswith(AFTERNOON) else 0)
        if len(parts) != 3 or hour > 23 or int(head["minute"]) > 59 or int(head["second"] or 0) > 59:
            return None
        first, second, third = map(int, parts)
        return cls(
            numbers=(first, second, third),
            sign=next(char for char in head["date"] if not char.isdigit()),
            padded=all(len(part) > 1 for part in parts),
            half=bool(half),
            clock=(hour, int(head["minute"]), int(head["second"] or 0)),
            shown=head[0][: head.start("rest")].strip("[]-– \t"),
        )

    def moment(self, order: Order) -> datetime | None:
        """Return the time if its numbers are in the given order; None if they are not a date."""
        a, b, c = self.numbers
        year, month, day = {"year first": (a, b, c), "day first": (c, b, a), "month first": (c, a, b)}[order]
        year += 2000 if year < 100 else 0
        if year not in YEARS:
            return None
        try:
            return datetime(year, month, day, *self.clock)  # noqa: DTZ001  # the export has no zone
        except ValueError:
            return None

    def at(self, order: Order | None) -> str:
        """Return the time as shown, with the year first if the order is known."""
        moment = self.moment(order) if order else None
        return moment.strftime("%Y-%m-%d %H:%M" + (":%S" if self.clock[2] else "")) if moment else self.shown


def order_of(stamps: Sequence[Stamp]) -> tuple[Order | None, list[Problem]]:
    """Return the order of the numbers in a chat's dates, and a problem if nothing decides it for certain.

    It is the order in which all are dates; of several such orders, the one in which fewer dates go back in time; then the
    one that the notation suggests: points mean day first, and no country writes them otherwise; leading zeros usually mean
    day first, a 12-hour clock without them usually the United States.
    """
    if not stamps:
        return None, []
    if any(stamp.numbers[0] > 31 for stamp in stamps):
        possible: list[Order] = ["year first"]
    else:
        possible = [order for order in ORDERS[1:] if all(stamp.moment(order) for stamp in stamps)]
    back = {order: _back(stamps, order) for order in possible}
    least = min(back.values(), default=0)
    likely = [order for order in possible if back[order] == least]
    if len(likely) == 1:
        return likely[0], []
    first = stamps[0]
    order: Order | None = None
    if likely:
        order = "day first" if first.sign != "/" or first.padded else "month first" if first.half else None
    if order and (first.sign == "." or all(stamp.numbers[0] == stamp.numbers[1] for stamp in stamps)):
        return order, []
    how = f"they are read with the {order}" if order else "they are shown as written"
    message = f"the order of day and month in the dates is unclear; {how}"
    hint = "export more of the chat: a day after the 12th decides it"
    return order, [Problem(code="bad-time", message=message, hint=hint)]


def _back(stamps: Sequence[Stamp], order: Order) -> int:
    """Count how often the time goes back by a day or more, which does not happen in a chat."""
    days = [moment.date() for stamp in stamps if (moment := stamp.moment(order))]
    return sum(after < before for before, after in pairwise(days))
