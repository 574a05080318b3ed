"""Footnotes that people type: ``[1]`` in a sentence and a line ``[1] https://…`` below, in all forms of ``note_forms``.

They are recognised in a rendered body, so that all dialects have the same rules.  A definition is removed from the body,
and a call becomes markup.  In doubt, text stays as typed.

- A definition is a line of the author's own text (no quotation, no code) that begins with a label and is called above.
- ``[1] words``, ``[^1] words``, ``^1 words`` and ``¹ words`` may be anywhere; ``[Weir 1990] words`` ends the post or is an address.  ``1. words``, ``1) words``, ``(1) words``, ``1: words``, ``* words``, ``(*) words``
  and items of a list may be what they look like: they must end the post, and each must be called above, in order.
- A call leads to the next definition of its label below, or else to the last one above.
- Either all notes of a group such as ``[1, 2]`` are called or none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from rostra.markup import note_forms as forms
from rostra.markup.body_parts import without_cuts
from rostra.markup.note_calls import calls_of
from rostra.markup.note_cuts import NoteLines, called, heading_above, lines_out
from rostra.markup.note_forms import Call, CallForm
from rostra.markup.note_lines import SURE, Definition, definitions_of
from rostra.markup.note_links import note_words
from rostra.model import Body, Note
from rostra.system.lazy_regex import late

CALLED_BY: dict[CallForm, set[CallForm]] = {
    "bracket": {"bracket", "figure", "sign"},
    "figure": {"bracket", "figure", "caret"},
    "sign": {"bracket", "figure", "sign"},
    "paren": {"bracket", "figure", "paren"},
    "half": {"bracket", "figure", "half"},
    "dot": {"bracket", "figure"},
    "colon": {"bracket", "figure"},
    "item": {"bracket", "figure"},
}
"""The forms of calls for definitions of each form; ``x^2`` is more often a power, so ``^2`` calls no line that begins with ``[2]``."""
ROUNDS = 5
"""How many passes are made over a body: after one, the rest of a line or a sentence may become a note."""
CALLED = 0.5
"""The share of a list of definitions that must be called; with less, the list is a bibliography."""
LISTED = 3
"""How many consecutive definitions make such a list."""
BEGINNING = {"paren", "half", "colon", "dot", "item"}
FIRST = {"0", "1", "a"}
"""First labels of notes in those forms; a number in brackets may also refer to an earlier point."""
SAYS = 3
"""How many words a single line has at least, if it may also be a numbered heading."""
SIGNS = "*†‡§"
LIKELY = [
    late(rf"\[\^?(?:{forms.LABEL}[\] ,;–-]|{forms.WORD}[\] ,;])"),
    late(rf"[{forms.FIGURES}{SIGNS}]"),
    late(rf"\((?:[0-9]{{1,3}}|[a-z]|{forms.SIGN})\)"),
    late(r"[0-9]\)|\^[0-9]"),
]
"""A part of every typed call, unless a tag raises it: few bodies have one, and only they are examined."""
LINE = rf"[ \t]*+(?:\[\^?(?:{forms.LABEL}|{forms.WORD})\]|[{forms.FIGURES}{SIGNS}]|\^[0-9]|\(?[0-9]{{1,3}}[).:]|\((?:[a-z]|{forms.SIGN})\))"
TAGS = {"<sup", "<ol>", "<ol "}
"""The first four code points of tags that raise a label or number an item."""
BEGINS, BROKEN = late(rf"^{LINE}", re.MULTILINE), late(LINE)
"""The start of every line that may define a note, unless a tag raises its label, or a list has its number."""


class Refused(Struct, frozen=True):
    """What looks like the definition or call of a note in ``text[start:end]`` and is not one, with the text as typed."""

    text: str
    reason: str


class Noted(Struct, frozen=True):
    """A body with its notes; ``breaks`` are the spaces in its text that were line breaks."""

    body: Body
    breaks: tuple[int, ...] = ()
    refused: tuple[Refused, ...] = ()


Bound = list[tuple[Call, list[Definition]]]
"""Calls, each with the definition of each of its labels."""


def find_notes(body: Body, breaks: Sequence[int] = (), unmade: Collection[str] = (), explain: bool = False) -> Noted:
    """Return the body with its typed notes; notes with labels in ``unmade`` are left as typed.

    ``refused`` is filled if ``explain`` is set.
    """
    found = Noted(body, tuple(breaks))
    for _ in range(ROUNDS):
        before, found = found, _once(found.body, found.breaks, unmade, explain)
        if found.body is before.body:
            break
    return found


def _once(body: Body, breaks: Sequence[int], unmade: Collection[str], explain: bool) -> Noted:
    if not explain and not _is_likely(body, breaks):
        return Noted(body, tuple(breaks))
    definitions = definitions_of(body, breaks)
    if not explain and all(each.reason for each in definitions):
        return Noted(body, tuple(breaks))
    calls = calls_of(body, definitions)
    for each in definitions:
        if each.label in unmade:
            each.reason = each.reason or "the card says that it is not a note"
    _judge_lists(definitions, calls)
    bound = _bound(definitions, calls)
    _settle(definitions, bound)
    refused = tuple(_refused(body.text, definitions, calls, bound)) if explain else ()
    notes = [each for each in definitions if each.reason is None]
    if not notes:
        return Noted(body, tuple(breaks), refused)
    live = [(call, of) for call, of in bound if all(each.reason is None for each in of)]
    made, breaks = _made(body, breaks, notes, live)
    return Noted(made, breaks, refused)


def _is_likely(body: Body, breaks: Sequence[int]) -> bool:
    """Whether there may be a call and a line that defines it."""
    text = body.text
    if not TAGS.isdisjoint({tag[:4] for _, tag in body.tags}):
        return True
    begins = BEGINS.search(text) or any(BROKEN.match(text, at + 1) for at in breaks)
    return bool(begins) and any(each.search(text) for each in LIKELY)


def _judge_lists(definitions: list[Definition], calls: list[Call]) -> None:
    """Set the reason for what may be a list: of consecutive definitions, either all are notes or none."""
    strong, signs = _strong(definitions), [each.label for each in definitions if each.form == "sign"]
    first: dict[tuple[str, CallForm], int] = {}
    for call in calls:
        for label in call.labels if call.doubt is None else ():
            first.setdefault((label, call.form), call.start)
    runs, begins = dict[int, list[Definition]](), dict[int, str]()
    for each in definitions:
        begins.setdefault(each.run, each.label)
        if not each.is_sure:
            runs.setdefault(each.run, []).append(each)
    for number, run in runs.items():
        reason = next((each.reason for each in run if each.reason), None) or _why_a_list(run, first, strong, signs)
        if run[0].form in BEGINNING and begins[number] not in FIRST:
            reason = reason or "it may be a list: its first number is not the first"
        for each in run:
            each.reason = reason


def _why_a_list(
    run: list[Definition], first: dict[tuple[str, CallForm], int], strong: set[str], signs: list[str]
) -> str | None:
    if not run[-1].ends:
        return "the post continues below what may be a list"
    called = [
        min((first[each.label, form] for form in _callers(each, strong) if (each.label, form) in first), default=None)
        for each in run
    ]
    if any(at is None or at >= run[0].start for at in called):
        return "nothing above calls it" if len(run) == 1 else "it may be a list: not all of it is called above"
    if len(run) == 1 and run[0].form != "sign" and run[0].words < SAYS:
        return "it may be a heading or the item of a list"
    if run[0].form == "sign":
        return "it may be a list of bullets" if any(signs.count(each.label) > 1 for each in run) else None
    rising = all(int(b.label) == int(a.label) + 1 for a, b in pairwise(run) if a.label.isdigit() and b.label.isdigit())
    if not rising or called != sorted(called, key=lambda at: at or 0):
        return "it may be a list: its numbers do not rise as they are called"
    return None


def _strong(definitions: list[Definition]) -> set[str]:
    return {each.label for each in definitions if each.is_sure and each.reason is None}


def _callers(each: Definition, strong: set[str]) -> set[CallForm]:
    """Return the forms of calls for a definition: a possible list has none for labels that a sure definition has."""
    return CALLED_BY[each.form] - (SURE if each.label in strong and not each.is_sure else set())


def _bound(definitions: list[Definition], calls: list[Call]) -> Bound:
    """Return the calls whose labels are all defined."""
    strong = _strong(definitions)
    of: dict[tuple[str, CallForm], list[Definition]] = {}
    for each in definitions:
        for form in _callers(each, strong) if each.reason is None else ():
            of.setdefault((each.label, form), []).append(each)
    taken = [(each.start, each.end) for each in definitions if each.reason is None]
    bound: Bound = []
    for call in calls:
        n = bisect_right(taken, call.start, key=lambda span: span[0]) - 1
        inside = n >= 0 and call.start < taken[n][1]
        if inside or call.doubt is not None or any((label, call.form) not in of for label in call.labels):
            continue
        led = []
        for label in dict.fromkeys(call.labels):
            defined = of[label, call.form]
            below = bisect_left(defined, call.end, key=lambda each: each.start)
            led.append(defined[min(below, len(defined) - 1)])
        bound.append((call, led))
    return bound


def _settle(definitions: list[Definition], bound: Bound) -> None:
    """Reject definitions without a call above, with the groups that call them, and those that only such groups call."""
    calling: dict[int, list[int]] = {}
    for n, (call, led) in enumerate(bound):
        for each in led:
            calling.setdefault(each.start, []).append(n)
            each.calls += call.start < each.start
    runs: dict[int, list[Definition]] = {}
    for each in definitions:
        if each.reason is None:
            runs.setdefault(each.run, []).append(each)
    for run in runs.values():
        if len(run) >= LISTED and sum(each.calls > 0 for each in run) < CALLED * len(run):
            for each in run:
                each.calls = 0
    waiting = [each for each in definitions if each.reason is None and not each.calls]
    dead: set[int] = set()
    while waiting:
        refused = waiting.pop()
        if refused.reason is not None:
            continue
        refused.reason = "nothing above calls it"
        for n in calling.get(refused.start, ()):
            if n in dead:
                continue
            dead.add(n)
            for each in bound[n][1]:
                each.calls -= bound[n][0].start < each.start
                if each.calls <= 0:
                    waiting.append(each)
        if not refused.is_sure:
            waiting += (each for each in runs[refused.run] if each.reason is None)


def _made(
    body: Body, breaks: Sequence[int], definitions: list[Definition], calls: Bound
) -> tuple[Body, tuple[int, ...]]:
    """Return the body without definitions and the heading above them, and with calls as markup."""
    numbers = {each.start: n for n, each in enumerate(definitions, len(body.notes) + 1)}
    lines = [NoteLines(each.block, each.start, each.end) for each in definitions]
    heading = heading_above(body, lines, breaks)
    if heading and any(heading.lines.start <= call.start < heading.lines.end for call, _ in calls):
        heading = None
    cuts = [
        *lines_out(body, sorted([*lines, heading.lines]) if heading else lines),
        *(called(body.text, call, [numbers[e.start] for e in led]) for call, led in calls),
    ]
    made, now = without_cuts(body, cuts)
    first: dict[int, int] = {}
    for cut in cuts:
        for number in cut.calls:
            first[number] = min(first.get(number, cut.start), cut.start)
    said = note_words(body, [(each.low, each.high) for each in definitions])
    notes = tuple(
        Note(
            label=each.label,
            text=text,
            html=html,
            marker=now(first[numbers[each.start]]),
            place=now(each.start),
            heading=heading.text if heading and n == heading.note else None,
        )
        for n, (each, (text, html)) in enumerate(zip(definitions, said, strict=True))
    )
    cut_away = sorted((cut.start, cut.end) for cut in cuts)
    starts = [start for start, _ in cut_away]

    def stays(at: int) -> bool:
        n = bisect_right(starts, at)
        return not n or at >= cut_away[n - 1][1]

    return replace(made, notes=(*made.notes, *notes)), tuple(now(at) for at in breaks if stays(at))


def _refused(text: str, definitions: list[Definition], calls: list[Call], bound: Bound) -> list[Refused]:
    """Return why text is not a note, in order; lists without calls and ordinary parentheses are not reported."""
    live = {call.start for call, led in bound if all(each.reason is None for each in led)}
    called = {label for call in calls for label in call.labels}
    defined = {each.label for each in definitions}
    told = [
        (each.start, text[each.start : each.end], each.reason)
        for each in definitions
        if each.reason and (each.is_sure or each.label in called)
    ]
    for call in calls:
        if call.start not in live and (call.form == "bracket" or (call.doubt and defined.intersection(call.labels))):
            said = text[call.start : call.end]
            told.append((call.start, said, call.doubt or "no line defines it"))
    return [Refused(said, reason) for _, said, reason in sorted(told)]
