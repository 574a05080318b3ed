"""Text copied from a page: name and time on separate lines or on one, depth by indentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n import remarks
from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.copied import reading
from rostra.readers.copied.description import layout_description
from rostra.readers.copied.layout import prepared
from rostra.readers.copied.page import around, page_thread
from rostra.readers.copied.page.page_below import page_below
from rostra.readers.copied.page.page_thread import LOST
from rostra.readers.copied.page.titles import opening_title, stated_title
from rostra.readers.copied.times.local_times import DayOrder, day_order, local_time
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.times import certain, no_zone
from rostra.readers.guards.page_numbers import stated_in_lines
from rostra.readers.guards.words_shown import shortfall
from rostra.readers.text.furniture import COUNT, FURNITURE, NOTICE, SORTED, Trimmed, gone, habits, is_furniture, trim
from rostra.readers.text.headers import BULLET, Header, columns, headers
from rostra.readers.text.levels import level_jump, level_step
from rostra.readers.text.rails import unrailed
from rostra.readers.text.reading_way import ReadingWay
from rostra.readers.text.transcript import turns
from rostra.system.lazy_regex import late

NAME = "text"
ABOUT = "text copied from a page: indentation is depth"
CARRIES = ("tree", "names where copied", "times as shown", "scores where copied")
MANY = False
AT_MOST = 0.5

MACHINES = late(r"\s*(?:[\[{]\s*(?:[\"{\[\]}]|$)|\[{20}|(?><!--.*?-->\s*)*+<(?:\?xml|!doctype|html|rss|feed)\b)", re.IGNORECASE | re.DOTALL)  # fmt: skip
"""The beginning of a machine-readable format: JSON, XML, HTML."""


def recognise(dump: Dump) -> float:
    """Return a medium confidence if lines have times; a very low one for other prose."""
    if dump.is_folder or dump.begins_json:
        return 0
    text = dump.head_text
    if not text.strip() or "\0" in text or ("\ufffd" in text[:2000] and text.count("\ufffd") > len(text) // 10):
        return 0
    if MACHINES.match(text):
        return 0
    return AT_MOST if headers(unrailed(text.splitlines()[:400])) else 0.05


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the single debate of the dump."""
    text, repaired = dump.text()
    lines = _lines(text)
    repaired = (*repaired, *stated_in_lines(lines).problems())
    if not any(line.strip() for line in lines):
        raise UnreadableDump("the dump is empty", path=dump.name, hint="delete it, or dump the debate again")
    shown = prepared(lines)
    way = ReadingWay.of(dump, lines, shown, text)
    page, found = way.page, way.heads
    if page and way.is_page:
        yield page_thread.thread(lines, *reading.believed(page, repaired))
    elif len(found) <= 1 and (spoken := turns(lines)):
        # One time is that of the debate; the posts of a page with several may quote a conversation.
        yield _in_turn(lines, spoken, repaired)
    elif found:
        doubt = way.doubt(shown)
        if doubt:
            found = [replace(header, name=None, answers=None) for header in found]
            repaired = (*repaired, reading.names_left_out(doubt, found[0].first))
        yield _thread(lines, found, repaired)
    elif len(bullets := _bullets(lines)) > 1:
        message = "only bullets mark the posts: there are no names and no times"
        note = Problem(code="no-headers", message=message, line=bullets[0].first + 1)
        yield _thread(lines, bullets, (*repaired, note))
    else:
        yield _flat(lines, repaired)


def layout(dump: Dump) -> Iterator[str]:
    """Yield a description of the layout by which a dump is read."""
    text, _ = dump.text()
    lines = _lines(text)
    shown = prepared(lines)
    way = ReadingWay.of(dump, lines, shown, text)
    # A sure layout that is not used gives the reason why nobody is named.
    told = way.is_page or not way.heads or reading.is_sure(way.page)
    return layout_description(dump.name, shown, way.page if told else None)


def _lines(text: str) -> list[str]:
    # Only line endings of text files split lines: a form feed or U+2028 belongs to the post's text.
    return unrailed(re.split(r"\r\n|\n|\r", text))


