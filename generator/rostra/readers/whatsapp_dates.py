"""Dates as a telephone writes them, whose order of day and month only the whole chat tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from rostra.model import Problem

Order = Literal["year first", "day first", "month first"]
ORDERS: tuple[Order, ...] = ("year first", "day first", "month first")


class Stamp(NamedTuple):
    """A date of three numbers, as they stand, and a clock of 24 hours; ``shown`` is all of it as written."""

    numbers: tuple[int, int, int]
    sign: str
    padded: bool
    half: bool
    clock: tuple[int, int, int]
    shown: str

    @classmethod
    def of(cls, head: re.Match[str]) -> Stamp | None:
        """The time at the head of a message; None where there is no such clock."""
        parts = re.split(r"[./-] ?", head["date"])
        hour = int(head["hour"])
        if head["half"]:
            hour = hour % 12 + (12 if head["half"] in "Pp" else 0)
        if len(parts) != 3 or hour > 23 or int(head["minute"]) > 59 or int(head["second"] or 0) > 59:
            return None
        first, second, third = map(int, parts)
        return cls(
            numbers=(first, second, third),
            sign=next(char for char in head["date"] if not char.isdigit()),
            padded=all(len(part) > 1 for part in parts),
            half=bool(head["half"]),
            clock=(hour, int(head["minute"]), int(head["second"] or 0)),
            shown=head[0][: head.start("rest")].strip("[]-– \t"),
        )

    def moment(self, order: Order) -> datetime | None:
        """The time, if its numbers are in an order; None where they make no date."""
        a, b, c = self.numbers
        year, month, day = {"year first": (a, b, c), "day first": (c, b, a), "month first": (c, a, b)}[order]
        try:
            return datetime(year + (2000 if year < 100 else 0), month, day, *self.clock)  # noqa: DTZ001  # nobody wrote its zone
        except ValueError:
            return None

    def at(self, order: Order | None) -> str:
        """The time as it is shown, the year first where the order is known."""
        moment = self.moment(order) if order else None
        return moment.strftime("%Y-%m-%d %H:%M" + (":%S" if self.clock[2] else "")) if moment else self.shown


def order_of(stamps: Sequence[Stamp]) -> tuple[Order | None, list[Problem]]:
    """The order of the numbers of a chat's dates, and a problem where nothing tells it.

    It is the one in which all are dates; of several, the one in which fewer go back in time; then the one that telephones
    write so: a point between means day first, twelve hours without leading zeros the United States.
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
    if likely and (first.sign != "/" or first.padded):
        return "day first", []
    if likely and first.half:
        return "month first", []
    message = "whether days or months come first in its dates cannot be told; they are shown as written"
    hint = "export more of the chat: a day past the twelfth tells it"
    return None, [Problem(code="bad-time", message=message, hint=hint)]


def _back(stamps: Sequence[Stamp], order: Order) -> int:
    """How often the time goes back by a day or more, as it does not in a chat."""
    days = [moment.date() for stamp in stamps if (moment := stamp.moment(order))]
    return sum(after < before for before, after in pairwise(days))
