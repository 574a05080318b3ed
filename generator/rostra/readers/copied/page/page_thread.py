"""Convert records to a thread: authors, replies, and problems about lines of the page that are left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from rostra.i18n import remarks
from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.copied.doubts import cut_lines
from rostra.readers.copied.doubts.doubtful_lines import (
    SHOWN,
    below_posts,
    lines_left_out,
    may_begin,
    notices_left_out,
    shared_lines,
    unnamed_posts,
)
from rostra.readers.copied.layout import TemplateLine, prepared
from rostra.readers.copied.learning.openings import anchor_words
from rostra.readers.copied.names import WORDS, folded_name, without_rank
from rostra.readers.copied.page import around
from rostra.readers.copied.page.first_post import first_record
from rostra.readers.copied.page.opener import FirstPost, Opener, opener
from rostra.readers.copied.page.page_below import page_begins
from rostra.readers.copied.page.replies import Reply, Voice, replies
from rostra.readers.copied.page.reply_titles import repeated_titles
from rostra.readers.copied.page.titles import opening_title
from rostra.readers.copied.page.topic import first_opens, unread_opening
from rostra.readers.copied.page_words import any_of, without_verb
from rostra.readers.copied.records import CutText, PostRecord
from rostra.readers.copied.times.local_times import DayOrder, day_order, local_time
from rostra.readers.dumps.times import certain, no_zone
from rostra.readers.text.furniture import gone, number
from rostra.system.lazy_regex import late

LOST = late(r"\[(?:deleted|removed)\](?:@\S+)?|deleted", re.IGNORECASE)
"""What replaces the name of a deleted account."""
TWO_NAMES = late(
    lambda: rf"\s{{2,}}|(?<=\w)@(?=\w)|\s*(?:[>▶►→↪➜⟶]|{any_of('answers')})\s*",
    re.IGNORECASE,
)
"""What separates an author from the person who is answered, in one line."""
MANY = 5
"""The fewest posts at which a thread without any reply is a problem."""
_COUNT = late(r"\d+")


def thread(lines: Sequence[str], cut: CutText, repaired: tuple[Problem, ...], *, titled: bool = False) -> RawThread:
    """Return the thread of a copied page that was cut into records."""
    # Long: the parts of a page in their order, each used by the next.
    records = _ended(lines, cut)
    below = _below(cut, records[-1])
    repeated = repeated_titles(lines, len(records))
    begun = first_record(lines, records, repeated, known=cut.layout.is_known)
    records[0] = begun.record
    first = FirstPost(records[0].held.get("time"), anchor_words(records[0].template))
    feet = [n for n in range(cut.above) if first.words and lines[n].strip().casefold().startswith(first.words)]
    noted = {n for begin, end in cut.notices for n in range(begin, end)}.union(cut.days, feet)
    top = around.above(
        ["" if n in noted else line for n, line in enumerate(lines[: cut.above])],
        whole=cut.layout.is_known or bool(feet),
        titled=titled,
        repeated=repeated,
        headed=begun.title,
        posts=len(records),
        people={folded_name(each.held["author"]) for each in records if "author" in each.held},
        below=lines[below:],
    )
    top = unread_opening(top, cut, lines)
    voices = _voices(lines, records)
    order = day_order(record.held["time"] for record in records if "time" in record.held)
    by = _opener(lines, top, feet, (author for author, _, _ in voices), first, order)
    posts, problems = _opening(lines, top, noted, by, order), list(repaired)
    opening = posts[0].key if posts else _key(records[0]) if first_opens(cut, lines) else None
    found = replies(records, [voice for _, _, voice in voices], _may_open(lines[: cut.above]))
    above: list[PostRecord] = []
    for record, reply, (author, body, voice) in zip(records, found, voices, strict=True):
        parent = opening if reply.parent is None else _key(records[reply.parent])
        gaps = _gaps(record, reply, parent)
        posts += gaps
        if gaps:
            message = f"the indentation jumps by {len(gaps) + 1} levels: {len(gaps)} missing"
            problems.append(Problem(code="missing-post", message=message, post=_key(record), line=record.first + 1))
            parent = gaps[-1].key
        own = None if _key(record) == opening else parent
        posts.append(_post(record, cut.layout.dialect, author, body, voice, own, order, inferred=reply.by == "page"))
        while above and above[-1].column >= record.column:
            above.pop()
        if reply.by == "indentation":
            above.append(record)
        posts += _hidden(lines, record, above, opening, problems)
    problems += unnamed_posts(records, problems)
    problems += (may_begin(n, below) for n in cut.refused[:SHOWN])
    problems += shared_lines(lines, records)
    problems += below_posts(lines, cut, records)
    if unzoned := next((each for each in posts if each.created_local), None):
        problems.append(no_zone(unzoned.created_text or "", unzoned.key, unzoned.line))
    title = next(
        (record.held["title"] for record in records if record.template.role == "opening" and "title" in record.held),
        top.title or (opening_title(posts[0].body) if top.opening[1] else None),
    )
    problems += lines_left_out(
        lines,
        records,
        [*top.left, *feet, *begun.left, *(n for n in range(below, len(lines)) if lines[n].strip() and n not in noted)],
    )
    problems += notices_left_out(lines, cut.notices)
    problems += cut_lines.words_left_out(lines, records, posts, cut.layout, below, noted.union(begun.left))
    if not any(reply.parent is not None for reply in found):
        problems += _flat(lines, top.opening, records)
    return RawThread(posts=tuple(posts), title=title, place=cut.layout.place, problems=tuple(problems))


def _opener(
    lines: Sequence[str], top: around.Above, feet: Sequence[int], names: Iterable[str | None], first: FirstPost,
    order: DayOrder | None,
) -> Opener | None:  # fmt: skip
    """Return who opened the thread; below the opening post, only the ``feet`` tell it: other lines tell what somebody did later."""
    shown = [lines[n] for n in (*(n for n in top.left if n < top.opening[1]), *feet)]
    return opener(prepared(shown), names, first, order)


def _flat(lines: Sequence[str], opening: tuple[int, int], records: Sequence[PostRecord]) -> Iterable[Problem]:
    """Yield the problem that all posts are on one level, unless all are indented below the opening post."""
    set_in = bool(opening[1]) and records[0].column > _column(lines[opening[0] : opening[1]])
    set_in |= records[0].template.role == "opening" and records[-1].column > records[0].column
    if len(records) >= MANY and not set_in:
        message = "the page does not show who answers whom: all posts are on one level"
        yield Problem(code="flat-thread", message=message, line=records[0].first + 1)


def _key(record: PostRecord) -> str:
    return f"line-{record.first + 1}"


def _below(cut: CutText, last: PostRecord) -> int:
    """Return the line below the posts, if the last one is perhaps shorter than it was cut."""
    if last.body[1] < cut.records[-1].body[1]:
        return last.body[1]
    return max(cut.below, last.body[1]) if last.body != cut.records[-1].body else cut.below


def _ended(lines: Sequence[str], cut: CutText) -> list[PostRecord]:
    """Return the records; if no foot ends the last one, without the lines of the page below it."""
    last = cut.records[-1]
    if last.body[1] == cut.below and last.body[0] < cut.below:
        # Text on the line of its head is kept in any case, otherwise the first line of its body.
        begin = last.body[0] + (last.lead is None)
        ends = [TemplateLine(pattern) for pattern in cut.layout.ends]
        below = (
            begin + line.number
            for line in prepared(list(lines[begin : cut.below]))
            if any(each.match(line) is not None for each in ends)
        )
        start = last.first if last.lead else last.body[0]
        again = around.repeated_end(lines, cut.above, start, cut.below)
        begins = page_begins(lines, [each.lines for each in cut.records]) if not cut.layout.is_known else None
        end = min(around.end(lines, start, again), next(below, again), again if begins is None else begins)
        last = replace(last, body=(last.body[0], end))
    return [*cut.records[:-1], last]


def _voices(lines: Sequence[str], records: Sequence[PostRecord]) -> list[tuple[str | None, str, Voice]]:
    """Return for each record the author, the text, and whom it answers."""
    # The names that begin with each person's; of two names with words between them, the first is the author.
    speakers: dict[str, set[str]] = {}
    for whole in {record.held.get("author", "") for record in records}:
        speakers.setdefault(TWO_NAMES.split(whole)[0], set()).add(whole)
    names = without_verb([record.held.get("author") for record in records])
    found = []
    for record, body, name in zip(records, [_body(lines, each) for each in records], names, strict=True):
        answers = record.held.get("answers")
        if name and answers is None:
            apart = TWO_NAMES.search(name)
            first, second = (name[: apart.start()], name[apart.end() :]) if apart else ("", "")
            # A name with two spaces in it, "z  z", is no evidence of its own that somebody is called "z".
            if apart and first and second and (speakers.get(second, set()) - {name} or any(map(str.isalpha, apart[0]))):
                name, answers = first, second
        name = without_rank(name) if name else name
        found.append((name, body, Voice(folded_name(name) if name else None, answers, body)))
    return found


def _may_open(lines: Sequence[str]) -> frozenset[str]:
    """Return what may be the name of the thread's author, folded: lines above all posts, and words of such lines with a time."""
    found: set[str] = set()
    for line in prepared(list(lines)):
        words = line.masked.split()
        many = range(1, WORDS + 1) if line.times else (len(words),)
        found |= {folded_name(" ".join(words[at : at + n])) for n in many for at in range(len(words) - n + 1)}
    return frozenset(found)


