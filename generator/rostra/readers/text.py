"""Text copied from a page: who and when on lines of their own or in one, depth by indentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rostra.errors import UnreadableDump
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.text_headers import BULLET, COUNT, FURNITURE, MORE, PAGE, RAIL, Header, columns, headers
from rostra.readers.times import certain

NAME = "text"
ABOUT = "text copied from a page: indentation is depth"
CARRIES = ("tree", "names where copied", "times as shown", "scores where copied")
MANY = False

MACHINES = re.compile(r"\s*(?:[\[{]\s*(?:[\"{\[\]}]|$)|\[{20}|<(?:\?xml|!doctype|html|rss|feed)\b)", re.IGNORECASE)
"""How formats for machines begin: JSON, XML, HTML."""
GONE = {
    "[deleted]": "deleted",
    "[removed]": "removed",
    "deleted by creator": "deleted",
    "removed by mod": "removed",
    "removed by moderator": "removed",
}


def recognise(dump: Dump) -> float:
    """Half sure where lines say when; hardly at all of other prose."""
    if dump.is_folder or b"\0" in dump.head:
        return 0
    text = dump.head_text
    if not text.strip() or ("\ufffd" in text[:2000] and text.count("\ufffd") > len(text) // 10):
        return 0
    if MACHINES.match(text):
        return 0
    return 0.5 if headers(text.splitlines()[:400]) else 0.05


def read(dump: Dump) -> Iterator[RawThread]:
    """The one debate of the dump."""
    text, repaired = dump.text()
    lines = [RAIL.sub(lambda rail: " " * len(rail[0]), line) for line in text.splitlines()]
    if not any(line.strip() for line in lines):
        raise UnreadableDump("the dump is empty", path=dump.name, hint="delete it, or dump the debate again")
    found = headers(lines)
    if found:
        yield _by_headers(lines, found, repaired)
    elif len(nested := _bullets(lines)) > 1:
        yield _by_bullets(lines, nested, repaired)
    else:
        yield _flat(lines, repaired)


def _by_headers(lines: list[str], found: list[Header], repaired: tuple[Problem, ...]) -> RawThread:
    title, opening = _opening(lines[: found[0].first])
    posts = list(opening)
    problems = list(repaired)
    step = _step([header.column for header in found])
    stack: list[tuple[int, str]] = [(-1, posts[0].key)] if posts else []
    floor = len(stack)
    for header, after in zip(found, [*found[1:], None], strict=True):
        key = f"line-{header.first + 1}"
        _climb(stack, header.column, floor)
        if len(stack) > floor and step:
            above = stack[-1][0]
            jump = (header.column - above) // step
            if jump > 1 and (header.column - above) % step == 0:
                for n in range(1, jump):
                    missing = f"above-{header.first + 1}-{n}"
                    posts.append(RawPost(key=missing, parent=stack[-1][1], kind="missing", line=header.first + 1))
                    stack.append((above + n * step, missing))
                problems.append(
                    Problem(
                        code="missing-post",
                        message=f"the indentation jumps by {jump} levels: {jump - 1} missing",
                        post=key,
                        line=header.first + 1,
                    )
                )
        parent = stack[-1][1] if stack else None
        end = after.first if after else len(lines)
        body, hidden = _body(lines[header.last + 1 : end], header.column)
        kind = GONE.get(body.strip().lower(), "post")
        lost = header.name is not None and header.name.lower() in ("[deleted]", "deleted", "[removed]")
        posts.append(
            RawPost(
                key=key,
                parent=parent,
                kind=kind,  # type: ignore[arg-type]  # kinds come from the table above
                author=Author(name=header.name) if header.name and not lost else None,
                created=certain(header.when) if header.when else None,
                created_text=header.when,
                score=header.score,
                line=header.first + 1,
                body="" if kind != "post" else body,
            )
        )
        stack.append((header.column, key))
        for n, (column, count) in enumerate(hidden):
            above_key = next((k for c, k in reversed(stack) if c < column), stack[0][1])
            posts.append(
                RawPost(key=f"{key}-more-{n}", parent=above_key, kind="missing", hidden=count, line=header.first + 1)
            )
            problems.append(
                Problem(
                    code="more-replies",
                    message=f"{count or 'some'} replies were not loaded when the page was copied",
                    post=key,
                    line=header.first + 1,
                )
            )
    return RawThread(posts=tuple(posts), title=title, problems=tuple(problems))


def _climb(stack: list[tuple[int, str]], column: int, floor: int) -> None:
    while len(stack) > floor and stack[-1][0] >= column:
        stack.pop()


def _step(found: list[int]) -> int:
    """The indentation of one level: the commonest increase from a post to the next, or what divides it among the columns."""
    increases = Counter(b - a for a, b in pairwise(found) if b > a)
    if not increases:
        return 0
    commonest = min(increases, key=lambda step: (-increases[step], step))
    least = min(b - a for a, b in pairwise(sorted(set(found))))
    return least if least > 1 and commonest % least == 0 else commonest


def _opening(lines: list[str]) -> tuple[str | None, list[RawPost]]:
    """The title where page furniture stands between it and the posts, and the opening statement."""
    kept = [(n, line) for n, line in enumerate(lines) if line.strip()]
    furniture = [n for n, line in kept if COUNT.match(line.strip()) or PAGE.match(line.strip())]
    said = [(n, line) for n, line in kept if n not in furniture and not FURNITURE.match(line.strip())]
    if not said:
        return None, []
    first = said[0][0]
    if furniture and len(said) == 1 and len(said[0][1].strip()) <= 300:
        return said[0][1].strip(), []
    body = "\n".join(line for n, line in enumerate(lines) if n >= first and n not in furniture)
    return None, [RawPost(key=f"line-{first + 1}", line=first + 1, body=_dedent(body.split("\n"), columns(said[0][1])))]


def _body(lines: list[str], column: int) -> tuple[str, list[tuple[int, int]]]:
    """A post's words without its indentation and the page's buttons; and replies that the page had not loaded."""
    hidden = []
    kept = []
    for line in lines:
        text = line.strip()
        more = MORE.match(text)
        if more:
            hidden.append((columns(line), int(more["a"] or more["b"] or 0)))
        else:
            kept.append(line)
    while kept and (not (last := kept[-1].strip()) or FURNITURE.match(last) or PAGE.match(last) or COUNT.match(last)):
        kept.pop()
    return _dedent(kept, column), hidden


def _dedent(lines: list[str], column: int) -> str:
    out = []
    for line in lines:
        expanded = line.expandtabs(4)
        out.append(expanded[min(column, columns(line)) :].rstrip())
    return "\n".join(out).strip("\n")


def _bullets(lines: list[str]) -> list[tuple[int, int]]:
    """Line and column of each bullet, where posts are told by bullets alone and answers stand deeper."""
    marks = [(n, columns(line), BULLET.match(line.strip())) for n, line in enumerate(lines) if line.strip()]
    found = [(n, column, mark[0].strip()) for n, column, mark in marks if mark and mark.end() < 6]
    if not found:
        return []
    glyph = Counter(mark for _, _, mark in found).most_common(1)[0][0]
    chosen = [(n, column) for n, column, mark in found if mark == glyph]
    depths = {column for _, column in chosen}
    return (
        chosen
        if len(depths) > 1
        and all(
            columns(line) >= min(depths) or PAGE.match(line.strip()) for line in lines[chosen[0][0] :] if line.strip()
        )
        else []
    )


def _by_bullets(lines: list[str], found: list[tuple[int, int]], repaired: tuple[Problem, ...]) -> RawThread:
    title, posts = _opening(lines[: found[0][0]])
    step = _step([column for _, column in found])
    columns_known = {column for _, column in found if not step or (column - found[0][1]) % step == 0}
    stack: list[tuple[int, str]] = [(-1, posts[0].key)] if posts else []
    floor = len(stack)
    starts = [(n, column) for n, column in found if column in columns_known]
    for (n, column), after in zip(starts, [*starts[1:], None], strict=True):
        key = f"line-{n + 1}"
        _climb(stack, column, floor)
        expanded = lines[n].expandtabs(4)
        mark = BULLET.match(expanded.strip())
        body_column = column + (mark.end() if mark else 0)
        own = [" " * body_column + expanded[body_column:], *lines[n + 1 : after[0] if after else len(lines)]]
        body, _ = _body(own, body_column)
        posts.append(RawPost(key=key, parent=stack[-1][1] if stack else None, line=n + 1, body=body))
        stack.append((column, key))
    note = Problem(
        code="no-headers", message="posts are told by bullets alone: no names, no times", line=found[0][0] + 1
    )
    return RawThread(posts=tuple(posts), title=title, problems=(*repaired, note))


def _flat(lines: list[str], repaired: tuple[Problem, ...]) -> RawThread:
    first = next(n for n, line in enumerate(lines) if line.strip())
    problem = Problem(
        code="no-structure",
        message="no line says who or when and nothing is indented: where posts begin cannot be told, so all of it is one",
        line=first + 1,
        hint="copy the page with its names and times, or mark the posts by hand (`rostra formats`: markdown)",
    )
    return RawThread(
        posts=(RawPost(key=f"line-{first + 1}", line=first + 1, body="\n".join(lines).strip("\n")),),
        problems=(*repaired, problem),
    )
