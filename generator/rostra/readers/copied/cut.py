"""Cut lines into records by a layout: which lines belong to a post, which to the page, which the layout does not explain.

Records are found by their anchors, the lines with times.  From each anchor the items beside it are matched line by
line, outwards.  The lines between the head of a post and its foot are its body.  Each line is matched with a bounded
number of items, so the cost is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from rostra.readers.copied.blocks import MORE, RecordBlock, ShownPeople, blocks_of, by_place
from rostra.readers.copied.doubts.doubtful_heads import doubtful_heads
from rostra.readers.copied.layout import DumpLine, PageLayout, TemplateLine
from rostra.readers.copied.learning.openings import below_opening
from rostra.readers.copied.learning.signatures import signed
from rostra.readers.copied.matching import matched
from rostra.readers.copied.names import folded_name
from rostra.readers.copied.page.notices import notices_of, without_notices
from rostra.readers.copied.records import CutText, PostRecord, unnamed
from rostra.readers.copied.times.dates import dated, days_of

KNOWN = 4.0
"""What it counts in favour of the first post's head that it names somebody who writes elsewhere."""


def cut(lines: Sequence[DumpLine], layout: PageLayout) -> CutText | None:
    """Return the records of a text; None if the layout finds none."""
    days = days_of(lines, layout)
    between = notices_of(lines, layout) | {n: n + 1 for n in days}
    found = _cut(lines, without_notices(lines, between), layout)
    if found is None:
        return None
    if not between:
        return replace(found, records=tuple(dated(found.records, ())))
    # No post is empty: the lines directly below its head are its text, even if they look like a notice.
    if words := _only_words(lines, found, between) - days.keys():
        between = {first: end for first, end in between.items() if first not in words}
        found = _cut(lines, without_notices(lines, between), layout) or found
    found = replace(found, records=tuple(_with_first_words(lines, between, found.records)))
    outside = [n for n in sorted(between) if not _within(lines[n].number, found.records)]
    days_used = [(lines[n].number, days[n]) for n in outside if n in days]
    notices = [(lines[n].number, lines[between[n] - 1].number + 1) for n in outside if n not in days]
    return replace(
        found,
        records=tuple(dated(found.records, days_used)),
        notices=tuple(notices),
        days=tuple(line for line, _ in days_used),
    )


def _only_words(lines: Sequence[DumpLine], found: CutText, notices: dict[int, int]) -> set[int]:
    """Return the notices directly below a head that has no other text below it."""
    begins = [record.first for record in found.records]
    said = [record.body[0] < record.body[1] or bool(record.lead or record.tail) for record in found.records]
    words: dict[int, int] = {}
    for first in sorted(notices):
        n = bisect_right(begins, lines[first].number) - 1
        if n >= 0 and not said[n]:
            words.setdefault(n, first)
    return set(words.values())


def _with_first_words(
    lines: Sequence[DumpLine], between: dict[int, int], records: Sequence[PostRecord]
) -> Iterator[PostRecord]:
    """Return the records, with the lines between a head and the text below it: no lines of the page are there."""
    begins = {end: first for first, end in between.items()}
    numbers = [line.number for line in lines]
    for record in records:
        start, end = record.body
        at = bisect_left(numbers, start)
        while start < end and record.template.has_timed_head and at in begins:
            at = begins[at]
        yield replace(record, body=(lines[at].number, end)) if start < end else record


def _within(line: int, records: Sequence[PostRecord]) -> bool:
    """Whether a line of the dump is within the body of a record."""
    n = bisect_right([record.first for record in records], line) - 1
    return n >= 0 and records[n].body[0] <= line < records[n].body[1]


def _cut(all_lines: Sequence[DumpLine], lines: Sequence[DumpLine], layout: PageLayout) -> CutText | None:
    """Return the records of the lines that are not notices; the share of explained lines is of all lines of the text."""
    blocks, refused = blocks_of(lines, layout, ShownPeople.of(lines, layout))
    if not blocks:
        return None
    records = list(_answering(lines, signed(_records(lines, blocks))))
    below = _end(lines, blocks, records)
    numbers = [line.number for line in all_lines]

    def among(first: int, last: int) -> int:
        return bisect_left(numbers, last) - bisect_left(numbers, first)

    others = sum(among(*record.body) + len(record.unexplained) for record in records)
    return CutText(
        layout=layout,
        records=tuple(records),
        above=records[0].first,
        below=below,
        refused=tuple(n for n in refused if n >= below or not _is_explained(n, records)),
        explained=among(records[0].first, below) - others,
    )


