"""Lines of a body that look like definitions of footnotes, with their words; whether they are is decided elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from rostra.markup import note_forms as forms
from rostra.markup.body_parts import tag_name, tag_pairs
from rostra.markup.note_forms import CallForm
from rostra.markup.weave import CALL
from rostra.model import FORMAL, Block, Body
from rostra.system.lazy_regex import late

SURE: set[CallForm] = {"bracket", "figure"}
"""Forms that lists do not use."""
KINDS = {"paragraph", "item", "signature"}
"""Blocks that may contain definitions."""
UNWRAPPED = 45
"""How many code points a line that wraps has; a shorter line was ended on purpose."""
NEWLINE = late(r"\n")
FIRST = late(r'start="(\d{1,3})"')
UNCOUNTED = late(r"typed|reversed")
NONE = -1


class Definition(Struct):
    """Lines that look like a definition: ``text[start:end]`` in ``body.blocks[block]``; its words are ``text[low:high]``.

    Consecutive definitions of one form have the same ``run``.  ``returns`` tells whether a sign linked back to the call;
    ``words`` counts its words, where an address counts as many; ``ends`` tells whether only other definitions and what programs write follow.  ``reason`` says why it is not a definition; ``calls`` counts its
    calls above.
    """

    start: int
    end: int
    block: int
    form: CallForm
    label: str
    low: int
    high: int = 0
    run: int = 0
    words: int = 0
    returns: bool = False
    ends: bool = False
    reason: str | None = None
    calls: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether it cannot be the item of a list."""
        return self.form in SURE or self.returns


def definitions_of(body: Body, breaks: Sequence[int]) -> list[Definition]:
    """Return the lines that look like definitions, in order; ``breaks`` are the spaces in the text that were line breaks."""
    newlines = (found.start() for found in NEWLINE.finditer(body.text))
    lines = sorted({*newlines, *breaks, *forms.starts_within(body.text)})
    raised = dict(raised_labels(body))
    numbers = _numbered(body)
    found: list[Definition] = []
    plain = 0  # the end of the last line that is not one
    for n, block in enumerate(body.blocks):
        if block.depth or block.kind == "attribution":
            continue
        here = list(_in_block(body, n, lines, raised, numbers.get(n))) if block.kind in KINDS else []
        found += here
        if block.kind not in FORMAL:
            plain = max(plain, _last_plain(block, here))
    calls = [at for at, tag in body.tags if tag.startswith(CALL)]
    for before, each in zip([None, *found], found, strict=False):
        each.ends = each.start >= plain
        if before is not None:
            follows = before.form == each.form and not body.text[before.end : each.start].strip()
            each.run = before.run + (not follows)
        _judge(each, body.text, calls)
    _judge_words(found, body.text)
    return found


def _judge_words(definitions: Sequence[Definition], text: str) -> None:
    """Set the reason for lines that begin with words in brackets and need not be notes: a log, a chat, a sentence."""
    named = [each for each in definitions if forms.is_word(each.label)]
    labels = {each.label for each in definitions}
    lines = Counter(each.label for each in named)
    is_log = any(count > 1 for count in lines.values())
    for each in named:
        is_link = forms.ONLY_LINK.match(text[each.low : each.high])
        if lines[each.label] > 1 or (is_log and not is_link):
            each.reason = each.reason or "it may be a log or a chat: several lines begin with the same words"
        elif not each.ends and not is_link:
            each.reason = each.reason or "the post continues below what may be a sentence"
        elif each.label == "vi" and "v" not in labels and not is_link and "^" not in text[each.start : each.low]:
            each.reason = each.reason or "it may be the editor vi: there is no note v"


def _last_plain(block: Block, definitions: list[Definition]) -> int:
    """Return the end of a block's last line that does not look like a definition; 0 if all do."""
    covered = block.end
    for each in reversed(definitions):
        if each.end < covered - 1:
            return covered
        covered = each.start
    return covered if covered > block.start else 0