def _body(lines: Sequence[str], record: PostRecord) -> str:
    first, last = record.body
    kept = [line.expandtabs(4) for line in lines[first:last]]
    margin = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
    margin = min(margin, record.column)
    shown = [line[margin:].rstrip() if line[:margin].isspace() or not margin else line.strip() for line in kept]
    # Text on a line of the head or foot may be a separate paragraph.
    above = [record.lead, *[""] * (first > 0 and not lines[first - 1].strip())] if record.lead else []
    below = [*[""] * (last < len(lines) and not lines[last].strip()), record.tail] if record.tail else []
    body = "\n".join([*above, *shown, *below])
    return re.sub(r"[\u200b\ufeff]", "", body).strip("\n")


def _opening(
    lines: Sequence[str], top: around.Above, noted: set[int], by: Opener | None, order: DayOrder | None
) -> list[RawPost]:
    first, last = top.opening
    if first == last:
        return []
    left = noted.union(top.left)
    kept = [(n, lines[n].expandtabs(4).rstrip()) for n in range(first, last) if n not in left]
    start = next(n for n, line in kept if line.strip())
    margin = min(len(line) - len(line.lstrip()) for _, line in kept if line.strip())
    body = "\n".join(line[margin:] for _, line in kept).strip("\n")
    post = RawPost(key=f"line-{start + 1}", line=start + 1, body=body)
    if by is None:
        return [post]
    created = certain(by.when) if by.when else None
    local = local_time(by.when, order) if by.when and not created else None
    author = Author(name=by.name)
    return [replace(post, author=author, created=created, created_local=local, created_text=by.when)]


