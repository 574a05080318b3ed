"""Find heads that begin with a name where the unexplained line above it may be the name as well."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.readers.copied.blocks import RecordBlock
from rostra.readers.copied.layout import DumpLine, Template
from rostra.readers.copied.learning.line_keys import line_key, may_name
from rostra.readers.copied.names import folded_name
from rostra.readers.copied.records import PostRecord
from rostra.readers.text.furniture import COUNT, SORTED


def doubtful_heads(lines: Sequence[DumpLine], blocks: Sequence[RecordBlock], records: Sequence[PostRecord]) -> set[int]:
    """Return the indices of the posts with such heads; an account that other posts have beside the same name makes it certain."""
    doubtful = {n for n, block in enumerate(blocks) if _is_doubtful(lines, block)}
    others = [each.held for n, each in enumerate(records) if n not in doubtful]
    # Above the first post is the page; elsewhere the name below another may be that of the answered person.
    if folded_name(records[0].held.get("author", "")) in {folded_name(held.get("author", "")) for held in others}:
        doubtful.discard(0)
    accounts = {(held["handle"], held.get("author")) for held in others if "handle" in held}
    return {n for n in doubtful if (records[n].held.get("handle"), records[n].held.get("author")) not in accounts}


def _is_doubtful(lines: Sequence[DumpLine], block: RecordBlock) -> bool:
    """Whether the unexplained line directly above a head that begins with a name may be the name as well."""
    at = block.first - 1
    head = block.template.head
    if not block.in_head or at < 0 or not head or not head[0].is_open or "author" not in head[0].slots:
        return False
    if "{clock}" in head[0].pattern:
        return False
    above = lines[at]
    # Notices and days are not among the lines, but separate them.
    beside = (
        above.number == lines[block.first].number - 1
        and may_name(line_key(above, None))
        and not COUNT.match(above.text)
    )
    free = not any(n == at for _, n in block.foot_before.pairs) and not _in_foot(block.template, above)
    return beside and free and not SORTED.match(above.text)


def _in_foot(template: Template, line: DumpLine) -> bool:
    return any(not item.is_open and item.match(line) is not None for item in template.foot)