def _judge(each: Definition, text: str, calls: Sequence[int]) -> None:
    """Set the span of its words, and the reason if it cannot be a definition."""
    if each.end - each.low > forms.LONGEST:
        each.high, each.reason = each.end, "it is too long for a note"
        return
    low, high, each.returns = forms.definition_span(text[each.low : each.end])
    each.low, each.high = each.low + low, each.low + high
    said = text[each.low : each.high]
    each.words = len(said.split()) + forms.MANY * bool(forms.ONLY_LINK.match(said))
    first = said.partition("\n")[0]
    if not forms.has_prose(said) or forms.CONSOLE.fullmatch(first):
        each.reason = "it has no words, like program output"
    elif bisect_right(calls, each.end) > bisect_left(calls, each.start):
        each.reason = "a note is called in it"
    elif each.form == "sign" and text[each.high - 1] == each.label[0]:
        each.reason = "it is emphasised"


def _in_block(
    body: Body, n: int, lines: Sequence[int], raised: dict[int, tuple[int, str]], number: str | None
) -> Iterator[Definition]:
    """Yield the definitions among the lines of a block; each extends to the next one."""
    text, block = body.text, body.blocks[n]
    inside = lines[bisect_left(lines, block.start) : bisect_left(lines, block.end)]
    current: Definition | None = None
    first = 0  # the end of the first line of its words
    before = block.start
    for start, end in zip([block.start, *(at + 1 for at in inside)], [*inside, block.end], strict=True):
        made = _begun(text, start, end, n, raised, number if start == block.start else None)
        if made and current and not _goes_to(current, made):
            made = None
        if made and not current and start > block.start and not _is_begun(text, before, start - 1, made):
            made = None
        if made:
            if current:
                yield current
            current, first = made, end
        elif current:
            first = end if not text[current.low : first].strip() else first
            current.end = end
        before = start
    if current:
        if forms.ONLY_LINK.match(text[current.low : first].strip()):
            current.end = first  # if the last one begins with a lone link, that is all of it
        yield current


def _begun(
    text: str, start: int, end: int, block: int, raised: dict[int, tuple[int, str]], number: str | None
) -> Definition | None:
    """Return the definition that a line begins, or None."""
    if start in raised and len(forms.labels_of(raised[start][1])) == 1:
        low, label = raised[start][0], raised[start][1].translate(forms.DIGITS)
        found = forms.AFTER_LABEL.match(text, low, end)
        return Definition(start, end, block, "figure", label, found.end() if found else low)
    if begun := forms.begins_definition(text, start, end):
        return Definition(start, end, block, *begun)
    return Definition(start, end, block, "item", number, start) if number else None


def _goes_to(current: Definition, made: Definition) -> bool:
    """Whether the line after a definition begins another: a number at a line wrap begins none."""
    if made.form in SURE or made.form == "sign":
        return True
    return made.form == current.form and made.label == _next(current.label)


def _next(label: str) -> str | None:
    """Return the label after a number or letter; None after a sign."""
    if label.isdigit():
        return str(int(label) + 1)
    return chr(ord(label) + 1) if label.isalpha() else None


def _is_begun(text: str, start: int, end: int, made: Definition) -> bool:
    """Whether the author began a line within a paragraph, rather than wrapped the full line ``text[start:end]``."""
    ended = end - start < UNWRAPPED or text[end - 1] in ".:!?"
    return ended or forms.BEGINS_NOTE.match(text, made.low) is not None


def raised_labels(body: Body) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yield raised text that can be a label: its start, its end and its text."""
    if not any(tag == "<sup>" for _, tag in body.tags):
        return
    for opens, closes in tag_pairs(body.tags):
        if body.tags[opens][1] == "<sup>":
            start, end = body.tags[opens][0], body.tags[closes][0]
            if found := forms.RAISED.fullmatch(body.text, start, end):
                yield start, (end, found["labels"] or found["one"])


def _numbered(body: Body) -> dict[int, str]:
    """Return the numbers of items of numbered lists, by block, if they are not in the text."""
    numbers: dict[int, str] = {}
    if not any(tag.startswith("<ol") for _, tag in body.tags):
        return numbers
    firsts = [block.first for block in body.blocks]
    lists: list[int] = []  # the next number of each open list; of one without numbers, none
    for n, (_, tag) in enumerate(body.tags):
        name = tag_name(tag)
        if name in ("ol", "ul") and tag.startswith("</"):
            lists.pop()
        elif name in ("ol", "ul"):
            start = FIRST.search(tag)
            lists.append((int(start[1]) if start else 1) if name == "ol" and not UNCOUNTED.search(tag) else NONE)
        elif name == "li" and not tag.startswith("</") and lists and lists[-1] != NONE:
            numbers[bisect_right(firsts, n)] = str(lists[-1])
            lists[-1] += 1
    return numbers