def _thread(lines: list[str], found: list[Header], repaired: tuple[Problem, ...]) -> RawThread:
    title, opening = _opening(lines[: found[0].first])
    posts = list(opening)
    problems = list(repaired)
    order = day_order(header.when for header in found if header.when)
    step = level_step([header.column for header in found])
    stack: list[tuple[int, str]] = [(-1, posts[0].key)] if posts else []
    floor = len(stack)
    # The page continues below the last post, indented no deeper than the posts.
    last = around.end(lines, found[-1].last + 1, len(lines))
    if any(columns(line) >= found[-1].column > 0 for line in lines[last:] if line.strip()):
        last = len(lines)
    ends = [*(header.first for header in found[1:]), last]
    if left := sum(1 for line in lines[last:] if line.strip()):
        problems.append(
            Problem(code="page-around", message=f"{left} lines of the page below the posts are left out", line=last + 1)
        )
    bodies = [_own(lines, header, end) for header, end in zip(found, ends, strict=True)]
    usual = habits(bodies)
    texts: list[range] = []
    for header, own in zip(found, bodies, strict=True):
        key, line = f"line-{header.first + 1}", header.first + 1
        while len(stack) > floor and stack[-1][0] >= header.column:
            stack.pop()
        jump = level_jump(stack[-1][0], header.column, step) if len(stack) > floor else 1
        if jump > 1:
            above = stack[-1][0]
            for n in range(1, jump):
                missing = f"above-{line}-{n}"
                posts.append(RawPost(key=missing, parent=stack[-1][1], kind="missing", line=line))
                stack.append((above + n * step, missing))
            message = f"the indentation jumps by {jump} levels: {jump - 1} missing"
            problems.append(Problem(code="missing-post", message=message, post=key, line=line))
        trimmed = trim(own, usual)
        begin = header.last + (header.inline is None)
        texts.append(range(begin, begin + len(trimmed.lines)))
        posts.append(post := _post(header, trimmed, order, key=key, parent=stack[-1][1] if stack else None))
        problems += _unshown(own, post)
        stack.append((header.column, key))
        for at, count in trimmed.hidden:
            stood = header.last + 1 + at - (header.inline is not None)
            column = columns(lines[stood])
            parent = next((each for where, each in reversed(stack) if where < column), stack[0][1])
            posts.append(RawPost(key=f"more-{stood + 1}", parent=parent, kind="missing", hidden=count, line=stood + 1))
            replies = "1 reply was" if count == 1 else f"{count or 'some'} replies were"
            message = f"{replies} not loaded when the page was copied"
            problems.append(Problem(code="more-replies", message=message, post=f"more-{stood + 1}", line=stood + 1))
    problems += page_below(lines, texts)
    if unzoned := next((each for each in posts if each.created_local), None):
        problems.append(no_zone(unzoned.created_text or "", unzoned.key, unzoned.line))
    return RawThread(posts=tuple(posts), title=title, problems=tuple(problems))


def _in_turn(lines: list[str], spoken: list[Header], repaired: tuple[Problem, ...]) -> RawThread:
    """Return the thread of a transcript: unless indentation shows who answers whom, the posts follow each other, and the first one opens it."""
    message = "names before colons begin the posts, and nothing shows times"
    if len({header.column for header in spoken}) > 1:
        note = Problem(code="no-structure", message=message, line=spoken[0].first + 1)
        return _thread(lines, spoken, (*repaired, note))
    note = Problem(code="flat-thread", message=f"{message} or who answers whom", line=spoken[0].first + 1)
    thread = _thread(lines, spoken, (*repaired, note))
    first, *rest = thread.posts
    return replace(thread, flat=True, posts=(first, *(replace(each, parent=each.parent or first.key) for each in rest)))


