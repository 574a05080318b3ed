"""Talk pages of a wiki as wikitext: a section is a debate, a signature ends a post, indentation says what it answers.

Follows the conventions of Wikipedia's "Help:Talk pages": each reply stands one ``:`` (or ``*``)
deeper than what it answers, ``{{outdent}}`` begins again at the margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from msgspec import Struct

from rostra.errors import UnreadableDump
from rostra.identity.permalinks import slug
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.times import certain
from rostra.system.lazy_regex import late

NAME = "wikitext"
ABOUT = "wiki talk pages as wikitext: sections, indentation, signatures"
CARRIES = ("tree", "authors", "times", "quotation templates", "footnotes")
MANY = True

SECTION = late(r"^==(?!=)(.+)==[ \t]*$", re.MULTILINE)
NAMESPACE = r"(?:user(?:[ _]talk)?|benutzer(?:in)?(?:[ _]diskussion)?|utilisat(?:eur|rice)|discussion[ _]utilisat(?:eur|rice)|usuari[oa](?:[ _]discusión)?|utente|gebruiker|участни(?:к|ца)|special:contrib(?:ution)?s/|special:contributions/)"
USER = late(rf"\[\[:?(?:{NAMESPACE}:?|user:|spezial:beiträge/)([^\[\]|#/]+)[^\[\]|]*(?:\|[^\[\]]*)?\]\]", re.IGNORECASE)
STAMP = r"(?:\d{1,2}:\d{2}(?::\d{2})?, ?\d{1,2}\.? [^\W\d_]+\.? \d{4}|\d{1,2}\.? [^\W\d_]+\.? \d{4} (?:à |um |a las |at )?\d{1,2}:\d{2}) \([A-Z]{2,5}\)"
SIGNED = late(rf"({STAMP})(?:\s*(?:</?\w+[^<>]*>|\}}\}}|'{{2,5}}|\)))*[ \t]*$")
UNSIGNED = late(r"\{\{\s*(?:subst:)?\s*(?:unsigned\w*|xsign)\s*\|([^{}]*)\}\}", re.IGNORECASE)
OUTDENT = late(r"^[:*#]*\s*\{\{\s*(?:od|outdent|unindent|undent)\s*(?:\|[^{}]*)?\}\}\s*", re.IGNORECASE)
INDENT = late(r"^[:*#]+[ \t]*")
BEFORE = 200
"""Code points in which the marks before a signature begin."""
GAP = 60
"""Code points that may stand between the parts of one signature."""


def recognise(dump: Dump) -> float:
    """Sure of signatures: a link to a user and a time, at a line's end."""
    if dump.is_folder:
        return 0
    lines = (line for line in dump.head_text.splitlines() if "[[" in line or "{{" in line)
    found = sum(1 for line in lines if (SIGNED.search(line) and USER.search(line)) or UNSIGNED.search(line))
    return 0.92 if found >= 2 or (found and SECTION.search(dump.head_text)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The sections of a page in which somebody speaks."""
    text, repaired = dump.text()
    text = text.replace("\r\n", "\n")
    page = dump.path.name.partition(".")[0]
    problems = list(repaired)
    headings = list(SECTION.finditer(text))
    bounds = [(0, headings[0].start() if headings else len(text), None), *(
        (this.end(), after.start() if after else len(text), this[1].strip(" \t"))
        for this, after in zip_longest(headings, headings[1:])
    )]  # fmt: skip
    titles: dict[str, int] = {}
    found = False
    line, counted = 1, 0
    for start, end, title in bounds:
        line, counted = line + text.count("\n", counted, start), start
        said = list(_posts(text[start:end], line))
        if headings and title is None and said and not any(post.author for post in said):
            problems.append(
                Problem(code="page-header", message="what stands above the first section is no post", line=1)
            )
            continue
        if not said:
            if title:
                problems.append(Problem(code="empty-section", message=f"nobody speaks in {title!r}", line=line))
            continue
        name = title or page
        titles[name] = titles.get(name, 0) + 1
        again = f"-{titles[name]}" if titles[name] > 1 else ""
        found = True
        yield RawThread(
            native_id=f"{slug(page)}-{slug(name)}{again}",
            title=_plain(name),
            posts=_placed(said),
            problems=tuple(problems),
        )
        problems = []
    if not found:
        raise UnreadableDump("nobody speaks on this page", path=dump.name, hint="is it the wikitext of a talk page?")


class Said(Struct, frozen=True):
    """A post with its indentation, before it is known what it answers."""

    body: str
    author: str | None
    time: str | None
    depth: int
    outdented: bool
    line: int


def _posts(text: str, first: int) -> Iterator[Said]:
    gathered: list[str] = []
    begun = first
    for number, line in enumerate(text.split("\n"), first):
        if not gathered and not line.strip():
            continue
        if not gathered:
            begun = number
        gathered.append(line)
        signature = _signature(line)
        if signature:
            start, author, time = signature
            gathered[-1] = line[:start]
            yield _said(gathered, author, time, begun)
            gathered = []
    if any(line.strip() for line in gathered):
        yield _said(gathered, None, None, begun)


def _signature(line: str) -> tuple[int, str | None, str] | None:
    """Where a line's signature begins, who signs and when; None where nobody signs."""
    if unsigned := UNSIGNED.search(line):
        parts = [part.strip() for part in unsigned[1].split("|") if part.strip() and "=" not in part]
        time = next((part for part in parts if re.search(STAMP, part) or re.search(r"\d{1,2}:\d{2}", part)), "")
        name = next((part for part in parts if part != time), None)
        return unsigned.start(), name, time
    stamp = SIGNED.search(line)
    if not stamp:
        return None
    start, author = stamp.start(), None
    for link in reversed(list(USER.finditer(line, 0, stamp.start()))):
        name = " ".join(link[1].replace("_", " ").split())
        if start - link.end() > GAP or (author is not None and name.lower() != author.lower()):
            break
        start, author = link.start(), name
    if author is None:
        return None
    # What is sought from every place on is sought in a few of them.
    near = max(0, start - BEFORE)
    before = re.search(r"(?:\s|<(?!/)[^<>]*>|'{2,5}|\(|[-–—~•]|&mdash;|&nbsp;)*$", line[near:start])
    return near + before.start() if before else start, author, stamp[1]


def _said(lines: list[str], author: str | None, time: str | None, line: int) -> Said:
    outdent = OUTDENT.match(lines[0])
    if outdent:
        lines = [lines[0][outdent.end() :], *lines[1:]]
    mark = INDENT.match(lines[0])
    depth = len(mark[0].rstrip()) if mark else 0
    body = "\n".join(re.sub(rf"^[:*#]{{0,{depth}}}[ \t]*", "", each) if depth else each for each in lines)
    return Said(body.strip("\n"), author, time, depth, outdent is not None, line)


def _placed(said: list[Said]) -> tuple[RawPost, ...]:
    posts: list[RawPost] = []
    above: list[tuple[int, str]] = []
    for number, each in enumerate(said):
        key = f"line-{each.line}"
        while above and above[-1][0] >= each.depth:
            above.pop()
        parent = posts[-1].key if each.outdented and posts else above[-1][1] if above else None
        if number and parent is None:
            parent = posts[0].key
        above.append((each.depth, key))
        created = certain(each.time) if each.time else None
        posts.append(
            RawPost(
                key=key,
                parent=parent,
                author=Author(name=each.author) if each.author else None,
                created=created,
                created_text=None if created else each.time or None,
                line=each.line,
                body=each.body,
                dialect="wikitext",
            )
        )
    return tuple(posts)


def _plain(heading: str) -> str:
    """A heading without the markup of links and emphasis."""
    shown = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", heading)
    return " ".join(re.sub(r"'{2,5}|<[^<>]*>|\{\{[^{}]*\}\}", "", shown).split()) or heading