def _is_explained(line: int, records: Sequence[PostRecord]) -> bool:
    """Whether a line of the dump is in the head or the foot of a record."""
    n = bisect_right([record.first for record in records], line) - 1
    return n >= 0 and not records[n].body[0] <= line < records[n].body[1] and line not in records[n].unexplained


def _answering(lines: Sequence[DumpLine], records: Sequence[PostRecord]) -> Iterator[PostRecord]:
    """Yield the records; if the first line of a body is the name of an author, it becomes the answered person."""
    writing = {folded_name(each.held["author"]) for each in records if "author" in each.held}
    numbers = [line.number for line in lines]
    for record in records:
        first, last = (bisect_left(numbers, at) for at in record.body)
        told = (
            record.template.has_timed_head or "answers" in record.held or not any(map(by_place, record.template.head))
        )
        if told or last - first < 2 or folded_name(lines[first].text) not in writing:
            yield record
        else:
            held = record.held | {"answers": lines[first].text}
            yield replace(record, held=held, body=(lines[first + 1].number, record.body[1]))


def _records(lines: Sequence[DumpLine], blocks: Sequence[RecordBlock]) -> list[PostRecord]:
    """Return the records whose anchors are found."""
    records: list[PostRecord] = []
    end = 0
    for n, block in enumerate(blocks):
        if block.in_head:
            following = blocks[n + 1] if n + 1 < len(blocks) else None
            record, end = _below_head(lines, block, following)
        else:
            record = _above_foot(lines, block, end)
            end = block.last + 1
        records.append(record)
    doubtful = doubtful_heads(lines, blocks, records)
    records = [unnamed(each) if n in doubtful else each for n, each in enumerate(records)]
    if not blocks[0].in_head:
        # The first line of another text may be a name that a line of the page hides.
        texts = {each.body[0] for each in records[1:]}
        known = {each.held.get("author", "") for each in records[1:]} | {
            line.text for line in lines if line.number in texts
        }
        top = max(below_opening(lines, blocks[0]), 0 if blocks[0].template.head else _below_space(lines, blocks))
        records[0] = _above_foot(lines, blocks[0], top) if top else _first(lines, blocks[0], known)
    return records


def _below_space(lines: Sequence[DumpLine], blocks: Sequence[RecordBlock]) -> int:
    """Return the first line of the first post if more space is between posts than within them; 0 if space does not show it."""
    gaps = [range(a.last + 1, b.first) for a, b in pairwise(blocks) if a.last + 1 < b.first]
    between = min((lines[gap[0]].space for gap in gaps), default=0)
    if between <= max((lines[n].space for gap in gaps for n in gap[1:]), default=0):
        return 0
    return next((n for n in range(blocks[0].first - 1, 0, -1) if lines[n].space >= between), 0)


def _below_head(lines: Sequence[DumpLine], block: RecordBlock, following: RecordBlock | None) -> tuple[PostRecord, int]:
    """Return the record of a head, and the index of the line after it."""
    start = block.last + 1
    foot = block.template.foot
    needed = [item for item in foot if not item.optional]
    stop = following.first if following else len(lines)
    taken = following.foot_before.pairs if following and following.in_head else ()
    end = stop
    if not _has(taken, needed) or (following and not following.in_head) or following is None:
        found = _foot(lines, range(start, stop), foot, first=following is None)
        if found:
            taken = found
            end = max(n for _, n in taken) + 1
    body = (start, min((n for _, n in taken), default=end))
    if not following and not taken:
        end = body[1]
    held = _with(lines, block.held, taken)
    return _record(lines, block, block.first, held, body, taken, range(end, stop) if following else range(0)), end