def _post(header: Header, trimmed: Trimmed, order: DayOrder | None, *, key: str, parent: str | None) -> RawPost:
    body = _dedent(trimmed.lines, header.column)
    if header.name is None and header.who:
        # What is perhaps not a name is kept as text.
        apart = "\n" if trimmed.lines and not trimmed.lines[0].strip() else ""
        body = f"{header.who}\n{apart}{body}"
    kind: PostKind = gone(body) or "post"
    created = certain(header.when) if header.when else None
    named = header.name is not None and not LOST.fullmatch(header.name)
    said = [header.edited, remarks.IN_ANSWER_TO % {"what": header.answers} if header.answers else None]
    return RawPost(
        key=key,
        parent=parent,
        kind=kind,
        author=Author(name=header.name) if named and header.name else None,
        created=created,
        created_local=local_time(header.when, order) if header.when and not created else None,
        created_text=header.when,
        score=header.score if header.score is not None else trimmed.score,
        line=header.first + 1,
        title=header.title,
        body="" if kind != "post" else body,
        note="; ".join(each for each in said if each) or None,
    )


def _unshown(own: list[str], post: RawPost) -> Iterator[Problem]:
    """Yield a problem if words of a post's lines do not reach it; lines that a page adds below posts are left out on purpose."""
    said = "\n".join(line for line in own if not is_furniture(line.strip()))
    if lost := shortfall([("text", said)], post):
        yield lost


def _own(lines: list[str], header: Header, end: int) -> list[str]:
    """Return the lines below a header, with the body text on the header's own line, at the header's column."""
    below = lines[header.last + 1 : end]
    if header.inline is None:
        return below
    return [" " * header.column + lines[header.last].expandtabs(4)[header.inline :], *below]


def _opening(lines: list[str]) -> tuple[str | None, list[RawPost]]:
    """Return the title, if page furniture separates it from the posts, and the opening statement."""
    kept = [(n, line) for n, line in enumerate(lines) if line.strip()]
    page = {n for n, line in kept if COUNT.match(text := line.strip()) or NOTICE.match(text) or SORTED.match(text)}
    said = [(n, line) for n, line in kept if n not in page and not FURNITURE.match(line.strip())]
    if not said:
        return None, []
    first = said[0][0]
    if page and len(said) == 1 and len(said[0][1].strip()) <= 300:
        line = said[0][1].strip()
        return stated_title(line) or line, []
    body = _dedent([line for n, line in enumerate(lines) if n >= first and n not in page], columns(said[0][1]))
    return opening_title(body), [RawPost(key=f"line-{first + 1}", line=first + 1, body=body)]


def _dedent(lines: list[str], column: int) -> str:
    return "\n".join(line.expandtabs(4)[min(column, columns(line)) :].rstrip() for line in lines).strip("\n")


def _bullets(lines: list[str]) -> list[Header]:
    """Return a header for each bullet if only bullets mark the posts and replies are indented deeper."""
    marks = [(n, columns(line), BULLET.match(line.strip())) for n, line in enumerate(lines) if line.strip()]
    found = [(n, column, mark[0]) for n, column, mark in marks if mark and mark.end() < 6]
    if not found:
        return []
    glyph = Counter(mark.strip() for _, _, mark in found).most_common(1)[0][0]
    chosen = [(n, column, len(mark)) for n, column, mark in found if mark.strip() == glyph]
    outermost = min(column for _, column, _ in chosen)
    deep = len({column for _, column, _ in chosen}) > 1
    inside = all(
        columns(line) >= outermost or NOTICE.match(line.strip()) for line in lines[chosen[0][0] :] if line.strip()
    )
    step = level_step([column for _, column, _ in chosen])
    return [
        Header(first=n, last=n, column=column + width, inline=column + width)
        for n, column, width in chosen
        if deep and inside and (not step or (column - chosen[0][1]) % step == 0)
    ]


def _flat(lines: list[str], repaired: tuple[Problem, ...]) -> RawThread:
    first = next(n for n, line in enumerate(lines) if line.strip())
    problem = Problem(
        code="no-structure",
        message="no line has a name or time and nothing is indented: the beginnings of posts are unknown, so all is one post",
        line=first + 1,
        hint="copy the page with names and times, or mark the posts by hand (`rostra formats`: markdown)",
    )
    return RawThread(
        posts=(RawPost(key=f"line-{first + 1}", line=first + 1, body="\n".join(lines).strip("\n")),),
        problems=(*repaired, problem),
    )