def _gaps(record: PostRecord, reply: Reply, parent: str | None) -> list[RawPost]:
    """Return a missing post for each level that the indentation skips."""
    found: list[RawPost] = []
    for n in range(reply.gaps if parent else 0):
        key = f"above-{record.first + 1}-{n + 1}"
        found.append(RawPost(key=key, parent=found[-1].key if found else parent, kind="missing", line=record.first + 1))
    return found


def _post(
    record: PostRecord, dialect: str, author: str | None, body: str, voice: Voice, parent: str | None,
    order: DayOrder | None, *, inferred: bool,
) -> RawPost:  # fmt: skip
    held = record.held
    kind: PostKind = gone(body) or "post"
    when = held.get("time")
    created = certain(when) if when else None
    notes = (
        remarks.IN_ANSWER_TO % {"what": voice.answers} if voice.answers else None,
        remarks.EDITED_AT % {"what": held["edited"]} if "edited" in held else None,
    )
    return RawPost(
        key=_key(record),
        parent=parent,
        parent_by="page" if inferred and parent else "source",
        kind=kind,
        author=Author(name=author, id=held.get("handle")) if author and not LOST.fullmatch(author) else None,
        created=created,
        created_local=local_time(when, order) if when and not created else None,
        created_text=when,
        score=_number(held.get("score")),
        line=record.first + 1,
        title=held.get("title"),
        body="" if kind != "post" else body,
        dialect=dialect,  # type: ignore[arg-type]  # a layout's dialect is one
        note="; ".join(filter(None, notes)) or None,
    )


def _hidden(
    lines: Sequence[str], record: PostRecord, above: Sequence[PostRecord], opening: str | None, problems: list[Problem]
) -> Iterable[RawPost]:
    """Yield a missing post for replies that are not shown; ``above`` are the record and its ancestors, if indentation is depth."""
    for line in record.hidden:
        text = lines[line].strip()
        if "more" not in text.casefold() and "load" not in text.casefold() and "continue" not in text.casefold():
            continue  # how many answers there are, beside a button that shows or hides them
        found = _COUNT.search(text)
        count = int(found[0]) if found else 0
        key = f"more-{line + 1}"
        replies_were = "1 reply was" if count == 1 else f"{count or 'some'} replies were"
        message = f"{replies_were} not loaded when the page was copied"
        problems.append(Problem(code="more-replies", message=message, post=key, line=line + 1))
        levels = bisect_left(above, _column(lines[line : line + 1]), key=lambda each: each.column)
        parent = _key(above[levels - 1]) if levels else opening if above else _key(record)
        yield RawPost(key=key, parent=parent, kind="missing", hidden=count, line=line + 1)


def _column(lines: Sequence[str]) -> int:
    """Return the column of the first line that is not blank."""
    first = next(line.expandtabs(4) for line in lines if line.strip())
    return len(first) - len(first.lstrip())


def _number(text: str | None) -> int | None:
    try:
        return number(text) if text else None
    except (ValueError, ArithmeticError):
        return None