def _above_foot(lines: Sequence[DumpLine], block: RecordBlock, begin: int) -> PostRecord:
    """Return the record of a foot; its text is above the foot, from the line ``begin``."""
    head = (MORE, *block.template.head)
    taken = matched(lines, range(begin, block.first), head, len(head), block.held.get("author"))
    pairs = taken.pairs if taken else ()
    held = _with(lines, block.held, pairs)
    start = max((n for _, n in pairs), default=begin - 1) + 1
    first = next((n for item, n in pairs if item is not MORE), min(begin, block.first))
    return _record(lines, block, first, held, (start, block.first), pairs, range(0), taken is not None)


def _first(lines: Sequence[DumpLine], block: RecordBlock, known: set[str]) -> PostRecord:
    """Return the record of the first foot.  The page is also above it, so its head is at a known name, or at the only possible place."""
    found: list[tuple[float, int]] = []
    says_above = block.template.items[block.template.body].pattern.endswith(" {body}")
    above = block.first - (not block.held.get("body") and not says_above)
    for at in range(above):
        taken = matched(lines, range(at, block.first), block.template.head, len(block.template.head), None)
        if taken and taken.pairs and taken.pairs[0][1] == at:
            named = _with(lines, {}, taken.pairs).get("author") in known
            found.append((taken.value + KNOWN * named, at))
    best = max(found, default=(0, 0))[0]
    begins = [at for value, at in found if value == best]
    if len(begins) == 1 or not block.template.head:
        return _above_foot(lines, block, begins[0] if begins else 0)
    # A wrong name is worse than none.
    record = _above_foot(lines, block, begins[0] if begins else 0)
    return replace(unnamed(record), complete=False)


def _foot(
    lines: Sequence[DumpLine], where: range, foot: Sequence[TemplateLine], *, first: bool
) -> tuple[tuple[TemplateLine, int], ...]:
    """Return where all lines of a foot are present: the first such place or the last."""
    needed = [item for item in foot if not item.optional]
    begins = list(foot[: foot.index(needed[0]) + 1]) if needed else [each for each in foot if not each.is_open]
    for at in where if first else reversed(where):
        if any(item.match(lines[at]) is not None for item in begins):
            taken = matched(lines, range(at, where.stop), foot, len(foot), None)
            if taken and taken.value > 0 and _has(taken.pairs, needed) and (needed or taken.pairs[0][1] == at):
                return taken.pairs
    return ()


def _has(pairs: Sequence[tuple[TemplateLine, int]], needed: Sequence[TemplateLine]) -> bool:
    return all(any(item is each for item, _ in pairs) for each in needed)


def _with(lines: Sequence[DumpLine], held: dict[str, str], pairs: Sequence[tuple[TemplateLine, int]]) -> dict[str, str]:
    """Return the values of slots, with those of the items found last."""
    out = dict(held)
    for item, n in pairs:
        for slot, value in (item.match(lines[n]) or {}).items():
            out.setdefault(slot, value)
    return out


def _record(
    lines: Sequence[DumpLine], block: RecordBlock, first: int, held: dict[str, str], body: tuple[int, int],
    pairs: Sequence[tuple[TemplateLine, int]], after: range, complete: bool = True,
) -> PostRecord:  # fmt: skip
    foot = block.template.foot if block.in_head else ()
    start, stop = body
    said = (lines[start].number, lines[stop - 1].number + 1) if start < stop else (0, 0)
    inline = held.pop("body", None)
    above = block.in_head or block.template.items[block.template.body].pattern.endswith(" {body}")
    return PostRecord(
        template=block.template,
        first=lines[first].number,
        column=lines[first].column,
        held=held,
        body=said,
        lead=inline if above else None,
        tail=None if above else inline,
        hidden=tuple(sorted(lines[n].number for item, n in pairs if "more" in item.slots)),
        unexplained=tuple(lines[n].number for n in after),
        complete=complete and _has(pairs, [item for item in foot if not item.optional]),
    )


def _end(lines: Sequence[DumpLine], blocks: Sequence[RecordBlock], records: Sequence[PostRecord]) -> int:
    """Return the line of the dump after the last record."""
    last, block = records[-1], blocks[-1]
    if not block.in_head:
        return lines[block.last].number + 1
    foot = _foot(lines, range(block.last + 1, len(lines)), block.template.foot, first=True)
    if foot:
        return lines[max(n for _, n in foot)].number + 1
    return max(last.body[1], lines[block.last].number + 1)
